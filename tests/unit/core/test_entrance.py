"""Who may join now. What follows from it is in `test_room.py`."""

from __future__ import annotations

import pytest

from cowidget.core import closing
from cowidget.core.access import OWNER, Admission, Caller, hash_of
from cowidget.core.effects import Append
from cowidget.core.entrance import Entrance
from cowidget.core.frames import Grant, Hello
from cowidget.core.ledger import Ledger
from cowidget.core.members import Members
from cowidget.core.values import Invitation
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
    (append,) = entrance.record(admission, 5.0)
    assert isinstance(append, Append)
    assert isinstance(append.entries[0].push, Grant)
    assert append.entries[0].push.invitation.name == OWNER


def test_a_ticket_is_used_up(entrance: Entrance, ledger: Ledger) -> None:
    entrance.record(entrance.admit(hello("ticket"), Caller(), 0.0), 5.0)
    assert refusal(entrance, hello("ticket")) == closing.WRONG_LINK


def test_a_link_is_not_used_up(entrance: Entrance) -> None:
    assert entrance.record(entrance.admit(hello("link"), Caller(), 0.0), 5.0) == []
