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
    AudienceChoice,
    AudiencePage,
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
    find_contradiction,
    merge_conditions,
    parse_requirement,
)
from domain.refusals import BadInput, NotFound, UnknownChoice, WrongState
from formats.captions.caption import read_value
from formats.errors import FormErrors
from locales.countries import find_country_of_zone, usual_countries
from services.act import Act, Reply
from services.people import bots
from services.projects import wizard
from services.projects.projects import check_draft, mine, owned
from storage.unit import UnitOfWork

LOOKED_AT = 100  # of a requester's latest projects, whose titles may be named
OFFERED = 4  # of them, with buttons
CALLED = 3  # projects of the same title, the latest, of which any will do
LIMITS = (10, 50, 200)
GOOD_RESULT = 80  # percent of a test
QUALIFICATIONS = 6  # of a requester, with buttons
_COMPARED = re.compile(r"(.+?)(?: (>=|<=|!=|>|<|=) (-?[0-9]+)| (missing))?")


def resolve_conditions(unit: UnitOfWork, requester: Person, who: tuple[str, ...]) -> tuple[str, ...]:
    """Return the conditions as they are stored: `qualified=NAME` becomes that qualification, or the numbers of the
    projects of that title. Raise BadInput for something that is not the requester's own, and for conditions that
    exclude each other."""
    stated_conditions = conditions(who)
    return _require_possible(
        tuple(_resolve_condition(unit, requester, condition) for condition in stated_conditions), stated_conditions
    )


def _require_possible(
    resolved_conditions: tuple[Condition, ...], stated_conditions: Sequence[Condition]
) -> tuple[str, ...]:
    """Return the resolved conditions as they are stored. Raise BadInput, in the stated words, if some exclude each
    other."""
    if contradiction := find_contradiction(resolved_conditions):
        excluding = [stated_conditions[resolved_conditions.index(condition)] for condition in contradiction]
        raise BadInput(what="who_never", value=", ".join(str(condition).partition("\n")[0] for condition in excluding))
    return tuple(map(str, resolved_conditions))


def readable_conditions(unit: UnitOfWork, project: Project) -> tuple[Condition, ...]:
    """Return the conditions as they are shown: titles and words in place of numbers."""
    return tuple(_readable_condition(unit, condition) for condition in conditions(project.who))


def show(act: Act, number: ProjectId) -> Reply:
    return _page(act, _draft(act, number))


def change_condition(act: Act, number: ProjectId, word: str) -> Reply:
    """Add a condition to a draft, or take it away if it is there; a new `at most` replaces the former. Raise WrongState
    for a project that is no draft, UnknownChoice for an unreadable word, BadInput for contradicting conditions."""
    project = _draft(act, number)
    if word == COUNTRY:
        chosen = [condition for condition in conditions(project.who) if condition.name != COUNTRY]
    else:
        (new_condition,) = conditions(resolve_conditions(act.unit, act.person, _parse_condition(word)))
        current_conditions = conditions(project.who)
        remaining = [
            condition
            for condition in current_conditions
            if condition != new_condition and not (condition.name == new_condition.name == AT_MOST)
        ]
        chosen = remaining if new_condition in current_conditions else [*remaining, new_condition]
    merged_conditions = merge_conditions(chosen)
    act.unit.projects.ask(
        project.id,
        _require_possible(merged_conditions, [_readable_condition(act.unit, merged) for merged in merged_conditions]),
    )
    return _page(act, mine(act.unit, act.person, number))


def set_conditions(act: Act, number: ProjectId, words: str) -> Reply:
    """Replace a draft's conditions by those of the text, as the key `who` of a caption has them, and show the page; an
    empty text asks everybody. Raise WrongState for a project that is no draft, FormRefused for an unreadable text,
    BadInput for contradicting conditions and for what is not the requester's own."""
    project = _draft(act, number)
    who = wizard.read_field("who", words, project.currency) if words else ()
    act.unit.projects.ask(project.id, resolve_conditions(act.unit, act.person, who))
    return _page(act, mine(act.unit, act.person, number))


