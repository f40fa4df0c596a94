import { expect, test } from "vitest";
import { jupyterBase, waysTo } from "./ways";

function at(href: string) {
  const { protocol, host, hostname } = new URL(href);
  return { protocol, host, hostname };
}

test("a local notebook tries its server's proxy, then this machine", () => {
  const location = at("http://localhost:8888/lab");
  expect(waysTo({ port: 8000, relay: "", base: "/", location })).toEqual([
    "ws://localhost:8888/proxy/8000/ws",
    "ws://127.0.0.1:8000/ws",
  ]);
});

test("a notebook on a hub has its server's proxy only", () => {
  const location = at("https://hub.example/user/ana/lab");
  expect(waysTo({ port: 8000, relay: "", base: "/user/ana", location })).toEqual([
    "wss://hub.example/user/ana/proxy/8000/ws",
  ]);
});

test.each([
  ["wss://relay.example/ws", "wss://relay.example/ws"],
  ["https://relay.example", "wss://relay.example/ws"],
  ["http://relay.example:81/a/", "ws://relay.example:81/a/ws"],
])("a relay that somebody runs at %s is the only way", (relay, way) => {
  const location = at("http://localhost:8888/");
  expect(waysTo({ port: 0, relay, base: "/", location })).toEqual([way]);
});

test.each(["127.0.0.1", "127.8.9.1", "[::1]", "a.localhost"])("%s is this machine", (name) => {
  const location = at(`http://${name}:1/`);
  expect(waysTo({ port: 8000, relay: "", base: null, location })).toHaveLength(1);
});

test.each(["localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.2"])(
  "%s is not this machine",
  (name) => {
    const location = at(`http://${name}:1/`);
    expect(waysTo({ port: 8000, relay: "", base: null, location })).toEqual([]);
  },
);

test("the base is read from Jupyter's configuration, else from the body", () => {
  document.body.innerHTML = `<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/a/"}</script>`;
  expect(jupyterBase(document)).toBe("/user/a/");
  document.body.replaceChildren();
  document.body.dataset.baseUrl = "/nb/";
  expect(jupyterBase(document)).toBe("/nb/");
  delete document.body.dataset.baseUrl;
  expect(jupyterBase(document)).toBeNull();
});
