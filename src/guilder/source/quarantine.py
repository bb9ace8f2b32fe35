"""The end of the intake: count every row, fill the quarantine, publish what is accepted, or stop and say why."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from guilder.contract.check import Violation, rule_id, violation
from guilder.errors import DataError
from guilder.source.hints import hint
from guilder.source.intake import TableIntake, Typed, examples
from guilder.source.sql import identifier, literal, rows, value

MAY_BE_EMPTY = ("products", "interactions", "campaigns")


def settle(con: duckdb.DuckDBPyConnection, typed: Typed) -> TableIntake:
    """Fill the quarantine, count every row, publish the accepted ones as a view, and stop above the threshold.

    Raises
    ------
    DataError
        More rows are quarantined than the bank allows, or the counts do not add up.
    """
    name = typed.table.name
    listed = "SELECT file, line, kind FROM guilder_raw.broken WHERE input = ? ORDER BY 1, 2"
    broken = rows(con, listed, [typed.raw.relation])
    rows_in = typed.rows_read + len(broken)
    accepted = int(value(con, f"SELECT count(*) FROM {typed.relation} WHERE _reason IS NULL"))
    found = rows(con, f"SELECT _reason, count(*) FROM {typed.relation} WHERE _reason IS NOT NULL GROUP BY 1 ORDER BY 1")
    quarantined = sum(int(count) for _, count in found) + len(broken)
    if rows_in != accepted + quarantined:
        raise DataError(
            f"[{typed.where}] {rows_in:,} rows came in, but {accepted:,} + {quarantined:,} are accounted for.",
            id="G-STOP-002",
        )
    violations = [
        violation(typed.table, reason.partition(":")[0], reason.partition(":")[2], int(count),
                  examples(con, typed, f"_reason = {literal(reason)}"))
        for reason, count in found
    ]
    for rule, coded in (("encoding", True), ("broken", False)):
        lines = [(file, line) for file, line, kind in broken if ("encod" in kind) == coded]
        places = [f"line {line} of {typed.raw.csv[file].name}" for file, line in lines]
        if places:
            violations.append(violation(typed.table, rule, "", len(places), places[:3]))
    _fill_quarantine(con, typed, broken)
    if rows_in and quarantined > typed.settings.max_quarantine * rows_in:
        raise _too_many(typed, rows_in, quarantined, violations)
    if not accepted and name not in MAY_BE_EMPTY:
        raise DataError(
            f"[{typed.where}] {typed.raw.source} has no rows.",
            todo=f"Export it again, or take [{typed.where}] out of the bank file.", id=rule_id(name, "empty"),
        )
    keep = ", ".join(map(identifier, typed.columns))
    condition = " WHERE _reason IS NULL" if found else ""
    rows(con, f"CREATE OR REPLACE VIEW guilder.{identifier(name)} AS SELECT {keep} FROM {typed.relation}{condition}")
    return TableIntake(
        name, typed.raw.source, rows_in, accepted, quarantined, typed.undeclared, tuple(violations + typed.warnings)
    )


def _fill_quarantine(con: duckdb.DuckDBPyConnection, typed: Typed, broken: list[tuple[Any, ...]]) -> None:
    name = typed.table.name
    lines: list[tuple[str, str, int, str, str]] = []
    found = rows(con, f"SELECT _file, _row, _reason FROM {typed.relation} WHERE _reason IS NOT NULL ORDER BY 1, 2")
    for file, row, reason in found:
        rule, column = reason.split(":", 1)
        said = violation(typed.table, rule, column, 1).reason
        lines.append((name, *typed.raw.place(int(file), int(row)), column, said))
    for file, line, kind in broken:
        lines.append((name, typed.raw.csv[file].name, int(line), "", f"the line is broken: {kind}"))
    if lines:
        columns = ("table_name", "file", "line", "column_name", "reason")
        con.register("guilder_lines", pa.table(dict(zip(columns, map(list, zip(*lines, strict=True)), strict=True))))
        rows(con, "INSERT INTO guilder.quarantine SELECT * FROM guilder_lines")
        con.unregister("guilder_lines")


def _too_many(typed: Typed, rows_in: int, quarantined: int, violations: list[Violation]) -> DataError:
    worst = sorted(violations, key=lambda item: -item.rows)[:4]
    listed = "; ".join(
        f"{item.reason}: {item.rows:,} ({', '.join(item.examples[:3])}) [{item.id}]" for item in worst
    )
    return DataError(
        f"[{typed.where}] {quarantined:,} of {rows_in:,} rows cannot be used "
        f"({quarantined / rows_in:.1%}; {typed.settings.max_quarantine:.1%} are allowed).",
        known="; ".join([listed, *typed.told]) + ".", todo=hint(typed, worst[0], quarantined / rows_in), id=worst[0].id,
    )
