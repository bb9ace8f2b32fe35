"""The run section: what went in, with which versions, and how to get the same bytes again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from guilder.report import words
from guilder.report.blocks import Block, Part, Section, Table, Text, text


def run(manifest: Mapping[str, Any], as_of: Any) -> Section:
    """The manifest as tables, and one sentence on how to repeat the run."""
    if not manifest:
        return Section("run", "Run", "", absent="The run has no manifest.")
    facts = [
        ("run", manifest.get("run_id")), ("created", manifest.get("created")),
        ("as of", words.as_of(as_of)),
        ("seed", manifest.get("seed")), ("guilder", manifest.get("guilder")), ("Python", manifest.get("python")),
    ]
    rows = tuple(text(name, str(value)) for name, value in facts if value not in (None, ""))
    blocks: list[Block] = [Table("This run", ("what", "value"), rows, numeric=False)]
    inputs = tuple(
        text(str(each.get("table")), words.count(each.get("rows")), str(each.get("sha256") or words.DASH))
        for each in manifest.get("inputs") or []
    )
    if inputs:
        blocks.append(Table("Inputs", ("table", "rows", "SHA-256"), inputs, numeric=False))
    packages = manifest.get("packages") or {}
    if packages:
        versions = tuple(text(str(name), str(packages[name])) for name in sorted(packages))
        blocks.append(Table("Versions", ("package", "version"), versions, numeric=False))
    settings = tuple(text(name, value) for name, value in _flat(manifest.get("parameters") or {}))
    if settings:
        blocks.append(Table("Settings", ("setting", "value"), settings, numeric=False))
    again = Text(
        "The same inputs, settings, seed and versions give the same figures: train again with this seed on tables "
        "whose SHA-256 are those above, and compare metrics.json of the two run folders."
    )
    return Section("run", "Run", "What went in, and how to get the same again.",
                   (Part("", tuple(blocks)), Part("How to repeat it", (again,))))


def _flat(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of nested settings, as dotted names and JSON values."""
    if isinstance(tree, Mapping) and tree:
        for key in sorted(tree, key=str):
            yield from _flat(tree[key], f"{path}.{key}" if path else str(key))
    elif path:
        said = tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False, sort_keys=True, default=str)
        yield path, words.amount(tree) if isinstance(tree, float) and "e" in said else said
