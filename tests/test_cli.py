"""The command line: help with examples, answers for machines, exit codes, and never a traceback."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import guilder
from guilder.cli import app

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(typer.main.get_command(app).commands)
OF_GROUPS = [
    f"{group} {name}" for group in COMMANDS
    for name in sorted(getattr(typer.main.get_command(app).commands[group], "commands", {}))
]  # fmt: skip


def guilder_says(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guilder.cli", *words], capture_output=True, text=True, check=False, cwd=cwd, timeout=300
    )


def test_the_commands_are_those_of_the_readme() -> None:
    assert COMMANDS == [
        "audit", "check", "decide", "demo", "doctor", "document", "erase", "explain", "generate", "init", "offers",
        "report", "runs", "score", "scorecard", "segments", "selftest", "serve", "tokens", "train",
    ]  # fmt: skip


@pytest.mark.parametrize("command", [*COMMANDS, *OF_GROUPS])
def test_help_has_an_example_that_parses(command: str) -> None:
    said = guilder_says(*command.split(), "--help")
    assert said.returncode == 0
    assert f"Example: guilder {command}" in " ".join(said.stdout.split())
    known = typer.main.get_command(app).commands[command.split()[0]]
    known = known.commands[command.split()[1]] if " " in command else known
    example = shlex.split(known.epilog.removeprefix(f"Example: guilder {command}"))
    context = known.make_context(command, example.copy(), resilient_parsing=False)
    assert context.params or context._protected_args  # a group has commands instead


def test_the_reference_is_what_the_code_says() -> None:
    code = "import docs.__main__ as made; print(made.reference() + made.tables() + made.faults(), end='')"
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = [(ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("reference", "tables", "faults")]
    assert made == "".join(kept), "make docs"


def test_public_names_are_sorted_and_there() -> None:
    assert guilder.__all__ == sorted(guilder.__all__)
    assert all(getattr(guilder, name) is not None for name in guilder.__all__)
    assert set(dir(guilder)) == set(guilder.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        guilder.nothing  # noqa: B018


def test_generate_then_check(tmp_path: Path) -> None:
    made = guilder_says("generate", str(tmp_path / "bank"), "--customers", "60", "--seed", "2", "--format", "csv")
    assert made.returncode == 0, made.stderr
    said = guilder_says("check", str(tmp_path / "bank"), "--json")
    assert said.returncode == 0, said.stderr
    tables = {table["name"]: table for table in json.loads(said.stdout)["tables"]}
    assert tables["customers"]["rows_in"] == 60
    assert all(table["rows_in"] == table["accepted"] + table["quarantined"] for table in tables.values())


def test_init_writes_a_bank_that_checks(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text("loan_id,defaulted\n" + "".join(f"{n},{n % 2}\n" for n in range(50)))
    said = guilder_says("init", str(tmp_path), str(tmp_path / "loans.csv"))
    assert said.returncode == 0, said.stderr
    assert guilder_says("check", str(tmp_path)).returncode == 0
    again = guilder_says("init", str(tmp_path))
    assert (again.returncode, "--force" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["train", "nowhere"], 2, "guilder init"),
        (["trian"], 2, "Did you mean 'train'"),
        (["score", "nowhere"], 2, "--out"),
        (["report", "nowhere"], 1, "guilder train"),
        (["init", "x", "missing.csv"], 2, "missing.csv"),
        (["generate", "x", "--customers", "3"], 2, "50"),
    ],
)
def test_a_mistake_is_explained_without_a_traceback(words: list[str], code: int, says: str, tmp_path: Path) -> None:
    said = guilder_says(*words, cwd=tmp_path)
    assert (said.returncode, says in said.stderr) == (code, True), said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_errors_are_json_where_a_machine_asked(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text('nmae = "x"\n')
    said = guilder_says("check", str(tmp_path), "--json")
    assert said.returncode == 2
    error = json.loads(said.stderr.splitlines()[-1])
    assert error["error"] == "BankFileError"
    assert "name" in error["known"] + error["todo"]


def test_doctor_answers() -> None:
    found = json.loads(guilder_says("doctor", "--json").stdout)
    assert {item["what"] for item in found} >= {"Python", "libraries", "engine", "disk"}
    assert next(item["ok"] for item in found if item["what"] == "engine")


def test_version() -> None:
    assert guilder_says("--version").stdout.startswith("guilder 0.")


@pytest.mark.parametrize(
    ("number", "code"), [pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow), (signal.SIGTERM, 143)]
)
def test_an_interrupted_training_leaves_nothing_behind(number: int, code: int, tmp_path: Path) -> None:
    guilder.generate(tmp_path, customers=400, seed=1)
    with subprocess.Popen(
        [sys.executable, "-m", "guilder.cli", "train", str(tmp_path)], stderr=subprocess.PIPE, text=True
    ) as training:
        assert training.stderr is not None
        said = []
        for line in training.stderr:
            said.append(line)
            if "Training" in line:
                training.send_signal(number)
                break
        said.extend(training.stderr)
        assert training.wait(60) == code
    assert "Traceback" not in "".join(said)
    assert not (tmp_path / "runs").exists()
