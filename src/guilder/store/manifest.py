"""What a run was made from: inputs, versions, seed and parameters, and the name that follows from them."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

PACKAGES = ("duckdb", "imbalanced-learn", "narwhals", "numpy", "pandas", "scikit-learn", "scipy", "skops")
"""The libraries whose version can change a figure."""


def versions() -> dict[str, Any]:
    """Say what is at work: Guilder, Python, and the libraries whose version can change a figure."""
    return {
        "guilder": version("guilder"), "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }  # fmt: skip


def manifest(
    *, bank: str, as_of: datetime | None, seed: int, inputs: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a run before it is made.

    Returns
    -------
    dict
        ``run_id`` is the as-of date (or "undated") and a digest of everything else: equal causes give an equal name.
    """
    causes: dict[str, Any] = {
        "bank": bank,
        "as_of": as_of.isoformat() if as_of else None,
        "seed": seed,
        **versions(),
        "inputs": [dict(item) for item in inputs],
        "parameters": dict(parameters),
    }
    digest = hashlib.sha256(json.dumps(causes, sort_keys=True, default=str).encode()).hexdigest()
    day = f"{as_of:%Y-%m-%d}" if as_of else "undated"
    return {"run_id": f"{day}-{digest[:10]}", **causes}
