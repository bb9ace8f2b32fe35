"""The assignment of segments as one SELECT in DuckDB's words, over a table of facts: for the bank's own pipelines."""

from __future__ import annotations

from guilder.contract.assignment import DECIMALS, Assignment, Condition, Derived, Group, Scale
from guilder.source.sql import identifier, literal, number, relation

_SHAPES = {
    "count": "ln(1 + greatest({value}, 0))",
    "money": "ln(1 + greatest({value}, 0) / {unit})",
    "balance": "sign({value}) * ln(1 + abs({value}) / {unit})",
    "share": "asin(sqrt(least(greatest({value}, 0), 1)))",
    "plain": "{value}",
}


def assignment_sql(how: Assignment, table: str = "facts") -> str:
    """Write the statement that gives every customer of a table of facts their segment.

    Parameters
    ----------
    how : Assignment
        The fitted segments.
    table : str
        The table of facts: ``customer_id`` and the columns `Assignment.columns` names. Dots part catalogue, schema
        and table.

    Returns
    -------
    str
        One SELECT of ``customer_id``, ``segment``, ``segment_name``, ``distance``. Names and words are quoted, numbers
        are written so that they read back to the bit.
    """
    ruler = [identifier(f"ruler_{place}") for place in range(len(how.scales))]
    squared = [identifier(f"squared_{place}") for place in range(len(how.groups))]
    steps = [
        ("known", _known(how, table)), ("filled", _filled(how, ruler)), ("ruler", _on_ruler(how, ruler)),
        ("far", _far(how, ruler, squared)),
    ]  # fmt: skip
    stages = ",\n".join(f"{name} AS (\n{body}\n)" for name, body in steps)
    nearest = f"least({', '.join(squared)})"
    hits = [f"WHEN {each} = {nearest} THEN" for each in squared]
    return "\n".join(
        [
            f"WITH {stages}",
            "SELECT customer_id,",
            f"    {_case(how, hits, 'id')} AS segment,",
            f"    {_case(how, hits, 'name')} AS segment_name,",
            f"    CASE WHEN rule IS NULL THEN sqrt(least({', '.join(_raw(each) for each in squared)})) END AS distance",
            "FROM far",
        ]
    )


def _known(how: Assignment, table: str) -> str:
    """The columns needed, as numbers, with NaN as NULL."""
    lines = [f"    nullif(CAST({column} AS DOUBLE), 'NaN') AS {column}" for column in map(identifier, how.columns())]
    return "SELECT customer_id" + "".join(f",\n{line}" for line in lines) + f"\nFROM {relation(table)}"


def _filled(how: Assignment, ruler: list[str]) -> str:
    """The rule of each customer, NULL for none, and the facts kept, with the median for what is missing."""
    whens = [
        f"        WHEN {' OR '.join(map(_condition, rule.any_of))} THEN {literal(rule.id)}" for rule in how.rules
    ]
    rule = "CASE\n" + "\n".join(whens) + "\n    END" if whens else "CAST(NULL AS VARCHAR)"
    derived = {each.name: _derived(each) for each in how.derived}
    lines = [
        f"    coalesce({derived.get(each.fact, identifier(each.fact))}, {number(each.fill)}) AS {name}"
        for each, name in zip(how.scales, ruler, strict=True)
    ]
    return f"SELECT customer_id,\n    {rule} AS rule" + "".join(f",\n{line}" for line in lines) + "\nFROM known"


def _on_ruler(how: Assignment, ruler: list[str]) -> str:
    lines = [f"    {_standard(each, name, how.clip)} AS {name}" for each, name in zip(how.scales, ruler, strict=True)]
    return "SELECT customer_id, rule" + "".join(f",\n{line}" for line in lines) + "\nFROM filled"


def _far(how: Assignment, ruler: list[str], squared: list[str]) -> str:
    lines = []
    for name, group in zip(squared, how.groups, strict=True):
        lines += [f"    {_squared(group, ruler)} AS {_raw(name)}", f"    round({_raw(name)}, {DECIMALS}) AS {name}"]
    return "SELECT customer_id, rule" + "".join(f",\n{line}" for line in lines) + "\nFROM ruler"


def _squared(group: Group, ruler: list[str]) -> str:
    beside = [f"({name} - {number(at)})" for name, at in zip(ruler, group.centre, strict=True)]
    parts = []
    for axis in group.axes():
        terms = [beside[place] if weight == 1.0 else f"{beside[place]} * {number(weight)}"
                 for place, weight in axis.items()]  # fmt: skip
        parts.append(f"power({' + '.join(terms)}, 2)")
    return " + ".join([*parts, number(group.offset)])


def _raw(name: str) -> str:
    """The squared distance before it is rounded."""
    return identifier("exactly_" + name.strip('"'))


def _case(how: Assignment, hits: list[str], word: str) -> str:
    """The word of the rule, else of the first nearest group."""
    lines = [f"WHEN rule = {literal(each.id)} THEN {literal(getattr(each, word))}" for each in how.rules]
    lines += [f"{hit} {literal(getattr(each, word))}" for hit, each in zip(hits, how.groups, strict=True)]
    return "CASE\n" + "\n".join(f"        {line}" for line in lines) + "\n    END"


def _condition(test: Condition) -> str:
    column = identifier(test.fact)
    if test.test == "missing":
        return f"{column} IS NULL"
    if test.test == "none":
        return f"coalesce({column}, 0) = 0"
    return f"{column} {'<' if test.test == 'below' else '>'} {number(test.limit)}"


def _derived(made: Derived) -> str:
    parts = [identifier(part) for part in made.parts]
    if made.how == "breadth":
        shares = [f"coalesce({part}, 0)" for part in parts]
        shares.append(f"greatest(1 - ({' + '.join(shares)}), 0)")
        squares = " + ".join(f"power({share}, 2)" for share in shares)
        return f"CASE WHEN coalesce({', '.join(parts)}) IS NOT NULL THEN 1 - ({squares}) END"
    total = " + ".join(parts)
    return total if made.how == "total" else f"CASE WHEN {total} > 0 THEN {parts[0]} / ({total}) END"


def _standard(scale: Scale, name: str, clip: float) -> str:
    shaped = _SHAPES[scale.kind].format(value=name, unit=number(scale.unit))
    standard = f"({shaped} - {number(scale.center)}) / {number(scale.scale)}"
    return f"least(greatest({standard}, {number(-clip)}), {number(clip)})"
