"""The scorecard of a run: its points and its SQL give what the model gives, on the bank's own loans."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from typer.testing import CliRunner

from guilder.cli import app
from guilder.contract.points import Scorecard
from guilder.errors import RunNotFound
from guilder.risk.classifier import DefaultClassifier
from guilder.risk.compare import compare
from guilder.risk.scorecard import total
from guilder.source.bank import Bank
from guilder.source.scorecard_sql import scorecard_sql
from guilder.store.runs import Run
from guilder.workflow.loan_book import loan_book
from guilder.workflow.risk import _no_facts
from guilder.workflow.scorecard import card_of, scorecard, scorecard_in, spans


def test_the_statement_of_a_run_gives_the_pds_of_the_scorecard(bank: Bank, run: Run) -> None:
    seed = run.manifest["seed"]
    book = loan_book(bank, seed, lambda _: None)
    rows, kept = book.split.refit, scorecard_in(run)
    X = book.facts[[row["fact"] for row in kept["iv"]]]
    X = X[[name for name in book.facts if name in set(X)]]
    monotone = run.model("risk").monotone
    model = DefaultClassifier("scorecard", cv=3, monotone=monotone, random_state=seed)
    model.fit(X.iloc[rows], book.y.to_numpy()[rows], groups=book.split.groups[rows])
    con = duckdb.connect()
    con.register("facts", X.assign(loan_id=[f"{place:07d}" for place in range(len(X))]))
    found = con.execute(scorecard_sql(card_of(run))).df().sort_values("loan_id")
    np.testing.assert_allclose(found["p_default"], model.predict_proba(X)[:, 1], rtol=0, atol=1e-12)
    assert np.ptp(found["points"]) > 20
    assert not kept["is_champion"]
    assert kept["period"] in ("quarter", "year")


def test_a_champion_that_is_a_scorecard_is_the_one_laid_out(bank: Bank) -> None:
    book = loan_book(bank, 0, lambda _: None)
    some = replace(book, facts=book.facts[book.facts.columns[:12]])
    settings = bank.settings.risk.model_copy(update={"points_to_double": 40.0})
    result = compare(some.facts, some.y, some.split, learners=["scorecard"], balancings=["none"])
    found = scorecard(result, some, settings, 0)
    assert found["is_champion"]
    card = Scorecard.from_dict(found)
    assert card.scale.to_double == 40
    points = total(result.classifier, card, some.facts)
    np.testing.assert_allclose(card.scale.log_odds(points), result.classifier.decision_function(some.facts), atol=1e-9)


def test_names_that_are_no_fact_are_said_with_the_nearest() -> None:
    assert _no_facts("[risk.accept]", {"agge": "known", "rows": "twins"}, ["age_years", "amount", "rows"]) == [
        "[risk.accept] names what is no fact of this model: agge (the nearest is age_years)"
    ]


def test_the_command_shows_the_table_or_prints_the_statement(run: Run) -> None:
    said = CliRunner().invoke(app, ["scorecard", str(run.path)])
    assert said.exit_code == 0
    assert "What each fact tells" in said.stdout
    assert "weight of evidence" in said.stdout
    printed = CliRunner().invoke(app, ["scorecard", "--run", str(run.path), "--sql", "--table", "dwh.my facts"])
    assert printed.stdout.rstrip("\n") == scorecard_sql(card_of(run), "dwh.my facts")
    assert '"dwh"."my facts"' in printed.stdout
    asked = json.loads(CliRunner().invoke(app, ["scorecard", str(run.path), "--json"]).stdout)
    assert asked == {"run": run.id, **scorecard_in(run)}


def test_a_run_without_a_risk_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text("{}")
    run = Run(tmp_path, {"run_id": "R", "files": {"metrics.json": hashlib.sha256(b"{}").hexdigest()}})
    with pytest.raises(RunNotFound, match="guilder train BANK risk"):
        scorecard_in(run)


def test_quarters_where_they_hold_many_loans_and_years_where_not() -> None:
    month = np.repeat(np.arange("2023-01", "2025-01", dtype="datetime64[M]"), 100)
    assert spans(month)[0] == "quarter"
    length, period = spans(month[::10])
    assert (length, len(np.unique(period))) == ("year", 2)
    assert spans(np.append(month, np.datetime64("NaT"))) == (None, None)
