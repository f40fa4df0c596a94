"""What a kernel does for one room that it owns, between its widgets and the link's thread."""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cowidget.client.exchange import Exchange
from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.links import Link, OwnerKey
from cowidget.client.owner import Declared, Owner
from cowidget.client.peer import StatusChanged
from cowidget.core import notes
from cowidget.core.document import share_of
from cowidget.core.frames import Notice
from cowidget.core.notes import Effect, Note
from cowidget.core.replica import Identity, Phase, Replica
from cowidget.errors import CowidgetError, LinkError, NotAllowed, RelayUnavailable, ShareError
from cowidget.widgets.busy import Busy
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.place import Place
from cowidget.widgets.registry import is_never
from cowidget.widgets.shared import Apply, Settled, Shared

_log = logging.getLogger("cowidget")

# A cell's loop sets traits faster than anybody looks: per key, one value per tick of a 60 Hz screen.
TICK = 0.016
# Pushes on their way before values wait for an acknowledgement, newest per key: what a slow line or a slow
# store cannot take now, it gets as one value later.
MOST_WAITING = 32
MOST_ERRORS = 100
MOST_EARLY = 16
# Who speaks when the kernel writes in the chat. The name of the user or the machine would be a leak.
HOST = "Host"
# What the page shows in its header and its tab.
MAX_TITLE = 120


