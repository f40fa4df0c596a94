"""Widgets that guests see in their pages: sliders to drag, one that breaks, one that spies."""

from __future__ import annotations

import anywidget
import traitlets

_SLIDERS = """
function slider(model, name) {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: 0, max: 10, step: 1, ariaLabel: name });
  const show = () => { input.value = model.get(name); };
  input.addEventListener("input", () => {
    model.set(name, Number(input.value));
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  show();
  return input;
}

function field(model, name) {
  const input = document.createElement("input");
  Object.assign(input, { type: "text", ariaLabel: name });
  const show = () => { input.value = model.get(name); };
  input.addEventListener("change", () => {
    model.set(name, input.value);
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  show();
  return input;
}

export default { render({ model, el }) {
  el.append(slider(model, "frequency"), slider(model, "amplitude"), slider(model, "octave"), field(model, "caption"));
} };
"""


class Tuner(anywidget.AnyWidget):
    """Three sliders from 0 to 10, each with a temper of its own, and a caption that guests may not write."""

    _esm = _SLIDERS
    _css = "input { display: block; width: 240px; max-width: 100%; }"
    frequency = traitlets.Int(1).tag(sync=True)
    amplitude = traitlets.Int(1).tag(sync=True)
    octave = traitlets.Int(2).tag(sync=True)
    caption = traitlets.Unicode("a tone").tag(sync=True)

    @traitlets.validate("frequency")
    def _clamp(self, proposal: dict[str, int]) -> int:
        return min(8, proposal["value"])

    @traitlets.validate("octave")
    def _refuse_odd(self, proposal: dict[str, int]) -> int:
        if proposal["value"] % 2:
            raise traitlets.TraitError("only even octaves")
        return int(proposal["value"])


class Broken(anywidget.AnyWidget):
    """Throws while it is drawn."""

    _esm = 'export default { render() { throw new Error("there is no canvas here"); } };'
    value = traitlets.Int(0).tag(sync=True)


class Spy(anywidget.AnyWidget):
    """Tries what widget code must not do, and shows what came of it."""

    _esm = """
    async function attempt(act) {
      try { return `got ${await act()}`; } catch { return "refused"; }
    }
    function connect(url) {
      return new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve("a connection");
        socket.onerror = reject;
      });
    }
    function picture(src) {
      return new Promise((resolve, reject) => {
        Object.assign(new Image(), { onload: () => resolve("a picture"), onerror: reject, src });
      });
    }
    async function render({ model, el }) {
      const relay = model.get("relay");
      const attempts = {
        "address of the page": () => parent.location.href,
        "document of the page": () => parent.document.title,
        "cookies": () => document.cookie,
        "storage of the tab": () => sessionStorage.length,
        "storage of the browser": () => localStorage.length,
        "request": () => fetch(`${relay}/healthz`, { mode: "no-cors" }),
        "import": () => import(`${relay}/assets/page.js`),
        "socket": () => connect(`${relay.replace("http", "ws")}/ws`),
        "picture": () => picture(`${relay}/picture.png`),
        "leaving": () => { top.location = "about:blank"; },
      };
      const report = { origin: self.origin, addresses: [location.href, document.baseURI, document.referrer] };
      for (const [name, act] of Object.entries(attempts)) report[name] = await attempt(act);
      const shown = document.createElement("output");
      shown.textContent = JSON.stringify(report);
      el.append(shown);
    }
    export default { render };
    """
    relay = traitlets.Unicode().tag(sync=True)
