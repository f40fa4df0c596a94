/** Marks on a chart by hand: where the next one goes, and the form for one that is there. */
import type { Mark } from "../host/annotations";
import { make } from "./dom";
import type { Palette } from "./palette";
import { TEXTS } from "./texts";

export type NewMark = Pick<Mark, "kind" | "t" | "t2" | "y" | "y2">;

export function blank(kind: Mark["kind"], at: Partial<NewMark>): Mark {
  return { kind, t: null, t2: null, y: null, y2: null, text: "", color: "", by: "", ...at };
}

/** As the relay takes them; two people never make the same. */
export function newId(): string {
  return `m${Date.now().toString(36)}${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;
}

/** Words and colour of a mark. `done` gets null when it is to go. */
export function formFor(
  mark: Mark,
  isNew: boolean,
  palette: Palette,
  done: (mark: Mark | null) => void,
): HTMLElement {
  const text = make("input", {
    type: "text",
    value: mark.text,
    maxlength: 200,
    placeholder: TEXTS.textHint,
    "aria-label": TEXTS.textLabel,
    "data-testid": "mark-text",
  });
  const choices = ["", palette.down, palette.up, ...palette.series.slice(0, 4)].map((color, at) => {
    const input = make("input", { type: "radio", name: "color", checked: color === mark.color });
    input.value = color;
    input.ariaLabel = at === 0 ? TEXTS.automatic : TEXTS.color(at);
    input.style.color = color || palette.quiet;
    return input;
  });
  const colors = make("fieldset", { "aria-label": TEXTS.colorLabel }, ...choices);
  const save = make(
    "button.cw-c-primary",
    { type: "button", "data-testid": "mark-save" },
    isNew ? TEXTS.add : TEXTS.save,
  );
  const remove = make("button", { type: "button", "data-testid": "mark-delete" }, TEXTS.erase);
  remove.hidden = isNew;
  remove.addEventListener("click", () => done(null));
  const kind = TEXTS.kinds[mark.kind];
  const form = make(
    "form",
    {},
    make("b", {}, mark.by === "" ? kind : TEXTS.kindBy(kind, mark.by)),
    text,
    colors,
    make("p", {}, remove, save),
  );
  // A sandboxed frame submits no form, and does not tell of the attempt either.
  const finish = (): void => {
    const color = choices.find(({ checked }) => checked)?.value ?? "";
    done({ ...mark, text: text.value.trim(), color });
  };
  save.addEventListener("click", finish);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    finish();
  });
  return form;
}
