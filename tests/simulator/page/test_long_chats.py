"""A long chat with pictures in a real browser: where it opens, what moves it, where the Tab key stops."""

import asyncio
import json

import aiohttp
import pytest
from playwright.async_api import Locator, Page, Route, ViewportSize, expect

from simulator import Telegram
from tests.simulator.paged import AICHA, CHOICE, WIDE, Bot, Opener, phone_of
from tests.simulator.test_files import png

PHONE: ViewportSize = {"width": 360, "height": 640}
ABOVE = "node => node.scrollHeight - node.scrollTop - node.clientHeight"
STOPS = """phone => [...phone.querySelectorAll("a, button, input, textarea, audio, [tabindex]")]
    .filter(node => node.tabIndex >= 0 && node.checkVisibility()).length"""
SIDES = """(bubble, words) => {
    const range = document.createRange();
    for (const walk = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT); walk.nextNode(); ) {
        const at = walk.currentNode.data.indexOf(words);
        if (at < 0) continue;
        range.setStart(walk.currentNode, at);
        range.setEnd(walk.currentNode, at + words.length);
        const [text, frame] = [range.getBoundingClientRect(), bubble.getBoundingClientRect()];
        return [text.left - frame.left, frame.right - text.right];
    }
}"""  # the room left and right of some words
ARABIC = "هل الكاتب راض عن المنتج؟"

in_one_loop = pytest.mark.asyncio(loop_scope="session")  # one browser serves all


async def show(bot: Bot, caption: str, width: int, height: int) -> None:
    form = aiohttp.FormData({"chat_id": str(AICHA), "caption": caption, "reply_markup": json.dumps(CHOICE)})
    form.add_field("photo", png(width, height), filename="picture.png")
    async with bot.session.post(f"{bot.address}/sendPhoto", data=form) as response:
        body = await response.json()
    assert body["ok"], body


async def fill(bot: Bot, telegram: Telegram, messages: int) -> None:
    """A chat of tasks with keyboards, every eighth with a picture, the last one too."""
    chat, author = telegram.world.chats[AICHA], telegram.world.bot.user()
    for number in range(1, messages + 1):
        if number % 8 == 0 or number == messages:
            await show(bot, f"Picture {number}", 500 + 10 * number, 900)
        else:
            text = f"Task {number}: " + "is the writer pleased with it? " * (number % 7)
            telegram.world.post(chat, {"text": text, "reply_markup": CHOICE}, author)


