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
        (LOANS + "names = ['a']", "names are given, and the first line is taken for them too", ""),
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


def test_what_is_not_written_is_as_the_documents_say() -> None:
    bank = parse_bank_file(LOANS)
    risk, segments, offers, loans = bank.risk, bank.segments, bank.offers, bank.tables["loans"]
    assert (bank.zone, bank.seed, bank.audit.folder, bank.privacy.pseudonymise, bank.privacy.min_group) == (
        "UTC", 0, None, [], 10)
    assert (loans.encoding, loans.decimal, loans.thousands, loans.header, loans.follow_links, loans.max_quarantine) == (
        "utf-8", ".", None, True, False, 0.01)
    assert (risk.horizon_months, risk.budget_seconds, risk.balancing) == (None, 0.0, ["none", "class_weight", "smote"])
    assert (risk.cut_off, risk.ead, risk.refer_from, risk.bands, risk.reject_inference) == (None, 1.0, 0.8, None, False)
    assert (risk.points_to_double, risk.points_at_odds, risk.test_share, risk.valid_share) == (20, [600, 50], 0.25, 0.2)
    assert (risk.good_before, risk.why, risk.words, risk.can_change, risk.accept) == ({}, {}, {}, {}, {})
    assert (risk.no_reason, risk.use_protected, risk.protected, risk.jurisdiction) == ([], [], [], None)
    assert (risk.target_approval, risk.target_bad_rate, risk.lgd, risk.margin) == (None, None, None, None)
    assert (segments.facts, segments.k, segments.k_max, segments.min_share, segments.min_customers) == (
        None, None, 8, 0.03, None)
    assert (segments.min_shown, segments.dormant_days, segments.new_days) == (10, 180, 90)
    assert (offers.top, offers.half_life_days, offers.shrinkage, offers.min_support) == (3, 180, 10.0, 5)
    assert offers.kind_weights == {"hold": 5.0, "apply": 4.0, "click": 2.0, "view": 1.0}


