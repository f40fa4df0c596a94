from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from ipywidgets import IntSlider

from cowidget.client.handle import Handle
from cowidget.client.link import LinkThread
from cowidget.client.peer import Route
from cowidget.core import values
from cowidget.core.frames import Found, Post, Welcome
from cowidget.core.messages import made
from cowidget.core.notes import BlobMissing, LogGrown, SearchAnswered
from cowidget.core.replica import Identity, Replica
from cowidget.core.values import Edit, LogEntry, Position, React
from cowidget.errors import NotAllowed, RelayUnavailable, ShareError
from cowidget.widgets import chat as chat_module
from cowidget.widgets.chat import Chat, Message, Moment
from cowidget.widgets.main_thread import MainThread
from cowidget.widgets.message import message_of


def entry(body: values.Body, at: int = 3) -> LogEntry:
    return LogEntry(at, "p1", 1, "Ana", "#ff0000", 1_700_000_000.0, body)


def message(body: values.Body) -> Message:
    return message_of(made(entry(body)))


@pytest.fixture
def thread() -> Iterator[LinkThread]:
    thread = LinkThread("cowidget-test")
    yield thread
    thread.close()


@pytest.fixture
def chat(thread: LinkThread) -> Chat:
    """A chat whose relay has not been dialled."""

    async def route(_: int) -> Route:
        raise AssertionError("nobody dials")

    return Chat(Handle(thread, Replica(Identity("room", "kernel", "i")), route, ""), MainThread(thread))


# Messages.


def test_a_text_has_no_moment_and_answers_nothing() -> None:
    told = message(values.Text("hello"))

    assert (told.number, told.name, told.text, told.moment, told.reply) == (3, "Ana", "hello", None, None)


def test_a_reply_names_what_it_answers() -> None:
    assert message(values.Text("hello", reply=2)).reply == 2


def test_a_moment_is_a_span_of_a_chart_with_a_text() -> None:
    told = message(values.Moment("price", 10.0, 20.0, b"png", "look"))

    assert (told.text, told.moment) == ("look", Moment("price", 10.0, 20.0, b"png"))


def test_a_picture_does_not_fill_the_notebook() -> None:
    assert "png" not in repr(Moment("price", 10.0, 20.0, b"png" * 1000))


def test_a_message_tells_what_acts_have_made_of_it() -> None:
    told = message_of(made(entry(values.Text("helo")), [("p1", Edit(3, "hello")), ("p2", React(3, "👍"))]))

    assert (told.text, told.edited, told.erased, told.reactions) == ("hello", True, False, {"👍": ("p2",)})


def test_what_is_erased_has_no_text() -> None:
    assert (message(values.Erased()).text, message(values.Erased()).erased) == ("", True)


# The chat.


@pytest.mark.parametrize("text", ["", "x" * 8001])
def test_a_message_is_not_empty_and_not_too_long(chat: Chat, text: str) -> None:
    with pytest.raises(ShareError, match="1 to 8000 characters"):
        chat.send(text)


def test_sending_while_the_relay_is_away_says_what_becomes_of_it(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_module, "_ANSWER_TIMEOUT", 0.01)
    with pytest.raises(RelayUnavailable, match="arrives when it is back"):
        chat.send("hello")
    with pytest.raises(RelayUnavailable, match="not all of it was sent"):
        chat.send("look", b"photo")
    chat._handle.thread.run(chat._handle.thread.loop.shutdown_default_executor)  # where the photo's hash is made


def test_what_is_sent_without_waiting_is_on_its_way(chat: Chat) -> None:
    assert chat.send("hello", wait=False) == []
    posted = chat._handle.ask(lambda replica: [push.body for push in replica.pushes if isinstance(push, Post)])

    assert posted == [values.Text("hello")]


def test_what_goes_wrong_without_waiting_is_logged(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    chat._handle.thread.run(chat._handle._leave)
    chat._handle.push(lambda replica: replica.receive_opened("") and replica.receive_closed(4500))
    chat.send("too late", wait=False)
    chat.messages  # noqa: B018 - what is pushed before is done then

    assert "what was sent to the chat is not there" in caplog.text


def test_a_picture_that_the_room_does_not_have_is_said(chat: Chat) -> None:
    welcome = Welcome("p1", "proof", "viewer", 0, Position("e1", 0), Position("e2", 0), (), 1.0)
    chat._handle.ask(lambda replica: [replica.receive_opened(""), replica.receive(welcome)])
    asked = Future[str]()
    chat._handle.fetching._ask = asked.set_result
    with ThreadPoolExecutor(1) as others:
        answer = others.submit(chat.fetch, "ab" * 32)
        missing = BlobMissing(asked.result(5))
        chat._handle.thread.ask(lambda: chat._handle.fetching.receive(missing))
        with pytest.raises(ShareError, match="does not have this photo"):
            answer.result(5)


def test_a_picture_does_not_come_while_the_relay_is_away(chat: Chat) -> None:
    with pytest.raises(RelayUnavailable, match="away"):
        chat.fetch("ab" * 32)


def test_a_widget_that_is_in_no_room_is_not_sent(chat: Chat) -> None:
    with pytest.raises(ShareError, match="IntSlider is not in this room"):
        chat.send("look", IntSlider())


def test_what_is_erased_cannot_be_changed(chat: Chat) -> None:
    erased = message_of(made(entry(values.Erased())), chat)
    with pytest.raises(NotAllowed, match="was erased"):
        erased.react("👍")


def test_somebody_else_s_message_is_not_ours_to_change(chat: Chat) -> None:
    foreign = message_of(made(entry(values.Text("hello"))), chat)
    with pytest.raises(NotAllowed, match="may edit this message"):
        foreign.edit("hi")
    with pytest.raises(NotAllowed, match="hosts may erase this message"):
        foreign.erase()
    with pytest.raises(ShareError, match="one emoji"):
        foreign.react("ok")


def test_a_search_without_a_relay_says_so(chat: Chat) -> None:
    with pytest.raises(RelayUnavailable, match="away"):
        chat.search("words")


def test_a_search_has_an_end(chat: Chat) -> None:
    with pytest.raises(ShareError, match="200 characters"):
        chat.search("x" * 201)


def test_an_answer_that_nobody_waits_for_is_passed_over(chat: Chat) -> None:
    chat._receive(SearchAnswered(Found("words", ())))

    assert chat.messages == []


def test_only_what_is_new_is_told_and_acts_are_no_messages(chat: Chat, thread: LinkThread) -> None:
    told: list[int] = []
    chat.on_message(lambda message: told.append(message.number))
    chat._receive(LogGrown((entry(values.Text("before"), 4),), reset=True))
    chat._receive(LogGrown((entry(values.Text("older"), 3),)))
    chat._receive(LogGrown((entry(values.Text("new"), 5), entry(Edit(5, "newer"), 6), entry(values.Erased(), 7))))
    chat._receive(LogGrown((entry(values.Text("last"), 8),)))
    thread._worker.submit(lambda: None).result()

    assert told == [5, 8]
