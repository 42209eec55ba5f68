"""Onboarding: terms, language, menu; and the general commands."""

from dataclasses import dataclass, replace

from domain.messages import Message
from domain.people.accounts import Person
from domain.people.onboarding import (
    Help,
    HelpSuspended,
    LanguageChosen,
    LanguageQuestion,
    NotUnderstood,
    PrivacyNotice,
    Ready,
    TermsOfUse,
    Welcome,
    WelcomeBack,
)
from domain.people.personal_data import PersonalData
from domain.quality.restrictions import Restricted, Restriction
from locales.languages import LANGUAGES
from services.act import Act, Reply
from services.fairness import stops
from services.money import transfers
from services.people import menus, settings, teams
from services.projects import audience
from services.work import submit, sweeps
from storage.unit import UnitOfWork


def recognise(unit: UnitOfWork, person: Person) -> None:
    """At consent, before a first task: excludes the tasks that this person had before an erasure."""
    if person.telegram_id is None:
        return
    for other in unit.remembered.list_former_and_payees(person.id, person.telegram_id):
        unit.payees.add_mates(person.id, other)
    for former in unit.remembered.list_former_selves(person.id, person.telegram_id):
        unit.remembered.copy_doubts(former, person.id)
        for known in unit.restrictions.all_standing(former):
            _go_on(unit, person, known)


def stay_barred(unit: UnitOfWork, person: Person) -> None:
    """At their first word: requesters need not agree to the workers' terms before they open a project."""
    if person.telegram_id is not None and unit.remembered.bar_again(person.id, person.telegram_id):
        unit.audit.note(None, "role", f"person:{person.id}", requester=False, continues=True)
    if person.telegram_id is not None:
        _stay_suspended(unit, person, person.telegram_id)


def _stay_suspended(unit: UnitOfWork, person: Person, telegram_id: int) -> None:
    """A suspension from before goes on, with a notice that can be appealed."""
    for former in unit.remembered.list_former_selves(person.id, telegram_id):
        before = unit.stops.find_suspension(former)
        stop = unit.stops.add(None, person.id, before.reason, before.made_by) if before else None
        if before and stop:
            stops.enforce_suspension(unit, person, stop)
            unit.audit.note(None, "suspended", f"person:{person.id}", continues=before.id)


def _go_on(unit: UnitOfWork, person: Person, known: Restriction) -> None:
    """Restores a restriction until the same day, with a new notice: it can be appealed like any other. A human's word
    goes on, and so does the time until which one is needed."""
    found = [replace(each, worker=person.id) for each in known.evidence]
    cause = next(each for each in found if each.suspicion == known.reason)
    notice = f"restricted:{person.id}:{known.project}:{unit.now}"
    unit.enrolments.enrol(person.id, known.project)
    made = unit.restrictions.restrict(person.id, known.project, cause, found, known.ends_at, notice, known.confirm_by)
    if made is not None:
        told = Restricted(made, unit.projects.get(known.project).title, known.ends_at, cause, known.confirm_by)
        unit.outbox.tell(person.id, told, key=notice)
        unit.audit.note(None, "restrict", f"restriction:{made}", project=known.project, continues=known.id)
        if known.decided_by is not None:
            unit.restrictions.confirm(made, known.decided_by, known.words or "")


def greet(unit: UnitOfWork, telegram_id: int, username: str | None, name: str, language: str) -> Person:
    """The person who acts. Stores new names; a person who writes is reachable again."""
    known = unit.people.find_by_telegram_id(telegram_id)
    if known is None or (known.username, known.name) != (username, name):
        fresh = known is None or not known.name
        known = unit.people.upsert(telegram_id, username, name, language, unit.now)
        if fresh:
            unit.people.set_language(known.id, language)
            stay_barred(unit, known)
            known = unit.people.get(known.id)
    if not known.reachable:
        sweeps.mark_reachable(unit, known.id)
        known = unit.people.get(known.id)
    return known


def left(unit: UnitOfWork, telegram_id: int) -> None:
    """They blocked the bot."""
    known = unit.people.find_by_telegram_id(telegram_id)
    if known is not None:
        sweeps.mark_unreachable(unit, known.id)


def returned(unit: UnitOfWork, telegram_id: int) -> None:
    """They let it write again."""
    known = unit.people.find_by_telegram_id(telegram_id)
    if known is not None and not known.reachable:
        sweeps.mark_reachable(unit, known.id)


@dataclass(frozen=True, slots=True)
class OutdatedButton:
    """A button of an older version was pressed: nothing happened."""


@dataclass(frozen=True, slots=True)
class ButtonUsed:
    """A button that serves once was pressed again: nothing happened."""


