"""Things that are compared several times tell something about one another."""

import numpy as np
import pytest

from domain.moments import Moment
from domain.projects.projects import Project
from domain.work.positions import find_label_columns
from jobs import refits
from services.people import personal_data
from services.work import submit
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import NewTask, a_project, launch, settle_requester, settle_worker

THINGS, TASKS, WORKERS = 10, 70, 3
TEMPLATE = "Which is better?\n\nA: {left}\n\nB: {right}"


def furnish(unit: UnitOfWork, pairs: np.ndarray) -> list[int]:
    """A launched project; its workers."""
    requester = settle_requester(unit)
    workers = [settle_worker(unit, number).id for number in range(WORKERS)]
    fields = {"kind": "compare", "options": ("A", "B"), "template": TEMPLATE, "columns": ("left", "right")}
    project = unit.projects.add(a_project(requester.id, unit.now, **fields))
    batch = unit.batches.begin(project, requester.id, "file", "pairs.csv", len(pairs))
    grown = unit.batches.grow(batch, len(pairs), 0, len(pairs) * WORKERS)
    assert grown is not None
    rows = enumerate(pairs.tolist(), 1)
    unit.tasks.add(
        project,
        batch.id,
        (
            NewTask(n, f"t{n}", pack({"left": f"no. {one}", "right": f"no. {two}"}), None, None, WORKERS)
            for n, (one, two) in rows
        ),
    )
    unit.batches.show(grown)
    launch(unit, requester.id, project)
    return workers


def answer_all(unit: UnitOfWork, worker: int, said: list[int]) -> None:
    person = unit.people.find_by_telegram_id(2_000 + worker)
    assert person is not None
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(person.id)) is not None:
        position = unit.tasks.get(in_hand.task).position
        submit.submit_answer(unit, person, in_hand.id, str(said[position - 1]), None)


async def answered(database: Database, now: Moment) -> tuple[Project, np.ndarray, np.ndarray]:
    """A complete project, relearnt: the truth, and what each worker said."""
    dice = np.random.default_rng(5)
    pairs = np.array([dice.choice(THINGS, 2, replace=False) for _ in range(TASKS)])
    truth = (pairs[:, 1] > pairs[:, 0]).astype(int)
    said = np.where(dice.random((WORKERS, TASKS)) < 0.7, truth, 1 - truth)
    await database.transact(furnish, now, pairs)
    for worker in range(WORKERS):
        await database.transact(answer_all, now, worker, said[worker].tolist())
    project = await database.transact(lambda unit: unit.projects.get(unit.projects.list_of_requester(1)[0].id), now)
    await refits.refresh(database, project, lambda: now)
    return project, truth, said


async def test_what_other_comparisons_say_of_two_things_corrects_their_own(database: Database, now: Moment) -> None:
    """Seven of ten answers are right; the better thing has the larger number."""
    _, truth, said = await answered(database, now)
    tasks = await database.transact(
        lambda unit: unit.connection.all("SELECT consensus FROM tasks ORDER BY position"), now
    )
    right = np.mean([row[0] == "AB"[true] for row, true in zip(tasks, truth, strict=True)])
    majority = np.mean((said.sum(0) * 2 > WORKERS) == truth)
    assert right >= majority + 0.06


async def test_it_is_told_again_after_answers_were_taken_back(database: Database, now: Moment) -> None:
    """A task is drawn anew at once without them, and without the others; with the next results it hears them again."""
    project, _, _ = await answered(database, now)

    def withdraw(unit: UnitOfWork) -> None:
        worker = unit.people.find_by_telegram_id(2_000)
        assert worker is not None
        personal_data.withdraw_consent(act_of(unit, worker.id), project.id, sure=True)

    async def scores() -> list[str]:
        return [row[0] async for row in database.rows("SELECT scores FROM tasks ORDER BY position")]

    await database.transact(withdraw, now)
    for _ in range(TASKS // personal_data.TASKS_PER_STEP + 1):
        await database.transact(personal_data.redraw_consensus, now)
    redrawn = await scores()
    await refits.refresh(database, project, lambda: now)
    told = await scores()
    await refits.refit(database, project, lambda: now)
    assert redrawn != told
    assert told == await scores()


@pytest.mark.parametrize(
    ("options", "columns", "template", "found"),
    [
        (("A", "B"), ("left", "right"), TEMPLATE, ("left", "right")),
        (("left", "right"), ("left", "right"), "{left} or {right}?", ("left", "right")),
        (("cat", "dog"), ("text",), "{text}", None),
    ],
)
def test_options_stand_for_columns_or_for_themselves(options, columns, template, found) -> None:
    now = Moment(1)
    assert (
        find_label_columns(a_project(1, now, kind="compare", options=options, columns=columns, template=template))
        == found
    )
