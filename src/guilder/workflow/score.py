"""Scoring: a published run applied to the bank as it is now; nothing is refitted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import ArtefactError, UsageError
from guilder.store.files import new_folder, put, sweep
from guilder.store.lock import locked
from guilder.store.runs import Run, load_run, to_json
from guilder.store.seal import SEAL, prove, seal
from guilder.store.tables import table_bytes
from guilder.workflow.decide import RECORDS, basis, records
from guilder.workflow.facts import Recipe, customer_spine, make_facts
from guilder.workflow.open import opened, quiet
from guilder.workflow.policy import policy_of
from guilder.workflow.run_key import run_key
from guilder.workflow.term import term_of, with_lifetime

if TYPE_CHECKING:
    import pandas as pd

    from guilder.offers.eligibility import Eligibility
    from guilder.risk.decisions import Basis
    from guilder.source.bank import Bank


ABOUT = "scores.json"
"""Which run of which bank the scores are from."""
TABLES = ("loans", "customers", "offers")


@dataclass(frozen=True)
class Rooms:
    """The models of a run, those it has, and how their facts are made."""

    recipe: Recipe
    classifier: Any = None
    policy: Any = None
    segmenter: Any = None
    recommender: Any = None
    term: Any = None

    @classmethod
    def of(cls, run: Run) -> Rooms:
        """Read a run's models; each file is checked before it is parsed."""
        has = {name: run.model(name) for name in run.models}
        how = Recipe.from_dict(run.manifest["recipe"])
        return cls(
            how, has.get("risk"), policy_of(run.metrics), has.get("segments"), has.get("offers"), term_of(run.metrics)
        )


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

    def tables(self) -> dict[str, pd.DataFrame]:
        """What is written, by file name."""
        return {"loans": self.loans, "customers": self.customers, "offers": self.offers}

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
        A folder to write ``loans.parquet``, ``customers.parquet``, ``offers.parquet`` and the record of each decision
        to, all or none.
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
        return _score(bank, run, customers, tell)[0]
    path = Path(out)
    _check_out(path)
    with _alone(path):
        key = None
        if isinstance(bank, str | Path) and customers is None:
            run = _run(bank, run)
            key = run_key(bank, command="score", run=run.id, files=run.manifest["files"])
            if same := _read(path, key):
                tell("these inputs, versions and this run have been scored already")
                return same
        scores, name, rests_on = _score(bank, run, customers, tell)
        tell("writing the scores")
        _write(scores, name, rests_on, path, key)
    return scores


def _run(bank: Bank | str | Path, run: Run | str | Path | None) -> Run:
    if isinstance(run, Run):
        return run
    if run is None and not isinstance(bank, str | Path) and bank.root is None:
        raise UsageError("a bank made of frames has no folder of runs", todo="name the run: score(bank, run=…)")
    return load_run(run or (bank if isinstance(bank, str | Path) else bank.root or "."))


def _score(
    bank: Bank | str | Path, run: Run | str | Path | None, customers: Sequence[str] | None,
    tell: Callable[[str], None],
) -> tuple[Scores, str, Basis | None]:
    with opened(bank, tell) as source:
        found = _run(source, run)
        tell(f"reading run {found.id}")
        tell("making every customer's facts" if customers is None else "making the customer's facts")
        rooms, name = Rooms.of(found), source.name
        scores = apply(source, rooms, found.id, customer_facts(source, rooms.recipe, customers), tell)
        rests_on = basis(source, found) if rooms.classifier is not None else None
    return scores, name, rests_on


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
    bank: Bank, rooms: Rooms, run_id: str, customers: CustomerFacts, progress: Callable[[str], None]
) -> Scores:
    """Apply the rooms to a bank: loans waiting for an outcome, then customers, then offers."""
    import pandas as pd

    from guilder.workflow.risk import hypothetical, p_default_by_product, score_loans

    loans = _no_loans()
    if rooms.classifier is not None and "loans" in bank.tables:
        progress("scoring loans without an outcome")
        loans = score_loans(bank, rooms.classifier, rooms.recipe, rooms.policy, customers.chosen)
    loans = with_lifetime(bank, loans, rooms.term)
    facts, usual = customers.facts, _usual_loans(bank, rooms)
    p_default = asked = None
    if usual is not None and len(usual) and len(facts):
        progress("estimating the PD of each customer for each credit product")
        p_default = p_default_by_product(rooms.classifier, facts, usual)
        asked = hypothetical(rooms.classifier, facts, usual.iloc[0].to_dict())
    placed = pd.DataFrame({"customer_id": pd.Series(facts.index, dtype="str")})
    warnings: tuple[str, ...] = ()
    if rooms.segmenter is not None:
        progress("placing every customer in a segment")
        placed = rooms.segmenter.assign(facts.rename_axis("customer_id").reset_index())
        warnings = _moved(rooms.segmenter, placed) if customers.chosen is None else warnings
    if p_default is not None:
        placed = placed.merge(p_default.add_prefix("p_default_"), left_on="customer_id", right_index=True, how="left")
    offers, may, names = _offers(bank, rooms, facts.index.tolist(), p_default, progress)
    return Scores(
        run_id, loans, placed, offers, customers.everyone, p_default, usual, asked, rooms.classifier,
        bank.settings.risk, may, names, warnings, rooms.segmenter, facts,
    )  # fmt: skip


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


