"""What can be asked: each route checks the token, holds what it is sent to its limits, logs, and answers."""

# No "from __future__ import annotations" here: FastAPI reads the annotations of routes, which name what is local.

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from guilder.serve.auth import Token, Tokens
from guilder.serve.body import Limits, json_body
from guilder.serve.journal import Journal
from guilder.serve.problems import NO_RIGHT, NOWHERE, Problem, not_ready
from guilder.serve.published import Shelf, applications_in
from guilder.serve.schemas import About, Customer, Health, Scored
from guilder.workflow.promotion import ID as NOT_PROMOTED


@dataclass(frozen=True)
class House:
    """What every request is answered from.

    Parameters
    ----------
    tokens, shelf, journal
        Who may ask, the published run, and the audit log.
    branches : mapping of str to str, optional
        The region of each customer, where a token was of one when the service began.
    limits : Limits
        What a request may take.
    called : str
        What a customer's id is logged as: those of a bank with pseudonyms in its runs are no ids.
    """

    tokens: Tokens
    shelf: Shelf
    journal: Journal
    branches: Mapping[str, str] | None = None
    limits: Limits = field(default_factory=Limits)
    called: str = "customer"
    scorers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "guilder-score"))


def routes(house: House) -> APIRouter:
    """Make the routes of a service."""
    router = APIRouter()
    reader, scorer = _allowed(house, "read"), _allowed(house, "score")

    @router.get("/health")
    async def health() -> Health:
        found = await house.shelf.now()
        return Health(status="ok", version=version("guilder"), run=found.run.id)

    @router.get("/v1/run")
    async def run(token: Annotated[Token, Depends(reader)]) -> About:
        return (await house.shelf.now()).about

    @router.get("/v1/customers/{customer_id:path}")
    async def customer(customer_id: str, token: Annotated[Token, Depends(reader)]) -> Customer:
        answer = (await house.shelf.now()).customer(customer_id)
        strange = answer is not None and token.branch is not None and not _is_of(house, customer_id, token.branch)
        if answer is None or strange:  # one answer for both, or it would say who is a customer elsewhere
            about = {house.called: customer_id} if strange else {}
            raise Problem(404, NOWHERE, "there is no such customer", about=about)
        loans = {loan.loan_id: loan.decision for loan in answer.loans}
        await house.journal.write({
            "event": "explain", "run": answer.run, house.called: customer_id, "loans": loans,
            "offers": len(answer.offers), "by": token.name,
        })  # fmt: skip
        return answer

    @router.post("/v1/score")
    async def score(request: Request, token: Annotated[Token, Depends(scorer)]) -> Scored:
        applications = applications_in(await json_body(request, house.limits), house.limits)
        found = await house.shelf.now()
        if found.model is None:
            why = f" ({NOT_PROMOTED}: it was not promoted)" if not found.promoted else ""
            raise Problem(404, NOWHERE, f"the published run has no risk model that may be used{why}")
        work = asyncio.get_running_loop().run_in_executor(house.scorers, found.score, applications)
        try:
            p_default = await asyncio.wait_for(work, house.limits.seconds)
        except TimeoutError as error:
            raise not_ready(f"scoring took longer than {house.limits.seconds:g} seconds") from error
        await house.journal.write({
            "event": "score", "run": found.run.id, "rows": {"applications": len(applications)}, "by": token.name,
        })  # fmt: skip
        return Scored(run=found.run.id, as_of=found.about.as_of, p_default=p_default)

    return router


def _allowed(house: House, right: str) -> Callable[[Request], Coroutine[Any, Any, Token]]:
    async def check(request: Request) -> Token:
        token = house.tokens.holder(request.headers.getlist("authorization"), datetime.now(UTC))
        request.state.by = token.name
        if right not in token.may:
            raise Problem(403, NO_RIGHT, f"this takes the right to {right}, which the token has not")
        return token

    return check


def _is_of(house: House, customer_id: str, branch: str) -> bool:
    if house.branches is None:
        raise not_ready("start the service anew: it began before there was a token of a branch")
    return house.branches.get(customer_id) == branch
