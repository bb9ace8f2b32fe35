"""A scorecard as one SELECT in DuckDB's words, over a table of facts: for the bank's own pipelines."""

from __future__ import annotations

import math

from guilder.contract.points import FactPoints, PointBin, Scorecard
from guilder.evaluation.calibration import TINY
from guilder.source.sql import identifier, literal, number, relation


def scorecard_sql(card: Scorecard, table: str = "facts") -> str:
    """Write the statement that gives every loan of a table of facts its points and its PD.

    Parameters
    ----------
    card : Scorecard
        The points.
    table : str
        The table of facts: ``loan_id`` and a column for each fact of the card. Dots part catalogue, schema and table.

    Returns
    -------
    str
        One SELECT of ``loan_id``, ``points`` and ``p_default``. Names and words are quoted, numbers are written so that
        they read back to the bit.
    """
    read = [f"    {_read(fact)} AS {identifier(fact.fact)}" for fact in card.facts]
    points = "".join(f"\n    + {_case(fact)}" for fact in card.facts)
    edge = math.log((1 - TINY) / TINY)
    points_at, factor, odds = map(number, (card.scale.points, card.scale.factor, math.log(card.scale.odds)))
    log_odds = f"({points_at} - points) / {factor} - {odds}"
    return "\n".join(
        [
            "WITH known AS (",
            ",\n".join(["SELECT loan_id", *read]),
            f"FROM {relation(table)}",
            "),",
            "pointed AS (",
            f"SELECT loan_id,\n    {number(card.base)}{points} AS points",
            "FROM known",
            ")",
            "SELECT loan_id, points,",
            f"    1 / (1 + exp(-least(greatest({log_odds}, {number(-edge)}), {number(edge)}))) AS p_default",
            "FROM pointed",
        ]
    )


def _read(fact: FactPoints) -> str:
    """Read a column as the card needs it: text, or a number with NaN as NULL."""
    name = identifier(fact.fact)
    return f"CAST({name} AS VARCHAR)" if fact.category else f"nullif(CAST({name} AS DOUBLE), 'NaN')"


def _case(fact: FactPoints) -> str:
    """Tell the bins apart: what is missing and single values first, then ranges from the lowest."""
    name = identifier(fact.fact)
    first = sorted(fact.bins, key=lambda one: (not one.missing, not one.values))
    whens = [f"        WHEN {test} THEN {number(one.points)}" for one in first if (test := _test(name, one, fact))]
    rest = next((one.points for one in fact.bins if _last(one, fact)), fact.neutral)
    return "\n".join(["CASE", *whens, f"        ELSE {number(rest)}", "    END"])


def _last(one: PointBin, fact: FactPoints) -> bool:
    """Say whether a bin holds all that no test has found."""
    return one.others if fact.category else not (one.missing or one.values) and one.high is None


def _test(name: str, one: PointBin, fact: FactPoints) -> str:
    if one.missing:
        return f"{name} IS NULL"
    if one.values:
        said = [literal(value) if isinstance(value, str) else number(value) for value in one.values]
        return f"{name} IN ({', '.join(said)})"
    return "" if fact.category or one.high is None else f"{name} < {number(one.high)}"
