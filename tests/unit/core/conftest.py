"""A room and the people of most tests."""

from __future__ import annotations

import pytest

from tests.support.rooms import Peer, RoomBench


@pytest.fixture
def bench() -> RoomBench:
    return RoomBench()


@pytest.fixture
def ada(bench: RoomBench) -> Peer:
    """A participant."""
    return bench.join("participant", name="Ada", color="#008080")


@pytest.fixture
def bob(bench: RoomBench) -> Peer:
    """A viewer."""
    return bench.join("viewer", name="Bob")
