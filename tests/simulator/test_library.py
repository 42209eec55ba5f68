"""The unmodified python-telegram-bot runs on the local Telegram, by polling and by webhook."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from simulator import Limits, Telegram, serve
from simulator.updating.webhook import SECRET_HEADER
from tests.simulator.test_files import png


async def start(update: Update, context) -> None:
    button = InlineKeyboardButton("Agree", callback_data="agree")
    await update.message.reply_html("Hello <b>you</b>", reply_markup=InlineKeyboardMarkup([[button]]))


async def agree(update: Update, context) -> None:
    await update.callback_query.answer("Thanks")
    await update.callback_query.edit_message_text("Welcome")


async def read(update: Update, context) -> None:
    file = await update.message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    await update.message.reply_document(io.BytesIO(content.upper()), filename="up.txt", caption=update.message.caption)


def application(telegram: Telegram, token: str | None = None) -> Application:
    builder = Application.builder().token(token or telegram.token)
    built = builder.base_url(f"{telegram.url}/bot").base_file_url(f"{telegram.url}/file/bot").build()
    built.add_handler(CommandHandler("start", start))
    built.add_handler(CallbackQueryHandler(agree))
    built.add_handler(MessageHandler(filters.Document.ALL, read))
    return built


@pytest.fixture
async def bot(telegram, alice):
    async with application(telegram) as running:
        yield running.bot


@asynccontextmanager
async def polling(telegram: Telegram) -> AsyncIterator[Application]:
    async with application(telegram) as running:
        await running.start()
        await running.updater.start_polling()
        yield running
        await running.updater.stop()
        await running.stop()


async def conversation(telegram: Telegram) -> None:
    phone = await telegram.phone("Alice")
    await phone.say("/start")
    shown = await phone.wait_for("Hello you")
    assert shown["entities"] == [{"type": "bold", "offset": 6, "length": 3}]
    query = await phone.press("Agree")
    assert (await phone.answer_to(query))["text"] == "Thanks"
    await phone.wait_for("Welcome")
    assert phone.keyboard == []
    await phone.upload(b"text", "t.txt", caption="read this")
    returned = await phone.wait_for("read this")
    assert returned["document"]["file_name"] == "up.txt"
    assert await phone.download(returned) == b"TEXT"


async def test_a_conversation_by_polling(telegram):
    async with polling(telegram):
        await conversation(telegram)
    assert telegram.stats.refusals() == 0


async def test_a_conversation_by_webhook(telegram):
    secrets = []
    async with application(telegram) as running:

        async def take(request: web.Request) -> web.Response:
            secrets.append(request.headers[SECRET_HEADER])
            await running.update_queue.put(Update.de_json(await request.json(), running.bot))
            return web.Response()

        app = web.Application()
        app.router.add_post("/hook", take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await running.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await running.bot.set_webhook(url, secret_token="secret")
        assert (await running.bot.get_webhook_info()).url == url
        await conversation(telegram)
        await running.bot.delete_webhook()
        await running.stop()
        await runner.cleanup()
    assert set(secrets) == {"secret"}


async def test_errors_are_the_librarys_own(telegram, bot, alice):
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(alice.id, " ")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(alice.id, "<b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(alice.id, "a", reply_markup=inline(callback_data="é" * 33))
    await alice.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(alice.id, "a")
    with pytest.raises(InvalidToken):
        await application(telegram, "1:wrong").initialize()
    telegram.faults.add("refuse", "sendMessage", code=502, count=1)
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "a")
    telegram.faults.add("cut_before", "sendMessage", count=1)
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "a")
    await bot.set_webhook("https://example.org/")
    with pytest.raises(Conflict):
        await bot.get_updates()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # retry_after becomes a timedelta
async def test_flood_control_is_the_librarys_retry_after():
    async with serve(limits=Limits.strict()) as telegram, application(telegram) as running:
        alice = await telegram.phone("Alice")
        await alice.say("/start")
        await running.bot.send_message(alice.id, "1")
        with pytest.raises(RetryAfter, match="Retry in 1 seconds"):
            await running.bot.send_message(alice.id, "2")


def inline(**action: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", **action)]])


async def test_the_librarys_keyboards_media_and_replies(bot, alice):
    markup = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Go", callback_data="go", style="success")],
            [
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("FR76")),
                InlineKeyboardButton("Site", url="https://example.org"),
            ],
        ]
    )
    sent = await bot.send_message(alice.id, "a", reply_markup=markup)
    assert sent.reply_markup.inline_keyboard[0][0].style == "success"
    reply = await bot.send_message(alice.id, "b", reply_parameters=ReplyParameters(sent.message_id, quote="a"))
    assert (reply.reply_to_message.text, reply.quote.text) == ("a", "a")
    photo = await bot.send_photo(alice.id, png(8, 9), caption="chart", caption_entities=[])
    changed = await photo.edit_media(InputMediaPhoto(png(9, 8), caption="<b>new</b>", parse_mode="HTML"))
    assert (changed.photo[-1].width, changed.caption_html) == (9, "<b>new</b>")
    assert (await photo.edit_caption("newer")).caption == "newer"
    voice = await bot.send_voice(alice.id, io.BytesIO(b"OggS"), duration=3)
    assert (await bot.send_voice(alice.id, voice.voice.file_id)).voice == voice.voice
    location = await bot.send_location(alice.id, 1.5, 2.5)
    assert location.location.longitude == 2.5
    ask = ReplyKeyboardMarkup([[KeyboardButton("Share", request_contact=True)]], one_time_keyboard=True)
    await bot.send_message(alice.id, "contact?", reply_markup=ask)
    await alice.wait_for("contact")
    assert alice.keyboard == ["Share"]


async def test_the_librarys_other_calls(bot, alice):
    assert (await bot.get_me()).username == "pouce_bot"
    assert (await bot.get_chat(alice.id)).first_name == "Alice"
    assert (await bot.get_chat_member(alice.id, alice.id)).status == "member"
    scope = BotCommandScopeChat(alice.id)
    await bot.set_my_commands([BotCommand("work", "One task now")], scope=scope, language_code="en")
    assert (await bot.get_my_commands(scope=scope, language_code="en"))[0].command == "work"
    assert await alice.commands() == ["work"]
    await bot.set_my_name("Thumb", language_code="en")
    assert (await bot.get_my_name(language_code="en")).name == "Thumb"
    await bot.set_my_short_description("Work")
    await bot.set_chat_menu_button(alice.id)
    assert (await bot.get_chat_menu_button(alice.id)).type == "default"
    sent: Message = await bot.send_message(alice.id, "a")
    await sent.set_reaction("👍")
    await sent.pin()
    await bot.send_chat_action(alice.id, "typing")
    copy = await bot.copy_message(alice.id, alice.id, sent.message_id)
    assert await bot.delete_messages(alice.id, [copy.message_id, sent.message_id])


@pytest.mark.parametrize("mode", ["HTML", "MarkdownV2"])
async def test_what_the_library_writes_comes_back_the_same(bot, alice, mode):
    html = '<b>a<i>b</i></b> <u>c</u> <s>d</s> <span class="tg-spoiler">e</span> <code>f &lt;</code> <pre>g</pre>'
    first = await bot.send_message(alice.id, html, parse_mode="HTML")
    again = first.text_html if mode == "HTML" else first.text_markdown_v2
    second = await bot.send_message(alice.id, again, parse_mode=mode)
    assert (second.text, second.entities) == (first.text, first.entities)
