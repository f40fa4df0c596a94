/** Buttons that copy the code of a message, made after the message was made safe. */
import { copyText } from "./clipboard";
import { TEXTS } from "./texts";

/** Milliseconds that a button says that it has copied. */
const COPIED_MS = 2000;

export function addCopyButtons(fragment: ParentNode): void {
  for (const code of fragment.querySelectorAll("pre")) {
    const frame = document.createElement("div");
    frame.className = "code";
    code.tabIndex = 0; // it may have to be scrolled
    code.replaceWith(frame);
    frame.append(code, copyButton(code.textContent ?? ""));
  }
}

function copyButton(text: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = TEXTS.copyCode;
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(text, button)) ? TEXTS.copied : TEXTS.copyCodeFailed;
    setTimeout(() => {
      button.textContent = TEXTS.copyCode;
    }, COPIED_MS);
  });
  return button;
}
