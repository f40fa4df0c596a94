"""How many photos each person brings in an hour."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.photo_quota import PhotoQuota

MIB = limits.MIB


def filled(count: int, size: int = 10, every: float = 0.0) -> PhotoQuota:
    quota = PhotoQuota()
    for n in range(count):
        quota.take("ada", size, 1000.0 + every * n)
    return quota


@pytest.mark.rule("U7")
@pytest.mark.parametrize(("count", "wait"), [(59, 0.0), (60, 3600.0), (61, 3600.0)])
def test_a_person_brings_sixty_photos_an_hour(count: int, wait: float) -> None:
    assert filled(count).wait("ada", 10, 1000.0) == wait


@pytest.mark.rule("U7")
@pytest.mark.parametrize(("size", "wait"), [(8 * MIB, 0.0), (8 * MIB + 1, 3600.0)])
def test_a_person_brings_200_mib_an_hour(size: int, wait: float) -> None:
    assert filled(24, 8 * MIB).wait("ada", size, 1000.0) == wait


def test_the_oldest_makes_room_first() -> None:
    quota = filled(60, every=10.0)
    assert quota.wait("ada", 10, 2000.0) == 2600.0
    assert quota.wait("ada", 10, 4600.0) == 0.0


def test_it_may_take_several_of_the_oldest() -> None:
    quota = filled(25, 8 * MIB, every=10.0)
    assert quota.wait("ada", 16 * MIB, 2000.0) == 2610.0


def test_others_are_not_concerned() -> None:
    assert filled(60).wait("bob", 10, 1000.0) == 0.0


def test_what_came_to_nothing_does_not_count() -> None:
    quota = filled(60)
    quota.give_back("ada", 10)
    quota.give_back("bob", 10)
    assert quota.wait("ada", 10, 1000.0) == 0.0


def test_who_has_brought_nothing_for_an_hour_is_forgotten() -> None:
    quota = filled(60)
    quota.sweep(4600.0)
    assert quota.wait("ada", 10, 1000.0) == 0.0
