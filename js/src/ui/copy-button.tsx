/** A button that copies a text and says so. */
import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "./clipboard";
import { Icon } from "./icons";
import { TEXTS } from "./texts";

/** Milliseconds that it says so. */
const COPIED_MS = 3000;

export function CopyButton({
  text,
  label,
  quiet,
}: {
  text: string;
  label: string;
  quiet?: boolean;
}) {
  const [said, setSaid] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (said === "") return;
    const ending = setTimeout(() => setSaid(""), COPIED_MS);
    return () => clearTimeout(ending);
  }, [said]);
  const copy = async (): Promise<void> => {
    if (button.current === null) return;
    setSaid((await copyText(text, button.current)) ? TEXTS.copied : TEXTS.copyFailed);
  };
  return (
    <button
      ref={button}
      type="button"
      class={quiet ? "button" : "button primary"}
      disabled={text === ""}
      title={text === "" ? TEXTS.linkPending : undefined}
      data-done={said === TEXTS.copied}
      onClick={copy}
    >
      <Icon name={said === TEXTS.copied ? "check" : "copy"} />
      <span aria-live="polite">{said === "" ? label : said}</span>
    </button>
  );
}
