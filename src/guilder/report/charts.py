"""How every chart is drawn: one style, one palette, and an SVG that is the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Paint = Callable[[Axes], None]

INK, QUIET, RULE, PAPER = "#1f2933", "#5f6b76", "#d5dae0", "#ffffff"
GOOD, BAD = "#1f5a96", "#e08214"
"""Dark blue and light orange: apart for every kind of colour vision, and in grey by their lightness."""
SERIES = ("#1f5a96", "#e08214", "#4d9a83", "#8a4f8f", "#c9a227", "#6fb1dc", "#7a7f87", "#b5473c")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
STEPS = "Blues"
BOTH_WAYS = "PuOr_r"

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    # measured in the font that Matplotlib ships, so that the layout does not hang on this machine's fonts
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    # figures in full: no exponents and no offsets beside an axis
    "axes.formatter.limits": (-12, 12),
    "axes.formatter.useoffset": False,
    "grid.color": "#eceff2",
    "grid.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.8,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "hatch.linewidth": 0.5,
}


def svg(name: str, width: float, height: float, paint: Paint) -> str:
    """Draw one chart and return it as inline SVG.

    Parameters
    ----------
    name : str
        Unique on the page; every id inside the SVG starts with it.
    width, height : float
        Size in inches of 72 points; the page scales it to its column.
    paint : callable
        Draws on the axes it is given.

    Returns
    -------
    str
        One ``<svg>`` element without ids, dates or fonts that could differ between two runs.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        settings: MutableMapping[str, Any] = matplotlib.rcParams  # type: ignore[assignment, unused-ignore]
        settings.update(_STYLE | {"svg.hashsalt": name})
        drawing = Figure(figsize=(width, height), layout="constrained")
        paint(drawing.add_subplot())
        # lay out once here: left to itself, saving draws everything once more only to measure it
        engine = drawing.get_layout_engine()
        if engine is not None:
            engine.execute(drawing)
        drawing.set_layout_engine("none")
        stream = io.StringIO()
        # the canvas itself: savefig draws everything once more before it draws
        undated = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        FigureCanvasSVG(drawing).print_svg(stream, metadata=undated)  # type: ignore[no-untyped-call, unused-ignore]
    return _inline(stream.getvalue(), name)


def _inline(raw: str, name: str) -> str:
    """Matplotlib's file as an element of a page: no prologue, no global style, ids of its own, short coordinates."""
    body = raw[raw.index("<svg") :].strip()
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>\s*", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r'<g id="[A-Za-z_]+[0-9]*">', "<g>", body)
    body = re.sub(r' id="([^"]+)"', rf' id="{name}-\1"', body)
    body = body.replace("url(#", f"url(#{name}-").replace('xlink:href="#', f'href="#{name}-')
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', body)
    box = f"{float(size[1]):.0f} {float(size[2]):.0f}" if size else "1 1"
    wide = f"{float(size[1]) * 1.25:.0f}" if size else "1"
    opening = f'<svg class="chart" viewBox="0 0 {box}" width="{wide}" aria-hidden="true" focusable="false">'
    body = re.sub(r"<svg[^>]*>", opening, body, count=1)
    body = re.sub(r' (?:d|x|y|transform|points)="[^"]*"', lambda found: _short(found[0]), body)
    body = re.sub(r"'DejaVu Sans'(?:, [^;\"]*)?", "var(--sans)", body)
    return re.sub(r">\s+<", "><", body)


def _short(attribute: str) -> str:
    return re.sub(r"(\d\.\d\d)\d+", r"\1", attribute.replace("\n", ""))


def share(value: float, _: object = None) -> str:
    """A tick label for a share: ``7.5%``."""
    return f"{round(100 * value, 6) + 0.0:,.6f}".rstrip("0").rstrip(".").replace("-", "−") + "%"


def legend(ax: Axes, **where: Any) -> None:
    """A legend, where anything was drawn that has a name."""
    if ax.get_legend_handles_labels()[1]:
        ax.legend(**where)


def numbers(values: Iterable[Any]) -> list[float]:
    """Plain numbers; what is not known becomes NaN, which Matplotlib leaves out."""
    return [float("nan") if each is None else float(each) for each in values]


def contrast(colour: Any, other: Any) -> float:
    """How well one colour is read on another, from 1 to 21 (WCAG 2.2)."""
    from matplotlib.colors import to_rgb

    def luminance(each: Any) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(each)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def heat(
    ax: Axes, matrix: list[list[float]], rows: list[str], columns: list[str], *, limits: tuple[float, float],
    notes: list[list[str]] | None = None, both_ways: bool = True, size: float = 7.5,
) -> None:
    """A heat map with its figures written in where they fit and both axes labelled in full."""
    import numpy as np
    import seaborn

    values = np.array([numbers(row) for row in matrix], dtype=float)
    seaborn.heatmap(
        values, ax=ax, vmin=limits[0], vmax=limits[1], cmap=BOTH_WAYS if both_ways else STEPS, linewidths=1,
        linecolor="white", xticklabels=columns, yticklabels=rows, annot=False if notes is None else np.array(notes),
        fmt="", annot_kws={"size": size}, cbar=False,
    )
    cells = ax.collections[0]
    cells.update_scalarmappable()
    for text, colour in zip(ax.texts, cells.get_facecolor(), strict=False):
        text.set_color(max(INK, PAPER, key=partial(contrast, colour)))
    ax.grid(False)
    ax.tick_params(axis="x", rotation=45)
    ax.tick_params(axis="y", rotation=0)
    for label in ax.get_xticklabels():
        label.set_horizontalalignment("right")
        label.set_rotation_mode("anchor")
