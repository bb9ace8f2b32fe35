"""Charts of the offers: methods with their intervals, and products that go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BASELINES = ("random", "popular", "decayed_popular")


def methods(name: str, rows: dict[str, Any], metric: str, champion: str | None) -> str:
    """One metric over the methods: a dot and its interval; baselines hollow and grey."""
    known = {key: row for key, row in rows.items() if words.finite(words.dig(row, metric)) is not None}
    order = sorted(known, key=lambda key: (-(words.finite(known[key][metric]) or 0.0), key))

    def paint(ax: Axes) -> None:
        for place, key in enumerate(order):
            middle = words.finite(known[key][metric]) or 0.0
            base = key in BASELINES
            colour = charts.QUIET if base else charts.GOOD
            if key == champion:
                ax.axhspan(place - 0.42, place + 0.42, color="#fdf1de", linewidth=0)
            ends = words.bounds(known[key][metric])
            if ends is not None:
                ax.hlines(place, *ends, color=colour, linewidth=1.4)
            ax.plot(
                middle, place, "o", color=colour, markersize=6,
                markerfacecolor="white" if base else colour, markeredgewidth=1.4,
            )
        ax.set_yticks(range(len(order)), [words.plain(key) for key in order])
        ax.set_ylim(len(order) - 0.5, -0.5)
        ax.set_xlim(left=0)
        ax.locator_params(axis="x", nbins=5)
        ax.grid(visible=False, axis="y")

    return charts.svg(name, 4.2, 0.9 + 0.3 * max(len(order), 1), paint)


def similarity(name: str, products: list[str], matrix: list[list[float]]) -> str:
    """Similarity of products; a product with itself says nothing and is left blank."""
    blank = [[float("nan") if i == j else cell for j, cell in enumerate(row)] for i, row in enumerate(matrix)]
    notes = [["" if i == j else words.number(cell, 2) for j, cell in enumerate(row)] for i, row in enumerate(matrix)]
    top = max([cell for row in blank for cell in row if cell is not None and cell == cell] or [1.0])
    few = len(products) <= 14
    side = 2.2 + 0.4 * len(products)

    def paint(ax: Axes) -> None:
        charts.heat(
            ax, blank, products, products, limits=(0, max(top, 1e-9)), notes=notes if few else None, both_ways=False
        )

    return charts.svg(name, side + 1.0, side, paint)
