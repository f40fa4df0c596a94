/** The guest's page: reads its address, joins the room, draws the interface. */
import { effect } from "@preact/signals";
import { Client, openPageMemory } from "../client";
import { openSocket } from "../connection/socket";
import { SUBPROTOCOLS } from "../protocol/codec";
import { App } from "../ui/app";
import { NoticePage } from "../ui/ending";
import { mount } from "../ui/mount";
import { friendlyIdentity, rememberedIdentity } from "../ui/names";
import { createStore, type Store } from "../ui/store";
import { TEXTS } from "../ui/texts";
import { type Address, readAddress } from "./address";
import { Shelf } from "./shelf";

/** The page's own ground, for the moments before and around the interface. */
const GROUND = `
body { margin: 0; background: #f5f6f8; }
@media (prefers-color-scheme: dark) { body { background: #101217; } }
`;

/** A client that has the code of an earlier visit at hand. */
class PageClient extends Client {
  readonly #shelf = new Shelf();

  override blob(sha256: string): Promise<Uint8Array> {
    return this.#shelf.get(sha256, () => super.blob(sha256));
  }
}

/** This tab's storage; null where the browser forbids it. */
function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null; // then the link works, and a reload needs the whole link again
  }
}

function showTitle(store: Store): void {
  effect(() => {
    const { unread } = store.chat.value;
    const name = `${store.title.value || TEXTS.untitled} · ${TEXTS.product}`;
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
  });
}

async function join(host: HTMLElement, address: Address, signal: AbortSignal): Promise<void> {
  const remembered = rememberedIdentity();
  const { name, color } =
    remembered ?? friendlyIdentity(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  const { room, secret, socket, link } = address;
  const client = new PageClient({
    room,
    kind: "guest",
    name,
    color,
    dial: (events, attempt) => openSocket(socket, SUBPROTOCOLS, events, attempt),
    credential: () => Promise.resolve(secret),
    memory: await openPageMemory(room, signal),
  });
  const store = createStore(client, signal);
  store.link.value = link;
  showTitle(store);
  const askName = remembered === null;
  const view = { kind: "page", store, room, askName } as const;
  mount(host, (dark) => <App {...view} dark={dark} />, signal);
  client.start(signal);
}

function run(): void {
  const host = document.getElementById("app");
  if (host === null) throw new Error("the page has a place for the interface");
  const ground = new CSSStyleSheet();
  ground.replaceSync(GROUND);
  document.adoptedStyleSheets = [ground];
  // Another link pasted into the same tab may differ in the fragment only.
  window.addEventListener("hashchange", () => location.reload());
  const { signal } = new AbortController();
  const address = readAddress(location, tabStorage());
  if (address !== null && address.secret !== "") {
    void join(host, address, signal);
    return;
  }
  const [slug, [title, text]] =
    address === null
      ? (["no-room", TEXTS.noRoom] as const)
      : (["no-secret", TEXTS.noSecret] as const);
  mount(host, () => <NoticePage title={title} text={text} way="none" slug={slug} page />, signal);
}

run();
