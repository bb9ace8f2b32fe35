"""How long the whole contest takes: every learner of the core with every usual balancing, judged, refitted, calibrated.

    python -m benchmarks grid [ROWS]

Beside it stands one fit of scikit-learn's own histogram boosting on the same rows, the unit of the ratio.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from benchmarks.scoring import loans
from sklearn.ensemble import HistGradientBoostingClassifier

from guilder.evaluation.splits import split
from guilder.risk.compare import compare
from guilder.risk.learners import LEARNERS


def main(rows: int = 150_000) -> None:
    X = loans(rows, 0)
    score = np.log(X["fact_0"]) + np.log(X["fact_1"]) * np.log(X["fact_2"]) - 2
    y = (np.random.default_rng(2).random(rows) < 1 / (1 + np.exp(-score))).to_numpy()
    parts = split(y)
    start, used = time.monotonic(), time.process_time()
    found = compare(X, y, parts, learners=LEARNERS)
    seconds, cpu = time.monotonic() - start, time.process_time() - used
    start = time.monotonic()
    HistGradientBoostingClassifier(random_state=0).fit(X.iloc[parts.refit], y[parts.refit])
    one = time.monotonic() - start
    tried = len(found.metrics["balancing"])
    print(f"{rows:,} loans × {X.shape[1]} facts: {seconds:.0f} s ({cpu:.0f} CPU s) for {tried} candidates "
          f"and an ensemble; champion {found.metrics['champion']['learner']}; "
          f"{seconds / one:.0f} × one fit of scikit-learn's boosting ({one:.1f} s)")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
