/** Name and colour, with the avatar as it will look, and the language of everything here. */
import { useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { LANGUAGES } from "./languages";
import { COLORS, cleanName } from "./names";
import type { Store } from "./store";
import { language, TEXTS } from "./texts";

interface IdentityFormProps {
  store: Store;
  action: string;
  onDone(): void;
}

export function IdentityForm({ store, action, onDone }: IdentityFormProps) {
  const me = store.me.value;
  const [name, setName] = useState(me.name);
  const [color, setColor] = useState(me.color);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (cleanName(name) === "") return;
    store.rename({ name, color });
    onDone();
  };
  return (
    <form class="identity" onSubmit={submit}>
      <div class="identity-name">
        <Avatar person={{ name: cleanName(name), color }} />
        <input
          class="field"
          data-first
          aria-label={TEXTS.nameLabel}
          maxLength={64}
          autocomplete="nickname"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      <fieldset class="swatches">
        <legend class="only-read">{TEXTS.colorLabel}</legend>
        {COLORS.map((one, at) => (
          <label key={one} class="swatch" style={{ "--swatch": one }}>
            <input
              type="radio"
              name="color"
              aria-label={TEXTS.colors[at]}
              checked={one === color}
              onChange={() => setColor(one)}
            />
          </label>
        ))}
      </fieldset>
      <label class="identity-language">
        {TEXTS.languageLabel}
        <select
          class="field"
          value={language()}
          onChange={(event) => store.tongue.choose(event.currentTarget.value)}
        >
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button primary" disabled={cleanName(name) === ""}>
        {action}
      </button>
    </form>
  );
}
