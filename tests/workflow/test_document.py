"""The model document of a run on disk: written with it, drawn again to the same bytes, and every loan accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

import guilder
from guilder.errors import RunNotFound
from guilder.report.document_scope import waterfall
from guilder.report.document_tables import every_figure
from guilder.store.runs import Run
from guilder.workflow.report import document


def test_it_is_written_with_the_run_and_again_to_the_same_bytes(run: Run, tmp_path: Path) -> None:
    again = document(run.path, out=tmp_path / "new" / "model.html")
    assert again.read_bytes() == run.document.read_bytes()
    assert document(run.path) == run.document
    assert again.read_bytes() == run.document.read_bytes()


def test_every_loan_of_a_real_run_is_accounted_for(run: Run) -> None:
    steps = waterfall(run.metrics)
    assert steps is not None
    names = [name for name, *_ in steps]
    assert names[0] == "rows in"
    assert "not accounted for" not in names


def test_every_figure_of_a_real_run_is_in_it(run: Run) -> None:
    html = run.document.read_text()
    risk = run.metrics["risk"]
    for _, value in every_figure({key: risk[key] for key in ("test", "challenger", "cut_off")}):
        assert value.replace('"', "&#34;").replace("'", "&#39;") in html


@pytest.mark.slow
def test_a_run_without_a_risk_model_has_none(bank_folder: Path, tmp_path: Path) -> None:
    run = guilder.train(bank_folder, "segments", out=tmp_path)
    assert not run.document.exists()
    with pytest.raises(RunNotFound, match="has no risk model to document"):
        document(run.path)
