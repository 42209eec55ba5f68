"""Letters of a task and edits that tidy are held, and what one transaction does is seen by the next of its batch."""

from domain.moments import MINUTE, Moment
from domain.people.people import PersonId
from domain.projects.tasks import TaskId
from domain.work.messages import TaskGone, TaskMoved
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import furnish
from tests.letters import due_letters

MESSAGE, TASK = 7, TaskGone("a task")


def worker_of(unit: UnitOfWork) -> PersonId:
    (worker,) = furnish(unit, workers=1, tasks=2).workers
    return worker


def test_an_edit_that_tidies_is_dropped_though_it_was_written_a_moment_ago(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        worker = worker_of(unit)
        unit.outbox.shown.forget_tidying(worker, MESSAGE)  # there is none: that is known from here on
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=MESSAGE)
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=MESSAGE + 1)
        unit.outbox.tell(worker, TaskMoved("another"), edits=MESSAGE)
    with one_transaction(database_url, now) as unit:
        unit.outbox.shown.forget_tidying(worker, MESSAGE + 2)
        left = [(letter.screen, letter.edits) for letter in due_letters(unit, 10)]
    assert left == [(TaskMoved.stored_as, MESSAGE), (TaskGone.stored_as, MESSAGE + 1)]


def test_a_message_that_moves_on_shows_the_task_no_more_and_one_under_way_will(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        worker = worker_of(unit)
        found = unit.tasks.get(TaskId(1))
        task = unit.assignments.add(found.project, found.id, worker, now, Moment(now + MINUTE))
        assert task is not None
        unit.outbox.tell(worker, TASK, edits=MESSAGE, assignment=task)
        assert unit.outbox.shown.came_in_place(task, MESSAGE) == (now, None)
    with one_transaction(database_url, Moment(now + 1)) as unit:
        unit.outbox.sent([(letter.id, MESSAGE) for letter in due_letters(unit, 10)])
        unit.outbox.tell(worker, TASK, edits=MESSAGE + 1, assignment=task)
    with one_transaction(database_url, Moment(now + 2)) as unit:
        assert unit.outbox.shown.came_in_place(task, MESSAGE) == (now, now + 1)
        unit.outbox.shown.moves_on(task, MESSAGE - 1)  # which has nothing to do with it
        assert unit.outbox.showed(task, MESSAGE)
        unit.outbox.shown.moves_on(task, MESSAGE)
        assert unit.outbox.shown.came_in_place(task, MESSAGE) is None
        assert unit.outbox.shown.came_in_place(task, MESSAGE + 1) == (now + 1, None)
        assert unit.outbox.message_of(task) is None
        unit.outbox.sent([(letter.id, MESSAGE + 1) for letter in due_letters(unit, 10)])
        assert unit.outbox.message_of(task) == MESSAGE + 1
        assert not unit.outbox.showed(task, MESSAGE)
