"""Somebody in a `RoomBench` who brings photos: `upload(ada)`."""

from __future__ import annotations

import hashlib

from cowidget.core import limits
from cowidget.core.frames import Chunk, Frame, Pull, Said, Upload
from tests.support.room_answers import clean_photo
from tests.support.rooms import Peer

CAT = b"cat" + bytes(500_000)
PHOTO = clean_photo(CAT)[0]


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def offer(peer: Peer, data: bytes) -> None:
    peer.send(Upload(named(data), len(data)))


def answer(peer: Peer, data: bytes) -> None:
    """Send what the room asks for, as long as it does."""
    done = 0
    while len(pulls := [pull for pull in peer.sees(Pull) if pull.blob == named(data)]) > done:
        pull = pulls[done]
        done += 1
        for at in range(pull.at, min(pull.at + pull.count, len(data)), limits.CHUNK_BYTES):
            end = min(at + limits.CHUNK_BYTES, pull.at + pull.count)
            peer.send(Chunk(pull.blob, at, len(data), data[at:end]))


def upload(peer: Peer, data: bytes = CAT) -> None:
    offer(peer, data)
    answer(peer, data)


def last(peer: Peer, kind: type[Frame]) -> Frame:
    return peer.sees(kind)[-1]


def said(peer: Peer) -> list[object]:
    return [entry.body for each in peer.sees(Said) for entry in each.entries]
