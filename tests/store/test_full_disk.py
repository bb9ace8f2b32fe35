"""A disk that is full after so many bytes, for every kind of output: the old one stays whole, nothing is left over."""

from __future__ import annotations

import hashlib
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_runs import content, page

from guilder.errors import GuilderError
from guilder.store import append_only
from guilder.store.audit import AuditLog
from guilder.store.files import PREFIX, new_folder, put, write_file
from guilder.store.runs import rewrite_page, write_run
from guilder.store.seal import seal
from guilder.store.spreadsheet import to_csv, to_xlsx
from guilder.store.tables import table_bytes
from guilder.workflow.generate import generate
from guilder.workflow.init import init

LIMITS = (0, 1, 100, 512, 1_000, 2_000, 4_096, 10_000, 50_000, 200_000, 1_000_000, 10_000_000)
TABLE = pd.DataFrame({"customer_id": [f"C{n}" for n in range(900)], "segment": "S1"})


@contextmanager
def full_after(limit: int) -> Iterator[None]:
    """Let no file grow over so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def scores(folder: Path, text: str) -> None:
    with new_folder(folder / "scores", replace=True) as made:
        put(made / "loans.parquet", table_bytes(TABLE.assign(segment=text)))
        put(made / "decisions.jsonl", (f'{{"loan": "{text}-{n}"}}\n'.encode() for n in range(900)))
        seal(made)


def guessed(folder: Path, text: str) -> None:
    (folder.parent / "loans.csv").write_text(f"loan_id,defaulted,{text}\n1,0,1\n2,1,1\n")
    init(folder, [folder.parent / "loans.csv"], force=True)


def appended(folder: Path, text: str) -> None:
    append_only.append(folder / "overrides.jsonl", {"loan_id": text * 2_000})


def logged(folder: Path, text: str) -> None:
    AuditLog(folder).append([{"event": text * 2_000}])


def drawn(folder: Path, text: str) -> None:
    if not list(folder.glob("*/report.html")):
        write_run(folder, content(), page)
    rewrite_page(next(folder.glob("*/report.html")), text * 5_000)


OUTPUTS: dict[str, Callable[[Path, str], Any]] = {
    "a run": lambda folder, text: write_run(folder, content(len(text)), page),
    "scores": scores,
    "a page in its run": drawn,
    "csv": lambda folder, text: write_file(folder / "a.csv", to_csv(TABLE.assign(segment=text))),
    "xlsx": lambda folder, text: write_file(folder / "a.xlsx", to_xlsx(TABLE.assign(segment=text))),
    "parquet": lambda folder, text: write_file(folder / "a.parquet", table_bytes(TABLE.assign(segment=text))),
    "bank.toml": guessed,
    "a made-up bank": lambda folder, text: generate(folder, customers=50, seed=len(text)),
    "overrides": appended,
    "the audit log": logged,
}


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()) if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()
    }  # fmt: skip


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_old_output_is_whole_on_a_full_disk(tmp_path: Path, name: str) -> None:
    write, folder, refused = OUTPUTS[name], tmp_path / "out", 0
    folder.mkdir()
    write(folder, "old!")
    before = digests(folder)
    for limit in LIMITS:
        with full_after(limit):
            try:
                write(folder, "new")
            except (OSError, GuilderError):
                refused += 1
            else:
                break
        assert digests(folder) == before, f"full after {limit} bytes"
        assert not list(tmp_path.rglob(f"{PREFIX}*"))
    assert refused > 1
    assert digests(folder) != before


def test_a_folder_of_files_is_the_old_or_none_that_can_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = tmp_path / "bank"
    generate(bank, customers=50, seed=1)
    before, real = digests(bank), Path.replace
    (bank / "notes.txt").write_text("mine")

    def fails(path: Path, target: Path) -> Path:
        if path.name == "loans.parquet":
            raise OSError(5, "Input/output error")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="Input/output"):
        generate(bank, customers=50, seed=2)
    assert not (bank / "bank.toml").exists()
    assert not list(tmp_path.rglob(f"{PREFIX}*"))
    monkeypatch.setattr(Path, "replace", real)
    generate(bank, customers=50, seed=1)
    assert (bank / "notes.txt").read_text() == "mine"
    (bank / "notes.txt").unlink()
    assert digests(bank) == before
    shutil.rmtree(bank / "truth")
    generate(bank, customers=50, seed=1)
    assert digests(bank) == before
