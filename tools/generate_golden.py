"""Write one golden message per frame type: `python tools/generate_golden.py`.

`tests/wire/golden/<type>.json` holds the bytes of a message in both encodings. Both languages read them;
a change of the wire shows up as a change of these files.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import get_args

from cowidget.core import codec, frames
from cowidget.core.codec import Subprotocol
from cowidget.core.feed_values import Column, FeedError, FeedSpec, FeedStatus, Source
from cowidget.core.values import (
    Change,
    Classic,
    Invitation,
    KeyState,
    LogEntry,
    Model,
    Module,
    Moment,
    Moved,
    Person,
    Position,
    Settlement,
    Share,
    Text,
)

TARGET = Path(__file__).resolve().parent.parent / "tests" / "wire" / "golden"
SHA = "ab" * 32
INVITATION = Invitation("guests", "participant", SHA, generation=2, expires=1767225600.5, people=20)
BUTTON = Classic(
    "@jupyter-widgets/controls",
    "2.0.0",
    "ButtonModel",
    "@jupyter-widgets/controls",
    "2.0.0",
    "ButtonView",
)
SHARE = Share(
    "slider",
    (
        Model("", "Slider", ("value", "label"), ("value",), code=SHA, style="cd" * 32, messages=True),
        Model("children.0", "Dot", ("x",), local=("x",), events=("ping",)),
        Model("children.1", "Button", ("icon",), classic=BUTTON),
    ),
    modules=(Module("@jupyter-widgets/base", SHA),),
    hidden=True,
    title="A slider",
    order=1,
    by="k1",
)
PERSON = Person("p1", "Ada ♥", "#008080", "participant", about={"x": 0.5, "typing": True})
ENTRY = LogEntry(7, "p1", 3, "Ada ♥", "#008080", 1767225600.25, Text("**hi** 👋"))
# The first bytes of a PNG: what tells that it is one.
MOMENT = Moment("chart", 1767225600.25, 1767225660.5, b"\x89PNG\r\n\x1a\n", "**look** 👀")
SHOWN = LogEntry(8, "p1", 4, "Ada ♥", "#008080", 1767225601.25, MOMENT)
SPEC = FeedSpec((Column("price", unit="€"), Column("side", "text")), keep_rows=1000, keep_seconds=60.5, title="Trades")
STATUS = FeedStatus(
    "retrying", "The host closed.", 1767225600.5, 1767225602.5, 2, 3, 4, (FeedError(1767225600.5, "x"),)
)
VALUE = {"list": [1, -2.5, None, True, "ä"], "bytes": b"\x00\xff", "$bytes": {"nested": b""}, "deep": {"$bytes": "no"}}

FRAMES: tuple[frames.Frame, ...] = (
    frames.Challenge("ticket-1", "nonce"),
    frames.Hello(
        frames.VERSION,
        "demo",
        "tab-1",
        secret="s3cret",  # noqa: S106 - an example
        name="Ada ♥",
        color="#008080",
        kind="panel",
        peer="p1",
        proof="proof",
        state=Position("e1", 12),
        log=Position("e2", 7),
        create="operator",
    ),
    frames.Ping(1234.5),
    frames.Presence({"x": 0.5, "typing": None}, name="Ada"),
    frames.Failed("slider/children.0", "render", "TypeError: x is no function ♥"),
    frames.Page(before=40, count=20),
    frames.Set(
        4,
        (
            Change("slider/value", VALUE),
            Change("slider/label", blob=SHA, size=70_000),
            Change("/gone", deleted=True),
        ),
    ),
    frames.Settle(
        5,
        (
            Settlement("slider/value", 12, "commit"),
            Settlement("slider/label", 13, "reject", reason="Too long."),
            Settlement("slider/children.0/x", 14, "rebase", value=2.5),
        ),
    ),
    frames.Declare(6, SHARE, (Change("slider/value", 3), Change("slider/label", None)), restore=False),
    frames.Unshare(7, "slider"),
    frames.Emit(8, "slider", {"click": [1, 2]}, (b"\x01\x02", b""), to="p2", trait="ping", count=3),
    frames.Post(9, Text("**hi** 👋")),
    frames.Post(10, MOMENT),
    frames.Grant(10, INVITATION),
    frames.Revoke(11, "guests"),
    frames.Stop(12),
    frames.Pull(SHA, 262_144, 65_536),
    frames.Chunk(SHA, 0, 3, b"abc"),
    frames.Absent(SHA),
    frames.Proof("0f" * 32),
    frames.Welcome(
        "p1",
        "proof",
        "owner",
        4,
        Position("e1", 12),
        Position("e2", 7),
        (PERSON, Person("k1", "", "", "owner", "kernel")),
        1767225600.75,
        invitation="guests",
        invitations=(INVITATION,),
        reset=True,
        missed=True,
    ),
    frames.Patch(
        12,
        (
            KeyState("slider/value", 12, "p1", VALUE, pending=True),
            KeyState("slider/label", 11, "k1", blob=SHA, size=70_000),
        ),
        (SHARE,),
        ("chart", "/gone"),
        reset=True,
        more=True,
    ),
    frames.Event(13, 8, "k1", "slider", {"click": [1, 2]}, (b"\x01\x02", b""), trait="ping", count=3),
    frames.Said((ENTRY, SHOWN), reset=True, more=True, older=True),
    frames.People((PERSON,), ("p2",), (Moved("p3", {"x": None}, name="Bob"),)),
    frames.Ack(4),
    frames.Refused(4, "not-writable", "This trait is read-only.", ("slider/label",)),
    frames.Notice("not-writable", "Somebody wants to write.", "slider/label", "p1", "allow=['label']"),
    frames.Feed(
        "ticks",
        SPEC,
        Source(
            "wss://host/trades", {"t": "T:ms"}, {"Authorization": "secret"}, ('{"op":"subscribe"}',), "data", every=2.5
        ),
        end=41,
    ),
    frames.Rows("ticks", b"\x02\x00\x02", b"\x01\x00\x03"),
    frames.Report("ticks", STATUS),
    frames.Watch("ticks", "e3", 41, level=2),
    frames.Unwatch("ticks"),
    frames.Drawn("ticks", 41),
    frames.Fetch("ticks", 3, 0, 65_536, level=1),
    frames.Fed("ticks", "e3", 41),
    frames.Watched("ticks", SPEC, STATUS, "e3", 7, 41, (b"\x02\x00",)),
    frames.Fetched("ticks", 3, (b"\x01\x00", b"\x01\x01"), more=True),
    frames.Pong(1234.5),
    frames.Ending(4502, "revoked"),
)


def main() -> int:
    """Write every file."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in golden().items():
        (TARGET / name).write_text(text)
    sys.stdout.write(f"wrote {len(golden())} files to {TARGET}\n")
    return 0


def golden() -> dict[str, str]:
    """Each file's name and what it should hold."""
    types = dict.fromkeys(map(_type, FRAMES))
    return {f"{name}.json": _text([frame for frame in FRAMES if _type(frame) == name]) for name in types}


def _type(frame: frames.Frame) -> str:
    return str(frame.__struct_config__.tag)


def _text(alike: list[frames.Frame]) -> str:
    directions = {"client": frames.ClientFrame, "relay": frames.RelayFrame}
    messages = {each: codec.join([codec.encode(frame, each) for frame in alike], each) for each in Subprotocol}
    content = {
        "sentBy": [name for name, union in directions.items() if isinstance(alike[0], get_args(union))],
        "json": messages[Subprotocol.JSON].decode(),
        "msgpack": b64encode(messages[Subprotocol.MSGPACK]).decode(),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
