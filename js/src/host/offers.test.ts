import { expect, test, vi } from "vitest";
import { Offers } from "./offers";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

function setting(acted = true) {
  const events = { onMoment: vi.fn(), onFile: vi.fn() };
  return { events, offers: new Offers(events, () => acted) };
}

test("a moment is offered with its picture", () => {
  const { events, offers } = setting();
  offers.receiveMoment("chart", { start: 1, end: 2, picture: PNG });
  expect(events.onMoment).toHaveBeenCalledExactlyOnceWith({
    share: "chart",
    start: 1,
    end: 2,
    picture: PNG,
  });
});

test.each([
  ["no picture", new TextEncoder().encode("<svg onload=alert(1)>")],
  ["too large", new Uint8Array((128 << 10) + 1).fill(0x89)],
])("a moment goes without a picture that is %s", (_, picture) => {
  const { events, offers } = setting();
  offers.receiveMoment("chart", { start: 1, end: 2, picture });
  expect(events.onMoment.mock.lastCall?.[0].picture).toHaveLength(0);
});

test("a range that ends before it begins is no moment", () => {
  const { events, offers } = setting();
  offers.receiveMoment("chart", { start: 2, end: 1, picture: PNG });
  expect(events.onMoment).not.toHaveBeenCalled();
});

test("nothing is offered to somebody who has done nothing", () => {
  const { events, offers } = setting(false);
  offers.receiveMoment("chart", { start: 1, end: 2, picture: PNG });
  offers.receiveFile("a.csv", "text/csv", PNG);
  expect([events.onMoment.mock.calls, events.onFile.mock.calls]).toEqual([[], []]);
});

test.each([
  ["trades.csv", "text/csv", "trades.csv"],
  ["trades", "text/csv", "trades.csv"],
  ["../../.bashrc", "text/csv", "bashrc.csv"],
  ["run.exe", "text/csv", "run-exe.csv"],
  ["Zürich 10–12 Uhr.PNG", "image/png", "Zürich 10-12 Uhr.png"],
  ["", "image/png", "chart.png"],
  ["evil\u202Egpj.exe", "image/png", "evil-gpj-exe.png"],
  ["x".repeat(300), "text/csv", `${"x".repeat(100)}.csv`],
])("a file that is called %j has a name that cannot harm", (name, mime, expected) => {
  const { events, offers } = setting();
  offers.receiveFile(name, mime, PNG);
  expect(events.onFile.mock.lastCall?.[0].name).toBe(expected);
});

test("what could run when it is opened is not offered, nor what is too large", () => {
  const { events, offers } = setting();
  offers.receiveFile("a.html", "text/html", PNG);
  offers.receiveFile("a.exe", "application/octet-stream", PNG);
  offers.receiveFile("a.csv", "text/csv", new Uint8Array((32 << 20) + 1));
  expect(events.onFile).not.toHaveBeenCalled();
});
