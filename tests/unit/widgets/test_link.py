from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets
import pytest
import traitlets
from hypothesis import example, given, strategies as st

from cowidget.core.values import KeyState
from cowidget.errors import NotAllowed, ShareError
from cowidget.widgets.ends import LastWrite, LocalEnd, Reading
from cowidget.widgets.link import Link, dlink, link
from cowidget.widgets.remote import Standing
from tests.support.sample_widgets import Box, Counter, Even, Picture


def test_the_target_begins_with_the_sources_value() -> None:
    source, target = Counter(value=5), Counter(value=7)

    link((source, "value"), (target, "value"))

    assert target.value == 5


def test_each_end_follows_the_other() -> None:
    source, target = Counter(), Counter()
    link((source, "value"), (target, "value"))

    target.value = 9
    there = source.value
    source.value = 10

    assert (there, target.value) == (9, 10)


def test_what_the_target_makes_of_a_value_is_what_both_have() -> None:
    source, target = ipywidgets.IntText(value=3), Counter()
    link((source, "value"), (target, "value"))

    source.value = 500

    assert (source.value, target.value) == (100, 100)


def test_a_value_that_the_target_cannot_begin_with_is_corrected_too() -> None:
    source, target = ipywidgets.IntText(value=500), Counter()

    link((source, "value"), (target, "value"))

    assert source.value == 100


def test_a_value_that_an_end_refuses_goes_back() -> None:
    source, target = Counter(value=2), Even()
    made = link((source, "value"), (target, "value"))

    source.value = 3

    assert (source.value, target.value) == (2, 2)
    assert "only even numbers" in str(made.error)


def test_a_value_that_cannot_be_the_first_one_is_raised_and_nothing_is_linked() -> None:
    source, target = Counter(value=3), Even()

    with pytest.raises(traitlets.TraitError, match="only even"):
        link((source, "value"), (target, "value"))
    source.value = 4

    assert target.value == 0


def test_a_transformation_and_its_reverse() -> None:
    celsius, fahrenheit = ipywidgets.FloatText(value=100.0), ipywidgets.FloatText()
    link((celsius, "value"), (fahrenheit, "value"), transform=(lambda c: c * 1.8 + 32, lambda f: (f - 32) / 1.8))
    there = fahrenheit.value

    fahrenheit.value = 32.0

    assert (there, celsius.value) == (212.0, 0.0)


def test_a_transformation_that_loses_something_does_not_move_what_was_set() -> None:
    exact, rounded = ipywidgets.FloatText(), ipywidgets.IntText()
    link((exact, "value"), (rounded, "value"), transform=(round, float))

    exact.value = 2.4

    assert (exact.value, rounded.value) == (2.4, 2)


def test_a_transformation_that_fails_is_told_and_the_link_goes_on() -> None:
    source, target = Counter(value=1), Counter()
    made = dlink((source, "value"), (target, "value"), lambda value: 12 // value)

    source.value = 0
    failed = made.error
    source.value = 4

    assert isinstance(failed, ZeroDivisionError)
    assert (target.value, made.error) == (3, None)


def test_one_way_means_one_way() -> None:
    source, target = Counter(value=5), Counter()
    dlink((source, "value"), (target, "value"))

    target.value = 9

    assert source.value == 5


def test_an_unlinked_end_is_not_followed() -> None:
    source, target = Counter(), Counter()

    with link((source, "value"), (target, "value")) as made:
        source.value = 1
    source.value = 2

    assert target.value == 1
    assert repr(made) == "<link Counter.value <-> Counter.value, unlinked>"


def test_a_widget_below_is_named_by_its_path() -> None:
    inner, mine = Counter(value=4), Counter()
    box = Box(children=[inner])

    link((box, "children.0.value"), (mine, "value"))

    assert mine.value == 4


def test_dates_and_bytes_travel_as_they_do_to_a_front_end() -> None:
    source, target = ipywidgets.DatePicker(), ipywidgets.DatePicker()
    link((source, "value"), (target, "value"))
    first, second = Picture(), Picture()
    link((first, "pixels"), (second, "pixels"))

    source.value = __import__("datetime").date(2026, 2, 3)
    first.pixels = b"\x00\xff"

    assert target.value == source.value
    assert second.pixels == b"\x00\xff"


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ((Counter(), "speed"), "Counter has no trait 'speed'. It has: "),
        ((Counter(), "left.value"), "Counter has no widget at 'left'. It has: none."),
        ((3, "value"), r"An end of a link is a pair such as \(room, 'slider.value'\) .*, not \(int, 'value'\)."),
        (Counter(), "An end of a link is a pair such as .*, not Counter."),
    ],
)
def test_what_is_no_end_says_what_there_is(end: Any, text: str) -> None:
    with pytest.raises(ShareError, match=text):
        link(end, (Counter(), "value"))


