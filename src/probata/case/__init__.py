"""The case: ``case.toml`` checked as a whole, findings set beside allegations, gaps named.

``load`` reads a case folder, ``assemble`` weighs the answers of the questions, ``write_template`` starts a
new case. There is no score and no arithmetic of guilt: only tests, verdicts by one computed rule, and what
is missing.
"""

from __future__ import annotations

from probata.case.check import CaseError
from probata.case.file import load
from probata.case.init import write_template
from probata.case.nouns import CaseFile, DataEntry, Fact, FigureCheck, Hypothesis
from probata.case.weigh import assemble, weigh

__all__ = [
    "CaseError",
    "CaseFile",
    "DataEntry",
    "Fact",
    "FigureCheck",
    "Hypothesis",
    "assemble",
    "load",
    "weigh",
    "write_template",
]
