"""Pages that a task's button opens, by touch, on a small phone: drawings, and pages of programs."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from playwright.async_api import Browser, CDPSession, Page, ViewportSize

from faults.waiting import free_port
from simulator.crowd.client import Phone, text_of
from tests.formats.test_media import packed
from tests.simulator.paged import a_browser
from tests.stories.town import Town, TownClock, ask, with_lines
from tests.stories.town import town as a_town

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEIGHT = "header => header.offsetHeight"
SMALL: ViewportSize = {"width": 360, "height": 640}
CAPTION = """/newproject
title: Draw a box around each thing
instructions: Draw tight boxes.
kind: boxes
options: car, bicycle
template: {image}
pay: 0.2
overlap: 1"""
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
    """A finger on a phone that shows the local Telegram; `asked` are the hosts that its pages ask."""

    page: Page
    fingers: CDPSession
    asked: set[str] = field(default_factory=set)

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        steps = [(start[0] + (end[0] - start[0]) * at / 5, start[1] + (end[1] - start[1]) * at / 5) for at in range(6)]
        for at, (x, y) in enumerate(steps):
            kind = "touchMove" if at else "touchStart"
            await self.fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        await self.fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def box(self, x: float, y: float, width: float, height: float) -> None:
        picture = await self.page.frame_locator("iframe").locator(".picture img").bounding_box()
        assert picture is not None
        left, top, across, down = picture["x"], picture["y"], picture["width"], picture["height"]
        await self.drag((left + x * across, top + y * down), (left + (x + width) * across, top + (y + height) * down))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def touch(browser: Browser) -> AsyncIterator[Touch]:
    context = await browser.new_context(viewport=SMALL, has_touch=True)
    page = await context.new_page()
    found = Touch(page, await context.new_cdp_session(page))
    page.on("request", lambda request: found.asked.add(urlsplit(request.url).hostname or "blob"))
    yield found
    await context.close()
    assert found.asked <= {"127.0.0.1", "blob"}


@pytest_asyncio.fixture(loop_scope="module")
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    port = free_port()
    more = {"public_url": f"http://127.0.0.1:{port}", "http_port": port, "secrets_key": "the key of this house"}
    async with a_town(sqlite_url, clock=TownClock(0), **more) as home:  # the true time: Telegram and boto3 sign it
        yield home


def opens_page(message: dict[str, Any]) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any("web_app" in button for row in rows for button in row)


async def drawn(touch: Touch, home: Town, ann: Phone) -> None:
    await touch.page.goto(f"{home.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Open the task").tap()
    page = touch.page.frame_locator("iframe")
    await page.locator("main:not([aria-busy]) .picture").wait_for()
    header = await page.locator("header").evaluate(HEIGHT)
    for label, thing in THINGS.items():
        await touch.box(*thing)
        await page.get_by_role("radio", name=label).tap()  # of the box just drawn
    await touch.box(0.02, 0.02, 0.1, 0.1)
    assert await page.locator("header").evaluate(HEIGHT) == header  # a shorter hint moves nothing under the finger
    await page.get_by_role("button", name="Undo").tap()
    await touch.page.locator(".main-button", has_text="Send · 2").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")


async def test_boxes_are_drawn_by_touch_on_a_small_phone_stored_paid_and_exported(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    rows = packed({"t.csv": b"image\nstreet.png\n", "street.png": street()})
    await rosa.upload(rows, "streets.zip", with_lines(CAPTION))
    await rosa.wait_for("Project 1:")
    await rosa.say("/launch 1")
    await rosa.wait_for("set aside")
    await ann.say("/work")
    await ann.wait_for(opens_page)
    await drawn(touch, town, ann)
    assert "Received" in text_of(await ann.wait_for("No task for you"))
    answer = json.loads(town.one("SELECT answer FROM submissions"))
    assert answer["size"] == [640, 480]
    for shape, (label, thing) in zip(answer["shapes"], THINGS.items(), strict=True):
        assert shape["label"] == label
        assert [shape[side] for side in ("x", "y", "width", "height")] == pytest.approx(list(thing), abs=0.01)
    assert town.balance(f"worker:{ann.id}:available") == 200_000
    await rosa.say("/results 1 coco")
    coco = json.loads(await rosa.download(await rosa.wait_for("Results of")))
    assert [each["bbox"] for each in coco["annotations"]] == [
        pytest.approx([shape["x"] * 640, shape["y"] * 480, shape["width"] * 640, shape["height"] * 480], abs=1)
        for shape in answer["shapes"]
    ]


SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"
CROWD = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form><crowd-classifier name="tone" categories="['Angry', 'Calm']" header="What is the tone?">
<classification-target>The hinge broke.</classification-target></crowd-classifier>
<crowd-checkbox name="about" value="shop">The shop</crowd-checkbox>
<crowd-input name="part" label="Which part?" required></crowd-input><crowd-input name="more"></crowd-input></crowd-form>
<script>document.querySelector("crowd-form").onsubmit = () => localStorage.setItem("seen", "yes")</script>"""


def created(keys: dict[str, str], page: str) -> Any:
    """A program, and the HIT that it made."""
    client = boto3.client(
        "mturk",
        region_name="us-east-1",
        endpoint_url=keys["AWS_ENDPOINT_URL_MTURK"],
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )
    content = f"<HTMLContent><![CDATA[{page}]]></HTMLContent><FrameHeight>0</FrameHeight>"
    about = {"Title": "The tone", "Description": "Read it.", "Reward": "0.50", "AssignmentDurationInSeconds": 600}
    question = f'<HTMLQuestion xmlns="{SCHEMA}">{content}</HTMLQuestion>'
    return client, client.create_hit(**about, LifetimeInSeconds=3600, Question=question)["HIT"]["HITId"]


