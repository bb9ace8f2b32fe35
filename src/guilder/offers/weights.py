"""The weights of a blend, fitted on rolling windows: those under which what customers then took was likeliest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, minimize
from sklearn.base import clone

from guilder.offers.blend import TERMS, BlendRecommender
from guilder.offers.ledger import Flags, Floats
from guilder.offers.softmax import shares
from guilder.offers.trial import Trial

MOST_CUSTOMERS = 2_000
"""Customers with a history looked at in each window."""

_Window = tuple[Floats, Flags, Floats]


def weighed(blend: BlendRecommender, trials: Sequence[Trial]) -> BlendRecommender:
    """Return the blend with weights at or above zero that sum to one, by maximum likelihood over all windows.

    A conditional logit: the logarithm of a product's odds is the weighted sum of its terms. Every term is fitted before
    the cut of its window. Every customer counts once, however much they took; customers without a history are served
    by popularity whatever the weights, and say nothing here.

    Parameters
    ----------
    blend : BlendRecommender
    trials : sequence of Trial
    """
    windows = [window for trial in trials if (window := _window(blend, trial)) is not None]
    start = np.full(len(TERMS), 1.0 / len(TERMS))
    found = start
    if windows:
        total = sum(len(terms[0]) for terms, _, _ in windows)

        def loss(weight: Floats) -> tuple[float, Floats]:
            return _loss(weight, windows, total)

        bounds = Bounds(np.zeros(len(TERMS)), np.full(len(TERMS), np.inf))
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    share = np.round(found / found.sum(), 4) if found.sum() > 0 else start
    made: BlendRecommender = clone(blend).set_params(weights=dict(zip(TERMS, share.tolist(), strict=True)))
    return made


def _window(blend: BlendRecommender, trial: Trial) -> _Window | None:
    """The terms, what was open, and each customer's uptakes shared out to sum to one."""
    warm = np.flatnonzero(trial.warm)[:MOST_CUSTOMERS]
    if not len(warm):
        return None
    fitted: BlendRecommender = clone(blend).fit_ledger(trial.book, trial.today)
    terms = fitted.terms(fitted.profiles(trial.customers[warm]), trial.customers[warm])
    took = trial.relevant[warm] / trial.relevant[warm].sum(axis=1, keepdims=True)
    return np.stack([terms[name] for name in TERMS]), trial.candidates[warm], took


def _loss(weight: Floats, windows: Sequence[_Window], total: int) -> tuple[float, Floats]:
    value, slope = 0.0, np.zeros(len(weight))
    for terms, open_, took in windows:
        share = shares(np.tensordot(weight, terms, axes=1), ~open_)
        value -= float((took * np.log(np.maximum(share, 1e-300))).sum())
        slope -= ((took - share)[None] * terms).sum(axis=(1, 2))
    return value / total, slope / total
