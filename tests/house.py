"""A small furnished house for tests: a requester with money, workers who agreed, a project with open tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import (
    BANK,
    FEES,
    Transfer,
    accounts_of_worker,
    budget_account,
    fees_account,
    requester_account,
)
from domain.people.accounts import Person, PersonId
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.quality.machine import MachineAnswer
from storage.drivers.records import pack
from storage.unit import UnitOfWork

PAY, FEE = Millionths(50_000), Millionths(5_000)
FUNDS = Millionths(100_000_000)
Foretold = Mapping[int, Sequence[MachineAnswer]]
NO_AI: Foretold = {}
NO_GOLD: Mapping[int, str] = {}
OWN_TASKS = "SELECT id FROM tasks WHERE project = :project ORDER BY position"
SHUFFLED = "SELECT task FROM openings WHERE project = :project AND gold = 0 ORDER BY shuffle_key"
REQUESTER, FIRST_WORKER = 1_000, 2_000


class NewTask(NamedTuple):
    """The fields of `Tasks.add`; `content`, `gold` and `ai` are JSON."""

    position: int
    key: str
    content: str
    gold: str | None
    reason: str | None
    overlap: int
    ai: str | None = None


@dataclass(frozen=True, slots=True)
class House:
    requester: PersonId
    workers: tuple[PersonId, ...]
    project: ProjectId
    tasks: tuple[TaskId, ...]


def a_project(requester: PersonId, now: Moment, **changes: Any) -> Project:
    values: dict[str, Any] = {
        "id": ProjectId(0),
        "requester": requester,
        "title": "Is the review positive?",
        "instructions": ("Read the review.", "Is the writer pleased?"),
        "kind": "choice",
        "options": ("positive", "negative"),
        "template": "{text}",
        "columns": ("text",),
        "currency": "EUR",
        "pay": PAY,
        "fee": FEE,
        "overlap": 3,
        "max_overlap": 3,
        "confidence": None,
        "accept": "auto",
        "minutes": 10,
        "purpose": "",
        "languages": (),
        "state": ProjectState.DRAFT,
        "created_at": now,
        "launched_at": None,
        "ended_at": None,
    }
    return Project(**{**values, **changes})


def settle_requester(unit: UnitOfWork) -> Person:
    """A requester with 100 euros."""
    person = unit.people.upsert(REQUESTER, "anna", "Anna", "en", unit.now)
    unit.people.make_requester(person.id, True)
    account = requester_account(person)
    unit.ledger.open((BANK, FEES, account), "EUR")
    unit.ledger.post(Transfer("deposit:1", "deposit", BANK, account, FUNDS, "EUR"))
    return unit.people.get(person.id)


def settle_worker(unit: UnitOfWork, number: int) -> Person:
    """Worker number `number`, who agreed to the terms."""
    person = unit.people.upsert(FIRST_WORKER + number, f"worker{number}", f"Worker {number}", "en", unit.now)
    unit.people.give_consent(person.id, unit.now)
    unit.ledger.open(accounts_of_worker(person), "EUR")
    return unit.people.get(person.id)


def settle_tasks(
    unit: UnitOfWork,
    project: ProjectId,
    requester: PersonId,
    tasks: int,
    gold: int,
    ai: Foretold = NO_AI,
    known: Mapping[int, str] = NO_GOLD,
) -> None:
    """`tasks` ordinary ones, then `gold` ones whose answer is positive, where it is not `known`; `ai` and `known` by
    position."""
    found = unit.projects.get(project)
    batch = unit.batches.begin(project, requester, f"file {project}", "tasks.csv", tasks + gold)
    asked = tasks * found.largest(found.overlap) + gold * found.overlap
    grown = unit.batches.grow(batch, tasks, gold, asked)
    assert grown is not None
    rows = range(1, tasks + gold + 1)

    def row(n: int) -> NewTask:
        of_gold = (known.get(n, "positive"),) if n > tasks else ()
        told = [astuple(each) for each in ai.get(n, ())]
        content, gold, packed = pack({"text": f"review {n}"}), pack(of_gold), pack(told) if told else None
        return NewTask(n, f"t{n}", content, gold if of_gold else None, None, found.overlap, packed)

    unit.tasks.add(project, batch.id, map(row, rows))
    unit.batches.show(grown)


def launch(unit: UnitOfWork, requester: PersonId, project: ProjectId) -> None:
    """Holds what every submission can cost and opens the tasks."""
    found = unit.projects.get(project)
    waiting = unit.batches.waiting(project)
    budget = budget_account(project)
    unit.ledger.open((budget, fees_account(project)), "EUR")
    cost = Millionths(waiting.submissions * found.cost_each)
    source = requester_account(unit.people.get(requester))
    unit.spending.stated.add(project, cost)
    unit.ledger.post(Transfer(f"launch:{project}", "launch", source, budget, cost, "EUR", project))
    unit.projects.launch(project, unit.now)
    unit.batches.launch(project)
    unit.bulk_updates.open(project, 0, waiting.last)


def shuffled(unit: UnitOfWork, project: ProjectId) -> list[TaskId]:
    """Return the ordinary tasks that can be given out, in the order of their turn."""
    rows = unit.connection.all(SHUFFLED, project=project)
    return [TaskId(row[0]) for row in rows]


def settle_plans(
    unit: UnitOfWork, requester: PersonId, number: int, tasks: int = 60, **changes: Any
) -> list[ProjectId]:
    """Projects that wait for their launch."""
    plans = [unit.projects.add(a_project(requester, unit.now, **changes)) for _ in range(number)]
    for project in plans:
        settle_tasks(unit, project, requester, tasks, gold=0)
    return plans


def furnish(
    unit: UnitOfWork,
    /,
    workers: int = 2,
    tasks: int = 2,
    gold: int = 0,
    ai: Foretold = NO_AI,
    known: Mapping[int, str] = NO_GOLD,
    **changes: Any,
) -> House:
    """Everything at once; `changes` are fields of the project."""
    requester = settle_requester(unit)
    crowd = tuple(settle_worker(unit, number).id for number in range(workers))
    project = unit.projects.add(a_project(requester.id, unit.now, **changes))
    settle_tasks(unit, project, requester.id, tasks, gold, ai, known)
    launch(unit, requester.id, project)
    ids = [TaskId(row[0]) for row in unit.connection.all(OWN_TASKS, project=project)]
    return House(requester.id, crowd, project, tuple(ids))
