"""The term structure of a bank: immature loans take part, the test looks only at what came later."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from guilder.evaluation.survival import whole_months
from guilder.risk.term import DatedLoans, TermResult, no_term, quarters, term

AS_OF = np.datetime64("2025-01-01", "us")
TEST_FROM = np.datetime64("2023-06-01", "us")


def bank(n: int = 12_000, seed: int = 0) -> DatedLoans:
    """Loans of six years with known PDs whose defaults fall evenly on days 92 to 354."""
    rng = np.random.default_rng(seed)
    day = np.timedelta64(1, "D")
    applied = np.datetime64("2019-01-01", "us") + rng.integers(0, 2190, n) * day
    p = rng.beta(1.5, 10, n)
    fell = np.where(rng.random(n) < p, applied + rng.integers(92, 355, n) * day, np.datetime64("NaT"))
    return DatedLoans(p, applied, np.where(fell < AS_OF, fell, np.datetime64("NaT")))


def by_pd(p: Any) -> Any:
    return np.where(p < 0.1, "A", "B")


@pytest.fixture(scope="module")
def found() -> TermResult:
    return term(bank(), AS_OF, 12, TEST_FROM, by_pd)


def test_immature_loans_take_part(found: TermResult) -> None:
    loans = bank()
    young = whole_months(loans.applied, AS_OF) < 12
    assert found.metrics["immature"] == young.sum() > 1500
    assert found.metrics["loans"] == 12_000
    assert found.metrics["defaults"] > (~np.isnat(loans.fell[~young])).sum()


def test_out_of_time_it_is_right(found: TermResult) -> None:
    test = found.metrics["test"]
    assert test["from"] == "2023-06-01"
    assert test["ratio"]["low"] < 1 < test["ratio"]["high"]
    assert [row["group"] for row in test["vintages"]][:2] == ["2023 Q2", "2023 Q3"]
    assert sum(row["observed"] for row in test["bands"]) == test["observed"]
    assert test["expected"] == pytest.approx(sum(row["expected"] for row in test["vintages"]))
    assert test["shape_moved"] < 0.05


def test_what_came_later_does_not_change_what_is_tested(found: TermResult) -> None:
    loans = bank()
    later = loans.fell >= TEST_FROM
    before = (loans.applied < TEST_FROM) & later
    scrambled = DatedLoans(loans.p, loans.applied, np.where(before, np.datetime64("2024-05-05", "us"), loans.fell))
    again = term(scrambled, AS_OF, 12, TEST_FROM, by_pd)
    assert again.metrics["test"]["fitted_on"] == found.metrics["test"]["fitted_on"]
    assert again.metrics["test"]["bands"] == found.metrics["test"]["bands"]
    assert again.metrics["curve"] != found.metrics["curve"]


def test_a_loan_without_a_pd_or_a_date_is_left_out(found: TermResult) -> None:
    loans = bank()
    more = DatedLoans(
        np.r_[loans.p, np.nan, 0.1, 0.1],
        np.r_[loans.applied, loans.applied[:1], np.array(["NaT", "2026-01-01"], "datetime64[us]")],
        np.r_[loans.fell, np.full(3, np.datetime64("NaT"))],
    )
    assert term(more, AS_OF, 12, TEST_FROM, by_pd).metrics == found.metrics


def test_open_windows_without_any_default_are_not_believed() -> None:
    loans = bank()
    young = whole_months(loans.applied, AS_OF) < 12
    hidden = DatedLoans(loans.p, loans.applied, np.where(young, np.datetime64("NaT"), loans.fell))
    found = term(hidden, AS_OF, 12, None, by_pd).metrics
    assert found["immature"] == 0
    (reason,) = found["left_out"]
    assert "expected defaults is recorded" in reason
    assert found["left_out"][reason] == young.sum()


def test_without_a_split_out_of_time_there_is_no_test() -> None:
    found = term(bank(), AS_OF, 12, None, by_pd)
    assert found.metrics["test"] is None
    assert "test" not in found.figures
    assert [each["group"] for each in found.figures["all"]] == ["A", "B"]


def test_too_few_defaults_give_a_reason_and_no_curve() -> None:
    loans = bank(200)
    none = DatedLoans(loans.p, loans.applied, np.full(200, np.datetime64("NaT", "us")))
    found = term(none, AS_OF, 12, TEST_FROM, by_pd)
    assert found.structure is None
    assert found.metrics["why"].startswith("0 defaults within 12 months")
    assert no_term("no dates").metrics == {"why": "no dates"}


def test_quarters() -> None:
    assert quarters(np.array(["2024-03-31", "2024-04-01"], "datetime64[us]")).tolist() == ["2024 Q1", "2024 Q2"]
