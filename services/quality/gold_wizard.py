"""Check questions made in chat: the requester answers tasks of their own, or confirms unanimous answers."""

from dataclasses import replace
from typing import Any

from domain.answers import Draft, Wants, gold_of, kind_of, measure_of
from domain.messages import Message
from domain.people.people import Person
from domain.projects.projects import Project, ProjectId
from domain.projects.shown_answers import all_shown, shown
from domain.projects.tasks import Task, TaskId, content_of
from domain.quality.messages.gold import (
    GoldAsked,
    GoldExplained,
    GoldSoFar,
    GoldStopped,
    GoldSuggested,
    NoTaskForGold,
)
from domain.refusals import AnswerUnknown, BadInput
from domain.work.answer_pad import AnswerPad
from services.act import Act, Reply
from services.projects import ownership
from services.quality import gold_choice, gold_place, gold_tasks
from services.quality.gold_place import GoldPlace
from storage.unit import UnitOfWork

WRITTEN = (Wants.TEXT, Wants.LOCATION)  # a line is the answer, a second one its reason
SUGGESTIONS = 20  # counted at most
LONGEST = 500  # characters of a reason
Asked = GoldAsked | NoTaskForGold


def begin(act: Act, project: ProjectId) -> Asked:
    """`/gold N`: the first task to be answered."""
    mine = gold_place.project_of(act.unit, act.person, project)
    return _ask(act.unit, act.person, mine, GoldPlace(mine.id))


def answer(act: Act, task: TaskId, option: int) -> Asked:
    """One press is the answer; the next task follows."""
    project, _ = _pressed(act, task, Wants.PRESS)
    known = kind_of(project.kind).read(str(option), project.options)
    return _make(act.unit, act.person, project, task, (known,))


def choose(act: Act, task: TaskId, option: int) -> Reply | Asked:
    """One press of several: kept, and shown; the last one of a form is the answer."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _moved(act, project, asked, _pad(act, project, asked).choose(option))


def undo(act: Act, task: TaskId) -> Reply:
    """Takes the last press back."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _draw(act, project, asked, _pad(act, project, asked).undo().draft)


def done(act: Act, task: TaskId) -> Asked:
    """The presses so far are the answer."""
    project, asked = _pressed(act, task, Wants.PRESSES)
    return _taken(act, project, asked, _pad(act, project, asked))


def drawn(act: Act, task: TaskId, known: tuple[str, ...]) -> Asked:
    """What was drawn on a page is the answer."""
    return _make(act.unit, act.person, _pressed(act, task, Wants.PAGE)[0], task, known)


def skip(act: Act, project: ProjectId) -> Asked:
    return _next(act.unit, act.person, gold_place.project_of(act.unit, act.person, project))


def suggest(act: Act, project: ProjectId, after: int) -> Asked | GoldSuggested:
    """The next task with a (nearly) unanimous answer; otherwise continues with answering."""
    mine = gold_place.project_of(act.unit, act.person, project)
    found = act.unit.gold_tasks.suggested(mine.id, after, 1)
    return _suggested(mine, found[0]) if found else _next(act.unit, act.person, mine)


def confirm(act: Act, task: TaskId, yes: bool) -> Asked | GoldSuggested:
    """Makes the unanimous answer gold, or does not suggest it again."""
    unit, requester = act.unit, act.person
    project, answered = gold_place.task_of(unit, requester, task)
    if not yes:
        unit.gold_tasks.refuse(task)
    elif answered.gold is None and answered.consensus is not None:
        known = kind_of(project.kind).as_gold(answered.consensus, project.options)
        if gold_tasks.make(unit, project, task, known):
            place = gold_place.within(unit, requester, project)
            made = replace(place, made=place.made + 1, asked=None, draft=(), last=task, known=known)
            gold_place.keep(unit, requester, made)
    return suggest(act, project.id, answered.position)


def stop(act: Act, project: ProjectId) -> GoldStopped:
    mine = ownership.mine(act.unit, act.person, project)
    place = gold_place.current(act.unit, act.person)
    if place is not None:
        act.unit.drafts.drop(act.person.id)
    return GoldStopped(mine.id, mine.title, place.made if place else 0)


def is_asking(kept: dict[str, Any]) -> bool:
    """Whether words would be an answer, or the reason of the last one."""
    place = gold_place.read(kept)
    return bool(place.asked or place.last)


def wants_place(unit: UnitOfWork, kept: dict[str, Any]) -> bool:
    place = gold_place.read(kept)
    project = unit.projects.find(place.project) if place.asked else None
    return project is not None and kind_of(project.kind).wants_now(place.draft, project.options) is Wants.LOCATION


