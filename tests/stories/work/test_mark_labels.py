"""Labels of marks on a small phone: choosing the label of the next mark leaves finished marks as they are."""

import io
import json
import wave
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import FrameLocator, Locator, expect

from simulator.crowd.client import Phone
from tests.formats.test_media import packed
from tests.stories.town import Town, with_lines
from tests.stories.work.touch import CAPTION, Touch, opens_page, page_of, street

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

TEXT = "The red car stands before a house"


def tone() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8_000)
        sound.writeframes(bytes(range(0, 250, 5)) * 640)
    return out.getvalue()


MEDIA = {"image": ("street.png", street), "audio": ("tone.wav", tone)}
COLUMNS = {"boxes": "image", "polygons": "image", "points": "image", "spans": "text", "regions": "audio"}


async def show_task(touch: Touch, town: Town, kind: str, texts: tuple[str, ...] = (TEXT,)) -> FrameLocator:
    """Return the page of the first task of this kind with the labels car and house, in Ann's hands."""
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    column = COLUMNS[kind]
    caption = CAPTION.replace("kind: boxes", f"kind: {kind}").replace("car, bicycle", "car, house\nseconds: 20")
    caption = with_lines(caption.replace("{image}", f"{{{column}}}"))
    if column in MEDIA:
        name, file = MEDIA[column]
        await rosa.upload(packed({"t.csv": f"{column}\n{name}\n".encode(), name: file()}), "tasks.zip", caption)
    else:
        await rosa.upload("\n".join([column, *texts, ""]).encode(), "tasks.csv", caption)
    await rosa.wait_for("Project 1:")
    await rosa.say("/launch 1")
    await rosa.wait_for("set aside")
    return await open_task(touch, town, ann)


async def open_task(touch: Touch, town: Town, ann: Phone) -> FrameLocator:
    await ann.say("/work")
    await ann.wait_for(opens_page)
    page = await page_of(touch, town, ann)
    await page.locator("main:not([aria-busy]) .stage").wait_for()
    return page


async def draw_box(touch: Touch, page: FrameLocator, left: float) -> None:
    await touch.box(left, 0.2, 0.2, 0.4)


async def draw_outline(touch: Touch, page: FrameLocator, left: float) -> None:
    for x, y in ((left, 0.2), (left + 0.2, 0.2), (left, 0.6), (left, 0.2)):
        await touch.page.touchscreen.tap(*await touch.place(x, y))


async def draw_point(touch: Touch, page: FrameLocator, left: float) -> None:
    await touch.page.touchscreen.tap(*await touch.place(left, 0.5))


async def mark_words(touch: Touch, page: FrameLocator, left: float) -> None:
    await page.locator(".words span", has_text="car" if left < 0.5 else "house").tap()


async def cut_part(touch: Touch, page: FrameLocator, left: float) -> None:
    wave_box = await page.locator(".wave").bounding_box()
    assert wave_box is not None
    y = wave_box["y"] + wave_box["height"] / 2
    start, end = (wave_box["x"] + wave_box["width"] * at for at in (left, left + 0.2))
    await touch.drag((start, y), (end, y))


DRAW: dict[str, Callable[[Touch, FrameLocator, float], Awaitable[None]]] = {
    "boxes": draw_box,
    "polygons": draw_outline,
    "points": draw_point,
    "spans": mark_words,
    "regions": cut_part,
}


async def hand_in(touch: Touch, town: Town) -> list[str]:
    """Send the answer and return the labels that were stored, from left to right."""
    await touch.page.locator(".main-button", has_text="Send").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    answer: Any = json.loads(town.one("SELECT answer FROM submissions"))
    marks = answer["shapes"] if isinstance(answer, dict) else answer
    return [mark["label"] for mark in sorted(marks, key=left_of)]


def left_of(mark: dict[str, Any]) -> float:
    if "points" in mark:
        return float(min(x for x, _ in mark["points"]))
    return float(mark.get("x", mark.get("start")))


def label(page: FrameLocator, name: str) -> Locator:
    return page.get_by_role("radio", name=name)


@pytest.mark.parametrize("kind", DRAW)
async def test_choosing_the_next_label_leaves_the_mark_just_made_as_it_is(town: Town, touch: Touch, kind: str) -> None:
    """A car was drawn, house chosen, a house drawn: two houses were stored, and the worker was blamed for them."""
    page = await show_task(touch, town, kind)
    await DRAW[kind](touch, page, 0.2)
    await label(page, "house").tap()
    await expect(label(page, "house")).to_be_checked()
    await DRAW[kind](touch, page, 0.7)
    await label(page, "car").tap()  # the last mark keeps its label as well
    assert await hand_in(touch, town) == ["car", "house"]


async def test_a_mark_that_was_pulled_keeps_its_label_and_a_tapped_one_takes_the_label_chosen(
    town: Town, touch: Touch
) -> None:
    page = await show_task(touch, town, "boxes")
    await draw_box(touch, page, 0.2)
    await touch.drag(await touch.place(0.4, 0.6), await touch.place(0.45, 0.7))
    await label(page, "house").tap()
    await expect(page.locator(".layer .shape[data-label=car]")).to_have_count(1)
    await touch.page.touchscreen.tap(*await touch.place(0.3, 0.4))
    await expect(label(page, "car")).to_be_checked()  # the label of the mark that was tapped
    await label(page, "house").tap()
    await expect(page.locator(".layer .shape[data-label=house]")).to_have_count(1)
    await page.get_by_role("button", name="Undo").tap()
    await expect(page.locator(".layer .shape[data-label=car]")).to_have_count(1)
    await draw_box(touch, page, 0.7)
    await page.get_by_role("button", name="Undo").tap()
    await draw_box(touch, page, 0.7)
    assert await hand_in(touch, town) == ["car", "house"]


async def test_a_mark_inside_another_is_drawn_with_the_next_label(town: Town, touch: Touch) -> None:
    """The stroke would have moved the first mark."""
    page = await show_task(touch, town, "boxes")
    await touch.box(0.1, 0.1, 0.8, 0.8)
    await label(page, "house").tap()
    await touch.box(0.4, 0.4, 0.2, 0.2)
    await expect(page.locator(".layer .shape")).to_have_count(2)
    assert await hand_in(touch, town) == ["car", "house"]


async def test_words_are_marked_from_a_keyboard_and_the_next_text_opens_in_the_same_page(
    town: Town, touch: Touch
) -> None:
    page = await show_task(touch, town, "spans", texts=(TEXT, "A house beside the red car"))
    keys, stage = touch.page.keyboard, page.locator(".stage")
    await stage.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter"):
        await keys.press(key)
    await expect(page.locator(".words .marked").first).to_have_text("red")
    await touch.page.locator(".main-button", has_text="Send · 1").tap()
    await page.locator(".words", has_text="A house beside").wait_for()
    await page.locator("main:not([aria-busy]) .stage").focus()
    for key in ("ArrowLeft", "Enter"):  # the last word
        await keys.press(key)
    await touch.page.locator(".main-button", has_text="Send · 1").tap()
    await touch.page.locator(".mini-app").wait_for(state="detached")
    answers = [json.loads(answer) for (answer,) in town.rows("SELECT answer FROM submissions ORDER BY id")]
    assert [[(mark["start"], mark["end"]) for mark in marks] for marks in answers] == [[(4, 11)], [(23, 26)]]
