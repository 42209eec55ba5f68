"""The page in a real browser: a person's phone on one side, a bot that speaks raw HTTP on the other."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from simulator import Limits, Telegram, serve
from tests import browser as chromium

in_one_loop = pytest.mark.asyncio(loop_scope="module")  # one browser serves all

PAGE = Path(__file__).parents[2] / "simulator" / "page"
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
CHOICE = {
    "inline_keyboard": [[{"text": "Pleased", "callback_data": "yes"}, {"text": "Not pleased", "callback_data": "no"}]]
}
AICHA, RUTH = 1, 2
Opened = Callable[..., Awaitable[Page]]


@dataclass(slots=True)
class Bot:
    """The smallest bot: calls, and the updates in their order."""

    address: str
    session: aiohttp.ClientSession
    offset: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"{self.address}/{method}", json=params) as response:
            body = await response.json()
        assert body["ok"], body
        return body["result"]

    async def say(self, person: int, text: str, **params: Any) -> int:
        return int((await self.call("sendMessage", chat_id=person, text=text, **params))["message_id"])

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next update of this kind; others are passed over."""
        while True:
            if not self.waiting:
                self.waiting = await self.call("getUpdates", offset=self.offset, timeout=5)
                assert self.waiting, f"no {kind} came"
            update = self.waiting.pop(0)
            self.offset = update["update_id"] + 1
            if kind in update:
                return dict(update[kind])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.MISSING)
    expect.set_options(timeout=5_000)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def telegram() -> AsyncIterator[Telegram]:
    """With Aïcha, a worker, and Ruth, a requester; both have pressed start."""
    async with serve(limits=Limits.off()) as running:
        for person, name, role in ((AICHA, "Aïcha", "worker"), (RUTH, "Ruth", "requester")):
            phone = await running.phone(name, id=person, role=role)
            await phone.say("/start")
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(f"{telegram.url}/bot{telegram.token}", session)


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser, telegram: Telegram) -> AsyncIterator[Opened]:
    """Opens the page on some phones; afterwards nothing has failed in it, and it asked nobody outside."""
    problems: list[str] = []
    contexts = []

    async def open_page(*people: int, size: dict[str, int] = WIDE) -> Page:
        context = await browser.new_context(viewport=size, has_touch=size is NARROW)  # type: ignore[arg-type]  # a TypedDict of the same shape
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if is_foreign(request.url) else None)
        await page.goto(f"{telegram.url}/#p={','.join(map(str, people))}" if people else telegram.url)
        await expect(page.locator(".row").first).to_be_visible()
        return page

    def is_foreign(url: str) -> bool:
        return not url.startswith((telegram.url, "blob:", "data:"))

    yield open_page
    for context in contexts:
        await context.close()
    assert problems == []


def phone_of(page: Page, person: int) -> Locator:
    return page.locator(f'.phone[data-person="{person}"]')


