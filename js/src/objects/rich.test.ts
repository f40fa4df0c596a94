import { expect, test } from "vitest";
import { FakeModel } from "./fake-model";
import richModule from "./rich";

test("an object is drawn, and drawn anew when its representations change", () => {
  const el = document.createElement("div");
  const model = new FakeModel({ bundle: { "text/html": "<b>1</b>" }, metadata: {} });
  richModule.render({ model, el, signal: new AbortController().signal });
  expect(el.textContent).toBe("1");

  model.receive("bundle", { "text/html": "<b>2</b>" });

  expect(el.textContent).toBe("2");
});
