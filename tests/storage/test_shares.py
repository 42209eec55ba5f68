"""Processes that share the projects over one PostgreSQL: answers to different projects never wait for each other, all
else takes the turn of the house, and whatever is mixed, every promise is kept."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from bot.cluster.election import Membership
from domain.moments import MINUTE, Moment, later
from domain.money.ledger import FEES, available_account, fees_account, pending_account
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.refusals import Refusal
from handlers.work.tasks import SubmitAnswer
from services.money import payouts
from services.work import dispatch, honest_card, submit, sweeps
from services.work.honest_card import PressedAnswer
from storage.boxes.inbox import ReceivedUpdate
from storage.boxes.outbox import Lane
from storage.database import Database, one_transaction
from storage.drivers import postgresql
from storage.drivers.connection import Unavailable, WriteScope
from storage.drivers.records import single_value
from storage.drivers.rows import ABSENT
from storage.invariants import find_violations
from storage.projects.tasks import TASKS
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FEE, FIRST_WORKER, PAY, House, furnish, launch, settle_plans
from tests.storage.test_transactions import put

# Who waits for a lock of any kind.
WAIT = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE NOT l.granted AND a.datname = current_database()"""
COUNTED = "SELECT work, sum(answers) FROM changed_projects WHERE work = 'refit' GROUP BY work"
HOLDERS = "SELECT update_id, holder FROM inbox ORDER BY update_id"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends nobody who holds a transaction open, however busy the machine."""
    monkeypatch.setattr(postgresql, "IDLE_TRANSACTION_MS", 60_000)


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' databases, which know of each other."""
    both = Database(database_url), Database(database_url)
    for each in both:
        each.share(with_others=True)
    yield both
    for each in both:
        await each.close()


@pytest.fixture
def house(database_url: str, now: Moment) -> House:
    """Six workers, each with a task in hand: two of project 1, two of project 2, two of project 3."""
    with one_transaction(database_url, now) as unit:
        made = furnish(unit, workers=6, tasks=60)
        others = settle_plans(unit, made.requester, 2)
        for number, project in enumerate((made.project, *others)):
            if project != made.project:
                launch(unit, made.requester, project)
            for worker in made.workers[2 * number : 2 * number + 2]:
                dispatch.dispatch_next_in(unit, unit.people.get(worker), unit.projects.get(project), Lane.REPLY)
    return made


