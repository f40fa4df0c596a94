import { afterEach, expect, test, vi } from "vitest";
import type { hostFor } from "./host";
import type { Services } from "./services";
import {
  type Module,
  message,
  sandboxOf as setting,
  shareSpec as share,
  shown,
  modelSpec as spec,
} from "./support";

type Props = {
  model: { get(name: string): string; on(event: string, f: () => void): void };
  el: HTMLElement;
  signal: AbortSignal;
  host: ReturnType<typeof hostFor>;
  experimental: {
    invoke(name: string, msg?: unknown, options?: { signal?: AbortSignal }): Promise<unknown[]>;
  };
};

const label: Module = {
  default: {
    render({ model, el }: Props) {
      const draw = (): void => {
        el.textContent = model.get("text");
      };
      model.on("change:text", draw);
      draw();
    },
  },
};

afterEach(() => {
  vi.useRealTimers();
});

test("a widget is drawn with its values and follows them", async () => {
  const { registry } = setting({ label });
  const { el } = await shown(registry, share("a", [spec("a", "label")], { "a/text": "one" }));
  registry.receiveState({ "a/text": "two" }, 0);
  expect(el.textContent).toBe("two");
});

test("a default export may be a function, and named exports still work", async () => {
  const { registry } = setting({
    made: { default: () => label.default },
    named: label.default as Module,
    both: { ...(label.default as Module), default: {} },
    nothing: { default: async () => ({}) },
  });
  const texts = [];
  for (const code of ["made", "named", "both", "nothing"]) {
    const values = { [`${code}/text`]: code };
    const { el } = await shown(registry, share(code, [spec(code, code)], values));
    texts.push(el.textContent);
  }
  expect(texts).toEqual(["made", "named", "both", ""]);
});

test("all models of a share exist before any of its code runs", async () => {
  const parent: Module = {
    default: {
      async render({ el, model, host }: Props) {
        const child = await host.getModel(model.get("child"));
        el.textContent = String(child.get("text"));
      },
    },
  };
  const { registry } = setting({ parent, label });
  const { el } = await shown(
    registry,
    share("box", [spec("box", "parent"), spec("box/child", "label")], {
      "box/child": "anywidget:box/child",
      "box/child/text": "inside",
    }),
  );
  expect(el.textContent).toBe("inside");
});

test("a parent gets a child's exports and draws its view", async () => {
  const child: Module = {
    default: {
      initialize: () => ({ greet: () => "hello" }),
      render: ({ el }: Props) => el.append("child"),
    },
  };
  const parent: Module = {
    default: {
      async render({ el, host }: Props) {
        const { exports, render } = await host.getWidget("anywidget:box/child");
        el.append((exports as { greet(): string }).greet(), " ");
        await render({ el });
      },
    },
  };
  const { registry } = setting({ parent, child });
  const models = [spec("box", "parent"), spec("box/child", "child")];
  const { el } = await shown(registry, share("box", models));
  expect(el.textContent).toBe("hello child");
});

test.each([
  ["import", {}],
  ["import", { code: { default: 5 } }],
  ["initialize", { code: { default: { initialize: () => Promise.reject(new Error("no")) } } }],
  ["render", { code: { default: { render: () => Promise.reject(new Error("no")) } } }],
])("a failure to %s is drawn in the widget's place and told", async (phase, modules) => {
  const { registry, failures } = setting(modules as Record<string, Module>);
  const { el } = await shown(registry, share("bad", [spec("bad", "code")]));
  expect(failures.map((failure) => failure.phase)).toEqual([phase]);
  expect(el.querySelector("[role=alert]")?.textContent).toContain("bad cannot be shown");
});

test("a child that fails leaves its parent alive", async () => {
  const child: Module = {
    default: {
      render() {
        throw new Error("broken");
      },
    },
  };
  const parent: Module = {
    default: {
      async render({ el, host }: Props) {
        const place = document.createElement("p");
        el.append("parent ", place);
        await (await host.getWidget("anywidget:box/child")).render({ el: place });
      },
    },
  };
  const { registry } = setting({ parent, child });
  const models = [spec("box", "parent"), spec("box/child", "child")];
  const { el } = await shown(registry, share("box", models));
  expect(el.textContent).toMatch(/^parent .*broken/);
});

test("new code cleans up and draws every view again in its place", async () => {
  const cleaned = vi.fn();
  const first: Module = { default: { initialize: () => cleaned, render: () => cleaned } };
  const { registry } = setting({ first, label });
  const { el } = await shown(registry, share("a", [spec("a", "first")]));
  registry.receiveShare(share("a", [spec("a", "label")], { "a/text": "new" }), 0);
  await vi.waitFor(() => expect(el.textContent).toBe("new"));
  expect(cleaned).toHaveBeenCalledTimes(2);
});

test("the same code described again is not run again", async () => {
  const initialize = vi.fn();
  const { registry } = setting({ code: { default: { initialize } } });
  await shown(registry, share("a", [spec("a", "code")]));
  registry.receiveShare(share("a", [spec("a", "code")], { "a/text": "x" }), 0);
  await Promise.resolve();
  expect(initialize).toHaveBeenCalledOnce();
});

