"""Keys that worked before the API had scopes work on, on both databases."""

import pytest

from domain.moments import Moment
from domain.people.accounts import ApiKey, Scope
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on

BEFORE = """
DROP TABLE api_requests;
DROP INDEX api_keys_access_id;
ALTER TABLE api_keys DROP COLUMN scope;
ALTER TABLE api_keys DROP COLUMN budget;
ALTER TABLE api_keys DROP COLUMN spent;
ALTER TABLE api_keys DROP COLUMN used_at;
ALTER TABLE api_keys DROP COLUMN access_id;
ALTER TABLE api_keys DROP COLUMN sealed;
"""


def test_a_key_of_the_version_before_spends_without_a_budget(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    at = versions.index("0025_api")
    connection = dialect.open()
    connection.script(BEFORE)
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    columns = "person, number, hash, hint, made_at"
    connection.script(f"INSERT INTO api_keys ({columns}) VALUES ({house.requester}, 1, 'hash', 'hint', {now});")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == ["0025_api"]
    after = everything(database_url)
    same = before.keys() - {"settings", "api_keys"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        assert unit.api_keys.of(house.requester) == [ApiKey(1, "hint", now, Scope.SPEND)]
        assert unit.api_keys.spend(house.requester, 1, 10**12)
        goes_on(unit, house)
