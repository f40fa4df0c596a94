/** What people see of the room, as signals that follow the client's notes. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ChatLine, Client, Note, Status } from "../client";
import type { Person } from "../protocol/frames";
import { type Answer, answerIn } from "./answers";
import { Moments } from "./moments";
import { cleanName, type Identity, rememberIdentity, safeColor } from "./names";
import { TEXTS } from "./texts";
import { Toasts } from "./toasts";

/** The part of the client that the interface needs. */
export type RoomClient = Pick<
  Client,
  | "self"
  | "status"
  | "people"
  | "shares"
  | "value"
  | "state"
  | "keys"
  | "chat"
  | "blob"
  | "set"
  | "emit"
  | "fail"
  | "post"
  | "present"
  | "rename"
  | "pageBack"
  | "markRead"
  | "retry"
  | "on"
  | "feeds"
>;

/** A person as they are shown: the colour is one that may be used in a style. */
export interface Shown {
  peer: string;
  name: string;
  color: string;
  role: Person["role"];
  mine: boolean;
}

export interface Conversation {
  lines: ChatLine[];
  older: boolean;
  unread: number;
}

export interface Store {
  readonly client: RoomClient;
  readonly status: ReadonlySignal<Status>;
  readonly people: ReadonlySignal<Shown[]>;
  readonly me: ReadonlySignal<Shown>;
  readonly chat: ReadonlySignal<Conversation>;
  readonly shareCount: ReadonlySignal<number>;
  readonly toasts: Toasts;
  /** The link to pass on; empty until it is known. */
  readonly link: Signal<string>;
  /** Who can open it, as the kernel says; empty where it has not told. */
  readonly reach: Signal<string>;
  /** What the host calls the room; empty until the kernel has told. */
  readonly title: Signal<string>;
  /** The message that is being written: it survives the closing of the chat. */
  readonly draft: Signal<string>;
  readonly moments: Moments;
  /** We have asked the kernel to stop the room. */
  readonly stopping: Signal<boolean>;
  rename(identity: Identity): void;
  stop(): void;
}

/** Everybody who may be looking: not kernels, and not the cards in a notebook that show a link. */
function shownPeople(client: RoomClient): Shown[] {
  const mine = client.self.peer;
  const looking = client
    .people()
    .filter(({ kind, about }) => kind !== "kernel" && about?.part !== "link");
  const people = withoutTwins(looking, mine).map(({ peer, name, color, role }) => ({
    peer,
    name,
    color: safeColor(color, peer),
    role,
    mine: peer === mine,
  }));
  return people.sort((a, b) => Number(b.mine) - Number(a.mine) || a.name.localeCompare(b.name));
}

/** A notebook whose cells show several panels is still one person: those of the same name and colour are joined. */
function withoutTwins(people: readonly Person[], mine: string): Person[] {
  const seen = new Set<string>();
  const ownFirst = [...people].sort((a, b) => Number(b.peer === mine) - Number(a.peer === mine));
  return ownFirst.filter(({ kind, name, color }) => {
    const twin = kind === "panel" && seen.has(`${color} ${name}`);
    if (kind === "panel") seen.add(`${color} ${name}`);
    return !twin;
  });
}

/** The kernel's word for the room. A client cannot claim the owner's role, so nobody else can set it. */
function toldTitle(client: RoomClient): string {
  const told = client.people().find(({ role }) => role === "owner")?.about?.title;
  return typeof told === "string" ? told.slice(0, 120) : "";
}

function shownSelf({ self }: RoomClient): Shown {
  return { ...self, color: safeColor(self.color, self.peer), mine: true };
}

/** Presence moves many times a second; the list is drawn again only when it reads differently. */
function keepIfSame<T>(held: Signal<T>, next: T): void {
  if (JSON.stringify(held.peek()) !== JSON.stringify(next)) held.value = next;
}

/** Those that have a place on the stage: links between widgets have none. */
function shownShares(client: RoomClient): number {
  return client.shares().filter(({ hidden = false }) => !hidden).length;
}

/** Follows `client` until `until` aborts. */
export function createStore(client: RoomClient, until: AbortSignal): Store {
  const status = signal(client.status());
  const people = signal(shownPeople(client));
  const me = signal(shownSelf(client));
  const chat = signal<Conversation>(client.chat());
  const shareCount = signal(shownShares(client));
  const toasts = new Toasts(until);
  const link = signal("");
  const reach = signal("");
  const stopping = signal(false);
  const title = signal(toldTitle(client));
  const follow = (): void => {
    title.value = toldTitle(client) || title.peek();
    keepIfSame(people, shownPeople(client));
    keepIfSame(me, shownSelf(client));
  };
  const hear = (answer: Answer | null): void => {
    if (answer?.type === "link") {
      link.value = answer.link;
      reach.value = answer.reach;
    } else if (answer?.type === "allowed") {
      toasts.show("good", TEXTS.allowed, `allow={"${answer.word}"}`);
    } else if (answer?.type === "failed") toasts.show("bad", answer.text);
  };
  const onNote = (note: Note): void => {
    if (note.type === "status") {
      status.value = client.status();
      follow();
    } else if (note.type === "people") follow();
    else if (note.type === "chat") chat.value = client.chat();
    else if (note.type === "shares") shareCount.value = shownShares(client);
    else if (note.type === "event") hear(answerIn(note));
    else announce(note, client, toasts);
  };
  client.on((note) => batch(() => onNote(note)), until);
  return {
    client,
    status,
    people: computed(() => people.value),
    me,
    chat,
    shareCount,
    toasts,
    link,
    reach,
    title,
    draft: signal(""),
    moments: new Moments(client),
    stopping,
    rename({ name, color }) {
      const clean = cleanName(name);
      if (clean === "") return;
      rememberIdentity({ name: clean, color });
      client.rename(clean, color);
      me.value = { ...me.value, name: clean, color };
    },
    stop() {
      stopping.value = true;
      client.emit("", { ask: "stop" });
    },
  };
}

/** Asks the kernel to let guests do what it was about from now on. */
function allow({ key, slug }: Extract<Note, { type: "notice" }>, client: RoomClient): void {
  client.emit("", { ask: "allow", key, what: slug === "messages" ? "messages" : "trait" });
}

/** What happened, as a toast. */
function announce(note: Note, client: RoomClient, toasts: Toasts): void {
  if (note.type === "refused") {
    const sentence = TEXTS.refused[note.slug];
    const text = sentence === undefined ? note.text : sentence;
    const reason = note.slug === "rejected" ? note.text : "";
    toasts.show("bad", TEXTS.refusedReason(text, reason));
  } else if (note.type === "notice") {
    const person = client.people().find(({ peer }) => peer === note.peer);
    const title = TEXTS.noticeTitle(person?.name ?? TEXTS.somebody, note.key);
    if (note.allow === "") toasts.show("plain", title);
    else
      toasts.show("plain", title, note.allow, {
        label: TEXTS.allow,
        run: () => allow(note, client),
      });
  } else if (note.type === "resumed") {
    if (note.missed || note.reset) toasts.show("plain", TEXTS.backMissed);
    else toasts.show("good", note.sent > 0 ? TEXTS.backSent(note.sent) : TEXTS.back);
  }
}
