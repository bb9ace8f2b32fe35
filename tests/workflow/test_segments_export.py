"""Customers by segment as a file: consent, control group, small segments, and the statement over the facts written."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from guilder.cli_segments import app
from guilder.errors import UsageError
from guilder.segments.choose_k import UNSTABLE
from guilder.source.bank import Bank
from guilder.source.segments_sql import assignment_sql
from guilder.store.runs import Run
from guilder.workflow.control import never_offered
from guilder.workflow.segments import plan_of
from guilder.workflow.segments_export import export_segments


def test_rows_are_accounted_for_and_the_segments_are_those_of_the_run(bank: Bank, run: Run, tmp_path: Path) -> None:
    made = export_segments(bank, tmp_path / "all.parquet", run=run.path)
    written = pd.read_parquet(tmp_path / "all.parquet")
    scored = run.table("customers")
    assert len(written) == made.customers
    assert made.customers + made.no_consent + made.hidden == len(scored)
    assert (made.control, "group" in written) == (0, False)
    assert set(written) == {"customer_id", "segment", "segment_name", "distance"}
    merged = written.merge(scored, on="customer_id", suffixes=("", "_scored"))
    assert len(merged) == len(written)
    assert (merged["segment"] == merged["segment_scored"]).all()
    assert (merged["segment_name"] == merged["segment_name_scored"]).all()
    people = bank.frame("customers").set_index("customer_id")
    assert (people.loc[written["customer_id"], "consent_marketing"] == True).all()  # noqa: E712 - blank is no consent
    small = scored["segment"].map(scored["segment"].value_counts()) < bank.settings.segments.min_shown
    asked = scored.loc[~small, "customer_id"]
    assert made.no_consent == int((people.loc[asked, "consent_marketing"] != True).sum())  # noqa: E712


def test_personal_columns_are_written_only_when_asked_for(bank: Bank, run: Run, tmp_path: Path) -> None:
    export_segments(bank, tmp_path / "asked.csv", run=run.path, personal=True)
    export_segments(bank, tmp_path / "not.csv", run=run.path)
    assert {"name", "email", "phone"} <= set(pd.read_csv(tmp_path / "asked.csv").columns)
    assert not {"name", "email", "phone"} & set(pd.read_csv(tmp_path / "not.csv").columns)
    people = bank.frame("customers")
    assert not any(email in (tmp_path / "not.csv").read_text() for email in people["email"].dropna().head(50))


def test_a_segment_can_be_chosen_by_id_or_name_and_a_wrong_one_is_told(bank: Bank, run: Run, tmp_path: Path) -> None:
    name = run.metrics["segments"]["names"][0]
    first = export_segments(bank, tmp_path / "id.csv", run=run.path, segments=["S1"])
    second = export_segments(bank, tmp_path / "name.csv", run=run.path, segments=[name])
    assert (tmp_path / "id.csv").read_bytes() == (tmp_path / "name.csv").read_bytes()
    assert first.segments == second.segments == {name: first.customers}
    with pytest.raises(UsageError, match=r"no segment 'S99'"):
        export_segments(bank, tmp_path / "x.csv", run=run.path, segments=["S99"])
    assert not (tmp_path / "x.csv").exists()


def test_the_control_group_stays_and_hangs_on_the_key(
    bank: Bank, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(name: str, **how: object) -> pd.Series:
        export_segments(bank, tmp_path / name, run=run.path, control=0.2, **how)  # type: ignore[arg-type]
        return pd.read_parquet(tmp_path / name).set_index("customer_id")["group"]

    first, again, part = drawn("a.parquet"), drawn("b.parquet"), drawn("c.parquet", segments=["S1"])
    assert first.value_counts(normalize=True)["control"] == pytest.approx(0.2, abs=0.05)
    assert first.equals(again)
    assert (first[part.index] == part).all()
    kept = bank.settings.model_copy(update={"offers": bank.settings.offers.model_copy(update={"control": 0.1})})
    never = never_offered(replace(bank, settings=kept), first.index.tolist())
    assert 0.05 < len(never) / len(first) < 0.15
    export_segments(replace(bank, settings=kept), tmp_path / "e.parquet", run=run.path)
    said = pd.read_parquet(tmp_path / "e.parquet").set_index("customer_id")["group"]
    assert set(said.index[said == "control"]) == never, "who is kept from every offer is kept from this one"
    monkeypatch.setenv("GUILDER_CONTROL_KEY", "another")
    assert not first.equals(drawn("d.parquet"))


def test_the_statement_over_the_facts_written_gives_the_same_segments(bank: Bank, run: Run, tmp_path: Path) -> None:
    export_segments(bank, tmp_path / "facts.parquet", run=run.path, facts=True)
    written = pd.read_parquet(tmp_path / "facts.parquet")
    con = duckdb.connect()
    con.execute(f"CREATE TABLE facts AS SELECT * FROM '{tmp_path / 'facts.parquet'}'")
    found = con.sql(assignment_sql(plan_of(run))).df().set_index("customer_id").loc[written["customer_id"]]
    assert found["segment"].tolist() == written["segment"].tolist()
    assert found["segment_name"].tolist() == written["segment_name"].tolist()


def test_small_segments_are_left_out_whole(bank: Bank, run: Run, tmp_path: Path) -> None:
    sizes = run.metrics["segments"]["sizes"]
    least = sorted(size for size in sizes.values() if size)[1]
    segments = bank.settings.segments.model_copy(update={"min_shown": least})
    strict = Bank(**{**vars(bank), "settings": bank.settings.model_copy(update={"segments": segments})})
    made = export_segments(strict, tmp_path / "few.csv", run=run.path)
    left = {name for name, size in sizes.items() if size < least}
    assert made.hidden == sum(sizes[name] for name in left) > 0
    assert not left & set(made.segments)


def test_consent_that_nobody_keeps_is_not_a_count_and_unstable_segments_are_warned_of(
    bank: Bank, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = bank.tables["customers"].drop("consent_marketing")
    silent = Bank(**{**vars(bank), "tables": {**bank.tables, "customers": people}})
    made = export_segments(silent, tmp_path / "all.csv", run=run.path)
    assert (made.no_consent, made.warnings) == (None, ())
    assert made.customers + made.hidden == len(run.table("customers"))

    judged = {**run.metrics, "segments": {**run.metrics["segments"], "verdict": UNSTABLE, "verdict_why": "Too few."}}
    monkeypatch.setattr(Run, "metrics", property(lambda _: judged))
    monkeypatch.setattr("guilder.workflow.segments_export.opened", lambda *_: nullcontext(silent))
    warned = export_segments(silent, tmp_path / "again.csv", run=run.path)
    assert warned.to_dict()["warnings"] == ("the segments are unstable: do not use. Too few.",)
    told = CliRunner().invoke(app, ["export", "bank", "--out", str(tmp_path / "told.csv"), "--run", str(run.path)])
    assert "segments too small to be shown; consent is not on record" in told.stdout
    assert "without consent" not in told.stdout
    assert "warning: the segments are unstable: do not use. Too few." in told.stdout


def test_an_ending_or_a_share_that_makes_no_sense_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ends in no format"):
        export_segments(tmp_path / "no-bank", tmp_path / "a.doc")
    with pytest.raises(UsageError, match="no share"):
        export_segments(tmp_path / "no-bank", tmp_path / "a.csv", control=1.0)
