"""Waiting until the relay knows a link that is about to be given away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError as FutureTimeoutError

from msgspec.structs import replace

from cowidget.client.handle import Handle
from cowidget.client.owner import Owner
from cowidget.client.peer import Stage, StatusChanged
from cowidget.core.frames import Grant
from cowidget.core.notes import Acked, Note, RefusedPush
from cowidget.core.replica import Replica
from cowidget.core.values import Invitation

# Seconds. A relay that answers at all answers sooner; longer, and a cell that prints a link seems to hang.
PATIENCE = 2.0


class Grants:
    """The links of one room on their way to its relay.

    Args:
        handle: the room's.
        owner: who grants.
        clock: the time, in Unix seconds.
    """

    def __init__(self, handle: Handle, owner: Owner, clock: Callable[[], float]) -> None:
        self._handle = handle
        self._owner = owner
        self._clock = clock
        # The link's thread: who waits, and for which link.
        self._waiting: list[tuple[str, Future[None]]] = []
        handle.listen(self._receive)

    def wait(self, invitation: str) -> None:
        """Wait until whoever comes with this link now is let in.

        Not while the line is down, when nobody knows how long that takes; not in the link's thread, which is the one
        that would hear of it; and never for longer than `PATIENCE`.
        """
        if self._handle.status.stage is not Stage.LIVE or _runs_in(self._handle.thread.loop):
            return
        known: Future[None] = Future()
        self._handle.thread.call(self._watch, invitation, known)
        try:
            known.result(PATIENCE)
        except (TimeoutError, FutureTimeoutError):
            self._handle.thread.call(self._forget, known)

    # In the link's thread.

    def _watch(self, invitation: str, known: Future[None]) -> None:
        self._waiting.append((invitation, known))
        self._tell()

    def _forget(self, known: Future[None]) -> None:
        self._waiting = [waiting for waiting in self._waiting if waiting[1] is not known]

    def _receive(self, note: Note | StatusChanged) -> None:
        if self._waiting and isinstance(note, Acked | RefusedPush | StatusChanged):
            self._tell()

    def _tell(self) -> None:
        live = self._handle.status.stage is Stage.LIVE
        lets_in = self._handle.ask(self._lets_in)
        for invitation, known in self._waiting:
            if not live or lets_in(invitation):
                known.set_result(None)
        self._waiting = [waiting for waiting in self._waiting if not waiting[1].done()]

    def _lets_in(self, replica: Replica) -> Callable[[str], bool]:
        on_their_way = {push.invitation.name for push in replica.pushes if isinstance(push, Grant)}
        # A link that only lives longer from now on lets people in already.
        valid = [self._without_end(one) for one in replica.invitations if not self._is_over(one)]

        def lets_in(name: str) -> bool:
            wanted = self._owner.invitations.get(name)
            return name not in on_their_way or wanted is None or self._without_end(wanted) in valid

        return lets_in

    def _is_over(self, invitation: Invitation) -> bool:
        return invitation.expires is not None and invitation.expires <= self._clock()

    def _without_end(self, invitation: Invitation) -> Invitation:
        return replace(invitation, expires=None)


def _runs_in(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