async def test_a_programs_page_of_crowd_elements_is_filled_in_and_read_as_it_was_at_amazon(
    town: Town, touch: Touch
) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    client, hit = await asyncio.to_thread(created, keys, CROWD)
    await ann.say("/work")
    await ann.wait_for(opens_page)
    await touch.page.goto(f"{town.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Open the task").tap()
    page = touch.page.frame_locator("iframe").frame_locator("iframe")
    await page.get_by_role("button", name="Submit").tap()  # the page says what is missing
    await page.locator("crowd-classifier.crowd-missing").wait_for()
    await page.locator(".crowd-choice", has_text="Angry").tap()
    await page.locator("crowd-checkbox").tap()
    await page.get_by_label("Which part?").fill("the hinge & a screw")
    await page.get_by_role("button", name="Submit").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    found = await asyncio.to_thread(lambda: client.list_assignments_for_hit(HITId=hit)["Assignments"])
    said = found[0]["Answer"].split("<FreeText>")[1].split("</FreeText>")[0].replace("&amp;", "&")
    assert json.loads(said) == [{"tone": {"label": "Angry"}, "about": {"shop": True}, "part": "the hinge & a screw"}]


CORNERS = [{"x": 64, "y": 240}, {"x": 256, "y": 240}, {"x": 64, "y": 360}]


def drawing(picture: str) -> str:
    given, people = (
        json.dumps([{"label": "car", "vertices": CORNERS}]),
        '[{"label": "person", "shortDisplayName": "p"}]',
    )
    return f"""<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>
<crowd-bounding-box name="boxes" src="{picture}" labels="['car', 'bicycle']" header="Box them"></crowd-bounding-box>
<crowd-keypoint name="points" src="{picture}" labels='["wheel"]'></crowd-keypoint>
<crowd-polygon name="outlines" src="{picture}" labels='["car"]' initial-value='{given}'></crowd-polygon>
<crowd-entity-annotation name="people" text="🙂 Ada met Bo." labels='{people}'></crowd-entity-annotation>
</crowd-form>"""


async def test_a_programs_page_is_drawn_on_and_read_in_sagemakers_shape(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    picture = f"data:image/png;base64,{b64encode(street()).decode()}"
    client, hit = await asyncio.to_thread(created, keys, drawing(picture))
    await ann.say("/work")
    await ann.wait_for(opens_page)
    await touch.page.goto(f"{town.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Open the task").tap()
    page = touch.page.frame_locator("iframe").frame_locator("iframe")
    await page.locator(".crowd-draw[data-ready]").nth(3).wait_for()
    await page.locator("crowd-bounding-box .label", has_text="bicycle").tap()
    stage = page.locator("crowd-bounding-box .picture img")
    await stage.scroll_into_view_if_needed()
    place, (x, y, width, height) = await stage.bounding_box(), THINGS["bicycle"]
    assert place is not None
    left, top = place["x"] + x * place["width"], place["y"] + y * place["height"]
    await touch.drag((left, top), (left + width * place["width"], top + height * place["height"]))
    await page.locator("crowd-keypoint .picture").tap()  # its middle
    await page.locator("crowd-entity-annotation .words span", has_text="Ada").tap()
    await page.get_by_role("button", name="Submit").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    found = await asyncio.to_thread(lambda: client.list_assignments_for_hit(HITId=hit)["Assignments"])
    (said,) = json.loads(found[0]["Answer"].split("<FreeText>")[1].split("</FreeText>")[0])
    size = {"height": 480, "width": 640}
    (box,) = said["boxes"]["boundingBoxes"]
    assert said["boxes"]["inputImageProperties"] == size
    assert box.pop("label") == "bicycle"
    assert box == pytest.approx({"left": 384, "top": 96, "width": 128, "height": 192}, abs=6)
    (point,) = said["points"]["keypoints"]
    assert (point["label"], point["x"], point["y"]) == ("wheel", pytest.approx(320, abs=6), pytest.approx(240, abs=6))
    assert said["outlines"] == {"inputImageProperties": size, "polygons": [{"label": "car", "vertices": CORNERS}]}
    assert said["people"] == {"entities": [{"endOffset": 6, "label": "person", "startOffset": 3}]}


BROKEN = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>
<crowd-keypoint name="points" src="data:image/png;base64,AAAA"></crowd-keypoint>
</crowd-form>"""


async def test_a_picture_that_cannot_be_shown_says_what_to_do(town: Town, touch: Touch) -> None:
    """Its page was blank, and Submit did nothing. It names no labels either."""
    rosa, ann = await town.requester(), await town.worker("Ann")
    told = await ask(rosa, "/apikey spend 10", "POUCE_API_KEY=")
    keys = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    await asyncio.to_thread(created, keys, BROKEN)
    await ann.say("/work")
    await ann.wait_for(opens_page)
    await touch.page.goto(f"{town.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Open the task").tap()
    page = touch.page.frame_locator("iframe").frame_locator("iframe")
    await page.get_by_text("The picture cannot be shown. Close this page and skip the task in the chat.").wait_for()
