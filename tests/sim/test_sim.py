"""Thousands of rooms with bad luck. A failing seed is printed; put it into `PINNED` with what it found."""

from __future__ import annotations

import os

import pytest

from tests.sim.world import World, is_at_rest

SEEDS = int(os.environ.get("COWIDGET_SIM_SEEDS", "2000"))
STEPS = 120
BLOCK = 100

# Seeds that ever failed, with the fault that they found.
PINNED = {
    11091: "the last words of a dead kernel took the share from the living one for good",
    42: "a commit that came too late left the room with another value than the kernel",
}


def live(seed: int) -> World:
    """A room's whole life: bad luck, then rest."""
    world = World(seed)
    for _ in range(STEPS):
        world.step()
    world.settle_down()
    return world


def check(world: World) -> None:
    """What must hold when everything has come to rest."""
    assert is_at_rest(world), "somebody still waits"
    world.witness.check_once()
    first, *others = [client.replica for client in world.clients]
    keys = first.keys()
    for replica in others:
        assert replica.keys() == keys, "replicas hold different keys"
        assert [replica.value(key) for key in keys] == [first.value(key) for key in keys], "replicas differ"
    for key, value in world.kernel.traits.items():
        assert first.value(key) == value, "the kernel holds another value than the room"
    assert len(world.kernel.executed) == len(set(world.kernel.executed)), "a message was executed twice"
    texts = list(world.witness.log.values())
    for client in world.clients:
        shown = [entry.body.text for entry in client.replica.log]
        assert shown == texts[len(texts) - len(shown) :], "a log differs from the store's"
        assert set(client.said) <= set(texts), "a message was lost"
    for guest in world.guests:
        for value in guest.written.values():
            assert world.witness.values[value] == 1, "an edit was lost"


@pytest.mark.parametrize("start", range(0, SEEDS, BLOCK))
def test_rooms_with_bad_luck_come_to_rest_in_step(start: int) -> None:
    for seed in range(start, start + BLOCK):
        try:
            check(live(seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("seed", sorted(PINNED))
def test_a_seed_that_failed_once_holds(seed: int) -> None:
    check(live(seed))
