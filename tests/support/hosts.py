"""The host's side of a browser test: a kernel that shares sliders on a relay, and the line to it that can break."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.background import BackgroundLoop
from tests.support.fault_proxy import FaultProxy
from tests.support.kernels import Kernel
from tests.support.running_relay import OPERATOR_TOKEN, RunningRelay

_NOTEBOOK = """
import os
os.environ.update({environment!r})
import cowidget as cw
from tests.support.page_widgets import Broken, Spy, Tuner
"""
_CELL = "tuner = Tuner(); room = cw.room({room!r}).share(tuner)"


class Host:
    """Somebody with a notebook: one room, and in it `tuner`."""

    def __init__(self, kernel: Kernel, relay: RunningRelay, room: str, address: str = "127.0.0.1") -> None:
        self.kernel = kernel
        self.relay = relay
        self._room = room
        self._address = address
        self.opens_the_notebook()
        self.runs_the_cell()
        self.link = self.link_of("room")

    def opens_the_notebook(self) -> None:
        """What a notebook's first cell does, in a fresh kernel too."""
        environment = {
            "COWIDGET_HOME": str(self._home),
            "COWIDGET_RELAY": f"http://{self._address}:{self.relay.port}",
            "COWIDGET_TOKEN": OPERATOR_TOKEN,
        }
        self.run(_NOTEBOOK.format(environment=environment))

    def runs_the_cell(self) -> None:
        """The cell that shares: run once more, it goes on under the same link."""
        self.run(_CELL.format(room=self._room))

    def run(self, code: str) -> None:
        """Run a cell to its end."""
        self.kernel.run(code)

    def link_of(self, expression: str) -> str:
        """The link that a room or an invitation has."""
        return str(self.kernel.value(f"str({expression}.url)"))

    def sees(self, trait: str, value: object) -> None:
        """Wait until Python has this value of the tuner's."""
        self.kernel.sees(f"tuner.{trait}", value)

    def value(self, trait: str) -> Any:
        """What Python has now."""
        return self.kernel.value(f"tuner.{trait}")

    def leaves(self) -> None:
        """Stop the room; the kernel goes on."""
        self.run("room.stop()")

    @property
    def _home(self) -> Path:
        return self.relay.folder


class Line:
    """The way of one guest to the relay, which can be broken."""

    def __init__(self, background: BackgroundLoop, port: int) -> None:
        self._background = background
        self._proxy = background.enter(FaultProxy("127.0.0.1", port))

    def through(self, link: str) -> str:
        """The same link over this line."""
        return link.replace(urlsplit(link).netloc, f"127.0.0.1:{self._proxy.port}", 1)

    def cut(self) -> None:
        """Reset what is open; new connections are welcome."""
        self._background.run(self._proxy.cut())

    def refuse(self) -> None:
        """Reset what is open, and let no new connection in until `accept`."""
        self._background.run(self._proxy.refuse())
        self._background.run(self._proxy.cut())

    def accept(self) -> None:
        """Let new connections in again."""
        self._background.run(self._proxy.accept())

    def stall(self) -> None:
        """Let nothing pass, and nobody know."""
        self._background.run(self._proxy.stall())

    def resume(self) -> None:
        """Let everything pass again, the held bytes first."""
        self._background.run(self._proxy.resume())

    def limit(self, bytes_per_second: int, delay: float = 0.0) -> None:
        """A narrow and long line: so many bytes, so many seconds later, both ways."""
        self._background.run(self._proxy.limit(bytes_per_second))
        self._background.run(self._proxy.delay(delay))

    def delay_sending(self, seconds: float) -> None:
        """What the guest sends arrives that much later."""
        self._background.run(self._proxy.delay(seconds, "to_target"))
