"""TLS for the relay's port, from the files that an operator names."""

from __future__ import annotations

import ssl
from pathlib import Path

from cowidget.errors import RelayUnavailable

_NO_KEY = "The key {key} needs its certificate: name it with --certificate."
_ENCRYPTED = "The key in {key} is protected by a passphrase, and nobody is there to type it: store it without one."
_MISMATCH = "{key} is not the key of {certificate}."
_NOT_PEM = "{certificate} and {key} are not a certificate and its key in PEM form ({reason})."


def server_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What the port needs to speak TLS; None when no certificate is named.

    Args:
        certificate: a PEM file with the certificate, then those between it and its authority.
        key: a PEM file with its private key; None when that is in `certificate` too.

    Raises:
        RelayUnavailable: a file cannot be read, or is not what it should be; names it.
    """
    if certificate is None:
        if key is not None:
            raise RelayUnavailable(_NO_KEY.format(key=key))
        return None
    key = key or certificate
    _check_readable("certificate", certificate)
    _check_readable("key", key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    asked: list[str] = []

    def passphrase() -> str:
        # Without this, OpenSSL asks the terminal, and a service waits there for ever.
        asked.append("")
        return ""

    try:
        context.load_cert_chain(certificate, key, passphrase)
    except (ssl.SSLError, ValueError) as error:
        reason = str(getattr(error, "reason", None) or error)
        sentence = _ENCRYPTED if asked else _MISMATCH if reason == "KEY_VALUES_MISMATCH" else _NOT_PEM
        raise RelayUnavailable(sentence.format(certificate=certificate, key=key, reason=reason)) from error
    return context


def _check_readable(what: str, path: Path) -> None:
    # `load_cert_chain` does not say which of the two files it could not read.
    try:
        path.read_bytes()
    except OSError as error:
        raise RelayUnavailable(f"Cannot read the {what} {path}: {error.strerror or error}.") from error
