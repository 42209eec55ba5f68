"""A press on the chart of the pre-flight card: a draft is asked that way from then on."""

from dataclasses import replace

from domain.projects.projects import ProjectId
from domain.refusals import UnknownChoice
from services.act import Act, Reply
from services.projects.authoring.accuracy_outlook import MOST_TASKS, WAYS
from services.projects.ownership import check_draft, mine
from services.projects.preflight import card_of


def ask(act: Act, number: ProjectId, overlap: int, thousandths: int) -> Reply:
    """Rows whose own overlap is another keep it. A second press changes nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    confidence = thousandths / 1000 if thousandths else None
    check_draft(project)
    if (overlap, confidence) not in WAYS or card_of(act, number).price.tasks > MOST_TASKS:
        raise UnknownChoice()
    each = overlap if confidence is None else min(project.overlap, overlap)
    asked = replace(project, overlap=each, max_overlap=overlap, confidence=confidence)
    unit.projects.revise(project.id, asked)
    unit.batches.more.revise(project.id, project.overlap, each, asked.largest(0))
    return Reply(replace(card_of(act, number), whole=True), edits=act.message)
