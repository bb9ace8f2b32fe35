"""Which facts a bank has chosen to group its customers by: behaviour, the classic three, its own, or a list."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from guilder.errors import ModelError
from guilder.segments.derived import derivation
from guilder.segments.facts import CLASSIC, choose_facts

BEHAVIOUR, CLASSIC_THREE, DECLARED = "behaviour", "classic", "declared"
PRESETS = (BEHAVIOUR, CLASSIC_THREE, DECLARED)


def preset_facts(preset: str | Sequence[str], frame: pd.DataFrame, declared: Sequence[str] = ()) -> list[str]:
    """Name the facts that a choice stands for.

    Parameters
    ----------
    preset : str or sequence of str
        "behaviour": one fact an idea of how accounts are used. "classic": total amount, average value and frequency.
        "declared": the bank's own attributes of its customers. Or the names of facts.
    frame : DataFrame
        The facts there are, one row a customer.
    declared : sequence of str
        The attributes of customers that the bank declared; those that are no numbers are passed over.

    Returns
    -------
    list of str
        Facts that are in the frame or can be worked out from it.

    Raises
    ------
    ModelError
        When the facts chosen are not there, or are no numbers.
    """
    if preset == BEHAVIOUR:
        return choose_facts(frame.columns, frame)
    if preset == CLASSIC_THREE:
        return [_first_there(idea.facts, frame) for idea in CLASSIC]
    if preset == DECLARED:
        chosen = [name for name in declared if name in frame.columns and _is_number(frame, name)]
        if not chosen:
            raise ModelError(
                "Segments by declared facts need numbers among the attributes of customers and there are none.",
                known=f"Declared: {', '.join(declared) or 'nothing'}.",
                todo='Write under [tables.customers]: attributes = ["income", "balance"]',
            )
        return chosen
    wanted = [preset] if isinstance(preset, str) else list(preset)
    wrong = [name for name in wanted if not _is_there(name, frame) or not _is_number(frame, name)]
    if wrong:
        raise ModelError(
            f"{', '.join(wrong)} cannot group customers: no such fact, or no number.",
            known=f"Presets: {', '.join(PRESETS)}. Facts of this bank: {', '.join(_numbers(frame)[:40])}, …",
            todo="Correct segments.facts in bank.toml.",
        )
    return wanted


def _first_there(names: Sequence[str], frame: pd.DataFrame) -> str:
    for name in names:
        if _is_there(name, frame):
            return name
    raise ModelError(
        f"The classic three need facts about transactions; {names[0]} is not there.",
        todo="Give the bank a transactions table with customer_id, at and amount, or choose other segments.facts.",
    )


def _is_there(name: str, frame: pd.DataFrame) -> bool:
    return name in frame.columns or derivation(name, frame.columns) is not None


def _is_number(frame: pd.DataFrame, name: str) -> bool:
    return name not in frame.columns or pd.api.types.is_numeric_dtype(frame[name])


def _numbers(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns if name != "customer_id" and _is_number(frame, str(name))]
