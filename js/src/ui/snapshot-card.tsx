/** A widget as it was: in the conversation, where it can be set so again, and in the composer. */
import { useId } from "preact/hooks";
import type { ChatLine } from "../client";
import type { Snapshot } from "../protocol/frames";
import {
  applyToAll,
  applyToMe,
  hindranceToAll,
  hindranceToMe,
  isEmpty,
  settableHere,
} from "./applying";
import { IconButton } from "./icon-button";
import { MomentPicture } from "./moment-picture";
import { namedValues } from "./shown-values";
import type { Shot } from "./snapshots";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import { ValueText } from "./value-text";

/** Lines of values. More are counted. */
const MOST_VALUES = 6;

interface SnapshotCardProps {
  store: Store;
  line: ChatLine;
  snapshot: Snapshot;
}

export function SnapshotCard({ store, line, snapshot }: SnapshotCardProps) {
  store.shareCount.value; // drawn again when a widget comes or goes
  const title = store.moments.titleOf(snapshot.share);
  const shown = title ?? snapshot.share;
  const alt = TEXTS.card.snapshotAlt(shown, line.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="snapshot" role="group" aria-label={alt}>
      {snapshot.picture.length > 0 ? (
        <MomentPicture picture={snapshot.picture} alt={alt} />
      ) : (
        <ValueList shot={snapshot} />
      )}
      <div class="snapshot-foot">
        {title === null ? (
          <bdi class="snapshot-title">{shown}</bdi>
        ) : (
          <button
            type="button"
            class="snapshot-title"
            title={TEXTS.card.showWidget}
            onClick={() => store.snapshots.wish({ type: "find", share: snapshot.share })}
          >
            <bdi>{shown}</bdi>
            <span class="only-read">, {TEXTS.card.showWidget}</span>
          </button>
        )}
        {line.state !== "failed" && <Applying store={store} shot={snapshot} title={shown} />}
      </div>
    </div>
  );
}

function Applying({ store, shot, title }: { store: Store; shot: Shot; title: string }) {
  const reasonId = useId();
  const { card } = TEXTS;
  const [forAll, forMe] = [hindranceToAll(store, shot), hindranceToMe(store, shot)];
  // Where nothing is a viewer's own, there is nothing that could be set for one alone.
  const hasMine = !isEmpty(settableHere(store, shot).mine);
  const reason = forAll || (hasMine ? forMe : "");
  return (
    <>
      <div class="snapshot-ways">
        {hasMine && (
          <button
            type="button"
            class="button"
            disabled={forMe !== ""}
            title={forMe || card.applyToMeHint}
            onClick={() => applyToMe(store, shot, title)}
          >
            {card.applyToMe}
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={forAll !== ""}
          title={forAll || card.applyToAllHint}
          aria-describedby={reason === "" ? undefined : reasonId}
          onClick={() => applyToAll(store, shot, title)}
        >
          {card.applyToAll}
        </button>
      </div>
      {reason !== "" && (
        <small id={reasonId} class="snapshot-reason">
          {reason}
        </small>
      )}
    </>
  );
}

function ValueList({ shot }: { shot: Shot }) {
  const named = namedValues(shot);
  const left = named.length - MOST_VALUES;
  return (
    <div class="snapshot-values">
      <dl>
        {named.slice(0, MOST_VALUES).map(({ name, value }) => (
          <div key={name}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              <ValueText value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {left > 0 && <small>{TEXTS.card.moreValues(left)}</small>}
    </div>
  );
}

/** What goes with the next message, and a way to leave it out. */
export function SnapshotDraft({ store, shot }: { store: Store; shot: Shot }) {
  const title = store.moments.titleOf(shot.share) ?? shot.share;
  const { card } = TEXTS;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="moment-draft" role="group" aria-label={card.snapshotDraft}>
      <MomentPicture picture={shot.picture} alt="" />
      <span class="moment-words">
        <bdi class="moment-title">{title}</bdi>
        <span class="moment-range">{card.asItIs}</span>
      </span>
      <IconButton
        icon="close"
        words={card.removeSnapshot}
        onClick={() => store.snapshots.detach()}
      />
    </div>
  );
}
