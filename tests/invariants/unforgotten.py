"""Violations of rule 15 to be planted: data of an erased person remains, or consent is missing."""

from collections.abc import Callable

from domain.fairness.reports import ReportKind
from domain.money.amounts import Millionths
from domain.people.settings import Preferences
from domain.projects.projects import ContentChoice
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant
from tests.letters import due_letters


def erase_in_name_only(unit: UnitOfWork, house: House) -> None:
    """Their answers are exported as before, and their accounts bear their id."""
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.connection.changed("UPDATE people SET username = 'worker0' WHERE id = :id", id=person.id)


def leave_the_account(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.payees.add(person.id, "FR7630006000011234567890189", "Ann", "account", unit.now)


def leave_the_settings(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.preferences.store(person.id, Preferences(zone="Africa/Dakar"))


def leave_the_tax_form(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    statement = "INSERT INTO tax_forms (person, asked_at, sealed, key_print, given_at) VALUES (:person, 1, 's', 'p', 1)"
    unit.connection.changed(statement, person=person.id)
    unit.erasure.erase(person)


def leave_a_question(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.questions.add(house.project, house.tasks[0], person.id, "What did Ann mean?")


def leave_a_counter_offer(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.counter_offers.store_offer(house.project, person.id, Millionths(80_000))


def leave_a_role_request(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.role_requests.add(person.id, "Ann of Lyon, for birds: ann@example.org")


def leave_a_web_session(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.web_sessions.add_session(person.id, "hash")


def leave_a_report(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.reports.add(house.project, house.tasks[0], person.id, ReportKind.BROKEN)


def leave_a_rating(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.connection.changed("UPDATE enrolments SET answered = 3 WHERE worker = :worker", worker=person.id)
    unit.ratings.store_marks(house.requester, person.id, (5, 5, 5, 5))


def leave_a_choice_of_content(unit: UnitOfWork, house: House) -> None:
    person = unit.people.get(house.workers[0])
    unit.erasure.erase(person)
    unit.content_choices.keep(person.id, house.project, ContentChoice.REFUSED)


def keep_a_letter(unit: UnitOfWork, house: House) -> None:
    for letter in due_letters(unit, 1):
        unit.outbox.drop(letter.id, "expired")
        unit.connection.changed("""UPDATE outbox SET facts = '{"name":"Ann"}' WHERE id = :id""", id=letter.id)


def run(sql: str) -> Callable[[UnitOfWork, House], None]:
    return lambda unit, house: unit.connection.changed(sql, worker=house.workers[0]) and None


UNFORGOTTEN = (
    Plant(
        "somebody who was erased still has a name",
        *(15, "nothing names a person who was erased", "person"),
        erase_in_name_only,
    ),
    Plant(
        "somebody who was erased still has a bank account here",
        *(15, "nothing names a person who was erased", "person"),
        leave_the_account,
    ),
    Plant(
        "somebody who was erased still has settings",
        *(15, "nothing names a person who was erased", "person"),
        leave_the_settings,
    ),
    Plant(
        "the tax form of somebody who was erased is kept without an end",
        *(15, "nothing names a person who was erased", "person"),
        leave_the_tax_form,
    ),
    Plant(
        "somebody who was erased is still known to have asked something",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_question,
    ),
    Plant(
        "somebody who was erased is still known to have asked for more pay",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_counter_offer,
    ),
    Plant(
        "somebody who was erased is still known to have rated a requester",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_rating,
    ),
    Plant(
        "somebody who was erased is still known to have refused some content",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_choice_of_content,
    ),
    Plant(
        "somebody who was erased is still known to have reported something",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_report,
    ),
    Plant(
        "a request of an erased person to give work is kept",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_role_request,
    ),
    Plant(
        "somebody who was erased is still signed in at the dashboard",
        *(15, "nothing names a person who was erased", "person"),
        leave_a_web_session,
    ),
    Plant(
        "a letter that was dropped still says what it said",
        *(15, "a letter that has ended keeps nothing of what it said", "letter"),
        keep_a_letter,
    ),
    Plant(
        "an account is called by the id of somebody who left",
        *(15, "every named account is somebody's who is here", "account worker:"),
        lambda unit, house: unit.ledger.open(("worker:777:available",), "EUR"),
    ),
    Plant(
        "an answer is kept that nobody consented to",
        *(15, "every answer has a consent, or its withdrawal", "submission"),
        run("UPDATE enrolments SET consented_at = NULL WHERE worker = :worker"),
    ),
)
