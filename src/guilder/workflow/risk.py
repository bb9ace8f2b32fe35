"""Risk, wired: outcomes, then the split, then facts made for it, then the grid; and PDs for loans and for products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from guilder.errors import ModelError
from guilder.features.asof import MOMENT, loan_spine
from guilder.features.label import label
from guilder.features.loans import burdens
from guilder.features.vocabulary import vocabulary
from guilder.workflow.facts import Recipe, collect, loan_tables, make_facts, recipe
from guilder.workflow.fairness import fairness, protected_names
from guilder.workflow.policy import policy_in
from guilder.workflow.reasons import plain_counterfactuals, plain_reasons, reasons_agree, wording
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
REASONS = 4
HISTORY = "transactions_count_365d"


@dataclass(frozen=True)
class TrainedRisk:
    """The risk room's result with what it was made from: outcomes, facts (one row per outcome) and how to make them."""

    result: RiskResult
    outcomes: pd.DataFrame
    facts: pd.DataFrame
    split: Split
    recipe: Recipe

    def main_facts(self) -> list[str]:
        """Facts by weight in the champion, the heaviest first."""
        return [str(item["fact"]) for item in self.result.figures["importance"]]


def outcomes(bank: Bank) -> nw.LazyFrame[Any]:
    """Say of every loan what became of it, as known at the bank's date.

    Returns
    -------
    LazyFrame
        The spine of the loans (``as_of`` is the application) with ``defaulted``, ``status`` and ``known_at``.
    """
    loans = bank.tables["loans"]
    labelled = label(loans, bank.settings.risk.horizon_months, bank.as_of)
    return loan_spine(loans).join(labelled, on="loan_id", how="left")


def usable_from(every: pd.DataFrame, horizon_months: int | None) -> pd.Series[pd.Timestamp]:
    """Say from when each loan's outcome may teach or test: the end of its window, good or bad.

    While a window is open a default is known at once, and a good loan only at the end or when it closes: to use each as
    soon as it is known would give months of bads alone, or months without. Without a horizon it is when it was known,
    if the bank has that for every good loan.
    """
    import pandas as pd

    if horizon_months is not None:
        return every["as_of"] + pd.DateOffset(months=horizon_months)
    good = every["status"].eq("known") & ~every["defaulted"].fillna(False).astype(bool)
    # Where goods have no date, to hold back only bads would leave the last months before a cut without any.
    recorded = bool(every["known_at"][good].notna().all())
    return every["known_at"].where(pd.Series(recorded, index=every.index))


