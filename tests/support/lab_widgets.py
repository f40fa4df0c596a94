"""The widgets of the JupyterLab tests: in the kernel, a cell imports them from here."""

from __future__ import annotations

import anywidget
import traitlets


class Slider(anywidget.AnyWidget):
    """A slider from 0 to 100 that the kernel keeps below 80, and a word that guests may not write by default."""

    _esm = """
    function render({ model, el }) {
      const field = (name, options) => {
        const input = Object.assign(document.createElement("input"), { ariaLabel: name, ...options });
        const read = () => (input.type === "range" ? Number(input.value) : input.value);
        const show = () => { if (String(read()) !== String(model.get(name))) input.value = model.get(name); };
        input.addEventListener("input", () => { model.set(name, read()); model.save_changes(); });
        model.on(`change:${name}`, show);
        show();
        el.append(input);
      };
      el.style.cssText = "display: grid; gap: 8px; max-inline-size: 400px";
      field("value", { type: "range", min: 0, max: 100 });
      field("word", { type: "text" });
    }
    export default { render };
    """
    value = traitlets.Int(20).tag(sync=True)
    word = traitlets.Unicode("").tag(sync=True)

    @traitlets.validate("value")
    def _keep_below_80(self, proposal: dict[str, int]) -> int:
        return min(proposal["value"], 80)


class Broken(anywidget.AnyWidget):
    """Fails while it is drawn."""

    _esm = 'export default { render() { throw new Error("no such canvas"); } };'
