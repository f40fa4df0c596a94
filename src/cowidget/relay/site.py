"""What the relay answers to HTTP: the page of a room, its assets, its health.

Only the last segments of a path count, so that the relay works under any prefix that a proxy leaves on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qs

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from cowidget.core.frames import VERSION
from cowidget.relay.assets import Asset, Assets
from cowidget.relay.origins import host_allowed
from cowidget.relay.settings import Settings

TEXT = "text/plain; charset=utf-8"
NOT_FOUND = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Not found</title></head>'
    "<body><h1>There is nothing here</h1>"
    "<p>A link to a room ends in <code>/r/name#k=secret</code>. Ask the host for it.</p></body></html>"
)
NOT_BUILT = (
    "The page has not been built yet.\n"
    "In a clone of cowidget: run `make build`, then reload. An installed cowidget brings its page along.\n"
)
CROWDED = "Too many connections from this address. Close some tabs, or try again in a minute.\n"

COMMON = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}
NOTHING = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
# Widget code runs in a document of its own. What that may do stands in the document; this adds that it
# has an origin of its own even when somebody opens it without a frame.
SANDBOX_POLICY = {"Content-Security-Policy": "sandbox allow-scripts; frame-ancestors 'self'"}
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)

# Nobody but who holds a pass may see a photo, and a hash never names other bytes.
PHOTO_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}

Health = Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PhotoRequest:
    """Somebody asks for a photo of a room, and shows a pass."""

    room: str
    sha256: str
    text: str = field(repr=False)
    head: bool = False


class Site:
    """Answers requests. Whatever it does not know is not found."""

    def __init__(self, settings: Settings, health: Health) -> None:
        self._settings = settings
        self._health = health
        self._assets = Assets(settings.static)

    def answer(self, request: Request, *, crowded: bool) -> Response | PhotoRequest | None:
        """The response; or the photo that is asked for, or None when this is the WebSocket's address.

        Args:
            request: what was asked.
            crowded: there are too many connections; only a WebSocket can be told why.
        """
        path, _, query = request.path.partition("?")
        match path.split("/"):
            case [*_, "ws"]:
                return None
            case _ if request.method not in ("GET", "HEAD"):
                answer = _response(HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"Only GET and HEAD.\n")
                answer.headers["Allow"] = "GET, HEAD"
            case _ if not host_allowed(_host(request), self._settings):
                answer = self._misdirected(_host(request))
            case _ if crowded:
                answer = _response(HTTPStatus.SERVICE_UNAVAILABLE, TEXT, CROWDED.encode())
            case [*_, "healthz"]:
                answer = self._tell_health(query)
            case [*_, "r", room, "photos", sha256] if room:
                text = "".join(parse_qs(query).get("pass", ())[-1:])
                return PhotoRequest(room, sha256, text, request.method == "HEAD")
            case [*_, "r", room] if room:
                answer = self._send_page(request)
            case [*_, "assets", name]:
                answer = self._send_asset(name, request)
            case _:
                answer = _not_found()
        if request.method == "HEAD":
            answer.body = b""
        return answer

    def _misdirected(self, host: str) -> Response:
        text = f"This relay is not called {host!r}. If it should be: cowidget relay --allow-host {host}\n"
        return _response(HTTPStatus.MISDIRECTED_REQUEST, TEXT, text.encode())

    def _tell_health(self, query: str) -> Response:
        report: dict[str, object] = {"name": "cowidget", "protocol": VERSION, **self._health()}
        nonce = query.removeprefix("nonce=")
        if nonce != query:
            report["proof"] = prove(self._settings.operator_token, nonce)
        body = json.dumps(report).encode() + b"\n"
        return _response(HTTPStatus.OK, "application/json", body, {"Cache-Control": "no-store"})

    def _send_page(self, request: Request) -> Response:
        build = self._assets.build()
        if build is None:
            return _response(HTTPStatus.SERVICE_UNAVAILABLE, TEXT, NOT_BUILT.encode(), {"Retry-After": "5"})
        return _send(build.page, request, {**FRESH, "Content-Security-Policy": PAGE_POLICY})

    def _send_asset(self, name: str, request: Request) -> Response:
        build = self._assets.build()
        asset = build.assets.get(name) if build is not None else None
        if asset is None:
            return _not_found()
        policy = SANDBOX_POLICY if asset.type.startswith("text/html") else NOTHING
        return _send(asset, request, {**IMMUTABLE, **policy})


def photo_response(asked: PhotoRequest, mime: str, data: bytes) -> Response:
    """The bytes of a photo, for who may see it (U8)."""
    answer = _response(HTTPStatus.OK, mime, data, PHOTO_HEADERS)
    if asked.head:
        answer.body = b""
    return answer


def photo_refusal(status: HTTPStatus) -> Response:
    """Why there is no photo; nothing that a page would show."""
    return _response(status, TEXT, f"{status.phrase}\n".encode(), {**NOTHING, "Cache-Control": "no-store"})


def prove(operator_token: str, nonce: str) -> str:
    """Shows who asked for our health that we hold the operator's token, without telling it."""
    return hmac.new(operator_token.encode(), nonce.encode(), hashlib.sha256).hexdigest()


def _not_found() -> Response:
    return _response(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", NOT_FOUND.encode(), NOTHING)


def _send(asset: Asset, request: Request, headers: Mapping[str, str]) -> Response:
    if "gzip" in ", ".join(request.headers.get_all("Accept-Encoding")):
        packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return _response(HTTPStatus.OK, asset.type, asset.packed, {**headers, **packed})
    return _response(HTTPStatus.OK, asset.type, asset.body, {**headers, "Vary": "Accept-Encoding"})


def _response(status: HTTPStatus, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    fields = {
        "Date": formatdate(usegmt=True),
        "Connection": "close",
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        **COMMON,
        **(headers or {}),
    }
    return Response(status.value, status.phrase, Headers(fields), body)


def _host(request: Request) -> str:
    hosts = request.headers.get_all("Host")
    return hosts[0] if len(hosts) == 1 else ""
