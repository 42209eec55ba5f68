"""The audience of a project: conditions, and invitations."""

import re
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_urlsafe

from domain.people.accounts import Person
from domain.people.qualifications import QualificationType
from domain.projects.projects import (
    AT_MOST,
    COUNTRY,
    ENDED,
    GOOD_IN,
    HOLDS,
    INVITED,
    NOT_IN,
    OF_PROJECTS,
    QUALIFIED,
    SAYS,
    AudiencePage,
    Choice,
    Compared,
    Condition,
    Invited,
    InviteEnded,
    InviteLink,
    Project,
    ProjectId,
    ProjectState,
    Requirement,
    conditions,
    merged,
    nobody_meets,
    requirement,
)
from domain.refusals import (
    BadInput,
    NotFound,
    UnknownChoice,
    WrongState,
)
from formats.captions.caption import read_value
from formats.errors import FormErrors
from locales.countries import country_of, usual_countries
from services.act import Act, Reply
from services.projects.projects import check_draft, mine, owned
from storage.unit import UnitOfWork

LOOKED_AT = 100  # of a requester's latest projects, whose titles may be named
OFFERED = 4  # of them, with buttons
CALLED = 3  # projects of the same title, the latest, of which any will do
LIMITS = (10, 50, 200)
GOOD_RESULT = 80  # percent of a test
QUALIFICATIONS = 6  # of a requester, with buttons
_COMPARED = re.compile(r"(.+?)(?: (>=|<=|!=|>|<|=) (-?[0-9]+)| (missing))?")


def resolved(unit: UnitOfWork, requester: Person, who: tuple[str, ...]) -> tuple[str, ...]:
    """`qualified=NAME` by the qualification called so, or by the numbers of the projects called so. Raises BadInput for
    what is not their own, and for conditions that nobody meets together."""
    asked = conditions(who)
    return _possible(tuple(_resolved(unit, requester, each) for each in asked), asked)


def _possible(found: tuple[Condition, ...], said: Sequence[Condition]) -> tuple[str, ...]:
    """Told is what was said, which has names where conditions have numbers."""
    if never := nobody_meets(found):
        told = [said[found.index(each)] for each in never]
        raise BadInput(what="who_never", value=", ".join(str(each).partition("\n")[0] for each in told))
    return tuple(map(str, found))


def told(unit: UnitOfWork, project: Project) -> tuple[Condition, ...]:
    """As they are shown: `qualified` by its title."""
    return tuple(_told(unit, condition) for condition in conditions(project.who))


def show(act: Act, number: ProjectId) -> Reply:
    return _page(act, _draft(act, number))


def change(act: Act, number: ProjectId, word: str) -> Reply:
    """Adds a condition to a draft, or takes it away; `at most` is replaced."""
    project = _draft(act, number)
    if word == COUNTRY:
        wanted = [condition for condition in conditions(project.who) if condition.name != COUNTRY]
    else:
        (new,) = conditions(resolved(act.unit, act.person, _read(word)))
        known = conditions(project.who)
        kept = [project for project in known if project != new and not (project.name == new.name == AT_MOST)]
        wanted = kept if new in known else [*kept, new]
    asked = merged(wanted)
    act.unit.projects.ask(project.id, _possible(asked, [_told(act.unit, each) for each in asked]))
    return _page(act, mine(act.unit, act.person, number))


def _read(word: str) -> tuple[str, ...]:
    """One condition, as a button has it. Raises UnknownChoice."""
    try:
        asked = read_value("who", word)
    except FormErrors:
        raise UnknownChoice() from None
    if not isinstance(asked, tuple) or len(asked) != 1:
        raise UnknownChoice()
    return asked


def _draft(act: Act, number: ProjectId) -> Project:
    act.unit.projects.lock(mine(act.unit, act.person, number).id)
    project = mine(act.unit, act.person, number)
    check_draft(project)
    return project


def _page(act: Act, project: Project) -> Reply:
    chosen = conditions(project.who)
    offered = dict.fromkeys((*chosen, *_offered(act)))
    countries = any(word.name == COUNTRY for word in chosen)
    choices = tuple(
        Choice(COUNTRY if each in chosen and each.name == COUNTRY else str(each), _told(act.unit, each), each in chosen)
        for each in offered
        if each in chosen or not (countries and each.name == COUNTRY)
    )
    who, team = told(act.unit, project), act.person.team_number
    return Reply(AudiencePage(project.id, project.title, who, choices, team), edits=act.message)


def _offered(act: Act) -> list[Condition]:
    """What buttons offer: the requester's own country, and their latest projects."""
    unit, person = act.unit, act.person
    clock = country_of(unit.preferences.known(person.id).zone_name)
    countries = [code for code in (clock, *usual_countries(person.language)) if code][:1]
    others = [project for project in unit.projects.of(person.id) if project.state is not ProjectState.DRAFT][:OFFERED]
    checked = [project for project in others if unit.gold_tasks.count(project.id, 1)]
    return [
        Condition(INVITED),
        *(Condition(AT_MOST, str(limit)) for limit in LIMITS),
        *(Condition(COUNTRY, code) for code in countries),
        *(Condition(NOT_IN, str(each.id)) for each in others),
        *(Condition(GOOD_IN, str(each.id)) for each in checked),
        *(Condition(HOLDS, str(_usual(each))) for each in unit.qualifications.list_types(person.id, 0, QUALIFICATIONS)),
    ]


def _usual(of: QualificationType) -> Requirement:
    """Of one with a test, a good result."""
    if of.test is None:
        return Requirement(str(of.id), Compared.EXISTS)
    return Requirement(str(of.id), Compared.AT_LEAST, (GOOD_RESULT,))


