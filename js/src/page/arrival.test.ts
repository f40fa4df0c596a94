import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Arrival } from "./arrival";

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  readonly url: string;
  readyState = 0;
  binaryType = "blob";
  protocol = "cowidget.1.msgpack";
  bufferedAmount = 0;

  constructor(url: string) {
    super();
    this.url = url;
    happened.push("dialled");
    sockets.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  send(): void {
    happened.push("said hello");
  }

  close(): void {
    this.readyState = 3;
  }
}

let happened: string[];
let sockets: FakeSocket[];

beforeEach(() => {
  happened = [];
  sockets = [];
  vi.resetModules();
  vi.stubGlobal("WebSocket", FakeSocket);
  localStorage.clear();
  sessionStorage.clear();
  const { getItem } = Storage.prototype;
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(function (this: Storage, name) {
    happened.push("looked into storage");
    return getItem.call(this, name);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** What the page's first part does at this address. */
async function arrive(address: string): Promise<Arrival> {
  history.replaceState(null, "", address);
  const { arrival } = await import("./arrival");
  return arrival;
}

test("a whole link is dialled before storage is looked into, which may take long", async () => {
  await arrive("/p/r/lab#k=secret");
  expect(happened[0]).toBe("dialled");
  expect(happened).toContain("looked into storage");
  expect(sockets[0]?.url).toMatch(/^ws:.*\/p\/ws$/);
});

test("the relay is greeted over this line, and needs no other one", async () => {
  const { guest } = await arrive("/r/lab#k=secret");
  sockets[0]?.open();
  await vi.waitFor(() => expect(happened).toContain("said hello"));
  expect(guest?.client.status().phase).toBe("connecting");
  expect(sockets.length).toBe(1);
});

test("a line that is open before we know who we are is greeted as soon as we do", async () => {
  const arriving = arrive("/r/lab#k=secret");
  await vi.waitFor(() => expect(sockets.length).toBe(1));
  sockets[0]?.open();
  await arriving;
  await vi.waitFor(() => expect(happened).toContain("said hello"));
});

test("a tab that lost the fragment of its link has the secret of before", async () => {
  sessionStorage.setItem("cowidget.key.lab", "secret");
  const { guest } = await arrive("/r/lab");
  await vi.waitFor(() => expect(sockets.length).toBe(1));
  expect(guest).not.toBeNull();
});

test("nobody is dialled without a secret", async () => {
  const { address, guest } = await arrive("/r/lab");
  expect([address?.room, guest, sockets.length]).toEqual(["lab", null, 0]);
});

test("an address of no room is none", async () => {
  const { address, guest } = await arrive("/elsewhere#k=secret");
  expect([address, guest, sockets.length]).toEqual([null, null, 0]);
});

test("whoever has chosen a name is not asked again", async () => {
  localStorage.setItem("cowidget.me", JSON.stringify({ name: "Ann", color: "#2563eb" }));
  const { guest, isNew } = await arrive("/r/lab#k=secret");
  expect([guest?.client.self.name, isNew]).toEqual(["Ann", false]);
});

test("a newcomer has a name by chance, and is asked", async () => {
  const { guest, isNew } = await arrive("/r/lab#k=secret");
  expect(guest?.client.self.name).toMatch(/^\w+ \w+$/);
  expect(isNew).toBe(true);
});
