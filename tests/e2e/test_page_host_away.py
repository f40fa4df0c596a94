"""The kernel is busy or away: guests go on with each other, and it catches up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Visit
from tests.support.busy import holding_the_lock, looping, release
from tests.support.hosts import Host


@pytest.mark.parametrize("work", [looping, holding_the_lock])
def test_a_busy_kernel_stops_nobody_and_catches_up(
    host: Host, visit: Visit, work: Callable[[str], str], tmp_path: Path
) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    gate = tmp_path / "gate"
    busy = host.kernel.begin(work(str(gate)))

    ann.drag("frequency", 5)
    bob.sees_value("frequency", 5)
    bob.drag("amplitude", 7)
    ann.sees_value("amplitude", 7)
    ann.says("still here")
    bob.reads(["still here"])
    for page in (ann, bob):
        page.sees_status("kernel busy, 2 waiting")
    release(gate)
    host.kernel.finish(busy)

    for page in (ann, bob):
        page.sees_status("live")
    host.sees("frequency", 5)
    host.sees("amplitude", 7)


def test_what_the_kernel_would_not_take_is_corrected_when_it_is_free_again(
    host: Host, visit: Visit, tmp_path: Path
) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    gate = tmp_path / "gate"
    busy = host.kernel.begin(looping(str(gate)))

    ann.drag("frequency", 10)
    bob.sees_value("frequency", 10)
    release(gate)
    host.kernel.finish(busy)

    ann.sees_value("frequency", 8)
    bob.sees_value("frequency", 8)


def test_a_restarted_kernel_whose_cell_is_run_again_goes_on_with_the_guests_values(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.drag("frequency", 6)
    host.sees("frequency", 6)

    host.kernel.restart()
    for page in (ann, bob):
        page.sees_status("host away")
    bob.drag("amplitude", 4)
    ann.sees_value("amplitude", 4)
    host.opens_the_notebook()
    host.runs_the_cell()

    for page in (ann, bob):
        page.sees_status("live")
        page.sees_value("frequency", 6)
        page.sees_value("amplitude", 4)
    host.sees("frequency", 6)
    host.sees("amplitude", 4)
    assert host.link_of("room") == host.link


def test_a_restarted_kernels_own_values_reach_the_pages_that_stayed(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    host.run("tuner.caption = 'set in Python'")
    host.kernel.restart()
    ann.sees_status("host away")

    host.opens_the_notebook()
    host.runs_the_cell()
    host.run("tuner.amplitude = 3")

    ann.sees_status("live")
    ann.sees_value("amplitude", 3)
    ann.drag("amplitude", 8)
    host.sees("amplitude", 8)
