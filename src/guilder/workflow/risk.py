"""Risk, wired: the book of loans, the contest on it, the audit of the champion; PDs for loans and for products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from guilder.features.asof import MOMENT
from guilder.features.loans import burdens
from guilder.workflow.checkpoint import Checkpoint, Room
from guilder.workflow.facts import Recipe, collect, loan_tables, make_facts
from guilder.workflow.fairness import fairness
from guilder.workflow.loan_book import LoanBook, loan_book, outcomes
from guilder.workflow.policy import policy_in
from guilder.workflow.reasons import plain_counterfactuals, plain_reasons, reasons_agree, wording
from guilder.workflow.scorecard import scorecard
from guilder.workflow.term import term_structure
from guilder.workflow.validation import validation

if TYPE_CHECKING:
    import pandas as pd

    from guilder.evaluation.splits import Split
    from guilder.risk.classifier import DefaultClassifier
    from guilder.risk.compare import RiskResult
    from guilder.risk.contest import Search
    from guilder.risk.policy import Policy
    from guilder.source.bank import Bank

TERMS = ("amount", "term_months", "annual_rate", "instalment")
HISTORY = "transactions_count_365d"


@dataclass(frozen=True)
class TrainedRisk:
    """The risk room with what it was made from: outcomes, facts (one row per outcome) and how to make them."""

    room: Room
    outcomes: pd.DataFrame
    facts: pd.DataFrame
    split: Split
    recipe: Recipe

    @property
    def truth(self) -> np.ndarray[Any, Any]:
        """Outcomes of the test loans, 1 for a default."""
        return self.outcomes["defaulted"].iloc[self.split.test].to_numpy(dtype=int)

    @property
    def p_default(self) -> np.ndarray[Any, Any]:
        """The champion's PDs of the test loans."""
        return np.asarray(self.room.model.predict_proba(self.facts.iloc[self.split.test])[:, 1])

    def main_facts(self) -> list[str]:
        """Facts by weight in the champion, the heaviest first."""
        return [str(item["fact"]) for item in self.room.figures["importance"]]


def train_risk(
    bank: Bank, seed: int, progress: Callable[[str], None], keep: Checkpoint, search: Search | None = None
) -> TrainedRisk:
    """Train and measure every candidate on this bank's loans, then audit the champion; or read what that gave.

    Raises
    ------
    ModelError
        When no loan has a known outcome, too few of one kind do, or a fact knows the outcome.
    """
    book = loan_book(bank, seed, progress)
    room = keep.room("risk", lambda: _trained(bank, book, seed, progress, search))
    return TrainedRisk(room, book.known.reset_index(drop=True), book.facts, book.split, book.recipe)


def _trained(bank: Bank, book: LoanBook, seed: int, progress: Callable[[str], None], search: Search | None) -> Room:
    from guilder.risk.compare import compare

    settings = bank.settings.risk
    result = compare(
        book.facts, book.y, book.split, learners=settings.learners, balancings=settings.balancing,
        monotone={name: sign for name, sign in settings.good_before.items() if name in book.facts},
        random_state=seed, policy=policy_in(settings), search=search, accept=settings.accept,
        progress=progress,
    )  # fmt: skip
    metrics = result.metrics
    metrics["dropped_facts"] |= book.dated
    metrics["split"] |= book.left_out
    metrics["warnings"] += book.warnings
    facts = list(map(str, book.facts))
    named: dict[str, Iterable[str]] = {
        "good_before": settings.good_before, "why": settings.why, "[risk.accept]": settings.accept,
        "[risk.words]": settings.words, "no_reason": settings.no_reason, "[risk.can_change]": settings.can_change,
    }
    for where, names in named.items():
        metrics["warnings"] += _no_facts(where, names, [*facts, "rows"])
    for item in result.figures["importance"]:
        item["meaning"] = wording(settings)(item["fact"])
    _audit(bank, book, result, seed, progress)
    return Room(result.classifier, metrics, result.figures)


def _no_facts(where: str, named: Iterable[str], facts: Sequence[str]) -> list[str]:
    """Warn of names in bank.toml that are no fact, each with the nearest one that is."""
    return [
        f"{where} names what is no fact of this model: {name} (the nearest is "
        f"{get_close_matches(name, facts, n=1, cutoff=0.0)[0]})"
        for name in named if name not in facts
    ]  # fmt: skip


def _audit(bank: Bank, book: LoanBook, result: RiskResult, seed: int, progress: Callable[[str], None]) -> None:
    """Add to the champion's metrics what a validator asks of it; nothing here changes a model."""
    from guilder.risk.reject_inference import masked_experiment

    settings, metrics, parts = bank.settings.risk, result.metrics, book.split
    edges = policy_in(settings).edges
    progress("validating the champion")
    metrics["validation"] = validation(result, book.facts, book.known, parts, edges, seed)
    progress("writing the scorecard")
    metrics["scorecard"] = scorecard(result, book, settings, seed)
    progress("auditing fairness by protected column")
    metrics["fairness"] = fairness(bank, result, book.made.loc[book.known["row"]], book.known, parts, seed)
    if settings.reject_inference:
        progress("trying reject inference where the outcomes are known")
        seen = parts.refit
        metrics["reject_inference"] = masked_experiment(
            book.facts.iloc[seen], book.y.to_numpy()[seen], None if parts.groups is None else parts.groups[seen],
            random_state=seed,
        )  # fmt: skip
    progress("fitting the champion again, to see whether its reasons stay")
    metrics["reasons"] = reasons_agree(result, book.facts, book.y.to_numpy(), parts, settings, seed)
    progress("finding out when loans default")
    curve = term_structure(bank, book.every, book.made, book.known, parts, result.classifier, edges)
    metrics["term_structure"], result.figures["term_structure"] = curve.metrics, curve.figures


