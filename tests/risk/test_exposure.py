"""What was seen of each loan: months at risk, and the defaults that the label counts, no more and no fewer."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.features.label import label
from guilder.risk.exposure import Exposure, observe

DAY = "datetime64[us]"
UNTIL = np.datetime64("2025-01-01", "us")


def one(
    applied: str, fell: str | None = None, closed: str | None = None, term: float | None = None
) -> tuple[int, bool]:
    found = observe(
        np.array([applied], DAY), np.array([fell or "NaT"], DAY), UNTIL, 12,
        closed=np.array([closed or "NaT"], DAY), term=None if term is None else np.array([term]),
    )  # fmt: skip
    return int(found.months[0]), bool(found.event[0])


@pytest.mark.parametrize(
    ("loan", "seen"),
    [
        ({"applied": "2023-06-15"}, (18, False)),
        ({"applied": "2024-12-20"}, (0, False)),
        ({"applied": "2025-06-01"}, (0, False)),
        ({"applied": "2023-06-15", "fell": "2023-06-20"}, (1, True)),
        ({"applied": "2023-06-15", "fell": "2023-07-15"}, (2, True)),
        ({"applied": "2023-06-15", "fell": "2025-01-01"}, (18, False)),
    ],
)  # fmt: skip
def test_months_and_defaults(loan: dict[str, str], seen: tuple[int, bool]) -> None:
    assert one(**loan) == seen


def test_the_month_under_way_counts_for_nobody() -> None:
    # 18 whole months are over: the default of the 19th was seen, but that others had none in it was not
    assert one("2023-06-15", fell="2024-12-20") == (18, False)
    assert one("2023-06-15", fell="2024-12-14") == (18, True)


def test_a_loan_repaid_early_stays_until_its_term() -> None:
    assert one("2022-01-10", closed="2022-08-10", term=24) == (24, False)
    assert one("2022-01-10", closed="2024-01-10", term=24) == (24, False)
    assert one("2022-01-10", closed="2024-03-20", term=24) == (27, False)
    assert one("2022-01-10", term=24) == (35, False), "still open after its term: it can still default"
    assert one("2022-01-10", closed="2022-03-01", term=6) == (12, False), "at least to the horizon"


def test_without_closings_a_loan_leaves_at_its_term() -> None:
    found = observe(
        np.array(["2022-01-10", "2022-01-10"], DAY), np.array(["NaT", "NaT"], DAY), UNTIL, 12,
        term=np.array([24.0, np.nan]),
    )  # fmt: skip
    assert found.months.tolist() == [24, 35]


def test_take() -> None:
    kept = Exposure(np.array([1, 2]), np.array([True, False])).take(np.array([False, True]))
    assert (kept.months.tolist(), kept.event.tolist()) == ([2], [False])


@given(st.lists(st.tuples(st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 900)), min_size=1))
def test_defaults_within_the_horizon_are_those_of_the_label(loans: list[tuple[dt.date, int]]) -> None:
    applied = pd.to_datetime([each for each, _ in loans])
    fell = applied + pd.to_timedelta([days for _, days in loans], unit="D")
    table = pd.DataFrame({"loan_id": [str(n) for n in range(len(loans))], "applied_on": applied, "defaulted_on": fell})
    told = label(nw.from_native(table).lazy(), 12, dt.datetime(2025, 1, 1)).collect().to_native()
    seen = observe(applied.to_numpy(DAY), fell.to_numpy(DAY), UNTIL, 12)
    ended = np.asarray(applied + pd.DateOffset(months=12) <= pd.Timestamp(2025, 1, 1))
    counted = seen.event & (seen.months <= 12)
    assert counted[ended].tolist() == told["defaulted"].fillna(False).astype(bool).to_numpy()[ended].tolist()
