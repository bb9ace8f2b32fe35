"""What a bank tells us in ``bank.toml``: where its tables are, what its columns and codes mean, what default means."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from guilder.contract.check import repeated
from guilder.contract.limits import EngineFile, LimitsFile
from guilder.contract.lines import EXAMPLES
from guilder.contract.names import check_columns, nearest
from guilder.contract.offers_file import MOST_DAYS, OfferedProduct, OffersPolicy
from guilder.contract.shapes import place, should_be
from guilder.contract.tables import KINDS_OF_INTERACTION, TABLES
from guilder.errors import BankFileError

Code = bool | int | float | str
"""A value one of the bank's codes stands for; ``"unknown"`` means blank."""

Place = Literal["scores", "exports", "audit"]
"""Where ids of customers leave: what a scoring and a run write, what is exported for others, and the audit log."""

ROW = "@row"
"""Written in place of a bank's column, it stands for the number of the row."""

EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)
"""Days between which a bank can be looked at."""

class _Part(BaseModel):
    """A part of the file: frozen, strict about unknown keys and about types, and every number a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class StagedFile(_Part):
    """A raw input, all text, that the ``sql`` of a table may query under its name."""

    path: str | None = None
    url: str | None = None
    table: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str = "utf-8"
    header: bool = True
    names: list[str] | None = None
    when: str | None = None
    """The column that dates its rows."""
    follow_links: bool = False
    undated_ok: str | None = Field(default=None, min_length=10)
    """The written reason why undated rows may be joined to dated decisions."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        _check_origin(self, ("path", "table"))
        return self


class TableFile(_Part):
    """One table of the contract: where it is and how its columns are called."""

    path: str | None = None
    url: str | None = None
    table: str | None = None
    sql: str | None = None
    columns: dict[str, str] = {}
    date_format: str | dict[str, str] | None = None
    """One ``strptime`` format, or one a column; without it dates must be ISO (YYYY-MM-DD)."""
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str = "utf-8"
    decimal: str = Field(default=".", min_length=1, max_length=1)
    thousands: str | None = Field(default=None, min_length=1, max_length=1)
    header: bool = True
    names: list[str] | None = None
    codes: dict[str, dict[str, Code]] = {}
    attributes: list[str] | dict[str, Literal["number", "text"]] = []
    available: dict[str, str] = {}
    follow_links: bool = False
    """Whether a path may be, or lead through, a symbolic link."""
    undated_ok: str | None = Field(default=None, min_length=10)
    max_quarantine: float = Field(default=0.01, ge=0, le=1)
    """The share of rows that may be quarantined before the run stops."""

    @model_validator(mode="after")
    def _signs_are_told_apart(self) -> Self:
        signs = {"decimal": self.decimal, "thousands": self.thousands}
        if wrong := [name for name, sign in signs.items() if sign and (sign.isalnum() or sign in "+-\"")]:
            raise BankFileError(
                f"{wrong[0]} is {signs[wrong[0]]!r}, which is part of a number.", todo=f"Write: {EXAMPLES[wrong[0]]}",
                id="G-BANK-009",
            )
        if self.decimal == self.thousands:
            raise BankFileError(
                f"decimal and thousands are both {self.decimal!r}: 1{self.decimal}5 would become 15.",
                known="decimal is a point where it is not written.",
                todo='Write both: decimal = "," and thousands = "."', id="G-BANK-009",
            )
        return self

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if set(self.model_fields_set) & {"path", "table", "sql", "url"}:
            _check_origin(self, ("path", "table", "sql"))
        return self


