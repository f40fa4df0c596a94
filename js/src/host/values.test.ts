import { expect, test } from "vitest";
import { ownBytes, same, toWidget, toWire } from "./values";

const FRAME = new Uint8Array([9, 9, 1, 2, 3, 9]).buffer;

test("bytes reach a widget as a DataView with a buffer of its own", () => {
  const given = toWidget({ image: [new Uint8Array(FRAME, 2, 3)] }) as { image: [DataView] };
  expect(given.image[0]).toBeInstanceOf(DataView);
  expect([...new Uint8Array(given.image[0].buffer)]).toEqual([1, 2, 3]);
});

test("bytes of any kind leave a widget as Uint8Array", () => {
  const sent = toWire({ a: new DataView(FRAME, 2, 2), b: new Float32Array([1]), c: FRAME });
  expect(sent).toEqual({
    a: new Uint8Array([1, 2]),
    b: new Uint8Array(new Float32Array([1]).buffer),
    c: new Uint8Array([9, 9, 1, 2, 3, 9]),
  });
});

test("what is not bytes passes unchanged", () => {
  const value = { list: [1, "two", null, true], nested: { x: 0.5 } };
  expect(toWidget(value)).toEqual(value);
});

test("own bytes are a copy", () => {
  const bytes = new Uint8Array([1]);
  const copy = ownBytes(bytes);
  bytes[0] = 2;
  expect(copy[0]).toBe(1);
});

test.each([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [[1, [2]], [1, [2]], true],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [{ a: undefined }, { b: undefined }, false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
  [new DataView(FRAME, 2, 2), new DataView(new Uint8Array([1, 2]).buffer), true],
  [new DataView(FRAME, 2, 2), new DataView(FRAME, 3, 2), false],
])("%j and %j are the same: %s", (a, b, expected) => {
  expect(same(a, b)).toBe(expected);
});
