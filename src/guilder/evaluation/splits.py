"""Splits: which rows train, choose and test, out of time where loans are dated and never one customer on two sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.intp]
Moments = NDArray[np.datetime64]

MIN_BADS = 30
"""Fewer bads, or goods, than this in the training or the test slice make no out-of-time test."""
LEAST = 5
"""Fewest bads, and goods, of any slice at all; a stratified split gives each slice that many where there are any."""


@dataclass(frozen=True)
class Split:
    """Three disjoint sets of row numbers, and how they were made; what is refitted on is disjoint from the test."""

    kind: Literal["out_of_time", "stratified"]
    train: Rows
    valid: Rows
    test: Rows
    banner: str
    refit: Rows
    """What the champion learns from before its test: all that was known by then, of customers not in the test."""
    valid_from: dt.datetime | None = None
    test_from: dt.datetime | None = None
    returning: Rows = field(default_factory=lambda: np.array([], dtype=np.intp))
    """Known by the test as well, of customers who come back in it: they teach no model, but its level must know them,
    because who comes back depends on how the earlier loan went."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows in no slice, counted by reason."""
    groups: NDArray[np.intp] | None = None
    """The customer of each row as a number (all rows, not only those kept); rows of one customer stay together."""
    windows: tuple[tuple[Rows, Rows], ...] = ()
    """Earlier pairs of rows to learn from and rows after them, the oldest first; the last is (train, valid)."""

    def to_dict(self) -> dict[str, object]:
        """Plain JSON: sizes rather than rows."""
        return {
            "kind": self.kind, "banner": self.banner,
            "train": len(self.train), "valid": len(self.valid), "refit": len(self.refit), "test": len(self.test),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "test_from": self.test_from.isoformat() if self.test_from else None,
            "dropped": dict(self.dropped),
        }  # fmt: skip


def split(
    y: ArrayLike,
    *,
    applied_on: ArrayLike | None = None,
    customers: ArrayLike | None = None,
    known_at: ArrayLike | None = None,
    test_share: float = 0.25,
    valid_share: float = 0.2,
    min_bads: int = MIN_BADS,
    random_state: int = 0,
) -> Split:
    """Split out of time where loans are dated and there are outcomes enough, stratified otherwise, and say which.

    Parameters
    ----------
    y : array of shape (n,)
        1 is a bad, 0 a good.
    applied_on : array of dates of shape (n,), optional
        When each decision was made.
    customers : array of shape (n,), optional
        Who borrowed; a missing customer is a customer of their own.
    known_at : array of dates of shape (n,), optional
        When each outcome became known.
    test_share, valid_share : float
        Shares of all rows.
    min_bads : int
        Fewest bads, and fewest goods, of an out-of-time training or test slice.
    random_state : int
        Seed of a stratified split.
    """
    groups = group_codes(customers, len(np.asarray(y)))
    shares = (test_share, valid_share)
    if applied_on is None or np.isnat(_moments(applied_on)).all():
        return stratified(y, groups, *shares, random_state=random_state, why="no dates: loans have no applied_on")
    timed = out_of_time(y, applied_on, groups, known_at, *shares, min_bads=min_bads)
    if isinstance(timed, Split):
        return timed
    why = f"too few outcomes for an out-of-time test: {timed}"
    return stratified(y, groups, *shares, random_state=random_state, why=why)


def group_codes(customers: ArrayLike | None, n: int) -> NDArray[np.intp] | None:
    """Number the customers; a row without one is a customer of its own. None when no customers are known."""
    if customers is None:
        return None
    names = np.asarray(customers, dtype=object)
    missing = np.asarray(pd.isna(names), dtype=bool)
    codes = np.unique(np.where(missing, "", names.astype(str)), return_inverse=True)[1].ravel()
    return np.where(missing, codes.max(initial=0) + 1 + np.arange(n), codes)


def _moments(values: ArrayLike) -> Moments:
    return np.asarray(values, dtype="datetime64[us]")


