"""What a link between kernels joins: a trait of a widget here or in a room, or a room's shared value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ipywidgets import Widget
from traitlets import HasTraits, TraitError

from cowidget.errors import NotAllowed, ShareError
from cowidget.widgets.joined import JoinedRoom
from cowidget.widgets.remote import RemoteWidget, Standing
from cowidget.widgets.room import Room
from cowidget.widgets.state import SharedState
from cowidget.widgets.tree import received, walk
from cowidget.widgets.values import plain, references, same

_GONE = object()
REFUSALS = (NotAllowed, ShareError, TraitError, AttributeError, TypeError, ValueError)
"""What `write` raises for a value that an end does not take."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an end holds.

    Attributes:
        value: the value.
        answer: it is what the end made of the value that was written to it last.
        automatic: another kernel has written it, so maybe another link.
    """

    value: Any
    answer: bool = False
    automatic: bool = False


class End(Protocol):
    """One side of a link."""

    name: str

    def read(self) -> Reading | None:
        """What it holds; None while it is not there."""
        ...

    def write(self, value: Any) -> Any:
        """Set it; what it holds then, as far as that is known here.

        Raises:
            NotAllowed: guests may not set it.
            TraitError: its validation refuses the value.
            ShareError: the value cannot travel.
            AttributeError: it is not there.
        """
        ...

    def follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after each change, until what this returns is called."""
        ...

    def check_writable(self) -> None:
        """Raise `NotAllowed` where the host does not let guests set it."""
        ...


class LocalEnd:
    """A trait of an object in this kernel. Its validation answers at once."""

    def __init__(self, owner: HasTraits, trait: str) -> None:
        if not owner.has_trait(trait):
            raise ShareError(f"{type(owner).__name__} has no trait {trait!r}. It has: {_listed(owner.trait_names())}.")
        self.name = f"{type(owner).__name__}.{trait}"
        self._owner: Any = owner
        self._trait = trait
        # A widget's trait may travel as something else, as dates do.
        self._travels = isinstance(owner, Widget) and trait in owner.keys

    def read(self) -> Reading | None:
        """The trait, as it travels."""
        return Reading(self._held())

    def write(self, value: Any) -> Any:
        """Set the trait with its validation."""
        if self._travels:
            value = received(self._owner, self._trait, value)
        setattr(self._owner, self._trait, value)
        return self._held()

    def follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        """On the thread that sets the trait."""
        return _following(self._owner, self._trait, changed)

    def check_writable(self) -> None:
        """What is read-only says so when it is set."""

    def _held(self) -> Any:
        if self._travels:
            return plain(self._owner.get_state(self._trait)[self._trait])
        return plain(getattr(self._owner, self._trait))


class LastWrite:
    """Tells the owner's answer to what was written here last from somebody's new value.

    A rebase keeps our name on the value (D5). A reject puts the owner's value back, which is the one from
    before ours unless the owner has changed it since: then it is a new one all the same.
    """

    def __init__(self) -> None:
        self._before: Any = _GONE

    def begin(self, standing: Standing | None) -> None:
        """Something is about to be written over this."""
        self._before = _GONE if standing is None else standing.value

    def reading_of(self, standing: Standing) -> Reading:
        """What is there now."""
        if standing.outstanding or standing.state is None or standing.state.pending:
            return Reading(standing.value, automatic=standing.automatic)
        returned = standing.owned and self._before is not _GONE and same(standing.value, self._before)
        # That was the answer, or it has been overtaken: what the owner goes back to later is new.
        self._before = _GONE
        return Reading(standing.value, standing.mine or returned, standing.automatic)


class RemoteEnd:
    """A trait of somebody's widget. The owner's answer comes later, as a change."""

    def __init__(self, widget: RemoteWidget, trait: str) -> None:
        try:
            widget._check_trait(trait)
        except AttributeError as error:
            raise ShareError(str(error)) from error
        self.name = f"{widget._address}.{trait}"
        self._widget = widget
        self._trait = trait
        self._last = LastWrite()

    def read(self) -> Reading | None:
        """What the room shows."""
        standing = self._widget._standing(self._trait)
        return None if standing is None else self._last.reading_of(standing)

    def write(self, value: Any) -> Any:
        """Set it in the room."""
        if any(references(value)):
            raise ShareError(f"{self.name} would refer to widgets of another kernel.")
        self._last.begin(self._widget._standing(self._trait))
        self._widget.set(**{self._trait: value})
        return value

    def follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        """On the main thread."""
        return _following(self._widget, self._trait, changed)

    def check_writable(self) -> None:
        """By what the host allows now."""
        self._widget._check_writable(self._trait)


