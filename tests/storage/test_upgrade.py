"""A house that was at work before large files and moving counts were thought of goes on where it was."""

import pytest

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from storage.projects.batches import Waiting

BEFORE = "0011_forgotten"
ASKED, STOPPED = ProjectId(1), ProjectId(2)
BO = PersonId(2)  # passed task 2 while it was in others' hands

# Each its id, project, batch, position, known answer, state, and how many answers it has.
TASKS = (
    (1, 1, 1, 1, None, "closed", 2),
    (2, 1, 1, 2, None, "open", 1),
    (3, 1, 1, 3, None, "open", 0),
    (4, 1, 1, 4, '["yes"]', "open", 1),
    (5, 1, 2, 5, None, "draft", 0),
    (6, 1, 2, 6, None, "draft", 0),
    (7, 2, 3, 1, None, "stopped", 1),
    (8, 2, 3, 2, None, "stopped", 0),
)
# Each its task, its worker, and whether it met a known answer.
ANSWERS = ((1, 2, None), (1, 3, None), (2, 3, None), (4, 2, 1), (7, 3, None))
# Each its worker and project, both cursors, and the counts.
ENROLMENTS = ((2, 1, 2, 4, 2, 1, 1), (3, 1, 2, 0, 2, 0, 0), (3, 2, 1, 0, 1, 0, 0))
OPENINGS = ((1, 0, 2, 2, 1), (1, 0, 3, 3, 2), (1, 1, 4, 4, 1))

PEOPLE = "INSERT INTO people (id, language, joined_at) VALUES (1, 'en', 0), (2, 'en', 0), (3, 'en', 0)"
PROJECTS = """
INSERT INTO projects (id, requester, title, instructions, kind, options, template, columns, currency, pay, fee, overlap,
  max_overlap, accept, minutes, purpose, languages, state, created_at, launched_at, ended_at)
VALUES
  (1, 1, 't', '[]', 'choice', '[]', '', '[]', 'EUR', 50, 5, 2, 4, 'auto', 9, '', '[]', 'running', 0, 0, NULL),
  (2, 1, 'u', '[]', 'choice', '[]', '', '[]', 'EUR', 70, 7, 2, 4, 'auto', 9, '', '[]', 'stopped', 0, 0, 1)"""
CONFIDENT = "UPDATE projects SET confidence = 0.9 WHERE id = 1"
BATCHES = """
INSERT INTO batches (id, project, requester, fingerprint, file_name, tasks, imported_at)
VALUES (1, 1, 1, 'a', 'a', 4, 0), (2, 1, 1, 'b', 'b', 2, 0), (3, 2, 1, 'c', 'c', 2, 0)"""
TASK = """
INSERT INTO tasks (id, project, batch, position, key, content, gold, state, received, overlap)
VALUES (:id, :project, :batch, :position, :id, '{}', :gold, :state, :received, 2)"""
GIVEN = """
INSERT INTO assignments (id, project, task, worker, state, offered_at, deadline)
VALUES (:id, :project, :task, :worker, 'submitted', 0, 1)"""
ANSWER = """
INSERT INTO submissions (id, assignment, project, task, worker, gold, milliseconds, state, submitted_at)
VALUES (:id, :id, :project, :task, :worker, :gold, 1, 'accepted', 0)"""
ENROL = """
INSERT INTO enrolments (worker, project, cursor, gold_cursor, answered, gold_seen, gold_right)
VALUES (:worker, :project, :cursor, :gold_cursor, :answered, :seen, :right)"""
OPEN = """
INSERT INTO openings (project, gold, position, task, free) VALUES (:project, :gold, :position, :task, :free)"""


PROMISE = "INSERT INTO floors (project, floor, expected, waiting) VALUES (1, 100, 3000, 4)"


