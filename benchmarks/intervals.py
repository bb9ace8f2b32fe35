"""The interval of each scored loan of the made-up bank against its true odds: how wide, and how often it holds them.

python -m benchmarks intervals [CUSTOMERS ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import guilder

GRID = '[risk]\nlearners = ["logistic"]\nbalancing = ["none"]\n'


def _measured(customers: int, folder: Path) -> str:
    file = guilder.generate(folder, customers=customers, seed=1)
    file.write_text(file.read_text().replace("[risk]\n", GRID, 1))
    run = guilder.train(file, "risk")
    loans = guilder.score(file, run=run).loans
    odds = pd.read_parquet(folder / "truth" / "odds.parquet").set_index("loan_id")["p_default"]
    truth = odds.loc[loans["loan_id"]].to_numpy()
    low, high, p = (loans[name].to_numpy() for name in ("p_low", "p_high", "p_default"))
    fifth = pd.qcut(p, 5, labels=False)
    rate = np.array([truth[fifth == part].mean() for part in range(5)])
    held = np.array([low[fifth == part].mean() <= rate[part] <= high[fifth == part].mean() for part in range(5)])
    return (
        f"{customers:>9,}  {len(loans):>6,}  {(high - low).mean():.3f}  {np.mean((low <= p) & (p <= high)):>7.1%}  "
        f"{np.mean((low <= truth) & (truth <= high)):>12.1%}  {held.sum()} of 5"
    )


def main() -> None:
    """Print one line a bank."""
    print("customers   loans  width  own PD    true odds     mean odds of a fifth by PD")
    for customers in [int(word) for word in sys.argv[1:]] or [2000, 10_000]:
        with tempfile.TemporaryDirectory() as folder:
            print(_measured(customers, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
