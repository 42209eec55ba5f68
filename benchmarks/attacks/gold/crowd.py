"""A crowd that answers a project on the real services, and what each worker could see of each task offered to them."""

import asyncio
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.databases import fresh
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.messages import Submitted
from domain.work.offers import TaskList
from handlers.screen import render
from services.work import offers, submit
from storage.database import Database, one_transaction
from storage.drivers.records import pack, unpack
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.databases import memory
from tests.house import NewTask, a_project, launch, settle_requester, settle_worker

BEGIN, ARRIVALS = 1_800_000_000_000, 3_600_000  # milliseconds; workers arrive over an hour
PLANT = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
ROWS = "SELECT id, position, gold FROM tasks WHERE project = :project"
LETTERS = """
SELECT count(*), coalesce(sum(length(facts)), 0), count(edits) FROM outbox WHERE person = :worker AND id > :after"""
NEWEST_LETTER = "SELECT screen, facts FROM outbox WHERE person = :worker ORDER BY id DESC LIMIT 1"
NEWEST = "SELECT coalesce(max(id), 0) FROM outbox"


@dataclass(frozen=True, slots=True)
class Plan:
    """The project and its crowd; of an account that `skips`, answers after so many skips are wrong."""

    ordinary: int = 600
    gold: int = 120
    workers: int = 16
    overlap: int = 3
    kind: str = "choice"
    accuracy: float = 0.9


@dataclass(frozen=True, slots=True)
class Offer:
    """One task as its worker saw it. `number` counts the answers before it, `place` is that in the file, which the
    content shows. `seen` are the sizes and counts around it; `after` what its right answer showed."""

    worker: PersonId
    number: int
    at: int
    place: int
    is_gold: bool
    seen: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    place: int
    is_gold: bool


@dataclass(slots=True)
class Ground:
    """A launched project whose gold stands anywhere in its file."""

    project: ProjectId
    workers: list[PersonId]
    rows: dict[TaskId, Row]


def settle(unit: UnitOfWork, plan: Plan, seed: int) -> Ground:
    """Make people, project and tasks; the installation's secret is drawn from the seed."""
    dice = Random(f"{seed}:{plan}")
    unit.connection.changed(PLANT, name=CHOICES, value=dice.randbytes(32).hex(), now=unit.now)
    requester = settle_requester(unit)
    workers = [settle_worker(unit, number).id for number in range(plan.workers)]
    money = {"pay": Millionths(10_000), "fee": Millionths(1_000), "overlap": plan.overlap, "max_overlap": plan.overlap}
    options = {} if plan.kind == "choice" else {"options": ()}
    project = unit.projects.add(a_project(requester.id, unit.now, kind=plan.kind, **money, **options))
    total = plan.ordinary + plan.gold
    known = set(dice.sample(range(1, total + 1), plan.gold))
    batch = unit.batches.begin(project, requester.id, "file", "tasks.csv", total)
    grown = unit.batches.grow(batch, plan.ordinary, plan.gold, total * plan.overlap)
    assert grown is not None
    unit.tasks.add(project, batch.id, _tasks(total, known, plan.overlap))
    unit.batches.show(grown)
    launch(unit, requester.id, project)
    rows = unit.connection.all(ROWS, project=project)
    return Ground(project, workers, {TaskId(task): Row(place, gold is not None) for task, place, gold in rows})


def _tasks(total: int, known: set[int], overlap: int) -> Iterator[NewTask]:
    for place in range(1, total + 1):
        gold = pack(("positive",)) if place in known else None
        yield NewTask(place, f"t{place}", pack({"text": f"row {place:05d}"}), gold, None, overlap)


def play(plan: Plan, seed: int) -> list[Offer]:
    """Return every offer of a crowd that answers until nothing is left, in the order of time."""
    return asyncio.run(_play(plan, seed))


async def _play(plan: Plan, seed: int) -> list[Offer]:
    dice, made = Random(f"{seed}:times"), list[Offer]()
    with fresh("sqlite", memory()) as at:
        with one_transaction(at.url, Moment(BEGIN)) as unit:
            ground = settle(unit, plan, seed)
        database, walk = Database(at.url), _Walk(plan, ground, seed)
        pace = {worker: dice.lognormvariate(9.2, 0.4) for worker in ground.workers}  # milliseconds a task
        queue = [(BEGIN + dice.randrange(ARRIVALS), worker) for worker in ground.workers]
        heapq.heapify(queue)
        while queue:
            now, worker = heapq.heappop(queue)
            offer = await database.transact(walk.step, Moment(now), worker)
            made += [offer] if offer else []
            if walk.goes_on(worker):
                heapq.heappush(queue, (now + int(pace[worker] * dice.lognormvariate(0, 0.5)) + 1_000, worker))
        await database.close()
    return made


class _Walk:
    """Answers what each worker has in hand, and notes it with what could be seen before and after."""

    def __init__(self, plan: Plan, ground: Ground, seed: int) -> None:
        self._plan, self._ground, self._dice = plan, ground, Random(f"{seed}:answers")
        self._answered = dict.fromkeys(ground.workers, 0)
        self._shown = dict[PersonId, tuple[int, tuple[float, ...]]]()

    def goes_on(self, worker: PersonId) -> bool:
        return worker in self._shown

    def step(self, unit: UnitOfWork, worker: PersonId) -> Offer | None:
        """Answer the task in hand and look at the next one; the offer that was answered, None before the first."""
        newest = unit.connection.all(NEWEST)[0][0]
        in_hand, offer, result = unit.assignments.active_for(worker), None, None
        if in_hand is None:
            submit.show_work(unit, unit.people.get(worker))
        else:
            result = submit.submit_answer(unit, unit.people.get(worker), in_hand.id, self._answer(in_hand.task), None)
        letters, size, edits = unit.connection.all(LETTERS, worker=worker, after=newest)[0]
        left = float(_count_left(unit, worker))
        if in_hand is not None and result is not None:
            row, (shown_at, seen) = self._ground.rows[in_hand.task], self._shown.pop(worker)
            told = (left - seen[0], float(letters), float(edits), float(result.held), float(_is_shown_missed(result)))
            offer = Offer(worker, self._answered[worker], shown_at, row.place, row.is_gold, seen, told)
            self._answered[worker] += 1
        following = unit.assignments.active_for(worker)
        if following is not None:
            sizes = (float(size), float(letters), float(following.id), float(following.deadline - following.offered_at))
            self._shown[worker] = unit.now, (left, *sizes, float(edits), *_count_buttons(unit, worker))
        return offer

    def _answer(self, task: TaskId) -> str:
        """Gold is answered right, so that no explanation tells what it was."""
        right = self._ground.rows[task].is_gold or self._dice.random() < self._plan.accuracy
        if self._plan.kind == "choice":
            return "0" if right else "1"
        return "positive" if right else "something else"


def _is_shown_missed(result: Submitted) -> bool:
    return result.missed


def _count_buttons(unit: UnitOfWork, worker: PersonId) -> tuple[float, float]:
    """Return how many buttons the newest message has, and the characters of their texts."""
    screen, facts = unit.connection.all(NEWEST_LETTER, worker=worker)[0]
    texts = [button.text for row in render(screen, unpack(facts), "en").keyboard for button in row]
    return float(len(texts)), float(sum(map(len, texts)))


def _count_left(unit: UnitOfWork, worker: PersonId) -> int:
    """Return what `/tasks` says is left."""
    shown = offers.show_offers(act_of(unit, worker)).message
    assert isinstance(shown, TaskList)
    return sum(offered.left for offered in shown.offered)
