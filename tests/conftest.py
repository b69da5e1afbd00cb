"""Fixtures shared by the whole suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from probata.store import Store, open_store

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data kept outside the project: PROBATA_DATA, or ``shared/data`` beside the checkout."""
    folder = Path(os.environ.get("PROBATA_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data is absent: set PROBATA_DATA to its folder (looked in {folder})")
    return folder


@pytest.fixture
def memory_store() -> Store:
    """A store without a folder."""
    return open_store(None)
