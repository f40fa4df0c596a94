import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { AttachButtons, Attachments } from "./attachments";
import { createStore } from "./store";
import { fakeRoom } from "./support";

const place = document.body.appendChild(document.createElement("div"));

afterEach(() => render(null, place));

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function drawn() {
  const store = createStore(fakeRoom().client, new AbortController().signal);
  render(
    <section class="chat">
      <Attachments store={store} />
      <AttachButtons store={store} />
    </section>,
    place,
  );
  await settled();
  const chat = place.querySelector<HTMLElement>(".chat");
  /** What a browser brings with a paste or a drag. */
  const bring = async (type: string, files: File[], texts: string[] = []): Promise<Event> => {
    const data = { types: [...(files.length > 0 ? ["Files"] : []), ...texts], files };
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: data, dataTransfer: data });
    chat?.dispatchEvent(event);
    await settled();
    return event;
  };
  const names = (): string[] => store.photos.attached.value.map(({ name }) => name);
  return { store, chat, bring, names };
}

const PAGE = new File(["<!doctype html>"], "cat.png", { type: "image/png" });

test("what is pasted and dropped is attached, and the browser does not open it", async () => {
  const { bring, names } = await drawn();
  expect((await bring("paste", [PAGE])).defaultPrevented).toBe(true);
  expect((await bring("drop", [PAGE, PAGE])).defaultPrevented).toBe(true);
  expect(names()).toEqual(["cat.png", "cat.png", "cat.png"]);
});

test("cells of a table that come with a picture of them are pasted as text", async () => {
  const { bring, names } = await drawn();
  expect((await bring("paste", [PAGE], ["text/plain"])).defaultPrevented).toBe(false);
  expect(names()).toEqual([]);
});

test("the whole chat shows that files can be dropped on it, and nothing else is taken", async () => {
  const { chat, bring } = await drawn();
  await bring("dragover", [PAGE]);
  expect([chat?.hasAttribute("data-dropping"), chat?.dataset.drop]).toEqual([
    true,
    "Drop photos here",
  ]);
  await bring("drop", [PAGE]);
  expect(chat?.hasAttribute("data-dropping")).toBe(false);
  expect((await bring("dragover", [], ["text/plain"])).defaultPrevented).toBe(false);
  expect(chat?.hasAttribute("data-dropping")).toBe(false);
});

test("what is no photo says so, and can be left out", async () => {
  const { bring, names } = await drawn();
  await bring("paste", [PAGE]);
  const fault = place.querySelector("[role=alert]");
  expect(fault?.textContent).toContain("This is a web page, whatever its name says.");
  fault?.querySelector<HTMLElement>("button")?.click();
  expect(names()).toEqual([]);
});

test("files are chosen several at once, and never as HEIC", async () => {
  await drawn();
  const [files, camera] = place.querySelectorAll<HTMLInputElement>("input[type=file]");
  expect([files?.multiple, camera?.multiple]).toEqual([true, false]);
  expect(camera?.getAttribute("capture")).toBe("environment");
  expect(files?.accept).toBe("image/jpeg,image/png,image/webp,image/gif,image/avif");
});
