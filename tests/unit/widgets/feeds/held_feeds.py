"""A feed as the user holds it, and the rooms of a test that it joins."""

from typing import Any

import numpy as np

from cowidget.core.columns import Block, checksum
from cowidget.widgets.feeds.feed import Feed
from tests.support.wireless_room import WirelessRoom

START = 1_700_000_000.0


def made(rows: int = 0, **options: Any) -> Feed:
    ticks = Feed("ticks", ["price"], **options)
    if rows:
        ticks.push({"t": START + np.arange(rows) / 100, "price": np.arange(rows) / 4})
    return ticks


def earlier(rows: int) -> WirelessRoom:
    return WirelessRoom([Block(0, {0: START + np.arange(rows) / 100, 1: np.arange(rows) / 4})])


def enter(ticks: Feed, room: WirelessRoom) -> Any:
    leave = ticks.join_handle(room)  # type: ignore[arg-type]
    room.welcome()
    return leave


def crc(ticks: Feed) -> int:
    total = 0
    for block in ticks._rows.record.blocks():
        total = checksum(block, total)
    return total


def settle(room: WirelessRoom) -> None:
    """Let the link's thread do what it was asked for."""
    for _ in range(5):
        room.thread.ask(lambda: None)
