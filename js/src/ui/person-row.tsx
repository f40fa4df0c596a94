/** One line of the people's list: who it is, a click to follow them, and a menu of what one may do with them. */
import { useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { PersonFace, wordsOf } from "./person-face";
import type { Shown } from "./persons";
import type { Store } from "./store";
import { TEXTS } from "./texts";

interface PersonProps {
  store: Store;
  person: Shown;
}

export function PersonRow({ store, person }: PersonProps) {
  const { following } = store.company;
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const isTarget = following.target.value?.peer === person.peer;
  const followsMe = following.followers.value.some(({ peer }) => peer === person.peer);
  const words = wordsOf(person, followsMe);
  const face = (
    <>
      <PersonFace person={person} />
      <span class="person-words">
        <bdi class="person-name">{person.name}</bdi>
        {words.length > 0 && <span class="person-state">{words.join(TEXTS.separator)}</span>}
      </span>
    </>
  );
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation(); // the card stays
    close();
  };
  return (
    <li
      class="person"
      data-following={isTarget}
      style={{ "--person": person.color }}
      onKeyDown={leave}
    >
      <div class="person-line">
        {person.mine || person.alone ? (
          <span class="person-face">{face}</span>
        ) : (
          <button
            type="button"
            class="person-face"
            aria-pressed={isTarget}
            title={TEXTS.follow(person.name)}
            onClick={() => (isTarget ? following.stop() : following.follow(person.peer))}
          >
            {face}
            <Icon name="eye" />
          </button>
        )}
        {!person.mine && (
          <button
            ref={opener}
            type="button"
            class="icon-button"
            aria-label={TEXTS.moreAbout(person.name)}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Icon name="more" />
          </button>
        )}
      </div>
      {store.company.requests.value.some(({ peer }) => peer === person.peer) && (
        <Request store={store} person={person} />
      )}
      {open && <PersonMenu store={store} person={person} onDone={close} />}
    </li>
  );
}

/** A viewer asks to take part. */
function Request({ store: { company }, person }: PersonProps) {
  return (
    <div class="person-menu">
      <button
        type="button"
        class="button primary"
        onClick={() => company.entrust(person, "participant")}
      >
        {TEXTS.allow}
      </button>
      <button type="button" class="button" onClick={() => company.decline(person)}>
        {TEXTS.notNow}
      </button>
    </div>
  );
}

interface Act {
  label: string;
  danger?: boolean;
  run(): void;
}

function PersonMenu({ store, person, onDone }: PersonProps & { onDone(): void }) {
  const [removing, setRemoving] = useState(false);
  const { company } = store;
  if (removing) {
    return (
      <div class="person-menu" role="alertdialog" aria-label={TEXTS.removeTitle(person.name)}>
        <p class="person-ask">
          <strong>{TEXTS.removeTitle(person.name)}</strong> {TEXTS.removeText}
        </p>
        <button type="button" class="button" ref={focused} onClick={onDone}>
          {TEXTS.removeNo}
        </button>
        <button
          type="button"
          class="button danger-solid"
          onClick={({ currentTarget }) => {
            company.remove(person);
            onDone();
            // Their line goes, with its buttons.
            currentTarget.closest<HTMLElement>(".people")?.focus();
          }}
        >
          {TEXTS.removeYes}
        </button>
      </div>
    );
  }
  return (
    <div class="person-menu">
      {actsOf(store, person, () => setRemoving(true)).map(({ label, danger, run }) => (
        <button
          key={label}
          type="button"
          class={danger ? "button danger" : "button"}
          onClick={() => {
            if (!danger) onDone();
            run();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** What may be done with somebody: by everybody, by hosts, by the notebook that shares the room. */
function actsOf({ company, me }: Store, person: Shown, remove: () => void): Act[] {
  const { following } = company;
  const isTarget = following.target.value?.peer === person.peer;
  const acts: Act[] = [];
  if (isTarget) acts.push({ label: TEXTS.stopFollowing, run: () => following.stop() });
  else if (!person.alone)
    acts.push({ label: TEXTS.follow(person.name), run: () => following.follow(person.peer) });
  // What the relay would refuse is not offered (P10).
  if (!company.isHost.value || person.ofOwner || person.role === "owner") return acts;
  const trust = (label: string, role: "viewer" | "participant" | "host"): void => {
    acts.push({ label, run: () => company.entrust(person, role) });
  };
  if (person.role === "viewer") trust(TEXTS.letTakePart, "participant");
  if (person.role === "participant") trust(TEXTS.onlyWatch, "viewer");
  if (person.role === "host") trust(TEXTS.noHost, "participant");
  else if (me.value.ofOwner) trust(TEXTS.makeHost, "host");
  acts.push({ label: TEXTS.remove, danger: true, run: remove });
  return acts;
}

/** A question is answered where it is asked. */
function focused(element: HTMLElement | null): void {
  element?.focus();
}
