"""Signs of a leak: each just below and just above where it is asked about and where it stops."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from guilder.evaluation.leak_signs import Finding, fact_signs, twins

NONE: tuple[float, ...] = ()


@dataclass(frozen=True)
class Bins:
    """Bins of a fact, as a test wants them."""

    iv: float = 0.0
    bads: NDArray[np.float64] = field(default_factory=lambda: np.array([50.0, 50.0]))
    goods: NDArray[np.float64] = field(default_factory=lambda: np.array([50.0, 50.0]))


def signs(x: object, y: NDArray[np.intp], name: str = "x", bins: Bins | None = None) -> list[tuple[str, str]]:
    X = pd.DataFrame({name: x})
    found = fact_signs(X, y, np.arange(len(y)), {} if bins is None else {name: bins})
    assert all(one.fact == name and one.message.startswith(f"{name}: ") for one in found)
    return [(one.id, one.severity) for one in found]


def noise(rows: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=rows)


def halves(rows: int = 200) -> NDArray[np.intp]:
    """Goods, then bads, as many of each."""
    return np.repeat([0, 1], rows // 2)


@pytest.mark.parametrize(("bads", "severity"), [(50, None), (51, "warn"), (79, "warn"), (81, "stop")])
def test_being_missing_that_tells_the_outcome(bads: int, severity: str | None) -> None:
    x = noise(200)
    x[100 : 100 + bads] = np.nan
    assert signs(x, halves()) == ([("missing", severity)] if severity else [])


@pytest.mark.parametrize(("iv", "severity"), [(1.5, None), (1.51, "warn"), (3.0, "warn"), (3.01, "stop")])
def test_information_value(iv: float, severity: str | None) -> None:
    found = signs(noise(200), np.tile([0, 1], 100), bins=Bins(iv))
    assert found == ([("information", severity)] if severity else [])


@pytest.mark.parametrize(
    ("bads", "goods", "severity"),
    [(20, 48, None), (20, 49, "warn"), (20, 97, "warn"), (20, 98, "stop"), (19, 500, "warn"), (10, 500, None)],
)
def test_a_bin_of_hardly_a_good(bads: int, goods: int, severity: str | None) -> None:
    """(20.5 / 0.5) × goods / 100 is beyond 20 from 49 goods on, and beyond 40 from 98; a fifth of the bads stops."""
    every = Bins(0.0, np.array([bads, 100.0 - bads]), np.array([0.0, goods]))
    if bads == 19:  # under the twenty bads that are looked at: twice as many of twice as many
        every = Bins(0.0, np.array([38.0, 162.0]), np.array([0.0, 1000.0]))
    found = signs(noise(200), np.tile([0, 1], 100), bins=every)
    assert found == ([("hardly a good", severity)] if severity else [])


def test_a_value_of_its_own_among_many_is_looked_at() -> None:
    y = np.repeat([0, 1], [600, 200])
    x = noise(800).round(3)
    x[600:660] = 77.0
    assert ("hardly a good", "stop") in signs(x, y, bins=Bins())
    x[600:660], x[600:630] = noise(60, 1), 77.0
    assert ("hardly a good", "warn") in signs(x, y, bins=Bins())


@pytest.mark.parametrize(("place", "severity"), [(40, "warn"), (59, "warn"), (60, "stop"), (39, "stop")])
def test_a_number_of_the_row(place: int, severity: str) -> None:
    y = np.zeros(100, dtype=np.intp)
    y[place] = 1
    assert signs(np.arange(100.0), y) == [("row number", severity)]


def test_what_only_looks_like_a_number_of_the_row() -> None:
    y = np.tile([0, 1], 50)
    x = np.arange(100.0)
    assert ("row number", "warn") in signs(3 * x, y)
    for spoiled in (np.r_[3 * x[:-1], 300.0], np.r_[x[:-1], 3.0], np.r_[x[:-1], np.nan], x + 0.5):
        assert signs(spoiled, y) == []


def test_values_that_are_the_bad_rates_of_their_rows() -> None:
    x = np.repeat([0.25, 0.5, 0.75], 40)
    y = np.concatenate([np.repeat([0, 1], [40 - bads, bads]) for bads in (10, 20, 30)])
    assert signs(x, y) == [("encoded", "stop")]
    assert signs(x + 0.0009, y) == [("encoded", "stop")]
    assert signs(x + 0.0011, y) == []


def test_codes_that_hold_the_outcome() -> None:
    x = np.repeat(np.arange(20.0), 10)
    assert signs(x, (x % 2).astype(np.intp)) == [("code", "stop")]
    assert signs(x, (noise(200) > 0).astype(np.intp)) == []


@pytest.mark.parametrize(
    ("bads", "goods", "every", "found"),
    [(20, 0, 100, True), (19, 0, 95, False), (20, 0, 101, False), (50, 1, 100, True), (49, 1, 100, False)],
)
def test_a_value_that_only_bads_have(bads: int, goods: int, every: int, found: bool) -> None:
    y = np.repeat([1, 0], [every, 300])
    x = np.zeros(len(y))
    x[:bads], x[every : every + goods] = 1.0, 1.0
    assert (("only bads", "stop") in signs(x, y)) == found


def test_a_value_that_most_have_is_the_usual_one() -> None:
    y = np.repeat([1, 0], [150, 100])
    x = np.where(np.arange(250) < 150, noise(250), 7.0)
    assert "only bads" not in [one for one, _ in signs(x, y)]


@pytest.mark.parametrize(("share", "severity"), [(0.05, None), (0.15, "warn"), (0.4, "stop"), (0.95, "stop")])
def test_last_digits_that_tell_the_outcome(share: float, severity: str | None) -> None:
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 1000).astype(np.intp)
    cents = np.where((y == 1) & (rng.random(2000) < share), 99, rng.integers(0, 99, 2000))
    cents[0] = 99
    found = signs(rng.integers(10, 900, 2000) + cents / 100, y)
    assert [severity_ for id_, severity_ in found if id_ == "digits"] == ([severity] if severity else [])


@pytest.mark.parametrize(("told", "severity"), [(0.7, None), (0.8, "warn"), (0.9, "stop")])
def test_last_digits_that_rank_the_outcome(told: float, severity: str | None) -> None:
    """Odd cents are bads, but for a share of them."""
    rng = np.random.default_rng(0)
    cents = rng.integers(0, 100, 4000)
    y = np.where(rng.random(4000) < told, cents % 2, 1 - cents % 2)
    found = signs(rng.integers(10, 900, 4000) + cents / 100, y.astype(np.intp))
    assert found == ([("digits", severity)] if severity else [])


@pytest.mark.parametrize(("levels", "found"), [(100, []), (101, [("nearly a name", "warn")])])
def test_words_that_are_nearly_names(levels: int, found: list[tuple[str, str]]) -> None:
    words = pd.Series([f"w{n % levels}" for n in range(505)])
    assert signs(words, (np.random.default_rng(0).random(505) < 0.5).astype(np.intp)) == found


@pytest.mark.parametrize(("told", "severity"), [(1.0, "stop"), (0.85, "warn"), (0.5, None)])
def test_words_that_hold_the_outcome(told: float, severity: str | None) -> None:
    """Ninety words of six rows each, whose own outcome a share of the rows has."""
    rng = np.random.default_rng(1)
    word = np.repeat(np.arange(90), 6)
    own = np.where(rng.random(540) < told, word % 2, 1 - word % 2)
    found = signs(pd.Series(word).map("w{}".format), own.astype(np.intp))
    assert found == ([("code", severity)] if severity else [])


@pytest.mark.parametrize("name", ["days_past_due_after", "lastPayment", "charge_off", "LGD", "x_target"])
def test_names_that_speak_of_afterwards(name: str) -> None:
    assert signs(noise(200), np.tile([0, 1], 100), name) == [("name", "warn")]


@pytest.mark.parametrize("name", ["badge", "income", "lossless", "duration"])
def test_names_that_do_not(name: str) -> None:
    assert signs(noise(200), np.tile([0, 1], 100), name) == []


def rows(copies: int, test: int = 1000) -> list[Finding]:
    X = pd.DataFrame({f"x{n}": noise(1000 + test, n) for n in range(4)})
    X.iloc[1000 : 1000 + copies] = X.iloc[:copies].to_numpy()
    return twins(X, np.arange(1000), np.arange(1000, 1000 + test))


@pytest.mark.parametrize(("copies", "severity"), [(9, None), (10, "warn"), (49, "warn"), (50, "stop")])
def test_copies_of_rows_on_both_sides(copies: int, severity: str | None) -> None:
    found = rows(copies)
    assert [(one.id, one.severity) for one in found] == ([("twins", severity)] if severity else [])
    if found:
        assert found[0].evidence == {"rows": copies, "share": copies / 1000}


def test_ten_copies_are_few_among_more() -> None:
    assert rows(10, test=1001) == []


@pytest.mark.parametrize(("zeros", "found"), [(2, True), (3, False)])
def test_rows_of_hardly_anything_have_honest_twins(zeros: int, found: bool) -> None:
    X = pd.DataFrame({f"x{n}": noise(2000, n) for n in range(4)})
    X.iloc[1000:1100] = X.iloc[:100].to_numpy()
    X.iloc[np.r_[:100, 1000:1100], :zeros] = 0.0
    assert bool(twins(X, np.arange(1000), np.arange(1000, 2000))) == found


def test_rows_of_a_few_words_are_alike_by_chance() -> None:
    X = pd.DataFrame({"a": pd.Series(np.arange(2000) % 3), "b": pd.Series(np.arange(2000) % 5)})
    assert twins(X, np.arange(1000), np.arange(1000, 2000)) == []


def test_words_tell_rows_apart_too() -> None:
    X = pd.DataFrame({f"x{n}": noise(2000, n) for n in range(4)}).assign(word="a")
    X.iloc[1000:1100] = X.iloc[:100].to_numpy()
    assert twins(X, np.arange(1000), np.arange(1000, 2000))
    X.loc[1000:1099, "word"] = "b"
    assert twins(X, np.arange(1000), np.arange(1000, 2000)) == []
