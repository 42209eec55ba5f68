"""A requester's file and form become a draft, more tasks of a project, or another form of the draft."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from domain.answers import kind_of, list_offered_kinds
from domain.messages import Message
from domain.moments import later
from domain.money.amounts import Millionths, fee_for_reward
from domain.money.pricing import Terms
from domain.people.accounts import Person, PersonId
from domain.projects import drafts
from domain.projects.drafts import KEPT, KEPT_DAYS, CloneOffer, DraftLetGo
from domain.projects.preflight import Preflight
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import is_lettered
from domain.quality.machine import equivalent_confidence
from domain.refusals import BadInput, DraftsFull, UnknownChoice, WrongState
from formats.captions.caption import ProjectForm, find_unmet_wishes
from formats.tables.reading import TaskFile
from formats.tables.table import FileWarning
from formats.tables.tasks import PackedRow
from locales.languages import LANGUAGES
from services import events
from services.act import Act
from services.projects import wizard
from services.projects.audience import resolve_conditions
from services.projects.edits import require_possible_examples
from services.projects.preflight import card_messages, card_of, preflight_of, with_card_amount
from services.projects.projects import check_by_hand, check_draft, lead, mine
from services.projects.wizard import check_pages
from storage.projects.batches import EVERY, Batch
from storage.projects.drafts import ALL, GOLD, NONE
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
    """Return whether the file has too many rows for one transaction."""
    return len(file.rows) > STEP or file.size > STEP_BYTES


def comes_along(file: TaskFile) -> bool:
    """Return whether the file is so small that all its rows are written in the transaction that shows them."""
    return len(file.rows) <= ALONG and file.size <= ALONG_BYTES


def draft_from_form(unit: UnitOfWork, requester: Person, form: ProjectForm, file: TaskFile, terms: Terms) -> Project:
    """Return the draft that a form and its file make. Raise BadInput for examples that are no
    options, and for conditions or languages that cannot be met."""
    options = file.options or kind_of(form.kind).usual_options
    require_possible_examples(form.examples, form.kind, options)
    return Project(
        id=ProjectId(0),
        requester=requester.id,
        options=options,
        shuffled=form.shuffled and is_lettered(form.kind, form.options, options) and not _is_called_by_gold(form, file),
        template=file.template,
        columns=file.columns,
        currency=terms.currency,
        pay=Millionths(form.pay),
        fee=fee_for_reward(Millionths(form.pay), terms.fee_percent),
        max_overlap=max(form.overlap, form.max_overlap),
        confidence=(confidence := _confidence_of(form, file)),
        usual_confidence=confidence is not None and form.confidence is None,
        models=file.models,
        who=resolve_conditions(unit, requester, form.who),
        languages=languages_of(form.languages),
        state=ProjectState.DRAFT,
        created_at=unit.now,
        launched_at=None,
        ended_at=None,
        **{name: getattr(form, name) for name in ASKED},
    )


def _is_called_by_gold(form: ProjectForm, file: TaskFile) -> bool:
    """Return whether a gold column calls the compared things by their letters, so that their order must stay. Grades
    judge what reads better, in any order."""
    kind = kind_of(form.kind)
    looks = kind.options_are_columns and not kind.is_graded
    return looks and any(row.gold for row in islice(file.rows, LOOKED_AT))


def _confidence_of(form: ProjectForm, file: TaskFile) -> float | None:
    """Return the confidence at which a task closes: the form's, else the usual one if the file has models' answers;
    None for kinds without one."""
    usual = equivalent_confidence(form.overlap) if file.models else None
    return (form.confidence or usual) if kind_of(form.kind).claims_confidence else None


def languages_of(codes: tuple[str, ...]) -> tuple[str, ...]:
    """fr-CA → fr. Raises BadInput for a language without a catalogue: such a project would reach no worker."""
    languages = tuple(code.partition("-")[0] for code in codes)
    if not set(languages) <= LANGUAGES.keys():
        raise BadInput(what="languages", value=", ".join(codes), expected=list(LANGUAGES))
    return languages


def find_batch(unit: UnitOfWork, requester: Person, fingerprint: str) -> tuple[Batch | None, str]:
    """Return the batch that this very file and form became, if its project has not ended; else None and the fingerprint
    that a new batch takes."""
    while (batch := unit.batches.of_file(requester.id, fingerprint)) is not None:
        if batch.arriving or unit.projects.get(batch.project).state in (ProjectState.DRAFT, ProjectState.RUNNING):
            return batch, fingerprint
        fingerprint += "+"
    return None, fingerprint


def begin_project(unit: UnitOfWork, requester: Person, form: ProjectForm, sent: Sent, terms: Terms) -> Batch:
    """Return the batch of a new project, invisible until complete; the same batch if the import had begun before. Raise
    BadInput for a kind that is not offered."""
    batch, fingerprint = find_batch(unit, requester, sent.fingerprint)
    if batch is not None:
        return batch
    if form.kind not in list_offered_kinds():
        raise BadInput(what="kind", value=form.kind, expected=list(list_offered_kinds()))
    project = unit.projects.add(draft_from_form(unit, requester, form, sent.file, terms))
    unit.projects.hide(project)
    return _begin_batch(unit, requester, project, sent, fingerprint)


def _begin_batch(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent, fingerprint: str) -> Batch:
    batch = _add_batch(unit, requester, project, sent, fingerprint)
    if sent.message:
        unit.batches.came_with(batch, sent.message)
    if sent.first_row:
        unit.batches.store_reading(batch, sent.first_row)
    return batch


def is_small(unit: UnitOfWork, project: ProjectId) -> bool:
    """Return whether a draft has a single file, small enough for one transaction."""
    batches = unit.batches.of_project(project)
    return len(batches) == 1 and batches[0].tasks <= STEP


def begin_again(unit: UnitOfWork, requester: Person, project: Project, sent: Sent) -> Batch | None:
    """Imports a draft's only file again, replacing its tasks; None where files were added, or it is too large."""
    if not is_small(unit, project.id) or is_large(sent.file):
        return None
    unit.batches.unload(unit.batches.of_project(project.id)[0])
    return _begin_batch(unit, requester, project.id, sent, find_batch(unit, requester, sent.fingerprint)[1])