class Hosting:
    """One owned room (the sink of its shares)."""

    def __init__(self, room: str, thread: LinkThread, place: Place, key: OwnerKey, title: str = "") -> None:
        self.room = room
        self.place = place
        self.thread = thread
        self.main = MainThread(thread)
        self.shared: dict[str, Shared] = {}
        self.errors: deque[Exception] = deque(maxlen=MOST_ERRORS)
        self._exchange = Exchange()
        replica = Replica(Identity(room, "kernel", uuid.uuid4().hex, name=HOST))
        replica.present({"title": title[:MAX_TITLE]})
        self._replica = replica
        self._owner = Owner(replica, key, self._exchange, time.time)
        self.handle = Handle(thread, replica, place.route, key.owner_secret(room))
        self._busy = Busy(thread.loop, self._knock, lambda: self._exchange.waiting, self._present)
        self._scheduled = False
        self._held_back = False
        self._flushed = 0.0
        self._noticed: set[tuple[str, str]] = set()
        self._ask_room: Callable[[Any, str], None] = lambda content, by: None
        # Questions of peers whom the room has not introduced yet: a session's first frame overtakes that.
        self._early: list[tuple[Any, str]] = []
        self.handle.listen(self._receive)

    def open(self, answer: Callable[[Any, str], None]) -> None:
        """Dial and wait for the welcome. In the link's thread, `answer(content, peer)` takes what hosts ask.

        Raises:
            RelayUnavailable: no relay answered, or it does not let us create rooms.
        """
        self._ask_room = answer
        self.handle.open()
        try:
            self.handle.wait_joined()
        except LinkError as error:
            self.handle.close()
            raise RelayUnavailable(
                f"The relay at {self.place.page} does not let this kernel create a room. "
                "Set COWIDGET_TOKEN to its operator's token; with another COWIDGET_KEY than before, use the old one."
            ) from error
        except CowidgetError:
            self.handle.close()
            raise

    def link(self, invitation: str) -> Link:
        """The link of a known invitation."""
        return Link(self.place.page, self.room, self.thread.ask(lambda: self._owner.secret(invitation)))

    def owner(self, act: Callable[[Owner], list[Effect]]) -> None:
        """Let the owner push something, after the values that were set before. Returns at once."""
        self.handle.push(lambda _: [*self._collected(), *act(self._owner)])

    def read_owner(self, read: Callable[[Owner], Any]) -> Any:
        """Read what the owner knows."""
        return self.thread.ask(lambda: read(self._owner))

    # What the shares ask for: any thread, `LOCK` held.

    def send_values(self, values: Mapping[str, Any]) -> None:
        """Own values on their way; in a tight loop the newest per key and tick."""
        if self._exchange.send(values):
            self.thread.call(self._flush_soon)

    def send_message(self, model: str, content: Any, buffers: Sequence[bytes], to: str) -> None:
        """A custom message, after the values that were set before it."""
        self.owner(lambda _: self._replica.emit(model, content, buffers, to))

    def declare(self, declared: Declared, *, restore: bool) -> None:
        """Describe a share."""
        self.owner(lambda owner: owner.declare(declared, restore=restore))

    def allow(self, key: str, *, messages: bool) -> str:
        """Let guests write the trait `key`, or send messages to the model `key`; the word for `allow=` that says so.

        Raises:
            ShareError: nothing of that name is shared, or guests must never write it.
        """
        shared = self.shared.get(share_of(key))
        if shared is None:
            raise ShareError(f"{key} is not shared here any more.")
        return shared.allow(key, messages=messages)

    def unshare(self, name: str) -> None:
        """Take a share away."""
        self.shared.pop(name, None)
        self.owner(lambda owner: owner.unshare(name))

    def report(self, error: Exception) -> None:
        """Keep an error for `room.errors`, and log it."""
        self.errors.append(error)
        _log.warning("room %s: %s", self.room, error)

    # Applying guests' writes.

    def apply_waiting(self, on: Apply) -> int:
        """Apply what waits for this thread; how many keys."""
        mine = {name: shared for name, shared in list(self.shared.items()) if shared.apply_on == on}
        writes = self._exchange.take(lambda key: share_of(key) in mine)
        for name, shared in mine.items():
            own = [write for write in writes if share_of(write.key) == name]
            if own:
                self._settle(shared.apply(own))
        return len(writes)

    def _settle(self, settled: Settled) -> None:
        self.owner(lambda owner: owner.settle(settled.settlements, settled.held))

    def expect_main(self) -> None:
        """A cell has begun: find out whether it keeps the main thread busy."""
        self.thread.call(self._busy.expect)

    # In the link's thread.

    def _receive(self, note: Note | StatusChanged) -> list[Effect]:
        if isinstance(note, StatusChanged):
            return []
        effects = self._owner.receive(note)
        match note:
            case notes.EventReceived(event=event):
                self._route_event(event.model, event.content, event.buffers, event.by)
            case notes.RefusedPush(refused=refused) if not self._owner.is_moot(refused):
                self.main.call(partial(self._report_refused, refused.text, refused.keys))
            case notes.PeopleChanged() if self._early:
                self._answer_hosts()
            case notes.NoticeReceived(notice=notice):
                self._report_notice(notice)
            case notes.Acked() if self._held_back:
                effects += self._collected()
            case _:
                pass
        self._schedule()
        return effects

    def _schedule(self) -> None:
        if not self._exchange.waiting:
            return
        if any(shared.apply_on == "thread" for shared in list(self.shared.values())):
            self.thread.apply(lambda: self.apply_waiting("thread"))
        if not self._scheduled:
            self._scheduled = True
            self.main.call(self._apply_on_main)
        self._busy.expect()

    def _apply_on_main(self) -> None:
        self._scheduled = False
        self.apply_waiting("main")

    def _route_event(self, model: str, content: Any, buffers: Sequence[bytes], by: str) -> None:
        if not model:
            self._early = [*self._early, (content, by)][-MOST_EARLY:]
            self._answer_hosts()
        elif (shared := self.shared.get(share_of(model))) is not None:
            self.main.call(partial(shared.receive_message, model, content, buffers, by))
            self._busy.expect()

    def _answer_hosts(self) -> None:
        # The relay lets only hosts ask (E1); whoever holds a link to widgets gets no further than that twice.
        waiting, self._early = self._early, []
        for content, by in waiting:
            person = self._replica.people.get(by)
            if person is None:
                self._early.append((content, by))
            elif person.role in ("host", "owner"):
                self._ask_room(content, by)

    def _report_refused(self, text: str, keys: Sequence[str]) -> None:
        for key in keys:
            if (shared := self.shared.get(share_of(key))) is not None:
                shared.forget(key)
        self.report(NotAllowed(f"{', '.join(keys)}: {text}" if keys else text))

    def _report_notice(self, notice: Notice) -> None:
        name = share_of(notice.key)
        known = notice.slug == "messages" or self._replica.state(notice.key) is not None
        if name not in self.shared or not known or (notice.slug, notice.key) in self._noticed:
            return  # what does not exist is no use to allow, and guests can name as much of that as they like
        self._noticed.add((notice.slug, notice.key))
        never = notice.slug == "not-writable" and is_never(notice.key.rpartition("/")[2], None)
        hint = "" if never or not notice.allow else f" To let them: cw.share(…, {notice.allow})."
        self.report(NotAllowed(notice.text + hint))

    def _knock(self, answer: Callable[[], None]) -> None:
        self.main.call(partial(self.thread.call, answer))

    def _present(self, about: Mapping[str, Any]) -> None:
        self.handle.push(lambda replica: replica.present(about))

    def _flush_soon(self) -> None:
        wait = self._flushed + TICK - self.thread.loop.time()
        if wait <= 0:
            self._flush()
        else:
            self.thread.loop.call_later(wait, self._flush)

    def _flush(self) -> None:
        if self._replica.phase is Phase.JOINED and self._replica.waiting >= MOST_WAITING:
            self._held_back = True
            return
        self.handle.push(lambda _: self._collected())

    def _collected(self) -> list[Effect]:
        self._held_back = False
        self._flushed = self.thread.loop.time()
        values = self._exchange.collect()
        return self._owner.set(values) if values else []
