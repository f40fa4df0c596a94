"""Many cheap clients on one loop: they say hello, then count the bytes and messages that arrive."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import TypeVar

from cowidget.core import codec
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import VERSION, Hello

MASK = b"\0\0\0\0"  # masking with zeros is legal and costs the clients nothing


Client = TypeVar("Client", bound="Listener")


# Where the loop puts what has come to any of them: asyncio by itself takes as much from the system for each message.
_INCOMING = memoryview(bytearray(256 << 10))


class Listener(asyncio.BufferedProtocol):
    """One client that only reads. `greeting` is sent once the WebSocket is open."""

    def __init__(self, host: str, path: str, greeting: bytes) -> None:
        self.opened = asyncio.get_running_loop().create_future()
        self.messages = 0
        self._host, self._path, self._greeting = host, path, greeting
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {Subprotocol.MSGPACK}\r\n\r\n".encode()
        )

    def get_buffer(self, sizehint: int) -> memoryview:
        return _INCOMING

    def buffer_updated(self, nbytes: int) -> None:
        self._buffer += bytes(_INCOMING[:nbytes])
        if not self.opened.done():
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.opened.set_exception(ConnectionError(head.decode(errors="replace")))
                return
            self._buffer = rest
            if self._greeting:
                self._transport.write(frame(self._greeting))
            self.opened.set_result(None)
        self._count()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed in the handshake"))

    def receive(self, data: bytes, start: int, end: int) -> None:
        """A message is `data[start:end]`. To be told more than their number, override it."""
        self.messages += 1

    def send(self, message: bytes) -> None:
        """Send a message."""
        self._transport.write(frame(message))

    def stall(self) -> None:
        """Read nothing more."""
        self._transport.pause_reading()

    def close(self) -> None:
        """Drop the line."""
        self._transport.abort()

    def _count(self) -> None:
        at, data = 0, self._buffer
        while len(data) - at >= 2:
            opcode, length, head = data[at] & 0x0F, data[at + 1] & 0x7F, 2
            if length == 126:
                if len(data) - at < 4:
                    break
                (length,), head = struct.unpack_from("!H", data, at + 2), 4
            elif length == 127:
                if len(data) - at < 10:
                    break
                (length,), head = struct.unpack_from("!Q", data, at + 2), 10
            if len(data) - at < head + length:
                break
            if opcode == 9:
                self._transport.write(b"\x8a\x80" + MASK)
            else:
                self.receive(data, at + head, at + head + length)
            at += head + length
        self._buffer = data[at:]


def frame(message: bytes) -> bytes:
    """A masked binary WebSocket frame, as clients send it."""
    size = len(message)
    head = bytes((0x82, 0x80 | size)) if size < 126 else b"\x82\xfe" + size.to_bytes(2, "big")
    if size >= 1 << 16:
        head = b"\x82\xff" + size.to_bytes(8, "big")
    return head + MASK + message


def hello(room: str, secret: str, number: int, create: str = "") -> bytes:
    """A message with a hello."""
    return codec.join([codec.encode(Hello(VERSION, room, f"load-{number}", secret, name=f"p{number}", create=create))])


async def open_swarm(
    port: int, path: str, greetings: list[bytes], make: Callable[[str, str, bytes], Client] = Listener
) -> list[Client]:
    """Open one listener per greeting, fifty at a time, and wait until all are open."""
    loop = asyncio.get_running_loop()
    swarm: list[Client] = []
    for start in range(0, len(greetings), 50):
        part = []
        for greeting in greetings[start : start + 50]:
            _, listener = await loop.create_connection(
                lambda greeting=greeting: make(f"127.0.0.1:{port}", path, greeting), "127.0.0.1", port
            )
            part.append(listener)
        await asyncio.gather(*(listener.opened for listener in part))
        swarm += part
    return swarm
