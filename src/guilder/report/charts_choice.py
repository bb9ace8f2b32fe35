"""Charts of how the number of segments was chosen: stability, tightness against no segments, and the smallest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = list[dict[str, Any]]


def stability(name: str, rows: Rows, chosen: int | None, least: float | None = None) -> str:
    """How well refits of each k agree, and customers of a month ago, against data that has no segments."""

    def paint(ax: Axes) -> None:
        _lines(ax, rows, (
            ("stability_mean", charts.GOOD, "o", "-", "refits here"),
            ("stability_p05", "#6fb1dc", "v", (0, (5, 1.5)), "worst twentieth"),
            ("stability_time", charts.BAD, "D", (0, (3, 1, 1, 1)), "a month ago"),
            ("null_stability_mean", charts.QUIET, "s", (0, (1, 1.5)), "without segments"),
        ))  # fmt: skip
        _frame(ax, rows, chosen, least, "adjusted Rand index")

    return charts.svg(name, 4.6, 3.4, paint)


def gap(name: str, rows: Rows, chosen: int | None, least: float | None = None) -> str:
    """How much tighter the segments of each k are than those of data without segments, with one standard error."""

    def paint(ax: Axes) -> None:
        known = [each for each in rows if words.finite(each.get("gap")) is not None]
        ax.errorbar(
            [each["k"] for each in known], charts.numbers(words.finite(each["gap"]) for each in known),
            yerr=charts.numbers(words.finite(each.get("gap_error")) or 0.0 for each in known), color=charts.GOOD,
            marker="o", markersize=5, capsize=3, elinewidth=1.2, label="tighter by",
        )  # fmt: skip
        _lines(ax, rows, (("scatter_gap", charts.BAD, "^", (0, (3, 1.5)), "less scatter (log)"),))
        ax.axhline(0, color=charts.QUIET, linewidth=0.8)
        _frame(ax, rows, chosen, least, "against data without segments")

    return charts.svg(name, 4.6, 3.4, paint)


def smallest(name: str, rows: Rows, chosen: int | None, least: float | None = None) -> str:
    """The share of customers in the smallest segment of each k, and the silhouette."""

    def paint(ax: Axes) -> None:
        _lines(ax, rows, (
            ("smallest_share", charts.GOOD, "o", "-", "smallest segment, share"),
            ("silhouette", charts.BAD, "^", (0, (3, 1.5)), "silhouette"),
        ))  # fmt: skip
        ax.set_ylim(bottom=0)
        _frame(ax, rows, chosen, least, "")

    return charts.svg(name, 4.6, 3.4, paint)


def _lines(ax: Axes, rows: Rows, series: tuple[tuple[str, str, str, Any, str], ...]) -> None:
    for key, colour, marker, dash, label in series:
        values = [words.finite(each.get(key)) for each in rows]
        if any(value is not None for value in values):
            ax.plot([each["k"] for each in rows], charts.numbers(values), color=colour, marker=marker, markersize=5,
                    linestyle=dash, label=label)  # fmt: skip


def _frame(ax: Axes, rows: Rows, chosen: int | None, least: float | None, title: str) -> None:
    """Shade the chosen k, draw the limit that must be reached, and put the legend above."""
    if chosen is not None:
        ax.axvline(chosen, color="#fbe3bd", linewidth=9, zorder=0)
    if least is not None:
        ax.axhline(least, color=charts.INK, linewidth=0.9, linestyle=(0, (6, 3)), zorder=1, label="asked for")
    ax.set(xlabel="number of segments, k", xticks=[each["k"] for each in rows], ylabel=title)
    charts.legend(ax, loc="upper center", bbox_to_anchor=(0.46, 1.3), ncols=2, columnspacing=1.2, handlelength=2.4)
