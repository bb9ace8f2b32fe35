"""A made-up bank with planted truths: tables, a bank.toml, and a truth folder that no model reads."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from guilder.errors import UsageError
from guilder.source import (
    demo_campaigns,
    demo_dirt,
    demo_files,
    demo_histories,
    demo_interactions,
    demo_loans,
    demo_people,
)
from guilder.source.demo_texts import bank_file, readme
from guilder.source.demo_types import TASTES, Plan, plan

if TYPE_CHECKING:
    from guilder.source.bank import Bank

PIECE = 4_000
"""Customers made and written at a time. Part of what a seed means: another size gives another bank."""
_MONEY = {"amount", "instalment", "annual_income", "min_income", "cost"}


@dataclass(frozen=True)
class Piece:
    """One piece of the bank: its tables and its truths, by name."""

    tables: dict[str, pa.Table]
    truths: dict[str, pa.Table]


@dataclass
class _Counts:
    """Rows made so far, which number the next."""

    bookings: int = 0
    loans: int = 0


def generate(
    folder: str | Path,
    *,
    customers: int = 5000,
    seed: int = 0,
    format: str = "parquet",
    signal: float = 1.0,
    dirt: float = 0.0,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Make up a bank and write it to a folder, in pieces.

    The same arguments (and versions of NumPy, Arrow and Faker) give the same bytes. About 200 bookings a customer.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there; a bank made there before is overwritten.
    customers : int
        How many people.
    seed : int
        Seeds every draw.
    format : {"parquet", "csv"}
        Of the tables; the truths are always Parquet.
    signal : float
        Strength of what can be learned: 1 as planted, 0 pure noise.
    dirt : float
        Share of broken rows added to each table (0 to .2). A bank with dirt holds text in every column.
    progress : callable, optional
        Told a sentence after each piece.

    Returns
    -------
    Path
        The bank's ``bank.toml``.

    Raises
    ------
    UsageError
        If an argument is out of its range.
    """
    check(customers, format, signal, dirt)
    folder = Path(folder)
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    kind: demo_files.Format = "csv" if format == "csv" else "parquet"
    with contextlib.ExitStack() as stack:
        files = {
            name: stack.enter_context(demo_files.TableFile(folder, name, kind))
            for name in ("customers", "transactions", "loans", "interactions", "campaigns")
        }
        names = ("types", "odds", "dirt") if dirt else ("types", "odds")
        truths = {name: stack.enter_context(demo_files.TableFile(truth, name, "parquet")) for name in names}
        for number, piece in enumerate(pieces(customers, seed, signal)):
            rng = np.random.default_rng([seed, number, 1])
            for name, table in piece.tables.items():
                if dirt and name not in demo_dirt.BREAKAGES:
                    table = demo_files.as_text(table)
                elif dirt:
                    table, planted = demo_dirt.broken(rng, name, table, dirt, files[name].rows + 1)
                    truths["dirt"].write(demo_dirt.dirt_table(planted))
                files[name].write(table)
            for name, table in piece.truths.items():
                truths[name].write(table)
            if progress is not None:
                done = min(customers, (number + 1) * PIECE)
                progress(f"{done:,} of {customers:,} customers, {files['transactions'].rows:,} transactions")
    demo_files.write_whole(folder, "products", kind, [_exact(demo_interactions.product_table())])
    demo_files.write_whole(truth, "tastes", "parquet", [_tastes(signal)])
    (truth / "README.txt").write_text(readme(customers, seed, signal, dirt), encoding="utf-8")
    path = folder / "bank.toml"
    path.write_text(bank_file(kind, seed, text=bool(dirt) or kind == "csv"), encoding="utf-8")
    return path


