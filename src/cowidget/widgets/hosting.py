"""What a kernel does for one room that it owns, between its widgets and the link's thread."""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakMethod

from ipywidgets import Widget

from cowidget.client.exchange import Exchange
from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.links import Link, OwnerKey
from cowidget.client.owner import Declared, Owner
from cowidget.client.peer import StatusChanged
from cowidget.core import notes
from cowidget.core.document import share_of
from cowidget.core.notes import Effect, Note
from cowidget.core.replica import Identity, Phase, Replica
from cowidget.core.values import Share
from cowidget.errors import CowidgetError, LinkError, NotAllowed, RelayUnavailable, ShareError
from cowidget.widgets import objects
from cowidget.widgets.busy import Busy
from cowidget.widgets.charts.hosted import HostedCharts
from cowidget.widgets.grants import Grants
from cowidget.widgets.jslinks.link_share import LinkShare
from cowidget.widgets.main_thread import MainThread, Once
from cowidget.widgets.messages.part import Part
from cowidget.widgets.mirror import Message
from cowidget.widgets.names import HOST, LINKS
from cowidget.widgets.notices import Notices
from cowidget.widgets.place import Place
from cowidget.widgets.shared import Apply, Settled, Shared, model_key

if TYPE_CHECKING:
    from cowidget.widgets.feeds.feed import Feed

_log = logging.getLogger("cowidget")

