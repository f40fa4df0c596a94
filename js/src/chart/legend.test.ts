import { expect, test, vi } from "vitest";
import { Legend, picked } from "./legend";

const ITEMS = ["price", "mean"].map((label) => ({
  label,
  color: "red",
  dashed: false,
  shown: true,
  value: "1",
}));

test("a click hides a series, another one shows it", () => {
  expect(picked(picked([true, true], 0, false), 0, false)).toEqual([true, true]);
});

test("alone, and alone again, is all of them", () => {
  const alone = picked([true, true, true], 1, true);
  expect([alone, picked(alone, 1, true)]).toEqual([
    [false, true, false],
    [true, true, true],
  ]);
});

test("the last one is never hidden", () => {
  expect(picked([true, false], 0, false)).toEqual([true, true]);
});

test("a legend's buttons say what is shown, and are told of clicks", () => {
  const pick = vi.fn();
  const legend = new Legend(pick);
  legend.show(ITEMS);
  const [button] = legend.root.querySelectorAll("button");
  button?.dispatchEvent(new MouseEvent("click", { altKey: true }));
  expect([button?.ariaPressed, button?.textContent, pick.mock.calls]).toEqual([
    "true",
    "price1",
    [[0, true]],
  ]);
});

test("new values do not make new buttons", () => {
  const legend = new Legend(vi.fn());
  legend.show(ITEMS);
  const before = legend.root.firstChild;
  legend.show(ITEMS.map((item) => ({ ...item, value: "2" })));
  expect([legend.root.firstChild === before, before?.textContent]).toEqual([true, "price2"]);
});

test("a candle's five values have a line of their own on a phone, one short value has not", () => {
  const item = { label: "price", color: "red", dashed: false, shown: true };
  const legend = new Legend(() => {});

  legend.show([{ ...item, value: "O 62.85  H 72.05  L 61.05  C 66.47" }]);
  expect(legend.root.classList.contains("cw-c-long")).toBe(true);
  legend.show([{ ...item, value: "66.47" }]);
  expect(legend.root.classList.contains("cw-c-long")).toBe(false);
});
