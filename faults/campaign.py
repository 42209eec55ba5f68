"""A fault campaign: the real process under load, faulted and killed; a last run without faults; then the check of all
promises."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.moments import Moment
from domain.people.settings import Preferences
from domain.projects.projects import ProjectId
from faults import forks
from faults.checks import Found, remembered
from faults.clock import Clock
from faults.crowd import ImpatientWorker
from faults.expected_balances import ADMIN, PAYER, settle_money
from faults.forks import ForkedProcess
from faults.log_errors import errors_in
from faults.money import RandomActor, RandomAdmin, RandomRequester, RandomWorker
from faults.waiting import free_port, listens, until
from services.work import dispatch
from simulator.crowd.client import ControlRefusal, Phone
from simulator.limits import Limits
from simulator.running import Telegram, fresh_token, serve
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.drivers.connection import Row
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, REQUESTER, House, furnish, launch, settle_plans

LONGEST = 240  # seconds until all that waits is done; a machine may have other work
LAST_WORDS = 0.5  # seconds in which the local Telegram, in this loop, reads what was sent before its sender was stopped


@dataclass(frozen=True, slots=True)
class Plan:
    """`life`: seconds at most between the first sign of life and the kill; `patience` those of a worker who sees no
    task. `bots` is what is done to the program.

    `plans` are projects of the requester's beside those that run, more than there is money for; `running` how many run,
    with the crowd at work in all of them; `project` what is different about them; `starts` what time the bot's clock
    has; `forgives` what tracebacks may end with.
    """

    kills: int = 20
    workers: int = 32
    tasks: int = 400
    gold: int = 40
    plans: int = 16
    life: float = 1.4
    patience: float = 30.0
    seed: int = 1
    bots: Sequence[str] = ()
    project: Mapping[str, Any] = field(default_factory=dict)
    running: int = 1
    starts: Moment | None = None
    forgives: Sequence[str] = ()


@dataclass(slots=True)
class Campaign:
    plan: Plan
    telegram: Telegram
    database_url: str
    house: House
    hands: list[ImpatientWorker]
    movers: list[RandomActor]
    log: Path
    dice: random.Random
    clock: Clock
    server: Any = None  # PostgreSQL, where it is to be struck
    environment: dict[str, str] = field(default_factory=dict)  # of its processes, beside the usual
    crowd: list[asyncio.Task[None]] = field(default_factory=list)
    alive: list[ForkedProcess] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    async def run(self, enough: Callable[[], bool] = lambda: True) -> Found:
        """Kills the process again and again while the crowd presses, runs it once in peace, until it is `enough`, then
        checks."""
        self.begin()
        for _ in range(self.plan.kills):
            await self.run_and_kill()
            await self.pester()
        await self.peace(enough)
        return self.reckon()

    def begin(self) -> None:
        people: list[ImpatientWorker | RandomActor] = [*self.hands, *self.movers]
        self.crowd = [asyncio.create_task(person.work()) for person in people]

    async def run_and_kill(self) -> None:
        """Most lives end at work; now and then one ends while it still starts."""
        if self.dice.random() < 0.15:
            process = await self.launch()
            await asyncio.sleep(self.dice.uniform(0, 0.5))
        else:
            process = await self.start()
            await asyncio.sleep(self.dice.uniform(0, self.plan.life))
        await self.kill(process)

    async def kill(self, process: ForkedProcess) -> None:
        process.kill()
        await process.wait()
        self.alive.remove(process)

    async def launch(self, *bots: str, **environment: str) -> ForkedProcess:
        """Starts one more process without waiting for it."""
        environment = {
            "BOT_TOKEN": self.telegram.token,
            "BOT_API_URL": self.telegram.url,
            "DATABASE_URL": self.database_url,
            "LOG_LEVEL": "ERROR",
            "ADMIN_IDS": str(ADMIN),
            "APPROVE_FIRST": "false",
            **PAYER,
            **self.environment,
            **environment,
        }
        process = await forks.start((*self.plan.bots, *bots), environment, self.log)
        self.alive.append(process)
        return process

    async def start(self, *bots: str, **environment: str) -> ForkedProcess:
        """A process that has asked for updates, or said where it wants them."""
        asked = self._asked()
        process = await self.launch(*bots, **environment)
        await until(lambda: self._asked() > asked or process.returncode is not None, 90)
        assert process.returncode is None, self.log.read_text()[-2000:]
        return process

    async def join(self, *bots: str) -> ForkedProcess:
        """One more process beside those there are; it listens, so it is at work or stands by."""
        port = free_port()
        process = await self.launch(*bots, HTTP_PORT=str(port))
        await until(lambda: listens(port) or process.returncode is not None, 90)
        await asyncio.sleep(1)
        return process

    def _asked(self) -> int:
        counts = self.telegram.stats.counts
        return sum(count for (method, _), count in counts.items() if method in ("getUpdates", "setWebhook"))

    async def pester(self) -> None:
        """Presses buttons while the bot is down: the backlog of its next start."""
        some = self.dice.sample(self.movers, min(4, len(self.movers)))
        people: list[ImpatientWorker | RandomActor] = [*self.hands, *some]
        await asyncio.gather(*(person.pester() for person in people))

    async def peace(self, enough: Callable[[], bool] = lambda: True) -> None:
        """Nothing new is pressed, all that waits is done, and every process ends as it should."""
        if not self.alive:
            await self.start()
        await until(lambda: any(hand.told() for hand in self.hands), LONGEST)  # on a busy machine the lives were short
        await until(enough, LONGEST)
        await until(lambda: not self.telegram.world.updates.pending, LONGEST)
        for one in self.crowd:
            one.cancel()
        ends = await asyncio.gather(*self.crowd, return_exceptions=True)
        self.untrue += [f"somebody gave up: {end!r}" for end in ends if _is_odd(end)]
        await asyncio.sleep(LAST_WORDS)
        await until(lambda: not self.telegram.world.updates.pending, LONGEST)
        await until(self._is_settled, LONGEST)
        for process in self.alive:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), 30)
            if code != 0:
                self.untrue.append(f"a bot ended with {code}")
        self.alive = []

    def look(self, sql: str, **values: Any) -> list[Row]:
        """A reading of the database on its own connection."""
        with one_transaction(self.database_url, self.clock(), read_only=True) as unit:
            return unit.connection.all(sql, **values)

    def _is_settled(self) -> bool:
        waits = self.look(URGENT, anna=REQUESTER, till=ADMIN)
        return not waits and not self.look("SELECT 1 FROM inbox WHERE state = 'waiting' LIMIT 1")

    def reckon(self) -> Found:
        """After peace."""
        with one_transaction(self.database_url, self.clock(), read_only=True) as unit:
            found = remembered(unit, self.house, self.hands, self.telegram.world.updates)
        found.untrue += self.untrue + [line for line in errors_in(self.log) if not self._forgives(line)]
        return found

    def _forgives(self, line: str) -> bool:
        return any(name in line for name in self.plan.forgives)


# Letters a worker waits for; tidying may expire. Anna and the till say more than a chat is answered.
URGENT = """
SELECT 1 FROM outbox o JOIN people p ON p.id = o.person
WHERE o.state = 'waiting' AND o.lane < 3 AND p.telegram_id NOT IN (:anna, :till) LIMIT 1"""


def _is_odd(end: BaseException | None) -> bool:
    """Who was stopped, or has blocked the bot, is not."""
    return end is not None and not isinstance(end, asyncio.CancelledError | ControlRefusal)


@asynccontextmanager
async def campaign(plan: Plan, database_url: str, log: Path) -> AsyncIterator[Campaign]:
    """A furnished house, a local Telegram without flood control, and a crowd that has not begun."""
    clock = Clock(log.with_name(f"{log.name}.clock"))
    if plan.starts:
        clock.jump(plan.starts - clock())
    with one_transaction(database_url, clock()) as unit:
        house = furnish(unit, workers=plan.workers, tasks=plan.tasks, gold=plan.gold, **plan.project)
        _spread(unit, house, plan)
        plans = settle_plans(unit, house.requester, plan.plans)
        settle_money(unit, house)
        if not plan.starts:  # written to at any hour: what is found may not depend on when it is run
            for worker in house.workers:
                unit.preferences.store(worker, Preferences(begin_hour=0, end_hour=0))
    async with serve(fresh_token(), limits=Limits.off(), clock=lambda: time.time() + clock.telegram) as telegram:
        hands = []
        for number in range(plan.workers):
            phone = await telegram.phone(f"Worker {number}", id=FIRST_WORKER + number)
            hands.append(ImpatientWorker(phone, random.Random(f"{plan.seed}|{number}"), plan.patience))
        movers = await _movers(telegram, plan, plans, [hand.phone for hand in hands])
        dice = random.Random(plan.seed)
        environment = {"FAULT_CLOCK": str(clock.path)}
        fire = Campaign(
            plan,
            telegram,
            database_url,
            house,
            hands,
            movers=movers,
            log=log,
            dice=dice,
            clock=clock,
            environment=environment,
        )
        try:
            yield fire
        finally:
            for process in fire.alive:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


def _spread(unit: UnitOfWork, house: House, plan: Plan) -> None:
    """More projects like the first; each worker has a task of one of them in hand."""
    if plan.running < 2:
        return
    others = settle_plans(unit, house.requester, plan.running - 1, plan.tasks, **plan.project)
    for project in others:
        launch(unit, house.requester, project)
    for number, worker in enumerate(house.workers):
        project = (house.project, *others)[number % plan.running]
        dispatch.dispatch_next_in(unit, unit.people.get(worker), unit.projects.get(project), Lane.REPLY)


async def _movers(telegram: Telegram, plan: Plan, plans: list[ProjectId], workers: list[Phone]) -> list[RandomActor]:
    anna = await telegram.phone("Anna", id=REQUESTER)
    till = await telegram.phone("Till", id=ADMIN)
    return [
        RandomRequester(anna, random.Random(f"{plan.seed}|purse"), (0.1, 0.6), list(plans)),
        RandomAdmin(till, random.Random(f"{plan.seed}|till"), (0.1, 0.5)),
        *(RandomWorker(phone, random.Random(f"{plan.seed}|{phone.id}"), (5, 15)) for phone in workers),
    ]
