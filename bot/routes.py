"""Routes updates: text, buttons and attachments become a payload, whose line in handlers/routes names the service."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot, Update

from domain.refusals import Refusal
from handlers import documents, membership, sent
from handlers.context import Context
from handlers.payloads import payload
from handlers.payloads.people import PressOutdated, TypeUnknown
from handlers.payloads.work import SendAnswer, TypeWords
from handlers.routes import TABLE
from handlers.routing import EVERYBODY, REQUESTER, Route
from services.act import House
from services.money import payees


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """The door of updates in private chats; bot/intake/shapes.py lets nothing else pass."""

    bot: Bot
    house: House

    async def __call__(self, update: Update) -> bool:
        """Whether its transaction has ended the update; False where the update still waits. Raises what is a bug."""
        context = Context(update, self.bot, self.house)
        await dispatch(update, context)
        return context.ended


async def dispatch(update: Update, context: Context) -> None:
    """By what happened."""
    message = update.message
    if update.callback_query:
        await pressed(update, context)
    elif update.my_chat_member:
        await membership.changed(update.my_chat_member, context)
    elif update.edited_message:
        await edited_caption(update, context)
    elif message and message.document:
        await sent_document(update, context)
    elif message and message.text:
        await typed(update, context)
    elif message:
        await sent_other(update, context)


async def typed(update: Update, context: Context) -> None:
    """A command by its first word, else the answer to a task or a question."""
    text = (update.effective_message and update.effective_message.text) or ""
    if not text.startswith("/"):
        await _follow(TABLE.by_payload[TypeWords], lambda: TypeWords(text=text), context)
        return
    name, words = _command(text)
    route = TABLE.typed(name, words) or TABLE.by_payload[TypeUnknown]
    done = await _follow(route, lambda: route.payload.from_words(words, f"/{name} {route.usage}", text), context)
    if payees.is_account(" ".join(words)) and (route.payload is TypeUnknown or not done):
        await context.erase()  # an account number never stays in the chat


def _command(text: str) -> tuple[str, list[str]]:
    """Its name and the words behind it. `/why_12`, which a tap on it sends whole, is `/why 12`."""
    command, *rest = text.split()
    name, _, first = command[1:].partition("@")[0].lower().partition("_")
    return name, [first, *rest] if first else rest


async def pressed(update: Update, context: Context) -> None:
    """A button of this version by its payload; any other data is answered and ignored."""
    query = update.callback_query
    try:
        button = payload.unpack((query and query.data) or "")
    except payload.UnknownButton:
        button = PressOutdated()
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
    """Only the caption that describes a project means something."""
    caption = (update.effective_message and update.effective_message.caption) or ""
    if (caption.split() or [""])[0].partition("@")[0].lower() == "/newproject":
        await _politely(REQUESTER, lambda: documents.edited(update, context), context)


async def sent_other(update: Update, context: Context) -> None:
    """A photo, a voice message or a place, if a task wants one; anything else is lost on us."""
    await _follow(TABLE.by_payload[SendAnswer], lambda: sent.answer_in(update.effective_message), context)


async def _follow(route: Route, read: Callable[[], payload.Payload], context: Context) -> bool:
    return await _politely(route.role, lambda: _run(route, read(), context), context)


async def _run(route: Route, asked: payload.Payload, context: Context) -> None:
    if route.job is None:
        await context.follow(route, asked)
    else:
        await documents.follow(route, route.job, asked, context)


async def _politely(role: str, step: Callable[[], Awaitable[None]], context: Context) -> bool:
    """Runs one step and shows a refusal; False where it was refused."""
    context.role = role
    try:
        await step()
        return True
    except Refusal as refusal:
        await context.refuse(refusal)
        return False
