"""Pseudonyms of workers, as a requester reads them."""

from domain.people.people import PersonId
from domain.people.pseudonyms import pseudonym
from storage.unit import UnitOfWork


def pseudonym_for(unit: UnitOfWork, requester: PersonId, worker: PersonId) -> str:
    return pseudonym(unit.settings.secret, requester, worker)
