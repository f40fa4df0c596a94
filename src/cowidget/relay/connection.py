"""One client's connection: bytes to frames, frames to bytes, and the end of it.

The WebSocket rules are `websockets`' own, in its sans-I/O form; this class moves the bytes. Data frames
are written to the transport as they are, because the same bytes go to many connections: they are always
whole messages, so control frames of the protocol object may come between any two of them.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from enum import StrEnum
from http import HTTPStatus

from websockets.frames import CloseCode, Frame as WebSocketFrame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State as WebSocketState

from cowidget.core import closing, limits
from cowidget.core.access import Caller
from cowidget.core.closing import Closing
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Ending
from cowidget.core.session import Session
from cowidget.core.values import Role
from cowidget.errors import FrameError, PeerError
from cowidget.relay.desk import LATER, Desk
from cowidget.relay.pace import Pace
from cowidget.relay.parcel import Mailing, Parcel, opcode_of
from cowidget.relay.websocket import WebSocket

log = logging.getLogger(__name__)

# Bytes that are read at once, as much as a chunk: less, and a large blob takes more turns of the loop.
READ_BYTES = 256 * limits.KIB
# Below this an outbox has drained. 0 would leave a fast line idle for a round trip.
DRAINED_BYTES = 64 * limits.KIB
# What the system may hold unsent beside our outbox; without it, pings wait behind megabytes.
UNSENT_BYTES = 128 * limits.KIB
# Seconds for the other side to answer a close before the line is cut.
CLOSE_TIMEOUT = 5.0
# Bytes that must go out meanwhile for the line to live. More: a page on a poor line sees no photos. Less: whoever
# reads a byte now and then holds a connection, and a photo with it.
LEAST_PROGRESS = 16 * limits.KIB


class Phase(StrEnum):
    """Where a connection is in its life."""

    HANDSHAKE = "handshake"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


# To look a member up in its enumeration costs more than to compare with it, and `send` does so all the time.
_OPEN = Phase.OPEN


class Connection(asyncio.BufferedProtocol):
    """One client. Everything happens in the event loop, nothing here waits.

    Args:
        desk: who it reports to.
        name: what it is called in logs and to its room.
        incoming: where the loop puts what has come until it is taken; the connections of one loop share it. By
            itself, asyncio takes a quarter of a MiB from the system for each small message and gives it back: with
            many who move their pointers, a fifth of the relay's work.
    """

    def __init__(self, desk: Desk, name: str, incoming: memoryview | None = None) -> None:
        now = time.monotonic()
        self.name = name
        self.address = ""
        self.caller = Caller()
        self.phase = Phase.HANDSHAKE
        self.room: str | None = None
        self.subprotocol = Subprotocol.MSGPACK
        self.session = Session(time.time())
        self._desk = desk
        self._incoming = memoryview(bytearray(READ_BYTES)) if incoming is None else incoming
        self._websocket = WebSocket()
        self._fragments: list[bytes] = []
        self._outgoing: list[Parcel] = []
        self._to_flush = False
        self._pace = Pace(self._flush_soon)
        self._since = now
        # The first ping that has not been answered; any bytes are an answer. Time since the last bytes would
        # not do: a relay that was itself late (a suspended laptop) would drop everybody unasked.
        self._asked: float | None = None
        self._silence = limits.SILENCE_TIMEOUT
        self._pinged = now
        self._paused: float | None = None
        self._held = False
        self._unsent = 0
        self._transport: asyncio.Transport

    # What the hub and the server do with it.

    @property
    def is_congested(self) -> bool:
        """Whether its outbox is full, or it has been asked to drain."""
        return self._paused is not None

    def backlog(self) -> int:
        """Bytes that wait to be sent."""
        waiting = sum(parcel.size(self.subprotocol) for parcel in self._outgoing)
        return self._transport.get_write_buffer_size() + waiting

    def send(self, parcel: Parcel) -> None:
        """Send a frame in this turn of the event loop, to a kernel soon. After a close this does nothing."""
        if self.phase is _OPEN:
            self._outgoing.append(parcel)
            if not self._to_flush and not (parcel.can_wait and self._pace.holds()):
                self._flush_soon()

    def flush(self, mailing: Mailing) -> None:
        """Write what `send` has taken."""
        parcels, self._outgoing = self._outgoing, []
        self._to_flush = False
        self._pace.written()
        if len(parcels) == 1:
            for piece in parcels[0].message(self.subprotocol):
                self._transport.write(piece)
        elif parcels:
            for message in mailing.messages(parcels, self.subprotocol):
                for piece in message:
                    self._transport.write(piece)

    def await_drain(self) -> None:
        """Report `drained` when everything has been sent, at once if it has."""
        if self.phase is not Phase.OPEN:
            return
        self.flush(Mailing())
        if self._paused is None and self._transport.get_write_buffer_size() > DRAINED_BYTES:
            # The transport reports the end of a pause only: so pause it.
            self._transport.set_write_buffer_limits(high=DRAINED_BYTES, low=DRAINED_BYTES)
        elif self._paused is None:
            asyncio.get_running_loop().call_soon(self._report_drained)

    def hold(self) -> None:
        """Read nothing more from it until `release`: what it has sent waits for the store."""
        if self.phase is Phase.OPEN and not self._held:
            self._held = True
            self._transport.pause_reading()

    def release(self) -> None:
        """Read from it again."""
        if self._held:
            self._held = False
            self._asked = None
            self._transport.resume_reading()

    def joined(self, role: Role) -> None:
        """The room has welcomed it: its session's limits are those of its role."""
        self.session.joined(role, time.time())
        if role == "owner":
            self._silence = limits.KERNEL_SILENCE_TIMEOUT
            self._pace.keep(limits.KERNEL_INTERVAL)
        self._websocket.max_message_size = self.session.max_message_bytes

    def respond(self, response: Response) -> None:
        """Answer its request; one that is gone hears nothing."""
        if self.phase is not Phase.HANDSHAKE:
            return
        self._websocket.send_response(response)
        self._write_control()
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._since = time.monotonic()
            self._unsent = self._transport.get_write_buffer_size()
            self.phase = Phase.CLOSING

    def close(self, why: Closing) -> None:
        """End it after what has been sent to it. Doing so twice does nothing."""
        if self.phase is not Phase.OPEN:
            return
        self.send(Parcel(Ending(why.code, why.slug)))
        self.flush(Mailing())
        self._websocket.send_close(why.code, why.slug)
        self._write_control()
        self._leave(why.slug)

    def cut(self) -> None:
        """End it without a word."""
        self._transport.abort()

    def tick(self, now: float) -> None:
        """What is due at this time (monotonic): pings, and the ends of patience."""
        match self.phase:
            case Phase.HANDSHAKE:
                if now - self._since >= limits.HELLO_TIMEOUT:
                    self.cut()
            case Phase.OPEN:
                self._tick_open(now)
            case Phase.CLOSING:
                self._note_progress(now)
                if now - self._since >= CLOSE_TIMEOUT:
                    self.cut()

    def _note_progress(self, now: float) -> None:
        """A photo takes its time on a slow line: while some of it goes out, nobody cuts that."""
        unsent = self._transport.get_write_buffer_size()
        if unsent <= self._unsent - LEAST_PROGRESS:
            self._unsent, self._since = unsent, now

    def _tick_open(self, now: float) -> None:
        try:
            self.session.tick(time.time())
        except PeerError as error:
            self.close(error.closing)
            return
        if self._paused is not None:
            # Its answers wait behind what it has not read: only the outbox tells whether it lives.
            if now - self._paused >= limits.SLOW_TIMEOUT:
                self.close(closing.SLOW)
        elif self._is_silent(now):
            self.close(closing.SILENT)
        elif now - self._pinged >= limits.PING_INTERVAL:
            self._pinged = now
            self._asked = self._asked or now
            self._websocket.send_ping(b"")
            self._write_control()

    def _is_silent(self, now: float) -> bool:
        # What a held connection answers is not read.
        patience = self._silence - limits.PING_INTERVAL
        return not self._held and self._asked is not None and now - self._asked >= patience

    # What asyncio reports.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is there."""
        if not isinstance(transport, asyncio.Transport):
            raise AssertionError("a TCP server makes transports that write")
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if isinstance(peer, tuple) else ""
        self._restore_limits()
        _bound_unsent(transport.get_extra_info("socket"))
        self._desk.admit(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""
        return self._incoming

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes are there."""
        self.data_received(bytes(self._incoming[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        self._asked = None
        try:
            self._receive_data(data)
        except Exception:
            log.exception("%s has failed", self.name)
            self._websocket.fail(CloseCode.INTERNAL_ERROR)
            self._write_control()

    def _receive_data(self, data: bytes) -> None:
        self._websocket.receive_data(data)
        self._write_control()
        for event in self._websocket.events_received():
            match event:
                case Request():
                    self._receive_request(event)
                case WebSocketFrame():
                    self._receive_frame(event)

    def eof_received(self) -> None:
        """The other side will send no more; it is closed after what we still have to say."""
        self._websocket.receive_eof()
        self._write_control()

    def pause_writing(self) -> None:
        """The outbox is full, or was asked to drain."""
        self._paused = time.monotonic()
        if self.phase is Phase.OPEN and self._transport.get_write_buffer_size() > limits.OUTBOX_BYTES:
            self._desk.congested(self)

    def resume_writing(self) -> None:
        """The outbox has drained."""
        self._paused = None
        self._asked = None
        if not self._transport.is_closing():
            self._restore_limits()
        self._report_drained()

    def connection_lost(self, error: Exception | None) -> None:
        """The line is gone."""
        self._websocket.receive_eof()
        self._leave("lost")
        self.phase = Phase.CLOSED
        self._desk.lost(self)

    # The handshake and the frames.

    def _receive_request(self, request: Request) -> None:
        response = self._desk.answer(self, request)
        if response is LATER:
            return
        if response is None:
            response = self._websocket.accept(request)
            # The protocol object keeps the request as long as it lives; the headers of browsers are kilobytes.
            request.headers.clear()
        self.respond(response)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            return
        self.phase = Phase.OPEN
        self.subprotocol = Subprotocol(self._websocket.subprotocol or Subprotocol.MSGPACK)
        self._desk.opened(self)

    def _receive_frame(self, frame: WebSocketFrame) -> None:
        if self.phase is not Phase.OPEN or frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        try:
            if frame.opcode is not Opcode.CONT and frame.opcode is not opcode_of(self.subprotocol):
                raise FrameError(closing.UNDECODABLE, f"a {frame.opcode.name} message on {self.subprotocol}")
            message = self._assemble(frame)
            if message is None:
                return
            frames = self.session.receive_message(message, self.subprotocol, time.time())
        except PeerError as error:
            log.debug("%s: %s", self.name, error)
            self.close(error.closing)
            return
        self._desk.receive(self, frames, len(message))

    def _assemble(self, frame: WebSocketFrame) -> bytes | None:
        if frame.fin and not self._fragments:
            return bytes(frame.data)
        # Bounded: the protocol object fails a message that grows over its limit.
        self._fragments.append(bytes(frame.data))
        if not frame.fin:
            return None
        message = b"".join(self._fragments)
        self._fragments.clear()
        return message

    # Writing.

    def _write_control(self) -> None:
        for data in self._websocket.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._end_writing()
        if self.phase is Phase.OPEN and self._websocket.state is not WebSocketState.OPEN:
            # It closed, or broke the rules of WebSocket; nothing may follow the close frame.
            self._leave("closed by the client")

    def _end_writing(self) -> None:
        if not self._transport.can_write_eof():
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # the other side has reset the line, and asyncio has not told us yet
            self._transport.abort()

    def _leave(self, why: str) -> None:
        if self.phase is Phase.OPEN:
            log.debug("%s: %s", self.name, why)
            self.phase = Phase.CLOSING
            self._since = time.monotonic()
            self._outgoing.clear()
            self._pace.stop()
            self.release()
            self.session.close()
            self._desk.left(self)

    def _flush_soon(self) -> None:
        self._to_flush = True
        self._desk.to_flush(self)

    def _report_drained(self) -> None:
        if self.phase is Phase.OPEN and self._paused is None:
            self._desk.drained(self)

    def _restore_limits(self) -> None:
        self._transport.set_write_buffer_limits(high=limits.OUTBOX_BYTES, low=DRAINED_BYTES)


def _bound_unsent(sock: socket.socket) -> None:
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None:
        sock.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)
