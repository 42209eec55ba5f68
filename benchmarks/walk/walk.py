"""One walk: people are let in, then take so many random steps; what must hold is looked at after each."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import process_time
from typing import Any
from unittest.mock import patch

from benchmarks.walk.bot import WalkedBot
from benchmarks.walk.cast import ADMIN, REQUESTER, WORKER, Walker, cast, join
from benchmarks.walk.checks import Checks, Errors, Fault
from benchmarks.walk.choosing import Choosing, Known
from benchmarks.walk.steps import step
from bot.settings import read_settings
from domain.moments import SECOND, Moment, later
from simulator.media import files
from simulator.values import Json
from storage import secrets as stored_secrets
from storage.unit import UnitOfWork

START = Moment(1_800_000_000_000)  # 2027-01-15, 08:00 UTC
EVERY = 50  # steps between two looks at all rows
SWEPT = 0.2  # of the steps are followed by sweeps
LAST = 40  # steps that are told
OWN = """
SELECT p.telegram_id, j.id, j.state FROM projects j JOIN people p ON p.id = j.requester
WHERE j.arriving = 0 AND p.telegram_id IS NOT NULL ORDER BY j.id"""
COUNTED = ("projects", "submissions", "transfers", "assignments", "payouts")
SETTINGS: dict[str, Any] = {
    "payer_name": "Pouce",
    "payer_iban": "FR7630006000011234567890189",
    "payer_bic": "AGRIFRPP",
    "secrets_key": "0123456789abcdef0123456789abcdef",
    "operator_name": "Pouce SAS",
    "operator_country": "FR",
    "operator_tax_number": "732829320",
    "operator_street": "1 rue Pouce",
    "operator_postcode": "75001",
    "operator_town": "Paris",
    "public_url": "https://pouce.example",
    "payout_wise": "SN",
}


Tell = Callable[[int, int, Fault, list[str]], None]  # seed, step, what was found, the last steps


@dataclass(slots=True)
class Walked:
    """How it went; each fault with the step at which it showed, and the steps before it."""

    seed: int
    steps: int = 0
    seconds: float = 0.0  # of the processor
    faults: list[tuple[int, Fault, list[str]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


async def walk(url: str, seed: int, steps: int, stop: bool = True, tell: Tell = lambda *_: None) -> Walked:
    """`stop`: at the first fault; else each kind is told once."""
    with (
        patch.object(stored_secrets, "token_bytes", Random(seed).randbytes),
        patch.object(files, "token_urlsafe", _token(seed)),
    ):
        walking = Walking(url, seed, tell)
        try:
            await walking.go(steps, stop)
        finally:
            await walking.close()
    return walking.walked


def _token(seed: int) -> Callable[[int], str]:
    dice = Random(seed)
    return lambda size: dice.randbytes(size).hex()


class Walking:
    def __init__(self, url: str, seed: int, tell: Tell = lambda *_: None) -> None:
        self.dice, self.walked, self.tell = Random(seed), Walked(seed), tell
        cast_, errors = cast(), Errors()
        admins = tuple(each.id for each in cast_ if each.role == ADMIN)
        settings = read_settings(_env_file=None, bot_token="1:x", admin_ids=admins, **SETTINGS)
        self.bot = WalkedBot(url, settings, START, seed)
        self.walkers: dict[int, Walker] = {each.id: each for each in cast_}
        self.choosing = Choosing(self.bot, self.dice, cast_)
        self.checks = Checks(self.bot, self.walkers, errors)
        self.events = self.bot.world.live.watch()
        self.last: deque[str] = deque(maxlen=LAST)
        self.kinds: set[str] = set()
        logging.getLogger().addHandler(errors)
        join(self.bot.phones, cast_)

    async def close(self) -> None:
        logging.getLogger().removeHandler(self.checks.errors)
        await self.bot.close()

    async def go(self, steps: int, stop: bool) -> None:
        began = process_time()
        await self.bot.begin()
        await self._settle()
        while self.walked.steps < steps and not (stop and self.walked.faults):
            await self._step()
        self._note(await self.checks.now_and_then())
        self.walked.seconds = process_time() - began
        self.walked.counts = await self.bot.ask(_counts)

    async def _settle(self) -> None:
        """Everybody but strangers comes in, requesters with money."""
        first = next(each for each in self.walkers.values() if each.role == ADMIN)
        for walker in self.walkers.values():
            if walker.role in (ADMIN, REQUESTER, WORKER):
                await self._act(lambda w=walker: self.choosing.sending.say(w, "/start"))
            for _ in range(2 if walker.role == WORKER else 0):
                await self._act(lambda w=walker: self._affirm(w))
        for walker in self.walkers.values():
            if walker.role == REQUESTER:
                for said in (f"/role {walker.id} requester on", f"/deposit {walker.id} 1000 zor"):
                    await self._act(lambda s=said: self.choosing.sending.say(first, s))

    async def _affirm(self, walker: Walker) -> None:
        message, data = walker.shown[-1] if walker.shown else (1, "x")
        first = [each for each in walker.shown if each[0] == message]
        await self.choosing.sending.press(walker, *(first[0] if first else (message, data)))

    async def _act(self, act: Callable[[], Awaitable[object]]) -> None:
        await act()
        await self.bot.take()
        await self.bot.deliver()
        await self._look()

    async def _step(self) -> None:
        self.bot.now = later(self.bot.now, int(self.dice.expovariate(1 / (4 * SECOND))) + 50)
        told = await step(self.choosing)
        self.walked.told.append(told)
        self.last.append(f"{self.walked.steps} {told}")
        await self.bot.take()
        if self.dice.random() < SWEPT:
            await self.bot.sweep()
        chance = self.dice.random()
        if chance < 0.8:
            await self.bot.deliver()
        elif chance < 0.9:
            await self.bot.deliver(1)
        await self._look()
        self.walked.steps += 1
        if self.walked.steps % EVERY == 0:
            self._note(await self.checks.now_and_then())
            self.choosing.known = await self.bot.ask(_known)

    async def _look(self) -> None:
        events = []
        while not self.events.empty():
            event = self.events.get_nowait()
            if event is not None:
                events.append(event)
                self._read(event)
        self._note([*self.checks.after_step(events, await self.bot.ask(_languages)), *self.checks.unanswered()])

    def _read(self, event: Json) -> None:
        message = event.get("message") or {}
        if message.get("out"):
            self.checks.acted(event["person"])
        else:
            self.choosing.read(str(message.get("text") or message.get("caption") or ""))
            self.choosing.read(str(message.get("reply_markup", "")))

    def _note(self, faults: list[Fault]) -> None:
        for fault in faults:
            if fault.kind not in self.kinds:
                self.kinds.add(fault.kind)
                self.walked.faults.append((self.walked.steps, fault, list(self.last)))
                self.tell(self.walked.seed, *self.walked.faults[-1])


def _languages(unit: UnitOfWork) -> dict[int, str]:
    return dict(unit.connection.all("SELECT telegram_id, language FROM people WHERE telegram_id IS NOT NULL"))  # type: ignore[arg-type]  # pairs


def _known(unit: UnitOfWork) -> Known:
    known = Known(numbers=_counts(unit))
    for telegram_id, number, state in unit.connection.all(OWN):
        known.own.setdefault(telegram_id, []).append(number)
        if state == "draft":
            known.drafts.setdefault(telegram_id, []).append(number)
    return known


def _counts(unit: UnitOfWork) -> dict[str, int]:
    return {name: int(unit.connection.all(f"SELECT coalesce(max(id), 0) FROM {name}")[0][0]) for name in COUNTED}


def run(url: str, seed: int, steps: int, stop: bool = True, tell: Tell = lambda *_: None) -> Walked:
    return asyncio.run(walk(url, seed, steps, stop, tell))
