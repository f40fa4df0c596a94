"""A thread for code that may block."""

import asyncio
import threading

import pytest

from cowidget.client.worker import Worker


async def test_a_call_runs_in_a_thread_of_its_own() -> None:
    worker = Worker("worker for tests")
    assert await worker.run(lambda: threading.current_thread().name) == "worker for tests"
    worker.close()


async def test_an_error_is_raised_where_the_call_was_asked_for() -> None:
    worker = Worker("worker for tests")
    with pytest.raises(OSError, match="no such host"):
        await worker.run(lambda: exec("raise OSError('no such host')"))
    worker.close()


async def test_the_end_of_an_iterator_is_an_error_too() -> None:
    worker = Worker("worker for tests")
    with pytest.raises(RuntimeError, match="StopIteration"):
        await worker.run(lambda: next(iter(())))
    worker.close()


async def test_the_loop_goes_on_while_a_call_blocks() -> None:
    worker = Worker("worker for tests")
    go_on = threading.Event()
    blocked = asyncio.ensure_future(worker.run(go_on.wait))
    await asyncio.sleep(0)
    assert not blocked.done()
    go_on.set()
    assert await blocked
    worker.close()


async def test_a_call_whose_waiting_was_cancelled_harms_nobody() -> None:
    worker = Worker("worker for tests")
    go_on = threading.Event()
    blocked = asyncio.ensure_future(worker.run(go_on.wait))
    await asyncio.sleep(0)
    blocked.cancel()
    go_on.set()
    assert await worker.run(lambda: 5) == 5
    worker.close()
