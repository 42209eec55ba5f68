"""Sweeps look at projects in which something happened, at each as often as there may be something to do."""

from typing import Any

import pytest

from domain.moments import HOUR, MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer, budget_account
from domain.projects.projects import Project, ProjectId, ProjectState
from jobs import evidence, refits
from services.projects import lifecycle
from services.projects.progress import live_name
from services.work import submit, sweeps
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.unit import UnitOfWork
from tests.house import House, a_project, furnish, launch, settle_tasks

WORKS = ("refit", "evidence", "progress", "rest")


def several(unit: UnitOfWork) -> House:
    """A project people answer in, among others."""
    house = furnish(unit, workers=4, tasks=40, overlap=4, max_overlap=4)
    for _ in range(6):
        project = unit.projects.add(a_project(house.requester, unit.now))
        settle_tasks(unit, project, house.requester, 2, 0)
        launch(unit, house.requester, project)
    return house


async def sweep(database: Database, now: Moment) -> None:
    await refits.refit_due_projects(database, lambda: now)
    await evidence.examine_projects(database, lambda: now)
    await database.transact(sweeps.update_progress_messages, now)
    await database.transact(sweeps.return_leftovers, now)


def due(unit: UnitOfWork) -> dict[str, list[ProjectId]]:
    return {work: unit.changed_projects.due(work) for work in WORKS}


def answer(unit: UnitOfWork, house: House, seat: int, most: int = 1_000) -> None:
    """In the house's own project."""
    person = unit.people.get(house.workers[seat])
    unit.connection.changed("UPDATE projects SET paused = 'floor' WHERE id <> :id", id=house.project)
    submit.show_work(unit, person)
    for _ in range(most):
        in_hand = unit.assignments.active_for(person.id)
        if in_hand is None:
            break
        submit.submit_answer(unit, person, in_hand.id, str(house.tasks.index(in_hand.task) % 2), None)


