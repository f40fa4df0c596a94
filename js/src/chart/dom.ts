/** Elements, made in one line. */

type Child = Node | string;

/** `name` may bring classes: "div.cw-c-head". Attributes of `false` and `""` are left out, `true` is there without value. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name | `${Name}.${string}`,
  attributes: Record<string, string | number | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const [tag = "", ...classes] = name.split(".");
  const made = document.createElement(tag as Name);
  made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== "")
      made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const ICONS = {
  pause: "M5 3.5v9M11 3.5v9",
  play: "M5 3.2v9.6l7.6-4.8z",
  add: "M8 3v10M3 8h10",
  more: "M3 8h.01M8 8h.01M13 8h.01",
};

export type Icon = keyof typeof ICONS;

/** One of ours, drawn with lines. */
export function icon(name: Icon): SVGElement {
  const drawn = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  drawn.append(svg("path", { d: ICONS[name] }));
  return drawn;
}

export function svg(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made as SVGElement;
}

/** Writing what is there already costs a layout, and wakes screen readers. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
