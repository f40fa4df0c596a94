"""Real hosts of feeds on this machine: a WebSocket, and HTTP with documents and streams. They do what a test says."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

# Longer than any step takes on a busy machine.
PATIENCE = 15.0


class Waiting:
    """Something to wait for that more than one test line may bring about."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(condition)


class SocketHost:
    """A WebSocket server; each of its clients hears everything.

    Attributes:
        greeting: what the first, the second and each further client is told when it comes; None for nothing.
        heard: what clients have sent, in order.
        headers: those of each handshake.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.greeting: Callable[[int], object] = lambda number: None
        self.heard: list[str | bytes] = []
        self.headers: list[dict[str, str]] = []
        self._here: set[ServerConnection] = set()
        self._waiting = Waiting()
        self._admitting = asyncio.Event()
        self._admitting.set()

    def bar(self) -> None:
        """Answer no handshake until `admit`."""
        self._admitting.clear()

    def admit(self) -> None:
        """Answer those who wait and those who come."""
        self._admitting.set()

    async def say(self, *messages: object) -> None:
        """Send each as JSON; text goes as it is."""
        for message in messages:
            text = message if isinstance(message, str) else json.dumps(message)
            for client in list(self._here):
                await client.send(text)

    async def cut(self) -> None:
        """End all connections without a close frame: 1006."""
        for client in list(self._here):
            client.transport.abort()
        await self._waiting.until(lambda: not self._here)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End all connections in order, as exchanges do once a day."""
        for client in list(self._here):
            await client.close(code, reason)

    async def wait_connected(self, count: int = 1) -> None:
        """Wait until so many have ever come, and somebody is here."""
        await self._waiting.until(lambda: len(self.headers) >= count and bool(self._here))

    async def wait_left(self) -> None:
        """Wait until nobody is here."""
        await self._waiting.until(lambda: not self._here)

    async def wait_heard(self, count: int) -> None:
        """Wait until clients have sent so many messages."""
        await self._waiting.until(lambda: len(self.heard) >= count)

    async def greet(self, _client: ServerConnection, _request: Request) -> None:
        """What a handshake waits for."""
        await self._admitting.wait()

    async def serve(self, client: ServerConnection) -> None:
        assert client.request is not None
        self.headers.append({name.lower(): value for name, value in client.request.headers.raw_items()})
        self._here.add(client)
        await self._waiting.tell()
        try:
            with suppress(ConnectionClosed):
                if (greeting := self.greeting(len(self.headers))) is not None:
                    await client.send(json.dumps(greeting))
                async for message in client:
                    self.heard.append(message)
                    await self._waiting.tell()
        finally:
            self._here.discard(client)
            await self._waiting.tell()


@asynccontextmanager
async def socket_host(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[SocketHost]:
    """One on a free port."""
    made: list[SocketHost] = []

    async def handle(client: ServerConnection) -> None:
        await made[0].serve(client)

    async def greet(client: ServerConnection, request: Request) -> None:
        await made[0].greet(client, request)

    quiet = {"close_timeout": 1, "ping_interval": None, "max_size": None}
    async with serve(handle, "127.0.0.1", 0, ssl=tls, process_request=greet, **quiet) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        made.append(SocketHost(f"{'wss' if tls else 'ws'}://{host}:{port}/feed"))
        yield made[0]


@dataclass(slots=True)
class Document:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Stream:
    """What a path answers bit by bit, to everybody who is there."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.writers: set[asyncio.StreamWriter] = set()
        self.closed = asyncio.Event()
        self._read = asyncio.Event()

    def admit(self, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        self._read.set()

    async def wait_read(self) -> None:
        """Wait until somebody reads it."""
        async with asyncio.timeout(PATIENCE):
            await self._read.wait()

    async def send(self, data: str | bytes) -> None:
        encoded = data.encode() if isinstance(data, str) else data
        for writer in list(self.writers):
            writer.write(b"%x\r\n%b\r\n" % (len(encoded), encoded))
            with suppress(ConnectionError):
                await writer.drain()

    async def end(self) -> None:
        """End the answer in order."""
        for writer in list(self.writers):
            writer.write(b"0\r\n\r\n")
        self._drop()

    def cut(self) -> None:
        """End the connections in the middle."""
        for writer in list(self.writers):
            writer.transport.abort()
        self._drop()

    def _drop(self) -> None:
        self.writers.clear()
        self._read.clear()
        self.closed.set()
        self.closed = asyncio.Event()


class HttpHost:
    """An HTTP server of paths.

    Attributes:
        asked: each request's path and headers.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._paths: dict[str, Document | Stream | None] = {}
        self._waiting = Waiting()

    def document(self, path: str, content: object, status: int = 200, **headers: str) -> str:
        """Answer with this; an ETag among the headers is honoured. The path's URL."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._paths[path] = Document(body, status, named)
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        """Send on whoever asks."""
        return self.document(path, b"", 302, Location=to)

    def stream(self, path: str, kind: str) -> Stream:
        """Answer with what the test sends."""
        stream = Stream(kind)
        self._paths[path] = stream
        return stream

    def silent(self, path: str) -> str:
        """Take the request, and never answer."""
        self._paths[path] = None
        return self.url + path

    async def wait_asked(self, count: int, path: str = "") -> None:
        """Wait for so many requests."""
        await self._waiting.until(lambda: sum(not path or each == path for each, _ in self.asked) >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer(reader, writer):
                pass
        writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split()[1]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        self.asked.append((path, headers))
        await self._waiting.tell()
        match self._paths.get(path.partition("?")[0], Document(b"not here", 404)):
            case None:
                await reader.read()
                return False
            case Stream() as stream:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n" % stream.kind.encode())
                writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
                stream.admit(writer)
                await stream.closed.wait()
                await writer.drain()
                return False
            case document:
                await self._write(writer, document, headers)
                return True

    async def _write(self, writer: asyncio.StreamWriter, document: Document, headers: dict[str, str]) -> None:
        known = headers.get("if-none-match")
        unchanged = known is not None and known == document.headers.get("ETag")
        body = b"" if unchanged else document.body
        answer = {"Content-Type": "application/json", "Content-Length": str(len(body)), **document.headers}
        lines = [f"HTTP/1.1 {304 if unchanged else document.status} Said", *(f"{k}: {v}" for k, v in answer.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()


@asynccontextmanager
async def http_host(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[HttpHost]:
    """One on a free port."""
    made: list[HttpHost] = []
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await made[0].serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    made.append(HttpHost(f"{'https' if tls else 'http'}://{host}:{port}"))
    try:
        yield made[0]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


@asynccontextmanager
async def silent_port() -> AsyncIterator[int]:
    """A port that takes connections and says nothing, ever."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
