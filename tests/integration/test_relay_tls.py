"""A relay that speaks TLS from certificate files, and clients that check who it is."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.support.kernels import end_relay, running_kernel
from tests.support.running_relay import OPERATOR_TOKEN, RunningRelay, running_relay
from tests.support.wire_client import guest_client, invite, owner_client, share


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, a certificate for this machine, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    return folder


@pytest.fixture(scope="module")
def relay(files: Path) -> Iterator[RunningRelay]:
    with running_relay(certificate=str(files / "cert.pem"), key=str(files / "key.pem")) as relay:
        yield relay


@pytest.fixture
def trusting(files: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=files / "authority.pem")


def test_health_is_told_over_https(relay: RunningRelay, trusting: ssl.SSLContext) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", relay.port, timeout=10, context=trusting)
    connection.request("GET", "/healthz")
    report = json.loads(connection.getresponse().read())
    connection.close()

    assert (relay.url, report["name"]) == (f"https://127.0.0.1:{relay.port}", "cowidget")


async def test_clients_join_over_wss_and_see_each_other(relay: RunningRelay, trusting: ssl.SSLContext) -> None:
    async with owner_client(relay.websocket, ssl=trusting) as owner:
        await invite(owner)
        await share(owner, value=7)
        async with guest_client(relay.websocket, ssl=trusting) as guest:
            await guest.sees_value("w/value", 7)


async def test_a_large_value_passes_in_both_directions(relay: RunningRelay, trusting: ssl.SSLContext) -> None:
    # More than one record of TLS holds, and than the socket takes at once.
    text = "é" * 20_000
    async with owner_client(relay.websocket, room="large", ssl=trusting) as owner:
        await invite(owner)
        await share(owner, **{f"trait_{number}": text for number in range(20)})
        async with guest_client(relay.websocket, room="large", ssl=trusting) as guest:
            await guest.sees_value("w/trait_19", text)


async def test_who_speaks_plain_http_there_is_cut_and_the_others_are_served(
    relay: RunningRelay, trusting: ssl.SSLContext
) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=10)
    plain.request("GET", "/healthz")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        plain.getresponse()
    plain.close()

    test_health_is_told_over_https(relay, trusting)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--certificate", "nowhere.pem"], "Cannot read the certificate nowhere.pem: No such file or directory."),
        (["--key", "key.pem"], "The key key.pem needs its certificate: name it with --certificate."),
        (["--certificate", "key.pem", "--key", "authority.pem"], "are not a certificate and its key in PEM form"),
    ],
)
def test_a_wrong_file_is_one_sentence(files: Path, options: list[str], said: str) -> None:
    command = [sys.executable, "-m", "cowidget", "relay", "--store", "memory:", *options]
    ended = subprocess.run(command, cwd=files, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: ")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_kernel_trusts_a_relay_whose_authority_the_system_knows(
    relay: RunningRelay, files: Path, tmp_path: Path
) -> None:
    remote = {"COWIDGET_RELAY": f"wss://127.0.0.1:{relay.port}", "COWIDGET_TOKEN": OPERATOR_TOKEN}
    with running_kernel(tmp_path, "/one.ipynb", **remote, SSL_CERT_FILE=str(files / "authority.pem")) as host:
        host.run("counter = Counter(value=3); room = cw.share(counter)")

        assert host.value("[room.status, str(room.url)[:8], room.reach.who]") == ["live", "https://", "machine"]
    end_relay(tmp_path)


def test_a_kernel_does_not_trust_a_relay_that_nobody_vouches_for(relay: RunningRelay, tmp_path: Path) -> None:
    remote = {"COWIDGET_RELAY": f"wss://127.0.0.1:{relay.port}", "COWIDGET_TOKEN": OPERATOR_TOKEN}
    code = "import cowidget as cw\ntry:\n    cw.room('r')\nexcept cw.RelayUnavailable as error:\n    print(error)"
    with running_kernel(tmp_path, "/one.ipynb", **remote) as host:
        printed = host.run(code)

    assert printed.startswith(f"The certificate of wss://127.0.0.1:{relay.port}/ws is not trusted here: ")
    assert printed.endswith("name the file of its authority in SSL_CERT_FILE.\n")