# A pair of kernels, simulated: a room's trait that its owner limits, seen by a kernel that has joined.

ME, OWNER, SOMEBODY = "p1", "p2", "p3"


@dataclass
class Write:
    by: str
    value: int


class SimulatedRoom:
    """Orders writes, and lets the owner's widget decide about each; everything takes its time."""

    name = "room.value"

    def __init__(self, limit: Callable[[int], int], refuses: bool) -> None:
        self._limit = limit
        self._refuses = refuses
        self.held = limit(0)
        self.state = KeyState("s/value", 0, OWNER, self.held)
        self.own: list[int] = []
        self.writes = 0
        # Values that the owner has set and nobody else has heard of.
        self.outstanding = 0
        # What the last write was written over; and whether the owner has set that again while the write was on its
        # way, which from here looks like a refusal, and is respected like one.
        self.covered: int | None = None
        self.looks_refused = False
        self._last = LastWrite()
        self._changed: Callable[[], None] = lambda: None
        self.steps: deque[Callable[[], None]] = deque()

    # The end of a link, as `RemoteEnd`.

    def read(self) -> Reading | None:
        return self._last.reading_of(self._standing())

    def write(self, value: int) -> int:
        self._last.begin(self._standing())
        self.covered = self._standing().value
        self.own.append(value)
        self.writes += 1
        self.steps.append(lambda: self._order(Write(ME, value)))
        return value

    def follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        self._changed = changed
        return lambda: None

    def check_writable(self) -> None:
        return

    def _standing(self) -> Standing:
        shown = self.own[-1] if self.own else self.state.value
        by = self.state.by
        return Standing(shown, self.state, bool(self.own), by == ME, by == OWNER, False)

    # What happens in the room.

    def somebody_sets(self, value: int) -> None:
        self.steps.append(lambda: self._order(Write(SOMEBODY, value)))

    def owner_sets(self, value: int) -> None:
        if (limited := self._limit(value)) == self.held:
            return  # a widget that has the value already says nothing
        self.held = limited
        self.outstanding += 1
        self.steps.append(lambda: self._order_owners(limited))

    def step(self) -> bool:
        if self.steps:
            self.steps.popleft()()
        return bool(self.steps)

    def _order(self, write: Write) -> None:
        if write.by == ME:
            self.own.pop(0)
        version = self.state.version + 1
        self._put(KeyState("s/value", version, write.by, write.value, pending=True))
        self.steps.append(lambda: self._decide(write, version))

    def _order_owners(self, value: int) -> None:
        self.outstanding -= 1
        on_its_way = self.own or (self.state.by == ME and self.state.pending)
        self.looks_refused = bool(on_its_way) and value == self.covered
        self._put(KeyState("s/value", self.state.version + 1, OWNER, value))

    def _decide(self, write: Write, version: int) -> None:
        if self.outstanding or self.state.version != version:
            return  # what came later counts
        wanted = self._limit(write.value)
        refused = self._refuses and wanted != write.value
        self.held = self.held if refused else wanted
        by = OWNER if refused else write.by
        self._put(KeyState("s/value", version + 1, by, self.held))

    def _put(self, state: KeyState) -> None:
        self.state = state
        self._changed()


