"""What is decided, published, exported, shown or refused is logged first; where it cannot be, it does not happen."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import guilder
from guilder.cli import app
from guilder.errors import ArtefactError, BusyError, UsageError
from guilder.source.bank import Bank
from guilder.store.lock import locked
from guilder.store.runs import Run, load_run
from guilder.workflow import audit
from guilder.workflow.decide import OVERRIDES
from guilder.workflow.report import document, report
from guilder.workflow.segments_export import export_segments


@pytest.fixture
def since(bank_folder: Path, run: Run) -> list[dict[str, object]]:
    """What was logged before."""
    return audit.listed(bank_folder)


def events(bank_folder: Path, since: list[dict[str, object]]) -> list[dict[str, object]]:
    return audit.listed(bank_folder)[len(since):]


def test_a_run_is_logged_before_it_is_published(bank_folder: Path, run: Run) -> None:
    published = [entry for entry in audit.listed(bank_folder, "publish") if entry["run"] == run.id]
    assert published[-1]["manifest_sha256"] == hashlib.sha256((run.path / "manifest.json").read_bytes()).hexdigest()
    assert published[-1]["models"] == ["offers", "risk", "segments"]
    guilder.train(bank_folder)
    assert [entry for entry in audit.listed(bank_folder, "publish") if entry["run"] == run.id] == published


def test_a_scoring_is_one_entry_of_decisions_and_one_of_what_was_withheld(
    bank: Bank, run: Run, bank_folder: Path, since: list[dict[str, object]], tmp_path: Path
) -> None:
    out = tmp_path / "scores"
    scores = guilder.score(bank, run=run, out=out)
    scored, withheld = events(bank_folder, since)
    assert (scored["event"], withheld["event"]) == ("score", "suppression")
    assert scored["files"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()
    } == withheld["files"]  # fmt: skip
    assert scored["decisions"] == scores.loans["decision"].value_counts().to_dict()
    assert scores.may is not None
    assert withheld["withheld"] == scores.may.counts
    assert scored["path"] == str(out.resolve())


def test_an_answer_and_each_product_withheld_are_entries(
    bank: Bank, run: Run, bank_folder: Path, since: list[dict[str, object]]
) -> None:
    customer = guilder.score(bank, run=run).offers["customer_id"].iloc[0]
    answer = guilder.explain(bank, customer, run=run)
    shown, *withheld = events(bank_folder, since)[2:]
    assert (shown["event"], shown["customer"], shown["offers"]) == ("explain", customer, len(answer.offers))
    assert {entry["event"] for entry in withheld} == {"suppression"}
    told = [entry for entry in withheld if entry["rule"] != "held"]
    assert len(told) == len(answer.withheld)


def test_a_decision_and_its_override_are_entries_without_the_reason_and_the_name(
    bank: Bank, run: Run, bank_folder: Path, since: list[dict[str, object]]
) -> None:
    loan = guilder.score(bank, run=run).loans["loan_id"].iloc[-1]
    made = guilder.decide(bank_folder, loan, "refer", reason="a secret of Zuzana", by="Zuzana Secret")
    decided, override = events(bank_folder, since)[2:]
    assert (decided["event"], decided["record"]) == ("decision", made.record["record_id"])
    assert (override["event"], override["decision"], override["loan"]) == ("override", "refer", loan)
    assert "Zuzana" not in (bank_folder / "audit" / "log.jsonl").read_text()


def test_exports_are_entries_with_their_digest(
    bank: Bank, run: Run, bank_folder: Path, since: list[dict[str, object]], tmp_path: Path
) -> None:
    written = [
        ("segments", Path(export_segments(bank, tmp_path / "a.csv", run=run.path, personal=True).path)),
        ("report", report(run.path, out=tmp_path / "r.html")),
        ("document", document(run.path, out=tmp_path / "m.html")),
    ]  # fmt: skip
    found = events(bank_folder, since)
    assert [(entry["event"], entry["what"], entry["path"], entry["sha256"]) for entry in found] == [
        ("export", what, str(path.resolve()), hashlib.sha256(path.read_bytes()).hexdigest()) for what, path in written
    ]
    assert found[0]["personal"] is True
    names = bank.frame("customers")["email"].dropna().head(50)
    log = (bank_folder / "audit" / "log.jsonl").read_text()
    assert not any(email in log for email in names)


def test_what_is_refused_is_an_entry(
    bank: Bank, run: Run, bank_folder: Path, since: list[dict[str, object]], tmp_path: Path
) -> None:
    with locked(bank_folder / "runs"), pytest.raises(BusyError):
        guilder.train(bank)
    with pytest.raises(UsageError):
        guilder.explain(bank, "nobody\nat all", run=run)
    with pytest.raises(UsageError):
        guilder.decide(bank_folder, "L1", "approve")
    forged = tmp_path / "runs" / run.id
    shutil.copytree(run.path, forged)
    model = forged / "models" / "risk.skops"
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ArtefactError):
        guilder.score(bank, run=forged)
    found = events(bank_folder, since)
    assert [(entry["event"], entry["request"], entry["error"]) for entry in found] == [
        ("denied", "train", "BusyError"), ("denied", "explain", "UsageError"), ("denied", "decide", "UsageError"),
        ("denied", "score", "ArtefactError"),
    ]  # fmt: skip
    assert "models/risk.skops" in str(found[-1]["what"])


def test_nothing_is_decided_published_exported_or_shown_where_the_log_cannot_be_written(
    bank_folder: Path, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "bank"
    shutil.copytree(bank_folder, folder, symlinks=True)
    shutil.rmtree(folder / "audit")
    (folder / "audit").write_text("no folder")
    before = load_run(folder).id
    loan = "L1"
    requests = [
        lambda: guilder.train(folder, seed=99), lambda: guilder.score(folder, out=tmp_path / "scores"),
        lambda: guilder.decide(folder, loan, "approve", reason="because", by="A. Person"),
        lambda: guilder.explain(folder, "C1"), lambda: export_segments(folder, tmp_path / "out.csv"),
        lambda: report(folder, out=tmp_path / "out.html"),
    ]  # fmt: skip
    overrides = (folder / OVERRIDES).read_bytes() if (folder / OVERRIDES).exists() else b""
    for request in requests:
        with pytest.raises(ArtefactError, match=r"audit log .* cannot be written"):
            request()
    assert load_run(folder).id == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank"]
    assert ((folder / OVERRIDES).read_bytes() if (folder / OVERRIDES).exists() else b"") == overrides


@pytest.mark.slow
def test_a_log_that_fails_in_the_last_moment_leaves_what_was_there(
    bank: Bank, run: Run, bank_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "scores"
    guilder.score(bank, run=run, out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise ArtefactError("the audit log cannot be written")

    monkeypatch.setattr(audit.Audit, "write", full)
    with pytest.raises(ArtefactError):
        guilder.score(bank, run=run, out=out)
    with pytest.raises(ArtefactError):
        report(run.path, out=tmp_path / "report.html")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["scores"]


def test_frames_have_their_log_among_the_runs(tmp_path: Path) -> None:
    interactions = pd.DataFrame({
        "customer_id": [f"C{n}" for n in range(60)] * 2,
        "product_id": [f"P{n % 3}" for n in range(60)] + [f"P{(n * 7) % 4}" for n in range(60)],
        "kind": ["hold"] * 120,
    }).drop_duplicates()  # fmt: skip
    products = pd.DataFrame({"product_id": ["P0", "P1", "P2", "P3"], "name": list("abcd"), "family": ["card"] * 4})
    with guilder.Bank.from_frames(interactions=interactions, products=products) as bank:
        made = guilder.train(bank, out=tmp_path / "runs")
        guilder.score(bank, run=made)
    found = [entry["event"] for entry in audit.listed(tmp_path / "runs" / "audit")]
    assert found == ["publish", "score", "suppression"]


def test_the_folder_of_the_log_is_the_banks_choice(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text('[audit]\nfolder = "../worm"\n')
    for named in (tmp_path, tmp_path / "bank.toml"):
        assert audit.log_in(named).folder.resolve() == tmp_path.parent / "worm"


def test_the_commands_verify_list_and_export_the_head(bank_folder: Path, run: Run, tmp_path: Path) -> None:
    say, log = CliRunner(), tmp_path / "log"
    shutil.copytree(bank_folder / "audit", log)
    head = tmp_path / "head.json"
    assert say.invoke(app, ["audit", "head", str(log), "--out", str(head)]).exit_code == 0
    number = json.loads(head.read_text())["number"]
    proven = say.invoke(app, ["audit", "verify", str(log), "--head", str(head), "--json"])
    assert json.loads(proven.stdout) == {**json.loads(head.read_text()), "ok": True, "broken": []}
    assert f"{number:,} entries" in say.invoke(app, ["audit", "verify", str(log)]).stdout
    listed = json.loads(say.invoke(app, ["audit", "list", str(log), "--event", "publish", "--json"]).stdout)
    assert {entry["event"] for entry in listed} == {"publish"}
    assert "publish" in say.invoke(app, ["audit", "list", str(log), "--event", "publish", "--last", "1"]).stdout
    lines = (log / "log.jsonl").read_text().splitlines(keepends=True)
    (log / "log.jsonl").write_text("".join([lines[0].replace("publish", "denied!"), *lines[1:]]))
    refused = say.invoke(app, ["audit", "verify", str(log)])
    assert isinstance(refused.exception, ArtefactError)
    assert "entry 1 (line 1)" in refused.exception.wrong
    assert "was changed" in refused.exception.wrong
