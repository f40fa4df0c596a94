/**
 * Draws what an object's rich repr holds: the richest of its representations that a page can show.
 *
 * The bundle comes from the notebook, as code does, and runs where widgets run: in the sandbox.
 */
import { Marked } from "marked";
import { drawAnsi } from "./ansi";
import { type Html, htmlFragment } from "./html";
import { jsonTree } from "./json";
import css from "./rich.css";
import { wear } from "./wear";

export type Bundle = Record<string, unknown>;

type Draw = (el: HTMLElement, value: unknown, about: Record<string, unknown>) => void;

const marked = new Marked({ gfm: true, async: false });

/** Richest first. */
const DRAWS: readonly (readonly [mime: string, draw: Draw])[] = [
  ["text/html", drawHtml],
  ["image/svg+xml", drawSvg],
  ...["image/png", "image/jpeg", "image/gif", "image/webp"].map(
    (mime) => [mime, drawImage(mime)] as const,
  ),
  ["text/markdown", drawMarkdown],
  ["text/latex", drawLatex],
  ["application/json", drawJson],
  ["text/plain", drawText],
];

/** Replaces what is in `el` by the richest representation. `metadata` is by type, as in Jupyter. */
export function renderBundle(
  el: HTMLElement,
  bundle: Bundle,
  metadata: Record<string, unknown> = {},
): void {
  wear(el, css);
  const place = document.createElement("div");
  place.className = "cw-rich";
  el.replaceChildren(place);
  const known = DRAWS.find(([mime]) => isThere(bundle[mime]));
  if (known !== undefined) {
    const [mime, draw] = known;
    place.dataset.mime = mime;
    draw(place, bundle[mime], recordOf(metadata[mime]));
    return;
  }
  // A type of some extension's: its data says more than nothing.
  const [mime, value] = Object.entries(bundle).find(([, one]) => isThere(one)) ?? ["", ""];
  place.dataset.mime = mime;
  if (typeof value === "object") drawJson(place, value, {});
  else drawText(place, value);
}

function drawHtml(el: HTMLElement, value: unknown): void {
  el.classList.add("cw-rich-html");
  put(el, htmlFragment(textOf(value)));
}

function drawSvg(el: HTMLElement, value: unknown): void {
  put(el, htmlFragment(textOf(value)));
}

function drawMarkdown(el: HTMLElement, value: unknown): void {
  el.classList.add("cw-rich-html");
  put(el, htmlFragment(marked.parse(textOf(value), { async: false })));
}

function put(el: HTMLElement, { fragment, elsewhere }: Html): void {
  el.append(fragment);
  // In a notebook's own page, it may load what it likes.
  if (elsewhere.length === 0 || globalThis.origin !== "null") return;
  const note = document.createElement("p");
  note.className = "cw-rich-note";
  note.textContent = `Parts of this come from ${elsewhere.join(", ")} and are not shown: shared widgets have no network.`;
  el.append(note);
}

function drawImage(mime: string): Draw {
  return (el, value, about) => {
    const image = document.createElement("img");
    image.alt = typeof about.alt === "string" ? about.alt : "";
    for (const side of ["width", "height"] as const) {
      if (Number(about[side]) > 0) image[side] = Number(about[side]);
    }
    image.src = imageAddress(mime, value);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    el.append(image);
  };
}

function imageAddress(mime: string, value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.byteLength);
    bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return URL.createObjectURL(new Blob([bytes], { type: mime }));
  }
  return `data:${mime};base64,${textOf(value).replace(/\s+/g, "")}`;
}

function drawLatex(el: HTMLElement, value: unknown): void {
  const pre = document.createElement("pre");
  pre.className = "cw-rich-latex";
  pre.textContent = textOf(value);
  el.append(pre);
}

function drawJson(el: HTMLElement, value: unknown, about: Record<string, unknown>): void {
  el.append(jsonTree(value, about.expanded === true));
}

function drawText(el: HTMLElement, value: unknown): void {
  const pre = document.createElement("pre");
  drawAnsi(pre, textOf(value));
  el.append(pre);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** nbformat writes long texts as lists of lines. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join("") : String(value);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
