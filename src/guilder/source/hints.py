"""What to do about rows that cannot be used: the line to write, made from what was found."""

from __future__ import annotations

import math
from difflib import get_close_matches

from guilder.contract.check import Violation
from guilder.contract.tables import Column
from guilder.source.csv_file import toml_text
from guilder.source.encodings import advice
from guilder.source.intake import Typed

SHOWN = 5
"""Codes that are shown of a column."""

TRUE_WORDS = ("b", "bad", "d", "default", "defaulted", "charged off", "ja", "oui", "si", "tak", "ano", "x")
FALSE_WORDS = ("g", "good", "p", "paid", "fully paid", "a", "ok", "nein", "non", "nie", "ne")
"""What flags are called elsewhere, for the first guess of a line that a person corrects."""


def hint(typed: Typed, worst: Violation, share: float) -> str:
    """Say how to mend the rule that most rows break, and how to go on without them where that makes sense.

    Parameters
    ----------
    typed : Typed
        The table.
    worst : Violation
        The rule that most rows break.
    share : float
        How many of the table's rows cannot be used, of 1.
    """
    number = int(worst.id[-3:])
    where = typed.where
    hints = {
        2: f"Mend the file, or map another column: columns = {{ {worst.column} = \"its name\" }}",
        5: "Bring the missing rows; check that both tables write the key the same way (1 is not 01).",
        6: code_line(typed, worst.column),
        28: "If the bank serves them, write under [limits] the ages of its customers: ages = [0, 110]",
        35: "Take the file that repeats another away.",
        10: f"Check delimiter and quotes under [{where}].",
    }
    if number == 4:
        line = _kind_line(typed, worst.column)
    elif number == 20:
        line = next((told for file in typed.raw.files if (told := advice(file.path, "utf-8", where))), "")
    else:
        line = hints.get(number, "Mend the file.")
    if share > 0.5:
        return f"{line}\nMost rows fail, so the rows are hardly at fault: look at how the file is written " \
               f"(delimiter, decimal, date_format, codes) and at columns under [{where}]."
    enough = math.ceil(share * 100) / 100
    return f"{line}\nTo go on without these rows, write under [{where}]: max_quarantine = {enough:.2f}"


def code_line(typed: Typed, column: str) -> str:
    """Write the ``codes`` line that would explain the values found, those already explained included."""
    known = dict(typed.settings.codes.get(column, {}))
    strange = typed.strange.get(column, ())
    line = f'codes = {{ {column} = {{ "their value" = "our value" }} }} ("unknown" for blank)'
    if not strange:
        return f"Are these codes at all? Check the column under columns; or add the values: {line}"
    kept = {code: str(value).lower() if isinstance(value, bool) else toml_text(str(value))
            for code, value in known.items()}
    guesses = _guesses(typed.table.columns[column], strange[:SHOWN], known=bool(known))
    pairs = ", ".join(f"{toml_text(code)} = {meaning}" for code, meaning in (kept | guesses).items())
    said = ", ".join(map(toml_text, strange[:SHOWN])) + (", …" if len(strange) > SHOWN else "")
    several = "Values" if len(strange) > 1 else "The value"
    return (f"{several} without a meaning: {said}. Say what each means (a guess to correct; \"unknown\" for blank):\n"
            f"codes = {{ {column} = {{ {pairs} }} }}")


def _guesses(column: Column, values: tuple[str, ...], *, known: bool) -> dict[str, str]:
    """Guess what each value means, as TOML: a word that is known, else the nearest code or ``"unknown"``."""
    if column.kind == "code":
        near = {value: get_close_matches(value.lower(), column.codes, n=1, cutoff=0.4) for value in values}
        return {value: toml_text(close[0] if close else "unknown") for value, close in near.items()}
    meant = {value: "true" if value.lower() in TRUE_WORDS else "false" if value.lower() in FALSE_WORDS else '"unknown"'
             for value in sorted(values)}
    if len(meant) == 2 and not known and len(set(meant.values())) == 1:
        meant = dict(zip(meant, ("false", "true"), strict=True))
    return meant


def _kind_line(typed: Typed, column: str) -> str:
    kind = typed.columns.get(column)
    if kind in ("money", "number", "integer"):
        return (f'Declare how numbers are written under [{typed.where}]: decimal = "," and thousands = "."; '
                f'where they stand with a word, say what each means: codes = {{ {column} = {{ "36 months" = "36" }} }}')
    return code_line(typed, column) if kind == "flag" else "Mend those lines."
