"""A map of the customers: the two directions in which they differ most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 2_000
_NAMED = 3  # facts in the label of an axis
_WEIGHTY = 0.3  # loading under which a fact does not name an axis


@dataclass(frozen=True)
class Plane:
    """Two directions through the customers.

    Attributes
    ----------
    directions : ndarray of shape (facts, 2)
        Loadings; columns of length 1, zero where there is no second direction.
    explained : tuple of float
        The share of variance along each.
    axes : tuple of str
        What each axis is about.
    """

    directions: Floats
    explained: tuple[float, float]
    axes: tuple[str, str]

    def place(self, points: Floats) -> Floats:
        """Place standardised points of shape (n, facts) on the map; shape (n, 2)."""
        return np.asarray(points @ self.directions)


def learn_plane(points: Floats, facts: Sequence[str], describe: Callable[[str], str]) -> Plane:
    """Find the principal plane of standardised points.

    Parameters
    ----------
    points : ndarray of shape (n, facts)
        Standardised facts.
    facts : sequence of str
        The name of each.
    describe : callable
        Turns a fact's name into plain words.

    Returns
    -------
    Plane
        The sign of each direction is fixed: its largest loading is positive.
    """
    width = points.shape[1]
    directions = np.zeros((width, 2))
    explained = [0.0, 0.0]
    if width and len(points) > 1:
        centred = points - points.mean(axis=0)
        values, vectors = np.linalg.eigh(centred.T @ centred / len(points))
        total = float(np.maximum(values, 0).sum())
        for axis in range(min(2, width)):
            direction = vectors[:, -1 - axis]
            directions[:, axis] = direction * np.sign(direction[np.argmax(np.abs(np.round(direction, 9)))])
            explained[axis] = float(max(values[-1 - axis], 0.0)) / total if total else 0.0
    labels = [_label(directions[:, axis], facts, describe, explained[axis]) for axis in (0, 1)]
    return Plane(directions, (explained[0], explained[1]), (labels[0], labels[1]))


def choose_points(points: Floats, *, random_state: int) -> NDArray[np.int64]:
    """Choose at most `POINTS` rows to draw, the same customers whatever the order of the rows."""
    order = np.lexsort(points.T[::-1]) if points.shape[1] else np.arange(len(points))
    if len(order) > POINTS:
        order = order[np.sort(np.random.default_rng(random_state).choice(len(order), POINTS, replace=False))]
    return np.asarray(order, dtype=np.int64)


def _label(direction: Floats, facts: Sequence[str], describe: Callable[[str], str], explained: float) -> str:
    heavy = sorted(range(len(facts)), key=lambda fact: (-round(abs(float(direction[fact])), 6), fact))[:_NAMED]
    parts = [
        f"{'more' if direction[fact] > 0 else 'less'} {describe(facts[fact])}"
        for fact in heavy
        if abs(direction[fact]) >= _WEIGHTY
    ]
    return f"{', '.join(parts) or 'nothing'} ({explained:.0%} of the variance)"
