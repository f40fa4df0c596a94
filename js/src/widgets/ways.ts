/** Where the relay might be reached from this notebook, best first. */

export interface Surroundings {
  /** The relay's port on the kernel's machine; 0 if it has none. */
  port: number;
  /** The relay's own address (http, https, ws or wss), or "". It counts where there is no port. */
  relay: string;
  /** The Jupyter server's base path, or null outside Jupyter. */
  base: string | null;
  location: Pick<Location, "protocol" | "host" | "hostname">;
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * The addresses to try, in order: a relay that somebody runs; through the Jupyter server; directly.
 *
 * Directly only when the page itself came from this machine: elsewhere 127.0.0.1 is the reader's own
 * computer, and browsers ask or refuse.
 */
export function waysTo({ port, relay, base, location }: Surroundings): string[] {
  if (port === 0) return relay === "" ? [] : [socketAddress(relay)];
  const ways = throughJupyter(port, base, location);
  if (LOOPBACK.test(location.hostname)) ways.push(`ws://127.0.0.1:${port}/ws`);
  return ways;
}

/**
 * The addresses that a guest's panel may try: those where its kernel has dialled already.
 *
 * Never directly to a port of the reader's own machine. The relay proves itself to hosts' tickets only, and
 * behind a tunnel the port may belong to another program there.
 */
export function guestWaysTo({ port, relay, base, location }: Surroundings): string[] {
  if (port === 0) return relay === "" ? [] : [socketAddress(relay)];
  return throughJupyter(port, base, location);
}

function throughJupyter(
  port: number,
  base: string | null,
  location: Surroundings["location"],
): string[] {
  const web = location.protocol === "http:" || location.protocol === "https:";
  if (base === null || !web) return [];
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const path = base.endsWith("/") ? base : `${base}/`;
  return [`${scheme}//${location.host}${path}proxy/${port}/ws`];
}

/** `https://relay.example/x` -> `wss://relay.example/x/ws` */
function socketAddress(relay: string): string {
  const url = new URL(relay.replace(/^http/, "ws"));
  if (!url.pathname.endsWith("/ws")) url.pathname = `${url.pathname.replace(/\/$/, "")}/ws`;
  return url.href;
}

/** The Jupyter server's base path as the page knows it: the kernel cannot (hubs, proxies). */
export function jupyterBase(document: Document): string | null {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  const told = config ? baseIn(config) : null;
  const base = told ?? document.body.dataset.baseUrl ?? null;
  return base === null ? null : new URL(base, document.baseURI).pathname;
}

function baseIn(config: string): string | null {
  try {
    const parsed: unknown = JSON.parse(config);
    if (typeof parsed !== "object" || parsed === null || !("baseUrl" in parsed)) return null;
    return typeof parsed.baseUrl === "string" ? parsed.baseUrl : null;
  } catch {
    return null; // not Jupyter's; the body may tell
  }
}
