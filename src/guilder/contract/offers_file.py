"""Who may be offered what, as a bank writes it under ``[offers]``: suitability, credit, contact, campaigns."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from guilder.errors import BankFileError

Family = Literal["account", "card", "deposit", "loan", "insurance", "investment"]
MOST_DAYS = 36_500
"""A hundred years: days beyond are a slip, and reach beyond the first day that there is."""
Needed = Literal["consent_marketing", "deceased", "in_arrears"]


class OfferedProduct(BaseModel):
    """What is particular to one product; its id is the name of the part."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    max_p_default: float | None = Field(default=None, ge=0, le=1)
    """The PD above which this credit is not offered, in place of the bank's."""
    margin: float | None = None
    """What one customer who takes it earns, before losses, in the bank's currency."""
    lgd: float | None = Field(default=None, gt=0, le=1)
    ead: float | None = Field(default=None, gt=0)
    """Exposure at default, in the bank's currency."""
    contact_cost: float | None = Field(default=None, ge=0)
    volume: int | None = Field(default=None, ge=1)
    """Customers that one campaign contacts at most."""
    regions: list[str] | None = Field(default=None, min_length=1)
    """Where it is sold; everywhere when omitted."""

    @model_validator(mode="after")
    def _loss_is_whole(self) -> Self:
        known = {"lgd": self.lgd, "ead": self.ead}
        if gone := [name for name, value in known.items() if value is None]:
            if there := [name for name, value in known.items() if value is not None]:
                raise BankFileError(
                    f"It has {there[0]} and no {gone[0]}: an expected loss needs both.",
                    todo=f"Write: {gone[0]} = {'0.6' if gone[0] == 'lgd' else '5000'}, or take {there[0]} out.",
                    id="G-OFFER-002",
                )
        elif self.margin is None:
            raise BankFileError(
                "It has lgd and ead and no margin: a loss alone says nothing of what an offer is worth.",
                todo="Write: margin = 400, what one customer who takes it earns.", id="G-OFFER-003",
            )
        return self


class OffersPolicy(BaseModel):
    """The keys of ``[offers]`` that say who may be offered what."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    max_p_default_for_credit: float = Field(default=0.10, ge=0, le=1)
    max_p_default_age_days: int | None = Field(default=365, ge=1, le=MOST_DAYS)
    """Days after which what a PD rests on is stale."""
    arrears: Literal["credit", "everything"] = "credit"
    """What is withheld from a customer in arrears."""
    needs: list[Needed] = []
    """What must be on record: without it nothing is offered (in_arrears: no credit)."""
    one_is_enough: list[Family] = []
    """Families of which a customer who has one is offered no other."""
    max_contacts: int | None = Field(default=None, ge=1)
    contact_days: int = Field(default=30, ge=1, le=MOST_DAYS)
    """Offers a customer at most within so many days, by ``campaigns``."""
    cool_off_days: int = Field(default=180, ge=0, le=MOST_DAYS)
    """Days after a refusal or a closing in which the product is not offered again."""
    control: float = Field(default=0.0, ge=0, lt=1)
    """Share of customers who are never offered anything, so that offers can be measured."""
    contact_cost: float | None = Field(default=None, ge=0)
    products: dict[str, OfferedProduct] = {}
