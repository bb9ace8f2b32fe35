"""The model document's use: policy and bands, limits and what was overridden, and how to get the same again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guilder.report import section_policy, section_risk_test, section_run, words
from guilder.report.blocks import Block, Note, Part, Section, Table, Text, text
from guilder.report.document_tables import every_figure, missing, tables

UNTOLD = (
    "The model knows loans that were granted; of those declined it has seen no outcome. It has seen one stretch of "
    "time: a test out of time says how it aged once, not how it will. Long-run average default rates, margins of "
    "conservatism, downturns, and the governance around the model are for the bank to add."
)
ANNEX = ("balancing", "candidates", "dropped_facts", "warnings")
"""Keys of the risk room that the annex leaves to metrics.json: long, or in full in a section of their own."""


def policy(known: dict[str, Any], drawn: dict[str, Any]) -> Section:
    """The cut-off, what it does, and the bands with their observed rates."""
    parts = [section_policy.policy(known, drawn), section_risk_test.decisions(known, drawn)]
    if not known.get("policy"):
        parts.insert(0, Part("", (missing("approval, bad rate and profit at the cut-off"),)))
    return Section("policy", "Policy and bands", "Where the cut-off lies, by which rule, and what it does.",
                   tuple(part for part in parts if part.blocks))


def limits(manifest: Mapping[str, Any], metrics: dict[str, Any]) -> Section:
    """Warnings, what the bank took in against a rule, and what no figure here can tell."""
    known = metrics["risk"]
    warned = [Note(words.sentence(each), "warn") for each in known.get("warnings") or []]
    gate = known.get("leakage")
    return Section("limits", "Limits, warnings and overrides", "What a reader must not overlook.", (
        Part("Warnings", tuple(warned) or (Text("The run gave no warning."),)),
        Part("Leakage gate", tuple(tables(gate, "Leakage")) if gate else (
            missing("findings of a leak, beyond those among the warnings"),
        )),
        Part("Overrides", tuple(_overrides(manifest, metrics))),
        Part("What no figure here tells", (Text(UNTOLD),)),
    ))  # fmt: skip


def _overrides(manifest: Mapping[str, Any], metrics: dict[str, Any]) -> list[Block]:
    settings = words.dig(manifest, "parameters", "risk") or {}
    undated = words.dig(metrics, "data", "overrides") or []
    accepted = settings.get("accept") or {}
    protected = settings.get("use_protected") or []
    found = tables(undated, "Taken in although undated, with the bank's reason") if undated else []
    found += tables(accepted, "Findings of a leak that the bank accepts, with its reason") if accepted else []
    if protected:
        found.append(Note(f"Protected columns are facts, as the bank asks: {words.joined(protected)}.", "warn"))
    return found or [Text("None: no undated table explains a dated loan, no finding of a leak was accepted, and no "
                          "protected column is a fact.")]


def repeat(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> Section:
    """Versions, seed and settings, and the command that gives the same run."""
    made = section_run.run(manifest, metrics.get("as_of"))
    command = Part("The command", (Table("To be typed", ("step", "command"), (
        text("train", f"guilder train BANK --seed {manifest.get('seed')}"),
        text("this document", f"guilder document BANK --run RUNS/{manifest.get('run_id')}"),
    ), numeric=False),))
    return Section("repeat", "Reproducibility", made.lead, (*made.parts, command))


def annex(known: Mapping[str, Any]) -> Section:
    """Every figure of the risk room to the digit, under its name in metrics.json."""
    rows = tuple(
        text(path, value)
        for path, value in every_figure({key: value for key, value in known.items() if key not in ANNEX})
    )
    return Section("annex", "Annex: every figure", "As metrics.json holds them, to the digit.",
                   (Part("", (Table("metrics.json, risk", ("name", "value"), rows, numeric=False, dense=True),)),))
