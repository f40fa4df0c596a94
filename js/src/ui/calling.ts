/** Calling somebody while writing: which name is asked for at the caret, and the list to choose from. */
import { useState } from "preact/hooks";
import { type Asked, askedAt, meant } from "./mentions";
import type { Shown, Store } from "./store";

export interface Calling {
  people: readonly Shown[];
  /** Which of them Enter would choose. */
  at: number;
  /** What stands left of the caret has changed. */
  look(field: HTMLTextAreaElement): void;
  choose(person: Shown, field: HTMLTextAreaElement): void;
  /** Whether the key was for the list. */
  takesKey(event: KeyboardEvent, field: HTMLTextAreaElement): boolean;
}

export function useCalling(store: Store): Calling {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [left, setLeft] = useState(-1); // the list was closed for the `@` that is there
  const [wished, setWished] = useState(0);
  const others = store.people.value.filter(({ mine }) => !mine);
  const people = asked === null || asked.from === left ? [] : meant(others, asked.query);
  const at = Math.min(wished, Math.max(0, people.length - 1));
  const look = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): void => {
    const next = selectionStart === selectionEnd ? askedAt(value, selectionStart) : null;
    if (next?.from !== asked?.from) setWished(0);
    if (next === null) setLeft(-1);
    setAsked(next);
  };
  const choose = ({ name }: Shown, field: HTMLTextAreaElement): void => {
    if (asked === null) return;
    const end = field.selectionStart;
    field.setRangeText(`@${name} `, asked.from, end, "end");
    store.talk.draft.write(field.value);
    setAsked(null);
    field.focus();
  };
  const takesKey = (event: KeyboardEvent, field: HTMLTextAreaElement): boolean => {
    const person = people[at];
    if (person === undefined || event.isComposing) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) setWished((at + step + people.length) % people.length);
    else if (event.key === "Escape") setLeft(asked?.from ?? -1);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey)
      choose(person, field);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { people, at, look, choose, takesKey };
}
