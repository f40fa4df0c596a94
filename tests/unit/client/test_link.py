from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from cowidget.client import link as links_thread
from cowidget.client.link import LinkThread, link_thread, source_thread


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


def test_calls_that_come_together_wake_the_loop_once(link: LinkThread, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[object] = []
    wake = link.loop.call_soon_threadsafe
    monkeypatch.setattr(link.loop, "call_soon_threadsafe", lambda *call: (woken.append(call), wake(*call))[1])
    begun, goes_on, over, ran = threading.Event(), threading.Event(), threading.Event(), list[int]()

    def hold() -> None:
        begun.set()
        goes_on.wait(5)

    link.call(hold)
    begun.wait(5)
    for number in range(50):
        link.call(ran.append, number)
    link.call(over.set)
    goes_on.set()
    assert over.wait(5)

    assert (ran, len(woken)) == (list(range(50)), 2)


def test_calls_of_many_threads_all_run(link: LinkThread) -> None:
    ran: list[int] = []
    threads = [
        threading.Thread(target=lambda base=base: [link.call(ran.append, base + n) for n in range(500)])
        for base in range(0, 4000, 500)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link.ask(lambda: None)

    assert sorted(ran) == list(range(4000))


def test_a_call_that_fails_is_told_and_the_next_one_runs(link: LinkThread) -> None:
    told: list[object] = []
    link.loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    error = ValueError("called")

    def fail() -> None:
        raise error

    link.call(fail)

    assert (link.ask(lambda: 7), told) == (7, [error])


def test_what_was_called_before_runs_before_a_coroutine(link: LinkThread) -> None:
    ran: list[str] = []

    async def second() -> None:
        ran.append("second")

    link.call(ran.append, "first")
    link.run(second)

    assert ran == ["first", "second"]


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


def test_sources_have_a_loop_beside_the_link() -> None:
    assert source_thread() is source_thread()
    assert source_thread() is not link_thread()


def test_a_link_knows_its_own_thread() -> None:
    assert link_thread().ask(link_thread().is_current)
    assert not link_thread().is_current()


def test_what_has_something_to_send_comes_before_those_who_leave() -> None:
    thread, said = LinkThread(), list[str]()

    async def leave() -> None:
        said.append("goodbye")

    async def send() -> None:
        await asyncio.sleep(0.01)
        said.append("rows")

    thread.at_exit("line", leave)
    thread.at_exit("feed", send, first=True)
    thread.close()

    assert said == ["rows", "goodbye"]


def test_what_cannot_be_sent_keeps_nobody_from_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links_thread, "GOODBYE", 0.05)
    thread, said = LinkThread(), list[str]()

    async def leave() -> None:
        said.append("goodbye")

    thread.at_exit("feed", asyncio.Event().wait, first=True)  # type: ignore[arg-type]
    thread.at_exit("line", leave)
    thread.close()

    assert said == ["goodbye"]
