"""The chance of being taken along the ranking of a product: a curve that never falls, its shape judged by log loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from guilder.offers.ledger import Flags, Floats

DOUBT = 50.0
"""Customers' worth of the product's own rate mixed into that of each part of the ranking."""
PARTS = 50
"""Parts of the ranking at most, each of :data:`DOUBT` customers or more."""
SPOTS = 200
"""Places at which a sigmoid is written down."""
FEWEST = 5
"""Uptakes of a product below which everybody has its own rate."""

Curve = tuple[Floats, Floats]
"""Places on the ranking, rising, and the chance at each; between them it is a straight line, in gaps a step."""


def places(key: Floats) -> Floats:
    """The share of customers below each, half of the equals counted in: equals stand at one place."""
    ordered = np.sort(np.round(key, 12))
    below, upto = (np.searchsorted(ordered, np.round(key, 12), side) for side in ("left", "right"))
    return np.asarray((below + upto) / (2.0 * max(len(key), 1)))


def line(place: Floats, took: Flags) -> Curve:
    """The rate of each part of the ranking, drawn to the whole, made never to fall, joined by straight lines."""
    rate = _rate(took)
    parts = int(np.clip(len(place) // DOUBT, 1, PARTS))
    part = np.minimum((place * parts).astype(np.int64), parts - 1)
    size = np.bincount(part, minlength=parts).astype(np.float64)
    full = size > 0
    centre = np.bincount(part, weights=place, minlength=parts)[full] / size[full]
    found = (np.bincount(part, weights=took, minlength=parts)[full] + DOUBT * rate) / (size[full] + DOUBT)
    return _stepped(centre, _rising(found, size[full] + DOUBT), 2.0 / parts)


def sigmoid(place: Floats, took: Flags) -> Curve:
    """A logistic regression of uptake on the log odds of the place, with a slope at or above zero."""
    at = np.clip(place, 1e-4, 1 - 1e-4)
    spots, where = np.unique(np.round(logit(at), 3), return_inverse=True)
    size = np.bincount(where).astype(np.float64)
    taken = np.bincount(where, weights=took)

    def loss(both: Floats) -> tuple[float, Floats]:
        score = both[0] + both[1] * spots
        gap = size * expit(score) - taken
        value = float((size * np.logaddexp(0.0, score) - taken * score).sum() + 0.5 * both[1] ** 2)
        return value, np.array([gap.sum(), gap @ spots + both[1]])

    start = np.array([logit(_rate(took)), 0.0])
    level, slope = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), (0.0, 10.0)]).x
    part = np.unique(np.round(at * SPOTS), return_index=True)[1]
    knots = np.unique(np.concatenate([at[part], [at.min(), at.max()]]))
    return _stepped(knots, expit(level + slope * logit(knots)), 4.0 / SPOTS)


SHAPES: Mapping[str, Callable[[Floats, Flags], Curve]] = {"line": line, "sigmoid": sigmoid}


def shape_of(keys: Sequence[Floats], took: Sequence[Flags], half: Sequence[Flags]) -> str:
    """The shape of least log loss over all products: each half of the customers is judged by curves of the other."""
    found = dict.fromkeys(SHAPES, 0.0)
    for key, mine, side in zip(keys, took, half, strict=True):
        place = places(key)
        for name in SHAPES:
            for part in (side, ~side):
                found[name] += _log_loss(curve(place[~part], mine[~part], name), place[part], mine[part])
    return min(found, key=lambda name: found[name])


def curve(place: Floats, took: Flags, shape: str) -> Curve:
    """The curve of one product; its own rate for everybody where it was hardly taken."""
    if took.sum() < FEWEST:
        return np.array([0.5]), np.array([_rate(took)])
    return SHAPES[shape](place, took)


def _stepped(centre: Floats, rate: Floats, widest: float) -> Curve:
    """Put a step into the middle of each gap: a line there would invent chances where nobody stood."""
    gap = np.flatnonzero(np.diff(centre) > widest)
    middle = (centre[gap] + centre[gap + 1]) / 2
    knots = np.concatenate([centre, middle - 1e-9, middle + 1e-9])
    rates = np.concatenate([rate, rate[gap], rate[gap + 1]])
    order = np.argsort(knots, kind="stable")
    return knots[order], rates[order]


def _rate(took: Flags) -> float:
    return float((took.sum() + 0.5) / (len(took) + 1.0))


def _log_loss(made: Curve, place: Floats, took: Flags) -> float:
    chance = np.clip(np.interp(place, *made), 1e-9, 1 - 1e-9)
    return float(-np.where(took, np.log(chance), np.log1p(-chance)).sum())


def _rising(values: Floats, weights: Floats) -> Floats:
    """Pool neighbours that fall until none does."""
    level: list[list[float]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        level.append([value, weight, 1])
        while len(level) > 1 and level[-2][0] >= level[-1][0]:
            (a, m, i), (b, n, j) = level[-2:]
            level[-2:] = [[(a * m + b * n) / (m + n), m + n, i + j]]
    return np.repeat([value for value, _, _ in level], [int(count) for _, _, count in level])
