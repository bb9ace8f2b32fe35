"""A realistic run, made of arithmetic and one seeded generator: every section of the page is in it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PRODUCTS = ["Current account", "Savings book", "Credit card", "Personal loan", "Home insurance", "Fund plan"]
AUDIT = Path(__file__).with_name("risk_audit.json")
"""Validation and fairness of a made-up bank of 2,000 customers, shortened."""
FACTS = {
    "days_below_zero_90d": "days the balance was below zero, last 90 days",
    "money_in_365d": "money that came in, last 365 days",
    "burden_inflow": "instalment as a share of monthly inflow",
    "income_regularity_365d": "regularity of income, last 365 days",
    "balance_last": "last known balance",
    "transactions_count_90d": "bookings, last 90 days",
    "earlier_defaults": "earlier loans that defaulted",
    "age": "age at application",
    "ticket_mean_30d": "mean booking, last 30 days",
}
SEGMENTS = ["Salaried card users", "Cash and branch", "Savers", "Young and busy"]
BEHAVIOUR = [
    "transactions_count_365d",
    "ticket_mean_365d",
    "active_months_365d",
    "recency_days",
    "share_channel_card_365d",
]


def _f(value: float, half: float) -> dict[str, float]:
    return {"value": round(value, 6), "low": round(value - half, 6), "high": round(value + half, 6)}


def _scores(auc: float, brier: float, mean_p: float, slope: float, logloss: float) -> dict[str, Any]:
    return {
        "auc": _f(auc, 0.021),
        "gini": _f(2 * auc - 1, 0.042),
        "ks": _f((auc - 0.5) * 1.6, 0.035),
        "pr_auc": _f(auc - 0.45, 0.03),
        "brier": _f(brier, 0.0031),
        "log_loss": _f(logloss, 0.009),
        "calibration_error": _f(abs(mean_p - 0.083) + 0.006, 0.004),
        "calibration_slope": _f(slope, 0.09),
        "mean_p": _f(mean_p, 0.002),
        "observed_rate": _f(0.083, 0.008),
        "accuracy": _f(0.861, 0.01),
        "precision": _f(0.281, 0.03),
        "recall": _f(0.523, 0.045),
        "f1": _f(0.366, 0.03),
    }


def _candidates() -> list[dict[str, Any]]:
    rows = []
    for i, learner in enumerate(("logistic", "forest", "boosting")):
        for j, balancing in enumerate(("none", "class_weight", "smote")):
            auc = 0.792 + 0.007 * i - 0.005 * j
            off = (0.0, 0.31, 0.24)[j] - 0.06 * i * (j > 0)
            rows.append(
                {
                    "learner": learner,
                    "balancing": balancing,
                    "seconds": 1.5 + i * 4,
                    "raw": _scores(auc, 0.0671 + off * 0.3, 0.083 + off, 0.94 - off, 0.2431 + off * 0.8),
                    "calibrated": _scores(
                        auc, 0.0671 + 0.0008 * j - 0.0004 * i, 0.084, 0.98, 0.2431 + 0.002 * j - 0.001 * i
                    ),
                }
            )
    return rows


def _data() -> tuple[dict[str, Any], dict[str, Any]]:
    tables = [
        {
            "name": "customers",
            "rows_in": 5000,
            "accepted": 4988,
            "quarantined": 12,
            "undeclared": ["shoe_size", "email"],
            "violations": [
                {"id": "G-CUSTOMER-002", "column": "birth_date", "reason": "not a date as %Y-%m-%d", "rows": 12}
            ],
        },
        {
            "name": "transactions",
            "rows_in": 1036412,
            "accepted": 1036012,
            "quarantined": 400,
            "undeclared": [],
            "violations": [
                {"id": "G-TX-004", "column": "amount", "reason": "not a number", "rows": 311},
                {"id": "G-TX-007", "column": "customer_id", "reason": "no such customer", "rows": 89},
            ],
        },
        {"name": "loans", "rows_in": 6203, "accepted": 6203, "quarantined": 0, "undeclared": [], "violations": []},
        {"name": "products", "rows_in": 6, "accepted": 6, "quarantined": 0, "undeclared": [], "violations": []},
        {
            "name": "interactions",
            "rows_in": 41250,
            "accepted": 41250,
            "quarantined": 0,
            "undeclared": [],
            "violations": [],
        },
    ]
    rng = np.random.default_rng(4)
    distributions = []
    for place, (fact, meaning) in enumerate(FACTS.items()):
        scale = (10, 40000, 0.2, 0.3, 4000, 60, 1, 12, 80)[place]
        good = rng.gamma(2, scale, 4000)
        bad = rng.gamma(2, scale * (1.5 if place % 2 == 0 else 0.7), 400)
        edges = np.linspace(0, float(np.quantile(good, 0.99)), 21)
        distributions.append(
            {
                "fact": fact,
                "meaning": meaning,
                "edges": edges.tolist(),
                "median_good": float(np.median(good)),
                "median_bad": float(np.median(bad)),
                "good": np.histogram(good, edges)[0].tolist(),
                "bad": np.histogram(bad, edges)[0].tolist(),
            }
        )
    corr = np.corrcoef(rng.normal(size=(len(FACTS), 12)) + np.linspace(0, 2, 12))
    months = [f"{2022 + m // 12}-{m % 12 + 1:02d}" for m in range(42)]
    figures = {
        "distributions": distributions,
        "correlations": {"facts": list(FACTS), "matrix": corr.round(6).tolist()},
        "transactions_per_month": {
            "month": months,
            "count": [int(18000 + 250 * m + 2500 * (m % 12 == 11)) for m in range(42)],
        },
    }
    known = {
        "tables": tables,
        "loans": 6203,
        "customers": 4988,
        "transactions": 1036012,
        "interactions": 41250,
        "first_event": "2022-01-01T00:00:00",
        "last_event": "2025-06-29T00:00:00",
    }
    return known, figures


def _risk() -> tuple[dict[str, Any], dict[str, Any]]:
    test = _scores(0.806, 0.0664, 0.0841, 0.97, 0.2405)
    base = {
        "auc": 0.5,
        "gini": 0.0,
        "ks": 0.0,
        "pr_auc": 0.083,
        "brier": 0.0761,
        "log_loss": 0.2861,
        "mean_p": 0.081,
        "observed_rate": 0.083,
    }
    candidates = _candidates()
    x = np.linspace(0, 1, 101)
    said = np.array([0.012, 0.021, 0.031, 0.043, 0.058, 0.075, 0.1, 0.135, 0.19, 0.31])
    seen = said * 0.97 + np.array([0.002, -0.004, 0.003, 0.006, -0.005, 0.004, -0.006, 0.01, -0.01, 0.02])
    edges = np.linspace(0, 0.6, 31)
    rng = np.random.default_rng(7)
    good, bad = rng.beta(1.3, 17, 1400), rng.beta(2.4, 9, 130)
    grid = np.linspace(0, 0.6, 80)
    known = {
        "rows": 5620,
        "bads": 471,
        "split": {
            "kind": "out_of_time",
            "banner": "",
            "train": 3310,
            "valid": 827,
            "test": 1483,
            "valid_from": "2024-02-01",
            "test_from": "2024-07-01",
            "dropped": {"immature": 541, "outcome unknown": 42},
        },
        "facts": 74,
        "dropped_facts": {"share_channel_telex_365d": "the same for every loan"},
        "candidates": candidates,
        "champion": {
            "learner": "boosting",
            "balancing": "none",
            "calibration": "sigmoid",
            "why": "lowest log loss on the validation loans, 0.2411 against 0.2431 for the logistic",
        },
        "test": test,
        "baseline": base,
        "challenger": {
            "learner": "logistic",
            "test": _scores(0.795, 0.0672, 0.0838, 0.99, 0.2433),
            "difference": {"auc": _f(0.011, 0.016), "log_loss": _f(-0.0028, 0.0035)},
        },
        "verdict": "ranks far better than the base rate",
        "cut_off": {"p": 0.12, "rule": "refuse the riskiest fifth"},
        "reject_inference": {
            "verdict": "would not help", "why": "no method saves a hundredth of the log loss", "masks": 20,
            "declined": 0.3, "hidden": 310.0,
            "methods": {
                name: {"log_loss": _f(0.61, 0.03), "auc": _f(0.66, 0.04), "level": _f(0.9, 0.1), "gain": _f(g, 0.004)}
                for name, g in (("nothing", 0.0), ("reweighting", 0.001), ("fuzzy", -0.002), ("parcelling", 0.003))
            },
        },
        "policy": {
            "refer_from": 0.8, "margin": 0.08, "lgd": 0.6, "ead": 0.9, "break_even": 0.129,
            "validation": {
                "approval": _f(0.86, 0.01), "bad_rate": _f(0.041, 0.008), "profit": _f(0.04, 0.004), "referred": 0.07,
            },
            "test": {
                "approval": _f(0.85, 0.01), "bad_rate": _f(0.043, 0.009), "profit": _f(0.039, 0.004), "referred": 0.08,
            },
        },
        "bands": [
            {
                "band": "ABCDE"[i],
                "low": lo,
                "high": hi,
                "loans": n,
                "bads": b,
                "mean_p": m,
                "observed": {"value": b / n, "low": b / n * 0.7, "high": b / n * 1.35},
            }
            for i, (lo, hi, n, b, m) in enumerate(
                [
                    (0, 0.02, 310, 4, 0.014),
                    (0.02, 0.05, 480, 17, 0.034),
                    (0.05, 0.1, 372, 28, 0.072),
                    (0.1, 0.2, 221, 31, 0.138),
                    (0.2, 1, 100, 43, 0.31),
                ]
            )
        ],
        "warnings": ["Only 123 defaults among the test loans: intervals are wide."],
        "term_structure": _term()[0],
        **json.loads(AUDIT.read_text(encoding="utf-8")),
        "reasons": {
            "method": "exact path-dependent Shapley values of the trees", "parts": 1, "seed": 17, "refits": 2,
            "reference": "training loans: their mean for linear learners, the rows that grew them for trees",
            "declines": 57, "other_seed": _f(0.87, 0.07), "bootstrap": _f(0.66, 0.09),
        },
        "scorecard": _scorecard(),
        "leakage": [
            {
                "id": "value", "fact": "balance_last", "severity": "accepted", "evidence": {"auc": 0.987},
                "message": "balance_last: alone ranks outcomes with AUC 0.987. Accepted by the bank: read daily",
            },
        ],
    }
    figures = {
        "roc": {"fpr": x.tolist(), "tpr": (x**0.3).tolist()},
        "pr": {"recall": x.tolist(), "precision": (0.083 + 0.55 * (1 - x) ** 1.6).tolist()},
        "calibration": {
            "mean_p": said.tolist(),
            "observed": seen.tolist(),
            "low": (seen * 0.7).tolist(),
            "high": (seen * 1.3).tolist(),
            "count": [148] * 10,
        },
        "calibration_raw": {
            "mean_p": (said * 1.25).tolist(),
            "observed": seen.tolist(),
            "low": (seen * 0.7).tolist(),
            "high": (seen * 1.3).tolist(),
            "count": [148] * 10,
        },
        "ks": {
            "score": grid.tolist(),
            "good": [float((good <= g).mean()) for g in grid],
            "bad": [float((bad <= g).mean()) for g in grid],
        },
        "policy": {
            "cut_off": [0.001, 0.03, 0.12, 0.61],
            "approval": [_f(0.0, 0.0), _f(0.4, 0.02), _f(0.85, 0.01), _f(1.0, 0.0)],
            "bad_rate": [{"value": None, "low": None, "high": None}, *(_f(b, 0.01) for b in (0.02, 0.043, 0.083))],
            "profit": [_f(0.0, 0.0), _f(0.02, 0.003), _f(0.039, 0.004), _f(0.03, 0.005)],
        },
        "term_structure": _term()[1],
        "example": {
            "loan_id": "L00000605", "band": "G", "p_default": 0.213, "p_low": 0.17, "p_high": 0.29,
            "reasons": ["days below zero in the last 90 days: 19", "monthly payment of the loan: 410"],
            "counterfactual": "would pass with term of the loan in months 48 instead of 36",
        },
        "confusion": {"tn": 1195, "fp": 165, "fn": 59, "tp": 64, "cut_off": 0.12},
        "balancing": [
            {
                "learner": c["learner"],
                "balancing": c["balancing"],
                "auc": c["calibrated"]["auc"]["value"],
                "pr_auc": c["calibrated"]["pr_auc"]["value"],
                "brier_raw": c["raw"]["brier"]["value"],
                "brier": c["calibrated"]["brier"]["value"],
                "mean_p_raw": c["raw"]["mean_p"]["value"],
                "mean_p": c["calibrated"]["mean_p"]["value"],
                "observed": 0.083,
            }
            for c in candidates
        ],
        "importance": [
            {"fact": fact, "meaning": meaning, "value": 0.03 / (i + 1)}
            for i, (fact, meaning) in enumerate(FACTS.items())
        ],
        "score_histogram": {
            "edges": edges.tolist(),
            "good": np.histogram(good, edges)[0].tolist(),
            "bad": np.histogram(bad, edges)[0].tolist(),
        },
    }
    return known, figures


def _scorecard() -> dict[str, Any]:
    labels = ("under -1,200", "-1,200 or more", "missing")
    bins = [
        {"label": label, "points": 12.4 * place, "low": None, "high": None, "values": [], "others": False,
         "missing": place == 2, "rows": rows, "share": rows / 4000, "bads": bads, "rate": _f(bads / rows, 0.01),
         "woe": 0.5 - 0.4 * place, "iv": 0.1}
        for place, (label, rows, bads) in enumerate(zip(labels, (1000, 2990, 10), (180, 210, 1), strict=True))
    ]  # fmt: skip
    return {
        "is_champion": False, "period": "quarter", "points_to_double": 20.0, "points_at_odds": [600.0, 50.0],
        "base": 431.25, "highest": 689.5,
        "iv": [
            {"fact": fact, "iv": 0.5 - 0.05 * place, "bins": 3, "shape": "rising", "used": place < 2,
             "orders_kept": 3, "periods": 4}
            for place, fact in enumerate(FACTS)
        ],
        "points": [
            {"fact": fact, "category": False, "neutral": 6.0, "bins": bins} for fact in list(FACTS)[:2]
        ],
        "rounding": {"points": 1.9, "pd_mean": 0.0007, "pd_most": 0.012, "auc": 0.7921, "auc_whole": 0.7919},
    }  # fmt: skip


def _term() -> tuple[dict[str, Any], dict[str, Any]]:
    within = [0.0, 0.0, 0.0, 0.1, 0.2, 0.3, 0.42, 0.55, 0.66, 0.78, 0.9, 1.0]
    rows = [
        {"group": group, "loans": 500, "observed": 9, "expected": 8.5, "ratio": _f(1.06, 0.6)} for group in ("A", "B")
    ]
    known = {
        "why": None, "horizon_months": 12, "loans": 9000, "defaults": 810, "immature": 1400,
        "left_out": {"a default without a date": 3}, "followed_months": 24, "level": _f(1.02, 0.06),
        "slope": _f(0.97, 0.05), "slope_after": _f(0.31, 0.2), "events_after": 60,
        "curve": {"within": within, "after": [0.001 * month for month in range(1, 13)], "slope": 0.31},
        "test": {
            "why": None, "from": "2024-06-01", "loans": 1000, "observed": 18, "expected": 17.0, "ratio": _f(1.06, 0.4),
            "bands": rows, "vintages": [{**row, "group": f"2024 Q{3 + i}"} for i, row in enumerate(rows)],
            "fitted_on": {"loans": 8000, "level": _f(1.0, 0.1), "slope": _f(1.0, 0.1)}, "shape_moved": 0.02,
        },
    }  # fmt: skip
    months = list(range(1, 25))
    seen = [0.08 * each for each in within] + [0.08 + 0.001 * month for month in range(12)]
    curves = [
        {
            "group": group, "loans": 500, "months": months, "observed": [size * each for each in seen],
            "low": [None if not each else size * each * 0.8 for each in seen],
            "high": [None if not each else size * each * 1.2 for each in seen],
            "predicted": [size * each * 1.05 for each in seen],
        }
        for group, size in (("A", 0.3), ("B", 2.0))
    ]  # fmt: skip
    return known, {"all": curves, "test": curves}


def _segments() -> tuple[dict[str, Any], dict[str, Any]]:
    rng = np.random.default_rng(11)
    centres = np.array([[2, 1], [-2.2, 0.6], [-0.4, -2], [1, 3]])
    label = rng.integers(0, 4, 1200)
    xy = centres[label] + rng.normal(scale=0.75, size=(1200, 2))
    candidates = [
        {
            "k": k,
            "silhouette": 0.4 - 0.03 * abs(k - 4),
            "davies_bouldin": 0.9 + 0.1 * abs(k - 4),
            "stability_mean": 0.95 - 0.06 * abs(k - 4),
            "stability_p05": 0.9 - 0.1 * abs(k - 4),
            "stability_time": 0.93 - 0.07 * abs(k - 4),
            "jaccard": [0.97, 0.95 - 0.05 * abs(k - 4)],
            "gap": 0.12 - 0.02 * abs(k - 4),
            "gap_error": 0.01,
            "scatter_gap": 0.2 - 0.03 * abs(k - 4),
            "calinski_harabasz": 900.0 - 50 * k,
            "null_stability_mean": 0.82 - 0.05 * (k - 2),
            "smallest_share": 0.4 / k,
            "eligible": k < 8,
        }
        for k in range(2, 9)
    ]
    shares = [0.38, 0.27, 0.21, 0.14]
    z = [
        [0.9, 0.2, 0.7, -0.6, 1.1],
        [-0.8, 0.6, -0.5, 0.3, -1.6],
        [-0.9, 1.3, -0.9, 0.9, -0.2],
        [1.4, -1.0, 0.6, -0.7, 0.8],
    ]
    profiles = [
        {
            "segment": i,
            "name": SEGMENTS[i],
            "customers": int(4600 * shares[i]),
            "share": shares[i],
            "medians": dict(
                zip(
                    BEHAVIOUR,
                    [220 + 80 * z[i][0], 64 + 30 * z[i][1], 10.0, 4 - 2 * z[i][3], 0.4 + 0.2 * z[i][4]],
                    strict=True,
                )
            ),
            "z": dict(zip(BEHAVIOUR, z[i], strict=True)),
            "effects": dict(zip(BEHAVIOUR, np.tanh(z[i]).tolist(), strict=True)),
        }
        for i in range(4)
    ]
    known = {
        "k": 4,
        "verdict": "natural",
        "verdict_why": "Fresh samples agree to 0.95; data without segments agree to 0.72",
        "silhouette": 0.4,
        "davies_bouldin": 0.9,
        "stability_mean": 0.95,
        "stability_p05": 0.9,
        "stability_time": 0.93,
        "null_stability_mean": 0.72,
        "limits": {"smallest_share": 0.03, "stability_mean": 0.8, "stability_time": 0.6, "gap": 0.05},
        "comparison": [
            {"method": name, "agreement": agreed, "stability_mean": 0.95, "stability_p05": 0.9, "silhouette": 0.4,
             "smallest_share": 0.12}
            for name, agreed in (("ours", 1.0), ("bisecting K-Means", 0.91), ("Gaussian mixture", 0.84))
        ],
        "sizes": {name: int(4600 * share) for name, share in zip(SEGMENTS, shares, strict=True)},
        "names": SEGMENTS,
        "facts": BEHAVIOUR,
        "dropped_facts": {"money_out_365d": "correlation 0.98 with money in"},
        "candidates": candidates,
        "rules": {"dormant": 231, "new": 157},
    }
    figures = {
        "map": {
            "x": xy[:, 0].round(4).tolist(),
            "y": xy[:, 1].round(4).tolist(),
            "segment": [SEGMENTS[i] for i in label],
        },
        "axes": ["activity: bookings, active months", "size: mean ticket, recency"],
        "explained": [0.46, 0.27],
        "profiles": profiles,
        "choice": candidates,
    }
    return known, figures


def _offers() -> tuple[dict[str, Any], dict[str, Any]]:
    levels = {"random": 0.24, "popular": 0.41, "decayed_popular": 0.43, "cosine": 0.49}
    methods = {
        name: {
            "map_at_7": _f(v, 0.018),
            "ndcg_at_5": _f(v + 0.06, 0.018),
            "ndcg_at_10": _f(v + 0.1, 0.015),
            "recall_at_5": _f(v + 0.2, 0.02),
            "precision_at_5": _f(v / 3, 0.01),
            "hit_at_1": _f(v - 0.08, 0.025),
            "hit_at_3": _f(v + 0.12, 0.025),
            "mrr_at_10": _f(v + 0.05, 0.02),
            "log_loss": _f(2.2 - v, 0.05),
            "coverage": 1.0 if name == "random" else 0.83,
            "gini_of_exposure": _f(0.7 - v / 2, 0.02),
            "novelty": _f(3.1 - v, 0.1),
            "diversity": _f(0.6 + v / 4, 0.02),
        }
        for name, v in levels.items()
    }
    rng = np.random.default_rng(3)
    matrix = rng.uniform(0.02, 0.5, (6, 6))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 1)
    known = {
        "protocol": "global time split",
        "cut_off": "2025-01-01",
        "customers": 1384,
        "methods": methods,
        "champion": "cosine",
        "verdict": "cosine finds more than popularity does",
        "ceiling": {"map_at_7": 1.0, "precision_at_5": 0.34},
        "everyone": {
            "customers": 5000,
            "took": 1384,
            "ceiling": {"map_at_7": 0.277, "precision_at_5": 0.094},
            "methods": {name: {"map_at_7": 0.277 * v} for name, v in levels.items()},
        },
        "cold": {"customers": 12, "methods": {}},
        "warm": {"customers": 1372, "methods": {name: {"map_at_7": _f(v, 0.02)} for name, v in levels.items()}},
        "by_segment": [
            {
                "segment": SEGMENTS[0],
                "customers": 1200,
                "map_at_7": {"cosine": _f(0.5, 0.02), "decayed_popular": _f(0.4, 0.02)},
            },
            {"segment": SEGMENTS[1], "customers": 17},
        ],
        "taste": {"method": "cosine", "standard_errors": 11.5},
        "null": {"method": "cosine", "standard_errors": 0.4, "customers": 1201},
        "difference": {"cosine_minus_popular": {"map_at_7": _f(0.08, 0.02), "ndcg_at_5": _f(0.07, 0.02)}},
        "suppressed": {"already held": 9821, "PD above the policy": 713, "under age": 64, "no consent": 2210},
    }
    figures = {
        "methods": [
            {"name": name, **{k: v["value"] if isinstance(v, dict) else v for k, v in row.items()}}
            for name, row in methods.items()
        ],
        "similarity": {"products": PRODUCTS, "matrix": matrix.round(6).tolist()},
    }
    return known, figures


def _customers() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    risk = [
        {
            "segment_name": name,
            "loans": 900 - 150 * i,
            "mean_p": 0.04 + 0.035 * i,
            "observed": _f(0.043 + 0.033 * i, 0.012),
        }
        for i, name in enumerate(SEGMENTS)
    ]
    cards = [
        {
            "customer_id": f"C{1000 + i}",
            "segment_name": SEGMENTS[i % 4],
            "p_default": None if i == 5 else 0.02 + 0.04 * i,
            "name": "Ada Personal",
            "email": "ada@personal.example",
            "phone": "+31 20 555 0100",
            "reasons": ["19 days below zero in the last 90 days raise the PD", "a regular salary lowers it"][
                : 2 - (i == 5)
            ],
            "offers": [
                {"product": PRODUCTS[1], "score": 0.42, "reason": "because you hold Current account"},
                {"product": PRODUCTS[4], "score": 0.31, "reason": "because you hold Savings book"},
            ],
            "withheld": [{"product": PRODUCTS[3], "reason": "PD 14% is above the bank's 10%"}] if i > 2 else [],
        }
        for i in range(6)
    ]
    return {"risk_by_segment": risk}, cards


def build() -> dict[str, dict[str, Any]]:
    """The manifest, metrics and figures of one made-up run."""
    data, risk, segments, offers, customers = _data(), _risk(), _segments(), _offers(), _customers()
    metrics = {
        "name": "Demo bank",
        "currency": "EUR",
        "as_of": "2025-06-30",
        "seed": 1,
        "data": data[0],
        "risk": risk[0],
        "segments": segments[0],
        "offers": offers[0],
        "customers": customers[0],
    }
    figures = {
        "data": data[1],
        "risk": risk[1],
        "segments": segments[1],
        "offers": offers[1],
        "customers": customers[1],
    }
    manifest = {
        "run_id": "20250630-1-3f2a",
        "guilder": "0.1.0",
        "python": "3.11.9",
        "packages": {"numpy": "2.4.1", "duckdb": "1.4.2"},
        "seed": 1,
        "as_of": "2025-06-30",
        "created": "2025-07-01T08:00:00+00:00",
        "inputs": [
            {"table": "loans", "sha256": "ab12" * 16, "rows": 6203},
            {"table": "customers", "sha256": "cd34" * 16, "rows": 5000},
        ],
        "parameters": {"risk": {"horizon_months": 12, "cut_off": None}, "offers": {"top": 3}},
    }
    return {"manifest": manifest, "metrics": metrics, "figures": figures}


@pytest.fixture(scope="session")
def _summary() -> dict[str, dict[str, Any]]:
    return build()


@pytest.fixture
def summary(_summary: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """One run's summary, a fresh copy for each test."""
    return copy.deepcopy(_summary)


@pytest.fixture(scope="session")
def whole_page(_summary: dict[str, dict[str, Any]]) -> str:
    """The page of that run, drawn once."""
    from guilder.report import page

    return page(**_summary)