class RiskFile(_Part):
    """What default means here and how it may be learned."""

    horizon_months: int | None = Field(default=None, ge=1, le=1200)
    good_before: dict[str, Literal["increasing", "decreasing"]] = {}
    why: dict[str, str] = {}
    learners: list[Literal["logistic", "scorecard", "forest", "boosting", "lightgbm", "catboost"]] | None = Field(
        default=None, min_length=1
    )
    budget_seconds: float = Field(default=0.0, ge=0)
    balancing: list[Literal["none", "class_weight", "smote", "oversample", "undersample"]] = Field(
        default=["none", "class_weight", "smote"], min_length=1
    )
    words: dict[str, str] = {}
    """Plain words for facts, in place of the catalogue's, wherever a reason or a change names them."""
    no_reason: list[str] = []
    """Facts that are never given as a reason."""
    can_change: dict[str, Literal["decrease", "increase", "either", "never"]] = {}
    """What of an application can be changed besides its terms, and which way."""
    use_protected: list[str] = []
    protected: list[str] = []
    """Facts kept out of the model and in the fairness audit, besides the protected columns of the contract."""
    jurisdiction: Literal["EU", "US"] | None = None
    cut_off: float | None = Field(default=None, gt=0, lt=1)
    target_approval: float | None = Field(default=None, gt=0, le=1)
    target_bad_rate: float | None = Field(default=None, gt=0, lt=1)
    lgd: float | None = Field(default=None, gt=0, le=1)
    margin: float | None = Field(default=None, gt=0, le=1)
    ead: float = Field(default=1.0, gt=0, le=1)
    refer_from: float = Field(default=0.8, ge=0, le=1)
    bands: list[float] | None = Field(default=None, min_length=1, max_length=25)
    reject_inference: bool = False
    accept: dict[str, Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]] = {}
    """Leaks a bank accepts, by fact, each with its written reason."""
    points_to_double: float = Field(default=20.0, gt=0)
    """Points of the scorecard that double the odds of goods to bads."""
    points_at_odds: list[Annotated[float, Field(gt=0)]] = Field(default=[600.0, 50.0], min_length=2, max_length=2)
    """So many points stand for so many goods to a bad."""
    test_share: float = Field(default=0.25, gt=0, lt=1)
    valid_share: float = Field(default=0.2, gt=0, lt=1)

    @model_validator(mode="after")
    def _some_are_left_to_train(self) -> Self:
        if self.test_share + self.valid_share >= 0.9:
            raise BankFileError(
                f"[risk] test_share {self.test_share:g} and valid_share {self.valid_share:g} leave too few to train.",
                todo="Let them add up to less than 0.9.",
            )
        return self

    @model_validator(mode="after")
    def _one_rule_for_the_cut_off(self) -> Self:
        if (self.lgd is None) != (self.margin is None):
            there, gone = ("margin", "lgd") if self.lgd is None else ("lgd", "margin")
            raise BankFileError(
                f"[risk] has {there} and no {gone}: a cut-off by profit needs both.",
                todo=f"Write: {EXAMPLES[gone]}, or take {there} out.",
            )
        rules = ("cut_off", "target_approval", "target_bad_rate", "margin")
        if len(given := [name for name in rules if getattr(self, name) is not None]) > 1:
            named = [f"{name} (with lgd)" if name == "margin" else name for name in given]
            raise BankFileError(
                f"[risk] has {len(given)} rules for one cut-off: {' and '.join(named)}.",
                known="Known rules: cut_off; target_approval; target_bad_rate; lgd and margin; none for KS.",
                todo="Keep one of them.",
            )
        if self.bands and (sorted(set(self.bands)) != self.bands or not 0 < self.bands[0] <= self.bands[-1] < 1):
            raise BankFileError(
                f"[risk] bands {self.bands} are not PDs that rise from above 0 to below 1.",
                todo=f"Write for example: {EXAMPLES['bands']}",
            )
        return self


class SegmentsFile(_Part):
    """How customers are grouped."""

    facts: Literal["behaviour", "classic", "declared"] | list[str] | None = None
    """What customers are grouped by; omitted: behaviour where there are transactions, else declared."""
    k: int | None = Field(default=None, ge=2)
    k_max: int = Field(default=8, ge=2)
    min_share: float = Field(default=0.03, ge=0, lt=1)
    min_customers: int | None = Field(default=None, ge=1)
    """Omitted: 200, and 20 where fewer than 5,000 customers are grouped."""
    min_shown: int = Field(default=10, ge=1)
    """Of fewer customers nothing but their number is shown or exported."""
    names: dict[str, str] = {}
    dormant_days: int = Field(default=180, ge=1, le=MOST_DAYS)
    new_days: int = Field(default=90, ge=1, le=MOST_DAYS)


class OffersFile(OffersPolicy):
    """What may be offered, and how interactions count."""

    top: int = Field(default=3, ge=1)
    kind_weights: dict[str, float] = Field(default={"hold": 5.0, "apply": 4.0, "click": 2.0, "view": 1.0})
    half_life_days: float = Field(default=180, gt=0)
    shrinkage: float = Field(default=10.0, ge=0)
    min_support: int = Field(default=5, ge=0)

    @model_validator(mode="after")
    def _kinds_are_known(self) -> Self:
        for kind, weight in self.kind_weights.items():
            if kind not in KINDS_OF_INTERACTION or weight < 0:
                raise BankFileError(
                    f"[offers] kind_weights: {kind} = {weight:g} is no weight of a kind of interaction.",
                    known=nearest(kind, KINDS_OF_INTERACTION), todo="Write weights of zero or more for known kinds.",
                    id="G-BANK-006",
                )
        return self


class AuditFile(_Part):
    """Where it is written down what was done."""

    folder: str | None = Field(default=None, min_length=1)
    """The folder of the log; ``audit`` beside the bank file when not given."""


class PrivacyFile(_Part):
    """Whose id is shown where, and how small a group may be that is told of."""

    pseudonymise: list[Place] = []
    """Where the ids of customers are replaced by a keyed hash."""
    min_group: int = Field(default=10, ge=1)
    """Of fewer customers or loans nothing but their number is told."""


