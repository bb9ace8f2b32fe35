"""Gates: another unit stops, drift warns, chance does neither; scores that are none stop."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from guilder.evaluation.gates import judge_facts, judge_scores
from guilder.evaluation.reference import numbers_reference, reference


def facts(seed: int, rows: int, income: float = 1.0, shift: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "income": rng.lognormal(10 + shift, 0.5, rows) * income,
        "age": rng.normal(40, 10, rows),
        "purpose": rng.choice(["car", "home", "travel"], rows, p=[0.5, 0.3, 0.2]),
    })


KNOWN = reference(facts(0, 2000))


def test_the_same_population_passes() -> None:
    false = [seed for seed in range(1, 41) if judge_facts(KNOWN, facts(seed, 300), "loans")]
    assert false == []


def test_cents_for_units_stop_and_name_the_fact() -> None:
    found = judge_facts(KNOWN, facts(1, 300, income=100.0), "loans")
    assert [(gate.id, gate.severity, gate.fact) for gate in found] == [("G-SCORE-002", "stop", "income")]
    assert found[0].value > 2
    assert "its mean is 2" in found[0].message


def test_both_means_are_written_alike() -> None:
    said = judge_facts(KNOWN, facts(1, 300, income=100.0), "loans")[0].message
    assert re.search(r"its mean is \d,\d{3},\d{3} and was \d\d,\d{3}$", said)


def test_drift_warns() -> None:
    found = judge_facts(KNOWN, facts(1, 300, shift=0.4), "loans")
    assert [(gate.id, gate.severity, gate.fact) for gate in found] == [("G-SCORE-002", "warn", "income")]


def test_a_few_rows_are_no_distribution() -> None:
    assert judge_facts(KNOWN, facts(1, 3, shift=0.4), "loans") == []
    assert judge_facts(KNOWN, facts(1, 0), "loans") == []


@pytest.mark.parametrize(("rows", "severity"), [(0, None), (12, None), (30, "warn"), (75, "stop")])
def test_the_rate_of_new_categories_decides(rows: int, severity: str | None) -> None:
    frame = facts(1, 300)
    frame.loc[: rows - 1, "purpose"] = "boat"
    found = [gate for gate in judge_facts(KNOWN, frame, "loans") if gate.id == "G-SCORE-001"]
    assert [gate.severity for gate in found] == ([severity] if severity else [])
    if found:
        assert found[0].message.startswith(f"{rows} of 300 values of purpose")


def test_one_new_category_among_few_warns_and_stops_nothing() -> None:
    frame = facts(1, 4)
    frame.loc[:1, "purpose"] = "boat"
    assert {gate.severity for gate in judge_facts(KNOWN, frame, "loans")} == {"warn"}


def test_rare_categories_of_training_are_no_news() -> None:
    names = [f"firm {number}" for number in range(400)]
    rng = np.random.default_rng(3)
    known = reference(pd.DataFrame({"firm": rng.choice(names, 2000)}))
    assert known["facts"]["firm"]["other"] > 1500
    assert not [one for one in judge_facts(known, pd.DataFrame({"firm": rng.choice(names, 300)}), "loans")
                if one.id == "G-SCORE-001"]


def test_a_number_that_became_text_stops() -> None:
    found = judge_facts(KNOWN, facts(1, 50).assign(age="forty"), "loans")
    assert [(gate.id, gate.severity, gate.fact) for gate in found] == [("G-SCORE-008", "stop", "age")]


def test_what_is_no_longer_known_stops() -> None:
    found = judge_facts(KNOWN, facts(1, 300).assign(age=np.nan), "loans")
    assert [(gate.id, gate.severity, gate.fact) for gate in found] == [("G-SCORE-002", "stop", "age")]


def test_scores_that_are_none_stop() -> None:
    known = numbers_reference(np.random.default_rng(0).beta(2, 8, 500))
    for wrong in (np.nan, np.inf, -0.1, 1.2):
        found = judge_scores(known, [0.1, wrong])
        assert [(gate.id, gate.severity) for gate in found] == [("G-SCORE-004", "stop")]
    assert judge_scores(known, []) == []


def test_the_level_of_the_scores_is_held_to_the_test() -> None:
    known = numbers_reference(np.random.default_rng(0).beta(2, 8, 500))
    clear = [seed for seed in range(1, 41) if judge_scores(known, np.random.default_rng(seed).beta(2, 8, 200))]
    assert clear == []
    far = judge_scores(known, np.random.default_rng(1).beta(90, 1, 200))
    assert [(gate.id, gate.severity) for gate in far] == [("G-SCORE-003", "stop")]
    near = judge_scores(known, np.random.default_rng(1).beta(3, 8, 400))
    assert [gate.severity for gate in near] == ["warn"]


def test_a_reference_names_no_rare_category() -> None:
    frame = pd.DataFrame({"employer": ["Bank"] * 300 + ["Baker of Elm Street"] * 2})
    assert reference(frame)["facts"]["employer"] == {"levels": {"Bank": 300}, "other": 2, "missing": 0}


@pytest.mark.parametrize(("share", "severity"), [(0.735, None), (0.74, "warn"), (0.98, "warn"), (0.985, "stop")])
@pytest.mark.parametrize("kind", ["number", "category"])
def test_how_far_a_fact_may_move(share: float, severity: str | None, kind: str) -> None:
    """From one half to a share: (share - .5) × log(share / (1 - share)) is beyond .25 from .74 on, and 2 from .985."""
    then, now = np.repeat([0.0, 1.0], 5000), np.repeat([0.0, 1.0], [round(10000 * (1 - share)), round(10000 * share)])
    frames = [pd.DataFrame({"x": part if kind == "number" else np.where(part > 0, "a", "b")}) for part in (then, now)]
    found = judge_facts(reference(frames[0]), frames[1], "loans")
    assert [(gate.id, gate.severity) for gate in found] == ([("G-SCORE-002", severity)] if severity else [])
