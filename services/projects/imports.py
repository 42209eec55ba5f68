"""Imports a form and a file as a draft, its batch and its tasks. An incomplete batch is invisible."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from domain.answers import kind_of, offered
from domain.money.amounts import Millionths, fee_on
from domain.money.pricing import Terms
from domain.people.people import Person, PersonId
from domain.projects import drafts
from domain.projects.candidates import is_lettered
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.quality.machine.asking import as_sure_as
from domain.refusals import BadInput, DraftsFull, WrongState
from formats.captions.caption import ProjectForm
from formats.tables.reading import TaskFile
from formats.tables.tasks import PackedRow
from locales import LANGUAGES
from services.projects.audience.conditions import resolved
from services.projects.authoring.edits import check_examples
from services.projects.ownership import check_by_hand
from storage.projects.batches import Batch
from storage.projects.tasks import TaskFields
from storage.unit import UnitOfWork

FILES = "file:"  # prefix of the live messages that show how far a file is
ASKED = (
    *("title", "instructions", "kind", "overlap", "accept", "minutes", "purpose", "seconds", "ai_decides", "content"),
    *("checks", "pictures", "examples"),
)
MOST_MEDIA = 256 << 20  # bytes of media of one requester's drafts
LOOKED_AT = 1_000  # rows, for gold
STEP = 2_000  # rows written in one transaction: answers wait for no more of them
STEP_BYTES = 4 << 20  # of rows, likewise
ALONG, ALONG_BYTES = 200, 400_000  # rows, and bytes of them, written in the transaction that shows them


@dataclass(frozen=True, slots=True)
class Sent:
    """A checked file, the name it came under and the message it came with; `fingerprint` is that of its bytes and of
    what was asked with it. `first_row`: how that was taken, where it may be a task, and how the file is found again."""

    file: TaskFile
    name: str
    fingerprint: str
    message: int = 0
    first_row: dict[str, Any] | None = None


def is_large(file: TaskFile) -> bool:
    """Whether its rows are too many for one transaction."""
    return len(file.rows) > STEP or file.size > STEP_BYTES


def comes_along(file: TaskFile) -> bool:
    """Whether its rows are so few that answers may wait for all of them at once."""
    return len(file.rows) <= ALONG and file.size <= ALONG_BYTES


def drafted(unit: UnitOfWork, requester: Person, form: ProjectForm, file: TaskFile, terms: Terms) -> Project:
    options = file.options or kind_of(form.kind).usual_options
    check_examples(form.examples, form.kind, options)
    return Project(
        id=ProjectId(0),
        requester=requester.id,
        options=options,
        shuffled=form.shuffled and is_lettered(form.kind, form.options, options) and not _is_called_by_gold(form, file),
        template=file.template,
        columns=file.columns,
        currency=terms.currency,
        pay=Millionths(form.pay),
        fee=fee_on(Millionths(form.pay), terms.fee_percent),
        max_overlap=max(form.overlap, form.max_overlap),
        confidence=(wanted := _wanted(form, file)),
        usual_confidence=wanted is not None and form.confidence is None,
        models=file.models,
        who=resolved(unit, requester, form.who),
        languages=spoken(form.languages),
        state=ProjectState.DRAFT,
        created_at=unit.now,
        launched_at=None,
        ended_at=None,
        **{name: getattr(form, name) for name in ASKED},
    )


def _is_called_by_gold(form: ProjectForm, file: TaskFile) -> bool:
    """Whether a gold column calls what is compared by its letters; grades are about what reads better, in any order."""
    known = kind_of(form.kind)
    looks = known.options_are_columns and not known.is_graded
    return looks and any(row.gold for row in islice(file.rows, LOOKED_AT))


def _wanted(form: ProjectForm, file: TaskFile) -> float | None:
    """Beside models' answers a task closes when its consensus is sure, also where the form asks for no confidence."""
    usual = as_sure_as(form.overlap) if file.models else None
    return (form.confidence or usual) if kind_of(form.kind).claims_confidence else None


def spoken(codes: tuple[str, ...]) -> tuple[str, ...]:
    """fr-CA → fr. Raises BadInput for a language without a catalogue: such a project would reach no worker."""
    languages = tuple(code.partition("-")[0] for code in codes)
    if not set(languages) <= LANGUAGES.keys():
        raise BadInput(what="languages", value=", ".join(codes), expected=list(LANGUAGES))
    return languages


def known_as(unit: UnitOfWork, requester: Person, fingerprint: str) -> tuple[Batch | None, str]:
    """The batch this very file and form became, if its project has not ended, else the fingerprint a new one takes."""
    while (known := unit.batches.of_file(requester.id, fingerprint)) is not None:
        if known.arriving or unit.projects.get(known.project).state in (ProjectState.DRAFT, ProjectState.RUNNING):
            return known, fingerprint
        fingerprint += "+"
    return None, fingerprint


def project_begun(unit: UnitOfWork, requester: Person, form: ProjectForm, sent: Sent, terms: Terms) -> Batch:
    """The batch of a new project, invisible until complete; the same one where the import had begun before."""
    known, fingerprint = known_as(unit, requester, sent.fingerprint)
    if known is not None:
        return known
    if form.kind not in offered():
        raise BadInput(what="kind", value=form.kind, expected=list(offered()))
    project = unit.projects.add(drafted(unit, requester, form, sent.file, terms))
    unit.projects.hide(project)
    return _begun(unit, requester, project, sent, fingerprint)


def _begun(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent, fingerprint: str) -> Batch:
    batch = _batch(unit, requester, project, sent, fingerprint)
    if sent.message:
        unit.batches.came_with(batch, sent.message)
    if sent.first_row:
        unit.batches.read_so(batch, sent.first_row)
    return batch