class StateEnd:
    """A shared value of a room. It takes everything, and may not be there yet."""

    def __init__(self, state: SharedState, name: str) -> None:
        self.name = f"/{name}"
        self._state = state
        self._key = name

    def read(self) -> Reading | None:
        """The value, once somebody has set it."""
        value = self._state.get(self._key, _GONE)
        return None if value is _GONE else Reading(value)

    def write(self, value: Any) -> Any:
        """Set it for everybody."""
        self._state[self._key] = value
        return value

    def follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        """On the main thread."""
        return _following(self._state, self._key, changed)

    def check_writable(self) -> None:
        """Everybody who takes part may."""


def _following(observed: Any, name: str, changed: Callable[[], None]) -> Callable[[], None]:
    def tell(_: object) -> None:
        changed()

    observed.observe(tell, name)
    return partial(observed.unobserve, tell, name)


def end_of(given: object) -> End:
    """The end that a pair of an object and a name means.

    Raises:
        ShareError: there is no such thing; says what there is.
    """
    match given:
        case (JoinedRoom() as room, str(name)):
            return StateEnd(room.state, name[1:]) if name.startswith("/") else _remote(room.widgets, name)
        case (Room() as room, str(name)):
            return StateEnd(room.state, name[1:]) if name.startswith("/") else _own(room.widgets, name)
        case (SharedState() as state, str(name)):
            return StateEnd(state, name.removeprefix("/"))
        case (RemoteWidget() as widget, str(name)):
            path, _, trait = name.rpartition(".")
            return RemoteEnd(_below(widget, path), trait)
        case (HasTraits() as owner, str(name)):
            return _local(owner, name)
        case _:
            raise ShareError(
                f"An end of a link is a pair such as (room, 'slider.value') or (widget, 'value'), not {_named(given)}."
            )


def _remote(widgets: Mapping[str, RemoteWidget], name: str) -> RemoteEnd:
    share, path, trait = _split(widgets, name)
    return RemoteEnd(_below(widgets[share], path), trait)


def _own(widgets: Mapping[str, Widget], name: str) -> LocalEnd:
    share, path, trait = _split(widgets, name)
    return _local(widgets[share], f"{path}.{trait}" if path else trait)


def _below(widget: RemoteWidget, path: str) -> RemoteWidget:
    try:
        return widget.child(path) if path else widget
    except KeyError as error:
        raise ShareError(f"{widget._address} has no widget at {path!r}.") from error


def _local(owner: HasTraits, name: str) -> LocalEnd:
    path, _, trait = name.rpartition(".")
    if not path:
        return LocalEnd(owner, trait)
    nodes = {node.path: node.widget for node in walk(owner)} if isinstance(owner, Widget) else {}
    if path not in nodes:
        raise ShareError(f"{type(owner).__name__} has no widget at {path!r}. It has: {_listed(filter(None, nodes))}.")
    return LocalEnd(nodes[path], trait)


def _split(shares: Collection[str], name: str) -> tuple[str, str, str]:
    """Share, path and trait. A share's name may have dots itself: the longest one counts."""
    share = max((one for one in shares if name == one or name.startswith(f"{one}.")), key=len, default=None)
    if share is None:
        raise ShareError(f"Nothing in the room is called as in {name!r}. It has: {_listed(shares)}.")
    path, _, trait = name.removeprefix(share).removeprefix(".").rpartition(".")
    if not trait:
        raise ShareError(f"{name!r} names no trait. Write {share + '.value'!r}, for instance.")
    return share, path, trait


def _listed(names: Any) -> str:
    return ", ".join(sorted(name for name in names if not name.startswith("_"))) or "none"


def _named(given: object) -> str:
    if isinstance(given, tuple) and len(given) == 2:
        return f"({type(given[0]).__name__}, {given[1]!r})"
    return type(given).__name__
