"""A sent file becomes a project, more tasks of one, or a new form of a draft.

A door passes the file and its transactions; the caption is read and acted on here.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from domain.projects.projects import ProjectId
from domain.projects.wizard import EmptyCell
from domain.refusals import BadInput, FileRefused, FormRefused
from formats.captions.caption import ProjectForm
from formats.errors import FileErrors, RowError
from formats.tables import reading
from formats.tables.columns import AiWish
from formats.tables.reading import TaskFile
from formats.tables.sandbox import ReadRequest
from formats.values import is_address
from jobs.fetching import make_fetcher
from jobs.uploads import reading as reading_job
from jobs.uploads.progress import SentFile, UploadDoor
from jobs.uploads.reading import (
    Upload,
    checked,
    fetched,
    fingerprint,
    looked_at,
    store,
)
from services.act import Act
from services.projects import drafts, wizard
from services.projects.drafts import Rereading, Sent
from services.projects.preflight import card_messages
from services.projects.projects import mine
from services.projects.wizard import (
    Description,
    WaitingFile,
    check_pages,
    read_form,
)
from storage.projects.batches import Batch
from storage.unit import UnitOfWork

ADD = re.compile(r"(/add)_([0-9]+)")
LONGEST_NAME = 100  # characters of a file's name


def worded(caption: str) -> list[str]:
    """Its words, the command first, without the bot's name; `/add_1` as `/add 1`."""
    command, *words = caption.split() or [""]
    command = command.partition("@")[0].lower()
    if found := ADD.fullmatch(command):
        return [found[1], found[2], *words]
    return [command, *words]


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """A file with `/newproject` lines, with `/add N`, or as the last step of the wizard."""
    command, *words = worded(sent.caption)
    if command == "/add":
        await add(door, sent, _number(words))
    elif form := await door.ask(lambda act: _form_for(act, command, sent.caption)):
        _refuse_second(form if command == "/newproject" else None)
        await create(door, sent, form)
    else:
        await door.finish(lambda act: wizard.keep_file(act, _kept(sent)))


async def describe(door: UploadDoor, told: Description) -> None:
    """A typed form: its file is fetched from its address, or awaited."""
    if told.form is None or told.form.file is None:
        await door.finish(lambda act: wizard.begin_described(act, told.caption))
    else:
        await create(door, replace(at(door, told.form.file), caption=told.caption), told.form)


async def add_from(door: UploadDoor, asked: tuple[ProjectId, str]) -> None:
    """More tasks for a project, from an address."""
    number, address = asked
    await add(door, at(door, address), number)


def at(door: UploadDoor, address: str) -> SentFile:
    """A file at an address."""
    name = unquote(urlsplit(address).path).rpartition("/")[2] or address
    return door.file(address, name[:LONGEST_NAME], 0, 0)


async def take(door: UploadDoor, waiting: WaitingFile) -> None:
    """A file that was sent before is fetched again."""
    sent = door.file(**waiting.file)
    if waiting.form is not None:
        await create(door, sent, waiting.form, waiting.leave_out)
    elif waiting.number is not None:
        await add(door, sent, waiting.number, waiting.leave_out)


async def read_anew(door: UploadDoor, asked: Rereading) -> None:
    """The first row of a draft's file is a task, or names its columns after all; the file is fetched again."""
    await door.stand_for(asked.number)
    sent = door.file(**asked.told["file"])
    leave_out = bool(asked.told.get("leave_out"))
    async with fetched(door, sent) as upload:
        try:
            read = await _read(door, sent, upload, asked.form, asked="", leave_out=leave_out)
        except FileErrors as problem:
            raise _refused(sent, problem) from None
        file = replace(read, message=sent.message, first_row=asked.told)
        await door.finish(lambda act: card_messages(drafts.read_anew(act, asked.number, file)))


async def redraft(door: UploadDoor, sent: SentFile) -> None:
    """The caption of a file was edited: its draft asks for something else now."""
    await create(door, sent, await door.ask(lambda act: read_form(sent.caption, act.house.terms.currency)))


async def create(door: UploadDoor, sent: SentFile, form: ProjectForm, leave_out: bool = False) -> None:
    """A draft of this form, or another form of the draft whose caption was edited."""
    check_pages(door.house, form.kind)
    async with fetched(door, sent, form.media) as upload:
        try:
            read = await _read(door, sent, upload, form, asked=repr(form), leave_out=leave_out)
        except FileErrors as problem:
            if not door.asks:
                raise _refused(sent, problem) from None
            await door.finish(_asked_back(sent, form, problem))
            return
        file, terms = replace(read, message=sent.message), door.house.terms

        def begin(unit: UnitOfWork) -> Batch:
            return drafts.begin_project(unit, unit.people.get(door.person.id), form, file, terms)

        if not sent.edited:
            await reading_job.stage(door.house.database, door.house.clock, begin, file, upload.told)
        drafted = drafts.import_edited_caption if sent.edited else drafts.create_draft
        await door.finish(lambda act: card_messages(drafted(act, form, file)))


