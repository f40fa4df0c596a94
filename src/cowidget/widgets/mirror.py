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

from ipywidgets import Widget

from cowidget.errors import CowidgetError, NotAllowed
from cowidget.widgets.registry import Rights
from cowidget.widgets.tee import LOCK, Tee
from cowidget.widgets.tree import find, serialised
from cowidget.widgets.values import CLASSIC, SCHEME, model_id, plain, references, rewritten, same

_log = logging.getLogger(__name__)
_NOTHING = object()
_CODE = frozenset({"_esm", "_css"})
_MAX_REASON = 300
# The peer whose message is being handled.
_asking: ContextVar[str] = ContextVar("asking", default="")


class Sink(Protocol):
    """Where a mirror sends to. Called with `LOCK` held, on any thread; must not wait."""

    def send_values(self, values: Mapping[str, Any]) -> None:
        """New values by key."""
        ...

    def send_message(self, model: str, content: Any, buffers: Sequence[bytes], to: str) -> None:
        """A custom message of a model, to all or to one peer."""
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


class Mirror:
    """The tee's listener for one model of a share."""

    def __init__(self, widget: Widget, key: str, rights: Rights, sink: Sink) -> None:
        self.widget = widget
        self.key = key
        self.rights = rights
        self._sink = sink
        self._name_model: Callable[[str], str | None] = lambda _: None
        self._find_model: Callable[[str], str | None] = lambda _: None
        self._code = ("", "")
        self._held: dict[str, Any] = {}
        self._references: dict[str, set[str]] = {}
        self._schemes: dict[str, str] = {}
        self._applying: frozenset[str] = frozenset()

    def open(self, name_model: Callable[[str], str | None], find_model: Callable[[str], str | None]) -> dict[str, Any]:
        """Begin to listen; the values of all traits by key.

        Args:
            name_model: the model key for a model id of this kernel, None outside the share.
            find_model: the reverse.
        """
        with LOCK:
            self._name_model, self._find_model = name_model, find_model
            self._code = code_of(self.widget)
            Tee.listen(self.widget, self)
            return self.values()

    def close(self) -> None:
        """Stop listening; the widget is as before."""
        Tee.unlisten(self.widget, self)

    def values(self) -> dict[str, Any]:
        """All values by key, taken as told to the room."""
        with LOCK:
            for trait in self.rights.traits:
                self._held[trait] = self._serialise(trait)
            return {self._key(trait): value for trait, value in self._held.items()}

    def forget(self, trait: str) -> None:
        """The room did not take the last value: send the next one whatever it is."""
        with LOCK:
            self._held.pop(trait, None)

    # From the widget (the tee's listener).

    def receive_traits(self, names: Collection[str]) -> None:
        """Send what differs from what the room was told."""
        if not _CODE.isdisjoint(names) and code_of(self.widget) != self._code:
            self._sink.reshape()
            return
        changed = {}
        for trait in names:
            if trait not in self.rights.traits or trait in self._applying:
                continue
            try:
                refers = self._references.get(trait, set())
                value = self._serialise(trait)
            except CowidgetError as error:
                self._sink.report(error)
                continue
            if self._references[trait] != refers:
                self._sink.reshape()
                return
            if not same(value, self._held.get(trait, _NOTHING)):
                self._held[trait] = changed[trait] = value
        if changed:
            self._sink.send_values({self._key(trait): value for trait, value in changed.items()})

    def receive_sent(self, content: Any, buffers: Sequence[Any]) -> None:
        """Send a custom message on; the answer to an `invoke` goes to who asked."""
        answer = isinstance(content, dict) and content.get("kind") == "anywidget-command-response"
        try:
            copy = plain(content)
            copied = [bytes(memoryview(buffer)) for buffer in buffers]
        except CowidgetError as error:
            self._sink.report(error)
            return
        self._sink.send_message(self.key, copy, copied, _asking.get() if answer else "")

    def receive_gone(self) -> None:
        """The widget was closed."""
        self._sink.close(self.widget)

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
            self.widget._handle_custom_msg(content, list(buffers))
        except Exception as error:  # noqa: BLE001 - the user's callback
            _log.exception("%s: a message callback failed", self.key)
            self._sink.report(error)
        finally:
            _asking.reset(token)

    # Setting and serialising.

    def _set(self, values: Mapping[str, Any]) -> dict[str, Exception]:
        if len(values) > 1 and self._set_together(values):
            return {}
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
        value = serialised(self.widget, trait)
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

        from_json = self.widget.trait_metadata(trait, "from_json", self.widget._trait_from_json)
        return from_json(rewritten(value, to_kernel), self.widget)

    def _key(self, trait: str) -> str:
        return f"{self.key}/{trait}"


def code_of(widget: Widget) -> tuple[str, str]:
    """The text of a widget's `_esm` and `_css`, empty where it has none."""
    return str(getattr(widget, "_esm", "") or ""), str(getattr(widget, "_css", "") or "")
