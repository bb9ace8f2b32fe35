"""The lines of a guessed ``bank.toml``: where a table is, how it is written, what its columns and codes are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from guilder.contract.tables import TABLES, Column, Table
from guilder.source.csv_file import placed, toml_text
from guilder.source.dates import fitting, share_of_small_days
from guilder.source.encodings import CENTRAL, WESTERN
from guilder.source.look import Look
from guilder.source.mapping import FALSE, ISO, NO_NUMBER, OFFSET, TRUE
from guilder.source.sql import identifier, literal
from guilder.source.synonyms import QUANTITY, UNIT_PRICE


def _origin_lines(where: str, item: Look) -> list[str]:
    lines = [f"[{where}]", f"path = {toml_text(item.file)}"]
    if list(item.columns) == placed([""] * len(item.columns)):
        lines += ["header = false", f"names = [{', '.join(map(toml_text, item.columns))}]  # say what they are"]
    if item.delimiter not in (None, ",") and not (item.delimiter == "\t" and item.file.endswith(".tsv")):
        note = "  # runs of spaces are one" if item.delimiter == " " else ""
        lines.append(f"delimiter = {toml_text(item.delimiter or '')}{note}")
    if item.encoding == WESTERN:
        lines.append(f'encoding = "{WESTERN}"  # it is not UTF-8; "{CENTRAL}" for a Central European text')
    elif item.encoding != "utf-8":
        lines.append(f'encoding = "{item.encoding}"')
    return lines


def table_lines(table: Table, item: Look, found: Mapping[str, str], *, alone: bool = False) -> list[str]:
    """Write the part of one table, which may be alone: where its file is, how it is written, which column is which."""
    lines = _origin_lines(f"tables.{table.name}", item)
    lines[0] += f"  # {table.meaning}"
    if item.note:
        lines.append(f"# {item.note}")
    lacking = [column for column in table.columns.values() if column.required and column.name not in found]
    renamed = {ours: theirs for ours, theirs in found.items() if ours != theirs}
    if table.key and table.key[0] in {column.name for column in lacking} and table.name == "loans":
        index = item.columns.get("column_1", ())
        numbered = bool(index) and len(set(index)) == len(index)
        renamed[table.key[0]] = "column_1" if numbered else "@row"
        lacking = [column for column in lacking if column.name != table.key[0]]
        stand_in = "the column without a name stands in" if numbered else "the number of the row stands in"
        lines.append(f"# no loan_id was found: {stand_in}")
    if renamed:
        lines.append(f"columns = {_inline(renamed)}")
    lines += [
        f'# missing: {column.name} ({column.meaning}); write columns = {{ {column.name} = "…" }}' for column in lacking
    ]
    if table.one_of and not set(table.one_of) & set(found):
        lines.append(f"# missing: {' or '.join(table.one_of)}; write columns = {{ {table.one_of[0]} = \"…\" }}")
    lines += _date_lines(table, item, found) + _number_lines(table, item, found) + _code_lines(table, item, found)
    lines += _priced_lines(item, found) if "amount" in {column.name for column in lacking} else []
    rest = [name for name in item.columns if name not in (*found.values(), *renamed.values())]
    if alone and table.name == "customers":
        lines += _flat_lines(item, rest)
    elif rest and table.name in ("customers", "loans"):
        listed = ", ".join(toml_text(_one_line(name)) for name in rest)
        lines.append("# Take the # off the next line and keep in it what was known before the decision; without")
        lines.append("# it these columns are left out, and a flat table of loans has little else to learn from.")
        lines.append(f"# attributes = [{listed}]")
        if table.name == "loans" and "applied_on" in found:
            lines.append("# and when it became known: available = { name_of_attribute = \"applied_on\" }")
    elif rest:
        lines.append("# left out: " + ", ".join(map(_one_line, rest)))
    return lines


def _flat_lines(item: Look, rest: Sequence[str]) -> list[str]:
    """Declare the numbers of a bank that has nothing but one row a customer: there is no loan they could give away."""
    numbers = [name for name in rest if _form(name, item.columns[name]) == "numbers"]
    others = ", ".join(_one_line(name) for name in rest if name not in numbers)
    declared = ", ".join(map(toml_text, numbers))
    return ([f"attributes = [{declared}]  # customers are grouped by these"] if numbers else []) + (
        [f"# left out, for segments are drawn by numbers: {others}"] if others else [])


def priced(names: Sequence[str]) -> tuple[str, str] | None:
    """Find the two columns of an invoice that make the amount: how many, and the price of one."""
    plain = {plain_name(name): name for name in names}
    many, price = (next((plain[word] for word in words if word in plain), "") for words in (QUANTITY, UNIT_PRICE))
    return (many, price) if many and price else None


def _priced_lines(item: Look, found: Mapping[str, str]) -> list[str]:
    """Say how sql makes the amount that an invoice holds as a product, in lines that work when the # are off."""
    pair = priced(list(item.columns))
    if pair is None or not {"customer_id", "at"} <= set(found):
        return []
    customer, at, many, price = map(identifier, (found["customer_id"], found["at"], *pair))
    forms = fitting(_different(item.columns[found["at"]]))
    when = f"strptime({at}, {literal(forms[0])})" if forms else at
    staged = _word(item.file)
    lines = [
        *_origin_lines(f"staged.{staged}", item), "[tables.transactions]", 'sql = """',
        f"select {customer} as customer_id, {when} as at,",
        f"  cast({many} as decimal(18, 4)) * cast({price} as decimal(18, 4)) as amount",
        f"from {identifier(staged)}", '"""',
    ]
    return [
        "# The amount is how many times the price of one, and sql makes it: put these lines, without their #, in the",
        "# place of this table.",
        *(f"# {line}" for line in lines),
    ]


