"""A town in virtual time: the real services on a real database, the real sweeps, and letters that arrive at once.

People act at their own moments; whatever is due within a minute is done together, then its letters are delivered.
Sweeps run at their intervals, but not oftener than `every`: a promise is judged with that much patience.
"""

import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any

from benchmarks.fairness import postman
from benchmarks.fairness.inline import InlineDatabase
from benchmarks.fairness.postman import Delivered
from bot.sweeps import SWEEPS, AdminAsyncSweep, AdminSweep, AnySweep, AsyncSweep, Sweep
from domain.moments import MINUTE, NEVER, Moment, later
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from domain.refusals import Refusal
from handlers.payload import Payload
from handlers.routes import TABLE
from handlers.work.tasks import TypeWords
from services.act import Act, House
from services.work import sweeps
from storage.unit import UnitOfWork

TICK = MINUTE
ROUNDS = 12  # times a sweep with a limit of rows may run on in one go
# The virtual clock jumps: no process was away. The product gives what looks like downtime back to its workers.
AWAKE = {"expire": sweeps.expire_assignments}

Doing = Callable[[], Awaitable[object]]


@dataclass(order=True, slots=True)
class Event:
    at: Moment
    number: int
    do: Doing = field(compare=False)


@dataclass(slots=True, repr=False, eq=False)
class Town:
    """`acts` are the moments at which people did something, `bugs` what a service raised that is no refusal."""

    database: InlineDatabase
    terms: Terms
    admins: frozenset[int]
    now: Moment
    every: int = 5 * MINUTE
    table: Sequence[AnySweep] = SWEEPS
    house: House = field(init=False)
    events: list[Event] = field(default_factory=list)
    readers: dict[PersonId, Callable[[Delivered], None]] = field(default_factory=dict)
    acts: dict[PersonId, list[Moment]] = field(default_factory=lambda: defaultdict(list))
    diary: list[Delivered] = field(default_factory=list)
    ratings_seen: list[tuple[Moment, int, int]] = field(default_factory=list)
    rated: list[tuple[Moment, int, PersonId]] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    ran: dict[str, Moment] = field(default_factory=dict)
    swept: Moment = NEVER

    def __post_init__(self) -> None:
        self.swept = self.now
        self.house = House(self.database, self.terms, self.admins, False, "en", lambda: self.now)

    def at(self, moment: Moment, do: Doing) -> None:
        heapq.heappush(self.events, Event(max(moment, self.now), next(self.numbers), do))

    async def press(self, person: PersonId, payload: Payload, message: int | None = None) -> object:
        """What the button or command brings: by its route, in one transaction; the refusal where it is refused."""
        route = TABLE.by_payload[type(payload)]
        return await self.act(person, lambda act: route.run(act, payload, _beside(act, payload)), message)

    async def types(self, person: PersonId, text: str) -> object:
        return await self.press(person, TypeWords(text=text))

    async def act(self, person: PersonId, service: Callable[[Act], object], message: int | None = None) -> object:
        moment, key = self.now, str(next(self.numbers))
        self.acts[person].append(moment)

        def once(unit: UnitOfWork) -> object:
            unit.outbox.answers = person
            return service(Act(unit, unit.people.get(person), self.house, message, key))

        try:
            return await self.database.transact(once, moment)
        except Refusal as refusal:
            return refusal
        except Exception as error:
            self.bugs.append(f"{type(error).__name__}: {error}")
            return error

    async def live(self, until: Moment) -> None:
        """Everything that happens until then."""
        while (moment := self._next()) < until:
            end = Moment(-(-(moment + 1) // TICK) * TICK)
            await self._happen(end)
            self.now = end
            if end >= self.swept + self.every:
                await self._sweep()
                self.swept = end
            await self._deliver()

    def _next(self) -> Moment:
        due = later(self.swept, self.every - 1)
        return min(due, self.events[0].at) if self.events else due

    async def _happen(self, end: Moment) -> None:
        """What is due at the same moment is done together, as the house does with requests that wait together."""
        while self.events and self.events[0].at < end:
            event = heapq.heappop(self.events)
            self.now = max(self.now, event.at)
            await event.do()

    async def _sweep(self) -> None:
        due = [each for each in self.table if self.now >= self.ran.get(each.name, 0) + 1000 * each.seconds]
        self.ran.update({each.name: self.now for each in due})
        busy = [each for each in due if isinstance(each, Sweep | AdminSweep)]
        for _ in range(ROUNDS):
            busy = await self._swept(busy)
        for each in due:
            if isinstance(each, AsyncSweep):
                await each.work(self.database, lambda: self.now)
            elif isinstance(each, AdminAsyncSweep):
                await each.work(self.database, lambda: self.now, self.admins)

    async def _swept(self, due: Sequence[Sweep | AdminSweep]) -> list[Sweep | AdminSweep]:
        """Those that had something to say: in life they run again a few seconds later, with the next rows."""
        if not due:
            return []
        told: list[Sweep | AdminSweep] = []
        quick = [partial(self._run, each, told) for each in due]
        self.bugs += [f"{type(error).__name__}: {error}" for error in await self.database.together(quick, self.now)]
        return told

    def _run(self, sweep: Sweep | AdminSweep, told: list[Sweep | AdminSweep], unit: UnitOfWork) -> None:
        if isinstance(sweep, AdminSweep):
            sweep.service(unit, self.admins)
        else:
            service = AWAKE.get(sweep.name, sweep.service)
            any(not service(unit) for _ in range(sweep.steps))
        if "outbox" in unit.signals and sweep not in told:
            told.append(sweep)

    async def _deliver(self) -> None:
        for letter in await self.database.transact(postman.deliver, self.now, self.numbers):
            self.diary.append(replace(letter, facts=letter.facts if letter.is_kept else {}))
            read = self.readers.get(letter.person)
            if read is not None:
                read(letter)


def _beside(act: Act, payload: Payload) -> object:
    route = TABLE.by_payload[type(payload)]
    return route.beside(act, **payload.fields()) if route.beside else None
