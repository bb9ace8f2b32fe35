"""Planted segments are found as well as anyone could; where there are none, none are called natural; ids last."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from guilder.segments import CustomerSegmenter
from guilder.segments.identity import Before

WITHOUT = ("normal", "t", "gamma", "zeros", "shares", "curved", "one size for all")


@pytest.fixture(scope="module")
def made() -> ModuleType:
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "_planted.py"
    spec = importlib.util.spec_from_file_location("planted_segments", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def found(made: ModuleType, k: int, seed: int) -> tuple[bool, float]:
    """Whether the number is right and the groups natural, and how much agreement is lost against Bayes."""
    drawn = made.planted(k, seed)
    model = CustomerSegmenter(k_max=10, random_state=seed).fit(drawn.frame)
    lost = adjusted_rand_score(drawn.truth, drawn.bayes) - adjusted_rand_score(drawn.truth, model.labels_)
    return (model.k_, model.verdict_) == (k, "natural"), lost


@pytest.mark.parametrize("k", [3, pytest.param(6, marks=pytest.mark.slow)])
def test_planted_segments_are_found_as_well_as_bayes_could(made: ModuleType, k: int) -> None:
    right, lost = found(made, k, 1)
    assert right
    assert lost <= 0.02


@pytest.mark.parametrize("kind", ["curved", "zeros"])
def test_no_segments_are_not_natural(made: ModuleType, kind: str) -> None:
    model = CustomerSegmenter(k_max=5, random_state=8).fit(made.structureless(kind, 8))
    assert model.verdict_ != "natural"


@pytest.mark.slow
@pytest.mark.parametrize("k", range(3, 9))
def test_the_number_is_right_in_nine_of_ten_of_thirty_draws(made: ModuleType, k: int) -> None:
    draws = [found(made, k, seed) for seed in range(30)]
    assert sum(right for right, _ in draws) >= 27
    assert max(lost for right, lost in draws if right) <= 0.02


@pytest.mark.slow
@pytest.mark.parametrize("kind", WITHOUT)
def test_thirty_draws_without_segments_are_never_natural(made: ModuleType, kind: str) -> None:
    assert kind in made.WITHOUT
    for seed in range(30):
        model = CustomerSegmenter(k_max=10, random_state=seed).fit(made.structureless(kind, seed))
        assert model.verdict_ != "natural", seed


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_refit_on_a_bootstrap_of_the_same_month_keeps_ids(made: ModuleType, seed: int) -> None:
    facts = made.planted(3 + seed % 6, seed).frame
    first = CustomerSegmenter(k_max=10, random_state=seed).fit(facts)
    drawn = facts.sample(frac=1, replace=True, random_state=seed)
    again = CustomerSegmenter(k_max=10, random_state=seed + 1).fit(drawn, before=Before.of(first, drawn))
    ids = [np.array(model.ids_)[model.predict(facts)] for model in (first, again)]
    assert sorted(again.ids_) == sorted(first.ids_)
    assert np.mean(ids[0] == ids[1]) >= 0.95
