"""The service starts only where it is safe to, and leaves when it is told to."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import get_type_hints

import pytest
from fastapi.telemetry import TelemetryConfig
from tiny_service import publish, write_bank

from guilder import cli_serve
from guilder.errors import ArtefactError, UsageError
from guilder.serve import auth
from guilder.serve.app import SILENT
from guilder.serve.published import Shelf
from guilder.serve.server import house, listening


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return write_bank(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_it_is_told_to_end(bank: Path, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    publish(bank)
    auth.add(bank, "crm", ["read"])
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    found = []

    def ask() -> None:
        for _ in range(400):
            try:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                line.request("GET", "/health")
                found.append(line.getresponse().status)
                line.close()
                break
            except ConnectionError:
                time.sleep(0.01)
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    thread = threading.Thread(target=ask)
    signal.signal(number, lambda *_: None)  # a signal that comes too early must not end the tests
    try:
        thread.start()
        cli_serve.serve(bank, "127.0.0.1", port)
    finally:
        thread.join()
        signal.signal(number, before)
    said = capsys.readouterr()
    assert found == [200]
    assert said.out.splitlines() == [f"http://127.0.0.1:{port} (Ctrl-C ends it)", "ended"]
    assert said.err == ""


def test_it_does_not_start_without_tokens_or_a_log(bank: Path) -> None:
    with pytest.raises(UsageError, match=r"G-SERVE-012.*tokens\.json"):
        house(bank)
    auth.add(bank, "crm", ["read"])
    (bank / "tokens.json").chmod(0o644)
    with pytest.raises(UsageError, match=r"G-SERVE-012.*others"):
        house(bank)
    (bank / "tokens.json").chmod(0o600)
    assert house(bank).branches is None
    (bank / "audit" / "head.json").write_text('{"number": 99, "entry": "x"}')
    with pytest.raises(ArtefactError, match="log"):
        house(bank)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="G-SERVE-014"):
        listening("127.0.0.1", taken.getsockname()[1])


def test_without_the_extra_it_says_what_to_install(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("guilder.serve.") and name != "guilder.serve.auth"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(UsageError, match="fastapi") as refused:
        cli_serve.serve(bank)
    assert refused.value.todo == 'pip install "guilder[serve]"'


def test_nothing_of_a_request_goes_to_a_collector_by_any_way_that_there_is() -> None:
    ways = {name for name, kind in get_type_hints(TelemetryConfig).items() if kind is bool}
    assert len(ways) >= 5
    assert {name for name in ways if SILENT.get(name) is False} == ways


def test_a_run_that_was_replaced_while_it_was_read_is_not_answered_from(bank: Path) -> None:
    publish(bank)
    shelf = Shelf(bank, {})
    assert shelf._read(shelf._marked()) is not None
    assert shelf._read(("another", 0, 0, 0)) is None


def test_the_commands_make_list_and_revoke_tokens(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli_serve.add("crm", bank, [cli_serve.Right.score], "north")
    secret = capsys.readouterr().out.splitlines()[0]
    assert auth.digest(secret) == auth.listed(bank)[0].sha256
    cli_serve.list_them(bank)
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("crm", "score", "north"))
    assert secret not in shown
    cli_serve.revoke("crm", bank)
    assert auth.listed(bank) == ()
    with pytest.raises(UsageError, match="there is no token 'crm'"):
        cli_serve.revoke("crm", bank)