def begin_addition(unit: UnitOfWork, requester: Person, project: Project, sent: Sent) -> Batch:
    """Return the batch of more tasks for a project; the same batch if it had begun before. Raise BadInput if columns of
    the project are missing, WrongState if its program alone adds tasks."""
    check_by_hand(project)
    missing = [column for column in project.columns if column not in sent.file.columns]
    if missing:
        raise BadInput(what="columns", value=", ".join(sent.file.columns), expected=list(project.columns))
    batch = unit.batches.of_file(requester.id, sent.fingerprint)
    if new_models := tuple(model for model in sent.file.models if model not in project.models):
        unit.projects.store_models(project.id, (*project.models, *new_models))
    return batch or _add_batch(unit, requester, project.id, sent, sent.fingerprint)


def _add_batch(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent, fingerprint: str) -> Batch:
    """Begin a batch and link its media. Raise DraftsFull if the requester would leave more unlaunched than allowed."""
    rows, size = len(sent.file.rows), sent.file.size
    check_room(unit, requester.id, rows, size)
    if sent.file.media:
        _link_media(unit, requester, project, sent)
    return unit.batches.begin(
        project, requester=requester.id, fingerprint=fingerprint, file_name=sent.name, tasks=rows, size=size
    )


def _link_media(unit: UnitOfWork, requester: Person, project: ProjectId, sent: Sent) -> None:
    """Link the file's media to the project. Raise DraftsFull if the requester's drafts would take too many bytes of
    media."""
    waiting = unit.media_files.waiting(requester.id)
    if waiting + sum(medium.size for medium in sent.file.media) > MOST_MEDIA:
        rows = unit.batches.unlaunched(requester.id).rows
        raise DraftsFull(rows=rows, megabytes=waiting >> 20, most=drafts.MOST_ROWS, limit=MOST_MEDIA >> 20)
    unit.media_files.link(project, ((medium.content, medium.size) for medium in sent.file.media))


