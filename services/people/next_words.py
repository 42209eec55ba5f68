"""Decides what a person's next text message belongs to."""

from domain.handing_in import Wants
from domain.work.assignments import next_wanted_input
from services.act import Act


def is_text_unclaimed(act: Act, journey: str) -> bool:
    """Return whether the person's next text belongs to no other open question than `journey`, to no task in hand that
    wants text, and to no answer that is being changed."""
    unit = act.unit
    draft = unit.drafts.find(act.person.id)
    if (draft is not None and draft.journey != journey) or unit.corrections.open_of(act.person.id) is not None:
        return False
    return not answers_task_in_hand(act)


def answers_task_in_hand(act: Act) -> bool:
    """Return whether text answers the person's task in hand; False if they have none."""
    unit = act.unit
    task = unit.assignments.active_for(act.person.id)
    if task is None:
        return False
    return next_wanted_input(unit.projects.get(task.project), unit.tasks.get(task.task), task.draft) is Wants.TEXT
