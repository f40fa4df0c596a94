import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unpack } from "../lib/msgpack";
import panel from "./panel";
import { type FakeModel, fakeModel } from "./support";

let el: HTMLElement;
let ends: () => void;

beforeEach(() => {
  localStorage.setItem("cowidget.me", JSON.stringify({ name: "Cy", color: "#087f6f" }));
  el = document.createElement("div");
  document.body.replaceChildren(el);
});

afterEach(() => {
  ends();
  localStorage.clear();
  vi.useRealTimers();
});

/** A guest's kernel that gives its session, unless it is busy; and carries messages through the comm. */
function show(traits: Record<string, unknown> = {}, busy = () => false): FakeModel {
  const all = { room: "lab", part: "joined", port: 0, relay: "", failure: "", share: "" };
  const model = fakeModel({ ...all, person: "Ana", color: "", ...traits }, ({ ask, op, id }) => {
    if (ask === "session" && !busy()) return { session: { peer: "p7", proof: "mac.guests" } };
    return op === "open" ? { way: "comm", op: "opened", id } : undefined;
  });
  ends = panel.render({ model, el });
  return model;
}

function shadow(): ShadowRoot {
  const root = el.firstElementChild?.shadowRoot;
  if (!root) throw new Error("the panel has no shadow root");
  return root;
}

/** The first frame that went through the comm. */
async function hello(model: FakeModel): Promise<Record<string, unknown>> {
  return vi.waitFor(() => {
    const sent = model.sent.find(({ content }) => content.op === "message");
    if (sent === undefined) throw new Error("nothing was sent yet");
    const [frame] = unpack(sent.buffers[0] as Uint8Array) as Record<string, unknown>[];
    if (frame === undefined) throw new Error("a message has a frame");
    return frame;
  });
}

test("the panel greets with its kernel's session, as another instance and under the joined name", async () => {
  const greeting = await hello(show());
  expect(greeting).toMatchObject({ peer: "p7", proof: "mac.guests", name: "Ana", kind: "panel" });
  expect(greeting.secret ?? "").toBe("");
  expect(greeting.instance).not.toBe("");
});

test("a kernel that was busy is asked again", async () => {
  vi.useFakeTimers();
  let busy = true;
  const model = show({}, () => busy);
  await vi.advanceTimersByTimeAsync(6000);
  busy = false;
  await vi.advanceTimersByTimeAsync(6000);
  const asked = model.sent.filter(({ content }) => content.ask === "session");
  expect(asked.length).toBe(3);
  expect(model.sent.some(({ content }) => content.op === "open")).toBe(true);
});

test("a guest has people and chat, and neither the link nor an end for the room", () => {
  show();
  const labels = [...shadow().querySelectorAll("button")].map((button) =>
    button.getAttribute("aria-label"),
  );
  expect(labels).toContain("Open chat");
  expect(shadow().querySelector(".share-bar")).toBeNull();
});

test("one widget is shown without a bar for its room", async () => {
  show({ part: "widget", share: "slider" });
  await vi.waitFor(() => expect(shadow().querySelector("iframe")).not.toBeNull());
  expect(shadow().querySelector(".people-strip")).toBeNull();
});

test("a kernel that has left takes the panel with it", () => {
  const model = show();
  model.set("failure", "This notebook has left the room.");
  expect(shadow().textContent).toContain("This notebook has left the room.");
  expect(shadow().querySelector("iframe")).toBeNull();
});

/** A relay that does not take pages of this origin. */
class RefusingSocket {
  binaryType = "";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor() {
    queueMicrotask(() => this.onopen?.());
  }

  send(): void {
    queueMicrotask(() => this.onclose?.({ code: 4515, reason: "origin" }));
  }

  close(): void {}
}

test("a relay that refuses the notebook's pages is reached through the kernel", async () => {
  vi.stubGlobal("WebSocket", RefusingSocket);
  const greeting = await hello(show({ relay: "https://relay.example" }));
  vi.unstubAllGlobals();
  expect(greeting).toMatchObject({ peer: "p7" });
});
