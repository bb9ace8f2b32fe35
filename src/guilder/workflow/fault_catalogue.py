"""The catalogue of faults: what can go wrong, by number, and what proves that it is met."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass

from guilder.workflow.fault_case import cases, corpus


@dataclass(frozen=True)
class Fault:
    """One fault and its proofs.

    Parameters
    ----------
    number : int
        Its place in the catalogue.
    fault : str
        What goes wrong.
    cases : tuple of str
        Folders of the corpus that bring it about, here and on a user's machine.
    tests : tuple of str
        Tests of the source: the file and the name.
    promises : tuple of str
        Promises that ``guilder selftest`` tries.
    missing : str
        What of it is not built; nothing where it is met whole.
    """

    number: int
    fault: str
    cases: tuple[str, ...]
    tests: tuple[str, ...]
    promises: tuple[str, ...]
    missing: str

    @property
    def met(self) -> bool:
        """Whether all of it is built and something proves it."""
        return not self.missing and bool(self.cases or self.tests or self.promises)


def catalogue() -> tuple[Fault, ...]:
    """Give every fault in the order of the catalogue, with the cases of the corpus that name its number."""
    listed = tomllib.loads((corpus() / "catalogue.toml").read_text(encoding="utf-8"))
    folders: dict[int, list[str]] = {}
    for case in cases():
        number = tomllib.loads((case / "expected.toml").read_text(encoding="utf-8"))["case"]
        folders.setdefault(int(number), []).append(case.name)
    return tuple(
        Fault(
            int(number), entry["fault"], tuple(folders.get(int(number), ())), tuple(entry.get("tests", ())),
            tuple(entry.get("promises", ())), entry.get("missing", ""),
        )
        for number, entry in listed.items()
    )  # fmt: skip


def standing(broken: Collection[str] = ()) -> str:
    """Say in a line how many faults are met, and by what, where the cases named are not met here."""
    listed = catalogue()
    failed = [fault.number for fault in listed if {*fault.cases} & {*broken}]
    part = [fault.number for fault in listed if not fault.met]
    here = sum(1 for fault in listed if fault.cases and fault.met and fault.number not in failed)
    said = f"{len(listed)} faults of the catalogue: {here} met by cases that were tried here"
    other = len(listed) - here - len({*failed, *part})
    said += f", {other} by tests of the source and promises of guilder selftest"
    for numbers, what in ((failed, "not met here"), (part, "not built whole")):
        said += f", {what}: {', '.join(map(str, numbers))}" if numbers else ""
    return said
