"""Processes one update until it is done, ignored, or given up with an apology; failures are tried again."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeGuard

import orjson
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.clock import Clock
from bot.transport.requests import pause_of
from domain.money.card_payments import MAX_IDENTIFIER_CHARS
from domain.people.accounts import Person
from domain.people.bots import FIRST_BOT, bot_of_number, stored_update
from domain.people.onboarding import ErrorNoticed
from domain.work.messages import FileWaits
from formats.errors import is_disk_full
from handlers.arrival import Arrived, payment_of, read_arrival
from handlers.context import AlreadyHandled
from jobs.uploads import progress
from services.money import card_payments
from storage.boxes.inbox import EarlierUpdateWaits, ReceivedUpdate
from storage.database import Database
from storage.drivers.connection import Unavailable, error_name
from storage.unit import UnitOfWork


class Seclusion:
    """`running` updates are under way side by side; with `secluded` one is under way, alone; `waiting` ones wait to be
    alone, and none begins before them."""

    def __init__(self) -> None:
        self.running, self.waiting, self.secluded = 0, 0, False
        self.changed = asyncio.Event()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Wait until no update is, or waits to be, alone."""
        while self.secluded or self.waiting:
            await self._change()
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.changed.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Wait until no other update with a file is under way."""
        self.waiting += 1
        try:
            while self.secluded or self.running:
                await self._change()
            self.secluded = True
        finally:
            self.waiting -= 1
            self.changed.set()
        try:
            yield
        finally:
            self.secluded = False
            self.changed.set()

    async def _change(self) -> None:
        """Wait for the next change, without a place among the updates that are handled at once."""
        progress.leave_place_if_free()
        self.changed.clear()
        await self.changed.wait()


SERVICE = frozenset({777000, 1087968824, 136817688})  # "Telegram", anonymous admins, messages in a channel's name
LARGEST_ID = 2**63
LATEST = 2**33  # seconds since 1970
NAMES = ("first_name", "last_name", "username", "language_code")
CHAT = ("id", "type")
WORDS, THINGS = ("text", "caption", "media_group_id"), ("document", "voice", "location", "audio", "video")
CONTENT = frozenset({"text", "photo", "successful_payment", *THINGS})
# Identifiers and amount of a card payment; who paid, and with what, is not read.
CHECKOUT_TEXTS = ("id", "currency", "invoice_payload")
PAYMENT_TEXTS = ("currency", "invoice_payload", "telegram_payment_charge_id", "provider_payment_charge_id")
NUMBERS = frozenset(
    {"file_size", "width", "height", "duration", "latitude", "longitude", "horizontal_accuracy"}
    | {"live_period", "heading", "proximity_alert_radius"}
)
# Other content people send: answered with the kind of answer a task wants; not read.
UNREAD = frozenset(
    {"animation", "checklist", "contact", "dice", "game", "live_photo", "paid_media", "poll", "sticker"}
    | {"story", "venue", "video_note"}
)


def usable(update: dict[str, Any]) -> dict[str, Any] | None:
    """The update with the fields that handlers read; None for an update the bot does not handle."""
    for kind, cut in CUTS.items():
        event = update.get(kind)
        if isinstance(event, dict) and is_human(event.get("from")) and (kept := cut(event)) is not None:
            return {"update_id": update["update_id"], kind: {**kept, "from": _person(event["from"])}}
    return None


def is_human(sender: object) -> bool:
    """Bots and Telegram's own accounts never become people."""
    if not isinstance(sender, dict) or not is_number(sender.get("id")):
        return False
    is_named = isinstance(sender.get("first_name"), str) and sender["first_name"] != ""
    return is_named and sender["id"] > 0 and not sender.get("is_bot") and sender["id"] not in SERVICE


def is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID


def _person(sender: dict[str, Any]) -> dict[str, Any]:
    names = {name: sender[name] for name in NAMES if isinstance(sender.get(name), str)}
    return {"id": sender["id"], "is_bot": False, **names}


