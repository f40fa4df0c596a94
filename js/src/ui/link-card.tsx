/** A link as a field and a QR code, with a sentence about who can open it. */
import { encode } from "uqr";
import { CopyButton } from "./copy-button";
import { Icon } from "./icons";
import { StatusPill } from "./status-pill";
import type { Store } from "./store";
import { TEXTS } from "./texts";

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

export function LinkField({ link }: { link: string }) {
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

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\//;

/** What the kernel says; a guest's page, which it does not tell, goes by the link itself. */
export function reachText(link: string, told: string): string {
  if (told !== "") return told;
  return LOOPBACK.test(link) ? TEXTS.reachMachine : TEXTS.qrText;
}

/** In a popover. */
export function LinkCard({ store }: { store: Store }) {
  const link = store.link.value;
  return (
    <div class="link-card">
      <QrCode text={link} />
      <p class="card-text">{reachText(link, store.reach.value)}</p>
      <LinkField link={link} />
    </div>
  );
}

/** A panel of its own, as what `room.url` shows in a cell. */
export function LinkPanel({ store }: { store: Store }) {
  const link = store.link.value;
  const withdrawn = link === "" && store.reach.value !== "";
  return (
    <div class="app panel link-panel">
      <div class="link-code">
        {link === "" ? <Icon name={withdrawn ? "unlink" : "qr"} /> : <QrCode text={link} />}
      </div>
      <div class="link-words">
        <div class="link-head">
          <h3 class="card-title">{TEXTS.linkLabel}</h3>
          <StatusPill store={store} />
        </div>
        {!withdrawn && (
          <div class="link-row">
            <LinkField link={link} />
            <CopyButton text={link} label={TEXTS.copyLink} />
          </div>
        )}
        <p class="card-text">
          {link === "" && !withdrawn ? TEXTS.linkPending : reachText(link, store.reach.value)}
        </p>
      </div>
    </div>
  );
}
