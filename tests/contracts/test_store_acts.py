"""What every store promises of acts on the log and of searching it (PROTOCOL.md L7-L9)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.effects import Entry, Hits
from cowidget.core.frames import Page, Post, Search
from cowidget.core.values import Body, Edit, Erase, Erased, Moment, React, Role, Snapshot, Table, TableColumn, Text
from cowidget.stores.base import Store
from tests.support.shelves import Shelf


class Writer:
    """Somebody who writes in one room."""

    def __init__(self, store: Store, fence: int, name: str = "ada", role: Role = "viewer") -> None:
        self.store, self.fence, self.name, self.role = store, fence, name, role
        self.last_id = 0

    async def post(self, *bodies: Body) -> list[int | str]:
        """Offsets, or why there is none."""
        entries = []
        for body in bodies:
            self.last_id += 1
            entries.append(Entry(self.name, self.last_id, self.role, 1.0, Post(self.last_id, body), self.name))
        ordered = await self.store.append("lab", self.fence, entries)
        return [each.refusal if each.at is None else each.at for each in ordered]

    async def say(self, *texts: str) -> list[int | str]:
        return await self.post(*map(Text, texts))

    def as_well(self, name: str, role: Role = "viewer") -> Writer:
        """Somebody else in the same room."""
        return Writer(self.store, self.fence, name, role)


async def ada_in(store: Store) -> Writer:
    return Writer(store, (await store.create("lab")).fence)


async def bodies_of(store: Store) -> list[Body]:
    return [each.entry.push.body for each in await store.read_log("lab", Page())]


def found(hits: Hits) -> list[tuple[int | None, str]]:
    return [(each.at, each.entry.push.body.text) for each in hits.entries]


async def search(store: Store, query: str, **fields: int) -> list[tuple[int | None, str]]:
    return found(await store.search_log("lab", Search(query, **fields)))


@pytest.mark.rule("L6")
async def test_an_act_is_an_entry_with_an_offset_of_its_own(store: Store) -> None:
    ada = await ada_in(store)
    assert await ada.post(Text("helo"), Edit(1, "hello"), React(1, "👍"), React(1, "👍", on=False)) == [1, 2, 3, 4]
    assert await bodies_of(store) == [Text("helo"), Edit(1, "hello"), React(1, "👍"), React(1, "👍", on=False)]


@pytest.mark.rule("L7")
@pytest.mark.parametrize("act", [Edit(3, "x"), Erase(3), React(3, "👍")])
@pytest.mark.parametrize("text_first", [True, False])
async def test_an_act_on_what_is_not_there_yet_or_is_an_act_has_no_effect(
    store: Store, act: Body, text_first: bool
) -> None:
    ada = await ada_in(store)
    await ada.post(Text("one"), Text("two"), *([React(1, "👍")] if text_first else []))
    assert await ada.post(act) == ["unknown"]


@pytest.mark.rule("L7")
async def test_an_act_on_the_entry_zero_has_no_effect(store: Store) -> None:
    ada = await ada_in(store)
    await ada.say("one")
    assert await ada.post(Erase(0), Edit(0, "x"), React(0, "👍")) == ["unknown"] * 3


@pytest.mark.rule("L7")
@pytest.mark.parametrize("act", [Edit(1, "x"), Erase(1), React(1, "👍")])
async def test_an_act_on_what_is_erased_has_no_effect(store: Store, act: Body) -> None:
    ada = await ada_in(store)
    await ada.post(Text("one"), Erase(1))
    assert await ada.post(act) == ["unknown"]


@pytest.mark.rule("L6", "L7")
@pytest.mark.parametrize(
    ("act", "role", "outcome"),
    [
        (Edit(1, "x"), "viewer", "not-yours"),
        (Edit(1, "x"), "host", "not-yours"),
        (Edit(1, "x"), "owner", "not-yours"),
        (Erase(1), "viewer", "not-yours"),
        (Erase(1), "participant", "not-yours"),
        (Erase(1), "host", 2),
        (Erase(1), "owner", 2),
        (React(1, "👍"), "viewer", 2),
    ],
)
async def test_what_others_may_do_to_a_message(store: Store, act: Body, role: Role, outcome: int | str) -> None:
    ada = await ada_in(store)
    await ada.say("hello")
    assert await ada.as_well("bob", role).post(act) == [outcome]


@pytest.mark.rule("L7")
async def test_an_act_without_effect_takes_its_id_and_no_offset(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    await ada.post(Text("one"), Edit(9, "x"), Text("two"))
    store = await shelf.reopened()
    opened = await store.open("lab")
    assert opened is not None
    assert (opened.acked, opened.log.at) == ({"ada": 3}, 2)
    again = Entry("ada", 2, "viewer", 1.0, Post(2, Edit(1, "x")))
    (duplicate,) = await store.append("lab", opened.fence, [again])
    assert (duplicate.at, duplicate.refusal) == (None, "")


@pytest.mark.rule("L7")
async def test_an_act_sees_what_was_ordered_before_it_in_the_same_append(store: Store) -> None:
    ada = await ada_in(store)
    assert await ada.post(Text("a"), Erase(1), React(1, "👍"), Text("b"), Edit(3, "c")) == [1, 2, "unknown", 3, 4]


@pytest.mark.rule("L8")
async def test_what_is_erased_leaves_an_empty_body_also_of_its_edits(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20_000)
    await ada.post(Text("secret"), Edit(1, "secret too"), Text("stays"), Moment("chart", 1.0, 2.0, picture))
    assert await ada.post(Erase(1), Erase(4)) == [5, 6]
    expected = [Erased(), Erased(1), Text("stays"), Erased(), Erase(1), Erase(4)]
    assert await bodies_of(ada.store) == expected
    assert await bodies_of(await shelf.reopened()) == expected


@pytest.mark.rule("L8")
async def test_what_is_left_of_an_erased_entry_tells_author_and_time(store: Store) -> None:
    ada = await ada_in(store)
    await ada.post(Text("secret"), Erase(1))
    (first, _) = await store.read_log("lab", Page())
    assert (first.entry.author, first.entry.id, first.entry.time, first.entry.name) == ("ada", 1, 1.0, "ada")


@pytest.mark.rule("L8")
async def test_what_is_erased_makes_room_for_more(store: Store) -> None:
    ada = await ada_in(store)
    for number in range(1, 200, 2):
        assert await ada.post(Moment("chart", 1.0, 2.0, bytes(128 << 10)), Erase(number)) == [number, number + 1]


@pytest.mark.rule("L9")
@pytest.mark.parametrize(
    ("query", "offsets"),
    [
        ("tide", [4, 1]),
        ("TIDE", [4, 1]),
        ("the tide", [4, 1]),
        ("tide the", [1]),
        ("over", [2]),
        ("uber", [3, 2]),
        ("Über", [3, 2]),
        ("strasse", [3]),
        ("str", [3]),
        ("stra ubergang", []),
        ("ubergang stra", [3]),
        ("ubergang tide", []),
        ("潮", [5]),
        ("潮水", [5]),
        ("水潮", []),
        ("x-ray", [6]),
        ("ray x", [6]),
        ("xray", []),
        ("42", [6]),
        ("", []),
        ("  ", []),
        ("👍 ?", []),
        ('"tide" OR nothing', []),
        ("tide*", [4, 1]),
        ("words:tide", []),
        ("NEAR(tide the)", []),
        ("look", [7]),
    ],
)
async def test_a_search_finds_the_entries_that_hold_all_words(store: Store, query: str, offsets: list[int]) -> None:
    ada = await ada_in(store)
    await ada.say(
        "The tide turns.", "uber, over", "Übergang der Straße!", "**the tideline**", "今天潮水很高", "x-ray: 42"
    )
    await ada.post(Moment("chart", 1.0, 2.0, b"", "look"), Text("discover"))
    assert [at for at, _ in await search(store, query)] == offsets


@pytest.mark.rule("L9")
async def test_a_query_is_words_whatever_signs_are_between_them(store: Store) -> None:
    ada = await ada_in(store)
    await ada.say("plain words")
    for query in (
        '"plain',
        'pla"in',
        "plain AND",
        "plain NOT words",
        "-plain",
        "(plain",
        "plain^2",
        "plain + words",
        "\0plain",
    ):
        await store.search_log("lab", Search(query))
    assert await search(store, "plain' --words") == [(1, "plain words")]


@pytest.mark.rule("L9")
async def test_a_search_finds_messages_as_they_are_after_their_edits(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    await ada.post(
        Text("helo", reply=3), Edit(1, "hello"), Moment("c", 1.0, 2.0, b"", "old"), Edit(3, "new"), Edit(1, "hi")
    )
    store = await shelf.reopened()
    assert await search(store, "helo") == await search(store, "hello") == await search(store, "old") == []
    (first,) = (await store.search_log("lab", Search("hi"))).entries
    assert (first.at, first.entry.push.body) == (1, Text("hi", reply=3))
    assert await search(store, "new") == [(3, "new")]


TABLE = Table((TableColumn("city", "object"),), (("Bern",), ("Ulm",)), 9, 1, text="all towns")
SNAPSHOT = Snapshot("slider", {"slider/value": {"deep": [1, b"\xff"]}}, b"", "towns so far", reply=1)


@pytest.mark.rule("L10", "L11")
async def test_tables_and_snapshots_are_kept_found_edited_and_erased(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    await ada.post(TABLE, SNAPSHOT, Edit(1, "few towns"), Erase(2))
    store = await shelf.reopened()
    (found,) = (await store.search_log("lab", Search("towns"))).entries
    assert (found.at, found.entry.push.body) == (1, replace(TABLE, text="few towns"))
    kept = [entry.entry.push.body for entry in await store.read_log("lab", Page(after=0))]
    assert kept == [TABLE, Erased(), Edit(1, "few towns"), Erase(2)]


@pytest.mark.rule("L11")
async def test_a_snapshot_s_values_are_kept_as_they_were(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    await ada.post(SNAPSHOT)
    store = await shelf.reopened()
    assert [entry.entry.push.body for entry in await store.read_log("lab", Page(after=0))] == [SNAPSHOT]


@pytest.mark.rule("L8", "L9")
async def test_what_is_erased_is_never_found(shelf: Shelf) -> None:
    ada = await ada_in(await shelf.opened())
    await ada.post(Text("one secret"), Edit(1, "another secret"), Text("no secret"), Erase(1))
    assert await search(ada.store, "secret") == [(3, "no secret")]
    assert await search(await shelf.reopened(), "secret") == [(3, "no secret")]


@pytest.mark.rule("L9")
async def test_a_search_goes_on_before_an_offset_and_says_whether_there_are_more(store: Store) -> None:
    ada = await ada_in(store)
    await ada.say(*(f"line {n}" for n in range(1, 8)))
    pages = [Search("line", count=3), Search("line", before=5, count=3), Search("line", before=2, count=3)]
    hits = [await store.search_log("lab", page) for page in pages]
    assert [[each.at for each in each_hits.entries] for each_hits in hits] == [[7, 6, 5], [4, 3, 2], [1]]
    assert [each_hits.more for each_hits in hits] == [True, True, False]
    assert found(await store.search_log("lab", Search("line", before=0))) == []
    assert len((await store.search_log("lab", Search("line", before=1 << 62, count=50))).entries) == 7


@pytest.mark.rule("L9")
async def test_a_search_stays_in_its_room(store: Store) -> None:
    ada = await ada_in(store)
    await ada.say("mine")
    hall = await store.create("hall")
    await store.append("hall", hall.fence, [Entry("bob", 1, "viewer", 1.0, Post(1, Text("mine too")))])
    assert await search(store, "mine") == [(1, "mine")]


@pytest.mark.rule("L9")
async def test_of_large_entries_fewer_are_found_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await ada_in(store)
    await ada.say(*("word " * 200 for _ in range(5)))
    for limit, offsets in ((2500, [5, 4]), (10, [5])):
        monkeypatch.setattr(limits, "LOG_TAIL_BYTES", limit)
        hits = await store.search_log("lab", Search("word"))
        assert ([each.at for each in hits.entries], hits.more) == (offsets, True)
