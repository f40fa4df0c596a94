/** Who is here: a strip of avatars, the whole list, and the card to change one's own name. */
import { useCallback, useState } from "preact/hooks";
import { Icon } from "./icons";
import { IdentityForm } from "./identity-form";
import { PersonFace } from "./person-face";
import { PersonRow } from "./person-row";
import type { Shown } from "./persons";
import { Popover } from "./popover";
import { RoomWishes } from "./room-wishes";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** More would push the buttons away. */
const MOST_IN_STRIP = 5;

/** Own avatar first (click: name and colour), then the others (click: follow), then everybody. */
export function PeopleStrip({ store }: { store: Store }) {
  const people = store.people.value;
  const others = people.filter(({ mine }) => !mine);
  const rest = others.length > MOST_IN_STRIP ? others.length - MOST_IN_STRIP + 1 : 0;
  const shown = others.slice(0, others.length - rest);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const asking = store.company.requests.value.length;
  return (
    <div class="people-strip">
      <Myself store={store} />
      {shown.length > 0 && (
        <div class="avatar-row">
          {shown.map((person) => (
            <FollowButton key={person.peer} store={store} person={person} />
          ))}
        </div>
      )}
      <div class="anchor">
        <button
          type="button"
          class="icon-button people-button"
          aria-expanded={open}
          aria-label={TEXTS.peopleHere(others.length + 1)}
          aria-description={asking > 0 ? TEXTS.asks : undefined}
          title={TEXTS.people}
          onClick={() => setOpen(!open)}
        >
          {rest > 0 ? (
            <span class="avatar avatar-more" data-drawn={TEXTS.more(rest)} />
          ) : (
            <Icon name="people" />
          )}
          {asking > 0 && <span class="badge" data-drawn={asking} />}
        </button>
        {open && (
          <Popover label={TEXTS.people} onClose={close}>
            <PeopleList store={store} />
          </Popover>
        )}
      </div>
    </div>
  );
}

function FollowButton({ store, person }: { store: Store; person: Shown }) {
  const { following } = store.company;
  const isTarget = following.target.value?.peer === person.peer;
  return (
    <button
      type="button"
      class="avatar-slot"
      title={person.name}
      aria-label={TEXTS.follow(person.name)}
      aria-pressed={isTarget}
      disabled={person.alone}
      style={{ "--person": person.color }}
      onClick={() => (isTarget ? following.stop() : following.follow(person.peer))}
    >
      <PersonFace person={person} />
    </button>
  );
}

function Myself({ store }: { store: Store }) {
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const me = store.me.value;
  return (
    <div class="anchor">
      <button
        type="button"
        class="avatar-button"
        aria-expanded={open}
        aria-label={TEXTS.editYou}
        title={TEXTS.yourself(me.name)}
        onClick={() => setOpen(!open)}
      >
        <PersonFace person={{ ...me, idle: false }} />
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

/** Everybody, one line each, and what one wants of them all. */
export function PeopleList({ store }: { store: Store }) {
  const people = store.people.value;
  return (
    <div class="people" tabIndex={-1}>
      <h3 class="card-title">{TEXTS.peopleHere(people.length)}</h3>
      <ul class="people-list">
        {people.map((person) => (
          <PersonRow key={person.peer} store={store} person={person} />
        ))}
      </ul>
      {people.length < 2 && (
        <p class="hint">
          <Icon name="link" />
          {TEXTS.alone}
        </p>
      )}
      <RoomWishes store={store} />
    </div>
  );
}
