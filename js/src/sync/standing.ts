/** Who we are to the room: what we say about ourselves, and what its welcome has made of us. */
import {
  type Hello,
  type Invitation,
  type Position,
  type Presence,
  type Push,
  type Role,
  type Room,
  VERSION,
  type Welcome,
} from "../protocol/frames";
import { fitted, type Identity, type Stored } from "./identity";
import type { Effect } from "./notes";
import { packPortable } from "./portable";
import { mergeAbout } from "./roster";

/** More would end the session (P2). */
const MAX_ABOUT_ENTRIES = 16;
const MAX_ABOUT_BYTES = 2 << 10;

/** What of ourselves may change. */
export type Said = Omit<Presence, "type">;

export class Standing {
  identity: Identity;
  peer = "";
  proof = "";
  role: Role | null = null;
  invitations: readonly Invitation[] = [];
  /** Participants only look on (P10). */
  locked = false;
  #about: Record<string, unknown> = {};
  /** Who we were to the hello. */
  #greetedAs: Identity;

  constructor(identity: Identity) {
    this.identity = fitted(identity);
    this.#greetedAs = this.identity;
  }

  /** Go on as the peer of another life. */
  restore({ instance, peer, proof }: Stored): void {
    this.identity = { ...this.identity, instance };
    this.peer = peer;
    this.proof = proof;
  }

  /** Our first word, with what we have of the state and of the log. `secret` may be empty once we have a proof (S6). */
  hello(secret: string, state: Position | null, log: Position | null): Hello {
    this.#greetedAs = this.identity;
    const { room, instance, name, color, kind } = this.identity;
    const { peer, proof } = this;
    const known = { peer, proof, state, log };
    return { type: "hello", version: VERSION, room, instance, name, color, kind, secret, ...known };
  }

  /** The room has let us in. Whether as the peer that we were. */
  welcome({ peer, proof, role, invitations }: Welcome): boolean {
    const same = peer === this.peer;
    Object.assign(this, { peer, proof, role, invitations });
    return same;
  }

  /** What a welcome or a frame of its own tells of the whole room (P10). */
  receiveRoom({ locked }: Pick<Room, "locked">): Effect[] {
    if (locked === this.locked) return [];
    this.locked = locked;
    return [{ type: "room-changed", locked }];
  }

  /** The room has these pushes of ours: what we granted and revoked holds. */
  acknowledge(pushes: readonly Push[]): void {
    for (const push of pushes) {
      if (push.type !== "grant" && push.type !== "revoke") continue;
      const name = push.type === "grant" ? push.invitation.name : push.invitation;
      const others = this.invitations.filter((known) => known.name !== name);
      this.invitations = push.type === "grant" ? [...others, push.invitation] : others;
    }
  }

  /**
   * Entries of `about` are merged, null removes one. What to tell the room.
   * Throws when one cannot travel (M4), or it is too much (P2); then nothing has changed.
   */
  present({ about = {}, name = null, color = null }: Said): Required<Presence> {
    packPortable(about);
    const merged = mergeAbout(this.#about, about);
    const many = Object.keys(merged).length > MAX_ABOUT_ENTRIES;
    if (many || packPortable(merged).length > MAX_ABOUT_BYTES) {
      throw new RangeError("a person tells 2 KiB about themselves at most (P2)");
    }
    this.#about = merged;
    const mine = this.identity;
    this.identity = fitted({ ...mine, name: name ?? mine.name, color: color ?? mine.color });
    const said = { about, name: name && this.identity.name, color: color && this.identity.color };
    return { type: "presence", ...said };
  }

  /** What a room that we join has to be told about us beside the hello, new names included; null if nothing. */
  get presence(): Required<Presence> | null {
    const { name, color } = this.identity;
    const changed = {
      name: name === this.#greetedAs.name ? null : name,
      color: color === this.#greetedAs.color ? null : color,
    };
    const silent = changed.name === null && changed.color === null;
    if (silent && Object.keys(this.#about).length === 0) return null;
    return { type: "presence", about: this.#about, ...changed };
  }
}
