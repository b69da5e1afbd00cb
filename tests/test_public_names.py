"""What a package offers is what it says it offers."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import probata

PACKAGES = sorted(m.name for m in pkgutil.walk_packages(probata.__path__, "probata.") if m.ispkg)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_offered_exists(name: str) -> None:
    """``__all__`` names nothing that is not there, and a package explains itself."""
    module = importlib.import_module(name)
    assert not [item for item in getattr(module, "__all__", []) if not hasattr(module, item)]
    assert module.__doc__
    assert "Placeholder" not in module.__doc__