def score_loans(
    bank: Bank, classifier: DefaultClassifier, how: Recipe, policy: Policy, only: Sequence[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every loan without an outcome, or those of some customers; ``only`` may name loans too.

    Returns
    -------
    tuple of DataFrame
        loan_id, customer_id, p_default, p_low, p_high, band, decision, reason_1 … reason_4, counterfactual; one row per
        loan, sorted by loan. And the facts they were scored by.
    """
    import pandas as pd

    from guilder.risk.bands import band
    from guilder.risk.policy import decide

    today = nw.lit(bank.as_of).cast(MOMENT)  # a loan applied for later is scored with what is known today
    waiting_for = nw.col("status") != "known"
    if only is not None:
        waiting_for = (waiting_for & nw.col("customer_id").is_in(list(only))) | nw.col("loan_id").is_in(list(only))
    spine = outcomes(bank).filter(waiting_for).select(
        "row", "customer_id", "loan_id", as_of=nw.when(nw.col("as_of") > today).then(today).otherwise(nw.col("as_of"))
    )
    waiting = collect(spine.select("loan_id", "customer_id"), "loan_id")
    facts = make_facts(loan_tables(bank, how), spine, how)
    scored = waiting.assign(p_default=classifier.predict_proba(facts)[:, 1])
    scored["p_low"], scored["p_high"] = classifier.venn_abers_.holding(scored["p_default"])
    scored["band"] = pd.Series(band(scored["p_default"], policy.edges), dtype="str")
    decided = decide(scored["p_default"], policy.cut_off or 1.0, policy.refer_from)
    scored["decision"] = pd.Series(decided, dtype="str")
    settings = bank.settings.risk
    reasons = plain_reasons(classifier, facts, settings)
    for place in range(reasons.shape[1]):
        scored[f"reason_{place + 1}"] = pd.Series(reasons[:, place], dtype="str")
    changed = plain_counterfactuals(classifier, facts, scored["p_default"], policy, settings)
    scored["counterfactual"] = pd.Series(changed, dtype="str")
    return scored, facts


def typical_loans(bank: Bank, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Describe the loan each credit product usually is: median terms and commonest purpose of those granted so far.

    A credit product that no loan names is taken for the bank's usual loan.

    Returns
    -------
    DataFrame
        Indexed by product_id; the columns of loans that are facts.
    """
    import pandas as pd

    loans = bank.tables["loans"]
    present = loans.collect_schema().names()
    if "applied_on" in present:
        loans = loans.filter(nw.col("applied_on") < nw.lit(bank.as_of.date()))
    terms = [name for name in TERMS if name in present]
    words = [name for name in ("purpose", "product_id") if name in present]
    granted = collect(loans.select("loan_id", *(nw.col(name).cast(nw.Float64) for name in terms), *words), "loan_id")
    rows = {}
    for product in sorted(catalogue.index[catalogue["is_credit"]]):
        own = granted[granted["product_id"] == product] if "product_id" in words else granted.iloc[:0]
        like = own if len(own) else granted
        usual: dict[str, Any] = {name: like[name].median() for name in terms}
        if "purpose" in words:
            usual["purpose"] = next(iter(like["purpose"].mode()), None)
        if "product_id" in words:
            usual["product_id"] = product if len(own) else next(iter(like["product_id"].mode()), None)
        rows[product] = usual
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("product_id_offered")


def p_default_by_product(
    classifier: DefaultClassifier, customers: pd.DataFrame, usual: pd.DataFrame
) -> pd.DataFrame:
    """Estimate each customer's PD were they granted each product's usual loan today.

    Parameters
    ----------
    classifier : DefaultClassifier
        The champion.
    customers : DataFrame
        Facts of every customer at the bank's date, indexed by customer.
    usual : DataFrame
        As `typical_loans` gives it.

    Returns
    -------
    DataFrame
        Customers × products. A customer without a booking in the last year has none where the bank brings bookings:
        the model has learned from borrowers with a history, and a guess about others must not open a credit.
    """
    import pandas as pd

    columns = {str(product): _p_default(classifier, customers, terms.to_dict()) for product, terms in usual.iterrows()}
    made = pd.DataFrame(columns, index=customers.index)
    if HISTORY in customers:
        made = made.where(customers[HISTORY] > 0)
    return made


def _p_default(classifier: DefaultClassifier, customers: pd.DataFrame, terms: Mapping[Any, Any]) -> Any:
    return classifier.predict_proba(hypothetical(classifier, customers, terms))[:, 1]


def hypothetical(classifier: DefaultClassifier, customers: pd.DataFrame, terms: Mapping[Any, Any]) -> pd.DataFrame:
    """Make the facts of a loan that was not applied for: the customer's facts of today and the given terms."""
    import pandas as pd

    frame = customers.assign(**{str(name): value for name, value in terms.items()})
    made: pd.DataFrame = nw.from_native(frame).with_columns(*burdens(frame.columns.tolist())).to_native()
    wanted, categories = classifier.feature_names_in_.tolist(), classifier.categories_
    for name in wanted:
        if name not in made.columns:  # an attribute of the loan itself: not known before there is one
            made[name] = pd.Series(None, index=made.index, dtype="category" if name in categories else "float64")
    asked: pd.DataFrame = made[wanted].astype({name: "category" for name in categories if name in wanted})
    return asked
