"""One share: a root widget with every model below it, and a mirror for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from ipywidgets import Output, Widget

from cowidget.client.exchange import Write
from cowidget.client.owner import Declared
from cowidget.core.values import Settlement
from cowidget.errors import CowidgetError, ShareError
from cowidget.widgets import capture, objects
from cowidget.widgets.description import Coded, check_size, coded, described
from cowidget.widgets.mirror import Message, Mirror, Outcome, Past
from cowidget.widgets.registry import MESSAGES, Terms, check_allowed, is_classic, rights, unknown_names
from cowidget.widgets.tee import LOCK, Tee
from cowidget.widgets.tree import Node, walk

Apply = Literal["main", "thread"]

# A share that is described faster than this (seconds) is described anew at once. A larger one rests in between,
# so that it takes one part in `_REST` of the time; guests wait for `_LATEST` at most.
_QUICK = 0.02
_REST = 10
_LATEST = 2.0


class ShareSink(Protocol):
    """What a share needs of its room. Called with `LOCK` held; must not wait."""

    def send_values(self, values: Mapping[str, Any]) -> None:
        """New values by key."""
        ...

    def send_message(self, message: Message) -> None:
        """A message of a model."""
        ...

    def later(self, wait: float, act: Callable[[], None]) -> None:
        """Call `act` in `wait` seconds, on another thread than the link's."""
        ...

    def declare(self, declared: Declared, *, restore: bool) -> None:
        """The share has another shape."""
        ...

    def unshare(self, name: str) -> None:
        """The share's root was closed."""
        ...

    def report(self, error: Exception) -> None:
        """Something failed that the host should see."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """What the widgets made of guests' writes: what to tell the room, and what they hold now."""

    settlements: tuple[Settlement, ...]
    held: dict[str, Any]


