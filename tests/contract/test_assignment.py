"""How customers get their segment: the axes that a distance is measured along, and the columns that it needs."""

from __future__ import annotations

from guilder.contract.assignment import Assignment, Condition, Derived, Group, Rule, Scale


def test_without_a_metric_each_fact_is_an_axis() -> None:
    assert Group("1", "One", (0.5, 2.0, 7.0)).axes() == [{0: 1.0}, {1: 1.0}, {2: 1.0}]


def test_an_axis_is_a_column_of_the_metric_without_its_zeros() -> None:
    group = Group("1", "One", (0.0, 0.0), metric=((2.0, 0.0), (3.0, 5.0)))
    assert group.axes() == [{0: 2.0, 1: 3.0}, {1: 5.0}]


def test_the_columns_needed_are_those_that_nothing_derives() -> None:
    assignment = Assignment(
        rules=(Rule("r", "Rule", (Condition("tenure", "below", 90.0), Condition("mix", "none"))),),
        derived=(Derived("mix", "breadth", ("card", "cash")), Derived("all", "total", ("mix", "transfer"))),
        scales=(Scale("mix", "plain", 1.0, 0.0, 0.0, 1.0), Scale("income", "log", 1.0, 0.0, 0.0, 1.0)),
        groups=(), clip=3.0,
    )  # fmt: skip
    assert assignment.columns() == ("card", "cash", "income", "tenure", "transfer")


def test_what_is_not_said_of_a_condition_or_a_group() -> None:
    assert Condition("x", "missing").limit == 0.0
    assert (Group("1", "One", ()).metric, Group("1", "One", ()).offset) == ((), 0.0)
