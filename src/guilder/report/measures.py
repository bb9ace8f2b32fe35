"""Every measure the page shows: its name, how it is written, and what it is in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guilder.report.words import Style, plain


@dataclass(frozen=True)
class Measure:
    """One measure: its key in the summary, its label, its style and its meaning."""

    key: str
    label: str
    style: Style
    meaning: str


DISCRIMINATION = (
    Measure("auc", "AUC", "score", "chance that a loan that defaulted got the higher PD of a pair"),
    Measure("gini", "Gini", "score", "twice the AUC less one"),
    Measure("ks", "KS", "score", "widest gap between repaid and defaulted loans, by score"),
    Measure("pr_auc", "PR-AUC", "score", "mean precision as the cut-off falls; chance gives the default rate"),
)
CALIBRATION = (
    Measure("log_loss", "log loss", "small", "cost of a wrong PD; smaller is better"),
    Measure("brier", "Brier", "small", "mean squared error of the PD; smaller is better"),
    Measure("calibration_error", "calibration error", "small", "mean distance of PD and observed share"),
    Measure("calibration_slope", "calibration slope", "score", "1 is right; below 1 the PDs are too extreme"),
)
LEVEL = (
    Measure("mean_p", "mean PD", "percent", "what the model says on average"),
    Measure("observed_rate", "observed rate", "percent", "what happened"),
)
DECISIONS = (
    Measure("accuracy", "accuracy", "percent", "right decisions among all"),
    Measure("precision", "precision", "percent", "loans at or above the cut-off that defaulted"),
    Measure("recall", "recall", "percent", "defaulted loans that are at or above the cut-off"),
    Measure("f1", "F1", "score", "harmonic mean of precision and recall"),
)
RISK = (*DISCRIMINATION, *CALIBRATION, *LEVEL, *DECISIONS)
OFFERS = (
    Measure("map_at_7", "MAP@7", "score", "mean precision of the first seven, early hits count more"),
    Measure("ndcg_at_5", "nDCG@5", "score", "hits among the first five, early hits count more"),
    Measure("ndcg_at_10", "nDCG@10", "score", "the same among the first ten"),
    Measure("recall_at_5", "recall@5", "percent", "products taken up that were among the first five"),
    Measure("precision_at_5", "precision@5", "percent", "of five offers, those taken up"),
    Measure("hit_at_1", "hit@1", "percent", "customers whose first offer was taken up"),
    Measure("hit_at_3", "hit@3", "percent", "customers with a hit among their first three offers"),
    Measure("mrr_at_10", "MRR@10", "score", "one over the place of the first hit among ten"),
    Measure("log_loss", "log loss", "score", "of the next product, where a method gives chances; lower is better"),
    Measure("coverage", "coverage", "percent", "products that are offered to anyone"),
    Measure("gini_of_exposure", "Gini of exposure", "score", "0 where all products are shown alike, 1 if only one is"),
    Measure("novelty", "novelty", "score", "surprise of what is offered, in bits"),
    Measure("diversity", "diversity", "score", "1 less the similarity of products in one list"),
)


def with_unknown(measures: tuple[Measure, ...], keys: Iterable[str]) -> tuple[Measure, ...]:
    """``measures`` and, after them, any key that they do not name, so that nothing in a summary is left out."""
    named = {measure.key for measure in measures}
    more = sorted(set(keys) - named)
    return (*measures, *(Measure(key, plain(key), "score", plain(key)) for key in more))
