/** Below the people's list: a hand to raise, what one wants of pointers and following, and what hosts decide for all. */
import { Icon } from "./icons";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function RoomWishes({ store }: { store: Store }) {
  const { company, me } = store;
  const { wishes, following } = company;
  const { hand, alone, spotlight } = me.value;
  const up = hand > 0;
  return (
    <div class="room-wishes">
      {!company.isHost.value && (
        <button type="button" class="button" aria-pressed={up} onClick={() => company.raise(!up)}>
          <Icon name="hand" />
          {up ? TEXTS.lowerHand : TEXTS.raiseHand}
        </button>
      )}
      {company.isHost.value && (
        <div class="switches">
          <Switch
            label={TEXTS.lockRoom}
            hint={TEXTS.lockHint}
            on={company.locked.value}
            onChange={(on) => company.lock(on)}
          />
          <Switch
            label={TEXTS.spotlight}
            hint={TEXTS.spotlightHint}
            on={spotlight}
            onChange={(on) => following.shine(on)}
          />
        </div>
      )}
      <div class="switches">
        <Switch
          label={TEXTS.showPointers}
          on={wishes.others.value}
          onChange={(on) => {
            wishes.others.value = on;
          }}
        />
        <Switch
          label={TEXTS.ownPointer}
          on={wishes.own.value}
          onChange={(on) => {
            wishes.own.value = on;
          }}
        />
        <Switch label={TEXTS.beAlone} on={alone} onChange={(on) => following.be(on)} />
      </div>
    </div>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  onChange(on: boolean): void;
}

function Switch({ label, hint = "", on, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <span class="switch-words">
        {label}
        {hint !== "" && <span class="switch-hint">{hint}</span>}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
