"""One room: acts on the log and searches on their way through it."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.frames import Ack, Found, Page, Refused, Said, Search
from cowidget.core.values import Edit, Erase, Erased, React, Text
from tests.support.rooms import Peer, RoomBench


@pytest.mark.rule("L5")
def test_a_reply_names_what_it_answers_whether_that_is_there_or_not(ada: Peer, bob: Peer) -> None:
    ada.act(Text("to whom?", reply=99))
    assert bob.said()[-1].body == Text("to whom?", reply=99)


@pytest.mark.rule("L6")
def test_an_act_is_told_to_everybody_and_acknowledged(ada: Peer, bob: Peer) -> None:
    ada.post("helo")
    ada.forget()
    edit = ada.act(Edit(1, "hello"))
    assert (bob.said()[-1].at, bob.said()[-1].body) == (2, Edit(1, "hello"))
    assert ada.sees(Ack) == [Ack(edit)]


@pytest.mark.rule("L6")
def test_a_viewer_reacts(bench: RoomBench, ada: Peer) -> None:
    ada.post("hello")
    viewer = bench.join("viewer")
    viewer.act(React(1, "👍"))
    assert (ada.said()[-1].by, ada.said()[-1].body) == (viewer.name, React(1, "👍"))


@pytest.mark.rule("L6")
@pytest.mark.parametrize("body", [React(1, "ok"), Edit(1, ""), Edit(1, "x" * 8001), Erased(), Erased(1)])
def test_what_is_no_act_is_refused(ada: Peer, bob: Peer, body: Edit | React | Erased) -> None:
    ada.post("hello")
    id = ada.act(body)
    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(id, "invalid")]
    assert len(bob.said()) == 1


@pytest.mark.rule("L7")
def test_an_act_without_effect_is_refused_before_it_is_acknowledged_and_nobody_hears_of_it(
    ada: Peer, bob: Peer
) -> None:
    ada.post("hello")
    bob.forget()
    ada.forget()
    foreign = bob.act(Edit(1, "hacked"))
    gone = bob.act(React(7, "👍"))
    told = [frame for frame in bob.frames if isinstance(frame, Ack | Refused)]
    assert [(type(frame), frame.id) for frame in told] == [
        (Refused, foreign),
        (Ack, foreign),
        (Refused, gone),
        (Ack, gone),
    ]
    assert [refused.slug for refused in bob.sees(Refused)] == ["not-yours", "unknown"]
    assert ada.said() == []


@pytest.mark.rule("L8")
def test_a_host_erases_what_somebody_said(bench: RoomBench, ada: Peer) -> None:
    ada.post("rude")
    bench.join("host").act(Erase(1))
    assert ada.said()[-1].body == Erase(1)


@pytest.mark.rule("L8")
def test_who_comes_after_an_erase_is_not_told_what_it_was(bench: RoomBench, ada: Peer) -> None:
    ada.post("secret")
    ada.act(Edit(1, "secret too"))
    ada.post("stays")
    ada.act(Erase(1))
    late = bench.join("viewer").said()
    assert [each.body for each in late] == [Erased(), Erased(1), Text("stays"), Erase(1)]
    assert (late[0].by, late[0].time) == (ada.name, bench.now)


@pytest.mark.rule("L8")
def test_a_page_after_an_erase_does_not_hold_what_it_was(bench: RoomBench, ada: Peer) -> None:
    ada.post("secret")
    ada.act(Erase(1))
    for page in (Page(after=0), Page()):
        ada.forget()
        ada.send(page)
        assert [each.body for each in ada.said()] == [Erased(), Erase(1)]


@pytest.mark.rule("L9")
def test_a_search_is_answered_to_who_asked(ada: Peer, bob: Peer) -> None:
    for text in ("one fish", "two fish", "red herring", "blue fish"):
        ada.post(text)
    bob.send(Search("fish", before=4, count=1))
    (found,) = bob.sees(Found)
    assert (found.query, found.before, [each.at for each in found.entries], found.more) == ("fish", 4, [2], True)
    assert ada.sees(Found) == []


@pytest.mark.rule("L9")
def test_an_answer_is_as_small_as_a_page(ada: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ada.post("fish " * 100)
    monkeypatch.setattr(limits, "PATCH_BYTES", 1100)
    ada.send(Search("fish"))
    (found,) = ada.sees(Found)
    assert ([each.at for each in found.entries], found.more) == ([3, 2], True)


def test_an_answer_for_who_has_left_goes_nowhere(bench: RoomBench, ada: Peer) -> None:
    bench.hold()
    ada.send(Search("fish"))
    ada.send(Page())
    ada.leave()
    bench.go_on()
    assert ada.sees(Found) == []
    assert all(said.reset for said in ada.sees(Said))
