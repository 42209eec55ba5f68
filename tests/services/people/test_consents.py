"""Consent to a project: noted with its version, taken back; then no file and no result holds the answers."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.sweeps import SWEEPS, Sweep
from domain.handing_in import AnswerType
from domain.moments import HOUR, Moment, later
from domain.people.accounts import pseudonym
from domain.people.personal_data import CARD_VERSION, TERMS_VERSION, AnswersTakenBack, ConsentEnded
from domain.refusals import NotFound, TooLate
from domain.work.dispatch import WorkerStanding
from formats.writing import formats_of
from jobs import computing, exports, refits
from services.people import personal_data
from services.work import submit, sweeps
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish
from tests.letters import due_letters

DAY_AFTER = 26 * HOUR
VERSIONS = "SELECT p.terms, e.terms FROM enrolments e JOIN people p ON p.id = e.worker WHERE e.consented_at IS NOT NULL"


def answer(unit: UnitOfWork, worker: int, said: str, most: int = 9) -> None:
    person = unit.people.get(worker)  # type: ignore[arg-type]
    submit.show_work(unit, person)
    for _ in range(most):
        in_hand = unit.assignments.active_for(person.id)
        if in_hand is not None:
            submit.submit_answer(unit, person, in_hand.id, said, None)


async def answered(database: Database, now: Moment, overlap: int = 3, **changes: Any) -> House:
    """The first worker answered both tasks, the second one the first task, otherwise."""
    house: House = await database.transact(lambda unit: furnish(unit, tasks=2, overlap=overlap, **changes), now)
    await database.transact(answer, now, house.workers[0], "0")
    await database.transact(answer, now, house.workers[1], "1", 1)
    return house


def withdraw(unit: UnitOfWork, house: House) -> ConsentEnded:
    ended = personal_data.withdraw_consent(act_of(unit, house.workers[0]), house.project, sure=True)
    assert isinstance(ended, ConsentEnded)
    return ended


async def file(database: Database, now: Moment, house: House, what: str, form: str) -> bytes:
    made = await exports.MAKERS[what](database, {"number": house.project, "format": form}, now)
    content: bytes = made.path.read_bytes()
    made.path.unlink()
    return content


async def table(database: Database, now: Moment, house: House, what: str) -> list[dict[str, str]]:
    text = (await file(database, now, house, what, "csv")).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def told(unit: UnitOfWork, house: House) -> Iterator[dict[str, object]]:
    for each in due_letters(unit, 1_000):
        if each.person == house.requester and each.screen == AnswersTakenBack.stored_as:
            yield each.facts


async def test_consent_is_kept_with_the_version_that_was_shown(database: Database, now: Moment) -> None:
    await answered(database, now)
    assert [tuple(row) async for row in database.rows(VERSIONS)] == [(TERMS_VERSION, CARD_VERSION)] * 2


async def test_work_of_others_is_pushed_after_it(database: Database, now: Moment) -> None:
    """The task in hand went back: nothing else would have ended their being busy."""

    def step(unit: UnitOfWork) -> bool:
        house = furnish(unit, tasks=2)
        worker = house.workers[0]
        answer(unit, worker, "0", 1)
        assert unit.assignments.active_for(worker) is not None
        assert not unit.people.is_waiting(worker)
        withdraw(unit, house)
        assert unit.assignments.active_for(worker) is None
        return unit.people.is_waiting(worker)

    assert await database.transact(step, now)


async def test_no_later_file_of_any_format_holds_them(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    called = await database.transact(
        lambda unit: pseudonym(unit.settings.secret, house.requester, house.workers[0]).encode(), now
    )
    first = {
        form: await file(database, now, house, "submissions", form)
        for form in formats_of(AnswerType.OPTION, of_results=False)
    }
    await database.transact(withdraw, now, house)
    for form, before in first.items():
        after = await file(database, now, house, "submissions", form)
        if form not in ("xlsx", "parquet"):  # compressed: by size alone
            assert (called in before, called in after) == (True, False), form
        assert len(after) < len(before), form


def answers_of(row: Mapping[str, str]) -> int:
    return int(row["submissions"])


async def test_results_are_computed_again_without_them(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    first, second = sorted(await table(database, now, house, "results"), key=answers_of, reverse=True)
    assert (first["votes: positive"], second["consensus"], second["submissions"]) == ("1", "positive", "1")
    await database.transact(withdraw, now, house)
    await database.transact(personal_data.redraw_consensus, later(now, HOUR))
    first, second = sorted(await table(database, now, house, "results"), key=answers_of, reverse=True)
    assert (first["consensus"], first["votes: positive"], first["submissions"]) == ("negative", "0", "1")
    assert (second["consensus"], second["submissions"]) == ("", "0")
    assert await database.transact(invariants.find_violations, now) == []


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_until_they_are_drawn_anew_tasks_are_not_final_and_hold_nothing_of_them(
    database: Database, now: Moment
) -> None:
    """In the same transaction, however many there are; what is answered meanwhile changes nothing of that."""
    house = await answered(database, now, overlap=2, max_overlap=2)
    first, second = await table(database, now, house, "results")
    assert (first["state"], second["consensus"]) == ("closed", "positive")
    await database.transact(withdraw, now, house)
    told = "SELECT consensus, confidence, live, live_confidence, scores, scored FROM tasks ORDER BY position"
    assert [tuple(row) async for row in database.rows(told)] == [(None, None, None, None, None, 0)] * 2
    for _ in range(2):
        for row in await table(database, now, house, "results"):
            assert (row["consensus"], row["live"], row["confidence"], row["state"]) == ("", "", "", "open")
            assert row["votes: positive"] == "0"
        await database.transact(answer, now, house.workers[1], "1")
    assert not await database.transact(personal_data.redraw_consensus, now)
    rows = await table(database, now, house, "results")
    assert [(row["consensus"], row["state"]) for row in rows] == [("negative", "closed")] * 2
    assert await database.transact(invariants.find_violations, now) == []


async def test_many_tasks_are_drawn_anew_in_steps_without_a_pause(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_data, "TASKS_PER_STEP", 1)
    house = await answered(database, now)
    await database.transact(withdraw, now, house)
    assert [await database.transact(personal_data.redraw_consensus, now) for _ in range(3)] == [True, True, False]
    (sweep,) = [sweep for sweep in SWEEPS if sweep.name == "redraw"]
    assert isinstance(sweep, Sweep)
    assert sweep.steps * 50 >= 20_000


async def test_what_was_learnt_of_who_gave_them_goes_with_them(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a refit is under way that has read them."""
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)

    async def known() -> list[int]:
        return [row[0] async for row in database.rows("SELECT worker FROM worker_models ORDER BY worker")]

    async def then_withdrawn(*args: Any, **named: Any) -> Any:
        await database.transact(withdraw, now, house)
        return await computed(*args, **named)

    await refits.refit(database, project, lambda: now)
    assert await known() == sorted(house.workers[:2])
    computed = computing.compute
    monkeypatch.setattr(refits, "compute", then_withdrawn)
    await refits.refit(database, project, lambda: now)
    assert await known() == [house.workers[1]]


