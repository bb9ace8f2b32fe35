"""The service on a port: heads and bodies must come in time, and it leaves when it is told to."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from guilder.errors import UsageError
from guilder.serve.app import Service
from guilder.serve.auth import Tokens
from guilder.serve.body import Limits
from guilder.serve.journal import Journal
from guilder.serve.problems import HEADERS, MEDIA, TOO_SLOW, UNREADABLE, Problem
from guilder.serve.published import Shelf
from guilder.serve.routes import House
from guilder.source.connect import bank_file_path, read_bank_file
from guilder.workflow.audit import Audit
from guilder.workflow.branches import regions
from guilder.workflow.privacy import key_for


class Connection(H11Protocol):
    """A connection that is closed where a head, or what is left of a body that was refused, does not end in time."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came, and see whether more must."""
        if not self.transport.is_closing():
            super().data_received(data)
            self._watch()

    def _watch(self) -> None:
        head = self.conn.their_state is h11.IDLE
        left = self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY
        if self.transport.is_closing() or not (head or left):
            self._rest()
        elif self._timer is None:  # one more byte buys no more time
            self._timer = self.loop.call_later(self.service.house.limits.seconds, self._late)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self.conn.trailing_data[0] and self.conn.our_state is h11.IDLE:
            self._refuse(Problem(408, TOO_SLOW, "the head of the request was not whole in time"))
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no HTTP."""
        self._refuse(Problem(400, UNREADABLE, "this is no HTTP request as this service reads it"))

    @property
    def service(self) -> Service:
        """The application behind it."""
        return self.config.app  # type: ignore[return-value]

    def _refuse(self, problem: Problem) -> None:
        """Answer where no request came to be one: log first, as everywhere."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        self.transport.pause_reading()
        task = self.loop.create_task(self._logged(problem))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _logged(self, problem: Problem) -> None:
        try:
            await self.service.log("no request", problem)
        except Problem as cannot:
            problem = cannot
        if not self.transport.is_closing() and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = problem.body()
            told = {**HEADERS, "content-type": MEDIA, "content-length": str(len(body)), "connection": "close"}
            head = h11.Response(status_code=problem.status, headers=[*told.items()])
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Door(Server):
    """A server that ends by itself when it is told to, without raising the signal again."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Finish what is at hand; at once when told twice."""
        self.force_exit = self.should_exit
        self.should_exit = True


def door(house: House) -> Door:
    """Make the server of a service."""
    return Door(Config(
        Service(house), loop="asyncio", http=Connection, ws="none", lifespan="off", interface="asgi3",
        log_config=None, log_level="critical", access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=house.limits.idle, timeout_graceful_shutdown=10, h11_max_incomplete_event_size=16_384,
    ))  # fmt: skip


def house(bank: Path, limits: Limits | None = None) -> House:
    """Make ready what a service answers from.

    Raises
    ------
    UsageError
        When there is no bank, there are no tokens, or others can read them.
    ArtefactError
        When the audit log cannot be written.
    """
    file = bank_file_path(bank)
    root, settings = file.parent, read_bank_file(file)
    tokens = Tokens(root)
    of_branches = any(token.branch is not None for token in tokens.all())
    audit = Audit.at(root, settings)
    audit.log.ready()
    return House(
        tokens, Shelf(root, settings.limits.accept), Journal(audit), regions(file) if of_branches else None,
        limits or Limits(), "customer" if key_for(settings, "scores") is None else "subject",
    )  # fmt: skip


def listening(host: str, port: int) -> socket.socket:
    """Take a port.

    Raises
    ------
    UsageError
        When it cannot be had.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(
            f"{host[:100]} port {port} cannot be listened on: {error.strerror or type(error).__name__}",
            todo="name others: --host, --port", id="G-SERVE-014",
        ) from error  # fmt: skip
