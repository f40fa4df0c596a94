/** What becomes of a message: on its way, refused, or about to be deleted. */
import { useEffect, useRef } from "preact/hooks";
import type { ChatLine, Status } from "../client";
import { Icon } from "./icons";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function Sending({ phase }: { phase: Status["phase"] }) {
  const words = phase === "live" ? TEXTS.sending : TEXTS.waitingToSend;
  return (
    <span class="sending" title={words}>
      <Icon name="clock" />
      <span class="sending-words">{words}</span>
    </span>
  );
}

/** Why the room did not take it, and what to do. */
export function Refusal({ store, line }: { store: Store; line: ChatLine }) {
  const { slug = "", text = "" } = line.fault ?? {};
  const { speech } = store.client;
  return (
    <div class="refusal" role="alert">
      <Icon name="alert" />
      <span>{TEXTS.notSent(TEXTS.refused[slug] ?? text)}</span>
      <span class="refusal-ways">
        <button type="button" class="link-button" onClick={() => speech.retry(line.id)}>
          {TEXTS.sendAgain}
        </button>
        <button type="button" class="link-button" onClick={() => speech.discard(line.id)}>
          {TEXTS.discard}
        </button>
      </span>
    </div>
  );
}

interface ErasingProps {
  store: Store;
  line: ChatLine;
  onDone(): void;
}

/** Asks once. */
export function Erasing({ store, line, onDone }: ErasingProps) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const leave = (): void => {
    keep.current?.closest<HTMLElement>("[data-id]")?.focus();
    onDone();
  };
  const erase = (): void => {
    // The keyboard goes on where it was.
    const beside = keep.current?.closest("[data-id]");
    const next = beside?.nextElementSibling ?? beside?.previousElementSibling;
    if (next instanceof HTMLElement) next.focus();
    onDone();
    store.client.speech.erase(line.id);
    store.talk.say(TEXTS.messageErased);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      class="erasing"
      role="group"
      aria-label={TEXTS.eraseTitle}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      }}
    >
      <span>{TEXTS.eraseTitle}</span>
      <button ref={keep} type="button" class="button" onClick={leave}>
        {TEXTS.eraseNo}
      </button>
      <button type="button" class="button danger-solid" onClick={erase}>
        {TEXTS.erase}
      </button>
    </div>
  );
}