test("a share that goes ends its views", async () => {
  let ended: AbortSignal | undefined;
  const code: Module = {
    default: {
      render({ signal }: Props) {
        ended = signal;
      },
    },
  };
  const { registry } = setting({ code });
  await shown(registry, share("a", [spec("a", "code")]));
  registry.receiveGone("a");
  expect(ended?.aborted).toBe(true);
});

test("a reference to a model that comes later is found then", async () => {
  const { registry } = setting({ label });
  const found = registry.find("IPY_MODEL_late");
  registry.receiveShare(share("late", [spec("late", "label")]), 0);
  expect(await found).toBe(registry.receiveShare(share("late", [spec("late", "label")]), 0));
});

test("a reference to a model that never comes fails", async () => {
  vi.useFakeTimers();
  const { registry } = setting({});
  const found = expect(registry.find("anywidget:ghost")).rejects.toThrow("no widget ghost");
  await vi.advanceTimersByTimeAsync(10_000);
  await found;
});

test("invoke sends a command and resolves with its own answer only", async () => {
  let answered: unknown;
  const code: Module = {
    default: {
      async render({ experimental }: Props) {
        answered = await experimental.invoke("double", 21);
      },
    },
  };
  const { registry, emitted } = setting({ code });
  const done = shown(registry, share("a", [spec("a", "code")]));
  await vi.waitFor(() => expect(emitted).toHaveLength(1));
  const { id, kind, name, msg } = emitted[0]?.content ?? {};
  registry.receiveMessage("a", message({ id: "another", response: 0 }));
  registry.receiveMessage("a", message({ id, response: 42 }));
  await done;
  expect([kind, name, msg]).toEqual(["anywidget-command", "double", 21]);
  expect(answered).toEqual([42, []]);
});

test("invoke ends with its signal", async () => {
  let reason: unknown;
  const calling = new AbortController();
  const code: Module = {
    default: {
      async render({ experimental }: Props) {
        const call = experimental.invoke("wait", null, { signal: calling.signal });
        calling.abort("enough");
        reason = await call.catch((error: unknown) => error);
      },
    },
  };
  const { registry } = setting({ code });
  await shown(registry, share("a", [spec("a", "code")]));
  expect(reason).toBe("enough");
});

test("two versions of a widget's style are two, and one goes without the other", () => {
  const { registry } = setting({ code: label });
  const styled = (name: string, style: string) =>
    share(name, [spec(name, "code", { style })], {}, { texts: { code: "code", [style]: style } });
  registry.receiveShare(styled("a", ".x { color: red }"), 0);
  registry.receiveShare(styled("b", ".x { color: blue }"), 0);
  expect([...registry.styles().values()]).toEqual([".x { color: red }", ".x { color: blue }"]);
  registry.receiveGone("a");
  expect([...registry.styles().values()]).toEqual([".x { color: blue }"]);
});

test("a text that another share has brought is there for the next", () => {
  const { registry } = setting({ code: label });
  const style = { style: "css" };
  const texts = { code: "code", css: ".x {}" };
  registry.receiveShare(share("a", [spec("a", "code", style)], {}, { texts }), 0);
  registry.receiveShare(share("b", [spec("b", "code", style)], {}, { texts: {} }), 0);
  registry.receiveGone("a");
  expect([...registry.styles().values()]).toEqual([".x {}"]);
});

test("modules that import each other are the problem of who needs them", async () => {
  const { registry, failures } = setting({ code: label, other: label }, (text) => {
    if (text === "code") throw new Error("a and b import each other");
    return text;
  });
  const models = [spec("a", "code"), spec("a/b", "other")];
  const { el } = await shown(registry, share("a", models));
  expect(el.textContent).toContain("a and b import each other");
  expect(failures).toMatchObject([{ model: "a", phase: "import" }]);
});

test("another problem takes the place of the first", async () => {
  const { registry } = setting({});
  const { el } = await shown(registry, share("a", [spec("a", "", { problem: "first" })]));
  registry.receiveShare(share("a", [spec("a", "", { problem: "second" })]), 0);
  await vi.waitFor(() => expect(el.textContent).toContain("second"));
  expect(el.querySelectorAll("[role=alert]")).toHaveLength(1);
});

test("a widget gets what the room offers its share", async () => {
  let given: { share: string } | undefined;
  const chart: Module = {
    default: {
      render({ cowidget, signal }: { cowidget: Services; signal: AbortSignal }) {
        given = cowidget;
        cowidget.open("ticks", signal);
      },
    },
  };
  const { registry, told } = setting({ chart });
  const root = { ...spec("a", "chart"), id: "a" };
  const { closing } = await shown(registry, share("a", [root]));
  expect(given?.share).toBe("a");
  closing.abort();
  expect(told.map((message) => message.type === "feed" && message.wish.type)).toEqual([
    "watch",
    "unwatch",
  ]);
});
