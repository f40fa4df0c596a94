"""Messages on their way: what is posted when, and what senders are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.peer import Route
from cowidget.core import closing
from cowidget.core.frames import Declined, Post, Refused, RelayFrame, Said, Uploaded, Welcome
from cowidget.core.notes import Effect
from cowidget.core.packing import digest
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Body, LogEntry, Person, Photo, Photos, Position, Text
from cowidget.errors import NotAllowed, PhotoDeclined, RoomClosed
from cowidget.widgets.messages.drafts import Picture, drafted
from cowidget.widgets.messages.posting import Posting, Sending

ONE = Picture(b"one")
PHOTO = Photo("ab" * 32, "cd" * 32, "image/png", 3, 2, 10, b"")


class Bench:
    """A room's client on its thread, whose relay is the test."""

    def __init__(self, thread: LinkThread) -> None:
        async def route(_: int) -> Route:
            raise AssertionError("nobody dials")

        self._thread = thread
        self.replica = Replica(Identity("room", "kernel", "i"))
        self.handle = Handle(thread, self.replica, route, "")
        self.posting = Posting(self.handle)
        self.run(lambda: self.replica.receive_opened("secret"))
        self.welcome("p1")

    def run(self, act: Callable[[], Sequence[Effect]]) -> None:
        self._thread.ask(lambda: self.handle._peer.execute(act()))
        # What it makes the client do is behind it in the thread.
        for _ in range(12):
            self._thread.ask(lambda: None)

    def says(self, frame: RelayFrame) -> None:
        self.run(lambda: self.replica.receive(frame))

    def welcome(self, peer: str, acked: int = 0, epoch: str = "e2") -> None:
        people = (Person(peer, "Ana", "", "participant"),)
        positions = (Position("e1", 0), Position(epoch, 0))
        self.says(Welcome(peer, "proof", "participant", acked, *positions, people, 1.0))

    def comes_back(self, peer: str, acked: int = 0) -> None:
        self.run(lambda: self.replica.receive_closed(1006))
        self.run(lambda: self.replica.receive_opened(""))
        self.welcome(peer, acked)

    def send(self, *pieces: str | Picture) -> Sending:
        sending = Sending(drafted(pieces))
        self.posting.begin(sending)
        self.run(list)
        return sending

    def answer(self, answer: Uploaded | Declined) -> None:
        def receive() -> list[Effect]:
            self.handle.uploading.receive(answer)
            return []

        # The digest is made beside the thread.
        while not self._thread.ask(lambda: answer.blob in self.handle.uploading._sendings):
            self.run(list)
        self.run(receive)

    @property
    def posted(self) -> list[Body]:
        return [push.body for push in self.handle.ask(lambda replica: replica.pushes) if isinstance(push, Post)]

    def has(self, at: int, id: int, body: Body, by: str = "p1", *, reset: bool = False) -> LogEntry:
        entry = LogEntry(at, by, id, "Ana", "", 1.0, body)
        self.says(Said((entry,), reset=reset))
        return entry


@pytest.fixture
def bench() -> Iterator[Bench]:
    thread = LinkThread("cowidget-test")
    yield Bench(thread)
    thread.close()


def test_who_sends_is_told_when_the_room_has_it(bench: Bench) -> None:
    sending = bench.send("a", ONE)
    assert not sending.done.done()
    bench.answer(Uploaded(digest(b"one"), PHOTO))
    assert bench.posted == [Photos((PHOTO,), "a")]
    assert not sending.done.done()
    entry = bench.has(1, 1, Photos((PHOTO,), "a"))

    assert sending.done.result(1) == [entry]


def test_what_was_sent_later_waits_for_the_photos_before_it(bench: Bench) -> None:
    bench.send(ONE)
    bench.send("later")
    assert bench.posted == []
    bench.answer(Uploaded(digest(b"one"), PHOTO))

    assert bench.posted == [Photos((PHOTO,)), Text("later")]


def test_a_photo_that_the_room_does_not_take_stops_what_was_sent_with_it_only(bench: Bench) -> None:
    sending = bench.send("before", ONE, "behind", ONE, "behind")
    bench.send("later")
    bench.answer(Declined(digest(b"one"), "svg", "no"))

    assert isinstance(sending.done.exception(1), PhotoDeclined)
    assert bench.posted == [Text("later")]


def test_what_is_given_up_keeps_nobody_waiting(bench: Bench) -> None:
    sending = bench.send(ONE)
    bench.send("later")
    bench.posting.give_up(sending)
    bench.run(list)

    assert bench.posted == [Text("later")]


def test_a_refusal_is_told_to_who_sent_it(bench: Bench) -> None:
    first, second = bench.send("a"), bench.send("b")
    bench.says(Refused(1, "unknown", "not there"))

    assert isinstance(first.done.exception(1), NotAllowed)
    assert not second.done.done()


def test_somebody_else_s_entry_of_the_same_id_is_not_ours(bench: Bench) -> None:
    sending = bench.send("a")
    bench.has(1, 1, Text("a"), by="p2")

    assert not sending.done.done()


def test_under_another_name_it_is_known_by_its_new_number(bench: Bench) -> None:
    first = bench.send("a")
    second = bench.send("b")
    bench.has(1, 1, Text("a"))
    bench.comes_back("p2")
    entry = bench.has(2, 1, Text("b"), by="p2")

    assert first.done.done()
    assert second.done.result(1) == [entry]


def test_what_the_room_has_and_does_not_bring_any_more_is_done(bench: Bench) -> None:
    sending = bench.send("a")
    bench.comes_back("p1", acked=1)
    bench.has(400, 9, Text("much later"), by="p3", reset=True)

    assert sending.done.result(1) == []


def test_when_the_room_ends_nobody_waits(bench: Bench) -> None:
    posted, uploading = bench.send("a"), bench.send(ONE)
    bench.run(lambda: bench.replica.receive_closed(closing.STOPPED.code))
    late = bench.send("late")

    assert all(isinstance(sending.done.exception(1), RoomClosed) for sending in (posted, uploading, late))