class Limited(traitlets.HasTraits):
    value = traitlets.Int()

    def __init__(self, limit: Callable[[int], int]) -> None:
        self._limit = limit
        super().__init__(value=limit(0))

    @traitlets.validate("value")
    def _check(self, proposal: dict[str, int]) -> int:
        return self._limit(proposal["value"])


def clamp(low: int, high: int) -> Callable[[int], int]:
    return lambda value: min(high, max(low, value))


Range = tuple[int, int]
RANGES = st.tuples(st.integers(-20, 20), st.integers(0, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))
ACTS = st.lists(
    st.tuples(st.sampled_from(["mine", "owner", "somebody", "step", "step"]), st.integers(-60, 60)), max_size=30
)


def play(room: SimulatedRoom, mine: Limited, acts: list[tuple[str, int]]) -> None:
    """Do all of it, and then let the room come to rest."""
    for act, value in acts:
        match act:
            case "mine":
                mine.value = value
            case "owner":
                room.owner_sets(value)
            case "somebody":
                room.somebody_sets(value)
            case _:
                room.step()
    # Each change may cause three writes, and a write takes two steps: more is an echo.
    for _ in range(8 * len(acts) + 20):
        if not room.steps:
            return
        room.step()
    raise AssertionError("the link never comes to rest")


@given(RANGES, RANGES, ACTS, st.booleans())
# The owner goes back, after an answer, to what it had before it: that is no second answer.
@example((-1, 0), (0, 0), [("owner", -1), ("step", 0), ("step", 0), ("owner", 0), ("owner", -1)], False)
def test_a_pair_of_clamping_kernels_comes_to_rest_and_agrees_where_it_can(
    theirs: Range, ours: Range, acts: list[tuple[str, int]], refuses: bool
) -> None:
    room, mine = SimulatedRoom(clamp(*theirs), refuses), Limited(clamp(*ours))
    made = Link(room, LocalEnd(mine, "value"), None, back=True)
    made._open()

    play(room, mine, acts)

    common = max(theirs[0], ours[0]) <= min(theirs[1], ours[1])
    if common and not refuses and not room.looks_refused:
        assert room.state.value == mine.value
    assert mine.value == clamp(*ours)(mine.value)


@given(ACTS)
def test_ends_that_never_agree_do_not_drive_each_other(acts: list[tuple[str, int]]) -> None:
    room, mine = SimulatedRoom(lambda value: value + value % 2, False), Limited(lambda value: value + 1 - value % 2)
    made = Link(room, LocalEnd(mine, "value"), None, back=True)
    made._open()

    play(room, mine, acts)

    assert room.writes <= 3 * (len(acts) + 1)


class Forbidden(SimulatedRoom):
    def write(self, value: int) -> int:
        raise NotAllowed("the host has changed its mind")


def test_what_the_host_no_longer_allows_is_put_back_here() -> None:
    room, mine = Forbidden(clamp(0, 100), False), Limited(clamp(0, 100))
    made = Link(room, LocalEnd(mine, "value"), None, back=True)
    made._open()

    mine.value = 7

    assert mine.value == 0
    assert str(made.error) == "the host has changed its mind"


class Automatic(SimulatedRoom):
    """Its other people are kernels, with links of their own."""

    def read(self) -> Reading | None:
        reading = super().read()
        automatic = self.state.by == SOMEBODY and not self.own
        return reading and Reading(reading.value, reading.answer, automatic)

    def _put(self, state: KeyState) -> None:
        super()._put(state)
        if state.by == ME and not state.pending and state.value > 10:
            self.somebody_sets(10)  # the other kernel's widget goes no further


def test_two_kernels_whose_widgets_cannot_agree_come_to_rest_as_well() -> None:
    room, mine = Automatic(clamp(0, 100), False), Limited(clamp(20, 30))
    made = Link(room, LocalEnd(mine, "value"), None, back=True)
    made._open()

    for _ in range(200):
        room.step()

    assert not room.steps
    assert room.writes < 20