@in_one_loop
async def test_pressing_a_button_shows_the_answer_and_the_edit_in_place(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    question = await bot.say(AICHA, "Is the writer pleased?", reply_markup=CHOICE)
    await phone.get_by_role("button", name="Not pleased").click()
    await expect(phone.locator(".key.waiting")).to_have_text("Not pleased")
    query = await bot.hear("callback_query")
    assert (query["data"], query["message"]["message_id"]) == ("no", question)
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
    await bot.call("editMessageText", chat_id=AICHA, message_id=question, text="You said: not pleased")
    await expect(phone.locator(".toast")).to_have_text("Noted")
    edited = phone.locator(f'.message[data-id="{question}"]')
    await expect(edited.locator(".text")).to_have_text("You said: not pleased")
    await expect(edited).to_contain_text("edited")
    await expect(edited.locator(".key")).to_have_count(0)


@in_one_loop
async def test_an_alert_stands_over_its_own_phone_until_it_is_confirmed(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA, RUTH)
    await bot.say(AICHA, "Ready?", reply_markup=CHOICE)
    await phone_of(page, AICHA).get_by_role("button", name="Pleased", exact=True).click()
    query = await bot.hear("callback_query")
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Too late", show_alert=True)
    alert = phone_of(page, AICHA).get_by_role("alertdialog")
    await expect(alert).to_contain_text("Too late")
    await expect(phone_of(page, RUTH).get_by_role("alertdialog")).to_have_count(0)
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_have_count(0)


@in_one_loop
async def test_what_is_typed_reaches_the_bot_with_a_reply(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    asked = await bot.say(AICHA, "Any question?")
    await phone.locator(f'.message[data-id="{asked}"] .bubble').click(button="right")
    await phone.get_by_role("menuitem", name="Reply").click()
    await phone.get_by_label("Message", exact=True).fill("Is sarcasm pleased?")
    await phone.get_by_label("Message", exact=True).press("Enter")
    await expect(phone.locator(".message.out").last).to_contain_text("Is sarcasm pleased?")
    while (heard := await bot.hear("message"))["text"] == "/start":
        continue
    assert (heard["text"], heard["reply_to_message"]["message_id"]) == ("Is sarcasm pleased?", asked)
    await bot.call("sendChatAction", chat_id=AICHA, action="typing")
    await expect(phone.locator(".subtitle")).to_have_text("typing…")


@in_one_loop
async def test_a_slash_lists_the_commands_and_a_press_sends_one(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    commands = [{"command": "work", "description": "The next task"}, {"command": "why", "description": "Every cent"}]
    await bot.call("setMyCommands", commands=commands)
    await expect(phone.get_by_role("button", name="Commands of the bot")).to_be_visible()
    await phone.get_by_label("Message", exact=True).press_sequentially("/w")
    await expect(phone.get_by_role("option")).to_have_count(2)
    await phone.get_by_label("Message", exact=True).press_sequentially("o")
    await phone.get_by_role("option", name="/work").click()
    await expect(phone.locator(".message.out").last).to_contain_text("/work")


@in_one_loop
async def test_a_file_goes_up_with_a_caption_of_several_lines(bot: Bot, opened: Opened, telegram: Telegram) -> None:
    page = await opened(RUTH)
    phone = phone_of(page, RUTH)
    sent = {"name": "avis é.csv", "mimeType": "text/csv", "buffer": b"text\nGood\n"}
    await phone.locator("input[type=file]").set_input_files(sent)  # type: ignore[arg-type]  # a FilePayload
    await phone.get_by_label("Message", exact=True).fill("/newproject")
    await phone.get_by_label("Message", exact=True).press("Shift+Enter")
    await phone.get_by_label("Message", exact=True).press_sequentially("pay: 0.08")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.get_by_role("link", name="Download avis é.csv")).to_be_visible()
    while "document" not in (heard := await bot.hear("message")):
        continue
    assert heard["document"]["file_name"] == "avis é.csv"
    assert heard["caption"] == "/newproject\npay: 0.08"
    assert await telegram.switchboard.fetch(heard["document"]["file_id"]) == b"text\nGood\n"
    async with page.expect_download() as download:
        await phone.get_by_role("link", name="Download avis é.csv").click()
    assert (await download.value).suggested_filename.endswith(".csv")


@in_one_loop
async def test_phones_side_by_side_show_only_their_own_messages(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    await page.get_by_role("button", name="Put the phone of Ruth beside the others").click()
    await expect(page).to_have_url(re.compile(rf"#p={AICHA}(,|%2C){RUTH}$"))
    await bot.say(RUTH, "For Ruth")
    await bot.say(AICHA, "For Aïcha")
    await expect(phone_of(page, RUTH).locator(".message.in")).to_have_text([re.compile("For Ruth")])
    await expect(phone_of(page, AICHA).locator(".message.in")).to_have_text([re.compile("For Aïcha")])
    await page.get_by_role("button", name="Close the phone of Ruth").click()
    await expect(phone_of(page, RUTH)).to_have_count(0)
    await bot.say(RUTH, "Unseen")
    await expect(page.locator(".row", has_text="Ruth").locator(".badge")).to_have_text("1")


@in_one_loop
async def test_markup_in_names_and_texts_stays_text(bot: Bot, opened: Opened, telegram: Telegram) -> None:
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
async def test_formatting_becomes_elements_at_the_right_places(bot: Bot, opened: Opened) -> None:
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
async def test_a_moment_is_shown_in_the_phones_language(bot: Bot, opened: Opened, telegram: Telegram) -> None:
    zoe = await telegram.phone("Zoé", language_code="fr")
    await zoe.say("/start")
    page = await opened(zoe.id)
    moment = '<tg-time unix="1800000000" format="D">soon</tg-time>'
    await bot.say(zoe.id, f"Before {moment}", parse_mode="HTML")
    shown = phone_of(page, zoe.id).locator(".message.in time").first
    await expect(shown).to_have_text("15 janvier 2027")
    await expect(shown).to_have_attribute("datetime", "2027-01-15T08:00:00.000Z")


@in_one_loop
async def test_the_bots_own_keyboard_replaces_the_letters(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await bot.say(AICHA, "Which?", reply_markup={"keyboard": [[{"text": "Payouts"}]], "resize_keyboard": True})
    await phone.get_by_role("button", name="Payouts").click()
    await expect(phone.locator(".message.out").last).to_contain_text("Payouts")
    await bot.say(AICHA, "Done", reply_markup={"remove_keyboard": True})
    await expect(phone.get_by_role("button", name="Payouts")).to_have_count(0)


@in_one_loop
async def test_reactions_and_deletions_show_at_once(bot: Bot, opened: Opened) -> None:
    page = await opened(AICHA)
    said = phone_of(page, AICHA).locator(".message")
    gone = await bot.say(AICHA, "Gone soon")
    start = int(await said.first.get_attribute("data-id") or 0)
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await bot.call("setMessageReaction", chat_id=AICHA, message_id=start, reaction=thumb)
    await expect(said.first.locator(".reaction")).to_have_text("👍")
    await expect(said).to_have_count(2)
    await bot.call("deleteMessage", chat_id=AICHA, message_id=gone)
    await expect(said).to_have_count(1)


@in_one_loop
async def test_a_newcomer_is_added_starts_blocks_and_comes_back(opened: Opened, telegram: Telegram) -> None:
    page = await opened()
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("First name").fill("Zoé")
    await page.get_by_label("Language of the phone").select_option("fr")
    await page.get_by_role("button", name="Add", exact=True).click()
    phone = page.get_by_role("region", name="Phone of Zoé")
    await phone.get_by_role("button", name="Start", exact=True).click()
    await expect(phone.locator(".message.out")).to_contain_text("/start")
    await phone.get_by_role("button", name="What this phone can do").click()
    await phone.get_by_role("menuitem", name="Block the bot").click()
    await expect(phone.get_by_role("button", name="Unblock the bot")).to_be_visible()
    zoe = next(person for person in telegram.people if person.first_name == "Zoé")
    assert (zoe.blocked, zoe.language_code) == (True, "fr")
    await phone.get_by_role("button", name="Unblock the bot").click()
    await expect(phone.get_by_label("Message", exact=True)).to_be_visible()


@in_one_loop
async def test_a_narrow_screen_shows_one_phone_and_the_way_back(bot: Bot, opened: Opened) -> None:
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
async def test_a_lost_line_comes_back_and_catches_up(bot: Bot, opened: Opened, telegram: Telegram) -> None:
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
async def test_a_long_chat_and_a_crowd_are_drawn_only_in_part(bot: Bot, opened: Opened, telegram: Telegram) -> None:
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
