/** The names of the series with their values: buttons that hide and show them, for this viewer. */
import { make, write } from "./dom";
import { TEXTS } from "./texts";

export interface Item {
  label: string;
  color: string;
  dashed: boolean;
  shown: boolean;
  value: string;
}

/** Characters of a value that fits beside the buttons of a chart at 360 px: a candle's five do not. */
const SHORT = 16;

const isLong = ({ value }: Item): boolean => value.length > SHORT;

export class Legend {
  readonly root = make("div.cw-c-legend", { role: "group" });
  readonly #pick: (at: number, alone: boolean) => void;
  #buttons: HTMLButtonElement[] = [];

  /** `pick` is told of a click; with Alt, Shift or a second click, the series is to be seen alone. */
  constructor(pick: (at: number, alone: boolean) => void) {
    this.#pick = pick;
  }

  show(items: readonly Item[]): void {
    if (items.length !== this.#buttons.length) {
      this.#buttons = items.map((_, at) => this.#button(at));
      this.root.replaceChildren(...this.#buttons);
    }
    this.root.ariaLabel = TEXTS.series;
    this.root.classList.toggle("cw-c-long", items.length > 1 || items.some(isLong));
    items.forEach(({ label, color, dashed, shown, value }, at) => {
      const button = this.#buttons[at];
      const [swatch, name, number] = button?.children ?? [];
      if (button === undefined || name === undefined || number === undefined) return;
      (swatch as HTMLElement).style.borderColor = color;
      swatch?.classList.toggle("cw-c-dashed", dashed);
      if (button.title !== TEXTS.legendHint) button.title = TEXTS.legendHint;
      const pressed = String(shown);
      if (button.ariaPressed !== pressed) button.ariaPressed = pressed;
      write(name, label);
      write(number, shown ? value : "");
    });
  }

  #button(at: number): HTMLButtonElement {
    const button = make("button", { type: "button", "data-testid": `legend-${at}` });
    button.append(make("i"), make("span"), make("output", { "aria-live": "off" }));
    button.addEventListener("click", ({ altKey, shiftKey, detail }) =>
      this.#pick(at, altKey || shiftKey || detail === 2),
    );
    return button;
  }
}

/** What is shown after a pick: not the last one hidden, and alone a second time means all of them again. */
export function picked(shown: readonly boolean[], at: number, alone: boolean): boolean[] {
  const isAlone = shown.every((one, i) => one === (i === at));
  if (alone) return shown.map((_, i) => isAlone || i === at);
  const after = shown.map((one, i) => (i === at ? !one : one));
  return after.some(Boolean) ? after : shown.map(() => true);
}
