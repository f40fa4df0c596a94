"""One room: blobs, events, the log and presence on their way through it."""

from __future__ import annotations

import hashlib

import pytest

from cowidget.core import closing, limits
from cowidget.core.effects import FetchBlob
from cowidget.core.frames import (
    Absent,
    Ack,
    Chunk,
    Declare,
    Event,
    Failed,
    Notice,
    Page,
    Patch,
    People,
    Presence,
    Pull,
    Refused,
    Said,
    Set,
    Unshare,
)
from cowidget.core.values import Change, LogEntry, Text
from cowidget.errors import FrameError
from tests.support.rooms import Peer, RoomBench, share

DATA = b"picture" * 20_000
BLOB = hashlib.sha256(DATA).hexdigest()


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


# Blobs.


@pytest.mark.rule("D9", "D10")
def test_a_push_waits_for_its_blob_and_later_ones_behind_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB, size=len(DATA)),))
    ada.set({"/x": 1})
    ada.post("look")
    bob.post("where?")
    before = bob.values(), bob.texts()
    asked = ada.sees(Pull)
    ada.send_blob(BLOB, DATA)

    assert (before, asked) == (({}, ["where?"]), [Pull(BLOB, 0, limits.PULL_WINDOW_BYTES)])
    assert (bob.holds()["/pic"].blob, bob.values()["/x"], bob.texts()) == (BLOB, 1, ["where?", "look"])
    assert ada.sees(Ack)[-1] == Ack(3)


@pytest.mark.rule("D10")
def test_a_large_blob_is_pulled_window_by_window(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.PULL_WINDOW_BYTES + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.send_blob(blob, data)
    ada.send_blob(blob, data, at=limits.PULL_WINDOW_BYTES)

    assert [pull.at for pull in ada.sees(Pull)] == [0, limits.PULL_WINDOW_BYTES]
    assert ada.holds()["/pic"].blob == blob


@pytest.mark.rule("D9")
def test_a_blob_that_the_store_has_is_not_pulled_again(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve = bench.join("participant")
    eve.push(Set, changes=(Change("/copy", blob=BLOB),))

    assert (eve.sees(Pull), eve.holds()["/copy"].blob) == ([], BLOB)


@pytest.mark.rule("D9")
def test_an_author_without_the_blob_is_refused_and_the_rest_goes_on(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.set({"/x": 1})
    ada.send(Absent("f" * 64))
    ada.send(Absent(BLOB))

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "unknown")]
    assert ada.values() == {"/x": 1}


def test_a_blob_that_is_too_large_is_refused_and_the_session_goes_on(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.ALLOWANCES["participant"].blob + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.set({"/x": 1})
    ada.send_blob(blob, data)  # four chunks: three are on their way when the first is refused

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "too-large")]
    assert ada.values() == {"/x": 1}


