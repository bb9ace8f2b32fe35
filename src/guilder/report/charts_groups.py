"""Charts of how well segments hold together and how customers move between them."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ARROWS = 6
LEAST_LOADING = 0.25
WORDS = 0.25
"""Room for the words of an arrow, as a share of the map's width."""
LINE = 0.06
"""Height of those words, as a share of the map's: they stand one above the other."""
LEAST_MOVED = 0.001
"""A movement of a smaller share of the bank is drawn no line for."""


def silhouettes(name: str, outlines: dict[str, list[float]]) -> str:
    """The silhouette of each segment's customers, from the worst placed to the best, one above the other."""
    import numpy as np

    names = list(outlines)

    def paint(ax: Axes) -> None:
        for place, each in enumerate(names):
            widths = np.array(charts.numbers(outlines[each]))
            height = np.linspace(0.08, 0.92, len(widths)) + place
            ax.fill_betweenx(height, 0, widths, color=charts.SERIES[place % len(charts.SERIES)], alpha=0.85, lw=0)
            middle = float(np.median(widths))
            ax.annotate(
                words.number(middle, 2), (max(float(widths.max()), 0.0), place + 0.5), xytext=(5, 0),
                textcoords="offset points", va="center", fontsize=8,
            )
        ax.set_yticks([place + 0.5 for place in range(len(names))], [fill(each, 26) for each in names])
        ax.set_ylim(len(names), 0)
        ax.axvline(0, color=charts.QUIET, linewidth=0.8)
        ax.set(xlabel="silhouette on squared distances")
        ax.margins(x=0.12)
        ax.grid(visible=False, axis="y")

    return charts.svg(name, 4.6, 1.0 + 0.52 * len(names), paint)


def arrows(ax: Axes, loadings: dict[str, list[float]], reach: tuple[float, float], centre: tuple[float, float]) -> None:
    """Draw the facts that weigh most in the axes of a map as arrows from its centre, with room for their words."""
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    long = sorted(loadings.items(), key=lambda item: (-(item[1][0] ** 2 + item[1][1] ** 2), item[0]))[:MOST_ARROWS]
    tips = [
        (short(fact), (centre[0] + x * reach[0], centre[1] + y * reach[1]), x >= 0)
        for fact, (x, y) in long if (x * x + y * y) ** 0.5 >= LEAST_LOADING
    ]  # fmt: skip
    for _, tip, _ in tips:
        head = {"arrowstyle": "-|>", "color": charts.INK, "lw": 1.0, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", tip, centre, arrowprops=head)
    for onwards in (False, True):
        lowest = -float("inf")
        for said, (x, y), _ in sorted((one for one in tips if one[2] == onwards), key=lambda one: one[1][1]):
            lowest = max(y, lowest)
            ax.annotate(
                said, (x, lowest), xytext=(4 if onwards else -4, 0), textcoords="offset points",
                ha="left" if onwards else "right", va="center", fontsize=7,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            )
            lowest += LINE * (top - bottom)
    room = WORDS * (right - left)
    ax.set_xlim(min([left, *(tip[0] - room for _, tip, onwards in tips if not onwards)]),
                max([right, *(tip[0] + room for _, tip, onwards in tips if onwards)]))


_SHORT = {
    "ticket_mean": "size of bookings", "category_breadth": "variety", "money_in_share": "in against out",
    "transactions_per_active_month": "bookings a month", "transactions_count": "bookings", "balance_mean": "balance",
    "income_regularity": "regular income", "recency_days": "days since last",
}  # fmt: skip


def short(fact: str) -> str:
    """A fact in two or three words, for an arrow."""
    for part in ("share_channel_", "share_category_"):
        fact = fact.removeprefix(part)
    for part in ("_365d", "_90d", "_30d", "_all"):
        fact = fact.removesuffix(part)
    return _SHORT.get(fact, fact.replace("_", " "))


def flow(name: str, moves: list[dict[str, Any]], order: list[tuple[str, str]], dates: tuple[str, str]) -> str:
    """Customers by segment on two dates and the bands of those who moved; those who stayed are light."""
    total = sum(each["customers"] for each in moves) or 1
    size = {(each["before"], each["after"]): each["customers"] / total for each in moves}
    ids = [identity for identity, _ in order]
    names, gap = dict(order), 0.015

    def starts(axis: int) -> dict[str, float]:
        tops, top = {}, 0.0
        for identity in ids:
            tops[identity] = top
            top += sum(share for pair, share in size.items() if pair[axis] == identity) + gap
        return tops

    def paint(ax: Axes) -> None:
        import numpy as np

        at = np.linspace(0, 1, 40)
        bend = at * at * (3 - 2 * at)
        left, right = starts(0), starts(1)
        for column, tops in ((0, left), (1, right)):
            for place, identity in enumerate(ids):
                share = sum(each for pair, each in size.items() if pair[column] == identity)
                if share:
                    ax.barh(tops[identity] + share / 2, 0.04, share, left=(-0.04, 1.0)[column],
                            color=charts.SERIES[place % len(charts.SERIES)], lw=0)  # fmt: skip
                    ax.annotate(
                        f"{fill(names[identity], 24)} {words.share(share)}" if column == 0
                        else words.share(share),
                        ((-0.06, 1.06)[column], tops[identity] + share / 2), ha=("right", "left")[column], va="center",
                        fontsize=7.5,
                    )  # fmt: skip
        for before in ids:
            for after in ids:
                share = size.get((before, after), 0.0)
                y0, y1 = left[before], right[after]
                left[before], right[after] = y0 + share, y1 + share
                if share >= LEAST_MOVED or (share and before == after):
                    lower = y0 + (y1 - y0) * bend
                    colour = charts.RULE if before == after else charts.SERIES[ids.index(before) % len(charts.SERIES)]
                    ax.fill_between(at, lower, lower + share, color=colour, alpha=0.5 if before == after else 0.8, lw=0)
        ax.set_ylim(1 + gap * len(ids), -0.02)
        ax.set_xlim(-0.62, 1.2)
        ax.set_xticks([0, 1], list(dates))
        ax.set_yticks([])
        ax.grid(False)
        ax.spines[:].set_visible(False)

    return charts.svg(name, 5.2, 1.2 + 0.5 * len(ids), paint)
