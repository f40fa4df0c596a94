"""`cowidget …`: parse, compose, call one function. What can fail is told in one sentence."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cowidget.errors import CowidgetError
from cowidget.feeds.networks import EVERYTHING, PUBLIC, Networks
from cowidget.relay import backends, main as relay_main
from cowidget.relay.place import Place
from cowidget.relay.runtime_file import RelayAddress
from cowidget.relay.settings import Settings


class _Commands(click.Group):
    """Tells expected failures in one sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CowidgetError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
@click.version_option(package_name="cowidget")
def main() -> None:
    """Share any Jupyter widget with one link."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; a free one if left out.")
@click.option("--certificate", type=click.Path(path_type=Path), help="PEM file of a certificate: https and wss only.")
@click.option("--key", type=click.Path(path_type=Path), help="PEM file of its key, if that is another one.")
@click.option("--store", help="sqlite:///path or memory:; the user's own rooms if left out.")
@click.option("--allow-host", multiple=True, help="A name that this relay is called by, beside localhost and IPs.")
@click.option("--allow-origin", multiple=True, help="A page of another site that may connect: https://name[:port].")
@click.option("--feeds/--no-feeds", default=True, show_default=True, help="Run the sources of feeds.")
@click.option(
    "--feeds-allow",
    help="What sources may reach beside public addresses, like 10.0.0.0/8,localhost; 'all' is everything.",
)
@click.option("--idle-exit", type=click.FloatRange(0), default=0.0, help="End after so many seconds alone; 0 is never.")
@click.option("--runtime-file", type=click.Path(path_type=Path), help="Where to tell the address to kernels.")
@click.option("--port-file", type=click.Path(path_type=Path), help="Remembers the port for the next start.")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="warning", show_default=True
)
def relay(*, log_level: str, runtime_file: Path | None, port_file: Path | None, **options: Any) -> None:
    """Run a relay and print its address.

    COWIDGET_OPERATOR_TOKEN is what kernels show to create rooms; without it, one is made and printed.
    """
    logging.basicConfig(
        level=log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )

    def announce(address: RelayAddress, network: str | None) -> None:
        click.echo(f"cowidget relay at {address.url}")
        if network is not None:
            click.echo(f"on this network at {network}")
        if runtime_file is not None:
            _let_go_of_stdout()
        elif "COWIDGET_OPERATOR_TOKEN" not in os.environ:
            click.echo(f"operator token {address.operator_token}")

    relay_main.run(_settings(**options), announce, runtime_file, port_file)


@main.command(hidden=True)
def feed() -> None:
    """Fill the feeds of a relay, which starts this and says on the standard input what to do."""
    # Here, because the relay starts through this file, too, and needs none of it.
    from cowidget.feeder import main as feeder_main

    logging.basicConfig(level="WARNING", stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    feeder_main.run(sys.stdin.buffer)


@main.command()
@click.option("--browser/--no-browser", default=None, help="Open JupyterLab; by default when there is a display.")
def demo(browser: bool | None) -> None:
    """Start JupyterLab on a notebook that shares a widget, and print the guests' link."""
    # Here, because the relay's process is started through this file and needs none of it.
    from cowidget import demo as demo_session

    demo_session.run(open_browser=browser)


def _settings(
    *,
    store: str | None,
    allow_host: tuple[str, ...],
    allow_origin: tuple[str, ...],
    feeds_allow: str | None,
    **options: Any,
) -> Settings:
    if store is None:
        place = Place.of_user()
        place.make()
        store = backends.sqlite_url(place.store)
    hosts, origins = _named(allow_host, "HOSTS"), _named(allow_origin, "ORIGINS")
    allowed = frozenset((feeds_allow or "").replace(",", " ").split())
    reach = EVERYTHING if EVERYTHING in allowed else PUBLIC
    allowed -= {EVERYTHING}
    Networks.of(reach, allowed)  # says now what is wrong with them
    options |= {"feed_networks": reach, "feeds_allow": allowed}
    settings = Settings(store=store, hosts=hosts, origins=origins, **options)
    if token := os.environ.get("COWIDGET_OPERATOR_TOKEN"):
        settings = replace(settings, operator_token=token)
    return settings


def _named(options: tuple[str, ...], variable: str) -> frozenset[str]:
    return frozenset({*options, *os.environ.get(f"COWIDGET_{variable}", "").split()})


def _let_go_of_stdout() -> None:
    # Whoever started us waits for the end of our output to know that we are ready.
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
