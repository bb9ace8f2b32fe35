"""What is known of a loan and its borrower at the application: the terms, the burden, and the loans before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import narwhals as nw

from guilder.features.asof import Lazy, known_by, moment
from guilder.features.calendar import day_number
from guilder.features.money import cents, in_currency
from guilder.features.quotients import ratio

NUMBERS = ("amount", "term_months", "annual_rate", "instalment")
CATEGORIES = {"loans": ("purpose", "product_id"), "customers": ("region", "occupation")}
Attributes: TypeAlias = Sequence[str] | Mapping[str, str]
"""Declared columns; a mapping says which are numbers and which text, so that the engine need not be asked."""
YEAR_DAYS = 365.25
MONTHS_A_YEAR = 12.0


def loan_facts(
    loans: Lazy,
    spine: Lazy,
    attributes: Attributes = (),
    available: Mapping[str, str] | None = None,
) -> Lazy:
    """Make the facts of the loan itself, one line per row of a spine of loans.

    Parameters
    ----------
    loans
        The loans; ``instalment`` is worked out as amount over term where the bank has none.
    spine
        As made by `asof.loan_spine`.
    attributes
        Columns the bank declared as facts: names, or names with ``number`` or ``text``.
    available
        The date column from which an attribute is known; a value dated at or after ``as_of`` is missing, one known
        from ``applied_on`` is known at the decision.

    Returns
    -------
    LazyFrame
        ``row`` and the terms, the categories and the declared attributes.
    """
    present = loans.columns
    made: list[nw.Expr] = [nw.col(name).cast(nw.Float64) for name in NUMBERS if name in present]
    if "instalment" not in present and {"amount", "term_months"} <= set(present):
        made.append(ratio(nw.col("amount"), nw.col("term_months")).alias("instalment"))
    made += [nw.col(name).cast(nw.String) for name in CATEGORIES["loans"] if name in present]
    as_of = moment("applied_on") if "applied_on" in present else nw.lit(None).cast(nw.Datetime("us"))
    made += _attributes(loans, attributes, available or {}, as_of)
    return loans.join(spine.select(loan_id="row"), on="loan_id", how="inner").select(*made, row=nw.col("loan_id"))


def customer_facts(
    customers: Lazy,
    spine: Lazy,
    attributes: Attributes = (),
    available: Mapping[str, str] | None = None,
) -> Lazy:
    """Make the facts of the customer, one line per row of the spine whose customer is known.

    Names, addresses and protected columns are never among them. A birth or a joining date at or after ``as_of`` is
    missing.

    Returns
    -------
    LazyFrame
        ``row``, ``age_years``, ``tenure_days``, ``annual_income``, the categories and the declared attributes.
    """
    present = customers.columns
    joined = customers.join(spine.select("row", "customer_id", "as_of"), on="customer_id", how="inner")
    made: list[nw.Expr] = []
    if "birth_date" in present:
        made.append((_days_since("birth_date") * (1 / YEAR_DAYS)).alias("age_years"))
    if "joined_on" in present:
        made.append(_days_since("joined_on").alias("tenure_days"))
    if "annual_income" in present:
        made.append(nw.col("annual_income").cast(nw.Float64))
    made += [nw.col(name).cast(nw.String) for name in CATEGORIES["customers"] if name in present]
    made += _attributes(customers, attributes, available or {}, nw.col("as_of"))
    return joined.select("row", *made)


def earlier_loans(loans: Lazy, spine: Lazy) -> Lazy:
    """Make the facts of the customer's earlier loans, one line per row of the spine that has one.

    A loan is earlier when it was applied for before ``as_of``. Its default counts when it is dated before ``as_of``;
    a default without a date counts only when the loan was closed before ``as_of``. It is open when it was not closed
    before ``as_of``.

    Returns
    -------
    LazyFrame
        ``row``, ``earlier_loans_count``, and as far as the bank has the columns ``earlier_amount``,
        ``open_loans_count`` (``closed_on``), ``earlier_defaults_count`` (``defaulted_on``, or ``defaulted`` and
        ``closed_on``).
    """
    present = loans.columns
    columns: dict[str, nw.Expr] = {name: moment(name) for name in ("defaulted_on", "closed_on") if name in present}
    kept = [name for name in ("defaulted", "loaded_at") if name in present]
    if "amount" in present:
        columns["cents"] = cents("amount")
    earlier = loans.select("customer_id", *kept, applied_on=moment("applied_on"), **columns)
    joined = earlier.join(spine.select("row", "customer_id", "as_of"), on="customer_id", how="inner")
    known = known_by(joined, "applied_on", "as_of")
    summed: list[nw.Expr] = [nw.col("as_of").count().cast(nw.Float64).alias("earlier_loans_count")]
    if (fallen := _known_default(present)) is not None:
        summed.append(_count(fallen).alias("earlier_defaults_count"))
    if "closed_on" in present:
        summed.append(_count(~_before("closed_on")).alias("open_loans_count"))
    if "amount" in present:
        summed.append(in_currency(nw.col("cents").sum()).alias("earlier_amount"))
    return known.group_by("row").agg(*summed)


def burdens(present: Sequence[str]) -> list[nw.Expr]:
    """Return the facts that compare the loan with what comes in, from the facts already joined."""
    made: list[nw.Expr] = []
    if {"instalment", "monthly_inflow_365d"} <= set(present):
        made.append(ratio(nw.col("instalment"), nw.col("monthly_inflow_365d")).alias("burden_inflow"))
    if {"instalment", "annual_income"} <= set(present):
        made.append((ratio(nw.col("instalment"), nw.col("annual_income")) * MONTHS_A_YEAR).alias("burden_income"))
    if {"amount", "annual_income"} <= set(present):
        made.append(ratio(nw.col("amount"), nw.col("annual_income")).alias("amount_to_income"))
    return made


def _attributes(table: Lazy, declared: Attributes, available: Mapping[str, str], as_of: nw.Expr) -> list[nw.Expr]:
    """Return the declared columns, numbers as Float64 and the rest as text, missing before they were known."""
    made: list[nw.Expr] = []
    for name, kind in _kinds(table, declared).items():
        value = nw.col(name).cast(nw.Float64 if kind == "number" else nw.String)
        known_from = available.get(name, "applied_on")
        if known_from != "applied_on":  # the application is the moment of the decision itself
            value = nw.when(moment(known_from) < as_of).then(value).alias(name)
        made.append(value)
    return made


def _kinds(table: Lazy, declared: Attributes) -> Mapping[str, str]:
    """Return number or text by column, as declared, or as the engine says where only names are declared."""
    if isinstance(declared, Mapping):
        return declared
    schema = table.collect_schema() if declared else nw.Schema()
    number = {name: schema[name].is_numeric() or schema[name] == nw.Boolean for name in declared}
    return {name: "number" if number[name] else "text" for name in declared}


def _days_since(column: str) -> nw.Expr:
    days = day_number(nw.col("as_of")) - day_number(moment(column))
    return nw.when(moment(column) < nw.col("as_of")).then(days.cast(nw.Float64))


def _before(column: str) -> nw.Expr:
    return (nw.col(column) < nw.col("as_of")).fill_null(False)


def _known_default(names: Sequence[str]) -> nw.Expr | None:
    """Return whether an earlier default was known by then; None where the bank has nothing that dates one."""
    dated = _before("defaulted_on") if "defaulted_on" in names else None
    if not {"defaulted", "closed_on"} <= set(names):
        return dated
    closed = nw.col("defaulted").fill_null(False) & _before("closed_on")
    return closed if dated is None else dated | (closed & nw.col("defaulted_on").is_null())


def _count(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0).sum().cast(nw.Float64)
