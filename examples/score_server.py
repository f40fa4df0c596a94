"""A basketball game as a web server tells it: a document to poll, and a stream of events.

    python examples/score_server.py [--port 8766] [--speed 30]

prints its address. `/score.json` is the score now, with an ETag; `/events` tells each play as a server-sent event, and
a client that comes back with `Last-Event-ID` gets what it missed. The game is simulated (by a seeded generator, the
same in each run): 48 minutes, of which `speed` pass in one; then the next game begins.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

HOME, AWAY = "Harbour", "Hill"
QUARTER = 12 * 60
GAME = 4 * QUARTER
# Chances of 0 to 3 points in one possession, about as in the real game.
POINTS = (0.48, 0.06, 0.33, 0.13)
HEARTBEAT = 5.0


class Play(NamedTuple):
    """Something that changed the score; `at` is seconds into the game."""

    at: float
    team: str
    points: int
    home: int
    away: int

    @property
    def clock(self) -> str:
        """The quarter and what is left of it."""
        quarter, into = divmod(min(self.at, GAME - 1), QUARTER)
        minutes, seconds = divmod(int(QUARTER - into), 60)
        return f"Q{int(quarter) + 1} {minutes:02}:{seconds:02}"


def plays(seed: int) -> Iterator[Play]:
    """A game, from the tip-off to the last basket."""
    dice = random.Random(seed)
    score = {HOME: 0, AWAY: 0}
    at, team = 0.0, dice.choice((HOME, AWAY))
    while (at := at + dice.uniform(8, 22)) < GAME:
        if points := dice.choices(range(4), POINTS)[0]:
            score[team] += points
            yield Play(at, team, points, score[HOME], score[AWAY])
        team = AWAY if team == HOME else HOME


class Season:
    """One game after the other; what has happened is a question of the time only."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._start = time.time()
        self._games: list[list[Play]] = []

    def play(self, number: int) -> tuple[float, int, Play]:
        """The play of this number: when it happens, in which game, and what."""
        game = 0
        while number >= len(self._game(game)):
            number -= len(self._game(game))
            game += 1
        play = self._game(game)[number]
        return self._start + (game * GAME + play.at) / self.speed, game + 1, play

    def happened(self) -> int:
        """How many plays there were by now."""
        game, into = divmod((time.time() - self._start) * self.speed, GAME)
        before = sum(len(self._game(each)) for each in range(int(game)))
        return before + sum(play.at <= into for play in self._game(int(game)))

    def told(self, number: int) -> dict[str, object]:
        """A play as JSON."""
        when, game, play = self.play(number)
        return {
            "t": round(when * 1000),
            "game": game,
            "clock": play.clock,
            "home": play.home,
            "away": play.away,
            "lead": play.home - play.away,
            "text": f"{play.points} for {play.team}",
        }

    def _game(self, number: int) -> list[Play]:
        while len(self._games) <= number:
            self._games.append(list(plays(len(self._games))))
        return self._games[number]


class Handler(BaseHTTPRequestHandler):
    """Answers one connection, in a thread of its own."""

    season: Season
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        match self.path:
            case "/score.json":
                self._score()
            case "/events":
                self._events()
            case _:
                self.send_error(HTTPStatus.NOT_FOUND, "Here are /score.json and /events.")

    def log_message(self, *_: object) -> None:
        """A line for each poll would hide the address."""

    def _score(self) -> None:
        last = self.season.happened() - 1
        tag = f'"{last}"'
        if self.headers["If-None-Match"] == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return
        nothing = {"home": 0, "away": 0, "lead": 0, "clock": "Q1 12:00", "t": round(time.time() * 1000)}
        body = json.dumps(self.season.told(last) if last >= 0 else nothing).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        last = self.headers["Last-Event-ID"] or ""
        number = int(last) + 1 if last.isdecimal() else max(self.season.happened() - 1, 0)
        try:
            while True:
                self._wait_until(self.season.play(number)[0])
                self._write(f"id: {number}\nevent: play\ndata: {json.dumps(self.season.told(number))}\n\n")
                number += 1
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the viewer has left

    def _wait_until(self, when: float) -> None:
        while (left := when - time.time()) > 0:
            time.sleep(min(left, HEARTBEAT))
            if left > HEARTBEAT:
                self._write(": still playing\n\n")

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--speed", type=float, default=30.0, help="how much faster than life")
    options = parser.parse_args()
    Handler.season = Season(options.speed)
    with ThreadingHTTPServer(("127.0.0.1", options.port), Handler) as server:
        server.daemon_threads = True
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("closed")


if __name__ == "__main__":
    main()
