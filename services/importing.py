"""A form and a file become rows: a draft, its batch, its tasks."""

from collections.abc import Iterator

from domain.aggregation import UNCLAIMED
from domain.answers import kind_of
from domain.money import Millionths, fee_on
from domain.people import Person
from domain.pricing import Terms
from domain.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, WrongState
from formats.caption import ProjectForm
from formats.reading import TaskFile
from locales import LANGUAGES
from storage.tasks import NewTask
from storage.unit import UnitOfWork


def drafted(unit: UnitOfWork, requester: Person, form: ProjectForm, file: TaskFile, terms: Terms) -> Project:
    pay = Millionths(form.pay)
    return Project(
        id=ProjectId(0),
        requester=requester.id,
        title=form.title,
        instructions=form.instructions,
        kind=form.kind,
        options=file.options or kind_of(form.kind).OPTIONS,
        template=file.template,
        columns=file.columns,
        currency=terms.currency,
        pay=pay,
        fee=fee_on(pay, terms.fee_percent),
        overlap=form.overlap,
        max_overlap=max(form.overlap, form.max_overlap),
        confidence=None if form.kind in UNCLAIMED else form.confidence,
        accept=form.accept,
        minutes=form.minutes,
        purpose=form.purpose,
        languages=spoken(form.languages),
        state=ProjectState.DRAFT,
        created_at=unit.now,
        launched_at=None,
        ended_at=None,
    )


def spoken(codes: tuple[str, ...]) -> tuple[str, ...]:
    """fr-CA → fr. A language nobody here is asked in would hold a budget and reach nobody."""
    languages = tuple(code.partition("-")[0] for code in codes)
    if not set(languages) <= LANGUAGES.keys():
        raise BadInput(what="languages", value=", ".join(codes), expected=list(LANGUAGES))
    return languages


def known_as(unit: UnitOfWork, requester: Person, fingerprint: str) -> tuple[ProjectId | None, str]:
    """The project this very file and form became, if it has not ended, else the fingerprint a new one takes."""
    while (known := unit.projects.with_file(requester.id, fingerprint)) is not None:
        if unit.projects.get(known).state in (ProjectState.DRAFT, ProjectState.RUNNING):
            return known, fingerprint
        fingerprint += "+"
    return None, fingerprint


def bring_in(unit: UnitOfWork, project: Project, file: TaskFile, name: str, fingerprint: str) -> None:
    batch = unit.projects.batch(project.id, project.requester, fingerprint, name, len(file.rows), unit.now)
    if batch is None:
        raise WrongState(number=project.id, state=project.state.value)
    start = unit.tasks.last_position(project.id) + 1
    if start > 1:
        _refuse_known_keys(unit, project, file, start)
    unit.tasks.add(project.id, batch, _new_tasks(project, file, start))


def _refuse_known_keys(unit: UnitOfWork, project: Project, file: TaskFile, start: int) -> None:
    """Before the rows are written: a connection that is taking rows in answers no questions."""
    for position, row in enumerate(file.rows, start):
        key = row.key or str(position)
        if unit.tasks.has_key(project.id, key):
            raise BadInput(what="id", value=key, expected=["new"])


def _new_tasks(project: Project, file: TaskFile, start: int) -> Iterator[NewTask]:
    for position, row in enumerate(file.rows, start):
        key = row.key or str(position)
        yield NewTask(position, key, row.content, row.gold, row.reason, row.overlap or project.overlap)
