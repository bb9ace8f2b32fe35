"""What a value of ``bank.toml`` should have been, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

WORDS: Mapping[str, str] = {
    "string_type": "text in quotes", "int_type": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "bool_type": "true or false", "date_type": "a date, without quotes",
    "date_from_datetime_inexact": "a date without a time", "date_from_datetime_parsing": "a date, without quotes",
    "date_parsing": "a date, without quotes", "literal_error": "{expected}", "list_type": "a list",
    "dict_type": "keys with values", "model_type": "a section of keys with values",
    "model_attributes_type": "a section of keys with values", "finite_number": "a number that is not inf or nan",
    "greater_than": "above {gt:g}", "greater_than_equal": "{ge:g} or more", "less_than": "below {lt:g}",
    "less_than_equal": "{le:g} or less", "string_too_short": "text of {min_length} characters or more",
    "string_too_long": "text of {max_length} characters or fewer", "too_short": "a list of {min_length} or more",
    "too_long": "a list of {max_length} or fewer", "string_pattern_mismatch": "text like {pattern}",
}
"""Our words for the kinds of error that the validation knows."""


def should_be(errors: Sequence[Any]) -> tuple[list[str], str]:
    """Say where the first wrong value stands and what it may be, each way that it could be right in turn.

    Returns
    -------
    tuple
        The keys that lead to the value, and the words.
    """
    first = place(errors[0])
    told = [WORDS.get(error["type"], "another value").format(**(error.get("ctx") or {}))
            for error in errors if place(error) == first]
    return first, " or ".join(dict.fromkeys(told))


def place(error: Any) -> list[str]:
    """Give the keys of the file that lead to an error, without the names of types that stand between them."""
    steps = [str(step) for step in error["loc"]]
    return [step for step in steps if "[" not in step and step not in ("str", "int", "float", "bool", "date")]
