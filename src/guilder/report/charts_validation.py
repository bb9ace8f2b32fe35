"""Charts of the validation and of the fairness audit: figures with their intervals, one a line or one a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = list[dict[str, Any]]


def said_and_seen(name: str, rows: Rows, label: str) -> str:
    """Mean PD (diamonds) beside the observed rate with its interval (dots), part by part."""

    def paint(ax: Axes) -> None:
        for place, row in enumerate(rows):
            _upright(ax, row.get("observed"), place, "defaulted" if not place else None)
            ax.plot(place, words.finite(row.get("mean_p")) or 0.0, "D", color=charts.BAD, markersize=5,
                    label="mean PD" if not place else None)
        _places(ax, rows, label)
        ax.set_ylim(bottom=0)
        ax.set_ylabel("share of the loans")
        ax.yaxis.set_major_formatter(charts.share)
        charts.legend(ax, loc="upper left")

    return charts.svg(name, 3.9, 3.1, paint)


def gini(name: str, rows: Rows, whole: Any, label: str) -> str:
    """Gini by period with its interval, and a line at that of all."""

    def paint(ax: Axes) -> None:
        for place, row in enumerate(rows):
            _upright(ax, row.get("gini"), place, None)
        if (level := words.finite(whole)) is not None:
            ax.axhline(level, color=charts.QUIET, linewidth=1, linestyle=(0, (4, 3)), label="all periods")
        _places(ax, rows, label)
        ax.set_ylabel("Gini")
        charts.legend(ax, loc="lower left")

    return charts.svg(name, 3.9, 3.1, paint)


def _upright(ax: Axes, figure: Any, place: int, label: str | None) -> None:
    middle, ends = words.finite(figure), words.bounds(figure)
    if middle is None:
        return
    if ends is not None:
        ax.vlines(place, *ends, color=charts.GOOD, linewidth=1.2)
    ax.plot(place, middle, "o", color=charts.GOOD, markersize=5, label=label)


def _places(ax: Axes, rows: Rows, label: str) -> None:
    names = [str(row.get("name")) for row in rows]
    turned = max((len(each) for each in names), default=0) > 3
    ax.set_xticks(range(len(names)), names, rotation=45 if turned else 0, ha="right" if turned else "center")
    ax.set_xlabel(label)
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.grid(visible=False, axis="x")


def forest(name: str, rows: Rows, key: str, label: str, at: float) -> str:
    """One figure of each group with its interval, and a line where all would be equal."""
    names = [str(row.get("name")) for row in rows]

    def paint(ax: Axes) -> None:
        ax.axvline(at, color=charts.INK, linewidth=1, linestyle=(0, (4, 3)))
        for place, row in enumerate(rows):
            middle, ends = words.finite(row.get(key)), words.bounds(row.get(key))
            if ends is not None:
                ax.hlines(place, *ends, color=charts.GOOD, linewidth=1.4)
            if middle is not None:
                ax.plot(middle, place, "o", color=charts.GOOD, markersize=5.5)
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlabel(label)
        ax.locator_params(axis="x", nbins=5)
        ax.grid(visible=False, axis="y")

    return charts.svg(name, 3.9, 0.9 + 0.32 * len(rows), paint)
