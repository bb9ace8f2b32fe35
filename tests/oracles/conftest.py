"""Puts the random banks of tests/features on the path: the same banks prove every law of the facts."""

from __future__ import annotations

import sys
from pathlib import Path

FEATURES = str(Path(__file__).resolve().parents[1] / "features")
if FEATURES not in sys.path:
    sys.path.insert(0, FEATURES)
