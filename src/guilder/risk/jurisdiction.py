"""Jurisdictions: what the law of a place asks of a credit model, in words and with its date; no figure hangs on it."""

from __future__ import annotations

from collections.abc import Mapping

AS_OF = "November 2026"
"""When these notes were last checked."""

NOTES: Mapping[str, tuple[str, ...]] = {
    "EU": (
        "AI Act, Annex III: a system that evaluates the creditworthiness of natural persons is of high risk; its "
        "duties (data governance, documentation, human oversight, accuracy) apply from 2 December 2027.",
        "Court of Justice, C-203/22: a person is owed the procedure that was actually applied, and what change of "
        "their data would have changed the result.",
    ),
    "US": (
        "SR 26-2 / OCC 2026-13 replaced SR 11-7 on 17 April 2026: the guidance on model risk that validation follows.",
        "Regulation B has no effects test since 21 July 2026: a ratio of approval rates is evidence about the model "
        "and by itself no violation. Treating applicants differently on a prohibited basis remains one.",
    ),
}


def notes(jurisdiction: str | None) -> list[str]:
    """List the notes of a place; none where none is set."""
    return [f"{note} (As of {AS_OF}.)" for note in NOTES.get(jurisdiction or "", ())]
