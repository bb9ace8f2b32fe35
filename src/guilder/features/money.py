"""Money as whole cents, so that sums are exact, and back again.

Sums of whole numbers below 2^53 are exact as Float64: a total does not depend on the order or the threads in which an
engine adds it up.
"""

from __future__ import annotations

import narwhals as nw

CENTS = 100.0


def cents(column: str) -> nw.Expr:
    """Return an amount as whole cents, held as Float64."""
    return (nw.col(column).cast(nw.Float64) * CENTS).round(0)


def in_currency(whole: nw.Expr) -> nw.Expr:
    """Return whole cents as an amount.

    A product and not a quotient: engines differ in how they divide by a constant, and SQL grows several times.
    """
    return (whole * (1 / CENTS)).round(2)
