/** The guest's page: speaks the person's language and draws the room that `arrival.ts` has gone to. */
import catalogues from "virtual:catalogues";
import { effect } from "@preact/signals";
import { PSEUDO, pseudo } from "../lib/pseudo";
import { App } from "../ui/app";
import { ENGLISH } from "../ui/catalogues/en";
import { FRAMED } from "../ui/catalogues/en-framed";
import { openDoor } from "../ui/chat-door";
import * as chatPart from "../ui/chat-part";
import { NoticePage } from "../ui/ending";
import { keptInTab } from "../ui/kept";
import { LANGUAGES, Tongue, wantedLanguage } from "../ui/languages";
import { mount } from "../ui/mount";
import { createStore, type Store } from "../ui/store";
import { language, TEXTS } from "../ui/texts";
import type { Address } from "./address";
import { answered } from "./answered";
import { type Arrival, arrival, signal } from "./arrival";

const PRODUCT = "cowidget";

/** The page's own ground, for the moments before and around the interface. */
const GROUND = `
body { margin: 0; background: #f5f6f8; }
@media (prefers-color-scheme: dark) { body { background: #101217; } }
`;

/** Milliseconds that the page waits for the words of a language. Then it is drawn in English, until they come. */
const WORDS_MS = 2000;

function showTitle(store: Store): void {
  effect(() => {
    const { unread, calls } = store.chat.value;
    const name = TEXTS.pageTitle(store.title.value || TEXTS.untitled, PRODUCT);
    if (unread === 0) document.title = name;
    else document.title = (calls > 0 ? TEXTS.titleCalls : TEXTS.titleUnread)(unread, name);
  });
}

interface Drawn {
  guest: NonNullable<Arrival["guest"]>;
  tongue: Tongue;
  isNew: boolean;
}

/** In the address, `?lang=de` counts more than what was chosen before. */
function languageInAddress(): string {
  return new URLSearchParams(location.search).get("lang") ?? "";
}

/** Somebody has chosen: the address has nothing more to say. */
function forgetAddressed(): void {
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  history.replaceState(history.state, "", url);
}

async function load(wanted: string): Promise<unknown> {
  if (wanted === PSEUDO) return pseudo({ ...ENGLISH, framed: FRAMED });
  const address = catalogues[wanted];
  if (address === undefined) throw new Error(`there are no words in ${wanted}`);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the words in ${wanted} have not come: ${answer.status}`);
  return answer.json();
}

/** Speaks what the person wants as soon as it can, and says which language the page is in. */
async function learn(tongue: Tongue, signal: AbortSignal): Promise<void> {
  effect(() => {
    document.documentElement.lang = language();
  });
  tongue.follow(signal);
  const addressed = languageInAddress();
  const known = addressed === PSEUDO || addressed in LANGUAGES;
  const wanted = known ? addressed : wantedLanguage([addressed, ...navigator.languages]);
  const late = new Promise((resolve) => setTimeout(resolve, WORDS_MS));
  await Promise.race([tongue.speak(wanted), late]);
}

/** Draws the room as far as it is known by now. */
function draw(host: HTMLElement, { room, link }: Address, { guest, tongue, isNew }: Drawn): void {
  const draft = keptInTab(`cowidget:draft:${room}`);
  const store = createStore(guest.client, signal, draft, tongue, guest.notes.take());
  store.link.value = link;
  showTitle(store);
  const door = openDoor(chatPart);
  const view = { kind: "page", store, door, room, askName: isNew } as const;
  mount(host, (dark) => <App {...view} dark={dark} />, signal, door);
}

async function run(): Promise<void> {
  const host = document.getElementById("app");
  if (host === null) throw new Error("the page has a place for the interface");
  const ground = new CSSStyleSheet();
  ground.replaceSync(GROUND);
  document.adoptedStyleSheets = [ground];
  // Another link pasted into the same tab may differ in the fragment only.
  window.addEventListener("hashchange", () => location.reload());
  const tongue = new Tongue(load, forgetAddressed);
  const learned = learn(tongue, signal);
  const { address, guest, isNew } = await arrival;
  await learned;
  if (address !== null && guest !== null) {
    await answered(guest.client);
    return draw(host, address, { guest, tongue, isNew });
  }
  const [slug, [title, text]] =
    address === null
      ? (["no-room", TEXTS.noRoom] as const)
      : (["no-secret", TEXTS.noSecret] as const);
  mount(host, () => <NoticePage title={title} text={text} way="none" slug={slug} page />, signal);
}

void run();
