"""The model document's cross-references: where a reader of each rule finds what it asks about. No legal advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guilder.report.blocks import Part, Section, Table, Text, text


@dataclass(frozen=True)
class Reference:
    """What a rule asks about, and the sections that say something about it; none where the bank must write it."""

    asked: str
    sections: tuple[str, ...]
    also: str = ""


SOURCES: Mapping[str, tuple[str, tuple[Reference, ...]]] = {
    "SR 26-2 and OCC Bulletin 2026-13: model risk management (United States, 17 April 2026, in place of SR 11-7)": (
        "By topic. It is guidance, written for larger banks.",
        (
            Reference("purpose, design and assumptions", ("purpose", "default", "choice")),
            Reference("data: quality, relevance, lineage", ("population", "lineage", "facts")),
            Reference("testing and outcomes analysis", ("performance", "validation", "time")),
            Reference("limits and uncertainty", ("limits", "uncertainty")),
            Reference("use, overrides", ("policy", "limits")),
            Reference("inventory, roles, independent validation, monitoring plan", ()),
        ),
    ),
    "EBA/GL/2017/16: guidelines on PD estimation (IRB approach)": (
        "For internal ratings; a PD used for decisions alone is not bound by it.",
        (
            Reference("general estimation requirements (chapter 4): data and their representativeness",
                      ("population", "lineage", "validation")),
            Reference("human judgement, overrides", ("limits", "policy"), "overrides of single decisions: the bank"),
            Reference("PD model (chapter 5): risk drivers, ranking, homogeneous grades",
                      ("facts", "performance", "policy")),
            Reference("PD calibration (chapter 5): observed default rates", ("performance", "validation", "time")),
            Reference("long-run average default rate, margin of conservatism, rating philosophy", ()),
            Reference("LGD (chapter 6), defaulted exposures (chapter 7)", ()),
        ),
    ),
    "Regulation (EU) 2024/1689 (AI Act), Annex IV: technical documentation": (
        "Annex III names creditworthiness of natural persons; the duties for credit apply from 2 December 2027.",
        (
            Reference("1: general description, intended purpose, versions", ("purpose", "repeat")),
            Reference("2: development: methods, design choices, data, validation and testing",
                      ("choice", "facts", "population", "lineage", "performance", "validation")),
            Reference("2 and 3: human oversight", ("purpose", "policy", "reasons"), "who oversees: the bank"),
            Reference("3: capabilities, limits, accuracy for groups of persons", ("performance", "fairness", "limits")),
            Reference("4: why the measures are the right ones", ("performance", "validation")),
            Reference("5 to 9: risk management, changes, standards, declaration of conformity, monitoring plan", ()),
        ),
    ),
    "Regulation B, 12 CFR 1002 (United States)": (
        "Since 21 July 2026 without an effects test; other law on disparate impact is not spoken of here.",
        (
            Reference("§ 1002.9: the specific reasons for adverse action", ("reasons",), "the notice itself: the bank"),
            Reference("§ 1002.2(p): an empirically derived, demonstrably and statistically sound system",
                      ("population", "choice", "performance", "validation")),
            Reference("§ 1002.6: what may not be considered", ("facts", "fairness", "limits")),
        ),
    ),
    "GDPR, Article 15(1)(h), as read in CJEU C-203/22": (
        "The person may ask for the procedure that was in fact applied, in words that can be understood.",
        (
            Reference("the procedure and principles applied", ("reasons", "policy", "facts")),
            Reference("what other data would have changed", ("reasons",), "of one decision: its record"),
        ),
    ),
}  # fmt: skip


def references(numbers: Mapping[str, str]) -> Section:
    """Where this document speaks of what each rule asks.

    Parameters
    ----------
    numbers : mapping
        The sections' numbers and titles, such as ``"4 Data and lineage"``, by key.
    """
    parts = [Part("", (Text(
        "This is orientation for a reader who looks for something, written in November 2026 and not kept up with the "
        "law. It is no legal advice, and no claim that anything is fulfilled."
    ),))]
    for title, (remark, asked) in SOURCES.items():
        rows = tuple(
            text(each.asked, "; ".join((*(numbers[key] for key in each.sections), *((each.also,) if each.also else ())))
                 or "not in this document: the bank writes it")
            for each in asked
        )
        table = Table("Where it stands", ("asked about", "where"), rows, numeric=False)
        parts.append(Part(title, (Text(remark), table)))
    return Section("references", "Cross-references", "Where to find what a rule asks about.", tuple(parts))
