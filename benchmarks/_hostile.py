"""Files that mean harm, or look as if: bombs, forgeries, and what no table should be, each made in a moment.

Each maker is given a path without an ending and gives back the file it made.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

HEAD = b"loan_id,defaulted\n"
Maker = Callable[[Path], Path]


def plain(content: bytes, ending: str = ".csv") -> Maker:
    """A file of these bytes."""

    def make(path: Path) -> Path:
        made = path.with_suffix(ending)
        made.write_bytes(content)
        return made

    return make


def bomb(ending: str = ".csv") -> Maker:
    """A zip of a few hundred kilobytes that unpacks to 100 MB."""

    def make(path: Path) -> Path:
        made = path.with_suffix(ending)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("loans.csv", "w") as inside:
            for _ in range(100):
                inside.write(b"1" * (1 << 20))
        return made

    return make


def parquet(sql: str) -> Maker:
    """What a SELECT gives."""

    def make(path: Path) -> Path:
        made = path.with_suffix(".parquet")
        duckdb.sql(sql).write_parquet(str(made))
        return made

    return make


def forged(change: Callable[[bytes], bytes]) -> Maker:
    """A good Parquet file, changed in its bytes."""

    def make(path: Path) -> Path:
        made = parquet("SELECT n AS loan_id, n % 7 = 0 AS defaulted FROM range(5000) AS numbers(n)")(path)
        made.write_bytes(change(made.read_bytes()))
        return made

    return make


def more_rows(content: bytes) -> bytes:
    """Let every count of 5,000 rows be another one: a number of two bytes takes the place of the true one."""
    return content.replace(b"\x90\x4e", b"\xfe\x7f")


def nested(path: Path) -> Path:
    made = path.with_suffix(".parquet")
    pq.write_table(pa.table({"loan_id": ["1"], "defaulted": [True], "deep": [[[[{"a": 1}]]]]}), made)
    return made


def thin(path: Path) -> Path:
    """Thirty million rows that are all alike, in a few kilobytes."""
    return parquet("SELECT 1 AS loan_id, true AS defaulted FROM range(30000000)")(path)


def pipe(path: Path) -> Path:
    os.mkfifo(path.with_suffix(".csv"))
    return path.with_suffix(".csv")


def plug(path: Path) -> Path:
    made = path.with_suffix(".csv")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(made.parent)  # the name of a socket may be a hundred characters long
        try:
            listening.bind(made.name)
        finally:
            os.chdir(here)
    return made


def link(target: str) -> Maker:
    def make(path: Path) -> Path:
        path.with_suffix(".csv").symlink_to(target)
        return path.with_suffix(".csv")

    return make


def endless(path: Path) -> Path:
    """One line of 64 MB, most of it a hole in the disk."""
    made = path.with_suffix(".csv")
    with made.open("wb") as stream:
        stream.write(b"loan_id,defaulted")
        stream.write(b"x" * (1 << 21))
        stream.truncate(1 << 26)
    return made


def wide(path: Path) -> Path:
    return plain(",".join(["loan_id", "defaulted", *(f"c{n}" for n in range(50_000))]).encode() + b"\n")(path)


HOSTILE: dict[str, Maker] = {
    "a gzip called csv": plain(gzip.compress(HEAD + b"1,0\n" * 4_000_000, 1)),
    "a gzip": plain(gzip.compress(HEAD), ".csv.gz"),
    "a zip bomb called csv": bomb(),
    "a zip bomb called xlsx": bomb(".xlsx"),
    "a zip bomb called parquet": bomb(".parquet"),
    "a bzip2 called csv": plain(bz2.compress(HEAD * 100)),
    "an xz called csv": plain(lzma.compress(HEAD * 100)),
    "a zstd called csv": plain(b"\x28\xb5\x2f\xfd" + b"\0" * 100),
    "a 7-zip called csv": plain(b"7z\xbc\xaf\x27\x1c" + b"\0" * 100),
    "an old Excel called csv": plain(b"\xd0\xcf\x11\xe0" + b"\0" * 5000),
    "an SQLite called csv": plain(b"SQLite format 3\0" + b"\0" * 5000),
    "a PDF called csv": plain(b"%PDF-1.7\n" + b"x" * 5000),
    "a program called csv": plain(b"\x7fELF" + bytes(range(256)) * 40),
    "zeros": plain(b"\0" * 5_000_000),
    "nothing": plain(b""),
    "a file without an end of line": endless,
    "fifty thousand columns": wide,
    "a quote that never closes": plain(HEAD + b'1,"0\n' + b"2,0\n" * 1_000_000),
    "one column for all": plain(b"loan_id;defaulted;x\n" + b"1;0;2\n" * 1000),
    "one name twice": plain(b"loan_id,defaulted,LOAN_ID\n1,0,2\n"),
    "rows without bytes": thin,
    "a Parquet that says too many rows": forged(more_rows),
    "a Parquet that was cut": forged(lambda content: content[: len(content) // 2]),
    "a Parquet without its middle": forged(lambda content: content[:200] + content[-600:]),
    "a Parquet with a footer too long": forged(lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1"),
    "a Parquet that is only its mark": plain(b"PAR1PAR1", ".parquet"),
    "a Parquet that is text": plain(HEAD * 1000, ".parquet"),
    "a nested Parquet": nested,
    "one value of 64 MB": parquet("SELECT repeat('x', 67108864) AS loan_id, true AS defaulted"),
    "a pipe": pipe,
    "a socket": plug,
    "a link to passwords": link("/etc/passwd"),
    "a link to a device": link("/dev/zero"),
    "a link to itself": link("loans.csv"),
}
"""What is made, by what it is."""
