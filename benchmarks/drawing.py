"""People draw boxes by touch in a real browser: how near the merged boxes come to the truth.

Each finger slips by some pixels of a phone's screen; some people leave a thing out, or call it by another's name.
"""

import argparse
import asyncio
import random
import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, async_playwright

from bot.demo import story
from bot.demo.demo import listen_on, running_house
from domain.answers import kind_of
from domain.moments import Moment
from domain.shapes.consensus import measure_likeness
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import Box, Shape
from simulator.crowd.client import Phone, buttons_of
from simulator.running import Telegram
from storage.database import one_transaction
from tests.browser import arguments as browser_arguments
from tests.browser import find

KIND = "boxes"
CAPTION = f"""/newproject
title: Draw a box around each thing
instructions: Draw tight boxes.
kind: {KIND}
options: car, person
template: {{image}}
pay: 0.3
overlap: 3"""
SLIP, LEFT_OUT, MISNAMED = 3.0, 0.05, 0.05  # pixels (standard deviation); chances
SCREEN = {"width": 390, "height": 800}
LABELS = ("car", "person")


@dataclass(frozen=True, slots=True)
class Truth:
    picture: bytes
    boxes: tuple[Box, ...]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks drawing", description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=4, help="phones that draw at the same time")
    asyncio.run(_measure(parser.parse_args(arguments)))
    return 0


def truth(dice: random.Random) -> Truth:
    """Two or three things on a street, none upon another."""
    picture, boxes = Image.new("RGB", (640, 480), "#9ab"), list[Box]()
    for column in range(dice.choice((2, 3))):
        label = dice.choice(LABELS)
        width, height = (0.24, 0.18) if label == "car" else (0.1, 0.36)
        x, y = 0.03 + 0.32 * column + dice.random() * 0.05, 0.1 + dice.random() * 0.45
        boxes.append(Box(label, x, y, width, height))
        corners = (x * 640, y * 480, (x + width) * 640, (y + height) * 480)
        ImageDraw.Draw(picture).rectangle(corners, fill="#c33" if label == "car" else "#36c")
    into = BytesIO()
    picture.save(into, "PNG")
    return Truth(into.getvalue(), tuple(boxes))


def packed(truths: list[Truth]) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        names = [f"{number}.png" for number in range(len(truths))]
        archive.writestr("tasks.csv", "\n".join(["id,image", *(f"{name},{name}" for name in names)]))
        for name, each in zip(names, truths, strict=True):
            archive.writestr(name, each.picture)
    return into.getvalue()


async def _measure(options: argparse.Namespace) -> None:
    dice = random.Random(7)
    truths = [truth(dice) for _ in range(options.pictures)]
    more: dict[str, Any] = {"mini_app": listen_on(), "approve_first": False}
    with tempfile.TemporaryDirectory(prefix="pouce-drawing-") as folder:
        async with running_house(folder, unhurried=False, **more) as (telegram, url), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
            await _project(telegram, truths)
            began, places = time.monotonic(), asyncio.Semaphore(options.at_once)
            people = [_person(telegram, browser, truths, number, places) for number in range(options.people)]
            answers = sum(await asyncio.gather(*people))
            took = time.monotonic() - began
            await browser.close()
            merged = _scores(url, truths)
            mean = sum(merged) / max(1, len(merged))
            print("| people | pictures | answers | mean IoU of the merged boxes | pictures at .8 or more | seconds |")
            print("| --: | --: | --: | --: | --: | --: |")
            good = sum(each >= 0.8 for each in merged)
            print(f"| {options.people} | {len(merged)} | {answers} | {mean:.3f} | {good} | {took:.0f} |")


async def _project(telegram: Telegram, truths: list[Truth]) -> None:
    told = await story.prepare_house(telegram, 1000)
    await told.requester.upload(packed(truths), "streets.zip", CAPTION)
    await told.requester.wait_for("Project 1:", 60)
    await told.requester.say("/launch 1")
    await told.requester.wait_for("set aside")


