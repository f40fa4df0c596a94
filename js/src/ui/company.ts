/** The people of a room, and what one does with them: follow, point, raise a hand, take part, keep order. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { browserClock } from "../connection/clock";
import type { Trust } from "../protocol/frames";
import { Attendance } from "./attendance";
import { Following } from "./following";
import { isHost, type Shown } from "./persons";
import { Pointing } from "./pointing";
import type { RoomClient } from "./store";
import { TEXTS } from "./texts";
import type { Toasts } from "./toasts";
import { keptWishes, type Wishes } from "./wishes";

interface Around {
  people: ReadonlySignal<Shown[]>;
  me: ReadonlySignal<Shown>;
  toasts: Toasts;
}

export class Company {
  readonly following: Following;
  readonly pointing: Pointing;
  readonly attendance: Attendance;
  readonly wishes: Wishes;
  /** Whether participants only look on for now. */
  readonly locked: ReadonlySignal<boolean>;
  /** Whether our person keeps order here. */
  readonly isHost: ReadonlySignal<boolean>;
  /** Viewers who ask to take part, and have not been answered. */
  readonly requests: ReadonlySignal<readonly Shown[]>;
  readonly #client: RoomClient;
  readonly #around: Around;
  /** Requests that were answered with "not now". */
  readonly #declined = signal<ReadonlySet<string>>(new Set());
  #hands: ReadonlySet<string> = new Set();
  /** Requests that are asked about in a message, with its id. */
  readonly #asked = new Map<string, number>();

  constructor(client: RoomClient, around: Around, until: AbortSignal) {
    this.#client = client;
    this.#around = around;
    const { people, me } = around;
    const present = (about: Record<string, unknown>): void => client.present(about);
    this.following = new Following(present, people, until);
    this.pointing = new Pointing(present, browserClock);
    this.attendance = new Attendance(present, browserClock, until);
    this.wishes = keptWishes(until);
    this.isHost = computed(() => isHost(me.value));
    this.requests = computed(() =>
      this.isHost.value
        ? people.value.filter(({ asks, peer }) => asks && !this.#declined.value.has(peer))
        : [],
    );
    const locked = signal(client.locked());
    this.locked = locked;
    client.on(({ type }) => {
      if (type === "room") locked.value = client.locked();
    }, until);
    const effects = [
      effect(() => this.pointing.allow(this.wishes.own.value)),
      effect(() => this.#announceHands(people.value)),
      effect(() => this.#announceRequests(this.requests.value)),
      effect(() => this.#takeBack(me.value)),
    ];
    const end = (): void => {
      for (const stop of effects) stop();
    };
    until.addEventListener("abort", end, { once: true });
  }

  // What everybody may.

  raise(up: boolean): void {
    this.#client.present({ hand: up ? Math.round(Date.now() / 1000) : null });
  }

  /** Asks the hosts to let our person take part. */
  ask(on: boolean): void {
    this.#client.present({ asks: on ? "control" : null });
  }

  // What hosts may.

  lock(on: boolean): void {
    this.#client.lock(on);
  }

  entrust({ peers }: Shown, role: Trust): void {
    for (const peer of peers) this.#client.entrust(peer, role);
  }

  remove({ peers }: Shown): void {
    for (const peer of peers) this.#client.remove(peer);
  }

  /** Leaves a request as it is, until they ask again. */
  decline({ peer }: Shown): void {
    this.#declined.value = new Set([...this.#declined.peek(), peer]);
  }

  #announceHands(people: readonly Shown[]): void {
    const raised = people.filter(({ hand, mine }) => hand > 0 && !mine);
    for (const { peer, name } of raised) {
      if (!this.#hands.has(peer) && this.isHost.peek())
        this.#around.toasts.show("plain", TEXTS.raisedHand(name));
    }
    this.#hands = new Set(raised.map(({ peer }) => peer));
  }

  #announceRequests(asking: readonly Shown[]): void {
    const { toasts, people } = this.#around;
    for (const [peer, id] of this.#asked) {
      if (asking.some((person) => person.peer === peer)) continue;
      toasts.dismiss(id);
      this.#asked.delete(peer);
    }
    for (const person of asking) if (!this.#asked.has(person.peer)) this.#askAbout(person);
    const open = new Set(people.peek().flatMap(({ asks, peer }) => (asks ? peer : [])));
    const declined = [...this.#declined.peek()].filter((peer) => open.has(peer));
    if (declined.length < this.#declined.peek().size) this.#declined.value = new Set(declined);
  }

  #askAbout(person: Shown): void {
    const id = this.#around.toasts.show("plain", TEXTS.asksToTakePart(person.name), "", {
      label: TEXTS.allow,
      run: () => this.entrust(person, "participant"),
      decline: { label: TEXTS.notNow, run: () => this.decline(person) },
    });
    this.#asked.set(person.peer, id);
  }

  /** Who takes part asks no more. */
  #takeBack({ role, peers }: Shown): void {
    const told = this.#client.people().find(({ peer }) => peers.includes(peer))?.about.asks;
    if (role !== "viewer" && told !== undefined) this.ask(false);
  }
}
