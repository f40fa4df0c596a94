/** Passing the link on: copy, QR code; and for the host, stopping. */
import { CopyButton } from "./copy-button";
import { LinkCard } from "./link-card";
import { PopoverButton } from "./popover-button";
import type { Store } from "./store";
import { TEXTS } from "./texts";

function StopButton({ store }: { store: Store }) {
  const stopping = store.stopping.value;
  return (
    <PopoverButton
      class="button danger"
      icon="stop"
      label={TEXTS.stopTitle}
      text={stopping ? TEXTS.stopping : TEXTS.stop}
      disabled={stopping}
    >
      {(close) => <StopCard store={store} onClose={close} />}
    </PopoverButton>
  );
}

function StopCard({ store, onClose }: { store: Store; onClose(): void }) {
  const stop = (): void => {
    onClose();
    store.stop();
  };
  return (
    <>
      <h3 class="card-title">{TEXTS.stopTitle}</h3>
      <p class="card-text">{TEXTS.stopText}</p>
      <div class="card-actions">
        <button type="button" class="button" onClick={onClose}>
          {TEXTS.stopNo}
        </button>
        <button type="button" class="button danger-solid" onClick={stop}>
          {TEXTS.stopYes}
        </button>
      </div>
    </>
  );
}

/** The host's bar in the notebook. */
export function ShareBar({ store }: { store: Store }) {
  const link = store.link.value;
  return (
    <fieldset class="share-bar" aria-label={TEXTS.share}>
      <CopyButton text={link} label={TEXTS.copyLink} />
      <PopoverButton
        class="button icon-only"
        icon="qr"
        label={TEXTS.qr}
        title={link === "" ? TEXTS.linkPending : TEXTS.qr}
        disabled={link === ""}
      >
        {() => <LinkCard store={store} />}
      </PopoverButton>
      <StopButton store={store} />
    </fieldset>
  );
}

/** The guest's way to pass the link on: one button, everything in its card. */
export function ShareButton({ store }: { store: Store }) {
  const link = store.link.value;
  return (
    <PopoverButton
      class="button share-button"
      icon="share"
      label={TEXTS.share}
      text={TEXTS.share}
      disabled={link === ""}
    >
      {() => (
        <>
          <LinkCard store={store} />
          <CopyButton text={link} label={TEXTS.copyLink} />
        </>
      )}
    </PopoverButton>
  );
}
