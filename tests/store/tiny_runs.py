"""A tiny run, for tests that write hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression

from guilder.store.manifest import manifest
from guilder.store.runs import RunContent


@cache
def model() -> LogisticRegression:
    """Fit the least there is to fit."""
    return LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])


def content(seed: int = 0) -> RunContent:
    """Make what a run is made of; another seed is another run."""
    return RunContent(
        manifest=manifest(bank="A", as_of=datetime(2025, 6, 30), seed=seed, inputs=[], parameters={}),
        metrics={"risk": {"test": {"auc": {"value": 0.8, "low": float("nan"), "high": 0.9}}}},
        figures={},
        models={"risk": model()},
        tables={"customers": pd.DataFrame({"customer_id": ["1", "2"], "segment": [0, 1]})},
        journal={"seconds": 1.0},
    )


def page(described: Mapping[str, Any]) -> str:
    """Draw the least there is to draw."""
    return f"<h1>{described['run_id']}</h1>"


def flip(path: Path, bit: int) -> None:
    """Turn one bit of a file over."""
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(bytes(data))
