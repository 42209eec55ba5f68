"""A finger on a phone that shows the local Telegram, and pictures to draw on."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageDraw
from playwright.async_api import CDPSession, FrameLocator, Page, Request, ViewportSize

from simulator.crowd.client import Phone
from tests.formats.test_media import packed
from tests.stories.town import Town, with_lines

SMALL: ViewportSize = {"width": 360, "height": 640}
CAPTION = """/newproject
title: Draw a box around each thing
instructions: Draw tight boxes.
kind: boxes
options: car, bicycle
template: {image}
pay: 0.2
overlap: 1"""
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
THINGS = {"bicycle": (0.6, 0.2, 0.2, 0.4), "car": (0.1, 0.5, 0.3, 0.25)}  # x, y, width, height


def street() -> bytes:
    picture = Image.new("RGB", (640, 480), "#9ab")
    for x, y, width, height in THINGS.values():
        box = (x * 640, y * 480, (x + width) * 640, (y + height) * 480)
        ImageDraw.Draw(picture).rectangle(box, fill="#c33")
    into = BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


@dataclass
class Touch:
    """A finger on a phone that shows the local Telegram; `asked` are the origins that its pages ask."""

    page: Page
    fingers: CDPSession
    asked: set[str] = field(default_factory=set)

    def notes(self, request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            self.asked.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url)))

    async def forget(self) -> None:
        """What pages stored, and how slow the line was."""
        for origin in self.asked:
            await self.fingers.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        await self.fingers.send("Network.emulateNetworkConditions", FAST)
        await self.fingers.detach()

    async def drag(self, start: tuple[float, float], end: tuple[float, float], *, lift: bool = True) -> None:
        steps = [(start[0] + (end[0] - start[0]) * at / 5, start[1] + (end[1] - start[1]) * at / 5) for at in range(6)]
        for at, (x, y) in enumerate(steps):
            kind = "touchMove" if at else "touchStart"
            await self.fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        if lift:
            await self.lift()

    async def lift(self) -> None:
        await self.fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the picture, in fractions, is on the screen, once the picture stands still: the page slides
        in, and turns with the phone."""
        image = self.page.frame_locator("iframe").locator(".picture img")
        earlier, picture = None, await image.bounding_box()
        while picture is None or picture != earlier:
            await self.page.wait_for_timeout(50)
            earlier, picture = picture, await image.bounding_box()
        return picture["x"] + x * picture["width"], picture["y"] + y * picture["height"]

    async def box(self, x: float, y: float, width: float, height: float) -> None:
        await self.drag(await self.place(x, y), await self.place(x + width, y + height))


def opens_page(message: dict[str, Any]) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any("web_app" in button for row in rows for button in row)


async def offered(rosa: Phone, ann: Phone, caption: str = CAPTION, picture: bytes | None = None) -> None:
    """Rosa's street is a task in Ann's hands."""
    await rosa.upload(
        packed({"t.csv": b"image\nstreet.png\n", "street.png": picture or street()}), "streets.zip", with_lines(caption)
    )
    await rosa.wait_for("Project 1:")
    await rosa.say("/launch 1")
    await rosa.wait_for("set aside")
    await ann.say("/work")
    await ann.wait_for(opens_page)


async def page_of(touch: Touch, home: Town, ann: Phone) -> FrameLocator:
    """The page that the task's button opens."""
    await touch.page.goto(f"{home.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Open the task").tap()
    return touch.page.frame_locator("iframe")
