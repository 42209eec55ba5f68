"""Whose the next words of a person are."""

from domain.handing_in import Wants
from domain.work.assignments import wanted_next
from services.act import Act


def are_free(act: Act, journey: str) -> bool:
    """Return whether the next words belong to no other question than `journey`, and to no answer: of the task in hand,
    or one that is being changed."""
    unit = act.unit
    draft = unit.drafts.of(act.person.id)
    if (draft is not None and draft.journey != journey) or unit.corrections.open_of(act.person.id) is not None:
        return False
    return not answer_task(act)


def answer_task(act: Act) -> bool:
    """Return whether words answer the task in hand."""
    unit = act.unit
    task = unit.assignments.active_for(act.person.id)
    if task is None:
        return False
    return wanted_next(unit.projects.get(task.project), unit.tasks.get(task.task), task.draft) is Wants.TEXT
