"""Widgets in two guests' pages and in Python: one value for all."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host


def test_a_slider_that_one_guest_drags_moves_for_the_other_and_in_python(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    ann.drag("frequency", 6)

    bob.sees_value("frequency", 6)
    host.sees("frequency", 6)


def test_what_python_sets_moves_the_slider_of_both_guests(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    host.run("tuner.amplitude = 9")

    ann.sees_value("amplitude", 9)
    bob.sees_value("amplitude", 9)


def test_two_who_drag_at_once_end_with_one_value_which_is_also_pythons(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")
    ann.grab("amplitude")
    bob.grab("amplitude")

    for step in range(1, 6):
        ann.pull("amplitude", 5 + step)
        bob.pull("amplitude", 5 - step)
    ann.drop()
    bob.drop()

    host.kernel.sees("tuner.amplitude in (0, 10)", True)
    shown = host.value("amplitude")
    ann.sees_value("amplitude", shown)
    bob.sees_value("amplitude", shown)
    host.sees("amplitude", shown)


def test_a_value_that_the_kernel_clamps_is_corrected_for_everybody(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    ann.drag("frequency", 10)

    ann.sees_value("frequency", 8)
    bob.sees_value("frequency", 8)
    host.sees("frequency", 8)


def test_a_value_that_the_kernel_refuses_goes_back_and_its_writer_is_told_why(host: Host, visit: Visit) -> None:
    ann, bob = visit("Ann"), visit("Bob")

    ann.drag("octave", 5)

    ann.is_told("only even octaves")
    ann.sees_value("octave", host.value("octave"))
    bob.sees_value("octave", host.value("octave"))


def test_a_write_that_the_host_has_not_allowed_is_refused_with_its_reason(host: Host, visit: Visit) -> None:
    ann = visit("Ann")

    ann.field("caption").fill("mine")
    ann.field("caption").press("Enter")

    ann.is_told("The host has not opened this for changes.")
    expect(ann.field("caption")).to_have_value("a tone")
    host.sees("caption", "a tone")


def test_who_comes_late_sees_widget_values_people_and_chat(host: Host, visit: Visit) -> None:
    ann = visit("Ann")
    ann.drag("frequency", 7)
    ann.says("before you came")
    ann.reads(["before you came"])

    bob = visit("Bob")

    bob.sees_value("frequency", 7)
    bob.reads(["before you came"])
    bob.sees_people("Ann")


def test_a_widget_that_cannot_be_drawn_tells_so_in_its_place_and_the_other_lives_on(host: Host, visit: Visit) -> None:
    host.run("room.share(Broken(), name='broken')")
    ann, bob = visit("Ann"), visit("Bob")

    failure = ann.widgets.get_by_role("alert")
    expect(failure).to_contain_text("cannot be shown")
    expect(failure).to_contain_text("there is no canvas here")
    ann.drag("frequency", 4)

    bob.sees_value("frequency", 4)
