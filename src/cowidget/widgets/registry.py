"""What guests may write, trait by trait (DESIGN §5).

The relay enforces it and the kernel checks again: a guest who could write any trait could put script into
the host's page. What is known of single classes is in `kinds`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import traitlets
from ipywidgets import DOMWidget, Layout, Style, Widget

from cowidget.core.rights import never_writable
from cowidget.core.values import Classic
from cowidget.errors import ShareError
from cowidget.widgets.kinds.kind import Kind
from cowidget.widgets.kinds.table import kind_of

# The word in `allow=` for custom messages and anywidget's invoke.
MESSAGES = "messages"

# Code and Jupyter's own bookkeeping: never in the room's state.
_HIDDEN_PREFIXES = ("_model_", "_view_")
_HIDDEN = frozenset({"_esm", "_css", "_anywidget_id", "comm", "keys"})
# What an anywidget has from ipywidgets and does not need where ipywidgets' own views do not draw it.
_CLASSIC_ONLY = frozenset({"_dom_classes", "layout", "tabbable", "tooltip"})

# What ipywidgets puts into the page as HTML or as a class, beside what is never writable anyhow.
_NEVER_CLASSIC = frozenset(
    {"description", "icon", "icons", "msg_id", "outputs", "placeholder", "title", "titles", "tooltips"}
)
_MARKUP_CLASSES = frozenset({"HTML", "HTMLMath", "Label"})

_SAFE_TRAITS = (traitlets.Bool, traitlets.Int, traitlets.Float, traitlets.Enum, traitlets.UseEnum)


@dataclass(frozen=True, slots=True)
class Rights:
    """One model's traits.

    Attributes:
        traits: all that the room holds.
        writable: those that guests may write.
        local: those that each viewer has for themselves.
        events: those that the room does not hold: their assignments are told one by one (PROTOCOL.md E4).
        messages: whether guests may send it custom messages.
    """

    traits: tuple[str, ...]
    writable: tuple[str, ...]
    local: tuple[str, ...]
    messages: bool
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller of `share` said: trait names, or `path.trait` for one model below the root."""

    allow: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allow: Iterable[str], exclude: Iterable[str], local: Iterable[str]) -> Terms:
        """Check and keep the arguments.

        Raises:
            ShareError: an argument is a text instead of a set of names, or names what must never be written.
        """
        terms = cls(*(_names(word, given) for word, given in zip(_WORDS, (allow, exclude, local), strict=True)))
        for name in terms.allow:
            _refuse_never(name, None)
        return terms


_WORDS = ("allow", "exclude", "local")


def rights(widget: Widget, path: str, terms: Terms, *, in_classic: bool = False) -> Rights:
    """What the room holds of `widget`, and what of that guests may write.

    Args:
        widget: one model of a share.
        path: its place below the share's root.
        terms: the caller's; they go before what is known of the widget's class.
        in_classic: the share's root is a classic widget.

    Raises:
        ShareError: `allow` names a trait that guests must never write.
    """
    kind = kind_of(widget)
    allowed = {name for name in (*widget.keys, MESSAGES) if _says(terms.allow, path, name)}
    for name in sorted(allowed - {MESSAGES}):
        # A name without a path is for those models that can have it.
        if _dotted(path, name) in terms.allow:
            _refuse_never(name, widget)
    held = [
        name
        for name in shared_traits(widget, in_classic=in_classic)
        if not _says(terms.exclude, path, name) and (name not in kind.hidden or name in allowed)
    ]
    events = tuple(name for name in held if name in kind.events)
    traits = tuple(name for name in held if name not in kind.events)
    local = frozenset(
        name for name in traits if _says(terms.local, path, name) or (name in kind.local and name not in allowed)
    )
    open_to_guests = (_default_writable(widget, kind) | allowed) - local
    return Rights(
        traits,
        tuple(name for name in traits if name in open_to_guests and not is_never(name, widget)),
        tuple(name for name in traits if name in local),
        kind.messages or MESSAGES in allowed,
        events,
    )


def check_allowed(terms: Terms, models: Iterable[tuple[Widget, Rights]]) -> None:
    """Whether each name that `allow` gives without a path is possible for one of the models at least.

    Raises:
        ShareError: guests must never write it, wherever it is; says why.
    """
    models = list(models)
    for name in sorted(terms.allow - {MESSAGES}):
        having = [widget for widget, _ in models if name in widget.keys]
        if having and not any(name in rights.writable or name in rights.local for _, rights in models):
            _refuse_never(name, having[0])


