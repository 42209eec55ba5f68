"""What a person does on the page in a real browser, and what the bot hears of it."""

import re

import pytest
from playwright.async_api import expect

from simulator import Telegram
from tests.simulator.paged import AICHA, CHOICE, RUTH, Bot, Opener, phone_of

in_one_loop = pytest.mark.asyncio(loop_scope="session")  # one browser serves all


@in_one_loop
async def test_pressing_a_button_shows_the_answer_and_the_edit_in_place(bot: Bot, opened: Opener) -> None:
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
async def test_an_alert_stands_over_its_own_phone_until_it_is_confirmed(bot: Bot, opened: Opener) -> None:
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
async def test_what_is_typed_reaches_the_bot_with_a_reply(bot: Bot, opened: Opener) -> None:
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
async def test_an_empty_chat_shows_what_the_bot_says_of_itself(telegram: Telegram, bot: Bot, opened: Opener) -> None:
    await bot.call("setMyDescription", description="Small paid tasks.")
    await bot.call("setMyDescription", description="De petites tâches payées.", language_code="fr")
    for language, told in (("de", "Small paid tasks."), ("fr", "De petites tâches payées.")):
        person = await telegram.phone("Nova", language_code=language)
        page = await opened(person.id)
        await expect(phone_of(page, person.id).locator(".empty")).to_have_text(told)


@in_one_loop
async def test_a_slash_lists_the_commands_and_a_press_sends_one(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    commands = [{"command": "work", "description": "The next task"}, {"command": "why", "description": "Every cent"}]
    await bot.call("setMyCommands", commands=commands)
    await expect(phone.get_by_role("button", name="Menu")).to_be_visible()
    await phone.get_by_label("Message", exact=True).press_sequentially("/w")
    await expect(phone.get_by_role("option")).to_have_count(2)
    await phone.get_by_label("Message", exact=True).press_sequentially("o")
    await phone.get_by_role("option", name="/work").click()
    await expect(phone.locator(".message.out").last).to_contain_text("/work")


@in_one_loop
async def test_a_file_goes_up_with_a_caption_of_several_lines(bot: Bot, opened: Opener, telegram: Telegram) -> None:
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
async def test_phones_side_by_side_show_only_their_own_messages(bot: Bot, opened: Opener) -> None:
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
async def test_the_bots_own_keyboard_replaces_the_letters(bot: Bot, opened: Opener) -> None:
    page = await opened(AICHA)
    phone = phone_of(page, AICHA)
    await bot.say(AICHA, "Which?", reply_markup={"keyboard": [[{"text": "Payouts"}]], "resize_keyboard": True})
    await phone.get_by_role("button", name="Payouts").click()
    await expect(phone.locator(".message.out").last).to_contain_text("Payouts")
    await bot.say(AICHA, "Done", reply_markup={"remove_keyboard": True})
    await expect(phone.get_by_role("button", name="Payouts")).to_have_count(0)


@in_one_loop
async def test_a_newcomer_is_added_starts_blocks_and_comes_back(opened: Opener, telegram: Telegram) -> None:
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
