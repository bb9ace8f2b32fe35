"""The service as one application: few at a time, every refusal a problem that is logged, and nothing said besides."""

from __future__ import annotations

import sys
import traceback
import uuid
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guilder.errors import GuilderError
from guilder.serve.problems import (
    HEADERS,
    MEDIA,
    NOWHERE,
    TOO_MANY,
    UNFORESEEN,
    UNREADABLE,
    Problem,
    not_ready,
)
from guilder.serve.routes import House, routes

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
# What a request holds may be personal: nothing of it goes to a collector, whatever the environment asks for.
SILENT: Any = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}


class Service:
    """The application, guarded.

    Parameters
    ----------
    house : House
        What it answers from.
    """

    def __init__(self, house: House) -> None:
        self.house, self.busy = house, 0
        self.app: ASGIApp = self._built()

    def _built(self) -> FastAPI:
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=SILENT)
        app.include_router(routes(self.house))
        for kind in (Problem, HTTPException, GuilderError, Exception):
            app.add_exception_handler(kind, self.refused)
        return app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that there are too many."""
        if scope["type"] != "http":
            return

        async def quietly(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            await send(message)

        if self.busy >= self.house.limits.at_once:
            many = Problem(503, TOO_MANY, "too many requests at once", {"retry-after": "1"})
            await (await self.refused(Request(scope), many))(scope, receive, quietly)
            return
        self.busy += 1
        try:
            await self.app(scope, receive, quietly)
        except Exception:  # noqa: S110 - it was answered and logged, and is raised again for the server to print
            pass
        finally:
            self.busy -= 1

    async def refused(self, request: Request, error: Exception) -> Response:
        """Log a refusal, then say it."""
        problem = as_problem(error)
        route = getattr(request.scope.get("route"), "path", "another path")
        method = request.method if request.method in METHODS else "another method"
        try:
            await self.log(f"{method} {route}", problem, getattr(request.state, "by", None))
        except Problem as cannot:
            problem = cannot
        return Response(problem.body(), problem.status, problem.headers, MEDIA)

    async def log(self, request: str, problem: Problem, by: str | None = None) -> None:
        """Write a denial to the audit log."""
        await self.house.journal.write({
            "event": "denied", "request": request, "status": problem.status, "error": problem.id, "by": by,
            **problem.about,
        })  # fmt: skip


def as_problem(error: Exception) -> Problem:
    """Say an error as a problem; of one that was not foreseen only a number goes out, its place to standard error."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        told = NOWHERE if error.status_code in (404, 405) else UNREADABLE
        detail = {404: "there is nothing here", 405: "not by this method"}.get(error.status_code, "not like this")
        return Problem(error.status_code, told, detail, error.headers)
    if isinstance(error, GuilderError):
        return not_ready(f"{error.id}: the service cannot answer before this is seen to")
    number = uuid.uuid4().hex[:12]
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" at {each.filename}:{each.lineno}" for each in last)
    print(f"{UNFORESEEN} {number}: {type(error).__name__}{where}", file=sys.stderr, flush=True)  # noqa: T201
    return Problem(500, UNFORESEEN, f"something went wrong here; it is number {number} on the service's side")
