/** JSON as a tree that opens and closes. */

/** Members that are put into the page at once; more would make a large tree slow to open. */
const MOST = 200;

export function jsonTree(value: unknown, open: boolean, name = ""): HTMLElement {
  const members = membersOf(value);
  if (members === null) return leaf(name, value);
  const tree = document.createElement("details");
  tree.className = "cw-rich-json";
  tree.open = open || name === "";
  const summary = document.createElement("summary");
  const count = Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`;
  summary.append(...labelled(name), quiet(count));
  tree.append(summary);
  fillWhenOpen(tree, () => branches(members, open));
  return tree;
}

function branches(members: [string, unknown][], open: boolean): HTMLElement[] {
  const shown = members.slice(0, MOST).map(([key, inner]) => jsonTree(inner, open, key));
  const rest = members.length - MOST;
  if (rest > 0) {
    const more = document.createElement("div");
    more.append(quiet(`${rest} more`));
    shown.push(more);
  }
  return shown;
}

/** What is closed is not drawn yet. */
function fillWhenOpen(tree: HTMLDetailsElement, make: () => HTMLElement[]): void {
  let filled = false;
  const fill = (): void => {
    if (filled || !tree.open) return;
    filled = true;
    tree.append(...make());
  };
  tree.addEventListener("toggle", fill);
  fill();
}

function leaf(name: string, value: unknown): HTMLElement {
  const line = document.createElement("div");
  line.className = "cw-rich-json";
  const shown = document.createElement("span");
  shown.dataset.type = value === null ? "null" : typeof value;
  shown.textContent = ArrayBuffer.isView(value)
    ? `${value.byteLength} bytes`
    : (JSON.stringify(value) ?? String(value));
  line.append(...labelled(name), shown);
  return line;
}

function labelled(name: string): (HTMLElement | string)[] {
  if (name === "") return [];
  const label = document.createElement("b");
  label.textContent = name;
  return [label, ": "];
}

function quiet(text: string): HTMLElement {
  const made = document.createElement("i");
  made.textContent = text;
  return made;
}

function membersOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return null;
  return Object.entries(value);
}
