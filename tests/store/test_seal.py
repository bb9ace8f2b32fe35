"""A folder is whole when it holds what its seal lists, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from guilder.errors import ArtefactError
from guilder.store.files import PREFIX
from guilder.store.seal import JOURNAL, SEAL, is_part, prove, proven, run_name, seal, seal_again


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    for name in ("metrics.json", "models/risk.skops", "report.html", JOURNAL, f"{PREFIX}metrics.json"):
        (tmp_path / name).write_text(name)
    seal(tmp_path)
    return tmp_path


def test_a_seal_lists_every_file_but_itself_the_journal_and_what_is_unfinished(folder: Path) -> None:
    names = ("metrics.json", "models/risk.skops", "report.html")
    told = "".join(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in names)
    assert (folder / SEAL).read_text() == told
    prove(folder)
    for name in names:
        assert proven(folder, name) == name.encode()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda folder: (folder / "metrics.json").write_text("other"), "metrics.json"),
        (lambda folder: (folder / "models" / "risk.skops").unlink(), "models/risk.skops"),
        (lambda folder: (folder / "a.txt").touch(), "a.txt"),
        (lambda folder: (folder / "link").symlink_to("models"), "link"),
    ],
    ids=["changed", "gone", "more", "link"],
)
def test_what_is_not_as_it_was_sealed_is_named(folder: Path, change: Callable[[Path], object], named: str) -> None:
    change(folder)
    with pytest.raises(ArtefactError, match=f"{named} of {folder.name} is not the file that was written"):
        prove(folder)
    with pytest.raises(ArtefactError, match=named):
        proven(folder, named)
    prove(folder, {named})
    assert proven(folder, "report.html") == b"report.html"


def test_a_page_can_be_drawn_again_and_the_rest_cannot(folder: Path) -> None:
    (folder / "report.html").unlink()
    with pytest.raises(ArtefactError, match=f"there is none, or {SEAL} was changed") as caught:
        prove(folder)
    assert caught.value.todo.startswith("draw it again")
    (folder / "report.html").write_text("new")
    with pytest.raises(ArtefactError) as caught:
        prove(folder)
    assert "there is none" not in str(caught.value)
    seal_again(folder)
    prove(folder)
    (folder / "metrics.json").write_text("new")
    with pytest.raises(ArtefactError) as caught:
        prove(folder)
    assert caught.value.todo.startswith("restore the folder")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: [*reversed(lines)], "it is not written as Guilder writes it"),
        (lambda lines: [*lines, lines[-1]], "it is not written as Guilder writes it"),
        (lambda lines: [*lines[:-1], lines[-1].rstrip("\n")], "it is not written as Guilder writes it"),
        (lambda lines: [line.replace("\n", "\r\n") for line in lines], "it is not written as Guilder writes it"),
        (lambda lines: [*lines, "\n"], "a line of it is no digest and name"),
        (lambda lines: [line.upper() for line in lines], "a line of it is no digest and name"),
        (lambda lines: [line.replace("  ", " *") for line in lines], "a line of it is no digest and name"),
        (lambda lines: [*lines, f"{'0' * 64}  ../a.json\n"], "a line of it is no digest and name"),
        (lambda lines: [*lines, "ž\n"], "ascii"),
    ],
    ids=["order", "twice", "cut", "line ends", "blank", "capitals", "mark", "outside", "letters"],
)
def test_a_seal_is_read_in_one_form_alone(
    folder: Path, change: Callable[[list[str]], list[str]], reason: str
) -> None:
    path = folder / SEAL
    lines = path.read_text().splitlines(keepends=True)
    path.write_bytes("".join(change(lines)).encode())
    with pytest.raises(ArtefactError, match=f"the seal .* cannot be read .*{reason}"):
        prove(folder)


def test_a_seal_that_is_gone_proves_nothing(folder: Path) -> None:
    (folder / SEAL).unlink()
    for read in (lambda: prove(folder), lambda: proven(folder, "metrics.json")):
        with pytest.raises(ArtefactError, match="it is gone"):
            read()


@pytest.mark.parametrize("name", ["undated-0123456789", "2025-06-30-abcdef0123"])
def test_the_name_of_a_run_is_given_back(name: str) -> None:
    assert run_name(name) == name


@pytest.mark.parametrize("name", ["metrics.json", "models/risk.skops", "tables/a_1.parquet", "log.jsonl", "a.xlsx"])
def test_what_guilder_writes_is_a_part(name: str) -> None:
    assert is_part(name) is True
    assert is_part(f"other/{name}") is False
