"""Who may join now. What follows from it is in `test_room.py`."""

from __future__ import annotations

import pytest

from cowidget.core import closing
from cowidget.core.access import OWNER, Admission, Caller, hash_of
from cowidget.core.effects import Append, Entry
from cowidget.core.entrance import Entrance
from cowidget.core.frames import Entrust, Grant, Hello, Post
from cowidget.core.ledger import Ledger
from cowidget.core.members import Members
from cowidget.core.values import Invitation, Text
from cowidget.errors import AccessDenied
from cowidget.stores.memory import MemoryStore
from tests.support.rooms import drive

LINK = Invitation("link", "viewer", hash_of("link"))
TICKET = Invitation("ticket", "host", hash_of("ticket"), once=True)


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger("lesson", drive(MemoryStore().create("lesson")), b"key")
    ledger.access.grant(LINK, "")
    ledger.access.grant(TICKET, "")
    return ledger


@pytest.fixture
def entrance(ledger: Ledger) -> Entrance:
    return Entrance(ledger, Members())


def hello(secret: str, version: int = 1) -> Hello:
    return Hello(version, "lesson", "i", secret)


def refusal(entrance: Entrance, greeting: Hello) -> closing.Closing:
    with pytest.raises(AccessDenied) as denied:
        entrance.admit(greeting, Caller(), 0.0)
    return denied.value.closing


def test_a_link_lets_in(entrance: Entrance) -> None:
    assert entrance.admit(hello("link"), Caller(), 0.0) == Admission(LINK)


def test_a_wrong_link_and_another_version_do_not(entrance: Entrance) -> None:
    refusals = [refusal(entrance, hello("other")), refusal(entrance, hello("link", version=2))]
    assert refusals == [closing.WRONG_LINK, closing.VERSION]


def test_a_stopped_room_lets_no_guest_in(entrance: Entrance, ledger: Ledger) -> None:
    ledger.stopped = True
    assert refusal(entrance, hello("link")) == refusal(entrance, hello("other")) == closing.STOPPED


@pytest.mark.rule("F9")
def test_the_feed_process_needs_no_invitation_but_a_room_that_goes_on(entrance: Entrance, ledger: Ledger) -> None:
    entrance.admit_feeder(hello("any"))
    ledger.stopped = True
    with pytest.raises(AccessDenied, match="ended"):
        entrance.admit_feeder(hello("any"))


def test_the_first_owner_is_written_down(entrance: Entrance) -> None:
    admission = entrance.admit(hello("mine"), Caller(may_create=True), 0.0)
    (append,) = entrance.record(admission, "new", 5.0)
    assert isinstance(append, Append)
    assert isinstance(append.entries[0].push, Grant)
    assert append.entries[0].push.invitation.name == OWNER


def test_a_ticket_is_used_up(entrance: Entrance, ledger: Ledger) -> None:
    entrance.record(entrance.admit(hello("ticket"), Caller(), 0.0), "new", 5.0)
    assert refusal(entrance, hello("ticket")) == closing.WRONG_LINK


@pytest.mark.rule("P10", "S7")
def test_an_inherited_role_is_written_down_for_the_new_peer(entrance: Entrance) -> None:
    heir = Admission(LINK, entrusted="participant")
    (append,) = entrance.record(heir, "new", 5.0)

    assert append == Append((Entry("new", 0, "owner", 5.0, Entrust(1, "new", "participant")),))
    assert entrance.record(Admission(LINK, "old", entrusted="participant"), "old", 5.0) == []


def test_a_link_is_not_used_up(entrance: Entrance) -> None:
    assert entrance.record(entrance.admit(hello("link"), Caller(), 0.0), "new", 5.0) == []


@pytest.mark.rule("A6", "C3")
def test_an_owner_whom_the_store_could_not_keep_is_the_first_again(entrance: Entrance, ledger: Ledger) -> None:
    (append,) = entrance.record(entrance.admit(hello("mine"), Caller(may_create=True), 0.0), "new", 5.0)
    assert isinstance(append, Append)
    assert entrance.receive_lost(append.entries) == {OWNER}
    assert OWNER not in ledger.access.invitations
    assert entrance.record(entrance.admit(hello("mine"), Caller(may_create=True), 6.0), "new", 6.0) != []


@pytest.mark.rule("A7", "C3")
def test_a_ticket_whose_use_the_store_could_not_keep_is_named(entrance: Entrance) -> None:
    (append,) = entrance.record(entrance.admit(hello("ticket"), Caller(), 0.0), "new", 5.0)
    assert isinstance(append, Append)
    assert entrance.receive_lost(append.entries) == {"ticket"}


def test_what_somebody_pushed_is_no_invitation_that_was_lost(entrance: Entrance, ledger: Ledger) -> None:
    entries = [Entry("kernel", 1, "owner", 0.0, Grant(1, LINK)), Entry("ada", 1, "viewer", 0.0, Post(1, Text("hello")))]
    assert entrance.receive_lost(entries) == set()
    assert LINK.name in ledger.access.invitations
