"""Guilder: customer intelligence for retail banks.

Will this loan be repaid, who are our customers, and what should we offer them next: three answers from the tables a
bank already has, each informing the others. A bank is five tables; a date cuts them; expressions turn them into
facts; an estimator learns; a result is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guilder.errors import GuilderError
    from guilder.offers.cosine import CosineRecommender
    from guilder.risk.classifier import DefaultClassifier
    from guilder.segments.segmenter import CustomerSegmenter
    from guilder.source.bank import Bank
    from guilder.source.connect import connect
    from guilder.source.demo import demo_bank
    from guilder.store.runs import load_run
    from guilder.workflow.check import check
    from guilder.workflow.customers import explain
    from guilder.workflow.decide import decide
    from guilder.workflow.generate import generate
    from guilder.workflow.score import score
    from guilder.workflow.train import train

__all__ = [
    "Bank",
    "CosineRecommender",
    "CustomerSegmenter",
    "DefaultClassifier",
    "GuilderError",
    "check",
    "connect",
    "decide",
    "demo_bank",
    "explain",
    "generate",
    "load_run",
    "score",
    "train",
]

_HOMES = {
    "Bank": "source.bank",
    "CosineRecommender": "offers.cosine",
    "CustomerSegmenter": "segments.segmenter",
    "DefaultClassifier": "risk.classifier",
    "GuilderError": "errors",
    "check": "workflow.check",
    "connect": "source.connect",
    "decide": "workflow.decide",
    "demo_bank": "source.demo",
    "explain": "workflow.customers",
    "generate": "workflow.generate",
    "load_run": "store.runs",
    "score": "workflow.score",
    "train": "workflow.train",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that importing the package is fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'guilder' has no attribute {name!r}")
    value = getattr(import_module(f"guilder.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
