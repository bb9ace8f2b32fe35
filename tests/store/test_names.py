"""No name leads out of the folder it is looked up in: not a run's, a model's, a table's, or a file's in a manifest."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import pytest
from tiny_runs import content, page

from guilder.errors import ArtefactError, RunNotFound, UsageError
from guilder.store.runs import find_run, load_run, made_before, write_run
from guilder.store.seal import is_part, run_name, seal_again

EVIL = [
    "", ".", "..", "/", "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\CON", "CON", "NUL.txt", "aux", "~",
    "~root", "$HOME", "${HOME}", "%2e%2e%2f", "%2e", "a%00b", "a\x00b", "a\nb", "a\rb", "#", "?", "*", "[a]",
    "a" * 5000,
    "2025-06-30-0123456789/", "2025-06-30-0123456789/..", "2025-06-30-012345678９", "２025-06-30-0123456789",
    "2025-06-30-0123456789\n", " 2025-06-30-0123456789", "2025-06-30-0123456789 ", "2025‐06‐30‐0123456789",
    "undated-0123456789\u202e", "undаted-0123456789", "UNDATED-0123456789", "undated-ABCDEF0123", "current", "segments",
    "models/../manifest.json", "models//risk.skops", "./metrics.json", "models/risk.pkl", "models/risk.joblib",
    "models/CON.skops", "models/rısk.skops", "tables/a.parquet\x00", "-rf", "--out", ".lock", ".unfinished-a",
]  # fmt: skip
FEW, MANY = 500, 10_000


def fuzzed(many: int) -> list[str]:
    """Names that are broken pieces of good and evil ones."""
    draw = random.Random(0)
    pieces = [*EVIL, "2025-06-30-0123456789", "undated-abcdef0123", "models/", "tables/", "risk.skops", "../", "\u2024"]
    letters = string.printable + "０ａ．／‥\u0000\u202e\ufeffé"
    made = []
    while len(made) < many:
        joined = "".join(draw.choices(pieces, k=draw.randint(1, 3)))[:300]
        place = draw.randrange(len(joined) + 1)
        made.append(joined[:place] + draw.choice(letters) * draw.randint(0, 2) + joined[place + draw.randint(0, 2) :])
    return made


@pytest.mark.parametrize("many", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_no_name_escapes(tmp_path: Path, many: int) -> None:
    outside = write_run(tmp_path / "outside", content(9), page)
    runs = tmp_path / "runs"
    run = write_run(runs, content(), page)
    for name in [*EVIL, *fuzzed(many)]:
        if name == run.id:
            continue
        with pytest.raises((UsageError, RunNotFound)) as caught:
            find_run(runs, name)
        assert outside.id not in str(caught.value)
        for read in (run.model, run.table, run.checked):
            with pytest.raises(RunNotFound):
                read(name)
        if is_part(name):
            assert (run.path / name).resolve().is_relative_to(run.path)


@pytest.mark.parametrize("name", EVIL)
def test_a_name_that_is_none_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name of a run"):
        run_name(name)
    with pytest.raises(UsageError, match="is no name of a run"):
        made_before(tmp_path, name)
    made = content()
    made.manifest["run_id"] = name
    with pytest.raises(UsageError, match="is no name of a run"):
        write_run(tmp_path, made, page)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in EVIL if name])
@pytest.mark.parametrize("where", ["run_id", "files"])
def test_a_manifest_that_names_anything_else_is_refused(tmp_path: Path, name: str, where: str) -> None:
    run = write_run(tmp_path, content(), page)
    manifest = json.loads((run.path / "manifest.json").read_text())
    manifest[where] = name if where == "run_id" else {name: "0" * 64}
    (run.path / "manifest.json").write_text(json.dumps(manifest))
    seal_again(run.path)  # whoever can write the manifest can seal it too
    with pytest.raises(ArtefactError, match=r"manifest\.json cannot be read"):
        load_run(tmp_path)


def test_a_manifest_of_deep_nesting_is_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    (run.path / "manifest.json").write_text("[" * 100_000)
    seal_again(run.path)
    with pytest.raises(ArtefactError, match=r"manifest\.json cannot be read"):
        load_run(tmp_path)
