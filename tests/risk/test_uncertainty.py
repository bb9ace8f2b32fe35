"""Venn–Abers is isotonic regression with the loan added as a good and as a bad, whatever the held-out loans are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from guilder.risk.classifier import DefaultClassifier
from guilder.risk.uncertainty import VennAbers, widths
from guilder.store.model_io import dump_model, load_model

SCORES = [-2.0, -1.5, -1.0, -1.0, -0.4, 0.0, 0.3, 0.3, 0.9, 1.2, 1.7, 2.5]
OUTCOMES = [0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1]
ASKED = [-2.5, -1.0, 0.1, 0.3, 1.0, 3.0]
HELD = st.lists(st.tuples(st.integers(-6, 6), st.integers(0, 1)), min_size=1, max_size=40)


def _defined(scores: NDArray[np.float64], y: NDArray[np.intp], asked: float) -> list[float]:
    """What the definition says: two isotonic regressions a loan."""
    return [
        float(IsotonicRegression().fit(np.r_[scores, asked], np.r_[y, label]).predict([asked])[0]) for label in (0, 1)
    ]


@given(HELD)
def test_both_probabilities_are_those_of_the_definition(held: list[tuple[int, int]]) -> None:
    scores, y = np.array([s for s, _ in held], dtype=float), np.array([label for _, label in held])
    asked = np.unique(np.r_[scores, scores + 0.5, -10, 10])
    low, high = VennAbers().fit(scores, y).interval(asked)
    assert np.allclose([low, high], np.transpose([_defined(scores, y, one) for one in asked.tolist()]), atol=1e-12)
    assert (low <= high).all()
    assert (np.diff(low) >= -1e-12).all()
    assert (np.diff(high) >= -1e-12).all()


def test_known_values() -> None:
    low, high = VennAbers().fit(SCORES, OUTCOMES).interval(ASKED)
    # venn-abers 1.5.4: VennAbers().fit(...).predict_proba(...)[1] on the probabilities of these log-odds
    assert low.tolist() == pytest.approx([0, 0.2, 0.2, 0.25, 0.25, 0.75])
    assert high.tolist() == pytest.approx([2 / 7, 0.375, 0.5, 0.5, 1, 1])


def test_the_library_says_the_same() -> None:
    library = pytest.importorskip("venn_abers")
    rng = np.random.default_rng(1)
    scores = rng.normal(-1, 1.5, 800)
    y = (rng.random(800) < expit(scores)).astype(int)
    asked = rng.normal(-1, 1.5, 300)
    known = library.VennAbers()
    known.fit(np.column_stack([1 - expit(scores), expit(scores)]), y)
    _, both = known.predict_proba(np.column_stack([1 - expit(asked), expit(asked)]))
    low, high = VennAbers().fit(expit(scores), y).interval(expit(asked))
    assert np.allclose(np.column_stack([low, high]), both, atol=1e-9)


def test_more_outcomes_narrow_the_interval_and_their_order_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    raw = rng.normal(-1, 1, 20_000)
    y = (rng.random(20_000) < expit(raw)).astype(int)
    asked = np.linspace(-2, 1, 50)
    width = [np.subtract(*VennAbers().fit(raw[:n], y[:n]).interval(asked)[::-1]).mean() for n in (200, 2000, 20_000)]
    assert width[0] > 3 * width[1] > 9 * width[2]
    order = rng.permutation(2000)
    one, other = VennAbers().fit(raw[:2000], y[:2000]), VennAbers().fit(raw[:2000][order], y[:2000][order])
    assert np.array_equal(one.low, other.low)
    assert np.array_equal(one.high, other.high)


def test_the_interval_around_several_holds_each_and_nothing_more() -> None:
    rng = np.random.default_rng(5)
    raw = rng.integers(-20, 20, 600) / 5
    y = (rng.random(600) < expit(raw)).astype(int)
    parts = [VennAbers().fit(raw[k::3], y[k::3]) for k in range(3)]
    asked = np.linspace(-5, 5, 401)
    low, high = VennAbers.around(parts).interval(asked)
    each = np.stack([part.interval(asked) for part in parts])
    assert np.array_equal(low, each[:, 0].min(axis=0))
    assert np.array_equal(high, each[:, 1].max(axis=0))


def test_many_loans_take_little_time_and_few_knots() -> None:
    rng = np.random.default_rng(3)
    raw = rng.normal(-1, 1, 100_000)
    found = VennAbers().fit(raw, rng.random(100_000) < expit(raw))
    assert len(found.scores) < 5000, "only the ends of the steps are kept"


def test_a_classifier_says_what_held_out_rows_allow() -> None:
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(3000, 3)), columns=list("abc"))
    y = rng.random(3000) < expit(X["a"] - 1.5)
    model = DefaultClassifier("logistic", random_state=0).fit(X[:2000], y[:2000])
    low, high = model.intervals(X[2000:]).T
    p = model.predict_proba(X[2000:])[:, 1]
    assert (low < high).all()
    assert ((low <= p) & (p <= high)).all()
    order = np.argsort(p)
    assert (np.diff(low[order]) >= 0).all()
    assert low.mean() - 0.02 < y[2000:].mean() < high.mean() + 0.02, "the level is right, to the luck of 1,000 loans"
    assert (high - low).mean() < 0.2
    again = load_model(dump_model(model))
    assert np.array_equal(again.intervals(X[2000:]), model.intervals(X[2000:]))
    plain = DefaultClassifier("logistic", calibration="none", random_state=0).fit(X, y)
    assert plain.intervals(X[:5]).tolist() == [[0, 1]] * 5


def test_an_interval_is_drawn_out_to_a_pd_beside_it_and_no_further() -> None:
    found = VennAbers().fit([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1])
    asked = np.array([0.1, 0.2, 0.3, 0.9])
    low, high = found.interval(asked)
    assert low.tolist() == pytest.approx([0, 0, 0.5, 2 / 3])
    assert found.holding(asked)[0].tolist() == pytest.approx([0, 0, 0.3, 2 / 3])
    assert np.array_equal(found.holding(asked)[1], high)
    above = VennAbers().fit(np.repeat([0.6, 0.7], 50), np.zeros(100))
    assert above.interval([0.6])[1][0] == pytest.approx(1 / 101)
    assert above.holding([0.6])[1][0] == 0.6


def test_widths_of_known_intervals() -> None:
    machine = VennAbers().fit([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1])
    asked = [0.05, 0.1, 0.25, 0.4]
    low, high = machine.holding(asked)
    found = widths(machine, asked, 0.5)
    assert found["loans"] == 4
    assert found["median_width"] == pytest.approx(float(np.median(high - low)))
    assert found["width_90"] == pytest.approx(float(np.quantile(high - low, 0.9)))
    assert found["holds_cut_off"] == np.mean([a <= 0.5 <= b for a, b in zip(low, high, strict=True)])