def _resolved(unit: UnitOfWork, requester: Person, condition: Condition) -> Condition:
    found = _by_qualification(unit, requester, condition)
    if found.name == HOLDS:
        return found
    if found.name == SAYS:
        return _asked(unit, found)
    if condition.name == QUALIFIED and not condition.value.replace("|", "").isdecimal():
        found = replace(condition, value=_called(unit, requester, condition))
    if found.name in OF_PROJECTS:
        for number in found.numbers:
            _check(unit, requester, condition, number)
    return found


def _by_qualification(unit: UnitOfWork, requester: Person, condition: Condition) -> Condition:
    """The same where none is meant."""
    if condition.name == HOLDS:
        number = requirement(condition.value).type
        known = unit.qualifications.find(number) if number is not None else None
        if number is not None and (known is None or known.requester != requester.id):
            raise BadInput(what="who_type", value=str(condition))
        return condition
    found = _COMPARED.fullmatch(condition.value) if condition.name == QUALIFIED else None
    if found is None:
        return condition
    named = unit.qualifications.find_by_name(requester.id, found[1])
    if named is None and (found[2] or found[4]):
        raise BadInput(what="who_type", value=str(condition))
    if named is None:
        return condition
    compared = Compared(found[2] or (Compared.MISSING if found[4] else Compared.EXISTS))
    return Condition(HOLDS, str(Requirement(str(named.id), compared, (int(found[3]),) if found[3] else ())))


def _asked(unit: UnitOfWork, condition: Condition) -> Condition:
    """With the number of its question, which is made where nobody has asked it yet."""
    words, *lists = condition.value.split("\n")
    if lists:
        options, right = (tuple(each.split("|")) for each in lists)
        question = unit.screening.get_or_add(words, options)
        return Condition(SAYS, f"{question.id}:{'|'.join(str(options.index(each)) for each in right)}")
    number, _, places = words.partition(":")
    known = unit.screening.find(int(number))
    if known is None or max(map(int, places.split("|"))) >= len(known.options):
        raise BadInput(what="who_type", value=str(condition))
    return condition


def _check(unit: UnitOfWork, requester: Person, condition: Condition, number: int) -> None:
    if owned(unit, requester, number) is None:
        raise BadInput(what="who_project", value=str(condition))
    if condition.name != NOT_IN and not unit.gold_tasks.count(ProjectId(number), 1):
        raise BadInput(what="who_gold", value=str(condition))


def _called(unit: UnitOfWork, requester: Person, condition: Condition) -> str:
    wanted = " ".join(condition.value.casefold().split())
    known = unit.projects.of(requester.id, LOOKED_AT)
    found = [str(project.id) for project in known if " ".join(project.title.casefold().split()) == wanted]
    if not found:
        raise BadInput(what="who_title", value=str(condition))
    return "|".join(found[:CALLED])


def _told(unit: UnitOfWork, condition: Condition) -> Condition:
    if condition.name == HOLDS:
        asked = requirement(condition.value)
        named = unit.qualifications.find(asked.type) if asked.type is not None else None
        return replace(condition, value="\n".join((named.name if named else asked.subject, asked.compared, asked.said)))
    if condition.name == SAYS:
        number, _, places = condition.value.partition(":")
        question = unit.screening.find(int(number))
        chosen = [question.options[int(place)] for place in places.split("|")] if question else []
        return replace(condition, value="\n".join((question.words if question else "", "|".join(chosen))))
    if condition.name != QUALIFIED:
        return condition
    known = unit.projects.find(condition.numbers[0])
    return replace(condition, value=known.title if known else condition.value)


BOT = "bot"  # under which the bot's own name is kept
BYTES = 16  # of a token


def name_bot(unit: UnitOfWork, name: str) -> None:
    """What Telegram says the bot is called."""
    if unit.settings.get(BOT) != name:
        unit.settings.put(BOT, name)


def show_invitation(act: Act, number: ProjectId) -> InviteLink:
    """The link there is, or a new one."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    if project.state in ENDED:
        raise WrongState(number=number, state=project.state.value)
    if unit.invitations.open(project.id) is None:
        unit.invitations.add(project.id, token_urlsafe(BYTES))
    return _link(unit, project)


def end(act: Act, number: ProjectId) -> InviteEnded:
    """Nobody comes by it any more; who did stays."""
    project = mine(act.unit, act.person, number)
    act.unit.invitations.end(project.id)
    return InviteEnded(project.id, project.title)


def open_(act: Act, token: str) -> Invited | None:
    """Somebody came by a link; None where it leads nowhere, and to one's own project."""
    unit = act.unit
    number = unit.invitations.use(token)
    project = unit.projects.find(number) if number else None
    if number is None or project is None or unit.teams.is_side(project.requester, act.person.id):
        return None
    unit.invitations.invite(act.person.id, number, token)
    waits = project.state is not ProjectState.RUNNING or bool(project.paused)
    if not waits and unit.invitations.news_for(act.person.id) == number:
        unit.people.set_called_to(act.person.id, number)
    in_hand = unit.assignments.active_for(act.person.id)
    elsewhere = in_hand is not None and in_hand.project != number and not waits
    at_work = unit.projects.get(in_hand.project).title if in_hand is not None and elsewhere else ""
    return Invited(number, project.title, unit.people.get(project.requester).name, waits, at_work=at_work)


def _link(unit: UnitOfWork, project: Project) -> InviteLink:
    found, name = unit.invitations.open(project.id), unit.settings.get(BOT)
    if found is None or not name:
        raise NotFound(what="invitation", name="")
    return InviteLink(
        number=project.id,
        title=project.title,
        link=f"https://t.me/{name}?start={found.token}",
        opened=found.opened,
        invited=unit.invitations.count(project.id),
        only=INVITED in project.who,
        running=project.state is ProjectState.RUNNING,
    )
