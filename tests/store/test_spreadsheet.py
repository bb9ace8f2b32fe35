"""No cell of an exported file becomes a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.errors import UsageError
from guilder.store import spreadsheet
from guilder.store.spreadsheet import FORMULA, safe_cell, to_csv, to_xlsx

EVIL = ["=1+1", "+44 20", "-5", "@SUM(A1)", "\t=1", "\r=1", "plain", "007", 'quo"te, comma\nline', "<&>\x00"]
TABLE = pd.DataFrame({"=head": EVIL, "number": [-1.5, 0.1, np.nan, *range(7)], "flag": [True, False] * 5})


def sheet_of(content: bytes) -> list[list[str | float | None]]:
    """Read the sheet back with nothing but an XML parser."""
    mark = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
        assert package.testzip() is None
    found = []
    for row in tree.iter(f"{mark}row"):
        cells: list[str | float | None] = []
        for cell in row:
            text, number = cell.find(f"{mark}is/{mark}t"), cell.find(f"{mark}v")
            told = None if text is None else text.text or ""
            cells.append(told if number is None else float(number.text or "nan"))
            assert cell.find(f"{mark}f") is None
        found.append(cells)
    return found


def test_csv_cells_that_would_be_formulas_begin_with_an_apostrophe_and_numbers_do_not() -> None:
    content = to_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=head", "number", "flag"]
    assert [row[0] for row in rows[1:7]] == [f"'{each}" for each in EVIL[:6]]
    assert [row[0] for row in rows[7:]] == EVIL[6:]
    assert [row[1] for row in rows[1:4]] == ["-1.5", "0.1", ""]


@given(text=st.text())
def test_no_text_begins_as_a_formula(text: str) -> None:
    safe = safe_cell(text)
    assert not safe.startswith(FORMULA)
    assert safe in (text, f"'{text}")


NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=5), texts=st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_numbers_come_back_to_the_digit_and_text_is_never_one(numbers: list[float], texts: list[str]) -> None:
    table = pd.DataFrame({"number": pd.Series(numbers, dtype=object), "text": ""})
    told = pd.DataFrame({"text": texts})
    read = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))[1:]
    assert [float(row[0]) for row in read] == numbers
    assert not any(row[0].startswith("'") for row in read)
    assert [row[0] for row in sheet_of(to_xlsx(table))[1:]] == numbers
    cells = sheet_of(to_xlsx(told))[1:]
    assert all(isinstance(row[0], str) for row in cells)
    content = to_csv(told)
    back = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig", "surrogatepass"), newline=""))][1:]
    assert [cell.removeprefix("'") if cell.removeprefix("'").startswith(FORMULA) else cell for cell in back] == texts


def test_a_cell_that_could_be_a_formula_is_marked_as_text_for_good() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(pd.DataFrame({"a": ["=1+1", "plain", -1.5, float("inf")]})))) as package:
        sheet, styles = (package.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert '<xf quotePrefix="1"/>' in styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]
    assert sheet.count(' s="1"') == 1
    assert '<c s="1" t="inlineStr"><is><t xml:space="preserve">=1+1</t>' in sheet
    assert "<v>-1.5</v>" in sheet
    assert "<v>inf</v>" not in sheet


def test_an_excel_file_holds_text_as_text_numbers_as_numbers_and_is_the_same_each_time() -> None:
    content = to_xlsx(TABLE)
    assert content == to_xlsx(TABLE)
    rows = sheet_of(content)
    assert rows[0] == ["=head", "number", "flag"]
    assert [row[0] for row in rows[1:5]] == EVIL[:4]
    assert [row[0] for row in rows[7:9]] == ["plain", "007"]
    assert rows[10][0] == "<&>"
    assert [row[1] for row in rows[1:5]] == [-1.5, 0.1, None, 0.0]


def test_excel_files_are_read_by_another_library() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(TABLE))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[0], rows[1], rows[8][0]) == (("=head", "number", "flag"), ("=1+1", -1.5, True), "007")
    assert {cell.data_type for cell in sheet["A"]} <= {"s", "inlineStr"}


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 10)
    with pytest.raises(UsageError, match=r"10 rows and there are 10"):
        to_xlsx(TABLE)


def test_a_sheet_holds_each_value_in_its_own_way() -> None:
    table = pd.DataFrame({"a": ["x\ry", None], "b": [True, False], "c": [2, -3], "d": [float("nan"), float("-inf")]})
    with zipfile.ZipFile(io.BytesIO(to_xlsx(table))) as package:
        entries = package.infolist()
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    text = '<c{} t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'.format
    rows = (
        "".join(text("", name) for name in "abcd"),
        text("", "x&#13;y") + '<c t="b"><v>1</v></c><c><v>2</v></c><c/>',
        '<c/><c t="b"><v>0</v></c><c><v>-3</v></c>' + text(' s="1"', "-inf"),
    )
    told = "".join(f"<row>{row}</row>" for row in rows)
    assert sheet.partition("<sheetData>")[2] == f"{told}</sheetData></worksheet>"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}
    assert len(entries) == 6


def test_a_sheet_holds_as_many_rows_as_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spreadsheet.MOST_ROWS == 2**20
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", len(TABLE) + 1)
    assert len(sheet_of(to_xlsx(TABLE))) == len(TABLE) + 1


def test_csv_is_written_in_one_form() -> None:
    table = pd.DataFrame({"a": ["ž", None, "x,y"], "b": [True, 1.5, -2]})
    assert to_csv(table).decode() == "\ufeffa,b\r\nž,True\r\n,1.5\r\n\"x,y\",-2\r\n"
