/** What people see of the room, as signals that follow the client's notes. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ChatLine, Client, Note, Status } from "../client";
import { type Answer, answerIn } from "./answers";
import { Company } from "./company";
import { type Kept, keptHere } from "./kept";
import { ENGLISH_ONLY, type Tongue } from "./languages";
import { patternOf } from "./mentions";
import { Moments } from "./moments";
import { cleanName, type Identity, rememberIdentity, safeColor } from "./names";
import { personsOf, type Shown } from "./persons";
import { PhotoDrafts } from "./photo-drafts";
import { Snapshots } from "./snapshots";
import { conversationOf, Talk } from "./talk";
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
  | "retry"
  | "on"
  | "feeds"
  | "lock"
  | "remove"
  | "entrust"
  | "locked"
> & { readonly speech: RoomSpeech; readonly photos: RoomPhotos };

/** What it does with photos. */
export type RoomPhotos = Pick<Client["photos"], "upload" | "url" | "borrow">;

/** What the interface does with the chat. */
export type RoomSpeech = Pick<
  Client["speech"],
  | "post"
  | "edit"
  | "erase"
  | "react"
  | "retry"
  | "discard"
  | "pageBack"
  | "quoted"
  | "quote"
  | "search"
  | "markRead"
  | "nameOf"
  | "hasFailed"
>;

export type { Shown } from "./persons";

export interface Conversation {
  lines: ChatLine[];
  older: boolean;
  unread: number;
  /** How many of them call us by our name. */
  calls: number;
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
  readonly talk: Talk;
  /** Finds the names of who is here after an `@`. */
  readonly callable: ReadonlySignal<RegExp | null>;
  readonly moments: Moments;
  readonly snapshots: Snapshots;
  readonly photos: PhotoDrafts;
  readonly company: Company;
  readonly tongue: Tongue;
  /** We have asked the kernel to stop the room. */
  readonly stopping: Signal<boolean>;
  rename(identity: Identity): void;
  stop(): void;
}

/** The kernel's word for the room. A client cannot claim the owner's role, so nobody else can set it. */
function toldTitle(client: RoomClient): string {
  const told = client.people().find(({ role }) => role === "owner")?.about?.title;
  return typeof told === "string" ? told.slice(0, 120) : "";
}

/** Ourselves, by the name that we gave, whoever else has it. */
function shownSelf({ self }: RoomClient, persons: readonly Shown[]): Shown {
  const known = persons.find(({ mine }) => mine);
  const bare = { kind: "guest", idle: false, hand: 0, asks: false, following: "" } as const;
  const alone = { ofOwner: false, alone: false, spotlight: false, peers: [self.peer] };
  return {
    ...bare,
    ...alone,
    ...known,
    ...self,
    color: safeColor(self.color, self.peer),
    mine: true,
  };
}

/** Presence moves many times a second; the list is drawn again only when it reads differently. */
function keepIfSame<T>(held: Signal<T>, next: T): void {
  if (JSON.stringify(held.peek()) !== JSON.stringify(next)) held.value = next;
}

/** Those that have a place on the stage: links between widgets have none. */
function shownShares(client: RoomClient): number {
  return client.shares().filter(({ hidden = false }) => !hidden).length;
}

/** Messages whose photos are still on their way come last. */
function withLines(chat: Conversation, more: readonly ChatLine[]): Conversation {
  return more.length === 0 ? chat : { ...chat, lines: [...chat.lines, ...more] };
}

/**
 * Follows `client` until `until` aborts; `draft` keeps what is being written, `missed` is what the client has told
 * before.
 */
export function createStore(
  client: RoomClient,
  until: AbortSignal,
  draft: Kept = keptHere(),
  tongue: Tongue = ENGLISH_ONLY,
  missed: readonly Note[] = [],
): Store {
  const status = signal(client.status());
  const people = signal(personsOf(client.people(), client.self.peer));
  const me = signal(shownSelf(client, people.peek()));
  const chat = signal(conversationOf(client));
  const names = computed(() => people.value.map(({ name }) => name).join("\n"));
  const shareCount = signal(shownShares(client));
  const toasts = new Toasts(until);
  const talk = new Talk(client, toasts, draft, until);
  const link = signal("");
  const reach = signal("");
  const stopping = signal(false);
  const photos = new PhotoDrafts(client, until);
  const title = signal(toldTitle(client));
  const follow = (): void => {
    title.value = toldTitle(client) || title.peek();
    const persons = personsOf(client.people(), client.self.peer);
    keepIfSame(people, persons);
    keepIfSame(me, shownSelf(client, persons));
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
    } else if (note.type === "people") {
      follow();
      talk.receive(note);
    } else if (note.type === "chat") {
      chat.value = conversationOf(client);
      talk.hear(chat.peek(), until);
    } else if (note.type === "shares") shareCount.value = shownShares(client);
    else if (note.type === "event") hear(answerIn(note));
    else announce(note, client, toasts);
  };
  client.on((note) => batch(() => onNote(note)), until);
  batch(() => missed.forEach(onNote));
  return {
    client,
    status,
    people: computed(() => people.value),
    me,
    chat: computed(() => withLines(chat.value, photos.lines.value)),
    shareCount,
    toasts,
    link,
    reach,
    title,
    talk,
    callable: computed(() => patternOf(names.value.split("\n"))),
    moments: new Moments(client),
    snapshots: new Snapshots(),
    photos,
    company: new Company(client, { people, me, toasts }, until),
    tongue,
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
    if (client.speech.hasFailed(note.id)) return; // the message itself shows why
    const sentence = TEXTS.refused[note.slug];
    const text = sentence === undefined ? note.text : sentence;
    const reason = note.slug === "rejected" ? note.text : "";
    const words = reason === "" ? text : TEXTS.sentences(text, reason);
    // Reasons often name the value, which is another at each step of a drag.
    const about = note.slug === "rejected" ? `rejected ${note.keys.join()}` : words;
    toasts.show("bad", words, "", null, about);
  } else if (note.type === "notice") {
    const person = client.people().find(({ peer }) => peer === note.peer);
    const name = person?.name ?? TEXTS.somebody;
    const title = note.key === "" ? TEXTS.notAllowed(name) : TEXTS.notAllowedKey(name, note.key);
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