class Shared:
    """A widget in a room (the sink of its mirrors)."""

    def __init__(self, name: str, root: Widget, terms: Terms, order: int, sink: ShareSink) -> None:
        self.name = name
        # What the host calls it by: the root, or the object that it stands for.
        self.thing: object = root
        self.root = root
        self.order = order
        self.apply_on: Apply = "main"
        self._terms = terms
        self._sink = sink
        self._mirrors: dict[str, Mirror] = {}
        # By `id`, because a closed widget has no model id: its key, and what is remembered of it.
        self._keys: dict[int, str] = {}
        self._pasts: dict[int, Past] = {}
        self._outputs: tuple[Output, ...] = ()
        self._code = Coded({}, {})
        self._opening = False
        self._closed = False
        self._late = False
        self._rested = 0.0

    @property
    def mirrors(self) -> Mapping[str, Mirror]:
        """What is shared now, by model key."""
        return self._mirrors

    def fetch_code(self) -> None:
        """Before `open`, which holds `LOCK`: get the code that is at addresses. What has come is kept for a while.

        Raises:
            ShareError: as `open` does.
        """
        coded(walk(self.root, self._terms))

    def open(self, previous: Shared | None = None) -> Declared:
        """Begin to listen to all of its models, or find out which they are now; how to declare it.

        Args:
            previous: what was shared under this name until now; of models that both have, all is remembered.

        Raises:
            ShareError: it cannot be shared, or an argument names no trait of it.
        """
        with LOCK:
            self._opening = True
            try:
                nodes = walk(self.root, self._terms)
                if not self._keys:
                    self._check_terms(nodes)
                if previous is not None:
                    self._pasts, previous._pasts = previous._pasts, {}
                return self._listen(nodes)
            except CowidgetError:
                self.close_mirrors()
                raise
            finally:
                self._opening = False

    def catch_up(self) -> None:
        """Send whatever the widgets hold and the room was not told: an interrupt cut somebody short."""
        with LOCK:
            for mirror in tuple(self._mirrors.values()):
                mirror.receive_traits(mirror.rights.traits)

    def close_mirrors(self) -> None:
        """Stop listening for good; the widgets are as before, and a root that stood for an object is gone."""
        with LOCK:
            if self._closed:
                return
            self._closed = True
            for mirror in self._mirrors.values():
                mirror.close()
            self._mirrors = {}
            self._keys = {}
            self._keep_pasts({})
            self._capture(())
            if not Tee.listens_to(self.root):
                objects.close(self.root)

    def allow(self, key: str, *, messages: bool) -> str:
        """Let guests write one more trait, until the share is described anew; the word for `allow=` that says so.

        Args:
            key: the trait's key, or the model's for messages.
            messages: guests may send it custom messages.

        Raises:
            ShareError: there is no such trait, or guests must never write it.
        """
        with LOCK:
            model, _, trait = (key, "", MESSAGES) if messages else key.rpartition("/")
            mirror = self._mirrors.get(model)
            if mirror is None or not (messages or trait in mirror.rights.traits):
                raise ShareError(f"{key} is not shared here any more.")
            path = model.removeprefix(self.name).removeprefix("/")
            word = f"{path}.{trait}" if path else trait
            wider = replace(self._terms, allow=self._terms.allow | {word})
            # Refuses what guests must never write.
            granted = rights(mirror.widget, path, wider, in_classic=is_classic(self.root))
            if not messages and trait not in granted.writable:
                raise ShareError(f"{key} is each viewer's own (local=), so there is nothing to allow.")
            self._terms = wider
            self._declare_anew()
            return word

    # What its mirrors ask for.

    def send_values(self, values: Mapping[str, Any]) -> None:
        """Pass on."""
        self._sink.send_values(values)

    def send_message(self, message: Message) -> None:
        """Pass on."""
        self._sink.send_message(message)

    def later(self, wait: float, act: Callable[[], None]) -> None:
        """Pass on."""
        self._sink.later(wait, act)

    def report(self, error: Exception) -> None:
        """Pass on."""
        self._sink.report(error)

    def reshape(self) -> None:
        """Models came, went or have new code: declare the share anew, if that is so."""
        if self._opening or self._closed:
            return
        rest = self._rested - time.monotonic()
        if rest <= 0:
            self._reshape()
        elif not self._late:
            self._late = True
            self._sink.later(rest, self._reshape_late)

    def close(self, widget: Widget) -> None:
        """A widget was closed: the root takes the share with it."""
        if widget is self.root:
            self.close_mirrors()
            self._sink.unshare(self.name)
        else:
            self._mirrors.pop(self._keys.pop(id(widget), ""), None)
            self.reshape()

    def _reshape_late(self) -> None:
        with LOCK:
            self._late = False
            if not self._closed:
                self._reshape()

    def _reshape(self) -> None:
        begun = time.monotonic()
        keys, code = dict(self._keys), self._code
        try:
            declared = self.open()
        except CowidgetError as error:
            self._sink.report(error)
            self._sink.unshare(self.name)
            return
        if (keys, code) != (self._keys, self._code):
            # With other models under the same paths, what a guest wrote to the old ones is not for the new.
            self._sink.declare(declared, restore=keys == self._keys)
        else:
            self._sink.send_values(declared.values)
        took = time.monotonic() - begun
        # A thousand children that are closed one by one must not be looked through a thousand times.
        self._rested = begun + min(took * _REST, _LATEST) if took > _QUICK else 0.0

    def _declare_anew(self) -> None:
        try:
            self._sink.declare(self.open(), restore=True)
        except CowidgetError:
            self._sink.unshare(self.name)
            raise

    # What guests did.

    def apply(self, writes: Sequence[Write]) -> Settled:
        """Set what they wrote; the widgets' answer."""
        by_mirror: dict[str, dict[str, Write]] = {}
        for write in writes:
            model, _, trait = write.key.rpartition("/")
            by_mirror.setdefault(model, {})[trait] = write
        settlements: list[Settlement] = []
        held: dict[str, Any] = {}
        for model, traits in by_mirror.items():
            if (mirror := self._mirrors.get(model)) is None:
                continue
            try:
                outcomes = mirror.apply({trait: write.value for trait, write in traits.items()})
            except CowidgetError as error:
                # What the widget holds now cannot be told, so the guests' values stay pending.
                self._sink.report(error)
                continue
            for trait, outcome in outcomes.items():
                settlements.append(_settlement(traits[trait], outcome))
                held[traits[trait].key] = outcome.value
        return Settled(tuple(settlements), held)

    def receive_message(self, model: str, content: Any, buffers: Sequence[bytes], by: str) -> None:
        """A guest's message to a model."""
        if (mirror := self._mirrors.get(model)) is not None:
            mirror.receive_message(content, buffers, by)

    def receive_left(self, peers: Sequence[str]) -> None:
        """These peers have gone."""
        for past in list(self._pasts.values()):
            for peer in peers:
                past.sessions.leave(peer)

    def forget(self, key: str) -> None:
        """The room did not take our last value of this key."""
        model, _, trait = key.rpartition("/")
        if (mirror := self._mirrors.get(model)) is not None:
            mirror.forget(trait)

    # Opening.

    def _listen(self, nodes: Sequence[Node]) -> Declared:
        code = coded(nodes)
        keys = {node.widget.model_id: model_key(self.name, node.path) for node in nodes}
        identities = {key: identity for identity, key in keys.items()}
        before, self._mirrors = self._mirrors, {}
        pasts: dict[int, Past] = {}
        values: dict[str, Any] = {}
        for node in nodes:
            key, widget = keys[node.widget.model_id], node.widget
            past = pasts[id(widget)] = self._pasts.get(id(widget)) or Past(widget)
            mirror = before.get(key)
            if mirror is None or mirror.widget is not widget:
                mirror = Mirror(widget, key, node.rights, past, self)
            else:
                del before[key]
            self._mirrors[key] = mirror
            values |= mirror.open(node, keys.get, identities.get, code.code[widget.model_id])
        for mirror in before.values():
            mirror.close()
        self._keys = {id(mirror.widget): key for key, mirror in self._mirrors.items()}
        self._keep_pasts(pasts)
        self._capture([node.widget for node in nodes if isinstance(node.widget, Output)])
        self._code = code
        share = described(self.name, self.order, self._mirrors, nodes, code)
        check_size(share, values)
        return Declared(share, values, code.blobs)

    def _keep_pasts(self, pasts: dict[int, Past]) -> None:
        before, self._pasts = self._pasts, pasts
        for identity, past in before.items():
            if identity not in pasts:
                past.sessions.leave()

    def _capture(self, outputs: Sequence[Output]) -> None:
        before, self._outputs = self._outputs, tuple(outputs)
        for output in outputs:
            capture.listen(output)
        for output in before:
            capture.unlisten(output)

    def _check_terms(self, nodes: Sequence[Node]) -> None:
        # Only once: what a name is for may come and go.
        if self._terms == Terms():
            return
        check_allowed(self._terms, ((node.widget, node.rights) for node in nodes))
        every = {(node.path, trait) for node in nodes for trait in node.widget.keys}
        if unknown := unknown_names(self._terms, every):
            known = ", ".join(nodes[0].rights.traits)
            raise ShareError(f"{type(self.root).__name__} has no trait {unknown[0]!r}. It has: {known}.")


def _settlement(write: Write, outcome: Outcome) -> Settlement:
    value = None if outcome.kind == "commit" else outcome.value
    return Settlement(write.key, write.version, outcome.kind, value=value, reason=outcome.reason)


def model_key(share: str, path: str) -> str:
    """The key of the model at `path` of a share."""
    return f"{share}/{path}" if path else share
