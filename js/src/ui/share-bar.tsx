/** Passing the link on: copy, QR code; and for the host, stopping. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { encode } from "uqr";
import { copyText } from "./clipboard";
import { Icon } from "./icons";
import { Popover } from "./popover";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Milliseconds that a copied link says so. */
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

/** A QR code as one path: dark modules on white, also on a dark page, or cameras miss it. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={TEXTS.qr}>
      <path d={path} />
    </svg>
  );
}

function LinkField({ link }: { link: string }) {
  return (
    <input
      class="field link-field"
      readOnly
      aria-label={TEXTS.linkLabel}
      value={link}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

function QrButton({ link }: { link: string }) {
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <div class="anchor">
      <button
        type="button"
        class="button icon-only"
        aria-label={TEXTS.qr}
        title={link === "" ? TEXTS.linkPending : TEXTS.qr}
        aria-expanded={open}
        disabled={link === ""}
        onClick={() => setOpen(!open)}
      >
        <Icon name="qr" />
      </button>
      {open && (
        <Popover label={TEXTS.qr} onClose={close}>
          <LinkCard link={link} />
        </Popover>
      )}
    </div>
  );
}

function LinkCard({ link }: { link: string }) {
  return (
    <div class="link-card">
      <QrCode text={link} />
      <p class="card-text">{TEXTS.qrText}</p>
      <LinkField link={link} />
    </div>
  );
}

function StopButton({ store }: { store: Store }) {
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const stopping = store.stopping.value;
  const stop = (): void => {
    close();
    store.stop();
  };
  return (
    <div class="anchor">
      <button
        type="button"
        class="button danger"
        aria-expanded={open}
        disabled={stopping}
        onClick={() => setOpen(!open)}
      >
        <Icon name="stop" />
        <span>{stopping ? TEXTS.stopping : TEXTS.stop}</span>
      </button>
      {open && (
        <Popover label={TEXTS.stopTitle} onClose={close}>
          <h3 class="card-title">{TEXTS.stopTitle}</h3>
          <p class="card-text">{TEXTS.stopText}</p>
          <div class="card-actions">
            <button type="button" class="button" onClick={close}>
              {TEXTS.stopNo}
            </button>
            <button type="button" class="button danger-solid" onClick={stop}>
              {TEXTS.stopYes}
            </button>
          </div>
        </Popover>
      )}
    </div>
  );
}

/** The host's bar in the notebook. */
export function ShareBar({ store }: { store: Store }) {
  const link = store.link.value;
  return (
    <fieldset class="share-bar" aria-label={TEXTS.share}>
      <CopyButton text={link} label={TEXTS.copyLink} />
      <QrButton link={link} />
      <StopButton store={store} />
    </fieldset>
  );
}

/** The guest's way to pass the link on: one button, everything in its card. */
export function ShareButton({ store }: { store: Store }) {
  const link = store.link.value;
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <div class="anchor">
      <button
        type="button"
        class="button share-button"
        aria-label={TEXTS.share}
        aria-expanded={open}
        disabled={link === ""}
        onClick={() => setOpen(!open)}
      >
        <Icon name="share" />
        <span>{TEXTS.share}</span>
      </button>
      {open && (
        <Popover label={TEXTS.share} onClose={close}>
          <LinkCard link={link} />
          <CopyButton text={link} label={TEXTS.copyLink} />
        </Popover>
      )}
    </div>
  );
}
