"""Files that were brought before drafts had a quota count by what their tasks say, on both databases."""

import pytest

from domain.moments import Moment
from domain.people.people import PersonId
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from storage.projects.batches import Unlaunched
from tests.storage.test_leaving_upgrade import PEOPLE
from tests.storage.test_upgrade import BATCHES, PROJECTS

BEFORE = "0024_effort"
TASKS = """
INSERT INTO tasks (id, project, batch, position, key, content, state, overlap)
VALUES (1, 1, 1, 1, '1', '{"text":"a"}', 'draft', 1), (2, 1, 1, 2, '2', '{"text":"abc"}', 'draft', 1)"""
WAITING = "INSERT INTO inbox (update_id, person, payload, state, received_at) VALUES (7, 11, '{}', 'waiting', 0)"


def test_unlaunched_files_have_a_size_and_updates_have_not_ended_a_process(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrate.versions()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: [name for name in every if name <= BEFORE])
        migrate.migrate(dialect_of(empty_database_url))
    connection = dialect_of(empty_database_url).open()
    for statement in (PEOPLE, PROJECTS, BATCHES, TASKS, "UPDATE batches SET launched = 1, tasks = 2", WAITING):
        connection.changed(statement)
    connection.changed("UPDATE batches SET launched = 0 WHERE id = 1")
    connection.close()
    migrate.migrate(dialect_of(empty_database_url))
    with one_transaction(empty_database_url, now) as unit:
        [owner] = unit.connection.all("SELECT requester FROM batches WHERE id = 1")[0]
        assert unit.batches.unlaunched(PersonId(owner)) == Unlaunched(2, len('{"text":"a"}{"text":"abc"}'))
        assert [(each.update_id, each.begun) for each in unit.inbox.waiting(0, 9)] == [(7, 0)]
        launched = unit.connection.all("SELECT bytes FROM batches WHERE launched = 1")
        assert launched
        assert {row[0] for row in launched} == {0}
