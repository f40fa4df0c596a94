"""One room: patches, the log and presence on their way through it."""

from __future__ import annotations

import pytest

from cowidget.core import closing, limits
from cowidget.core.frames import Page, Patch, People, Presence, Said
from cowidget.core.values import LogEntry, Text
from cowidget.errors import FrameError
from tests.support.rooms import Peer, RoomBench

# State.


@pytest.mark.rule("D7", "D3")
def test_a_large_batch_is_told_in_pages_of_whole_pushes(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bob.forget()
    bench.hold()
    for n in range(6):
        ada.set({f"/a{n}": "a" * 60_000, f"/b{n}": "b" * 60_000})
    bench.go_on()
    patches = bob.sees(Patch)

    assert [patch.more for patch in patches] == [True, True, False][-len(patches) :]
    assert [[state.key for state in patch.keys] for patch in patches] == [
        ["/a0", "/a1", "/a2", "/b0", "/b1", "/b2"],
        ["/a3", "/a4", "/a5", "/b3", "/b4", "/b5"],
    ]
    assert [patch.at for patch in patches] == [patches[-1].at - 3, patches[-1].at]


# The log.


@pytest.mark.rule("L1")
def test_a_post_is_shown_with_name_and_time_when_it_is_durable(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.hold()
    ada.post("hello")
    before = bob.texts()
    bench.go_on()
    (said,) = [frame for frame in bob.sees(Said) if frame.entries]

    assert before == []
    assert said.entries == (LogEntry(1, ada.name, 1, "Ada", "#008080", bench.now, Text("hello")),)


@pytest.mark.rule("L2")
def test_pages_bring_the_rest_of_the_log(bench: RoomBench, ada: Peer) -> None:
    for n in range(1, 61):
        ada.post(f"{n}")
    bob = bench.join("viewer")
    bob.forget()
    bob.send(Page(before=11, count=5))
    bob.send(Page(after=55, count=3))
    bob.send(Page(after=58))
    bob.send(Page(count=2))
    bob.send(Page(before=1))

    assert [([entry.at for entry in said.entries], said.more, said.older) for said in bob.sees(Said)] == [
        ([6, 7, 8, 9, 10], False, True),
        ([56, 57, 58], True, False),
        ([59, 60], False, False),
        ([59, 60], False, True),
        ([], False, False),
    ]


@pytest.mark.rule("L2")
def test_what_is_older_than_the_tail_comes_from_the_store(bench: RoomBench, ada: Peer) -> None:
    ada.leave()
    writer = bench.join("viewer")
    for n in range(1, limits.LOG_TAIL + 6):
        writer.post(f"{n}")
        bench.wait(0.1)
    after = bench.comes_back(ada)
    (said,) = after.sees(Said)

    assert ([said.entries[0].at, said.entries[-1].at], said.more) == ([1, limits.LOG_TAIL], True)


def test_a_page_that_was_read_for_somebody_who_left_is_no_news(bench: RoomBench, ada: Peer) -> None:
    ada.forget()
    bench.hold()
    ada.send(Page(before=5))
    ada.leave()
    bench.go_on()

    assert ada.sees(Said) == []


# Presence.


@pytest.mark.rule("P2")
def test_presence_is_told_once_per_tick(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.wait(1)
    bob.forget()
    ada.send(Presence({"pointer": [1, 2]}))
    ada.send(Presence({"pointer": [3, 4]}))
    early = bob.sees(People)
    bench.wait(limits.PRESENCE_INTERVAL)
    (told,) = bob.sees(People)

    assert (early, [moved.about for moved in told.moved]) == ([], [{"pointer": [3, 4]}])


@pytest.mark.rule("P2")
def test_nothing_of_presence_is_stored(bench: RoomBench, ada: Peer) -> None:
    ada.send(Presence({"pointer": [1, 2]}))
    bench.restart()

    assert bench.comes_back(ada).welcome.people[0].about == {}


@pytest.mark.rule("P4")
def test_everybody_hears_that_the_kernel_is_busy(bench: RoomBench, ada: Peer) -> None:
    bench.owner.send(Presence({"busy": True, "waiting": 3}))
    bench.wait(1)
    late = bench.join("viewer")

    assert ada.sees(People)[-1].joined[0].about == {"busy": True, "waiting": 3}
    assert late.welcome.people[0].about == {"busy": True, "waiting": 3}


@pytest.mark.rule("P2")
def test_too_much_presence_ends_the_session(ada: Peer) -> None:
    with pytest.raises(FrameError) as caught:
        ada.send(Presence({"image": "x" * limits.MAX_ABOUT_BYTES}))

    assert caught.value.closing == closing.TOO_LARGE


@pytest.mark.rule("P3")
def test_who_leaves_is_told_as_left(bench: RoomBench, ada: Peer) -> None:
    bench.wait(1)
    ada.leave()
    bench.wait(1)

    assert bench.owner.sees(People)[-1] == People(left=(ada.name,))
