"""The state of an object that anywidget shows without being a widget: how it is read, set, and heard.

Such an object's class has a `MimeBundleDescriptor`; dataclasses, pydantic models, msgspec structs, traitlets'
and psygnal's objects can be one. How their state is read and set is anywidget's own way.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import psygnal
import traitlets
from anywidget import _descriptor as anywidgets
from anywidget.experimental import MimeBundleDescriptor
from ipywidgets import Widget

from cowidget.widgets.values import SCHEME, plain

_ATTRIBUTE = "_repr_mimebundle_"
Undo = Callable[[], None]


def descriptor_of(thing: Any) -> MimeBundleDescriptor | None:
    """What makes this object one of anywidget's, or None."""
    with contextlib.suppress(AttributeError):
        found = getattr(type(thing), _ATTRIBUTE)
        # Pydantic takes an attribute without an annotation for a private one, and wraps it.
        found = getattr(found, "default", found)
        return found if isinstance(found, MimeBundleDescriptor) else None
    return None


def extra_state(descriptor: MimeBundleDescriptor) -> dict[str, Any]:
    """What its front end gets beside the state: `_esm`, `_css` and more. Files are objects that tell of changes."""
    return dict(descriptor._extra_state)


def read_state(thing: Any, refer: Callable[[Any], Widget | None]) -> dict[str, Any]:
    """The object's state as it travels.

    Args:
        refer: the widget for an object in the state, None if it stands for none.

    Raises:
        ShareError: a value cannot travel.
        TypeError: anywidget knows no state of such an object.
    """
    state = anywidgets.determine_state_getter(thing)(thing, None)
    return {str(name): plain(_with_references(value, refer)) for name, value in state.items()}


def set_state(thing: Any, values: Mapping[str, Any]) -> None:
    """Set values as a front end would, with the object's own validation.

    Raises:
        Exception: the object's, if it does not accept them.
    """
    anywidgets.determine_state_setter(thing)(thing, dict(values))


def listen(thing: Any, told: Callable[[], None]) -> Undo | None:
    """Call this whenever the object tells of a change; what undoes that, or None if it never tells."""

    def receive(*_: object) -> None:
        told()

    if isinstance(thing, traitlets.HasTraits):
        names = thing.trait_names(sync=True)
        thing.observe(receive, names=names)
        return partial(thing.unobserve, receive, names=names)
    if (signals := _signals(thing)) is not None:
        signals.connect(receive)
        return partial(signals.disconnect, receive)
    return None


def send_to_own_view(thing: Any, names: set[str]) -> None:
    """Tell the object's own view in the notebook, if there is one, what the object cannot tell itself."""
    if id(thing) not in anywidgets._COMMS:
        return
    with warnings.catch_warnings():
        # Of what it cannot do for such an object, anywidget has warned when the object was displayed.
        warnings.simplefilter("ignore", UserWarning)
        shown = getattr(thing, _ATTRIBUTE)
    shown.send_state(names)


def commands_of(thing: Any) -> dict[str, Any]:
    """The methods that the object's front end may call (`anywidget.experimental.command`)."""
    methods: dict[str, Any] = {}
    for base in reversed(type(thing).__mro__):
        methods |= {name: attribute for name, attribute in vars(base).items() if _is_command(attribute)}
    return methods


def _is_command(attribute: Any) -> bool:
    return callable(attribute) and getattr(attribute, "_anywidget_command", False) is True


def _signals(thing: Any) -> Any:
    candidates: Iterator[Any] = iter((getattr(thing, "events", None), *getattr(thing, "__dict__", {}).values()))
    return next((one for one in candidates if isinstance(one, psygnal.SignalGroup)), None)


def _with_references(value: Any, refer: Callable[[Any], Widget | None]) -> Any:
    if (widget := refer(value)) is not None:
        return f"{SCHEME}{widget.model_id}"
    if isinstance(value, Mapping):
        return {name: _with_references(inner, refer) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_references(inner, refer) for inner in value]
    return value
