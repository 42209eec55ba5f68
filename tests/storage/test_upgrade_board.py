"""The board comes to a database with data in it, on both databases."""

import pytest

from domain.fairness.board import HOUSE
from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.preferences import Preferences
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from storage.invariants import check
from tests.storage.test_upgrade import PERSON, PREFERENCES

DRAFT = "INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, 'bonus', '{}', 1)"


def test_people_of_the_version_before_get_the_board_and_no_digest(
    empty_database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(version for version in migrate.versions() if version.endswith("_board"))
    before_it = [version for version in migrate.versions() if version < name]
    monkeypatch.setattr(migrate, "versions", lambda: before_it)
    dialect = dialect_of(empty_database_url)
    migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        unit.connection.changed(PERSON, id=1, on=0)
        ann = PersonId(unit.connection.all("SELECT id FROM people")[0][0])
        for statement in (PREFERENCES, DRAFT):
            unit.connection.changed(statement, person=ann)
        before = tuple(unit.connection.all("SELECT * FROM preferences")[0])
    monkeypatch.undo()
    assert name in migrate.migrate(dialect)
    with one_transaction(empty_database_url, now) as unit:
        assert tuple(unit.connection.all("SELECT * FROM preferences")[0]) == (*before, -1, 0, 1)
        assert unit.preferences.of(ann).board_hour == Preferences().board_hour
        assert unit.preferences.digests_due(9) == []
        assert unit.boards.page(HOUSE, 0, 9) == []
        unit.boards.read(ann, HOUSE)
        unit.board_traces.delete()
        assert unit.drafts.of(ann) is not None
        assert check(unit) == []
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(empty_database_url, now) as unit:
        unit.connection.changed("UPDATE preferences SET board_hour = 24")
