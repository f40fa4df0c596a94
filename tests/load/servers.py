"""The processes under test, and what they cost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

OPERATOR_TOKEN = "bench-operator"
PEER = Path(__file__).with_name("broadcast_peer.py")


@dataclass(frozen=True, slots=True)
class Server:
    """A server in its own process."""

    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor time so far, user and system."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        """Resident bytes."""
        return self.process.memory_info().rss

    def forget_peak(self) -> None:
        """Let `peak_memory` begin anew (Linux)."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_memory(self) -> int:
        """The most resident bytes since `forget_peak` (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) << 10


@contextmanager
def running_relay(store: str = "memory:", *options: str, watched: Path | None = None) -> Iterator[Server]:
    """Our relay; when it has ended, `watched` tells how long its loop was held up (`watched_relay.py`)."""
    program = ["cowidget"] if watched is None else ["tests.load.watched_relay", str(watched)]
    command = [sys.executable, "-m", *program, "relay", "--store", store, *options]
    with _running(command, {"COWIDGET_OPERATOR_TOKEN": OPERATOR_TOKEN}) as server:
        yield server


@contextmanager
def running_peer() -> Iterator[Server]:
    """A server that hands each message to all with `websockets.broadcast`, and nothing more."""
    with _running([sys.executable, str(PEER)], {}) as server:
        yield server


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)", process.stdout.readline())
            if found is None:
                raise RuntimeError(f"{command} printed no address")
            yield Server(int(found[1]), psutil.Process(process.pid))
        finally:
            process.terminate()
