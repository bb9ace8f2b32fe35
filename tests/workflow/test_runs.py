"""The runs of a bank: listed in order, compared, published again, and pruned without losing what is in use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_runs import content, flip, page
from typer.testing import CliRunner

from guilder.cli import app
from guilder.errors import ArtefactError, RunNotFound, UsageError
from guilder.store.files import PREFIX
from guilder.store.lock import locked
from guilder.store.runs import SEGMENTS, Run, load_run, write_run
from guilder.workflow.runs import diff_runs, list_runs, prune_runs, publish_run, runs_of, show_run


@pytest.fixture
def made(tmp_path: Path) -> list[Run]:
    """Make four runs; the last one is published, the first one's segments are the bank's."""
    first = replace(content(0), models={**content().models, SEGMENTS: content().models["risk"]})
    return [write_run(tmp_path / "runs", each, page) for each in (first, *(content(seed) for seed in (1, 2, 3)))]


def test_runs_are_listed_the_oldest_first(tmp_path: Path, made: list[Run]) -> None:
    listed = list_runs(tmp_path)
    assert [each.run for each in listed] == [run.id for run in made]
    assert [each.number for each in listed] == [1, 2, 3, 4]
    assert [each.published for each in listed] == [False, False, False, True]
    assert listed[0].rooms == ("risk", "segments")
    assert listed[0].bytes > 1000
    assert list_runs(tmp_path / "runs") == listed


def test_a_bank_without_runs_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="guilder train"):
        runs_of(tmp_path)


def test_what_a_run_is_made_of_is_proven_before_it_is_shown(tmp_path: Path, made: list[Run]) -> None:
    shown = show_run(tmp_path, made[1].id)
    assert shown["files"] == made[1].manifest["files"]
    assert shown["seed"] == 1
    assert show_run(tmp_path, "current")["run"] == made[3].id
    flip(made[1].path / "tables" / "customers.parquet", 77)
    with pytest.raises(ArtefactError, match=r"tables/customers\.parquet"):
        show_run(tmp_path, made[1].id)


def test_two_runs_differ_in_their_causes_and_figures(tmp_path: Path, made: list[Run]) -> None:
    other = replace(content(7), metrics={"risk": {"test": {"auc": {"value": 0.9, "low": 0.7, "high": 0.9}}}})
    run = write_run(tmp_path / "runs", other, page)
    found = diff_runs(tmp_path, made[1].id, run.id)
    assert found["causes"] == {"seed": [1, 7]}
    assert found["figures"] == {"risk.test.auc.value": [0.8, 0.9], "risk.test.auc.low": [None, 0.7]}
    assert diff_runs(tmp_path, run.id, "current") == {"causes": {}, "figures": {}}


def test_an_earlier_run_is_published_again(tmp_path: Path, made: list[Run]) -> None:
    assert publish_run(tmp_path, made[1].id).id == made[1].id
    assert load_run(tmp_path).id == made[1].id
    flip(made[2].path / "metrics.json", 5)
    with pytest.raises(ArtefactError, match=r"metrics\.json"):
        publish_run(tmp_path, made[2].id)
    assert load_run(tmp_path).id == made[1].id


def test_pruning_keeps_the_newest_and_what_is_in_use(tmp_path: Path, made: list[Run]) -> None:
    publish_run(tmp_path, made[1].id)
    assert prune_runs(tmp_path, 1, dry=True) == [made[2].id]
    assert len(list_runs(tmp_path)) == 4
    assert prune_runs(tmp_path, 1) == [made[2].id]
    assert [each.run for each in list_runs(tmp_path)] == [made[place].id for place in (0, 1, 3)]
    assert not list((tmp_path / "runs").glob(f"{PREFIX}*"))
    with pytest.raises(UsageError, match="0 runs cannot stay"):
        prune_runs(tmp_path, 0)


def test_the_commands_say_it_and_stop_where_another_run_is_at_work(tmp_path: Path, made: list[Run]) -> None:
    def says(*words: str) -> tuple[int, str]:
        told = CliRunner().invoke(app, ["runs", *words])
        code = getattr(told.exception, "exit_code", 99) if told.exception else 0
        return code, told.stdout

    assert [each["run"] for each in json.loads(says("list", str(tmp_path), "--json")[1])] == [run.id for run in made]
    for words in (("list",), ("show", "current"), ("diff", made[1].id, "current"), ("prune", "--keep", "9")):
        code, said = says(*words, str(tmp_path))
        assert code == 0, (words, said)
        assert made[3].id in said or words[0] in ("diff", "prune")
    assert "seed" in says("diff", made[1].id, "current", str(tmp_path))[1]
    with locked(tmp_path / "runs"):
        assert says("publish", made[1].id, str(tmp_path))[0] == 75
    code, said = says("publish", made[1].id, str(tmp_path))
    assert (code, said) == (0, f"published {made[1].id}\n")
    assert json.loads(says("prune", str(tmp_path), "--keep", "1", "--json")[1])["removed"] == [made[2].id]