async def add(door: UploadDoor, sent: SentFile, number: ProjectId, leave_out: bool = False) -> None:
    await door.stand_for(number)
    form = await door.ask(lambda act: drafts.form_of(act, number))
    async with fetched(door, sent) as upload:
        try:
            file = await _read(door, sent, upload, form, asked=f"/add {number}", leave_out=leave_out)
        except FileErrors as problem:
            if not door.asks:
                raise _refused(sent, problem) from None
            await door.finish(_without_empty(sent, {"add": number}, problem))
            return

        def begin(unit: UnitOfWork) -> Batch:
            return drafts.begin_addition(unit, door.person, mine(unit, door.person, number), file)

        await reading_job.stage(door.house.database, door.house.clock, begin, file, upload.told)
        await door.finish(lambda act: card_messages(drafts.add_tasks(act, number, file)))


def _form_for(act: Act, command: str, caption: str) -> ProjectForm | None:
    """The form in the file's caption, else the draft that waits for a file."""
    if command == "/newproject":
        return read_form(caption, act.house.terms.currency)
    return wizard.waiting_form(act.unit, act.person, act.house.terms.currency)


def _refuse_second(form: ProjectForm | None) -> None:
    """The form of a file's own caption names no other file."""
    if form is not None and form.file is not None:
        raise FormRefused(errors=[{"key": "file", "value": form.file, "expected": "no_second_file", "facts": {}}])


def _number(words: list[str]) -> ProjectId:
    word = "".join(words[:1]).lstrip("#")
    if not word.isdecimal() or len(word) > 15:
        raise BadInput(what="number", value=word, expected=["/add N"])
    return ProjectId(int(word))


async def _read(
    door: UploadDoor, sent: SentFile, upload: Upload, form: ProjectForm, asked: str, leave_out: bool = False
) -> Sent:
    """Every row checked, in a process that can be ended."""
    ai = AiWish(form.ai, form.adds)
    question = ReadRequest(sent.name, form.options, form.kind, form.template, leave_out, ai=ai, header=form.header)
    file = await checked(door.person.id, upload.place, upload.rows, question, upload.told, beside=upload.beside)
    await store(door.house.database, door.house.clock, file.media, upload.beside.media)
    file = await looked_at(file, make_fetcher(door.house.private_destinations))
    told = _first_row(door, sent, file, leave_out)
    return Sent(file, sent.name, await asyncio.to_thread(fingerprint, upload.place, asked), first_row=told)


def _first_row(door: UploadDoor, sent: SentFile, file: TaskFile, leave_out: bool) -> dict[str, Any] | None:
    """How it was taken, where it may be a task and the file can be fetched again."""
    found = next(
        (warning for warning in file.warnings if warning.key in (reading.NAMED_HEADERS, reading.FIRST_ROW_TASK)), None
    )
    if found is None or not (door.asks or is_address(sent.reference)):
        return None
    told = {"row": found.facts["row"], "is_task": found.key == reading.FIRST_ROW_TASK}
    return {**told, "file": _kept(sent), "leave_out": leave_out}


def _asked_back(sent: SentFile, form: ProjectForm, problem: FileErrors) -> Callable[[Act], object]:
    """A problem that one press can solve is asked about; any other refuses the file."""
    columns = _columns_to_choose(form, problem)
    if other := () if sent.caption else _other_columns(problem):
        return lambda act: _instead_of_preset(act, sent, other, problem)
    if columns:
        return lambda act: wizard.ask_column(act, sent.caption, _kept(sent), columns)
    return _without_empty(sent, {"caption": sent.caption, "template": form.template}, problem)


def _without_empty(sent: SentFile, asked: dict[str, Any], problem: FileErrors) -> Callable[[Act], object]:
    """Where all that is wrong are empty cells. Raises FileRefused."""
    if problem.empty < problem.total:
        raise _refused(sent, problem)
    cells = tuple(EmptyCell(error.line, error.column) for error in problem.errors)
    return lambda act: wizard.offer_leaving_out(act, asked, _kept(sent), cells, problem.total)


def _columns_to_choose(form: ProjectForm, problem: FileErrors) -> tuple[str, ...]:
    """Where all that is missing is which column workers see."""
    first = problem.errors[0]
    asks = problem.total == 1 and first.expected == "template" and not form.template
    return cast(tuple[str, ...], tuple(cast(Any, first.facts["columns"]))) if asks else ()


def _other_columns(problem: FileErrors) -> tuple[str, ...]:
    """The file's columns, where all that is wrong is that the template names others."""
    if any((error.column, error.expected) != ("template", "known_column") for error in problem.errors):
        return ()
    return cast(tuple[str, ...], tuple(cast(Any, problem.errors[0].facts["columns"])))


def _instead_of_preset(act: Act, sent: SentFile, columns: tuple[str, ...], problem: FileErrors) -> object:
    """A preset's template gives way to a column of the file; somebody's own does not. Raises FileRefused."""
    if not wizard.is_preset(act):
        raise _refused(sent, problem)
    return wizard.ask_column(act, "", _kept(sent), columns)


def _kept(sent: SentFile) -> dict[str, Any]:
    return {name: getattr(sent, name) for name in ("reference", "name", "size", "message", "edited")}


def _refused(sent: SentFile, problem: FileErrors) -> FileRefused:
    return FileRefused(name=sent.name, errors=[_as_facts(error) for error in problem.errors], total=problem.total)


def _as_facts(error: RowError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    where = {"line": error.line, "column": error.column}
    return {**where, "value": error.value, "expected": error.expected, "facts": facts}
