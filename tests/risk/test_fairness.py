"""The audit by group against Fairlearn, and on populations whose fairness is known."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from guilder.risk.fairness import LEAST_ROWS, audit, tidy_groups
from guilder.risk.jurisdiction import notes
from guilder.risk.proxies import proxies


def _population(rng, rows=3000):
    p = rng.beta(1.5, 8, rows)
    return (rng.random(rows) < p).astype(int), p, rng.choice(["female", "male"], rows)


def _by_name(column):
    return {row["name"]: row for row in column["groups"]}


# MetricFrame of Fairlearn 0.15.0: share below the cut-off, true and false positive rate of being declined.
RECORDED = {
    "a": (0.7744360902255639, 0.4117647058823529, 0.16161616161616163),
    "b": (0.7272727272727273, 0.5777777777777777, 0.176056338028169),
}


def _small():
    rng = np.random.default_rng(8)
    p = rng.beta(2, 6, 320)
    y = (rng.random(320) < p).astype(int)
    return y, p, np.where(rng.random(320) < 0.5, "a", "b")


def test_rates_are_fairlearns_live():
    fairlearn = pytest.importorskip("fairlearn.metrics")
    y, p, group = _small()
    frame = fairlearn.MetricFrame(
        metrics={"approval": lambda _, called: float(np.mean(called == 0)), "tpr": fairlearn.true_positive_rate,
                 "fpr": fairlearn.false_positive_rate},
        y_true=y, y_pred=(p >= 0.33).astype(int), sensitive_features=group,
    ).by_group  # fmt: skip
    found = _by_name(audit(y, p, 0.33, {"group": group})["group"])
    for name in ("a", "b"):
        for key in ("approval", "tpr", "fpr"):
            assert found[name][key]["value"] == pytest.approx(frame.loc[name, key], abs=1e-12)


def test_rates_are_fairlearns_as_recorded():
    y, p, group = _small()
    found = _by_name(audit(y, p, 0.33, {"group": group})["group"])
    for name, wanted in RECORDED.items():
        assert [found[name][key]["value"] for key in ("approval", "tpr", "fpr")] == pytest.approx(wanted)
        inside = group == name
        assert found[name]["auc"]["value"] == pytest.approx(roc_auc_score(y[inside], p[inside]))
        assert found[name]["observed_over_mean_p"]["value"] == pytest.approx(y[inside].sum() / p[inside].sum())


def test_right_pds_are_called_fair_whatever_the_groups():
    rng = np.random.default_rng(0)
    said = []
    for seed in range(60):
        y, p, gender = _population(rng, 1500)
        region = rng.choice(list("abcdef"), 1500)
        found = audit(y, p * 0.8, 0.3, {"gender": gender, "region": region}, repeats=2, random_state=seed)
        said += [found[name]["light"] for name in found]
    assert said.count("green") / len(said) > 0.92


def test_a_shift_for_one_group_is_found_and_named():
    rng = np.random.default_rng(1)
    y, p, gender = _population(rng, 6000)
    unfair = np.where(gender == "female", p * 1.6, p)
    found = audit(y, unfair, 0.3, {"gender": gender, "noise": rng.choice(["x", "y"], 6000)})
    assert found["gender"]["light"] == "red"
    assert "too high for female" in found["gender"]["verdict"]
    assert found["noise"]["light"] == "green"
    female = _by_name(found["gender"])["female"]
    assert female["observed_over_mean_p"]["high"] < 0.75
    assert _by_name(found["gender"])["male"]["observed_over_mean_p"]["low"] > 0.85


def test_four_fifths_is_said():
    rng = np.random.default_rng(2)
    y, p, gender = _population(rng, 4000)
    moved = np.where(gender == "female", np.minimum(p * 3, 0.95), p)
    truth = (rng.random(4000) < moved).astype(int)
    found = audit(truth, moved, 0.3, {"gender": gender})["gender"]
    assert found["light"] == "amber"
    assert "four fifths" in found["verdict"]
    assert "calibration holds" in found["verdict"]
    assert y.sum() > 0


def test_small_groups_are_counted_and_not_judged():
    rng = np.random.default_rng(3)
    y, p, gender = _population(rng, 900)
    gender = gender.astype(object)
    gender[: LEAST_ROWS - 1], gender[100:160] = "other words", None
    y[100:160] = 0
    found = audit(y, p, 0.3, {"gender": gender, "alone": ["x"] * 900})
    groups = _by_name(found["gender"])
    assert [groups[name]["enough"] for name in ("other words", "not known")] == [False, False]
    assert "auc" not in groups["not known"]
    assert "Too few to say: not known, other words" in found["gender"]["verdict"]
    assert found["alone"]["light"] == "grey"


def test_nothing_to_audit_is_nothing():
    assert audit([0, 1], [0.1, 0.2], 0.5, {}) == {}
    tiny = audit([0, 1] * 4, [0.1, 0.2] * 4, 0.5, {"gender": ["a", "b"] * 4})["gender"]
    assert (tiny["light"], tiny["largest"]) == ("grey", None)


def test_the_smallest_groups_are_put_together():
    label = tidy_groups([str(place) for place in range(14) for _ in range(14 - place)])
    assert len(np.unique(label)) == 11
    assert (label == "other").sum() == 4 + 3 + 2 + 1


def _facts(rng, group):
    rows = len(group)
    return pd.DataFrame({
        "height": rng.normal(0, 1, rows) + (group == "male") * 1.2, "noise": rng.normal(0, 1, rows),
        "job": pd.Categorical(np.where(rng.random(rows) < 0.6, np.where(group == "male", "m", "f"), "x")),
        "gap": np.where(rng.random(rows) < 0.5, np.nan, rng.normal(0, 1, rows)),
    })  # fmt: skip


def test_proxies_are_found_and_noise_is_none():
    rng = np.random.default_rng(4)
    group = rng.choice(["female", "male"], 1200)
    found = proxies(_facts(rng, group), group)
    assert {row["fact"] for row in found["facts"] if row["proxy"]} == {"height", "job"}
    assert found["auc"]["low"] > 0.85
    height = next(row for row in found["facts"] if row["fact"] == "height")
    assert height["eta"] == pytest.approx(0.5, abs=0.05)  # a gap of 1.2 between two normals


def test_shuffled_groups_have_no_proxies():
    rng = np.random.default_rng(5)
    named = 0
    for seed in range(30):
        group = rng.choice(["a", "b", "c"], 400)
        found = proxies(_facts(rng, rng.choice(["female", "male"], 400)), group, random_state=seed)
        named += bool(found["facts"])
    assert named <= 5
    assert found["auc"]["low"] < 0.55


def test_too_few_of_a_second_group_have_no_proxies():
    frame = pd.DataFrame({"x": np.arange(100.0)})
    assert proxies(frame, ["a"] * 60 + ["b"] * 40) == {"facts": [], "chance": None, "auc": None}


def test_notes_are_dated():
    assert notes(None) == []
    assert all("2026" in note for place in ("EU", "US") for note in notes(place))
    assert "2 December 2027" in notes("EU")[0]
