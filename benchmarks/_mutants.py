"""Mutants of a floor: cosmic-ray's operators and two of our own, one mutant a place, places drawn by chance."""

from __future__ import annotations

import ast
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

SAME = ("_Is_Eq", "_Eq_Is", "_IsNot_NotEq", "_NotEq_IsNot")
"""Changes between being equal and being the same, which for None, small numbers and words are no change."""
Place = tuple[int, int]


class RemoveStatement(Operator):
    """Removes an assignment or a call that stands alone; strings that stand alone are words, not code."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        if node.type == "simple_stmt" and node.children[0].type in ("expr_stmt", "atom_expr"):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        nothing: Any = parso.parse("pass\n").children[0]
        nothing.get_first_leaf().prefix = node.get_first_leaf().prefix
        return nothing

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class ReturnNone(Operator):
    """Returns None where a value was returned."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        if node.type == "return_stmt" and node.children[1].get_code().strip() != "None":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[1] = parso.parse(" None").children[0]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


@dataclass(frozen=True)
class Mutant:
    """One change to one file: the line it begins at, what it does, and the whole of the changed source."""

    path: Path
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        was = self.path.read_text(encoding="utf-8").splitlines()
        now = self.source.splitlines()
        at = next((n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), self.line - 1)
        return f"line {at + 1}, {self.change}\n      - {was[at].strip()}\n      + {now[at].strip()}"


def drawn(files: list[Path], count: int, seed: int) -> Iterator[Mutant]:
    """Draw places of these files, and at each one of the changes that can be made there and still compile."""
    draw = random.Random(seed)
    places = [(path, place) for path in files for place in sorted(changes(path))]
    draw.shuffle(places)
    made = 0
    for path, place in places:
        operator, occurrence = draw.choice(changes(path)[place])
        source = mutate_code(path.read_text(encoding="utf-8"), _operators()[operator], occurrence)
        if made == count:
            return
        if source is not None and _is_another(path, source):
            made += 1
            yield Mutant(path, place[0], operator, source)


@functools.cache
def changes(path: Path) -> dict[Place, list[tuple[str, int]]]:
    """Say what can be changed in a file: by place, operators and which occurrence of each."""
    text = path.read_text(encoding="utf-8")
    tree = get_ast(text)
    unread = [*_never_evaluated(ast.parse(text))]
    found: dict[Place, list[tuple[str, int]]] = {}
    for name, operator in _operators().items():
        positions = (start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(positions):
            if not any(low <= start < high for low, high in unread):
                found.setdefault(start, []).append((name, occurrence))
    return found


@functools.cache
def _operators() -> dict[str, Operator]:
    found = {name: get_operator(name) for name in sorted(operator_names())}
    plain = {name: kind() for name, kind in found.items() if not kind.arguments() and not name.endswith(SAME)}
    return {**plain, "RemoveStatement": RemoveStatement(), "ReturnNone": ReturnNone()}


def _never_evaluated(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """Annotations, what only a type checker reads, and that a value is frozen: a change there changes no result."""
    for node in ast.walk(tree):
        notes = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        notes += [node.value] if isinstance(node, ast.keyword) and node.arg == "frozen" else []
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            notes.append(node)
        for note in notes:
            if isinstance(note, ast.AST):
                yield (note.lineno, note.col_offset), (note.end_lineno, note.end_col_offset)  # type: ignore[attr-defined]


def _is_another(path: Path, source: str) -> bool:
    """Whether it compiles, and to something else than what is there."""
    try:
        return ast.dump(ast.parse(source)) != ast.dump(ast.parse(path.read_text(encoding="utf-8")))
    except SyntaxError:
        return False
