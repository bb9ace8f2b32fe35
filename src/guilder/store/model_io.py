"""Models as files without code: skops archives of admitted types only, the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from guilder.errors import ArtefactError

PARTS_THAT_MATTER = {
    "guilder": 2, "imbalanced-learn": 2, "scikit-learn": 2, "skops": 2, "numpy": 1, "pandas": 1, "scipy": 1,
}  # fmt: skip
"""How many parts of a library's version must be as they were when a model was trained."""

MOST_BYTES = 4_000_000_000
"""What a model may unpack to."""

_ENTRY = re.compile(r"schema\.json|[0-9]+\.(?:npy|npz|bin)")
_TOP = {"__class__", "__module__", "__loader__", "__id__", "content", "protocol", "_skops_version"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def admitted() -> list[str]:
    """Names of the types that may be loaded beyond skops' own defaults, as the rooms list them."""
    from guilder.offers import methods
    from guilder.risk import classifier
    from guilder.segments import segmenter

    return sorted({*classifier.TRUSTED_TYPES, *segmenter.TRUSTED_TYPES, *methods.TRUSTED_TYPES})


def dump_model(model: Any) -> bytes:
    """Write a fitted estimator as a skops archive; the same model gives the same bytes.

    skops numbers objects by their address in memory and stamps the archive with the time: both are replaced.
    """
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    schema = content.pop("schema.json").decode()
    numbers: dict[str, str] = {}
    for found in re.findall(r'(?<="__id__": )\d+|(?<=")\d{6,}(?=\.npy"|\.npz"|\.bin")', schema):
        numbers.setdefault(found, str(len(numbers) + 1))
    schema = re.sub(
        r'((?<="__id__": )\d+|(?<=")\d{6,}(?=\.npy"|\.npz"|\.bin"))', lambda match: numbers[match[0]], schema
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(
            [("schema.json", schema.encode()), *((_renamed(name, numbers), data) for name, data in content.items())]
        ):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def check_versions(packages: Mapping[str, str], name: str) -> None:
    """Refuse models that were trained with another version of what reads them.

    Guilder, scikit-learn and its like promise nothing from one minor release to the next, NumPy's like from one major
    release to the next: up to there the parts of a version must be equal.

    Raises
    ------
    ArtefactError
        Names the library, its version then and now.
    """
    for package, parts in PARTS_THAT_MATTER.items():
        then, now = packages.get(package, "none"), version(package)
        if then.split(".")[:parts] != now.split(".")[:parts]:
            raise ArtefactError(
                f"the models of {name} were trained with {package} {then}, and this is {package} {now}",
                known="the same model may give other scores there",
                todo="train again: guilder train BANK; or install the version it was trained with",
            )


def _check_archive(data: bytes) -> None:
    """See that an archive holds a schema and its arrays and nothing else, before anything of it is parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(names) != len(set(names)) or not all(_ENTRY.fullmatch(name) for name in names):
            raise ValueError("it holds what is no part of a model")
        if any(entry.external_attr >> 16 & 0o170000 not in (0, 0o100000) for entry in entries):
            raise ValueError("it holds a link or a device")
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise ValueError("it unpacks to more than any model")
        schema = json.loads(archive.read("schema.json"))
    if set(schema) - _TOP:
        raise ValueError("its schema says what Guilder never writes")


def _renamed(name: str, numbers: dict[str, str]) -> str:
    stem, dot, ending = name.partition(".")
    return f"{numbers.get(stem, stem)}{dot}{ending}"


def load_model(data: bytes, name: str = "the model") -> Any:
    """Read an estimator back from the bytes of its file.

    Raises
    ------
    ArtefactError
        When the file is no skops archive, or holds a type that is not admitted.
    """
    import skops.io

    try:
        _check_archive(data)
        foreign = sorted(set(skops.io.get_untrusted_types(data=data)) - set(admitted()))
        if foreign:
            raise ArtefactError(
                f"{name} holds types that Guilder does not admit: {', '.join(foreign[:5])}",
                todo="do not use this file; train again, and find out who changed it",
            )
        return skops.io.loads(data, trusted=admitted())
    except ArtefactError:
        raise
    except Exception as error:  # skops and zipfile raise many kinds, and each of them means: not a model of ours
        raise ArtefactError(
            f"{name} is not a model that Guilder can read ({type(error).__name__}: {str(error)[:80]})",
            todo="train again with this version: guilder train BANK",
        ) from error
