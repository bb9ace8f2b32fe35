"""Charts of the risk models: ranking, calibration, scores, the grid and what balancing did."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from guilder.report import charts, prose, words
from guilder.report.prose import Meanings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SQUARE = (3.7, 3.3)


def curve(name: str, x: list[float], y: list[float], axes: tuple[str, str], base: tuple[float, float]) -> str:
    """A ROC or precision–recall curve with the line that chance draws, from ``base[0]`` to ``base[1]``."""

    def paint(ax: Axes) -> None:
        ax.plot([0, 1], base, color=charts.QUIET, linewidth=1, linestyle=(0, (4, 3)))
        ax.plot(charts.numbers(x), charts.numbers(y), color=charts.GOOD)
        ax.set(xlabel=axes[0], ylabel=axes[1], xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
        _shares(ax)

    return charts.svg(name, *SQUARE, paint)


def _shares(ax: Axes) -> None:
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(charts.share)
    ax.locator_params(nbins=5)


def calibration(name: str, calibrated: dict[str, Any] | None, raw: dict[str, Any] | None) -> str:
    """Said against seen, before and after calibration, on a scale that shows the busy corner."""

    def paint(ax: Axes) -> None:
        top = 0.0
        for points, colour, marker, label in (
            (raw, charts.BAD, "s", "raw"), (calibrated, charts.GOOD, "o", "calibrated"),
        ):
            if not points or not points.get("mean_p"):
                continue
            said, seen = charts.numbers(points["mean_p"]), charts.numbers(points["observed"])
            low, high = charts.numbers(points.get("low") or []), charts.numbers(points.get("high") or [])
            if low and high:
                ax.vlines(said, low, high, color=colour, linewidth=1, alpha=0.6)
            ax.plot(said, seen, marker=marker, markersize=4.5, linewidth=1, color=colour, label=label)
            top = max(top, *[value for value in (*said, *seen, *high) if value == value])
        top = min(1.0, top * 1.06 or 1.0)
        ax.plot([0, top], [0, top], color=charts.QUIET, linewidth=1, linestyle=(0, (4, 3)))
        ax.set(xlabel="PD the model says", ylabel="share that defaulted", xlim=(0, top), ylim=(0, top))
        _shares(ax)
        charts.legend(ax, loc="upper left")

    return charts.svg(name, *SQUARE, paint)


def ks(name: str, points: dict[str, Any]) -> str:
    """Cumulative shares of repaid and defaulted loans by score, and where they are furthest apart."""
    good, bad, score = (charts.numbers(points[key]) for key in ("good", "bad", "score"))
    gaps = [abs(a - b) if a == a and b == b else 0.0 for a, b in zip(good, bad, strict=True)]
    at = gaps.index(max(gaps))

    def paint(ax: Axes) -> None:
        ax.plot(score, good, color=charts.GOOD, label="repaid")
        ax.plot(score, bad, color=charts.BAD, linestyle=(0, (6, 2)), label="defaulted")
        ax.vlines(score[at], min(good[at], bad[at]), max(good[at], bad[at]), color=charts.INK, linewidth=1.2,
                  label=f"widest gap {gaps[at]:.2f}")
        ax.set(xlabel="PD", ylabel="share at or below", ylim=(0, 1.02))
        ax.xaxis.set_major_formatter(charts.share)
        ax.yaxis.set_major_formatter(charts.share)
        ax.locator_params(nbins=5)
        charts.legend(ax, loc="lower right")

    return charts.svg(name, *SQUARE, paint)


def scores(name: str, bins: dict[str, Any], cut_off: float | None) -> str:
    """How PDs are spread over repaid and defaulted loans."""

    def paint(ax: Axes) -> None:
        for counts, colour, label, hatch in (
            (bins["good"], charts.GOOD, "repaid", ""), (bins["bad"], charts.BAD, "defaulted", "////"),
        ):
            total = sum(counts) or 1
            shares = [each / total for each in counts]
            ax.stairs(shares, bins["edges"], fill=True, alpha=0.22, color=colour, hatch=hatch)
            ax.stairs(shares, bins["edges"], color=colour, linewidth=1.6, label=label)
        if cut_off is not None:
            ax.axvline(cut_off, color=charts.INK, linewidth=1, linestyle=(0, (4, 3)), label="cut-off")
        ax.set(xlabel="PD", ylabel="share of the loans")
        _shares(ax)
        ax.grid(visible=False, axis="x")
        charts.legend(ax, loc="upper right")

    return charts.svg(name, *SQUARE, paint)


def confusion(name: str, cells: dict[str, Any]) -> str:
    """The four outcomes at the cut-off, shaded by the share of their true outcome."""
    table = [[cells["tn"], cells["fp"]], [cells["fn"], cells["tp"]]]
    shares = [[each / (sum(row) or 1) for each in row] for row in table]

    def paint(ax: Axes) -> None:
        notes = [
            [f"{words.count(table[i][j])}\n{shares[i][j]:.0%}" for j in range(2)] for i in range(2)
        ]
        charts.heat(
            ax, shares, ["repaid", "defaulted"], ["below cut-off", "at or above"], limits=(0, 1.25), notes=notes,
            both_ways=False,
        )
        ax.tick_params(axis="x", rotation=0)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("center")
            label.set_rotation_mode("default")
        for note in ax.texts:
            note.set_fontsize(11)

    return charts.svg(name, 3.7, 2.6, paint)


def grid(name: str, candidates: list[dict[str, Any]], metric: str, label: str, champion: str) -> str:
    """One metric over the grid: a hollow mark raw, a full one calibrated, with their intervals."""
    rows = [prose.candidate(each) for each in candidates]

    def paint(ax: Axes) -> None:
        for place, each in enumerate(candidates):
            if rows[place] == champion:
                ax.axhspan(place - 0.48, place + 0.48, color="#fdf1de", linewidth=0)
            for key, shift, face in (("raw", -0.16, "white"), ("calibrated", 0.16, charts.GOOD)):
                _whisker(ax, words.dig(each, key, metric), place + shift, charts.GOOD, face)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlabel(label)
        ax.locator_params(axis="x", nbins=4)
        ax.grid(visible=False, axis="y")

    return charts.svg(name, 4.2, 0.9 + 0.28 * len(rows), paint)


def _whisker(ax: Axes, figure: Any, place: float, colour: str, face: str) -> None:
    middle, ends = words.finite(figure), words.bounds(figure)
    if middle is None:
        return
    if ends is not None:
        ax.hlines(place, *ends, color=colour, linewidth=1.1)
    ax.plot(middle, place, marker="o", markersize=4.5, color=colour, markerfacecolor=face, markeredgewidth=1.1)


def balancing(name: str, rows: list[dict[str, Any]]) -> str:
    """Mean PD raw and calibrated for every candidate against the default rate that was observed."""
    labels = [f"{words.plain(each.get('learner'))} · {words.plain(each.get('balancing'))}" for each in rows]
    observed = next((words.finite(each.get("observed")) for each in rows), None)

    def paint(ax: Axes) -> None:
        for place, each in enumerate(rows):
            raw, calibrated = words.finite(each.get("mean_p_raw")), words.finite(each.get("mean_p"))
            if raw is not None and calibrated is not None:
                ax.hlines(place, raw, calibrated, color=charts.RULE, linewidth=3)
            if raw is not None:
                ax.plot(raw, place, "s", color=charts.BAD, markersize=6, label="raw" if not place else None)
            if calibrated is not None:
                ax.plot(calibrated, place, "o", color=charts.GOOD, label="calibrated" if not place else None)
        if observed is not None:
            ax.axvline(observed, color=charts.INK, linewidth=1, linestyle=(0, (4, 3)), label="observed")
        ax.set_yticks(range(len(labels)), labels)
        ax.set_ylim(len(labels) - 0.5, -0.5)
        ax.set_xlim(left=0)
        ax.xaxis.set_major_formatter(charts.share)
        ax.locator_params(axis="x", nbins=5)
        ax.set_xlabel("mean PD")
        ax.grid(visible=False, axis="y")
        charts.legend(ax, loc="upper center", bbox_to_anchor=(0.4, 1.13), ncols=3, handletextpad=0.3, columnspacing=1.0)

    return charts.svg(name, 4.6, 1.2 + 0.28 * len(labels), paint)


def importance(name: str, rows: list[dict[str, Any]], known: Meanings) -> str:
    """The facts the champion leans on, largest first, by their meaning."""
    import seaborn

    labels = [shorten(prose.fact(each.get("fact"), known), 62, placeholder=" …") for each in rows]
    values = [words.finite(each.get("value")) or 0.0 for each in rows]

    def paint(ax: Axes) -> None:
        # by place, not by label: two facts may read alike once shortened
        seaborn.barplot(
            x=values, y=list(range(len(values))), ax=ax, color=charts.GOOD, saturation=1, width=0.62, orient="h",
        )
        ax.set_yticks(range(len(labels)), labels)
        ax.set(xlabel="", ylabel="")
        ax.grid(visible=False, axis="y")
        ax.locator_params(axis="x", nbins=5)

    return charts.svg(name, 6.4, 0.7 + 0.25 * len(labels), paint)
