"""What every store promises (`stores/base.py`): one suite, a fixture for each implementation."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from cowidget.core import limits
from cowidget.core.effects import Entry, Opened, Ordered, Row
from cowidget.core.frames import Emit, Page, Post, Set
from cowidget.core.values import Change, Text
from cowidget.errors import Fenced, StoreError
from cowidget.stores.base import Store
from tests.support.shelves import Shelf

MIB = 1 << 20


def sets(author: str, id: int, value: object = 0) -> Entry:
    push = Set(id=max(id, 1), changes=(Change(key="/n", value=value),))
    return Entry(author=author, id=id, role="participant", time=1.0, push=push)


def posts(author: str, id: int, text: str = "hello") -> Entry:
    return Entry(author=author, id=id, role="viewer", time=1.0, push=Post(id=id, body=Text(text=text)))


def emits(author: str, id: int) -> Entry:
    push = Emit(id=id, model="slider", content={"do": "it"}, buffers=(b"\x00" * 64,))
    return Entry(author=author, id=id, role="owner", time=1.0, push=push)


def places(ordered: list[Ordered]) -> list[int | None]:
    return [each.at for each in ordered]


async def open_again(store: Store) -> Opened:
    opened = await store.open("lab")
    assert opened is not None
    return opened


async def test_a_room_that_was_never_created_is_not_there(store: Store) -> None:
    assert await store.open("lab") is None


async def test_a_created_room_starts_empty(store: Store) -> None:
    room = await store.create("lab")
    assert (room.state.at, room.log.at, room.rows, room.journal, room.tail) == (0, 0, [], [], [])
    assert (room.acked, room.blobs) == ({}, frozenset())


async def test_creating_a_room_that_is_there_opens_it(store: Store) -> None:
    first = await store.create("lab")
    await store.append("lab", first.fence, [posts("ada", 1)])
    second = await store.create("lab")
    assert second.log == type(second.log)(first.log.epoch, 1)


async def test_positions_follow_the_order_given_and_log_and_state_count_apart(store: Store) -> None:
    room = await store.create("lab")
    ordered = await store.append(
        "lab", room.fence, [sets("ada", 1), posts("ada", 2), sets("bob", 1), posts("bob", 2), sets("ada", 3)]
    )
    assert places(ordered) == [1, 1, 2, 2, 3]


async def test_positions_continue_in_the_next_append(store: Store) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [sets("ada", 1), sets("ada", 2)])
    assert places(await store.append("lab", room.fence, [sets("ada", 3)])) == [3]


async def test_appends_that_are_called_at_once_keep_their_order_and_leave_no_hole(store: Store) -> None:
    room = await store.create("lab")
    calls = [store.append("lab", room.fence, [sets("ada", id), posts("bob", id)]) for id in range(1, 60)]
    answers = await asyncio.gather(*calls)
    assert [places(answer) for answer in answers] == [[id, id] for id in range(1, 60)]


async def test_rooms_do_not_see_each_other(store: Store) -> None:
    lab = await store.create("lab")
    hall = await store.create("hall")
    await store.append("lab", lab.fence, [sets("ada", 1), posts("ada", 2)])
    assert places(await store.append("hall", hall.fence, [sets("ada", 1), posts("ada", 2)])) == [1, 1]


async def test_a_resent_push_gets_no_position_and_changes_nothing(store: Store) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", 1, "once")])
    assert places(await store.append("lab", room.fence, [posts("ada", 1, "twice")])) == [None]
    assert [each.entry.push.body.text for each in await store.read_log("lab", Page())] == ["once"]


async def test_an_id_below_the_last_one_is_a_duplicate_also_in_the_other_sequence(store: Store) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", 5)])
    assert places(await store.append("lab", room.fence, [sets("ada", 4), sets("bob", 4)])) == [None, 1]


async def test_a_push_that_is_twice_in_one_append_counts_once(store: Store) -> None:
    room = await store.create("lab")
    assert places(await store.append("lab", room.fence, [sets("ada", 1), sets("ada", 1)])) == [1, None]


async def test_the_relays_own_entries_are_never_duplicates(store: Store) -> None:
    room = await store.create("lab")
    assert places(await store.append("lab", room.fence, [sets("", 0), sets("", 0)])) == [1, 2]
    assert (await open_again(store)).acked == {}


async def test_the_last_ids_come_back_when_the_room_is_opened(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.append("lab", room.fence, [sets("ada", 7), posts("bob", 3), posts("bob", 2)])
    assert (await open_again(await shelf.reopened())).acked == {"ada": 7, "bob": 3}


async def test_a_duplicate_is_known_after_a_restart(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", 1)])
    store = await shelf.reopened()
    room = await open_again(store)
    assert places(await store.append("lab", room.fence, [posts("ada", 1), posts("ada", 2)])) == [None, 2]


async def test_a_message_of_a_model_takes_a_position_but_is_not_kept(store: Store) -> None:
    room = await store.create("lab")
    ordered = await store.append("lab", room.fence, [sets("ada", 1), emits("ada", 2), sets("ada", 3)])
    again = await open_again(store)
    assert places(ordered) == [1, 2, 3]
    assert (places(list(again.journal)), again.state.at) == ([1, 3], 3)


async def test_opening_a_room_fences_the_one_who_had_it(store: Store) -> None:
    before = await store.create("lab")
    after = await open_again(store)
    assert after.fence > before.fence
    with pytest.raises(Fenced):
        await store.append("lab", before.fence, [sets("ada", 1)])
    with pytest.raises(Fenced):
        await store.save("lab", before.fence, [Row("k", b"1")], [], 0)
    assert places(await store.append("lab", after.fence, [sets("ada", 1)])) == [1]


async def test_a_fenced_append_does_not_disturb_the_others_of_its_commit(store: Store) -> None:
    old = await store.create("lab")
    new = await open_again(store)
    fenced, kept = await asyncio.gather(
        store.append("lab", old.fence, [sets("ada", 1)]),
        store.append("lab", new.fence, [sets("bob", 1)]),
        return_exceptions=True,
    )
    assert isinstance(fenced, Fenced)
    assert places(kept) == [1]


async def test_saved_rows_and_the_journal_after_them_come_back(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.append("lab", room.fence, [sets("ada", id, id) for id in range(1, 6)])
    await store.save("lab", room.fence, [Row("a", b"1"), Row("b", b"2")], [], 3)
    await store.save("lab", room.fence, [Row("b", b"3"), Row("c", b"4")], ["a", "never"], 4)
    again = await open_again(await shelf.reopened())
    assert {row.name: row.value for row in again.rows} == {"b": b"3", "c": b"4"}
    assert [(each.at, each.entry) for each in again.journal] == [(5, sets("ada", 5, 5))]


async def test_entries_come_back_as_they_were(store: Store) -> None:
    entry = sets("ada", 1, {"n": [1, 2.5, None, True, "é", b"\x00\xff", -(2**63), 2**64 - 1]})
    room = await store.create("lab")
    await store.append("lab", room.fence, [entry])
    assert [each.entry for each in (await open_again(store)).journal] == [entry]


async def test_after_a_clean_close_the_state_epoch_stays(shelf: Shelf) -> None:
    store = await shelf.opened()
    before = await store.create("lab")
    await store.close_room("lab", before.fence, frozenset())
    after = await open_again(await shelf.reopened())
    assert after.state.epoch == before.state.epoch


async def test_after_an_unclean_stop_the_state_epoch_is_new_and_the_logs_stays(shelf: Shelf) -> None:
    store = await shelf.opened()
    before = await store.create("lab")
    await store.append("lab", before.fence, [sets("ada", 1), posts("ada", 2)])
    after = await open_again(await shelf.reopened())
    assert after.state.epoch != before.state.epoch
    assert (after.state.at, after.log.at, after.log.epoch) == (1, 1, before.log.epoch)


async def test_a_room_that_is_open_is_not_clean_however_it_was_closed_before(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.close_room("lab", room.fence, frozenset())
    open_room = await open_again(store)
    after = await open_again(await shelf.reopened())
    assert after.state.epoch != open_room.state.epoch


async def test_a_close_with_a_stale_fence_is_ignored(store: Store) -> None:
    stale = await store.create("lab")
    room = await open_again(store)
    await store.put_blob("lab", "b" * 64, b"bytes")
    await store.close_room("lab", stale.fence, frozenset())
    again = await open_again(store)
    assert again.state.epoch != room.state.epoch
    assert again.blobs == {"b" * 64}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(), range(251, 301)),
        (Page(count=3), range(298, 301)),
        (Page(before=1), range(0)),
        (Page(before=3), range(1, 3)),
        (Page(before=101, count=10), range(91, 101)),
        (Page(before=9000, count=2), range(299, 301)),
        (Page(before=0), range(0)),
        (Page(after=0, count=2), range(1, 3)),
        (Page(after=298), range(299, 301)),
        (Page(after=300), range(0)),
        (Page(after=9000), range(0)),
    ],
)
async def test_the_log_is_read_in_pages(store: Store, page: Page, expected: range) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", id, f"line {id}") for id in range(1, 301)])
    read = await store.read_log("lab", page)
    assert [(each.at, each.entry.push.body.text) for each in read] == [(at, f"line {at}") for at in expected]


@pytest.mark.rule("L4")
async def test_of_large_entries_fewer_are_read_at_once_but_at_least_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", id, "x" * 1000) for id in range(1, 10)])

    for limit, first, last in ((3500, [1, 2, 3], [7, 8, 9]), (10, [1], [9])):
        monkeypatch.setattr(limits, "LOG_TAIL_BYTES", limit)
        assert places(await store.read_log("lab", Page(after=0))) == first
        assert places(await store.read_log("lab", Page())) == last
        assert places(list((await open_again(store)).tail)) == last


async def test_opening_brings_the_last_two_hundred_entries_of_the_log(store: Store) -> None:
    room = await store.create("lab")
    await store.append("lab", room.fence, [posts("ada", id) for id in range(1, 251)])
    assert places(list((await open_again(store)).tail)) == list(range(51, 251))


async def test_blobs_come_back_under_their_hash(shelf: Shelf) -> None:
    data = bytes(range(256)) * 300
    blob = hashlib.sha256(data).hexdigest()
    store = await shelf.opened()
    await store.create("lab")
    await store.put_blob("lab", blob, data)
    await store.put_blob("lab", blob, data)
    store = await shelf.reopened()
    assert (await open_again(store)).blobs == {blob}
    assert await store.get_blob("lab", blob) == data
    assert await store.get_blob("lab", "0" * 64) is None


async def test_a_clean_close_drops_the_blobs_that_nobody_needs(store: Store) -> None:
    room = await store.create("lab")
    await store.put_blob("lab", "a" * 64, b"needed")
    await store.put_blob("lab", "b" * 64, b"not needed")
    await store.close_room("lab", room.fence, frozenset({"a" * 64}))
    assert (await open_again(store)).blobs == {"a" * 64}


async def test_dropped_blobs_are_gone_and_the_others_stay(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.put_blob("lab", "a" * 64, b"needed")
    await store.put_blob("lab", "b" * 64, b"not needed")
    await store.drop_blobs("lab", room.fence, ["b" * 64, "c" * 64])
    assert await store.get_blob("lab", "b" * 64) is None
    assert (await open_again(await shelf.reopened())).blobs == {"a" * 64}


async def test_dropped_blobs_make_room_for_others(store: Store) -> None:
    room = await store.create("lab")
    for number in range(12):
        blob = f"{number:064}"
        await store.put_blob("lab", blob, bytes(MIB))
        await store.drop_blobs("lab", room.fence, [blob])
    await store.put_blob("lab", "a" * 64, bytes(2 * MIB))
    assert await store.get_blob("lab", "a" * 64) == bytes(2 * MIB)


async def test_who_has_lost_a_room_drops_none_of_its_blobs(store: Store) -> None:
    stale = await store.create("lab")
    await open_again(store)
    await store.put_blob("lab", "a" * 64, b"needed")
    with pytest.raises(Fenced):
        await store.drop_blobs("lab", stale.fence, ["a" * 64])
    assert await store.get_blob("lab", "a" * 64) == b"needed"


async def test_a_store_that_is_full_says_so_and_keeps_nothing_of_the_append(store: Store) -> None:
    room = await store.create("lab")
    kept = await store.append("lab", room.fence, [posts("ada", 1, "before")])
    with pytest.raises(StoreError):
        await store.append("lab", room.fence, [posts("ada", 2, "lost"), sets("ada", 3, "x" * (8 * MIB))])
    again = await open_again(store)
    assert (again.state.at, again.log.at, again.acked) == (0, 1, {"ada": 1})
    assert [each.entry for each in again.tail] == [each.entry for each in kept]


async def test_a_store_that_was_full_takes_what_fits(store: Store) -> None:
    room = await store.create("lab")
    with pytest.raises(StoreError):
        await store.put_blob("lab", "a" * 64, b"x" * (8 * MIB))
    assert places(await store.append("lab", room.fence, [posts("ada", 1)])) == [1]


async def test_an_append_that_cannot_be_kept_does_not_take_its_neighbours_with_it(store: Store) -> None:
    room = await store.create("lab")
    outcomes = await asyncio.gather(
        store.append("lab", room.fence, [posts("ada", 1)]),
        store.append("lab", room.fence, [sets("bob", 1, "x" * (8 * MIB))]),
        store.append("lab", room.fence, [posts("cy", 1)]),
        return_exceptions=True,
    )
    assert [isinstance(outcome, StoreError) for outcome in outcomes] == [False, True, False]
    assert places(await store.read_log("lab", Page())) == [1, 2]


async def test_a_room_that_is_not_there_cannot_be_written(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.append("lab", 1, [sets("ada", 1)])
    with pytest.raises(StoreError):
        await store.put_blob("lab", "a" * 64, b"")


async def test_a_closed_store_raises(shelf: Shelf) -> None:
    store = await shelf.opened()
    room = await store.create("lab")
    await store.aclose()
    await store.aclose()
    with pytest.raises(StoreError):
        await store.append("lab", room.fence, [sets("ada", 1)])
    with pytest.raises(StoreError):
        await store.open("lab")
