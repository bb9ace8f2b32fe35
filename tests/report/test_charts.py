"""Figures in a heat map are read on their colour; words of arrows stand apart."""

from __future__ import annotations

import re

import pytest
from matplotlib.axes import Axes

from guilder.report import charts
from guilder.report.charts_groups import arrows


def test_contrast_is_that_of_the_web() -> None:
    assert charts.contrast("white", "black") == pytest.approx(21)
    assert charts.contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)  # WebAIM's contrast checker
    assert charts.contrast("white", "#777777") == charts.contrast("#777777", "white")


def test_every_figure_of_a_heat_map_is_readable() -> None:
    steps = [each / 10 for each in range(-20, 21)]
    read: list[float] = []

    def paint(ax: Axes) -> None:
        charts.heat(ax, [steps], ["row"], [""] * len(steps), limits=(-2, 2), notes=[["1"] * len(steps)])
        colours = ax.collections[0].get_facecolor()
        read.extend(charts.contrast(text.get_color(), own) for text, own in zip(ax.texts, colours, strict=True))

    charts.svg("heat", 4, 1, paint)
    assert len(read) == len(steps)
    assert min(read) > 3.5


def test_words_of_arrows_do_not_lie_on_one_another() -> None:
    def paint(ax: Axes) -> None:
        ax.set(xlim=(-2, 2), ylim=(-2, 2))
        arrows(ax, {"alpha": [0.9, 0.01], "beta": [0.9, 0.0], "gamma": [-0.9, 0.0]}, (1.0, 1.0), (0.0, 0.0))
        assert ax.get_xlim() == pytest.approx((-2, 2))

    drawn = charts.svg("arrows", 4, 4, paint)
    at = {said: [float(part) for part in re.findall(r"[-\d.]+", where)[-2:]]
          for where, said in re.findall(r'transform="([^"]+)"[^>]*>(alpha|beta|gamma)<', drawn)}  # fmt: skip
    assert set(at) == {"alpha", "beta", "gamma"}, drawn[:3000]
    assert abs(at["alpha"][1] - at["beta"][1]) > 7
