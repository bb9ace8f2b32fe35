"""A decision is on record, a person can override it, and no later scoring or training loses that."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import guilder
from guilder.errors import ArtefactError, UsageError
from guilder.risk.decisions import digest
from guilder.source.bank import Bank
from guilder.store.runs import Run
from guilder.store.seal import seal_again
from guilder.workflow.decide import OVERRIDES, RECORDS

MOMENT = datetime(2025, 7, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(bank: Bank, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("decided") / "scores"
    guilder.score(bank, run=run, out=out)
    return out


def test_every_scored_loan_has_a_record_that_proves_itself(bank: Bank, run: Run, written: Path) -> None:
    import pandas as pd

    loans = pd.read_parquet(written / "loans.parquet").set_index("loan_id")
    found = [json.loads(line) for line in (written / RECORDS).read_text().splitlines()]
    assert [one["loan_id"] for one in found] == loans.index.tolist()
    for one in found:
        row = loans.loc[one["loan_id"]]
        assert one["record_id"] == digest(one)
        assert one["p_default"] == pytest.approx(row["p_default"], abs=1e-9)
        assert (one["decision"], one["band"]) == (row["decision"], row["band"])
        assert one["reasons"][0] == row["reason_1"]
        assert one["model_sha256"] == run.manifest["files"]["models/risk.skops"]
        assert one["cut_off"] == run.metrics["risk"]["cut_off"]["p"]
    text = (written / RECORDS).read_text()
    assert not any(who in text for who in bank.frame("customers")["customer_id"].head(50))


def test_alone_and_among_all_a_loan_has_the_same_record(bank_folder: Path, run: Run, written: Path) -> None:
    loan = json.loads((written / RECORDS).read_text().splitlines()[4])["loan_id"]  # which nobody has overridden
    alone = guilder.decide(bank_folder, loan)
    assert alone.record == guilder.decide(bank_folder, loan, scores=written).record
    assert alone.stands == alone.record["decision"]


def test_an_override_survives_a_later_scoring(bank: Bank, bank_folder: Path, run: Run, written: Path) -> None:
    loan = json.loads((written / RECORDS).read_text().splitlines()[1])["loan_id"]
    where = {"scores": written, "at": MOMENT}
    first = guilder.decide(bank_folder, loan, "approve", reason="payslips seen", by="A. Person", **where)
    assert first.stands == "approve"
    kept = first.overrides[0]
    assert kept["record"] == first.record
    assert (kept["reason"], kept["by"], kept["at"]) == ("payslips seen", "A. Person", "2025-07-01T09:30:00+00:00")
    guilder.score(bank, run=run, out=written)
    again = guilder.decide(bank_folder, loan, "decline", reason="payslips forged", by="B. Person", **where)
    assert [one["decision"] for one in again.overrides] == ["approve", "decline"]
    assert again.stands == "decline"
    shown = "\n".join(again.lines())
    assert "2025-07-01 B. Person: decline: payslips forged" in shown
    assert "what stands: decline" in shown
    assert (bank_folder / OVERRIDES).is_file()


def test_nothing_is_kept_of_an_override_without_a_reason(bank_folder: Path, written: Path) -> None:
    before = (bank_folder / OVERRIDES).read_bytes() if (bank_folder / OVERRIDES).exists() else b""
    for bad in ({"override": "approve", "by": "A. Person"}, {"reason": "because", "by": "A. Person"}):
        with pytest.raises(UsageError, match="reason"):
            guilder.decide(bank_folder, "L1", scores=written, **bad)  # type: ignore[arg-type] # by name
    assert ((bank_folder / OVERRIDES).read_bytes() if (bank_folder / OVERRIDES).exists() else b"") == before


def test_an_unknown_loan_and_a_changed_record_are_told(bank_folder: Path, written: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no loan 'nothing'"):
        guilder.decide(bank_folder, "nothing")
    with pytest.raises(UsageError, match="no record of loan 'nothing'"):
        guilder.decide(bank_folder, "nothing", scores=written)
    with pytest.raises(UsageError, match=r"holds no decisions\.jsonl"):
        guilder.decide(bank_folder, "nothing", scores=tmp_path)
    forged = tmp_path / "forged"
    shutil.copytree(written, forged)
    line = (forged / RECORDS).read_text().splitlines()[0]
    record = json.loads(line)
    (forged / RECORDS).write_text(json.dumps({**record, "decision": "approve", "p_default": 0.001}) + "\n")
    with pytest.raises(ArtefactError, match=r"decisions\.jsonl of forged is not the file that was written"):
        guilder.decide(bank_folder, record["loan_id"], scores=forged)
    seal_again(forged)  # whoever can write the record can seal it too
    with pytest.raises(ArtefactError, match=r"the record of .* is not what was written"):
        guilder.decide(bank_folder, record["loan_id"], scores=forged)


def test_the_command_overrides_and_refuses_an_empty_reason(bank_folder: Path, written: Path) -> None:
    loan = json.loads((written / RECORDS).read_text().splitlines()[2])["loan_id"]
    words = [sys.executable, "-m", "guilder.cli", "decide", loan, str(bank_folder), "--scores", str(written), "--json"]
    over = ["--override", "refer", "--by", "A. Person"]
    refused = subprocess.run([*words, *over, "--reason", " "], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "an override needs a reason" in json.loads(refused.stderr.splitlines()[-1])["wrong"]
    done = subprocess.run([*words, *over, "--reason", "a guarantor"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["stands"] == "refer"
    assert found["overrides"][-1]["record"]["record_id"] == found["record"]["record_id"]
