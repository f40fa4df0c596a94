"""What goes wrong with hosts, in words: the one place where exceptions of the network are translated."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus, InvalidURI, WebSocketException

from cowidget.feeds.failures import SourceFailure, SourceRefused

# Seconds that we wait at most because a host asked us to.
MAX_PATIENCE = 3600.0

REDIRECTS = (301, 302, 303, 307, 308)
# Of the statuses from 400 to 499, those that may be others the next time.
_PASSING = (408, 409, 421, 423, 425, 429)
_SECURE = ("https", "wss")

_TIMEOUTS = (TimeoutError, httpx.TimeoutException, httpcore.TimeoutException)
_BROKEN = (httpx.ProtocolError, httpcore.ProtocolError, InvalidMessage)
_FOREIGN = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    WebSocketException,
    OSError,
    TimeoutError,
)


@contextmanager
def told() -> Iterator[None]:
    """Raises what goes wrong with a host in the block as a `SourceFailure`."""
    try:
        yield
    except _FOREIGN as error:
        raise failure_of(error) from error


def failure_of(error: BaseException) -> SourceFailure:
    """What an exception means to people. Everybody reads it: it does not name the host."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return SourceRefused(f"The certificate of the source is not trusted: {cause.verify_message}.")
            case ssl.SSLError():
                reason = getattr(cause, "reason", None) or "TLS failed"
                return SourceFailure(f"No secure connection to the source: {reason}.")
            case ConnectionRefusedError():
                return SourceFailure("The source refuses the connection.")
            case ConnectionResetError() | BrokenPipeError():
                return SourceFailure("The source cut the connection.")
    if isinstance(error, _TIMEOUTS):
        return SourceFailure("The source does not answer.")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, InvalidURI)):
        return SourceRefused("The source cannot be asked: its address is none.")
    if isinstance(error, InvalidHandshake) and not isinstance(error, InvalidMessage):
        return SourceRefused("The source does not answer as a WebSocket.")
    if isinstance(error, _BROKEN):
        return SourceFailure("The source ended its answer in the middle, or it is no HTTP.")
    return SourceFailure("The source cannot be reached.")


def check_status(status: int, retry_after: str = "") -> None:
    """Judge the status of an answer.

    Raises:
        SourceRefused: it will be the same the next time.
        SourceFailure: it may be another one then.
    """
    if status < 400:
        return
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    text = f"The source answered {status} {phrase}".rstrip() + "."
    if status < 500 and status not in _PASSING:
        raise SourceRefused(text)
    # The other form, a date, is rare; then our own waits grow anyhow.
    patience = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10 else 0
    raise SourceFailure(text, min(float(patience), MAX_PATIENCE))


def redirected(url: str, location: str, schemes: tuple[str, ...]) -> str:
    """Where a redirect leads.

    Raises:
        SourceRefused: nowhere, to something else than `schemes`, or out of TLS.
    """
    try:
        target = urljoin(url, location)
        scheme, host = urlsplit(target).scheme, urlsplit(target).hostname
    except ValueError as error:
        raise SourceRefused("The source redirects to an address that is none.") from error
    if not location or not host or scheme not in schemes:
        raise SourceRefused("The source redirects to something that cannot be asked.")
    if urlsplit(url).scheme in _SECURE and scheme not in _SECURE:
        raise SourceRefused("The source redirects to an address without encryption, which is not followed.")
    return target


def same_origin(url: str, other: str) -> bool:
    """Whether both are the same scheme, host and port: only there do a user's headers belong."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)


def status_of(error: InvalidStatus) -> tuple[int, str, str]:
    """Status, `Location` and `Retry-After` of an answer that was no WebSocket."""
    headers = error.response.headers
    return error.response.status_code, headers.get("Location", ""), headers.get("Retry-After", "")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
