"""Tokens are shown once, kept as digests that nobody else can read, and known by name to the audit log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tiny_service import write_bank

from guilder.errors import ArtefactError, UsageError
from guilder.serve import auth
from guilder.serve.problems import Problem
from guilder.workflow.audit import listed
from guilder.workflow.branches import regions

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return write_bank(tmp_path)


def test_a_token_is_kept_as_a_digest_and_logged_by_name(bank: Path) -> None:
    one, made = auth.add(bank, "crm", ["score", "read"], "north", days=2, now=NOW)
    other, _ = auth.add(bank / "bank.toml", "web", ["read"])
    text = (bank / "tokens.json").read_text()
    assert (bank / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert one != other
    assert one not in text
    assert (made.may, made.branch, made.expires) == (("read", "score"), "north", "2026-01-03T00:00:00+00:00")
    auth.revoke(bank, "crm")
    assert [token.name for token in auth.listed(bank)] == ["web"]
    told = listed(bank, "token")
    assert [(each["did"], each["name"]) for each in told] == [("added", "crm"), ("added", "web"), ("revoked", "crm")]
    assert made.sha256 not in (bank / "audit" / "log.jsonl").read_text()


@pytest.mark.parametrize(
    ("name", "may", "branch", "says"),
    [("crm", ["read"], None, "already"), ("a\nb", ["read"], None, "no name"), ("", ["read"], None, "no name"),
     ("new", [], None, "without a right"), ("new", ["read"], "north ", "regions: north, south")],
)  # fmt: skip
def test_what_makes_no_token_is_refused(bank: Path, name: str, may: list[str], branch: str | None, says: str) -> None:
    auth.add(bank, "crm", ["read"])
    kept = (bank / "tokens.json").read_bytes()
    with pytest.raises(UsageError, match="G-SERVE-013") as refused:
        auth.add(bank, name, may, branch)
    assert says in str(refused.value)
    assert (bank / "tokens.json").read_bytes() == kept


def test_a_bank_without_regions_has_no_branches(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id\n7\n")
    (tmp_path / "bank.toml").write_text('name = "A"\n[tables.customers]\npath = "customers.csv"\n')
    with pytest.raises(UsageError, match="have no region"):
        auth.add(tmp_path, "crm", ["read"], "north")
    assert not (tmp_path / "tokens.json").exists()


def test_regions_stand_under_the_names_that_runs_have(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert regions(bank) == {"007": "north", "8": "south", "C/9": "north"}
    write_bank(bank, '[privacy]\npseudonymise = ["scores"]\n')
    monkeypatch.setenv("GUILDER_PSEUDONYM_KEY", "k" * 20)
    assert sorted(regions(bank).values()) == ["north", "north", "south"]
    assert not {"007", "8", "C/9"} & set(regions(bank))


def test_a_token_opens_until_its_last_moment(bank: Path) -> None:
    secret, _ = auth.add(bank, "crm", ["read"], days=1, now=NOW)
    tokens = auth.Tokens(bank)
    assert tokens.holder([f"bearer  {secret}"], NOW).name == "crm"
    told = set()
    for headers, now in (
        ([f"Bearer {secret}"], datetime(2026, 1, 2, tzinfo=UTC)), ([f"Bearer {secret} "], NOW), ([], NOW),
        ([f"Bearer {secret}"] * 2, NOW), ([secret], NOW), ([f"Basic {secret}"], NOW), (["Bearer "], NOW),
        ([f"Bearer {auth.digest(secret)}"], NOW), ([f"Bearer {secret[:-1]}"], NOW),
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            tokens.holder(headers, now)
        told.add((refused.value.status, refused.value.detail))
    assert len(told) == 1


def test_a_file_that_is_gone_open_to_others_or_no_list_is_refused(bank: Path) -> None:
    tokens = auth.Tokens(bank)
    with pytest.raises(UsageError, match="guilder tokens add"):
        tokens.all()
    auth.add(bank, "crm", ["read"])
    assert len(tokens.all()) == 1
    for mode in (0o604, 0o640, 0o620):
        tokens.path.chmod(mode)
        with pytest.raises(UsageError, match="chmod 600"):
            tokens.all()
    tokens.path.chmod(0o600)
    content = json.loads(tokens.path.read_text())
    content["tokens"][0]["expires"] = "2026-01-01"
    for wrong in (b"", b"[]", b'{"format": 2, "tokens": []}', json.dumps(content).encode()):
        tokens.path.write_bytes(wrong)
        with pytest.raises(ArtefactError, match="no list of tokens"):
            tokens.all()
