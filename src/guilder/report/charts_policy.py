"""Charts of the policy: what approving more loans costs in defaults, and what it earns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guilder.report import charts, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def trade(name: str, drawn: dict[str, Any], measure: str, label: str, at: float | None) -> str:
    """Draw a measure of the approved loans over the share approved, with its interval and the chosen cut-off."""
    rows = [row for row in zip(drawn["approval"], drawn[measure], strict=True) if words.finite(row[1]) is not None]
    x = charts.numbers(words.finite(share) for share, _ in rows)
    y = charts.numbers(words.finite(figure) for _, figure in rows)
    ends = [words.bounds(figure) or (float("nan"), float("nan")) for _, figure in rows]

    def paint(ax: Axes) -> None:
        ax.fill_between(x, [low for low, _ in ends], [high for _, high in ends], color=charts.GOOD, alpha=0.18,
                        linewidth=0)
        ax.plot(x, y, color=charts.GOOD)
        ax.axhline(0, color=charts.RULE, linewidth=0.8)
        if at is not None:
            ax.axvline(at, color=charts.INK, linewidth=1, linestyle=(0, (4, 3)), label="cut-off")
        ax.set(xlabel="share of loans approved or referred", ylabel=label, xlim=(-0.01, 1.01))
        ax.xaxis.set_major_formatter(charts.share)
        ax.yaxis.set_major_formatter(charts.share)
        ax.locator_params(nbins=5)
        charts.legend(ax, loc="upper left")

    return charts.svg(name, 3.7, 3.0, paint)
