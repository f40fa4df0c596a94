"""The libraries whose tables are made on request."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal, get_args

from cowidget.errors import ShareError

Backend = Literal["pandas", "polars"]


def imported(backend: Backend) -> Any:
    """The library.

    Raises:
        ShareError: it is not installed, or this is none.
    """
    if backend not in get_args(Backend):
        raise ShareError(f"backend={backend!r} is none of: {', '.join(map(repr, get_args(Backend)))}.")
    try:
        return import_module(backend)
    except ImportError as error:
        raise ShareError(f"This needs {backend}: pip install {backend}.") from error
