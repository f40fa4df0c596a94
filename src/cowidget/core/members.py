"""The live connections of a room, by connection and by peer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cowidget.core import limits
from cowidget.core.intake import Intake
from cowidget.core.limits import Bucket
from cowidget.core.values import Kind, Role


def _failures() -> Bucket:
    return Bucket(limits.FAILURES_PER_SECOND, limits.FAILURES_BURST, 0.0)


@dataclass(slots=True)
class Member:
    """One joined connection.

    Attributes:
        claims: the shares that it has declared, with the push, until the store has ordered that.
        lagging: its outbox is full; it gets nothing of the sequences until it has drained.
        at: where it stands in the state's sequence, while it lags.
        log_at: where it stands in the log, while it lags.
        heard: the position up to which it has its events or was told that it missed some; while it lags, those
            up to `at` too.
        failures: meters what the kernel is told of widgets that failed here (E5).
        anew: the top of the state's sequence when it was last sent from the beginning: it holds nothing older
            than the pages that follow, so nothing that went before this can be stale.
    """

    connection: str
    peer: str
    instance: str
    role: Role
    kind: Kind
    invitation: str
    intake: Intake = field(default_factory=Intake)
    claims: dict[str, int] = field(default_factory=dict)
    lagging: bool = False
    at: int = 0
    log_at: int = 0
    heard: int = 0
    anew: int = 0
    failures: Bucket = field(default_factory=_failures)


class Members:
    """Who is connected. One live connection per peer."""

    def __init__(self) -> None:
        self._by_connection: dict[str, Member] = {}
        self._by_peer: dict[str, Member] = {}
        self._keeping_up: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[Member]:
        return iter(tuple(self._by_connection.values()))

    def __len__(self) -> int:
        return len(self._by_connection)

    def add(self, member: Member) -> None:
        """A connection has joined."""
        self._by_connection[member.connection] = member
        self._by_peer[member.peer] = member
        self._keeping_up = None

    def remove(self, connection: str) -> Member | None:
        """A connection has ended; None if it never joined or was removed before."""
        member = self._by_connection.pop(connection, None)
        if member is not None and self._by_peer.get(member.peer) is member:
            del self._by_peer[member.peer]
        self._keeping_up = None
        return member

    def at(self, connection: str) -> Member | None:
        """The member of a connection."""
        return self._by_connection.get(connection)

    def of(self, peer: str) -> Member | None:
        """The live member of a peer."""
        return self._by_peer.get(peer)

    def lag(self, member: Member, *, lagging: bool) -> None:
        """A member falls behind, or has caught up."""
        member.lagging = lagging
        self._keeping_up = None

    def keeping_up(self) -> tuple[str, ...]:
        """The connections that get what happens as it happens."""
        if self._keeping_up is None:
            self._keeping_up = tuple(m.connection for m in self._by_connection.values() if not m.lagging)
        return self._keeping_up

    def where(self, wanted: Callable[[Member], bool]) -> tuple[str, ...]:
        """The connections of those who keep up and are wanted."""
        return tuple(m.connection for m in self._by_connection.values() if not m.lagging and wanted(m))

    def per_invitation(self) -> Counter[str]:
        """How many are here with each invitation."""
        return Counter(member.invitation for member in self._by_connection.values())
