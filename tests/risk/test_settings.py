"""Settings that are tried beside the defaults, and what defaults hang on."""

from __future__ import annotations

from guilder.risk.settings import anchors, defaults


def test_deep_trees_are_grown_by_lightgbm_where_it_takes_part() -> None:
    assert [name for name, _ in anchors(["logistic", "scorecard", "forest", "boosting"])] == ["logistic", "boosting"]
    assert [name for name, _ in anchors(["logistic", "boosting", "lightgbm", "catboost"])] == ["logistic", "lightgbm"]


def test_anchors_set_only_what_a_learner_has() -> None:
    for name, settings in anchors(["logistic", "boosting"]) + anchors(["lightgbm"]):
        assert settings.keys() <= defaults(name, 5000).keys()
