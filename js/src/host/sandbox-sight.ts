/** Inside the sandbox: tells where our person points and what they do; each once a frame. */
import { eachFrame, pointAt } from "./sandbox-places";
import type { FromSight, Input } from "./sight";

type Tell = (message: FromSight) => void;

/** Milliseconds between two tellings of the same kind of input: they say that somebody is here. */
const INPUT_MS = 200;

export function watchPointer(tell: Tell, signal: AbortSignal): void {
  let last: PointerEvent | null = null;
  let told = "null";
  const look = eachFrame(() => {
    const point = last === null ? null : pointAt(last);
    const text = JSON.stringify(point);
    if (text === told) return;
    told = text;
    tell({ type: "pointer", point });
  });
  const move = (event: PointerEvent): void => {
    last = event;
    look();
  };
  // A finger that is lifted has pointed at something; it rests there.
  const leave = (event: PointerEvent): void => {
    if (event.relatedTarget !== null || event.pointerType === "touch") return;
    last = null;
    look();
  };
  const options = { signal, capture: true, passive: true };
  document.addEventListener("pointermove", move, options);
  document.addEventListener("pointerdown", move, options);
  document.addEventListener("pointerout", leave, options);
}

const INPUTS: Readonly<Record<string, Input>> = {
  pointermove: "move",
  wheel: "wheel",
  touchmove: "wheel",
  pointerdown: "press",
  keydown: "key",
};

export function watchInput(tell: Tell, signal: AbortSignal): void {
  const toldAt = new Map<Input, number>();
  const take = (event: Event): void => {
    const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
    const input = isEscape ? "escape" : INPUTS[event.type];
    if (input === undefined) return;
    if (event.timeStamp - (toldAt.get(input) ?? Number.NEGATIVE_INFINITY) < INPUT_MS) return;
    toldAt.set(input, event.timeStamp);
    tell({ type: "input", input });
  };
  for (const type of Object.keys(INPUTS)) {
    document.addEventListener(type, take, { signal, capture: true, passive: true });
  }
}
