"""One chart's marks in rooms on lines that the test holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread, link_thread
from cowidget.core import notes
from cowidget.core.frames import Ack, Patch, Set, Welcome
from cowidget.core.notes import Effect, Transmit
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import KeyState, Position
from cowidget.widgets.charts.mark_book import MarkBook, MarkPlace
from cowidget.widgets.charts.marks import Mark, key_of, made

HERE = made("mark", "m", t=1.0, text="here")
THERE = made("mark", "m", t=2.0, text="there")


class Line:
    """A kernel's line to one room, which orders what comes; while held, nothing of ours reaches it."""

    def __init__(self, book: MarkBook, share: str = "price") -> None:
        self.thread: LinkThread = link_thread()
        self.replica = Replica(Identity("room", "kernel", "kernel-1"))
        self.share = share
        self.kept: dict[str, Any] = {}
        self.held: list[Set] | None = None
        self.place = MarkPlace(cast(Handle, self), share, book)
        self._at = 0
        self.thread.ask(self._open)

    def push(self, make: Callable[[Replica], list[Effect]]) -> None:
        self.thread.call(lambda: self._run(make(self.replica)))

    def enters(self) -> None:
        self.push(self.place.open)
        self.settles()

    def leaves(self) -> None:
        self.thread.ask(self.place.close)

    def guest_sets(self, identity: str, value: dict[str, Any] | None) -> None:
        """Somebody else writes a mark, or takes it away."""
        self.thread.ask(lambda: self._order(key_of(self.share, identity), value, "guest"))

    def settles(self) -> None:
        """Everything that was on its way has arrived."""
        for _ in range(5):
            self.thread.ask(lambda: None)

    def release(self) -> None:
        """What was held reaches the room."""

        def send() -> None:
            held, self.held = self.held or [], None
            for push in held:
                self._take(push)

        self.thread.ask(send)
        self.settles()

    def texts(self) -> dict[str, str]:
        """What everybody in the room sees, by id."""
        return {key.rpartition("/")[2]: value["text"] for key, value in self.kept.items()}

    def _open(self) -> None:
        self._run(self.replica.receive_opened("secret"))
        welcome = Welcome("p1", "proof", "owner", 0, Position("s", 0), Position("l", 0), (), 0.0, reset=True)
        self._run(self.replica.receive(welcome))
        self._run(self.replica.receive(Patch(0, reset=True)))

    def _run(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Transmit(frames=frames):
                    for frame in frames:
                        if isinstance(frame, Set):
                            self._take(frame) if self.held is None else self.held.append(frame)
                case notes.StateChanged(keys=keys):
                    self.place.receive(self.replica, keys)
                case notes.Acked():
                    self.place.receive_settled(self.replica)
                case _:
                    pass

    def _take(self, push: Set) -> None:
        for change in push.changes:
            self._order(change.key, None if change.deleted else change.value, self.replica.peer)
        self._run(self.replica.receive(Ack(push.id)))

    def _order(self, key: str, value: Any, by: str) -> None:
        self._at += 1
        if value is None:
            self.kept.pop(key, None)
            patch = Patch(self._at, gone=(key,))
        else:
            self.kept[key] = value
            patch = Patch(self._at, (KeyState(key, self._at, by, value),))
        self._run(self.replica.receive(patch))


@pytest.fixture
def book() -> MarkBook:
    return MarkBook()


def put(book: MarkBook, *marks: Mark) -> None:
    book.change({mark.id: mark for mark in marks})


def test_a_mark_from_before_comes_along_into_the_room(book: MarkBook) -> None:
    put(book, HERE)
    room = Line(book)

    room.enters()

    assert room.texts() == {"m": "here"}


def test_a_mark_is_in_every_room_of_the_chart(book: MarkBook) -> None:
    rooms = [Line(book), Line(book, "chart")]
    for room in rooms:
        room.enters()

    put(book, HERE)
    rooms[0].settles()

    assert [room.texts() for room in rooms] == [{"m": "here"}, {"m": "here"}]


def test_a_guests_mark_is_the_charts_too_and_reaches_its_other_rooms(book: MarkBook) -> None:
    rooms = [Line(book), Line(book, "chart")]
    for room in rooms:
        room.enters()

    rooms[0].guest_sets("g", made("mark", "g", t=3.0, text="look", by="Ana").value())
    rooms[1].settles()

    assert rooms[1].texts() == {"g": "look"}
    assert book.snapshot["g"].by == "Ana"


def test_a_mark_that_a_guest_takes_away_is_gone_everywhere(book: MarkBook) -> None:
    put(book, HERE)
    rooms = [Line(book), Line(book, "chart")]
    for room in rooms:
        room.enters()

    rooms[0].guest_sets("m", None)
    rooms[1].settles()

    assert (rooms[1].texts(), dict(book.snapshot)) == ({}, {})


def test_what_the_room_kept_over_a_restart_is_the_charts_again(book: MarkBook) -> None:
    room = Line(book)
    room.guest_sets("old", made("band", "old", y=1.0, text="from before").value())

    room.enters()

    assert [mark.text for mark in book.snapshot.values()] == ["from before"]


def test_what_the_notebook_marks_again_wins_over_what_the_room_kept(book: MarkBook) -> None:
    put(book, THERE)
    room = Line(book)
    room.guest_sets("m", HERE.value())

    room.enters()

    assert room.texts() == {"m": "there"}


def test_of_two_changes_that_cross_the_rooms_last_one_counts(book: MarkBook) -> None:
    rooms = [Line(book), Line(book, "chart")]
    for room in rooms:
        room.enters()
    rooms[0].held = []

    put(book, THERE)
    rooms[0].settles()
    rooms[0].guest_sets("m", HERE.value())
    rooms[0].release()
    rooms[1].settles()

    assert [room.texts() for room in rooms] == [{"m": "there"}, {"m": "there"}]
    assert book.snapshot["m"].text == "there"


def test_garbage_that_a_guest_writes_is_no_mark(book: MarkBook) -> None:
    room = Line(book)
    room.enters()

    room.guest_sets("g", {"kind": "script"})

    assert dict(book.snapshot) == {}


def test_a_room_that_the_chart_has_left_keeps_its_marks_and_hears_no_more(book: MarkBook) -> None:
    put(book, HERE)
    room = Line(book)
    room.enters()

    room.leaves()
    put(book, THERE)
    room.settles()

    assert room.texts() == {"m": "here"}


def test_observers_hear_of_every_change(book: MarkBook) -> None:
    heard: list[list[str]] = []
    book.observe(lambda marks: heard.append(list(marks)))

    put(book, HERE)
    book.change({"m": None})

    assert heard == [["m"], []]
