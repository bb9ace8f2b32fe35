"""The validation in words: a traffic light and a sentence each for discrimination, calibration and stability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from guilder.evaluation.backtests import AMBER, RED, holm

FEW = 20
"""Fewer bads, or goods, than this in the test and no light is lit."""
MATERIAL = 0.1
"""A level or slope that is off by more than this share matters to a bank, however many loans prove it."""

Found = Mapping[str, Any]


def summary(found: Found) -> list[dict[str, str]]:
    """Say for each family what its tests come to.

    A light is red where a test fails at 1 % and what it found matters, amber where one fails at 5 % (after Holm's
    correction for all that were made), grey where there are too few bads or goods to say, and else green.

    Parameters
    ----------
    found : mapping
        What `guilder.risk.validation.validate` puts together.

    Returns
    -------
    list of dict
        ``family``, ``light`` (green, amber, red or grey) and ``why``.
    """
    bads, goods = found["bads"], found["rows"] - found["bads"]
    rows = [_discrimination(found), _calibration(found), _stability(found)]
    if min(bads, goods) < FEW:
        kind, many = ("bads", bads) if bads < FEW else ("goods", goods)
        short = f"too few to say: the test holds {many} {kind}, and {FEW} are the fewest for a verdict"
        rows = [("grey", short), ("grey", short), rows[2] if found["rows"] >= 10 * FEW else ("grey", short)]
    families = ("discrimination", "calibration", "stability")
    return [{"family": name, "light": light, "why": why} for name, (light, why) in zip(families, rows, strict=True)]


def _discrimination(found: Found) -> tuple[str, str]:
    known = found["discrimination"]
    area, against = known["auc"], known["challenger"]
    if area["low"] is None or area["low"] <= 0.5:
        return "red", "the AUC's interval holds 0.5: the ranking may be chance"
    ends = f"the AUC is {area['value']:.3f} ({area['low']:.3f} to {area['high']:.3f})"
    if against["p"] < AMBER and against["difference"]["value"] < 0:
        return "amber", f"{ends}, and the logistic challenger ranks better (DeLong p = {against['p']:.3f})"
    if against["z"] == 0:
        return "green", f"{ends}; the champion is its own challenger, or ranks as it does"
    better = against["p"] < AMBER
    return "green", (
        f"{ends}, {'better than' if better else 'level with'} the logistic challenger "
        f"(difference {against['difference']['value']:+.3f}, DeLong p = {against['p']:.3f})"
    )


def _calibration(found: Found) -> tuple[str, str]:
    known = found["calibration"]
    large, slope = known["in_the_large"], known["slope"]
    ratio = large["observed_over_mean_p"]["value"]
    sides = 2 * min(large["jeffreys_p"], large["too_high_p"])
    tests = {
        "the level (Jeffreys)": sides, "Hosmer–Lemeshow": known["hosmer_lemeshow"]["p"],
        "Spiegelhalter": known["spiegelhalter"]["p"],
    }  # fmt: skip
    adjusted = dict(zip(tests, holm(list(tests.values())).tolist(), strict=True))
    if ratio is not None and abs(ratio - 1) > MATERIAL:
        adjusted["the level (Jeffreys)"] = sides  # what matters most is not excused by how much else was tested
    failed = [*(name for name, p in adjusted.items() if p < AMBER), *(["the slope"] if _off(slope) else [])]
    bands = [row["name"] for row, p in zip(found["bands"], _both_sides(found["bands"]), strict=True) if p < AMBER]
    off = (ratio is not None and abs(ratio - 1) > MATERIAL) or _off(slope)
    said = f"defaults are {ratio:.2f} of what the PDs say" if ratio is not None else "the PDs say nothing"
    if slope.get("value") is not None:
        said += f", the slope is {slope['value']:.2f}"
    if not failed and not bands:
        return "green", f"{said}; no test rejects the PDs"
    named = [*failed, *([f"band{'s' if len(bands) > 1 else ''} {', '.join(bands)}"] if bands else [])]
    hard = any(p < RED for p in adjusted.values()) and off
    return ("red" if hard else "amber"), f"{said}; rejected by {' and '.join(named)}"


def _both_sides(rows: list[dict[str, Any]]) -> list[float]:
    """Two-sided Jeffreys p-values of a table's rows, adjusted for their number."""
    raw = np.array([2 * min(row["jeffreys_p"], row["too_high_p"]) for row in rows])
    return [float(p) for p in holm(np.minimum(raw, 1.0))]


def _off(slope: Mapping[str, float | None]) -> bool:
    """Whether a slope is further than matters from 1, and 1 is outside its interval."""
    value, low, high = (slope.get(end) for end in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return False
    return abs(value - 1) > MATERIAL and not low <= 1 <= high


def _stability(found: Found) -> tuple[str, str]:
    score, spans = found["stability"]["score"], found["periods"]
    moved = [row["fact"] for row in found["stability"]["facts"] if row["moved"]]
    slope = spans["gini_slope"]
    fading = slope is not None and slope["high"] < 0
    said = f"the PSI of the score is {score['psi']:.3f}"
    if slope is not None:
        ends = f"{slope['low']:+.3f} to {slope['high']:+.3f}"
        said += f", the Gini moves by {slope['value']:+.3f} a {spans['length']} ({ends})"
    elif not spans["rows"]:
        said += "; there are no periods to compare"
    if moved:
        listed = ", ".join(moved[:3]) + (f" and {len(moved) - 3} more" if len(moved) > 3 else "")
        said += f"; moved since training: {listed}"
    light = score["light"]
    if light == "green" and (fading or moved):
        light = "amber"
    return light, said