def train_risk(
    bank: Bank, seed: int, progress: Callable[[str], None], search: Search | None = None
) -> TrainedRisk:
    """Train and measure every candidate on this bank's loans.

    Raises
    ------
    ModelError
        When no loan has a known outcome, or too few of one kind do.
    """
    from guilder.evaluation.splits import split
    from guilder.risk.compare import compare
    from guilder.risk.reject_inference import masked_experiment

    settings = bank.settings.risk
    _check_horizon(bank)
    progress("finding out what became of each loan")
    every = collect(outcomes(bank), "row")
    ready = usable_from(every, settings.horizon_months)
    closed = ready.isna() | (ready <= bank.as_of)
    known = every[(every["status"] == "known") & closed]
    if known.empty:
        raise ModelError(
            f"none of {len(every):,} loans has a known outcome",
            known=f"statuses: {every['status'].value_counts().to_dict()}",
            todo="check the codes of loans.defaulted, or the horizon, in bank.toml",
        )
    y = known["defaulted"].astype(bool)
    parts = split(
        y, applied_on=known["as_of"], customers=known["customer_id"], known_at=ready[known.index],
        test_share=settings.test_share, valid_share=settings.valid_share, random_state=seed,
    )  # fmt: skip
    progress("making the facts of each loan, as known when it was applied for")
    words = vocabulary(bank.tables.get("transactions"), parts.valid_from or bank.as_of)
    how = recipe(bank, words)
    made = make_facts(loan_tables(bank, how), loan_spine(bank.tables["loans"]), how)
    facts = made.loc[known["row"]]
    dated = _calendar(facts, known["as_of"], parts)
    facts = facts.drop(columns=[*dated, *protected_names(bank, facts)], errors="ignore")
    result = compare(
        facts, y, parts, learners=settings.learners, balancings=settings.balancing,
        monotone={name: sign for name, sign in settings.good_before.items() if name in facts},
        random_state=seed, policy=policy_in(settings), search=search, accept=settings.accept,
        progress=progress,
    )  # fmt: skip
    result.metrics["dropped_facts"] |= dated
    if parts.kind == "out_of_time" and ready[known.index].isna().all():
        result.metrics["warnings"].append(
            "when outcomes became known is not recorded, so none is held back before the test: set horizon_months"
        )
    if idle := [name for name in settings.good_before if name not in facts]:
        result.metrics["warnings"].append(f"good_before names what is no fact of this model: {', '.join(idle)}")
    for item in result.figures["importance"]:
        item["meaning"] = wording(settings)(item["fact"])
    counts = every["status"].value_counts()
    result.metrics["split"]["immature"] = int(counts.get("immature", 0))
    result.metrics["split"]["window_open"] = int(((every["status"] == "known") & ~closed).sum())
    result.metrics["split"]["unknown"] = int(counts.get("unknown", 0))
    progress("validating the champion")
    result.metrics["validation"] = validation(result, facts, known, parts, policy_in(settings).edges, seed)
    progress("auditing fairness by protected column")
    result.metrics["fairness"] = fairness(bank, result, made.loc[known["row"]], known, parts, seed)
    if settings.reject_inference:
        progress("trying reject inference where the outcomes are known")
        seen = parts.refit
        result.metrics["reject_inference"] = masked_experiment(
            facts.iloc[seen], y.to_numpy()[seen], None if parts.groups is None else parts.groups[seen],
            random_state=seed,
        )  # fmt: skip
    progress("fitting the champion again, to see whether its reasons stay")
    result.metrics["reasons"] = reasons_agree(result, facts, y.to_numpy(), parts, settings, seed)
    progress("finding out when loans default")
    curve = term_structure(bank, every, made, known, parts, result.classifier, policy_in(settings).edges)
    result.metrics["term_structure"], result.figures["term_structure"] = curve.metrics, curve.figures
    return TrainedRisk(result, known.reset_index(drop=True), facts, parts, how)


def _check_horizon(bank: Bank) -> None:
    """Refuse to call a loan good because it has not defaulted so far."""
    present = set(bank.tables["loans"].collect_schema().names())
    if bank.settings.risk.horizon_months is None and "applied_on" in present and "defaulted" not in present:
        raise ModelError(
            "loans have defaulted_on but no defaulted, and there is no horizon",
            known="a loan without a default so far is not yet a good one: it may be a week old",
            todo="write under [risk]: horizon_months = 12",
        )


def _calendar(facts: pd.DataFrame, as_of: pd.Series[pd.Timestamp], parts: Split) -> dict[str, str]:
    """Name the facts that tell the date of a loan, on the training rows of a split out of time."""
    from guilder.evaluation.stability import calendar_facts

    if parts.kind != "out_of_time":
        return {}
    numbers = facts.iloc[parts.train].select_dtypes("number")
    found = calendar_facts({str(name): numbers[name] for name in numbers}, as_of.iloc[parts.train])
    return {name: f"tells the date of the loan (rank correlation {rho:.2f})" for name, rho in found.items()}


def score_loans(
    bank: Bank, classifier: DefaultClassifier, how: Recipe, policy: Policy, only: Sequence[str] | None = None
) -> pd.DataFrame:
    """Score every loan without an outcome, or those of some customers; ``only`` may name loans too.

    Returns
    -------
    DataFrame
        loan_id, customer_id, p_default, p_low, p_high, band, decision, reason_1 … reason_4, counterfactual; one row per
        loan, sorted by loan.
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
    scored["p_low"], scored["p_high"] = classifier.venn_abers_.interval(scored["p_default"])
    scored["band"] = pd.Series(band(scored["p_default"], policy.edges), dtype="str")
    decided = decide(scored["p_default"], policy.cut_off or 1.0, policy.refer_from)
    scored["decision"] = pd.Series(decided, dtype="str")
    settings = bank.settings.risk
    reasons = plain_reasons(classifier, facts, settings) if len(facts) else []
    for place in range(REASONS):
        said = [row[place] if place < len(row) else None for row in reasons]
        scored[f"reason_{place + 1}"] = pd.Series(said, dtype="str")
    changed = plain_counterfactuals(classifier, facts, scored["p_default"], policy, settings)
    scored["counterfactual"] = pd.Series(changed, dtype="str")
    return scored


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
