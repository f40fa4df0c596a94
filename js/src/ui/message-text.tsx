/** The words of a message: markdown, who is called, code to copy; what is very long is folded. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { addCopyButtons } from "./code-copy";
import { renderMarkdown } from "./markdown";
import { markCalls } from "./mentions";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Signs and lines beyond which a message is folded: more would push everybody else's out of sight. */
const FOLD_SIGNS = 1600;
const FOLD_LINES = 24;

export function MessageText({ store, text }: { store: Store; text: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const folded = !open && isLong(text);
  // Names matter only where somebody is called.
  const pattern = text.includes("@") ? store.callable.value : null;
  const mine = pattern === null ? "" : store.me.value.name;
  useLayoutEffect(() => {
    const fragment = renderMarkdown(text);
    if (pattern !== null) markCalls(fragment, pattern, mine);
    addCopyButtons(fragment);
    place.current?.replaceChildren(fragment);
  }, [text, pattern, mine]);
  return (
    <>
      <div ref={place} class="message-text" dir="auto" data-folded={folded} />
      {folded && (
        <button type="button" class="link-button unfold" onClick={() => setOpen(true)}>
          {TEXTS.showAll}
        </button>
      )}
    </>
  );
}

function isLong(text: string): boolean {
  return text.length > FOLD_SIGNS || text.split("\n", FOLD_LINES + 1).length > FOLD_LINES;
}
