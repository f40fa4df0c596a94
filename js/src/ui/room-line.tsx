/** What everybody has to know in the bar: the room is locked, one only looks on, others follow. */
import { FollowStop } from "./follow-frame";
import { listed } from "./formats";
import { Icon } from "./icons";
import { PopoverButton } from "./popover-button";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function RoomLine({ store, follow = false }: { store: Store; follow?: boolean }) {
  const { company, me, status } = store;
  if (status.value.phase !== "live") return null;
  const { role, asks } = me.value;
  return (
    <div class="room-line">
      {company.locked.value && <Locked store={store} />}
      {role === "viewer" && !asks && (
        <button type="button" class="button quiet" onClick={() => company.ask(true)}>
          <Icon name="hand" />
          {TEXTS.askToTakePart}
        </button>
      )}
      {role === "viewer" && asks && (
        <span class="room-note" role="status">
          {TEXTS.asked}
          <button type="button" class="link-button" onClick={() => company.ask(false)}>
            {TEXTS.takeBack}
          </button>
        </span>
      )}
      <Followers store={store} />
      {follow && <FollowStop store={store} />}
    </div>
  );
}

function Locked({ store }: { store: Store }) {
  const words = store.company.isHost.value ? TEXTS.lockedHost : TEXTS.lockedText;
  return (
    <PopoverButton
      class="chip"
      icon="lock"
      label={TEXTS.locked}
      text={TEXTS.locked}
      title={words}
      disabled={false}
    >
      {() => <p>{words}</p>}
    </PopoverButton>
  );
}

/** Who follows us, and a way to stop it. */
function Followers({ store }: { store: Store }) {
  const { following } = store.company;
  const followers = following.followers.value;
  if (followers.length === 0) return null;
  const label = TEXTS.followedBy(followers.length);
  const names = listed(followers.map(({ name }) => name));
  return (
    <PopoverButton
      class="chip"
      icon="eye"
      label={label}
      text={label}
      title={names}
      disabled={false}
    >
      {(close) => (
        <>
          <h3 class="card-title">{TEXTS.followersTitle}</h3>
          <ul class="followers">
            {followers.map(({ peer, name }) => (
              <li key={peer}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
          <button
            type="button"
            class="button"
            onClick={() => {
              following.be(true);
              close();
            }}
          >
            {TEXTS.stopFollowers}
          </button>
        </>
      )}
    </PopoverButton>
  );
}
