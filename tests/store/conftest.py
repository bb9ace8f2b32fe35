"""Puts the tiny runs beside it on the path: every test of the store writes the same ones."""

from __future__ import annotations

import sys
from pathlib import Path

STORE = str(Path(__file__).resolve().parent)
if STORE not in sys.path:
    sys.path.insert(0, STORE)
