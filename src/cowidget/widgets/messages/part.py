"""Where a widget is in a room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """The share, and what the keys of the widget and of all below it begin with."""

    share: str
    prefix: str


FindPart = Callable[[object], Part | None]
"""Finds a widget, or what a widget stands for, in the room."""
