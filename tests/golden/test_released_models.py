"""Models of every released version still score to the same digits, or are refused by the name of what has changed.

``GUILDER_UPDATE_GOLDEN=1`` keeps those of this version, once: what was released is never written again.
"""

from __future__ import annotations

import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from guilder.errors import ArtefactError
from guilder.offers.cosine import CosineRecommender
from guilder.offers.propensity import PropensityRecommender
from guilder.risk.classifier import DefaultClassifier
from guilder.segments.segmenter import CustomerSegmenter
from guilder.store.manifest import manifest
from guilder.store.runs import Run, RunContent, load_run, write_run

KEPT = Path(__file__).parent / "released"
EXPECTED = "expected.json"
DIGITS = 12
"""Of a score: the last of the sixteen that a number has may differ between processors."""


def loans() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    facts = pd.DataFrame({
        "amount": rng.lognormal(9, 1, 600).round(2), "days_below_zero_90d": rng.poisson(3, 600).astype(float),
        "purpose": pd.Categorical(rng.choice(["car", "home", "study"], 600)),
    })
    facts.loc[::7, "days_below_zero_90d"] = np.nan
    odds = 0.4 * facts["days_below_zero_90d"].fillna(2) - 2.4
    return facts, (rng.random(600) < 1 / (1 + np.exp(-odds))).astype(int)


def customers() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    centre = np.repeat([1.0, 6.0, 12.0], 100)
    return pd.DataFrame({
        "customer_id": [f"C{n:03}" for n in range(300)],
        **{name: rng.normal(centre, 0.5).round(3) for name in ("amount_mean", "count_month", "inflow")},
    })


def interactions() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    pairs = {(f"C{rng.integers(60):03}", f"P{rng.integers(6)}") for _ in range(200)}
    return pd.DataFrame(sorted(pairs), columns=["customer_id", "product_id"]).assign(kind="hold")


def models() -> dict[str, Any]:
    X, y = loans()
    made: dict[str, Any] = {
        name: DefaultClassifier(name, cv=3, random_state=0).fit(X, y) for name in ("logistic", "scorecard")
    }
    made["segments"] = CustomerSegmenter(k=3, random_state=0).fit(customers().drop(columns="customer_id"))
    made["offers"] = CosineRecommender().fit(interactions())
    facts, patterns = customers().set_index("customer_id"), np.repeat(["low", "middle", "high"], 100)
    made["propensity"] = PropensityRecommender().fit(
        interactions(), facts=facts, segments=dict(zip(facts.index, patterns, strict=True))
    )
    return made


def scores(run: Run) -> dict[str, Any]:
    """Score the same loans and customers with every model of a run."""
    X = loans()[0].head(40)
    found: dict[str, Any] = {
        name: [f"{p:.{DIGITS}g}" for p in run.model(name).predict_proba(X)[:, 1]] for name in ("logistic", "scorecard")
    }
    placed = run.model("segments").predict(customers().drop(columns="customer_id"))
    found["segments"] = [int(each) for each in placed][::5]
    offered = run.model("offers").recommend([f"C{n:03}" for n in range(10)], 3)
    found["offers"] = [[row.customer_id, row.product_id, f"{row.score:.{DIGITS}g}"] for row in offered.itertuples()]
    return found


def keep(folder: Path, scratch: Path) -> None:
    described = manifest(bank="Golden", as_of=None, seed=0, inputs=[], parameters={})
    run = write_run(scratch, RunContent(described, {}, {}, models(), {}, {}), lambda _: "<html></html>")
    shutil.copytree(run.path, folder / "run")
    (folder / EXPECTED).write_text(json.dumps(scores(run), indent=1) + "\n")


def test_this_version_is_kept(tmp_path: Path) -> None:
    folder = KEPT / version("guilder")
    if os.environ.get("GUILDER_UPDATE_GOLDEN") and not folder.exists():
        keep(folder, tmp_path)
    assert (folder / EXPECTED).is_file(), "GUILDER_UPDATE_GOLDEN=1 keeps the models of a version that is new"


@pytest.mark.parametrize("folder", sorted(KEPT.glob("*")), ids=lambda folder: folder.name)
def test_a_released_model_scores_as_it_did_or_is_refused_by_name(folder: Path) -> None:
    run = load_run(folder / "run")
    then, refused, found = {**run.manifest["packages"], "guilder": run.manifest["guilder"]}, "", None
    try:
        found = scores(run)
    except ArtefactError as error:
        refused = error.wrong
    if refused:
        assert any(name in refused for name in then if then[name] != version(name)), refused
    else:
        assert found == json.loads((folder / EXPECTED).read_text())


def test_models_made_now_score_as_those_that_were_kept(tmp_path: Path) -> None:
    keep(tmp_path / "now", tmp_path / "scratch")
    kept = json.loads((KEPT / version("guilder") / EXPECTED).read_text())
    made = json.loads((tmp_path / "now" / EXPECTED).read_text())
    assert made["segments"] == kept["segments"]
    assert made["offers"] == kept["offers"]
    assert np.allclose(np.float64(made["scorecard"]), np.float64(kept["scorecard"]), rtol=1e-6)


def test_models_hold_what_those_of_the_same_version_hold(tmp_path: Path) -> None:
    """Code that reads other attributes cannot read the models of before: that is another minor version."""
    keep(tmp_path / "now", tmp_path / "scratch")
    made, kept = load_run(tmp_path / "now" / "run"), load_run(KEPT / version("guilder") / "run")
    assert made.models == kept.models
    for name in made.models:
        assert set(vars(made.model(name))) == set(vars(kept.model(name))), name
