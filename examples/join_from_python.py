"""Join a room from Python: print what is in it, change a trait, say something.

python examples/join_from_python.py 'http://127.0.0.1:…/r/…#k=…' [widget.trait=value]
"""

from __future__ import annotations

import json
import sys

import cowidget as cw


def main(link: str, *changes: str) -> None:
    with cw.join(link, name="A script") as room:
        for name, widget in room.widgets.items():
            print(f"{name}: {', '.join(f'{trait} = {value!r}' for trait, value in widget.traits.items())}")
        for change in changes:
            place, _, value = change.partition("=")
            name, _, trait = place.rpartition(".")
            setattr(room.widgets[name], trait, json.loads(value))
            room.chat.send(f"{place} is {value} now")


if __name__ == "__main__":
    main(*sys.argv[1:])
