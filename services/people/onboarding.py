"""Onboarding: terms, language, menu; and the general commands."""

from dataclasses import dataclass, replace

from domain.messages import Message
from domain.people.accounts import Person, RoleGranted
from domain.people.bots import FIRST_BOT
from domain.people.onboarding import (
    EXAMPLE,
    HELP_TOPICS,
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
from domain.people.role_requests import is_role_invitation
from domain.quality.restrictions import Restricted, Restriction
from locales.languages import LANGUAGES
from services.act import Act, Reply
from services.fairness import stops
from services.money import transfers
from services.people import bots, menus, role_requests, settings, teams
from services.projects import audience
from services.work import submit, sweeps
from storage.unit import UnitOfWork


def restore_former_record(unit: UnitOfWork, person: Person) -> None:
    """Restore what an erasure of the same Telegram account left: linked accounts, excluded tasks, doubts and
    restrictions. Called at consent, before the first task."""
    if person.telegram_id is None:
        return
    for mate in unit.remembered.list_former_and_payees(person.id, person.telegram_id):
        unit.payees.add_mates(person.id, mate)
    for former in unit.remembered.list_former_selves(person.id, person.telegram_id):
        unit.remembered.copy_doubts(former, person.id)
        for restriction in unit.restrictions.all_standing(former):
            _restore_restriction(unit, person, restriction)


def restore_bar_and_suspension(unit: UnitOfWork, person: Person) -> None:
    """Restore a withdrawn requester's role and a suspension from before an erasure. Called at a person's first message:
    requesters need not agree to the workers' terms before they open a project."""
    if person.telegram_id is not None and unit.remembered.bar_again(person.id, person.telegram_id):
        unit.audit.note(None, "role", f"person:{person.id}", requester=False, continues=True)
    if person.telegram_id is not None:
        _restore_suspension(unit, person, person.telegram_id)


def _restore_suspension(unit: UnitOfWork, person: Person, telegram_id: int) -> None:
    """Suspend the person as before their erasure, with a notice that can be appealed."""
    for former in unit.remembered.list_former_selves(person.id, telegram_id):
        former_stop = unit.stops.find_suspension(former)
        stop = unit.stops.add(None, person.id, former_stop.reason, former_stop.made_by) if former_stop else None
        if former_stop and stop:
            stops.enforce_suspension(unit, person, stop)
            unit.audit.note(None, "suspended", f"person:{person.id}", continues=former_stop.id)


def _restore_restriction(unit: UnitOfWork, person: Person, former: Restriction) -> None:
    """Restrict the new account until the same day, with a new notice that can be appealed like any other. An admin's
    confirmation is kept, and so is the time until which one is needed."""
    evidence = [replace(finding, worker=person.id) for finding in former.evidence]
    cause = next(finding for finding in evidence if finding.suspicion == former.reason)
    notice = f"restricted:{person.id}:{former.project}:{unit.now}"
    unit.enrolments.enrol(person.id, former.project)
    restriction_id = unit.restrictions.restrict(
        person.id,
        former.project,
        cause=cause,
        evidence=evidence,
        until=former.ends_at,
        notice=notice,
        confirm_by=former.confirm_by,
    )
    if restriction_id is not None:
        title = unit.projects.get(former.project).title
        message = Restricted(restriction_id, title, former.ends_at, cause, former.confirm_by)
        unit.outbox.tell(person.id, message, key=notice)
        subject = f"restriction:{restriction_id}"
        unit.audit.note(None, "restrict", subject, project=former.project, continues=former.id)
        if former.decided_by is not None:
            unit.restrictions.confirm(restriction_id, former.decided_by, former.words or "")


def store_sender(unit: UnitOfWork, telegram_id: int, username: str | None, name: str, language: str) -> Person:
    """Return the person who wrote. A new one is stored, changed names are updated, and an unreachable person is
    reachable again."""
    person = unit.people.find_by_telegram_id(telegram_id)
    if person is None or (person.username, person.name) != (username, name):
        fresh, bot = person is None or not person.name, unit.outbox.answering_bot or FIRST_BOT
        person = unit.people.upsert(telegram_id, username, name, language, unit.now, bot=bot)
        if fresh:
            unit.people.set_language(person.id, language)
            restore_bar_and_suspension(unit, person)
        if role_requests.accept_by_username(unit, person) or fresh:
            person = unit.people.get(person.id)
    if unit.outbox.answering_bot not in (None, person.bot) and bots.leave_silent_bot(unit, person):
        person = unit.people.get(person.id)
    if not person.reachable:
        sweeps.mark_reachable(unit, person.id)
        person = unit.people.get(person.id)
    return person


def note_bot_blocked(unit: UnitOfWork, telegram_id: int) -> None:
    """Store that the person has blocked their bot: they are unreachable. Do nothing for an unknown id, or if they
    belong to another bot."""
    person = unit.people.find_by_telegram_id(telegram_id)
    if person is not None and unit.outbox.answering_bot in (None, person.bot):
        sweeps.mark_unreachable(unit, person.id)


def note_bot_unblocked(unit: UnitOfWork, telegram_id: int) -> None:
    """Store that the person has unblocked their bot: they are reachable again. Do nothing for an unknown id, or if they
    belong to another bot."""
    person = unit.people.find_by_telegram_id(telegram_id)
    if person is not None and not person.reachable and unit.outbox.answering_bot in (None, person.bot):
        sweeps.mark_reachable(unit, person.id)


@dataclass(frozen=True, slots=True)
class OutdatedButton:
    """A button of an older version was pressed: nothing happened."""


@dataclass(frozen=True, slots=True)
class ButtonUsed:
    """A button that serves once was pressed again: nothing happened."""


def start(act: Act, token: str = "") -> tuple[Message, ...]:
    """Welcome a newcomer and ask for agreement; welcome others back. `token`: the invitation, of a project, a team
    or an admin, by which they came. From now on they belong to this bot. A requester who has not agreed to do tasks
    reads how to give work."""
    bots.move_to_answering_bot(act.unit, act.person)
    menus.send_menu(act, act.person.id)
    if teams.is_invitation(token):
        return (teams.show_invitation(act, token),)
    if is_role_invitation(token):
        return (role_requests.accept_link(act, token),)
    invited = audience.open_invitation(act, token) if token else None
    person = act.person
    if invited is None and person.requester and not person.is_worker:
        return (RoleGranted(),)
    gives_work = act.house.may_ask(person)
    greeting = WelcomeBack(person.name, gives_work) if person.is_worker else _welcome(act, person.language)
    if invited is None:
        return (greeting,)
    return (invited,) if person.is_worker else (replace(invited, begins=False), greeting)


def _welcome(act: Act, language: str) -> Welcome:
    house = act.house
    if not (house.wise and house.wise_least):
        return Welcome(act.person.name, language, house.wise)
    return Welcome(act.person.name, language, house.wise, house.wise_least, house.terms.currency)


def agree_to_terms(act: Act) -> ButtonUsed | None:
    """Make a worker of the person who agrees: open accounts, say so in the pressed message, and show the first task.
    Return ButtonUsed, and take the buttons from the message, if they had agreed before."""
    unit, person = act.unit, act.person
    unit.outbox.tell(person.id, Ready(), edits=act.message)
    if not unit.people.give_consent(person.id, unit.now):
        return ButtonUsed()
    transfers.open_worker_accounts(unit, person, act.house.terms.currency)
    restore_former_record(unit, person)
    menus.send_menu(act, person.id)
    if not person.suspended:
        submit.show_work(unit, unit.people.get(person.id))
    return None


def ask_language(act: Act) -> LanguageQuestion:
    return LanguageQuestion()


def set_language(act: Act, language: str) -> LanguageChosen | Reply:
    """Store the person's language, English if the asked one is not offered, and confirm it; a newcomer's
    welcome becomes the one in it."""
    chosen = language if language in LANGUAGES else "en"
    act.unit.people.set_language(act.person.id, chosen)
    if act.unit.people.is_waiting(act.person.id):  # usual hours, and the tasks they read, are those of the language
        settings.update_push_window(act.unit, act.person.id)
    menus.send_menu(act, act.person.id)
    if act.person.is_worker or "requester" in act.roles:
        return LanguageChosen(reads=act.person.language != chosen and _reads_as_it_speaks(act))
    return Reply(_welcome(act, chosen), edits=act.message)


def _reads_as_it_speaks(act: Act) -> bool:
    """Return whether this is a worker without chosen languages, whose tasks come in the bot's language."""
    return act.person.is_worker and not act.unit.preferences.get(act.person.id).languages


def show_help(act: Act, topic: str = "") -> Message | Reply:
    """Return a page of /help: the person's menu, or the commands of a topic, in the pressed message. A suspended person
    first reads why, and how to appeal. A topic that does not exist shows the menu."""
    commands = act.house.commands_of(act.person)
    stop = act.unit.stops.find_suspension(act.person.id) if act.person.suspended else None
    topic = topic if topic in (EXAMPLE, *HELP_TOPICS) else ""
    if stop is not None and not topic:
        page: Message = HelpSuspended(commands, stop.reason, stop.id if stop.may_be_appealed else 0, stop.due_at)
    else:
        page = Help(commands, topic)
    return Reply(page, edits=act.message) if act.message else page


def show_privacy(act: Act) -> PrivacyNotice:
    return PrivacyNotice()


def show_terms(act: Act) -> TermsOfUse:
    terms = act.house.terms
    return TermsOfUse(act.person.consented_at, str(terms.fee_percent), terms.floor, terms.currency)


def send_personal_data(act: Act) -> tuple[PersonalData, PersonalData]:
    """Return two files with everything stored about the person: JSON, then a page to read, last because the last
    message is seen first."""
    data_file = PersonalData(act.person.id, act.person.telegram_id)
    return data_file, replace(data_file, form="html")


def answer_unknown_text(act: Act) -> NotUnderstood:
    """Answer a text that no question waits for."""
    return NotUnderstood(act.person.is_worker)


def press_outdated(act: Act) -> OutdatedButton:
    return OutdatedButton()
