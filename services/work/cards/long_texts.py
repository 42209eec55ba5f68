"""Texts that are too long for the message that shows their task: each is read by itself, by its readers."""

from domain.answers import kind_of
from domain.people.people import ADMIN
from domain.projects.candidates import parts_of
from domain.projects.projects import Project
from domain.projects.shown_answers import shown
from domain.projects.tasks import Task, TaskId, as_asked, content_of
from domain.refusals import NotYours, UnknownChoice
from domain.work.assignments import AssignmentId
from domain.work.content_messages import AnswerRead, TextRead
from domain.work.submissions import Submission, SubmissionId
from services.act import Act
from services.projects.authoring import versions
from services.work.cards.seen import seen_by


def read(act: Act, assignment: AssignmentId, column: int) -> tuple[TextRead, ...]:
    """In as many messages as it needs, and as this worker sees it: their A may be the requester's B."""
    found = act.unit.assignments.find(assignment)
    if found is None or found.worker != act.person.id:
        raise NotYours()
    about = act.unit.projects.get(found.project), act.unit.tasks.get(found.task)
    seen = seen_by(act.unit, *about, act.person.id)
    return _parts(seen.project, seen.task, column)


def read_shown(act: Act, submission: SubmissionId, column: int) -> tuple[TextRead, ...]:
    """Beside an answer, as its requester sees it: for them, whoever gave it, its appeal's judges, and admins."""
    unit, found = act.unit, act.unit.submissions.find(submission)
    if found is None or not (ADMIN in act.roles or _may_read(act, found)):
        raise NotYours()
    task, project = unit.tasks.get(found.task), unit.projects.get(found.project)
    return _parts(as_asked(versions.under(unit, project, found.version), task), task, column)


def read_answer(act: Act, submission: SubmissionId) -> tuple[AnswerRead, ...]:
    """The whole of an answer, for those who are shown it; not for a requester who does not get it."""
    unit, found = act.unit, act.unit.submissions.find(submission)
    if found is None or not (ADMIN in act.roles or _may_read(act, found)):
        raise NotYours()
    if act.person.id != found.worker and unit.consents.is_taken_back(found.id):
        raise NotYours()
    project = unit.projects.get(found.project)
    if found.state == "rejected" and act.person.id == project.requester:
        raise NotYours()
    asked = as_asked(versions.under(unit, project, found.version), unit.tasks.get(found.task))
    parts = kind_of(asked.kind).pieces(shown(asked, found.answer)) if found.answer is not None else ()
    return tuple(AnswerRead(asked.kind, part, at, len(parts)) for at, part in enumerate(parts, 1))


def read_own(act: Act, task: TaskId, column: int) -> tuple[TextRead, ...]:
    """A requester's own task."""
    found = act.unit.tasks.find(task)
    project = act.unit.projects.get(found.project) if found is not None else None
    if found is None or project is None or project.requester != act.person.id:
        raise NotYours()
    return _parts(as_asked(project, found), found, column)


def _may_read(act: Act, of: Submission) -> bool:
    unit, reader = act.unit, act.person.id
    if reader in (of.worker, unit.projects.get(of.project).requester):
        return True
    appeal = unit.appeals.of(of.id)
    judged = unit.appeals.judgement(appeal.id, reader) if appeal is not None else None
    return judged is not None and judged.state in ("active", "given")


def _parts(project: Project, task: Task, column: int) -> tuple[TextRead, ...]:
    called = {each.column: each.label for each in content_of(project, task).cut}
    if column not in called:
        raise UnknownChoice()
    parts = parts_of(task.content[project.columns[column]])
    return tuple(TextRead(called[column], text, at, len(parts)) for at, text in enumerate(parts, 1))
