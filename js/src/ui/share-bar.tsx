/** Passing the link on: copy, QR code; and for the host, stopping. */
import { useCallback, useState } from "preact/hooks";
import { CopyButton } from "./copy-button";
import { Icon } from "./icons";
import { LinkCard } from "./link-card";
import { Popover } from "./popover";
import type { Store } from "./store";
import { TEXTS } from "./texts";

function QrButton({ store }: { store: Store }) {
  const link = store.link.value;
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
          <LinkCard store={store} />
        </Popover>
      )}
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
      <QrButton store={store} />
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
          <LinkCard store={store} />
          <CopyButton text={link} label={TEXTS.copyLink} />
        </Popover>
      )}
    </div>
  );
}
