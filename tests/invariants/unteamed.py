"""Violations of teams, to be planted: Anna has made one, with a member who may spend a euro a month."""

from collections.abc import Callable

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, budget_account, requester_account
from domain.people.accounts import PersonId
from domain.people.teams import TeamRole
from services.money import transfers
from services.people import teams
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant

CAP = Millionths(1_000_000)
SPENT = """
INSERT INTO team_spending (team, member, month, amount, currency, cap, after, up_to, at)
SELECT t.id, {member}, '2027-01', {amount}, 'EUR', 1000000, 1, 2, 1 FROM teams t"""


def teamed(*statements: str, sets_aside: int = 0) -> Callable[[UnitOfWork, House], None]:
    """The member sets something aside, where it is to be; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        member, team = house.workers[0], founded(unit, house)
        if sets_aside:
            project, source = unit.projects.get(house.project), requester_account(unit.people.get(team))
            more = (source, budget_account(project.id), Millionths(sets_aside), "EUR", project.id)
            unit.spending.stated.add(project.id, sets_aside)
            unit.ledger.post(Transfer("more", "launch", *more))
        for statement in statements:
            told = statement.format(member=member, amount=sets_aside, team=team)
            assert unit.connection.changed(told), told

    return breaks


def founded(unit: UnitOfWork, house: House) -> PersonId:
    team = unit.teams.add("Atelier", "fr")
    for person, role in ((house.requester, TeamRole.OWNER), (house.workers[0], TeamRole.SPENDER)):
        unit.teams.join(team, person, role, CAP, "EUR")
        teams.separate_from_team(unit, team, person)
    transfers.post_deposit(unit, unit.people.get(team), Millionths(20_000_000), "EUR", "team", "")
    return team


UNTEAMED = (
    Plant(
        "a member sets more aside than their cap",
        *(17, "no member set aside more than their cap in a month", "team spending"),
        teamed(SPENT, sets_aside=1_100_000),
    ),
    Plant(
        "another sum than what left a team's account is noted",
        *(17, "what a member set aside is what left the team's account", "team spending"),
        teamed(SPENT, "UPDATE team_spending SET amount = amount - 1", sets_aside=900_000),
    ),
    Plant(
        "a team's money is set aside by nobody",
        *(17, "what was set aside of a team's money is noted for a member", "transfer"),
        teamed(sets_aside=900_000),
    ),
    Plant(
        "a stranger acts for a team",
        *(17, "only members act for a team, or have its keys", "person"),
        teamed("UPDATE people SET acts_for = {team} WHERE id = (SELECT max(id) FROM people)"),
    ),
    Plant(
        "a team was closed with money",
        *(17, "an open team has one owner, a closed one nobody, not a cent", "team"),
        teamed("UPDATE team_members SET left_at = 1", "UPDATE teams SET closed_at = 1"),
    ),
    Plant(
        "a team has no owner",
        *(17, "an open team has one owner, a closed one nobody, not a cent", "team"),
        teamed("UPDATE team_members SET role = 'viewer' WHERE role = 'owner'"),
    ),
    Plant(
        "a member may work for their team",
        *(17, "who is or was in a team is not asked for its tasks", "person"),
        teamed("DELETE FROM payee_mates WHERE person = {member} AND mate = {team}"),
    ),
)
