"""GET requests of sources: to checked addresses, with checked redirects and bounded bodies."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpcore
import httpx

from cowidget.feeds.failures import SourceFailure, SourceRefused
from cowidget.feeds.networks import Networks
from cowidget.feeds.reach import ANSWER_TIMEOUT, CONNECT_TIMEOUT, MAX_REDIRECTS, Reach, connect_to_one
from cowidget.feeds.trouble import REDIRECTS, check_status, redirected, same_origin, told

SCHEMES = ("http", "https")
# Bytes at a time out of a compressed body, however much a few of its bytes stand for.
PIECE = 1 << 16
# Seconds that a connection waits for the next request. Hosts give up after two, five or more: one that closes it just
# as we ask again would look like a failure.
KEPT_ALIVE = 1.5
_DEFAULTS = {"User-Agent": "cowidget", "Accept-Encoding": "gzip"}


class Client:
    """Asks hosts over HTTP. Use it with `async with http.client(reach)`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @asynccontextmanager
    async def get(
        self, url: str, headers: dict[str, str], own: dict[str, str], *, endless: bool = False
    ) -> AsyncIterator[httpx.Response]:
        """The answer after redirects; its body is still to be read, by `pieces`.

        Args:
            url: `http` or `https`.
            headers: the user's. They may be secrets of this host, and go to no other.
            own: ours; they win.
            endless: the body has no end, and pauses as it likes.

        Raises:
            SourceError: its address is not allowed.
            SourceRefused: the host says no.
            SourceFailure: it is not to be had.
        """
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            sent = httpx.Headers(_DEFAULTS)
            sent.update(headers if same_origin(url, at) else {})
            sent.update(own)
            response = await self._send(at, sent, endless=endless)
            try:
                if response.status_code not in REDIRECTS:
                    check_status(response.status_code, response.headers.get("Retry-After", ""))
                    yield response
                    return
                at = redirected(at, response.headers.get("Location", ""), SCHEMES)
            finally:
                await response.aclose()
        raise SourceRefused("The source redirects too often.")

    async def _send(self, url: str, headers: httpx.Headers, *, endless: bool) -> httpx.Response:
        read = None if endless else ANSWER_TIMEOUT
        timeout = httpx.Timeout(ANSWER_TIMEOUT, connect=CONNECT_TIMEOUT, read=read)
        with told():
            request = self._client.build_request("GET", url, headers=headers, timeout=timeout)
            # Around all of it: the client's own limit begins anew with every byte of the headers.
            async with asyncio.timeout(CONNECT_TIMEOUT + ANSWER_TIMEOUT):
                return await self._client.send(request, stream=True)


@asynccontextmanager
async def client(reach: Reach) -> AsyncIterator[Client]:
    """A client whose connections are closed at the end of the block."""
    if reach.networks.everything:
        # With the proxies of the environment. They look up names themselves, so there is nothing to check.
        asking = httpx.AsyncClient(verify=reach.tls, limits=httpx.Limits(keepalive_expiry=KEPT_ALIVE))
    else:
        asking = httpx.AsyncClient(transport=_Transport(reach), trust_env=False)
    async with asking:
        yield Client(asking)


async def pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body, decompressed, in pieces of bounded size.

    Raises:
        SourceFailure: it broke off, or is compressed in a way that was not asked for.
    """
    unpack = _unpacker(response.headers.get("Content-Encoding", "identity"))
    with told():
        async for raw in response.aiter_raw():
            if unpack is None:
                yield raw
                continue
            try:
                while piece := unpack.decompress(raw, PIECE):
                    yield piece
                    raw = unpack.unconsumed_tail
            except zlib.error as error:
                raise SourceFailure("The source sent a broken answer.") from error


def _unpacker(encoding: str) -> zlib._Decompress | None:
    match encoding.strip().lower():
        case "identity" | "":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(wbits=31)
    raise SourceRefused(f"The source answers compressed as {encoding[:20]}, which was not asked for.")


class _Transport(httpx.AsyncBaseTransport):
    """httpx on connections to checked addresses."""

    def __init__(self, reach: Reach) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=reach.tls, keepalive_expiry=KEPT_ALIVE, network_backend=_Backend(reach.networks)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Backend(httpcore.AnyIOBackend):
    """Looks up each host itself, and connects to the addresses that it has checked."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        connect = super().connect_tcp

        async def attempt(address: str) -> httpcore.AsyncNetworkStream:
            return await connect(address, port, timeout, local_address, socket_options)

        return await connect_to_one(await self._networks.resolve(host, port), attempt)
