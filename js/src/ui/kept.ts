/** A text that this tab keeps over a reload. */

export interface Kept {
  read(): string;
  /** An empty text is not kept. */
  write(text: string): void;
}

/** In `sessionStorage`; where the browser forbids it, as long as the page lives. */
export function keptInTab(key: string): Kept {
  return {
    read() {
      try {
        return sessionStorage.getItem(key) ?? "";
      } catch {
        return ""; // forbidden by the browser's settings: then there is nothing from before
      }
    },
    write(text) {
      try {
        if (text === "") sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, text);
      } catch {
        // Forbidden or full: the text is lost by a reload, and still here until then.
      }
    },
  };
}

/** Until its owner goes. */
export function keptHere(): Kept {
  let held = "";
  return {
    read: () => held,
    write: (text) => {
      held = text;
    },
  };
}
