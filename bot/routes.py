"""Routes updates: text, buttons and attachments become a payload, whose route names the service."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from telegram import Bot, Message

from bot.profile import api_of
from bot.transport.requests import BotApi
from domain.moments import NEVER, Moment
from domain.money.card_payments import MadePayment
from domain.people.accounts import EVERYBODY, REQUESTER
from domain.people.bots import FIRST_BOT, bot_of_number
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
from services.money import card_payments, payouts
from services.work import inputs
from web.door import WebhookResponses


class Dispatcher:
    """The route of updates in private chats, the only ones that bot/intake/processing.py passes on. `lost` are the
    periods that restores cut out of the database: (first moment, moment after the last)."""

    def __init__(
        self,
        bot: Bot,
        house: House,
        lost: Sequence[tuple[Moment, Moment]] = (),
        others: Sequence[tuple[int, Bot]] = (),
        responses: WebhookResponses | None = None,
    ) -> None:
        self.house, self.lost, self.responses = house, tuple(lost), responses or WebhookResponses()
        self.bots = {number: (bot, api_of(bot)) for number, bot in ((FIRST_BOT, bot), *others)}

    async def __call__(self, arrived: Arrived) -> bool:
        """Handle an update; return whether its transaction has ended it, False if it still waits. Raise bugs."""
        bot, api = self.bots[bot_of_number(arrived.update_id)]
        context = Context(arrived, bot, partial(self._call, arrived.update_id, api), self.house)
        if arrived.query is not None and is_of_lost_period(arrived.shown_at, self.lost):
            arrived.data = ""
        try:
            await dispatch(arrived, context)
        finally:
            self.responses.give(arrived.update_id, {})
        return context.ended

    async def _call(self, update_id: int, api: BotApi, method: str, **values: Any) -> Any:
        """Call a method of Telegram's. A toast goes with the response to the update's delivery while that waits."""
        call = {name: value for name, value in values.items() if value is not None}
        if method == "answerCallbackQuery" and self.responses.give(update_id, {"method": method, **call}):
            return True
        return await api(method, **values)


def is_of_lost_period(shown_at: Moment, lost: Sequence[tuple[Moment, Moment]]) -> bool:
    """Return whether a button was shown in a lost period, or, after a restore, at a time that Telegram does not say:
    the numbers it carries may name other rows by now."""
    return any(since <= shown_at < until or shown_at == NEVER for since, until in lost)


async def dispatch(arrived: Arrived, context: Context) -> None:
    """Route an update by its kind."""
    content = arrived.content
    if arrived.query is not None:
        await route_press(arrived.data, context)
    elif arrived.checkout is not None:
        await context.answer_checkout(arrived.checkout)
    elif arrived.payment is not None:
        await route_payment(arrived.payment, context)
    elif arrived.text:
        await route_text(arrived.text, context)
    elif arrived.membership:
        await documents.note_membership(arrived.membership, context)
    elif content and arrived.is_edited:
        await route_edited_caption(content, context)
    elif content and content.document:
        await route_document(content, context)
    elif content:
        await route_attachment(content, context)


async def route_payment(payment: MadePayment, context: Context) -> None:
    """Book a card payment that was made, whatever its payer may do by now."""
    context.stays = True
    await context.transact(lambda unit, person: card_payments.book_payment(context.act(unit, person), payment))


async def route_text(text: str, context: Context) -> None:
    """Route a text: a command by its first word, else the answer to a task or a question. A text with an account
    number or a token that no command takes is erased from the chat."""
    if not text.startswith("/"):
        read_payload = partial(TypeWords, text=text, replied=context.arrived.replies_to)
        if not await _follow(TABLE.by_payload[TypeWords], read_payload, context) and holds_token(text):
            await context.erase()
        return
    name, words = _split_command(text)
    route = TABLE.find_typed(name, words) or TABLE.by_payload[TypeUnknown]
    is_accepted = await _follow(route, lambda: route.payload.from_words(words, f"/{name} {route.usage}", text), context)
    is_account = payouts.looks_like_iban(" ".join(words)) and (route.payload is TypeUnknown or not is_accepted)
    if is_account or holds_token(text):
        await context.erase()  # neither an account number nor a token stays in the chat


def _split_command(text: str) -> tuple[str, list[str]]:
    """Return a command's name and the words behind it. `/why_12`, which a tap on it sends whole, is `/why 12`."""
    command, *rest = text.split()
    name, _, argument = command[1:].partition("@")[0].lower().partition("_")
    return name, [argument, *rest] if argument else rest


async def route_press(data: str, context: Context) -> None:
    """Route a button of this version by its payload; any other data is answered as an outdated button."""
    try:
        button = payload.unpack(data)
    except payload.UnknownButton:
        button = PressOutdated()
    await _follow(TABLE.by_payload[type(button)], lambda: button, context)


async def route_document(message: Message, context: Context) -> None:
    """Route a document: a picture sent as a file is a worker's photo; another file is a requester's, or not an
    answer to a task."""
    if arrival.is_picture(message):
        await route_attachment(message, context)
    else:
        await _run_or_refuse(EVERYBODY, lambda: _route_other_file(message, context), context)


async def _route_other_file(message: Message, context: Context) -> None:
    """Route a file that is no picture. A sender who is no requester reads what the task in hand wants instead, or
    whose caption it is."""
    role = documents.get_role_for(message)
    if role != EVERYBODY or await context.look(lambda unit, person: REQUESTER in context.house.roles(person)):
        context.role = role or REQUESTER
        await documents.receive_document(message, context)
    else:
        await route_attachment(message, context)


async def route_edited_caption(message: Message, context: Context) -> None:
    """Route an edited caption: only one that describes a project has an effect."""
    if ((message.caption or "").split() or [""])[0].partition("@")[0].lower() == "/newproject":
        await _run_or_refuse(REQUESTER, lambda: documents.receive_edited_caption(message, context), context)


async def route_attachment(message: Message, context: Context) -> None:
    """Route a photo, a voice message or a location to the task that wants it; anything else is not understood."""
    await _run_or_refuse(EVERYBODY, lambda: _send_answer(arrival.answer_in(message), message, context), context)


async def _send_answer(answer: SendAnswer, message: Message, context: Context) -> None:
    if answer.what in inputs.FILES:
        answer = await documents.check_file(message, answer, context)
    await _run(TABLE.by_payload[SendAnswer], answer, context)


async def _follow(route: Route, read_payload: Callable[[], payload.Payload], context: Context) -> bool:
    """Run a route with its payload; return False if it was refused."""
    return await _run_or_refuse(route.role, lambda: _run(route, read_payload(), context), context)


async def _run(route: Route, request: payload.Payload, context: Context) -> None:
    if route.job is None:
        await context.follow(route, request)
    else:
        await documents.follow(route, route.job, request, context)


async def _run_or_refuse(role: str, step: Callable[[], Awaitable[None]], context: Context) -> bool:
    """Run one step and show its refusal; return False if it was refused."""
    context.role = role
    try:
        await step()
        return True
    except Refusal as refusal:
        await context.refuse(refusal)
        return False
