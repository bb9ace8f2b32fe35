"""A tiny bank with a published run, for a service to answer from."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from guilder.risk.classifier import DefaultClassifier
from guilder.store.manifest import manifest
from guilder.store.runs import Run, RunContent, write_run

CANARY = "Canaryman"
CUSTOMERS = pd.DataFrame({
    "customer_id": ["007", "8", "C/9"], "region": ["north", "south", "north"], "name": [f"{CANARY} {n}" for n in "abc"],
    "gender": ["female", "male", "female"],
})


def write_bank(folder: Path, more: str = "") -> Path:
    CUSTOMERS.to_csv(folder / "customers.csv", index=False)
    (folder / "bank.toml").write_text(f'name = "A"\n[tables.customers]\npath = "customers.csv"\n{more}')
    return folder


@cache
def model() -> DefaultClassifier:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({
        "amount": rng.lognormal(9, 1, 300).round(2), "purpose": pd.Categorical(rng.choice(["car", "home"], 300)),
    })
    y = (rng.random(300) < 1 / (1 + np.exp(9.5 - np.log(X["amount"])))).astype(int)
    return DefaultClassifier("logistic", cv=3, random_state=0).fit(X, y)


def publish(folder: Path, seed: int = 0, refused: tuple[str, ...] = ()) -> Run:
    ids = CUSTOMERS["customer_id"]
    # Columns that no run should have, as if a later version wrote them: only named fields may go out.
    customers = pd.DataFrame({"customer_id": ids, "segment": [0, 1, 0], "segment_name": ["savers", "payers", "savers"],
                              "p_default_LOAN": [0.02, 0.3, np.nan], "name": CUSTOMERS["name"],
                              "gender": CUSTOMERS["gender"]})  # fmt: skip
    loans = pd.DataFrame({
        "loan_id": ["L1", "L2"], "customer_id": ["007", None], "p_default": [0.04, 0.5], "p_low": [0.02, 0.4],
        "p_high": [0.08, np.nan], "band": ["B", "F"], "decision": ["approve", "decline"],
        "reason_1": ["the amount", None], "counterfactual": [None, "less of it"], "name": [CANARY, CANARY],
    })
    offers = pd.DataFrame({"customer_id": ["007", "007"], "product_id": ["CARD", "FUND"], "rank": [1, 2],
                           "score": [0.4, 0.1], "reason": ["because you hold A", "popular"],
                           "email": [f"{CANARY}@a.example"] * 2})  # fmt: skip
    content = RunContent(
        manifest(bank="A", as_of=datetime(2025, 6, 30), seed=seed, inputs=[], parameters={"refused": list(refused)}),
        {"as_of": "2025-06-30", "risk": {"promotion": {"refused": list(refused)}}} if refused else {}, {},
        {"risk": model()},
        {"customers": customers, "loans": loans, "offers": offers}, {},
    )  # fmt: skip
    return write_run(folder / "runs", content, lambda _: "<html></html>")
