"""The table of phases."""

from __future__ import annotations

from itertools import product

from cowidget.core.phase import TRANSITIONS, Happening, Phase


def test_a_close_is_taken_in_every_phase() -> None:
    assert set(product(Phase, (Happening.CUT, Happening.STOPPED))) <= TRANSITIONS.keys()


def test_only_a_greeting_becomes_joined() -> None:
    assert [before for (before, _), after in TRANSITIONS.items() if after is Phase.JOINED] == [Phase.GREETING]


def test_every_phase_but_away_is_reached() -> None:
    assert set(TRANSITIONS.values()) == set(Phase)
