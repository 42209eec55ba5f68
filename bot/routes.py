"""Routes updates: text, buttons and attachments become a payload, whose line in handlers/routes names the service."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from domain.refusals import Refusal
from handlers import documents, membership, sent
from handlers.context import Context
from handlers.payloads import payload
from handlers.payloads.people import PressOutdated, TypeUnknown
from handlers.payloads.projects import ChooseColumn, TakeFile
from handlers.payloads.work import SendAnswer, TypeWords
from handlers.routes import TABLE
from handlers.routing import EVERYBODY, REQUESTER, Route

# Buttons that read a file before their transaction; every other one is a line in handlers/routes.
BUTTONS: dict[type[payload.Payload], Callable[[Update, Context], Awaitable[None]]] = {
    ChooseColumn: documents.choose_column,
    TakeFile: documents.take,
}


def add_routes(application: Application[Any, Context, Any, Any, Any, Any]) -> None:
    """Private chats only: balances and payouts are no group's business."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(private & filters.Document.ALL, sent_document))
    application.add_handler(MessageHandler(private & filters.TEXT, typed))
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & filters.Document.ALL
    application.add_handler(MessageHandler(edited & filters.CaptionRegex(r"(?i)^\s*/newproject\b"), edited_caption))
    application.add_handler(ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, sent_other))


async def typed(update: Update, context: Context) -> None:
    """A command by its first word, else the answer to a task or a question."""
    text = (update.effective_message and update.effective_message.text) or ""
    if not text.startswith("/"):
        await _follow(TABLE.by_payload[TypeWords], lambda: TypeWords(text=text), context)
        return
    name, words = _command(text)
    route = TABLE.typed(name, words) or TABLE.by_payload[TypeUnknown]
    await _follow(route, lambda: route.payload.from_words(words, f"/{name} {route.usage}", text), context)


def _command(text: str) -> tuple[str, list[str]]:
    """Its name and the words behind it. `/why_12`, which a tap on it sends whole, is `/why 12`."""
    command, *rest = text.split()
    name, _, first = command[1:].partition("@")[0].lower().partition("_")
    return name, [first, *rest] if first else rest


async def pressed(update: Update, context: Context) -> None:
    """A button of this version by its payload; any other data is answered and ignored."""
    query = update.callback_query
    try:
        context.button = button = payload.unpack((query and query.data) or "")
    except payload.UnknownButton:
        button = PressOutdated()
    if type(button) in BUTTONS:
        await _politely(REQUESTER, lambda: BUTTONS[type(button)](update, context), context)
    else:
        await _follow(TABLE.by_payload[type(button)], lambda: button, context)


async def sent_document(update: Update, context: Context) -> None:
    """A picture sent as a file is a worker's photo; another file is a requester's, or not an answer to a task."""
    if sent.is_picture(update.effective_message):
        await sent_other(update, context)
    else:
        await _politely(EVERYBODY, lambda: _other_file(update, context), context)


async def _other_file(update: Update, context: Context) -> None:
    """A sender who is no requester learns what the task in hand wants instead."""
    message = update.effective_message
    commands = bool(message and (message.caption or "").startswith("/"))
    if commands or await context.look(lambda unit, person: REQUESTER in context.house.roles(person)):
        context.role = REQUESTER
        await documents.sent(update, context)
    else:
        await sent_other(update, context)


async def edited_caption(update: Update, context: Context) -> None:
    await _politely(REQUESTER, lambda: documents.edited(update, context), context)


async def sent_other(update: Update, context: Context) -> None:
    """A photo, a voice message or a place, if a task wants one; anything else is lost on us."""
    await _follow(TABLE.by_payload[SendAnswer], lambda: sent.answer_in(update.effective_message), context)


async def _follow(route: Route, read: Callable[[], payload.Payload], context: Context) -> None:
    await _politely(route.role, lambda: context.follow(route, read()), context)


async def _politely(role: str, step: Callable[[], Awaitable[None]], context: Context) -> None:
    """Runs one step and shows a refusal."""
    context.role = role
    try:
        await step()
    except Refusal as refusal:
        await context.refuse(refusal)
