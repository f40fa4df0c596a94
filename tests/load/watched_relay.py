"""`python -m tests.load.watched_relay <file> relay …`: the relay, and how long each callback holds its event loop.

By the clock, that is also the time for which a busy machine does something else; the processor time is the relay's own.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import signal
import sys
import time
from pathlib import Path

from cowidget.cli import main


class Turns:
    """The longest callbacks of the loop since the last SIGUSR1, in milliseconds."""

    def __init__(self) -> None:
        self.forget()
        signal.signal(signal.SIGUSR1, lambda *_: self.forget())
        self._run = asyncio.Handle._run
        asyncio.Handle._run = lambda handle: self._watch(handle)  # type: ignore[assignment, method-assign]

    def _watch(self, handle: asyncio.Handle) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        self._run(handle)
        self.clock = max(self.clock, 1e3 * (time.perf_counter() - clock))
        self.processor = max(self.processor, 1e3 * (time.thread_time() - processor))

    def forget(self) -> None:
        """Begin anew."""
        self.clock = 0.0
        self.processor = 0.0

    def write(self, path: Path) -> None:
        """For who has started this."""
        path.write_text(json.dumps({"clock": self.clock, "processor": self.processor}))


if __name__ == "__main__":
    atexit.register(Turns().write, Path(sys.argv.pop(1)))
    main()
