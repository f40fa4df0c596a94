"""What every store promises of photos (PROTOCOL.md U5, U6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowidget.core.effects import Entry, PhotoRecord
from cowidget.core.frames import Post, Search
from cowidget.core.values import Body, Edit, Erase, Photo, Photos, Text
from cowidget.errors import Fenced, StoreError
from cowidget.stores.base import Store
from tests.support.shelves import Shelf

A, B, C = (sign * 64 for sign in "abc")


def photo(sha256: str, thumb: str = C) -> Photo:
    return Photo(sha256, thumb, "image/jpeg", 40, 30, 5, b"tiny")


def record(sha256: str, *raws: str, thumb: str = C) -> PhotoRecord:
    return PhotoRecord(photo(sha256, thumb), raws, 7.5)


class Room:
    """A room whose owner posts."""

    def __init__(self, store: Store, fence: int) -> None:
        self.store, self.fence, self.last_id = store, fence, 0

    async def keep(self, *records: PhotoRecord, data: bytes = b"bytes", thumb: bytes = b"small") -> None:
        for each in records:
            await self.store.keep_photo("lab", self.fence, each, data, thumb)

    async def post(self, *bodies: Body) -> list[tuple[int | str, tuple[str, ...]]]:
        """Of each its offset, or why there is none; and the photos that are gone."""
        first = self.last_id + 1
        self.last_id += len(bodies)
        entries = [Entry("ada", n, "owner", 1.0, Post(n, body)) for n, body in enumerate(bodies, first)]
        ordered = await self.store.append("lab", self.fence, entries)
        return [(each.refusal if each.at is None else each.at, each.gone) for each in ordered]

    async def read(self, *hashes: str) -> list[bytes | None]:
        return [await self.store.read_photo("lab", each) for each in hashes]


async def room_in(store: Store) -> Room:
    return Room(store, (await store.create("lab")).fence)


def show(*hashes: str, text: str = "") -> Photos:
    return Photos(tuple(map(photo, hashes)), text)


async def test_a_photo_and_its_thumbnail_are_read_by_their_hashes(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    assert await room.read(A, C, B) == [b"bytes", b"small", None]


async def test_photos_belong_to_their_room(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    other = await store.create("hall")
    assert (await store.read_photo("hall", A), other.photos) == (None, [])


async def test_a_photo_is_kept_once_with_all_that_it_was_made_of(shelf: Shelf) -> None:
    room = await room_in(await shelf.opened())
    await room.keep(record(A, "r1"))
    await room.keep(record(A, "r2"), data=b"other", thumb=b"other")
    assert await room.read(A) == [b"bytes"]
    opened = await (await shelf.reopened()).open("lab")
    assert opened is not None
    assert [replace(each, raws=tuple(sorted(each.raws))) for each in opened.photos] == [record(A, "r1", "r2")]


@pytest.mark.rule("U6")
async def test_a_restart_knows_which_photos_messages_show(shelf: Shelf) -> None:
    room = await room_in(await shelf.opened())
    await room.keep(record(A), record(B))
    await room.post(show(B))
    opened = await (await shelf.reopened()).open("lab")
    assert opened is not None
    assert [(each.photo.sha256, each.shown) for each in opened.photos] == [(A, False), (B, True)]


@pytest.mark.rule("U5")
async def test_what_is_not_kept_cannot_be_shown(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    assert await room.post(show(A, B), show(A)) == [("unknown", ()), (1, ())]


@pytest.mark.rule("U5", "S3")
async def test_the_id_of_refused_photos_counts_as_taken(store: Store) -> None:
    room = await room_in(store)
    await room.post(show(A))
    await room.keep(record(A))
    room.last_id = 0
    assert await room.post(show(A)) == [("", ())]


@pytest.mark.rule("U6")
async def test_the_last_message_that_is_erased_takes_the_photo_along(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A, "r1"), record(B))
    await room.post(show(A, B), show(A), Text("more"))
    assert await room.post(Erase(1), Erase(3)) == [(4, (B,)), (5, ())]
    assert await room.read(A, B, C) == [b"bytes", None, b"small"]
    assert await room.post(Erase(2)) == [(6, (A,))]
    assert await room.read(A, C) == [None, None]


@pytest.mark.rule("U6")
async def test_a_message_counts_once_however_often_it_names_a_photo(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    await room.post(show(A, A))
    assert await room.post(Erase(1)) == [(2, (A,))]


@pytest.mark.rule("U6")
async def test_in_one_batch_the_order_decides(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    assert await room.post(show(A), show(A), Erase(1), Erase(2), show(A)) == [
        (1, ()),
        (2, ()),
        (3, ()),
        (4, (A,)),
        ("unknown", ()),
    ]


@pytest.mark.rule("U6")
async def test_a_photo_that_is_gone_may_come_again(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A, "r1"))
    await room.post(show(A), Erase(1))
    await room.keep(record(A, "r1"))
    assert (await room.read(A), await room.post(show(A))) == ([b"bytes"], [(3, ())])


async def test_what_is_shown_is_not_dropped(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A, "r1"), record(B, "r2"))
    await room.post(show(A))
    await store.drop_photos("lab", room.fence, [A, B, "0" * 64])
    opened = await store.open("lab")
    assert opened is not None
    assert [each.raws for each in opened.photos] == [("r1",)]
    assert await room.read(A, B) == [b"bytes", None]


async def test_a_thumbnail_of_two_photos_goes_with_the_second(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A), record(B))
    await store.drop_photos("lab", room.fence, [A])
    assert await room.read(C) == [b"small"]
    await store.drop_photos("lab", room.fence, [B])
    assert await room.read(C) == [None]


async def test_who_has_lost_the_room_neither_keeps_nor_drops(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    await store.open("lab")
    with pytest.raises(Fenced):
        await room.keep(record(B))
    with pytest.raises(Fenced):
        await store.drop_photos("lab", room.fence, [A])


async def test_a_full_store_keeps_no_photo(store: Store) -> None:
    room = await room_in(store)
    with pytest.raises(StoreError):
        await room.keep(record(A), data=bytes(5 << 20))
    await room.keep(record(A))
    assert await room.read(A) == [b"bytes"]


async def test_what_was_dropped_makes_room(store: Store) -> None:
    room = await room_in(store)
    for n in range(6):
        sha256 = f"{n:064}"
        await room.keep(record(sha256), data=bytes(1 << 20))
        await store.drop_photos("lab", room.fence, [sha256])


@pytest.mark.rule("L6", "L9", "U5")
async def test_photos_are_found_and_edited_by_their_text(store: Store) -> None:
    room = await room_in(store)
    await room.keep(record(A))
    await room.post(show(A, text="a cat"), Edit(1, "a dog"))
    assert (await store.search_log("lab", Search("cat"))).entries == []
    (hit,) = (await store.search_log("lab", Search("dog"))).entries
    assert hit.entry.push == Post(1, show(A, text="a dog"))
