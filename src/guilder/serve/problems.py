"""What a request that is refused is told: one small JSON object (RFC 9457), with an id and without a trace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MEDIA = "application/problem+json"
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
           "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip
"""What every answer says to whoever keeps or shows it."""

UNREADABLE, NO_TOKEN, NO_RIGHT, NOWHERE = "G-SERVE-001", "G-SERVE-002", "G-SERVE-003", "G-SERVE-004"
TOO_LARGE, NOT_JSON, WRONG, TOO_SLOW = "G-SERVE-005", "G-SERVE-006", "G-SERVE-007", "G-SERVE-008"
TOO_MANY, NOT_READY, UNFORESEEN = "G-SERVE-009", "G-SERVE-010", "G-SERVE-011"


class Problem(Exception):  # noqa: N818 - reads as the thing it is
    """A request that is refused.

    Parameters
    ----------
    status : int
        Of the answer.
    id : str
        As ``docs/faults.md`` lists it.
    detail : str
        What is wrong, without a word of what was sent but short names.
    headers : mapping, optional
        Of the answer besides.
    about : mapping, optional
        What the audit log says besides.
    """

    def __init__(
        self, status: int, id: str, detail: str, headers: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status, self.id, self.detail = status, id, detail
        self.headers, self.about = dict(headers or {}), dict(about or {})

    def body(self) -> bytes:
        """The answer's body."""
        told = {"type": f"urn:guilder:{self.id}", "title": HTTPStatus(self.status).phrase, "status": self.status,
                "detail": self.detail, "id": self.id}  # fmt: skip
        return json.dumps(told).encode()


def not_ready(detail: str) -> Problem:
    """What cannot be answered now, and may be soon."""
    return Problem(503, NOT_READY, detail, {"retry-after": "5"})
