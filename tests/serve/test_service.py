"""A real server on a real port, and everything hostile that can be sent to it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tiny_service import CANARY, publish, write_bank

from guilder.serve import auth
from guilder.serve.body import Limits
from guilder.serve.server import Door, door, house, listening
from guilder.workflow.audit import listed, verify

SECONDS = 1.0
ONE = {"amount": 5000, "purpose": "car"}
SCORE = {"content-type": "application/json"}


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Up:
    """A service at work, and tokens of every kind."""

    root: Path
    port: int
    server: Door
    tokens: dict[str, str]

    def ask(self, method: str, path: str, token: str | None = None, body: Any = None, **headers: str) -> Said:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            told["authorization"] = f"Bearer {self.tokens.get(token, token)}"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, body, told)
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, found, answer.read())

    def raw(self, *parts: bytes, pause: float = 0.0) -> bytes:
        """Send bytes as they are, and read until the service closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            for part in parts:
                try:
                    line.sendall(part)
                except OSError:
                    break
                time.sleep(pause)
            said = b""
            try:
                while part := line.recv(65_536):
                    said += part
            except ConnectionResetError:
                pass
            return said

    def denials(self) -> Counter[tuple[str, int]]:
        found: Counter[tuple[str, int]] = Counter()
        for entry in listed(self.root, "denied"):
            found[entry["request"], entry["status"]] += entry["times"]
        return found


@contextmanager
def served(root: Path, tokens: dict[str, str], limits: Limits) -> Iterator[Up]:
    server = door(house(root, limits))
    with listening("127.0.0.1", 0) as port:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield Up(root, port.getsockname()[1], server, tokens)
        finally:
            server.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    root = write_bank(tmp_path_factory.mktemp("served"))
    publish(root)
    old = datetime.now(UTC) - timedelta(days=2)
    tokens = {
        "reader": auth.add(root, "reader", ["read"])[0], "scorer": auth.add(root, "scorer", ["score"])[0],
        "north": auth.add(root, "north-branch", ["read"], "north")[0],
        "ended": auth.add(root, "ended", ["read"], days=1, now=old)[0],
    }  # fmt: skip
    with served(root, tokens, Limits(seconds=SECONDS, at_once=8, idle=1)) as found:
        yield found


def applications(n: int) -> str:
    return json.dumps({"applications": [ONE] * n})


def one(text: str) -> str:
    return f'{{"applications": [{{"amount": {text}, "purpose": "car"}}]}}'


