import { expect, test } from "vitest";
import { stopped } from "../host/support";
import { Pointing } from "./pointing";

const POINT = { share: "dial", x: 0.5, y: 0.5 };

function setting() {
  const told: unknown[] = [];
  const { clock, pass } = stopped();
  const pointing = new Pointing(({ pointer }) => told.push(pointer), clock);
  return { pointing, pass, told };
}

test("[P6] our pointer is told until it leaves", () => {
  const { pointing, told } = setting();
  pointing.receive(POINT);
  pointing.receive(null);
  pointing.receive(null);
  expect(told).toEqual([POINT, null]);
});

test("[P6] who rests for five seconds points at nothing", () => {
  const { pointing, pass, told } = setting();
  pointing.receive(POINT);
  pass(4000);
  pointing.receive({ ...POINT, x: 0.6 });
  pass(4999);
  expect(told).not.toContain(null);
  pass(1);
  expect(told.at(-1)).toBeNull();
});

test("who keeps it to themselves shows none", () => {
  const { pointing, told } = setting();
  pointing.receive(POINT);
  pointing.allow(false);
  pointing.receive(POINT);
  expect(told).toEqual([POINT, null]);
});
