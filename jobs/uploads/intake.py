"""A sent file becomes a project, more tasks of one, or a new form of a draft.

A door passes the file and its transactions; the caption is read and acted on here.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol, TypeVar, cast

from domain.people.people import Person
from domain.projects.draft_messages import EmptyCell
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, FileRefused
from formats.captions.caption import ProjectForm
from formats.errors import RowError
from formats.tables.columns import AiWish
from formats.tables.reading import FileErrors
from formats.tables.sandbox import ReadRequest
from jobs.uploads import staging
from jobs.uploads.progress import UploadProgress, droppable, showing_progress
from jobs.uploads.reading import checked
from services.act import Act, House
from services.projects import drafts, imports, project_wizard
from services.projects.forms import read_form
from services.projects.imports import Sent
from services.projects.ownership import mine
from services.projects.preflight import shown
from services.projects.project_wizard import WaitingFile
from storage.projects.batches import Batch
from storage.unit import UnitOfWork

LARGEST = 20 * 1024 * 1024  # bytes a bot may download
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SentFile:
    """`fetch` writes its bytes, of which there are `size`; `reference` is the door's id of the file.

    It came with the message `message`, whose caption was `edited` since or not; `number` tells this sending from
    others. `is_dropped` is whether its sender has cancelled it since.
    """

    name: str
    size: int
    caption: str
    reference: str
    message: int
    number: int
    fetch: Callable[[BinaryIO], Awaitable[None]]
    is_dropped: Callable[[UnitOfWork], bool]
    edited: bool = False


class UploadDoor(Protocol):
    """The sender's door: the person, readings of rows, and the final transaction of the request."""

    @property
    def person(self) -> Person: ...

    @property
    def house(self) -> House: ...

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        """A file that was sent before."""
        ...

    async def ask(self, question: Callable[[Act], T]) -> T:
        """A reading before the work begins; raises NotAllowed for a sender without the role."""
        ...

    async def finish(self, service: Callable[[Act], object]) -> None:
        """Runs the service in the final transaction; its result is shown to the sender."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on disk, and one for its checked rows: both for as long as they are read."""

    place: BinaryIO
    rows: BinaryIO
    told: UploadProgress


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """A file with `/newproject` lines, with `/add N`, or as the last step of the wizard."""
    command, *words = sent.caption.split() or [""]
    command = command.partition("@")[0].lower()
    if command == "/add":
        await _add(door, sent, _number(words))
    elif form := await door.ask(lambda act: _form_for(act, command, sent.caption)):
        await create(door, sent, form)
    else:
        await door.finish(lambda act: project_wizard.keep_file(act, _kept(sent)))


async def take(door: UploadDoor, waiting: WaitingFile) -> None:
    """A file that was sent before is fetched again."""
    sent = door.file(**waiting.file)
    if waiting.form is not None:
        await create(door, sent, waiting.form, waiting.leave_out)
    elif waiting.number is not None:
        await _add(door, sent, waiting.number, waiting.leave_out)


async def redraft(door: UploadDoor, sent: SentFile) -> None:
    """The caption of a file was edited: its draft asks for something else now."""
    await create(door, sent, await door.ask(lambda act: read_form(sent.caption, act.house.terms.currency)))


async def create(door: UploadDoor, sent: SentFile, form: ProjectForm, leave_out: bool = False) -> None:
    """A draft of this form, or another form of the draft whose caption was edited."""
    async with _fetched(door, sent) as upload:
        try:
            read = await _read(door, sent, upload, form, repr(form), leave_out)
        except FileErrors as problem:
            await door.finish(_asked_back(sent, form, problem))
            return
        file, terms = replace(read, message=sent.message), door.house.terms

        def begin(unit: UnitOfWork) -> Batch:
            return imports.project_begun(unit, unit.people.get(door.person.id), form, file, terms)

        if not sent.edited:
            await staging.stage(door.house.database, door.house.clock, begin, file, upload.told)
        drafted = drafts.redraft if sent.edited else drafts.create
        await door.finish(lambda act: shown(drafted(act, form, file)))


