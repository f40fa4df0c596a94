import { expect, test } from "vitest";
import { joined, make, settled } from "./client-setting";

const line = (notes: unknown[]) => (news: unknown) => void notes.push(news);
const watch = { type: "watch", feed: "ticks", epoch: "", after: 0, level: 0 } as const;

test("[F6] a welcome opens the line of feeds, and a cut closes it", async () => {
  const { client, relay } = make();
  const heard: unknown[] = [];
  client.feeds.on(line(heard), new AbortController().signal);
  client.feeds.send([watch]);
  await settled();
  relay.welcome();
  client.feeds.send([watch]);
  relay.cut();
  client.feeds.send([watch]);
  expect(relay.got("watch")).toEqual([watch]);
  expect(heard).toEqual([
    { type: "line", open: true },
    { type: "line", open: false },
  ]);
});

test("news of feeds are told to those who look at them, and to nobody else", async () => {
  const { client, relay, notes } = await joined();
  const heard: unknown[] = [];
  client.feeds.on(line(heard), new AbortController().signal);
  notes.length = 0;
  relay.say(
    { type: "rows", feed: "ticks", block: new Uint8Array([1]), newest: null },
    { type: "fed", feed: "ticks", epoch: "e", end: 1 },
  );
  expect(heard).toEqual([
    { type: "rows", feed: "ticks", block: new Uint8Array([1]), newest: null },
  ]);
  expect(notes).toEqual([]);
});
