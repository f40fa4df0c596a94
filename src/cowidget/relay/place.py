"""Where this user's own relay keeps its files on this machine."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from cowidget.core.frames import VERSION

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and the names in it.

    Home folders may be shared between machines, so its path names the machine; relays of another
    major version of the protocol are other relays, so it names that too.
    """

    folder: Path

    @classmethod
    def of_user(cls) -> Place:
        """This user's place on this machine; `COWIDGET_HOME` names another folder for it."""
        home = os.environ.get("COWIDGET_HOME")
        root = Path(home) if home else user_state_path("cowidget", appauthor=False)
        machine = re.sub(r"[^A-Za-z0-9.-]", "_", platform.node()) or "machine"
        return cls(root.absolute() / f"{machine}-v{VERSION}")

    def make(self) -> None:
        """Make the folder, for its user alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def runtime(self) -> Path:
        """The running relay's address. What was written before the machine started anew is not read."""
        return self.folder / f"relay{_boot()}.json"

    @property
    def lock(self) -> Path:
        """Held by whoever starts a relay."""
        return self.folder / "start.lock"

    @property
    def log(self) -> Path:
        """What the relay says."""
        return self.folder / "relay.log"

    @property
    def port(self) -> Path:
        """The port that the last relay had."""
        return self.folder / "port"

    @property
    def store(self) -> Path:
        """The rooms."""
        return self.folder / "rooms.sqlite"


def _boot() -> str:
    # Elsewhere the proof in the health check alone tells an old file from a new one.
    return f"-{_BOOT_ID.read_text().strip()[:8]}" if _BOOT_ID.exists() else ""
