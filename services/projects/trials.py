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


def begin(act: Act, project: ProjectId) -> TaskTried:
    """The task in a message of its own. Raises BadInput for kinds whose answers are files."""
    mine, task = _of(act, project)
    if kind_of(mine.kind).are_files:
        raise BadInput(what="kind", value=mine.kind, expected=[])
    _keep(act, mine, (), None)
    return TaskTried(_shown(mine, task, ()), task.id)


def press(act: Act, project: ProjectId, option: int) -> Reply:
    """One press is the answer, or a step of it."""
    mine, pad = _pad(act, project)
    return _moved(act, mine, pad.choose(option)) if pad.takes_presses else _answered(act, mine, str(option))


def undo(act: Act, project: ProjectId) -> Reply:
    mine, pad = _pad(act, project)
    return _moved(act, mine, pad.undo())


def done(act: Act, project: ProjectId) -> Reply:
    mine, pad = _pad(act, project)
    return _answered(act, mine, pad.done())


def drawn(act: Act, project: ProjectId, handed_in: str) -> TrialOver:
    """What was drawn on a page is the answer."""
    mine, task = _of(act, project)
    kind = kind_of(mine.kind)
    answer = kind.read(handed_in, mine.options)
    kind.check(answer, mine.template, task.content)
    return TrialOver(mine.id, mine.title, mine.kind, displayed_answer(mine, answer))


def tried(act: Act, project: ProjectId) -> tuple[Project, Task]:
    """The requester's own project, and the task that is tried."""
    return _of(act, project)


def end(act: Act, project: ProjectId) -> Reply:
    mine, _ = _of(act, project)
    act.unit.drafts.drop(act.person.id)
    return Reply(TrialOver(mine.id, mine.title, mine.kind, None), edits=act.message)


def is_asking(kept: dict[str, Any]) -> bool:
    """Whether words, or a place, would be an answer."""
    return bool(kept["words"])


def typed(act: Act, kept: dict[str, Any], words: str) -> Reply | None:
    project, _ = _of(act, ProjectId(kept["project"]))
    if not is_asking(kept):
        return None
    pad = AnswerPad.of(project, tuple(kept["draft"]))
    if pad.takes_words:
        return _moved(act, project, pad.write(words), kept["message"])
    return _answered(act, project, words, kept["message"])


def _of(act: Act, number: ProjectId) -> tuple[Project, Task]:
    project = projects.mine(act.unit, act.person, number)
    found = sample_of(act.unit, project.id)
    if found is None:
        raise NotFound(what="task", name="")
    return project, found


def _pad(act: Act, number: ProjectId) -> tuple[Project, AnswerPad]:
    project, kept = _of(act, number)[0], act.unit.drafts.of(act.person.id)
    here = kept is not None and kept.journey == JOURNEY and kept.kept["project"] == number
    return project, AnswerPad.of(project, tuple(kept.kept["draft"]) if kept and here else ())


def _keep(act: Act, project: Project, draft: Draft, message: int | None) -> None:
    words = kind_of(project.kind).wants_now(draft, project.options) in (Wants.TEXT, Wants.LOCATION)
    kept = {"project": project.id, "draft": draft, "message": message, "words": words}
    act.unit.drafts.keep(act.person.id, JOURNEY, kept, act.unit.now)


def _moved(act: Act, project: Project, pad: AnswerPad, message: int | None = None) -> Reply:
    if pad.is_complete:
        return _answered(act, project, pad.done(), message)
    message = act.message or message
    _keep(act, project, pad.draft, message)
    task = _of(act, project.id)[1]
    return Reply(TaskTried(_shown(project, task, pad.draft), task.id), edits=message)


def _answered(act: Act, project: Project, handed_in: str, message: int | None = None) -> Reply:
    answer = kind_of(project.kind).read(handed_in, project.options)
    act.unit.drafts.drop(act.person.id)
    said = TrialOver(project.id, project.title, project.kind, displayed_answer(project, answer))
    return Reply(said, edits=act.message or message)


def _shown(project: Project, task: Task, draft: Draft) -> TaskShown:
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
