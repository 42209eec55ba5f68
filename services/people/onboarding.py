"""The first minute: the terms, the language, the menu; and what anybody may ask at any time."""

from collections.abc import Callable

from domain.money.pricing import Terms
from domain.people.people import Person
from services.money import transfers
from services.people import push_schedule, returning
from services.work.submit import work
from storage.unit import UnitOfWork


def start(unit: UnitOfWork, person: Person, roles: tuple[str, ...]) -> None:
    """Newcomers are shown what this is and asked to agree; others are welcomed back."""
    unit.outbox.say(person.id, "onboarding.menu", klass="nudge", roles=list(roles))
    if person.is_worker:
        unit.outbox.say(person.id, "onboarding.back", name=person.name)
    else:
        unit.outbox.say(person.id, "onboarding.welcome", name=person.name, language=person.language)


def agree(unit: UnitOfWork, person: Person, terms: Terms, roles: Callable[[Person], tuple[str, ...]]) -> None:
    """Agreement makes a worker: accounts are opened, pushes may come. Whoever asks or runs the bot is not pushed to
    before they take a first task themselves: a place in their hands would keep a project waiting."""
    if unit.people.consent(person.id, unit.now):
        transfers.open_worker(unit, person, terms.currency)
        returning.recognise(unit, person)
        worker = unit.people.get(person.id)
        if not worker.requester and "admin" not in roles(worker):
            push_schedule.wait(unit, person.id, asked=True)
        unit.outbox.say(person.id, "onboarding.menu", klass="nudge", roles=list(roles(worker)))
    unit.outbox.say(person.id, "onboarding.ready", name=person.name)


def begin(unit: UnitOfWork, person: Person) -> None:
    """The second press: the first task."""
    work(unit, person)


def choose_language(unit: UnitOfWork, person: Person) -> None:
    unit.outbox.say(person.id, "onboarding.language", now=person.language)


def speak(unit: UnitOfWork, person: Person, language: str, roles: tuple[str, ...]) -> None:
    unit.people.speak(person.id, language)
    unit.outbox.say(person.id, "onboarding.menu", klass="nudge", roles=list(roles))
    if person.is_worker or "requester" in roles:
        unit.outbox.say(person.id, "onboarding.spoken", language=language)
    else:
        unit.outbox.say(person.id, "onboarding.welcome", name=person.name, language=language)


def help_(unit: UnitOfWork, person: Person, roles: tuple[str, ...]) -> None:
    unit.outbox.say(person.id, "onboarding.help", roles=list(roles))


def privacy(unit: UnitOfWork, person: Person) -> None:
    unit.outbox.say(person.id, "onboarding.privacy")


def terms(unit: UnitOfWork, person: Person, of: Terms) -> None:
    unit.outbox.say(
        person.id,
        "onboarding.terms",
        agreed=person.consented_at,
        fee=str(of.fee_percent),
        floor=of.floor,
        currency=of.currency,
    )


def mydata(unit: UnitOfWork, person: Person) -> None:
    """A file with all that is kept about this person."""
    unit.outbox.say(person.id, "onboarding.mydata", person=person.id, telegram_id=person.telegram_id)


def lost(unit: UnitOfWork, person: Person, roles: tuple[str, ...]) -> None:
    """Something was typed that nobody waits for."""
    unit.outbox.say(person.id, "onboarding.lost", roles=list(roles))
