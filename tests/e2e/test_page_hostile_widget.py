"""A shared widget whose code means harm: it gets nothing, reaches nobody, and the room goes on without it."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host
from tests.support.listening_post import listening_post
from tests.support.pages import PATIENCE_MS, GuestPage

_IMPORTS = "from tests.support.hostile_widgets import Caller, Forger, Runaway, Thief"


def test_it_reads_neither_the_link_nor_the_chat_nor_anything_that_the_browser_keeps(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    ann.says("our secret")

    host.run(f"{_IMPORTS}\nroom.share(Thief(), name='thief')")

    assert _gains(ann, "thief") == {}
    ann.reads(["our secret"])


def test_it_calls_nobody(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    address = ann.page.url

    with listening_post() as post:
        host.run(f"{_IMPORTS}\nroom.share(Caller(url={post.url!r}), name='caller')")
        gains = _gains(ann, "caller")

    assert (gains, post.heard) == ({}, [])
    assert ann.page.url == address
    assert len(ann.page.context.pages) == 1


def test_what_it_forges_changes_nothing_and_its_flood_drowns_nobody(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    host.run(f"{_IMPORTS}\nforger = Forger()\nroom.share(forger, name='forger', allow={{'messages'}})")
    expect(ann.widgets.locator("[data-share=forger] output")).to_have_text("done", timeout=PATIENCE_MS)
    ann.says("still here")
    bob.drag("frequency", 6)

    bob.reads(["still here"])
    ann.sees_value("frequency", 6)
    host.sees("frequency", 6)
    ann.sees_status("live")
    host.kernel.sees("forger.count", 1999)
    assert [host.value("caption"), host.kernel.value("dict(room.state)")] == ["a tone", {}]
    assert host.kernel.value("len(room.errors)") <= 60


def test_it_leaves_alone(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    with listening_post() as post:
        host.run(f"{_IMPORTS}\nroom.share(Runaway(url={post.url!r}), name='runaway')")

        ann.widgets.get_by_role("button", name="away").click()

        expect(ann.widgets.get_by_role("button", name="away")).to_have_count(0, timeout=PATIENCE_MS)
    ann.says("it has gone")
    ann.reads(["it has gone"])
    assert post.heard == []


def _gains(page: GuestPage, share: str) -> dict[str, str]:
    """What its attempts came back with, if not with nothing."""
    shown = page.widgets.locator(f"[data-share={share}] output")
    expect(shown).to_be_visible(timeout=PATIENCE_MS)
    outcomes: dict[str, str] = json.loads(shown.inner_text())
    return {name: outcome for name, outcome in outcomes.items() if outcome != "refused"}
