"""The words that go with the made-up bank: its bank.toml and the description of its planted truths."""

from __future__ import annotations

from guilder.source.demo_people import AS_OF


def bank_file(format: str, seed: int, *, text: bool) -> str:
    """Write the bank.toml; `text` says that the tables hold text, whose dates need a declared format."""
    tables = []
    for name, dates in (
        ("customers", "%Y-%m-%d"), ("transactions", "%Y-%m-%d %H:%M:%S"), ("loans", "%Y-%m-%d"), ("products", None),
        ("interactions", "%Y-%m-%d %H:%M:%S"), ("campaigns", None),
    ):
        lines = [f"[tables.{name}]", f'path = "{name}.{format}"']
        if name == "customers":
            lines.append('undated_ok = "made up once, when the customer joins, and never changed after"')
        if text and dates:
            lines.append(f'date_format = "{dates}"')
        tables.append("\n".join(lines))
    joined = "\n\n".join(tables)
    return f"""# A made-up bank. Nothing in it is about a real person.
name = "Demo bank"
currency = "EUR"
as_of = {AS_OF}
seed = {seed}

{joined}

[risk]
horizon_months = 12

[risk.good_before]
annual_income = "decreasing"
burden_inflow = "increasing"
days_below_zero_90d = "increasing"
days_below_zero_365d = "increasing"
earlier_defaults_count = "increasing"

[risk.why]
annual_income = "a higher income makes an instalment easier to pay"
burden_inflow = "an instalment that takes more of the money in leaves less to pay it with"
days_below_zero_90d = "an account below zero is the first sign of strain"
days_below_zero_365d = "an account below zero is the first sign of strain"
earlier_defaults_count = "who has defaulted before is likelier to do so again"

[offers]
max_p_default_for_credit = 0.10
one_is_enough = ["account"]
max_contacts = 2
contact_days = 90
contact_cost = 0.4
needs = ["consent_marketing"]

{products()}"""


def products() -> str:
    """Write what each product that is sold earns, and what a default of those that lend costs."""
    said = {
        "debit-card": "margin = 25.0", "credit-card": "margin = 90.0\nlgd = 0.7\nead = 1500.0",
        "gold-card": "margin = 160.0\nlgd = 0.7\nead = 3000.0\nmax_p_default = 0.08",
        "savings-account": "margin = 60.0\nvolume = 500", "term-deposit": "margin = 60.0",
        "fund-plan": "margin = 110.0",
        "personal-loan": "margin = 450.0\nlgd = 0.6\nead = 6000.0",
        "car-loan": "margin = 600.0\nlgd = 0.45\nead = 12000.0",
        "mortgage": "margin = 4000.0\nlgd = 0.2\nead = 120000.0\nmax_p_default = 0.06",
        "overdraft-line": "margin = 70.0\nlgd = 0.75\nead = 900.0",
        "home-insurance": "margin = 55.0", "life-insurance": "margin = 85.0",
    }
    return "\n\n".join(f"[offers.products.{name}]\n{lines}" for name, lines in said.items()) + "\n"


def readme(customers: int, seed: int, signal: float, dirt: float) -> str:
    """Describe what is planted, for people and for tests."""
    return f"""What is planted in this made-up bank
====================================

customers = {customers}, seed = {seed}, signal = {signal}, dirt = {dirt}

No model reads this folder, and bank.toml does not refer to it.

types.parquet    customer_id, type, taste, second_taste
    Five latent types of behaviour: salaried family, young card spender, pensioner, self-employed, saver. They differ
    in bookings a month, average ticket, regularity of money in, channels and categories, age, occupation and income.
    taste is the group of products the customer is drawn to (digital, saving, borrowing, insurance), more often some
    than others by type; second_taste comes after it.

odds.parquet     loan_id, p_default
    The true probability that the loan defaults within 12 months of its application, given what was known on the day.
    The log-odds are a sum: logarithm of the burden (instalment over monthly money in of the 365 days before),
    logarithms of the days with a booking below zero in the last 90 and 365 days, logarithm of the declared income, a
    short time with the bank, an earlier default that had happened by then, a level by type, and a small part that no
    table shows.
    Gender, marital status, region, purpose, term and rate have no effect of their own.
    Outcomes are drawn by systematic sampling within quarters, ordered by odds: each loan defaults with exactly its own
    probability, but the number of defaults in a period or band of odds stays much closer to the sum of the odds than
    independent draws would. About 1 loan in 100 defaults after the horizon instead; its outcome within it is "no".
    In the tables, defaulted is blank where the 12 months have not passed and the loan has neither defaulted nor ended.
    Among the loans of the last 12 months the bad are known before the good: whoever learns from them all learns a rate
    that is too high.

In campaigns, whoever takes the product within 90 days is likelier to have been offered it (95 % instead of 75 %): an
uplift, without a row that interactions do not hold. Places are not drawn by lot: those who take it saw it first more
often. Part of those who fell silent have died; who defaulted within the last year is in arrears.

tastes.parquet   taste, second_taste, product_id, probability
    The share of episodes of interest (view, click, apply, hold) about each product. Everyone opens a current account.

dirt.parquet     table, row, key, kind    (only with dirt)
    Every broken row, by its data row in the file (1 is the first). Broken rows are copies of good ones, added behind
    them: a bank without them is the clean bank of the same seed.

Planted leaks: a loan that defaults is charged three late fees (category "late fee"), all after its application; the
days below zero that follow, and closed_on, tell its outcome too. Whoever cuts the tables at the application sees none.

With signal = 0 the types, tastes and odds are all the same for everyone: nothing can be learned.
"""