def check_room(unit: UnitOfWork, requester: PersonId, rows: int, size: int) -> None:
    """Raises DraftsFull where so many rows and bytes are more than a requester may leave unlaunched."""
    waiting = unit.batches.unlaunched(requester)
    if waiting.rows + rows > drafts.MOST_ROWS or waiting.bytes + size > drafts.MOST_BYTES:
        megabytes, limit = waiting.bytes >> 20, drafts.MOST_BYTES >> 20
        raise DraftsFull(rows=waiting.rows, megabytes=megabytes, most=drafts.MOST_ROWS, limit=limit)


def import_rows(unit: UnitOfWork, batch: Batch, sent: Sent) -> None:
    """The rows that are still missing; then all of them are seen."""
    project = unit.projects.get(batch.project)
    rows = islice(sent.file.rows.packed(), batch.staged, None)
    while batch.staged < batch.tasks:
        batch = write_rows(unit, project, batch, list(islice(rows, STEP)))
    if not unit.batches.show(batch):
        raise WrongState(number=project.id, state=project.state.value)


def write_rows(unit: UnitOfWork, project: Project, batch: Batch, rows: list[PackedRow]) -> Batch:
    """Write rows behind those already there, all or none, and return the grown batch; the present batch if another
    process was faster. Raise BadInput for an id that another file brought, WrongState if the import was given up
    meanwhile."""
    usual = project.overlap
    tasks: list[TaskFields] = [
        (position, key or str(position), content, gold, reason, overlap or usual, ai)
        for position, (_, key, content, gold, reason, overlap, ai) in enumerate(rows, batch.end + 1)
    ]
    task_counts = Counter([(task[5], task[3] is not None) for task in tasks])  # overlap, gold
    gold = sum(many for (_, is_gold), many in task_counts.items() if is_gold)
    most = sum(
        many * (task_overlap if is_gold else project.largest(task_overlap))
        for (task_overlap, is_gold), many in task_counts.items()
    )
    grown = unit.batches.grow(batch, len(tasks) - gold, gold, most)
    if grown is None:
        present_batch = unit.batches.find(batch.id)
        if present_batch is None or not present_batch.arriving:
            raise WrongState(number=project.id, state=project.state.value)
        return present_batch
    if unit.tasks.add(project.id, batch.id, tasks) < len(tasks):
        _add_beside(
            unit, batch, tasks, frozenset(offset for offset, row in enumerate(rows, batch.end + 1) if row[1] is None)
        )
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


MOST = 10_000  # rows copied in one transaction; a larger file is sent again


def offer_clone(act: Act, number: ProjectId) -> CloneOffer:
    project = mine(act.unit, act.person, number)
    check_by_hand(project)
    rows = act.unit.clones.rows(number)
    return CloneOffer(project.id, project.title, rows.tasks, rows.gold, MOST)


def clone_project(act: Act, number: ProjectId, what: str) -> tuple[Message, ...]:
    """Copy a project into a new draft with no rows, its gold rows or all (`what`), at today's fee, and return its card;
    the same draft after a second press. Raise UnknownChoice for another `what` or too many rows, WrongState for a
    project of a program, NoPages and DraftsFull as for any new draft."""
    unit, source = act.unit, mine(act.unit, act.person, number)
    check_by_hand(source)
    check_pages(act.house, source.kind)
    if what not in (NONE, GOLD, ALL) or unit.clones.rows(number).count_for(what) > MOST:
        raise UnknownChoice()
    mark = f"clone:{source.id}:{what}:{act.message or act.key}"
    batch, mark = find_batch(unit, act.person, mark)
    if batch is None:
        draft = unit.projects.add(_anew(act, source, with_models=what != NONE))
        unit.media_files.copy(number, draft)
        lead(act, draft)
        batch = _copy_rows(unit, source, draft, what, mark)
    return card_messages(card_of(act, batch.project))