def typed(act: Act, kept: dict[str, Any], text: str) -> Message | Reply | None:
    """The answers to the task that is asked, or the reason of the gold made last; None when neither is waited for."""
    unit, place = act.unit, gold_place.read(kept)
    project = unit.projects.find(place.project)
    if project is None or not is_asking(kept):
        return None
    if place.asked and _takes_words(project, place):
        mine, asked = gold_place.task_of(unit, act.person, TaskId(place.asked))
        return _moved(act, mine, asked, AnswerPad.of(mine, place.draft).write(text))
    written = kind_of(project.kind).wants in WRITTEN
    line, _, reason = text.strip().partition("\n") if written else (text, "", "")
    known = gold_of(project.kind, line, project.options) if place.asked else None
    if known:
        mine = gold_place.project_of(unit, act.person, project.id)
        return _make(unit, act.person, mine, TaskId(place.asked or 0), known, _reason(reason))
    if place.last and not (written and place.asked):
        return _explain(unit, act.person, project, place, _reason(text))
    raise BadInput(what="gold_answer", value=line, expected=list(project.options))


def _takes_words(project: Project, place: GoldPlace) -> bool:
    """Whether words are the next step of a form."""
    kind = kind_of(project.kind)
    return kind.asks_questions and kind.wants_now(place.draft, project.options) in WRITTEN


def _make(
    unit: UnitOfWork, requester: Person, project: Project, task_id: TaskId, known: tuple[str, ...], reason: str = ""
) -> Asked:
    """The requester's answer becomes the task's gold, unless it is gold already; the next task follows."""
    made = gold_tasks.make(unit, project, task_id, known)
    if made and reason:
        unit.gold_tasks.explain(task_id, reason)
    place = gold_place.within(unit, requester, project)
    place = replace(place, turn=place.turn + 1, made=place.made + int(made))
    return _ask(unit, requester, project, replace(place, last=task_id if made else None, known=known if made else ()))


def _explain(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace, reason: str) -> Message:
    """Takes the reason of a check question; one that is no gold any more is skipped."""
    if unit.gold_tasks.explain(TaskId(place.last or 0), reason):
        return GoldExplained(project.kind, all_shown(project, place.known), reason)
    return _next(unit, requester, gold_place.project_of(unit, requester, project.id))


def _reason(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _pressed(act: Act, task: TaskId, wants: Wants) -> tuple[Project, Task]:
    """Checks the row: whose task it is and how it is answered."""
    project, asked = gold_place.task_of(act.unit, act.person, task)
    if kind_of(project.kind).wants is not wants:
        raise AnswerUnknown(expected=list(project.options))
    return project, asked


def _pad(act: Act, project: Project, task: Task) -> AnswerPad:
    place = gold_place.within(act.unit, act.person, project)
    return AnswerPad.of(project, place.draft if place.asked == task.id else ())


def _moved(act: Act, project: Project, task: Task, pad: AnswerPad) -> Reply | Asked:
    return _taken(act, project, task, pad) if pad.is_complete else _draw(act, project, task, pad.draft)


def _taken(act: Act, project: Project, task: Task, pad: AnswerPad) -> Asked:
    """The finished answer becomes gold."""
    kind = kind_of(project.kind)
    known = kind.as_gold(kind.read(pad.done(), project.options), project.options)
    return _make(act.unit, act.person, project, task.id, known)


def _draw(act: Act, project: Project, task: Task, draft: Draft) -> Reply:
    """Shows the asked task in its message with the presses so far; a task that is gold already is skipped."""
    unit, requester = act.unit, act.person
    if task.gold is not None:
        return Reply(_next(unit, requester, project))
    place = replace(gold_place.within(unit, requester, project), asked=task.id, draft=draft)
    gold_place.keep(unit, requester, place)
    return Reply(_asked(unit, project, task, place), edits=act.message)


def _next(unit: UnitOfWork, requester: Person, project: Project) -> Asked:
    place = gold_place.within(unit, requester, project)
    return _ask(unit, requester, project, replace(place.passed_over(), turn=place.turn + 1, last=None, known=()))


def _ask(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace) -> Asked:
    task = gold_choice.chosen(unit, project, place)
    place = replace(place, asked=task.id if task else None, draft=())
    gold_place.keep(unit, requester, place)
    return _asked(unit, project, task, place)


def _asked(unit: UnitOfWork, project: Project, task: Task | None, place: GoldPlace) -> Asked:
    waiting = len(unit.gold_tasks.suggested(project.id, 0, SUGGESTIONS))
    so_far = GoldSoFar(place.made, all_shown(project, place.known), waiting)
    if task is None:
        return NoTaskForGold(project.id, project.kind, so_far)
    return GoldAsked(
        task=task.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        draft=place.draft,
        so_far=so_far,
    )


def _suggested(project: Project, task: Task) -> GoldSuggested:
    measured = task.scores is not None and measure_of(project.kind) is not None
    return GoldSuggested(
        task=task.id,
        number=project.id,
        title=project.title,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        position=task.position,
        answer=shown(project, task.consensus) or "",
        answers=task.received,
        interval=(task.scores[0], task.scores[1]) if measured and task.scores else None,
    )
