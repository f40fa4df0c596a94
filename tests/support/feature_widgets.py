"""Anywidgets that use what anywidget offers: children, exports, calls to Python, files, addresses, other code later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets
from anywidget.experimental import command


class Dial(anywidget.AnyWidget):
    """A number with a button that adds one. Its `initialize` gives others a say in it."""

    _esm = """
    function initialize({ model }) {
      return { describe: () => `the dial at ${model.get("value")}` };
    }
    function render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `turn ${model.get("value")}`; };
      button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
      model.on("change:value", show);
      show();
      el.append(button);
    }
    export default { initialize, render };
    """
    value = traitlets.Int(1).tag(sync=True)


class Panel(anywidget.AnyWidget):
    """Draws a dial that it refers to, and shows what the dial says of itself and what it holds."""

    _esm = """
    async function render({ model, el, host }) {
      const ref = model.get("dial");
      const { exports, render } = await host.getWidget(ref);
      const dial = await host.getModel(ref);
      const shown = document.createElement("output");
      const show = () => { shown.textContent = `${exports.describe()}, value ${dial.get("value")}`; };
      dial.on("change:value", show);
      show();
      const place = document.createElement("div");
      el.append(shown, place);
      await render({ el: place });
    }
    export default { render };
    """
    dial = anywidget.WidgetTrait().tag(sync=True)


class Reverser(anywidget.AnyWidget):
    """Asks Python to turn bytes round."""

    _esm = """
    async function render({ el, experimental }) {
      const sent = new Uint8Array([1, 2, 3]);
      const signal = AbortSignal.timeout(15_000); // a busy kernel may need more than the usual three seconds
      const [word, [bytes]] = await experimental.invoke("reverse", "abc", { buffers: [sent.buffer], signal });
      const shown = document.createElement("output");
      shown.textContent = `${word} ${new Uint8Array(bytes.buffer).join("")} ${bytes.buffer.byteLength}`;
      el.append(shown);
    }
    export default { render };
    """

    @command
    def reverse(self, word: str, buffers: list[Any]) -> tuple[str, list[bytes]]:
        """Both of them, backwards."""
        return word[::-1], [bytes(buffers[0])[::-1]]


def versions(name: str) -> tuple[str, str]:
    """Code and style that draw `name` and leave it behind when they are cleaned up."""
    code = f"""
    export default {{ render({{ el }}) {{
      el.innerHTML = '<output class="painted">{name}</output>';
      return () => {{ document.body.dataset.left = "{name}"; }};
    }} }};
    """
    return code, f".painted {{ --{name}: set; }}"


class Painted(anywidget.AnyWidget):
    """May be given other code and another style while it is shown."""

    _esm, _css = versions("first")


def from_file(path: Path) -> anywidget.AnyWidget:
    """A widget whose code is in a file."""
    widget: anywidget.AnyWidget = type("FromFile", (anywidget.AnyWidget,), {"_esm": path})()
    return widget


def from_code(code: str) -> anywidget.AnyWidget:
    """A widget with this code, which may be an address."""
    widget: anywidget.AnyWidget = type("FromCode", (anywidget.AnyWidget,), {"_esm": code})()
    return widget
