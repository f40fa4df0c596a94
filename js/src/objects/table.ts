/** The front end of `widgets/objects/table.py`: a table that each viewer sorts for themselves. */
import { fitted, type Spoken, spoken } from "../lib/phrases";
import type { Words } from "../lib/words";
import { wear } from "../rich/wear";
import {
  type Cell,
  type Column,
  type Direction,
  isNumeric,
  ordered,
  type Table,
  writerOf,
} from "./column";
import { follow, type Props } from "./props";
import css from "./table.css";
import { TABLE_WORDS } from "./table-words";

/** Rows that are drawn at once: more slow the page, fewer are seen coming while one scrolls. */
const CHUNK = 100;
/** Pixels before the end at which the next rows come. */
const AHEAD = 400;

interface Sort {
  /** The column's place, those of the index first, and its name: both have to fit a new table. */
  at: number;
  name: string;
  direction: Direction;
}

type Written = (value: Cell) => string;

class TableView {
  readonly #root = element("div", "cw-table");
  readonly #scroll = element("div", "cw-table-scroll");
  readonly #table = element("table", "");
  readonly #body = element("tbody", "");
  readonly #note = element("p", "cw-table-note");
  readonly #more = element("button", "cw-table-more");
  #texts: Spoken<typeof TABLE_WORDS> = spoken(TABLE_WORDS, "en");
  #shown: Table = { index: [], columns: [], rows: 0, width: 0 };
  #columns: Column[] = [];
  #writers: Written[] = [];
  #sort: Sort | null = null;
  #order: number[] = [];
  #drawn = 0;

  constructor(el: HTMLElement, signal: AbortSignal) {
    this.#more.type = "button";
    this.#more.addEventListener("click", () => this.#draw(), { signal });
    this.#scroll.tabIndex = 0;
    this.#scroll.setAttribute("role", "region");
    this.#scroll.addEventListener("scroll", () => this.#onScroll(), { signal, passive: true });
    this.#scroll.append(this.#table);
    this.#root.append(this.#scroll, this.#note);
    el.append(this.#root);
  }

  /** Says it so from now on; what stands in the cells is as the notebook writes it. */
  speak({ phrases, locale }: Words): void {
    this.#texts = spoken(fitted(phrases, TABLE_WORDS), locale);
    this.#root.lang = locale;
    this.#redraw(Math.max(this.#drawn, CHUNK));
  }

  /** Another table, or the same one with other values: what the viewer has sorted by stays. */
  receive(table: Table): void {
    this.#shown = table;
    this.#columns = [...table.index, ...table.columns];
    this.#writers = this.#columns.map(writerOf);
    if (this.#sort !== null && this.#columns[this.#sort.at]?.name !== this.#sort.name) {
      this.#sort = null;
    }
    this.#redraw(Math.max(this.#drawn, CHUNK));
  }

  #redraw(count: number): void {
    const focused = this.#focusedColumn();
    const { rows, width, columns } = this.#shown;
    const held = this.#columns[0]?.values.length ?? 0;
    this.#order = this.#rows(held);
    this.#drawn = 0;
    this.#body.replaceChildren();
    this.#table.setAttribute("aria-rowcount", String(rows + 1));
    this.#table.setAttribute("aria-colcount", String(width + this.#shown.index.length));
    this.#table.replaceChildren(this.#head(), this.#body);
    const texts = this.#texts;
    const size = texts.size(
      this.#part(held, rows, texts.rows),
      this.#part(columns.length, width, texts.columns),
    );
    this.#scroll.ariaLabel = texts.spoken(size);
    this.#more.textContent = texts.more;
    this.#note.replaceChildren(size, this.#more);
    this.#draw(count);
    if (focused >= 0) this.#table.querySelectorAll("button")[focused]?.focus();
  }

