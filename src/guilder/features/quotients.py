"""Quotients, in two stages: numerators and denominators become columns first, since SQL repeats what it divides."""

from __future__ import annotations

from typing import TypeAlias

import narwhals as nw

Quotients: TypeAlias = dict[str, tuple[nw.Expr, nw.Expr]]
"""Numerator and denominator by the name of the fact."""


def ratio(numerator: nw.Expr, denominator: nw.Expr) -> nw.Expr:
    """Return a quotient as a number, missing where the denominator is zero or missing.

    An engine that spells out division by zero writes each operand several times: give it columns, not expressions.
    """
    return nw.when(denominator != 0).then(numerator.cast(nw.Float64) / denominator.cast(nw.Float64))


def parts(quotients: Quotients) -> list[nw.Expr]:
    """Return the numerators and denominators as columns of their own: the first stage."""
    return [
        part.cast(nw.Float64).alias(f"{name}_{place}")
        for name, pair in quotients.items()
        for part, place in zip(pair, ("top", "bottom"), strict=True)
    ]


def quotient(name: str) -> nw.Expr:
    """Return a quotient from its `parts`, missing where the denominator is zero or missing: the second stage."""
    top, bottom = nw.col(f"{name}_top"), nw.col(f"{name}_bottom")
    return nw.when(bottom != 0).then(top / bottom).alias(name)
