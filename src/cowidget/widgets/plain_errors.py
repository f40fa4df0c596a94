"""Errors of ours as one sentence in a cell: they say what to do, a traceback through our files does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from cowidget.errors import CowidgetError

P = ParamSpec("P")
T = TypeVar("T")


def plain_errors(function: Callable[P, T]) -> Callable[P, T]:
    """Let IPython show the sentence alone. The exception is the same, with its traceback, for `except`."""

    @wraps(function)
    def call(*arguments: P.args, **options: P.kwargs) -> T:
        try:
            return function(*arguments, **options)
        except CowidgetError as error:
            sentence = f"{type(error).__name__}: {error}"
            # IPython asks the exception for its text by this name.
            vars(error)["_render_traceback_"] = lambda: [sentence]
            raise

    return call
