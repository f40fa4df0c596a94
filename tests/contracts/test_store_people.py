"""What hosts decided about a room and its people, over the restarts of relays, in every store."""

from __future__ import annotations

import pytest

from cowidget.core.effects import Entry
from cowidget.core.frames import Entrust, Lock, Push, Remove
from cowidget.core.ledger import Ledger
from cowidget.core.values import Invitation
from cowidget.stores.base import Store
from tests.support.shelves import Shelf

LINK = Invitation("link", "participant", "a" * 64)


def decides(push: Push) -> Entry:
    return Entry("grace", push.id, "host", 1.0, push)


async def opened(store: Store) -> tuple[Ledger, int]:
    room = await store.create("lab")
    return Ledger("lab", room, b"key"), room.fence


def known(ledger: Ledger) -> tuple[object, ...]:
    decisions = ledger.access.decisions
    return ledger.locked, decisions.removed("ada", LINK), decisions.role_of("bob", LINK)


@pytest.mark.rule("P10")
@pytest.mark.parametrize("saves", [True, False], ids=["saved", "from the journal"])
async def test_a_lock_a_removal_and_a_role_come_back(shelf: Shelf, saves: bool) -> None:
    store = await shelf.opened()
    ledger, fence = await opened(store)
    pushes = (Lock(1, on=True), Remove(2, "ada"), Entrust(3, "bob", "viewer"))
    for each in await store.append("lab", fence, [decides(push) for push in pushes]):
        ledger.apply(each, 0.0)
    if saves:
        save = ledger.take_save()
        await store.save("lab", fence, save.rows, save.removed, save.at)
    again, _ = await opened(await shelf.reopened())

    assert known(again) == known(ledger) == (True, True, "viewer")


@pytest.mark.rule("P10")
async def test_what_was_taken_back_stays_so(shelf: Shelf) -> None:
    store = await shelf.opened()
    ledger, fence = await opened(store)
    for pushes in ((Lock(1, on=True), Remove(2, "ada")), (Lock(3, on=False), Entrust(4, "ada", "participant"))):
        for each in await store.append("lab", fence, [decides(push) for push in pushes]):
            ledger.apply(each, 0.0)
        save = ledger.take_save()
        await store.save("lab", fence, save.rows, save.removed, save.at)
    again, _ = await opened(await shelf.reopened())

    assert known(again) == (False, False, None)
    assert again.access.decisions.role_of("ada", LINK) == "participant"
