"""Who takes part: guests in browsers, and the kernel that owns the widget."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cowidget.core import notes
from cowidget.core.access import hash_of
from cowidget.core.frames import ClientFrame, Declare, Refused, RelayFrame, Set
from cowidget.core.replica import Replica
from cowidget.core.values import (
    Body,
    Edit,
    Erase,
    Invitation,
    KeyState,
    Model,
    React,
    Settlement,
    Share,
    Text,
    Trust,
)

if TYPE_CHECKING:
    from tests.sim.world import World

ROOM = "room"
OWNER_SECRET, HOST_SECRET, GUEST_SECRET = "owner-secret", "host-secret", "guest-secret"
CUT = 1006


@dataclass(slots=True)
class Line:
    """One connection: frames on their way up and down. `down` ends with a close code."""

    name: str
    up: deque[ClientFrame] = field(default_factory=deque)
    down: deque[RelayFrame | int] = field(default_factory=deque)


class Client:
    """A replica, its line, and what a person or a kernel does with it."""

    secret = GUEST_SECRET
    create = ""

    def __init__(self, world: World, number: int, replica: Replica) -> None:
        self.world, self.number, self.replica = world, number, replica
        self.line: Line | None = None
        self.said: list[str] = []
        self.written: dict[str, int] = {}
        self._effects: deque[notes.Effect] = deque()
        self._running = False

    def act(self, rng: random.Random) -> None:
        """Do one thing that people do."""
        if self.world.talks and rng.random() < 0.5:
            self.talk(rng)
            return
        value = self.world.fresh_value(self.number)
        sees_widget = "w" in self.replica.shares
        match rng.randrange(6 if sees_widget else 2):
            case 0:
                self.post(f"text {value}")
            case 1:
                self.write({rng.choice(["/a", "/b"]): value})
            case 2:
                self.write({"w/x": value, "w/y": value})
            case 3:
                self.run(self.replica.emit("w", value))
            case _:
                self.write({rng.choice(["w/x", "w/y"]): value})

    def talk(self, rng: random.Random) -> None:
        """Do something about what was said, allowed or not."""
        said = self.replica.messages
        if not said or rng.random() < 0.2:
            self.post(f"text {self.world.fresh_value(self.number)}")
            return
        entry = rng.choice(said[-8:]).entry.at
        acts: list[Body] = [
            Edit(entry, f"text {self.world.fresh_value(self.number)}"),
            Edit(entry, f"text {self.world.fresh_value(self.number)}"),
            Erase(entry),
            React(entry, rng.choice("👍🎉"), on=rng.random() < 0.7),
            React(entry, rng.choice("👍🎉")),
        ]
        self.run(self.replica.post(rng.choice(acts)))

    def manage(self, rng: random.Random) -> None:
        """Do something about the room or its people, allowed or not."""
        peer = rng.choice(sorted(self.replica.people) or [self.replica.peer or "nobody"])
        roles: list[Trust] = ["viewer", "participant", "participant"]
        match rng.randrange(5):
            case 0 | 1:
                self.run(self.replica.lock(on=rng.random() < 0.5))
            case 2:
                self.run(self.replica.remove(peer))
            case _:
                self.run(self.replica.entrust(peer, rng.choice(roles)))

    def refused(self, frame: Refused) -> None:
        """The relay has refused a push as a whole: what it wrote is not expected any more.

        Known as soon as the relay says so: a refusal may be lost with its line, when a later push is acknowledged.
        """
        for push in self.replica.pushes:
            if push.id == frame.id and isinstance(push, Set) and not frame.keys:
                for change in push.changes:
                    if self.written.get(change.key) == change.value:
                        del self.written[change.key]

    def post(self, text: str) -> None:
        """Say something."""
        self.said.append(text)
        self.run(self.replica.post(Text(text)))

    def write(self, values: dict[str, int]) -> None:
        """Change some keys together."""
        self.written |= values
        self.run(self.replica.set(values))

    def run(self, effects: list[notes.Effect]) -> None:
        """Send what is to be sent; tell the witness and the application the rest.

        In order: what the application pushes because of a note goes out after all that came with that (S3).
        """
        self._effects.extend(effects)
        if self._running:
            return
        self._running = True
        while self._effects:
            self._do(self._effects.popleft())
        self._running = False

    def _do(self, effect: notes.Effect) -> None:
        if isinstance(effect, notes.Transmit):
            if self.line is None:
                raise AssertionError("a replica transmits without a line")
            self.line.up.extend(effect.frames)
        else:
            self.world.witness.note(self.replica, effect)
            self.told(effect)

    def told(self, note: notes.Note) -> None:
        """The application learns something."""
        if isinstance(note, notes.RefusedPush):
            for key in note.refused.keys:
                self.written.pop(key, None)


class Guest(Client):
    """A browser."""

    def reload(self) -> None:
        """The page is loaded again: its memory carries peer and outbox."""
        self.world.cut(self)
        stored = self.replica.dump()
        self.replica = Replica(self.replica.identity)
        self.replica.load(stored)


class Host(Guest):
    """A browser of somebody who manages people."""

    secret = HOST_SECRET

    def act(self, rng: random.Random) -> None:
        if rng.random() < 0.4:
            self.manage(rng)
        else:
            super().act(rng)


class Kernel(Client):
    """The owner: it declares a share with two traits and decides about what others write."""

    secret, create = OWNER_SECRET, "operator"

    def __init__(self, world: World, number: int, replica: Replica) -> None:
        super().__init__(world, number, replica)
        self.traits = {"w/x": self.world.fresh_value(number), "w/y": self.world.fresh_value(number)}
        self.undecided: set[str] = set()
        self.executed: list[tuple[str, int]] = []

    def told(self, note: notes.Note) -> None:
        super().told(note)
        match note:
            case notes.Welcomed(reset=True):
                self._declare()
            case notes.SharesChanged() | notes.PeopleChanged():
                self._reclaim()
            case notes.StateChanged(keys=keys):
                self.undecided.update(key for key in keys if key in self.traits)
            case notes.EventReceived(event=event):
                self.executed.append((event.by, event.id))

    def _declare(self) -> None:
        guests = Invitation("guests", "participant", hash_of(GUEST_SECRET))
        self.run(self.replica.grant(guests))
        if self.world.manages:
            self.run(self.replica.grant(Invitation("hosts", "host", hash_of(HOST_SECRET))))
        model = Model("", "Widget", ("x", "y"), writable=("x", "y"), messages=True)
        self.run(self.replica.declare(Share("w", (model,)), dict(self.traits)))

    def _reclaim(self) -> None:
        """Another kernel has taken the share over and is not here: this one declares it again."""
        share = self.replica.shares.get("w")
        if share is not None and not self._declaring and share.by not in (self.replica.peer, *self.replica.people):
            self._declare()

    @property
    def _declaring(self) -> bool:
        return any(isinstance(push, Declare) for push in self.replica.pushes)

    def act(self, rng: random.Random) -> None:
        if self.world.talks and rng.random() < 0.2:
            self.talk(rng)
        elif self.world.manages and rng.random() < 0.1:
            self.manage(rng)
        elif rng.random() < 0.6:
            self.decide()
        else:
            key = rng.choice(sorted(self.traits))
            self.traits[key] = self.world.fresh_value(self.number)
            self.run(self.replica.set({key: self.traits[key]}))

    def decide(self) -> None:
        """The main thread is free: apply what others wrote, and say what became of it."""
        if self._declaring:
            return  # whether a write or the declaration came last is known when that is acknowledged
        settlements = []
        for key in sorted(self.undecided):
            state = self.replica.state(key)
            if state is None or not state.pending or self.replica.outstanding(key):
                continue
            settlements.append(self._settlement(key, state))
        self.undecided.clear()
        if settlements:
            self.run(self.replica.settle(settlements))

    def _settlement(self, key: str, state: KeyState) -> Settlement:
        if state.value % 7 == 0:
            return Settlement(key, state.version, "reject", value=self.traits[key], reason="no sevens")
        if state.value % 5 == 0:
            self.traits[key] = self.world.fresh_value(self.number)
            return Settlement(key, state.version, "rebase", value=self.traits[key])
        self.traits[key] = state.value
        return Settlement(key, state.version, "commit")