def _offers(
    bank: Bank, rooms: Rooms, ids: list[str], p_default: pd.DataFrame | None, progress: Callable[[str], None]
) -> tuple[pd.DataFrame, Eligibility | None, dict[str, str]]:
    from guilder.workflow.offers import catalogue, make_offers, no_offers, who_may_have_what

    if rooms.recommender is None or "interactions" not in bank.tables:
        return no_offers(), None, {}
    progress("offering each customer what they may have")
    may = who_may_have_what(bank, ids, rooms.recommender, p_default)
    products = catalogue(bank)
    named = {} if products is None else dict(zip(products["product_id"], products["name"], strict=True))
    return make_offers(bank, rooms.recommender, may), may, named


def _no_loans() -> pd.DataFrame:
    import pandas as pd

    words = ["loan_id", "customer_id", "band", "decision", *(f"reason_{place}" for place in range(1, 5))]
    words.append("counterfactual")
    empty = pd.DataFrame({name: pd.Series([], dtype="str") for name in words})
    for place, name in enumerate(("p_default", "p_low", "p_high"), start=2):
        empty.insert(place, name, pd.Series([], dtype="float64"))
    return empty


def _check_out(out: Path) -> None:
    """Refuse early a folder that holds anything but scores, or cannot be written to."""
    ours = {ABOUT, RECORDS, SEAL, *(f"{name}.parquet" for name in TABLES)}
    others = sorted(path.name for path in out.iterdir() if path.name not in ours) if out.is_dir() else []
    if others or (out.exists() and not out.is_dir()):
        raise UsageError(
            f"{out} holds something else: {', '.join(others[:3]) or 'it is a file'}",
            todo="name a new folder with --out",
        )
    out.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Let nobody else write to ``out``, and tidy up what an interrupted scoring left there."""
    folder = out.absolute().parent
    with locked(folder, f".{out.name}.lock"):
        sweep(folder, out.name)
        yield


def _read(out: Path, key: str) -> Scores | None:
    """Read what was written for a key, every file proven; None where there is no such, or it is broken."""
    import pandas as pd

    try:
        prove(out)
        about = json.loads((out / ABOUT).read_bytes())
    except ArtefactError:
        return None
    if about["key"] != key:
        return None
    loans, customers, offers = (pd.read_parquet(out / f"{name}.parquet") for name in TABLES)
    return Scores(
        about["run"], loans, customers, offers, frozenset(customers["customer_id"]), warnings=tuple(about["warnings"])
    )


def _write(scores: Scores, bank: str, rests_on: Basis | None, out: Path, key: str | None) -> None:
    """Write all tables or none: a folder of scores is replaced whole, and says which run of which bank it is from."""
    with new_folder(out, replace=True) as folder:
        for name, table in scores.tables().items():
            put(folder / f"{name}.parquet", table_bytes(table))
        if rests_on is not None:
            put(folder / RECORDS, (f"{record.line()}\n".encode() for record in records(scores.loans, rests_on)))
        about = {"bank": bank, "run": scores.run_id, "key": key, "rows": scores.rows(), "warnings": scores.warnings}
        put(folder / ABOUT, to_json(about))
        seal(folder)