class Hold:
    """A transaction stays open, all of it written, until it may end."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()

    def __call__(self, unit: UnitOfWork) -> None:
        unit.connection.flush()
        self.began.set()
        assert self.may_end.wait(20)


def in_hand(url: str, worker: PersonId, now: Moment) -> tuple[Any, ProjectId]:
    with one_transaction(url, now, read_only=True) as unit:
        found = unit.assignments.active_for(worker)
        assert found is not None
        return found.id, found.project


async def answer(
    database: Database, url: str, worker: PersonId, now: Moment, then: Callable[[UnitOfWork], object] = bool
) -> object:
    """As a press does it."""
    number, _ = in_hand(url, worker, now)

    def once(unit: UnitOfWork) -> object:
        done = press(act_of(unit, worker), SubmitAnswer(assignment=number, option=0))
        then(unit)
        return done

    return await database.transact_foreseen(
        once, now, honest_card.foresee_answers, PressedAnswer(0, 0, number), honest_card.ANSWER_SCOPE
    )


def waiting(url: str, now: Moment) -> int:
    with one_transaction(url, now, read_only=True) as unit:
        return int(single_value(unit.connection.one(WAIT)))


async def until_waiting(url: str, now: Moment, many: int) -> None:
    async with asyncio.timeout(20):
        while waiting(url, now) != many:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def test_answers_to_projects_of_different_shards_never_wait(
    two: tuple[Database, Database], database_url: str, house: House, now: Moment
) -> None:
    one, other = two
    assert [in_hand(database_url, worker, now)[1] for worker in house.workers] == [1, 1, 2, 2, 3, 3]
    hold, waits = Hold(), []
    held = asyncio.ensure_future(answer(one, database_url, house.workers[0], now, hold))
    assert await asyncio.to_thread(hold.began.wait, 20)
    for worker in house.workers[2:]:  # all of it durable while the first is not
        await answer(
            other, database_url, worker, now, lambda unit: waits.append(single_value(unit.connection.one(WAIT)))
        )
    assert (waits, held.done()) == ([0] * 4, False)
    hold.may_end.set()
    await held
    with one_transaction(database_url, now, read_only=True) as unit:
        balances = [unit.ledger.balance(fees_account(ProjectId(number))) for number in (1, 2, 3)]
        assert (balances, unit.ledger.balance(FEES)) == ([FEE, 2 * FEE, 2 * FEE], 5 * FEE)


async def test_answers_of_one_shard_follow_each_other_and_the_house_waits_for_all(
    two: tuple[Database, Database], database_url: str, house: House, now: Moment
) -> None:
    """So that a sweep that counts answers by their numbers misses none that is under way."""
    one, other = two
    hold = Hold()
    held = asyncio.ensure_future(answer(one, database_url, house.workers[0], now, hold))
    assert await asyncio.to_thread(hold.began.wait, 20)
    await answer(other, database_url, house.workers[2], now)  # has a greater number, and is there before
    counted = asyncio.ensure_future(other.look(lambda unit: unit.changed_projects.due("refit"), now))
    await until_waiting(database_url, now, 1)
    mate = asyncio.ensure_future(answer(other, database_url, house.workers[1], now))
    await until_waiting(database_url, now, 2)
    assert not any(each.done() for each in (held, counted, mate))
    hold.may_end.set()
    await asyncio.gather(held, counted, mate)
    with one_transaction(database_url, now) as unit:
        unit.changed_projects.due("refit")
        assert [tuple(row) for row in unit.connection.all(COUNTED)] == [("refit", 3)]


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
async def test_what_is_read_is_from_after_the_wait_whatever_the_servers_default(
    database_url: str, house: House, now: Moment, level: str
) -> None:
    url = f"{database_url}&options={quote('-c default_transaction_isolation=' + level.replace(' ', chr(92) + ' '))}"
    one, other = Database(url), Database(url)
    hold = Hold()
    held = asyncio.ensure_future(one.transact(lambda unit: (put(unit, "first", "done"), hold(unit)), now))
    assert await asyncio.to_thread(hold.began.wait, 20)
    read = asyncio.ensure_future(other.transact(lambda unit: unit.settings.get("first"), now))
    await until_waiting(database_url, now, 1)
    hold.may_end.set()
    await held
    assert await read == "done"
    await asyncio.gather(one.close(), other.close())


async def test_without_turns_of_shards_what_was_read_would_change(
    two: tuple[Database, Database], database_url: str, house: House, now: Moment
) -> None:
    """The control: two answers at once to one project, each with a share only, and then with its shard's turn."""

    async def both(scope: WriteScope, meet: Callable[[], object]) -> int:
        def count(unit: UnitOfWork) -> None:
            task = TaskId(single_value(unit.connection.one("SELECT min(id) FROM tasks")))
            received = unit.tasks.get(task).received
            meet()
            unit.connection.change(TASKS, task, ABSENT, received=received + 1)

        number, _ = in_hand(database_url, house.workers[0], now)
        asked = (
            each.transact_foreseen(count, now, honest_card.foresee_nothing, PressedAnswer(0, 0, number), scope)
            for each in two
        )
        await asyncio.gather(*asked)
        with one_transaction(database_url, now, read_only=True) as unit:
            return int(single_value(unit.connection.one("SELECT max(received) FROM tasks")))

    both_have_read = threading.Barrier(2, timeout=20)
    assert await both(WriteScope(honest_card.ANSWER_SCOPE.tables), both_have_read.wait) == 1
    assert await both(honest_card.ANSWER_SCOPE, bool) == 3


async def test_who_writes_beyond_its_scope_begins_again_with_the_turn_of_the_house(
    two: tuple[Database, Database], database_url: str, house: House, now: Moment
) -> None:
    begun, (number, _) = [], in_hand(database_url, house.workers[0], now)

    def stray(unit: UnitOfWork) -> int:
        begun.append(unit.is_shared)
        unit.people.upsert(1, "ann", "Ann", "en", unit.now)
        put(unit, "beyond", str(len(begun)))
        return len(begun)

    asked = [
        two[0].transact_foreseen(
            stray, now, honest_card.foresee_answers, PressedAnswer(0, 0, number), honest_card.ANSWER_SCOPE
        ),
        two[0].look(stray, now),
        two[0].look(lambda unit: unit.settings.get("beyond"), now),
    ]
    assert await asked[0] == 2
    assert await asked[1] == 4
    assert (await asked[2], begun) == ("4", [True, False] * 2)