DEEP = "[" * 100_000 + "]" * 100_000
UNKNOWN = "guilder_" + "A" * 43
# Who, how, what, with which body, the status it gets, and a word of the answer.
HOSTILE: dict[str, tuple[str | None, str, str, Any, int, str]] = {
    "no token": (None, "GET", "/v1/run", None, 401, "token"),
    "malformed token": ("x", "GET", "/v1/run", None, 401, "token"),
    "unknown token": (UNKNOWN, "GET", "/v1/customers/007", None, 401, "token"),
    "ended token": ("ended", "GET", "/v1/customers/007", None, 401, "token"),
    "no right to score": ("reader", "POST", "/v1/score", applications(1), 403, "right to score"),
    "no right to read": ("scorer", "GET", "/v1/customers/007", None, 403, "right to read"),
    "customer of another branch": ("north", "GET", "/v1/customers/8", None, 404, "no such customer"),
    "unknown customer": ("north", "GET", "/v1/customers/80", None, 404, "no such customer"),
    "unknown customer, no branch": ("reader", "GET", "/v1/customers/%00%1b..%2f%ff", None, 404, "no such customer"),
    "unknown path": ("reader", "GET", "/v1/customers%0d%0a", None, 404, "nothing here"),
    "pages about the service": (None, "GET", "/openapi.json", None, 404, "nothing here"),
    "docs": (None, "GET", "/docs", None, 404, "nothing here"),
    "other method": ("reader", "DELETE", "/v1/run", None, 405, "method"),
    "no JSON": ("scorer", "POST", "/v1/score", '{"applications": [', 400, "line 1"),
    "nothing": ("scorer", "POST", "/v1/score", "", 400, "not JSON"),
    "NaN": ("scorer", "POST", "/v1/score", one("NaN"), 400, "NaN"),
    "infinity": ("scorer", "POST", "/v1/score", one("-Infinity"), 400, "Infinity"),
    "overflow": ("scorer", "POST", "/v1/score", one("1e999"), 422, "wrong amount"),
    "integer beyond floats": ("scorer", "POST", "/v1/score", one("9" * 400), 422, "wrong amount"),
    "integer of 10,000 digits": ("scorer", "POST", "/v1/score", one("9" * 10_000), 400, "digits"),
    "name twice": ("scorer", "POST", "/v1/score", '{"applications": [], "applications": []}', 400, "twice"),
    "deep": ("scorer", "POST", "/v1/score", f'{{"applications": {DEEP}}}', 400, "nested"),
    "UTF-16": ("scorer", "POST", "/v1/score", applications(1).encode("utf-16"), 400, "UTF-8"),
    "half a sign": ("scorer", "POST", "/v1/score", applications(1).replace("car", "\\ud800"), 422, "wrong purpose"),
    "text for a number": ("scorer", "POST", "/v1/score", one(f'"{CANARY}"'), 422, "wrong amount"),
    "truth for a number": ("scorer", "POST", "/v1/score", one("true"), 422, "wrong amount"),
    "number for a word": ("scorer", "POST", "/v1/score", applications(1).replace('"car"', "7"), 422, "wrong purpose"),
    "long word": ("scorer", "POST", "/v1/score", applications(1).replace("car", CANARY * 30), 422, "wrong purpose"),
    "unknown fact": ("scorer", "POST", "/v1/score", one('1, "is_admin": true'), 422, "is_admin"),
    "missing fact": ("scorer", "POST", "/v1/score", '{"applications": [{"amount": 1}]}', 422, "purpose"),
    "no object": ("scorer", "POST", "/v1/score", '{"applications": [[]]}', 422, "applications[0]"),
    "more than applications": ("scorer", "POST", "/v1/score", '{"applications": [], "run": "x"}', 422, "nothing else"),
    "a list": ("scorer", "POST", "/v1/score", "[]", 422, "applications"),
    "too many rows": ("scorer", "POST", "/v1/score", applications(1001), 422, "1,000"),
    "a million rows": ("scorer", "POST", "/v1/score", '{"applications": [' + "{}," * 999_999 + "{}]}", 413, "bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_is_a_problem_that_is_logged(up: Up, name: str) -> None:
    token, method, path, body, status, says = HOSTILE[name]
    before = up.denials()
    said = up.ask(method, path, token, body, **(SCORE if body is not None else {}))
    assert (said.status, said.headers["content-type"]) == (status, "application/problem+json"), said.body
    assert {"type", "title", "status", "detail", "id"} == set(said.json)
    assert says in said.json["detail"]
    assert said.json["status"] == status
    assert len(said.body) < 500
    assert not {b"Traceback", CANARY.encode(), b".py"} & {word for word in (b"Traceback", CANARY.encode(), b".py")
                                                          if word in said.body}  # fmt: skip
    assert said.headers["cache-control"] == "no-store"
    assert "server" not in said.headers
    assert not any(header.startswith("access-control") for header in said.headers)
    assert ("www-authenticate" in said.headers) == (status == 401)
    new = up.denials() - before
    assert list(new.values()) == [1]
    assert next(iter(new))[1] == status


def test_missing_malformed_unknown_and_ended_tokens_are_told_the_same(up: Up) -> None:
    told = {up.ask("GET", "/v1/run", token).body for token in (None, "x", UNKNOWN, "ended")}
    assert len(told) == 1
    assert {up.ask("GET", "/v1/customers/8", "north").body, up.ask("GET", "/v1/customers/80", "north").body} == {
        up.ask("GET", "/v1/customers/nobody", "reader").body
    }


def test_what_is_asked_rightly_is_answered_by_named_fields_alone(up: Up) -> None:
    assert up.ask("GET", "/health").json["status"] == "ok"
    run = up.ask("GET", "/v1/run", "north").json
    assert (run["as_of"], run["rooms"]) == ("2025-06-30", ["risk"])
    said = up.ask("GET", "/v1/customers/007", "north")
    assert said.json == {
        "run": run["run"], "as_of": "2025-06-30", "customer_id": "007", "segment": "savers",
        "p_default": {"LOAN": 0.02}, "warnings": [],
        "loans": [{"loan_id": "L1", "p_default": 0.04, "p_low": 0.02, "p_high": 0.08, "band": "B",
                   "decision": "approve", "reasons": ["the amount"], "counterfactual": None}],
        "offers": [{"product_id": "CARD", "score": 0.4, "reason": "because you hold A"},
                   {"product_id": "FUND", "score": 0.1, "reason": "popular"}],
    }  # fmt: skip
    assert up.ask("GET", "/v1/customers/C%2F9", "north").json["p_default"] == {}
    shown = listed(up.root, "explain")
    assert [entry["by"] for entry in shown] == ["north-branch"] * 2
    assert (shown[0]["customer"], shown[0]["loans"]) == ("007", {"L1": "approve"})


def test_scores_are_those_of_the_published_model(up: Up) -> None:
    said = up.ask("POST", "/v1/score", "scorer", applications(1000), **SCORE).json
    other = up.ask("POST", "/v1/score", "scorer", json.dumps({"applications": [
        {"purpose": None, "amount": None}, {"purpose": "never seen", "amount": 90_000.5}, ONE
    ]}), content_type="application/json; charset=utf-8").json  # fmt: skip
    assert set(said["p_default"]) == {said["p_default"][0]}
    assert len(said["p_default"]) == 1000
    assert other["p_default"][2] == pytest.approx(said["p_default"][0], rel=1e-12)
    assert other["p_default"][1] > other["p_default"][2]
    assert up.ask("POST", "/v1/score", "scorer", applications(0), **SCORE).json["p_default"] == []
    assert [entry["rows"]["applications"] for entry in listed(up.root, "score")][-3:] == [1000, 3, 0]


@pytest.mark.parametrize(
    "kind", [{"content_type": "text/plain"}, {}, {**SCORE, "content_encoding": "gzip"}, {"content_type": "json"}]
)
def test_another_kind_of_body_is_refused(up: Up, kind: dict[str, str]) -> None:
    assert up.ask("POST", "/v1/score", "scorer", applications(1), **kind).status == 415


def head(up: Up, token: str, *more: str) -> bytes:
    lines = ["POST /v1/score HTTP/1.1", "host: a", f"authorization: Bearer {up.tokens[token]}",
             "content-type: application/json", *more, "", ""]  # fmt: skip
    return "\r\n".join(lines).encode()


def test_a_hundred_megabytes_are_refused_while_they_come(up: Up) -> None:
    part = b"%x\r\n" % 500_000 + b" " * 500_000 + b"\r\n"
    chunked = up.raw(head(up, "scorer", "transfer-encoding: chunked"), *[part] * 200)
    assert chunked.startswith(b"HTTP/1.1 413 "), chunked[:200]
    assert b"problem+json" in chunked
    declared = up.raw(head(up, "scorer", "content-length: 100000000"))
    assert declared.startswith(b"HTTP/1.1 413 ")
    before_the_right_is_known = up.raw(head(up, "reader", "content-length: 100000000"))
    assert before_the_right_is_known.startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((b"GET /health HTTP/1.1\r\nhost: a\r\n", b"x: y\r\n"), b"408"),
        ((b"",), b""),
        ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls\r\n\r\n",), b"400"),
        ((b"GET /health HTTP/1.1\r\n\r\n",), b"400"),
        ((b"GET /health HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 600_000 + b"\r\n\r\n",), b"400"),
        ((b"GET /health HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",), b"400"),
        ((b"POST /health HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\nx",), b"405"),
    ],
)
def test_what_is_no_request_is_closed_in_time(up: Up, parts: tuple[bytes, ...], status: bytes) -> None:
    began = time.monotonic()
    said = up.raw(*parts, pause=0.05)
    assert said[9:12] == status, said
    assert not status or b"application/problem+json" in said
    assert time.monotonic() - began < 1 + 4 * SECONDS + 2


def test_a_slow_body_is_ended_and_a_false_length_is_waited_for_no_longer(up: Up) -> None:
    began = time.monotonic()
    slow = up.raw(head(up, "scorer", "content-length: 400"), *[b" "] * 30, pause=0.05)
    assert slow.startswith(b"HTTP/1.1 408 "), slow
    false = up.raw(head(up, "scorer", "content-length: 4000") + applications(1).encode())
    assert false.startswith(b"HTTP/1.1 408 ")
    short = up.raw(head(up, "scorer", "content-length: 3") + applications(1).encode())
    assert short.startswith(b"HTTP/1.1 400 ")
    assert time.monotonic() - began < 10 * SECONDS + 5


def test_ten_times_the_load_is_answered_or_told_to_come_again(up: Up) -> None:
    """Eight slow clients hold every place; each of the others is told so at once, and afterwards all is well."""
    held = [socket.create_connection(("127.0.0.1", up.port)) for _ in range(8)]
    for line in held:
        line.sendall(head(up, "scorer", "content-length: 4000"))
    time.sleep(0.1)
    before = up.denials()
    with ThreadPoolExecutor(16) as crowd:
        said = list(crowd.map(lambda _: up.ask("GET", "/v1/customers/007", "reader"), range(80)))
    for line in held:
        line.close()
    counts = Counter(each.status for each in said)
    assert set(counts) <= {200, 503}
    assert counts[503] > 0
    assert all(each.headers["retry-after"] == "1" for each in said if each.status == 503)
    assert (up.denials() - before)["GET another path", 503] == counts[503]
    time.sleep(SECONDS / 2)
    assert up.ask("GET", "/v1/customers/007", "reader").status == 200


def test_the_log_is_whole_and_holds_no_token_and_no_name(up: Up) -> None:
    up.ask("GET", "/v1/customers/8", "north")
    up.ask("GET", f"/v1/customers/{CANARY}", "reader")
    up.ask("GET", f"/v1/run?{CANARY}", "ended")
    assert verify(up.root).bad is None
    text = (up.root / "audit" / "log.jsonl").read_text() + (up.root / "tokens.json").read_text()
    assert not [word for word in (*up.tokens.values(), CANARY) if word in text]
    foreign = [entry for entry in listed(up.root, "denied") if entry.get("customer")]
    assert {(entry["customer"], entry["by"]) for entry in foreign} == {("8", "north-branch")}


def test_an_error_that_was_not_foreseen_says_nothing_of_itself(
    up: Up, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("guilder.serve.published.Published.customer", stumble)
    said = up.ask("GET", "/v1/customers/007", "reader")
    assert (said.status, said.json["id"], CANARY in str(said.body)) == (500, "G-SERVE-011", False)
    printed = capsys.readouterr().err
    assert printed.startswith("G-SERVE-011 ")
    assert printed.split()[1].rstrip(":") in said.json["detail"]
    assert CANARY not in printed


def test_a_revoked_token_and_a_file_that_others_can_read_open_nothing(up: Up) -> None:
    gone, _ = auth.add(up.root, "gone", ["read"])
    assert up.ask("GET", "/v1/run", gone).status == 200
    auth.revoke(up.root, "gone")
    assert up.ask("GET", "/v1/run", gone).status == 401
    (up.root / "tokens.json").chmod(0o640)
    assert (up.ask("GET", "/v1/run", "reader").status, up.ask("GET", "/health").status) == (503, 200)
    (up.root / "tokens.json").chmod(0o600)
    assert up.ask("GET", "/v1/run", "reader").status == 200


def test_where_the_log_cannot_be_written_nothing_is_shown(up: Up) -> None:
    log = up.root / "audit" / "head.json"
    kept = log.read_bytes()
    log.write_text('{"number": 999999999, "entry": "x"}')
    told = [
        up.ask("GET", "/v1/customers/007", "reader"), up.ask("GET", "/v1/run"),
        up.ask("POST", "/v1/score", "scorer", applications(1), **SCORE),
    ]  # fmt: skip
    log.write_bytes(kept)
    assert [each.status for each in told] == [503] * 3
    assert not any(b"savers" in each.body or b"p_default" in each.body for each in told)
    assert up.ask("GET", "/v1/customers/007", "reader").status == 200


def test_another_run_is_answered_from_as_soon_as_it_is_published(up: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    first = up.ask("GET", "/health").json["run"]
    second = publish(up.root, seed=1)
    assert up.ask("GET", "/v1/run", "reader").json["run"] == second.id != first
    tables = second.path / "tables" / "offers.parquet"
    tables.write_bytes(tables.read_bytes()[:-1])
    (second.path / "SHA256SUMS").write_bytes((second.path / "SHA256SUMS").read_bytes() + b"\n")
    for path in ("/health", "/v1/run", "/v1/customers/007"):
        said = up.ask("GET", path, "reader")
        assert (said.status, said.json["id"], said.headers["retry-after"]) == (503, "G-SERVE-010", "5")
    third = publish(up.root, seed=2, refused=("it is worse",))
    assert up.ask("GET", "/health").json["run"] == third.id
    said = up.ask("GET", "/v1/customers/007", "reader").json
    assert (said["segment"], said["p_default"], said["loans"], said["offers"]) == ("savers", {}, [], [])
    assert "G-MODEL-008" in said["warnings"][0]
    assert up.ask("POST", "/v1/score", "scorer", applications(1), **SCORE).status == 404


def test_limits_stand_where_they_are_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "serve.md").read_text()
    usual = Limits()
    for figure in (f"{usual.bytes:,}", f"{usual.rows:,}", f"{usual.levels} levels", f"{usual.at_once} requests",
                   f"{usual.seconds:g} seconds"):  # fmt: skip
        assert figure in text
    assert replace(usual, seconds=1).seconds == 1
