"""Photos with a real relay and real sockets: what comes out of what was sent, who gets it, and when it is gone."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from PIL import ExifTags

from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Absent, Ack, Declined, Pull, Revoke, Said, Upload, Uploaded
from cowidget.core.values import Erase, Photo, Photos, Text
from tests.support.photo_clients import (
    Sent,
    answer_pulls,
    chunks,
    fetch,
    photo_path,
    post,
    pulled,
    raw_hash,
    show,
    upload,
    uploaded,
)
from tests.support.photos import (
    SECRET,
    alike,
    camera,
    corner_colours,
    corners,
    empty_png,
    encoded,
    noise,
    opened,
    parts,
    scene,
    stored,
)
from tests.support.running_relay import RunningRelay, running_relay
from tests.support.wire_client import WireClient, guest_client, invite, owner_client

PHONE = encoded(stored(corners((900, 600)), 6), "JPEG", exif=camera(6))


@pytest.fixture(scope="module")
def relay() -> Iterator[RunningRelay]:
    with running_relay() as relay:
        yield relay


@pytest.fixture
def own_relay() -> Iterator[RunningRelay]:
    """For one test, which kills it."""
    with running_relay() as relay:
        yield relay


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """For one test: its name."""
    return hashlib.sha256(request.node.name.encode()).hexdigest()[:16]


@asynccontextmanager
async def guest_in(
    relay: RunningRelay,
    room: str,
    role: str = "participant",
    subprotocol: Subprotocol = Subprotocol.MSGPACK,
) -> AsyncIterator[WireClient]:
    """A guest in the room of an owner who stays."""
    async with owner_client(relay.websocket, room) as owner:
        await invite(owner, role=role)
        async with guest_client(relay.websocket, room=room, subprotocol=subprotocol) as guest:
            yield guest


# What comes out.


@pytest.mark.rule("U3", "U4")
async def test_a_phones_photo_comes_out_upright_and_without_its_place(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        data = await pulled(guest, photo.sha256)
    image = opened(data)
    assert (photo.sha256, photo.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (image.size, (photo.width, photo.height)) == ((900, 600), (900, 600))
    assert alike(corner_colours(image), corner_colours(corners((900, 600))))
    assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert SECRET.encode() not in data
    assert "APP1" not in parts(data)


@pytest.mark.rule("U4")
async def test_thumbnail_and_placeholder_show_the_same(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        thumb = opened(await pulled(guest, photo.thumb))
    assert max(thumb.size) == 400
    assert alike(corner_colours(thumb), corner_colours(corners((900, 600))))
    assert len(photo.placeholder) <= 256
    assert alike(corner_colours(opened(photo.placeholder)), corner_colours(corners((900, 600))), 40)


@pytest.mark.rule("U1")
async def test_a_viewer_may_send_photos_and_go_on_writing_meanwhile(relay: RunningRelay, room: str) -> None:
    data = encoded(noise((1200, 800)), "PNG")
    async with guest_in(relay, room, role="viewer") as guest:
        await guest.send(Upload(raw_hash(data), len(data)))
        pull = await guest.sees(Pull)
        assert await post(guest, Text("meanwhile")) is None
        for chunk in chunks(data, pull):
            await guest.send(chunk)
        answer = await answer_pulls(guest, data)
    assert isinstance(answer, Uploaded)


@pytest.mark.rule("M3")
async def test_a_photo_travels_in_json_too(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room, subprotocol=Subprotocol.JSON) as guest:
        photo = await uploaded(guest, PHONE)
        assert hashlib.sha256(await pulled(guest, photo.sha256)).hexdigest() == photo.sha256


@pytest.mark.rule("U3")
async def test_the_same_bytes_are_answered_at_once(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room) as guest:
        first = await uploaded(guest, PHONE)
        again = Sent()
        answer = await upload(guest, PHONE, again)
        # The same pixels in another file: cleaned, and found to be the same photo.
        other = encoded(stored(corners((900, 600)), 6), "JPEG", exif=camera(6), comment=b"again")
        same = await uploaded(guest, other)
    assert (answer, again.count) == (Uploaded(raw_hash(PHONE), first), 0)
    assert same.sha256 == first.sha256


async def test_thirty_megabytes_of_one_guest_do_not_use_up_its_budget(relay: RunningRelay, room: str) -> None:
    many = [encoded(noise((1750, 1750), seed), "PNG") for seed in (1, 2, 3)]
    assert sum(map(len, many)) > 27_000_000
    async with guest_in(relay, room) as guest:
        answers = [await upload(guest, data) for data in many]
    assert [type(answer) for answer in answers] == [Uploaded] * 3


# What does not.


# What is sent, the slug that it is declined with, and a word of what to do.
NO_PHOTOS = (
    (b"<!doctype html><script>alert(1)</script>", "web-page", "web page"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "svg", "PNG"),
    (PHONE[: len(PHONE) // 2], "truncated", "again"),
    (empty_png(10_000, 10_000), "too-many-pixels", "smaller"),
    (b"\0\0\0\x18ftypheic" + bytes(40), "heic", "screenshot"),
)


@pytest.mark.rule("U3")
async def test_what_is_no_photo_is_declined_with_what_to_do_and_the_session_lives_on(
    relay: RunningRelay, room: str
) -> None:
    async with guest_in(relay, room) as guest:
        for data, slug, word in NO_PHOTOS:
            answer = await upload(guest, data)
            assert isinstance(answer, Declined)
            assert (answer.slug, answer.blob, word in answer.text) == (slug, raw_hash(data), True)
        assert isinstance(await upload(guest, PHONE), Uploaded)


@pytest.mark.rule("U3")
async def test_bytes_that_are_not_those_of_the_hash_are_declined(relay: RunningRelay, room: str) -> None:
    other = PHONE[:-1] + b"\0"
    async with guest_in(relay, room) as guest:
        await guest.send(Upload(raw_hash(PHONE), len(PHONE)))
        pull = await guest.sees(Pull)
        for chunk in chunks(other, pull):
            await guest.send(chunk)
        declined = await guest.sees(Declined)
    assert (declined.slug, declined.text.endswith("Send it again.")) == ("hash", True)


@pytest.mark.rule("U5")
async def test_a_photo_of_another_room_cannot_be_posted(relay: RunningRelay, room: str) -> None:
    async with owner_client(relay.websocket, f"{room}-2") as elsewhere, guest_in(relay, room) as guest:
        photo = await uploaded(elsewhere, PHONE)
        refused = await show(guest, photo)
    assert refused is not None
    assert (refused.slug, "Send it again" in refused.text) == ("unknown", True)


# What everybody sees.


@pytest.mark.rule("U5")
async def test_all_but_the_words_is_the_relays(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        claimed = Photo(photo.sha256, "0" * 64, "image/png", 1, 1, 1, b"x", 9, "A cat", "cat.jpg")
        assert await show(guest, claimed, text="Look") is None
        (entry,) = (await guest.sees(Said, lambda said: bool(said.entries))).entries
    assert entry.body == Photos((replace(photo, alt="A cat", name="cat.jpg"),), "Look")


@pytest.mark.rule("U8")
async def test_a_photo_and_its_thumbnail_come_by_http_with_safe_headers(relay: RunningRelay, room: str) -> None:
    async with guest_in(relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        whole = await fetch(
            relay, photo_path(photo.sha256, guest.welcome.photo_pass, room, prefix="/user/ada/proxy/8123")
        )
        thumb = await fetch(relay, photo_path(photo.thumb, guest.welcome.photo_pass, room))
        head = await fetch(relay, photo_path(photo.thumb, guest.welcome.photo_pass, room), "HEAD")
    assert (whole.status, hashlib.sha256(whole.body).hexdigest()) == (200, photo.sha256)
    assert hashlib.sha256(thumb.body).hexdigest() == photo.thumb
    assert (head.body, int(head.headers["Content-Length"])) == (b"", len(thumb.body))
    assert {name: whole.headers[name] for name in SAFE} == SAFE
    assert thumb.headers["Content-Type"] == "image/webp"


SAFE = {
    "Content-Type": "image/jpeg",
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}


@pytest.mark.rule("U8")
async def test_without_a_good_pass_there_is_nothing_to_see(relay: RunningRelay, room: str) -> None:
    async with owner_client(relay.websocket, f"{room}-2") as elsewhere, guest_in(relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        good = guest.welcome.photo_pass
        bad = ("", "x", good[:-1] + ("0" if good[-1] != "0" else "1"), elsewhere.welcome.photo_pass, "ä.ö.ü.ß")
        answers = [await fetch(relay, photo_path(photo.sha256, quote(each), room)) for each in bad]
        without = await fetch(relay, f"/r/{room}/photos/{photo.sha256}")
        unknown = [await fetch(relay, photo_path(each, good, room)) for each in ("0" * 64, "..", "x")]
    assert {answer.status for answer in (*answers, without)} == {403}
    assert {answer.status for answer in unknown} == {404}
    assert all(len(answer.body) < 20 for answer in (*answers, without, *unknown))


@pytest.mark.rule("U8")
async def test_a_withdrawn_invitation_takes_its_pass_along(relay: RunningRelay, room: str) -> None:
    async with owner_client(relay.websocket, room) as owner:
        await invite(owner)
        async with guest_client(relay.websocket, room=room) as guest:
            photo = await uploaded(guest, PHONE)
            path = photo_path(photo.sha256, guest.welcome.photo_pass, room)
            before = await fetch(relay, path)
            push = await owner.push(Revoke, invitation="for guest")
            await owner.sees(Ack, lambda ack: ack.id >= push)
            after = await fetch(relay, path)
    assert (before.status, after.status) == (200, 403)


@pytest.mark.rule("U9")
async def test_everybody_in_the_room_may_pull_a_photo(relay: RunningRelay, room: str) -> None:
    async with owner_client(relay.websocket, room) as owner:
        await invite(owner, role="viewer")
        photo = await uploaded(owner, PHONE)
        async with guest_client(relay.websocket, room=room) as guest:
            data = await pulled(guest, photo.sha256)
            await guest.send(Pull("0" * 64, 0, 10))
            absent = await guest.sees(Absent)
    assert (hashlib.sha256(data).hexdigest(), absent) == (photo.sha256, Absent("0" * 64))


async def test_a_killed_relay_still_has_the_photos_each_of_them_once(own_relay: RunningRelay, room: str) -> None:
    other = encoded(stored(corners((900, 600)), 6), "JPEG", exif=camera(6), comment=b"again")
    async with guest_in(own_relay, room) as guest:
        photo = await uploaded(guest, PHONE)
        assert (await uploaded(guest, other)).sha256 == photo.sha256
        await show(guest, photo)
        path = photo_path(photo.sha256, guest.welcome.photo_pass, room)
        own_relay.kill()
    await asyncio.to_thread(own_relay.start)
    # Nobody has come back yet: the pass opens the room.
    answer = await fetch(own_relay, path)
    assert (answer.status, hashlib.sha256(answer.body).hexdigest()) == (200, photo.sha256)
    async with guest_in(own_relay, room) as guest:
        assert (await upload(guest, PHONE)) == Uploaded(raw_hash(PHONE), photo)
    own_relay.stop()
    assert _count(own_relay, "photos") == 1


# Its end.


@pytest.mark.rule("U6")
async def test_erasing_the_last_message_takes_the_bytes_out_of_the_file(relay: RunningRelay, room: str) -> None:
    data = encoded(scene((640, 480)), "JPEG", quality=90)
    async with guest_in(relay, room) as guest:
        photo = await uploaded(guest, data)
        kept, small = await pulled(guest, photo.sha256), await pulled(guest, photo.thumb)
        assert all(part in _files(relay) for part in _pieces(kept))
        await show(guest, photo)
        await show(guest, photo, text="again")
        assert await post(guest, Erase(1)) is None
        still = await fetch(relay, photo_path(photo.sha256, guest.welcome.photo_pass, room))
        assert await post(guest, Erase(2)) is None
        gone = await fetch(relay, photo_path(photo.sha256, guest.welcome.photo_pass, room))
        refused = await show(guest, photo)
    assert (still.status, gone.status, refused and refused.slug) == (200, 404, "unknown")
    # While it runs, not only when it has ended; the store may come to it after it has answered.
    erased = (*_pieces(kept), *_pieces(small), photo.placeholder)
    async with asyncio.timeout(30):
        while any(part in _files(relay) for part in erased):  # noqa: ASYNC110 - it watches files from outside
            await asyncio.sleep(0.05)


def _files(relay: RunningRelay) -> bytes:
    return b"".join(path.read_bytes() for path in relay.folder.glob("rooms.sqlite*"))


def _pieces(data: bytes) -> Iterator[bytes]:
    """Parts that fit into one page of the file."""
    return (data[at : at + 64] for at in range(600, len(data) - 64, 4096))


def _count(relay: RunningRelay, table: str) -> int:
    with closing(sqlite3.connect(relay.folder / "rooms.sqlite")) as file:
        (count,) = file.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)
