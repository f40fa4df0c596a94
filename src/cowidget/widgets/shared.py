"""One share: a root widget with every model below it, and a mirror for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from ipywidgets import Widget

from cowidget.client.exchange import Write
from cowidget.client.owner import Declared
from cowidget.core.packing import digest
from cowidget.core.values import Model, Settlement, Share
from cowidget.errors import CowidgetError, ShareError
from cowidget.widgets.mirror import Mirror, Outcome, code_of
from cowidget.widgets.registry import MESSAGES, Rights, Terms, rights, unknown_names
from cowidget.widgets.tee import LOCK
from cowidget.widgets.tree import Node, walk

Apply = Literal["main", "thread"]


class ShareSink(Protocol):
    """What a share needs of its room. Called with `LOCK` held; must not wait."""

    def send_values(self, values: Mapping[str, Any]) -> None:
        """New values by key."""
        ...

    def send_message(self, model: str, content: Any, buffers: Sequence[bytes], to: str) -> None:
        """A custom message of a model."""
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
        self.root = root
        self.order = order
        self.apply_on: Apply = "main"
        self._terms = terms
        self._sink = sink
        self._mirrors: dict[str, Mirror] = {}
        self._paths: dict[str, str] = {}
        self._code: dict[str, tuple[str, str]] = {}
        self._opening = False

    def open(self) -> Declared:
        """Begin to listen to all of its models; how to declare it.

        Raises:
            ShareError: it cannot be shared, or an argument names no trait of it.
        """
        with LOCK:
            self._opening = True
            try:
                nodes = walk(self.root)
                granted = [rights(node.widget, node.path, self._terms) for node in nodes]
                self._check_names(nodes, granted)
                return self._listen(nodes, granted)
            except CowidgetError:
                self.close_mirrors()
                raise
            finally:
                self._opening = False

    def close_mirrors(self) -> None:
        """Stop listening; the widgets are as before."""
        with LOCK:
            for mirror in self._mirrors.values():
                mirror.close()
            self._mirrors.clear()

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
            path = self._paths[mirror.widget.model_id]
            word = f"{path}.{trait}" if path else trait
            wider = replace(self._terms, allow=self._terms.allow | {word})
            # Refuses what guests must never write.
            granted = rights(mirror.widget, path, wider)
            if not messages and trait not in granted.writable:
                raise ShareError(f"{key} is each viewer's own (local=), so there is nothing to allow.")
            self._terms = wider
            self._declare_anew()
            return word

    # What its mirrors ask for.

    def send_values(self, values: Mapping[str, Any]) -> None:
        """Pass on."""
        self._sink.send_values(values)

    def send_message(self, model: str, content: Any, buffers: Sequence[bytes], to: str) -> None:
        """Pass on."""
        self._sink.send_message(model, content, buffers, to)

    def report(self, error: Exception) -> None:
        """Pass on."""
        self._sink.report(error)

    def reshape(self) -> None:
        """Models came, went or have new code: declare the share anew, if that is so."""
        if self._opening:
            return
        paths, code = dict(self._paths), dict(self._code)
        try:
            self.close_mirrors()
            declared = self.open()
        except CowidgetError as error:
            self._sink.report(error)
            self._sink.unshare(self.name)
            return
        if (paths, code) != (self._paths, self._code):
            # With other models under the same paths, what a guest wrote to the old ones is not for the new.
            self._sink.declare(declared, restore=paths == self._paths)
        else:
            self._sink.send_values(declared.values)

    def _declare_anew(self) -> None:
        self.close_mirrors()
        try:
            self._sink.declare(self.open(), restore=True)
        except CowidgetError:
            self._sink.unshare(self.name)
            raise

    def close(self, widget: Widget) -> None:
        """A widget was closed: the root takes the share with it."""
        if widget is self.root:
            self.close_mirrors()
            self._sink.unshare(self.name)
        else:
            self.reshape()

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

    def forget(self, key: str) -> None:
        """The room did not take our last value of this key."""
        model, _, trait = key.rpartition("/")
        if (mirror := self._mirrors.get(model)) is not None:
            mirror.forget(trait)

    # Opening.

    def _listen(self, nodes: Sequence[Node], granted: Sequence[Rights]) -> Declared:
        keys = {node.widget.model_id: _model_key(self.name, node.path) for node in nodes}
        identities = {key: identity for identity, key in keys.items()}
        self._paths = {node.widget.model_id: node.path for node in nodes}
        self._code = {node.widget.model_id: code_of(node.widget) for node in nodes}
        values: dict[str, Any] = {}
        for node, allowed in zip(nodes, granted, strict=True):
            key = keys[node.widget.model_id]
            self._mirrors[key] = mirror = Mirror(node.widget, key, allowed, self)
            values |= mirror.open(keys.get, identities.get)
        models = tuple(self._model(node, allowed) for node, allowed in zip(nodes, granted, strict=True))
        blobs = {text.encode() for pair in self._code.values() for text in pair if text}
        return Declared(Share(self.name, models, order=self.order), values, tuple(blobs))

    def _model(self, node: Node, allowed: Rights) -> Model:
        code, style = self._code[node.widget.model_id]
        return Model(
            path=node.path,
            name=type(node.widget).__name__[:64],
            traits=allowed.traits,
            writable=allowed.writable,
            local=allowed.local,
            code=digest(code.encode()) if code else None,
            style=digest(style.encode()) if style else None,
            messages=allowed.messages,
        )

    def _check_names(self, nodes: Sequence[Node], granted: Sequence[Rights]) -> None:
        every = {(node.path, trait) for node in nodes for trait in node.widget.keys}
        if unknown := unknown_names(self._terms, every):
            known = ", ".join(granted[0].traits)
            raise ShareError(f"{type(self.root).__name__} has no trait {unknown[0]!r}. It has: {known}.")


def _settlement(write: Write, outcome: Outcome) -> Settlement:
    value = None if outcome.kind == "commit" else outcome.value
    return Settlement(write.key, write.version, outcome.kind, value=value, reason=outcome.reason)


def _model_key(share: str, path: str) -> str:
    return f"{share}/{path}" if path else share
