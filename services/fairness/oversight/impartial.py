"""Nobody decides about their own matter, nor about an appeal against their own decision, where another admin could."""

from collections.abc import Collection

from domain.people.people import PersonId
from domain.refusals import OwnMatter
from services.act import Act
from storage.unit import UnitOfWork


def deciders(unit: UnitOfWork, admins: frozenset[int], involved: Collection[PersonId | None]) -> list[PersonId]:
    """The admins who may decide: those who are not involved; all where there is no other."""
    known = unit.people.with_telegram_ids(tuple(sorted(admins)))
    return [admin for admin in known if admin not in involved] or known


def check(act: Act, *involved: PersonId | None) -> bool:
    """Whether the admin who acts is alone with a matter of their own: then they may, and it is noted. Raises OwnMatter
    where another one could decide."""
    if act.person.id not in involved:
        return False
    if act.person.id not in deciders(act.unit, act.house.admins, involved):
        raise OwnMatter()
    return True