def start(act: Act, token: str = "") -> tuple[Message, ...]:
    """Welcomes a newcomer and asks for agreement; welcomes others back. `token`: they came by an invitation."""
    menus.send_menu(act, act.person.id)
    if teams.is_invitation(token):
        return (teams.show_invitation(act, token),)
    invited = audience.open_invitation(act, token) if token else None
    person = act.person
    hello = WelcomeBack(person.name) if person.is_worker else _welcome(act, person.language)
    if invited is None:
        return (hello,)
    return (invited,) if person.is_worker else (replace(invited, begins=False), hello)


def _welcome(act: Act, language: str) -> Welcome:
    house = act.house
    if not (house.wise and house.wise_least):
        return Welcome(act.person.name, language, house.wise)
    return Welcome(act.person.name, language, house.wise, house.wise_least, house.terms.currency)


def agree(act: Act) -> Reply | ButtonUsed:
    """Agreement makes a worker: accounts are opened, pushes come some minutes later, and the welcome becomes what comes
    next. A requester or an admin is not pushed to before they take a first task themselves: a place in their hands
    would keep a project waiting. ButtonUsed where they had agreed before."""
    unit, person = act.unit, act.person
    if not unit.people.give_consent(person.id, unit.now):
        return _used(act)
    transfers.open_worker_accounts(unit, person, act.house.terms.currency)
    recognise(unit, person)
    worker = unit.people.get(person.id)
    if not worker.requester and "admin" not in act.house.roles(worker):
        settings.settle_in(unit, person.id)
    menus.send_menu(act, worker.id)
    return Reply(Ready(), edits=act.message)


def begin(act: Act) -> ButtonUsed | None:
    """The first task. The message that offered it loses its buttons. ButtonUsed where they had a task before: an old
    button brings no other one."""
    if _had_task(act):
        return _used(act)
    submit.ask_for_work(act)
    _show_ready(act, used=True)
    return None


def _used(act: Act) -> ButtonUsed:
    _show_ready(act, used=_had_task(act))
    return ButtonUsed()


def _had_task(act: Act) -> bool:
    found = act.unit.assignments
    return found.active_for(act.person.id) is not None or found.answered_last(act.person.id) is not None


def _show_ready(act: Act, used: bool) -> None:
    """The pressed message says that they are in; without buttons once they are `used`."""
    if act.message is not None:
        act.unit.outbox.tell(act.person.id, Ready(used), edits=act.message)


def choose_language(act: Act) -> LanguageQuestion:
    return LanguageQuestion()


def speak(act: Act, language: str) -> LanguageChosen | Welcome:
    """In a language there is none of any more, English."""
    wanted = language if language in LANGUAGES else "en"
    act.unit.people.set_language(act.person.id, wanted)
    if act.unit.people.is_waiting(act.person.id):  # usual hours, and the tasks they read, are those of the language
        settings.wait(act.unit, act.person.id)
    menus.send_menu(act, act.person.id)
    if act.person.is_worker or "requester" in act.roles:
        return LanguageChosen(reads=act.person.language != wanted and _reads_as_it_speaks(act))
    return _welcome(act, wanted)


def _reads_as_it_speaks(act: Act) -> bool:
    """A worker who has ticked no languages gets tasks in the one we speak."""
    return act.person.is_worker and not act.unit.preferences.of(act.person.id).languages


def help_(act: Act) -> tuple[Help | HelpSuspended, ...]:
    """An admin's commands are a message of their own: all together are too many for one."""
    known, asks = act.house.commands_of(act.person), "requester" in act.roles
    stop = act.unit.stops.find_suspension(act.person.id) if act.person.suspended else None
    if stop is not None:
        return (HelpSuspended(known, stop.reason, stop.id if stop.may_be_appealed else 0, stop.due_at),)
    admins = tuple(command for command in known if command.role == "admin")
    others = Help(tuple(command for command in known if command.role != "admin"), asks)
    return (Help(admins, False), others) if admins else (others,)


def privacy(act: Act) -> PrivacyNotice:
    return PrivacyNotice()


def terms(act: Act) -> TermsOfUse:
    of = act.house.terms
    return TermsOfUse(act.person.consented_at, str(of.fee_percent), of.floor, of.currency)


def mydata(act: Act) -> tuple[PersonalData, PersonalData]:
    """As data, and as a page to read: that one last, where it is seen."""
    told = PersonalData(act.person.id, act.person.telegram_id)
    return told, replace(told, form="html")


def lost(act: Act) -> NotUnderstood:
    """Words were typed that no question waits for."""
    return NotUnderstood(act.person.is_worker)


def press_outdated(act: Act) -> OutdatedButton:
    return OutdatedButton()
