"""Personal columns reach nothing that any command writes; ids are replaced where asked; the erased are gone."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import guilder
from guilder.cli import app
from guilder.contract.pseudonym import Key
from guilder.contract.tables import TABLES
from guilder.errors import UsageError
from guilder.store.runs import load_run
from guilder.workflow import audit
from guilder.workflow.erase import erase
from guilder.workflow.privacy import KEY, KEYS_BEFORE

pytestmark = pytest.mark.slow

MARK = "Canary"
SECRET = "0123456789abcdef0123456789abcdef"
SETTINGS = """
[risk]
horizon_months = 12
learners = ["logistic"]
balancing = ["none"]

[segments]
k = 3

[privacy]
pseudonymise = ["scores", "exports", "audit"]
"""


@dataclass
class Marked:
    """A bank whose every personal cell is marked, and what the commands said and wrote."""

    folder: Path
    out: Path
    customer: str
    loan: str
    said: dict[str, str] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Everything written, but the bank's own tables and the truths of the demo."""
        for folder in (self.out, self.folder):
            for path in sorted(folder.rglob("*")):
                own = folder == self.folder and (path.parent == self.folder or "truth" in path.parts)
                if path.is_file() and not own:
                    yield from opened(str(path.relative_to(folder)), path.read_bytes())


def opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file's bytes, and what is inside where it is an archive or a table."""
    yield name, content
    if name.endswith(".parquet"):
        yield name, pq.read_table(io.BytesIO(content)).to_pandas().to_csv().encode()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from opened(f"{name}/{inner}", archive.read(inner))


def holds(content: bytes, text: str) -> bool:
    """Whether a text is in some bytes, as it is written in files or as NumPy keeps it."""
    return any(text.lower().encode(code) in content.lower() for code in ("utf-8", "utf-16-le", "utf-32-le"))


def mark(folder: Path, name: str) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    table = pd.read_csv(path, dtype=str)
    for column in TABLES[name].columns.values():
        if column.personal:
            table[column.name] = [f"{MARK}{column.name}{row}" for row in range(len(table))]
    table.to_csv(path, index=False)
    return table


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(KEY, SECRET)
        folder, out = tmp_path_factory.mktemp("marked"), tmp_path_factory.mktemp("written")
        file = guilder.generate(folder, customers=300, seed=5, format="csv")
        before, _, rest = file.read_text().partition("[risk]")
        file.write_text(f"{before}{SETTINGS}\n[{rest.partition(chr(10) + '[')[2]}")
        people = mark(folder, "customers")
        personal = [column.name for column in TABLES["customers"].columns.values() if column.personal]
        assert people[personal].notna().all().all()
        others = [column for name in TABLES if name != "customers" for column in TABLES[name].columns.values()]
        assert not any(column.personal for column in others)
        loans = pd.read_csv(folder / "loans.csv", dtype=str)
        agreed = people.loc[people["consent_marketing"].str.lower() == "true", "customer_id"]
        waiting = loans[loans["defaulted"].isna() & loans["customer_id"].isin(agreed)].iloc[0]
        made = Marked(folder, out, waiting["customer_id"], waiting["loan_id"])
        run_all(made)
        yield made


def run_all(made: Marked) -> None:
    bank, out, say = str(made.folder), made.out, CliRunner()
    override = ["--override", "refer", "--reason", "a guarantor", "--by", "A. Person"]
    for words in (
        ["check", bank], ["check", bank, "--json"], ["train", bank], ["score", bank, "--out", str(out / "scores")],
        ["report", bank, "--out", str(out / "report.html")], ["document", bank, "--out", str(out / "model.html")],
        ["explain", made.customer, bank], ["explain", made.customer, bank, "--json"],
        ["decide", made.loan, bank, "--scores", str(out / "scores"), *override], ["segments", "show", bank],
        ["segments", "export", bank, "--out", str(out / "segments.csv")],
        ["segments", "export", bank, "--out", str(out / "segments.xlsx"), "--facts"],
        ["segments", "export", bank, "--out", str(out / "segments.parquet")],
        ["offers", bank, "--out", str(out / "offers.csv")], ["scorecard", bank],
        ["audit", "list", bank, "--json"], ["erase", made.customer, bank, "--dry-run"],
    ):  # fmt: skip
        done = say.invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        made.said[" ".join(words)] = done.output


def test_no_mark_is_in_any_output_or_file(marked: Marked) -> None:
    written = list(marked.files())
    names = {name.split("/")[0] for name, _ in written}
    assert {"runs", "audit", "decisions", "scores", "report.html", "model.html", "segments.xlsx"} <= names
    assert any(name.endswith(".npy") for name, _ in written)
    assert [name for name, content in written if holds(content, MARK)] == []
    assert [words for words, said in marked.said.items() if MARK.lower() in said.lower()] == []


