"""A multinomial logistic regression over the products still open to each customer, fitted by SciPy."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from guilder.offers.ledger import Flags, Floats, Ints


def shares(logit: Floats, closed: Flags) -> Floats:
    """Softmax of each row over what is not closed."""
    open_logit = np.where(closed, -np.inf, logit)
    highest = open_logit.max(axis=1, keepdims=True)
    power = np.exp(open_logit - np.where(np.isfinite(highest), highest, 0.0))
    total = power.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(power, total, out=np.zeros_like(power), where=total > 0))


def fit(design: csr_matrix, closed: Flags, answer: Ints, weight: Floats, penalty: float, rounds: int = 150) -> Floats:
    """Weights, features × products, of the penalised maximum likelihood; the last feature is the constant, left free.

    scikit-learn's multinomial model has no closed classes: it would spend its weights on learning that nobody takes
    what they have. The answer's own product is never closed.

    Parameters
    ----------
    design : csr_matrix, shape (examples, features)
    closed : array of bool, shape (examples, products)
    answer : array of int, shape (examples,)
    weight : array, shape (examples,)
    penalty : float
        Ridge, in examples.
    rounds : int
        Iterations of L-BFGS at most.
    """
    shape = (design.shape[1], closed.shape[1])
    rows, turned = np.arange(len(answer)), csr_matrix(design.T)
    total = max(float(weight.sum()), 1.0)
    ridge = np.full((shape[0], 1), penalty)
    ridge[-1] = 1e-3

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficient = flat.reshape(shape)
        share = shares(np.asarray(design @ coefficient), closed)
        value = -(weight * np.log(np.maximum(share[rows, answer], 1e-300))).sum()
        share[rows, answer] -= 1.0
        slope = np.asarray(turned @ (share * weight[:, None])) + ridge * coefficient
        return float(value + 0.5 * (ridge * coefficient**2).sum()) / total, (slope / total).ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    return np.asarray(found.x, dtype=np.float64).reshape(shape)
