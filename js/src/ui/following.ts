/** Whom our person follows, and who follows them (P8). */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { isHost, type Shown } from "./persons";

type Present = (about: Record<string, unknown>) => void;

/** Why it ended: our person's own doing, or what the other has done. */
export type Ended = "own" | "left" | "alone";

export class Following {
  readonly #present: Present;
  readonly #persons: ReadonlySignal<readonly Shown[]>;
  readonly #wanted = signal("");
  readonly #ended = signal<Ended | null>(null);
  /** Hosts in the spotlight whom our person does not look along with. */
  readonly #passed = new Set<string>();
  /** We look along with a spotlight, which our person has not chosen. */
  #taken = false;
  #known: ReadonlySet<string> = new Set();

  /** Whom we follow; null for nobody. */
  readonly target: ReadonlySignal<Shown | null>;
  readonly followers: ReadonlySignal<readonly Shown[]>;

  constructor(present: Present, persons: ReadonlySignal<readonly Shown[]>, until: AbortSignal) {
    this.#present = present;
    this.#persons = persons;
    this.target = computed(() => find(persons.value, this.#wanted.value));
    this.followers = computed(() => followersOf(persons.value));
    until.addEventListener(
      "abort",
      effect(() => this.#receive(persons.value)),
      { once: true },
    );
  }

  /** Why the last one is not followed any more; null while nobody has been followed, or somebody is. */
  get ended(): ReadonlySignal<Ended | null> {
    return this.#ended;
  }

  follow(peer: string): void {
    const target = find(this.#persons.peek(), peer);
    if (target === null || target.mine || target.alone) return;
    this.#passed.delete(target.peer);
    this.#taken = false;
    this.#want(target.peer);
  }

  /** Our person does something of their own, or has had enough. */
  stop(): void {
    if (this.#wanted.peek() !== "") this.#stop("own");
  }

  /** Whether nobody may follow us. */
  be(alone: boolean): void {
    this.#present({ alone: alone ? true : null });
  }

  /** Asks everybody to look with us. */
  shine(on: boolean): void {
    if (on) this.stop();
    this.#present({ spotlight: on ? true : null, ...(on ? { alone: null } : {}) });
  }

  #receive(persons: readonly Shown[]): void {
    for (const { peer, spotlight } of persons) if (!spotlight) this.#passed.delete(peer);
    const wanted = this.#wanted.peek();
    const target = find(persons, wanted);
    if (wanted !== "" && target === null) this.#stop("left");
    else if (target?.alone) this.#stop("alone");
    else if (this.#taken && target?.spotlight === false) this.#stop("own");
    else if (target !== null && this.#isCircle(persons, target)) this.#stop("own");
    this.#known = new Set(followersOf(persons).map(({ peer }) => peer));
    this.#lookAlong(persons);
  }

  /** Two who follow each other would chase each other: who was followed last lets go. */
  #isCircle(persons: readonly Shown[], target: Shown): boolean {
    let next: Shown | null = target;
    for (let steps = 0; next !== null && steps < persons.length; steps += 1) {
      const after: Shown | null = find(persons, next.following);
      if (after?.mine) return !this.#known.has(next.peer);
      next = after;
    }
    return false;
  }

  #lookAlong(persons: readonly Shown[]): void {
    const me = persons.find(({ mine }) => mine);
    if (this.#wanted.peek() !== "" || me === undefined || me.spotlight) return;
    const host = persons.find(
      (person) =>
        person.spotlight && !person.mine && isHost(person) && !this.#passed.has(person.peer),
    );
    if (host === undefined || host.alone) return;
    this.#taken = true;
    this.#want(host.peer);
  }

  #stop(ended: Ended): void {
    const target = find(this.#persons.peek(), this.#wanted.peek());
    if (target?.spotlight) this.#passed.add(target.peer);
    this.#want("");
    this.#ended.value = ended;
  }

  #want(peer: string): void {
    if (this.#wanted.peek() === peer) return;
    this.#wanted.value = peer;
    this.#ended.value = null;
    this.#present({ following: peer === "" ? null : peer });
  }
}

function find(persons: readonly Shown[], peer: string): Shown | null {
  if (peer === "") return null;
  return persons.find(({ peers }) => peers.includes(peer)) ?? null;
}

function followersOf(persons: readonly Shown[]): readonly Shown[] {
  const me = persons.find(({ mine }) => mine);
  if (me === undefined || me.alone) return [];
  return persons.filter(({ mine, following }) => !mine && me.peers.includes(following));
}
