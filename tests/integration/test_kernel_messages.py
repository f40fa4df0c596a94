"""Two real kernels and a real relay: what one shows in the chat, the other reads; and a room as a file."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from tests.support.kernels import CellFailed, Kernel, end_relay, running_kernel

pytestmark = pytest.mark.integration

LAST = "room.chat.messages[-1]"
SHOW = """
import warnings; warnings.simplefilter("error")
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(6, 4)); _ = ax.plot([1, 3, 2]); _ = ax.set_title("Sales")
import numpy as np, pandas as pd
from PIL import Image
from ipywidgets import IntSlider, VBox
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("kernel")
    yield home
    end_relay(home)


@pytest.fixture(scope="module")
def host(home: Path) -> Iterator[Kernel]:
    with running_kernel(home, notebook="/lessons/one.ipynb") as kernel:
        kernel.run(SHOW)
        kernel.run("counter = Counter(value=3); room = cw.share(counter)")
        yield kernel


@pytest.fixture(scope="module")
def guest(home: Path, host: Kernel) -> Iterator[Kernel]:
    with running_kernel(home) as kernel:
        kernel.run(SHOW)
        kernel.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")
        kernel.run("heard = []\n@room.chat.on_message\ndef hear(message): heard.append(message.kind)")
        yield kernel


