"""The real process under load, killed again and again; and what is found to be untrue afterwards."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import wall_clock
from domain.projects import ProjectId
from simulator import Limits, Telegram, serve
from simulator.client import Phone
from storage import invariants
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.crash.crowd import Hand
from tests.crash.money import Earner, Mover, Purse, Treasurer
from tests.crash.reckoning import ADMIN, PAYER, money, settle_money
from tests.house import FIRST_WORKER, REQUESTER, House, furnish, settle_plans

ROOT = Path(__file__).parents[2]
REAL = ("-m", "bot", "run")


@dataclass(frozen=True, slots=True)
class Plan:
    """`life`: seconds at most between the first sign of life and the kill. `command` is what python is given.

    `plans` are projects of the requester's beside the one that runs, more than there is money for.
    """

    kills: int = 20
    workers: int = 32
    tasks: int = 400
    gold: int = 40
    plans: int = 16
    life: float = 1.4
    seed: int = 1
    command: Sequence[str] = REAL


@dataclass(slots=True)
class Found:
    """What there was to lose, `moved` the transfers of each kind; `untrue` is empty where every promise was kept."""

    told: int = 0
    outlived: int = 0
    stored: int = 0
    confirmed: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Campaign:
    plan: Plan
    telegram: Telegram
    database_url: str
    house: House
    hands: list[Hand]
    movers: list[Mover]
    log: Path
    dice: random.Random
    process: asyncio.subprocess.Process | None = None

    async def run(self) -> Found:
        """Kill after kill with everybody pressing, a last life in peace, and the reckoning."""
        crowd = [asyncio.create_task(one.work()) for one in (*self.hands, *self.movers)]
        for _ in range(self.plan.kills):
            await self._live_and_die()
            await self._pester()
        process = await self._start()
        await until(lambda: not self.telegram.world.updates.pending, 90)
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        await until(self._is_settled, 90)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), 30)
        return self._reckon(code)

    async def _live_and_die(self) -> None:
        """Most lives end at work; now and then one ends while it still starts."""
        process = await self._start()
        if self.dice.random() < 0.15:
            await asyncio.sleep(self.dice.uniform(0, 0.5))
        else:
            await self._sign_of_life(process)
            await asyncio.sleep(self.dice.uniform(0, self.plan.life))
        process.kill()
        await process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        told = {
            "BOT_TOKEN": self.telegram.token,
            "BOT_API_URL": self.telegram.url,
            "DATABASE_URL": self.database_url,
            "LOG_LEVEL": "ERROR",
            "ADMIN_IDS": str(ADMIN),
            **PAYER,
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *self.plan.command, cwd=ROOT, env={**os.environ, **told}, stderr=log
            )
            return self.process

    async def _sign_of_life(self, process: asyncio.subprocess.Process) -> None:
        asked = len(self.telegram.stats.calls("getUpdates"))
        await until(lambda: len(self.telegram.stats.calls("getUpdates")) > asked or process.returncode is not None, 90)
        assert process.returncode is None, self.log.read_text()[-2000:]

    async def _pester(self) -> None:
        """The bot is down: what is pressed now is the backlog of its next life."""
        some = self.dice.sample(self.movers, 4)
        await asyncio.gather(*(one.pester() for one in (*self.hands, *some)))

    def _is_settled(self) -> bool:
        with one_transaction(self.database_url, wall_clock(), read_only=True) as unit:
            waits = unit.connection.all(URGENT, anna=REQUESTER, till=ADMIN)
            return unit.inbox.lag()[0] == 0 and not waits

    def _reckon(self, code: int) -> Found:
        found = Found(confirmed=len(self._confirmed()))
        if code != 0 or b"Traceback" in self.log.read_bytes():
            found.untrue.append(f"the bot ended with {code}; its log: {self.log.read_text()[-2000:]}")
        with one_transaction(self.database_url, wall_clock(), read_only=True) as unit:
            self._answers(unit, found)
            self._updates(unit, found)
            found.moved.update(dict(unit.connection.all(MOVED)))  # type: ignore[arg-type]  # pairs
            found.untrue += money(unit, self.house)
            found.untrue += [str(violation) for violation in invariants.check(unit)]
        return found

    def _answers(self, unit: UnitOfWork, found: Found) -> None:
        """Every answer somebody was told is received is there, as it was given."""
        stored = {row[0]: row[1] for row in unit.connection.all("SELECT assignment, answer FROM submissions")}
        options = unit.projects.get(self.house.project).options  # every plan has the same
        found.stored = len(stored)
        for hand in self.hands:
            told, outlived = hand.told(), hand.outlived()
            found.told += len(told)
            found.outlived += len(outlived)
            wrong = {number for number, option in told.items() if stored.get(number) != options[option]}
            for number in wrong | (outlived - stored.keys()):
                found.untrue.append(f"answer to assignment {number} was received and is not stored as it was given")

    def _confirmed(self) -> set[int]:
        """Updates the local Telegram was told it may forget."""
        updates = self.telegram.world.updates
        return set(range(FIRST_UPDATE, updates._next_id)) - updates.pending.keys()

    def _updates(self, unit: UnitOfWork, found: Found) -> None:
        kept = dict(unit.connection.all("SELECT update_id, state FROM inbox"))  # type: ignore[arg-type]  # pairs
        for update in self._confirmed() - kept.keys():
            found.untrue.append(f"update {update} was confirmed and is not in the inbox")
        for update, state in kept.items():
            if state not in ("done", "ignored"):
                found.untrue.append(f"update {update} is {state}")


MOVED = "SELECT kind, count(*) FROM transfers GROUP BY kind"
FIRST_UPDATE = 100_000_001
# Letters a worker waits for; tidying may expire. Anna and the till say more than a chat is answered.
URGENT = """
SELECT 1 FROM outbox o JOIN people p ON p.id = o.person
WHERE o.state = 'waiting' AND o.lane < 3 AND p.telegram_id NOT IN (:anna, :till) LIMIT 1"""


@asynccontextmanager
async def campaign(plan: Plan, database_url: str, log: Path) -> AsyncIterator[Campaign]:
    """A furnished house, a local Telegram without flood control, and a crowd that has not begun."""
    with one_transaction(database_url, wall_clock()) as unit:
        house = furnish(unit, workers=plan.workers, tasks=plan.tasks, gold=plan.gold)
        plans = settle_plans(unit, house.requester, plan.plans)
        settle_money(unit, house)
    async with serve(limits=Limits.off()) as telegram:
        hands = []
        for number in range(plan.workers):
            phone = await telegram.phone(f"Worker {number}", id=FIRST_WORKER + number)
            hands.append(Hand(phone, random.Random(f"{plan.seed}|{number}")))
        movers = await _movers(telegram, plan, plans, [hand.phone for hand in hands])
        under_fire = Campaign(plan, telegram, database_url, house, hands, movers, log, random.Random(plan.seed))
        try:
            yield under_fire
        finally:
            if under_fire.process is not None and under_fire.process.returncode is None:
                under_fire.process.kill()


async def _movers(telegram: Telegram, plan: Plan, plans: list[ProjectId], workers: list[Phone]) -> list[Mover]:
    anna = await telegram.phone("Anna", id=REQUESTER)
    till = await telegram.phone("Till", id=ADMIN)
    return [
        Purse(anna, random.Random(f"{plan.seed}|purse"), (0.1, 0.6), list(plans)),
        Treasurer(till, random.Random(f"{plan.seed}|till"), (0.1, 0.5)),
        *(Earner(phone, random.Random(f"{plan.seed}|{phone.id}"), (5, 15)) for phone in workers),
    ]


async def until(condition: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)
