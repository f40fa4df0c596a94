from __future__ import annotations

import ssl

import httpcore
import httpx
import pytest
from websockets.exceptions import InvalidMessage, InvalidUpgrade

from cowidget.feeds.failures import SourceFailure, SourceRefused
from cowidget.feeds.trouble import check_status, failure_of, redirected, same_origin, told


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "The source does not answer."),
        (httpx.ReadTimeout(""), "The source does not answer."),
        (httpcore.ConnectTimeout(), "The source does not answer."),
        (ConnectionRefusedError(), "The source refuses the connection."),
        (caused(httpx.ConnectError(""), ConnectionRefusedError()), "The source refuses the connection."),
        (ConnectionResetError(), "The source cut the connection."),
        (OSError(), "The source cannot be reached."),
        (httpx.RemoteProtocolError(""), "The source ended its answer in the middle, or it is no HTTP."),
        (InvalidMessage(""), "The source ended its answer in the middle, or it is no HTTP."),
        (caused(httpcore.ConnectError(), ssl.SSLError(1, "x")), "No secure connection to the source: TLS failed."),
    ],
)
def test_what_may_work_the_next_time_is_a_failure_in_words(error: Exception, said: str) -> None:
    failure = failure_of(error)
    assert (str(failure), isinstance(failure, SourceRefused)) == (said, False)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpx.InvalidURL(""), "The source cannot be asked: its address is none."),
        (InvalidUpgrade("Upgrade"), "The source does not answer as a WebSocket."),
    ],
)
def test_what_stays_as_it_is_is_a_refusal(error: Exception, said: str) -> None:
    failure = failure_of(error)
    assert (str(failure), isinstance(failure, SourceRefused)) == (said, True)


def test_an_error_of_ours_is_not_translated() -> None:
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError


@pytest.mark.parametrize("status", [200, 204, 304])
def test_a_good_status_says_nothing(status: int) -> None:
    check_status(status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 499])
def test_a_host_that_says_no_is_not_asked_again_soon(status: int) -> None:
    with pytest.raises(SourceRefused, match=f"The source answered {status}"):
        check_status(status)


@pytest.mark.parametrize(
    ("status", "retry_after", "wait"),
    [
        (500, "", 0),
        (503, "120", 120),
        (429, "7", 7),
        (408, "soon", 0),
        (503, "9" * 30, 0),
        (503, "99999", 3600),
        (599, "", 0),
    ],
)
def test_a_host_in_trouble_may_say_when_to_come_back(status: int, retry_after: str, wait: float) -> None:
    with pytest.raises(SourceFailure) as failed:
        check_status(status, retry_after)
    assert (failed.value.retry_after, isinstance(failed.value, SourceRefused)) == (wait, False)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://feeds.test/b"),
        ("https://other.test/c", "https://other.test/c"),
        ("c?d=1", "https://feeds.test/c?d=1"),
    ],
)
def test_a_redirect_leads_somewhere(location: str, target: str) -> None:
    assert redirected("https://feeds.test/a", location, ("http", "https")) == target


@pytest.mark.parametrize(
    "location", ["", "ftp://feeds.test/", "file:///etc/passwd", "http://feeds.test/", "https://[", "ws://a/"]
)
def test_a_redirect_to_elsewhere_is_refused(location: str) -> None:
    with pytest.raises(SourceRefused):
        redirected("https://feeds.test/a", location, ("http", "https"))


def test_headers_belong_to_one_scheme_host_and_port() -> None:
    assert same_origin("https://feeds.test/a", "https://feeds.test/b")
    for other in ("http://feeds.test/a", "https://other.test/a", "https://feeds.test:8443/a"):
        assert not same_origin("https://feeds.test/a", other)
