"""Tables for people who open them in a spreadsheet: CSV and Excel files in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from guilder.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with: spreadsheets would run it (OWASP, CSV injection)."""
MOST_ROWS = 1_048_576
"""Rows of an Excel sheet, the heads included."""

_UNHEARD = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RETURN = {"\r": "&#13;"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Customers" sheetId="1" r:id="r1"/></sheets></workbook>',
    # Style 1 says that a cell was entered as text: without it Excel runs "=1+1" once somebody edits the cell.
    "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula; numbers are left as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def to_csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV (RFC 4180, UTF-8 with the mark by which spreadsheets know it), missing values blank."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(safe_cell(str(name)) for name in table.columns)
    writer.writerows([safe_cell(value) for value in row] for row in _rows(table))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(table: pd.DataFrame) -> bytes:
    """Write a table as an Excel file of one sheet: text as text, numbers as numbers, the same bytes each time.

    Raises
    ------
    UsageError
        When the table has more rows than a sheet.
    """
    if len(table) >= MOST_ROWS:
        raise UsageError(
            f"an Excel sheet holds {MOST_ROWS:,} rows and there are {len(table):,}",
            todo="write a .csv or .parquet file, or choose segments with --segment",
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in _PARTS.items():
            package.writestr(_entry(name), _HEAD + part)
        with package.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>'.encode())
            sheet.write(_row(map(str, table.columns)))
            for row in _rows(table):
                sheet.write(_row(row))
            sheet.write(b"</sheetData></worksheet>")
    return stream.getvalue()


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give rows of plain text and numbers; None for what is missing."""
    for row in table.itertuples(index=False, name=None):
        yield tuple(None if value is None or value != value else value for value in row)


def _row(cells: Iterable[Any]) -> bytes:
    return f"<row>{''.join(map(_cell, cells))}</row>".encode()


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f"<c><v>{value!r}</v></c>"
    # What XML cannot hold is left out: control characters other than tab and line breaks.
    told = _UNHEARD.sub("", str(value))
    style = ' s="1"' if told.startswith(FORMULA) else ""
    # A carriage return that is not spelled out is read back as a line feed.
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{escape(told, _RETURN)}</t></is></c>'


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
