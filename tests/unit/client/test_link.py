from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from cowidget.client.link import LinkThread, link_thread


@pytest.fixture
def link() -> Iterator[LinkThread]:
    thread = LinkThread()
    yield thread
    thread.close()


def test_calls_run_in_the_links_thread_in_their_order(link: LinkThread) -> None:
    ran: list[tuple[int, int]] = []
    for number in range(100):
        link.call(lambda number=number: ran.append((number, threading.get_ident())))

    own = link.ask(threading.get_ident)

    assert ran == [(number, own) for number in range(100)]
    assert own != threading.get_ident()


def test_an_error_is_raised_where_it_was_asked(link: LinkThread) -> None:
    def fail() -> None:
        raise ValueError("asked")

    with pytest.raises(ValueError, match="asked"):
        link.ask(fail)


def test_the_links_own_thread_may_ask_too(link: LinkThread) -> None:
    assert link.ask(lambda: link.ask(lambda: 7)) == 7


def test_a_coroutine_that_takes_too_long_is_cancelled(link: LinkThread) -> None:
    cancelled = threading.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimeoutError):
        link.run(wait, 0.01)

    assert cancelled.wait(5)


def test_closing_says_goodbye() -> None:
    link = LinkThread()
    said: list[str] = []

    async def goodbye() -> None:
        said.append("bye")

    link.at_exit("room", goodbye)
    link.close()

    assert said == ["bye"]


def test_a_process_has_one() -> None:
    assert link_thread() is link_thread()