def test_the_search_finds_what_is_there(marked: Marked, tmp_path: Path) -> None:
    """What the test above looks for, it finds where it is: in text, tables, archives and arrays."""
    import numpy as np

    words = ["segments", "export", str(marked.folder), "--out", str(tmp_path / "people.xlsx")]
    plain = tmp_path / "plain.csv"
    plain.write_bytes((marked.folder / "customers.csv").read_bytes())
    stream = io.BytesIO()
    np.save(stream, np.array([f"{MARK}name1"]))
    with zipfile.ZipFile(tmp_path / "model.skops", "w") as archive:
        archive.writestr("1.npy", stream.getvalue())
    pd.DataFrame({"name": [f"{MARK}name1"]}).to_parquet(tmp_path / "t.parquet")
    found = [name for path in sorted(tmp_path.iterdir()) for name, content in opened(path.name, path.read_bytes())
             if holds(content, MARK)]  # fmt: skip
    assert {"plain.csv", "t.parquet", "model.skops/1.npy"} <= set(found)
    refused = CliRunner().invoke(app, [*words, "--personal"])
    assert isinstance(refused.exception, UsageError)
    assert "pseudonymised" in refused.exception.wrong
    assert not (tmp_path / "people.xlsx").exists()


def test_no_id_leaves_where_pseudonyms_are_asked_for(marked: Marked) -> None:
    ids = pd.read_csv(marked.folder / "customers.csv", dtype=str)["customer_id"].tolist()
    some = [marked.customer, *ids[:20], *ids[-20:]]
    kept = "models/offers.skops"  # it must know whose history is whose, and stays inside the bank
    leaks = {name for name, content in marked.files() if any(holds(content, one) for one in some)}
    assert {name for name in leaks if kept not in name} == set()
    assert leaks
    named = Key(SECRET.encode()).pseudonym(marked.customer)
    scores = pd.read_parquet(marked.out / "scores" / "loans.parquet").set_index("loan_id")
    assert scores.loc[marked.loan, "customer_id"] == named
    assert named in pd.read_parquet(marked.out / "segments.parquet")["customer_id"].tolist()
    assert {entry["customer"] for entry in audit.listed(marked.folder, "explain")} == {named}
    assert load_run(marked.folder).manifest["parameters"]["pseudonym_key"] == named[:8]


def test_without_a_key_nothing_begins(marked: Marked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in ("", "too short"):
        monkeypatch.setenv(KEY, key)
        for request in (
            lambda: guilder.train(marked.folder), lambda: guilder.score(marked.folder, out=tmp_path / "scores"),
            lambda: guilder.explain(marked.folder, marked.customer),
        ):  # fmt: skip
            with pytest.raises(UsageError, match=KEY) as refused:
                request()
            assert "too short" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("cell", "spoiled"),
    [
        ("name", b"%sname\xff\xfe broken"), ("email", b'%semail","one,more'), ("birth_date", b"%sphone"),
        ("annual_income", b"%sname,%semail,%sphone"), ("phone", b'"%sphone unclosed'),
    ],
)  # fmt: skip
def test_a_bad_cell_is_not_shown(cell: str, spoiled: bytes, marked: Marked, tmp_path: Path) -> None:
    people = pd.read_csv(marked.folder / "customers.csv", dtype=str).head(40)
    people[cell] = ["@@SPOILED@@", *people[cell][1:]]
    content = people.to_csv(index=False).encode().replace(b"@@SPOILED@@", spoiled.replace(b"%s", MARK.encode()))
    (tmp_path / "customers.csv").write_bytes(content)
    (tmp_path / "bank.toml").write_text('[tables.customers]\npath = "customers.csv"\nmax_quarantine = 0.0\n')
    for words in (["check"], ["train"], ["check", "--json"]):
        said = subprocess.run(
            [sys.executable, "-m", "guilder.cli", words[0], str(tmp_path), *words[1:]], capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert said.returncode != 0
        assert MARK.lower() not in (said.stdout + said.stderr).lower()


def test_the_erased_are_gone_from_all_that_is_ours(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "another key, after a rotation")
    monkeypatch.setenv(KEYS_BEFORE, SECRET)
    old, new = (Key(text.encode()) for text in (SECRET, "another key, after a rotation"))
    before = load_run(marked.folder)
    others = len(before.table("customers"))
    done = erase(marked.folder, marked.customer)
    told = {(one["what"], one["done"]) for one in done.to_dict()["places"]}
    assert told == {
        ("table", "kept"), ("run", "erased"), ("scores", "erased"), ("export", "kept"), ("override", "kept"),
        ("audit", "kept"),
    }  # fmt: skip
    assert {tuple(model["rooms"]) for model in done.retrain} == {("offers", "risk", "segments")}
    after = load_run(marked.folder)
    assert after.id == before.id
    assert len(after.table("customers")) == others - 1
    assert after.manifest["erased"][0]["subject"] == new.pseudonym(marked.customer)
    names = [marked.customer, old.pseudonym(marked.customer), marked.loan]
    runs_and_scores = [(n, c) for n, c in marked.files() if n.startswith(("runs/", "scores/"))]
    assert [name for name, content in runs_and_scores if any(holds(content, one) for one in names)] == []
    assert audit.verify(marked.folder).bad is None
    entries = audit.listed(marked.folder, "erase")
    assert [entry.get("run") for entry in entries] == [None, before.id]
    assert done.certificate is not None
    certificate = json.loads(done.certificate.read_bytes())
    assert certificate["subject"] == new.pseudonym(marked.customer)
    assert marked.customer not in done.certificate.read_text()
    again = erase(marked.folder, marked.customer, dry_run=True)
    assert {one.what for one in again.places} == {"table", "export", "override", "audit"}
    with pytest.raises(UsageError, match="nothing is kept of a customer 'C99999999'"):
        erase(marked.folder, "C99999999")
