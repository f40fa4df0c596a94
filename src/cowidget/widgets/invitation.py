"""Links to a room, as the host handles them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, Self

from IPython import get_ipython

from cowidget.errors import LinkError

GuestRole = Literal["viewer", "participant", "host"]
_ROLES = ("viewer", "participant", "host")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
Expires = str | float | timedelta | None


class SecretUrl(str):
    """A link. It is the whole text wherever a text is used; its `repr` leaves the secret out.

    So `print(url)` shows it, and a notebook whose cell ends with it does not keep it: there it displays a panel
    with the link and its QR code, which has them as long as the room is live.
    """

    __slots__ = ("_show",)
    _show: Callable[[], None] | None

    def __new__(cls, text: str, show: Callable[[], None] | None = None) -> Self:
        """Keep the text, and what displays it."""
        url = super().__new__(cls, text)
        url._show = show
        return url

    def __repr__(self) -> str:
        return f"<link {self.partition('#')[0]}#k=…>"

    def _ipython_display_(self) -> None:
        if self._show is not None and get_ipython() is not None:
            self._show()
        else:
            print(repr(self))  # noqa: T201 - this is how an object displays itself as text


class Invitation:
    """One link to a room."""

    def __init__(self, name: str, role: GuestRole, expires: datetime | None, url: Callable[[], SecretUrl]) -> None:
        self.name = name
        self.role = role
        self.expires = expires
        self._url = url

    @property
    def url(self) -> SecretUrl:
        """The link to send to guests. Waits up to two seconds for the relay to know it, unless the relay is away."""
        return self._url()

    def __repr__(self) -> str:
        until = "for ever" if self.expires is None else f"until {self.expires:%Y-%m-%d %H:%M}"
        return f"<Invitation {self.name}: {self.role} {until}>"


def checked_role(role: str) -> GuestRole:
    """The role, if a link can grant it.

    Raises:
        LinkError: it cannot.
    """
    for known in _ROLES:
        if role == known:
            return known  # type: ignore[return-value]
    raise LinkError(f"A link cannot make a {role!r}; it grants one of: {', '.join(_ROLES)}.")


def lifetime(expires: Expires) -> float | None:
    """Seconds until a link ends: a number, a timedelta, a text such as "30m", "2h", "7d", or None for never.

    Raises:
        LinkError: it is none of these, or not in the future.
    """
    match expires:
        case None:
            return None
        case timedelta():
            seconds = expires.total_seconds()
        case str() if (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", expires)) is not None:
            seconds = float(found[1]) * _UNITS[found[2]]
        case int() | float():
            seconds = float(expires)
        case _:
            raise LinkError(f"expires={expires!r} is no time. Write for example '30m', '2h', '7d', or None for never.")
    if not seconds > 0:
        raise LinkError(f"expires={expires!r} is not in the future.")
    return seconds
