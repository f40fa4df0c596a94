/** The people of a room as a client knows them (P1-P3). */
import { equal } from "../lib/equal";
import type { Moved, People, Person } from "../protocol/frames";
import type { Effect } from "./notes";

type About = Record<string, unknown>;

/** Everybody who is here, by peer. */
export class Roster {
  people: ReadonlyMap<string, Person> = new Map();

  /** Start anew with these; the difference to what we knew. */
  welcome(people: readonly Person[]): Effect {
    const known = this.people;
    this.people = new Map(people.map((person) => [person.peer, person]));
    const here = [...this.people.keys()];
    return {
      type: "people-changed",
      joined: here.filter((peer) => !known.has(peer)),
      left: [...known.keys()].filter((peer) => !this.people.has(peer)),
      moved: here.filter(
        (peer) => known.has(peer) && !equal(known.get(peer), this.people.get(peer)),
      ),
    };
  }

  /**
   * Apply one frame: left, then joined, then moved. Who moved and is not here is not told.
   * With `reset`, `joined` is everybody.
   */
  receive(people: People): Effect {
    if (people.reset) return this.welcome(people.joined);
    const next = new Map(this.people);
    for (const peer of people.left) next.delete(peer);
    for (const person of people.joined) next.set(person.peer, person);
    this.people = next;
    const moved = people.moved.filter((change) => this.move(change)).map(({ peer }) => peer);
    const joined = people.joined.map(({ peer }) => peer);
    return { type: "people-changed", joined, left: people.left, moved };
  }

  /** Apply a change to a person; whether they are here. */
  move(change: Moved): boolean {
    const person = this.people.get(change.peer);
    if (person === undefined) return false;
    const moved = {
      ...person,
      about: mergeAbout(person.about, change.about),
      name: change.name ?? person.name,
      color: change.color ?? person.color,
    };
    this.people = new Map(this.people).set(change.peer, moved);
    return true;
  }
}

/** Entry by entry; null removes (P2). */
export function mergeAbout(about: About, changes: About): About {
  const entries = Object.entries({ ...about, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}
