"""Photos on a guest's page or in a notebook's panel, in the words of whoever sits before it."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.support.pages import PATIENCE_MS

# What a browser brings to a page with files: `dragenter` to `drop`, or `paste`.
_BRING = """
(place, [types, name, mime, text]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  data.items.add(new File([bytes], name, { type: mime }));
  for (const type of types) {
    const options = { bubbles: true, cancelable: true, composed: true };
    place.dispatchEvent(
      type === "paste"
        ? new ClipboardEvent(type, { ...options, clipboardData: data })
        : new DragEvent(type, { ...options, dataTransfer: data }),
    );
  }
}
"""
# The colours of the four quarters of what an image shows, in the order of reading.
_CORNERS = """
(image) => {
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const spots = [[1, 1], [3, 1], [1, 3], [3, 3]];
  return spots.map(([x, y]) => [...pen.getImageData((width * x) / 4, (height * y) / 4, 1, 1).data].slice(0, 3));
}
"""
_COMES = """
async (image) => {
  while (!image.complete || image.naturalWidth === 0) await new Promise(requestAnimationFrame);
}
"""


class PhotoPage:
    """What somebody does with photos in the chat, and what they see."""

    def __init__(self, page: Page, root: Page | Locator) -> None:
        """The chat is open; `root` is the page, or the panel in it."""
        self.page = page
        self._root = root

    # Into the message.

    def chooses(self, *files: tuple[str, bytes], mime: str = "image/jpeg") -> None:
        """With the button beside the field."""
        chosen: list[FilePayload] = [{"name": name, "mimeType": mime, "buffer": data} for name, data in files]
        self._root.locator("input[type=file][multiple]").set_input_files(chosen)

    def pastes(self, name: str, data: bytes, mime: str = "image/png") -> None:
        self._brings(self.composer(), ["paste"], name, data, mime)

    def drops(self, name: str, data: bytes, mime: str = "image/jpeg") -> None:
        """Anywhere on the chat."""
        self._brings(self._root.locator(".chat-list"), ["dragenter", "dragover", "drop"], name, data, mime)

    def composer(self) -> Locator:
        return self._root.get_by_role("textbox", name="Message")

    def attached(self) -> Locator:
        return self._root.get_by_role("list", name="Photos, to be sent with the message").get_by_role("listitem")

    def sends(self) -> None:
        self._root.get_by_role("button", name="Send", exact=True).click()

    def shows(self, *files: tuple[str, bytes]) -> None:
        """Choose them, wait until they are ready, and send them without a word."""
        self.chooses(*files)
        expect(self.attached()).to_have_count(len(files), timeout=PATIENCE_MS)
        self.sends()

    # In the chat.

    def tiles(self) -> Locator:
        """Of messages that are in the log."""
        return self._root.locator(".message[data-state=sent] .photo-tile")

    def sees(self, count: int) -> None:
        """As many photos, with their pixels."""
        expect(self.tiles()).to_have_count(count, timeout=PATIENCE_MS)
        for at in range(count):
            image = self.tiles().nth(at).locator(".photo-full")
            image.scroll_into_view_if_needed(timeout=PATIENCE_MS)
            expect(image).to_be_visible(timeout=PATIENCE_MS)
            image.evaluate(_COMES)

    def corners(self, at: int) -> Sequence[Sequence[int]]:
        """The colours of the quarters of a photo."""
        seen: list[list[int]] = self.tiles().nth(at).locator(".photo-full").evaluate(_CORNERS)
        return seen

    def is_refused(self, words: str) -> None:
        """Told why a file cannot be sent."""
        expect(self._root.locator(".photo-fault")).to_contain_text(words, timeout=PATIENCE_MS)

    # In the window.

    def lightbox(self) -> Locator:
        return self._root.get_by_role("dialog", name="Photos")

    def _brings(self, place: Locator, types: list[str], name: str, data: bytes, mime: str) -> None:
        place.evaluate(_BRING, [types, name, mime, base64.b64encode(data).decode()])
