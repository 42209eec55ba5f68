"""A draft is changed by editing the caption of its file: everything it asks for, read and checked anew."""

from domain.money.pricing import Terms
from domain.people.people import Person
from domain.projects.projects import ProjectState
from domain.refusals import BadInput, WrongState
from formats.captions.caption import ProjectForm, unclaimed
from services.projects import imports, ownership, projects
from services.projects.imports import Sent
from services.projects.preflight import preflight_of
from storage.unit import UnitOfWork


def redraft(unit: UnitOfWork, requester: Person, form: ProjectForm, sent: Sent, terms: Terms) -> None:
    """The draft this message brought; a message that brought none, because it was refused, brings one now."""
    number = unit.batches.of_message(requester.id, sent.message)
    if number is None:
        projects.create(unit, requester, form, sent, terms)
        return
    unit.projects.lock(number)
    project = ownership.mine(unit, requester, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    unit.projects.revise(number, imports.drafted(unit, requester, form, sent.file, terms))
    batch = imports.begun_anew(unit, requester, ownership.mine(unit, requester, number), sent)
    if batch is None:
        raise BadInput(what="redraft", value=str(number), expected=[])
    imports.bring_in(unit, batch, sent)
    draft = ownership.mine(unit, requester, number)
    warnings = (*unclaimed(form), *sent.file.warnings)
    unit.outbox.tell(requester.id, preflight_of(unit, requester, draft, terms, warnings))
