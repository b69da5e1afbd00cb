"""The five questions: each a function ``analyse(store, ask) -> Answer`` that knows nothing of the others.

Where one needs another's result it reads the *table* that the other wrote (SLANT reads ``stories``).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import cast

from probata.model import QUESTIONS, Answer, Ask, Question
from probata.store.base import Store

Analysis = Callable[[Store, Ask], Answer]

__all__ = ["QUESTIONS", "Analysis", "analysis_of"]


def analysis_of(question: Question) -> Analysis:
    """The analysis of a question, imported when asked for: engines and models are heavy."""
    if question not in QUESTIONS:
        raise KeyError(f"no question {question!r}; there are {', '.join(QUESTIONS)}")
    module = importlib.import_module(f"probata.analyse.{question}")
    return cast(Analysis, module.analyse)
