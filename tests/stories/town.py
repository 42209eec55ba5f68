"""A town for stories: the local Telegram, the real bot on a real database, and people with phones."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar
from unittest.mock import patch

from bot.clock import wall_clock
from bot.running import run
from bot.settings import Settings, read_settings
from bot.sweeps import SWEEPS, AdminSweep, Sweep
from domain.moments import HOUR, Moment
from domain.work import assignments
from services.money import ledger
from services.people import settings
from services.work import corrections, dispatch, sweeps
from simulator.crowd.client import PATIENCE_SECONDS, Phone, buttons_of, text_of
from simulator.limits import Limits
from simulator.running import TOKEN, Telegram, serve
from simulator.values import Json
from storage.database import one_transaction
from storage.drivers.connection import Connection
from storage.drivers.dialects import dialect_of
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.file_order import in_file_order

T = TypeVar("T")

ADMIN = 900
NEVER_TOO_QUICK = -10_000  # milliseconds
CANT_TELL, MORE = "🤷 Can't tell", "⋯"  # what every task has, whatever its kind
HASTE = 0.3  # seconds between sweeps
MORNING = Moment(1_800_003_600_000)  # Friday, 15 January 2027, 09:00 UTC: no story meets the end of a month or a year
CAPTION = """/newproject
title: Is the review positive?
instructions: Read the review.
Is the writer pleased?
options: positive, negative
pay: 0.05
overlap: 1"""
# Why a letter may have been dropped in a story; anything else is a bug.
GOOD_REASONS = ("assignment ", "expired", "message gone", "unreachable", "nobody to send it to", "forgotten")

# While a story skips hours the house is at work; it is away only while the bot is stopped.
AWAKE = {"expire": sweeps.expire_assignments}


@dataclass
class TownClock:
    """The wall clock, moved: every story begins on the same morning, when people may be written to."""

    ahead: int = field(default_factory=lambda: MORNING - wall_clock())

    def __call__(self) -> Moment:
        return Moment(wall_clock() + self.ahead)

    def skip(self, hours: float = 0, minutes: float = 0) -> None:
        self.ahead += int((hours + minutes / 60) * HOUR)


@dataclass
class Bot:
    """The real bot in this process, without the pauses that only a real Telegram needs."""

    settings: Settings
    clock: TownClock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.stopping.clear()
        hasty = [
            replace(each, seconds=min(each.seconds, HASTE), service=AWAKE.get(each.name, each.service))
            if isinstance(each, Sweep)
            else replace(each, seconds=min(each.seconds, HASTE))
            if isinstance(each, AdminSweep)
            else each
            for each in SWEEPS
        ]
        told = {"per_second": 0, "rest": 0, "clock": self.clock, "sweeps": hasty}
        self.running = asyncio.create_task(run(self.settings, self.stopping, **told))

    async def stop(self) -> None:
        self.stopping.set()
        if self.running is not None:
            await asyncio.wait_for(self.running, 20)


@dataclass
class Town:
    """Who lives here, and what the bot remembers of them."""

    telegram: Telegram
    bot: Bot
    admin: Phone
    reasons: tuple[str, ...] = GOOD_REASONS
    eyes: Connection | None = None

    @property
    def clock(self) -> TownClock:
        return self.bot.clock

    async def phone(self, name: str, **details: object) -> Phone:
        return await self.telegram.phone(name, **details)

    async def worker(self, name: str, *, pushed: bool | None = None, **details: object) -> Phone:
        """Somebody who pressed start and agreed, and has what came then: a first task where one runs, else word that
        there is none. `pushed`: tasks come unasked at any hour; by default where no project runs yet."""
        phone = await self.phone(name, role="worker", **details)
        await phone.say("/start")
        await phone.press(first_button(await phone.wait_for("Pouce")))
        await phone.wait_for("🎉")
        await phone.wait_for(lambda message: buttons_of(message) or text_of(message)[:1] not in "🎉🆕", new=True)
        if self.one("SELECT count(*) FROM projects WHERE state = 'running'") == 0 if pushed is None else pushed:
            await self.alter(lambda unit: _settled(unit, phone.id))
        return phone

    async def requester(self, name: str = "Rosa", euros: str = "100", **details: object) -> Phone:
        """Somebody who may ask, with money."""
        phone = await self.phone(name, role="requester", **details)
        await phone.say("/start")
        await phone.wait_for("Pouce")
        await self.admin.say(f"/role {phone.id} requester on")
        await phone.wait_for("/newproject")
        if euros != "0":
            await self.admin.say(f"/deposit {phone.id} {euros} story")
            await phone.wait_for("arrived")
        return phone

    async def project(self, requester: Phone, rows: bytes, caption: str = CAPTION, **changes: object) -> int:
        """Sends the file and launches; the project's number."""
        number = await draft(requester, rows, with_lines(caption, **changes))
        await requester.say(f"/launch {number}")
        await requester.wait_for("set aside")
        await requester.wait_for("▱▱")
        return number

    def look(self, question: Callable[[UnitOfWork], T]) -> T:
        """A question to the database, past the bot."""
        if self.eyes is None:  # a connection costs ten times what a question does
            self.eyes = dialect_of(self.bot.settings.database_url).open(read_only=True)
        self.eyes.changed(dialect_of(self.bot.settings.database_url).begin_reading())
        try:
            return question(UnitOfWork(self.eyes, self.clock()))
        finally:
            self.eyes.changed("ROLLBACK")

    async def alter(self, work: Callable[[UnitOfWork], None]) -> None:
        """As an earlier version, or somebody with the database at hand, might have left it."""

        def change() -> None:
            with one_transaction(self.bot.settings.database_url, self.clock()) as unit:
                work(unit)

        await asyncio.to_thread(change)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.look(lambda unit: unit.connection.all(sql, **values))]

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def balance(self, account: str) -> int:
        return self.look(lambda unit: unit.ledger.balance(account))

    def is_in_order(self) -> None:
        """Every invariant holds; submissions times pay is what was credited; nothing was given up or lost by a bug."""
        self._seal()
        found = self.look(find_violations)
        assert found == [], [str(each) for each in found]
        earned = self.one("SELECT coalesce(sum(pay), 0) FROM submissions")
        credited = self.one("SELECT coalesce(sum(amount), 0) FROM transfers WHERE kind = 'reward'")
        assert int(earned) == int(credited)
        assert self.rows("SELECT update_id, reason FROM inbox WHERE state = 'dead'") == []
        dropped = self.rows("SELECT screen, reason FROM outbox WHERE state = 'dropped'")
        assert [row for row in dropped if not row[1].startswith(self.reasons)] == []

    def _seal(self) -> None:
        """A story may skip hours in less time than the two seconds until the next seal of the ledger."""
        with one_transaction(self.bot.settings.database_url, self.clock()) as unit:
            while ledger.seal_recent(unit) == ledger.MAX_SEALED_AT_ONCE:
                pass

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """For what a sweep does without telling anybody."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - a sweep tells nobody, so there is nothing to wait for
                await asyncio.sleep(0.05)

    async def delivered(self) -> None:
        """Every task given out is in its chat, and the bot knows it."""
        waiting = "SELECT 1 FROM outbox WHERE assignment IS NOT NULL AND state = 'waiting'"
        await self.until(lambda: self.rows(waiting) == [])

    async def restart(self) -> None:
        await self.bot.stop()
        self.bot.start()


def _settled(unit: UnitOfWork, telegram_id: int) -> None:
    """The minutes in which nothing comes unasked are over."""
    person = unit.people.find_by_telegram_id(telegram_id)
    if person is not None and person.is_worker and unit.people.is_waiting(person.id):
        settings.update_push_window(unit, person.id, just_acted=True)


def first_button(message: Json) -> str:
    return str(message["reply_markup"]["inline_keyboard"][0][0]["text"])


def with_lines(caption: str, **changes: object) -> str:
    """The caption with some keys changed or added."""
    kept = [line for line in caption.splitlines() if line.partition(":")[0] not in changes]
    return "\n".join([*kept, *(f"{key}: {value}" for key, value in changes.items())])


def csv(*reviews: str, gold: tuple[str, ...] = (), reason: str = "") -> bytes:
    """A file with a row for each review; then one for each gold answer."""
    known = [f"“known {number}”,{answer},{reason}" for number, answer in enumerate(gold, 1)]
    return "\n".join(["text,gold,reason", *(f"{review},," for review in reviews), *known, ""]).encode()


async def draft(requester: Phone, rows: bytes, caption: str = CAPTION, name: str = "reviews.csv") -> int:
    """Sends the file; the number on the pre-flight card."""
    await requester.upload(rows, name, caption)
    card = await requester.wait_for(r"Project \d+:")
    return int(re.findall(r"Project (\d+):", text_of(card))[0])


async def toast(phone: Phone, query: str) -> str:
    """What stood over the chat after a press."""
    return str((await phone.answer_to(query)).get("text") or "")


async def ask(phone: Phone, said: str, shown: str) -> str:
    """Says something and waits for what is shown."""
    await phone.say(said)
    return text_of(await phone.wait_for(shown))


async def press_action(phone: Phone, action: str, on: Json | None = None) -> str:
    """Presses one of a task's other actions, behind ⋯ where it does not stand in the message itself; the query's id."""
    names = {action, MORE}
    seen = on or next(each for each in reversed(phone.messages) if names & {key["text"] for key in buttons_of(each)})
    if action not in {key["text"] for key in buttons_of(seen)}:
        shown = seen["message_id"]
        await phone.press(MORE, seen)
        await phone.until(lambda phone: action in {key["text"] for key in buttons_of(phone.shown[shown])})
        seen = phone.shown[shown]
    return await phone.press(action, seen)


async def choose_new_messages(phone: Phone) -> None:
    """A message a task, as the settings offer it."""
    await ask(phone, "/settings", "When and how we write to you")
    page = phone.last["message_id"]
    for button, shown in (("💬 New or same message", "Where does"), ("A new message", "A new message for each task")):
        await phone.press(button, phone.shown[page])
        await phone.until(lambda phone, shown=shown: shown in text_of(phone.shown[page]))


async def press_late(phone: Phone, option: str, seen: Json) -> str:
    """Presses a button as it was seen: the finger may be faster than the edit that takes it away."""
    data = next(str(each["callback_data"]) for each in buttons_of(seen) if each["text"] == option)
    return await phone.press_data(data, seen["message_id"])


def is_task(message: Json) -> bool:
    return any(button["text"] == CANT_TELL for button in buttons_of(message))


async def next_task(phone: Phone) -> Json:
    """The task that follows what was just done, in the same message or a new one, or the word that there is none."""
    return await phone.wait_for(lambda message: is_task(message) or "No task" in text_of(message))


async def answer(phone: Phone, option: str) -> str:
    """Answers the newest task in the chat; the next one, as `next_task` finds it."""
    await phone.press(option)
    return text_of(await next_task(phone))


FLOOR = Decimal("12.88")
UNSEALED = "SELECT t.id FROM transfers t LEFT JOIN hash_chain s ON s.transfer = t.id WHERE s.transfer IS NULL"


@asynccontextmanager
async def town(
    database_url: str,
    limits: Limits | None = None,
    clock: TownClock | None = None,
    double_tap: int = NEVER_TOO_QUICK,
    **more: object,
) -> AsyncIterator[Town]:
    """`more` are settings; a first project needs no admin unless a story is about it, and tasks come in the order of
    their file. People here read in no time: no press is a double tap unless a story is about it (`double_tap`). After
    the story the house must be in order."""
    async with AsyncExitStack() as stack:
        stack.enter_context(in_file_order())
        for module in (assignments, dispatch, corrections):
            stack.enter_context(patch.object(module, "DOUBLE_TAP_MILLISECONDS", double_tap))
        telegram = await stack.enter_async_context(serve(limits=limits or Limits.off()))
        told = {"bot_token": TOKEN, "bot_api_url": telegram.url, "database_url": database_url, "admin_ids": (ADMIN,)}
        usual = {"wage_floor_per_hour": FLOOR, "approve_first": False}  # whatever the law says next year
        bot = Bot(read_settings(_env_file=None, **{**told, **usual, **more}), clock or TownClock())
        bot.start()
        try:
            admin = await telegram.phone("Ada", id=ADMIN, username="ada", role="admin")
            await admin.say("/start")
            await admin.wait_for("Pouce")
            here = Town(telegram, bot, admin)
            try:
                yield here
                await here.until(lambda: here.rows(UNSEALED) == [])  # hours may have been skipped since the last sweep
                here.is_in_order()
            finally:
                if here.eyes is not None:
                    here.eyes.close()
        finally:
            await bot.stop()