@pytest.mark.parametrize(("kind", "options", "said"), [("rating", ("1", "2", "3"), "2"), ("choice", ("a", "b"), "1")])
async def test_options_that_a_person_pressed_outlive_their_leaving(
    database: Database, now: Moment, kind: str, options: tuple[str, ...], said: str
) -> None:
    """Only their words and places go: an option says nothing about who pressed it."""
    house = await database.transact(lambda u: furnish(u, tasks=1, overlap=1, kind=kind, options=options), now)
    await database.transact(answer, now, house.workers[0], said, 1)
    (before,) = await table(database, now, house, "results")
    await database.transact(lambda unit: unit.erasure.erase(unit.people.get(house.workers[0])), now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refit(database, project, lambda: later(now, 3 * HOUR))
    (after,) = await table(database, now, house, "results")
    assert (after["consensus"], after["submissions"]) == (before["consensus"], "1")
    assert after["consensus"]


async def test_what_was_learnt_is_gone_at_once(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refit(database, project, lambda: now)
    await database.transact(withdraw, now, house)
    learnt = "SELECT count(*) FROM worker_models WHERE worker = :worker"
    assert [row async for row in database.rows(learnt, worker=house.workers[0])] == [(0,)]


async def test_no_later_project_goes_by_what_was_learnt(database: Database, now: Moment) -> None:
    """Nor does a refit that had read their answers write it again."""
    house = await answered(database, now)
    worker = house.workers[0]

    def found(unit: UnitOfWork) -> None:
        unit.enrolments.stand(house.project, [(worker, WorkerStanding(0.1, True))])

    def newly(unit: UnitOfWork) -> tuple[int, int]:
        other = unit.projects.add(replace(unit.projects.get(house.project), title="Another"))
        here = unit.enrolments.find(worker, house.project)
        assert here is not None
        return here.later, unit.enrolments.enrol(worker, other).later

    await database.transact(found, now)
    assert await database.transact(newly, now) == (1, 2)
    await database.transact(withdraw, now, house)
    assert await database.transact(newly, now) == (0, 0)
    await database.transact(found, now)
    assert await database.transact(newly, now) == (0, 0)


async def test_what_had_been_delivered_is_named_to_both_and_pay_stays(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    paid = await database.transact(lambda unit: unit.ledger.balance("worker:2000:available", "EUR"), now)
    for at, form in ((now, "csv"), (later(now, HOUR), "jsonl"), (later(now, 2 * HOUR), "csv")):
        await file(database, at, house, "submissions", form)
    await file(database, later(now, DAY_AFTER), house, "results", "xlsx")
    ended = await database.transact(withdraw, later(now, DAY_AFTER), house)
    named = [(each.what, each.format, each.at) for each in ended.delivered]
    assert named == [
        ("results", "xlsx", now + DAY_AFTER),
        ("submissions", "csv", now + 2 * HOUR),
        ("submissions", "jsonl", now + HOUR),
    ]
    (facts,) = await database.transact(lambda unit: list(told(unit, house)), later(now, DAY_AFTER))
    assert (facts["answers"], facts["all_delivered"]) == (2, 3)
    assert "Worker" not in str(facts)
    after = await database.transact(lambda unit: unit.ledger.balance("worker:2000:available", "EUR"), now)
    assert after == paid > 0


async def test_a_file_from_before_the_first_answer_is_not_named(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=2, overlap=3), now)
    await file(database, now, house, "results", "csv")
    await database.transact(answer, now, house.workers[0], "0")
    assert (await database.transact(withdraw, now, house)).delivered == ()


async def test_a_task_in_hand_or_late_is_no_way_back(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=3, overlap=3), now)
    worker = house.workers[0]
    await database.transact(answer, now, worker, "0", 1)
    late = await database.transact(lambda unit: unit.assignments.active_for(worker), now)
    after = later(now, HOUR)
    await database.transact(sweeps.expire_assignments, after)
    await database.transact(lambda unit: submit.show_work(unit, unit.people.get(worker)), after)
    held = await database.transact(lambda unit: unit.assignments.active_for(worker), after)
    await database.transact(withdraw, after, house)
    for each in (late, held):
        with pytest.raises(TooLate):
            await database.transact(
                lambda unit, number=each.id: submit.submit_answer(unit, unit.people.get(worker), number, "0", None),
                after,
            )
    assert len(await table(database, after, house, "submissions")) == 0


async def test_nobody_takes_back_what_is_not_theirs(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    for stranger in (house.requester, house.workers[0]):
        for project in (house.project, 99):
            if (stranger, project) != (house.workers[0], house.project):
                with pytest.raises(NotFound):
                    await database.transact(
                        lambda unit, who=stranger, what=project: personal_data.withdraw_consent(
                            act_of(unit, who), what, sure=True
                        ),
                        now,
                    )
    await database.transact(withdraw, now, house)
    with pytest.raises(NotFound):
        await database.transact(withdraw, now, house)
    assert len(await table(database, now, house, "submissions")) == 1
