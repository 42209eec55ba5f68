"""A house of the version before teams: everybody acts for themselves, keys are their own; then a team is made."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.teams import Role
from services.people import teams
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else, upgraded_from

TIES = ("team_webhooks", "team_pushes", "team_undigested")
TABLES = ("team_projects", "team_spending", "team_invitations", "team_members", "teams")
BEFORE = "\n".join(
    (
        "ALTER TABLE people DROP COLUMN acts_for;",
        "DROP INDEX api_keys_of_members;",
        "ALTER TABLE api_keys DROP COLUMN member;",
        *(f"DROP TABLE {table};" for table in TABLES),
    )
)


def test_teams_come_beside_what_is_there(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.api_keys.add(house.requester, "hash", "hint")
    before, after = upgraded_from(database_url, "teams", BEFORE)
    same = before.keys() - {"settings", "people", "api_keys"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    for table, column in (("people", "acts_for"), ("api_keys", "member")):
        names, *rows = after[table]
        assert names == (*before[table][0], column)
        assert len(rows) == len(before[table]) - 1
    with one_transaction(database_url, now) as unit:
        team = unit.teams.add("Atelier", "fr")
        assert unit.teams.join(team, house.requester, Role.OWNER, Millionths(1), "EUR")
        teams.separate_from_team(unit, team, house.requester)
        assert (team, unit.teams.find_owner(team)) == (-1, house.requester)
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)unique"), one_transaction(database_url, now) as unit:
        unit.teams.join(team, house.workers[0], Role.OWNER)


def test_members_of_the_version_before_keep_the_digest(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        team = unit.teams.add("Atelier", "fr")
        unit.teams.join(team, house.requester, Role.OWNER)
        teams.separate_from_team(unit, team, house.requester)
    drop = "\n".join(f"DROP TABLE {table};" for table in TIES)
    new_tables_change_nothing_else(database_url, "team_ties", drop)
    with one_transaction(database_url, now) as unit:
        assert [member for member, _ in unit.team_ties.list_digest_readers(team)] == [house.requester]
        goes_on(unit, house)
