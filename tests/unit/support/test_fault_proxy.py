"""The proxy that breaks links: each fault does to real sockets what its name says."""

import asyncio
import os
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.background import BackgroundLoop
from tests.support.fault_proxy import FaultProxy

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo:
    """A server that returns what it gets and keeps how each of its connections ended."""

    def __init__(self) -> None:
        self.port = 0
        self.endings: list[str] = []
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        self._idle.clear()
        try:
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
            self.endings.append("end")
        except ConnectionResetError:
            self.endings.append("reset")
        finally:
            writer.close()
            self._open -= 1
            if self._open == 0:
                self._idle.set()

    async def all_ended(self, within: float = 5) -> list[str]:
        async with asyncio.timeout(within):
            await self._idle.wait()
        return self.endings


@asynccontextmanager
async def echo_server() -> AsyncIterator[Echo]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    echo.port = server.sockets[0].getsockname()[1]
    yield echo
    server.close()
    await echo.all_ended()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    async with echo_server() as echo:
        yield echo


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[FaultProxy]:
    async with FaultProxy("127.0.0.1", echo.port) as proxy:
        yield proxy


class Dial:
    """Connects to a proxy; hangs up everything at the end of the test."""

    def __init__(self) -> None:
        self._writers: list[asyncio.StreamWriter] = []

    async def __call__(self, proxy: FaultProxy) -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        self._writers.append(writer)
        return reader, writer

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def dialling() -> AsyncIterator[Dial]:
    dial = Dial()
    yield dial
    dial.hang_up()


@pytest.fixture
async def connect() -> AsyncIterator[Dial]:
    async with dialling() as dial:
        yield dial


async def say(connection: Connection, words: bytes) -> bytes:
    reader, writer = connection
    writer.write(words)
    async with asyncio.timeout(5):
        return await reader.readexactly(len(words))


def reset(writer: asyncio.StreamWriter) -> None:
    linger_zero = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
    writer.transport.abort()


async def hears_nothing(connection: Connection, seconds: float = 0.1) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await connection[0].read(1) is None
    except TimeoutError:
        return True


async def test_bytes_pass_unchanged_both_ways(connect: Dial, proxy: FaultProxy) -> None:
    connection = await connect(proxy)
    words = bytes(range(256)) * 4096
    assert await say(connection, words) == words


