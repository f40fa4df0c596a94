"""What lets a browser get photos by HTTP, where it can show no proof (PROTOCOL.md U8)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from cowidget.core.access import closing_for
from cowidget.core.values import Invitation

HOUR = 3600
# Hexadecimal digits: 128 bits cannot be guessed, and more only makes addresses longer.
_MAC_DIGITS = 32


@dataclass(frozen=True, slots=True)
class PhotoPass:
    """A pass that the relay has given out, for an hour and with an invitation.

    As text, it is the same for everybody who came with this invitation: it stands in addresses, and caches go by them.
    """

    hour: int
    generation: int
    invitation: str

    @classmethod
    def of(cls, invitation: Invitation, now: float) -> PhotoPass:
        """The pass of this hour."""
        return cls(hour_of(now), invitation.generation, invitation.name)

    @classmethod
    def read(cls, text: str, room: str, relay_key: bytes) -> PhotoPass | None:
        """The pass that we gave out as this text; None if we did not. Whether it is still good, `stands` tells."""
        match text.split("."):
            case [hour, generation, name, _] if _is_number(hour) and _is_number(generation):
                claimed = cls(int(hour), int(generation), _unquoted(name))
            case _:
                return None
        # As bytes: compare_digest raises on text that is not ASCII.
        genuine = hmac.compare_digest(claimed.text(room, relay_key).encode(), text.encode())
        return claimed if genuine else None

    def text(self, room: str, relay_key: bytes) -> str:
        """As it travels."""
        name = urlsafe_b64encode(self.invitation.encode()).decode().rstrip("=")
        key = hmac.digest(relay_key, b"photo pass", "sha256")
        claims = f"{room}|{self.hour}|{self.generation}|{self.invitation}"
        mac = hmac.new(key, claims.encode(), hashlib.sha256).hexdigest()[:_MAC_DIGITS]
        return f"{self.hour}.{self.generation}.{name}.{mac}"

    def stands(self, invitations: Mapping[str, Invitation], now: float) -> bool:
        """Whether it is good now: in its hour and the next one, while its invitation lets in."""
        invitation = invitations.get(self.invitation)
        if invitation is None or invitation.generation != self.generation or closing_for(invitation, now) is not None:
            return False
        return 0 <= hour_of(now) - self.hour <= 1


def hour_of(now: float) -> int:
    """The number of an hour."""
    return int(now // HOUR)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < HOUR.bit_length() + 8


def _unquoted(name: str) -> str:
    """The name of an invitation; of what we never wrote, anything."""
    try:
        return urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except ValueError:
        return ""
