"""Routes updates: text, buttons and attachments become a payload, whose line in handlers/routes names the service."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from telegram import Bot, Message

from bot.profile import api_of
from domain.moments import NEVER, Moment
from domain.people.accounts import EVERYBODY, REQUESTER
from domain.projects.results import holds_token
from domain.refusals import Refusal
from handlers import arrival, documents, payload
from handlers.arrival import Arrived
from handlers.context import Context
from handlers.people.onboarding import PressOutdated, TypeUnknown
from handlers.routes import TABLE
from handlers.routing import Route
from handlers.work.tasks import SendAnswer, TypeWords
from services.act import House
from services.money import payouts
from services.work import inputs


class Dispatcher:
    """The route of updates in private chats, the only ones that bot/intake/processing.py passes on. `lost` are the
    periods that restores cut out of the database: (first moment, moment after the last)."""

    def __init__(self, bot: Bot, house: House, lost: Sequence[tuple[Moment, Moment]] = ()) -> None:
        self.bot, self.api, self.house, self.lost = bot, api_of(bot), house, tuple(lost)

    async def __call__(self, arrived: Arrived) -> bool:
        """Whether its transaction has ended the update; False where the update still waits. Raises what is a bug."""
        context = Context(arrived, self.bot, self.api, self.house)
        if arrived.query is not None and is_of_lost_period(arrived.shown_at, self.lost):
            arrived.data = ""
        await dispatch(arrived, context)
        return context.ended


def is_of_lost_period(shown_at: Moment, lost: Sequence[tuple[Moment, Moment]]) -> bool:
    """Return whether a button was shown in a lost period, or, after a restore, at a time that Telegram does not say:
    the numbers it carries may name other rows by now."""
    return any(since <= shown_at < until or shown_at == NEVER for since, until in lost)


async def dispatch(arrived: Arrived, context: Context) -> None:
    """By what happened."""
    content = arrived.content
    if arrived.query is not None:
        await pressed(arrived.data, context)
    elif arrived.text:
        await typed(arrived.text, context)
    elif arrived.membership:
        await documents.changed(arrived.membership, context)
    elif content and arrived.is_edited:
        await edited_caption(content, context)
    elif content and content.document:
        await sent_document(content, context)
    elif content:
        await sent_other(content, context)


async def typed(text: str, context: Context) -> None:
    """A command by its first word, else the answer to a task or a question."""
    if not text.startswith("/"):
        read = partial(TypeWords, text=text, replied=context.arrived.replies_to)
        if not await _follow(TABLE.by_payload[TypeWords], read, context) and holds_token(text):
            await context.erase()
        return
    name, words = _command(text)
    route = TABLE.typed(name, words) or TABLE.by_payload[TypeUnknown]
    done = await _follow(route, lambda: route.payload.from_words(words, f"/{name} {route.usage}", text), context)
    is_account = payouts.looks_like_iban(" ".join(words)) and (route.payload is TypeUnknown or not done)
    if is_account or holds_token(text):
        await context.erase()  # neither an account number nor a token stays in the chat


def _command(text: str) -> tuple[str, list[str]]:
    """Its name and the words behind it. `/why_12`, which a tap on it sends whole, is `/why 12`."""
    command, *rest = text.split()
    name, _, first = command[1:].partition("@")[0].lower().partition("_")
    return name, [first, *rest] if first else rest


async def pressed(data: str, context: Context) -> None:
    """A button of this version by its payload; any other data is answered and ignored."""
    try:
        button = payload.unpack(data)
    except payload.UnknownButton:
        button = PressOutdated()
    await _follow(TABLE.by_payload[type(button)], lambda: button, context)


async def sent_document(message: Message, context: Context) -> None:
    """A picture sent as a file is a worker's photo; another file is a requester's, or not an answer to a task."""
    if arrival.is_picture(message):
        await sent_other(message, context)
    else:
        await _politely(EVERYBODY, lambda: _other_file(message, context), context)


async def _other_file(message: Message, context: Context) -> None:
    """A sender who is no requester learns what the task in hand wants instead, or whose caption it is."""
    role = documents.role_of(message)
    if role != EVERYBODY or await context.look(lambda unit, person: REQUESTER in context.house.roles(person)):
        context.role = role or REQUESTER
        await documents.sent(message, context)
    else:
        await sent_other(message, context)


async def edited_caption(message: Message, context: Context) -> None:
    """Only the caption that describes a project means something."""
    if ((message.caption or "").split() or [""])[0].partition("@")[0].lower() == "/newproject":
        await _politely(REQUESTER, lambda: documents.edited(message, context), context)


async def sent_other(message: Message, context: Context) -> None:
    """A photo, a voice message or a place, if a task wants one; anything else is not understood."""
    await _politely(EVERYBODY, lambda: _answer(arrival.answer_in(message), message, context), context)


async def _answer(asked: SendAnswer, message: Message, context: Context) -> None:
    if asked.what in inputs.FILES:
        asked = await documents.looked_at(message, asked, context)
    await _run(TABLE.by_payload[SendAnswer], asked, context)


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
