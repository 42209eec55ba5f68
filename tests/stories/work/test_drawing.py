"""Drawing by touch on a small phone: what counts, what a turn of the phone does, and what a bad connection does."""

import json
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import FrameLocator, Locator, Route, expect

from simulator.crowd.client import Phone, text_of
from tests.stories.town import Town
from tests.stories.work.touch import CAPTION, SMALL, THINGS, Touch, offered, page_of

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

HEIGHT = "header => header.offsetHeight"


async def ready(touch: Touch, home: Town, ann: Phone) -> FrameLocator:
    page = await page_of(touch, home, ann)
    await page.locator("main:not([aria-busy]) .picture").wait_for()
    return page


async def drawn(touch: Touch, home: Town, ann: Phone) -> None:
    page = await ready(touch, home, ann)
    header = await page.locator("header").evaluate(HEIGHT)
    for label, thing in THINGS.items():
        await page.get_by_role("radio", name=label).tap()
        await touch.box(*thing)
    await touch.box(0.02, 0.02, 0.1, 0.1)
    assert await page.locator("header").evaluate(HEIGHT) == header  # a shorter hint moves nothing under the finger
    await page.get_by_role("button", name="Undo").tap()
    await sent(touch, 2)


async def sent(touch: Touch, shapes: int) -> None:
    await touch.page.locator(".main-button", has_text=f"Send · {shapes}").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")


