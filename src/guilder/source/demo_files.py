"""The files of the made-up bank: exact decimals, text columns without a loop, and tables written in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from guilder.source.demo_histories import KINDS, Ledger, balances
from guilder.source.demo_people import FIRST_DAY, People
from guilder.source.demo_types import Floats

Format = Literal["parquet", "csv"]
MONEY = pa.decimal128(18, 2)
_EPOCH_SECONDS = int((FIRST_DAY - np.datetime64("1970-01-01", "D")).astype(np.int64)) * 86_400
_CATEGORIES = sorted({category for category, _ in KINDS})
_CHANNELS = sorted({channel for _, channel in KINDS})
_CATEGORY_OF = np.array([_CATEGORIES.index(category) for category, _ in KINDS], np.int8)
_CHANNEL_OF = np.array([_CHANNELS.index(channel) for _, channel in KINDS], np.int8)


def money(cents: NDArray[np.int64]) -> pa.Array:
    """Make a DECIMAL(18, 2) column of whole cents."""
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0] = cents
    np.right_shift(cents, 63, out=words[:, 1])
    return pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(words)])


def money_of(euros: Floats) -> pa.Array:
    """Make a DECIMAL(18, 2) column of euros, rounded to the cent; NaN is blank."""
    known = ~np.isnan(euros)
    exact = money(np.where(known, np.rint(np.nan_to_num(euros) * 100), 0).astype(np.int64))
    return exact if known.all() else pc.if_else(pa.array(known), exact, pa.scalar(None, MONEY))


_BLOCK = 10_000
_DIGITS = np.array([list(f"{number:04d}".encode()) for number in range(_BLOCK)], np.uint8)


def numbered(letter: str, first: int, count: int) -> pa.Array:
    """Make a text column of a letter and twelve digits, counted from `first`."""
    # Ten thousand numbers in a row share all but their last four digits.
    block = np.arange(first // _BLOCK, (first + count) // _BLOCK + 1)
    signs = np.empty((len(block), _BLOCK, 13), np.uint8)
    signs[:, :, 0] = ord(letter)
    signs[:, :, 1:5] = _DIGITS[block // _BLOCK][:, None]
    signs[:, :, 5:9] = _DIGITS[block % _BLOCK][:, None]
    signs[:, :, 9:] = _DIGITS
    offsets = (np.arange(count + 1, dtype=np.int32) + first % _BLOCK) * np.int32(13)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(signs)])


def booking_table(people: People, book: Ledger, first: int) -> pa.Table:
    """Make the rows of ``transactions``; `first` is the number of the first booking."""
    moment = (book.second + _EPOCH_SECONDS) * 1_000_000
    dictionary = pa.DictionaryArray.from_arrays
    return pa.table({
        "transaction_id": numbered("T", first + 1, len(book.key)),
        "customer_id": dictionary(pa.array(book.customer.astype(np.int32)), people.ids),
        "at": pa.array(moment, pa.timestamp("us")),
        "amount": money(book.cents),
        "category": dictionary(pa.array(_CATEGORY_OF[book.kind]), pa.array(_CATEGORIES)),
        "channel": dictionary(pa.array(_CHANNEL_OF[book.kind]), pa.array(_CHANNELS)),
        "balance_after": money(balances(book)),
    })


def as_text(table: pa.Table) -> pa.Table:
    """Turn every column into text, with dates as ISO: what a table with broken rows needs."""
    return pa.table({name: _text(table[name]) for name in table.column_names})


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    return column.cast(pa.string())


class TableFile:
    """One table on its way to a file, a piece at a time: only the piece is in memory."""

    def __init__(self, folder: Path, name: str, format: Format) -> None:
        self.path = folder / f"{name}.{format}"
        self._format = format
        self._writer: Any = None
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, table: pa.Table) -> None:
        """Append a piece."""
        if self._format == "csv":
            table = as_text(table)
            if self._writer is None:
                self._writer = pyarrow.csv.CSVWriter(self.path, table.schema)
            self._writer.write_table(table)
        else:
            if self._writer is None:
                self._writer = _parquet_writer(self.path, table.schema)
            self._writer.write_table(table, row_group_size=1 << 20)
        self.rows += len(table)


def _parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    # A dictionary of ids that never repeat only costs time, and the Arrow schema would give readers dictionaries.
    unique = {"transaction_id", "loan_id", "at", "amount", "balance_after"}
    return pq.ParquetWriter(
        path, schema, compression="snappy", use_dictionary=[name for name in schema.names if name not in unique],
        store_schema=False, store_decimal_as_integer=True, write_statistics=True,
    )


def write_whole(folder: Path, name: str, format: Format, pieces: Iterable[pa.Table]) -> Path:
    """Write a table that is at hand as pieces."""
    with TableFile(folder, name, format) as file:
        for piece in pieces:
            file.write(piece)
    return file.path
