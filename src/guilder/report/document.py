"""The model document: everything a validator asks about one run's risk model, from its manifest and figures alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guilder.report.blocks import Section


def document(manifest: Mapping[str, Any], metrics: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Write the model document of a run as one HTML page that prints well.

    Parameters
    ----------
    manifest, metrics, figures : mapping
        As for `page.page`. What a run did not measure is said to be not measured.

    Returns
    -------
    str
        HTML without scripts or references to anything outside it; the same run gives the same bytes.
    """
    from guilder.report.page import draw

    shown = sections(manifest, metrics, figures)
    return draw(shown, manifest, metrics, "model document", "Model document · loan default")


def sections(
    manifest: Mapping[str, Any], metrics: Mapping[str, Any], figures: Mapping[str, Any]
) -> tuple[Section, ...]:
    """The document's sections, numbered; one that says why, where the run has no risk model."""
    from guilder.report import document_model, document_scope, document_tests, document_use, prose
    from guilder.report.blocks import Note, Part, Section
    from guilder.report.document_references import references

    meanings = prose.meanings(figures)
    said, every = prose.tidied(metrics, meanings), prose.tidied(figures, meanings)
    known, drawn = said.get("risk"), every.get("risk") or {}
    if not known:
        why = Note("This run has no risk model, so there is nothing to document.", "warn")
        return (Section("purpose", "No risk model", "", (Part("", (why,)),)),)
    made = [
        document_scope.purpose(manifest, said), document_scope.population(said), document_scope.default(manifest),
        document_scope.lineage(manifest, said), document_model.facts(known, every, meanings),
        document_model.choice(known), document_tests.performance(known, drawn), document_tests.validation(known),
        document_tests.time(known, drawn), document_tests.fairness(known), document_model.reasons(known),
        document_use.policy(known, drawn), document_model.uncertainty(known), document_use.limits(manifest, said),
        document_use.repeat(manifest, said),
    ]
    numbers = {each.key: f"{place} {each.title}" for place, each in enumerate(made, start=1)}
    made += [references(numbers), document_use.annex(metrics["risk"])]
    return tuple(replace(each, title=f"{place} {each.title}") for place, each in enumerate(made, start=1))
