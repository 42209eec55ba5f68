"""A project that shows what not everybody wants to see is given only to those who agreed to it.

They are warned where nothing else is there for them, or where they choose it; unasked once, and not who refused the
like before.
"""

from domain.people.people import Person
from domain.projects.content import ContentChoice
from domain.projects.projects import Project, ProjectState
from domain.work.content_messages import ContentWarning
from domain.work.messages import LastAnswer
from services.people.qualifications.apart import are_apart
from services.work.cards.audience import is_asked
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects with such content


def due(
    unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, pushed: bool = False
) -> ContentWarning | None:
    """The warning of the first project that has a task for this worker and whose content they have not decided about;
    `pushed`: nobody asked for a task."""
    decided = (ContentChoice.REFUSED, ContentChoice.AGREED, *((ContentChoice.SHOWN,) if pushed else ()))
    unwanted: set[str] | None = None
    for project in unit.projects.warned(LOOKED_AT):
        if unit.content_choices.of(worker.id, project.id) in decided or not has_task(unit, worker, project):
            continue
        if pushed:
            unwanted = unit.content_choices.unwanted(worker.id) if unwanted is None else unwanted
            if not unwanted.isdisjoint(project.content):
                continue
        return warning(unit, worker, project, last)
    return None


def must_warn(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether a chosen project has a task for them, and its content to be agreed to first."""
    if not project.content or unit.content_choices.of(worker.id, project.id) is ContentChoice.AGREED:
        return False
    return has_task(unit, worker, project)


def warning(unit: UnitOfWork, worker: Person, project: Project, last: LastAnswer | None = None) -> ContentWarning:
    """It is noted that it was shown; enrolled is who may decline."""
    unit.enrolments.enrol(worker.id, project.id)
    if unit.content_choices.of(worker.id, project.id) is None:
        unit.content_choices.keep(worker.id, project.id, ContentChoice.SHOWN)
    asks = unit.people.get(project.requester).name
    in_hand = unit.assignments.active_for(worker.id)
    leaves = in_hand is not None and in_hand.project != project.id
    return ContentWarning(
        project=project.id,
        title=project.title,
        requester=asks,
        content=project.content,
        pay=project.pay,
        currency=project.currency,
        last=last,
        leaves=unit.projects.get(in_hand.project).title if in_hand is not None and leaves else "",
    )


def has_task(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether this project offers a task to this worker, content aside."""
    offers = project.state is ProjectState.RUNNING and not project.paused and project.requester != worker.id
    if not offers or not is_asked(unit, worker, project):
        return False
    known = unit.enrolments.find(worker.id, project.id)
    if known and not known.has_offers(unit.now):
        return False
    if known is None and are_apart(unit, worker.id, project.requester):
        return False
    return unit.enrolments.left.has_place(worker.id, project.id)