def rest_lines(item: Look) -> list[str]:
    """Write a file that looks like none of the tables, commented out: how it is written, and what its columns hold."""
    forms = {name: _form(name, values) for name, values in item.columns.items()}
    dates = sorted({form for form in forms.values() if form.startswith("%")})  # "%d/%m/%Y or %m/%d/%Y" where both fit
    lines = _origin_lines("tables.NAME", item)
    if len(dates) == 1:
        first, *others = dates[0].split(" or ")
        lines.append(f"date_format = {toml_text(first)}" + (f"  # or {others[0]}: decide" if others else ""))
    numbers = [_separators(item.columns[name]) for name, form in forms.items() if form == "numbers"]
    lines += next((told for told in numbers if told), [])
    lines.append('columns = { our_name = "its name" }')
    said = {"numbers": "numbers", "text": "text", "blank": "blank", "ISO dates": "dates"}
    held = [f"#   {_one_line(name)}: {said.get(form, f'dates {form}')}" + (
        ", every value once" if form in ("numbers", "text") and len(set(item.columns[name])) == len(item.columns[name])
        else "") for name, form in forms.items()]
    return [
        f"# {_one_line(item.file)} looks like none of the tables by the names of its columns.",
        f"# To use it: take the # off, put one of {', '.join(TABLES)} for NAME, say which column is which.",
        f"# (A raw input that sql may read is written [staged.{_word(item.file)}]; columns and formats fall away.)",
        *(f"# {line}" for line in lines), "# Its columns:", *held,
    ]


def _form(name: str, values: Sequence[str]) -> str:
    """Say what a column holds: numbers, ISO dates, dates of one format, text, or nothing."""
    told = _different(values)
    if not told:
        return "blank"
    if all(re.fullmatch(f"{ISO}({OFFSET})?", text) for text in told):
        return "ISO dates"
    days = re.search("dat(e|um)", name.lower()) or all(re.fullmatch(r"(19|20)\d{6}", text) for text in told)
    forms = [form for form in fitting(told) if days or not all(text.isdigit() for text in told)]
    if forms:
        return " or ".join(forms[:2])
    figures = [text for text in told if text.lower() not in NO_NUMBER]
    return "numbers" if figures and all(re.fullmatch(r"[+-]?[\d.,]*\d ?%?", text) for text in figures) else "text"


