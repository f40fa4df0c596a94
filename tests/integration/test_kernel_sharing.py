"""Two real kernels and a real relay: what one shares, the other one has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.busy import holding_the_lock, looping, release
from tests.support.kernels import CellFailed, Kernel, running_kernel
from tests.support.lasting_kernels import LastingKernel

pytestmark = pytest.mark.integration


@pytest.fixture
def host(hosts: LastingKernel) -> Kernel:
    return hosts.begin()


@pytest.fixture
def guest(guests: LastingKernel, host: Kernel) -> Kernel:
    return guests.begin()


def join(guest: Kernel, host: Kernel, link: str = "room.url") -> None:
    """Join by one of the host's links, and wait for what the host has shared."""
    guest.run(f"room = cw.join({host.value(f'str({link})')!r}, name='Ana')")
    guest.sees("sorted(room.widgets)", host.value("sorted(room.widgets)"))


def test_a_guest_sees_and_drives_a_shared_widget(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(value=3); room = cw.share(counter)")
    join(guest, host)
    guest.sees("room.widgets['counter'].value", 3)

    guest.run("room.widgets['counter'].value = 7")

    host.sees("counter.value", 7)


def test_what_the_host_sets_reaches_the_guest(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)

    host.run("counter.value = 42")

    guest.sees("room.widgets['counter'].value", 42)


def test_a_value_that_the_kernel_clamps_is_corrected_for_everybody(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)

    guest.run("room.widgets['counter'].value = 500")

    guest.sees("room.widgets['counter'].value", 100)
    host.sees("counter.value", 100)


def test_a_value_that_the_kernel_refuses_goes_back(host: Kernel, guest: Kernel) -> None:
    host.run("even = Even(value=2); room = cw.share(even)")
    join(guest, host)

    guest.run("room.widgets['even'].value = 3")

    guest.sees("[str(e) for e in room.errors]", ["only even numbers"])
    guest.sees("room.widgets['even'].value", 2)


@pytest.mark.parametrize("work", [looping, holding_the_lock])
def test_a_busy_cell_does_not_stop_the_guests_and_their_last_value_is_applied_after_it(
    host: Kernel, guest: Kernel, tmp_path: Path, work: Callable[[str], str]
) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)
    guest.sees("room.widgets['counter'].value", 0)
    gate = tmp_path / "gate"
    busy = host.begin(work(str(gate)))

    guest.run("room.widgets['counter'].value = 8; room.widgets['counter'].value = 9; room.chat.send('still here')")

    guest.sees("[m.text for m in room.chat.messages]", ["still here"])
    release(gate)
    host.finish(busy)
    host.sees("counter.value", 9)


def test_the_room_is_told_that_the_kernel_is_busy_and_what_waits(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)
    guest.sees("room.widgets['counter'].value", 0)
    kernel = "next(p for p in room._handle.ask(lambda r: tuple(r.people.values())) if p.role == 'owner')"
    told = f"{{name: {kernel}.about.get(name) for name in ('busy', 'waiting')}}"
    gate = tmp_path / "gate"
    busy = host.begin(looping(str(gate)))

    guest.run("room.widgets['counter'].value = 8; room.widgets['counter'].value = 9")

    guest.sees(told, {"busy": True, "waiting": 1})
    release(gate)
    host.finish(busy)
    guest.sees(told, {"busy": None, "waiting": None})


def test_process_applies_what_waits_in_the_middle_of_a_cell(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)
    guest.sees("room.widgets['counter'].value", 0)
    busy = host.start(
        "end = time.time() + 20\nwhile counter.value != 5 and time.time() < end:\n"
        "    time.sleep(0.02); cw.process()\nprint(counter.value)"
    )

    guest.run("room.widgets['counter'].value = 5")

    assert host.finish(busy) == "5\n"


def test_a_share_applied_on_a_thread_follows_during_a_cell(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter, apply='thread')")
    join(guest, host)
    guest.sees("room.widgets['counter'].value", 0)
    busy = host.start(
        "end = time.time() + 20\nwhile counter.value != 5 and time.time() < end: time.sleep(0.02)\nprint(counter.value)"
    )

    guest.run("room.widgets['counter'].value = 5")

    assert host.finish(busy) == "5\n"


def test_a_cell_that_is_run_again_continues_with_what_a_guest_had_set(host: Kernel, guest: Kernel) -> None:
    cell = "counter = Counter(value=1); room = cw.share(counter); link = str(room.url)"
    host.run(cell)
    first = host.value("link")
    join(guest, host)
    guest.run("room.widgets['counter'].value = 33")
    host.sees("counter.value", 33)

    host.run(cell)

    host.sees("[link, counter.value]", [first, 33])
    guest.sees("[list(room.widgets), room.widgets['counter'].value]", [["counter"], 33])


