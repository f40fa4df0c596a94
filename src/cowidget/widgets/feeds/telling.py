"""Listeners, of which one that fails is none of the others' business."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
_log = logging.getLogger("cowidget")


def tell_all(listeners: Iterable[Callable[[T], object]], news: T) -> None:
    """Call each of them with the news; what one raises is logged."""
    for listener in tuple(listeners):
        try:
            listener(news)
        except Exception:  # noqa: BLE001 - the application's code, called from the link's thread
            _log.exception("a listener of a feed failed")
