/** People as the interface shows them: each once, with a name that no other has, and what they tell of themselves. */
import { safeColor } from "../lib/colors";
import type { Kind, Person, Role } from "../protocol/frames";
import { collator } from "./formats";

/** A person as they are shown: the colour is one that may be used in a style. */
export interface Shown {
  peer: string;
  /** With a number behind it when somebody else here has the same. */
  name: string;
  color: string;
  role: Role;
  kind: Kind;
  /** They sit at the notebook that shares the room: hosts do not change them, and as hosts they make others (P10). */
  ofOwner: boolean;
  mine: boolean;
  /** They have done nothing for a while, or look at another page (P7). */
  idle: boolean;
  /** When they raised a hand, in Unix seconds; 0 if they have not (P9). */
  hand: number;
  /** They only look on, and ask to take part (P9). */
  asks: boolean;
  /** The peer that they follow, or empty (P8). */
  following: string;
  /** Nobody may follow them (P8). */
  alone: boolean;
  /** They are a host who asks everybody to look with them (P8). */
  spotlight: boolean;
  /** All peers that are this one person, kernels of theirs included. */
  peers: readonly string[];
}

/** Everybody who may be looking: not kernels, and not the cards in a notebook that show a link. */
export function personsOf(people: readonly Person[], mine: string): Shown[] {
  const looking = people.filter(({ kind, about }) => kind !== "kernel" && about.part !== "link");
  const ownFirst = [...looking].sort((a, b) => order(a, mine) - order(b, mine));
  const groups = new Map<string, Person[]>();
  for (const person of ownFirst) {
    const { peer, kind, color, name } = person;
    // A notebook whose cells show several panels is still one person: those of the same name and colour are joined.
    const key = kind === "panel" ? `${color} ${name}` : `peer ${peer}`;
    groups.set(key, [...(groups.get(key) ?? []), person]);
  }
  const kernels = people.filter(({ kind }) => kind === "kernel");
  return named([...groups.values()].map((group) => joined(group, kernels, mine))).sort(inOrder);
}

export function isHost({ role }: Pick<Shown, "role">): boolean {
  return role === "host" || role === "owner";
}

/**
 * Whether this is the panel of a kernel that owns the room, which came with a ticket (A7). The relay tells nobody who
 * did; but the panels of other kernels, which are guests here, name their kernel.
 */
function isOwners({ kind, about }: Person): boolean {
  return kind === "panel" && textIn(about.of) === "";
}

/** Anybody may say whose panel they are: it holds of a notebook that has joined, and has the same name. */
function isOf(panel: Person, kernel: Person): boolean {
  return panel.about.of === kernel.peer && "notebook" in kernel.about && panel.name === kernel.name;
}

function order({ peer }: Person, mine: string): number {
  return peer === mine ? 0 : 1;
}

/** Ourselves, then raised hands in their order, then the others by name. */
function inOrder(a: Shown, b: Shown): number {
  if (a.mine !== b.mine) return a.mine ? -1 : 1;
  const [handA, handB] = [a, b].map(({ hand }) => hand || Number.POSITIVE_INFINITY);
  if (handA !== handB) return (handA ?? 0) - (handB ?? 0);
  return collator().compare(a.name, b.name);
}

/** Several panels of one person, the first of them speaking for all. */
function joined(group: readonly Person[], kernels: readonly Person[], mine: string): Shown {
  const [first] = group;
  if (first === undefined) throw new Error("a group has somebody");
  const { peer, name, color, role, kind } = first;
  const told = <T>(read: (about: Person["about"]) => T, none: T): T =>
    group.map(({ about }) => read(about)).find((value) => value !== none) ?? none;
  const own = kernels.filter((kernel) => group.some((panel) => isOf(panel, kernel)));
  return {
    peer,
    name,
    color: safeColor(color, peer),
    role,
    kind,
    // Of ourselves, it is this panel that asks.
    ofOwner: peer === mine ? isOwners(first) : group.some(isOwners),
    mine: group.some((person) => person.peer === mine),
    idle: group.every(({ about }) => about.idle === true),
    hand: told((about) => timeIn(about.hand), 0),
    asks: role === "viewer" && told((about) => about.asks === "control", false),
    following: told((about) => textIn(about.following), ""),
    alone: told((about) => about.alone === true, false),
    spotlight: isHost(first) && told((about) => about.spotlight === true, false),
    peers: [...group, ...own].map((person) => person.peer),
  };
}

/** Numbers those who share a name, in an order that is the same for everybody. */
function named(people: readonly Shown[]): Shown[] {
  const seen = new Map<string, number>();
  const inPeerOrder = [...people].sort((a, b) => (a.peer < b.peer ? -1 : 1));
  const names = new Map<string, string>();
  for (const { peer, name } of inPeerOrder) {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    names.set(peer, count === 1 ? name : `${name} (${count})`);
  }
  return people.map((person) => ({ ...person, name: names.get(person.peer) ?? person.name }));
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function timeIn(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
