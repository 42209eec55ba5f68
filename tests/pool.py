"""Strangers who may judge: people with days of work for several requesters, and of one mind with one another."""

from collections.abc import Sequence

from domain.moments import DAY, Moment
from domain.money.ledger import BANK, FEES, Transfer, requester_account
from domain.people.accounts import PersonId
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import FUNDS, a_project, launch, settle_tasks, settle_worker
from tests.invariants.flows import turn

FIRST, FIRST_REQUESTER = 500, 7_000  # numbers of a house's workers end before, ids of its requesters too
TASKS = 4  # of each requester


def settle_pool(url: str, now: Moment, people: int = 24, requesters: int = 3) -> list[PersonId]:
    """New ones, who have worked until a day before `now`."""
    with one_transaction(url, Moment(now - (requesters + 1) * DAY)) as unit:
        crowd = [settle_worker(unit, FIRST + number).id for number in range(people)]
    season(url, now, crowd, requesters)
    return crowd


def season(url: str, now: Moment, crowd: Sequence[PersonId], requesters: int = 3) -> None:
    """They answer four tasks of each of some new requesters, one requester a day, while nothing else is on offer."""
    for number in range(requesters):
        with one_transaction(url, Moment(now - (requesters - number) * DAY)) as unit:
            _ask(unit, FIRST_REQUESTER + number, len(crowd))
            for worker in crowd:
                for _ in range(TASKS):
                    assert turn(unit, worker)


def _ask(unit: UnitOfWork, telegram_id: int, overlap: int) -> None:
    asker = unit.people.upsert(telegram_id, f"asker{telegram_id}", f"Asker {telegram_id}", "en", unit.now)
    unit.people.make_requester(asker.id, True)
    account = requester_account(asker)
    unit.ledger.open((BANK, FEES, account), "EUR")
    unit.ledger.post(Transfer(f"deposit:{telegram_id}", "deposit", BANK, account, FUNDS, "EUR"))
    project = unit.projects.add(a_project(asker.id, unit.now, overlap=overlap, max_overlap=overlap, title="Elsewhere"))
    settle_tasks(unit, project, asker.id, TASKS, gold=0)
    launch(unit, asker.id, project)
