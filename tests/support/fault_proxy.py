"""A TCP proxy that breaks links the way networks do.

Playwright's `set_offline` keeps an open socket open and delivers later, and its routed WebSockets always close
cleanly; so the tests break real sockets instead:

    async with FaultProxy("127.0.0.1", relay.port) as proxy:
        await proxy.cut()      # both ends get a reset
        await proxy.stall()    # sockets stay open, nothing passes
        await proxy.resume()
        await proxy.delay(0.2)
        await proxy.limit(65_536)
        await proxy.refuse()   # new connections fail at once
        await proxy.accept()

From synchronous tests: `background.run(proxy.cut())`, see `background.py`.
"""

import asyncio
import os
import socket
import struct
from contextlib import suppress
from typing import Literal, Self

Direction = Literal["to_target", "to_client"]

_CHUNK = 65_536
# Parts of a second's bytes that a limited line passes at a time: fewer would come in jerks.
_BEATS = 20
# Chunks under way in one direction. Fewer would throttle a delayed bulk transfer; more would hide that a receiver
# has stopped reading.
_IN_FLIGHT = 64
# Closing with this makes the kernel send a reset, not a clean end.
_LINGER_ZERO = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class FaultProxy:
    """Passes bytes between clients and one target until told otherwise; faults hold until they are taken back."""

    def __init__(self, target_host: str, target_port: int) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self._target = (target_host, target_port)
        self._server: asyncio.Server | None = None
        self._reserved: socket.socket | None = None
        self._links: dict[asyncio.Task[None], _Link] = {}
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._delays: dict[Direction, float] = {"to_target": 0.0, "to_client": 0.0}
        self._rate = 0

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refuse()
        await self.cut()
        self._release_port()

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._links)

    async def cut(self) -> None:
        """Resets every open connection, on both sides; new ones are welcome. Returns when all are gone."""
        links = dict(self._links)
        for task, link in links.items():
            link.reset()
            task.cancel()  # it may be waiting in a stall
        await asyncio.gather(*links)

    async def stall(self) -> None:
        """Stops passing bytes both ways, ends of streams too; sockets stay open and fill up."""
        self._flowing.clear()

    async def resume(self) -> None:
        """Passes what has been held, in order, and goes on."""
        self._flowing.set()

    async def delay(self, seconds: float, direction: Direction | None = None) -> None:
        """Makes each byte from now on arrive that much later, one way or (by default) both; order is kept."""
        for each in self._delays if direction is None else [direction]:
            self._delays[each] = seconds

    async def limit(self, bytes_per_second: int) -> None:
        """Passes no more than that each way from now on, 0 for as much as comes; the rest stays with its sender."""
        self._rate = bytes_per_second

    async def refuse(self) -> None:
        """Closes the listening socket: new connections are refused at once, open ones go on."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._reserve_port()

    async def accept(self) -> None:
        """Listens again, on the same port."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]
            self._release_port()

    def _reserve_port(self) -> None:
        # Bound without listening, the port refuses as if it were closed, and the system gives it to nobody else.
        self._reserved = socket.socket()
        if os.name == "posix":
            self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._reserved.bind((self.host, self.port))

    def _release_port(self) -> None:
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("asyncio serves each connection in a task")
        link = self._links[task] = _Link(writer)
        try:
            with suppress(asyncio.CancelledError):  # cut
                await self._pass_until_broken(link, reader)
        finally:
            link.close()
            del self._links[task]

    async def _pass_until_broken(self, link: "_Link", from_client: asyncio.StreamReader) -> None:
        try:
            await self._pass_bytes(link, from_client)
        except* OSError:
            # One side was reset or is not there: the other one learns it as a reset, and not through a stall.
            await self._flowing.wait()
            link.reset()

    async def _pass_bytes(self, link: "_Link", from_client: asyncio.StreamReader) -> None:
        from_target, to_target = await asyncio.open_connection(*self._target)
        link.add(to_target)
        async with asyncio.TaskGroup() as group:
            for direction, reader, writer in (
                ("to_target", from_client, to_target),
                ("to_client", from_target, link.client),
            ):
                held: _Held = asyncio.Queue(_IN_FLIGHT)
                group.create_task(self._read(reader, held, direction))
                group.create_task(self._write(held, writer))

    async def _read(self, reader: asyncio.StreamReader, held: "_Held", direction: Direction) -> None:
        clock = asyncio.get_running_loop().time
        due = 0.0
        chunk = b"-"
        while chunk:
            await self._flowing.wait()
            chunk = await reader.read(max(1, self._rate // _BEATS) if self._rate else _CHUNK)
            due = max(due, clock() + self._delays[direction])
            await held.put((due, chunk))
            if self._rate:
                await asyncio.sleep(len(chunk) / self._rate)

    async def _write(self, held: "_Held", writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due, chunk = await held.get()
            if due > clock():
                await asyncio.sleep(due - clock())
            await self._flowing.wait()
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()


_Held = asyncio.Queue[tuple[float, bytes]]
"""Chunks with the time each is due; an empty one is the end of the stream."""


class _Link:
    """The two sockets of one connection."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.client = client
        self._writers = [client]
        self._is_reset = False

    def add(self, target: asyncio.StreamWriter) -> None:
        self._writers.append(target)
        if self._is_reset:
            self.reset()

    def reset(self) -> None:
        self._is_reset = True
        for writer in self._writers:
            with suppress(OSError):  # closed already
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            writer.transport.abort()

    def close(self) -> None:
        for writer in self._writers:
            writer.close()
