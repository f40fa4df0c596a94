"""Names and secrets of rooms: derived, so that the same link comes back after a restart.

Everything follows from the owner key, which never leaves this machine:
`secret = HMAC(owner key, room, invitation, generation)`. The relay keeps hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import platformdirs

from cowidget.core.access import hash_of
from cowidget.core.values import Invitation
from cowidget.errors import LinkError, OwnerKeyError

# An owner key is 32 random bytes; a given one must not be guessable either.
MIN_KEY_LENGTH = 16
# Seconds. Long enough for a page to load on a slow machine; what is left unused is worthless soon.
TICKET_LIFE = 60.0
_ROOM = re.compile(r"[A-Za-z0-9_-]{1,64}")


class OwnerKey:
    """The secret that all others are derived from. Its text never appears in a `repr`."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_LENGTH:
            raise OwnerKeyError(f"The owner key is too short: COWIDGET_KEY needs at least {MIN_KEY_LENGTH} characters.")
        self._key = key

    def __repr__(self) -> str:
        return "<OwnerKey>"

    def secret(self, room: str, invitation: str, generation: int = 1) -> str:
        """The secret of an invitation; another generation gives another one."""
        return urlsafe_b64encode(self._mac("secret", room, invitation, str(generation))).decode().rstrip("=")

    def owner_secret(self, room: str) -> str:
        """What makes a kernel the owner of a room."""
        return urlsafe_b64encode(self._mac("owner", room)).decode().rstrip("=")

    def room_name(self, *identity: str) -> str:
        """A room's name for an identity such as a notebook's path; it tells nothing about it."""
        return b32encode(self._mac("room", *identity))[:10].decode().lower()

    def _mac(self, *words: str) -> bytes:
        # Length prefixes keep ("a", "bc") and ("ab", "c") apart.
        text = "".join(f"{len(word)}:{word}" for word in words)
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


def owner_key() -> OwnerKey:
    """This user's key: `COWIDGET_KEY`, else a file that only they can read, made on first use.

    Raises:
        OwnerKeyError: `COWIDGET_KEY` is too short, or the file cannot be read or made; the text says which.
    """
    if given := os.environ.get("COWIDGET_KEY"):
        return OwnerKey(given.encode())
    path = home() / "owner.key"
    try:
        return OwnerKey(_read_or_make(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OwnerKeyError(
            f"Cannot keep the owner key in {path}: {reason}. Set COWIDGET_HOME or COWIDGET_KEY."
        ) from error


def home() -> Path:
    """Where cowidget keeps what must survive: `COWIDGET_HOME`, else the user's data directory."""
    if given := os.environ.get("COWIDGET_HOME"):
        return Path(given)
    return platformdirs.user_data_path("cowidget", appauthor=False)


def _read_or_make(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked into place: of two kernels that start at once both read one whole key.
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_urlsafe(32).encode())
    try:
        _publish(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path.read_bytes()


def _publish(aside: Path, path: Path) -> None:
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links. The window in which another key could win is one rename.
        if not path.exists():
            aside.replace(path)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a room. `str(link.url)` holds the secret; `repr(link)` does not.

    Attributes:
        base: the relay's address with its path prefix, `http(s)://host[/prefix]`.
        room: the room's name.
        secret: what lets a guest in.
    """

    base: str
    room: str
    secret: str = field(repr=False)

    @property
    def url(self) -> str:
        """The text to send to guests; the secret is in the fragment, which browsers do not transmit."""
        return f"{self.base}/r/{self.room}#k={quote(self.secret, safe='')}"

    @property
    def socket(self) -> str:
        """Where clients of the room connect."""
        return socket_address(self.base)


def socket_address(base: str) -> str:
    """The WebSocket address of the relay at `base` (http or ws)."""
    scheme, _, rest = base.partition("://")
    return f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{rest.rstrip('/')}/ws"


def page_address(base: str) -> str:
    """The http address of the relay at `base` (http or ws), without a slash at its end."""
    scheme, _, rest = base.partition("://")
    return f"{'https' if scheme in ('https', 'wss') else 'http'}://{rest.rstrip('/')}"


def parse(text: str) -> Link:
    """Read a link.

    Raises:
        LinkError: it is none; the text says what is wrong, without repeating a secret.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise LinkError("This text is not an address.") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LinkError("A link to a room begins with http:// or https:// and a host.")
    prefix, separator, room = parts.path.rstrip("/").rpartition("/r/")
    if not separator or not _ROOM.fullmatch(room):
        raise LinkError("This address names no room. A link looks like https://host/r/room#k=…")
    secret = parse_qs(parts.fragment).get("k", [""])[0]
    if not secret:
        raise LinkError("This link has lost its end: the part from “#k=” on lets you in. Copy the whole link.")
    return Link(f"{parts.scheme}://{parts.netloc}{prefix}", room, secret)


def invitation(key: OwnerKey, room: str, terms: Invitation) -> Invitation:
    """`terms` with the hash of their secret."""
    return Invitation(
        name=terms.name,
        role=terms.role,
        hash=hash_of(key.secret(room, terms.name, terms.generation)),
        generation=terms.generation,
        expires=terms.expires,
        people=terms.people,
        revoked=terms.revoked,
    )


def ticket(now: float, origin: str = "") -> tuple[str, Invitation]:
    """A secret and its invitation for one page of the host's, good once and for a minute."""
    secret = secrets.token_urlsafe(32)
    name = f"ticket-{secrets.token_hex(6)}"
    end = now + TICKET_LIFE
    return secret, Invitation(name, "host", hash_of(secret), expires=end, once=True, origin=origin)
