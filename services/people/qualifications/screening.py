"""A worker without work is asked what alone keeps them from a running project, once; told or not, as they like."""

from collections.abc import Iterator

from domain.people.people import Person
from domain.people.screening import NO_ANSWER, ScreeningAsked, ScreeningList, ScreeningQuestion, ScreeningSaid
from domain.projects.audience import SAYS, conditions
from domain.refusals import NotFound, UnknownChoice
from services.act import Act, Reply
from services.work.cards.audience import RULES, suits
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects that ask only some people


def ask_once(unit: UnitOfWork, worker: Person) -> None:
    """One question at a time."""
    for number in _wanted(unit, worker):
        question = unit.screening.find(number)
        if question is not None and unit.screening.ask(worker.id, question.id):
            unit.outbox.tell(worker.id, ScreeningAsked(question.id, question.words, question.options))
            return


def answer(act: Act, question: int, option: int) -> Reply:
    """A press; it can be changed and taken back at any time."""
    asked = _mine(act, question)
    if option != NO_ANSWER and not 0 <= option < len(asked.options):
        raise UnknownChoice()
    said = None if option == NO_ANSWER else asked.options[option]
    act.unit.screening.say(act.person.id, asked.id, said)
    act.unit.people.unpark_one(act.person.id)
    return Reply(ScreeningSaid(asked.id, asked.words, said), edits=act.message)


def ask_again(act: Act, question: int) -> Reply:
    """To change what was said."""
    asked = _mine(act, question)
    return Reply(ScreeningAsked(asked.id, asked.words, asked.options), edits=act.message)


def listed(act: Act) -> Reply:
    """All that they were asked."""
    found = act.unit.screening.of(act.person.id)
    known = ((act.unit.screening.find(number), said) for number, said in found.items())
    told = tuple(ScreeningSaid(each.id, each.words, said) for each, said in known if each is not None)
    return Reply(ScreeningList(told), edits=act.message)


def _mine(act: Act, number: int) -> ScreeningQuestion:
    """One they were asked: the row authorises."""
    question = act.unit.screening.find(number)
    if question is None or number not in act.unit.screening.of(act.person.id):
        raise NotFound(what="question", name=str(number))
    return question


def _wanted(unit: UnitOfWork, worker: Person) -> Iterator[int]:
    """Questions that nobody has asked them, where all other conditions of a project are met."""
    for project in unit.projects.for_some(LOOKED_AT):
        if project.requester == worker.id or not suits(unit, worker, project):
            continue
        unmet = [each for each in conditions(project.who) if not RULES[each.name](unit, worker, project, each)]
        asked = [int(each.value.partition(":")[0]) for each in unmet if each.name == SAYS]
        if len(asked) == len(unmet):
            yield from (number for number in asked if number not in unit.screening.of(worker.id))
