import { beforeEach, expect, test } from "vitest";
import { readAddress } from "./address";

function read(href: string, keep: Storage | null = sessionStorage) {
  return readAddress({ href }, keep);
}

beforeEach(() => sessionStorage.clear());

test("the address tells room, secret and where the relay is", () => {
  expect(read("http://127.0.0.1:8000/r/nb-1#k=a_b-C")).toEqual({
    room: "nb-1",
    secret: "a_b-C",
    socket: "ws://127.0.0.1:8000/ws",
    photos: "http://127.0.0.1:8000/r/nb-1/photos",
    link: "http://127.0.0.1:8000/r/nb-1#k=a_b-C",
  });
});

test("a prefix and https are kept", () => {
  const { socket } = read("https://hub.example/user/ana/proxy/8000/r/x/#k=s") ?? {};
  expect(socket).toBe("wss://hub.example/user/ana/proxy/8000/ws");
});

test("the secret outlives the loss of the fragment, in this tab and room only", () => {
  read("http://h/r/a#k=secret");
  expect(read("http://h/r/a")?.secret).toBe("secret");
  expect(read("http://h/r/b")?.secret).toBe("");
});

test("the secret is not taken from the query, where servers would log it", () => {
  expect(read("http://h/r/a?k=secret")?.secret).toBe("");
});

test("a tab without storage still works", () => {
  expect(read("http://h/r/a#k=s", null)?.secret).toBe("s");
});

test.each(["http://h/", "http://h/r/", "http://h/r/a/b", "http://h/r/a%20b#k=s"])(
  "%s names no room",
  (href) => {
    expect(read(href)).toBeNull();
  },
);
