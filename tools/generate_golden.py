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
    Edit,
    Erase,
    Erased,
    Invitation,
    KeyState,
    LogEntry,
    Model,
    Module,
    Moment,
    Moved,
    Person,
    Photo,
    Photos,
    Position,
    React,
    Settlement,
    Share,
    Snapshot,
    Table,
    TableColumn,
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
VALUE = {"list": [1, -2.5, None, True, "ä"], "bytes": b"\x00\xff", "$bytes": {"nested": b""}, "deep": {"$bytes": "no"}}
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
ACTS = (Text("yes", reply=7), Edit(7, "**ho** 👋"), Erase(8), React(7, "👍"), React(7, "👍", on=False))
ACTED = tuple(LogEntry(n, "p1", n, "Ada ♥", "#008080", 1767225602.5, act) for n, act in enumerate(ACTS, 9))
PHOTO = Photo(SHA, "cd" * 32, "image/jpeg", 2048, 1536, 412_345, b"RIFF\x00\xff", alt="Ann ♥ at sea", name="IMG 1.jpg")
MOVING = Photo("ef" * 32, "01" * 32, "image/webp", 320, 200, 98_765, b"", frames=12)
ALBUM = LogEntry(16, "p1", 16, "Ada ♥", "#008080", 1767225604.5, Photos((PHOTO, MOVING), "**look** 👀", reply=7))
TABLE = Table(
    (TableColumn("", "int64", "integer"), TableColumn("Ort ♥", "object"), TableColumn("ok", "boolean", "boolean")),
    ((0, "Köln", True), (1, None, False), (2, "", None)),
    height=1000,
    width=2,
    index=1,
    text="**head**",
)
SNAPSHOT = Snapshot("slider", {"slider/value": VALUE, "slider/children.0/x": 0.5}, MOMENT.picture, "so", reply=7)
SHOWN_SO = tuple(LogEntry(n, "p1", n, "Ada ♥", "", 1767225605.5, body) for n, body in ((17, TABLE), (18, SNAPSHOT)))
# What is left of a message, and of an edit of it.
LEFT = tuple(LogEntry(n, "p1", n, "Ada ♥", "", 1767225603.5, left) for n, left in ((14, Erased()), (15, Erased(14))))
SPEC = FeedSpec((Column("price", unit="€"), Column("side", "text")), keep_rows=1000, keep_seconds=60.5, title="Trades")
STATUS = FeedStatus(
    "retrying", "The host closed.", 1767225600.5, 1767225602.5, 2, 3, 4, (FeedError(1767225600.5, "x"),)
)

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
    frames.Search("good words", before=40, count=10),
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
    *(frames.Post(n, act) for n, act in enumerate(ACTS, 11)),
    frames.Post(17, ALBUM.body),
    frames.Post(18, TABLE),
    frames.Post(19, SNAPSHOT),
    frames.Grant(10, INVITATION),
    frames.Revoke(11, "guests"),
    frames.Stop(12),
    frames.Lock(13, on=True),
    frames.Lock(14, on=False),
    frames.Remove(15, "p2"),
    frames.Entrust(16, "p2", "participant"),
    frames.Pull(SHA, 262_144, 65_536),
    frames.Chunk(SHA, 0, 3, b"abc"),
    frames.Absent(SHA),
    frames.Upload(SHA, 3_145_728),
    frames.Uploaded("23" * 32, PHOTO),
    frames.Declined(SHA, "heic", "This is a HEIC photo. Save it as a JPEG first."),
    frames.Pass("491001.1.Z3Vlc3Rz.0f"),
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
        locked=True,
        photo_pass="491000.1.Z3Vlc3Rz.0f",  # noqa: S106 - an example
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
    frames.Said((ENTRY, SHOWN, *ACTED, *LEFT, ALBUM, *SHOWN_SO), reset=True, more=True, older=True),
    frames.Found("good words", (SHOWN, ENTRY), before=40, more=True),
    frames.People((PERSON,), ("p2",), (Moved("p3", {"x": None}, name="Bob"),)),
    frames.Room(locked=True),
    frames.Room(),
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
