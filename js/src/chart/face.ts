/** The chart's parts on the page, and what they show that is no canvas. */
import { icon, make, write } from "./dom";
import { Legend } from "./legend";
import { Overlay } from "./overlay";
import { Sheet } from "./sheet";
import type { Badge } from "./status";
import { locale, TEXTS } from "./texts";
import { Tiles } from "./tiles";

let count = 0;

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
  readonly #help = make("p.cw-c-read");
  #title = "";
  #hinting = 0;

  constructor(pick: (at: number, alone: boolean) => void) {
    this.legend = new Legend(pick);
    this.#help.id = `cw-c-help-${++count}`;
    this.surface = make("div.cw-c-surface", {
      tabindex: 0,
      role: "application",
      "aria-describedby": this.#help.id,
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
    this.root = make("section.cw-chart", { "data-testid": "chart" }, head, this.tiles.root, body);
    const table = make("div.cw-c-read", {}, this.table);
    this.root.append(this.#help, this.spoken, table, this.sheet.root);
    this.speak();
  }

  /** Says what stays as it is in the language of now. What is open stays: somebody may be writing in it. */
  speak(): void {
    this.root.lang = locale;
    this.surface.ariaRoleDescription = TEXTS.chart;
    write(this.#help, TEXTS.help);
    label(this.add, TEXTS.addMark);
    label(this.more, TEXTS.more);
    this.name(this.#title);
  }

  name(title: string): void {
    this.#title = title;
    write(this.title, title);
    this.title.hidden = title === "";
    this.root.ariaLabel = this.surface.ariaLabel = title === "" ? TEXTS.untitled : title;
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
    write(this.live, news === "" ? TEXTS.goLive : `${TEXTS.goLive}  ${news}`);
    const act = isLive ? TEXTS.pause : TEXTS.goLive;
    if (this.pause.title !== act) label(this.pause, act);
    if (this.pause.ariaPressed === String(!isLive)) return;
    this.pause.ariaPressed = String(!isLive);
    this.pause.replaceChildren(icon(isLive ? "pause" : "play"));
  }

  waiting(text: string): void {
    this.#empty.hidden = text === "";
    const [, words] = this.#empty.children;
    if (words !== undefined) write(words, text);
  }

  /** A sentence that goes by itself. */
  hint(text = TEXTS.zoomHint): void {
    clearTimeout(this.#hinting);
    write(this.#hint, text);
    this.#hint.hidden = false;
    this.#hinting = window.setTimeout(() => {
      this.#hint.hidden = true;
    }, 1200);
  }
}

function tool(name: "pause" | "add" | "more", testId: string): HTMLButtonElement {
  return make("button", { type: "button", "data-testid": testId }, icon(name));
}

function label(button: HTMLElement, text: string): void {
  button.title = button.ariaLabel = text;
}