def fill(url: str) -> None:
    """As the version before left it."""
    connection = dialect_of(url).open()
    for statement in (PEOPLE, PROJECTS, CONFIDENT, BATCHES, PROMISE):
        connection.changed(statement)
    names = ("id", "project", "batch", "position", "gold", "state", "received")
    connection.many(TASK, (dict(zip(names, row, strict=True)) for row in TASKS))
    for number, (task, worker, gold) in enumerate(ANSWERS, 1):
        about = {"id": number, "project": 2 if task > 6 else 1, "task": task, "worker": worker}
        connection.changed(GIVEN, **about)
        connection.changed(ANSWER, **about, gold=gold)
    names = ("worker", "project", "cursor", "gold_cursor", "answered", "seen", "right")
    connection.many(ENROL, (dict(zip(names, row, strict=True)) for row in ENROLMENTS))
    names = ("project", "gold", "position", "task", "free")
    connection.many(OPEN, (dict(zip(names, row, strict=True)) for row in OPENINGS))
    connection.close()


def test_a_house_at_work_is_brought_up(empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    every = migrate.versions()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: [name for name in every if name <= BEFORE])
        migrate.migrate(dialect_of(empty_database_url))
    fill(empty_database_url)
    assert migrate.migrate(dialect_of(empty_database_url))[-1] == every[-1]
    with one_transaction(empty_database_url, now) as unit:
        found = unit.progress_counts.progress(ASKED)
        assert (found.tasks, found.gold, found.closed, found.submissions, found.workers) == (5, 1, 1, 4, 2)
        assert (found.gold_right, found.gold_seen, unit.progress_counts.progress(STOPPED).begun) == (1, 1, 1)
        assert unit.batches.waiting(ASKED) == Waiting(2, 0, 8, 5, 6)
        paid = "SELECT DISTINCT project, pay, fee FROM submissions ORDER BY project"
        assert [tuple(row) for row in unit.connection.all(paid)] == [(1, 50, 5), (2, 70, 7)]
        assert unit.connection.all("SELECT base, waiting FROM floors")[0] == (3000, 4)
        assert unit.projects.get(ASKED).seconds is None
        near = unit.openings.near(BO, ASKED, False, 2, 0)
        assert [place.task for place in near.ahead] == [3]
        assert [(place.task, place.had) for place in near.returned] == [(2, False)]
        numbered = unit.connection.all("SELECT max(id) FROM returns")[0][0]
        unit.openings.give_back(ASKED, False, 3, TaskId(3))
        (place,) = unit.openings.near(BO, ASKED, False, 3, near.returned[0].back).returned
        assert place.back > numbered > 6  # a backup keeps the row that the numbers go on from


LETTER = """
INSERT INTO outbox (person, lane, class, screen, facts, assignment, due_at, written_at, ended_at, state, reason)
VALUES (2, 0, 'push', 'work.task', '{}', :assignment, 0, 0, 0, :state, :reason)"""


def test_what_was_never_shown_is_nobodys_any_more(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks Telegram had refused stayed in invisible hands until their time was up."""
    every = migrate.versions()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: [name for name in every if name < "0019"])
        migrate.migrate(dialect_of(empty_database_url))
    fill(empty_database_url)
    connection = dialect_of(empty_database_url).open()
    connection.changed("UPDATE assignments SET state = 'active', deadline = 9 WHERE id IN (1, 2)")
    connection.changed("DELETE FROM submissions WHERE id IN (1, 2)")
    for assignment, state, reason in ((1, "dropped", "refused: no"), (2, "dropped", "refused: no"), (2, "sent", None)):
        connection.changed(LETTER, assignment=assignment, state=state, reason=reason)
    connection.close()
    migrate.migrate(dialect_of(empty_database_url))
    with one_transaction(empty_database_url, now) as unit:
        left = unit.connection.all("SELECT id, deadline FROM assignments WHERE state = 'active' ORDER BY id")
        assert [tuple(row) for row in left] == [(1, 1), (2, 9)]
        assert unit.undelivered.note(ASKED, TaskId(1), True)
        assert not unit.undelivered.note(ASKED, TaskId(1), False)
        assert unit.undelivered.counts(ASKED) == (1, 0)
