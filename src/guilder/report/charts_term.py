"""Charts of when loans default: the share that has by each month, as seen and as said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.report import charts

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def steps(name: str, group: dict[str, Any], horizon: int) -> str:
    """One group: Kaplan–Meier steps with their interval, and the mean curve of the same loans."""

    def paint(ax: Axes) -> None:
        months = [0, *group["months"]]
        seen, said = ([0.0, *charts.numbers(group[key])] for key in ("observed", "predicted"))
        low, high = ([float("nan"), *charts.numbers(group[key])] for key in ("low", "high"))
        ax.fill_between(months, low, high, step="post", color=charts.BAD, alpha=0.2, linewidth=0)
        ax.step(months, seen, where="post", color=charts.BAD, linewidth=1.4, label="seen")
        ax.plot(months, said, color=charts.GOOD, linestyle=(0, (6, 2)), label="said")
        _axes(ax, months[-1], horizon)
        charts.legend(ax, loc="upper left")

    return charts.svg(name, 3.1, 2.4, paint)


def lives(name: str, groups: list[dict[str, Any]], horizon: int) -> str:
    """All groups over the whole life of a loan: steps as seen, and the curves."""

    def paint(ax: Axes) -> None:
        last = max(group["months"][-1] for group in groups)
        for place, group in enumerate(groups):
            colour = charts.SERIES[place % len(charts.SERIES)]
            months = [0, *group["months"]]
            seen, said = ([0.0, *charts.numbers(group[key])] for key in ("observed", "predicted"))
            ax.step(months, seen, where="post", color=colour, linewidth=1)
            ax.plot(months, said, color=colour, linestyle=(0, (6, 2)), linewidth=1.6)
            ax.annotate(f" {group['group']}", (months[-1], said[-1]), color=colour, va="center", annotation_clip=False)
        _axes(ax, last, horizon)

    return charts.svg(name, 7.4, 3.6, paint)


def _axes(ax: Axes, last: int, horizon: int) -> None:
    if last > horizon:
        ax.axvline(horizon, color=charts.QUIET, linewidth=0.8, linestyle=(0, (2, 3)))
    ax.set(xlabel="months since the application", ylabel="share that defaulted", xlim=(0, last), ylim=(0, None))
    ax.xaxis.set_major_locator(_every(last))
    ax.yaxis.set_major_formatter(charts.share)
    ax.locator_params(axis="y", nbins=5)


def _every(last: int) -> Any:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(3 if last <= 18 else 6 if last <= 36 else 12)
