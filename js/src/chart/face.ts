/** The chart's parts on the page, and what they show that is no canvas. */
import { icon, make, write } from "./dom";
import { Legend } from "./legend";
import { Overlay } from "./overlay";
import { Sheet } from "./sheet";
import type { Badge } from "./status";
import { Tiles } from "./tiles";

let count = 0;

const HELP =
  "Left and right arrows move along the rows, plus and minus zoom, page keys move, space pauses, End goes live, Enter opens the menu.";

export class Face {
  readonly title = make("h3.cw-c-title");
  readonly badge = make(
    "button.cw-c-badge",
    { type: "button", "data-testid": "badge" },
    make("i"),
    make("span"),
  );
  readonly notes = make("span.cw-c-notes", { "data-testid": "notes" });
  readonly pause = tool("pause", "pause");
  readonly add = tool("add", "add");
  readonly more = tool("more", "more");
  readonly live = make("button.cw-c-live", {
    type: "button",
    "data-testid": "go-live",
    hidden: true,
  });
  readonly #empty = make("div.cw-c-empty", { "data-testid": "empty" }, make("i"), make("p"));
  readonly #hint = make("div.cw-c-hint", { hidden: true, role: "status" });
  readonly overlay = new Overlay();
  readonly tiles = new Tiles();
  readonly legend: Legend;
  readonly plot = make("div.cw-c-plot");
  readonly surface: HTMLElement;
  readonly spoken = make("p.cw-c-read", { "aria-live": "polite", "data-testid": "spoken" });
  readonly table = make("table", { "data-testid": "table" });
  readonly sheet: Sheet;
  readonly root: HTMLElement;
  #hinting = 0;

  constructor(pick: (at: number, alone: boolean) => void) {
    this.legend = new Legend(pick);
    const help = `cw-c-help-${++count}`;
    this.surface = make("div.cw-c-surface", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "chart",
      "aria-describedby": help,
      "data-testid": "surface",
    });
    this.sheet = new Sheet(this.surface);
    this.surface.append(this.plot, this.overlay.root, this.#empty, this.#hint);
    const tools = make("div.cw-c-tools", {}, this.pause, this.add, this.more);
    const head = make(
      "header.cw-c-head",
      {},
      this.title,
      this.legend.root,
      this.notes,
      this.badge,
      tools,
    );
    const body = make("div.cw-c-body", {}, this.surface, this.live);
    const words = make("p.cw-c-read", { id: help }, HELP);
    this.root = make("section.cw-chart", { "data-testid": "chart" }, head, this.tiles.root, body);
    this.root.append(words, this.spoken, make("div.cw-c-read", {}, this.table), this.sheet.root);
  }

  name(title: string): void {
    write(this.title, title);
    this.title.hidden = title === "";
    this.root.ariaLabel = this.surface.ariaLabel = title === "" ? "Live chart" : title;
  }

  state(badge: Badge | null, notes: readonly string[]): void {
    this.badge.hidden = badge === null;
    this.badge.dataset.tone = badge?.tone;
    const text = badge?.text ?? "";
    const [, words] = this.badge.children;
    if (words !== undefined) write(words, text);
    this.badge.title = text;
    write(this.notes, notes.join(" · "));
  }

  /** `news` counts the rows since the picture stopped. */
  following(isLive: boolean, news: string): void {
    this.live.hidden = isLive;
    write(this.live, news === "" ? "Go live" : `Go live  ${news}`);
    if (this.pause.ariaPressed === String(!isLive)) return;
    this.pause.ariaPressed = String(!isLive);
    this.pause.ariaLabel = this.pause.title = isLive ? "Pause" : "Go live";
    this.pause.replaceChildren(icon(isLive ? "pause" : "play"));
  }

  waiting(text: string): void {
    this.#empty.hidden = text === "";
    const [, words] = this.#empty.children;
    if (words !== undefined) write(words, text);
  }

  /** A sentence that goes by itself. */
  hint(text = "Ctrl + scroll to zoom, or click the chart first"): void {
    clearTimeout(this.#hinting);
    write(this.#hint, text);
    this.#hint.hidden = false;
    this.#hinting = window.setTimeout(() => {
      this.#hint.hidden = true;
    }, 1200);
  }
}

function tool(name: "pause" | "add" | "more", testId: string): HTMLButtonElement {
  const text = { pause: "Pause", add: "Add a mark", more: "More" }[name];
  return make(
    "button",
    { type: "button", title: text, "aria-label": text, "data-testid": testId },
    icon(name),
  );
}
