"""Replay recorded prices as if they were trades of now: a WebSocket server to try charts on, without the internet.

    python examples/market_server.py [--port 8765] [--speed 5]

prints its address. `ws://127.0.0.1:8765/ws/aapl@trade` sends `{"s": "AAPL", "T": <ms>, "p": "76.5", "q": "5055200",
"day": "2006-01-03"}`, in the form of Binance's public feed (`wss://data-stream.binance.vision/ws/btcusdt@trade`).

Real are the prices and volumes: open, high, low and close of AAPL, GOOG, IBM, MSFT and FB on each trading day from 2006
to 2013, and a quarter of the day's volume with each. They are Quandl's WIKI Prices, which are in the public domain, as
the package bokeh_sampledata has them (`pip install bokeh_sampledata`). Not real is the clock: a trading day takes
1/speed seconds, `T` is now, and after the last day the first one comes again. Nothing is made up in between; only
whether a day's high came before its low is a guess, since nobody wrote it down.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterator

from bokeh_sampledata import stocks
from websockets.asyncio.server import ServerConnection, broadcast, serve

SYMBOLS = ("AAPL", "FB", "GOOG", "IBM", "MSFT")
# Later than the splits of these shares, at which the price halves in a day.
SINCE = "2006-01-01"
TICKS_A_DAY = 4

Tick = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--speed", type=float, default=5.0, help="trading days per second")
    options = parser.parse_args()
    try:
        asyncio.run(Market(options.speed).serve(options.port))
    except KeyboardInterrupt:
        print("closed")


class Market:
    """One replay for all who listen: they see the same prices at the same time."""

    def __init__(self, speed: float) -> None:
        self._pause = 1 / (speed * TICKS_A_DAY)
        self._listeners: dict[str, set[ServerConnection]] = {symbol: set() for symbol in SYMBOLS}

    async def serve(self, port: int) -> None:
        async with serve(self._welcome, "127.0.0.1", port, compression=None) as server:
            host, port = server.sockets[0].getsockname()[:2]
            print(f"ws://{host}:{port}", flush=True)
            await self._replay()

    async def _welcome(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        symbol = path.removeprefix("/ws/").removesuffix("@trade").upper()
        if symbol not in self._listeners:
            await connection.close(1008, f"there is no {path}; try /ws/aapl@trade")
            return
        self._listeners[symbol].add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._listeners[symbol].discard(connection)

    async def _replay(self) -> None:
        due = time.monotonic()
        while True:
            for step in steps():
                now = round(time.time() * 1000)
                for symbol, tick in step.items():
                    trade = {"e": "trade", "s": symbol, "T": now, **tick}
                    broadcast(self._listeners[symbol], json.dumps(trade))
                due += self._pause
                await asyncio.sleep(due - time.monotonic())


def steps() -> Iterator[dict[str, Tick]]:
    """What is traded at the same moment, from the first day to the last: four moments a day."""
    days: defaultdict[str, dict[str, list[Tick]]] = defaultdict(dict)
    for symbol in SYMBOLS:
        table = getattr(stocks, symbol)
        columns = (table[name] for name in ("date", "open", "high", "low", "close", "volume"))
        for day, *bar, volume in zip(*columns, strict=True):
            if day >= SINCE:
                quantity = str(volume // TICKS_A_DAY)
                days[day][symbol] = [{"p": str(price), "q": quantity, "day": day} for price in in_order(*bar)]
    for _, symbols in sorted(days.items()):
        for moment in range(TICKS_A_DAY):
            yield {symbol: ticks[moment] for symbol, ticks in symbols.items()}


def in_order(opened: float, high: float, low: float, closed: float) -> tuple[float, ...]:
    """A day's prices as they may have come: a day that rose touched its low first."""
    between = (low, high) if closed >= opened else (high, low)
    return (opened, *between, closed)


if __name__ == "__main__":
    main()