async def _add(door: UploadDoor, sent: SentFile, number: ProjectId, leave_out: bool = False) -> None:
    form = await door.ask(lambda act: drafts.form_of(act, number))
    async with _fetched(door, sent) as upload:
        try:
            file = await _read(door, sent, upload, form, f"/add {number}", leave_out)
        except FileErrors as problem:
            await door.finish(_without_empty(sent, {"add": number}, problem))
            return

        def begin(unit: UnitOfWork) -> Batch:
            return imports.addition_begun(unit, door.person, mine(unit, door.person, number), file)

        await staging.stage(door.house.database, door.house.clock, begin, file, upload.told)
        await door.finish(lambda act: shown(drafts.add(act, number, file)))


def _form_for(act: Act, command: str, caption: str) -> ProjectForm | None:
    """The form in the file's caption, else the draft that waits for a file."""
    if command == "/newproject":
        return read_form(caption, act.house.terms.currency)
    return project_wizard.waiting_form(act.unit, act.person, act.house.terms.currency)


def _number(words: list[str]) -> ProjectId:
    word = "".join(words[:1]).lstrip("#")
    if not word.isdecimal() or len(word) > 15:
        raise BadInput(what="number", value=word, expected=["number"])
    return ProjectId(int(word))


@asynccontextmanager
async def _fetched(door: UploadDoor, sent: SentFile) -> AsyncIterator[Upload]:
    """Downloads and reads the file; the sender sees its progress and can drop it. Raises FileDropped."""
    if sent.size > LARGEST:
        raise BadInput(what="file_size", value=str(sent.size), expected=[str(LARGEST)])
    database, clock = door.house.database, door.house.clock
    with TemporaryFile() as place, TemporaryFile() as rows:
        async with (
            showing_progress(database, clock, door.person.id, sent.number, sent.name) as told,
            droppable(database, clock, told, sent.is_dropped),
        ):
            upload = Upload(cast(BinaryIO, place), cast(BinaryIO, rows), told)
            await sent.fetch(upload.place)
            yield upload


async def _read(
    door: UploadDoor, sent: SentFile, upload: Upload, form: ProjectForm, asked: str, leave_out: bool = False
) -> Sent:
    """Every row checked, in a process that can be ended."""
    ai = AiWish(form.ai, form.adds)
    question = ReadRequest(sent.name, form.options, form.kind, form.template, leave_out, ai)
    file = await checked(door.person.id, upload.place, upload.rows, question, upload.told)
    return Sent(file, sent.name, await asyncio.to_thread(fingerprint, upload.place, asked))


def fingerprint(place: BinaryIO, asked: str) -> str:
    """A hash of the bytes and the request: equal for the same file with the same caption."""
    place.seek(0)
    digest = hashlib.sha256()
    while block := place.read(1 << 20):
        digest.update(block)
    digest.update(b"\0" + asked.encode())
    return digest.hexdigest()


def _asked_back(sent: SentFile, form: ProjectForm, problem: FileErrors) -> Callable[[Act], object]:
    """A problem that one press can solve is asked about; any other refuses the file."""
    columns = _columns_to_choose(form, problem)
    if columns:
        return lambda act: project_wizard.ask_column(act, sent.caption, _kept(sent), columns)
    return _without_empty(sent, {"caption": sent.caption, "template": form.template}, problem)


def _without_empty(sent: SentFile, asked: dict[str, Any], problem: FileErrors) -> Callable[[Act], object]:
    """Where all that is wrong are empty cells. Raises FileRefused."""
    if problem.empty < problem.total:
        raise _refused(sent, problem)
    cells = tuple(EmptyCell(error.line, error.column) for error in problem.errors)
    return lambda act: project_wizard.offer_leaving_out(act, asked, _kept(sent), cells, problem.total)


def _columns_to_choose(form: ProjectForm, problem: FileErrors) -> tuple[str, ...]:
    """Where all that is missing is which column workers see."""
    first = problem.errors[0]
    asks = problem.total == 1 and first.expected == "template" and not form.template
    return cast(tuple[str, ...], tuple(cast(Any, first.facts["columns"]))) if asks else ()


def _kept(sent: SentFile) -> dict[str, Any]:
    return {name: getattr(sent, name) for name in ("reference", "name", "size", "message", "edited")}


def _refused(sent: SentFile, problem: FileErrors) -> FileRefused:
    return FileRefused(name=sent.name, errors=[_as_facts(error) for error in problem.errors], total=problem.total)


def _as_facts(error: RowError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    where = {"line": error.line, "column": error.column}
    return {**where, "value": error.value, "expected": error.expected, "facts": facts}
