"""The frames that manage people, and what they tell of the room: see PROTOCOL.md P10."""

from __future__ import annotations

from msgspec import Struct

from cowidget.core.values import PeerName, PushId, Trust

# Frames from client to relay, of hosts and owners.


class Lock(Struct, frozen=True, tag="lock"):
    """While the room is locked, participants only look on."""

    id: PushId
    on: bool


class Remove(Struct, frozen=True, tag="remove"):
    """Send somebody away, for good."""

    id: PushId
    peer: PeerName


class Entrust(Struct, frozen=True, tag="entrust"):
    """Give somebody another role, whatever their link says; one who was removed may come back with it."""

    id: PushId
    peer: PeerName
    role: Trust


# Frames from relay to client.


class Room(Struct, frozen=True, omit_defaults=True, tag="room"):
    """What holds for the whole room has changed."""

    locked: bool = False


PeopleWish = Lock | Remove | Entrust
