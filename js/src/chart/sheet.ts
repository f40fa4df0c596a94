/** What opens over the chart: menus and small forms. One at a time; a click elsewhere and Escape close it. */
import { make } from "./dom";

export interface Entry {
  text: string;
  /** A word in small beside it. */
  note?: string;
  act: () => void;
}

export class Sheet {
  readonly root = make("div.cw-c-sheet", { popover: "auto" });
  readonly #home: HTMLElement;

  constructor(home: HTMLElement) {
    this.#home = home;
    this.root.addEventListener("toggle", (event) => {
      if (
        (event as ToggleEvent).newState === "closed" &&
        this.root.contains(document.activeElement)
      )
        home.focus();
    });
    this.root.addEventListener("keydown", (event) => this.#move(event));
  }

  menu(x: number, y: number, entries: readonly Entry[]): void {
    const items = entries.map(({ text, note = "", act }) => {
      const item = make(
        "button",
        { type: "button", role: "menuitem" },
        text,
        make("small", {}, note),
      );
      item.addEventListener("click", () => {
        this.close();
        act();
      });
      return item;
    });
    this.open(x, y, items, "menu");
  }

  /** Places are of the window. */
  open(x: number, y: number, content: readonly Node[], role = "dialog"): void {
    const { root } = this;
    root.setAttribute("role", role);
    root.replaceChildren(...content);
    root.showPopover();
    const { offsetWidth, offsetHeight } = root;
    const { clientWidth, clientHeight } = document.documentElement;
    root.style.left = `${Math.max(4, Math.min(x, clientWidth - offsetWidth - 4))}px`;
    root.style.top = `${Math.max(4, Math.min(y, clientHeight - offsetHeight - 4))}px`;
    root.querySelector<HTMLElement>("input, button")?.focus();
  }

  close(): void {
    if (this.root.matches(":popover-open")) this.root.hidePopover();
    this.#home.focus();
  }

  #move(event: KeyboardEvent): void {
    event.stopPropagation();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = [...this.root.querySelectorAll<HTMLElement>("[role=menuitem]")];
    if (by === undefined || items.length === 0) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + by + items.length) % items.length]?.focus();
  }
}
