/** Asks for a name on the first visit. The widgets stay visible and usable behind it. */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import { IdentityForm } from "./identity-form";
import { rememberIdentity } from "./names";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function NameDialog({ store, onDone }: { store: Store; onDone(): void }) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    // Whoever has a keyboard on the screen wants to see the widgets first.
    if (matchMedia("(pointer: coarse)").matches) card.current?.focus();
    else card.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  const leave = (): void => {
    // Else the Tab key would go on from here, at the end of the page.
    card.current?.closest(".app")?.querySelector("main")?.focus();
    onDone();
  };
  const keep = (): void => {
    rememberIdentity(store.me.value);
    leave();
  };
  return (
    <section
      ref={card}
      tabIndex={-1}
      class="name-dialog"
      role="dialog"
      aria-labelledby="name-title"
      onKeyDown={(event) => event.key === "Escape" && keep()}
    >
      <button type="button" class="icon-button close" aria-label={TEXTS.close} onClick={keep}>
        <Icon name="close" />
      </button>
      <h2 id="name-title" class="card-title">
        {TEXTS.nameTitle}
      </h2>
      <p class="card-text">{TEXTS.nameText}</p>
      <IdentityForm store={store} action={TEXTS.join} onDone={leave} />
    </section>
  );
}
