"""Links that the relay does not know yet, on a line that the test holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import pytest
from msgspec.structs import replace

from cowidget.client.exchange import Exchange
from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.links import OwnerKey
from cowidget.client.owner import GUESTS, LINK_LIFE, Owner
from cowidget.client.peer import Stage, Status, StatusChanged
from cowidget.core.frames import Ack, Grant, Patch, RelayFrame, Welcome
from cowidget.core.notes import Effect, Note, Transmit
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Invitation, Position
from cowidget.widgets import grants
from cowidget.widgets.grants import Grants

NOW = 1_000_000.0
# The relay takes as long to answer, or the line to break.
SOON = 0.05


class Line:
    """A kernel's line to its relay. Nothing is acknowledged but what the test acknowledges."""

    def __init__(self, thread: LinkThread) -> None:
        self.thread = thread
        self.status = Status(Stage.LIVE)
        self.replica = Replica(Identity("room", "kernel", "kernel-1"))
        self.owner = Owner(self.replica, OwnerKey(b"0123456789abcdef"), Exchange(), lambda: NOW)
        self._listeners: list[Callable[[Note | StatusChanged], Any]] = []
        self.grants = Grants(cast(Handle, self), self.owner, lambda: NOW)
        thread.ask(self._open)

    def listen(self, listener: Callable[[Note | StatusChanged], Any]) -> None:
        self._listeners.append(listener)

    def ask(self, read: Callable[[Replica], Any]) -> Any:
        return self.thread.ask(lambda: read(self.replica))

    def push(self, make: Callable[[Owner], list[Effect]]) -> None:
        self.thread.ask(lambda: self._run(make(self.owner)))

    def acknowledge(self, count: int | None = None) -> None:
        """The relay has the first so many pushes, or all of them."""
        pushes = self.replica.pushes[:count]
        if pushes:
            self._receive(Ack(pushes[-1].id))

    def knows(self, name: str) -> bool:
        return any(invitation.name == name for invitation in self.replica.invitations)

    def breaks(self) -> None:
        self.status = Status(Stage.RECONNECTING)
        self._tell(StatusChanged(self.status))

    def soon(self, act: Callable[..., object]) -> None:
        self.thread.call(self.thread.loop.call_later, SOON, act)

    def _open(self) -> None:
        self._run(self.replica.receive_opened("secret"))
        welcome = Welcome("owner-1", "p", "owner", 0, Position("s", 0), Position("l", 0), (), NOW, reset=True)
        self._receive(welcome)
        self._receive(Patch(0, reset=True))

    def _receive(self, frame: RelayFrame) -> None:
        self._run(self.replica.receive(frame))

    def _run(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if not isinstance(effect, Transmit):
                self._run(self.owner.receive(effect))
                self._tell(effect)

    def _tell(self, note: Note | StatusChanged) -> None:
        for listener in self._listeners:
            listener(note)


@pytest.fixture
def line() -> Iterator[Line]:
    thread = LinkThread()
    yield Line(thread)
    thread.close()


def waits(line: Line, name: str = GUESTS) -> float:
    """How long it waited for a link."""
    begun = time.monotonic()
    line.grants.wait(name)
    return time.monotonic() - begun


def invited(name: str) -> Invitation:
    return Invitation(name, "viewer", "0" * 64)


def test_a_link_is_given_when_the_relay_has_it(line: Line) -> None:
    line.soon(line.acknowledge)

    line.grants.wait(GUESTS)

    assert line.knows(GUESTS)


def test_a_relay_that_does_not_answer_is_not_waited_for_long(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "PATIENCE", SOON)

    assert SOON <= waits(line) < 1


def test_pushes_after_it_are_not_waited_for(line: Line) -> None:
    line.push(lambda owner: line.replica.set({"/a": 1}))
    line.soon(lambda: line.acknowledge(1))

    assert waits(line) < 1
    assert line.replica.waiting == 1


def test_a_link_that_the_relay_knows_is_given_at_once(line: Line) -> None:
    line.thread.ask(line.acknowledge)
    line.push(lambda owner: owner.invite(invited("viewers")))

    assert waits(line) < SOON


def test_a_link_that_only_lives_longer_from_now_on_is_given_at_once(line: Line) -> None:
    line.thread.ask(line.acknowledge)
    line.push(lambda owner: owner.renew())

    assert waits(line) < SOON


@pytest.mark.parametrize(
    "changed",
    [{"role": "host"}, {"expires": NOW + LINK_LIFE, "people": 1}],
    ids=["the role", "how many people"],
)
def test_a_link_that_was_given_other_terms_waits_for_them(line: Line, changed: dict[str, Any]) -> None:
    line.push(lambda owner: owner.invite(invited("viewers")))
    line.thread.ask(line.acknowledge)
    line.push(lambda owner: owner.invite(replace(invited("viewers"), **changed)))
    line.soon(line.acknowledge)

    assert waits(line, "viewers") >= SOON / 2


def test_one_that_has_expired_waits_until_it_is_renewed(line: Line) -> None:
    line.push(lambda owner: owner.invite(replace(invited("viewers"), expires=NOW - 1)))
    line.thread.ask(line.acknowledge)
    line.push(lambda owner: owner.invite(replace(invited("viewers"), expires=NOW + 1)))
    line.soon(line.acknowledge)

    assert waits(line, "viewers") >= SOON / 2


def test_one_that_replaces_another_waits(line: Line) -> None:
    line.thread.ask(line.acknowledge)
    line.push(lambda owner: [*owner.revoke(GUESTS), *owner.renew()])
    line.soon(line.acknowledge)

    assert waits(line) >= SOON / 2
    assert not any(isinstance(push, Grant) for push in line.replica.pushes)


def test_while_the_line_is_down_nobody_waits(line: Line) -> None:
    line.thread.ask(line.breaks)

    assert waits(line) < SOON


def test_a_line_that_breaks_ends_the_wait(line: Line) -> None:
    line.soon(line.breaks)

    assert waits(line) < 1


def test_the_links_own_thread_does_not_wait(line: Line) -> None:
    assert line.thread.ask(lambda: waits(line)) < SOON
