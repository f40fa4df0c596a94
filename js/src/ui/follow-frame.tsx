/** Around everything while one follows somebody: a frame in their colour, who it is, and how to stop. */
import { useEffect } from "preact/hooks";
import { textOn } from "./names";
import type { Store } from "./store";
import { TEXTS } from "./texts";

interface FollowProps {
  store: Store;
  /** The words are in the bar: a panel may be as low as one slider, and they would hide it. */
  bare?: boolean;
}

export function FollowFrame({ store, bare = false }: FollowProps) {
  const { following } = store.company;
  const target = following.target.value;
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !isCard(event)) following.stop();
    };
    // A notebook keeps the keys of a panel to itself on their way back.
    document.addEventListener("keydown", leave, true);
    return () => document.removeEventListener("keydown", leave, true);
  }, [following]);
  return (
    <>
      <div class="only-read" role="status">
        {target === null ? endText(store) : TEXTS.followingHow(target.name)}
      </div>
      {target !== null && (
        <div class="follow-frame" style={{ "--person": target.color }}>
          {!bare && <FollowStop store={store} />}
        </div>
      )}
    </>
  );
}

/** Whom one follows, and a way to stop for hands without an Escape key. */
export function FollowStop({ store }: { store: Store }) {
  const { following } = store.company;
  const target = following.target.value;
  if (target === null) return null;
  return (
    <button
      type="button"
      class="follow-stop"
      title={TEXTS.stopFollowing}
      style={{ "--person": target.color, "--on-person": textOn(target.color) }}
      onClick={() => following.stop()}
    >
      <bdi>{TEXTS.following(target.name)}</bdi>
      <span class="follow-hint">{TEXTS.escToStop}</span>
    </button>
  );
}

/** Silent until somebody has been followed. */
function endText({ company }: Store): string {
  const ended = company.following.ended.value;
  return ended === null ? "" : TEXTS.followEnded[ended];
}

/** A card or a dialog takes Escape for itself. */
function isCard(event: Event): boolean {
  return event
    .composedPath()
    .some((one) => one instanceof Element && one.matches("[role=dialog], [role=alertdialog]"));
}