async def slowly(page: Page) -> None:
    """Pictures come half a second after they are asked for."""

    async def late(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/sim/files/**", late)


async def settled(page: Page, phone: Locator) -> None:
    await expect(phone.locator(".message").last).to_be_in_viewport()
    await page.evaluate("Promise.all([...document.querySelectorAll('.photo img')].map(image => image.decode()))")


@in_one_loop
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
async def test_a_reload_ends_at_the_newest_message(
    bot: Bot, opened: Opener, telegram: Telegram, size: ViewportSize
) -> None:
    await fill(bot, telegram, 100)
    page = await opened(AICHA, size=size)
    await slowly(page)
    for _ in range(3):
        await page.reload()
        phone = phone_of(page, AICHA)
        await settled(page, phone)
        assert await phone.locator(".scroller").evaluate(ABOVE) < 1
        await expect(phone.locator(".key").last).to_be_in_viewport(ratio=1)


@in_one_loop
async def test_a_picture_that_loads_moves_nothing(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA, size=PHONE)
    await page.emulate_media(reduced_motion="reduce")
    await slowly(page)
    phone = phone_of(page, AICHA)
    await show(bot, "Is there a cat?", 800, 1200)
    key = phone.locator(".key").last
    await expect(key).to_be_in_viewport(ratio=1)
    shown, before = phone.locator(".photo img").last, await key.bounding_box()
    assert await shown.evaluate("image => image.naturalWidth") == 0
    await settled(page, phone)
    assert await shown.evaluate("image => image.naturalWidth") == 800
    assert await key.bounding_box() == before


@in_one_loop
async def test_a_picture_that_cannot_be_loaded_keeps_its_place(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA, size=PHONE)
    await page.route("**/sim/files/**", lambda route: route.abort())
    phone = phone_of(page, AICHA)
    await show(bot, "Is there a cat?", 400, 200)
    await expect(phone.locator(".photo.broken")).to_have_count(1)
    box = await phone.locator(".photo.broken").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(box["width"] / 2, abs=1)


@in_one_loop
async def test_who_reads_above_stays_there(bot: Bot, opened: Opener, telegram: Telegram) -> None:
    await fill(bot, telegram, 40)
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await settled(page, phone)
    await phone.locator(".scroller").evaluate("node => node.scrollBy(0, -900)")
    await expect(phone.get_by_role("button", name="To the newest message")).to_be_visible()
    before = await phone.locator(".scroller").evaluate("node => node.scrollTop")
    await bot.say(AICHA, "New")
    await expect(phone.locator('.down[data-count="1"]')).to_be_visible()
    assert await phone.locator(".scroller").evaluate("node => node.scrollTop") == pytest.approx(before, abs=1)


@in_one_loop
async def test_the_tab_key_stops_at_the_newest_keyboard_and_arrows_lead_up(
    bot: Bot, opened: Opener, telegram: Telegram
) -> None:
    await fill(bot, telegram, 100)
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await settled(page, phone)
    assert await phone.evaluate(STOPS) <= 12
    await phone.get_by_label("Message", exact=True).focus()
    for _ in range(2):
        await page.keyboard.press("Shift+Tab")  # over the paper clip
    await expect(phone.locator(".key").last).to_be_focused()
    newest, one_up = phone.locator(".message").last, phone.locator(".message").nth(-2)
    await newest.focus()
    await page.keyboard.press("ArrowUp")
    await expect(one_up).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(one_up.get_by_role("button", name="Reply, react, copy")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert (await bot.hear("callback_query"))["message"]["message_id"] == int(
        await one_up.get_attribute("data-id") or 0
    )
    assert await phone.evaluate(STOPS) <= 16


@in_one_loop
async def test_an_arabic_title_turns_its_own_line_only(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    quoted = f"<blockquote>{ARABIC}\nA quoted line.</blockquote>"
    await bot.say(AICHA, f"<b>{ARABIC}</b>\nRead the snippet.\n{quoted}", parse_mode="HTML")
    await bot.say(AICHA, f"{ARABIC}\n{ARABIC} {ARABIC} {ARABIC}")
    bubbles = phone_of(page, AICHA).locator(".message.in .bubble")
    for words in ("Read the snippet.", "A quoted line."):
        gap, rest = await bubbles.first.evaluate(SIDES, words)
        assert gap < 40 < rest
    gap, rest = await bubbles.last.evaluate(SIDES, ARABIC)
    assert rest < 40 < gap
    assert await bubbles.first.locator(".foot").evaluate("node => getComputedStyle(node).float") == "right"


@in_one_loop
async def test_a_short_quotation_has_nothing_to_expand(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    await bot.say(AICHA, "<blockquote expandable>Short</blockquote>", parse_mode="HTML")
    await bot.say(AICHA, "<blockquote expandable>" + "Long\n" * 9 + "</blockquote>", parse_mode="HTML")
    buttons = phone_of(page, AICHA).locator(".expand")
    await expect(buttons).to_have_count(2)  # a click stays with the button it has found first
    await expect(buttons.first).to_be_hidden()
    await buttons.last.click()
    await expect(buttons.last).to_have_text("Show less")


@in_one_loop
async def test_a_place_is_sent_from_the_paper_clip(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await phone.get_by_role("button", name="Attach a file or a place").click()
    await phone.get_by_role("menuitem", name="Place").click()
    dialog = page.get_by_role("dialog", name="Send a place")
    await dialog.get_by_label("Town").select_option(label="Dakar")
    await dialog.get_by_label("Latitude").fill("91")
    await dialog.get_by_role("button", name="Send this place").click()
    await expect(dialog).to_be_visible()  # no such place
    await dialog.get_by_label("Latitude").fill("14.6937")
    await dialog.get_by_role("button", name="Send this place").click()
    await expect(phone.locator(".message.out").last).to_contain_text("14.6937, -17.4677")
    while "location" not in (heard := await bot.hear("message")):
        continue
    assert (heard["location"]["latitude"], heard["location"]["longitude"]) == (14.6937, -17.4677)


@in_one_loop
async def test_a_place_is_this_devices_where_it_says_so(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": 48.1, "longitude": 11.5})
    phone = phone_of(page, AICHA)
    await bot.say(AICHA, "Where?", reply_markup={"keyboard": [[{"text": "📍 Here", "request_location": True}]]})
    await phone.get_by_role("button", name="📍 Here").click()
    dialog = page.get_by_role("dialog", name="Send a place")
    await dialog.get_by_role("button", name="Where this device is").click()
    await expect(dialog.get_by_label("Latitude")).to_have_value("48.10000")
    await dialog.get_by_role("button", name="Send this place").click()
    await expect(phone.locator(".message.out").last).to_contain_text("48.1000, 11.5000")