def pieces(customers: int, seed: int, signal: float) -> Iterator[Piece]:
    """Make the bank a piece at a time: each from its own seed, so none depends on how many follow."""
    habits = plan(signal)
    pools = demo_people.pools(seed)
    counts = _Counts()
    for number, first in enumerate(range(0, customers, PIECE)):
        streams = [np.random.default_rng(part) for part in np.random.SeedSequence([seed, number]).spawn(4)]
        # A stream of its own: what came later to the made-up bank leaves all that was there before as it was.
        streams.append(np.random.default_rng([seed, number, 2]))
        yield _piece(streams, habits, pools, first, min(PIECE, customers - first), counts)


def _piece(
    streams: list[np.random.Generator], habits: Plan, pools: demo_people.Pools, first: int, count: int, counts: _Counts
) -> Piece:
    people = demo_people.people(streams[0], habits, pools, first, count)
    bookings, opening = demo_histories.histories(streams[1], habits, people)
    asked = demo_loans.applications(streams[2], habits, people)
    charged = demo_loans.fees(asked)
    book = demo_histories.ledger(demo_histories.joined(bookings, charged), opening)
    became = demo_loans.outcomes(streams[2], habits, people, asked, book)
    loans, odds = demo_loans.loan_tables(people, asked, became, counts.loans)
    transactions = demo_files.booking_table(people, became.settled, counts.bookings)
    counts.loans += len(loans)
    counts.bookings += len(transactions)
    types = pa.table({
        "customer_id": people.ids,
        "type": pa.array([habits.habits[row].name for row in people.types.tolist()]),
        "taste": pa.array([TASTES[row] for row in people.tastes.tolist()]),
        "second_taste": pa.array([TASTES[row] for row in people.second_tastes.tolist()]),
    })
    met = demo_interactions.interactions(streams[3], habits, people)
    tables = {
        "customers": _exact(demo_campaigns.with_status(streams[4], people, loans)),
        "transactions": transactions,
        "loans": _exact(loans),
        "interactions": met,
        "campaigns": _exact(demo_campaigns.campaigns(streams[4], habits, people, met)),
    }
    return Piece(tables, {"types": types, "odds": odds})


def demo_bank(customers: int = 1000, seed: int = 0, signal: float = 1.0) -> Bank:
    """Make up a bank and open it, from a temporary folder that goes when the bank is closed or forgotten.

    Parameters
    ----------
    customers, seed, signal
        As in ``generate``.
    """
    import weakref

    from guilder.source.connect import connect

    folder = tempfile.TemporaryDirectory(prefix="guilder-demo-")
    bank = connect(generate(folder.name, customers=customers, seed=seed, signal=signal))
    weakref.finalize(bank, folder.cleanup)
    return bank


def check(customers: int, format: str, signal: float, dirt: float) -> None:
    """Refuse what no bank can be made of."""
    if customers < 1:
        raise UsageError(f"customers is {customers}", todo="Ask for one customer or more.")
    if format not in ("parquet", "csv"):
        raise UsageError(f"format is {format!r}", known="The formats are parquet and csv.", todo="Name one of them.")
    for name, value, most in (("signal", signal, 1.0), ("dirt", dirt, 0.2)):
        if not 0 <= value <= most:
            raise UsageError(f"{name} is {value}", known=f"It runs from 0 to {most}.", todo="Give a number in it.")


def _exact(table: pa.Table) -> pa.Table:
    """Turn euros in floating point into exact money."""
    for place, name in enumerate(table.column_names):
        if name in _MONEY:
            table = table.set_column(place, name, demo_files.money_of(table[name].to_numpy()))
    return table


def _tastes(signal: float) -> pa.Table:
    shares = demo_interactions.taste_table(signal)
    count = len(TASTES)
    rows = [(a, b, p) for a in range(count) for b in range(count) if a != b for p in range(shares.shape[1])]
    return pa.table({
        "taste": pa.array([TASTES[a] for a, _, _ in rows]),
        "second_taste": pa.array([TASTES[b] for _, b, _ in rows]),
        "product_id": pa.array([demo_interactions.PRODUCTS[p].product_id for _, _, p in rows]),
        "probability": pa.array([float(shares[a * count + b, p]) for a, b, p in rows]),
    })