def unknown_names(terms: Terms, known: Collection[tuple[str, str]]) -> list[str]:
    """Names in the arguments that fit no trait; `known` are pairs of path and trait."""
    names = {trait for _, trait in known} | {_dotted(path, trait) for path, trait in known}
    paths = {path for path, _ in known}
    names |= {MESSAGES} | {_dotted(path, MESSAGES) for path in paths}
    return sorted((terms.allow | terms.exclude | terms.local) - names)


def shared_traits(widget: Widget, *, in_classic: bool = False) -> list[str]:
    """The synced traits that have a meaning outside of Jupyter, in the order that the widget lists them."""
    classic = is_classic(widget)
    shown = _CLASSIC_ONLY if classic else frozenset({"layout"}) if in_classic else frozenset()
    return [
        name
        for name in widget.keys
        if not name.startswith(_HIDDEN_PREFIXES)
        and name not in _HIDDEN
        and (name not in _CLASSIC_ONLY or name in shown or _is_redefined(widget, name))
    ]


def is_never(name: str, widget: Widget | None) -> bool:
    """Whether guests must never write this trait, whatever the host allows."""
    if never_writable(name):
        return True
    return widget is not None and (_is_markup(name, widget) or _is_read_only(name, widget))


def is_classic(widget: Widget) -> bool:
    """Whether a widget is one of ipywidgets' own or built on them, not an anywidget."""
    return not widget.has_trait("_esm")


def classic(widget: Widget) -> Classic | None:
    """The classes that draw a classic widget; None for an anywidget."""
    if not is_classic(widget):
        return None
    return Classic(
        module=widget._model_module,
        version=widget._model_module_version,
        name=widget._model_name,
        view_module=widget._view_module or "",
        view_version=widget._view_module_version or "",
        view=widget._view_name or "",
    )


def _default_writable(widget: Widget, kind: Kind) -> frozenset[str]:
    if kind.listed or type(widget).__module__.startswith("ipywidgets."):
        return kind.writable
    # What a class has from ipywidgets is appearance; what its author added is what it is for.
    inherited: Any = next(base for base in type(widget).__mro__ if base.__module__.startswith("ipywidgets."))
    known = inherited.class_traits()
    own = widget.traits(sync=True).items()
    return kind.writable | {name for name, trait in own if _is_safe(trait) and known.get(name) is not trait}


def _is_safe(trait: Any) -> bool:
    return isinstance(trait, _SAFE_TRAITS) and not trait.read_only


def _is_read_only(name: str, widget: Widget) -> bool:
    return bool(widget.has_trait(name) and getattr(type(widget), name).read_only)


def _is_markup(name: str, widget: Widget) -> bool:
    if not is_classic(widget):
        return False
    if isinstance(widget, (Layout, Style)) or name in _NEVER_CLASSIC:
        return True
    return name == "value" and any(base.__name__ in _MARKUP_CLASSES for base in type(widget).__mro__)


def _is_redefined(widget: Widget, name: str) -> bool:
    """A trait that Jupyter has too, but the widget's class has defined for itself."""
    if name.startswith("_") or name == "layout":
        return False
    return getattr(type(widget), name, None) is not getattr(DOMWidget, name)


def _says(names: frozenset[str], path: str, trait: str) -> bool:
    return bool(names) and (trait in names or _dotted(path, trait) in names)


def _dotted(path: str, trait: str) -> str:
    return f"{path}.{trait}" if path else trait


def _names(word: str, given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise ShareError(f'{word}={given!r} is one text; write {word}={{"{given}"}}.')
    return frozenset(given)


def _refuse_never(name: str, widget: Widget | None) -> None:
    trait = name.rpartition(".")[2]
    if never_writable(trait) or (widget is not None and _is_markup(trait, widget)):
        raise ShareError(f"allow={name!r} is not possible: with that trait a guest could run script in your notebook.")
    if widget is not None and _is_read_only(trait, widget):
        raise ShareError(f"allow={name!r} is not possible: {type(widget).__name__}.{trait} is read-only.")
