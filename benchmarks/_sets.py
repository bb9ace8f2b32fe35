"""The real sets that offers are judged on, and their splits; they are read from $GUILDER_DATA and never kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd


def folder() -> Path:
    return Path(os.environ.get("GUILDER_DATA", "data"))


def films() -> pd.DataFrame:
    """MovieLens-100k: every rating is a positive."""
    rated = pd.read_csv(folder() / "movielens-100k" / "u.data", sep="\t", header=None, names=["u", "i", "rating", "t"])
    return pd.DataFrame({
        "customer_id": rated["u"].map("{:04d}".format), "product_id": rated["i"].map("{:04d}".format), "kind": "hold",
        "at": pd.to_datetime(rated["t"], unit="s"),
    })  # fmt: skip


def three_quarters(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A random 75 % of each customer's rows, and the rest."""
    mixed = frame.sample(frac=1.0, random_state=seed)
    place = mixed.groupby("customer_id").cumcount()
    size = mixed.groupby("customer_id")["kind"].transform("size")
    known = place < (0.75 * size).round()
    return mixed.loc[known], mixed.loc[~known]


def insurance() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Zimnat's holdings, and what was known of each customer when they joined."""
    raw = pd.read_csv(folder() / "zimnat" / "Train.csv", keep_default_na=False)
    held, products = raw.iloc[:, 8:].to_numpy() > 0, np.asarray(raw.columns[8:], dtype=str)
    row, column = np.nonzero(held)
    frame = pd.DataFrame({"customer_id": raw["ID"].to_numpy()[row], "product_id": products[column], "kind": "hold"})
    joined = pd.to_datetime(raw["join_date"], format="mixed", dayfirst=True, errors="coerce")
    facts = raw[["sex", "marital_status", "birth_year", "branch_code", "occupation_code", "occupation_category_code"]]
    facts = facts.assign(joined=(joined - pd.Timestamp("2010-01-01")).dt.days, year=joined.dt.year.astype("str"))
    return frame, facts.set_axis(raw["ID"], axis=0)


def hide_one(frame: pd.DataFrame, seed: int, part: float) -> tuple[pd.DataFrame, pd.Series]:
    """Hide one random product of a random part of the customers with two or more: the rest, and the hidden ones."""
    rng = np.random.default_rng(seed)
    several = frame.loc[frame.groupby("customer_id")["kind"].transform("size") >= 2]
    people = several["customer_id"].unique()
    asked = people[rng.random(len(people)) < part]
    drawn = several.sample(frac=1.0, random_state=seed).drop_duplicates("customer_id")
    drawn = drawn.loc[drawn["customer_id"].isin(asked)]
    return frame.drop(drawn.index), drawn.set_index("customer_id")["product_id"].sort_index()
