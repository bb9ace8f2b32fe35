"""The label: did a loan default within its horizon, is that known yet, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import narwhals as nw

from guilder.errors import UsageError
from guilder.features.asof import MOMENT, Lazy, moment


def label(loans: Lazy, horizon_months: int | None, as_of: datetime) -> Lazy:
    """Return the outcome of every loan as it was known by a date.

    Parameters
    ----------
    loans
        ``loan_id``, ``defaulted`` or ``defaulted_on`` or both, and perhaps ``applied_on`` and ``closed_on``.
    horizon_months
        Months after the application within which a default counts; None takes the outcome as recorded.
    as_of
        The bank's date. What is dated on it or later is not known.

    Returns
    -------
    LazyFrame
        ``loan_id``, ``defaulted`` (missing unless the status is known), ``status`` (known, immature, unknown) and
        ``known_at`` (the moment from which the outcome was known, missing where the bank has no date for it).

    Raises
    ------
    UsageError
        The horizon is below one month.

    Notes
    -----
    "End" is the application plus the horizon, the first day on which a default no longer counts. There is no end
    without a horizon or for a loan without a date. A default dated at or after ``as_of`` is read as the bank would
    have recorded it by then: no default yet, whatever ``defaulted`` says. The first row that fits decides:

    ==  ====================================================  ========  =========  ==============================
    no  the loan                                              status    defaulted  known_at
    ==  ====================================================  ========  =========  ==============================
     1  applied for at or after ``as_of``                     unknown   missing    missing
     2  defaulted before ``as_of``, before end or no end      known     true       defaulted_on
     3  defaulted before ``as_of``, at or after end           known     false      end
     4  ``defaulted`` true without a date                     known     true       closed_on before as_of, or missing
     5  ``defaulted`` blank without a date of default         unknown   missing    missing
     6  closed before ``as_of``, before end or no end         known     false      closed_on
     7  no end                                                known     false      missing
     8  end at or before ``as_of``                            known     false      end
     9  end after ``as_of``                                   immature  missing    missing
    ==  ====================================================  ========  =========  ==============================

    A bank that has ``defaulted_on`` alone leaves it blank for "none so far", so row 5 does not apply to it.
    """
    if horizon_months is not None and horizon_months < 1:
        raise UsageError(
            f"horizon_months is {horizon_months}.", todo="Give a whole number of months above zero, or leave it out."
        )
    cut = nw.lit(as_of).cast(MOMENT)
    read = loans.select("loan_id", *_dates(loans.columns), *_flag(loans.columns))
    end = nw.col("applied").dt.offset_by(f"{horizon_months}mo") if horizon_months else nw.lit(None).cast(MOMENT)
    future = ~nw.col("fell").is_null() & (nw.col("fell") >= cut)
    dated = read.with_columns(
        end=end,
        fell=nw.when(nw.col("fell") < cut).then(nw.col("fell")),
        closed=nw.when(nw.col("closed") < cut).then(nw.col("closed")),
        flagged=nw.col("flagged") & ~future,
        blank=nw.col("blank") & ~future,
    )
    return dated.with_columns(rule=_rule(cut)).select("loan_id", *_outcome())


def _dates(present: Sequence[str]) -> list[nw.Expr]:
    return [
        (moment(column) if column in present else nw.lit(None).cast(MOMENT)).alias(name)
        for name, column in (("applied", "applied_on"), ("fell", "defaulted_on"), ("closed", "closed_on"))
    ]


def _flag(present: Sequence[str]) -> list[nw.Expr]:
    """Read ``defaulted``: is it true, and is it blank; a flag beside a date of default adds nothing to the date."""
    if "defaulted" not in present:
        return [nw.lit(False).alias("flagged"), nw.lit(False).alias("blank")]
    defaulted = nw.col("defaulted")
    return [defaulted.fill_null(False).alias("flagged"), defaulted.is_null().alias("blank")]


def _rule(cut: nw.Expr) -> nw.Expr:
    """Return the number of the row of the table that decides."""
    fell, closed, end = nw.col("fell"), nw.col("closed"), nw.col("end")
    fallen, endless = ~fell.is_null(), end.is_null()
    rules = [
        nw.col("applied") >= cut,
        fallen & (endless | (fell < end)),
        fallen,
        nw.col("flagged"),
        nw.col("blank"),
        ~closed.is_null() & (endless | (closed < end)),
        endless,
        end <= cut,
    ]
    decided = nw.lit(len(rules) + 1)
    for number in range(len(rules), 0, -1):
        decided = nw.when(rules[number - 1].fill_null(False)).then(nw.lit(number)).otherwise(decided)
    return decided


def _outcome() -> list[nw.Expr]:
    rule = nw.col("rule")
    unknown, bad, immature = rule.is_in([1, 5]), rule.is_in([2, 4]), rule == 9
    status = (
        nw.when(unknown)
        .then(nw.lit("unknown"))
        .otherwise(nw.when(immature).then(nw.lit("immature")).otherwise(nw.lit("known")))
    )
    known_at = (
        nw.when(rule == 2)
        .then(nw.col("fell"))
        .otherwise(
            nw.when(rule.is_in([4, 6]))
            .then(nw.col("closed"))
            .otherwise(nw.when(rule.is_in([3, 8])).then(nw.col("end")))
        )
    )
    return [
        nw.when(~unknown & ~immature).then(bad).alias("defaulted"),
        status.alias("status"),
        known_at.alias("known_at"),
    ]
