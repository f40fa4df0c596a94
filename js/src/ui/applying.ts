/** Setting a widget as a snapshot has it: for everybody, or for our person alone. */
import { equal } from "../lib/equal";
import type { Share } from "../protocol/frames";
import { type Settable, settableOf } from "./shown-values";
import type { Shot } from "./snapshots";
import type { Store } from "./store";
import { TEXTS } from "./texts";

type Values = Record<string, unknown>;

const NOTHING: Settable = { all: {}, mine: {} };

/** What a snapshot can set here. */
export function settableHere({ client }: Store, { share, values }: Shot): Settable {
  const found = shareOf(client.shares(), share);
  return found === undefined ? NOTHING : settableOf(found, values);
}

/** Why it cannot be applied to everybody, as a sentence; empty if it can. Read while drawing, it is followed. */
export function hindranceToAll(store: Store, shot: Shot): string {
  const { card } = TEXTS;
  const { shareCount, me, company, client } = store;
  shareCount.value; // shares come and go
  if (shareOf(client.shares(), shot.share) === undefined) return card.applyGone;
  if (me.value.role === "viewer") return card.applyViewer;
  if (company.locked.value && !company.isHost.value) return card.applyLocked;
  return isEmpty(settableHere(store, shot).all) ? card.applyNotOpen : "";
}

/** The same for our person alone. */
export function hindranceToMe(store: Store, shot: Shot): string {
  store.shareCount.value;
  if (shareOf(store.client.shares(), shot.share) === undefined) return TEXTS.card.applyGone;
  return store.snapshots.staged ? "" : TEXTS.card.applyNotShown;
}

/** Sets what may be set, all at once, and offers to undo it. */
export function applyToAll(store: Store, shot: Shot, title: string): void {
  const { client, toasts } = store;
  const { card } = TEXTS;
  const wanted = Object.entries(settableHere(store, shot).all);
  const changing = wanted.filter(([key, value]) => !equal(client.value(key), value));
  if (changing.length === 0) {
    toasts.show("plain", card.appliedAlready(title));
    return;
  }
  const before = changing.map(([key]) => [key, client.value(key)] as const);
  client.set(Object.fromEntries(changing));
  const undo = (): void => {
    undoTo(store, Object.fromEntries(before));
    toasts.show("plain", card.undone(title));
  };
  toasts.show("good", card.appliedToAll(title), "", { label: card.undo, run: undo });
}

/** Gives our person the local values, and says what that leaves out. */
export function applyToMe(store: Store, shot: Shot, title: string): void {
  const { card } = TEXTS;
  const { all, mine } = settableHere(store, shot);
  store.snapshots.wish({ type: "wear", local: mine });
  const others = Object.entries(all).filter(
    ([key, value]) => !equal(store.client.value(key), value),
  );
  const words = others.length > 0 ? card.appliedPartly(others.length) : card.appliedToMe(title);
  store.toasts.show("good", words);
}

/** What the room did not hold before stays: nobody can take a value away. */
function undoTo({ client }: Store, before: Values): void {
  const known = Object.entries(before).filter(([, value]) => value !== undefined);
  if (known.length > 0) client.set(Object.fromEntries(known));
}

function shareOf(shares: readonly Share[], name: string): Share | undefined {
  return shares.find((share) => share.name === name);
}

export function isEmpty(values: Readonly<Values>): boolean {
  return Object.keys(values).length === 0;
}