def test_a_figure_is_a_photo_of_the_right_size_for_the_other(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    host.run("(sent,) = room.chat.send('**Look**', fig)")
    guest.sees(f"[{LAST}.kind, {LAST}.text, heard[-1:]]", ["photos", "**Look**", ["photos"]])
    guest.run(f"photo, = {LAST}.photos; saved = photo.save({str(tmp_path / 'a.png')!r})")
    with Image.open(tmp_path / "a.png") as image:
        image.load()
        size, form = image.size, image.format
    told = guest.value("[photo.width, photo.height, photo.mime, photo.alt]")

    assert (form, told) == ("PNG", [*size, "image/png", "Figure: Sales"])
    assert abs(size[0] - 864) <= 2
    assert abs(size[1] - 576) <= 2
    assert guest.value("__import__('hashlib').sha256(photo.read()).hexdigest() == photo.sha256")


def test_pictures_of_every_kind_are_one_message(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    Image.new("RGB", (30, 20), "red").save(tmp_path / "red.jpg")
    guest.run(
        f"import pathlib; path = pathlib.Path({str(tmp_path / 'red.jpg')!r})\n"
        "sent = room.chat.send('all', path, Image.new('L', (9, 8)), np.zeros((7, 6, 3), 'uint8'), path.read_bytes())"
    )
    host.sees(f"[[p.width, p.height] for p in {LAST}.photos]", [[30, 20], [9, 8], [6, 7]])
    assert host.value(f"[{LAST}.name, {LAST}.photos[0].name]") == ["Ana", "red.jpg"]


EVERY_DTYPE = """
df = pd.DataFrame({
    "i": [1, 2], "I": pd.array([1, None], "Int64"), "big": [1 << 60, 3], "u": np.array([1, 2], "uint8"),
    "f": [0.5, float("nan")], "inf": [float("inf"), 1.0], "b": [True, False], "B": pd.array([True, None], "boolean"),
    "s": ["Köln", None], "S": pd.array(["a", None], "string"), "c": pd.Categorical(["x", "y"]),
    "t": pd.to_datetime(["2026-01-02 03:04:05.678901", None]), "d": pd.to_datetime(["2026-01-02", None]),
    "tz": pd.to_datetime(["2026-01-02 03:04", "2026-01-03"], format="ISO8601").tz_localize("Europe/Berlin"),
    "td": pd.to_timedelta(["1h", None]), "o": [{"a": 1}, [2]], "z": [1 + 2j, 3j],
    "p": pd.period_range("2026", periods=2, freq="Y"),
}, index=pd.Index(["r", "s"], name="row"))
"""


def test_a_table_of_every_type_arrives_typed(host: Kernel, guest: Kernel) -> None:
    host.run(EVERY_DTYPE)
    host.run("sent = room.chat.send('The head:', df)")
    guest.sees(f"[{LAST}.kind, {LAST}.text]", ["table", "The head:"])
    guest.run(f"table = {LAST}.table; frame = table.to_frame(); polar = table.to_frame('polars')")
    columns = guest.value("[[c.name, c.dtype, c.kind] for c in table.columns]")
    kinds = {name: kind for name, _, kind in columns}

    assert [column[:2] for column in columns] == host.value(
        "[[df.index.name, str(df.index.dtype)]] + [[name, str(dtype)] for name, dtype in df.dtypes.items()]"
    )
    assert kinds == {
        "row": "text", "i": "integer", "I": "integer", "big": "integer", "u": "integer", "f": "number",
        "inf": "number", "b": "boolean", "B": "boolean", "s": "text", "S": "text", "c": "text", "t": "time",
        "d": "date", "tz": "time", "td": "text", "o": "text", "z": "text", "p": "text",
    }  # fmt: skip
    assert guest.value("[table.height, table.width, table.index, table.rows[0][:12]]") == [
        2, 18, 1, ["r", 1, 1, str(1 << 60), 1, 0.5, "Infinity", True, True, "Köln", "a", "x"],
    ]  # fmt: skip
    assert guest.value("[frame['I'].dtype.name, frame['t'].iloc[0].isoformat(), frame.index.name, frame.index[1]]") == [
        "Int64", "2026-01-02T03:04:05.678901", "row", "s",
    ]  # fmt: skip
    assert guest.value("[polar.shape, str(polar['b'].dtype), polar['f'][1]]") == [[2, 19], "Boolean", None]


def test_a_widget_s_state_is_sent_by_either_kernel(host: Kernel, guest: Kernel) -> None:
    host.run("counter.value = 7; sent = room.chat.send('so', counter)")
    shown = f"[{LAST}.kind, {LAST}.snapshot.share, {LAST}.snapshot.values['counter/value'], {LAST}.reply is None]"
    guest.sees(shown, ["snapshot", "counter", 7, True])
    guest.run(f"sent = room.chat.send(room.widgets['counter'], reply={LAST})")
    host.sees(shown, ["snapshot", "counter", 7, False])


def test_what_is_shared_in_the_same_cell_is_sent_with_what_was_set_there(host: Kernel, guest: Kernel) -> None:
    host.run("room._hosting.thread.call(time.sleep, 0.1)")  # so that the share is declared after all of the cell
    host.run("box = VBox([IntSlider(), IntSlider()]); room.share(box, name='box'); box.children[1].value = 9")
    host.run("sent = room.chat.send(box.children[1])")
    guest.sees(f"[{LAST}.kind, {LAST}.snapshot.values.get('box/children.1/value')]", ["snapshot", 9])
    assert guest.value(f"'box/children.0/value' in {LAST}.snapshot.values") is False


def test_a_chart_s_moment_is_what_it_shows(host: Kernel, guest: Kernel) -> None:
    host.run("chart = cw.live(cw.feed('p', name='prices'), window='60s'); room.share(chart, name='chart')")
    with pytest.raises(CellFailed, match="no rows yet"):
        host.run("room.chat.send(chart)")
    host.run("chart.push({'t': [1000.0, 1100.0], 'p': [1.0, 2.0]}); sent = room.chat.send('then', chart)")
    guest.sees(f"[{LAST}.kind, {LAST}.text]", ["moment", "then"])
    assert guest.value(f"[{LAST}.moment.start, {LAST}.moment.end]") == [1040.0, 1100.0]


OBJECTS = """
class Loud:
    def _repr_html_(self): return "<script>alert(1)</script>"
    def __repr__(self): return "Loud()"
class Said:
    def _repr_markdown_(self): return "**said**"
    _repr_html_ = Loud._repr_html_
"""


def test_what_objects_show_of_themselves_is_sent_but_never_html(host: Kernel, guest: Kernel) -> None:
    host.run(OBJECTS)
    host.run("messages = room.chat.send(Loud()) + room.chat.send(Said()) + room.chat.send({'a': 1})")
    guest.sees("[m.text for m in room.chat.messages[-3:]]", ["`Loud()`", "**said**", "`{'a': 1}`"])


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("None", "None cannot be shown"),
        ("IntSlider()", "IntSlider is not in this room"),
        ("np.zeros((4, 4))", "array of float64 is no picture"),
        ("np.zeros(4, 'uint8')", "no picture, which is"),
        ("__import__('pathlib').Path('nowhere.png')", "nowhere.png cannot be read: No such file"),
        ("b'GIF87a' + bytes(11_000_000)", "at most 10 MB"),
        ("b'no picture'", "PhotoDeclined"),
        ("''", "1 to 8000 characters"),
        ("plt", "plt.gcf"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_was_sent(host: Kernel, item: str, sentence: str) -> None:
    before = host.value("len(room.chat.messages)")
    with pytest.raises(CellFailed, match=sentence):
        host.run(f"room.chat.send({item})")

    assert host.value("len(room.chat.messages)") == before


def test_sending_waits_until_the_room_has_it_or_not_at_all(host: Kernel) -> None:
    assert host.value("[m.text for m in room.chat.send('now')]") == ["now"]
    assert host.value("room.chat.send('later', wait=False)") == []
    host.sees(f"{LAST}.text", "later")


def test_the_chat_is_a_frame_with_stated_types(host: Kernel) -> None:
    host.run("frame = room.chat.to_frame(); polar = room.chat.to_frame(backend='polars')")
    assert host.value("{name: str(dtype) for name, dtype in frame.dtypes.items()}") == {
        "number": "int64", "time": "datetime64[us, UTC]", "name": "string", "peer": "string", "kind": "string",
        "text": "string", "reply": "Int64", "edited": "bool", "erased": "bool", "photos": "int64", "reactions": "int64",
    }  # fmt: skip
    assert host.value("[len(frame), str(polar.schema['time'])]") == [
        host.value("len(room.chat.history())"), "Datetime(time_unit='us', time_zone='UTC')",
    ]  # fmt: skip
    assert host.value("frame['number'].tolist() == polar['number'].to_list()")


# The room as a file.


def test_a_guest_exports_what_it_sees(host: Kernel, guest: Kernel, tmp_path: Path) -> None:
    host.run("counter.value = 4; sent = room.chat.send('for guests', Image.new('RGB', (3, 2)))")
    guest.sees(f"[{LAST}.text, room.widgets['counter'].value]", ["for guests", 4])
    guest.run(f"room.export({str(tmp_path / 'seen.zip')!r})")
    with ZipFile(tmp_path / "seen.zip") as opened:
        message = json.loads(opened.read("messages.jsonl").splitlines()[-1])
        states = json.loads(opened.read("states.json"))
        photo = opened.read(message["photos"][0]["file"])

    assert (message["text"], states["counter/value"]) == ("for guests", 4)
    assert Image.open(io.BytesIO(photo)).size == (3, 2)


class Page(HTMLParser):
    """What a page loads and what of it would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not [name for name, _ in attrs if name.startswith("on")]


EXPORTED = """
room = cw.room(name="Export")
room.state["threshold"] = 0.5; room.state["raw"] = b"\\x00\\xff"; room.state["odd"] = float("nan")
room.state["big"] = "x" * 100_000
room.share(counter); counter.value = 7
for n in range(296): sent = room.chat.send(f"line {n}")
sent = room.chat.send("<script>alert(1)</script> & <img src=x onerror=alert(1)>")
sent = room.chat.send("the link: " + str(room.url))
photos = room.chat.send("three", *(np.full((20 + n, 30, 3), 40 * n, "uint8") for n in range(3)))
table = room.chat.send(pd.DataFrame({"<b>": ["<i>", None], "n": [1, 2]}))
room.chat.messages[-1].react("👍"); room.chat.messages[-3].edit("no link")
chart = cw.live(cw.feed("p", name="ticks")); room.share(chart); _ = chart.push({"t": [1.0, 2.0], "p": [0.5, 1.5]})
"""


def test_a_room_as_a_file_holds_all_of_it_and_no_secret(host: Kernel, tmp_path: Path) -> None:
    host.run("kept = room")
    path = tmp_path / "room.zip"
    path.write_bytes(b"an older one")
    try:
        host.run(EXPORTED)
        host.sees(f"[list({LAST}.reactions), room.chat.messages[-3].text]", [["👍"], "no link"])
        url = host.value("str(room.url)")
        host.run(f"written = room.export({str(path)!r})")
        history = host.value("[[m.number, m.text, m.kind, m.edited] for m in room.chat.history()]")
        shas = host.value("[p.sha256 for p in photos[0].photos]")
    finally:
        host.run("room.stop(); room = kept")

    with ZipFile(path) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    messages = [json.loads(line) for line in files["messages.jsonl"].decode().splitlines()]
    states = json.loads(files["states.json"])
    page = Page(files["chat.html"].decode())
    secret = url.partition("#k=")[2]

    assert len(messages) == 300
    assert [[m["number"], m["text"], m["kind"], m["edited"]] for m in messages] == [
        [number, text.replace(secret, "…"), kind, edited] for number, text, kind, edited in history
    ]
    assert [list(message["reactions"]) for message in messages[-2:]] == [[], ["👍"]]
    assert [photo["sha256"] for photo in messages[-2]["photos"]] == shas
    for photo in messages[-2]["photos"]:
        assert hashlib.sha256(files[photo["file"]]).hexdigest() == photo["sha256"]
        assert Image.open(io.BytesIO(files[photo["file"]])).size == (photo["width"], photo["height"])
    assert messages[-1]["table"]["rows"] == [[0, "<i>", 1], [1, None, 2]]
    assert [states[key] for key in ("/threshold", "/odd", "counter/value")] == [0.5, "nan", 7]
    assert states["/big"] == "x" * 100_000
    assert files[states["/raw"]["$blob"]] == b"\x00\xff"
    assert files["feeds/1-ticks.csv"].decode().splitlines()[0] == "t,p"
    assert not page.tags & {"script", "iframe", "object", "link"}
    assert page.sources == [f"photos/{sha}.png" for sha in shas]
    assert not [name for name, data in files.items() if secret.encode() in data]
    assert [file.name for file in tmp_path.iterdir()] == ["room.zip"]