def _anew(act: Act, source: Project, with_models: bool) -> Project:
    return replace(
        source,
        id=ProjectId(0),
        state=ProjectState.DRAFT,
        currency=act.house.terms.currency,
        fee=fee_for_reward(source.pay, act.house.terms.fee_percent),
        models=source.models if with_models else (),
        confidence=source.confidence if with_models or not source.usual_confidence else None,
        usual_confidence=source.usual_confidence and with_models,
        created_at=act.unit.now,
        launched_at=None,
        ended_at=None,
        version=1,
        paused=(),
    )


def _copy_rows(unit: UnitOfWork, source: Project, draft: ProjectId, what: str, mark: str) -> Batch:
    """Return the new draft's batch with the copied rows, possibly none: with a batch the draft is shown, launched, or
    swept away one day. Raise DraftsFull if it would be too much."""
    rows = unit.clones.counted(source, what)
    check_room(unit, source.requester, rows.rows, rows.bytes)
    batch = unit.batches.begin(
        draft, source.requester, fingerprint=mark, file_name="", tasks=rows.rows, size=rows.bytes
    )
    grown = unit.batches.grow(batch, rows.tasks, rows.gold, rows.asked)
    if grown is not None:
        unit.clones.copy(source.id, draft, batch.id, what)
        unit.batches.show(grown)
    return batch


def create_draft(act: Act, form: ProjectForm, sent: Sent) -> Preflight:
    """A draft with its tasks, and its pre-flight card. The very same file and form again show the same project."""
    batch = begin_project(act.unit, act.person, form, sent, act.house.terms)
    if not batch.arriving:
        return _card_of(act, batch.project, again=True)
    import_rows(act.unit, batch, sent)
    lead(act, batch.project)
    wizard.end_form(act.unit, act.person, form.title)
    return _card_of(
        act, batch.project, (*_known_file_warnings(act, batch, sent), *find_unmet_wishes(form), *sent.file.warnings)
    )


def _known_file_warnings(act: Act, batch: Batch, sent: Sent) -> tuple[FileWarning, ...]:
    """Return a warning if the same file is in a project already: a mended caption sent anew leaves two projects, a file
    added twice the same tasks twice, and both would be paid."""
    same_file = act.unit.batches.same_file(act.person.id, sent.fingerprint, batch)
    if same_file is None:
        return ()
    if same_file[0] == batch.project:
        return (FileWarning("file_added", {"days": KEPT_DAYS}),)
    return (FileWarning("file_known", {"number": same_file[0], "title": same_file[1]}),)


def add_tasks(act: Act, number: ProjectId, sent: Sent) -> Preflight:
    """Import more tasks into a project, as a batch of its own that is offered after the next launch, and return the
    card."""
    project = mine(act.unit, act.person, number)
    batch = begin_addition(act.unit, act.person, project, sent)
    known_warnings = _known_file_warnings(act, batch, sent) if batch.arriving else ()
    if batch.arriving:
        import_rows(act.unit, batch, sent)
    wizard.end_addition(act, number)
    return _card_of(act, project.id, (*known_warnings, *sent.file.warnings), again=not batch.arriving)


def import_edited_caption(act: Act, form: ProjectForm, sent: Sent) -> Preflight:
    """The caption of a file was edited: the draft it brought is read and checked anew. A message that brought none,
    because it was refused, brings one now."""
    unit, terms = act.unit, act.house.terms
    number = unit.batches.of_message(act.person.id, sent.message)
    if number is None:
        return create_draft(act, form, sent)
    unit.projects.lock(number)
    project = mine(unit, act.person, number)
    check_draft(project)
    unit.projects.revise(number, draft_from_form(unit, act.person, form, sent.file, terms))
    batch = begin_again(unit, act.person, mine(unit, act.person, number), sent)
    if batch is None:
        raise BadInput(what="redraft", value=str(number), expected=[])
    import_rows(unit, batch, sent)
    wizard.end_redraft(act, sent.message)
    return _card_of(
        act, number, (*_known_file_warnings(act, batch, sent), *find_unmet_wishes(form), *sent.file.warnings)
    )


