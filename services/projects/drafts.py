"""A requester's file and form become a draft, more tasks of a project, or another form of the draft."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.projects.drafts import KEPT_DAYS
from domain.projects.messages import Preflight
from domain.projects.projects import Project, ProjectId
from domain.refusals import BadInput, UnknownChoice
from formats.captions.caption import ProjectForm, unclaimed
from formats.tables.reading import FileWarning
from services.act import Act
from services.projects import imports, project_wizard
from services.projects.imports import Sent
from services.projects.ownership import check_draft, lead, mine
from services.projects.preflight import preflight_of
from storage.projects.batches import Batch


def create(act: Act, form: ProjectForm, sent: Sent) -> Preflight:
    """A draft with its tasks, and its pre-flight card. The very same file and form again show the same project."""
    batch = imports.project_begun(act.unit, act.person, form, sent, act.house.terms)
    if not batch.arriving:
        return _card(act, batch.project, again=True)
    imports.bring_in(act.unit, batch, sent)
    lead(act, batch.project)
    project_wizard.made(act.unit, act.person, form.title)
    return _card(act, batch.project, (*_known(act, batch, sent), *unclaimed(form), *sent.file.warnings))


def _known(act: Act, batch: Batch, sent: Sent) -> tuple[FileWarning, ...]:
    """A caption that was mended and sent anew leaves two projects, and a file added to its own project the same tasks
    twice: both would be paid."""
    other = act.unit.batches.same_file(act.person.id, sent.fingerprint, batch)
    if other is None:
        return ()
    if other[0] == batch.project:
        return (FileWarning("file_added", {"days": KEPT_DAYS}),)
    return (FileWarning("file_known", {"number": other[0], "title": other[1]}),)


def add(act: Act, number: ProjectId, sent: Sent) -> Preflight:
    """More tasks for a project: a batch of its own, offered after the next launch."""
    project = mine(act.unit, act.person, number)
    batch = imports.addition_begun(act.unit, act.person, project, sent)
    known = _known(act, batch, sent) if batch.arriving else ()
    if batch.arriving:
        imports.bring_in(act.unit, batch, sent)
    project_wizard.added(act, number)
    return _card(act, project.id, (*known, *sent.file.warnings), again=not batch.arriving)


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
    return _card(act, number, (*_known(act, batch, sent), *unclaimed(form), *sent.file.warnings))


@dataclass(frozen=True, slots=True)
class Rereading:
    """A draft's file is read again by this form; `told` is how its first row is taken then, and how it is found."""

    number: ProjectId
    form: ProjectForm
    told: dict[str, Any]


def take_first_row(act: Act, number: ProjectId, is_task: bool) -> Rereading:
    """The file of a draft, and how it is read with or without its first row as a task. Raises BadInput where the draft
    holds more than one small file."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    check_draft(project)
    told, gold = unit.batches.first_row(number), unit.batches.waiting(number).gold
    if told is None or told["is_task"] is is_task:
        raise UnknownChoice()
    if gold or not imports.is_small(unit, number):
        raise BadInput(what="first_row", value=str(number), expected=[])
    several, before = len(project.columns) > 1, told.get("template")
    template = _renamed(project) if is_task else before
    form = replace(form_of(act, number), header=not is_task, template=template if several else None, adds=False)
    return Rereading(number, form, {**told, "is_task": is_task, "template": project.template})


def read_anew(act: Act, number: ProjectId, sent: Sent) -> Preflight:
    """The draft has the same file, read otherwise; sent once more with its caption it is still known."""
    unit, file = act.unit, sent.file
    unit.projects.lock(number)
    project = mine(unit, act.person, number)
    check_draft(project)
    known = unit.batches.fingerprints(number)
    options = file.options or project.options
    unit.projects.revise(number, replace(project, columns=file.columns, template=file.template, options=options))
    again = replace(sent, fingerprint=known[0][0] if known else sent.fingerprint)
    batch = imports.begun_anew(unit, act.person, mine(unit, act.person, number), again)
    if batch is None:
        raise BadInput(what="first_row", value=str(number), expected=[])
    imports.bring_in(unit, batch, sent)
    return _card(act, number, (*_known(act, batch, again), *file.warnings))


def _renamed(project: Project) -> str:
    """Its template with the names that columns have without a row of names."""
    names = {name: f"{{column_{at}}}" for at, name in enumerate(project.columns, start=1)}
    return re.sub(r"\{([^{}]*)\}", lambda found: names.get(found[1].strip(), found[0]), project.template)


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
