"""The two real banks of the examples, where their files are on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.errors import DataError
from guilder.source.connect import connect

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_berka_is_taken_in_whole(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_DATA", str(real_data))
    with connect(EXAMPLES / "berka") as bank:
        counts = {table.name: (table.rows_in, table.accepted) for table in bank.intake.tables}
        assert counts["loans"] == (354, 354)
        assert counts["transactions"] == (30_200, 30_200)
        assert counts["customers"] == (5_369, 5_369)
        assert bank.intake.violations == ()
        late = bank.con.execute(
            'SELECT count(*) FROM guilder.transactions t JOIN guilder.loans l USING (customer_id) '
            'WHERE t."at" >= l.applied_on'
        ).fetchall()
        assert late == [(0,)]
        assert bank.frame("loans")["defaulted"].sum() == 30
        assert set(bank.frame("customers")["gender"]) == {"female", "male"}


def test_berka_orders_are_refused_as_facts_about_a_loan(
    real_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUILDER_DATA", str(real_data))
    text = (EXAMPLES / "berka" / "bank.toml").read_text(encoding="utf-8")
    loans = "from loan\njoin disp on disp.account_id = loan.account_id and disp.type = 'OWNER'\nwhere"
    assert loans in text
    leaky = loans.replace("\nwhere", "\nleft join standing_order on standing_order.account_id = loan.account_id\nwhere")
    (tmp_path / "bank.toml").write_text(text.replace(loans, leaky), encoding="utf-8")
    with pytest.raises(DataError, match="'standing_order', which has no date"):
        connect(tmp_path)


def test_german_is_a_flat_bank_without_dates(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_DATA", str(real_data))
    with connect(EXAMPLES / "german") as bank:
        loans = bank.frame("loans")
        assert len(loans) == 1000
        assert loans["defaulted"].sum() == 300
        assert bank.intake.table("loans").undeclared == ()
        assert set(bank.settings.risk.protected) == {"personal_status_sex", "age", "foreign_worker"}
