"""A first ``bank.toml`` from a look at a bank's files: every guess is written down for a person to correct."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from guilder.contract.tables import TABLES, Table
from guilder.errors import UsageError
from guilder.source.csv_file import toml_text
from guilder.source.files import CSV_SUFFIXES, PARQUET_SUFFIXES
from guilder.source.init_lines import plain_name, priced, rest_lines, table_lines
from guilder.source.look import Look, look
from guilder.source.synonyms import SYNONYMS, TABLE_WORDS


def guess(folder: str | Path, files: Iterable[str | Path] | None = None) -> str:
    """Write a commented ``bank.toml`` for the files of a folder.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where the bank file will be; paths in it are relative to it. It need not be there when files are named.
    files : iterable of paths, optional
        The files to look at, or folders of them; omitted, every table file of the bank's folder.

    Returns
    -------
    str
        TOML that ``read_bank_file`` reads; for plainly named files it can be used as it is.

    Raises
    ------
    UsageError
        There is no such folder, no table file in it, or a file that cannot be read.
    """
    root = Path(folder)
    looks = [look(file, root) for file in _chosen(root, [Path(file) for file in files or ()])]
    placed = _place(looks)
    lines = [
        "# Written by guilder init from a look at the files. Each line is a guess: correct it, then run guilder check.",
        f"name = {toml_text(root.resolve().name.replace('_', ' ').replace('-', ' ').capitalize() or 'Bank')}",
        'currency = "EUR"  # correct it: amounts are in one currency',
        "# as_of = 2025-06-30  # omitted: the day after the last event",
    ]
    for name in TABLES:
        if name in placed:
            lines += ["", *table_lines(TABLES[name], *placed[name], alone=len(placed) == 1)]
    taken = {placed[name][0].file for name in placed}
    for rest in looks:
        if rest.file not in taken:
            lines += ["", *rest_lines(rest)]
    return "\n".join(lines) + "\n"


def _chosen(root: Path, named: list[Path]) -> list[Path]:
    """List the files to look at, each once."""
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file, not a folder.", todo=f"Write the folder first: guilder init FOLDER {root}")
    if not named and not root.is_dir():
        raise UsageError(
            f"There is no folder {root}, and no files are named.",
            todo=f"Name the files that the bank is made of: guilder init {root} FILE…",
        )
    found: dict[Path, None] = {}
    for path in named or [root]:
        file = path if path.is_absolute() or path.exists() else root / path
        inside = sorted(
            entry for entry in file.iterdir()
            if entry.suffix.lower() in CSV_SUFFIXES + PARQUET_SUFFIXES and entry.is_file()
        ) if file.is_dir() else [file]
        found |= dict.fromkeys(inside)
    if not found:
        raise UsageError(
            f"There is no table file in {', '.join(map(str, named or [root]))}.",
            known=f"Known: {', '.join(CSV_SUFFIXES + PARQUET_SUFFIXES)}.",
            todo="Name the files: guilder init FOLDER FILE…",
        )
    return list(found)


def match(table: Table, names: Sequence[str], repeating: Collection[str] = ()) -> dict[str, str]:
    """Find our columns among a file's names: the same name first, then a synonym, then one that is spelled alike.

    The key is none of the ``repeating`` names, whose values stand on several rows.
    """
    plain = {plain_name(name): name for name in names}
    found: dict[str, str] = {}
    left = dict(plain)

    def fits(column: str, word: str) -> bool:
        return word in left and not (table.key == (column,) and left[word] in repeating)

    for column in table.columns:
        if fits(column, column):
            found[column] = left.pop(column)
    for column in table.columns:
        word = next((word for word in SYNONYMS.get(column, ()) if fits(column, word)), None)
        if column not in found and word is not None:
            found[column] = left.pop(word)
    for column in table.columns:
        could = [word for word in left if fits(column, word)]
        close = max(could, key=lambda word: SequenceMatcher(None, word, column).ratio(), default=None)
        if column not in found and close and SequenceMatcher(None, close, column).ratio() >= 0.85:
            found[column] = left.pop(close)
    return found


def _two_outcomes(item: Look, found: Mapping[str, str]) -> bool:
    """Whether a column is called as an outcome is and holds two values: a file alone that has one is of loans."""
    return "defaulted" in found and len({text for text in item.columns[found["defaulted"]] if text}) == 2


def _place(looks: Sequence[Look]) -> dict[str, tuple[Look, dict[str, str]]]:
    """Give each table the file that fits it best."""
    scored = []
    for order, item in enumerate(looks):
        repeating = [name for name, values in item.columns.items() if len(set(values)) < len(values)]
        for name, table in TABLES.items():
            found = match(table, list(item.columns), repeating)
            needed = [column.name for column in table.columns.values() if column.required] + list(table.one_of[:1])
            either = {column: {column, *(table.one_of if column in table.one_of else ())} for column in needed}
            made = {"amount"} if name == "transactions" and priced(list(item.columns)) else set()
            held = sum(bool(either[column] & (set(found) | made)) for column in needed)
            called = any(word in Path(item.file).stem.lower() for word in TABLE_WORDS[name])
            flat = name == "loans" and len(looks) == 1 and _two_outcomes(item, found)
            if held == len(needed) or (called and held) or flat:
                scored.append((2 * called + held / len(needed) + len(found) / 50, -order, name, item, found))
    placed: dict[str, tuple[Look, dict[str, str]]] = {}
    for _, _, name, item, found in sorted(scored, key=lambda entry: (-entry[0], -entry[1], entry[2])):
        if name not in placed and item.file not in {other.file for other, _ in placed.values()}:
            placed[name] = (item, found)
    return placed
