"""How long a client waits before it dials again (PROTOCOL.md C2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

# Full jitter: after a relay's restart thousands of clients come back spread over the whole interval.
FIRST = 0.5
CEILING = 20.0
# A relay that asked for patience gets at least this much.
SLOW_FLOOR = 5.0
# A connection that held this long was a good one; a shorter one counts as a failed attempt.
STEADY = 5.0


def delays(draw: Callable[[], float], *, slowly: bool = False) -> Iterator[float]:
    """Seconds to wait before each attempt; make a new iterator after a connection that was `STEADY`.

    Args:
        draw: returns the next random number in [0, 1).
        slowly: the relay asked to retry slowly.
    """
    ceiling = FIRST
    while True:
        wait = draw() * ceiling
        yield SLOW_FLOOR + wait if slowly else wait
        ceiling = min(CEILING, ceiling * 2)
