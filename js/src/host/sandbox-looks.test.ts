import { expect, test } from "vitest";
import type { ModelFace } from "./model";
import type { Looks } from "./services";
import { modelSpec, sandboxOf, shareSpec, shown } from "./support";

const { signal } = new AbortController();

/** A widget with a zoom that each viewer has for themselves. */
async function setting() {
  const given: { model: ModelFace; cowidget: Looks }[] = [];
  const sandbox = sandboxOf({
    code: {
      default: { render: (props: { model: ModelFace; cowidget: Looks }) => void given.push(props) },
    },
  });
  const model = modelSpec("map", "code", { local: ["zoom"], writable: ["value"] });
  await shown(sandbox.registry, shareSpec("map", [model], { "map/zoom": 1, "map/value": 1 }));
  const [props] = given;
  if (props === undefined) throw new Error("the widget was not drawn");
  const looked = () => sandbox.told.filter(({ type }) => type === "looked");
  return { ...sandbox, ...props, looked };
}

test("[P8] local values are told only while somebody follows, those of before too", async () => {
  const { model, looks, looked } = await setting();
  model.set("zoom", 4);
  model.set("value", 2);
  model.save_changes();
  expect(looked()).toEqual([]);
  looks.receiveWatched(true);
  model.set("zoom", 5);
  model.save_changes();
  expect(looked()).toEqual([
    { type: "looked", look: { local: { "map/zoom": 4 }, ranges: {} } },
    { type: "looked", look: { local: { "map/zoom": 5 }, ranges: {} } },
  ]);
});

test("[P8] what somebody sees whom we follow is seen, though we had chosen otherwise", async () => {
  const { model, looks } = await setting();
  const heard: unknown[] = [];
  model.on("change:zoom", () => heard.push(model.get("zoom")));
  model.set("zoom", 4);
  model.save_changes();
  looks.receiveLook({ local: { "map/zoom": 9, "map/value": 9, "gone/zoom": 1 }, ranges: {} });
  expect([heard, model.get("value")]).toEqual([[4, 9], 1]);
});

test("[P8] the times of a chart go out and come in", async () => {
  const { cowidget, looks, looked } = await setting();
  const heard: unknown[] = [];
  cowidget.onLook((range) => heard.push(range), signal);
  cowidget.looked([1, 2]);
  looks.receiveWatched(true);
  cowidget.looked(null);
  looks.receiveLook({ local: {}, ranges: { map: [3, 4], other: [5, 6] } });
  looks.receiveLook({ local: {}, ranges: { map: null } });
  expect(heard).toEqual([[3, 4], null]);
  expect(looked()).toMatchObject([
    { look: { ranges: { map: [1, 2] } } },
    { look: { ranges: { map: null } } },
  ]);
});

test("a share that is gone is not told of", async () => {
  const { cowidget, model, looks, looked } = await setting();
  model.set("zoom", 4);
  model.save_changes();
  cowidget.looked([1, 2]);
  looks.receiveGone("map");
  looks.receiveWatched(true);
  expect(looked()).toEqual([{ type: "looked", look: { local: {}, ranges: {} } }]);
});
