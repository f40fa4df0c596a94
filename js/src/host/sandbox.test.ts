import { beforeEach, expect, test, vi } from "vitest";
import { type FromSandbox, GREETING, type ShareSpec, type ToSandbox } from "./messages";
import { modelSpec, shareSpec } from "./support";

let port: MessagePort;
let heard: FromSandbox[];

/** The page's end of a sandbox that has just started in this document. */
beforeEach(async () => {
  document.head.replaceChildren();
  document.body.innerHTML = `<main id="stage"></main>`;
  const posting = vi.spyOn(window.parent, "postMessage").mockImplementation(() => undefined);
  Reflect.set(globalThis, "RTCPeerConnection", class {});
  vi.resetModules();
  await import("./sandbox");
  const [greeting, , [given]] = posting.mock.lastCall as unknown as [string, string, [MessagePort]];
  expect(greeting).toBe(GREETING);
  port = given;
  heard = [];
  port.onmessage = ({ data }) => heard.push(data);
});

function post(message: ToSandbox): void {
  port.postMessage(message);
}

function broken(name: string, over: Partial<ShareSpec> = {}): ToSandbox {
  const model = modelSpec(name, "", { problem: "It is gone." });
  return { type: "share", turn: 0, share: shareSpec(name, [model], {}, over) };
}

function places(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>(".cw-share")].map(
    ({ dataset }) => dataset.share,
  );
}

test("there is nothing to call others with", () => {
  expect("RTCPeerConnection" in globalThis).toBe(false);
});

test("a failure is drawn in the share's place and told", async () => {
  post(broken("a"));
  await vi.waitFor(() => expect(heard.map(({ type }) => type)).toContain("failure"));
  expect(document.querySelector("[data-share=a] [role=alert]")?.textContent).toContain(
    "It is gone.",
  );
});

test("what is hidden has no place, from the beginning or later", async () => {
  post(broken("a"));
  post(broken("b", { hidden: true }));
  post(broken("c"));
  await vi.waitFor(() => expect(places()).toEqual(["a", "c"]));
  post(broken("a", { hidden: true }));
  await vi.waitFor(() => expect(places()).toEqual(["c"]));
  post(broken("a"));
  await vi.waitFor(() =>
    expect(document.querySelector("[data-share=a] [role=alert]")).not.toBeNull(),
  );
});

test("a share that is gone takes its place along", async () => {
  post(broken("a"));
  await vi.waitFor(() => expect(places()).toEqual(["a"]));
  post({ type: "gone", share: "a" });
  await vi.waitFor(() => expect(places()).toEqual([]));
});

test("the theme comes over the port", async () => {
  post({ type: "theme", theme: { dark: true, tokens: { "--jp-brand-color1": "red" } } });
  await vi.waitFor(() => expect(document.documentElement.style.colorScheme).toBe("dark"));
});

test("a chart that somebody wants to see tells where it is", async () => {
  post(broken("a"));
  post({ type: "focus", share: "none", range: { start: 1, end: 2 } });
  post({ type: "focus", share: "a", range: { start: 1, end: 2 } });
  await vi.waitFor(() =>
    expect(heard.filter(({ type }) => type === "reveal")).toEqual([
      { type: "reveal", top: 0, height: 0 },
    ]),
  );
});