async def test_where_nothing_happens_no_sweep_looks(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    assert len((await database.transact(due, now))["refit"]) == 7
    await sweep(database, now)
    assert await database.transact(due, now) == {work: [] for work in WORKS}
    await database.transact(answer, now, house, 0, 20)
    assert await database.transact(due, now) == {"refit": [], "evidence": [], "progress": [house.project], "rest": []}


async def test_a_refit_and_an_examination_come_when_there_are_enough_answers(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    await sweep(database, now)
    seen = []
    for seat in range(2):
        await database.transact(answer, now, house, seat, 36)
        found = await database.transact(due, now)
        seen.append((found["refit"], found["evidence"]))
        await sweep(database, now)
    assert seen == [([], []), ([house.project], [house.project])]
    fitted = await database.transact(lambda unit: unit.models.fitted(house.project), now)
    assert fitted.answers == 72
    await sweep(database, now)
    assert await database.transact(due, now) == {work: [] for work in WORKS}


async def test_after_a_refit_a_project_rests_for_a_while_in_proportion(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    for seat in range(2):
        await database.transact(answer, now, house, seat, 36)
        await sweep(database, now)
    await database.transact(answer, now, house, 2, 36)
    fitted = []
    for moment in (now, later(now, 72 * refits.REST_MS_PER_ANSWER - 1), later(now, 72 * refits.REST_MS_PER_ANSWER)):
        await sweep(database, moment)
        fitted.append((await database.transact(lambda unit: unit.models.fitted(house.project), now)).answers)
    assert fitted == [72, 72, 108]


async def test_what_is_due_of_a_paused_project_is_done_when_it_goes_on(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    await sweep(database, now)
    for seat in (0, 1):
        await database.transact(answer, now, house, seat, 36)
    await database.transact(lambda unit: unit.projects.pause(house.project, "told"), now)
    await sweep(database, now)
    assert (await database.transact(lambda unit: unit.models.fitted(house.project), now)).answers == 0
    await database.transact(lambda unit: unit.projects.resume(house.project, "told"), now)
    await sweep(database, now)
    assert (await database.transact(lambda unit: unit.models.fitted(house.project), now)).answers == 72


async def test_gold_that_changed_is_learnt_again(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    for seat in (0, 1):
        await database.transact(answer, now, house, seat, 36)
    for _ in range(2):
        await sweep(database, now)
    await database.transact(lambda unit: unit.gold_tasks.changed(house.project), now)
    fitted = []
    for moment in (
        later(now, 72 * refits.REST_MS_PER_ANSWER - 1),
        later(now, 72 * refits.REST_MS_PER_ANSWER),
    ):  # it rests as after any refit
        await sweep(database, moment)
        fitted.append((await database.transact(lambda unit: unit.models.fitted(house.project), now)).answers)
    assert fitted == [0, 72]


@pytest.mark.parametrize("happens", ["its last assignment ends", "money comes back"])
async def test_an_ended_project_gives_back_what_is_left_whenever_that_is(
    database: Database, now: Moment, happens: str
) -> None:
    def budget(unit: UnitOfWork) -> int:
        return unit.ledger.balance(budget_account(house.project))

    def end(unit: UnitOfWork) -> None:
        if happens == "its last assignment ends":
            submit.show_work(unit, unit.people.get(house.workers[0]))
        requester = unit.people.get(house.requester)
        lifecycle.end_project(unit, requester, unit.projects.get(house.project), ProjectState.STOPPED)

    def pay_in(unit: UnitOfWork) -> None:
        account = budget_account(house.project)
        unit.ledger.post(Transfer("again", "deposit", BANK, account, Millionths(70_000), "EUR"))

    house = await database.transact(lambda unit: furnish(unit, workers=1), now)
    await database.transact(end, now)
    await sweep(database, now)
    if happens == "money comes back":
        assert (await database.transact(due, now))["rest"] == []
        await database.transact(pay_in, now)
    assert await database.transact(budget, now) > 0
    await database.transact(sweeps.expire_assignments, later(now, HOUR))
    await sweep(database, later(now, HOUR))
    assert await database.transact(budget, now) == 0
    await sweep(database, later(now, HOUR))
    assert (await database.transact(due, now))["rest"] == []


async def test_progress_is_told_until_an_hour_after_the_end(database: Database, now: Moment) -> None:
    house = await database.transact(several, now)
    name = live_name(house.project)

    def told(unit: UnitOfWork) -> list[int]:
        return [news for _, news in unit.live_messages.list_watchers(name)]

    await database.transact(lambda unit: unit.live_messages.keep(house.requester, name, 42), now)
    await sweep(database, now)
    before = await database.transact(told, now)
    await database.transact(answer, now, house, 0, 1)
    await sweep(database, now)
    after = await database.transact(told, now)
    assert before != after != []
    ended = later(now, MINUTE)
    await database.transact(lambda unit: unit.projects.end(house.project, ProjectState.STOPPED, ended), ended)
    for when in (ended, later(ended, HOUR)):
        await sweep(database, when)
        assert len(await database.transact(told, when)) == 1
    await sweep(database, later(ended, HOUR + MINUTE))
    assert await database.transact(told, ended) == []
    await sweep(database, later(ended, HOUR + MINUTE))
    assert (await database.transact(due, ended))["progress"] == []


@pytest.mark.parametrize("work", ["refit", "evidence"])
async def test_a_project_whose_work_fails_holds_up_no_other_and_rests_longer_each_time(
    database: Database, now: Moment, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.transact(several, now)
    first, *others = (await database.transact(due, now))[work]
    tried = list[ProjectId]()

    async def fails(_: Database, project: Project, *given: Any) -> None:
        tried.append(project.id)
        if project.id == first:
            raise ZeroDivisionError

    monkeypatch.setattr(refits, "refit", fails)
    monkeypatch.setattr(evidence, "examine", fails)
    monkeypatch.setattr(refits, "_count_missing_answers", lambda unit, project: 0)
    monkeypatch.setattr(evidence, "_count_missing_answers", lambda unit, project: 0)
    sweeps = {"refit": refits.refit_due_projects, "evidence": evidence.examine_projects}
    for minutes, again in ((0, True), (0.5, False), (1, True), (2, False), (3, True)):
        tried.clear()
        await sweeps[work](database, lambda at=minutes: later(now, int(at * MINUTE)))
        assert tried == ([first, *others] if again else others)


@pytest.mark.parametrize("error", [Unavailable("away"), LeaseLost("sweeps")])
async def test_a_database_that_is_away_ends_the_turn(
    database: Database, now: Moment, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.transact(several, now)

    async def away(*given: Any) -> None:
        raise error

    monkeypatch.setattr(refits, "refit", away)
    monkeypatch.setattr(refits, "_count_missing_answers", lambda unit, project: 0)
    for _ in range(2):
        with pytest.raises(type(error)):
            await refits.refit_due_projects(database, lambda: now)