async def test_who_freezes_with_a_share_is_ended_and_another_takes_the_project_over(
    database_url: str, house: House, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_TRANSACTION_MS", 1_500)
    frozen, other = Database(database_url), Database(database_url)
    for each in (frozen, other):
        each.share(with_others=True)
    ice = Hold()
    lost = asyncio.ensure_future(answer(frozen, database_url, house.workers[0], now, ice))
    assert await asyncio.to_thread(ice.began.wait, 20)
    await answer(other, database_url, house.workers[0], now)  # the very same press
    ice.may_end.set()
    with pytest.raises(Exception, match=r".") as ended:
        await lost
    assert isinstance(ended.value, Unavailable | Refusal)
    await asyncio.gather(frozen.close(), other.close())
    with one_transaction(database_url, now) as unit:
        worker = unit.people.get(house.workers[0])
        assert unit.ledger.balance(pending_account(worker)) + unit.ledger.balance(available_account(worker)) == PAY
        assert find_violations(unit) == []


def test_updates_go_where_the_project_in_hand_is_at_home(database_url: str, house: House, now: Moment) -> None:
    database = Database(database_url)
    memberships = [Membership(database, lambda: now, name) for name in ("a", "b")]
    for each in memberships:
        each.alive = frozenset("ab")
    homes = [{memberships[0].home(ProjectId(n)) for n in range(start, 200, 2)} for start in (0, 1)]
    assert homes == [{"a"}, {"b"}]
    with one_transaction(database_url, now) as unit:
        updates = [ReceivedUpdate(n, FIRST_WORKER + who, {"update_id": n}) for n, who in enumerate((0, 2, 4, 0, 99), 1)]
        unit.inbox.store(updates, lambda person: "nobody's", memberships[1].home)
        assert "elsewhere" in unit.signals
        assert [row[1] for row in unit.connection.all(HOLDERS)] == ["b", "a", "b", "b", "nobody's"]
    asyncio.run(database.close())


class Mix:
    """Workers press, twice at times, in any of two processes, while all else goes on."""

    def __init__(self, two: tuple[Database, Database], url: str, house: House, now: Moment, seed: int) -> None:
        self.two, self.url, self.house, self.now = two, url, house, now
        self.dice, self.updates, self.stored = random.Random(seed), count(1), 0

    async def round(self) -> None:
        self.now = later(self.now, self.dice.choice([1_000, 1_000, 1_000, 11 * MINUTE]))
        presses = [(worker, self._in_hand(worker), next(self.updates)) for worker in self.house.workers]
        with one_transaction(self.url, self.now) as unit:
            unit.inbox.store([ReceivedUpdate(number, worker, {"update_id": number}) for worker, _, number in presses])
        jobs = [
            self._press(home, worker, number, update)
            for worker, number, update in presses
            if number
            for home in self.dice.sample(self.two, self.dice.choice([1, 1, 2]))
        ]
        others = [self._else() for _ in range(3)]
        for found in await asyncio.gather(*jobs, *others, return_exceptions=True):
            assert not isinstance(found, BaseException) or isinstance(found, Refusal | Again), found

    async def _press(self, home: Database, worker: PersonId, number: Any, update: int) -> None:
        option = self.dice.randrange(2)

        def once(unit: UnitOfWork) -> None:
            if not unit.inbox.finish(update):
                raise Again
            press(act_of(unit, worker, key=str(update)), SubmitAnswer(assignment=number, option=option))

        about = PressedAnswer(update, worker, number)
        await home.transact_foreseen(once, self.now, honest_card.foresee_answers, about, honest_card.ANSWER_SCOPE)

    async def _else(self) -> None:
        home, worker = self.dice.choice(self.two), self.dice.choice(self.house.workers)
        sweep = self.dice.choice(
            [sweeps.expire_assignments, sweeps.push_tasks, sweeps.release_due_pay, sweeps.return_leftovers]
        )
        acts: list[Callable[[UnitOfWork], object]] = [
            lambda unit: submit.show_work(unit, unit.people.get(worker)),
            lambda unit: payouts.request_payout(unit, unit.people.get(worker), "EUR", None),
        ]
        if self.dice.random() < 0.5:
            await home.look(sweep, self.now)
        else:
            await home.transact(self.dice.choice(acts), self.now)

    def _in_hand(self, worker: PersonId) -> Any:
        with one_transaction(self.url, self.now, read_only=True) as unit:
            found = unit.assignments.active_for(worker)
            return found and found.id


class Again(Exception):
    """The update has ended already."""


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_two_processes_mix_every_promise_is_kept(
    two: tuple[Database, Database], database_url: str, house: House, now: Moment, seed: int
) -> None:
    mix = Mix(two, database_url, house, now, seed)
    for _ in range(12):
        await mix.round()
    with one_transaction(database_url, mix.now) as unit:
        assert find_violations(unit) == []
        answers, paid = unit.connection.all(
            "SELECT count(*), (SELECT count(*) FROM transfers WHERE kind = 'reward') FROM submissions"
        )[0]
        assert answers == paid > 20
        assert unit.ledger.balance(FEES) == answers * FEE
        assert unit.connection.all("SELECT 1 FROM inbox WHERE state = 'done' LIMIT 1")
