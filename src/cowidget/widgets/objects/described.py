"""A stand-in for an object that anywidget shows without being a widget, in step with it both ways."""

from __future__ import annotations

import typing
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin

import traitlets
from ipywidgets import Widget

from cowidget.errors import ShareError
from cowidget.widgets.objects import state
from cowidget.widgets.objects.stand_in import FromThing, StandIn
from cowidget.widgets.tee import LOCK, Tee

_CODE = ("_esm", "_css")
# Widgets have these as traits, too, and a class may give them a meaning of its own.
_REDEFINABLE = frozenset({"tooltip", "tabbable"})
_MAX_REASON = 300
Refer = Callable[[Any], Widget | None]


class _OfThing(traitlets.TraitType):  # type: ignore[type-arg]
    """A trait whose value is the object's: what is written is set on the object first, whose word is the answer."""

    def validate(self, obj: Any, value: Any) -> Any:
        if obj._telling:
            return value  # whatever it is now, the object holds it
        narrow = getattr(super(), "validate", None)
        return obj._offer(self.name, value if narrow is None else narrow(obj, value))


class _Truth(_OfThing, traitlets.Bool):  # type: ignore[type-arg]
    pass


class _Whole(_OfThing, traitlets.Int):  # type: ignore[type-arg]
    pass


class _Number(_OfThing, traitlets.Float):  # type: ignore[type-arg]
    pass


class _Text(_OfThing, traitlets.Unicode):  # type: ignore[type-arg]
    pass


class _Choice(_OfThing, traitlets.Enum):  # type: ignore[type-arg]
    pass


class _Anything(_OfThing, traitlets.Any):
    pass


class Inner:
    """The widgets for other objects in an object's state."""

    def __init__(self, refer: Refer) -> None:
        self._refer = refer
        self._made: weakref.WeakSet[StandIn] = weakref.WeakSet()

    def refer(self, value: Any) -> Widget | None:
        """The widget for an object, None if it stands for none."""
        widget = self._refer(value)
        if isinstance(widget, StandIn):
            self._made.add(widget)
        return widget

    def close(self) -> None:
        """Let go of those that nobody has shared by themselves."""
        for stand_in in tuple(self._made):
            if not Tee.listens_to(stand_in):
                stand_in.close()


class Described(StandIn):
    """Stands for an object with a `MimeBundleDescriptor`; `stand_in_for` makes the subclass that has its traits.

    It holds the object: guests' writes go to it, also when nobody else has it any more.
    """

    _css = traitlets.Unicode().tag(sync=True)
    # What `close` undoes, also after an `__init__` that failed.
    _files: Mapping[str, Any] = {}
    _unlisten: Callable[[], None] | None = None

    def __init__(self, thing: Any, inner: Inner, held: Mapping[str, Any], extra: Mapping[str, Any], /) -> None:
        self._inner = inner
        self._held = frozenset(held)
        self._commands = state.commands_of(thing)
        code = {name: str(extra.get(name, "")) for name in _CODE}
        constants = {name: value for name, value in extra.items() if name not in _CODE}
        super().__init__(thing, code["_esm"], True, _css=code["_css"], **{**constants, **held})
        self._anywidget_id = f"{type(thing).__module__}.{type(thing).__qualname__}"
        self._files = {name: extra[name] for name in _CODE if hasattr(extra.get(name), "changed")}
        for name, file in self._files.items():
            file.changed.connect(self._receive_esm if name == "_esm" else self._receive_css)
        self._unlisten = state.listen(thing, self._receive_told)
        if self._commands:
            self.on_msg(self._receive_command)

    def close(self) -> None:
        """Undo every hook, and close the widget."""
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        for name, file in self._files.items():
            file.changed.disconnect(self._receive_esm if name == "_esm" else self._receive_css)
        self._files = {}
        super().close()
        self._inner.close()

    def _offer(self, name: str, value: Any) -> Any:
        """Set a value on the object; what it holds then.

        Raises:
            TraitError: it does not accept the value; says why.
        """
        thing = self._thing
        if name not in self._held or thing is None:
            raise traitlets.TraitError("This does not change.")
        try:
            state.set_state(thing, {name: value})
        except Exception as error:
            raise traitlets.TraitError(_reason(error)) from error
        finally:
            self._renew()
            if self._unlisten is None:
                state.send_to_own_view(thing, {name})
        return getattr(self, name)

    def _read(self, thing: Any) -> dict[str, Any]:
        values = state.read_state(thing, self._inner.refer)
        return {name: value for name, value in values.items() if name in self._held}

    def _receive_told(self) -> None:
        with LOCK:
            self._look()

    def _receive_esm(self, text: str) -> None:
        self._esm = text

    def _receive_css(self, text: str) -> None:
        self._css = text

    def _receive_command(self, _: object, content: Any, buffers: list[Any]) -> None:
        match content:
            case {"kind": "anywidget-command", "id": asked, "name": str(name)} if name in self._commands:
                response, answers = self._commands[name](self._thing, content.get("msg"), buffers)
                self.send({"id": asked, "kind": "anywidget-command-response", "response": response}, answers)
            case _:
                return


def stand_in_for(thing: Any, descriptor: Any, refer: Refer) -> Described:
    """A stand-in with one trait for each name of the object's state, of the type that it has now.

    Args:
        refer: the widget for another object in the state, None if it stands for none.

    Raises:
        ShareError: a value cannot travel, or a name is one that widgets use themselves.
        TypeError: anywidget knows no state of such an object.
    """
    inner = Inner(refer)
    held = state.read_state(thing, inner.refer)
    extra = state.extra_state(descriptor)
    kind = type(thing).__name__
    for name in held:
        if hasattr(Described, name) and name not in _REDEFINABLE:
            raise ShareError(f"{kind}.{name} cannot be shared: widgets use the name {name!r} themselves. Rename it.")
    hints = _hints(type(thing))
    traits = {name: _trait(thing, name, value, hints.get(name)).tag(sync=True) for name, value in held.items()}
    constants = {name: FromThing().tag(sync=True) for name in extra if name not in _CODE and name not in held}
    made = type(kind, (Described,), {**constants, **traits, "__module__": __name__})
    return made(thing, inner, held, {**extra, **{name: held[name] for name in extra if name in held}})


def _trait(thing: Any, name: str, value: Any, hint: Any) -> traitlets.TraitType[Any, Any]:
    declared = thing.traits().get(name) if isinstance(thing, traitlets.HasTraits) else None
    if isinstance(declared, traitlets.Enum) and declared.values:
        return _Choice(list(declared.values))
    if get_origin(hint) is Literal:
        return _Choice(list(get_args(hint)))
    if type(value) is int and (hint is float or isinstance(declared, traitlets.Float)):
        return _Number()
    return _BY_TYPE.get(type(value), _Anything)()


_BY_TYPE: dict[type, type[_OfThing]] = {bool: _Truth, int: _Whole, float: _Number, str: _Text}


def _hints(kind: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except (NameError, TypeError):
        return {}  # an annotation of a name that exists for type checkers only


def _reason(error: Exception) -> str:
    """What an object says when it refuses a value, in one sentence."""
    if callable(problems := getattr(error, "errors", None)):  # pydantic's, which is several lines with a link
        return "; ".join(str(problem.get("msg", problem)) for problem in problems())[:_MAX_REASON]
    return (str(error) or type(error).__name__)[:_MAX_REASON]
