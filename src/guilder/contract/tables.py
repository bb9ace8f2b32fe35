"""The tables a bank brings, five and the log of its campaigns, as values: keys, columns, kinds, units, meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["id", "text", "money", "number", "integer", "flag", "date", "moment", "code"]
"""How a column is typed: ids are text, money is DECIMAL(18, 2), a moment is a date with a time (UTC)."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, kind, unit and meaning, and whether it may be learned from."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    unit: str = ""
    personal: bool = False
    """Shown to people, never learned from, never logged."""
    protected: bool = False
    """Kept for the fairness audit, out of the models."""
    codes: tuple[str, ...] = ()
    """The only values a ``code`` column may hold."""


@dataclass(frozen=True)
class Table:
    """One table: its key, the column that dates its rows, and its columns."""

    name: str
    meaning: str
    key: tuple[str, ...]
    when: str | None
    """The event time: the fact is known strictly after it."""
    columns: Mapping[str, Column]
    one_of: tuple[str, ...] = ()
    """At least one of these columns must be there."""


FAMILIES = ("account", "card", "deposit", "loan", "insurance", "investment")
KINDS_OF_INTERACTION = ("view", "click", "apply", "hold", "close")


def _table(
    name: str, meaning: str, *columns: Column, key: tuple[str, ...] = (), when: str | None = None,
    one_of: tuple[str, ...] = (),
) -> Table:
    return Table(name, meaning, key, when, MappingProxyType({column.name: column for column in columns}), one_of)


CUSTOMERS = _table(
    "customers",
    "One row per person the bank serves.",
    Column("customer_id", "id", "the customer", required=True),
    Column("birth_date", "date", "date of birth"),
    Column("gender", "text", "gender", protected=True),
    Column("marital_status", "text", "marital status", protected=True),
    Column("region", "text", "region of residence"),
    Column("occupation", "text", "occupation"),
    Column("annual_income", "money", "declared income", unit="currency a year"),
    Column("joined_on", "date", "day the customer joined the bank"),
    Column("consent_marketing", "flag", "agreed to be contacted with offers"),
    Column("deceased", "flag", "has died"),
    Column("deceased_on", "date", "day of death; blank is none known"),
    Column("in_arrears", "flag", "is behind with payments"),
    Column("arrears_since", "date", "day since when payments are behind; blank is not behind"),
    Column("name", "text", "name", personal=True),
    Column("email", "text", "email address", personal=True),
    Column("phone", "text", "telephone number", personal=True),
    key=("customer_id",),
)

TRANSACTIONS = _table(
    "transactions",
    "One row per booking on a customer's accounts.",
    Column("transaction_id", "id", "the booking"),
    Column("customer_id", "id", "whose account", required=True),
    Column("at", "moment", "when it was booked", required=True),
    Column("amount", "money", "signed amount, money in above zero", required=True, unit="currency"),
    Column("direction", "code", "in or out, where amounts are not signed", codes=("in", "out")),
    Column("category", "text", "what it was for"),
    Column("channel", "text", "how it was made"),
    Column("balance_after", "money", "balance after the booking", unit="currency"),
    Column("currency", "text", "currency of the amount"),
    Column("loaded_at", "moment", "when the bank's system knew of it"),
    key=("transaction_id",),
    when="at",
)

LOANS = _table(
    "loans",
    "One row per loan granted or applied for.",
    Column("loan_id", "id", "the loan", required=True),
    Column("customer_id", "id", "who borrows"),
    Column("defaulted", "flag", "whether it defaulted; blank is not known"),
    Column("defaulted_on", "date", "day of default; blank is none so far"),
    Column("applied_on", "date", "day of the application, when the decision is made"),
    Column("amount", "money", "amount lent", unit="currency"),
    Column("term_months", "integer", "length", unit="months"),
    Column("annual_rate", "number", "interest rate", unit="fraction a year"),
    Column("instalment", "money", "monthly payment", unit="currency a month"),
    Column("purpose", "text", "what it is for"),
    Column("product_id", "id", "the product it was sold as"),
    Column("closed_on", "date", "day it ended"),
    key=("loan_id",),
    when="applied_on",
    one_of=("defaulted", "defaulted_on"),
)

PRODUCTS = _table(
    "products",
    "One row per product in the catalogue.",
    Column("product_id", "id", "the product", required=True),
    Column("name", "text", "its name", required=True),
    Column("family", "code", "its family", codes=FAMILIES),
    Column("is_credit", "flag", "whether it lends money; where blank, loans, cards and products without a family do"),
    Column("min_age", "integer", "youngest customer", unit="years"),
    Column("max_age", "integer", "oldest customer", unit="years"),
    Column("min_income", "money", "lowest income", unit="currency a year"),
    Column("active", "flag", "whether it is still sold"),
    key=("product_id",),
)

INTERACTIONS = _table(
    "interactions",
    "One row per contact of a customer with a product.",
    Column("customer_id", "id", "the customer", required=True),
    Column("product_id", "id", "the product", required=True),
    Column("kind", "code", "what happened", required=True, codes=KINDS_OF_INTERACTION),
    Column("at", "moment", "when it happened"),
    Column("weight", "number", "how much it counts"),
    when="at",
)

CAMPAIGNS = _table(
    "campaigns",
    "One row per customer of a campaign: who was offered what, who was held out, and what came of it.",
    Column("customer_id", "id", "the customer", required=True),
    Column("product_id", "id", "the product of the campaign", required=True),
    Column("at", "moment", "when the offer was made, or the customer held out", required=True),
    Column("taken", "flag", "whether the customer then took the product, offered or not", required=True),
    Column("campaign", "text", "its name"),
    Column("treated", "flag", "whether the offer was made; false is held out as control"),
    Column("position", "integer", "place of the offer among those shown, from 1"),
    Column("refused", "flag", "whether the customer said no"),
    Column("answered_on", "date", "day the customer took it or said no"),
    Column("cost", "money", "cost of making the offer", unit="currency"),
    when="at",
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (CUSTOMERS, TRANSACTIONS, LOANS, PRODUCTS, INTERACTIONS, CAMPAIGNS)}
)
"""The contract: every table by its name."""