def _message(message: dict[str, Any]) -> dict[str, Any] | None:
    if not _is_private(message) or not (CONTENT | UNREAD) & message.keys():
        return None  # in a group, or a line of Telegram's own: a pinned message, a new picture
    content: dict[str, Any] = {name: message[name] for name in WORDS if isinstance(message.get(name), str)}
    content |= {name: _flat(message[name]) for name in THINGS if name in message}
    replied = message.get("reply_to_message")
    if "text" in content and isinstance(replied, dict) and is_number(replied.get("message_id")):
        content["reply_to_message"] = _fields(replied, ("message_id",))  # which message a text replies to
    if "successful_payment" in message:
        paid = _amount_of(message["successful_payment"], PAYMENT_TEXTS)
        return paid and {**_fields(message, ("message_id", "date")), "successful_payment": paid, "chat": _chat(message)}
    if isinstance(message.get("photo"), list):
        content["photo"] = [_flat(size) for size in message["photo"]]
    return {**_fields(message, ("message_id", "date")), **content, "chat": _fields(message["chat"], CHAT)}


def _flat(thing: object) -> dict[str, Any]:
    """Its texts and numbers, without thumbnails and the like."""
    if not isinstance(thing, dict):
        return {}
    return {name: value for name, value in thing.items() if isinstance(value, int | float if name in NUMBERS else str)}


def _checkout(query: dict[str, Any]) -> dict[str, Any] | None:
    return _amount_of(query, CHECKOUT_TEXTS)


def _amount_of(payment: object, texts: tuple[str, ...]) -> dict[str, Any] | None:
    """The amount of a payment with these texts, cut; None if one of them is missing."""
    if not isinstance(payment, dict) or not is_number(payment.get("total_amount")):
        return None
    if not all(isinstance(payment.get(name), str) for name in texts):
        return None
    return {**{name: payment[name][:MAX_IDENTIFIER_CHARS] for name in texts}, "total_amount": payment["total_amount"]}


def _chat(message: dict[str, Any]) -> dict[str, Any]:
    return _fields(message["chat"], CHAT)


def _edited(message: dict[str, Any]) -> dict[str, Any] | None:
    return _message(message) if "document" in message and "caption" in message else None


def _pressed(query: dict[str, Any]) -> dict[str, Any] | None:
    """The number of its message, without the content: building the library's objects of it is expensive."""
    fields = {name: query[name] for name in ("id", "chat_instance", "data") if isinstance(query.get(name), str)}
    message = query.get("message")
    if "id" not in fields or message is None:
        return fields if "id" in fields else None
    if not isinstance(message, dict) or not _is_private(message):
        return None
    dates = {name: message[name] for name in ("date", "edit_date") if is_number(message.get(name))}
    return {**fields, "message": {**_fields(message, ("message_id",)), **dates, "chat": _fields(message["chat"], CHAT)}}


def _membership(change: dict[str, Any]) -> dict[str, Any] | None:
    states = [change.get(name) for name in ("old_chat_member", "new_chat_member")]
    if not _is_private(change) or not all(isinstance(state, dict) and "status" in state for state in states):
        return None
    return {**_fields(change, ("date", "old_chat_member", "new_chat_member")), "chat": _fields(change["chat"], CHAT)}


def _is_private(event: dict[str, Any]) -> bool:
    chat, date = event.get("chat"), event.get("date")
    is_dated = is_number(date) and 0 <= date < LATEST and is_number(event.get("message_id", 0))
    return is_dated and isinstance(chat, dict) and chat.get("type") == "private" and is_number(chat.get("id"))


def _fields(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


CUTS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
    "pre_checkout_query": _checkout,
}


ENDED = 3  # processes that ended while an update was under way: it is begun once more, alone, and then given up
LONG = 1.0  # seconds after which an update is noted as under way; one that brings a file is so at once
TRIES = 3  # of an update whose handler raises a bug
NO_ROOM_TRIES = 20  # of an update for whose file the disk has no room: some ten minutes
LONGEST = 30.0  # seconds between tries while the database or Telegram is away
BEHIND, FURTHEST = 0.03, 1.0  # seconds, at first and at most, while another process has an earlier one of that person

NO_OTHERS: Mapping[int, Bot] = {}
Dispatch = Callable[[Arrived], Awaitable[bool]]

log = logging.getLogger(__name__)


