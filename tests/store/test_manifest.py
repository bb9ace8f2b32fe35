"""Equal causes give an equal name, and any other cause another one."""

from __future__ import annotations

import platform
from datetime import datetime
from importlib.metadata import version
from typing import Any

import pytest

from guilder.store.manifest import PACKAGES, manifest, versions

CAUSES: dict[str, Any] = {
    "bank": "A", "as_of": datetime(2025, 6, 30, 12), "seed": 1, "inputs": [{"name": "loans"}], "parameters": {"a": 1},
}  # fmt: skip


def test_a_manifest_says_what_a_run_is_made_from() -> None:
    found = manifest(**CAUSES)
    assert manifest(**CAUSES) == found
    assert found == {**CAUSES, **versions(), "as_of": "2025-06-30T12:00:00", "run_id": found["run_id"]}
    assert versions() == {
        "guilder": version("guilder"), "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }  # fmt: skip
    assert manifest(**{**CAUSES, "as_of": None})["as_of"] is None


@pytest.mark.parametrize(
    ("cause", "other"),
    [("bank", "B"), ("as_of", datetime(2025, 6, 30, 13)), ("seed", 2), ("inputs", []), ("parameters", {"a": 2}),
     ("as_of", None)],
)  # fmt: skip
def test_another_cause_is_another_name(cause: str, other: object) -> None:
    day, name = "2025-06-30-", manifest(**CAUSES)["run_id"]
    changed = manifest(**{**CAUSES, cause: other})["run_id"]
    assert name.startswith(day)
    assert len(name) == len(day) + 10
    assert changed.startswith("undated-" if other is None else day)
    assert changed[-10:] != name[-10:]


def test_the_order_of_parameters_is_no_cause() -> None:
    one, other = ({**CAUSES, "parameters": words} for words in ({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert manifest(**one)["run_id"] == manifest(**other)["run_id"]
