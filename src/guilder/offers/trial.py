"""What was known, and what came after: the cuts in time, and the hidden products, that offers are judged on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from guilder.offers.echo import UNLEARNED
from guilder.offers.ledger import TAKEN, Flags, Ints, Ledger, Texts, days, ledger
from guilder.offers.popular import draws
from guilder.offers.recommender import Recommender
from guilder.offers.rows import find, rows

LONGEST = 10
"""Products ranked for every customer that is judged."""

MOST_CUSTOMERS = 20_000
"""Customers judged at most: a sample beyond this moves no figure by more than its interval."""

MOST_CELLS = 40_000_000
"""Judged customers times products at most: 320 MB a matrix of chances, fewer customers of a catalogue of thousands."""


@dataclass(frozen=True)
class Trial:
    """One question put to every method.

    ``book`` and ``today`` are all that may be learned from; ``customers`` are asked about; ``candidates`` and
    ``relevant`` (customers × ``book.products``) are what they did not own, and which of it they then took;
    ``fresh`` is what they had never met, owned or not; ``warm`` says who has a history in ``book``.
    """

    book: Ledger
    today: float
    customers: Texts
    candidates: Flags
    relevant: Flags
    fresh: Flags
    warm: Flags
    of: int
    """Customers that took something, before any sampling."""
    segments: pd.Series | None = None
    """The segment of each customer as it was known then."""
    facts: pd.DataFrame | None = None
    """What else was known of each customer then, indexed by customer_id."""


def at_cut(
    interactions: pd.DataFrame, products: Sequence[str], cut: pd.Timestamp, end: pd.Timestamp | None
) -> Trial:
    """Learn before ``cut``; relevant is what was newly held or applied for from ``cut`` on, before ``end``.

    A bank without holdings and applications is judged by any positive interaction.
    """
    book = ledger(interactions, products=products, now=cut)
    later = interactions.loc[(interactions["at"] >= cut) & (interactions["kind"] != "close")]
    later = later if end is None else later.loc[later["at"] < end]
    later = later.loc[later[UNLEARNED].isna()] if UNLEARNED in later else later
    strong = later["kind"].isin(TAKEN)
    later = later.loc[strong] if strong.any() else later
    # A product nobody had met by the cut is in no method's reach, yet it counts against them all.
    book = _widened(book, np.asarray(later["product_id"], dtype=str))
    return _trial(book, days(cut), later)


Then = tuple[pd.Series | None, pd.DataFrame | None]
"""Segments and facts of customers as they were known before a cut."""

Known = Callable[[Sequence[pd.Timestamp]], Mapping[pd.Timestamp, Then]]
"""What was known before each of some cuts, worked out together."""


def rolling(
    interactions: pd.DataFrame, products: Sequence[str], test: pd.Timestamp, *, most: int = 3
) -> dict[pd.Timestamp, Trial]:
    """Windows that end before ``test`` begins, by their cuts, the newest last: the 50, 60 and 70 % quantiles of dates.

    Each is learned from what came before its own cut, and asked about what came before the next.
    """
    at = interactions.loc[interactions["at"].notna() & (interactions["kind"] != "close"), "at"].sort_values()
    quantiles = [0.8 - 0.1 * back for back in range(most, 0, -1)]
    cuts = sorted({pd.Timestamp(at.iloc[int(q * (len(at) - 1))]).normalize() for q in quantiles})
    cuts = [cut for cut in cuts if at.iloc[0] < cut < test]
    ends = [*cuts[1:], test]
    return {cut: at_cut(interactions, products, cut, end) for cut, end in zip(cuts, ends, strict=True)}


def shuffled(interactions: pd.DataFrame, *, random_state: int) -> pd.DataFrame:
    """Deal rows out anew to the customers of the same kind and month: popularity and activity stay, tastes go.

    Closes leave, since they belong to a holding that is somebody else's now.
    """
    kept = interactions.loc[interactions["kind"] != "close"]
    rng = np.random.default_rng(random_state + 103)
    month = kept["at"].dt.strftime("%Y%m").fillna("") if "at" in kept else pd.Series("", index=kept.index)
    code = pd.factorize(kept["kind"].astype(str) + month)[0]
    lot = rng.permutation(len(kept))
    # Both orders run through the groups one by one; within a group one is by chance.
    given = np.lexsort((lot, code))
    customer = np.empty(len(kept), dtype=object)
    customer[np.argsort(code, kind="stable")] = kept["customer_id"].to_numpy()[given]
    return kept.assign(customer_id=pd.Series(customer, index=kept.index, dtype="str"))


def listed(method: Recommender, trial: Trial) -> Ints:
    """The first products of every customer of a trial, by a method that is fitted on it."""
    return method.rank(trial.customers, LONGEST, allowed=trial.candidates)


def hidden(interactions: pd.DataFrame, products: Sequence[str], *, random_state: int) -> tuple[Trial, Trial]:
    """Hide one product of each customer asked, all at once, and learn from the rest: (validation, test).

    Of customers with two products or more, a fifth (all, among few) is asked for validation and a fifth for the test.
    Every row of a hidden customer and product leaves, so that no view betrays a holding; for the same reason a product
    that still shows a trace of the customer is no candidate: it could not have been the hidden one.
    """
    whole = ledger(interactions, products=products)
    held = whole.owned.tocoo()
    several = np.bincount(held.row, minlength=len(whole.customers))[held.row] >= 2
    row, column = held.row[several], held.col[several]
    people, position = np.unique(row, return_inverse=True)
    # Seeds of its own: the random recommender draws on the plain one, and must not know the lots.
    lot = draws(whole.customers[people], whole.products, random_state + 101)
    # The owned product with the smallest lot is hidden: a draw that the order of rows cannot change.
    order = np.lexsort((column, lot[position, column], position))
    chosen = order[np.unique(position[order], return_index=True)[1]] if len(order) else order
    side = draws(whole.customers[people], np.array(["side"]), random_state + 102)[:, 0]
    half = min(0.5, max(0.2, 200 / max(len(people), 1)))
    cells = pd.DataFrame({
        "customer_id": whole.customers[row[chosen]], "product_id": whole.products[column[chosen]],
        "part": np.where(side < half, "valid", np.where(side < 2 * half, "test", "learn")),
    })  # fmt: skip
    cells = cells.loc[cells["part"] != "learn"]
    asked = pd.MultiIndex.from_frame(cells[["customer_id", "product_id"]])
    of_rows = pd.MultiIndex.from_arrays([
        np.asarray(interactions["customer_id"], dtype=str), np.asarray(interactions["product_id"], dtype=str)
    ])  # fmt: skip
    book = ledger(interactions.loc[~of_rows.isin(asked)], products=whole.products.tolist())
    valid, test = (cells.loc[cells["part"] == part] for part in ("valid", "test"))
    return _trial(book, book.last_day, valid, untouched=True), _trial(book, book.last_day, test, untouched=True)


def _trial(book: Ledger, today: float, later: pd.DataFrame, *, untouched: bool = False) -> Trial:
    """Ask the customers of ``later`` which of the products they did not own they took."""
    customer = np.asarray(later["customer_id"], dtype=str)
    people, who = np.unique(customer, return_inverse=True)
    product = np.searchsorted(book.products, np.asarray(later["product_id"], dtype=str))
    # Sparse as long as nobody is left out: customers times products of a large bank fit into no memory.
    taken = csr_matrix((np.ones(len(who), dtype=bool), (who, product)), shape=(len(people), len(book.products)))
    before = rows(book.met if untouched else book.owned, book.customers, people)
    taken = csr_matrix(taken > before)
    asked = np.flatnonzero(np.diff(taken.indptr))
    number = len(asked)
    most = min(MOST_CUSTOMERS, MOST_CELLS // max(len(book.products), 1))
    if number > most:
        lot = draws(people[asked], np.array(["asked"]), 0)[:, 0]
        asked = np.sort(asked[np.argsort(lot, kind="stable")[:most]])
    touched, met = before[asked].toarray(), rows(book.met, book.customers, people[asked]).toarray()
    warm = find(book.customers, people[asked]) >= 0
    return Trial(book, today, people[asked], ~touched, taken[asked].toarray(), ~met, warm, number)


def _widened(book: Ledger, products: Texts) -> Ledger:
    """The same ledger over a catalogue that also has these products."""
    wide = np.union1d(book.products, products)
    if len(wide) == len(book.products):
        return book
    place = np.searchsorted(wide, book.products)
    shape = (len(book.customers), len(wide))
    owned, met = (csr_matrix((m.data, place[m.indices], m.indptr), shape=shape) for m in (book.owned, book.met))
    return replace(book, products=wide, product=place[book.product], owned=owned, met=met)
