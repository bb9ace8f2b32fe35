"""What a bank takes in unasked, where the work is done, and which stops a bank accepts in writing."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from guilder.contract.check import rule_id
from guilder.contract.tables import TABLES
from guilder.errors import BankFileError

ACCEPTABLE = (
    "G-TIME-001", "G-SCORE-001", "G-SCORE-002", "G-SCORE-003", "G-SCORE-006", "G-MODEL-008",
    *(rule_id(table, rule) for rule in ("future", "unit", "stale") for table in TABLES),
)
"""Stops that may be meant: what is seen in them can be as it should be."""


class _Part(BaseModel):
    """A part of the bank file: frozen, strict about unknown keys and about types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class EngineFile(_Part):
    """Where the work is done."""

    url: str = "duckdb://"
    memory_limit: str | None = None
    temp_directory: str | None = None
    """Where what does not fit into memory is put while it is worked on; a new folder of the system's without."""
    temp_limit: str | None = None
    threads: int | None = Field(default=None, ge=1, le=1024)


class LimitsFile(_Part):
    """What an input may be at the most, and how old."""

    max_columns: int = Field(default=2000, ge=1)
    max_cells: int = Field(default=2_000_000_000, ge=1)
    """Rows times columns of one table."""
    max_text: int = Field(default=100_000, ge=1)
    """Characters of one value."""
    max_age_days: int | None = Field(default=None, ge=0)
    """Days by which the newest date of a table, or its file where it has none, may lie behind the clock."""
    ages: list[Annotated[int, Field(ge=0, le=200)]] = Field(default=[18, 110], min_length=2, max_length=2)
    """Youngest and oldest customer."""
    accept: dict[str, Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]] = {}
    """Stops a bank accepts, by id, each with its written reason; they are warnings then."""

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        if strange := sorted(set(self.accept) - set(ACCEPTABLE)):
            raise BankFileError(
                f"[limits] accept: {strange[0]} is no stop that can be accepted.",
                known=f"Known: {', '.join(sorted(ACCEPTABLE))}.", todo="Mend what it stops for, or correct the id.",
            )
        if self.ages[0] > self.ages[1]:
            raise BankFileError(f"[limits] ages {self.ages} are not youngest, then oldest.", todo="ages = [18, 110]")
        return self
