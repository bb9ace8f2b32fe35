"""Scoring: a published run applied to the bank as it is now; nothing is refitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, RunNotFound
from guilder.source.connect import read_bank_file
from guilder.store.runs import Run, load_run
from guilder.workflow import score_files
from guilder.workflow.audit import audited
from guilder.workflow.decide import basis
from guilder.workflow.facts import Recipe, customer_spine, make_facts
from guilder.workflow.gates import judge, refuse
from guilder.workflow.offers import cannot_tell, limited_elsewhere, without_products
from guilder.workflow.open import opened, quiet
from guilder.workflow.policy import policy_of
from guilder.workflow.privacy import key_for
from guilder.workflow.promotion import ID as NOT_PROMOTED
from guilder.workflow.promotion import may_be_used
from guilder.workflow.run_key import run_key
from guilder.workflow.term import term_of, with_lifetime

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.eligibility import Eligibility
    from guilder.source.bank import Bank
    from guilder.workflow.checkpoint import Checkpoint


@dataclass(frozen=True)
class Rooms:
    """The models of a run, those it has, and how their facts are made."""

    recipe: Recipe
    classifier: Any = None
    policy: Any = None
    segmenter: Any = None
    recommender: Any = None
    term: Any = None
    trained_on: datetime | None = None
    """The date of the bank that the models learned from."""
    lends: bool = False
    """Whether the run has learned from loans: some of its products are credit."""

    @classmethod
    def of(cls, run: Run) -> Rooms:
        """Read a run's models; each file is checked before it is parsed."""
        has = {name: run.model(name) for name in run.models}
        how = Recipe.from_dict(run.manifest["recipe"])
        return cls(
            how, has.get("risk"), policy_of(run.metrics), has.get("segments"), has.get("offers"), term_of(run.metrics),
            trained_on(run.manifest), "risk" in has,
        )


def trained_on(manifest: Mapping[str, Any]) -> datetime | None:
    """Read the date of a run; None where its bank has none."""
    return datetime.fromisoformat(manifest["as_of"]) if manifest["as_of"] else None