@pytest.mark.parametrize(
    ("part", "key", "right", "wrong"),
    [
        ("", "seed", (0, 2**32 - 1), (-1, 2**32)),
        ("", "currency", ('"EUR"',), ('"EU"', '"EURO"')),
        ("", "as_of", ("1900-01-01", "2099-12-31"), ("1899-12-31", "2100-01-01")),
        ("engine", "threads", (1, 1024), (0, 1025)),
        ("limits", "max_age_days", (0,), (-1,)),
        ("limits", "ages", ("[0, 200]",), ("[-1, 20]", "[0, 201]", "[18]", "[1, 2, 3]")),
        ("risk", "horizon_months", (1, 1200), (0, 1201)),
        ("risk", "learners", ('["logistic"]',), ("[]", '["tree"]')),
        ("risk", "budget_seconds", (0.0,), (-0.1,)),
        ("risk", "balancing", ('["none"]',), ("[]",)),
        ("risk", "jurisdiction", ('"EU"', '"US"'), ('"UK"',)),
        ("risk", "cut_off", (0.01, 0.99), (0.0, 1.0)),
        ("risk", "target_approval", (0.01, 1.0), (0.0, 1.01)),
        ("risk", "target_bad_rate", (0.01, 0.99), (0.0, 1.0)),
        ("risk", "ead", (0.01, 1.0), (0.0, 1.01)),
        ("risk", "refer_from", (0.0, 1.0), (-0.01, 1.01)),
        ("risk", "bands", ("[0.5]", "[0.01, 0.99]"), ("[]", "[0.0, 0.5]", "[0.5, 1.0]", "[0.5, 1.5]", "[0.2, 0.2]")),
        ("risk", "points_to_double", (0.1,), (0.0,)),
        ("risk", "test_share", (0.01, 0.69), (0.0, 0.71, 1.0)),
        ("risk", "valid_share", (0.01, 0.64), (0.0, 0.65, 1.0)),
        ("segments", "k", (2,), (1,)),
        ("segments", "k_max", (2,), (1,)),
        ("segments", "min_share", (0.0, 0.99), (-0.01, 1.0)),
        ("segments", "min_customers", (1,), (0,)),
        ("segments", "min_shown", (1,), (0,)),
        ("segments", "dormant_days", (1, 36_500), (0, 36_501)),
        ("segments", "new_days", (1, 36_500), (0, 36_501)),
        ("offers", "top", (1,), (0,)),
        ("offers", "half_life_days", (0.1,), (0.0,)),
        ("offers", "shrinkage", (0.0,), (-0.1,)),
        ("offers", "min_support", (0,), (-1,)),
        ("offers", "kind_weights", ("{ view = 0.0 }",), ("{ view = -0.1 }", "{ look = 1.0 }")),
        ("audit", "folder", ('"a"',), ('""',)),
        ("privacy", "min_group", (1,), (0,)),
        ("tables.loans", "path", ('"a.csv"',), ("3",)),
        ("staged.book", "path = 'a'\ndelimiter", ('";"',), ('""', '";;"')),
        ("staged.book", "path = 'a'\nundated_ok", ('"0123456789"',), ('"012345678"',)),
    ],
)
def test_each_value_has_its_ends(part: str, key: str, right: tuple[object, ...], wrong: tuple[object, ...]) -> None:
    head = f"[{part}]\n" if part else ""
    for value in right:
        assert parse_bank_file(f"{head}{key} = {value}")
    for value in wrong:
        with pytest.raises(BankFileError, match=key.split("\n")[-1]):
            parse_bank_file(f"{head}{key} = {value}")


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("delimiter", ('";"',), ('""', '";;"')),
        ("decimal", ('","',), ('""', '",,"', '"1"', '"-"', '"+"', '"e"')),
        ("thousands", ('" "', "\"'\""), ('""', '".."', '"."', '"0"')),
        ("max_quarantine", (0.0, 1.0), (-0.01, 1.01)),
        ("undated_ok", ('"0123456789"',), ('"012345678"',)),
    ],
)
def test_each_value_of_a_table_has_its_ends(key: str, right: tuple[object, ...], wrong: tuple[object, ...]) -> None:
    for value in right:
        assert parse_bank_file(f"{LOANS}{key} = {value}")
    for value in wrong:
        with pytest.raises(BankFileError, match=key):
            parse_bank_file(f"{LOANS}{key} = {value}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[staged.B]\npath = "b"\n[staged.b]\npath = "c"', r"\[staged.B\] and \[staged.b\] have one name"),
        ("[privacy]\nmin_grup = 3", r"unknown key 'min_grup' in \[privacy\](?s:.*)Did you mean 'min_group'"),
        ("[audit]\nfoldr = 3", r"Did you mean 'folder'"),
        ("[offers.products.x]\nmargn = 3", r"in \[offers.products.x\](?s:.*)Did you mean 'margin'"),
        ("sed = 3", "unknown key 'sed' in the top of the file(?s:.*)Did you mean 'seed'"),
        ("[tables.loans]\npath = 'a'\nsql = 'b'", '; it has path and sql(?s:.*)path = "loans.csv" or sql = .select'),
        ("[staged.book]", 'of path, table; it has none(?s:.*)Write for example: path = "loans.csv"$'),
        (LOANS + "url = 'duckdb://x'", "url and table belong together"),
        ("seed = " + "9" * 5000, "G-BANK-003"),
        ("seed = " + "[" * 10000, "G-BANK-003.*too deeply"),
        ("name = \"B\"\nseed = ;", "bank.toml is not valid TOML: .*line 2"),
    ],
)
def test_what_is_said_leads_to_the_line(text: str, says: str) -> None:
    with pytest.raises(BankFileError, match=says):
        parse_bank_file(text)
