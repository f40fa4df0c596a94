/**
 * The first part of the page: on its way into the room while the interface is still being fetched.
 *
 * All that takes the browser long and can be done without the interface is begun here, the line to the relay first.
 */
import { Client, openPageMemory } from "../client";
import { EarlySocket } from "../connection/early-socket";
import { linkOver } from "../connection/socket";
import { SUBPROTOCOLS } from "../protocol/codec";
import { friendlyIdentity, rememberedIdentity } from "../ui/names";
import { type Address, readAddress } from "./address";
import { EarlyNotes } from "./early-notes";
import { Shelf } from "./shelf";

export interface Arrival {
  /** Null if the page's address names no room. */
  address: Address | null;
  /** On its way into the room, and what it has told so far; null without a secret. */
  guest: { client: Client; notes: EarlyNotes } | null;
  /** Nobody has ever chosen a name here. */
  isNew: boolean;
}

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

/** Reads the address and, if it is a whole link, joins the room until `signal` aborts. */
async function arrive(signal: AbortSignal): Promise<Arrival> {
  // Without storage, for which a browser that has just been started lets the page wait.
  const linked = readAddress(location, null);
  const early = linked === null || linked.secret === "" ? null : socketTo(linked);
  const address = readAddress(location, tabStorage());
  const remembered = rememberedIdentity();
  const isNew = remembered === null;
  if (address === null || address.secret === "") return { address, guest: null, isNew };
  const { name, color } =
    remembered ?? friendlyIdentity(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  const { room, secret, photos } = address;
  const sockets = early ?? socketTo(address);
  const client = new PageClient({
    room,
    kind: "guest",
    name,
    color,
    dial: (events, attempt) => linkOver(sockets.take(), events, attempt),
    credential: () => Promise.resolve(secret),
    memory: await openPageMemory(room, signal),
    photos,
  });
  const notes = new EarlyNotes(client);
  client.start(signal);
  return { address, guest: { client, notes }, isNew };
}

function socketTo({ socket }: Address): EarlySocket {
  return new EarlySocket(socket, SUBPROTOCOLS);
}

/** The page's own lifetime. */
export const { signal } = new AbortController();
export const arrival: Promise<Arrival> = arrive(signal);
