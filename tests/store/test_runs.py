"""A run is written whole, published by one swap and checked when read."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from guilder.errors import ArtefactError, BusyError, RunNotFound
from guilder.store.lock import locked
from guilder.store.manifest import manifest
from guilder.store.runs import RunContent, load_run, made_before, to_json, write_run


def content(seed: int = 0) -> RunContent:
    model = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    return RunContent(
        manifest=manifest(bank="A", as_of=datetime(2025, 6, 30), seed=seed, inputs=[], parameters={}),
        metrics={"risk": {"test": {"auc": {"value": 0.8, "low": float("nan"), "high": 0.9}}}},
        figures={},
        models={"risk": model},
        tables={"customers": pd.DataFrame({"customer_id": ["1", "2"], "segment": [0, 1]})},
        journal={"seconds": 1.0},
    )


def page(described: Mapping[str, Any]) -> str:
    return f"<h1>{described['run_id']}</h1>"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", content(), page)
    for path in (run.path, tmp_path / "runs", tmp_path, tmp_path / "bank.toml"):
        assert load_run(path).id == run.id
    assert run.metrics["risk"]["test"]["auc"] == {"value": 0.8, "low": None, "high": 0.9}
    assert run.model("risk").predict([[3.0]]).tolist() == [1]
    assert run.table("customers")["customer_id"].tolist() == ["1", "2"]
    assert run.report.read_text() == f"<h1>{run.id}</h1>"


def test_the_same_content_gives_the_same_bytes_and_name(tmp_path: Path) -> None:
    one, two = (write_run(tmp_path / name, content(), page) for name in ("a", "b"))
    assert one.id == two.id
    names = [path.relative_to(one.path) for path in sorted(one.path.rglob("*")) if path.is_file()]
    assert len(names) == 7
    assert all((one.path / name).read_bytes() == (two.path / name).read_bytes() for name in names)
    assert write_run(tmp_path / "c", content(seed=1), page).id != one.id


@pytest.mark.parametrize("name", ["models/risk.skops", "metrics.json", "tables/customers.parquet"])
def test_one_flipped_bit_is_an_error_before_anything_is_parsed(tmp_path: Path, name: str) -> None:
    run = write_run(tmp_path, content(), page)
    data = bytearray((run.path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (run.path / name).write_bytes(bytes(data))
    with pytest.raises(ArtefactError, match=name):
        run.checked(name)
    assert made_before(tmp_path, run.id) is None


def test_a_run_made_before_is_found(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    assert made_before(tmp_path, run.id) == load_run(run.path)
    assert made_before(tmp_path, "2025-06-30-none") is None


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="guilder train"):
        load_run(tmp_path)
    run = write_run(tmp_path, content(), page)
    with pytest.raises(RunNotFound, match="it holds: risk"):
        run.model("offers")
    (run.path / "manifest.json").write_text("{")
    with pytest.raises(ArtefactError, match="manifest"):
        load_run(tmp_path)


def test_json_holds_no_nan(tmp_path: Path) -> None:
    assert json.loads(to_json({"a": [float("inf"), (1, 2)], "b": datetime(2025, 1, 1)})) == {
        "a": [None, [1, 2]], "b": "2025-01-01 00:00:00",
    }  # fmt: skip


def _hold(folder: Path, ready: Any, done: Any) -> None:
    with locked(folder):
        ready.set()
        done.wait(20)


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(BusyError, match=str(other.pid)), locked(tmp_path):
            pass
    finally:
        done.set()
        other.join()
    with locked(tmp_path):
        assert (tmp_path / ".lock").read_text().startswith("process")
