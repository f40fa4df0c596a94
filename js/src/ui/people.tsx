/** Who is here: a strip of avatars, the whole list, and the card to change one's own name. */
import { useCallback, useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import { IdentityForm } from "./identity-form";
import { Popover } from "./popover";
import type { Shown, Store } from "./store";
import { TEXTS } from "./texts";

/** More would push the buttons away. */
const MOST_IN_STRIP = 5;

/** Own avatar first (click: name and colour), then the others, then how many more. */
export function PeopleStrip({ store }: { store: Store }) {
  const others = store.people.value.filter(({ mine }) => !mine);
  const rest = others.length > MOST_IN_STRIP ? others.length - MOST_IN_STRIP + 1 : 0;
  const shown = others.slice(0, others.length - rest);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <div class="people-strip">
      <Myself store={store} />
      <div class="anchor">
        {others.length > 0 && (
          <button
            type="button"
            class="avatar-row"
            aria-expanded={open}
            aria-label={TEXTS.peopleHere(others.length + 1)}
            onClick={() => setOpen(!open)}
          >
            {shown.map((person) => (
              <span key={person.peer} class="avatar-slot" title={person.name}>
                <Avatar person={person} />
              </span>
            ))}
            {rest > 0 && <span class="avatar avatar-more">{TEXTS.more(rest)}</span>}
          </button>
        )}
        {open && (
          <Popover label={TEXTS.people} onClose={close}>
            <PeopleList store={store} />
          </Popover>
        )}
      </div>
    </div>
  );
}

function Myself({ store }: { store: Store }) {
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const { name } = store.me.value;
  return (
    <div class="anchor">
      <button
        type="button"
        class="avatar-button"
        aria-expanded={open}
        aria-label={TEXTS.editYou}
        title={`${name} (${TEXTS.you})`}
        onClick={() => setOpen(!open)}
      >
        <Avatar person={store.me.value} />
      </button>
      {open && (
        <Popover label={TEXTS.editYou} onClose={close}>
          <h3 class="card-title">{TEXTS.editYou}</h3>
          <IdentityForm store={store} action={TEXTS.save} onDone={close} />
        </Popover>
      )}
    </div>
  );
}

/** Everybody, one line each. */
export function PeopleList({ store }: { store: Store }) {
  const people = store.people.value;
  return (
    <div class="people">
      <h3 class="card-title">{TEXTS.peopleHere(people.length)}</h3>
      <ul class="people-list">
        {people.map((person) => (
          <li key={person.peer}>
            <Avatar person={person} />
            <bdi class="person-name">{person.name}</bdi>
            <PersonTag person={person} />
          </li>
        ))}
      </ul>
      {people.length < 2 && (
        <p class="hint">
          <Icon name="link" />
          {TEXTS.aloneTitle}. {TEXTS.aloneText}
        </p>
      )}
    </div>
  );
}

function PersonTag({ person }: { person: Shown }) {
  const role = TEXTS.roles[person.role];
  const words = [person.mine ? TEXTS.you : "", role].filter((word) => word !== "");
  return words.length === 0 ? null : <span class="tag">{words.join(", ")}</span>;
}
