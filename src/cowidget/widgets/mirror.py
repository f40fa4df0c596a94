"""One shared model: what its widget does goes to the room, what guests write comes to the widget.

The widget decides. A guest's value is set with the widget's own validation; what it then holds is the
answer (PROTOCOL.md D4, D5).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ipywidgets import Layout, Style, Widget

from cowidget.core.codec import value_size
from cowidget.core.limits import MAX_EMIT_BYTES
from cowidget.errors import CowidgetError, NotAllowed
from cowidget.widgets.code.modules import code_of
from cowidget.widgets.kinds.table import kind_of
from cowidget.widgets.registry import Rights
from cowidget.widgets.sessions import Sessions
from cowidget.widgets.tally import Tally
from cowidget.widgets.tee import LOCK, Tee
from cowidget.widgets.tree import Node, find, received, serialised
from cowidget.widgets.values import CLASSIC, SCHEME, model_id, plain, references, rewritten, same

_log = logging.getLogger(__name__)
_NOTHING = object()
_CODE = frozenset({"_esm", "_css"})
_MAX_REASON = 300
# The peer whose message is being handled.
_asking: ContextVar[str] = ContextVar("asking", default="")


@dataclass(frozen=True, slots=True)
class Message:
    """What a model tells, to all or to one peer: a custom message, or with `trait` an event trait's value."""

    model: str
    content: Any
    buffers: Sequence[bytes] = ()
    to: str = ""
    trait: str = ""
    count: int = 0


class Sink(Protocol):
    """Where a mirror sends to. Called with `LOCK` held, on any thread; must not wait."""

    def send_values(self, values: Mapping[str, Any]) -> None:
        """New values by key."""
        ...

    def send_message(self, message: Message) -> None:
        """A message of a model."""
        ...

    def later(self, wait: float, act: Callable[[], None]) -> None:
        """Call `act` in `wait` seconds, on another thread than the link's."""
        ...

    def reshape(self) -> None:
        """Code or references changed: describe the share anew."""
        ...

    def close(self, widget: Widget) -> None:
        """A widget of the share was closed."""
        ...

    def report(self, error: Exception) -> None:
        """Something failed that the host should see."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the widget made of a guest's value; `value` is what it holds now."""

    kind: Literal["commit", "reject", "rebase"]
    value: Any
    reason: str = ""


class Past:
    """What a share remembers of one widget when it is described anew."""

    def __init__(self, widget: Widget) -> None:
        self.tally = Tally(widget)
        self.sessions = Sessions(widget)