@pytest.mark.rule("D9")
def test_two_authors_of_one_blob_both_go_on_when_the_first_has_sent_it(bench: RoomBench, ada: Peer) -> None:
    eve = bench.join("participant")
    ada.push(Set, changes=(Change("/a", blob=BLOB),))
    eve.push(Set, changes=(Change("/b", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve.send_blob(BLOB, DATA)

    assert {key: state.blob for key, state in eve.holds().items()} == {"/a": BLOB, "/b": BLOB}


def test_chunks_without_a_pull_are_an_offence(ada: Peer) -> None:
    with pytest.raises(FrameError) as caught:
        ada.send(Chunk(BLOB, 0, len(DATA), DATA))

    assert caught.value.closing == closing.UNEXPECTED


@pytest.mark.rule("C3")
def test_a_store_that_cannot_keep_a_blob_closes_who_waits_for_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.hold()
    ada.send_blob(BLOB, DATA)
    bench.go_on(fail=True)

    assert (ada.closing, bob.closing, bench.picture()[0]) == (closing.STORE_FAILED, None, {})


def test_a_blob_of_the_state_is_fetched_and_another_is_absent(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    wanted = Pull(BLOB, 0, 10)
    bob.send(wanted)
    ada.set({"/pic": None})
    bob.send(wanted)

    assert bench.fetched == [FetchBlob(bob.connection, wanted)]
    assert bob.sees(Absent) == [Absent(BLOB)]


def test_a_value_that_has_passed_does_not_stay_on_the_disk(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE - 1)
    before = bench.dropped.copy()
    bench.wait(1)

    assert (before, bench.dropped) == ([], [BLOB])


def test_the_code_of_a_share_that_was_taken_away_does_not_stay_on_the_disk(bench: RoomBench) -> None:
    bench.owner.push(Declare, share=share(code=BLOB), changes=())
    bench.owner.send_blob(BLOB, DATA)
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)
    before = bench.dropped.copy()
    bench.owner.push(Unshare, share="slider")
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)

    assert (before, bench.dropped) == ([], [BLOB])


def test_a_blob_that_is_named_again_in_time_stays(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.wait(2 * limits.BLOB_GRACE)

    assert (bench.dropped, ada.holds()["/pic"].blob) == ([], BLOB)


def test_a_blob_of_a_push_on_its_way_to_the_store_stays(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.hold()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.wait(2 * limits.BLOB_GRACE)
    bench.go_on()

    assert (bench.dropped, ada.holds()["/pic"].blob) == ([], BLOB)


def test_a_blob_of_a_push_that_waits_for_another_blob_stays(bench: RoomBench, ada: Peer) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=BLOB), Change("/other", blob=other)))
    ada.send_blob(BLOB, DATA)
    bench.owner.set({"/x": 1})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(2 * limits.BLOB_GRACE)
    ada.send_blob(other, b"other")

    assert (bench.dropped, sorted(ada.holds())) == ([], ["/other", "/pic", "/x"])


def test_a_blob_of_a_push_that_the_store_could_not_keep_is_dropped(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.owner.set({"/x": 1})
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.hold()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.go_on(fail=True)
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)

    assert bench.dropped == [BLOB]


def test_a_dropped_blob_is_pulled_from_its_author_again(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)
    ada.forget()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    pulled = ada.sees(Pull)
    ada.send_blob(BLOB, DATA)

    assert ([pull.blob for pull in pulled], ada.holds()["/pic"].blob) == ([BLOB], BLOB)


def test_blobs_that_the_state_needs_outlive_a_restart(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    bench.restart()
    bob = bench.join("viewer")
    bob.send(Pull(BLOB, 0, 10))

    assert [fetch.connection for fetch in bench.fetched] == [bob.connection]


# Events.


@pytest.mark.rule("E1")
def test_the_owners_event_goes_to_all_others_after_the_state_before_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    bob.forget()
    bench.hold()
    bench.owner.set({"slider/value": 1})
    bench.owner.emit("slider", "one")
    bench.owner.emit("slider", "two")
    bench.go_on()

    assert [frame.content for frame in ada.sees(Event)] == ["one", "two"]
    assert [(type(frame), frame.at) for frame in bob.frames[1:]] == [(Patch, 6), (Event, 7), (Event, 8)]
    assert bench.owner.sees(Event) == []


@pytest.mark.rule("E1")
def test_the_owner_may_answer_one_person(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    bench.owner.emit("slider", "for you", to=ada.name)

    assert ([frame.content for frame in ada.sees(Event)], bob.sees(Event)) == (["for you"], [])


@pytest.mark.rule("E1")
def test_a_persons_message_goes_to_the_owner_of_the_model_only(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    ada.emit("slider", "click", to=bob.name, buffers=(b"\x00",))
    (event,) = bench.owner.sees(Event)

    assert (event.content, event.by, event.id, event.buffers) == ("click", ada.name, 1, (b"\x00",))
    assert (bob.sees(Event), ada.sees(Ack)) == ([], [Ack(1)])


@pytest.mark.rule("E1")
def test_a_message_that_the_model_does_not_allow_makes_a_notice(bench: RoomBench, ada: Peer) -> None:
    bench.owner.declare(share(), {"slider/value": 1})
    ada.emit("slider", "click")

    assert (bench.owner.sees(Event), [notice.slug for notice in bench.owner.sees(Notice)]) == ([], ["messages"])


@pytest.mark.rule("E3")
def test_a_message_to_an_owner_who_is_away_is_refused_for_good(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    bench.owner.leave()
    ada.emit("slider", "click")
    back = bench.comes_back(bench.owner)

    assert [refused.slug for refused in ada.sees(Refused)] == ["owner-away"]
    assert (back.sees(Event), ada.sees(Ack)) == ([], [])


@pytest.mark.rule("E1", "E3")
def test_a_host_asks_the_kernel_that_is_here(bench: RoomBench) -> None:
    host = bench.join("host")
    host.emit("", {"ask": "invite"})
    bench.owner.leave()
    host.emit("", {"ask": "again"})

    assert [event.content for event in bench.owner.sees(Event)] == [{"ask": "invite"}]
    assert [refused.slug for refused in host.sees(Refused)] == ["owner-away"]


@pytest.mark.rule("E2")
def test_an_event_of_a_short_absence_is_executed_once(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    bench.owner.emit("slider", "seen")
    ada.leave()
    bench.owner.emit("slider", "missed")
    after = bench.comes_back(ada)

    assert [event.content for event in after.sees(Event)] == ["missed"]


@pytest.mark.rule("E4")
def test_a_traits_event_keeps_its_trait_and_number_also_over_a_short_absence(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    bench.owner.emit("slider", "one", trait="ping", count=1)
    ada.leave()
    bench.owner.emit("slider", "two", trait="ping", count=2)
    after = bench.comes_back(ada)
    told = [*ada.sees(Event), *after.sees(Event)]

    assert [(event.trait, event.content, event.count) for event in told] == [("ping", "one", 1), ("ping", "two", 2)]


@pytest.mark.rule("E4")
def test_the_keys_of_a_picture_and_its_number_come_in_one_patch(bench: RoomBench, ada: Peer) -> None:
    bench.owner.declare(share(), {"slider/value": 1, "slider/$events": 0})
    ada.forget()
    bench.owner.emit("slider", "one", count=1)
    bench.owner.set({"slider/value": 2, "slider/$events": 1})
    patches = ada.sees(Patch)

    assert [{state.key: state.value for state in patch.keys} for patch in patches] == [
        {"slider/value": 2, "slider/$events": 1}
    ]


@pytest.mark.rule("E4")
def test_a_person_numbers_no_events_and_the_kernel_hears_nothing_of_it(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    ada.emit("slider", "click", trait="ping")
    ada.emit("slider", "click", count=7)

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "role"), (2, "role")]
    assert bench.owner.sees(Event) == []


# Failures.


@pytest.mark.rule("E5")
def test_the_kernel_is_told_of_a_widget_that_failed_at_a_viewer(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    bench.share_slider()
    bob.send(Failed("slider", "render", "TypeError: x is no function"))

    assert bench.owner.sees(Notice) == [Notice("failed", "render: TypeError: x is no function", "slider", bob.name)]
    assert ada.sees(Notice) == []


@pytest.mark.rule("E5")
@pytest.mark.parametrize("model", ["slider/children.0", "other", "/x", "slider/"])
def test_nobody_is_told_of_a_model_that_is_not_there(bench: RoomBench, ada: Peer, model: str) -> None:
    bench.share_slider()
    ada.send(Failed(model, "import", "no such thing"))

    assert bench.owner.sees(Notice) == []


@pytest.mark.rule("E5", "A2")
def test_only_the_kernel_that_shares_the_widget_is_told(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    other = bench.join("owner")
    other.declare(share("pic"), {"pic/value": 1})
    ada.send(Failed("pic", "initialize", "it broke"))

    assert ([notice.key for notice in other.sees(Notice)], bench.owner.sees(Notice)) == (["pic"], [])


@pytest.mark.rule("E5")
def test_failures_to_a_kernel_that_is_away_are_lost(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    bench.owner.leave()
    ada.send(Failed("slider", "render", "it broke"))

    assert bench.comes_back(bench.owner).sees(Notice) == []


@pytest.mark.rule("E5", "S10")
def test_a_flood_of_failures_does_not_reach_the_kernel(bench: RoomBench, ada: Peer) -> None:
    bench.share_slider()
    for _ in range(1000):
        ada.send(Failed("slider", "render", "x" * 1000))
    at_once = len(bench.owner.sees(Notice))
    bench.wait(2.0)
    ada.send(Failed("slider", "render", "another"))

    assert (at_once, bench.owner.sees(Notice)[-1].text) == (int(limits.FAILURES_BURST), "render: another")


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
