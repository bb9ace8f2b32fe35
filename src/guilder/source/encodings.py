"""Text that is not in the encoding it was said to be in: which byte, on which line, and what to declare."""

from __future__ import annotations

import codecs
from pathlib import Path

WESTERN, CENTRAL = "cp1252", "cp1250"


def bad_byte(path: Path, encoding: str) -> tuple[int, int] | None:
    """Find the first line, from 1, that does not decode, and its byte; None where all do or lines are not bytes."""
    if "16" in codecs.lookup(encoding).name or "32" in codecs.lookup(encoding).name:
        return None
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                return number, line[error.start]
    return None


def advice(path: Path, encoding: str, where: str) -> str:
    """Say which byte is wrong and which encodings to try; nothing where the file decodes."""
    found = bad_byte(path, encoding)
    if found is None:
        return ""
    line, byte = found
    return (f"Line {line} of {path.name} holds the byte 0x{byte:02X}, which is no {encoding.upper()} there. Declare "
            f'under [{where}]: encoding = "{WESTERN}" (or "latin-1") for a Western European text, "{CENTRAL}" for a '
            "Central European one.")