async def test_boxes_are_drawn_by_touch_on_a_small_phone_stored_paid_and_exported(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
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


async def test_what_is_drawn_beside_the_picture_is_no_shape(town: Town, touch: Touch) -> None:
    """A stroke in the grey made a box without a height, and the whole answer was refused as too small."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    page = await ready(touch, town, ann)
    left, top = await touch.place(0, 0)
    await touch.drag((left + 20, top - 40), (left + 120, top - 10))
    await expect(page.locator(".shape")).to_have_count(0)
    await touch.drag((left - 8, top - 30), (left + 100, top + 60))  # from outside over a corner
    await touch.drag((left + 100, top + 60), (left + 100, top - 30))  # pulled flat: as it was
    await sent(touch, 1)
    (shape,) = json.loads(town.one("SELECT answer FROM submissions"))["shapes"]
    assert (shape["x"], shape["y"]) == (0, 0)
    assert min(shape["width"], shape["height"]) > 0.1


async def test_a_tap_far_from_the_picture_sets_no_point(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann, CAPTION.replace("kind: boxes", "kind: points"))
    page = await ready(touch, town, ann)
    left, top = await touch.place(0, 0)
    await touch.page.touchscreen.tap(left + 100, top - 40)
    await expect(page.locator(".shape")).to_have_count(0)
    await touch.page.touchscreen.tap(left + 100, top - 4)  # as near as a finger is exact
    await expect(page.locator(".shape")).to_have_count(1)


async def test_a_phone_turned_while_a_finger_draws_keeps_where_it_began(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    page = await ready(touch, town, ann)
    await touch.drag(await touch.place(0.2, 0.2), await touch.place(0.5, 0.5), lift=False)
    stage = page.locator(".stage")
    was = await box_of(stage)
    await touch.page.set_viewport_size({"width": SMALL["height"], "height": SMALL["width"]})
    await expect(stage).not_to_have_css("height", f"{was['height']}px")
    x, y = await touch.place(0.8, 0.9)
    await touch.fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    await touch.lift()
    await sent(touch, 1)
    (shape,) = json.loads(town.one("SELECT answer FROM submissions"))["shapes"]
    told = [shape[side] for side in ("x", "y", "width", "height")]
    assert told == pytest.approx([0.2, 0.2, 0.6, 0.7], abs=0.02)


async def box_of(part: Locator) -> dict[str, float]:
    found = await part.bounding_box()
    assert found is not None
    return {"height": found["height"], "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


async def test_a_phone_on_its_side_leaves_most_of_the_page_to_the_picture(town: Town, touch: Touch) -> None:
    """The picture had 82 pixels of 360, half of them under the tools."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    page = await ready(touch, town, ann)
    await touch.page.set_viewport_size({"width": SMALL["height"], "height": SMALL["width"]})
    await page.locator("footer").evaluate("() => new Promise(requestAnimationFrame)")
    stage, whole = await box_of(page.locator(".stage")), await box_of(page.locator("#app"))
    assert stage["height"] == whole["height"]
    for tool in await page.locator(".tool, .label").all():
        if await tool.is_visible():
            place = await tool.bounding_box()
            assert place is not None
            assert place["x"] >= stage["right"]
            assert place["y"] + place["height"] <= whole["bottom"]


async def test_a_page_that_does_not_reach_the_house_says_so_and_tries_again(town: Town, touch: Touch) -> None:
    """It showed three dots, and had to be closed."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    for part in ("**/app/api/task/1", "**/app/api/task/1/media/0"):
        await touch.page.route(part, lambda route: route.abort())
    page = await page_of(touch, town, ann)
    await page.get_by_text("No connection.").wait_for()
    await touch.page.unroute("**/app/api/task/1")
    await page.get_by_role("button", name="Try again").tap()
    await page.get_by_text("The file of this task could not be loaded.").wait_for()
    await touch.page.unroute("**/app/api/task/1/media/0")
    await page.get_by_role("button", name="Try again").tap()
    await page.locator("main:not([aria-busy]) .picture").wait_for()
    await touch.box(*THINGS["car"])
    await sent(touch, 1)


def noise() -> bytes:
    """A picture of some 300 kB: what is smaller comes in one piece."""
    into = BytesIO()
    Image.effect_noise((640, 480), 80).save(into, "PNG")
    return into.getvalue()


async def test_a_picture_may_come_slowly_as_long_as_it_comes(town: Town, touch: Touch) -> None:
    """After 30 seconds in all it was given up, however much of it was there. Here it is one second."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann, picture=noise())

    async def hasty(route: Route) -> None:
        found = await route.fetch()
        text = await found.text()
        assert "30_000" in text
        await route.fulfill(response=found, body=text.replace("30_000", "1_000"))

    async def slow(route: Route) -> None:
        speed = {"offline": False, "latency": 0, "downloadThroughput": 100_000, "uploadThroughput": -1}
        await touch.fingers.send("Network.emulateNetworkConditions", speed)
        await route.continue_()

    await touch.page.route("**/app/page/*/api.js", hasty)
    await touch.page.route("**/media/0", slow)
    await ready(touch, town, ann)


async def test_the_instructions_are_a_dialog_that_a_keyboard_opens_and_closes(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    page = await ready(touch, town, ann)
    await touch.box(*THINGS["car"])
    await page.get_by_role("button", name="Instructions").press("Enter")
    sheet = page.get_by_role("dialog", name="Draw a box around each thing")
    await expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    await sheet.press("Backspace")  # deletes nothing behind it
    await sheet.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(page.get_by_role("button", name="Instructions")).to_be_focused()
    car, bicycle = page.get_by_role("radio", name="car"), page.get_by_role("radio", name="bicycle")
    await car.press("ArrowRight")
    await expect(bicycle).to_be_focused()
    await expect(bicycle).to_be_checked()
    await bicycle.press("ArrowRight")
    await expect(car).to_be_checked()
    await sent(touch, 1)


async def test_boxes_are_drawn_from_a_keyboard_alone(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    page = await ready(touch, town, ann)
    await page.get_by_role("button", name="Instructions").press("Tab")
    await expect(page.locator(".stage")).to_be_focused()
    await expect(page.get_by_text("Enter: new box.")).to_be_visible()
    for key in ("Enter", *["ArrowLeft"] * 60, *["ArrowDown"] * 20, *["Shift+ArrowRight"] * 20, "Shift+ArrowDown"):
        await touch.page.keyboard.press(key)
    await touch.page.keyboard.press("Enter")
    for key in ("Delete", "Control+z", "Space", *["Shift+ArrowUp"] * 60):  # the first one again
        await touch.page.keyboard.press(key)
    await touch.page.keyboard.press("Space")
    await touch.page.keyboard.press("Tab")  # past the buttons that have something to do, to its label
    while not await page.get_by_role("radio", name="car").evaluate("node => node === document.activeElement"):
        await touch.page.keyboard.press("Tab")
    await touch.page.keyboard.press("ArrowRight")
    await sent(touch, 2)
    shapes = json.loads(town.one("SELECT answer FROM submissions"))["shapes"]
    assert [(each["label"], each["x"], each["y"], each["width"], each["height"]) for each in shapes] == [
        ("bicycle", 0.4, 0.4, 0.2, 0.2),
        ("car", 0.1, 0.5, 0.3, 0.01),
    ]


async def test_points_are_set_from_a_keyboard_and_what_is_held_is_taken_back_at_once(town: Town, touch: Touch) -> None:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann, CAPTION.replace("kind: boxes", "kind: points"))
    page = await ready(touch, town, ann)
    await page.locator(".stage").focus()
    await touch.page.keyboard.press("ArrowLeft")  # nothing is chosen yet
    await touch.page.keyboard.press("Enter")
    await touch.page.keyboard.press("ArrowUp")
    for _ in range(12):
        await touch.page.keyboard.down("ArrowRight")  # held: the browser repeats it
    await touch.page.keyboard.up("ArrowRight")
    await touch.page.keyboard.press("Control+z")
    await sent(touch, 1)
    assert json.loads(town.one("SELECT answer FROM submissions"))["shapes"] == [{"label": "car", "x": 0.5, "y": 0.495}]


@pytest.mark.parametrize("kind", ["boxes", "points"])
async def test_what_keys_do_is_told_in_french_without_moving_the_picture(town: Town, touch: Touch, kind: str) -> None:
    """On a small phone the hint has two lines; a third one made the picture smaller under the first press."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False, language_code="fr")
    await offered(rosa, ann, CAPTION.replace("kind: boxes", f"kind: {kind}"))
    await touch.page.goto(f"{town.telegram.url}/#p={ann.id}")
    await touch.page.get_by_role("button", name="Ouvrir la tâche").tap()
    page = touch.page.frame_locator("iframe")
    await page.locator("main:not([aria-busy]) .picture").wait_for()
    header = await page.locator("header").evaluate(HEIGHT)
    await page.get_by_role("button", name="Consigne").press("Tab")
    await expect(page.get_by_text("Espace")).to_be_visible()
    assert await page.locator("header").evaluate(HEIGHT) == header
