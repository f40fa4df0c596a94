"""The links between a room's widgets that pages keep (`jslink`, `jsdlink`), as one hidden share.

Nothing refers to a link model, so that no walk from a shared widget finds it, and its two ends may be in two shares.
While it is shared, the kernel keeps it too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Protocol

from ipywidgets import Widget

from cowidget.client.owner import Declared
from cowidget.core.values import Model, Share
from cowidget.errors import CowidgetError
from cowidget.widgets.code.modules import imports_of
from cowidget.widgets.description import Coded
from cowidget.widgets.jslinks.kept_link import End, KeptLink
from cowidget.widgets.jslinks.links import links_between
from cowidget.widgets.names import LINKS
from cowidget.widgets.registry import classic, is_never
from cowidget.widgets.shared import Shared
from cowidget.widgets.tee import LOCK
from cowidget.widgets.values import SCHEME

Home = tuple[Shared, str]

_TRAITS = ("source", "target")


class LinkSink(Protocol):
    """What the links need of their room. Called with `LOCK` held; must not wait."""

    def declare_links(self, declared: Declared) -> None:
        """The links are others."""
        ...

    def unshare_links(self) -> None:
        """There are none, whatever the room has from a kernel that has died. Called again and again."""
        ...

    def later(self, wait: float, act: Callable[[], None]) -> None:
        """Call the method `act` in `wait` seconds, on another thread than the link's."""
        ...

    def report(self, error: Exception) -> None:
        """Something failed that the host should see."""
        ...


class LinkShare:
    """The hidden share of one room."""

    def __init__(self, sink: LinkSink) -> None:
        self._sink = sink
        self._declared: Declared | None = None
        self._kept: dict[str, KeptLink] = {}
        # The ends that may hold what guests have written, widgets by `id`.
        self._reached: frozenset[tuple[int, str]] = frozenset()
        self._open = True

    def refresh(self, shares: Collection[Shared]) -> None:
        """Find the links between these shares' widgets, and tell the room if they are not as before."""
        with LOCK:
            if not self._open:
                return
            homes = {id(mirror.widget): (shared, key) for shared in shares for key, mirror in shared.mirrors.items()}
            links = links_between([mirror.widget for shared in shares for mirror in shared.mirrors.values()])
            try:
                self._open_ends(links, homes)
                self._reached = _reached(links, homes)
                self._keep(links)
                self._tell(_described(links, homes) if links else None)
            except CowidgetError as error:
                self._sink.report(error)

    def close(self) -> None:
        """Forget them all; the room is told by who ends it."""
        with LOCK:
            self._open = False
            self._declared = None
            self._keep(())

    def _tell(self, declared: Declared | None) -> None:
        before, self._declared = self._declared, declared
        if declared is None:
            self._sink.unshare_links()
        elif declared != before:
            self._sink.declare_links(declared)

    def _keep(self, links: Collection[Any]) -> None:
        before, self._kept = self._kept, {}
        for link in links:
            kept = before.get(link.model_id)
            if kept is not None and kept.ends == (link.source, link.target):
                self._kept[link.model_id] = before.pop(link.model_id)
        for kept in before.values():
            kept.close()
        for link in links:
            if link.model_id not in self._kept:
                kept = KeptLink(link, self._may_pass, self._sink.later, self._sink.report)
                self._kept[link.model_id] = kept
                kept.open()

    def _may_pass(self, source: End, target: End) -> bool:
        """No: with that trait a guest could run script in the notebook."""
        return not is_never(target[1], target[0]) or (id(source[0]), source[1]) not in self._reached

    def _open_ends(self, links: Collection[Widget], homes: Mapping[int, Home]) -> None:
        """What guests may write at one end of a link, their pages write at its other end."""
        for link in links:
            for (source, written), (target, follows) in _directions(link):
                shared, key = homes[id(target)]
                rights = shared.mirrors[key].rights
                held = follows in rights.traits and follows not in (*rights.writable, *rights.local)
                if held and not is_never(follows, target) and _is_writable(homes[id(source)], written):
                    shared.allow(f"{key}/{follows}", messages=False)


def _directions(link: Any) -> Iterator[tuple[Any, Any]]:
    yield link.source, link.target
    if link._model_name == "LinkModel":
        yield link.target, link.source


def _is_writable(home: Home, trait: str) -> bool:
    shared, key = home
    return trait in shared.mirrors[key].rights.writable


def _reached(links: Collection[Widget], homes: Mapping[int, Home]) -> frozenset[tuple[int, str]]:
    directions = [direction for link in links for direction in _directions(link)]
    found: set[tuple[int, str]] = set()
    more = {(id(widget), trait) for (widget, trait), _ in directions if _is_writable(homes[id(widget)], trait)}
    while more:
        found |= more
        more = {(id(to), trait) for (widget, written), (to, trait) in directions if (id(widget), written) in found}
        more -= found
    return frozenset(found)


def _described(links: Collection[Widget], homes: Mapping[int, Home]) -> Declared:
    code = Coded({}, imports_of(list(links), ()))
    values: dict[str, Any] = {}
    models = []
    for path, link in enumerate(links):
        models.append(Model(path=str(path), name=type(link).__name__[:64], traits=_TRAITS, classic=classic(link)))
        for end in _TRAITS:
            widget, trait = getattr(link, end)
            values[f"{LINKS}/{path}/{end}"] = [SCHEME + homes[id(widget)][1], trait]
    return Declared(Share(LINKS, tuple(models), code.named, hidden=True), values, code.blobs)