class BankFile(_Part):
    """The whole file."""

    name: str = "Bank"
    currency: str = Field(default="EUR", min_length=3, max_length=3)
    as_of: datetime.date | None = None
    zone: str = "UTC"
    """Whose clock the bank's days begin by; moments with a time zone are brought to it, those without are of it."""
    seed: int = Field(default=0, ge=0, lt=2**32)
    tables: dict[str, TableFile] = {}
    staged: dict[str, StagedFile] = {}
    engine: EngineFile = EngineFile()
    limits: LimitsFile = LimitsFile()
    risk: RiskFile = RiskFile()
    segments: SegmentsFile = SegmentsFile()
    offers: OffersFile = OffersFile()
    audit: AuditFile = AuditFile()
    privacy: PrivacyFile = PrivacyFile()

    @model_validator(mode="after")
    def _words_are_known(self) -> Self:
        for name, table in self.tables.items():
            if name not in TABLES:
                raise BankFileError(
                    f"[tables.{name}] is not a table of the contract.", known=nearest(name, TABLES),
                    todo="A raw input that sql may query is written as [staged.NAME].", id="G-BANK-007",
                )
            check_columns(TABLES[name], table)
        if alike := repeated(list(self.staged)):
            raise BankFileError(
                f"[staged.{alike[0]}] and [staged.{alike[1]}] have one name: sql reads upper and lower case alike.",
                todo="Give every staged input a name of its own.", id="G-BANK-009",
            )
        if self.as_of is not None and not EARLIEST <= self.as_of < LATEST:
            raise BankFileError(
                f"as_of is {self.as_of}: no bank is looked at on that day.", id="G-BANK-009",
                todo=f"Write for example: {EXAMPLES['as_of']}",
            )
        return self


def parse_bank_file(text: str, where: str = "bank.toml") -> BankFile:
    """Read the text of a bank file.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        The name to show in messages.

    Raises
    ------
    BankFileError
        It is not TOML, a key is unknown (the message names the nearest known one), or a value is of the wrong type
        (the message shows a line that is right).
    """
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise BankFileError(
            f"{where} is not valid TOML: values stand in one another too deeply.", todo="Mend that line.",
            id="G-BANK-003",
        ) from None
    except ValueError as error:
        raise BankFileError(f"{where} is not valid TOML: {error}.", todo="Mend that line.", id="G-BANK-003") from None
    try:
        return BankFile.model_validate(content)
    except ValidationError as error:
        raise _explain(error.errors(), where) from None


def _check_origin(part: StagedFile | TableFile, ways: tuple[str, ...]) -> None:
    given = [way for way in ways if getattr(part, way) is not None]
    if len(given) != 1:
        raise BankFileError(
            f"It needs exactly one of {', '.join(ways)}; it has {' and '.join(given) or 'none'}.",
            todo=f'Write for example: path = "loans.csv"{" or sql = " + repr("select …") if "sql" in ways else ""}',
        )
    if (given == ["table"]) != (part.url is not None):
        raise BankFileError(
            "url and table belong together: the file of the database, and a table in it.",
            todo='Write: url = "duckdb://bank.duckdb" and table = "crm.loans"',
        )
    if part.header and part.names:
        raise BankFileError(
            "names are given, and the first line is taken for them too.",
            todo="Write header = false where the file has no names of its own; else call its columns under columns.",
        )
    if not part.header and not part.names:
        raise BankFileError("header = false needs the names of the columns.", todo='Write: names = ["first", "second"]')


def _explain(errors: Sequence[Any], where: str) -> BankFileError:
    error = errors[0]
    path = place(error)
    cause = (error.get("ctx") or {}).get("error")
    if isinstance(cause, BankFileError):
        prefix = f"{where} [{'.'.join(path)}]: " if path else f"{where}: "
        return BankFileError(prefix + cause.wrong, known=cause.known, todo=cause.todo, id=cause.id)
    if error["type"] == "extra_forbidden":
        table = f"[{'.'.join(path[:-1])}]" if path[:-1] else "the top of the file"
        return BankFileError(
            f"{where}: unknown key {path[-1]!r} in {table}.", known=nearest(path[-1], _fields_at(path[:-1])),
            todo="Correct the key, or take the line out.", id="G-BANK-008",
        )
    path, wanted = should_be(errors)
    key = next((step for step in reversed(path) if step in EXAMPLES), "")
    given = repr(error.get("input"))
    return BankFileError(
        f"{where}: {'.'.join(path)} is {given[:80]}; it should be {wanted}.",
        todo=f"Write for example: {EXAMPLES[key]}" if key else "Correct that value.", id="G-BANK-009",
    )


def _fields_at(path: list[str]) -> list[str]:
    if not path:
        return list(BankFile.model_fields)
    parts: dict[str, type[BaseModel]] = {
        "tables": TableFile, "staged": StagedFile, "engine": EngineFile, "limits": LimitsFile, "risk": RiskFile,
        "segments": SegmentsFile, "offers": OffersFile, "audit": AuditFile, "privacy": PrivacyFile,
    }
    if path[:2] == ["offers", "products"] and len(path) == 3:
        return list(OfferedProduct.model_fields)
    return list(parts[path[0]].model_fields) if path[0] in parts else []
