"""What guests may write, trait by trait (DESIGN §5).

The relay enforces it and the kernel checks again: a guest who could write any trait could put script into
the host's page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import traitlets
from ipywidgets import DOMWidget, Widget

from cowidget.core.rights import never_writable
from cowidget.errors import ShareError

# The word in `allow=` for custom messages and anywidget's invoke.
MESSAGES = "messages"

# Code and Jupyter's own bookkeeping: never in the room's state.
_HIDDEN = frozenset({"_esm", "_css", "_anywidget_id", "_dom_classes", "comm", "keys", "layout", "tabbable", "tooltip"})
_HIDDEN_PREFIXES = ("_model_", "_view_")

# What ipywidgets puts into the page as HTML, beside what is never writable anyhow.
_NEVER_CLASSIC = frozenset({"description", "placeholder", "title", "titles", "icon"})
_MARKUP_CLASSES = ("HTML", "HTMLMath", "Label")

# What the controls of ipywidgets are for. A class stands for its subclasses.
_CONTROLS: dict[str, tuple[str, ...]] = {
    "_BoundedInt": ("value",),
    "_BoundedFloat": ("value",),
    "_BoundedLogFloat": ("value",),
    "_BoundedIntRange": ("value",),
    "_BoundedFloatRange": ("value",),
    "IntText": ("value",),
    "FloatText": ("value",),
    "Play": ("value", "playing", "repeat"),
    "Checkbox": ("value",),
    "ToggleButton": ("value",),
    "_Selection": ("index",),
    "_MultipleSelection": ("index",),
    "SelectionRangeSlider": ("index",),
    "Text": ("value",),
    "Textarea": ("value",),
    "Combobox": ("value",),
    "ColorPicker": ("value",),
    "DatePicker": ("value",),
    "TimePicker": ("value",),
    "NaiveDatetimePicker": ("value",),
    "DatetimePicker": ("value",),
    "ColorsInput": ("value",),
    "TagsInput": ("value",),
    "NumbersInputBase": ("value",),
    "_SelectionContainer": ("selected_index",),
    "Button": (MESSAGES,),
}

_SAFE_TRAITS = (traitlets.Bool, traitlets.Int, traitlets.Float, traitlets.Enum, traitlets.UseEnum)


@dataclass(frozen=True, slots=True)
class Rights:
    """One model's traits.

    Attributes:
        traits: all that the room holds.
        writable: those that guests may write.
        local: those that each viewer has for themselves.
        messages: whether guests may send it custom messages.
    """

    traits: tuple[str, ...]
    writable: tuple[str, ...]
    local: tuple[str, ...]
    messages: bool


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


def rights(widget: Widget, path: str, terms: Terms) -> Rights:
    """What the room holds of `widget`, and what of that guests may write.

    Raises:
        ShareError: `allow` names a trait that guests must never write.
    """
    shared = tuple(name for name in shared_traits(widget) if not _says(terms.exclude, path, name))
    local = tuple(name for name in shared if _says(terms.local, path, name))
    default = _default_writable(widget)
    for name in shared:
        if _says(terms.allow, path, name):
            _refuse_never(name, widget)
    writable = tuple(
        name
        for name in shared
        if name not in local and (name in default or _says(terms.allow, path, name)) and not is_never(name, widget)
    )
    messages = MESSAGES in default or _says(terms.allow, path, MESSAGES)
    return Rights(shared, writable, local, messages)


def unknown_names(terms: Terms, known: Collection[tuple[str, str]]) -> list[str]:
    """Names in the arguments that fit no trait; `known` are pairs of path and trait."""
    names = {trait for _, trait in known} | {_dotted(path, trait) for path, trait in known}
    paths = {path for path, _ in known}
    names |= {MESSAGES} | {_dotted(path, MESSAGES) for path in paths}
    return sorted((terms.allow | terms.exclude | terms.local) - names)


def shared_traits(widget: Widget) -> list[str]:
    """The synced traits that are the widget's own, in the order that the widget lists them."""
    return [
        name
        for name in widget.keys
        if not name.startswith(_HIDDEN_PREFIXES) and (name not in _HIDDEN or _is_redefined(widget, name))
    ]


def is_never(name: str, widget: Widget | None) -> bool:
    """Whether guests must never write this trait, whatever the host allows."""
    if never_writable(name):
        return True
    if widget is None or not is_classic(widget):
        return False
    return name in _NEVER_CLASSIC or (name == "value" and bool(_class_names(widget) & set(_MARKUP_CLASSES)))


def is_classic(widget: Widget) -> bool:
    """Whether a widget is one of ipywidgets' own or built on them, not an anywidget."""
    return not widget.has_trait("_esm")


def _default_writable(widget: Widget) -> frozenset[str]:
    if is_classic(widget):
        names = _class_names(widget)
        known = [traits for control, traits in _CONTROLS.items() if control in names]
        if known:
            return frozenset(name for traits in known for name in traits)
        if type(widget).__module__.startswith("ipywidgets."):
            return frozenset()
    return frozenset(name for name, trait in widget.traits(sync=True).items() if _is_safe(trait))


def _is_safe(trait: Any) -> bool:
    return isinstance(trait, _SAFE_TRAITS) and not trait.read_only


def _is_redefined(widget: Widget, name: str) -> bool:
    """A trait that Jupyter has too, but the widget's class has defined for itself."""
    if name.startswith("_") or name in ("comm", "keys", "layout"):
        return False
    return type(widget).class_traits().get(name) is not DOMWidget.class_traits().get(name)


def _class_names(widget: Widget) -> set[str]:
    return {base.__name__ for base in type(widget).__mro__}


def _says(names: frozenset[str], path: str, trait: str) -> bool:
    return trait in names or _dotted(path, trait) in names


def _dotted(path: str, trait: str) -> str:
    return f"{path}.{trait}" if path else trait


def _names(word: str, given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, str):
        raise ShareError(f'{word}={given!r} is one text; write {word}={{"{given}"}}.')
    return frozenset(given)


def _refuse_never(name: str, widget: Widget | None) -> None:
    trait = name.rpartition(".")[2]
    if is_never(trait, widget):
        raise ShareError(f"allow={name!r} is not possible: with that trait a guest could run script in your notebook.")
