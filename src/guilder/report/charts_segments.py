"""Charts of the segments: where customers lie, who they are and what they risk."""

from __future__ import annotations

import re
from textwrap import fill
from typing import TYPE_CHECKING, Any

from guilder.report import charts, prose, words
from guilder.report.charts_groups import arrows
from guilder.report.prose import Meanings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAR = 1.0
"""Standard deviations from all customers beyond which a figure bears a mark."""


def plane(
    name: str, points: dict[str, Any], names: list[str], axes: list[str], loadings: dict[str, list[float]] | None = None
) -> str:
    """Customers on the two main axes, marked by segment, with the facts that the axes are made of as arrows."""
    import numpy as np

    x, y, segment = np.array(points["x"], float), np.array(points["y"], float), np.array(points["segment"], str)

    def paint(ax: Axes) -> None:
        for place, each in enumerate(names):
            mine = segment == each
            colour = charts.SERIES[place % len(charts.SERIES)]
            ax.plot(
                x[mine], y[mine], linestyle="none", marker=charts.MARKERS[place % len(charts.MARKERS)], markersize=2.6,
                markeredgewidth=0, color=colour, alpha=0.55, label=each,
            )
        for place, each in enumerate(names):
            mine = segment == each
            if mine.any():
                ax.annotate(
                    str(place + 1), (float(np.median(x[mine])), float(np.median(y[mine]))), ha="center", va="center",
                    fontsize=9, weight="bold", color=charts.INK,
                    bbox={"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": charts.INK, "lw": 0.8},
                )
        if loadings and len(x):
            centre = (float(np.median(x)), float(np.median(y)))
            ax.margins(0.18, 0.1)
            arrows(ax, loadings, (float(np.abs(x - centre[0]).max()), float(np.abs(y - centre[1]).max())), centre)
        if len(axes) == 2:
            ax.set(xlabel=fill(axis_title(axes[0]), 58), ylabel=fill(axis_title(axes[1]), 44))
        ax.set(xticklabels=[], yticklabels=[])

    return charts.svg(name, 4.6, 3.9, paint)


def axis_title(said: str) -> str:
    """An axis in short: its first two facts, and the share of the variance that it holds."""
    held = re.search(r"\s*\((\d+%)[^()]*\)$", said)
    facts = said[: held.start()] if held else said
    first = re.split(r", (?=more |less )", facts)[:2]
    return ", ".join(first) + (f" ({held[1]})" if held else "")


def profiles(name: str, rows: list[dict[str, Any]], known: Meanings) -> str:
    """How far each segment lies from the average customer, fact by fact, in standard deviations."""
    facts = list(dict.fromkeys(fact for each in rows for fact in each.get("z") or {}))
    matrix = [[words.finite(words.dig(each, "z", fact)) for each in rows] for fact in facts]
    filled = [charts.numbers(row) for row in matrix]
    medians = [
        [words.amount(words.dig(each, "medians", fact)) + _side(z) for each, z in zip(rows, row, strict=True)]
        for fact, row in zip(facts, matrix, strict=True)
    ]

    def paint(ax: Axes) -> None:
        charts.heat(
            ax, filled, [fill(prose.fact(fact, known), 46) for fact in facts],
            [fill(str(each.get("name")), 24) for each in rows], limits=(-2, 2), notes=medians,
        )

    return charts.svg(name, 3.8 + 0.75 * len(rows), 1.9 + 0.29 * len(facts), paint)


def _side(z: float | None) -> str:
    """Which side of the bank a segment lies on, where it is far: two colours of a scale are one grey."""
    return "" if z is None or abs(z) < FAR else " ▲" if z > 0 else " ▼"


def sizes(name: str, rows: dict[str, float]) -> str:
    """Customers in each segment."""
    import seaborn

    def paint(ax: Axes) -> None:
        labels, values = list(rows), list(rows.values())
        seaborn.barplot(x=values, y=labels, ax=ax, color=charts.GOOD, saturation=1, width=0.6, orient="h")
        for place, value in enumerate(values):
            ax.annotate(
                words.count(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
            )
        ax.set(xlabel="customers", ylabel="")
        ax.set_xlim(0, max([*values, 1]) * 1.18)
        ax.locator_params(axis="x", nbins=4)
        ax.grid(visible=False, axis="y")

    return charts.svg(name, 4.2, 0.9 + 0.32 * len(rows), paint)


def risk(name: str, rows: list[dict[str, Any]]) -> str:
    """Mean PD and observed default rate of each segment."""

    def paint(ax: Axes) -> None:
        for place, each in enumerate(rows):
            mean, seen = words.finite(each.get("mean_p")), words.finite(each.get("observed"))
            ends = words.bounds(each.get("observed"))
            if ends is not None:
                ax.hlines(place, *ends, color=charts.BAD, linewidth=1)
            if seen is not None:
                ax.plot(seen, place, "s", color=charts.BAD, markersize=6, label="observed" if not place else None)
            if mean is not None:
                ax.plot(mean, place, "o", color=charts.GOOD, markersize=6, label="mean PD" if not place else None)
        ax.set_yticks(range(len(rows)), [str(each.get("segment_name")) for each in rows])
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(left=0)
        ax.xaxis.set_major_formatter(charts.share)
        ax.grid(visible=False, axis="y")
        charts.legend(ax, loc="upper center", bbox_to_anchor=(0.4, 1.17), ncols=2)

    return charts.svg(name, 4.2, 1.1 + 0.32 * len(rows), paint)
