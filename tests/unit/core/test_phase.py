"""The table of phases."""

from __future__ import annotations

from itertools import product

from cowidget.core import closing
from cowidget.core.phase import TRANSITIONS, Happening, Phase, ending_of


def test_a_close_is_taken_in_every_phase() -> None:
    assert set(product(Phase, (Happening.CUT, Happening.STOPPED))) <= TRANSITIONS.keys()


def test_only_a_greeting_becomes_joined() -> None:
    assert [before for (before, _), after in TRANSITIONS.items() if after is Phase.JOINED] == [Phase.GREETING]


def test_every_phase_but_away_is_reached() -> None:
    assert set(TRANSITIONS.values()) == set(Phase)


def test_an_ending_is_explained_also_when_its_code_is_new() -> None:
    assert ending_of(4504) is closing.STOPPED
    assert (ending_of(4999).code, ending_of(4999).slug) == (4999, "unknown")
