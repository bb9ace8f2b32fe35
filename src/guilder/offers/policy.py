"""What the bank has decided about offers, and what it has done with each customer so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """What is particular to one product; what is None is the bank's own or not declared."""

    max_p_default: float | None = None
    margin: float | None = None
    """What one customer who takes it earns, before losses."""
    lgd: float | None = None
    ead: float | None = None
    """Exposure at default."""
    regions: Sequence[str] | None = None

    @property
    def loss(self) -> float:
        """What a default of one customer costs; NaN where it is not declared."""
        return float("nan") if self.lgd is None or self.ead is None else self.lgd * self.ead


@dataclass(frozen=True)
class Policy:
    """What the bank has decided.

    Parameters
    ----------
    max_p_default_for_credit : float
        No credit is offered above this probability of default, unless the product has a limit of its own.
    as_of : datetime
        The day ages are counted to.
    needs : sequence of str
        Columns of customers without which nothing is offered: ``consent_marketing``, ``deceased``; and without which
        no credit is: ``in_arrears``. With the column a blank counts as withheld anyway.
    max_p_default_age_days : int, optional
        No credit is offered on a PD that rests on something older.
    arrears : {"credit", "everything"}
        What is withheld from a customer in arrears.
    one_is_enough : sequence of str
        Families of which one product is enough.
    max_contacts, contact_days : int
        No offer to a customer who had so many within so many days.
    cool_off_days : int
        No offer of a product so many days after it was refused or closed.
    products : mapping of str to Terms
        By product_id.
    """

    max_p_default_for_credit: float
    as_of: object
    needs: Sequence[str] = ()
    max_p_default_age_days: int | None = None
    arrears: str = "credit"
    one_is_enough: Sequence[str] = ()
    max_contacts: int | None = None
    contact_days: int = 30
    cool_off_days: int = 0
    products: Mapping[str, Terms] = field(default_factory=lambda: MappingProxyType({}))

    def terms(self, product_id: str) -> Terms:
        """What is particular to a product."""
        return self.products.get(product_id, Terms())

    def limits(self, names: Sequence[str]) -> Floats:
        """The highest PD of each product."""
        own = [self.terms(name).max_p_default for name in names]
        return np.array([self.max_p_default_for_credit if limit is None else limit for limit in own], dtype=np.float64)


@dataclass(frozen=True)
class Standing:
    """How each customer stands with the bank.

    Parameters
    ----------
    contacts : Series by customer_id, optional
        Offers made within ``contact_days``; None where the bank keeps no campaigns. Who is not in it had none.
    refusals : DataFrame
        customer_id, product_id, days since it was last refused or closed (0 where the day is not known).
    control : frozenset of str
        Customers who are held out.
    p_default_age : Series by customer_id, optional
        Days since what the PD rests on.
    """

    contacts: pd.Series | None = None
    refusals: pd.DataFrame | None = None
    control: frozenset[str] = frozenset()
    p_default_age: pd.Series | None = None
