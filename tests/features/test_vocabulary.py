"""The bank's own words: which are kept, in what order, and what they are called."""

from __future__ import annotations

import datetime as dt
import re

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from random_banks import CUT

from guilder.features.vocabulary import Vocabulary, slug, vocabulary


def _bookings(*words: str | None, amount: float = -1.0, at: dt.datetime = CUT - dt.timedelta(days=1)) -> pl.LazyFrame:
    return pl.LazyFrame({"category": list(words), "amount": [amount] * len(words), "at": [at] * len(words)})


def test_commonest_first_then_the_alphabet() -> None:
    bookings = _bookings("b", "a", "c", "c", None)
    assert vocabulary(nw.from_native(bookings), CUT, top=2) == Vocabulary(("c", "a"), ())


def test_neither_income_nor_the_future_gives_words() -> None:
    bookings = pl.concat([_bookings("food"), _bookings("salary", amount=1.0), _bookings("later", at=CUT)])
    assert vocabulary(nw.from_native(bookings), CUT) == Vocabulary(("food",), ())


def test_eight_words_are_kept_of_many_and_none_of_bookings_without_money() -> None:
    bookings = pl.concat([_bookings(*"zyxwvutsr"), *[_bookings("free", amount=0.0)] * 2, _bookings("")])
    assert vocabulary(nw.from_native(bookings), CUT, top=9) == Vocabulary(tuple("rstuvwxy"), ())
    assert vocabulary(nw.from_native(_bookings(*"zyxwvutsr")), CUT) == Vocabulary(tuple("rstuvwxy"), ())


def test_a_bank_without_bookings_has_no_words() -> None:
    assert vocabulary(None, CUT) == Vocabulary()


def test_words_with_one_slug_count_together() -> None:
    assert Vocabulary(("Rent & heat", "rent heat", "food")).named("category") == {
        "rent_heat": ["Rent & heat", "rent heat"],
        "food": ["food"],
    }


def test_slugs() -> None:
    assert slug("Café – à la carte") == "cafe_a_la_carte"
    assert slug("ÚROK") == "urok"
    assert slug("食") != slug("物")


@given(st.text(min_size=1))
def test_every_slug_is_a_name(word: str) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", slug(word))
