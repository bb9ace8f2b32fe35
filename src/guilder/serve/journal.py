"""The audit log as a service writes it: requests wait for the disk together, and equal denials are one entry."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from guilder.errors import GuilderError
from guilder.serve.problems import not_ready
from guilder.workflow.audit import Audit


class Journal:
    """One writer for all requests: what comes in while it waits for the disk goes into its next write.

    Parameters
    ----------
    audit : Audit
        The bank's log.
    """

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._waiting: list[tuple[Mapping[str, Any], asyncio.Future[None]]] = []
        self._turn = asyncio.Lock()

    async def write(self, event: Mapping[str, Any]) -> None:
        """Log an event; it is on disk when this returns.

        Raises
        ------
        Problem
            503, when it cannot be: what must be logged must not happen.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        async with self._turn:
            if not done.done():
                batch, self._waiting = self._waiting, []
                await self._write([event for event, _ in batch], [each for _, each in batch])
        await done

    async def _write(self, events: list[Mapping[str, Any]], waiting: list[asyncio.Future[None]]) -> None:
        written = False
        try:
            with suppress(GuilderError, OSError):
                await asyncio.to_thread(self._audit.write, *_together(events))
                written = True
        finally:  # whatever happens, nobody waits for ever
            for each in waiting:
                if not each.done():
                    each.set_result(None) if written else each.set_exception(_cannot())


def _cannot() -> Exception:
    return not_ready("the audit log cannot be written, and nothing is answered that is not logged first")


def _together(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Count equal denials: a flood of requests must not become a flood of entries."""
    denied = [event for event in events if event["event"] == "denied"]
    times = Counter(json.dumps(event, sort_keys=True) for event in denied)
    first = {json.dumps(event, sort_keys=True): event for event in denied}
    others = [event for event in events if event["event"] != "denied"]
    return others + [{**first[text], "times": n} for text, n in times.items()]
