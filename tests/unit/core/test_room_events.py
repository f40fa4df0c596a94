"""One room: what models say to people and people to models, and which widgets have failed."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.frames import Ack, Event, Failed, Notice, Patch, Refused
from tests.support.rooms import Peer, RoomBench, share

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