def is_small(unit: UnitOfWork, project: ProjectId) -> bool:
    """Whether a draft has one file, which one transaction can bring."""
    batches = unit.batches.of_project(project)
    return len(batches) == 1 and batches[0].tasks <= STEP


def begun_anew(unit: UnitOfWork, requester: Person, project: Project, sent: Sent) -> Batch | None:
    """Imports a draft's only file again, replacing its tasks; None where files were added, or it is too large."""
    if not is_small(unit, project.id) or is_large(sent.file):
        return None
    unit.batches.unload(unit.batches.of_project(project.id)[0])
    return _begun(unit, requester, project.id, sent, known_as(unit, requester, sent.fingerprint)[1])


def addition_begun(unit: UnitOfWork, requester: Person, project: Project, sent: Sent) -> Batch:
    """The batch of more tasks for a project; the same one where it had begun before."""
    check_by_hand(project)
    missing = [column for column in project.columns if column not in sent.file.columns]
    if missing:
        raise BadInput(what="columns", value=", ".join(sent.file.columns), expected=list(project.columns))
    known = unit.batches.of_file(requester.id, sent.fingerprint)
    if more := tuple(model for model in sent.file.models if model not in project.models):
        unit.projects.heard(project.id, (*project.models, *more))
    return known or _batch(unit, requester, project.id, sent, sent.fingerprint)


def _batch(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent, fingerprint: str) -> Batch:
    """Raises DraftsFull where it would be more than a requester may leave unlaunched."""
    rows, size = len(sent.file.rows), sent.file.size
    check_room(unit, requester.id, rows, size)
    if sent.file.media:
        _show_media(unit, requester, project, sent)
    return unit.batches.begin(project, requester.id, fingerprint, sent.name, rows, size)


def _show_media(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent) -> None:
    """Raises DraftsFull where the media of their drafts would take more than they may."""
    waiting = unit.media_files.waiting(requester.id)
    if waiting + sum(each.size for each in sent.file.media) > MOST_MEDIA:
        rows = unit.batches.unlaunched(requester.id).rows
        raise DraftsFull(rows=rows, megabytes=waiting >> 20, most=drafts.MOST_ROWS, limit=MOST_MEDIA >> 20)
    unit.media_files.link(project, ((each.content, each.size) for each in sent.file.media))


def check_room(unit: UnitOfWork, requester: PersonId, rows: int, size: int) -> None:
    """Raises DraftsFull where so many rows and bytes are more than a requester may leave unlaunched."""
    waiting = unit.batches.unlaunched(requester)
    if waiting.rows + rows > drafts.MOST_ROWS or waiting.bytes + size > drafts.MOST_BYTES:
        megabytes, limit = waiting.bytes >> 20, drafts.MOST_BYTES >> 20
        raise DraftsFull(rows=waiting.rows, megabytes=megabytes, most=drafts.MOST_ROWS, limit=limit)


def bring_in(unit: UnitOfWork, batch: Batch, sent: Sent) -> None:
    """The rows that are still missing; then all of them are seen."""
    project = unit.projects.get(batch.project)
    rows = islice(sent.file.rows.packed(), batch.staged, None)
    while batch.staged < batch.tasks:
        batch = write(unit, project, batch, list(islice(rows, STEP)))
    if not unit.batches.show(batch):
        raise WrongState(number=project.id, state=project.state.value)


def write(unit: UnitOfWork, project: Project, batch: Batch, rows: list[PackedRow]) -> Batch:
    """Writes rows behind those already there, all or none; an id that the project has already is refused."""
    usual = project.overlap
    tasks: list[TaskFields] = [
        (position, key or str(position), content, gold, reason, overlap or usual, ai)
        for position, (_, key, content, gold, reason, overlap, ai) in enumerate(rows, batch.end + 1)
    ]
    asked = Counter([(task[5], task[3] is not None) for task in tasks])  # overlap, gold
    gold = sum(many for (_, is_gold), many in asked.items() if is_gold)
    most = sum(many * (each if is_gold else project.largest(each)) for (each, is_gold), many in asked.items())
    grown = unit.batches.grow(batch, len(tasks) - gold, gold, most)
    if grown is None:
        found = unit.batches.find(batch.id)
        if found is None or not found.arriving:
            raise WrongState(number=project.id, state=project.state.value)
        return found
    if unit.tasks.add(project.id, batch.id, tasks) < len(tasks):
        _add_beside(unit, batch, tasks, frozenset(at for at, row in enumerate(rows, batch.end + 1) if row[1] is None))
    return grown


def _add_beside(unit: UnitOfWork, batch: Batch, tasks: list[TaskFields], numbered: frozenset[int]) -> None:
    """Adds those that are not there because others have their keys: the number of a row without an id gives way to an
    id of the file. Raises BadInput for an id that another file brought."""
    for task in tasks:
        position, key = task[:2]
        holder = unit.tasks.key_at(batch.project, key)
        if holder == position:
            continue
        if position in numbered:
            key = _free(unit, batch, position)
        elif holder is not None and holder >= batch.start:
            unit.tasks.rename(batch.project, holder, _free(unit, batch, holder))
        elif holder is not None:
            raise BadInput(what="id", value=key, expected=["new"])
        unit.tasks.add(batch.project, batch.id, [(position, key, *task[2:])])


def _free(unit: UnitOfWork, batch: Batch, position: int) -> str:
    """The number of a row, marked as one."""
    key = f"#{position}"
    while unit.tasks.key_at(batch.project, key) is not None:
        key = f"#{key}"
    return key
