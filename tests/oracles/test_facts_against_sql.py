"""The facts agree with SQL written by hand for DuckDB."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
from hypothesis import given, settings
from random_banks import BANKS, RandomBank, collect

from guilder.features.asof import loan_spine
from guilder.features.facts import facts
from guilder.features.vocabulary import Vocabulary

SQL = """
with known as (
    select l.loan_id as "row", t.*, l.applied_on, date_diff('day', t."at"::date, l.applied_on) as days
    from loans l join transactions t using (customer_id)
    where t."at" < l.applied_on::timestamp and t.loaded_at <= l.applied_on::timestamp
), by_row as (
    select "row",
        count(*) filter (days <= 30) as transactions_count_30d,
        count(*) filter (days <= 90) as transactions_count_90d,
        count(*) filter (days <= 365) as transactions_count_365d,
        count(*) as transactions_count_all,
        coalesce(sum(amount) filter (days <= 30 and amount > 0), 0)::double as money_in_30d,
        coalesce(sum(amount) filter (days <= 365 and amount > 0), 0)::double as money_in_365d,
        coalesce(-sum(amount) filter (days <= 90 and amount < 0), 0)::double as money_out_90d,
        coalesce(-sum(amount) filter (amount < 0), 0)::double as money_out_all,
        avg(abs(amount)::double) filter (days <= 30) as ticket_mean_30d,
        avg(abs(amount)::double) as ticket_mean_all,
        round(stddev_samp(abs(amount)::double) filter (days <= 365), 4) as ticket_std_365d,
        max(abs(amount))::double as ticket_max_all,
        min(days) as recency_days,
        max(days) as history_days,
        count(distinct date_trunc('month', "at")) as months_active_all,
        count(distinct "at"::date) filter (days <= 90 and balance_after < 0) as days_below_zero_90d,
        count(distinct "at"::date) filter (days <= 365 and balance_after < 0) as days_below_zero_365d,
        min(balance_after) filter (days <= 90)::double as balance_min_90d,
        avg(balance_after::double) filter (days <= 365) as balance_mean_365d,
        arg_max(struct_pack(b := balance_after), struct_pack(a := "at", n := transaction_id::int)).b::double
            as balance_last,
        30 * regr_slope(balance_after::double, -days) filter (days <= 365) as balance_trend_365d,
        sum(amount) filter (days <= 365 and amount < 0 and category = 'food')::double
            / sum(amount) filter (days <= 365 and amount < 0)::double as share_food,
        sum(amount) filter (days <= 365 and amount < 0)::double as spent
    from known group by "row"
)
select l.loan_id as "row", b.* exclude ("row", share_food, spent),
    case when spent < 0 then coalesce(share_food, 0) end as share_category_food_365d,
    (select count(*) from loans e where e.customer_id = l.customer_id and e.applied_on < l.applied_on)
        as earlier_loans_count,
    (select count(*) from loans e where e.customer_id = l.customer_id and e.applied_on < l.applied_on
        and (e.defaulted_on < l.applied_on
            or (e.defaulted and e.defaulted_on is null and e.closed_on < l.applied_on))) as earlier_defaults_count,
    date_diff('day', c.birth_date, l.applied_on) / 365.25 as age_years,
    (l.amount::double / l.term_months) / nullif(c.annual_income::double, 0) * 12 as burden_income
from loans l left join by_row b on b."row" = l.loan_id left join customers c on c.customer_id = l.customer_id
order by "row"
"""


def by_hand(bank: RandomBank) -> pd.DataFrame:
    """Return the facts of the query above."""
    with duckdb.connect() as connection:
        for name, table in bank.arrow().items():
            connection.register(name, table)
        return connection.execute(SQL).df().set_index("row")


@settings(max_examples=4, deadline=None)
@given(bank=BANKS)
def test_facts_in_duckdb_agree_with_sql(bank: RandomBank) -> None:
    tables = bank.frames("duckdb")
    ours = collect(facts(tables, loan_spine(tables["loans"]), Vocabulary(("food",), ())))
    theirs = by_hand(bank)
    assert list(ours.index) == list(theirs.index)
    for name in theirs.columns:
        other = theirs[name].to_numpy(float, na_value=np.nan)
        if name.startswith(("transactions_count", "money_", "months_active", "days_below")):
            other = np.nan_to_num(other)
        atol = 2e-6 if "trend" in name else 1e-9
        np.testing.assert_allclose(ours[name].to_numpy(float), other, rtol=1e-9, atol=atol, err_msg=name)