def test_a_restarted_kernel_continues_under_the_same_link(home: Path) -> None:
    with running_kernel(home, notebook="/lessons/one.ipynb") as host, running_kernel(home) as guest:
        cell = "counter = Counter(value=1, label='one'); room = cw.share(counter); link = str(room.url)"
        host.run(cell)
        first = host.value("link")
        join(guest, host)
        guest.run("room.widgets['counter'].value = 33")
        host.sees("counter.value", 33)
        host.run("counter.label = 'set by the kernel'")
        guest.sees("room.widgets['counter'].label", "set by the kernel")

        host.restart()
        guest.run("room.widgets['counter'].on = True  # while the owner is away")
        host.run(cell)

        host.sees("[link, counter.value, counter.on, counter.label]", [first, 33, True, "one"])
        guest.sees("[room.widgets['counter'].value, room.widgets['counter'].label, room.status]", [33, "one", "live"])


def test_restore_false_lets_the_kernels_values_win(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(value=1); room = cw.share(counter)")
    join(guest, host)
    guest.run("room.widgets['counter'].value = 33")
    host.sees("counter.value", 33)

    host.run("counter = Counter(value=1); room = cw.share(counter, restore=False)")

    guest.sees("room.widgets['counter'].value", 1)
    host.sees("counter.value", 1)


def test_an_edit_in_place_travels(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(items=[1]); room = cw.share(counter)")
    join(guest, host)

    host.run("counter.items.append(2); counter.send_state('items')")

    guest.sees("room.widgets['counter'].items", [1, 2])


def test_bytes_travel_both_ways(host: Kernel, guest: Kernel) -> None:
    host.run("picture = Picture(pixels=b'\\x00\\xff'); room = cw.share(picture, allow={'pixels'})")
    join(guest, host)
    guest.sees("room.widgets['picture'].pixels.hex()", "00ff")

    guest.run("room.widgets['picture'].pixels = b'\\x01\\x02'")

    host.sees("[type(picture.pixels).__name__, picture.pixels.hex()]", ["bytes", "0102"])


def test_a_megabyte_travels_both_ways(host: Kernel, guest: Kernel) -> None:
    host.run("picture = Picture(pixels=bytes(1 << 20)); room = cw.share(picture, allow={'pixels'})")
    join(guest, host)
    guest.sees("room.widgets['picture'].pixels == bytes(1 << 20)", True)

    guest.run("room.widgets['picture'].pixels = b'\\x07' * (1 << 20)")

    host.sees("picture.pixels == b'\\x07' * (1 << 20)", True)


def test_custom_messages_go_both_ways_where_they_are_allowed(host: Kernel, guest: Kernel) -> None:
    host.run("echo = Echo(); room = cw.share(echo, allow={'messages'})")
    join(guest, host)
    guest.sees("room.widgets['echo'].heard", [])

    guest.run("room.widgets['echo'].send({'say': 'hi'}, [b'ab'])")

    guest.sees("room.widgets['echo'].heard", [{"say": "hi"}])


def test_a_refused_write_tells_the_host_which_argument_would_allow_it(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)
    guest.sees("room.widgets['counter'].label", "count")

    guest.run("room._handle.push(lambda r: r.set({'counter/label': 'mine'}))")

    host.sees("any('allow={\"label\"}' in str(e) for e in room.errors)", True)
    guest.sees("room.widgets['counter'].label", "count")


def test_children_come_with_their_parent_and_follow_a_swap(host: Kernel, guest: Kernel) -> None:
    host.run("left, right = Counter(value=1), Counter(value=2); box = Box(children=[left]); room = cw.share(box)")
    join(guest, host)
    guest.sees("room.widgets['box'].child('children.0').value", 1)

    host.run("box.children = [right]")

    guest.sees("room.widgets['box'].child('children.0').value", 2)
    guest.run("room.widgets['box'].child('children.0').value = 50")
    host.sees("[left.value, right.value]", [1, 50])


def test_shared_values_are_observed_on_both_sides(host: Kernel, guest: Kernel) -> None:
    host.run(
        "counter = Counter(); room = cw.share(counter); seen = []; "
        "room.state.observe(lambda c: seen.append(c.new), 'level'); room.state['level'] = 1"
    )
    join(guest, host)
    guest.sees("dict(room.state)", {"level": 1})

    guest.run("room.state['level'] = 2")

    host.sees("[seen, dict(room.state)]", [[1, 2], {"level": 2}])


def test_a_revoked_link_is_replaced_and_its_guests_are_out(host: Kernel, guest: Kernel) -> None:
    host.run("room = cw.room('lesson'); first = str(room.url)")
    join(guest, host)
    host.sees("[p.name for p in room.people]", ["Ana"])

    host.run("room.revoke()")

    guest.sees("room.status.partition(':')[0]", "ended")
    host.sees("str(room.url) != first", True)


def test_a_stopped_room_lets_nobody_in_and_its_old_link_stays_dead(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter); first = str(room.url)")
    join(guest, host)

    host.run("room.stop()")
    guest.sees("room.status", "ended: The host has ended this session.")
    host.run("room = cw.share(counter)")

    host.sees("str(room.url) != first", True)
    guest.run(f"try:\n    cw.join({host.value('first')!r})\nexcept cw.LinkError as error:\n    refusal = str(error)")
    assert "not valid" in guest.value("refusal")


def test_a_viewer_cannot_set_anything(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter); viewers = room.invite('viewer', expires='1h')")
    join(guest, host, "viewers.url")

    guest.run("room._handle.push(lambda r: r.set({'counter/value': 5}))")

    guest.sees("len(room.errors)", 1)
    host.sees("counter.value", 0)


def test_what_a_cell_sets_right_after_it_shares_is_not_lost(host: Kernel, guest: Kernel) -> None:
    host.run("room = cw.share(Counter(), name='other')")
    join(guest, host)
    # The link's thread is held up, with something to push before it hears of the new share.
    host.run(
        "import threading; gate = threading.Event(); room._hosting.thread.call(gate.wait)\n"
        "room._hosting.owner(lambda owner: [])\n"
        "counter = Counter(value=3); room.share(counter); counter.value = 9\n"
        "gate.set()"
    )

    guest.sees("getattr(room.widgets.get('counter'), 'value', None)", 9)


def test_a_loop_that_sets_a_trait_ends_with_the_last_value_for_everybody(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)

    host.run("for number in range(20_000): counter.value = number % 90\ncounter.value = 77")

    guest.sees("room.widgets['counter'].value", 77)
    host.sees("[room.status, room.errors]", ["live", []])


def test_a_guests_loop_does_not_cost_its_connection(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)

    guest.run("w = room.widgets['counter']\nfor number in range(3_000): w.value = number % 90\nw.value = 78")

    host.sees("counter.value", 78)
    guest.sees("[room.status, room._handle.status.closing]", ["live", None])


def test_two_sides_that_set_at_once_end_with_the_same_value(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    join(guest, host)
    running = host.start("for number in range(300): counter.value = number % 50; time.sleep(0.003)")

    guest.run("w = room.widgets['counter']\nfor number in range(300): w.value = 50 + number % 50; time.sleep(0.003)")
    host.finish(running)

    host.sees("room._hosting.handle.ask(lambda r: r.waiting)", 0)
    guest.sees("room._handle.ask(lambda r: [r.waiting, r.state('counter/value').pending])", [0, False])
    assert host.value("counter.value") == guest.value("room.widgets['counter'].value")


def test_several_widgets_of_one_loop_have_names_of_their_own(host: Kernel, guest: Kernel) -> None:
    host.run("for counter in [Counter(value=1), Counter(value=2)]: room = cw.share(counter)")
    join(guest, host)

    guest.sees("[[name, w.value] for name, w in room.widgets.items()]", [["counter", 1], ["counter-1", 2]])


def test_a_closed_widget_leaves_the_room(host: Kernel, guest: Kernel) -> None:
    host.run("counter, other = Counter(), Counter(); room = cw.share(counter, other)")
    join(guest, host)
    guest.sees("list(room.widgets)", ["counter", "other"])

    host.run("counter.close()")

    guest.sees("list(room.widgets)", ["other"])


def test_a_wrong_argument_is_one_sentence(host: Kernel) -> None:
    with pytest.raises(CellFailed) as failed:
        host.run("cw.share(Counter(), allow={'children'})")

    assert str(failed.value) == (
        "ShareError: allow='children' is not possible: with that trait a guest could run script in your notebook."
    )


def test_when_a_box_is_closed_a_child_that_was_swapped_in_is_let_go(host: Kernel, guest: Kernel) -> None:
    host.run("first, second = Counter(value=1), Counter(value=2); comm = second.comm; box = Box(children=[first])")
    host.run("room = cw.share(box); box.children = [second]")
    join(guest, host)
    guest.sees("room.widgets['box'].child('children.0').value", 2)

    host.run("box.close()")

    guest.sees("list(room.widgets)", [])
    assert host.value("[list(room.widgets), second.comm is comm, 'set_state' in vars(second)]") == [[], True, False]


def test_a_widget_goes_and_comes_back_while_guests_watch(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(value=1); room = cw.share(counter)")
    join(guest, host)
    guest.sees("list(room.widgets)", ["counter"])

    host.run("room.unshare(counter); counter.value = 5")
    guest.sees("list(room.widgets)", [])

    host.run("room.share(counter)")
    guest.sees("list(room.widgets)", ["counter"])
    guest.sees("room.widgets['counter'].value", 5)
    guest.run("room.widgets['counter'].value = 6")
    host.sees("counter.value", 6)


def test_a_room_that_another_host_has_stopped_says_so(host: Kernel, guest: Kernel) -> None:
    host.run("counter = Counter(); room = cw.share(counter)")
    link = host.value("str(room.invite(role='host').url)")
    guest.run(f"room = cw.join({link!r})")

    guest.run("room._handle.push(lambda replica: replica.stop())")
    host.sees("room.status", "ended: The host has ended this session.")

    with pytest.raises(CellFailed, match="has ended"):
        host.run("room.share(Counter())")