class UnderWay:
    """Tells of each update that is still under way after LONG seconds; one timer serves all."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.tell, self.begun = tell, dict[int, float]()
        self.timer: asyncio.TimerHandle | None = None

    def begin(self, update_id: int) -> None:
        loop = asyncio.get_running_loop()
        self.begun[update_id] = loop.time()
        self.timer = self.timer or loop.call_later(LONG, self._look)

    def end(self, update_id: int) -> None:
        self.begun.pop(update_id, None)

    def _look(self) -> None:
        loop, self.timer = asyncio.get_running_loop(), None
        for update_id, began in list(self.begun.items()):  # in the order in which they began
            remaining = began + LONG - loop.time()
            if remaining > 0:
                self.timer = loop.call_later(remaining, self._look)
                return
            self.end(update_id)
            self.tell(update_id)


class Processing:
    """`dispatch(update)` says whether it has ended the update, which saves a reading; it raises what went wrong."""

    def __init__(
        self,
        bot: Bot,
        dispatch: Dispatch,
        database: Database,
        clock: Clock,
        *,
        others: Mapping[int, Bot] = NO_OTHERS,
        admins: Iterable[int] = (),
    ) -> None:
        self.dispatch, self.database, self.clock, self.admins = dispatch, database, clock, tuple(admins)
        self.bots = {**others, FIRST_BOT: bot}
        self.waits: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.notes: set[asyncio.Task[bool]] = set()
        self.under_way = UnderWay(self._is_long)
        self.seclusion = Seclusion()

    async def __call__(self, received: ReceivedUpdate) -> float | None:
        if received.begun > ENDED:
            outcome: bool | Exception = EndedProcess(received.update_id)
        else:
            outcome = await self._in_turn(received)
        pause = await self._settled(received, outcome)
        if pause is None:
            self.waits.pop(received.update_id, None)
        return pause

    async def _in_turn(self, received: ReceivedUpdate) -> bool | Exception:
        """Handle an update in its turn: one with a file waits for one that ended processes, which runs with no other
        file beside it."""
        if received.begun == ENDED:
            async with self.seclusion.alone():
                return await self._noted(received)
        if brings_file(received):
            async with self.seclusion.beside():
                return await self._noted(received)
        return await self._noted(received)

    async def _noted(self, received: ReceivedUpdate) -> bool | Exception:
        """Counts updates in progress when the process dies; a requested stop does not count."""
        if not brings_file(received):
            self.under_way.begin(received.update_id)
        elif not await self._note_begun(received.update_id):
            return EarlierUpdateWaits(received.update_id)
        try:
            return await self._process(received)
        except asyncio.CancelledError:
            with suppress(Exception):
                await self.database.transact(lambda unit: unit.inbox.reset_begun(received.update_id), self.clock())
            raise
        finally:
            self.under_way.end(received.update_id)

    def _is_long(self, update_id: int) -> None:
        note = asyncio.create_task(self._note_begun(update_id))
        self.notes.add(note)
        note.add_done_callback(self.notes.discard)

    async def _note_begun(self, update_id: int) -> bool:
        """False where it does not wait, or the database is away."""
        with suppress(Exception):
            return await self.database.transact(lambda unit: unit.inbox.count_begin(update_id), self.clock())
        return False

    async def _process(self, received: ReceivedUpdate) -> bool | Exception:
        """Return whether the update has ended, or what went wrong."""
        arrived = self._built(received)
        if arrived is None:
            return False
        try:
            return await self.dispatch(arrived)
        except Exception as error:
            return error

    def _built(self, received: ReceivedUpdate) -> Arrived | None:
        """Return the update as handlers read it; None for one that no handler takes."""
        used_fields, number = usable(received.payload), bot_of_number(received.update_id)
        if used_fields is None or number not in self.bots:
            return None
        try:
            fields = without_nul({**used_fields, "update_id": received.update_id})
            return read_arrival(fields if number == FIRST_BOT else stored_update(number, fields), self.bots[number])
        except Exception as error:
            details = {"update": received.update_id, "reason": type(error).__name__}
            log.error("An update has an unknown structure", extra=details, exc_info=error)
            return None

    async def _settled(self, received: ReceivedUpdate, ended: bool | Exception) -> float | None:
        if ended is True:
            self._report(received, "done", None)
            return None
        error = ended or None
        waits = min(9, self.waits[received.update_id])
        patience = min(LONGEST, 0.5 * 4**waits)
        if isinstance(error, RetryAfter):
            patience = max(patience, pause_of(error))
        try:
            outcome, pause = await self.database.transact(settle, self.clock(), received, error, patience, self.admins)
            pause = min(FURTHEST, BEHIND * 2**waits) if outcome == "behind" else pause
        except Exception as failure:
            outcome, pause, error = "waiting", patience, failure
        self._report(received, outcome, error)
        self.waits[received.update_id] += 1
        return pause

    def _report(self, received: ReceivedUpdate, outcome: str, error: Exception | None) -> None:
        self.counts[outcome] += 1
        details = {"update": received.update_id, "outcome": outcome}
        log.debug("An update", extra=details)
        if error is None or outcome in ("done", "behind"):
            return
        level = logging.WARNING if is_passing(error) else logging.ERROR
        trace = None if is_passing(error) else error
        reason = "the disk is full" if is_disk_full(error) else error_name(error)
        log.log(level, "An update failed", extra={**details, "reason": reason}, exc_info=trace)


class EndedProcess(Exception):
    """A process ended more than once while this update was under way."""


def brings_file(received: ReceivedUpdate) -> bool:
    """Return whether an update holds a file, which is read a little later."""
    messages = (received.payload.get(name) for name in ("message", "edited_message"))
    return any(isinstance(message, dict) and "document" in message for message in messages)


def without_nul(sent: Any) -> Any:
    """The update with NUL characters replaced by spaces, at any depth: PostgreSQL stores none."""
    return _spaced(sent) if b"\\u0000" in orjson.dumps(sent) else sent


def _spaced(sent: Any) -> Any:
    if isinstance(sent, str):
        return sent.replace("\0", " ")
    if isinstance(sent, dict):
        return {name: _spaced(value) for name, value in sent.items()}
    return [_spaced(value) for value in sent] if isinstance(sent, list) else sent


def _tell_no_room(unit: UnitOfWork, received: ReceivedUpdate) -> None:
    """Tell the sender once that their file waits until there is room on the disk."""
    person = unit.people.find_by_telegram_id(received.person)
    if person is not None:
        unit.outbox.tell(person.id, FileWaits(theirs=True), key=f"no room:update {received.update_id}")


def is_passing(error: Exception) -> bool:
    """Return whether the cause is outside and temporary: database, network, a full disk."""
    return is_disk_full(error) or (
        isinstance(error, Unavailable | NetworkError | RetryAfter) and not isinstance(error, BadRequest)
    )


def _keep_payment(unit: UnitOfWork, received: ReceivedUpdate, person: Person, admins: Iterable[int]) -> bool:
    """Put a card payment that could not be booked before the admins, and tell them and its payer; return whether the
    update reports one."""
    message = (usable(received.payload) or {}).get("message", {})
    if "successful_payment" not in message:
        return False
    card_payments.keep_stray(unit, admins, person, payment_of(message["successful_payment"]), "failed")
    return True


def settle(
    unit: UnitOfWork,
    received: ReceivedUpdate,
    error: Exception | None,
    patience: float,
    admins: Iterable[int],
) -> tuple[str, float | None]:
    """Ends an update its handler left waiting, or returns the seconds until it is tried again. A pair of outcome and
    seconds."""
    if not unit.inbox.is_waiting(received.update_id):
        return "done", None
    # It may have been stored, or have become the first, since.
    if isinstance(error, EarlierUpdateWaits | AlreadyHandled) or not unit.inbox.is_first(received.update_id):
        return "behind", BEHIND
    if error is None:
        unit.inbox.finish(received.update_id, "ignored", "nothing to do")
        return "ignored", None
    unit.inbox.reset_begun(received.update_id)
    if is_disk_full(error):
        _tell_no_room(unit, received)
        if unit.inbox.count_failure(received.update_id) < NO_ROOM_TRIES:
            return "waiting", patience
    elif is_passing(error):
        return "waiting", patience
    tries = TRIES if isinstance(error, EndedProcess) else unit.inbox.count_failure(received.update_id)
    if tries < TRIES:
        return "tried again", 0.5 * 4 ** (tries - 1)
    unit.inbox.finish(received.update_id, "dead", type(error).__name__)
    person = unit.people.find_by_telegram_id(received.person)
    if person is not None and not _keep_payment(unit, received, person, admins):
        unit.outbox.tell(person.id, ErrorNoticed(), key=f"oops:{received.update_id}")
    return "dead", None
