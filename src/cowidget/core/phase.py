"""Where a client is with its room: a table, and nothing else assigns a phase."""

from __future__ import annotations

from enum import StrEnum

from cowidget.core.closing import Closing, NextStep, closing_of


class Phase(StrEnum):
    """Where a client is with its room."""

    AWAY = "away"
    GREETING = "greeting"  # hello is sent
    JOINED = "joined"
    ENDED = "ended"  # closed with a step that stops; a new opening may still be tried


class Happening(StrEnum):
    """What moves a client from one phase to another."""

    OPENED = "opened"
    WELCOMED = "welcomed"
    CUT = "cut"
    STOPPED = "stopped"


# What is not listed cannot happen: the shell or the relay is wrong.
TRANSITIONS: dict[tuple[Phase, Happening], Phase] = {
    (Phase.AWAY, Happening.OPENED): Phase.GREETING,
    (Phase.ENDED, Happening.OPENED): Phase.GREETING,
    (Phase.GREETING, Happening.WELCOMED): Phase.JOINED,
    (Phase.GREETING, Happening.CUT): Phase.AWAY,
    (Phase.JOINED, Happening.CUT): Phase.AWAY,
    (Phase.GREETING, Happening.STOPPED): Phase.ENDED,
    (Phase.JOINED, Happening.STOPPED): Phase.ENDED,
    # A dial that failed closes what was never open.
    (Phase.AWAY, Happening.CUT): Phase.AWAY,
    (Phase.AWAY, Happening.STOPPED): Phase.ENDED,
    (Phase.ENDED, Happening.CUT): Phase.ENDED,
    (Phase.ENDED, Happening.STOPPED): Phase.ENDED,
}


def ending_of(code: int) -> Closing:
    """Why a code that stops has stopped us, also when the table does not list it."""
    return closing_of(code) or Closing(code, "unknown", NextStep.STOP, "The relay has ended this session.")
