"""Nobody decides about their own matter, nor about an appeal against their own decision, where another admin could."""

from collections.abc import Collection

from domain.people.people import PersonId
from domain.people.teams import is_team
from domain.refusals import OwnMatter
from services.act import Act
from storage.unit import UnitOfWork


def deciders(unit: UnitOfWork, admins: frozenset[int], involved: Collection[PersonId | None]) -> list[PersonId]:
    """The admins who may decide: those who are not involved; all where there is no other."""
    known, parties = unit.people.with_telegram_ids(tuple(sorted(admins))), _with_members(unit, involved)
    return [admin for admin in known if admin not in parties] or known


def check(act: Act, *involved: PersonId | None) -> bool:
    """Whether the admin who acts is alone with a matter of their own: then they may, and it is noted. Raises OwnMatter
    where another one could decide."""
    if act.person.id not in _with_members(act.unit, involved):
        return False
    if act.person.id not in deciders(act.unit, act.house.admins, involved):
        raise OwnMatter()
    return True


def _with_members(unit: UnitOfWork, involved: Collection[PersonId | None]) -> set[PersonId | None]:
    """A team's matter is each member's, and who was one knows its people."""
    teams = (each for each in involved if each is not None and is_team(each))
    return {*involved, *(member for team in teams for member in unit.teams.ever_in(team))}
