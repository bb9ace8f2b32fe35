"""Text that is not in the encoding it was said to be in: which byte, on which line, and how well others fit."""

from __future__ import annotations

import codecs
from pathlib import Path

WESTERN, CENTRAL = "cp1252", "cp1250"
LOOKED_AT = 10_000
"""Bytes beyond ASCII from which it is told what fits."""
SHOWN = 5


def bad_byte(path: Path, encoding: str) -> tuple[int, int] | None:
    """Find the first line, from 1, that does not decode, and its byte; None where all do or lines are not bytes."""
    if _is_wide(encoding):
        return None
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                return number, line[error.start]
    return None


def marked(start: bytes) -> str | None:
    """Name the encoding of more than one byte a sign whose mark a file begins with."""
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else None


def advice(path: Path, encoding: str, where: str) -> str:
    """Say which byte is wrong, which encodings to try and how well each fits; nothing where the file decodes."""
    found = bad_byte(path, encoding)
    if found is None:
        return ""
    line, byte = found
    western, central, seen = fit(path)
    return (f"Line {line} of {path.name} holds the byte 0x{byte:02X}, which is no {encoding.upper()} there. Declare "
            f'under [{where}]: encoding = "{WESTERN}" (or "latin-1") for a Western European text, "{CENTRAL}" for a '
            f"Central European one. Of {seen:,} such bytes {western:.0%} are letters in {WESTERN} and {central:.0%} in "
            f"{CENTRAL}.")


def fit(path: Path) -> tuple[float, float, int]:
    """Give the shares of bytes beyond ASCII, outside lines of UTF-8, that are letters in either code page."""
    high = bytearray()
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii() and not _is_utf8(line):
                high += bytes(byte for byte in line if byte > 127)
            if len(high) > LOOKED_AT:
                break
    if not high:
        return 0.0, 0.0, 0
    western, central = (
        sum(each.isalpha() for each in bytes(high).decode(page, "replace")) / len(high) for page in (WESTERN, CENTRAL)
    )
    return western, central, len(high)


def utf8_lines(path: Path, encoding: str) -> tuple[list[int], list[int]]:
    """Find the lines beyond ASCII that are UTF-8, and those that are not, in a file declared otherwise.

    Text of a code page is hardly ever UTF-8 by chance: two letters in a row would have to be of certain pairs.

    Returns
    -------
    tuple of list of int
        Numbers from 1; nothing for an encoding of more than one byte a sign.
    """
    if _is_wide(encoding) or len("ü".encode(encoding, "replace")) > 1:
        return [], []
    found: tuple[list[int], list[int]] = ([], [])
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.isascii():
                found[not _is_utf8(line)].append(number)
    return found


def told(numbers: list[int]) -> str:
    """Write the first of some line numbers, and how many there are."""
    listed = ", ".join(map(str, numbers[:SHOWN]))
    return f"lines {listed}" + (f", … ({len(numbers):,} in all)" if len(numbers) > SHOWN else "")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_wide(encoding: str) -> bool:
    return "16" in codecs.lookup(encoding).name or "32" in codecs.lookup(encoding).name
