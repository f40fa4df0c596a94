import { expect, test } from "vitest";
import { Addresses } from "./addresses";

async function isGood(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

test("an address is good while somebody shows it, and the spare ones that were used last stay", async () => {
  const addresses = new Addresses(async (sha256) => new TextEncoder().encode(sha256));
  const shown = new AbortController();
  const kept = await addresses.borrow("kept", "image/webp", shown.signal);
  const given: string[] = [];
  for (let n = 0; n < 52; n += 1) {
    const seen = new AbortController();
    given.push(await addresses.borrow(`${n}`, "image/webp", seen.signal));
    seen.abort();
  }
  await Promise.resolve();
  expect(await Promise.all([kept, ...given].map(isGood))).toEqual([
    true,
    ...[false, false],
    ...Array<boolean>(50).fill(true),
  ]);
});
