"""Models are files without code."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.gaussian_process.kernels import RBF

from guilder.errors import ArtefactError
from guilder.store.model_io import admitted, dump_model, load_model


def fitted() -> HistGradientBoostingClassifier:
    X = np.random.default_rng(0).normal(size=(120, 3))
    return HistGradientBoostingClassifier(max_iter=5, random_state=0).fit(X, X[:, 0] > 0)


def test_a_model_is_read_back_to_the_digit(tmp_path: Path) -> None:
    model, path = fitted(), tmp_path / "risk.skops"
    path.write_bytes(dump_model(model))
    X = np.random.default_rng(1).normal(size=(50, 3))
    assert np.array_equal(load_model(path.read_bytes()).predict_proba(X), model.predict_proba(X))


def test_equal_models_are_equal_bytes() -> None:
    first = dump_model(fitted())
    kept = [fitted() for _ in range(3)]
    assert len(kept) == 3
    assert dump_model(fitted()) == first


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "risk.skops"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(ArtefactError, match="not a model"):
        load_model(path.read_bytes())


def test_a_foreign_type_is_refused_by_name(tmp_path: Path) -> None:
    class Foreign(RBF):
        pass

    Foreign.__module__, Foreign.__qualname__ = "somewhere.else", "Foreign"
    path = tmp_path / "risk.skops"
    path.write_bytes(skops.io.dumps(Foreign()))
    with pytest.raises(ArtefactError, match=r"somewhere\.else\.Foreign"):
        load_model(path.read_bytes())


def test_the_admitted_types_are_ours_or_named_one_by_one() -> None:
    ours = {"guilder", "sklearn", "scipy", "numpy"}
    assert all("*" not in name and name.split(".")[0] in ours for name in admitted())
