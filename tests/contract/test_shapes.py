"""What a value should have been, in words, for each kind of error that a bank file can bring about."""

from __future__ import annotations

import pytest

from guilder.contract.bank_file import parse_bank_file
from guilder.contract.shapes import place, should_be
from guilder.errors import BankFileError

LOANS = '[tables.loans]\npath = "loans.csv"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = 3", "name is 3; it should be text in quotes."),
        ("seed = 1.5", "seed is 1.5; it should be a whole number."),
        ("seed = -1", "seed is -1; it should be 0 or more."),
        ("seed = 4294967296", "seed is 4294967296; it should be below 4.29497e+09."),
        ("tables = 3", "tables is 3; it should be keys with values."),
        ("risk = 3", "risk is 3; it should be a section of keys with values."),
        ("[risk]\nbudget_seconds = 'x'", "risk.budget_seconds is 'x'; it should be a number."),
        ("[risk]\nbudget_seconds = inf", "risk.budget_seconds is inf; it should be a number that is not inf or nan."),
        ("[risk]\nreject_inference = 1", "it should be true or false."),
        ("[risk]\ncut_off = 0", "it should be above 0."),
        ("[risk]\nlgd = 2", "it should be 1 or less."),
        ("[risk]\nbalancing = 3", "it should be a list."),
        ("[risk]\nbalancing = []", "it should be a list of 1 or more."),
        ("[risk]\npoints_at_odds = [1, 2, 3]", "it should be a list of 2 or fewer."),
        ("[risk]\njurisdiction = 'UK'", "it should be 'EU' or 'US'."),
        ("[limits]\nages = [5, 201]", "limits.ages.1 is 201; it should be 200 or less."),
        (LOANS + "delimiter = ';;'", "it should be text of 1 characters or fewer."),
        (LOANS + "delimiter = ''", "it should be text of 1 characters or more."),
        (LOANS + "attributes = 3", "attributes is 3; it should be a list or keys with values."),
        (LOANS + "date_format = 3", "date_format is 3; it should be text in quotes or keys with values."),
    ],
)
def test_it_is_said_in_plain_words(text: str, says: str) -> None:
    with pytest.raises(BankFileError) as caught:
        parse_bank_file(text)
    assert says in str(caught.value)
    assert caught.value.todo


def test_only_the_first_wrong_place_is_told_each_way_once() -> None:
    errors = [
        {"loc": ("tables", "loans", "codes", "str"), "type": "string_type"},
        {"loc": ("tables", "loans", "codes", "dict[str,str]"), "type": "dict_type"},
        {"loc": ("tables", "loans", "codes", "int"), "type": "string_type"},
        {"loc": ("name",), "type": "bool_type"},
        {"loc": ("tables", "loans", "codes", "int"), "type": "never_heard_of"},
    ]
    assert should_be(errors) == (["tables", "loans", "codes"], "text in quotes or keys with values or another value")
    assert place({"loc": ("risk", "bands", 2, "float")}) == ["risk", "bands", "2"]
