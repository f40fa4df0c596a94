/**
 * Runs inside the sandboxed frame: widgets on this side, the page that holds the socket on the other.
 *
 * It has an opaque origin and no network. All it knows comes through its port.
 */
import { importCode } from "./code";
import { hostFor } from "./host";
import {
  type Failure,
  type FromSandbox,
  GREETING,
  type ShareSpec,
  type ToSandbox,
} from "./messages";
import { Registry } from "./registry";
import { drawFailure, Stage } from "./stage";

const { port1: port, port2: theirs } = new MessageChannel();
let turn = 0;

function tell(message: FromSandbox): void {
  port.postMessage(message);
}

function fail(el: HTMLElement, failure: Failure, name: string): void {
  drawFailure(el, failure, name);
  tell({ type: "failure", failure });
}

const main = document.getElementById("stage");
if (main === null) throw new Error("the sandbox's document has a stage");
const stage = new Stage(main);
const closings = new Map<string, AbortController>();
const registry: Registry = new Registry(
  {
    save: (values) => {
      turn += 1;
      tell({ type: "set", turn, values });
      return turn;
    },
    emit: (model, content, buffers) => tell({ type: "emit", model, content, buffers }),
    find: async (ref) => (await registry.find(ref)).model,
  },
  {
    importCode,
    drawFailure: fail,
    hostFor: (signal) => hostFor(signal, (ref) => registry.find(ref)),
  },
);

function receiveShare(share: ShareSpec, seen: number): void {
  const widget = registry.receiveShare(share, seen);
  stage.style(registry.styles());
  const { el, fresh } = stage.place(share);
  if (!fresh || widget === undefined) return;
  const closing = new AbortController();
  closings.set(share.name, closing);
  void widget.show(el, closing.signal);
}

function receiveGone(name: string): void {
  closings.get(name)?.abort();
  closings.delete(name);
  registry.receiveGone(name);
  stage.remove(name);
  stage.style(registry.styles());
}

port.onmessage = ({ data }: MessageEvent<ToSandbox>): void => {
  switch (data.type) {
    case "share":
      receiveShare(data.share, data.turn);
      break;
    case "gone":
      receiveGone(data.share);
      break;
    case "state":
      registry.receiveState(data.values, data.turn);
      break;
    case "message":
      registry.receiveMessage(data.model, data.content, data.buffers);
      break;
    case "theme":
      stage.dress(data.theme);
      break;
  }
};

stage.measure((height) => tell({ type: "size", height }));
// The opaque origin has no name to give, and the greeting holds nothing but the port.
parent.postMessage(GREETING, "*", [theirs]);
