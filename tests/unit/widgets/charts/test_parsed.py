"""An address whose messages the notebook's own function reads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.server import ServerConnection, serve

import cowidget as cw
from cowidget.errors import ShareError


@pytest.fixture
def address() -> Iterator[str]:
    """A host that sends a number, garbage and another number."""

    def send(socket: ServerConnection) -> None:
        for message in ('{"n": 1}', "oops", '{"n": 2}'):
            socket.send(message)
        socket.recv()

    with serve(send, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def soon(condition: Any) -> bool:
    """Whether it comes true within the time that a connection takes."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


def test_a_function_reads_the_messages_and_its_mistakes_are_told(address: str) -> None:
    chart = cw.live(address, parse=lambda message: {"number": json.loads(message)["n"]}, name="parsed")
    chart.feed.start()

    assert soon(lambda: list(chart.feed.tail().get("number", ())) == [1, 2])
    assert [error.text.partition(":")[0] for error in chart.errors] == ["parse"]
    chart.stop()


def test_what_is_no_function_reads_nothing() -> None:
    with pytest.raises(ShareError, match="is no function"):
        cw.live("wss://example.org", parse="json")


def test_a_function_that_fills_gaps_goes_with_one_that_reads() -> None:
    with pytest.raises(ShareError, match="with parse="):
        cw.live("wss://example.org", price="p", backfill=lambda since: [])
