"""Text files: what is read, what is set aside, and where it stood."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from guilder.source.connect import connect

BANK = '[tables.loans]\npath = "loans.csv"\nmax_quarantine = 1.0\n'


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("seed", range(4))
def test_every_broken_row_is_traced_to_its_line(tmp_path: Path, end: str, start: str, seed: int) -> None:
    chance = random.Random(seed)
    lines, broken, good = ["loan_id,defaulted,purpose"], [], 0
    for number in range(60):
        where = len(lines) + 1
        kind = chance.choice(["good", "good", "blank", "short", "long", "two lines", "bad value", "two lines, bad"])
        if kind in ("short", "long", "bad value", "two lines, bad"):
            broken.append(where)
        good += kind in ("good", "two lines")
        lines += {
            "good": [f"{number},true,car"], "blank": [""],
            "short": [f"{number},true"], "long": [f"{number},true,car,x"],
            "two lines": [f'{number},no,"a', 'b"'], "bad value": [f"{number},maybe,car"],
            "two lines, bad": [f'{number},perhaps,"a', 'b"'],
        }[kind]
    (tmp_path / "loans.csv").write_bytes((start + end.join(lines) + end).encode())
    (tmp_path / "bank.toml").write_text(BANK)
    with connect(tmp_path) as bank:
        taken = bank.intake.table("loans")
        assert sorted(bank.quarantine()["line"]) == broken
        assert (taken.accepted, taken.quarantined) == (good, len(broken))


@pytest.mark.parametrize("encoding", ["cp1250", "utf-16", "latin-1", "utf-8-sig"])
def test_declared_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "loans.csv").write_bytes("loan_id,defaulted,purpose\n1,true,ü\n".encode(encoding))
    (tmp_path / "bank.toml").write_text(BANK + f'encoding = "{encoding}"')
    with connect(tmp_path) as bank:
        assert bank.frame("loans")["purpose"].tolist() == ["ü"]


def test_tabs_are_the_delimiter_of_a_tsv(tmp_path: Path) -> None:
    (tmp_path / "loans.tsv").write_text("loan_id\tdefaulted\n1\ttrue\n")
    (tmp_path / "bank.toml").write_text('[tables.loans]\npath = "loans.tsv"')
    with connect(tmp_path) as bank:
        assert bank.intake.table("loans").accepted == 1
