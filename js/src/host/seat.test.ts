import { expect, test, vi } from "vitest";
import type { ModelFace } from "./model";
import { type Module, message, modelSpec, sandboxOf, shareSpec, shown } from "./support";

type Props = { model: ModelFace; el: HTMLElement };

const spec = modelSpec("a", "code", { events: ["pulse"] });

function share(values: Record<string, unknown>) {
  const keys = Object.entries(values).map(([trait, value]) => [`a/${trait}`, value]);
  return shareSpec("a", [spec], Object.fromEntries(keys));
}

/** Writes what it is drawn with, and what it hears from then on. */
function diary({ slow }: { slow?: Promise<unknown> } = {}): { code: Module; cleaned: () => void } {
  const cleaned = vi.fn();
  const code = {
    default: {
      async render({ model, el }: Props) {
        el.append(`drawn:${model.get("base")}`);
        model.on("change:pulse", () => el.append(` pulse:${model.get("pulse")}`));
        model.on("msg:custom", (content) => el.append(` said:${content}`));
        await slow;
        return cleaned;
      },
    },
  };
  return { code, cleaned };
}

function pulse(content: unknown, count: number) {
  return message(content, { trait: "pulse", count });
}

test("[E4] each assignment of an event's trait is seen, in order, an equal one too", async () => {
  const { registry } = sandboxOf({ code: diary().code });
  const { el } = await shown(registry, share({ base: "x" }));
  for (const [content, count] of [
    [1, 1],
    [1, 2],
    [2, 3],
  ] as const)
    registry.receiveMessage("a", pulse(content, count));
  expect(el.textContent).toBe("drawn:x pulse:1 pulse:1 pulse:2");
});

test("[E4] who comes late gets the keys, and only the events after them", async () => {
  const { registry } = sandboxOf({ code: diary().code });
  const { el } = await shown(registry, share({ base: "two of them", $events: 2 }));
  for (const count of [2, 3]) registry.receiveMessage("a", pulse(count, count));
  expect(el.textContent).toBe("drawn:two of them pulse:3");
});

test("[E4] after a hole every view is drawn anew from the keys", async () => {
  const { code, cleaned } = diary();
  const { registry } = sandboxOf({ code });
  const { el } = await shown(registry, share({ base: "none", $events: 0 }));
  for (const count of [1, 4]) registry.receiveMessage("a", pulse(count, count));
  registry.receiveState({ "a/base": "three", "a/$events": 3 }, 0);
  await vi.waitFor(() => expect(el.textContent).toBe("drawn:three pulse:4"));
  expect(cleaned).toHaveBeenCalledOnce();
});

test("[E4] back after a long absence, the views are drawn anew", async () => {
  const { registry } = sandboxOf({ code: diary().code });
  const { el } = await shown(registry, share({ base: "none", $events: 0 }));
  registry.receiveState({ "a/base": "seven", "a/$events": 7 }, 0);
  await vi.waitFor(() => expect(el.textContent).toBe("drawn:seven"));
  registry.receiveMessage("a", pulse("eighth", 8));
  expect(el.textContent).toBe("drawn:seven pulse:eighth");
});

test("[E4] keys that follow the events draw nothing anew", async () => {
  const { code, cleaned } = diary();
  const { registry } = sandboxOf({ code });
  const { el } = await shown(registry, share({ base: "none", $events: 0 }));
  registry.receiveMessage("a", pulse(1, 1));
  registry.receiveState({ "a/base": "one", "a/$events": 1 }, 0);
  await Promise.resolve();
  expect([el.textContent, cleaned]).toEqual(["drawn:none pulse:1", expect.anything()]);
  expect(cleaned).not.toHaveBeenCalled();
});

test("[E4] a view that is drawn later gets the journal and what came since, the others do not", async () => {
  const { registry } = sandboxOf({ code: diary().code });
  const described = share({ base: "x", $events: 1, $journal: [["line", []]] });
  const { el: first } = await shown(registry, described);
  registry.receiveMessage("a", message("dot", { count: 2 }));
  const second = document.createElement("div");
  await (await registry.find("a")).show(second, new AbortController().signal);
  expect([first, second].map((el) => el.textContent)).toEqual([
    "drawn:x said:line said:dot",
    "drawn:x said:line said:dot",
  ]);
});

test("[E4] what happens while a view is drawn happens to it once, when it is there", async () => {
  let finish = (_: unknown) => {};
  const slow = new Promise((resolve) => {
    finish = resolve;
  });
  const { registry } = sandboxOf({ code: diary({ slow }).code });
  const el = document.createElement("div");
  const root = registry.receiveShare(share({ base: "none", $events: 0 }), 0);
  const drawn = root?.show(el, new AbortController().signal);
  await vi.waitFor(() => expect(el.textContent).toBe("drawn:none"));
  registry.receiveMessage("a", pulse(1, 1));
  registry.receiveState({ "a/base": "one", "a/$events": 1 }, 0);
  expect(el.textContent).toBe("drawn:none");
  finish(null);
  await drawn;
  expect(el.textContent).toBe("drawn:none pulse:1");
  const { el: later } = await shown(registry, share({ base: "one", $events: 1 }));
  expect(later.textContent).toBe("drawn:one");
});

test("[E4] a kernel that has begun again is followed", async () => {
  const { registry } = sandboxOf({ code: diary().code });
  const { el } = await shown(registry, share({ base: "old", $events: 0 }));
  for (const count of [1, 2]) registry.receiveMessage("a", pulse(count, count));
  registry.receiveShare(share({ base: "new", $events: 0 }), 0);
  await vi.waitFor(() => expect(el.textContent).toBe("drawn:new"));
  registry.receiveMessage("a", pulse("again", 1));
  expect(el.textContent).toBe("drawn:new pulse:again");
});

test("the room's words on its numbering are no traits", async () => {
  let model: ModelFace | undefined;
  const code: Module = {
    default: {
      render(props: Props) {
        model = props.model;
      },
    },
  };
  const { registry } = sandboxOf({ code });
  await shown(registry, share({ base: 1, $events: 1, $journal: [] }));
  expect([model?.get("base"), model?.get("$events")]).toEqual([1, undefined]);
});

test("what is said before a widget has started is heard when it has", async () => {
  const heard = vi.fn();
  let start = () => {};
  const ready = new Promise<void>((resolve) => {
    start = resolve;
  });
  const code: Module = {
    default: {
      async initialize({ model }: Props) {
        await ready;
        model.on("msg:custom", (content) => heard(content));
      },
    },
  };
  const { registry } = sandboxOf({ code });
  const drawn = shown(registry, share({}));
  registry.receiveMessage("a", message("early"));
  start();
  await drawn;
  expect(heard).toHaveBeenCalledExactlyOnceWith("early");
});

test("a widget may wait for an answer while it starts", async () => {
  const code: Module = {
    default: {
      initialize: ({ model }: Props) =>
        new Promise((resolve) => model.on("msg:custom", (content) => resolve({ content }))),
    },
  };
  const { registry } = sandboxOf({ code });
  const drawn = shown(registry, share({}));
  await new Promise((resolve) => setTimeout(resolve));
  registry.receiveMessage("a", message("the answer"));
  await drawn;
  expect(await (await registry.find("a")).exports()).toEqual({ content: "the answer" });
});
