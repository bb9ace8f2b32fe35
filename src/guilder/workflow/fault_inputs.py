"""Inputs that a folder cannot hold: what ``[[make]]`` in an ``expected.toml`` says is made in a copy of the case.

Each entry names its ``file`` and one of: ``head`` and ``parts`` (lines of text; in a ``row`` stand ``{n}`` from 0,
``{date}`` from ``from`` in ``step`` days, ``{small}`` from 2 to 12 with ``{month}`` and ``{year}``, ``{long}`` text,
``{columns}`` names), ``link`` (a symbolic link to a name), ``fifo = true``, ``pack`` (``as`` gzip or zip, a file of the
case), ``sql`` (a Parquet file of a SELECT in DuckDB, where ``@`` is the folder), ``cut`` (so many ``bytes`` of a file
of the case), ``swap`` (a file that is there, in which the bytes ``becomes`` take the place of ``was``) or ``hex``
(bytes). ``old`` is the days by which its time of change lies before ``now``.
"""

from __future__ import annotations

import datetime
import gzip
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb


def make_inputs(folder: Path, entries: Sequence[Mapping[str, Any]], now: datetime.datetime | None) -> None:
    """Make in a folder what its case says of inputs."""
    for entry in entries:
        file = folder / entry["file"]
        file.parent.mkdir(exist_ok=True, parents=True)
        if "parts" in entry:
            file.write_text(_text(entry), encoding=entry.get("encoding", "utf-8"))
        elif "link" in entry:
            file.symlink_to(entry["link"])
        elif entry.get("fifo"):
            os.mkfifo(file)
        elif "pack" in entry:
            _pack(folder / entry["pack"], file, entry["as"])
        elif "sql" in entry:
            made = file.with_name(f"{file.name}.made")  # the file that is replaced may be read by the SELECT
            with duckdb.connect() as con:
                con.execute(f"COPY ({entry['sql'].replace('@', str(folder))}) TO '{made}' (FORMAT parquet)")
            made.replace(file)
        elif "cut" in entry:
            file.write_bytes((folder / entry["cut"]).read_bytes()[: entry["bytes"]])
        elif "swap" in entry:
            whole = (folder / entry["swap"]).read_bytes()
            file.write_bytes(whole.replace(bytes.fromhex(entry["was"]), bytes.fromhex(entry["becomes"])))
        elif "hex" in entry:
            file.write_bytes(bytes.fromhex(entry["hex"]))
        if "old" in entry:
            then = ((now or datetime.datetime.now(datetime.UTC)) - datetime.timedelta(days=entry["old"])).timestamp()
            os.utime(file, (then, then))


def _text(entry: Mapping[str, Any]) -> str:
    lines = [entry["head"]] if "head" in entry else []
    for part in entry["parts"]:
        for n in range(part["rows"]):
            day = datetime.date.fromisoformat(part.get("from", "2024-01-01"))
            at = day + datetime.timedelta(days=n * part.get("step", 1))
            words = {
                "n": n, "date": at, "long": "x" * part.get("long", 0), "small": n % 11 + 2, "month": n // 11 % 12 + 1,
                "year": 2000 + n // 132, "columns": ",".join(f"c{each}" for each in range(part.get("columns", 0))),
            }
            lines.append(part["row"].format(**words))
    return "\n".join(lines) + "\n"


def _pack(source: Path, target: Path, kind: str) -> None:
    if kind == "gzip":
        target.write_bytes(gzip.compress(source.read_bytes()))
    else:
        with zipfile.ZipFile(target, "w") as archive:
            archive.write(source, source.name)
