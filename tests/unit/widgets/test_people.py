"""The people of a room as Python objects."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.peer import Route
from cowidget.core.frames import Entrust, Lock, People as Told, RelayFrame, Remove, Room
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Moved, Person, Role
from cowidget.errors import NotAllowed
from cowidget.widgets import person as person_module
from cowidget.widgets.gathering import Gathering
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.people import PeopleChange
from cowidget.widgets.person import Pointer
from tests.support.replicas import welcome

ME, ADA, BOB, OWNER = (
    Person("me", "Me", "#000000", "host", "panel"),
    Person("ada", "Ada", "#ff0000", "viewer"),
    Person("bob", "Bob", "#00ff00", "participant"),
    Person("k", "Host", "", "owner", "kernel"),
)


class Bench:
    """A room whose relay the test plays."""

    def __init__(self, thread: LinkThread, role: Role) -> None:
        async def route(_: int) -> Route:
            raise AssertionError("nobody dials")

        self.thread = thread
        self.replica = Replica(Identity("room", "panel", "i", "Me"))
        self.handle = Handle(thread, self.replica, route, "")
        self.room = Gathering(self.handle, MainThread(thread))
        self.people = self.room.people
        self.handle.push(lambda replica: replica.receive_opened("secret"))
        self.receive(welcome(peer="me", role=role, people=(OWNER, ME, ADA, BOB)))

    def receive(self, *frames: RelayFrame) -> None:
        for frame in frames:
            self.handle.push(lambda replica, frame=frame: replica.receive(frame))  # type: ignore[misc]
        self.settle()

    def moves(self, peer: str, **about: Any) -> None:
        self.receive(Told(moved=(Moved(peer, about),)))

    def settle(self) -> None:
        self.thread.ask(lambda: None)
        self.thread._worker.submit(lambda: None).result()

    def pushed(self) -> list[tuple[Any, ...]]:
        pushes = self.handle.ask(lambda replica: replica.pushes)
        return [tuple(getattr(push, name) for name in push.__struct_fields__[1:]) for push in pushes]


@pytest.fixture
def thread() -> Iterator[LinkThread]:
    thread = LinkThread("cowidget-test")
    yield thread
    thread.close()


@pytest.fixture
def bench(thread: LinkThread) -> Bench:
    return Bench(thread, "host")


# Who is here.


def test_people_are_listed_by_number_and_by_name_and_kernels_are_not(bench: Bench) -> None:
    people = bench.people

    assert [person.name for person in people] == ["Me", "Ada", "Bob"]
    assert (len(people), people[1].name, people["Bob"].peer, [each.name for each in people[1:]]) == (
        3,
        "Ada",
        "bob",
        ["Ada", "Bob"],
    )
    assert repr(people[:2]) == "[<Me: host, panel>, <Ada: viewer, guest>]"


def test_who_is_not_here_is_no_key(bench: Bench) -> None:
    with pytest.raises(KeyError, match=r"Nobody here is called 'Eve'\. Here: Me, Ada, Bob"):
        bench.people["Eve"]


def test_a_person_is_as_they_are_now_and_one_object(bench: Bench) -> None:
    ada = bench.people["Ada"]
    bench.receive(Told(moved=(Moved("ada", name="Countess", color="#0000ff"),)))

    assert (ada.name, ada.color, bench.people["Countess"] is ada) == ("Countess", "#0000ff", True)


def test_who_has_left_is_as_they_were_last_and_the_same_when_they_are_back(bench: Bench) -> None:
    ada = bench.people["Ada"]
    bench.moves("ada", idle=True, hand=1.0, typing=True, pointer={"share": "w", "x": 0, "y": 1})
    bench.receive(Told(left=("ada",)))
    gone = (ada.here, ada.name, ada.idle, ada.hand, ada.typing, ada.pointer, repr(ada))
    bench.receive(Told(joined=(ADA,)))

    assert gone == (False, "Ada", False, None, False, None, "<Ada: viewer, left>")
    assert (ada.here, bench.people["Ada"] is ada) == (True, True)


# What they are doing.


@pytest.mark.rule("P6", "P7", "P8", "P9")
def test_what_people_say_of_themselves_is_read(bench: Bench) -> None:
    ada = bench.people["Ada"]
    bench.moves(
        "ada",
        idle=True,
        typing=True,
        pointer={"share": "slider", "x": 0.25, "y": 1},
        hand=1_700_000_000,
        asks="control",
        following="bob",
    )

    assert (ada.idle, ada.typing, ada.pointer, ada.asks_control) == (True, True, Pointer("slider", 0.25, 1.0), True)
    assert ada.hand is not None
    assert (ada.hand.timestamp(), ada.following) == (1_700_000_000, bench.people["Bob"])
    assert (dict(ada.about)["asks"], repr(ada)) == ("control", "<Ada: viewer, idle>")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"idle": "yes", "typing": 1, "pointer": 7, "hand": "now", "asks": True, "following": 3},
        {"pointer": {"share": "w", "x": "0", "y": 1}, "hand": 1e300, "following": "nobody"},
        {"pointer": {"x": 0.5, "y": 0.5}, "hand": True},
        {"hand": float("nan")},
        {"hand": -(1 << 63)},
    ],
    ids=["of other types", "out of reach", "incomplete", "no number", "before all time"],
)
def test_what_makes_no_sense_is_nothing(bench: Bench, nonsense: dict[str, Any]) -> None:
    ada = bench.people["Ada"]
    bench.moves("ada", **nonsense)

    seen: list[object] = [ada.idle, ada.typing, ada.pointer, ada.hand, ada.asks_control, ada.following]
    assert seen == [False, False, None, None, False, None]


@pytest.mark.rule("P7")
def test_who_was_not_heard_of_for_eight_seconds_does_not_write_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.moves("ada", typing=True)
    later = time.monotonic() + 8.1
    monkeypatch.setattr(person_module.time, "monotonic", lambda: later)

    assert not bench.people["Ada"].typing


# Being told.


def test_an_observer_is_told_who_came_who_left_and_who_changed(bench: Bench) -> None:
    told: list[PeopleChange] = []
    bench.room.on_people(told.append)
    ada, bob = bench.people["Ada"], bench.people["Bob"]
    bench.moves("ada", hand=1.0)
    bench.receive(Told(left=("bob",)))
    bench.receive(Told(joined=(Person("eve", "Eve", "", "viewer"), Person("k2", "", "", "owner", "kernel"))))
    eve = bench.people["Eve"]

    assert told == [PeopleChange(moved=(ada,)), PeopleChange(left=(bob,)), PeopleChange(joined=(eve,))]


def test_what_happens_while_the_main_thread_is_busy_is_told_at_once(bench: Bench, thread: LinkThread) -> None:
    told: list[PeopleChange] = []
    bench.room.on_people(told.append)
    busy = threading.Event()
    thread._worker.submit(busy.wait)
    for frame in (Told(left=("ada",)), Told(joined=(ADA,)), Told(left=("bob",)), Told(moved=(Moved("me", {"x": 1}),))):
        bench.handle.push(lambda replica, frame=frame: replica.receive(frame))  # type: ignore[misc]
    thread.ask(lambda: None)
    busy.set()
    bench.settle()

    assert [[[each.name for each in part] for part in (c.joined, c.left, c.moved)] for c in told] == [
        [[], ["Bob"], ["Me"]]
    ]


def test_an_observer_that_fails_is_not_the_end_of_the_others(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    told: list[PeopleChange] = []

    @bench.room.on_people
    def fail(change: PeopleChange) -> None:
        raise RuntimeError("boom")

    bench.room.on_people(told.append)
    bench.moves("ada", x=1)
    bench.people.unobserve(fail)
    bench.moves("ada", x=2)

    assert (len(told), [record.message for record in caplog.records]) == (2, ["an observer of people failed"])


def test_who_does_not_observe_any_more_is_told_nothing(bench: Bench) -> None:
    told: list[PeopleChange] = []
    bench.room.on_people(told.append)
    bench.people.unobserve(told.append)
    bench.people.unobserve(told.append)
    bench.moves("ada", x=1)

    assert told == []


# What a host does.


@pytest.mark.rule("P10")
def test_a_host_removes_and_entrusts(bench: Bench) -> None:
    bench.people["Ada"].entrust("participant")
    bench.people["Bob"].remove()

    assert bench.pushed() == [("ada", "participant"), ("bob",)]


@pytest.mark.rule("P10")
def test_a_notebook_that_has_joined_goes_with_its_panel_and_who_only_says_so_does_not(bench: Bench) -> None:
    bench.receive(
        Told(
            joined=(
                Person("kernel", "Eve", "", "participant", about={"notebook": True, "part": "link"}),
                Person("panel", "Eve", "", "participant", "panel", {"of": "kernel"}),
                Person("liar", "Mallory", "", "participant", about={"of": "kernel"}),
                Person("fool", "Bob", "", "participant", about={"of": "bob"}),
            )
        )
    )
    bench.people["Eve"].remove()
    bench.people["Mallory"].remove()
    bench.people["Bob"].remove()

    assert bench.pushed() == [("panel",), ("kernel",), ("liar",), ("bob",)]


@pytest.mark.rule("P10")
def test_an_owner_makes_hosts(thread: LinkThread) -> None:
    bench = Bench(thread, "owner")
    bench.people["Ada"].entrust("host")

    assert bench.pushed() == [("ada", "host")]


@pytest.mark.rule("P10")
def test_what_a_host_may_not_is_a_sentence(bench: Bench) -> None:
    with pytest.raises(NotAllowed, match="You cannot send yourself away"):
        bench.people["Me"].remove()
    with pytest.raises(NotAllowed, match="You cannot give yourself a role"):
        bench.people["Me"].entrust("viewer")
    with pytest.raises(NotAllowed, match="Only the notebook that shares the room can make somebody a host"):
        bench.people["Ada"].entrust("host")
    with pytest.raises(NotAllowed, match="Nobody can be made a 'king', only one of: viewer, participant, host"):
        bench.people["Ada"].entrust("king")  # type: ignore[arg-type]
    owner = bench.people.find("k")
    assert owner is not None
    with pytest.raises(NotAllowed, match="notebook that shares the room"):
        owner.remove()
    assert bench.pushed() == []


@pytest.mark.rule("P10")
@pytest.mark.parametrize("role", ["viewer", "participant"])
def test_who_is_no_host_learns_so(thread: LinkThread, role: Role) -> None:
    bench = Bench(thread, role)
    with pytest.raises(NotAllowed, match=f"Only hosts may send somebody away, and you are a {role} here"):
        bench.people["Ada"].remove()
    with pytest.raises(NotAllowed, match="Only hosts may give somebody a role"):
        bench.people["Ada"].entrust("viewer")
    with pytest.raises(NotAllowed, match="Only hosts may lock the room"):
        bench.room.lock()
    with pytest.raises(NotAllowed, match="Only hosts may unlock the room"):
        bench.room.unlock()


@pytest.mark.rule("P10")
def test_a_room_is_locked_as_soon_as_we_say_so_and_until_the_room_says_otherwise(bench: Bench) -> None:
    bench.room.lock()
    asked = bench.room.locked
    bench.receive(Room(locked=True))
    bench.room.unlock()
    unlocked = bench.room.locked

    assert (asked, unlocked, bench.pushed()) == (True, False, [(True,), (False,)])


def test_frames_of_hosts_are_what_the_room_pushes(bench: Bench) -> None:
    bench.room.lock()
    bench.people["Bob"].remove()
    bench.people["Ada"].entrust("viewer")
    pushes = bench.handle.ask(lambda replica: replica.pushes)

    assert pushes == (Lock(1, on=True), Remove(2, "bob"), Entrust(3, "ada", "viewer"))