def out_of_time(
    y: ArrayLike,
    applied_on: ArrayLike,
    groups: ArrayLike | None = None,
    known_at: ArrayLike | None = None,
    test_share: float = 0.25,
    valid_share: float = 0.2,
    *,
    min_bads: int = MIN_BADS,
) -> Split | str:
    """Cut at two dates: train before, choose between, test after; or say why there are too few outcomes to do so.

    Nothing after a cut informs what comes before it: outcomes that became known only at or after the test's first
    day are left out of train and validation, and an earlier loan of a customer who comes back later is left out of
    the earlier slice. A bad from the months in which a good could not yet be known is left out as well, because
    those months would otherwise hold bads only.
    """
    truth, when = np.asarray(y).astype(bool), _moments(applied_on)
    dated = ~np.isnat(when)
    ready = when if known_at is None else _ready(truth, when, _moments(known_at))
    dropped = {"no application date": int((~dated).sum())}

    test_from = _cut(when[dated], 1 - test_share)
    test = dated & (when >= test_from)
    early = dated & (when < test_from)
    late = early & (ready >= test_from)
    dropped["outcome not known before the test starts"] = int(late.sum())
    early &= ~late
    if not early.any():
        return "no outcome was known before the test starts"
    codes = np.arange(len(truth)) if groups is None else np.asarray(groups)
    refit = early & ~np.isin(codes, codes[test])

    valid_from = _cut(when[early], 1 - valid_share / (1 - test_share))
    valid, train = early & (when >= valid_from), early & (when < valid_from)
    late = train & (ready >= valid_from)
    # Choosing between candidates is the smaller question: its own embargo is applied where enough is left of train.
    if not _short(truth, train & ~late, min_bads) and (train & ~late).sum() >= train.sum() / 2:
        train &= ~late
        dropped["outcome not known before the validation starts"] = int(late.sum())

    again = (train & np.isin(codes, codes[valid | test])) | (valid & np.isin(codes, codes[test]))
    dropped["customer comes back in a later slice"] = int(again.sum())
    train, valid = train & ~again, valid & ~again
    for name, rows, least in (("training", train, min_bads), ("validation", valid, 10), ("test", test, min_bads)):
        if short := _short(truth, rows, least):
            return f"the {name} slice would hold {short}, and {least} are needed"
    windows = _windows(truth, when, ready, codes, train, min_bads)
    first, last = _day(when[test].min()), _day(when[test].max())
    banner = f"Out of time: tested on loans applied for from {first:%d %B %Y} to {last:%d %B %Y}, after all training."
    return Split(
        "out_of_time", np.flatnonzero(train), np.flatnonzero(valid), np.flatnonzero(test), banner,
        np.flatnonzero(refit), valid_from=_day(valid_from), test_from=_day(test_from),
        returning=np.flatnonzero(early & ~refit), dropped={reason: n for reason, n in dropped.items() if n},
        groups=None if groups is None else np.asarray(groups),
        windows=(*windows, (np.flatnonzero(train), np.flatnonzero(valid))),
    )  # fmt: skip


def _windows(
    truth: NDArray[np.bool_],
    when: Moments,
    ready: Moments,
    codes: NDArray[np.intp],
    train: NDArray[np.bool_],
    least: int,
) -> list[tuple[Rows, Rows]]:
    """Cut the training rows at two earlier dates the same way: learn before, hold out until the next cut."""
    cuts = [_cut(when[train], share) for share in (0.5, 0.75)]
    found = []
    for start, stop in zip(cuts, [cuts[1], when[train].max() + 1], strict=True):
        held = train & (when >= start) & (when < stop)
        learn = train & (when < start) & (ready < start) & ~np.isin(codes, codes[held])
        if not _short(truth, learn, least) and not _short(truth, held, 10):
            found.append((np.flatnonzero(learn), np.flatnonzero(held)))
    return found


