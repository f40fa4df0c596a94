import { expect, test, vi } from "vitest";
import { CLASSIC_MODULE, type ClassicSurroundings, type Shown } from "./classic";
import type { hostFor } from "./host";
import type { ModelSpec } from "./messages";
import type { ModelFace } from "./model";
import {
  classicSpec,
  type Module,
  message,
  modelSpec,
  sandboxOf,
  shareSpec,
  shown,
} from "./support";

const MODULES = { modules: { [CLASSIC_MODULE]: "classic" } };

/** Code for classic widgets that shows the model's id and value, and what it has been told. */
function classicCode() {
  const calls: unknown[][] = [];
  let around: ClassicSurroundings | undefined;
  const open = (spec: ModelSpec, values: Record<string, unknown>): Shown => {
    calls.push(["open", spec.id, { ...values }]);
    return {
      receiveState: (changes, turn) => calls.push(["state", spec.id, changes, turn]),
      receiveMessage: (content) => calls.push(["message", spec.id, content]),
      face: () => ({ get: (name: string) => values[name] }) as ModelFace,
      exports: () => Promise.resolve(undefined),
      show: async (el, signal) => {
        el.append(`classic ${spec.id} ${values.value}`);
        signal.addEventListener("abort", () => calls.push(["ended", spec.id]));
      },
      close: () => calls.push(["close", spec.id]),
    };
  };
  const openClassic = vi.fn((surroundings: ClassicSurroundings) => {
    around = surroundings;
    return { open };
  });
  const of = (verb: string) => calls.filter(([one]) => one === verb);
  return { module: { openClassic } as Module, openClassic, of, around: () => around };
}

function slider(value: number, over: Partial<ModelSpec> = {}) {
  return shareSpec("s", [classicSpec("s", over)], { "s/value": value }, MODULES);
}

test("a share without a classic model never loads the code for them", async () => {
  const { registry, imported } = sandboxOf({ code: { default: { render: () => undefined } } });
  await shown(registry, shareSpec("a", [modelSpec("a", "code")], {}, MODULES));
  expect(imported).toEqual(["code"]);
});

test("the code is loaded once for all classic models", async () => {
  const { module, openClassic } = classicCode();
  const { registry, imported } = sandboxOf({ classic: module });
  const { el } = await shown(registry, slider(4));
  await shown(registry, shareSpec("t", [classicSpec("t")], { "t/value": 1 }, MODULES));
  expect(el.textContent).toBe("classic s 4");
  expect([imported, openClassic.mock.calls.length]).toEqual([["classic"], 1]);
});

test("what comes before the code is kept for the model", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  const drawn = shown(registry, slider(4));
  registry.receiveState({ "s/value": 5 }, 0);
  registry.receiveMessage("s", message("hello"));
  await drawn;
  expect([of("open"), of("message")]).toEqual([
    [["open", "s", { value: 5 }]],
    [["message", "s", "hello"]],
  ]);
});

test("those that a model names are there before it", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  const models = [classicSpec("s"), classicSpec("s/layout")];
  await shown(registry, shareSpec("s", models, {}, MODULES));
  expect(of("open").map(([, id]) => id)).toEqual(["s/layout", "s"]);
});

test("without the code each classic model shows a card with the reason", async () => {
  const { registry, failures } = sandboxOf({ classic: { other: 1 } });
  const { el } = await shown(registry, slider(4));
  const card = el.querySelector("[role=alert]")?.textContent;
  expect(card).toMatch(/^s cannot be shown.*openClassic/);
  expect(failures).toMatchObject([{ model: "s", phase: "import" }]);
});

test("a share that does not bring the code says so", async () => {
  const { registry } = sandboxOf({});
  const { el } = await shown(registry, shareSpec("s", [classicSpec("s")]));
  expect(el.textContent).toContain("has not sent the code for classic widgets");
});

test("code that could not be loaded is tried again with the next description", async () => {
  const { module } = classicCode();
  const modules: Record<string, Module> = {};
  const { registry } = sandboxOf(modules);
  const { el } = await shown(registry, slider(4));
  modules.classic = module;
  registry.receiveShare(slider(4), 0);
  await vi.waitFor(() => expect(el.textContent).toBe("classic s 4"));
});

