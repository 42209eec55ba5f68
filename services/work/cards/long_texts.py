"""Texts that are too long for the message of their task: a worker reads each by itself."""

from domain.projects.candidates import parts_of
from domain.projects.tasks import content_of
from domain.refusals import NotYours, UnknownChoice
from domain.work.assignments import AssignmentId
from domain.work.content_messages import TextRead
from services.act import Act
from services.work.cards.seen import seen_by


def read(act: Act, assignment: AssignmentId, column: int) -> tuple[TextRead, ...]:
    """In as many messages as it needs, and as this worker sees it: their A may be the requester's B."""
    found = act.unit.assignments.find(assignment)
    if found is None or found.worker != act.person.id:
        raise NotYours()
    about = act.unit.projects.get(found.project), act.unit.tasks.get(found.task)
    seen = seen_by(act.unit, *about, act.person.id)
    called = {each.column: each.label for each in content_of(seen.project, seen.task).cut}
    if column not in called:
        raise UnknownChoice()
    parts = parts_of(seen.task.content[seen.project.columns[column]])
    return tuple(TextRead(called[column], text, at, len(parts)) for at, text in enumerate(parts, 1))
