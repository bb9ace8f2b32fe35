"""Who may ask: tokens with rights, perhaps a branch, and an end; only their SHA-256 is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from guilder.errors import ArtefactError, UsageError
from guilder.serve.problems import NO_TOKEN, Problem
from guilder.store.files import write_file
from guilder.store.lock import locked
from guilder.workflow.audit import Audit
from guilder.workflow.branches import regions

FILE = "tokens.json"
RIGHTS = ("read", "score")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_BEARER = re.compile(r"bearer +(guilder_[A-Za-z0-9_-]{43})", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """What is kept of a token.

    Parameters
    ----------
    name : str
        Who holds it; the audit log says it.
    sha256 : str
        Of the token itself, which is random enough that nobody finds it from this.
    may : tuple of str
        Of ``RIGHTS``.
    expires : str
        The moment from which on it is none, in UTC.
    branch : str, optional
        The region whose customers it sees; every region when not given.
    """

    name: str
    sha256: str
    may: tuple[str, ...]
    expires: str
    branch: str | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return now < datetime.fromisoformat(self.expires)


class Tokens:
    """The tokens of a bank, read anew whenever their file changes.

    Parameters
    ----------
    root : Path
        The bank's folder.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / FILE
        self._seen: tuple[Any, ...] = ()
        self._kept: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every token, those that ended too.

        Raises
        ------
        UsageError
            When there is no file, or others than its owner can read or write it.
        ArtefactError
            When it is no list of tokens.
        """
        try:
            stat = self.path.stat()
            if stat.st_mode & 0o077:
                raise UsageError(
                    f"{self.path} can be read or written by others", known=f"its mode is {stat.st_mode & 0o777:o}",
                    todo=f"chmod 600 {self.path}", id="G-SERVE-012",
                )  # fmt: skip
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._kept, self._seen = _parsed(self.path), seen
        except FileNotFoundError as error:
            raise UsageError(
                f"there is no {self.path}", known="without a token nobody could ask",
                todo="make one: guilder tokens add NAME BANK --may read", id="G-SERVE-012",
            ) from error  # fmt: skip
        return self._kept

    def holder(self, headers: Sequence[str], now: datetime) -> Token:
        """Find whose token a request brings: missing, malformed, unknown and ended ones are told the same.

        Raises
        ------
        Problem
            401.
        """
        found = _BEARER.fullmatch(headers[0]) if len(headers) == 1 else None
        brought = digest(found[1] if found else "")
        same = [token for token in self.all() if hmac.compare_digest(token.sha256, brought)]
        if not found or not same or not same[0].lives(now):
            ended = {"by": same[0].name} if same else {}
            raise Problem(401, NO_TOKEN, "this takes a token that is valid: Authorization: Bearer TOKEN",
                          {"www-authenticate": 'Bearer realm="guilder"'}, ended)  # fmt: skip
        return same[0]


def add(
    bank: Path, name: str, may: Sequence[str], branch: str | None = None, days: int = 90, now: datetime | None = None
) -> tuple[str, Token]:
    """Make a token; nobody can read it again later.

    Raises
    ------
    UsageError
        When its name is taken or none, or there are no customers of its branch.
    """
    root, audit = _where(bank)
    if not _NAME.fullmatch(name) or not may:
        raise UsageError(
            f"{name[:60]!r} is no name of a token" if may else "a token without a right opens nothing",
            known="a name is of small letters, digits, dot, dash and underscore, 40 at the most",
            todo="for example: guilder tokens add crm BANK --may read", id="G-SERVE-013",
        )  # fmt: skip
    if branch is not None:
        known = set(regions(bank).values())
        if branch not in known:
            raise UsageError(
                f"no customer is of region {branch[:60]!r}", known=f"regions: {', '.join(sorted(known)[:20])}",
                todo="regions are compared letter by letter", id="G-SERVE-013",
            )  # fmt: skip
    secret = f"guilder_{secrets.token_urlsafe(32)}"
    ends = (now or datetime.now(UTC)) + timedelta(days=days)
    made = Token(name, digest(secret), tuple(sorted(set(may))), ends.isoformat(timespec="seconds"), branch)
    with locked(root, f".{FILE}.lock"):
        there = listed(root)
        if name in [token.name for token in there]:
            raise UsageError(
                f"there is a token {name!r} already", todo=f"revoke it first: guilder tokens revoke {name} BANK",
                id="G-SERVE-013",
            )  # fmt: skip
        _write(root, audit, "added", made, (*there, made))
    return secret, made


def revoke(bank: Path, name: str) -> Token:
    """Take a token out; a service at work refuses it from its next request on.

    Raises
    ------
    UsageError
        When there is none of that name.
    """
    root, audit = _where(bank)
    with locked(root, f".{FILE}.lock"):
        there = listed(root)
        gone = [token for token in there if token.name == name]
        if not gone:
            known = f"tokens: {', '.join(token.name for token in there) or 'none'}"
            raise UsageError(f"there is no token {name[:60]!r}", known=known, id="G-SERVE-013")
        _write(root, audit, "revoked", gone[0], tuple(token for token in there if token is not gone[0]))
    return gone[0]


def listed(root: Path) -> tuple[Token, ...]:
    """Every token of a bank; none where there is no file yet."""
    return Tokens(root).all() if (root / FILE).exists() else ()


def digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _where(bank: Path) -> tuple[Path, Audit]:
    from guilder.source.connect import bank_file_path, read_bank_file

    file = bank_file_path(bank)
    return file.parent, Audit.at(file.parent, read_bank_file(file))


def _write(root: Path, audit: Audit, did: str, about: Token, tokens: tuple[Token, ...]) -> None:
    told = asdict(replace(about, sha256=""))
    audit.write({"event": "token", "did": did, **{key: told[key] for key in ("name", "may", "branch", "expires")}})
    content = {"format": 1, "tokens": [asdict(token) for token in tokens]}
    write_file(root / FILE, (json.dumps(content, indent=1) + "\n").encode(), mode=0o600)


def _parsed(path: Path) -> tuple[Token, ...]:
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != 1:
            raise ValueError("its format is not 1")
        tokens = tuple(Token(**{**each, "may": tuple(each["may"])}) for each in found["tokens"])
        if any(datetime.fromisoformat(token.expires).tzinfo is None for token in tokens):
            raise ValueError("a moment has no zone")
        return tokens
    except (ValueError, KeyError, TypeError) as error:
        raise ArtefactError(
            f"{path} is no list of tokens ({type(error).__name__})",
            todo="restore it from a copy, or remove it and make tokens anew: guilder tokens add NAME BANK",
        ) from error
