"""One bit turned over, in any file of a run: an error that names the file, before anything is parsed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_runs import content, flip, page

from guilder.errors import ArtefactError
from guilder.store.runs import load_run, write_run

FEW, MANY = 60, 1000


@pytest.mark.parametrize("flips", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_each_flip_is_an_error_that_names_a_file(tmp_path: Path, flips: int) -> None:
    run = write_run(tmp_path, content(), page, page)
    paths = sorted(path for path in run.path.rglob("*") if path.is_file())
    assert len(paths) == 9
    rng = np.random.default_rng(0)
    for number in range(flips):
        path = paths[number % len(paths)]
        bit = int(rng.integers(8 * path.stat().st_size))
        flip(path, bit)
        with pytest.raises(ArtefactError) as caught:
            load_run(tmp_path)
        assert caught.value.todo
        assert any(found.name in caught.value.wrong for found in paths), f"bit {bit} of {path.name}"
        flip(path, bit)
    assert load_run(tmp_path).model("risk") is not None


@pytest.mark.parametrize("keeps", [0.0, 0.5, 0.99])
def test_a_file_that_was_cut_short_is_named(tmp_path: Path, keeps: float) -> None:
    run = write_run(tmp_path, content(), page)
    for path in [path for path in run.path.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(keeps * len(whole))])
        with pytest.raises(ArtefactError, match=path.name):
            load_run(tmp_path)
        path.write_bytes(whole)


def test_two_files_that_changed_places_are_named(tmp_path: Path) -> None:
    run, other = (write_run(tmp_path, content(seed), page) for seed in (1, 2))
    for name in ("metrics.json", "manifest.json"):
        one, two = (each.path / name for each in (run, other))
        (first, second) = (one.read_bytes(), two.read_bytes())
        if first == second:
            continue
        one.write_bytes(second)
        with pytest.raises(ArtefactError, match=name):
            load_run(run.path)
        one.write_bytes(first)
    (run.path / "report.html").write_bytes((run.path / "metrics.json").read_bytes())
    with pytest.raises(ArtefactError, match=r"report\.html"):
        load_run(run.path)