@dataclass(frozen=True)
class Scores:
    """Everything a run says of a bank's loans and customers.

    Parameters
    ----------
    loans : DataFrame
        loan_id, customer_id, p_default, p_low, p_high, p_default_lifetime, lifetime_months, band, decision, reason_1 …
        reason_4; one row per loan without an outcome.
    customers : DataFrame
        customer_id, segment, segment_name, p_default_<product>; one row per customer.
    offers : DataFrame
        customer_id, product_id, rank, score, reason.
    """

    run_id: str
    loans: pd.DataFrame
    customers: pd.DataFrame
    offers: pd.DataFrame
    everyone: frozenset[str]
    """Every customer the bank knows, also those that were not asked for."""
    p_default: pd.DataFrame | None = None
    usual: pd.DataFrame | None = None
    """The usual loan of each credit product, that the PDs of customers are of."""
    asked: pd.DataFrame | None = None
    """Facts of the loan each customer might ask for: the usual one of the first credit product."""
    classifier: Any = None
    settings: Any = None
    """What the bank's file says of risk: the words that reasons are said in."""
    may: Eligibility | None = None
    product_names: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    """What must be known before these scores are used: the bank has moved away from its segments."""
    segmenter: Any = None
    facts: pd.DataFrame | None = None
    """The facts by customer that segments were given by."""
    loan_facts: pd.DataFrame | None = None
    """The facts that loans were scored by."""
    few: bool = False
    """Whether some customers were asked for, and not all."""
    alternatives: pd.Series[str] | None = None
    """The best product that is no credit, by customer, where credit is withheld for its risk."""
    withheld: pd.DataFrame | None = None
    """Every suppression, as it is written: customer, product, rule, what was found, what is allowed, run and model."""
    met: pd.DataFrame | None = None
    """The contacts that offers were made by."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """What is written, by file name."""
        made = {"loans": self.loans, "customers": self.customers, "offers": self.offers}
        return made if self.withheld is None else {**made, "withheld": self.withheld}

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: len(table) for name, table in self.tables().items()}


def score(
    bank: Bank | str | Path,
    *,
    run: Run | str | Path | None = None,
    out: str | Path | None = None,
    customers: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Scores:
    """Score every loan without an outcome, place every customer, and list their offers.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.
    run : Run or path, optional
        The bank's published run when not given.
    out : path, optional
        A folder to write ``loans.parquet``, ``customers.parquet``, ``offers.parquet``, ``withheld.parquet`` and the
        record of each decision to, all or none.
    customers : sequence of str, optional
        Look at these only.
    progress : callable, optional
        Told a short sentence before each long step.

    Raises
    ------
    RunNotFound
        When nothing is published.
    UsageError
        When ``out`` holds something else.
    BusyError
        When another scoring writes to ``out``.
    """
    tell = progress or quiet
    if out is None:
        with opened(bank, tell) as source, audited(source, run, "score") as (found, audit):
            scores = scored(source, found, customers, tell)
            audit.write(*score_files.events(scores))
            return scores
    path = Path(out)
    with score_files.alone(path):
        key = _key(bank, run, customers)
        if key is not None and (same := score_files.read(path, key)):
            tell("these inputs, versions and this run have been scored already")
            score_files.forget(path)
            return _as_written(same)
        with opened(bank, tell) as source, audited(source, run, "score") as (found, audit):
            key_for(source.settings, "scores")  # refused before the work where there is no key
            scores = scored(source, found, customers, tell, score_files.checkpoint(path, key))
            tell("writing the scores")
            rests_on = basis(source, found) if "risk" in found.models else None
            scores = replace(scores, withheld=_withheld(scores, found))
            score_files.write(scores, source, rests_on, path, key, audit)
            return scores


def _key(bank: Bank | str | Path, run: Run | str | Path | None, customers: Sequence[str] | None) -> str | None:
    """Say what scores follow from; None where that is not known before the bank is read, or ids are not to stay."""
    if not isinstance(bank, str | Path) or customers is not None or key_for(read_bank_file(bank), "scores"):
        return None
    try:
        found = run if isinstance(run, Run) else load_run(run or bank)
    except (ArtefactError, RunNotFound):  # said, and logged, by who reads it to score with it
        return None
    return run_key(bank, command="score", run=found.id, files=found.manifest["files"])


def _as_written(same: dict[str, Any]) -> Scores:
    loans, customers, offers = (same[name] for name in score_files.TABLES[:3])
    everyone = frozenset(customers["customer_id"])
    return Scores(
        same["run"], loans, customers, offers, everyone, warnings=tuple(same["warnings"]),
        withheld=same.get("withheld"),
    )  # fmt: skip


def scored(
    bank: Bank, run: Run, customers: Sequence[str] | None, progress: Callable[[str], None],
    keep: Checkpoint | None = None,
) -> Scores:
    """Apply a run to an open bank; the caller logs what comes of it."""
    progress(f"reading run {run.id}")
    progress("making every customer's facts" if customers is None else "making the customer's facts")
    rooms, refused = _usable(bank, run), not may_be_used(run.metrics, bank.settings.limits.accept)
    scores = apply(bank, rooms, run.id, customer_facts(bank, rooms.recipe, customers), progress, keep)
    progress("holding the scores against those of training")
    gates = judge(bank, run, scores)
    refuse(gates)
    told = [f"{gate.id}: {gate.message}" for gate in gates]
    if refused:
        told.append(f"{NOT_PROMOTED}: the risk model of this run was not promoted, so no loan is scored and no credit "
                    f"offered: {'; '.join(run.metrics['risk']['promotion']['refused'])}")
    return replace(scores, warnings=(*scores.warnings, *told))


def _usable(bank: Bank, run: Run) -> Rooms:
    """Read the rooms of a run, without a risk model that was not promoted."""
    rooms = Rooms.of(run)
    if may_be_used(run.metrics, bank.settings.limits.accept):
        return rooms
    return replace(rooms, classifier=None, term=None)


def _withheld(scores: Scores, run: Run) -> pd.DataFrame | None:
    from guilder.offers.withheld import withheld

    if scores.may is None:
        return None
    return withheld(scores.may, run.id, run.manifest["files"].get("models/risk.skops"), scores.alternatives)


@dataclass(frozen=True)
class CustomerFacts:
    """Customers as the bank saw them at its date: facts by customer, every id there is, and those asked for."""

    facts: pd.DataFrame
    everyone: frozenset[str]
    chosen: tuple[str, ...] | None = None


def customer_facts(bank: Bank, how: Recipe, only: Sequence[str] | None = None) -> CustomerFacts:
    """Make the facts of every customer, or of some."""
    import narwhals as nw
    import pandas as pd

    chosen = None if only is None else tuple(only)
    if not {"customers", "transactions", "interactions"} & set(bank.tables):
        return CustomerFacts(pd.DataFrame(index=pd.Index([], dtype="str", name="row")), frozenset(), chosen)
    spine = customer_spine(bank)
    everyone = frozenset(spine.select("row").collect("pandas").to_native()["row"])
    if only is not None:
        spine = spine.filter(nw.col("customer_id").is_in(list(only)))
    return CustomerFacts(make_facts(bank.tables, spine, how), everyone, chosen)


def apply(
    bank: Bank, rooms: Rooms, run_id: str, customers: CustomerFacts, progress: Callable[[str], None],
    keep: Checkpoint | None = None,
) -> Scores:
    """Apply the rooms to a bank: loans waiting for an outcome, then customers, then offers."""
    import pandas as pd

    from guilder.workflow.risk import hypothetical, score_loans

    def waiting() -> dict[str, pd.DataFrame]:
        if rooms.classifier is None or "loans" not in bank.tables:
            return {"loans": with_lifetime(bank, _no_loans(), rooms.term)}
        progress("scoring loans without an outcome")
        found, made = score_loans(bank, rooms.classifier, rooms.recipe, rooms.policy, customers.chosen)
        return {"loans": with_lifetime(bank, found, rooms.term), "loan_facts": made}

    book = waiting() if keep is None else keep.tables("loans", waiting)
    loans, loan_facts = book["loans"], book.get("loan_facts")
    facts, usual = customers.facts, _usual_loans(bank, rooms)
    p_default = p_default_of(rooms, facts, usual, progress)
    asked = None
    if p_default is not None and usual is not None:
        asked = hypothetical(rooms.classifier, facts, usual.iloc[0].to_dict())
    placed = pd.DataFrame({"customer_id": pd.Series(facts.index, dtype="str")})
    warnings: tuple[str, ...] = ()
    if rooms.segmenter is not None:
        progress("placing every customer in a segment")
        placed = rooms.segmenter.assign(_by_customer(facts))
        warnings = _moved(rooms.segmenter, placed) if customers.chosen is None else warnings
    if p_default is not None:
        placed = placed.merge(p_default.add_prefix("p_default_"), left_on="customer_id", right_index=True, how="left")
    if rooms.recommender is not None:
        warnings += (*without_products(bank, lends=rooms.lends), *cannot_tell(bank), *limited_elsewhere(bank))
    made = _offers(bank, rooms, facts, placed, p_default, progress)
    return Scores(
        run_id, loans, placed, made.offers, customers.everyone, p_default, usual, asked, rooms.classifier,
        bank.settings.risk, made.may, made.names, warnings, rooms.segmenter, facts, loan_facts,
        customers.chosen is not None, made.instead, met=made.met,
    )  # fmt: skip


def _by_customer(facts: pd.DataFrame) -> pd.DataFrame:
    return facts.rename_axis("customer_id").reset_index()


def p_default_of(
    rooms: Rooms, facts: pd.DataFrame, usual: pd.DataFrame | None, progress: Callable[[str], None]
) -> pd.DataFrame | None:
    """Estimate the PD of each customer for each credit product; None where the run or the bank has nothing to go by."""
    from guilder.workflow.risk import p_default_by_product

    if usual is None or not len(usual) or not len(facts):
        return None
    progress("estimating the PD of each customer for each credit product")
    return p_default_by_product(rooms.classifier, facts, usual)


def who_may_be_contacted(
    bank: Bank, run: Run, progress: Callable[[str], None]
) -> tuple[Eligibility, Any, pd.DataFrame]:
    """Apply the policy on offers to every customer for a campaign, those held out included.

    Returns
    -------
    tuple of Eligibility, Recommender and DataFrame
        Who may have what, who ranks it, and the contacts known.

    Raises
    ------
    RunNotFound
        When the run makes no offers.
    ModelError
        When the bank is not what the run was trained on, as in scoring.
    """
    from guilder.workflow.offers import as_known_now, contacts, no_offers, who_may_have_what

    rooms = _usable(bank, run)
    if rooms.recommender is None or "interactions" not in bank.tables:
        raise RunNotFound(f"run {run.id} makes no offers", todo="train them: guilder train BANK offers")
    progress("making every customer's facts")
    facts = customer_facts(bank, rooms.recipe).facts
    seen = Scores(run.id, _no_loans(), facts.iloc[:, :0], no_offers(), frozenset(facts.index), facts=facts)
    refuse(judge(bank, run, seen))
    p_default = p_default_of(rooms, facts, _usual_loans(bank, rooms), progress)
    placed = None if rooms.segmenter is None else rooms.segmenter.assign(_by_customer(facts))
    recommender, met = as_known_now(bank, rooms.recommender, placed), contacts(bank)
    may = who_may_have_what(
        bank, facts, recommender, p_default, rooms.trained_on, met, held_out=False, lends=rooms.lends
    )
    return may, recommender, met


def _moved(segmenter: Any, placed: pd.DataFrame) -> tuple[str, ...]:
    from guilder.segments.drift import drift

    found = drift(segmenter, placed)
    return found.warnings if found is not None else ()


def _usual_loans(bank: Bank, rooms: Rooms) -> pd.DataFrame | None:
    from guilder.workflow.offers import credit_products
    from guilder.workflow.risk import typical_loans

    if rooms.classifier is None or not {"loans", "products"} <= set(bank.tables):
        return None
    return typical_loans(bank, credit_products(bank))


@dataclass(frozen=True)
class _Offered:
    """What the offers room says of a bank's customers."""

    offers: pd.DataFrame
    may: Eligibility | None = None
    names: dict[str, str] = field(default_factory=dict)
    instead: pd.Series[str] | None = None
    met: pd.DataFrame | None = None


