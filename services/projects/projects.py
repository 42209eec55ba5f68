"""A requester's file and form become a project, or more tasks of one."""

from collections.abc import Sequence

from domain.money.pricing import Terms
from domain.people.people import Person
from domain.projects.projects import ProjectId
from formats.captions.caption import ProjectForm, unclaimed
from formats.tables.reading import FileWarning
from services.projects import imports
from services.projects.imports import Sent
from services.projects.ownership import mine
from services.projects.preflight import preflight_of
from storage.unit import UnitOfWork


def create(unit: UnitOfWork, requester: Person, form: ProjectForm, sent: Sent, terms: Terms) -> ProjectId:
    """A draft with its tasks, and its pre-flight card. The very same file and form again show the same project."""
    batch = imports.project_begun(unit, requester, form, sent, terms)
    if not batch.arriving:
        _show(unit, requester, batch.project, terms, again=True)
        return batch.project
    imports.bring_in(unit, batch, sent)
    unit.drafts.drop(requester.id)
    _show(unit, requester, batch.project, terms, (*unclaimed(form), *sent.file.warnings))
    return batch.project


def add(unit: UnitOfWork, requester: Person, number: int, sent: Sent, terms: Terms) -> None:
    """More tasks for a project: a batch of its own, offered after the next launch."""
    project = mine(unit, requester, number)
    batch = imports.addition_begun(unit, requester, project, sent)
    if batch.arriving:
        imports.bring_in(unit, batch, sent)
    _show(unit, requester, project.id, terms, sent.file.warnings, again=not batch.arriving)


def form_of(unit: UnitOfWork, requester: Person, number: int) -> ProjectForm:
    """What a further file of this project is read by."""
    project = mine(unit, requester, number)
    return ProjectForm(
        title=project.title,
        instructions=project.instructions,
        pay=project.pay,
        kind=project.kind,
        options=project.options,
        template=project.template,
    )


def _show(
    unit: UnitOfWork,
    requester: Person,
    number: ProjectId,
    terms: Terms,
    warnings: Sequence[FileWarning] = (),
    again: bool = False,
) -> None:
    unit.outbox.tell(requester.id, preflight_of(unit, requester, mine(unit, requester, number), terms, warnings, again))
