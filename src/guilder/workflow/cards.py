"""A card per segment: its profile, and beside it what the other rooms and the bank's tables say of its customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guilder.errors import RunNotFound
from guilder.features.day import PARTS, usual_day
from guilder.features.interactions import holdings
from guilder.features.lent import open_loans
from guilder.features.spending import spending
from guilder.workflow.offers import catalogue

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from guilder.segments.segment import SegmentsResult
    from guilder.source.bank import Bank
    from guilder.store.runs import Run
    from guilder.workflow.score import Scores

TOP = 3


def segment_cards(
    bank: Bank, segments: SegmentsResult, scores: Scores, flow: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Describe each segment by all that is known of its customers.

    Returns
    -------
    list of dict
        The profiles of `SegmentsResult.figures` with, where the bank has what they need: ``p_default`` (mean PD, and of
        which product), ``lent`` (open loans and their sum), ``held`` and ``offered`` (products with the share of
        customers), ``categories`` (of spending, with the share of the money), ``day``, ``grown`` (change of the share
        of customers in a quarter, from ``flow``). Of a segment too small to be shown nothing is added, and nothing that
        rests on fewer than ``privacy.min_group`` customers.
    """
    placed = segments.customers.set_index("customer_id")["segment"]
    least = bank.settings.privacy.min_group
    beside: dict[str, Mapping[str, Any]] = {
        "p_default": _p_default(scores, placed, least), "lent": _lent(bank, placed, least),
        "held": _held(bank, placed, least), "offered": _offered(scores, placed, least),
        "categories": _categories(bank, placed, least), "day": _day(bank, placed, least), "grown": _grown(flow),
    }  # fmt: skip
    return [
        row if row["hidden"]
        else row | {word: known[row["segment"]] for word, known in beside.items() if row["segment"] in known}
        for row in segments.figures["profiles"]
    ]  # fmt: skip


def cards_of(run: Run) -> list[dict[str, Any]]:
    """Read the cards of a run.

    Raises
    ------
    RunNotFound
        When the run has no segments.
    """
    segments = run.figures.get("segments")
    if segments is None:
        raise RunNotFound(f"run {run.id} holds no segments", todo="train them: guilder train BANK segments")
    return list(segments["profiles"])


def _grown(flow: Mapping[str, Any] | None) -> dict[str, float]:
    if flow is None:
        return {}
    return {segment: share - flow["then"].get(segment, 0.0) for segment, share in flow["now"].items()}


def _p_default(scores: Scores, placed: pd.Series[str], least: int) -> dict[str, dict[str, Any]]:
    """The mean PD of the first credit product, of the customers who have one, where they are no small group."""
    if scores.p_default is None or not len(scores.p_default.columns):
        return {}
    product = scores.p_default.columns[0]
    known = scores.p_default[product].dropna().groupby(placed)
    name = scores.product_names.get(str(product), str(product))
    return {
        str(segment): {"mean": float(own.mean()), "product": name} for segment, own in known if len(own) >= least
    }  # fmt: skip


def _lent(bank: Bank, placed: pd.Series[str], least: int) -> dict[str, dict[str, Any]]:
    lent = open_loans(bank.tables["loans"], bank.as_of) if "loans" in bank.tables and bank.dated else None
    if lent is None:
        return {}
    borrowers = _by_customer(lent).groupby(placed)
    sums = borrowers[["open_loans", "lent"]].sum()
    total = float(sums["lent"].sum())
    return {
        str(segment): {
            "loans": int(row["open_loans"]), "amount": float(row["lent"]),
            "share": float(row["lent"]) / total if total else None,
        }
        for segment, row in sums[borrowers.size() >= least].iterrows()
    }  # fmt: skip


def _held(bank: Bank, placed: pd.Series[str], least: int) -> dict[str, list[dict[str, Any]]]:
    """The products that most customers of a segment hold, with the share of the whole bank beside."""
    if "interactions" not in bank.tables:
        return {}
    rows = holdings(bank.tables["interactions"], bank.as_of).collect("pandas").to_native()
    products = catalogue(bank)
    names = {} if products is None else dict(zip(products["product_id"], products["name"], strict=True))
    return _shares(rows[["customer_id", "product_id"]], placed, names, least)


def _offered(scores: Scores, placed: pd.Series[str], least: int) -> dict[str, list[dict[str, Any]]]:
    """The products that are most often the first offer."""
    if not len(scores.offers):
        return {}
    return _shares(scores.offers[scores.offers["rank"] == 1], placed, scores.product_names, least)


def _shares(
    rows: pd.DataFrame, placed: pd.Series[str], names: dict[str, str], least: int
) -> dict[str, list[dict[str, Any]]]:
    known = rows[rows["customer_id"].isin(placed.index)]
    everyone = (known["product_id"].value_counts() / len(placed)).to_dict()
    sizes = placed.value_counts()
    found: dict[str, list[dict[str, Any]]] = {}
    for segment, mine in known.groupby(known["customer_id"].map(placed)):
        counts = mine["product_id"].value_counts()
        top = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:TOP]
        found[str(segment)] = [
            {"product": names.get(str(product), str(product)), "share": float(n / sizes[segment]),
             "bank": float(everyone[product])}
            for product, n in top if n >= least
        ]  # fmt: skip
    return found


def _categories(bank: Bank, placed: pd.Series[str], least: int) -> dict[str, list[dict[str, Any]]]:
    """What most of a segment's money went to in the last year, of all categories, with the bank's share beside."""
    spent = spending(bank.tables["transactions"], bank.as_of) if "transactions" in bank.tables else None
    if spent is None:
        return {}
    rows = spent.collect("pandas").to_native()
    rows = rows[rows["customer_id"].isin(placed.index)]
    everyone = (rows.groupby("category")["cents"].sum() / rows["cents"].sum()).to_dict()
    found: dict[str, list[dict[str, Any]]] = {}
    for segment, mine in rows.groupby(rows["customer_id"].map(placed)):
        words = mine.groupby("category")["cents"].agg(["sum", "size"])
        known = words.loc[words["size"] >= least, "sum"] / mine["cents"].sum()
        top = sorted(((word, share) for word, share in known.items() if word), key=lambda pair: (-pair[1], pair[0]))
        found[str(segment)] = [
            {"category": str(word), "share": float(share), "bank": float(everyone[word])} for word, share in top[:TOP]
        ]  # fmt: skip
    return found


def _day(bank: Bank, placed: pd.Series[str], least: int) -> dict[str, dict[str, Any]]:
    """Bookings on a day with any, the share at weekends, and the part of the day that has most."""
    if "transactions" not in bank.tables:
        return {}
    days = _by_customer(usual_day(bank.tables["transactions"], bank.as_of)).groupby(placed)
    found = {}
    for segment, row in days.sum()[days.size() >= least].iterrows():
        told: dict[str, Any] = {
            "bookings": float(row["bookings"] / row["days"]), "weekend": float(row["weekend"] / row["bookings"]),
        }  # fmt: skip
        if row["timed"] > row["bookings"] / 2:
            part = max(PARTS, key=lambda name: (row[name], name))
            told |= {"part": part, "part_share": float(row[part] / row["timed"])}
        found[str(segment)] = told
    return found


def _by_customer(lazy: nw.LazyFrame[Any]) -> pd.DataFrame:
    frame: pd.DataFrame = lazy.collect("pandas").to_native()
    return frame.set_index("customer_id").sort_index()
