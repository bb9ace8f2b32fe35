"""Charts of the data: facts by outcome, correlations, bookings a month."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def distribution(name: str, fact: dict[str, Any]) -> str:
    """One fact, as the share of repaid and of defaulted loans in each bin."""

    def paint(ax: Axes) -> None:
        for counts, colour, label in ((fact["good"], charts.GOOD, "repaid"), (fact["bad"], charts.BAD, "defaulted")):
            total = sum(counts) or 1
            ax.stairs([each / total for each in counts], fact["edges"], color=colour, linewidth=1.8, label=label)
        ax.stairs(
            [each / (sum(fact["good"]) or 1) for each in fact["good"]], fact["edges"], color=charts.GOOD, alpha=0.12,
            fill=True,
        )
        ax.yaxis.set_major_formatter(charts.share)
        ax.xaxis.set_major_formatter(lambda x, _: short(x))
        ax.locator_params(axis="x", nbins=5)
        ax.locator_params(axis="y", nbins=4)
        ax.grid(visible=False, axis="x")
        charts.legend(ax, loc="best", handlelength=1.2)

    return charts.svg(name, 3.9, 2.3, paint)


def short(value: float) -> str:
    """A tick label: 12k for 12,000."""
    size = abs(value)
    scaled, unit = (value / 1e6, "M") if size >= 1e6 else (value / 1e3, "k") if size >= 1e4 else (value, "")
    said = f"{round(scaled, 6):,.6f}".rstrip("0").rstrip(".")
    return ("0" if said in ("", "-0") else said.replace("-", "−")) + unit


def correlations(name: str, facts: list[str], matrix: list[list[float]]) -> str:
    """Pairwise correlations as a heat map of ``facts``, which are named at the rows and numbered at the columns."""
    places = [str(place + 1) for place in range(len(facts))]
    labels = [fill(f"{place}  {fact}", 46) for place, fact in zip(places, facts, strict=True)]
    few = len(facts) <= 14
    notes = [[words.correlation(cell) if i != j else "" for j, cell in enumerate(row)] for i, row in enumerate(matrix)]
    side = 0.6 + 0.36 * len(facts)

    def paint(ax: Axes) -> None:
        charts.heat(ax, matrix, labels, places, limits=(-1, 1), notes=notes if few else None, size=6.5)
        ax.tick_params(axis="x", rotation=0)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("center")
            label.set_rotation_mode("default")

    return charts.svg(name, side + 2.9, side, paint)


def months(name: str, month: list[str], count: list[int]) -> str:
    """Bookings a month."""

    def paint(ax: Axes) -> None:
        places = list(range(len(month)))
        ax.fill_between(places, count, color=charts.GOOD, alpha=0.12, linewidth=0)
        ax.plot(places, count, color=charts.GOOD)
        step = max(1, len(month) // 6)
        ax.set_xticks(places[::step], [str(each)[:7] for each in month[::step]])
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_formatter(lambda y, _: short(y))
        ax.grid(visible=False, axis="x")

    return charts.svg(name, 8.2, 2.4, paint)
