"""Fixtures every floor shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("thorough", deadline=None)
settings.register_profile("untimed", deadline=None, max_examples=20)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets, which the project does not ship."""
    folder = Path(os.environ.get("GUILDER_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real data sets are not on this machine; name their folder in GUILDER_DATA")
    return folder
