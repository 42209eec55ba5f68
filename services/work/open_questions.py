"""Words that were asked for about an answer: why it is rejected, why the rejection is wrong, what it is thanked for."""

from domain.people.people import Person
from services.fairness import pleas, review
from services.money import bonus
from storage.unit import UnitOfWork

JOURNEYS = (review.JOURNEY, pleas.JOURNEY, bonus.JOURNEY)


def is_asking(unit: UnitOfWork, person: Person) -> bool:
    draft = unit.drafts.of(person.id)
    return draft is not None and draft[0] in JOURNEYS


def typed(unit: UnitOfWork, person: Person, text: str, admins: frozenset[int]) -> None:
    """To whichever of them is open."""
    draft = unit.drafts.of(person.id)
    assert draft is not None  # noqa: S101 (somebody asked)
    journey, data = draft
    if journey == review.JOURNEY:
        review.reasoned(unit, person, data, text, admins)
    elif journey == pleas.JOURNEY:
        pleas.typed(unit, person, data, text)
    else:
        unit.outbox.tell(person.id, bonus.typed(unit, person, data, text))
