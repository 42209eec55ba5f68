"""What an earlier version left behind of people who had left is emptied by the upgrade, on both databases."""

import pytest

from domain.moments import Moment
from services.people import erasure
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.storage.test_upgrade import BATCHES, PROJECTS

BEFORE = "0018_posting"
PEOPLE = """
INSERT INTO people (id, telegram_id, language, joined_at, erased_at)
VALUES (1, 11, 'en', 0, NULL), (2, NULL, 'en', 0, 5), (3, 13, 'en', 0, NULL)"""
WRITTEN = "UPDATE projects SET kind = CASE WHEN id = 1 THEN 'text' ELSE 'choice' END"
TASKS = """
INSERT INTO tasks (id, project, batch, position, key, content, state, received, overlap, consensus, live)
VALUES (1, 1, 1, 1, '1', '{}', 'closed', 1, 1, 'I am Ann', 'I am Ann'),
  (2, 1, 1, 2, '2', '{}', 'closed', 2, 2, 'I am Ann', 'I am Ann'), (3, 2, 3, 1, '3', '{}', 'closed', 1, 1, 'no', 'no'),
  (4, 1, 1, 3, '4', '{}', 'closed', 1, 1, 'a cat', 'a cat')"""
ANSWERS = ((1, 1, 1, 2, None), (2, 1, 2, 2, None), (3, 1, 2, 3, "a red cat"), (4, 2, 3, 2, "no"), (5, 1, 4, 3, "a cat"))
GIVEN = """
INSERT INTO assignments (id, project, task, worker, state, offered_at, deadline)
VALUES (:id, :project, :task, :worker, 'submitted', 0, 1)"""
ANSWER = """
INSERT INTO submissions (id, assignment, project, task, worker, answer, milliseconds, state, submitted_at, pay, fee)
VALUES (:id, :id, :project, :task, :worker, :answer, 1, 'accepted', 0, 1, 0)"""
ENROL = "INSERT INTO enrolments (worker, project, answered, consented_at) VALUES (3, 1, 2, 0)"
LETTERS = """
INSERT INTO outbox (person, lane, class, screen, facts, state, due_at, written_at, ended_at)
VALUES (2, 0, 'sure', 's', '{"name":"Ann"}', 'dropped', 0, 0, 1), (3, 0, 'sure', 's', '{"name":"Bo"}', 'waiting', 0, 0,
  NULL)"""


def fill(url: str) -> None:
    connection = dialect_of(url).open()
    for statement in (PEOPLE, PROJECTS, WRITTEN, BATCHES, TASKS):
        connection.changed(statement)
    for answer in ANSWERS:
        values = dict(zip(("id", "project", "task", "worker", "answer"), answer, strict=True))
        about = {name: value for name, value in values.items() if name != "answer"}
        connection.changed(GIVEN, **about)
        connection.changed(ANSWER, **values)
    for statement in (ENROL, LETTERS):
        connection.changed(statement)
    connection.close()


def test_old_letters_and_old_results_are_emptied(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrate.versions()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: [name for name in every if name <= BEFORE])
        migrate.migrate(dialect_of(empty_database_url))
    fill(empty_database_url)
    migrate.migrate(dialect_of(empty_database_url))
    drawn = "SELECT consensus, live FROM tasks ORDER BY id"
    with one_transaction(empty_database_url, now) as unit:
        letters = [row[0] for row in unit.connection.all("SELECT facts FROM outbox ORDER BY person")]
        assert letters == ["{}", '{"name":"Bo"}']
        assert [row[0] for row in unit.connection.all(drawn)] == [None, None, "no", "a cat"]
        erasure.redraw(unit)
        found = [tuple(row) for row in unit.connection.all(drawn)]
        assert found == [(None, None), ("a red cat", "a red cat"), ("no", "no"), ("a cat", "a cat")]
