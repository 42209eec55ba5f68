"""Keys of a team: what its member may do now counts, their cap beside the key's budget, and removal ends them."""

from domain.moments import Moment
from domain.people.teams import TeamRole
from handlers.people.api_keys import CreateApiKey
from handlers.people.teams import RemoveMember, SetMemberRole
from storage.database import Database
from storage.unit import UnitOfWork
from tests.services.people.test_teams import Office, again, office
from tests.web.asker import asking, house_of
from tests.web.test_api_projects import PROJECT, ROWS


async def test_a_members_key_spends_the_teams_money_within_their_cap_until_they_are_removed(
    database: Database, now: Moment
):
    def settle(unit: UnitOfWork) -> str:
        found = office(unit, cap=200_000)
        return str(found.press(found.ben, CreateApiKey()).key)  # type: ignore[attr-defined]

    def within(house: Office) -> None:
        assert [each.requester for each in house.unit.projects.list_of_requester(house.team)] == [house.team] * 2
        assert house.unit.teams.find_leader(house.unit.projects.list_of_requester(house.team)[0].id) == house.ben
        notes = house.unit.connection.all("SELECT actor, facts FROM audit WHERE action = 'api key'")
        assert [(row[0], '"team":1' in row[1]) for row in notes] == [(house.ben, True)]
        house.verify()

    def demote(house: Office) -> None:
        house.press(house.anna, SetMemberRole(team=1, member=house.ben, role=TeamRole.VIEWER.value))

    def remove(house: Office) -> None:
        house.press(house.anna, RemoveMember(team=1, member=house.ben, sure=True))

    key = await database.transact(settle, now)
    async with asking(house_of(database, now), key) as ben:
        for number in (1, 2):
            assert (await ben.post("/projects", {**PROJECT, "title": f"T{number}"})).body["number"] == number
        assert (await ben.post("/projects/1/launch")).body["held"] == len(ROWS) * 55_000
        beyond = await ben.post("/projects/2/launch")
        assert (beyond.status, beyond.body["code"], beyond.body["facts"]["left"]) == (403, "CapReached", 35_000)
        await database.transact(lambda unit: within(again(unit)), now)
        await database.transact(lambda unit: demote(again(unit)), now)
        assert (await ben.get("/projects")).status == 200
        (team,) = (await ben.get("/teams")).body["teams"]
        assert (team["team"], team["role"], [member["role"] for member in team["members"]]) == (
            *(1, "viewer"),
            ["owner", "viewer"],
        )
        assert team["members"][1]["spent"] == len(ROWS) * 55_000
        assert "member" not in team["members"][0]  # nobody's number
        assert (await ben.post("/projects/1/hold")).status == 403
        await database.transact(lambda unit: remove(again(unit)), now)
        assert (await ben.get("/projects")).status == 401