def _date_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    chosen: dict[str, str] = {}
    for column in _of_kind(table, found, ("date", "moment")):
        values = _different(item.columns[found[column.name]])
        if not values or all(re.fullmatch(f"{ISO}({OFFSET})?", text) for text in values):
            continue
        forms = fitting(values)
        if not forms:
            lines.append(f"# {column.name}: dates are not ISO and fit no known format; declare date_format")
            continue
        if len(forms) > 1:
            share = share_of_small_days(values, forms[0])
            both = " and ".join(forms)
            lines.append(f"# {column.name}: {share:.0%} of the days are 12 or less, so {both} fit: decide")
        chosen[column.name] = forms[0]
    if len(set(chosen.values())) == 1:
        lines.append(f"date_format = {toml_text(next(iter(chosen.values())))}")
    elif chosen:
        lines.append(f"date_format = {_inline(chosen)}")
    return lines


def _different(values: Sequence[str]) -> list[str]:
    """List what is written in a column, each once: a day that many rows share says no more than one."""
    return list(dict.fromkeys(text for text in values if text))


def _number_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    values = [
        text for column in _of_kind(table, found, ("money", "number"))
        for text in item.columns[found[column.name]] if text
    ]
    return _separators(values)


def _separators(values: Sequence[str]) -> list[str]:
    """Write how numbers are written, where it is not with a point alone."""
    values = [text for text in values if text]
    commas = [text for text in values if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,\d{1,2}|[+-]?\d+,\d{1,2}", text)]
    if values and len(commas) > 0.5 * len(values):
        dots = any("." in text for text in commas)
        return ['decimal = ","'] + (['thousands = "."'] if dots else [])
    grouped = [text for text in values if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text)]
    return ['thousands = ","'] if grouped else []


def _code_lines(table: Table, item: Look, found: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for column in _of_kind(table, found, ("flag", "code")):
        known = TRUE + FALSE if column.kind == "flag" else column.codes
        values = sorted({text for text in item.columns[found[column.name]] if text})
        if values and len(values) <= 30 and any(text.lower() not in known for text in values):
            meant = ", ".join(f'{toml_text(text)} = "unknown"' for text in values)
            says = "true, false" if column.kind == "flag" else ", ".join(map(repr, column.codes))
            lines += [f"# {column.name}: say what each value means ({says} or \"unknown\")",
                      f"codes.{column.name} = {{ {meant} }}"]
    for column in _of_kind(table, found, ("money", "number", "integer")):
        values = _different(item.columns[found[column.name]])
        figures = {text: told[1] for text in values if (told := re.fullmatch(r"(\d+) *[A-Za-z]+\.?", text))}
        if figures and len(figures) <= 30:
            meant = ", ".join(f"{toml_text(text)} = {toml_text(figures[text])}" for text in sorted(figures))
            lines.append(f"codes.{column.name} = {{ {meant} }}  # in {column.unit or 'plain numbers'}?")
    return lines


def _of_kind(table: Table, found: Mapping[str, str], kinds: tuple[str, ...]) -> list[Column]:
    return [column for column in table.columns.values() if column.kind in kinds and column.name in found]


def _inline(pairs: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{ours} = {toml_text(theirs)}" for ours, theirs in pairs.items()) + " }"


def plain_name(name: str) -> str:
    """Write the name of a column in small letters with single underscores, as synonyms are."""
    return re.sub(r"\W+|_+", "_", name.strip().lower()).strip("_")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _word(file: str) -> str:
    return re.sub(r"\W+", "_", Path(file).stem.lower()).strip("_") or "input"