def _ready(truth: NDArray[np.bool_], when: Moments, known: Moments) -> Moments:
    """When each row's outcome may be used: when it was known, and for a bad not before a good of its age would be."""
    lags = (known - when)[~truth]
    lags = lags[~np.isnat(lags)]
    ready = np.where(np.isnat(known), when, known)
    if not len(lags):
        return ready
    usual = np.sort(lags)[len(lags) // 2]
    return np.where(truth & ~np.isnat(known), np.maximum(ready, when + usual), ready)


def _cut(when: Moments, share: float) -> np.datetime64:
    """Find the day from which the last ``1 - share`` of the rows start."""
    ordered: Moments = np.sort(when)
    day: np.datetime64 = ordered[min(round(share * len(ordered)), len(ordered) - 1)]
    return day


def _day(moment: np.datetime64) -> dt.datetime:
    found = moment.astype("datetime64[us]").item()
    if not isinstance(found, dt.datetime):
        raise TypeError(f"{moment!r} is no moment")
    return found


def _short(truth: NDArray[np.bool_], rows: NDArray[np.bool_], least: int) -> str:
    bads, goods = int((truth & rows).sum()), int((~truth & rows).sum())
    if bads < least:
        return f"{bads} bads"
    return f"{goods} goods" if goods < least else ""


def stratified(
    y: ArrayLike,
    groups: ArrayLike | None = None,
    test_share: float = 0.25,
    valid_share: float = 0.2,
    *,
    random_state: int = 0,
    why: str = "",
) -> Split:
    """Draw three slices with about the same rate of bads, whole customers at a time.

    Where a share of the bads would be fewer than 5, that slice takes 5 all the same, if there are 15. ``why`` says in
    the banner why the split is not out of time; the banner also says when the test holds few bads.
    """
    truth = np.asarray(y).astype(bool)
    codes = np.arange(len(truth)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    bad = np.zeros(codes.max(initial=-1) + 1, dtype=bool)
    np.logical_or.at(bad, codes, truth)
    rng = np.random.default_rng(random_state)
    slice_of = np.zeros(len(bad), dtype=np.int8)
    for kind in (False, True):
        members = rng.permutation(np.flatnonzero(bad == kind))
        least = LEAST if len(members) >= 3 * LEAST else 0
        tests, valids = (max(round(len(members) * share), least if share else 0) for share in (test_share, valid_share))
        slice_of[members[:tests]] = 2
        slice_of[members[tests : tests + valids]] = 1
    placed = slice_of[codes]
    train, valid, test = (np.flatnonzero(placed == number) for number in range(3))
    reason = f" ({why})" if why else ""
    banner = f"Not out of time{reason}: a random, stratified test cannot show how the model ages."
    if (bads := int(truth[test].sum())) < MIN_BADS:
        banner += f" It holds only {bads} bads, so every interval is wide."
    known = None if groups is None else np.asarray(groups)
    return Split("stratified", train, valid, test, banner, np.union1d(train, valid), groups=known)


def rotated(
    y: ArrayLike,
    groups: ArrayLike | None = None,
    parts: int = 5,
    valid_share: float = 0.2,
    *,
    random_state: int = 0,
) -> list[Split]:
    """Make splits whose tests take turns, so that every row is tested once by models that have not seen it.

    Customers stay whole and bads are spread evenly; what is not tested is cut into train and validation afresh each
    turn. ``valid_share`` is of those remaining rows.
    """
    truth = np.asarray(y).astype(bool)
    codes = np.arange(len(truth)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    bad = np.zeros(codes.max(initial=-1) + 1, dtype=bool)
    np.logical_or.at(bad, codes, truth)
    rng = np.random.default_rng(random_state)
    order = np.concatenate([rng.permutation(np.flatnonzero(bad == kind)) for kind in (True, False)])
    turn_of = np.empty(len(bad), dtype=np.intp)
    turn_of[order] = np.arange(len(order)) % parts
    turns = []
    for turn in range(parts):
        test = np.flatnonzero(turn_of[codes] == turn)
        rest = np.flatnonzero(turn_of[codes] != turn)
        inner = stratified(truth[rest], codes[rest], 0.0, valid_share, random_state=random_state + turn)
        banner = f"Cross-validated: the test of turn {turn + 1} of {parts}."
        known = None if groups is None else np.asarray(groups)
        turns.append(Split("stratified", rest[inner.train], rest[inner.valid], test, banner, rest, groups=known))
    return turns