  #part(shown: number, all: number, say: (count: number) => string): string {
    return shown < all ? this.#texts.some(shown, say(all)) : say(all);
  }

  #rows(held: number): number[] {
    const column = this.#sort === null ? undefined : this.#columns[this.#sort.at];
    if (this.#sort === null || column === undefined) return [...Array(held).keys()];
    return ordered(column, this.#sort.direction);
  }

  #head(): HTMLElement {
    const row = element("tr", "");
    row.setAttribute("aria-rowindex", "1");
    row.append(...this.#columns.map((column, at) => this.#header(column, at)));
    const head = element("thead", "");
    head.append(row);
    return head;
  }

  #header(column: Column, at: number): HTMLElement {
    const cell = element("th", this.#classOf(at));
    cell.scope = "col";
    const direction = this.#sort?.at === at ? this.#sort.direction : "none";
    cell.ariaSort = direction;
    const button = element("button", "cw-table-sort");
    button.type = "button";
    const name = element("span", "cw-table-name");
    name.textContent = this.#nameOf(column, at);
    const dtype = element("span", "cw-table-dtype");
    dtype.textContent = column.dtype;
    button.append(name, dtype);
    button.title = this.#texts.sort(name.textContent, column.dtype);
    button.addEventListener("click", () => this.#sortBy(at, column.name));
    cell.append(button);
    return cell;
  }

  #sortBy(at: number, name: string): void {
    const before = this.#sort?.at === at ? this.#sort.direction : null;
    if (before === "descending") this.#sort = null;
    else this.#sort = { at, name, direction: before === null ? "ascending" : "descending" };
    this.#scroll.scrollTop = 0;
    this.#redraw(CHUNK);
  }

  #draw(count = CHUNK): void {
    const rows = this.#order.slice(this.#drawn, this.#drawn + count);
    this.#body.append(...rows.map((row, at) => this.#row(row, this.#drawn + at + 2)));
    this.#drawn += rows.length;
    this.#more.hidden = this.#drawn >= this.#order.length;
  }

  #row(row: number, place: number): HTMLElement {
    const line = element("tr", "");
    line.ariaRowIndex = String(place);
    line.append(...this.#columns.map((column, at) => this.#cell(column.values[row] ?? null, at)));
    return line;
  }

  #cell(value: Cell, at: number): HTMLElement {
    const isIndex = at < this.#shown.index.length;
    const cell = element(isIndex ? "th" : "td", this.#classOf(at));
    if (cell instanceof HTMLTableCellElement && isIndex) cell.scope = "row";
    const text = this.#writers[at]?.(value) ?? "";
    cell.textContent = text;
    if (value === null) {
      cell.classList.add("cw-missing");
      cell.ariaLabel = this.#texts.missing;
    } else if (
      typeof value === "number" ? Number(text.replace("−", "-")) !== value : text.length > 40
    ) {
      cell.title = String(value);
    }
    return cell;
  }

  /** A Series and most indexes have no name, but a button needs one. */
  #nameOf({ name }: Column, at: number): string {
    if (name !== "") return name;
    return at < this.#shown.index.length ? this.#texts.index : this.#texts.value;
  }

  #classOf(at: number): string {
    const column = this.#columns[at];
    const classes = column !== undefined && isNumeric(column) ? ["cw-number"] : [];
    if (at === 0 && this.#shown.index.length === 1) classes.push("cw-pinned");
    return classes.join(" ");
  }

  #onScroll(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroll;
    if (scrollTop + clientHeight > scrollHeight - AHEAD) this.#draw();
  }

  #focusedColumn(): number {
    const root = this.#table.getRootNode() as Document | ShadowRoot;
    const { activeElement: active } = root;
    return active instanceof HTMLButtonElement
      ? [...this.#table.querySelectorAll("button")].indexOf(active)
      : -1;
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  return made;
}

function render(props: Props): void {
  const { model, el, signal, cowidget } = props;
  wear(el, css);
  const view = new TableView(el, signal);
  cowidget?.onWords("table", (words) => view.speak(words), signal);
  follow(props, ["table"], () => {
    const table = model.get("table") as Partial<Table> | undefined;
    view.receive({ index: [], columns: [], rows: 0, width: 0, ...table });
  });
}

export default { render };
