/** Asks for a name on the first visit. The widgets stay visible and usable behind it. */
import { Icon } from "./icons";
import { IdentityForm } from "./identity-form";
import { rememberIdentity } from "./names";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function NameDialog({ store, onDone }: { store: Store; onDone(): void }) {
  const keep = (): void => {
    rememberIdentity(store.me.value);
    onDone();
  };
  return (
    <section
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
      <IdentityForm store={store} action={TEXTS.join} onDone={onDone} />
    </section>
  );
}