def _parse_condition(word: str) -> tuple[str, ...]:
    """Return the single condition that a button carries. Raise UnknownChoice if it carries none."""
    try:
        words = read_value("who", word)
    except FormErrors:
        raise UnknownChoice() from None
    if not isinstance(words, tuple) or len(words) != 1:
        raise UnknownChoice()
    return words


def _draft(act: Act, number: ProjectId) -> Project:
    act.unit.projects.lock(mine(act.unit, act.person, number).id)
    project = mine(act.unit, act.person, number)
    check_draft(project)
    return project


def _page(act: Act, project: Project) -> Reply:
    chosen = conditions(project.who)
    choosable = dict.fromkeys((*chosen, *_offered_conditions(act)))
    countries = any(condition.name == COUNTRY for condition in chosen)
    choices = tuple(
        AudienceChoice(
            COUNTRY if condition in chosen and condition.name == COUNTRY else str(condition),
            _readable_condition(act.unit, condition),
            condition in chosen,
        )
        for condition in choosable
        if condition in chosen or not (countries and condition.name == COUNTRY)
    )
    who, team = readable_conditions(act.unit, project), act.person.team_number
    return Reply(AudiencePage(project.id, project.title, who, choices, team), edits=act.message)


def _offered_conditions(act: Act) -> list[Condition]:
    """Return the conditions offered as buttons: invited people, limits, the requester's own country, their latest
    projects and qualifications."""
    unit, person = act.unit, act.person
    clock = find_country_of_zone(unit.preferences.get_stored(person.id).zone_name)
    countries = [code for code in (clock, *usual_countries(person.language)) if code][:1]
    launched_projects = [
        project for project in unit.projects.list_of_requester(person.id) if project.state is not ProjectState.DRAFT
    ][:OFFERED]
    projects_with_gold = [project for project in launched_projects if unit.gold_tasks.count(project.id, 1)]
    return [
        Condition(INVITED),
        *(Condition(AT_MOST, str(limit)) for limit in LIMITS),
        *(Condition(COUNTRY, code) for code in countries),
        *(Condition(NOT_IN, str(project.id)) for project in launched_projects),
        *(Condition(GOOD_IN, str(project.id)) for project in projects_with_gold),
        *(
            Condition(HOLDS, str(_usual_requirement(qualification)))
            for qualification in unit.qualifications.list_types(person.id, 0, QUALIFICATIONS)
        ),
    ]


def _usual_requirement(qualification: QualificationType) -> Requirement:
    """Return the requirement that a button offers: a good result if the qualification has a test, else to have it."""
    if qualification.test is None:
        return Requirement(str(qualification.id), Compared.EXISTS)
    return Requirement(str(qualification.id), Compared.AT_LEAST, (GOOD_RESULT,))


def _resolve_condition(unit: UnitOfWork, requester: Person, condition: Condition) -> Condition:
    resolved_condition = _resolve_qualification(unit, requester, condition)
    if resolved_condition.name == HOLDS:
        return resolved_condition
    if resolved_condition.name == SAYS:
        return _resolve_question(unit, resolved_condition)
    if condition.name == QUALIFIED and not condition.value.replace("|", "").isdecimal():
        resolved_condition = replace(condition, value=_numbers_of_title(unit, requester, condition))
    if resolved_condition.name in OF_PROJECTS:
        for number in resolved_condition.numbers:
            _require_own_project(unit, requester, condition, number)
    return resolved_condition


def _resolve_qualification(unit: UnitOfWork, requester: Person, condition: Condition) -> Condition:
    """Return the condition with the number of its qualification; the same condition if none is meant. Raise BadInput
    for one that is not the requester's."""
    if condition.name == HOLDS:
        number = parse_requirement(condition.value).type
        qualification = unit.qualifications.find(number) if number is not None else None
        if number is not None and (qualification is None or qualification.requester != requester.id):
            raise BadInput(what="who_type", value=str(condition))
        return condition
    match = _COMPARED.fullmatch(condition.value) if condition.name == QUALIFIED else None
    if match is None:
        return condition
    named_qualification = unit.qualifications.find_by_name(requester.id, match[1])
    if named_qualification is None and (match[2] or match[4]):
        raise BadInput(what="who_type", value=str(condition))
    if named_qualification is None:
        return condition
    compared = Compared(match[2] or (Compared.MISSING if match[4] else Compared.EXISTS))
    return Condition(
        HOLDS, str(Requirement(str(named_qualification.id), compared, (int(match[3]),) if match[3] else ()))
    )


