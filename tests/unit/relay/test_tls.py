from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from cowidget.errors import RelayUnavailable
from cowidget.relay.tls import server_context


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "cert.pem"
    issued = trustme.CA().issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(path)
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    return path


@pytest.fixture
def key(certificate: Path) -> Path:
    return certificate.with_name("key.pem")


def test_without_a_certificate_there_is_no_tls() -> None:
    assert server_context(None, None) is None


def test_a_certificate_and_its_key_make_a_context(certificate: Path, key: Path) -> None:
    assert isinstance(server_context(certificate, key), ssl.SSLContext)


def test_both_may_be_in_one_file(certificate: Path) -> None:
    assert isinstance(server_context(certificate.with_name("both.pem"), None), ssl.SSLContext)


def test_a_key_alone_is_told(key: Path) -> None:
    with pytest.raises(RelayUnavailable, match="name it with --certificate"):
        server_context(None, key)


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_a_file_that_is_not_there_is_named(certificate: Path, key: Path, missing: str) -> None:
    gone = {"certificate": certificate, "key": key}[missing]
    gone.unlink()

    with pytest.raises(RelayUnavailable) as failed:
        server_context(certificate, key)

    assert str(failed.value) == f"Cannot read the {missing} {gone}: No such file or directory."


def test_a_file_that_is_no_certificate_is_named(certificate: Path, key: Path) -> None:
    certificate.write_text("Dear Ada,\n")

    with pytest.raises(RelayUnavailable, match=r"cert\.pem and .*key\.pem are not a certificate and its key in PEM"):
        server_context(certificate, key)


def test_the_key_of_another_certificate_is_told(certificate: Path, key: Path) -> None:
    trustme.CA().issue_cert("127.0.0.1").private_key_pem.write_to_path(key)

    with pytest.raises(RelayUnavailable, match=r"key\.pem is not the key of .*cert\.pem"):
        server_context(certificate, key)


def test_a_key_with_a_passphrase_does_not_ask_the_terminal(certificate: Path, key: Path) -> None:
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )

    with pytest.raises(RelayUnavailable, match="protected by a passphrase"):
        server_context(certificate, key)
