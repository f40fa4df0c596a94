import { afterEach, expect, test, vi } from "vitest";
import { ChatDoor, type ChatPart } from "./chat-door";

const PART: ChatPart = { Chat: () => null, SHEET: ".chat {}" };

afterEach(() => vi.restoreAllMocks());

test("the chat is loaded once, however often it is wanted", async () => {
  const load = vi.fn(() => Promise.resolve(PART));
  const door = new ChatDoor(load);

  door.open();
  door.open();
  await vi.waitFor(() => expect(door.part.value).toBe(PART));
  door.open();

  expect(load).toHaveBeenCalledTimes(1);
});

test("a chat that could not be loaded is wanted again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const load = vi.fn(() => Promise.resolve(PART)).mockRejectedValueOnce(new Error("away"));
  const door = new ChatDoor(load);
  door.open();
  await vi.waitFor(() => expect(door.failed.value).toBe(true));
  await Promise.resolve();

  door.open();

  expect(door.failed.value).toBe(false);
  await vi.waitFor(() => expect(door.part.value).toBe(PART));
});
