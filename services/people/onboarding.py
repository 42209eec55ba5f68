"""Onboarding: terms, language, menu; and the general commands."""

from dataclasses import dataclass, replace

from domain.messages import Message
from domain.people.messages import (
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
from domain.people.rights_messages import (
    PersonalData,
)
from locales import LANGUAGES
from services.act import Act, Reply
from services.money import transfers
from services.people import menus, push_schedule, returning
from services.people.teams import invitations as joining
from services.projects.audience import invitations
from services.work import submit


@dataclass(frozen=True, slots=True)
class OutdatedButton:
    """A button of an older version was pressed: nothing happened."""


@dataclass(frozen=True, slots=True)
class ButtonUsed:
    """A button that serves once was pressed again: nothing happened."""


def start(act: Act, token: str = "") -> tuple[Message, ...]:
    """Welcomes a newcomer and asks for agreement; welcomes others back. `token`: they came by an invitation."""
    menus.show(act, act.person.id)
    if joining.is_one(token):
        return (joining.open_(act, token),)
    invited = invitations.open_(act, token) if token else None
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
    if not unit.people.consent(person.id, unit.now):
        return _used(act)
    transfers.open_worker(unit, person, act.house.terms.currency)
    returning.recognise(unit, person)
    worker = unit.people.get(person.id)
    if not worker.requester and "admin" not in act.house.roles(worker):
        push_schedule.settle_in(unit, person.id)
    menus.show(act, worker.id)
    return Reply(Ready(), edits=act.message)


def begin(act: Act) -> ButtonUsed | None:
    """The first task. The message that offered it loses its buttons. ButtonUsed where they had a task before: an old
    button brings no other one."""
    if _had_task(act):
        return _used(act)
    submit.ask(act)
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
    act.unit.people.speak(act.person.id, wanted)
    if act.unit.people.is_waiting(act.person.id):  # usual hours, and the tasks they read, are those of the language
        push_schedule.wait(act.unit, act.person.id)
    menus.show(act, act.person.id)
    if act.person.is_worker or "requester" in act.roles:
        return LanguageChosen(reads=act.person.language != wanted and _reads_as_it_speaks(act))
    return _welcome(act, wanted)


def _reads_as_it_speaks(act: Act) -> bool:
    """A worker who has ticked no languages gets tasks in the one we speak."""
    return act.person.is_worker and not act.unit.preferences.of(act.person.id).languages


def help_(act: Act) -> tuple[Help | HelpSuspended, ...]:
    """An admin's commands are a message of their own: all together are too many for one."""
    known, asks = act.house.commands_of(act.person), "requester" in act.roles
    stop = act.unit.stops.of_person(act.person.id) if act.person.suspended else None
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
