"""SPREAD: who copied, reworded, translated or quoted whom, in what order, and who acts in concert."""

from __future__ import annotations

from probata.analyse.spread.answer import PARAMETERS, REQUIRED, TESTS, VERSION, analyse

__all__ = ["PARAMETERS", "REQUIRED", "TESTS", "VERSION", "analyse"]
