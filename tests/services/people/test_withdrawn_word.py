"""A marked word is planted in an answer; once its worker takes it back, or is erased, no output there is holds it."""

import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from domain.moments import HOUR, Moment, later
from domain.people import webhooks
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectState
from domain.refusals import Refusal
from formats.writing import formats_of
from jobs import exports, refits, table_pages
from jobs.exports import get_export_type
from jobs.figures import MadeFile
from services.fairness import review
from services.money import explanations
from services.people import personal_data
from services.people import webhooks as webhooks_service
from services.projects.results import ResultsPage
from services.work import answer_messages, submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

WORD, OTHER = "canaryquince", "a red cat"
ADMIN = 1_900
ALWAYS = {"results xlsx", "submissions parquet", "page of results", "read 1, admin", "why 3, requester", "webhook of 2"}
SHOWN_BEFORE = {
    "auto": {*ALWAYS, "answers beside", "why 3, worker"},
    "review": {*ALWAYS, "review of 3", "reviews of a program"},
}
REWARDS = "SELECT id, submission FROM transfers WHERE kind = 'reward' ORDER BY id"
TASKS = "SELECT id FROM tasks ORDER BY position"


def answer(unit: UnitOfWork, worker: PersonId, said: str, most: int) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    for _ in range(most):
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        submit.submit_answer(unit, person, in_hand.id, said, None)


def erase(unit: UnitOfWork, house: House) -> None:
    unit.erasure.erase(unit.people.get(house.workers[0]))


def withdraw(unit: UnitOfWork, house: House) -> None:
    personal_data.withdraw_consent(act_of(unit, house.workers[0]), house.project, sure=True)


async def answered(database: Database, now: Moment, accept: str) -> House:
    """Three answered the first task, the first of them with the word; she alone answered the second one. All ended."""

    def begin(unit: UnitOfWork) -> House:
        fields = {"kind": "text", "options": (), "tasks": 2, "overlap": 3, "max_overlap": 3, "workers": 3}
        house = furnish(unit, accept=accept, **fields)
        unit.people.upsert(ADMIN, "admin", "Admin", "en", unit.now)
        return house

    house: House = await database.transact(begin, now)
    await database.transact(answer, now, house.workers[0], WORD, 2)
    await database.transact(answer, now, house.workers[1], OTHER, 1)
    await database.transact(answer, now, house.workers[2], f"{OTHER}!", 1)
    return house


async def files(database: Database, now: Moment, project: Project) -> dict[str, str]:
    """Every file and page of both tables, unpacked; and the data sheet."""
    outputs = {}
    for what in ("results", "submissions"):
        for form in formats_of(get_export_type(project, "csv"), of_results=what == "results"):
            made = await exports.MAKERS[what](database, {"number": project.id, "format": form}, now)
            outputs[f"{what} {form}"] = _unpacked(made, form)
        made = await table_pages.create_page_file(database, project.id, what, "jsonl", ResultsPage(0, 100), now)
        outputs[f"page of {what}"] = _unpacked(made, "jsonl")
    return outputs


def _unpacked(made: MadeFile, form: str) -> str:
    try:
        if form == "parquet":
            return str(pyarrow.parquet.read_table(made.path).to_pylist())
        if zipfile.is_zipfile(made.path):
            with zipfile.ZipFile(made.path) as archive:
                return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return made.path.read_text("utf-8-sig")
    finally:
        made.path.unlink()


def shown(unit: UnitOfWork, house: House) -> dict[str, str]:
    """Everything that services show of the project to others than the worker of the word."""
    ann, bob, *_ = house.workers
    admin = unit.people.find_by_telegram_id(ADMIN)
    assert admin is not None
    rewards = unit.connection.all(REWARDS)
    readers = {"requester": house.requester, "worker": bob, "admin": admin.id}
    calls: dict[str, Callable[[], Any]] = {}
    for reader, person in readers.items():
        act = act_of(unit, person, admins=frozenset({ADMIN}))
        for at, (operation, submission) in enumerate(rewards, 1):
            calls[f"why {at}, {reader}"] = lambda act=act, n=operation: explanations.explain_operation(act, n)
            calls[f"read {at}, {reader}"] = lambda act=act, n=submission: answer_messages.read_answer(act, n)
    requester = act_of(unit, house.requester)
    for at, (_, submission) in enumerate(rewards, 1):
        calls[f"review of {at}"] = lambda n=submission: review.show_answer_again(requester, n)
    calls["review"] = lambda: review.show_next_answer(requester, house.project, 0)
    calls["reviews of a program"] = lambda: review.list_waiting_answers(requester, house.project, 0, 10)
    project = unit.projects.get(house.project)
    for at, (task,) in enumerate(unit.connection.all(TASKS), 1):
        calls[f"webhook of {at}"] = lambda n=task: webhooks_service._event_data(unit, project, webhooks.TASK_CLOSED, n)
    calls["answers beside"] = lambda: unit.evidence.beside(bob, house.project, 10)
    calls["letters"] = lambda: unit.connection.all("SELECT facts FROM outbox WHERE person <> :ann", ann=ann)
    return {name: _said(call) for name, call in calls.items()}


def _said(call: Callable[[], Any]) -> str:
    try:
        return repr(call())
    except Refusal as refusal:
        return type(refusal).__name__


def end(unit: UnitOfWork, house: House) -> None:
    """Workers see others' answers then."""
    unit.projects.end(house.project, ProjectState.STOPPED, unit.now)


@pytest.mark.usefixtures("tasks_in_file_order")
@pytest.mark.parametrize("leave", [withdraw, erase])
@pytest.mark.parametrize("accept", ["auto", "review"])
async def test_a_withdrawn_word_is_in_no_output(database: Database, now: Moment, accept: str, leave: Any) -> None:
    house = await answered(database, now, accept)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    if accept == "auto":
        await database.transact(end, now, house)
    before = {**await files(database, now, project), **await database.transact(shown, now, house)}
    holding = {name for name, output in before.items() if WORD in output}
    assert SHOWN_BEFORE[accept] <= holding
    assert len(holding) > 30
    await database.transact(leave, now, house)
    for moment in (now, later(now, HOUR)):  # at once, and when it was computed again
        after = {**await files(database, moment, project), **await database.transact(shown, moment, house)}
        assert {name for name, output in after.items() if WORD in output} == set()
        assert [name for name, output in after.items() if "answer=None, count" in output] == []
        assert OTHER in after["results csv"] or moment == now
        await database.transact(personal_data.redraw_consensus, moment)
        await refits.refit(database, project, lambda: moment)  # noqa: B023
    assert await database.transact(invariants.find_violations, now) == []
