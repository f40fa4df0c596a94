// A page with the code for classic widgets and no room: `openWidget(name, values)`, `show(id)`, `closeAll()`.
import { openClassic } from "/classic.js";

export const refused = [];
document.addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));

const OWN = `define(["@jupyter-widgets/base"], (base) => ({
  OwnModel: base.DOMWidgetModel,
  OwnView: class extends base.DOMWidgetView { render() { this.el.textContent = "own"; } },
}));`;
const shown = new Map();

const host = openClassic({
  outlet: { save: () => 1, emit() {} },
  moduleText: () => OWN,
  runScript: (text) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      Object.assign(script, { onload: resolve, onerror: reject });
      document.head.append(script);
    }),
  find: async (ref) => shown.get(ref.slice("anywidget:".length)),
  fail: (el, model, _phase, error) => el.append(`failed: ${model} ${error}`),
});

/** Opens a model of this kind under this id, and says how others refer to it. */
export function openWidget(name, values = {}, id = name, module = "@jupyter-widgets/controls") {
  const view = name.endsWith("Style") ? "" : `${name}View`;
  const version = "*";
  const classic = { module, version, name: `${name}Model`, viewModule: module, viewVersion: version, view };
  const lists = { writable: [], local: [], events: [] };
  shown.set(id, host.open({ id, name, ...lists, code: "", style: "", classic, problem: "" }, values));
  return `anywidget:${id}`;
}

/** Draws it into the page, or into this element of it; what it returns ends that. */
export async function show(id, el = document.querySelector("main")) {
  const ending = new AbortController();
  await shown.get(id).show(el, ending.signal);
  return () => ending.abort();
}

export function closeAll() {
  for (const one of shown.values()) one.close();
  shown.clear();
}
