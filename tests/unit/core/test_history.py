"""What bridges a short absence."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.frames import Event
from cowidget.core.history import Addressed, EventRing, LogTail, fitting
from cowidget.core.values import Edit, Erased, LogEntry, Moment, Text


def event(at: int, by: str = "kernel", content: object = None, to: str = "") -> Addressed:
    return Addressed(Event(at, 1, by, "slider", content), to)


def line(at: int, text: str = "hello") -> LogEntry:
    return LogEntry(at, "ada", at, "Ada", "#008080", 0.0, Text(text))


def shown(at: int, picture: bytes) -> LogEntry:
    return LogEntry(at, "ada", at, "Ada", "#008080", 0.0, Moment("chart", 1.0, 2.0, picture))


def places(entries: object) -> list[int]:
    return [each.at for each in entries]


# Events.


@pytest.mark.rule("E1")
def test_an_event_is_for_everybody_but_its_author() -> None:
    assert [event(1, by="ada").is_for(peer) for peer in ("ada", "bob")] == [False, True]


@pytest.mark.rule("E1")
def test_an_addressed_event_is_for_one() -> None:
    addressed = event(1, by="ada", to="kernel")

    assert [addressed.is_for(peer) for peer in ("ada", "bob", "kernel")] == [False, False, True]


@pytest.mark.rule("E2")
def test_the_ring_gives_what_came_after_a_position() -> None:
    ring = EventRing(10)
    for each in (event(11), event(13), event(14, to="bob"), event(15, by="ada")):
        ring.add(each)

    assert (places(ring.since(11, "ada")), places(ring.since(11, "bob"))) == ([13], [13, 14, 15])


@pytest.mark.rule("E2")
def test_the_ring_knows_nothing_from_before_it_began() -> None:
    ring = EventRing(10)

    assert (ring.reaches(9), ring.reaches(10), ring.reaches(11)) == (False, True, True)


@pytest.mark.rule("E2")
def test_the_ring_is_bounded_by_number() -> None:
    ring = EventRing(0)
    for at in range(1, limits.MAX_EVENTS + 3):
        ring.add(event(at))

    assert (ring.reaches(1), ring.reaches(2), len(ring.since(0, "ada"))) == (False, True, limits.MAX_EVENTS)


@pytest.mark.rule("E2")
def test_the_ring_is_bounded_by_bytes() -> None:
    ring = EventRing(0)
    for at in range(1, 6):
        ring.add(event(at, content=b"x" * (limits.MAX_EVENT_BYTES // 3)))

    assert (places(ring.since(0, "ada")), ring.reaches(2), ring.reaches(3)) == ([4, 5], False, True)


def test_an_event_that_is_larger_than_the_ring_leaves_it_empty() -> None:
    ring = EventRing(0)
    ring.add(event(1))
    ring.add(event(2, content=b"x" * (limits.MAX_EVENT_BYTES + 1)))

    assert (ring.since(0, "ada"), ring.reaches(1), ring.reaches(2)) == ([], False, True)


# The log.


@pytest.mark.rule("L1")
def test_the_log_has_no_gap() -> None:
    tail = LogTail(4, [line(3), line(4)])

    with pytest.raises(AssertionError, match="offset 6 after 4"):
        tail.add(line(6))


@pytest.mark.rule("L2")
def test_the_tail_gives_pages() -> None:
    tail = LogTail(4, [line(3), line(4)])
    tail.add(line(5))

    assert (tail.top, places(tail.after(3, 10)), places(tail.after(2, 2)), places(tail.last(2))) == (
        5,
        [4, 5],
        [3, 4],
        [4, 5],
    )


@pytest.mark.rule("L2")
def test_the_tail_says_how_far_it_reaches() -> None:
    tail = LogTail(4, [line(3), line(4)])

    assert [tail.reaches(offset) for offset in (1, 2, 4, 9)] == [False, True, True, True]


def test_an_empty_tail_reaches_its_top() -> None:
    assert [LogTail(4, []).reaches(offset) for offset in (3, 4)] == [False, True]


def test_the_tail_is_bounded() -> None:
    tail = LogTail(0, [])
    for at in range(1, limits.LOG_TAIL + 2):
        tail.add(line(at))

    assert (tail.reaches(0), tail.reaches(1), len(tail.last(1000))) == (False, True, limits.LOG_TAIL)


@pytest.mark.rule("L8")
def test_the_tail_blanks_what_is_erased_and_its_edits() -> None:
    edit = LogEntry(5, "ada", 5, "Ada", "#008080", 0.0, Edit(3, "hello!"))
    tail = LogTail(5, [line(3), line(4), edit])
    tail.erase(3)

    assert [entry.body for entry in tail.last(3)] == [Erased(), Text("hello"), Erased(3)]


@pytest.mark.rule("L8")
def test_what_is_erased_makes_room_in_the_tail() -> None:
    tail = LogTail(0, [])
    for at in range(1, 17):
        tail.add(shown(at, bytes(limits.LOG_TAIL_BYTES // 8)))
        tail.erase(at)

    assert tail.reaches(0)


def test_to_erase_what_the_tail_does_not_reach_changes_nothing() -> None:
    tail = LogTail(4, [line(3), line(4)])
    tail.erase(1)

    assert [entry.body for entry in tail.last(2)] == [Text("hello")] * 2


@pytest.mark.rule("M5")
def test_a_page_holds_no_more_than_a_frame_should() -> None:
    entries = [line(at, "ä" * 8000) for at in range(1, 41)]

    assert len(fitting(entries)) == limits.PATCH_BYTES // 16_000
    assert fitting(entries[:3]) == tuple(entries[:3])


@pytest.mark.rule("L4")
def test_pictures_count_for_the_size_of_a_page() -> None:
    entries = [shown(at, bytes(100 << 10)) for at in range(1, 6)]

    assert places(fitting(entries)) == [1, 2]


@pytest.mark.rule("L4")
def test_the_tail_is_bounded_by_bytes_and_holds_more_than_a_page() -> None:
    tail = LogTail(1, [shown(1, bytes(128 << 10))])
    for at in range(2, 31):
        tail.add(shown(at, bytes(128 << 10)))

    assert (places(tail.last(1000)), tail.reaches(21), tail.reaches(22)) == (list(range(23, 31)), False, True)
    assert limits.LOG_TAIL_BYTES > limits.PATCH_BYTES


def test_a_tail_that_the_store_has_filled_is_bounded_too() -> None:
    tail = LogTail(20, [shown(at, bytes(128 << 10)) for at in range(1, 21)])

    assert (tail.top, len(tail.last(1000))) == (20, 8)


def test_a_page_holds_at_least_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATCH_BYTES", 1)

    assert (places(fitting([line(1), line(2)])), fitting([])) == ([1], ())