def _offers(
    bank: Bank, rooms: Rooms, facts: pd.DataFrame, placed: pd.DataFrame, p_default: pd.DataFrame | None,
    progress: Callable[[str], None],
) -> _Offered:
    from guilder.workflow.offers import (
        alternatives,
        as_known_now,
        catalogue,
        contacts,
        make_offers,
        no_offers,
        who_may_have_what,
    )  # fmt: skip

    if rooms.recommender is None or "interactions" not in bank.tables:
        return _Offered(no_offers())
    progress("offering each customer what they may have")
    met, products = contacts(bank), catalogue(bank)
    recommender = as_known_now(bank, rooms.recommender, placed)
    may = who_may_have_what(bank, facts, recommender, p_default, rooms.trained_on, met, lends=rooms.lends)
    named = {} if products is None else dict(zip(products["product_id"], products["name"], strict=True))
    made = make_offers(bank, recommender, may, met)
    return _Offered(made, may, named, alternatives(bank, recommender, may, met), met)


def _no_loans() -> pd.DataFrame:
    import pandas as pd

    words = ["loan_id", "customer_id", "band", "decision", *(f"reason_{place}" for place in range(1, 5))]
    words.append("counterfactual")
    empty = pd.DataFrame({name: pd.Series([], dtype="str") for name in words})
    for place, name in enumerate(("p_default", "p_low", "p_high"), start=2):
        empty.insert(place, name, pd.Series([], dtype="float64"))
    return empty