def _resolve_question(unit: UnitOfWork, condition: Condition) -> Condition:
    """Return the condition with the number of its screening question, which is stored if it is new. Raise BadInput for
    an unknown number or answer."""
    words, *lists = condition.value.split("\n")
    if lists:
        options, right = (tuple(list_.split("|")) for list_ in lists)
        question = unit.screening.get_or_add(words, options)
        return Condition(
            SAYS, f"{question.id}:{'|'.join(str(options.index(qualification)) for qualification in right)}"
        )
    number, _, places = words.partition(":")
    question_ = unit.screening.find(int(number))
    if question_ is None or max(map(int, places.split("|"))) >= len(question_.options):
        raise BadInput(what="who_type", value=str(condition))
    return condition


def _require_own_project(unit: UnitOfWork, requester: Person, condition: Condition, number: int) -> None:
    """Raise BadInput if the project is not the requester's, or lacks the check questions of such a condition."""
    if owned(unit, requester, number) is None:
        raise BadInput(what="who_project", value=str(condition))
    if condition.name != NOT_IN and not unit.gold_tasks.count(ProjectId(number), 1):
        raise BadInput(what="who_gold", value=str(condition))


def _numbers_of_title(unit: UnitOfWork, requester: Person, condition: Condition) -> str:
    """Return the numbers of the requester's latest projects of this title, joined by `|`. Raise BadInput if none."""
    title = " ".join(condition.value.casefold().split())
    projects = unit.projects.list_of_requester(requester.id, LOOKED_AT)
    numbers = [str(project.id) for project in projects if " ".join(project.title.casefold().split()) == title]
    if not numbers:
        raise BadInput(what="who_title", value=str(condition))
    return "|".join(numbers[:CALLED])


def _readable_condition(unit: UnitOfWork, condition: Condition) -> Condition:
    if condition.name == HOLDS:
        requirement_ = parse_requirement(condition.value)
        qualification = unit.qualifications.find(requirement_.type) if requirement_.type is not None else None
        return replace(
            condition,
            value="\n".join(
                (
                    qualification.name if qualification else requirement_.subject,
                    requirement_.compared,
                    requirement_.values_text,
                )
            ),
        )
    if condition.name == SAYS:
        number, _, places = condition.value.partition(":")
        question = unit.screening.find(int(number))
        chosen = [question.options[int(place)] for place in places.split("|")] if question else []
        return replace(condition, value="\n".join((question.words if question else "", "|".join(chosen))))
    if condition.name != QUALIFIED:
        return condition
    project = unit.projects.find(condition.numbers[0])
    return replace(condition, value=project.title if project else condition.value)


BYTES = 16  # of a token


def show_invitation(act: Act, number: ProjectId) -> InviteLink:
    """The link there is, or a new one."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    if project.state in ENDED:
        raise WrongState(number=number, state=project.state.value)
    if unit.invitations.open(project.id) is None:
        unit.invitations.add(project.id, token_urlsafe(BYTES))
    return _link(unit, project)


def end_invitation(act: Act, number: ProjectId) -> InviteEnded:
    """End the project's link: it invites nobody any more; workers who came by it stay."""
    project = mine(act.unit, act.person, number)
    act.unit.invitations.end(project.id)
    return InviteEnded(project.id, project.title)


def open_invitation(act: Act, token: str) -> Invited | None:
    """Invite the person who came by a link, and return the notice; None if the link leads nowhere or to one's own
    project."""
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
    invitation = unit.invitations.open(project.id)
    link = bots.link_to_bot(unit, invitation.token) if invitation else None
    if invitation is None or link is None:
        raise NotFound(what="invitation", name="")
    return InviteLink(
        number=project.id,
        title=project.title,
        link=link,
        opened=invitation.opened,
        invited=unit.invitations.count(project.id),
        only=INVITED in project.who,
        running=project.state is ProjectState.RUNNING,
    )
