"""Files that pose as models: each is refused by an error that says so, and none of their code runs."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FunctionTransformer, Pipeline
from tiny_runs import content, flip, model, page

from guilder.errors import ArtefactError
from guilder.store import model_io
from guilder.store.model_io import dump_model, load_model
from guilder.store.runs import load_run, write_run
from guilder.store.seal import seal_again

RAN: list[str] = []
FEW_BYTES = 1_000_000
"""Stands for the most that a model may unpack to, so that a bomb of the test is a small one."""


def ran(what: str) -> str:
    """Be the code that must not run."""
    RAN.append(what)
    return what


class Payload:
    """Run code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
        return ran, ("a pickle",)


def archive(files: dict[str, bytes | str], **options: Any) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data, **options)
    return stream.getvalue()


def parts() -> dict[str, bytes | str]:
    """The parts of a good model."""
    with zipfile.ZipFile(io.BytesIO(dump_model(model()))) as made:
        return {name: made.read(name) for name in made.namelist()}


def with_schema(change: Callable[[dict[str, Any]], None]) -> bytes:
    files = parts()
    schema = json.loads(files["schema.json"])
    change(schema)
    return archive({**files, "schema.json": json.dumps(schema)})


def node(loader: str, module: str, name: str, inside: Any = None, **more: Any) -> dict[str, Any]:
    return {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 9_999, "content": inside, **more}


def hidden(what: dict[str, Any]) -> bytes:
    """Hide a node where a number of a good model stands."""
    return with_schema(lambda schema: schema["content"]["content"].__setitem__("C", what))


def dumped(how: Callable[[Any, io.BytesIO], Any]) -> bytes:
    stream = io.BytesIO()
    how(Payload(), stream)
    return stream.getvalue()


def array_of_objects() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Payload()], dtype=object), allow_pickle=True)
    return stream.getvalue()


def array_in(files: dict[str, bytes | str]) -> str:
    return next(name for name in files if name.endswith(".npy"))


def bomb() -> bytes:
    return archive({**parts(), "77.npy": b"\0" * (FEW_BYTES + 1)})


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("schema.json", parts()["schema.json"])
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("schema.json", json.dumps(node("FunctionNode", "os", "system")))
    return stream.getvalue()


def link() -> bytes:
    entry = zipfile.ZipInfo("1.npy")
    entry.external_attr = 0o120777 << 16
    stream = io.BytesIO(archive({name: data for name, data in parts().items() if name != "1.npy"}))
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr(entry, "/etc/passwd")
    return stream.getvalue()


CORPUS: dict[str, Callable[[], bytes]] = {
    **{f"pickle, protocol {n}": lambda n=n: pickle.dumps(Payload(), protocol=n) for n in range(6)},
    "joblib": lambda: dumped(joblib.dump),
    "joblib, compressed": lambda: dumped(lambda what, to: joblib.dump(what, to, compress=3)),
    "a pickle for a schema": lambda: archive({"schema.json": pickle.dumps(Payload())}),
    "a pickle beside the schema": lambda: archive({**parts(), "model.pkl": pickle.dumps(Payload())}),
    "a pickle for an array": lambda: archive({**parts(), array_in(parts()): pickle.dumps(Payload())}),
    "an array of objects": lambda: archive({**parts(), array_in(parts()): array_of_objects()}),
    "a function of ours in a pipeline": lambda: skops.io.dumps(
        Pipeline([("f", FunctionTransformer(ran)), ("m", LogisticRegression())])
    ),
    "os.system": lambda: hidden(node("FunctionNode", "os", "system", "os.system")),
    "builtins.eval": lambda: hidden(node("FunctionNode", "builtins", "eval", "builtins.eval")),
    "a type": lambda: hidden(node("TypeNode", "subprocess", "Popen")),
    "a partial": lambda: hidden(node("PartialNode", "functools", "partial", {
        "func": node("FunctionNode", "os", "system"), "args": node("TupleNode", "builtins", "tuple", []),
        "kwds": node("DictNode", "builtins", "dict", {}, key_types=node("ListNode", "builtins", "list", [])),
        "namespace": node("DictNode", "builtins", "dict", {}, key_types=node("ListNode", "builtins", "list", [])),
    })),
    "an operator": lambda: hidden(node("OperatorFuncNode", "operator", "methodcaller", attrs=node(
        "TupleNode", "builtins", "tuple", [node("JsonNode", "builtins", "str", '"system"', is_json=True)]))),
    "a method": lambda: hidden(node("MethodNode", "builtins", "method", {
        "func": "fit", "obj": node("ObjectNode", "subprocess", "Popen")})),
    "an object of another library": lambda: hidden(node("ObjectNode", "subprocess", "Popen", {})),
    "a loader that is none": lambda: hidden(node("PickleNode", "os", "system")),
    "an allow-list in the schema": lambda: with_schema(lambda schema: schema.update(trusted=["os.system"])),
    "an allow-list beside the schema": lambda: archive({**parts(), "trusted.json": '["os.system"]'}),
    "a name that climbs": lambda: archive({**parts(), "../../evil.npy": b""}),
    "a name from the root": lambda: archive({**parts(), "/tmp/evil.npy": b""}),
    "a name with a drive": lambda: archive({**parts(), "C:\\evil.npy": b""}),
    "a folder": lambda: archive({**parts(), "1/": b""}),
    "a link": link,
    "two schemas": twice,
    "a bomb": bomb,
    "no schema": lambda: archive({name: data for name, data in parts().items() if name != "schema.json"}),
    "no arrays": lambda: archive({"schema.json": parts()["schema.json"]}),
    "a schema of deep nesting": lambda: archive({"schema.json": "[" * 100_000}),
    "a schema that is a list": lambda: archive({"schema.json": "[]"}),
    "a protocol of the future": lambda: with_schema(lambda schema: schema.update(protocol=999)),
    "cut short": lambda: dump_model(model())[:-40],
    "nothing": lambda: b"",
    "a page": lambda: b"<html></html>",
}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_io, "MOST_BYTES", FEW_BYTES)


@pytest.mark.parametrize("name", CORPUS)
def test_it_is_refused_and_none_of_its_code_runs(name: str) -> None:
    data = CORPUS[name]()
    with pytest.raises(ArtefactError) as caught:
        load_model(data, "models/risk.skops")
    assert "models/risk.skops" in caught.value.wrong
    assert caught.value.todo
    assert RAN == []


def test_a_run_that_holds_one_is_refused_though_all_is_sealed_anew(tmp_path: Path) -> None:
    run = write_run(tmp_path, content(), page)
    path = run.path / "models" / "risk.skops"
    path.write_bytes(pickle.dumps(Payload()))
    with pytest.raises(ArtefactError, match=r"models/risk\.skops"):
        load_run(tmp_path)
    seal_again(run.path)
    with pytest.raises(ArtefactError, match="is not the file that was written"):
        load_run(tmp_path).model("risk")
    path.write_bytes(dump_model(model()))
    flip(path, 4_000)
    seal_again(run.path)
    with pytest.raises(ArtefactError, match="is not the file that was written"):
        load_run(tmp_path).model("risk")
    assert RAN == []


def test_a_good_model_is_not_refused() -> None:
    assert load_model(archive(parts())).predict([[3.0]]).tolist() == [1]
