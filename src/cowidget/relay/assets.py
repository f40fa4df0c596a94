"""The built page and its assets, held in memory, read again when they have been built again."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# Seconds between two looks at the manifest. Less: a stat for every request.
LOOK_INTERVAL = 1.0


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served: `packed` with gzip for who takes that, which is everybody with a browser."""

    type: str
    body: bytes
    packed: bytes

    @classmethod
    def read(cls, path: Path) -> Asset:
        """Read a file and, beside it, what the build has compressed."""
        packed = path.with_name(f"{path.name}.gz")
        return cls(TYPES.get(path.suffix, "application/octet-stream"), path.read_bytes(), packed.read_bytes())


@dataclass(frozen=True, slots=True)
class Build:
    """What one build has left.

    Attributes:
        page: the guest's page.
        assets: the files beside it, by their hashed names. Nothing else is served.
        parts: what a notebook's panel asks for over its connection, by its SHA-256.
    """

    page: Asset
    assets: dict[str, Asset]
    parts: dict[str, bytes]

    @classmethod
    def read(cls, static: Path) -> Build:
        """Read what the manifest lists."""
        manifest = json.loads((static / "manifest.json").read_text("utf-8"))
        return cls(
            page=Asset.read(static / manifest["page"]),
            assets={name: Asset.read(static / name) for name in manifest["assets"].values()},
            parts={part["sha256"]: (static / part["file"]).read_bytes() for part in manifest["parts"].values()},
        )


class Assets:
    """The newest build in a folder."""

    def __init__(self, static: Path) -> None:
        self._static = static
        self._build: Build | None = None
        self._stamp = 0
        self._looked = float("-inf")

    def build(self) -> Build | None:
        """The newest complete build, or None when there is none."""
        now = time.monotonic()
        if now - self._looked >= LOOK_INTERVAL:
            self._looked = now
            self._look()
        return self._build

    def _look(self) -> None:
        try:
            stamp = (self._static / "manifest.json").stat().st_mtime_ns
            if stamp != self._stamp:
                self._build, self._stamp = Build.read(self._static), stamp
        except FileNotFoundError:
            self._build, self._stamp = None, 0
        except (OSError, ValueError, KeyError) as error:
            log.warning("the build in %s cannot be read: %r", self._static, error)
            self._build, self._stamp = None, 0
