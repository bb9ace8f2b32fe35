"""The names a bank file gives: which word is nearest to one that is not known, and columns that cannot be so called."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from guilder.contract.check import repeated
from guilder.contract.tables import Table
from guilder.errors import BankFileError

if TYPE_CHECKING:
    from guilder.contract.bank_file import TableFile

KEPT = ("row", "as_of", "_file", "_row", "_reason")
"""Names of columns that the work itself adds to a table."""

CONSTANT = "="
"""Written before a value in place of a bank's column: every row has that value, as in ``"=hold"``."""


def nearest(word: str, known: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """Say which known word is nearest to a word, and what is known at all."""
    words = sorted(known)
    folded = {name.strip().casefold(): name for name in reversed(words)}
    close = [folded[name] for name in get_close_matches(word.strip().casefold(), folded, n=1, cutoff=0.5)]
    listed = f"Known: {', '.join(words[:30])}{', …' if len(words) > 30 else ''}."
    return f"Did you mean {close[0]!r}? {listed}" if close else listed


def check_columns(table: Table, settings: TableFile) -> None:
    """Refuse columns, attributes, codes and dates of availability that name what is no column of a table."""
    where = f"tables.{table.name}"
    if settings.attributes and table.name not in ("customers", "loans"):
        raise BankFileError(
            f"[{where}] attributes: only customers and loans may declare attributes.",
            todo="Bring the value into loans or customers with sql, or leave it out.", id="G-COLS-003",
        )
    attributes = list(settings.attributes)
    if twice := [name for name in repeated([*table.columns, *attributes]) if name not in table.columns]:
        raise BankFileError(
            f"[{where}] attributes: {twice[0]!r} is the name of another column too (upper and lower case count as the "
            "same).", todo=f'Give it a name of its own: columns = {{ my_{twice[0].lower()} = "{twice[0]}" }}',
            id="G-COLS-003",
        )
    for name in attributes:
        if name.casefold() in KEPT or name.startswith("p:"):
            raise BankFileError(
                f"[{where}] attributes: {name!r} is a name that is kept for the work itself.",
                todo=f'Give it another: columns = {{ my_{name.strip("_:")} = "{name}" }}', id="G-COLS-003",
            )
        if name in table.columns:
            raise BankFileError(
                f"[{where}] attributes: {name!r} is already a column of the contract.",
                todo=f"Leave {name!r} out of attributes; it is used as it is.", id="G-COLS-003",
            )
    known = {**table.columns, **dict.fromkeys(attributes)}
    formats = settings.date_format if isinstance(settings.date_format, dict) else {}
    for key, words in (("columns", settings.columns), ("codes", settings.codes), ("date_format", formats)):
        for word in words:
            if word not in known:
                raise BankFileError(
                    f"[{where}] {key}: {word!r} is not a column of {table.name}.", known=nearest(word, known),
                    todo="Our name stands on the left, the bank's name on the right: columns = { amount = \"amt\" }",
                    id="G-BANK-007",
                )
    for word, theirs in settings.columns.items():
        if theirs.startswith(CONSTANT) and word in table.columns:
            _check_constant(table, word, theirs.removeprefix(CONSTANT), settings)
    for word in settings.available:
        if word not in attributes:
            raise BankFileError(
                f"[{where}] available: {word!r} is not a declared attribute.",
                known=nearest(word, attributes), todo=f'Write: attributes = ["{word}"]', id="G-BANK-007",
            )


def _check_constant(table: Table, word: str, constant: str, settings: TableFile) -> None:
    """Refuse a value for every row that is none, or that is no code of its column."""
    codes = table.columns[word].codes
    known = {**dict.fromkeys(codes), **settings.codes.get(word, {})}
    if not constant.strip() or (codes and constant.lower() not in codes and constant not in known):
        example = codes[-2] if codes else "value"
        raise BankFileError(
            f"[tables.{table.name}] columns: {word} is {CONSTANT + constant!r}, which gives every row "
            + (f"{constant!r}, and that is no code of {word}." if constant.strip() else "nothing."),
            known=nearest(constant, list(known)) if known else "What stands after the = is the value of every row.",
            todo=f'Write for example: columns = {{ {word} = "{CONSTANT}{example}" }}',
        )
