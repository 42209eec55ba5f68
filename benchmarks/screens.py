"""`python -m benchmarks screens`: characters of what workers read at a glance beside their limits, buttons, rows and
the height of the message on a phone of 360 × 640, in English and French; the longest sample of each screen."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import ClientSession, FormData
from playwright.async_api import Page, async_playwright

import handlers.routes  # noqa: F401 (registers the screens)
from benchmarks.tables import WRITE, keep
from bot.delivery.telegram_calls import keyboard_values
from handlers.screen import Screen, render, visible_length
from simulator.limits import Limits
from simulator.running import Telegram, serve
from tests.browser import arguments as browser_arguments
from tests.browser import find
from tests.handlers.screens import work_samples
from tests.handlers.screens.limits import LIMITED_SCREENS
from tests.simulator.test_files import png

MEASURED_LANGUAGES = ("en", "fr")
PHONE = {"width": 360, "height": 640}
PICTURE = png(600, 800)  # upright: the tallest on a phone
MAX_PIXELS = 490  # of the chat between its head and the line where one writes
NOTE = (
    "Of each screen the longest sample; English, then French. The height is that of the message with its buttons on "
    f"the simulator's page, where the chat has {MAX_PIXELS} pixels; parts of a message have none. Tests hold limits "
    "(`tests/handlers/screens/limits.py`)."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A screen in each measured language; `max_chars` is None where only the height is of interest."""

    name: str
    max_chars: int | None
    painted: tuple[Screen, ...]
    is_part: bool


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks screens", description=__doc__)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    table = asyncio.run(_measure(_paint_rows()))
    print(table)
    if options.write:
        keep("screens", "Screens beside their limits", "screens", f"{table}\n\n{NOTE}")
    return 0


def _paint_rows() -> list[Row]:
    first, later = replace(work_samples.TASK, card=work_samples.CARD), replace(work_samples.TASK, folded=True)
    six = {"kind": "choices", "options": ("dirty", "broken", "too small", "too large", "late", "wrong colour")}
    tasks = {
        "first task of a project": first,
        "first task, with a picture": replace(first, content=work_samples.CAT),
        "first task, six choices": replace(first, **six),
        "first task, a picture and six choices": replace(first, content=work_samples.CAT, **six),
        "later task": later,
        "later task, with a picture": replace(later, content=work_samples.CAT),
        "later task, a picture and six choices": replace(later, content=work_samples.CAT, **six),
    }
    return [
        *(
            Row(name, None, tuple(render(task.stored_as, task, language) for language in MEASURED_LANGUAGES), False)
            for name, task in tasks.items()
        ),
        *(
            Row(limited.name, limited.max_chars, tuple(map(limited.paint_longest, MEASURED_LANGUAGES)), limited.is_part)
            for limited in LIMITED_SCREENS
        ),
    ]


async def _measure(rows: Sequence[Row]) -> str:
    """Return the table; every screen is sent to a chat that is open in a browser."""
    lines = ["| screen | characters | at most | buttons | rows | pixels high |", f"| --- |{' --: |' * 5}"]
    async with serve(limits=Limits.off()) as telegram, async_playwright() as playwright, ClientSession() as session:
        phone = await telegram.phone("Ann")
        await phone.say("/start")
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
        page = await browser.new_page(viewport=PHONE)
        await page.goto(f"{telegram.url}/#p={phone.id}")
        for row in rows:
            heights = (
                ["", ""]
                if row.is_part
                else [str(await _measure_height(telegram, session, page, phone.id, screen)) for screen in row.painted]
            )
            lines.append(_format_row(row, heights))
        await browser.close()
    return "\n".join(lines)


async def _measure_height(telegram: Telegram, session: ClientSession, page: Page, person: int, screen: Screen) -> int:
    """Return the pixels from the top of the message to the end of its buttons."""
    values = FormData({"chat_id": str(person), "parse_mode": "HTML"})
    values.add_field("caption" if screen.photo else "text", screen.text)
    if screen.photo:
        values.add_field("photo", PICTURE, filename="picture.png")
    if keyboard := keyboard_values(screen):
        values.add_field("reply_markup", json.dumps(keyboard))
    method = "sendPhoto" if screen.photo else "sendMessage"
    async with session.post(f"{telegram.url}/bot{telegram.token}/{method}", data=values) as response:
        message = (await response.json())["result"]["message_id"]
    shown = page.locator(f".message[data-id='{message}']")
    await shown.wait_for()
    await shown.locator("img").evaluate_all("images => Promise.all(images.map(image => image.decode()))")
    return round(await shown.evaluate("message => message.getBoundingClientRect().height"))


def _format_row(row: Row, heights: Sequence[str]) -> str:
    chars = [str(visible_length(screen.text)) for screen in row.painted]
    buttons = [str(sum(map(len, screen.keyboard))) for screen in row.painted]
    keyboard_rows = [str(len(screen.keyboard)) for screen in row.painted]
    cells = (
        row.name,
        " · ".join(chars),
        str(row.max_chars or ""),
        "" if row.is_part else " · ".join(buttons),
        "" if row.is_part else " · ".join(keyboard_rows),
        " · ".join(filter(None, heights)),
    )
    return f"| {' | '.join(cells)} |"