# A cell's loop sets traits faster than anybody looks: per key, one value per tick of a 60 Hz screen.
TICK = 0.016
# Pushes on their way before values wait for an acknowledgement, newest per key: what a slow line or a slow
# store cannot take now, it gets as one value later.
MOST_WAITING = 32
MOST_ERRORS = 100
# Seconds that what is to be done on the main thread waits for it. What a guest who comes meanwhile sees is that old.
GRACE = 1.0
MOST_EARLY = 16
# What the page shows in its header and its tab.
MAX_TITLE = 120
# Seconds that a message about a share waits for the room to have it.
DECLARED = 5.0


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
        self.grants = Grants(self.handle, self._owner, time.time)
        self._busy = Busy(thread.loop, self._knock, self._waiting, self._present)
        self._scheduled = False
        self._held_back = False
        self._flushed = 0.0
        # The link's thread: values of shares that are described, and not declared yet.
        self._ahead: dict[str, Any] = {}
        self._notices = Notices(self._find, self.report)
        # Guests' messages, by the thread that is to take them.
        self._messages: dict[Apply, deque[Callable[[], None]]] = {"main": deque(), "thread": deque()}
        self._links = LinkShare(self)
        self._charts = HostedCharts(self)
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

    def another_session(self, key: OwnerKey) -> Handle:
        """One more of this kernel's in the room, not open yet: it declares nothing."""
        replica = Replica(Identity(self.room, "kernel", uuid.uuid4().hex, name=HOST))
        return Handle(self.thread, replica, self.place.route, key.owner_secret(self.room))

    def link(self, invitation: str) -> Link:
        """The link of a known invitation."""
        return Link(self.place.page, self.room, self.thread.ask(lambda: self._owner.secret(invitation)))

    def owner(self, act: Callable[[Owner], list[Effect]]) -> None:
        """Let the owner push something, after the values that were set before. Returns at once."""
        self.handle.push(lambda _: [*self._collected(), *act(self._owner)])

    def read_owner(self, read: Callable[[Owner], Any]) -> Any:
        """Read what the owner knows."""
        return self.thread.ask(lambda: read(self._owner))

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What the charts of this room draw."""
        return self._charts.feeds

    def key_of(self, widget: object) -> str | None:
        """The model key of a widget, wherever in the shares it is."""
        mirrors = (pair for shared in tuple(self.shared.values()) for pair in tuple(shared.mirrors.items()))
        return next((key for key, mirror in mirrors if mirror.widget is widget), None)

    def part_of(self, key: str) -> Part:
        """Where a model is, once the room has what the cell shared and set before."""
        share = share_of(key)
        self.owner(lambda _: [])
        if not self.handle.ask(lambda replica: share in replica.shares):
            self.handle.wait_sent(DECLARED)
        return Part(share, f"{key}/")

    # What the shares ask for: any thread, `LOCK` held.

    def send_values(self, values: Mapping[str, Any]) -> None:
        """Own values on their way; in a tight loop the newest per key and tick."""
        if self._exchange.send(values):
            self.thread.call(self._flush_soon)

    def send_message(self, message: Message) -> None:
        """A model's message, after the values that were set before it."""
        self.owner(
            lambda _: self._replica.emit(
                message.model, message.content, message.buffers, message.to, message.trait, message.count
            )
        )

    def later(self, wait: float, act: Callable[[], None]) -> None:
        """Call the method on the main thread in `wait` seconds; beside it if that is busy for longer than `GRACE`.

        Not if its object is gone by then: what is waited for keeps no widget alive.
        """
        method = WeakMethod(act)

        def call() -> None:
            if (alive := method()) is not None:
                alive()

        once = Once(call)
        self.thread.call(self.thread.loop.call_later, wait, self.main.call, once)
        self.thread.call(self.thread.loop.call_later, wait + GRACE, self.thread.apply, once)

    def declare(self, declared: Declared, *, restore: bool) -> None:
        """Describe a share."""
        self.handle.push(lambda _: self._declare(self._completed(declared), restore))
        self._refresh()

    def declare_links(self, declared: Declared) -> None:
        """Describe the links between widgets."""
        self.owner(lambda owner: owner.declare(declared))

    def unshare_links(self) -> None:
        """There are no links."""
        self.owner(lambda owner: self._withdrawn(owner, LINKS))

    def refresh_links(self) -> None:
        """Look for links that came or went."""
        self._links.refresh(list(self.shared.values()))

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
        self._charts.unshare(name)
        self._refresh()

    def close(self) -> None:
        """Let go of the widgets; they are as before."""
        self._links.close()
        self._charts.close()
        for shared in list(self.shared.values()):
            shared.close_mirrors()
        self.shared.clear()

    def _refresh(self) -> None:
        self.refresh_links()
        self._charts.refresh(list(self.shared.values()))

    def report(self, error: Exception) -> None:
        """Keep an error for `room.errors`, and log it."""
        self.errors.append(error)
        _log.warning("room %s: %s", self.room, error)

    # Applying guests' writes.

    def apply_waiting(self, on: Apply) -> int:
        """Apply what waits for this thread, values before messages; how many keys and messages."""
        mine = {name: shared for name, shared in list(self.shared.items()) if shared.apply_on == on}
        writes = self._exchange.take(lambda key: share_of(key) in mine)
        for name, shared in mine.items():
            own = [write for write in writes if share_of(write.key) == name]
            if own:
                self._settle(shared.apply(own))
        heard = self._give_messages(on)
        if writes or heard:
            objects.refresh()
        return len(writes) + heard

    def _give_messages(self, on: Apply) -> int:
        given, waiting = 0, self._messages[on]
        while True:
            try:
                give = waiting.popleft()
            except IndexError:
                return given
            give()
            given += 1

    def _settle(self, settled: Settled) -> None:
        self.owner(lambda owner: owner.settle(settled.settlements, settled.held))

    def catch_up(self) -> None:
        """A cell was interrupted, perhaps between a widget's change and our word of it."""
        for shared in list(self.shared.values()):
            shared.catch_up()

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
            case notes.PeopleChanged(left=left):
                if self._early:
                    self._answer_hosts()
                if left:
                    self.main.call(partial(self._receive_left, left))
            case notes.NoticeReceived(notice=notice):
                self._notices.receive(notice)
            case notes.Acked() if self._held_back:
                effects += self._collected()
            case _:
                pass
        self._schedule()
        return effects

    def _waiting(self) -> int:
        return self._exchange.waiting + sum(map(len, self._messages.values()))

    def _schedule(self) -> None:
        if not self._waiting():
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
            self._messages[shared.apply_on].append(partial(shared.receive_message, model, content, buffers, by))

    def _answer_hosts(self) -> None:
        # The relay lets only hosts ask (E1); whoever holds a link to widgets gets no further than that twice.
        waiting, self._early = self._early, []
        for content, by in waiting:
            person = self._replica.people.get(by)
            if person is None:
                self._early.append((content, by))
            elif person.role in ("host", "owner"):
                self._ask_room(content, by)

    def _completed(self, declared: Declared) -> Declared:
        # A trait that is listed and has no value is None, and that is news where the room has one for it.
        share = declared.share
        listed = {f"{model_key(share.name, model.path)}/{trait}" for model in share.models for trait in model.traits}
        left = {key: None for key in listed - declared.values.keys() if self._replica.state(key) is not None}
        return replace(declared, values=declared.values | left) if left else declared

    def _withdrawn(self, owner: Owner, name: str) -> list[Effect]:
        left = self._replica.shares.get(name)
        if name in owner.shares or left is None or left.by in self._replica.people:
            return owner.unshare(name)
        # Left by a kernel that has died: only who declares a share may take it away.
        return [*owner.declare(Declared(Share(name, ()), {}, ())), *owner.unshare(name)]

    def _receive_left(self, peers: Sequence[str]) -> None:
        for shared in list(self.shared.values()):
            shared.receive_left(peers)

    def _report_refused(self, text: str, keys: Sequence[str]) -> None:
        for key in keys:
            if (shared := self.shared.get(share_of(key))) is not None:
                shared.forget(key)
        self.report(NotAllowed(f"{', '.join(keys)}: {text}" if keys else text))

    def _find(self, key: str) -> Widget | None:
        shared = self.shared.get(share_of(f"{key}/"))
        mirror = shared.mirrors.get(key) if shared is not None else None
        return None if mirror is None else mirror.widget

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
        if not (values := self._exchange.collect()):
            return []
        # The cell goes on while a new share waits to be declared: what it sets then comes after that.
        if new := self.shared.keys() - self._owner.shares.keys():
            self._ahead |= {key: value for key, value in values.items() if share_of(key) in new}
        return self._owner.set(values)

    def _declare(self, declared: Declared, restore: bool) -> list[Effect]:
        effects = [*self._collected(), *self._owner.declare(declared, restore=restore)]
        mine = {key: value for key, value in self._ahead.items() if share_of(key) == declared.share.name}
        self._ahead = {key: value for key, value in self._ahead.items() if key not in mine}
        return [*effects, *self._owner.set(mine)]