test("a problem needs no code to be shown", async () => {
  const { registry, imported } = sandboxOf({});
  const { el } = await shown(registry, slider(4, { problem: "It is gone." }));
  expect([el.textContent?.includes("It is gone."), imported]).toEqual([true, []]);
});

test("[P8] of what somebody sees, a classic model takes what is local, later than all", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  await shown(registry, slider(4, { local: ["zoom"] }));
  registry.receiveLook({ "s/zoom": 9, "s/value": 5 });
  expect(of("state").at(-1)).toEqual(["state", "s", { zoom: 9 }, Number.POSITIVE_INFINITY]);
});

test("the local values of a classic model are those that its viewer has", async () => {
  const { module } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  await shown(registry, slider(4, { local: ["value"] }));
  expect(registry.lookOf("s")).toEqual({ "s/value": 4 });
});

test("state goes on with its turn, so that a slow echo moves nothing", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  await shown(registry, slider(4));
  registry.receiveState({ "s/value": 6 }, 3);
  expect(of("state").at(-1)).toEqual(["state", "s", { value: 6 }, 3]);
});

test("a widget that changes its kind is made anew, in its live views too", async () => {
  const { module, of } = classicCode();
  const cleaned = vi.fn();
  const code: Module = {
    default: {
      render({ el }: { el: HTMLElement }) {
        el.append("anywidget");
        return cleaned;
      },
    },
  };
  const { registry } = sandboxOf({ classic: module, code });
  const { el } = await shown(registry, slider(4));
  registry.receiveShare(shareSpec("s", [modelSpec("s", "code")]), 0);
  await vi.waitFor(() => expect(el.textContent).toBe("anywidget"));
  expect([of("close"), of("ended")]).toEqual([[["close", "s"]], [["ended", "s"]]]);
  registry.receiveShare(slider(9), 0);
  await vi.waitFor(() => expect(el.textContent).toBe("classic s 9"));
  expect(cleaned).toHaveBeenCalledOnce();
});

test("an anywidget draws a classic child, and a classic widget finds an anywidget", async () => {
  const { module, around } = classicCode();
  const code: Module = {
    default: {
      async render({ el, host }: { el: HTMLElement; host: ReturnType<typeof hostFor> }) {
        const child = await host.getModel("anywidget:s/child");
        el.append(`sees ${child.get("value")}: `);
        await (await host.getWidget("anywidget:s/child")).render({ el });
      },
    },
  };
  const { registry } = sandboxOf({ classic: module, code });
  const models = [modelSpec("s", "code"), classicSpec("s/child")];
  const { el } = await shown(registry, shareSpec("s", models, { "s/child/value": 7 }, MODULES));
  expect(el.textContent).toBe("sees 7: classic s/child 7");
  const found = await around()?.find("anywidget:s");
  expect(found).toBe(await registry.find("s"));
});

test("[E4] a classic model is made anew when its keys are ahead, and hears its journal", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  const spec = classicSpec("s");
  const values = { "s/value": 1, "s/$events": 1, "s/$journal": [["line", []]] };
  const { el } = await shown(registry, shareSpec("s", [spec], values, MODULES));
  registry.receiveMessage("s", message("dot", { count: 2 }));
  registry.receiveMessage("s", message("lost", { count: 9 }));
  expect(of("message").map(([, , content]) => content)).toEqual(["line", "dot"]);
  registry.receiveState({ "s/value": 5, "s/$events": 8, "s/$journal": [["all", []]] }, 0);
  await vi.waitFor(() => expect(el.textContent).toBe("classic s 5"));
  expect(of("message").map(([, , content]) => content)).toEqual(["line", "dot", "all", "lost"]);
});

test("[E4] each assignment of a classic model's event is told, also one of an equal value", async () => {
  const { module, of } = classicCode();
  const { registry } = sandboxOf({ classic: module });
  await shown(registry, slider(4));
  const told = of("state").length;
  registry.receiveMessage("s", message(1, { trait: "pulse" }));
  const pulses = of("state").slice(told);
  expect(pulses.map(([, , changes]) => changes)).toEqual([{ pulse: null }, { pulse: 1 }]);
});
