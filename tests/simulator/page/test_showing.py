"""How the page shows things in a real browser: formats, moments, long chats, narrow screens, a lost line."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from simulator import Telegram
from tests.simulator.paged import AICHA, CHOICE, NARROW, Bot, Opener, phone_of

PAGE = Path(__file__).parents[3] / "simulator" / "page"


in_one_loop = pytest.mark.asyncio(loop_scope="session")  # one browser serves all


@in_one_loop
async def test_markup_in_names_and_texts_stays_text(bot: Bot, opened: Opener, telegram: Telegram) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    mallory = await telegram.phone(evil[:60], role=evil)
    page = await opened(mallory.id)
    await mallory.say(evil)
    markup = {"inline_keyboard": [[{"text": evil, "callback_data": "x"}]]}
    link = {"type": "text_link", "offset": 0, "length": 4, "url": 'https://example.org/"><img src=x>'}
    await bot.say(mallory.id, evil, reply_markup=markup, entities=[link])
    phone = phone_of(page, mallory.id)
    await expect(phone.locator(".key")).to_have_text(evil)
    await expect(phone.locator(".message.out .text")).to_have_text(evil)
    assert await page.locator("#stage img, #people img, main script").count() == 0
    assert "owned" not in await page.title()


@in_one_loop
async def test_formatting_becomes_elements_at_the_right_places(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    text = "😀 <b>bold <i>both</i></b> <code>x=1</code> <tg-spoiler>gold</tg-spoiler> <a href='https://example.org/'>link</a>"
    await bot.say(AICHA, f"{text}\n<blockquote expandable>Long</blockquote>\n/help", parse_mode="HTML")
    shown = phone_of(page, AICHA).locator(".message.in .text")
    await expect(shown.locator("strong")).to_have_text("bold both")
    await expect(shown.locator("strong em")).to_have_text("both")
    await expect(shown.locator("code")).to_have_text("x=1")
    await expect(shown.locator("a")).to_have_attribute("href", "https://example.org/")
    await expect(shown.locator("blockquote .quoted")).to_have_text("Long")
    await shown.get_by_role("button", name="Hidden text").click()
    await expect(shown.locator(".shown")).to_have_text("gold")
    await shown.get_by_role("button", name="/help").click()
    await expect(phone_of(page, AICHA).locator(".message.out").last).to_contain_text("/help")


@in_one_loop
async def test_a_moment_is_shown_in_the_phones_language(bot: Bot, opened: Opener, telegram: Telegram) -> None:
    zoe = await telegram.phone("Zoé", language_code="fr")
    await zoe.say("/start")
    page = await opened(zoe.id)
    moment = '<tg-time unix="1800000000" format="D">soon</tg-time>'
    await bot.say(zoe.id, f"Before {moment}", parse_mode="HTML")
    shown = phone_of(page, zoe.id).locator(".message.in time").first
    await expect(shown).to_have_text("15 janvier 2027")
    await expect(shown).to_have_attribute("datetime", "2027-01-15T08:00:00.000Z")


@in_one_loop
async def test_reactions_and_deletions_show_at_once(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    said = phone_of(page, AICHA).locator(".message")
    gone = await bot.say(AICHA, "Gone soon")
    await expect(said).to_have_count(2)
    start = int(await said.first.get_attribute("data-id") or 0)
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await bot.call("setMessageReaction", chat_id=AICHA, message_id=start, reaction=thumb)
    await expect(said.first.locator(".reaction")).to_have_text("👍")
    await bot.call("deleteMessage", chat_id=AICHA, message_id=gone)
    await expect(said).to_have_count(1)


@in_one_loop
async def test_a_narrow_screen_shows_one_phone_and_the_way_back(bot: Bot, opened: Opener) -> None:
    page = await opened(size=NARROW)
    await bot.say(AICHA, "Is the writer pleased?", reply_markup=CHOICE)
    await page.locator(".row", has_text="Aïcha").click()
    phone = phone_of(page, AICHA)
    await expect(page.locator("#people")).to_be_hidden()
    box = await phone.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (NARROW["width"], NARROW["height"])
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    for button in await phone.locator(".bar button:visible, .composer button:visible, .key:visible").all():
        size = await button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44
    assert await phone.locator("textarea").evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 16
    await phone.get_by_role("button", name="Back to the people").click()
    await expect(page.locator(".row", has_text="Aïcha")).to_be_visible()
    await expect(phone).to_have_count(0)


@in_one_loop
async def test_a_lost_line_comes_back_and_catches_up(bot: Bot, opened: Opener, telegram: Telegram) -> None:
    page = await opened(AICHA)
    said = phone_of(page, AICHA).locator(".message.in .text")
    message = await bot.say(AICHA, "before")
    await expect(said).to_have_text(["before"])
    telegram.world.live.end()
    await expect(page.locator(".line")).to_have_text("Reconnecting…")
    await bot.call("editMessageText", chat_id=AICHA, message_id=message, text="changed meanwhile")
    await bot.say(AICHA, "new meanwhile")
    await expect(said).to_have_text(["changed meanwhile", "new meanwhile"])
    await bot.say(AICHA, "live again")
    await expect(said.last).to_have_text("live again")


@in_one_loop
async def test_a_long_chat_and_a_crowd_are_drawn_only_in_part(bot: Bot, opened: Opener, telegram: Telegram) -> None:
    aicha = await telegram.switchboard.phone(AICHA)
    for number in range(300):
        telegram.world.post(telegram.world.chats[aicha.id], {"text": f"line {number}"}, telegram.world.bot.user())
    for number in range(100):
        telegram.world.join(f"Worker {number}", role="crowd")
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await expect(phone.locator(".message").last).to_be_in_viewport()
    assert await phone.locator(".message").count() == 80
    await expect(page.locator(".row")).to_have_count(2)
    await phone.get_by_role("button", name="Earlier messages").click()
    await expect(phone.locator(".message")).to_have_count(160)
    await expect(phone.get_by_text("line 220", exact=True)).to_be_in_viewport()
    await phone.get_by_role("button", name="To the newest message").click()
    await expect(phone.get_by_text("line 299", exact=True)).to_be_in_viewport()
    await page.get_by_text("Crowd · 100").click()
    await expect(page.locator(".row")).to_have_count(102)


def test_the_page_parses_no_markup_and_names_no_other_host() -> None:
    for path in PAGE.glob("*.*"):
        written = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", written), path.name
        assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//", written), path.name
