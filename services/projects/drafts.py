"""A requester's file and form become a draft, more tasks of a project, or another form of the draft."""

from collections.abc import Iterable

from domain.projects.messages import Preflight
from domain.projects.projects import ProjectId
from domain.refusals import BadInput
from formats.captions.caption import ProjectForm, unclaimed
from formats.tables.reading import FileWarning
from services.act import Act
from services.projects import imports, project_wizard
from services.projects.imports import Sent
from services.projects.ownership import check_draft, lead, mine
from services.projects.preflight import preflight_of


def create(act: Act, form: ProjectForm, sent: Sent) -> Preflight:
    """A draft with its tasks, and its pre-flight card. The very same file and form again show the same project."""
    batch = imports.project_begun(act.unit, act.person, form, sent, act.house.terms)
    if not batch.arriving:
        return _card(act, batch.project, again=True)
    imports.bring_in(act.unit, batch, sent)
    lead(act, batch.project)
    project_wizard.made(act.unit, act.person, form.title)
    return _card(act, batch.project, (*unclaimed(form), *sent.file.warnings))


def add(act: Act, number: ProjectId, sent: Sent) -> Preflight:
    """More tasks for a project: a batch of its own, offered after the next launch."""
    project = mine(act.unit, act.person, number)
    batch = imports.addition_begun(act.unit, act.person, project, sent)
    if batch.arriving:
        imports.bring_in(act.unit, batch, sent)
    project_wizard.added(act, number)
    return _card(act, project.id, sent.file.warnings, again=not batch.arriving)


def redraft(act: Act, form: ProjectForm, sent: Sent) -> Preflight:
    """The caption of a file was edited: the draft it brought is read and checked anew. A message that brought none,
    because it was refused, brings one now."""
    unit, terms = act.unit, act.house.terms
    number = unit.batches.of_message(act.person.id, sent.message)
    if number is None:
        return create(act, form, sent)
    unit.projects.lock(number)
    project = mine(unit, act.person, number)
    check_draft(project)
    unit.projects.revise(number, imports.drafted(unit, act.person, form, sent.file, terms))
    batch = imports.begun_anew(unit, act.person, mine(unit, act.person, number), sent)
    if batch is None:
        raise BadInput(what="redraft", value=str(number), expected=[])
    imports.bring_in(unit, batch, sent)
    project_wizard.redrafted(act, sent.message)
    return _card(act, number, (*unclaimed(form), *sent.file.warnings))


def form_of(act: Act, number: ProjectId) -> ProjectForm:
    """The form by which a further file of this project is read."""
    project = mine(act.unit, act.person, number)
    return ProjectForm(
        title=project.title,
        instructions=project.instructions,
        pay=project.pay,
        kind=project.kind,
        options=project.options,
        template=project.template,
        ai=tuple(model for model in project.models if model),
        adds=True,
    )


def _card(act: Act, number: ProjectId, warnings: Iterable[FileWarning] = (), again: bool = False) -> Preflight:
    project = mine(act.unit, act.person, number)
    return preflight_of(act.unit, act.person, project, act.house.terms, warnings, again)
