"""A relay as its own process, for tests: its own port, its own folder, killed and started again at will."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

OPERATOR_TOKEN = "the operator's token, for tests only"
# Runs a command whose files cannot grow beyond a size: a disk that is full.
_FULL_DISK = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


class RunningRelay:
    """`python -m cowidget relay` on a folder. After a kill, `start` runs it on the same port and store."""

    def __init__(self, folder: Path, options: Mapping[str, str], max_file_bytes: int | None = None) -> None:
        self.folder = folder
        self.port = 0
        self._options = {"--store": f"sqlite:///{folder / 'rooms.sqlite'}", "--log-level": "info", **options}
        self._tls = "--certificate" in options
        self._max_file_bytes = max_file_bytes
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """`http(s)://host:port`, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        """Where clients connect."""
        return f"{'wss' if self._tls else 'ws'}://127.0.0.1:{self.port}/ws"

    @property
    def pid(self) -> int:
        return self._running().pid

    def start(self) -> None:
        """Start it, on the port that it had before."""
        options = {"--port": str(self.port), **self._options}
        arguments = ["-P", "-m", "cowidget", "relay", *(part for option in options.items() for part in option)]
        if self._max_file_bytes is not None:
            arguments = ["-c", _FULL_DISK, str(self._max_file_bytes), *arguments]
        with (self.folder / "relay.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "COWIDGET_OPERATOR_TOKEN": OPERATOR_TOKEN},
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        found = re.search(r":(\d+)$", said.strip())
        assert found is not None, f"the relay said {said!r}; its log: {self.log()}"
        self.port = int(found[1])

    def kill(self) -> None:
        """SIGKILL: whatever it has in memory is lost."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        return self._end(signal.SIGTERM)

    def wait(self) -> int:
        """Its exit code, when it ends by itself."""
        process = self._running()
        code = process.wait(timeout=20)
        self._forget()
        return code

    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "relay.log").read_text()

    def rss(self) -> int:
        """The bytes of memory it holds (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _end(self, number: int) -> int:
        self._running().send_signal(number)
        return self.wait()

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the relay is not running"
        return self._process

    def _forget(self) -> None:
        process = self._running()
        assert process.stdout is not None
        process.stdout.close()
        self._process = None


@contextmanager
def running_relay(
    *, folder: Path | None = None, max_file_bytes: int | None = None, **options: str
) -> Iterator[RunningRelay]:
    """A relay for the time of the block. `allow_host="lab.test"` becomes `--allow-host lab.test`."""
    named = {f"--{name.replace('_', '-')}": value for name, value in options.items()}
    with TemporaryDirectory(prefix="cowidget-relay-") as temporary:
        relay = RunningRelay(folder or Path(temporary), named, max_file_bytes)
        relay.start()
        try:
            yield relay
        finally:
            if relay.is_running():
                relay.stop()