async def test_a_clean_end_arrives_as_a_clean_end(connect: Dial, proxy: FaultProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    writer.write(b"last words")
    writer.write_eof()
    assert await reader.read() == b"last words"
    assert await echo.all_ended() == ["end"]


async def test_a_cut_resets_both_sides(connect: Dial, proxy: FaultProxy, echo: Echo) -> None:
    connection = await connect(proxy)
    await say(connection, b"hello")
    await proxy.cut()
    with pytest.raises(ConnectionResetError):
        await connection[0].read(1)
    assert await echo.all_ended() == ["reset"]
    assert proxy.connections == 0


async def test_after_a_cut_a_new_connection_works(connect: Dial, proxy: FaultProxy) -> None:
    await say(await connect(proxy), b"hello")
    await proxy.cut()
    connection = await connect(proxy)
    assert await say(connection, b"again") == b"again"


async def test_a_stall_holds_bytes_and_a_resume_delivers_them(connect: Dial, proxy: FaultProxy) -> None:
    connection = await connect(proxy)
    await say(connection, b"hello")
    await proxy.stall()
    connection[1].write(b"held")
    assert await hears_nothing(connection)
    await proxy.resume()
    assert await connection[0].readexactly(4) == b"held"


async def test_a_stall_holds_back_the_sender(connect: Dial, proxy: FaultProxy) -> None:
    reader, writer = await connect(proxy)
    await proxy.stall()
    writer.write(bytes(32_000_000))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await writer.drain()
    await proxy.resume()
    await reader.readexactly(32_000_000)


async def test_a_stalled_connection_can_be_cut(connect: Dial, proxy: FaultProxy) -> None:
    reader, writer = await connect(proxy)
    await say((reader, writer), b"hello")
    await proxy.stall()
    writer.write(b"held")
    await proxy.cut()
    with pytest.raises(ConnectionResetError):
        await reader.read(1)


async def test_not_even_a_reset_passes_a_stall(connect: Dial, proxy: FaultProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    await say((reader, writer), b"hello")
    await proxy.stall()
    reset(writer)
    with pytest.raises(TimeoutError):
        await echo.all_ended(within=0.1)
    await proxy.resume()
    assert await echo.all_ended() == ["reset"]


async def test_a_delay_makes_bytes_late_in_its_direction_only(connect: Dial, proxy: FaultProxy) -> None:
    connection = await connect(proxy)
    await proxy.delay(0.2, "to_client")
    start = time.monotonic()
    await say(connection, b"late")
    assert 0.2 <= time.monotonic() - start < 0.4


async def test_a_delay_both_ways_adds_up(connect: Dial, proxy: FaultProxy) -> None:
    connection = await connect(proxy)
    await proxy.delay(0.05)
    start = time.monotonic()
    await say(connection, b"late")
    assert time.monotonic() - start >= 0.1


async def test_a_shorter_delay_does_not_reorder(connect: Dial, proxy: FaultProxy) -> None:
    reader, writer = await connect(proxy)
    await proxy.delay(0.1, "to_target")
    writer.write(b"first ")
    await asyncio.sleep(0.02)
    await proxy.delay(0)
    writer.write(b"second")
    assert await reader.readexactly(12) == b"first second"


async def test_refused_connections_fail_at_once_and_open_ones_go_on(connect: Dial, proxy: FaultProxy) -> None:
    connection = await connect(proxy)
    await say(connection, b"hello")
    await proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)
    assert await say(connection, b"still here") == b"still here"


async def test_accepting_again_keeps_the_port(connect: Dial, proxy: FaultProxy) -> None:
    before = proxy.port
    for _ in range(3):
        await proxy.refuse()
        await proxy.accept()
    connection = await connect(proxy)
    assert proxy.port == before
    assert await say(connection, b"back") == b"back"


async def test_a_missing_target_is_a_reset(echo: Echo, connect: Dial) -> None:
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    async with FaultProxy("127.0.0.1", port) as proxy:
        reader, _ = await connect(proxy)
        with pytest.raises(ConnectionResetError):
            await reader.read(1)


def test_a_synchronous_test_breaks_links_through_a_background_loop() -> None:
    with BackgroundLoop() as background:
        echo = background.enter(echo_server())
        proxy = background.enter(FaultProxy("127.0.0.1", echo.port))
        connect = background.enter(dialling())
        connection = background.run(connect(proxy))
        assert background.run(say(connection, b"hello")) == b"hello"
        background.run(proxy.cut())
        assert background.run(echo.all_ended()) == ["reset"]


def test_a_background_loop_raises_what_its_coroutine_raises() -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[None]:
        raise LookupError("not here")
        yield

    with BackgroundLoop() as background, pytest.raises(LookupError, match="not here"):
        background.enter(broken())


def test_a_background_loop_enters_and_leaves_in_one_task_and_in_order() -> None:
    steps: list[str] = []

    @asynccontextmanager
    async def group(name: str) -> AsyncIterator[None]:
        async with asyncio.TaskGroup():
            yield
        steps.append(name)

    with BackgroundLoop() as background:
        background.enter(group("first"))
        background.enter(group("second"))
        assert background.call(len, steps) == 0
    assert steps == ["second", "first"]


async def test_a_limited_line_passes_only_so_much_in_a_second(proxy: FaultProxy, connect: Dial) -> None:
    await proxy.limit(200_000)
    began = time.monotonic()
    await say(await connect(proxy), bytes(60_000))

    assert 0.2 < time.monotonic() - began < 3


async def test_a_limit_that_was_taken_back_no_longer_holds(proxy: FaultProxy, connect: Dial) -> None:
    await proxy.limit(1_000)
    connection = await connect(proxy)
    await say(connection, b"slow")
    await proxy.limit(0)
    began = time.monotonic()
    await say(connection, bytes(100_000))

    assert time.monotonic() - began < 3
