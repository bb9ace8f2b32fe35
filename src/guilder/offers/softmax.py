"""A multinomial logistic regression over the products still open to each customer, fitted by SciPy."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from guilder.offers.ledger import Flags, Floats, Ints

_CLOSE_ENOUGH = 1e-7
"""Share by which a round must still lower the loss: chances beyond it move in the fourth digit."""


def shares(logit: Floats, closed: Flags) -> Floats:
    """Softmax of each row over what is not closed."""
    open_logit = np.where(closed, -np.inf, logit)
    highest = open_logit.max(axis=1, keepdims=True)
    power = np.exp(open_logit - np.where(np.isfinite(highest), highest, 0.0))
    total = power.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(power, total, out=np.zeros_like(power), where=total > 0))


def fit(
    has: csr_matrix, known: Floats, closed: Flags, answer: Ints, weight: Floats, penalty: float, rounds: int = 150
) -> Floats:
    """Weights, features × products, of the penalised maximum likelihood; the last feature is the constant, left free.

    scikit-learn's multinomial model has no closed classes: it would spend its weights on learning that nobody takes
    what they have. The answer's own product is never closed.

    Parameters
    ----------
    has : csr_matrix, shape (examples, features)
        Features that are mostly zero.
    known : array, shape (examples, further features)
        Features that are not, dense; the last is the constant. Apart, since each is far faster in its own form.
    closed : array of bool, shape (examples, products)
    answer : array of int, shape (examples,)
    weight : array, shape (examples,)
    penalty : float
        Ridge, in examples.
    rounds : int
        Iterations of L-BFGS at most.
    """
    width = has.shape[1]
    shape = (width + known.shape[1], closed.shape[1])
    rows, turned, barred = np.arange(len(answer)), csr_matrix(has.T), np.nonzero(closed)
    total = max(float(weight.sum()), 1.0)
    ridge = np.full((shape[0], 1), penalty)
    ridge[-1] = 1e-3

    def loss(flat: Floats) -> tuple[float, Floats]:
        # In place, since this is where nearly all of the time goes: share is the logit first, then the power of it.
        coefficient = flat.reshape(shape)
        share = np.asarray(has @ coefficient[:width])
        share += known @ coefficient[width:]
        share[barred] = -np.inf
        share -= share.max(axis=1)[:, None]
        told = share[rows, answer]
        np.exp(share, out=share)
        whole = share.sum(axis=1)
        share *= (weight / whole)[:, None]
        share[rows, answer] -= weight
        value = (weight * (np.log(whole) - told)).sum()
        slope = np.concatenate([np.asarray(turned @ share), known.T @ share]) + ridge * coefficient
        return float(value + 0.5 * (ridge * coefficient**2).sum()) / total, (slope / total).ravel()

    start = np.zeros(shape[0] * shape[1])
    with threadpool_limits(limits=1):  # the algebra between rounds is small: threads would wait for each other
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "ftol": _CLOSE_ENOUGH}
        )
    return np.asarray(found.x, dtype=np.float64).reshape(shape)
