"""Decisions: what was decided on one application and from what, as a record that names itself by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guilder.errors import UsageError

DECISIONS = ("approve", "refer", "decline")
DIGITS = 9
"""Decimals of a PD in a record: scored alone or among a million, a loan's PD differs in the sixteenth."""


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(content: Mapping[str, Any]) -> str:
    """The one way in which equal contents are written: JSON with sorted keys and no blanks."""
    return _WRITER.encode(dict(content))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of everything in a record but its own ``record_id``."""
    return _sha256(canonical({key: value for key, value in content.items() if key != "record_id"}))


def sealed(content: Mapping[str, Any]) -> str:
    """Write a content as one line of JSON that begins with its ``record_id``."""
    text = canonical(content)
    return f'{{"record_id":"{_sha256(text)}",{text[1:]}'


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Basis:
    """What all decisions of one scoring rest on.

    Parameters
    ----------
    run_id : str
        The run that decided.
    model_sha256 : str
        Of the model's file, as the run's manifest says it.
    data_sha256 : str
        Of the SHA-256 of every input file of the bank.
    as_of : str, optional
        Day that the bank looked back from; None where it has no dates.
    cut_off : float
        PD from which a loan is declined.
    rule : str
        What gave the cut-off.
    """

    run_id: str
    model_sha256: str
    data_sha256: str
    as_of: str | None
    cut_off: float
    rule: str


@dataclass(frozen=True)
class DecisionRecord:
    """One decision: the loan, what the model said, and what it rests on. It names no customer.

    Parameters
    ----------
    loan_id, decision, band : str
        Which loan, "approve", "refer" or "decline", and the band of its PD.
    p_default : float
        PD, to nine decimals.
    p_low, p_high : float, optional
        The two Venn–Abers probabilities.
    reasons : tuple of str
        What raised the PD most, in plain words.
    counterfactual : str, optional
        What would have to change for the loan to pass.
    basis : Basis
        Run, model, data, day and cut-off.
    """

    loan_id: str
    p_default: float
    p_low: float | None
    p_high: float | None
    band: str
    decision: str
    reasons: tuple[str, ...]
    counterfactual: str | None
    basis: Basis

    @classmethod
    def of(cls, row: Mapping[str, Any], basis: Basis) -> DecisionRecord:
        """Make the record of one scored loan, a row of ``loans.parquet``."""
        reasons = (row.get(f"reason_{place}") for place in range(1, 5))
        return cls(
            str(row["loan_id"]), round(float(row["p_default"]), DIGITS), _chance(row.get("p_low")),
            _chance(row.get("p_high")), str(row["band"]), str(row["decision"]),
            tuple(said for said in reasons if isinstance(said, str) and said), _words(row.get("counterfactual")), basis,
        )  # fmt: skip

    def content(self) -> dict[str, Any]:
        """Plain JSON of everything but the ``record_id``."""
        own = {**vars(self), "reasons": list(self.reasons)}
        del own["basis"]
        return {"kind": "decision", **vars(self.basis), **own}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, with the ``record_id``."""
        content = self.content()
        return {"record_id": digest(content), **content}

    def line(self) -> str:
        """One line of ``decisions.jsonl``, without the line's end."""
        return sealed(self.content())


def _chance(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), DIGITS)


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


@dataclass(frozen=True)
class Override:
    """A person's decision on a loan against, or in confirmation of, the model's; it keeps the record it was made on.

    Raises
    ------
    UsageError
        Without a known decision, a reason, or a name.
    """

    decision: str
    reason: str
    by: str
    at: str
    """Moment of the override, ISO, UTC."""
    record: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise UsageError(f"there is no decision {self.decision!r}", known=f"decisions: {', '.join(DECISIONS)}")
        for name, said in (("reason", self.reason), ("name", self.by)):
            if not said.strip():
                raise UsageError(
                    f"an override needs a {name}", known="it is kept for good, with the record that it was made on",
                    todo='write: --override approve --reason "income proven by payslips" --by "A. Person"',
                )  # fmt: skip

    def content(self) -> dict[str, Any]:
        """Plain JSON of everything but the ``record_id``."""
        return {"kind": "override", "loan_id": self.record["loan_id"], **vars(self), "record": dict(self.record)}
