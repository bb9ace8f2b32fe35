"""What the service answers: every field by its name, so that no other column of a table can go out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer has its own fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Health(Answer):
    """Whether there is something to answer from."""

    status: str
    version: str
    run: str


class Figure(Answer):
    """A figure of the report's head, in words."""

    title: str
    figure: str
    beside: list[str]


class About(Answer):
    """The published run."""

    run: str
    as_of: str | None
    rooms: list[str]
    figures: list[Figure]


class Loan(Answer):
    """A loan whose outcome is not known yet."""

    loan_id: str
    p_default: float | None
    p_low: float | None
    p_high: float | None
    band: str
    decision: str
    reasons: list[str]
    counterfactual: str | None


class Offer(Answer):
    """A product to offer, the best first."""

    product_id: str
    score: float
    reason: str


class Customer(Answer):
    """What the published run says of a customer; ``p_default`` is of the usual loan of each credit product."""

    run: str
    as_of: str | None
    customer_id: str
    segment: str | None
    p_default: dict[str, float]
    loans: list[Loan]
    offers: list[Offer]
    warnings: list[str]


class Scored(Answer):
    """The PD of each application, in their order."""

    run: str
    as_of: str | None
    p_default: list[float]
