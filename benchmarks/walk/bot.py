"""The real bot, one thing at a time: its intake, its handlers, its relay's attempts, its sweeps, in virtual time.

Nothing runs beside a step, so that a seed repeats it: updates are handled and letters sent when the walk says so."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram import Bot

from benchmarks.fairness.inline import InlineDatabase
from benchmarks.walk.telegram import ADDRESS, InProcess
from bot import profile
from bot.cluster.roles import RelayRole
from bot.cluster.runtime import Runtime
from bot.delivery.attempts import Outcome, OutcomeKind, record_outcomes
from bot.intake.polling import ALLOWED
from bot.intake.processing import Processing
from bot.routes import Dispatcher
from bot.running import document_sweeps, house_of
from bot.settings import Settings
from bot.sweeps import SWEEPS, AnySweep, Sweep, SweepRunner
from domain.moments import SECOND, Moment, later
from services.work import sweeps
from simulator.limits import Limits
from simulator.phones import Phones
from simulator.running import TOKEN
from simulator.server import Server
from simulator.updating.webhook import WebhookDelivery
from simulator.values import Json
from simulator.world import Bot as Profile
from simulator.world import World
from storage.boxes.inbox import ReceivedUpdate, pack_update, read_update
from storage.boxes.outbox import Lane, Letter
from storage.boxes.receiving import store_updates
from storage.unit import UnitOfWork

MOST = 500  # letters of a lane in one reading
TURNS = 40  # of a letter whose attachment is on its way
TRIES = 12  # of an update: one that is tried again, or behind another
# The virtual clock jumps: no process was away. The product gives what looks like downtime back to its workers.
AWAKE = {"expire": sweeps.expire_assignments}


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was shown, changed or dropped."""

    letter: Letter
    verdict: OutcomeKind
    reason: str
    message: int | None


class WalkedBot:
    """`now` is everybody's clock; `sent` the outcomes of letters since they were last looked at."""

    def __init__(self, url: str, settings: Settings, now: Moment, seed: int) -> None:
        self.now = now
        self.world = World(
            Profile(1_000_001, "pouce_bot", {"": "Pouce"}), Limits.off(), lambda: self.now / SECOND, seed
        )
        webhook = WebhookDelivery(self.world.updates, self.world.faults, self.world.clock)
        self.transport = InProcess(Server(TOKEN, self.world, webhook))
        self.phones = Phones(self.world)
        self.database = InlineDatabase(url)
        self.house = house_of(settings, self.database, lambda: self.now)
        bot = _bot_over(self.transport)
        self.processing = Processing(bot, Dispatcher(bot, self.house), self.database, lambda: self.now)
        self.runtime = Runtime(bot, self.house, self.processing, 0, 0.0, (*SWEEPS, *document_sweeps(self.house)))
        role = RelayRole(self.runtime, None)
        self.attempts, self.after = role.relay.attempts, role.relay.receipts.after
        awake = [_awake(each) for each in self.runtime.sweeps]
        self.sweeping = SweepRunner(self.database, awake, lambda: self.now, self.house.admins)
        self.ran: dict[str, Moment] = {}
        self.offset = 0
        self.sent: list[Sent] = []

    async def begin(self) -> None:
        await self.runtime.connect(self.runtime.bots[0])
        await profile.publish_profile(self.runtime.api, self.house.default_language, self.house.commands)

    async def close(self) -> None:
        await self.database.close()

    async def take(self) -> int:
        """Stores what people did and handles it, in order; how many updates there were."""
        api = self.runtime.api
        found = await api("getUpdates", timeout=0, limit=100, offset=self.offset, allowed_updates=ALLOWED)
        if found:
            self.offset = max(each["update_id"] for each in found) + 1
            await self.receive(found)
        return len(found)

    async def receive(self, updates: Sequence[Json]) -> None:
        got = [pack_update(read_update(update)) for update in updates]
        await self.database.freely(lambda unit: store_updates(unit, got), self.now)
        for each in got:
            await self._handle(each)

    async def _handle(self, update: ReceivedUpdate) -> None:
        for _ in range(TRIES):
            if await self.processing(update) is None:
                return
        raise RuntimeError(f"update {update.update_id} does not end")

    async def deliver(self, most: int = 10_000) -> None:
        """Sends what is due, one letter of a chat at a time, replies first."""
        turns: dict[int, int] = {}
        while most > 0:
            letters = await self.database.transact(_due, self.now)
            going = [each for each in letters if turns.get(each.id, 0) < TURNS]
            if not going:
                return
            outcomes = [await self._attempt(each, turns) for each in going[:most]]
            most -= len(outcomes)
            ended = [each for each in outcomes if each is not None]
            if ended:
                await self.database.transact(partial(record_outcomes, outcomes=ended, after=self.after), self.now)

    async def _attempt(self, letter: Letter, turns: dict[int, int]) -> Outcome | None:
        """None where it is not there yet."""
        outcome = await self.attempts(letter)
        if outcome.verdict in (OutcomeKind.LATER, OutcomeKind.PARTLY):
            turns[letter.id] = turns.get(letter.id, 0) + 1
            await asyncio.sleep(0.001)
            return None
        if outcome.verdict is OutcomeKind.AGAIN:
            turns[letter.id] = TURNS
        self.sent.append(Sent(letter, outcome.verdict, outcome.reason, outcome.message_id))
        return outcome

    async def pass_time(self, milliseconds: int, parts: int = 1) -> None:
        """The clock goes on, in so many parts, each with its sweeps and letters."""
        end = later(self.now, milliseconds)
        for part in range(parts, 0, -1):
            self.now = later(self.now, (end - self.now) // part)
            await self.sweep()
            await self.deliver()

    async def sweep(self) -> None:
        """All sweeps that are due; those with a limit of rows run on while they have something to say."""
        due = [each for each in self.sweeping.sweeps if self.now >= self.ran.get(each.name, 0) + 1000 * each.seconds]
        for each in due:
            self.ran[each.name] = self.now
            await self.sweeping.run_once(each)

    async def ask(self, question: Any) -> Any:
        return await self.database.transact(question, self.now)


def _bot_over(transport: InProcess) -> Bot:
    return Bot(TOKEN, f"{ADDRESS}/bot", f"{ADDRESS}/file/bot", request=transport, get_updates_request=transport)


def _awake(sweep: AnySweep) -> AnySweep:
    return replace(sweep, service=AWAKE[sweep.name]) if isinstance(sweep, Sweep) and sweep.name in AWAKE else sweep


def _due(unit: UnitOfWork) -> list[Letter]:
    """The next letter of each chat."""
    found: dict[int | None, Letter] = {}
    for lane in Lane:
        for letter in unit.outbox_queue.list_due(lane, 0, MOST).records:
            if letter.chat is None:
                found[-letter.id] = letter
            else:
                found.setdefault(letter.chat, letter)
    return list(found.values())
