"""Who can open a room's link, and why not others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from cowidget.relay.origins import is_loopback

_HERE = (
    "Only browsers on the computer that runs this notebook can open this link. "
    "To let in others on its network, share with lan=True."
)
_NAMED_LOOPBACK = "Only browsers on this computer can open this link: COWIDGET_RELAY calls the relay {host}."
_NETWORK = (
    "Whoever has this link can open it from the same network, unless a firewall is in the way. "
    "It is plain HTTP: others on that network could read along."
)
_PLAIN = (
    "Whoever has this link can open it, wherever {host} can be reached. "
    "It is plain HTTP: others on the way could read along."
)
_ENCRYPTED = "Whoever has this link can open it, wherever {host} can be reached. The connection is encrypted."


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """How far a link reaches.

    Attributes:
        who: this "machine" only, this "network", or "everywhere".
        text: a sentence for people that says so, and why.
    """

    who: Literal["machine", "network", "everywhere"]
    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<reach: {self.who}. {self.text}>"


def reach_of(page: str, *, local: bool) -> Reach:
    """How far links that begin with `page` reach; `local`: on the relay that this machine runs for its user."""
    parts = urlsplit(page)
    host = parts.hostname or ""
    if is_loopback(host):
        return Reach("machine", _HERE if local else _NAMED_LOOPBACK.format(host=host))
    if parts.scheme == "https":
        return Reach("everywhere", _ENCRYPTED.format(host=host))
    return Reach("network", _NETWORK if local else _PLAIN.format(host=host))