async def _person(
    telegram: Telegram, browser: Browser, truths: list[Truth], number: int, places: asyncio.Semaphore
) -> int:
    """Answers until nothing is left; the number of answers."""
    async with places:
        phone = await telegram.phone(f"Person {number}", role="worker")
        await phone.say("/start")
        await phone.press(buttons_of(await phone.wait_for("Pouce"))[0]["text"])
        await phone.wait_for("🎉")
        context = await browser.new_context(viewport=SCREEN, has_touch=True)  # type: ignore[arg-type]
        try:
            return await _answers(telegram, phone, await context.new_page(), truths, random.Random(number))
        finally:
            await context.close()


async def _answers(telegram: Telegram, phone: Phone, page: Page, truths: list[Truth], dice: random.Random) -> int:
    fingers = await page.context.new_cdp_session(page)
    await page.goto(f"{telegram.url}/#p={phone.id}")
    await phone.say("/work")
    drawn: set[str] = set()
    while True:
        message = await phone.wait_for(lambda each: _is_next(each, drawn))
        if not _is_task(message):
            return len(drawn)
        drawn.add(message["photo"][-1]["file_id"])
        if len(drawn) == 1 or not await page.locator(".mini-app").count():
            await page.locator(f'[data-id="{message["message_id"]}"] .key', has_text="Open").tap()
        frame = page.frame_locator("iframe")  # the next task opens in the same page
        await frame.locator("main:not([aria-busy]) .picture").wait_for()
        shown = await frame.locator(".picture img").bounding_box()
        assert shown is not None
        known = await _seen(telegram, message, truths)
        for box in known.boxes:
            if dice.random() < LEFT_OUT:
                continue
            label = dice.choice(LABELS) if dice.random() < MISNAMED else box.label
            with suppress(LookupError):
                await frame.get_by_role("radio", name=label).tap()
            await _drag(fingers, _corners(box, shown, dice))
        await frame.locator("main").evaluate("main => main.setAttribute('aria-busy', 'true')")  # until the next page
        await page.locator(".main-button", has_text="Send").tap()


def _is_next(message: dict[str, Any], drawn: set[str]) -> bool:
    """Return whether the message shows a task that was not drawn on before, or that there is none."""
    if "No task" in str(message.get("text")):
        return True
    return _is_task(message) and message["photo"][-1]["file_id"] not in drawn


def _is_task(message: dict[str, Any]) -> bool:
    return any("web_app" in button for button in buttons_of(message))


async def _seen(telegram: Telegram, message: dict[str, Any], truths: list[Truth]) -> Truth:
    """Which of the pictures the message shows."""
    body = telegram.world.files.files[message["photo"][-1]["file_id"]].content
    return next(each for each in truths if each.picture == body)


def _corners(box: Box, shown: Any, dice: random.Random) -> list[float]:
    exact = (box.x, box.y, box.x + box.width, box.y + box.height)
    sides = (shown["x"], shown["y"], shown["x"], shown["y"])
    sizes = (shown["width"], shown["height"], shown["width"], shown["height"])
    return [side + at * size + dice.gauss(0, SLIP) for side, at, size in zip(sides, exact, sizes, strict=True)]


async def _drag(fingers: Any, corners: list[float]) -> None:
    x, y, right, bottom = corners
    for at in range(5):
        point = {"x": x + (right - x) * at / 4, "y": y + (bottom - y) * at / 4}
        kind = "touchMove" if at else "touchStart"
        await fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    await fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _scores(url: str, truths: list[Truth]) -> list[float]:
    """Of each picture: the mean IoU of its merged boxes against the truth, a box too many or too few counting zero."""
    kind = kind_of(KIND)
    assert isinstance(kind, ShapesKind)
    with one_transaction(url, Moment(0), read_only=True) as unit:
        rows = unit.connection.all(
            "SELECT position, consensus FROM tasks WHERE consensus IS NOT NULL ORDER BY position"
        )
    found: list[float] = []
    for position, consensus in rows:
        drawn: tuple[Shape, ...] = kind.drawing(consensus).shapes
        found.append(measure_likeness(drawn, truths[position - 1].boxes))
    return found
