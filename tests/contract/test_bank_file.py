"""bank.toml: what it may say, and what is answered when it says something else."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.contract.bank_file import BankFile, TableFile, parse_bank_file
from guilder.errors import BankFileError

WORDS = ["tables", "loans", "path", "columns", "codes", "risk", "defaulted", "x", "staged"]
LOANS = '[tables.loans]\npath = "loans.csv"\n'


def test_an_empty_file_is_a_bank_with_every_default() -> None:
    bank = parse_bank_file("")
    assert (bank.name, bank.currency, bank.as_of, bank.engine.url) == ("Bank", "EUR", None, "duckdb://")
    assert bank.risk.learners is None
    assert bank.offers.kind_weights["hold"] == 5


def test_a_whole_file_is_read() -> None:
    bank = parse_bank_file(
        'name = "B"\nas_of = 2025-06-30\n' + LOANS + 'columns = { amount = "amt" }\ndate_format = "%d/%m/%Y"\n'
        'attributes = ["job"]\navailable = { job = "applied_on" }\n'
        'codes = { defaulted = { "B" = true, "C" = "unknown" } }\n'
        '[risk]\nhorizon_months = 12\ngood_before = { amount = "decreasing" }\n'
    )
    loans = bank.tables["loans"]
    assert bank.as_of == datetime.date(2025, 6, 30)
    assert loans.columns == {"amount": "amt"}
    assert loans.codes == {"defaulted": {"B": True, "C": "unknown"}}
    assert bank.risk.horizon_months == 12


@pytest.mark.parametrize(
    ("text", "wrong", "known"),
    [
        ("currancy = 'EUR'", "unknown key 'currancy'", "'currency'"),
        ("[tables.loan]\npath='x'", "[tables.loan] is not a table", "'loans'"),
        (LOANS + "pth = 'x'", "unknown key 'pth'", "'path'"),
        (LOANS + "columns = { amonut = 'x' }", "'amonut' is not a column of loans", "'amount'"),
        (LOANS + "codes = { defalted = { A = true } }", "'defalted' is not a column", "'defaulted'"),
        (LOANS + "available = { job = 'applied_on' }", "'job' is not a declared attribute", ""),
        (LOANS + "attributes = ['amount']", "'amount' is already a column", ""),
        (LOANS + "sql = 'select 1'", "exactly one of path, table, sql", ""),
        (LOANS + "header = false", "header = false needs the names", ""),
        (LOANS + "undated_ok = 'yes'", "undated_ok", ""),
        ("[tables.transactions]\npath='x'\nattributes=['a']", "only customers and loans", ""),
        ("[tables.loans]\ntable='x'", "url and table belong together", ""),
        ("[risk]\nlearners = ['boost']", "'logistic', 'scorecard', 'forest', 'boosting'", ""),
        ("[risk]\nhorizon_month = 3", "unknown key 'horizon_month'", "'horizon_months'"),
        ("seed = '3'", "seed is '3'", ""),
        ("as_of = '2025-06-30'", "as_of", ""),
        ("[offers]\ntop = 0", "offers.top is 0", ""),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_word(text: str, wrong: str, known: str) -> None:
    with pytest.raises(BankFileError) as caught:
        parse_bank_file(text)
    assert wrong in str(caught.value)
    assert known in str(caught.value)
    assert caught.value.todo
    assert caught.value.exit_code == 2


@given(st.text(max_size=60))
def test_any_text_is_a_bank_or_a_bank_file_error(text: str) -> None:
    with contextlib.suppress(BankFileError):
        assert isinstance(parse_bank_file(text), BankFile)


@given(st.recursive(
    st.booleans() | st.integers() | st.text("ab", max_size=3).map(repr),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(map(str, items))}]") | st.dictionaries(
        st.sampled_from(WORDS), inner, max_size=3
    ).map(lambda items: "{" + ", ".join(f"{key} = {item}" for key, item in items.items()) + "}"), max_leaves=8,
), st.sampled_from(WORDS))
def test_no_shape_of_file_ends_in_a_traceback(content: object, word: str) -> None:
    with contextlib.suppress(BankFileError):
        assert isinstance(parse_bank_file(f"{word} = {str(content).lower()}"), BankFile)


def test_a_table_of_a_frame_needs_no_origin() -> None:
    assert TableFile(attributes=["job"]).path is None
