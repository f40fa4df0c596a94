/** What the page's address tells: the room, the secret, where the relay is. */

export interface Address {
  room: string;
  secret: string;
  socket: string;
  /** Where the room's photos are. */
  photos: string;
  /** The whole link, to be passed on. */
  link: string;
}

const ROOM = /^(.*)\/r\/([A-Za-z0-9_-]{1,64})\/?$/;

type Place = Pick<Location, "href">;
type Keep = Pick<Storage, "getItem" | "setItem">;

/** The secret in `#k=…`; "" if there is none. */
export function secretIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B")).get("k") ?? "";
}

/**
 * Reads the address; null if it names no room. The secret of this tab is kept, because a proxy that
 * asks for a login may lose the fragment on the way back.
 */
export function readAddress(place: Place, keep: Keep | null): Address | null {
  const url = new URL(place.href);
  const [, prefix, room] = ROOM.exec(url.pathname) ?? [];
  if (prefix === undefined || room === undefined) return null;
  const name = `cowidget.key.${room}`;
  const secret = secretIn(url.hash) || (keep?.getItem(name) ?? "");
  if (secret !== "") keep?.setItem(name, secret);
  const scheme = url.protocol === "https:" ? "wss:" : "ws:";
  return {
    room,
    secret,
    socket: `${scheme}//${url.host}${prefix}/ws`,
    photos: `${url.origin}${prefix}/r/${room}/photos`,
    link: `${url.origin}${prefix}/r/${room}#k=${encodeURIComponent(secret)}`,
  };
}