class Mirror:
    """The tee's listener for one model of a share."""

    def __init__(self, widget: Widget, key: str, rights: Rights, past: Past, sink: Sink) -> None:
        self.widget = widget
        self.key = key
        self.rights = rights
        self.past = past
        self._sink = sink
        self._kind = kind_of(widget)
        self._name_model: Callable[[str], str | None] = lambda _: None
        self._find_model: Callable[[str], str | None] = lambda _: None
        self._code = ("", "")
        self._held: dict[str, Any] = {}
        # Traits whose own values are stale: newcomers are given a snapshot's.
        self._stale: frozenset[str] = frozenset()
        self._told: dict[str, Any] = {}
        self._references: dict[str, set[str]] = {}
        self._schemes: dict[str, str] = {}
        self._applying: frozenset[str] = frozenset()
        self._due = False
        self._open = False
        # Of forty traits of a layout, one or two are set; None is what the others are anyhow.
        self._is_look = isinstance(widget, (Layout, Style))

    def open(
        self,
        node: Node,
        name_model: Callable[[str], str | None],
        find_model: Callable[[str], str | None],
        code: tuple[str, str],
    ) -> dict[str, Any]:
        """Begin to listen, or go on with a new description; the values of all traits by key.

        Args:
            node: the widget as it was found just now.
            name_model: the model key for a model id of this kernel, None outside the share.
            find_model: the reverse.
            code: the texts of its code and style.
        """
        with LOCK:
            self.rights = node.rights
            self._name_model, self._find_model, self._code = name_model, find_model, code
            if not self._open:
                self._open = True
                Tee.listen(self.widget, self)
            self._held = {trait: self._to_room(trait, value) for trait, value in node.values.items()}
            self._held |= self._snapshot()
            known = {trait: value for trait, value in self._held.items() if value is not None or not self._is_look}
            return {self._key(trait): value for trait, value in (known | self.past.tally.values()).items()}

    def close(self) -> None:
        """Stop listening; the widget is as before."""
        self._open = False
        Tee.unlisten(self.widget, self)

    def forget(self, trait: str) -> None:
        """The room did not take the last value: send the next one whatever it is."""
        with LOCK:
            self._held.pop(trait, None)

    # From the widget (the tee's listener).

    def receive_traits(self, names: Collection[str]) -> None:
        """Send what differs from what the room was told."""
        for trait in self.rights.events:
            if trait in names:
                self._tell_assignment(trait)
        if not _CODE.isdisjoint(names) and self._has_new_code():
            self._sink.reshape()
            return
        found = self._stale_values(names)
        for trait in names:
            if trait not in self.rights.traits or trait in self._applying or trait in self._stale:
                continue
            refers = self._references.get(trait, set())
            try:
                found[trait] = self._serialise(trait)
            except CowidgetError as error:
                self._sink.report(error)
                continue
            if self._references[trait] != refers:
                # It stays different until the share has been described anew.
                self._references[trait] = refers
                self._sink.reshape()
                return
        changed = {key: value for key, value in found.items() if not same(value, self._held.get(key, _NOTHING))}
        self._held |= changed
        if changed:
            self._sink.send_values({self._key(trait): value for trait, value in changed.items()})

    def receive_sent(self, content: Any, buffers: Sequence[Any]) -> None:
        """Send a custom message on; an answer goes to who asked."""
        try:
            copy = plain(content)
            copied = [bytes(memoryview(buffer)) for buffer in buffers]
        except CowidgetError as error:
            self._sink.report(error)
            return
        if (sent := self._kind.sent) is not None:
            told = sent(self.widget, copy, copied, self._name_model)
            if told is None:
                return
            copy, copied = told
        if isinstance(content, dict) and content.get("kind") == "anywidget-command-response":
            self._sink.send_message(Message(self.key, copy, copied, _asking.get()))
        elif (to := self.past.sessions.address(copy)) is not None:
            count = 0 if to else self.past.tally.receive_message(copy, copied)
            self._tell(Message(self.key, copy, copied, to, count=count))

    def receive_gone(self) -> None:
        """The widget was closed."""
        self._open = False
        self._sink.close(self.widget)

    # Events that add up (E4).

    def _tell_assignment(self, trait: str) -> None:
        value = getattr(self.widget, trait)
        if value is self._told.get(trait):
            return
        self._told[trait] = value
        if value is None:
            return  # plotly takes its message back to be able to assign an equal one
        try:
            content = self._serialise(trait)
        except CowidgetError as error:
            self._sink.report(error)
            return
        count = self.past.tally.receive_assignment()
        self._tell(Message(self.key, content, trait=trait, count=count))

    def _tell(self, message: Message) -> None:
        if message.count:
            self._refresh_soon()
            if value_size(message.content) + sum(map(len, message.buffers)) > MAX_EMIT_BYTES:
                return  # too large for a message: the values that include it fill the hole it leaves
        self._sink.send_message(message)

    def _refresh_soon(self) -> None:
        if not self._due:
            self._due = True
            self._sink.later(self.past.tally.pause, self._refresh)

    def _refresh(self) -> None:
        # Counted and taken under one lock, and sent in one push: they belong together.
        with LOCK:
            self._due = False
            if not self._open:
                return
            taken = self._snapshot()
            self._held |= taken
            values = taken | self.past.tally.values()
            self._sink.send_values({self._key(trait): value for trait, value in values.items()})

    def _stale_values(self, names: Collection[str]) -> dict[str, Any]:
        if self._stale.isdisjoint(names):
            return {}
        if self.past.tally.adds_up:
            # The widget sets them now and then, and tells by events what has changed.
            self._refresh_soon()
            return {}
        return self._snapshot()

    def _snapshot(self) -> dict[str, Any]:
        try:
            taken = self.past.tally.snapshot()
        except Exception as error:  # noqa: BLE001 - the widget's own code; the traits' own values have to do
            self._sink.report(error)
            return {}
        self._stale = frozenset(taken) & frozenset(self.rights.traits)
        return {trait: self._to_room(trait, taken[trait]) for trait in self._stale}

    # From the room.

    def apply(self, values: Mapping[str, Any]) -> dict[str, Outcome]:
        """Set what guests wrote, with the widget's validation; what became of each trait that it has.

        Raises:
            ShareError: a trait's new value cannot travel.
        """
        known = {trait: value for trait, value in values.items() if trait in self.rights.traits}
        with LOCK:
            self._applying = frozenset(known)
            try:
                with Tee.receiving(self.widget, known):
                    failures = self._set({trait: known[trait] for trait in known if trait in self.rights.writable})
                return {trait: self._outcome(trait, wanted, failures.get(trait)) for trait, wanted in known.items()}
            finally:
                self._applying = frozenset()

    def receive_message(self, content: Any, buffers: Sequence[bytes], by: str) -> None:
        """A guest's custom message, given to the widget's `on_msg` callbacks."""
        if not self.rights.messages:
            self._sink.report(NotAllowed(f'{self.key} takes no messages from guests; allow={{"messages"}} lets it.'))
            return
        token = _asking.set(by)
        try:
            if not self.past.sessions.receive(content, by):
                raise NotAllowed(f"{self.key}: a guest spoke for somebody else's session.")
            admits = self._kind.admits
            if admits is not None and not admits(self.widget, content, buffers):
                raise NotAllowed(f"{self.key}: a guest asked for more than looking.")
            # As from a front end of Jupyter's, whose buffers are views.
            self.widget._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])
        except Exception as error:  # noqa: BLE001 - the user's callback
            _log.exception("%s: a message callback failed", self.key)
            self._sink.report(error)
        finally:
            _asking.reset(token)

    # Setting and serialising.

    def _set(self, values: Mapping[str, Any]) -> dict[str, Exception]:
        if len(values) > 1 and self._set_together(values):
            return {}
        before = {trait: getattr(self.widget, trait) for trait in values}
        failures = self._set_alone(values)
        refused = {trait: values[trait] for trait in failures if getattr(self.widget, trait) is before[trait]}
        if len(refused) < len(values):
            # What goes with another value that has been set only now: a lower end above the old upper one.
            kept = {trait: error for trait, error in failures.items() if trait not in refused}
            return kept | self._set_alone(refused)
        return failures

    def _set_alone(self, values: Mapping[str, Any]) -> dict[str, Exception]:
        failures = {}
        for trait, value in values.items():
            # Alone and not held: then nothing is assigned before all of its validators have agreed.
            try:
                self.widget.set_trait(trait, self._from_json(trait, value))
            except Exception as error:  # noqa: BLE001 - the widget's own code; its word is the answer
                failures[trait] = error
        return failures

    def _set_together(self, values: Mapping[str, Any]) -> bool:
        """Values that arrived together are validated together; False, and nothing is set, if one is refused."""
        before = {trait: getattr(self.widget, trait) for trait in values}
        try:
            with self.widget.hold_trait_notifications():
                for trait, value in values.items():
                    self.widget.set_trait(trait, self._from_json(trait, value))
        except Exception:  # noqa: BLE001 - each is tried alone next, which tells whose error it is
            for trait, value in before.items():
                self.widget._trait_values[trait] = value
            return False
        return True

    def _outcome(self, trait: str, wanted: Any, failure: Exception | None) -> Outcome:
        before = self._held.get(trait, _NOTHING)
        now = self._held[trait] = self._serialise(trait)
        if trait not in self.rights.writable:
            return Outcome("reject", now, "This cannot be changed by guests.")
        if same(now, wanted):
            # An observer that failed after the value was accepted is the host's to see, not the guest's.
            if failure is not None:
                self._sink.report(failure)
            return Outcome("commit", now)
        reason = "" if failure is None else str(failure)[:_MAX_REASON]
        if failure is not None and same(now, before):
            return Outcome("reject", now, reason)
        return Outcome("rebase", now, reason)

    def _serialise(self, trait: str) -> Any:
        return self._to_room(trait, serialised(self.widget, (trait,))[trait])

    def _to_room(self, trait: str, value: Any) -> Any:
        if not isinstance(value, (str, list, dict)):
            self._references[trait] = set()
            return value
        self._references[trait] = {identity for _, identity in references(value) if find(identity) is not None}

        def to_room(text: str) -> str:
            key = self._name_model(model_id(text) or "")
            if key is None:
                return text
            self._schemes[trait] = CLASSIC if text.startswith(CLASSIC) else SCHEME
            return SCHEME + key

        return rewritten(value, to_room)

    def _from_json(self, trait: str, value: Any) -> Any:
        scheme = self._schemes.get(trait, SCHEME)

        def to_kernel(text: str) -> str:
            found = self._find_model(model_id(text) or "")
            return text if found is None else scheme + found

        return received(self.widget, trait, rewritten(value, to_kernel))

    def _has_new_code(self) -> bool:
        try:
            return code_of(self.widget) != self._code
        except CowidgetError as error:
            self._sink.report(error)
            return False

    def _key(self, trait: str) -> str:
        return f"{self.key}/{trait}"
