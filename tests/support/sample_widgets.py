"""A few small anywidgets, each with one thing that makes sharing hard."""

from __future__ import annotations

import anywidget
import ipywidgets
import traitlets


class Counter(anywidget.AnyWidget):
    """A number that is clamped to 0…100, a word, and a list that is edited in place."""

    _esm = """
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("value")}`; };
      button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
      model.on("change:value", show); show(); el.append(button);
    } };
    """
    _css = "button { font: inherit }"
    value = traitlets.Int(0).tag(sync=True)
    on = traitlets.Bool(False).tag(sync=True)
    label = traitlets.Unicode("count").tag(sync=True)
    items = traitlets.List().tag(sync=True)

    @traitlets.validate("value")
    def _clamp(self, proposal: dict[str, int]) -> int:
        return min(100, max(0, proposal["value"]))


class Even(anywidget.AnyWidget):
    """Refuses odd numbers."""

    _esm = "export default { render() {} };"
    value = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("value")
    def _refuse_odd(self, proposal: dict[str, int]) -> int:
        if proposal["value"] % 2:
            raise traitlets.TraitError("only even numbers")
        return int(proposal["value"])


class Box(anywidget.AnyWidget):
    """Holds other widgets."""

    _esm = "export default { render() {} };"
    children = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    front = anywidget._traits.WidgetTrait().tag(sync=True)


class Picture(anywidget.AnyWidget):
    """Bytes."""

    _esm = "export default { render() {} };"
    pixels = traitlets.Bytes(b"").tag(sync=True)
    nested = traitlets.Dict().tag(sync=True)


class Echo(anywidget.AnyWidget):
    """Answers custom messages."""

    _esm = "export default { render() {} };"
    heard = traitlets.List().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _: object, content: object, buffers: list[bytes]) -> None:
        self.heard = [*self.heard, content]
        self.send({"echo": content}, [bytes(buffer)[::-1] for buffer in buffers])