@dataclass(frozen=True, slots=True)
class Rereading:
    """A draft's file to be read again by this form; `told` is how its first row is taken then, and how the file is
    found."""

    number: ProjectId
    form: ProjectForm
    told: dict[str, Any]


def take_first_row(act: Act, number: ProjectId, is_task: bool) -> Rereading:
    """Return how a draft's file is read again, with its first row as a task or as names of columns. Raise BadInput if
    the draft holds more than one small file, UnknownChoice if it is read so already or
    its first row is certain, WrongState if it is no draft."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    check_draft(project)
    first_row, gold = unit.batches.first_row(number), unit.batches.waiting(number).gold
    if first_row is None or first_row["is_task"] is is_task:
        raise UnknownChoice()
    if gold or not is_small(unit, number):
        raise BadInput(what="first_row", value=str(number), expected=[])
    several, before = len(project.columns) > 1, first_row.get("template")
    template = _template_without_names(project) if is_task else before
    form = replace(form_of(act, number), header=not is_task, template=template if several else None, adds=False)
    return Rereading(number, form, {**first_row, "is_task": is_task, "template": project.template})


def read_anew(act: Act, number: ProjectId, sent: Sent) -> Preflight:
    """Replace the draft's tasks by the file read otherwise, and return the card. The stored fingerprint stays, so that
    the file is still known when it is sent again. Raise BadInput if the draft is no single small file."""
    unit, file = act.unit, sent.file
    unit.projects.lock(number)
    project = mine(unit, act.person, number)
    check_draft(project)
    fingerprints = unit.batches.fingerprints(number)
    options = file.options or project.options
    unit.projects.revise(number, replace(project, columns=file.columns, template=file.template, options=options))
    resent = replace(sent, fingerprint=fingerprints[0][0] if fingerprints else sent.fingerprint)
    batch = begin_again(unit, act.person, mine(unit, act.person, number), resent)
    if batch is None:
        raise BadInput(what="first_row", value=str(number), expected=[])
    import_rows(unit, batch, sent)
    return _card_of(act, number, (*_known_file_warnings(act, batch, resent), *file.warnings))


def _template_without_names(project: Project) -> str:
    """Return the project's template with the names that columns have if there is no row of names."""
    names = {name: f"{{column_{place}}}" for place, name in enumerate(project.columns, start=1)}
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


def _card_of(act: Act, number: ProjectId, warnings: Iterable[FileWarning] = (), again: bool = False) -> Preflight:
    project = mine(act.unit, act.person, number)
    card = preflight_of(
        act.unit, requester=act.person, project=project, terms=act.house.terms, warnings=warnings, again=again
    )
    return with_card_amount(act, card)


def discard_oldest(unit: UnitOfWork) -> bool:
    """The oldest: a draft with its tasks, or the tasks that wait to be added to a project. There may be more then."""
    unit.drafts.forms.delete_idle(later(unit.now, -KEPT))
    old = unit.batches.old(later(unit.now, -KEPT))
    if old is None:
        return False
    unit.projects.lock(old.project)
    project = unit.projects.get(old.project)
    whole = project.state is ProjectState.DRAFT
    if whole:
        discard_draft(unit, project)
    else:
        unit.batches.let_go(project.id)
    unit.outbox.tell(old.requester, DraftLetGo(project.id, project.title, KEPT_DAYS, whole))
    return True


def discard_draft(unit: UnitOfWork, draft: Project) -> None:
    """Hide the draft; a sweep deletes its tasks a few at a time. The tasks of a program stay."""
    unit.projects.hide(draft.id)
    if not kind_of(draft.kind).is_of_programs:
        unit.batches.let_go(draft.id)
        return
    events.publish(unit, events.DraftDiscarded(draft))
    unit.batches.launch(draft.id, EVERY)  # it waits for nothing any more
