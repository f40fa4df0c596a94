"""A proxy that puts a site under a path, as JupyterHub and team servers do; the path stays in the request."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

_MAX_HEAD = 65_536
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class PrefixProxy:
    """Serves `http://127.0.0.1:port/prefix/…`, and nothing outside of the prefix; one request per connection."""

    def __init__(self, target_port: int, prefix: str) -> None:
        self.port = 0
        self._prefix = prefix
        self._target_port = target_port
        self._server: asyncio.Server
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_MAX_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("asyncio serves each connection in a task")
        self._serving.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._forward(reader, writer)
        finally:
            self._serving.discard(task)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        if not path.startswith(f"{self._prefix}/"):
            writer.write(_NOT_FOUND)
            await writer.drain()
            return
        from_target, to_target = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            to_target.write(head)
            async with asyncio.TaskGroup() as group:
                group.create_task(_pour(reader, to_target))
                group.create_task(_pour(from_target, writer))
        finally:
            to_target.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_MAX_HEAD):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
