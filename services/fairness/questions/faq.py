"""A project's questions and answers: shown to who works or asked there, and spread to the others at work."""

from dataclasses import replace

from domain.fairness.messages.questions import Faq, FaqNews
from domain.people.people import PersonId
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import NotFound
from services.act import Act
from services.fairness.questions import asking
from storage.boxes.outbox import Lane
from storage.fairness.questions import FaqRound
from storage.unit import UnitOfWork

PAGE = 5  # entries of a page
NEWS = 3  # entries of a letter: /faq has the others
TOGETHER = 200  # workers told in one transaction


def show(act: Act, project: ProjectId, before: int) -> Faq:
    """For workers who were given a task there, its requester and admins; behind entry `before`, 0 for the newest."""
    unit, known = act.unit, act.unit.projects.find(project)
    works = known is not None and unit.enrolments.find(act.person.id, known.id) is not None
    if known is None or not (works or act.unit.teams.is_side(known.requester, act.person.id) or "admin" in act.roles):
        raise NotFound(what="offer", name="")
    total = unit.questions.entries(known.id)
    found = unit.questions.faq(known.id, before or total + 1, PAGE + 1)
    more = found[PAGE - 1].number if len(found) > PAGE else 0
    asks = works and not act.person.suspended and asking.is_about(unit, act.person, known.id)
    waiting, rests = unit.questions.waiting(known.id), unit.questions.late(known.id) > 0
    return Faq(known.id, known.title, found[:PAGE], total, more, asks, waiting, rests)


def spread(unit: UnitOfWork) -> None:
    """One step of a round: some workers of one project are told what is new, each in one letter that rings no bell."""
    at = unit.questions.round()
    if at is None:
        return
    if at.telling == at.told:
        at = replace(at, telling=unit.questions.entries(at.project), worker=0)
    readers = unit.questions.readers(at.project, at.worker, TOGETHER)
    _tell(unit, at, readers)
    if len(readers) == TOGETHER:
        unit.questions.move(replace(at, worker=readers[-1]), is_open=True)
    else:
        ended = replace(at, told=at.telling, worker=0)
        unit.questions.move(ended, is_open=unit.questions.entries(at.project) > at.telling)


def _tell(unit: UnitOfWork, at: FaqRound, readers: list[PersonId]) -> None:
    """Those who asked have their answer already."""
    project, news = unit.projects.get(at.project), unit.questions.news(at, NEWS)
    if project.state is not ProjectState.RUNNING:
        return
    for reader in readers:
        entries = tuple(entry for asker, entry in news if asker != reader)
        if entries:
            told = FaqNews(project.id, project.title, entries)
            unit.outbox.tell(reader, told, lane=Lane.BROADCAST, klass="nudge")
