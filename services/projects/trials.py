"""A requester answers the first task of their own project, as a worker would: nothing is kept, paid or counted.

The draft of the answer is the requester's open question, so that words are steps of it.
"""

from typing import Any

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.projects.launches import TaskTried, TrialOver
from domain.projects.projects import Project, ProjectId
from domain.projects.results import displayed_answer
from domain.projects.tasks import Task, content_of
from domain.refusals import BadInput, NotFound
from domain.work.assignments import AnswerPad, AssignmentId
from domain.work.messages import TaskShown
from services.act import Act, Reply
from services.projects import projects
from services.projects.preflight import sample_of

JOURNEY = "trial"
MARK = "🧪 "  # before the title


def begin_trial(act: Act, project: ProjectId) -> TaskTried:
    """The task in a message of its own. Raises BadInput for kinds whose answers are files."""
    mine, task = get_trial_task(act, project)
    if kind_of(mine.kind).are_files:
        raise BadInput(what="kind", value=mine.kind, expected=[])
    _keep_draft(act, mine, (), None)
    return TaskTried(_to_task(mine, task, ()), task.id)


def press_option(act: Act, project: ProjectId, option: int) -> Reply:
    """One press is the answer, or a step of it."""
    mine, pad = _pad(act, project)
    return _show_step(act, mine, pad.choose(option)) if pad.takes_presses else _show_result(act, mine, str(option))


def undo_press(act: Act, project: ProjectId) -> Reply:
    mine, pad = _pad(act, project)
    return _show_step(act, mine, pad.undo())


def finish_trial(act: Act, project: ProjectId) -> Reply:
    mine, pad = _pad(act, project)
    return _show_result(act, mine, pad.to_answer())


def take_drawing(act: Act, project: ProjectId, handed_in: str) -> TrialOver:
    """Return the end of the trial with what was drawn on a page as its answer. Raise AnswerUnknown or AnswerUnfit if
    it is no answer to the task."""
    mine, task = get_trial_task(act, project)
    kind = kind_of(mine.kind)
    answer = kind.parse_answer(handed_in, mine.options)
    kind.require_fitting(answer, mine.template, task.content)
    return TrialOver(mine.id, mine.title, mine.kind, displayed_answer(mine, answer))


def end_trial(act: Act, project: ProjectId) -> Reply:
    mine, _ = get_trial_task(act, project)
    act.unit.drafts.drop(act.person.id)
    return Reply(TrialOver(mine.id, mine.title, mine.kind, None), edits=act.message)


def is_asking(fields: dict[str, Any]) -> bool:
    """Return whether words, or a place, would answer the open trial."""
    return bool(fields["words"])


def take_text(act: Act, fields: dict[str, Any], words: str) -> Reply | None:
    project, _ = get_trial_task(act, ProjectId(fields["project"]))
    if not is_asking(fields):
        return None
    pad = AnswerPad.for_project(project, tuple(fields["draft"]))
    if pad.takes_words:
        return _show_step(act, project, pad.write(words), fields["message"])
    return _show_result(act, project, words, fields["message"])


def get_trial_task(act: Act, number: ProjectId) -> tuple[Project, Task]:
    """Return the requester's own project, and the task that is tried. Raise NotFound if it has no task."""
    project = projects.mine(act.unit, act.person, number)
    task = sample_of(act.unit, project.id)
    if task is None:
        raise NotFound(what="task", name="")
    return project, task


def _pad(act: Act, number: ProjectId) -> tuple[Project, AnswerPad]:
    project, draft = get_trial_task(act, number)[0], act.unit.drafts.find(act.person.id)
    is_open = draft is not None and draft.journey == JOURNEY and draft.fields["project"] == number
    return project, AnswerPad.for_project(project, tuple(draft.fields["draft"]) if draft and is_open else ())


def _keep_draft(act: Act, project: Project, draft: Draft, message: int | None) -> None:
    words = kind_of(project.kind).get_next_input(draft, project.options) in (Wants.TEXT, Wants.LOCATION)
    fields = {"project": project.id, "draft": draft, "message": message, "words": words}
    act.unit.drafts.keep(act.person.id, JOURNEY, fields, act.unit.now)


def _show_step(act: Act, project: Project, pad: AnswerPad, message: int | None = None) -> Reply:
    if pad.is_complete:
        return _show_result(act, project, pad.to_answer(), message)
    message = act.message or message
    _keep_draft(act, project, pad.draft, message)
    task = get_trial_task(act, project.id)[1]
    return Reply(TaskTried(_to_task(project, task, pad.draft), task.id), edits=message)


def _show_result(act: Act, project: Project, handed_in: str, message: int | None = None) -> Reply:
    answer = kind_of(project.kind).parse_answer(handed_in, project.options)
    act.unit.drafts.drop(act.person.id)
    notice = TrialOver(project.id, project.title, project.kind, displayed_answer(project, answer))
    return Reply(notice, edits=act.message or message)


def _to_task(project: Project, task: Task, draft: Draft) -> TaskShown:
    return TaskShown(
        assignment=AssignmentId(0),
        project=project.id,
        title=f"{MARK}{project.title}",
        instructions=project.instructions,
        kind=project.kind,
        options=project.options,
        content=content_of(project, task),
        draft=draft,
        minutes=project.minutes,
        pay=project.pay,
        currency=project.currency,
    )
