"""The controls of ipywidgets: what guests may do with each, and what stays in the kernel."""

from __future__ import annotations

from collections.abc import Mapping

from cowidget.widgets.kinds.kind import Kind

# A control is there to be used: its value is writable, also where it is text, and nothing else is.
_VALUE = Kind(writable=frozenset({"value"}), listed=True)
# Enter sends a message, which `on_submit` callbacks wait for.
_TEXT = Kind(writable=frozenset({"value"}), listed=True, messages=True)
_INDEX = Kind(writable=frozenset({"index"}), listed=True)
_SHOWN = Kind(listed=True)

_CONTROLS: Mapping[str, Kind] = {
    # Not their bases: a progress bar is a bounded number, too, and nobody moves it by hand.
    "IntSlider": _VALUE,
    "BoundedIntText": _VALUE,
    "IntText": _VALUE,
    "IntRangeSlider": _VALUE,
    "IntProgress": _SHOWN,
    "FloatSlider": _VALUE,
    "FloatLogSlider": _VALUE,
    "BoundedFloatText": _VALUE,
    "FloatText": _VALUE,
    "FloatRangeSlider": _VALUE,
    "FloatProgress": _SHOWN,
    "Checkbox": _VALUE,
    "ToggleButton": _VALUE,
    "Valid": _SHOWN,
    "_Selection": _INDEX,
    "_MultipleSelection": _INDEX,
    "Text": _TEXT,
    "Textarea": _TEXT,
    "Combobox": _TEXT,
    # What is typed here is a secret between one person and the kernel. In the room everybody's page would have it,
    # and the relay would store it: whoever wants that says allow={"value"}.
    "Password": Kind(hidden=frozenset({"value"}), listed=True),
    "ColorPicker": _VALUE,
    "DatePicker": _VALUE,
    "TimePicker": _VALUE,
    "DatetimePicker": _VALUE,
    "ColorsInput": _VALUE,
    "TagsInput": _VALUE,
    "NumbersInputBase": _VALUE,
    # The view sets both together.
    "FileUpload": Kind(writable=frozenset({"value", "error"}), listed=True),
    # Every view counts for itself: were `playing` everybody's, two viewers would count at twice the speed.
    "Play": Kind(writable=frozenset({"value", "repeat"}), local=frozenset({"playing"}), listed=True),
    # A gamepad is plugged into one viewer's machine.
    "Controller": Kind(
        local=frozenset({"axes", "buttons", "connected", "index", "mapping", "name", "timestamp"}), listed=True
    ),
    "Button": Kind(messages=True, listed=True),
    "_SelectionContainer": Kind(writable=frozenset({"selected_index"}), listed=True),
    # Which cell's output an open JupyterLab is to catch. The kernel catches it for the room.
    "Output": Kind(hidden=frozenset({"msg_id"}), listed=True),
    "Image": _SHOWN,
    "Audio": _SHOWN,
    "Video": _SHOWN,
    "HTML": _SHOWN,
    "HTMLMath": _SHOWN,
    "Label": _SHOWN,
    "Layout": _SHOWN,
    "Style": _SHOWN,
}

TABLE: Mapping[str, Kind] = {f"ipywidgets:{name}": kind for name, kind in _CONTROLS.items()}
