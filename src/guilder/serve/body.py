"""What a request brings, held to its limits before it is read as JSON, and to the letter when it is."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request

from guilder.serve.problems import NOT_JSON, TOO_LARGE, TOO_SLOW, UNREADABLE, Problem


@dataclass(frozen=True)
class Limits:
    """What one request, and all of them together, may take."""

    bytes: int = 1_000_000
    rows: int = 1000
    levels: int = 20
    at_once: int = 64
    seconds: float = 10.0
    """To bring a head, to bring a body, and to be scored, each."""
    idle: int = 5
    """Seconds that a connection may wait between two requests."""


_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


async def json_body(request: Request, limits: Limits) -> Any:
    """Read a request's JSON.

    Raises
    ------
    Problem
        408, 413, 415, or 400 where it is not JSON by the letter: one value a name, and no number that is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, NOT_JSON, "the body must be application/json, in UTF-8 and not compressed")
    return _parsed(await _bytes(request, limits), limits.levels)


async def _bytes(request: Request, limits: Limits) -> bytes:
    body = bytearray()
    too_large = Problem(413, TOO_LARGE, f"a body is {limits.bytes:,} bytes at the most")
    if int(request.headers.get("content-length", "0")) > limits.bytes:  # the server has seen that it is a number
        raise too_large
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                body += part
                if len(body) > limits.bytes:
                    raise too_large
    except TimeoutError as error:
        raise Problem(408, TOO_SLOW, f"the body was not whole within {limits.seconds:g} seconds",
                      {"connection": "close"}) from error  # fmt: skip
    except ClientDisconnect as error:
        raise Problem(400, UNREADABLE, "the connection ended before the body did") from error
    return bytes(body)


def _parsed(body: bytes, levels: int) -> Any:
    try:
        text = body.decode("utf-8")
        if _depth(text) > levels:
            raise ValueError(f"it is nested over {levels} levels deep")
        return json.loads(text, parse_constant=_none, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Problem(400, UNREADABLE, "the body is not UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Problem(400, UNREADABLE, f"the body is not JSON: {error.msg} ({where})") from error
    except (ValueError, RecursionError) as error:
        ours = type(error) is ValueError and str(error).startswith("it ")
        raise Problem(400, UNREADABLE, f"the body is not JSON as this service reads it: {error}" if ours else
                      "the body is not JSON: a number of too many digits") from error  # fmt: skip


def _depth(text: str) -> int:
    now = most = 0
    for found in _TOKENS.finditer(text):
        sign = found[0][0]
        now += (sign in "[{") - (sign in "]}")
        most = max(most, now)
    return most


def _none(word: str) -> Any:
    raise ValueError(f"it says {word}, which is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"it names {twice[:40]!r} twice")
    return made
