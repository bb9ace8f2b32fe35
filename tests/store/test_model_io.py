"""Models are files without code."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.gaussian_process.kernels import RBF
from tiny_runs import model

from guilder.errors import ArtefactError
from guilder.store import model_io
from guilder.store.model_io import PARTS_THAT_MATTER, admitted, check_versions, dump_model, load_model


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


NOW = "3.4.5"
PARTS = {
    "guilder": 2, "imbalanced-learn": 2, "scikit-learn": 2, "skops": 2, "numpy": 1, "pandas": 1, "scipy": 1,
}  # fmt: skip
"""Whose minor releases may change a score, and whose major ones alone."""


@pytest.mark.parametrize("package", PARTS)
def test_a_model_is_read_by_the_version_it_was_trained_with_as_far_as_that_matters(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_io, "version", lambda name: NOW)
    assert PARTS_THAT_MATTER.keys() == PARTS.keys()
    same = dict.fromkeys(PARTS, NOW)
    for then in (NOW, "3.4.9", "3.4", *(["3.9.5", "3"] if PARTS[package] == 1 else [])):
        check_versions({**same, package: then, "duckdb": "9"}, "run A")
    for then in ("2.4.5", "4.4.5", "34.5", "none", *(["3.3.5", "3.5.5", "3"] if PARTS[package] == 2 else [])):
        told = f"the models of run A were trained with {package} {then}, and this is {package} {NOW}"
        with pytest.raises(ArtefactError, match=told):
            check_versions({**same, package: then}, "run A")
    del same[package]
    with pytest.raises(ArtefactError, match=f"trained with {package} none"):
        check_versions(same, "run A")


def test_an_archive_says_nothing_of_when_and_where_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(dump_model(model()))) as archive:
        entries = archive.infolist()
        schema = archive.read("schema.json").decode()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}
    arrays = [name for name in names if name != "schema.json"]
    assert arrays
    for name in arrays:
        assert len(name) < len("100000.npy")
        assert f'"{name}"' in schema


def test_a_model_unpacks_to_the_most_and_no_byte_more(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dump_model(model())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr(model_io, "MOST_BYTES", size)
    assert load_model(data).predict([[3.0]]).tolist() == [1]
    monkeypatch.setattr(model_io, "MOST_BYTES", size - 1)
    with pytest.raises(ArtefactError, match="it unpacks to more than any model"):
        load_model(data)


def test_an_error_names_the_model() -> None:
    with pytest.raises(ArtefactError, match=r": the model is not a model that Guilder can read"):
        load_model(b"")
    with pytest.raises(ArtefactError, match=r": risk is not a model that Guilder can read \(BadZipFile: "):
        load_model(b"PK", "risk")
