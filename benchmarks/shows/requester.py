"""The requester: every act is one in the browser's phone; what came is read as the phone shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json

BREATH = 400  # milliseconds until a message stands still
PATIENCE = 90.0  # seconds


class Requester:
    def __init__(self, page: Page, phone: Phone, pictures: Path | None) -> None:
        self.page, self.phone, self.pictures = page, phone, pictures
        self.place: Locator = page.locator(f'.phone[data-person="{phone.id}"]')
        self.acts = 0

    @property
    def newest(self) -> int:
        return max(self.phone.shown, default=0)

    async def say(self, text: str) -> None:
        await self.place.get_by_label("Message", exact=True).fill(text)
        await self._send()

    async def send(self, content: bytes, name: str, caption: str = "", voice: bool = False) -> None:
        """Attaches a file, types the caption below it, and sends both; a sound as a voice message."""
        mime = "audio/ogg" if voice else "application/octet-stream"
        await self.place.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": mime, "buffer": content}
        )
        if voice:
            await self.place.get_by_label(f"How to send {name}").select_option("voice")
        await self.place.get_by_label("Message", exact=True).fill(caption)
        await self._send()

    async def _send(self) -> None:
        self.acts += 1
        await self.place.get_by_role("button", name="Send", exact=True).click()

    async def press(self, button: str, message: Json) -> None:
        self.acts += 1
        await self.message(message).get_by_role("button", name=button, exact=True).click()

    def message(self, message: Json) -> Locator:
        return self.place.locator(f'.message[data-id="{message["message_id"]}"]')

    async def waits(self, wanted: Callable[[Json], bool], after: int, patience: float = PATIENCE) -> Json:
        """The first message of the bot's behind this one that is so, as it stands now."""
        found: list[Json] = []

        def look(phone: Phone) -> bool:
            found[:] = [m for m in phone.messages if m["message_id"] > after and not m["out"] and wanted(m)]
            return bool(found)

        await self.phone.until(look, patience)
        return found[0]

    async def download(self, message: Json) -> bytes:
        """Presses the file's link, as a browser does."""
        self.acts += 1
        async with self.page.expect_download() as started:
            await self.message(message).get_by_role("link").first.click()
        place = await (await started.value).path()
        return await asyncio.to_thread(place.read_bytes)

    async def shot(self, name: str, message: Json | None = None) -> None:
        """What the phone shows; of a message where one is given, from its top."""
        if self.pictures is None:
            return
        if message is not None:
            await expect(self.message(message)).to_be_visible()
            await self.message(message).scroll_into_view_if_needed()
        await self.page.wait_for_timeout(BREATH)
        await self.place.screenshot(path=str(self.pictures / f"{name}.png"))


def has(button: str) -> Callable[[Json], bool]:
    return lambda message: any(each["text"].startswith(button) for each in buttons_of(message))


def says(words: str) -> Callable[[Json], bool]:
    return lambda message: words in text_of(message)


def label(button: str, message: Json) -> str:
    """The whole text of the button that begins so."""
    return next(str(each["text"]) for each in buttons_of(message) if each["text"].startswith(button))


def is_file(message: Json) -> bool:
    return "document" in message and "media_group_id" not in message
