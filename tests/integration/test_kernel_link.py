"""Two real kernels and a relay: a widget of one follows a widget of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.background import BackgroundLoop
from tests.support.busy import BEGUN, looping, release
from tests.support.hosts import Line
from tests.support.kernels import CellFailed, Kernel, running_kernel

pytestmark = pytest.mark.integration

SHARE = "counter = Counter(value=3); echo = Echo(); room = cw.room({room!r}).share(counter, echo)"
MINE = """
class Mine(Counter):
    @traitlets.validate("value")
    def _clamp(self, proposal):
        return min(150, max(50, proposal["value"]))
"""


@pytest.fixture(scope="module")
def kernels(module_home: Path) -> Iterator[tuple[Kernel, Kernel]]:
    with running_kernel(module_home) as host, running_kernel(module_home) as guest:
        guest.run(f"import traitlets\n{MINE}")
        yield host, guest


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> str:
    """What the host runs; each test has its own room, because a room keeps what guests have set."""
    return SHARE.format(room=request.node.name)


@pytest.fixture
def host(kernels: tuple[Kernel, Kernel], cell: str) -> Iterator[Kernel]:
    """Shares a counter from 0 to 100, and an echo whose list guests may not write."""
    host, _ = kernels
    host.run(cell)
    yield host
    host.run("room.stop()")


@pytest.fixture
def guest(host: Kernel, kernels: tuple[Kernel, Kernel]) -> Iterator[Kernel]:
    """Has joined, and has a counter of its own."""
    _, guest = kernels
    link = host.value("str(room.url)")
    guest.run(f"room = cw.join({link!r}, name='Ana'); mine = Counter(value=40); link = None")
    guest.sees("sorted(room.widgets)", ["counter", "echo"])
    yield guest
    guest.run("if link is not None: link.unlink()\nroom.leave()")


def go_there_and_back(host: Kernel, guest: Kernel, times: int) -> None:
    """So often, whatever goes back and forth between the two could have done so, too."""
    for number in range(times):
        host.run(f"room.state['there'] = {number}")
        guest.sees("room.state.get('there')", number)
        guest.run(f"room.state['back'] = {number}")
        host.sees("room.state.get('back')", number)


def test_a_link_begins_with_the_sources_value_and_goes_both_ways(host: Kernel, guest: Kernel) -> None:
    guest.run("link = cw.link((room, 'counter.value'), (mine, 'value'))")
    assert guest.value("mine.value") == 3

    host.run("counter.value = 8")
    guest.sees("mine.value", 8)
    guest.run("mine.value = 9")

    host.sees("counter.value", 9)


def test_the_other_way_round_it_begins_with_ours(host: Kernel, guest: Kernel) -> None:
    guest.run("link = cw.link((mine, 'value'), (room.widgets['counter'], 'value'))")

    host.sees("counter.value", 40)


def test_what_the_hosts_widget_makes_of_a_value_comes_back(host: Kernel, guest: Kernel) -> None:
    guest.run("mine = Mine(value=60); link = cw.link((room, 'counter.value'), (mine, 'value'))")

    guest.run("mine.value = 130")

    host.sees("counter.value", 100)
    guest.sees("mine.value", 100)


def test_what_our_widget_makes_of_a_value_goes_to_the_host(host: Kernel, guest: Kernel) -> None:
    guest.run("mine = Mine(value=60); link = cw.link((room, 'counter.value'), (mine, 'value'))")
    host.sees("counter.value", 50)

    host.run("counter.value = 20")

    host.sees("counter.value", 50)
    guest.sees("mine.value", 50)


def test_ends_that_cannot_agree_come_to_rest(host: Kernel, guest: Kernel) -> None:
    guest.run("mine = Mine(value=60); link = cw.link((room, 'counter.value'), (mine, 'value'), "
              "transform=(lambda value: value + 120, lambda value: value + 120))")  # fmt: skip
    host.run("counter.value = 60; counter.value = 61")
    version = "room._handle.ask(lambda replica: replica.state('counter/value').version)"

    go_there_and_back(host, guest, 16)
    before = guest.value(version)
    go_there_and_back(host, guest, 4)

    assert guest.value(version) == before


def test_a_one_way_link_writes_nothing_back(host: Kernel, guest: Kernel) -> None:
    guest.run("link = cw.dlink((room, 'counter.value'), (mine, 'value'), lambda value: value * 2)")
    host.run("counter.value = 5")
    guest.sees("mine.value", 10)

    guest.run("mine.value = 77; room.state['after'] = True")

    host.sees("room.state.get('after')", True)
    assert host.value("counter.value") == 5


def test_it_follows_a_trait_that_guests_may_not_write_one_way_only(host: Kernel, guest: Kernel) -> None:
    guest.run("mine = Echo(); link = cw.dlink((room, 'echo.heard'), (mine, 'heard'))")
    host.run("echo.heard = [1, 2]")
    guest.sees("mine.heard", [1, 2])

    with pytest.raises(CellFailed, match=r'NotAllowed: echo.heard cannot .* cw.share\(echo, allow=\{"heard"\}\)'):
        guest.run("cw.link((room, 'echo.heard'), (mine, 'heard'))")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("slider.value", "ShareError: Nothing in the room is called as in 'slider.value'. It has: counter, echo."),
        ("counter.speed", "ShareError: counter has no trait 'speed'. It has: "),
        ("counter", "ShareError: 'counter' names no trait. Write 'counter.value', for instance."),
        ("counter.left.value", "ShareError: counter has no widget at 'left'."),
    ],
)
def test_a_wrong_name_tells_what_there_is(host: Kernel, guest: Kernel, name: str, text: str) -> None:
    with pytest.raises(CellFailed) as failed:
        guest.run(f"cw.link((room, {name!r}), (mine, 'value'))")

    assert str(failed.value).startswith(text)


def test_a_shared_value_can_be_linked_by_host_and_guest(host: Kernel, guest: Kernel) -> None:
    host.run("shown = cw.link((room, 'counter.value'), (room, '/level'))")
    guest.run("link = cw.link((room, '/level'), (mine, 'value'))")

    guest.run("mine.value = 33")

    host.sees("counter.value", 33)


def test_while_a_cell_runs_changes_wait_and_the_newest_counts(host: Kernel, guest: Kernel) -> None:
    guest.run("link = cw.link((room, 'counter.value'), (mine, 'value')); told = []; mine.observe(told.append, 'value')")
    running = guest.begin(
        f"print({BEGUN!r}, flush=True)\nwhile room.widgets['counter'].value != 19: time.sleep(0.001)\nprint(mine.value)"
    )

    host.run("for value in range(10, 20):\n    counter.value = value\n    time.sleep(0.03)")

    assert guest.finish(running) == "begun\n3\n"
    guest.sees("mine.value", 19)
    assert guest.value("len(told)") == 1


def test_what_a_running_cell_sets_goes_out_at_once(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    guest.run("link = cw.link((room, 'counter.value'), (mine, 'value'))")

    gate = tmp_path / "gate"
    running = guest.begin(f"mine.value = 55\n{looping(str(gate))}")
    host.sees("counter.value", 55)

    release(gate)
    guest.finish(running)


def test_an_unlinked_pair_goes_its_own_ways(host: Kernel, guest: Kernel) -> None:
    guest.run("with cw.link((room, 'counter.value'), (mine, 'value')): pass")

    host.run("counter.value = 90; room.state['after'] = True")

    guest.sees("room.state.get('after')", True)
    assert guest.value("mine.value") == 3


def test_a_link_outlives_a_break_of_the_line(host: Kernel, guest: Kernel) -> None:
    link = host.value("str(room.url)")
    with BackgroundLoop() as background:
        line = Line(background, int(link.partition("127.0.0.1:")[2].partition("/")[0]))
        guest.run(f"room.leave(); room = cw.join({line.through(link)!r})")
        guest.run("link = cw.link((room, 'counter.value'), (mine, 'value'))")
        line.refuse()
        guest.sees("room.status.startswith('reconnecting')", True)

        guest.run("mine.value = 71")
        line.accept()

        host.sees("counter.value", 71)
        guest.run("room.leave()")


def test_a_link_outlives_the_restart_of_the_hosts_kernel(host: Kernel, guest: Kernel, cell: str) -> None:
    guest.run("link = cw.link((room, 'counter.value'), (mine, 'value'))")
    guest.run("mine.value = 45")
    host.sees("counter.value", 45)

    host.restart()
    guest.run("mine.value = 46")
    host.run(cell)

    host.sees("counter.value", 46)
    host.run("counter.value = 12")
    guest.sees("mine.value", 12)


def test_a_classic_widget_is_reached_through_its_box_and_linked(host: Kernel, guest: Kernel) -> None:
    host.run("import ipywidgets; inner = ipywidgets.IntRangeSlider(value=(20, 30))")
    host.run("box = ipywidgets.VBox([inner, ipywidgets.HTML('<b>hi</b>')]); room.share(box)")
    guest.sees("'box' in room.widgets", True)
    guest.run("import ipywidgets; mine = ipywidgets.IntRangeSlider()")
    guest.run("link = cw.link((room, 'box.children.0.value'), (mine, 'value'))")

    guest.run("mine.value = (40, 50)")

    host.sees("list(inner.value)", [40, 50])
    assert guest.value("room.widgets['box'].children[0] is room.widgets['box'].child('children.0')")
    assert guest.value("repr(room.widgets['box'].children[0])").startswith("<IntRangeSlider box.children.0")
    with pytest.raises(CellFailed, match=r"box.children.1.value cannot be changed by guests"):
        guest.run("room.widgets['box'].children[1].value = '<img onerror=alert(1)>'")
