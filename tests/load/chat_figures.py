"""The figures of the chat, each printed beside what is to be reached; `bench.py` runs them."""

from __future__ import annotations

from collections.abc import Callable

from tests.load import chat_history, chat_photo, chat_posts
from tests.load.chat_pulse import Answers


def show_posts() -> None:
    """Messages per second that are kept for good."""
    posts, commits = chat_posts.measure()
    print(f"  {posts.per_second:.0f} messages/s acknowledged, of {chat_posts.PER_SECOND} that people write")
    print(f"  p50 {posts.p50:.1f} ms, p99 {posts.p99:.1f} ms (to reach: 10)")
    print(f"  relay {posts.relay:.0f} % of a core, {posts.cost:.0f} µs for a message and its deliveries;", end=" ")
    print(f"the people {posts.ours:.0f} µs; {posts.others:.0f} % of the machine was others'")
    print(f"  SQLite alone, each message in a durable transaction: {commits.per_second:.0f} messages/s,", end=" ")
    print(f"p50 {commits.p50:.1f} ms, p99 {commits.p99:.1f} ms")


def show_history() -> None:
    """A long history opened and scrolled."""
    history = chat_history.measure()
    print(f"  newest message painted: cold {history.cold:.0f} ms, warm {history.warm:.0f} ms (to reach: 300)")
    print(
        f"  with {chat_history.FEW} messages: cold {history.few_cold:.0f} ms, warm {history.few_warm:.0f} ms;", end=" "
    )
    more = history.cold - history.few_cold, history.warm - history.few_warm
    print(f"{chat_history.MESSAGES:,} cost {more[0]:+.0f} and {more[1]:+.0f} ms")
    print(
        f"  scrolling back {history.messages:,.0f} messages: {history.fps:.0f} frames/s (to reach: 60), at rest"
        f" {history.idle:.0f}; {history.slow:.1f} % of the frames late, longest {history.longest:.0f} ms"
    )


def show_photo() -> None:
    """A photo to others, and who waits for it."""
    shown = chat_photo.measure()
    print(f"  {shown.bytes / 1e6:.1f} MB: seen by others {shown.seen:.0f} ms after the drop (to reach: 2000)")
    _show_answers("before", shown.before)
    _show_answers("meanwhile", shown.meanwhile)
    print(
        f"  longest callback of the relay's loop: {shown.processor:.1f} ms of processor time (to reach: 20),"
        f" {shown.clock:.1f} ms by the clock"
    )


def _show_answers(when: str, answers: Answers) -> None:
    print(
        f"  {answers.pings} pings answered {when}: p50 {answers.p50:.2f} ms, p99 {answers.p99:.1f} ms,"
        f" longest {answers.longest:.1f} ms, {answers.late} after more than 20 ms"
    )


FIGURES: dict[str, tuple[str, Callable[[], None]]] = {
    "chat-posts": (
        f"messages of {chat_posts.PEOPLE} people in one room, acknowledged when they are on the disk",
        show_posts,
    ),
    "chat-history": (f"a room with {chat_history.MESSAGES:,} messages", show_history),
    "chat-photo": ("a photo of 12 megapixels from browser to browser, while two others drag", show_photo),
}
