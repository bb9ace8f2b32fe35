"""What is taken in unasked, and which stops may be accepted in writing."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from guilder.contract.bank_file import parse_bank_file
from guilder.contract.limits import ACCEPTABLE, LimitsFile
from guilder.errors import BankFileError

REASON = "it is meant to be so"


def test_the_defaults_are_those_of_the_documents() -> None:
    limits = LimitsFile()
    assert (limits.max_columns, limits.max_cells, limits.max_text) == (2000, 2_000_000_000, 100_000)
    assert (limits.max_age_days, limits.ages, limits.accept) == (None, [18, 110], {})


def test_stops_that_may_be_meant_are_accepted_and_no_others() -> None:
    assert {"G-TIME-001", "G-SCORE-002", "G-MODEL-008", "G-LOAN-026", "G-TRAN-009", "G-CUST-027"} <= set(ACCEPTABLE)
    assert not {"G-SCORE-004", "G-SCORE-008", "G-LOAN-003", "G-RUN-002", "G-FILE-015"} & set(ACCEPTABLE)
    assert set(LimitsFile(accept=dict.fromkeys(ACCEPTABLE, REASON)).accept) == set(ACCEPTABLE)
    with pytest.raises(BankFileError, match="G-RUN-002 is no stop that can be accepted"):
        parse_bank_file(f'[limits]\naccept = {{ "G-RUN-002" = "{REASON}" }}')


def test_a_reason_has_ten_characters_that_are_no_spaces_around() -> None:
    assert LimitsFile(accept={"G-TIME-001": " 0123456789 "}).accept == {"G-TIME-001": "0123456789"}
    with pytest.raises(ValidationError):
        LimitsFile(accept={"G-TIME-001": " 012345678 "})


def test_the_youngest_may_be_as_old_as_the_oldest_and_not_older() -> None:
    assert LimitsFile(ages=[30, 30]).ages == [30, 30]
    with pytest.raises(BankFileError, match=r"ages \[31, 30\] are not youngest, then oldest"):
        parse_bank_file("[limits]\nages = [31, 30]")


@pytest.mark.parametrize("key", ["max_columns", "max_cells", "max_text"])
def test_a_limit_is_one_at_the_least(key: str) -> None:
    assert getattr(LimitsFile.model_validate({key: 1}), key) == 1
    with pytest.raises(ValidationError):
        LimitsFile.model_validate({key: 0})
