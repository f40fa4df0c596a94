"""Scenarios that both replicas play; `js/src/sync/scenarios.test.ts` plays the same files."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cowidget.core import codec, frames, notes
from cowidget.core.codec import Subprotocol
from cowidget.core.messages import Message
from cowidget.core.packing import digest
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Body, Moment, Text

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
PROTOCOL = Path(frames.__file__).parent / "PROTOCOL.md"


def read(path: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = json.loads(path.read_text(), object_hook=expand)
    return scenario


def expand(value: dict[str, Any]) -> Any:
    """`$text`: a long string; `$packed`: the bytes of its blob; `$sha`: the name of that."""
    match value:
        case {"$text": int(length)}:
            return "x" * length
        case {"$packed": int(length)}:
            return {"$bytes": b64encode(msgspec.msgpack.encode("x" * length)).decode()}
        case {"$sha": int(length)}:
            return digest(msgspec.msgpack.encode("x" * length))
    return value


def plain(frame: frames.Frame) -> Any:
    return json.loads(codec.encode(frame, Subprotocol.JSON))


def plain_note(note: notes.Note) -> dict[str, Any]:
    fields = {name: getattr(note, name) for name in note.__slots__}
    if isinstance(note, notes.LogGrown):
        fields["entries"] = [entry.at for entry in note.entries]
    words = re.findall("[A-Z][a-z]+", type(note).__name__)
    return {"type": "-".join(words).lower(), **json.loads(msgspec.json.encode(fields, enc_hook=vars))}


def plain_body(body: Body) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(body)
    return plain


def shown(message: Message) -> dict[str, Any]:
    return {
        "at": message.entry.at,
        "text": message.text,
        "edited": message.edited,
        "erased": message.erased,
        "reply": message.reply,
        "reactions": {emoji: list(peers) for emoji, peers in message.reactions.items()},
    }


def lists(expected: Any, actual: Any) -> bool:
    """Whether `actual` has everything that `expected` lists; None is also what is not there, {} is empty."""
    match expected:
        case {} if not expected:
            return actual == {}
        case dict():
            return isinstance(actual, dict) and all(lists(expected[key], actual.get(key)) for key in expected)
        case list():
            return isinstance(actual, list) and len(expected) == len(actual) and all(map(lists, expected, actual))
    return bool(expected == actual)


class Player:
    """Plays steps on a replica."""

    def __init__(self) -> None:
        self.replica = self.fresh("tab-1")

    def fresh(self, instance: str) -> Replica:
        return Replica(Identity("room", "guest", instance, "ada", "teal"))

    def play(self, step: dict[str, Any]) -> list[notes.Effect]:
        replica = self.replica
        verbs: dict[str, Callable[[], list[notes.Effect]]] = {
            "open": lambda: replica.receive_opened(step["secret"]),
            "receive": lambda: replica.receive(self.frame(step["frame"])),
            "close": lambda: replica.receive_closed(step["code"]),
            "set": lambda: replica.set(step["values"]),
            "post": lambda: replica.post(self.body(step)),
            "act": lambda: replica.post(msgspec.convert(step["body"], Body)),
            "search": lambda: replica.search(step["query"], step.get("before"), step.get("count", 20)),
            "present": lambda: replica.present(step["about"], step.get("name")),
            "lock": lambda: replica.lock(on=step["on"]),
            "remove": lambda: replica.remove(step["peer"]),
            "entrust": lambda: replica.entrust(step["peer"], step["role"]),
            "page_back": lambda: replica.page_back(step["count"]),
            "need_blob": lambda: replica.need_blob(step["sha256"]),
            "reload": self.reload,
        }
        return verbs[step["do"]]()

    def body(self, step: dict[str, Any]) -> Body:
        match step.get("moment"):
            case {"picture": {"$bytes": str(picture)}, **fields}:
                return Moment(**fields, picture=b64decode(picture), text=step["text"])
        return Text(step["text"])

    def frame(self, fields: dict[str, Any]) -> frames.RelayFrame:
        (frame,) = codec.decode_relay(json.dumps([fields]).encode(), Subprotocol.JSON)
        return frame

    def reload(self) -> list[notes.Effect]:
        stored = self.replica.dump()
        self.replica = self.fresh("tab-2")
        self.replica.load(stored)
        return []

    def seen(self, step: dict[str, Any], effects: list[notes.Effect]) -> dict[str, Any]:
        """What came of a step, in the words of the expectations that it names."""
        replica = self.replica
        sent = [plain(frame) for effect in effects if isinstance(effect, notes.Transmit) for frame in effect.frames]
        return {
            "sends": sent,
            "tells": [plain_note(effect) for effect in effects if not isinstance(effect, notes.Transmit)],
            "shows": {key: replica.value(key) for key in step.get("shows", ())},
            "keys": replica.keys(),
            "pending": {key: (state := replica.state(key)) and state.pending for key in step.get("pending", ())},
            "outstanding": [key for key in replica.keys("") if replica.outstanding(key)],
            "shares": sorted(replica.shares),
            "log": [entry.at for entry in replica.log],
            "bodies": [plain_body(entry.body)["kind"] for entry in replica.log],
            "messages": [shown(message) for message in replica.messages],
            "log_older": replica.log_older,
            "waiting": replica.waiting,
            "phase": replica.phase.value,
            "locked": replica.locked,
            "own_role": replica.role,
            "people": sorted(replica.people),
            "shown_about": {peer: person.about for peer, person in replica.people.items()},
        }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_replica_plays_the_scenario(path: Path) -> None:
    player = Player()
    for number, step in enumerate(read(path)["steps"], 1):
        seen = player.seen(step, player.play(step))
        for name in step.keys() & seen.keys():
            assert lists(step[name], seen[name]), f"step {number}, {name}: expected {step[name]}, saw {seen[name]}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_names_rules_of_the_protocol(path: Path) -> None:
    known = set(re.findall(r"^- \*\*([A-Z]\d+)\*\*", PROTOCOL.read_text(), re.MULTILINE))
    assert set(read(path)["rules"]) <= known
