import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeRoom, fakeRoom } from "../ui/support";
import { answered } from "./answered";

let room: FakeRoom;
let settled: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  room = fakeRoom();
  room.status = { ...room.status, phase: "connecting" };
  settled = false;
});

afterEach(() => vi.useRealTimers());

async function wait(): Promise<void> {
  void answered(room.client, 50).then(() => {
    settled = true;
  });
  await vi.advanceTimersByTimeAsync(0);
}

test("who is in the room already waits for nothing", async () => {
  room.status = { ...room.status, phase: "live" };
  await wait();
  expect(settled).toBe(true);
});

test.each(["live", "reconnecting", "ended"] as const)("it waits until we are %s", async (phase) => {
  await wait();
  room.tell({ type: "people" });
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).toBe(false);
  room.status = { ...room.status, phase };
  room.tell({ type: "status" });
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).toBe(true);
});

test("a slow line keeps nobody from seeing the page", async () => {
  await wait();
  await vi.advanceTimersByTimeAsync(49);
  expect(settled).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toBe(true);
});
