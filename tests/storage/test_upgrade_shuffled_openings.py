"""Places that were given out in the order of their file get their place in the shuffled order, and none is lost."""

from domain.draws import shuffle_key
from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

BACK = """
ALTER TABLE openings RENAME COLUMN shuffle_key TO position;
UPDATE openings SET position = (SELECT t.position FROM tasks t WHERE t.id = openings.task);
ALTER TABLE enrolments DROP COLUMN offered;
ALTER TABLE enrolments DROP COLUMN skipped;
ALTER TABLE enrolments DROP COLUMN skipped_on;
UPDATE enrolments SET cursor = 2, gold_cursor = 1;
"""
ON_POSTGRESQL = "DROP FUNCTION shuffle_key(text, bigint);"
KEYS = "SELECT task, shuffle_key FROM openings ORDER BY task"
LOOKED = "SELECT DISTINCT cursor, gold_cursor, offered - answered FROM enrolments"


def test_places_are_shuffled_by_the_secret_and_everybody_looks_again(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        before = unit.connection.all(KEYS)
    undo = BACK + (ON_POSTGRESQL if database_url.startswith("postgresql") else "")
    upgraded_from(database_url, "shuffled_openings", undo)
    with one_transaction(database_url, now) as unit:
        secret = unit.connection.all("SELECT value FROM secrets WHERE name = 'choices'")[0][0]
        assert unit.connection.all(KEYS) == before
        assert before == [(task, shuffle_key(secret, task)) for task, _ in before]
        assert unit.connection.all(LOOKED) == [(0, 0, 1)]
        goes_on(unit, house)
