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
    check_media_addresses,
    fetch_upload,
    fingerprint,
    read_checked_file,
    store_media,
)
from services.act import Act
from services.projects import drafts, wizard
from services.projects.drafts import Rereading, Sent
from services.projects.preflight import card_messages
from services.projects.projects import mine
from services.projects.wizard import Description, WaitingFile, check_pages, read_form
from storage.projects.batches import Batch
from storage.unit import UnitOfWork

ADD_COMMAND = re.compile(r"(/add)_([0-9]+)")
MAX_NAME_CHARS = 100  # characters of a file's name


def split_caption(caption: str) -> list[str]:
    """Return the caption's words, the command first and without the bot's name; `/add_1` as `/add 1`."""
    command, *words = caption.split() or [""]
    command = command.partition("@")[0].lower()
    if match := ADD_COMMAND.fullmatch(command):
        return [match[1], match[2], *words]
    return [command, *words]


async def receive_file(door: UploadDoor, sent: SentFile) -> None:
    """Make a draft of a file with `/newproject` lines, add the tasks of one with `/add N`, or take it as the wizard's
    last step. Raise FormRefused if the caption names another file."""
    command, *words = split_caption(sent.caption)
    if command == "/add":
        await add_tasks(door, sent, _parse_project_number(words))
    elif form := await door.ask(lambda act: _form_for(act, command, sent.caption)):
        _refuse_second(form if command == "/newproject" else None)
        await create_project(door, sent, form)
    else:
        await door.finish(lambda act: wizard.keep_file(act, _to_stored_file(sent)))


async def begin_described_project(door: UploadDoor, description: Description) -> None:
    """Make a draft of a typed form: fetch its file from its address, or ask for the file."""
    if description.form is None or description.form.file is None:
        await door.finish(lambda act: wizard.begin_described(act, description.caption))
    else:
        await create_project(
            door, replace(file_at_address(door, description.form.file), caption=description.caption), description.form
        )


async def add_tasks_from_address(door: UploadDoor, target: tuple[ProjectId, str]) -> None:
    """Add tasks to a project from a file at an address; `target`: the project's number and the address."""
    number, address = target
    await add_tasks(door, file_at_address(door, address), number)


def file_at_address(door: UploadDoor, address: str) -> SentFile:
    """Return the file at an address, not downloaded yet."""
    name = unquote(urlsplit(address).path).rpartition("/")[2] or address
    return door.file(address, name[:MAX_NAME_CHARS], 0, 0)


async def take_waiting_file(door: UploadDoor, waiting: WaitingFile) -> None:
    """Fetch a file again that was sent before, and make its draft or add its tasks."""
    sent = door.file(**waiting.file)
    if waiting.form is not None:
        await create_project(door, sent, waiting.form, waiting.leave_out)
    elif waiting.number is not None:
        await add_tasks(door, sent, waiting.number, waiting.leave_out)


async def read_draft_anew(door: UploadDoor, rereading: Rereading) -> None:
    """Fetch a draft's file again to read its first row as a task, or as names of columns. Raise FileRefused."""
    await door.stand_for(rereading.number)
    sent = door.file(**rereading.told["file"])
    leave_out = bool(rereading.told.get("leave_out"))
    async with fetch_upload(door, sent) as upload:
        try:
            sent_file = await _read_file(door, sent, upload, rereading.form, request="", leave_out=leave_out)
        except FileErrors as problem:
            raise _to_refusal(sent, problem) from None
        file = replace(sent_file, message=sent.message, first_row=rereading.told)
        await door.finish(lambda act: card_messages(drafts.read_anew(act, rereading.number, file)))


async def redraft_from_caption(door: UploadDoor, sent: SentFile) -> None:
    """Change a draft to what the edited caption of its file asks for."""
    await create_project(door, sent, await door.ask(lambda act: read_form(sent.caption, act.house.terms.currency)))


async def create_project(door: UploadDoor, sent: SentFile, form: ProjectForm, leave_out: bool = False) -> None:
    """Make a draft of this form, or change the draft whose caption was edited. If one press can solve a problem of the
    file, ask for it; raise FileRefused for any other."""
    check_pages(door.house, form.kind)
    async with fetch_upload(door, sent, form.media) as upload:
        try:
            sent_file = await _read_file(door, sent, upload, form, request=repr(form), leave_out=leave_out)
        except FileErrors as problem:
            if not door.asks:
                raise _to_refusal(sent, problem) from None
            await door.finish(_ask_or_refuse(sent, form, problem))
            return
        file, terms = replace(sent_file, message=sent.message), door.house.terms

        def begin(unit: UnitOfWork) -> Batch:
            return drafts.begin_project(unit, unit.people.get(door.person.id), form, file, terms)

        if not sent.edited:
            await reading_job.stage_rows(door.house.database, door.house.clock, begin, file, upload.progress)
        drafted = drafts.import_edited_caption if sent.edited else drafts.create_draft
        await door.finish(lambda act: card_messages(drafted(act, form, file)))


async def add_tasks(door: UploadDoor, sent: SentFile, number: ProjectId, leave_out: bool = False) -> None:
    """Add a file's tasks to a project. If empty cells are all that is wrong, ask whether to leave these rows out; raise
    FileRefused for any other problem."""
    await door.stand_for(number)
    form = await door.ask(lambda act: drafts.form_of(act, number))
    async with fetch_upload(door, sent) as upload:
        try:
            file = await _read_file(door, sent, upload, form, request=f"/add {number}", leave_out=leave_out)
        except FileErrors as problem:
            if not door.asks:
                raise _to_refusal(sent, problem) from None
            await door.finish(_offer_leaving_out(sent, {"add": number}, problem))
            return

        def begin(unit: UnitOfWork) -> Batch:
            return drafts.begin_addition(unit, door.person, mine(unit, door.person, number), file)

        await reading_job.stage_rows(door.house.database, door.house.clock, begin, file, upload.progress)
        await door.finish(lambda act: card_messages(drafts.add_tasks(act, number, file)))


def _form_for(act: Act, command: str, caption: str) -> ProjectForm | None:
    """Return the form in the file's caption, else the draft that waits for a file, or None."""
    if command == "/newproject":
        return read_form(caption, act.house.terms.currency)
    return wizard.waiting_form(act.unit, act.person, act.house.terms.currency)


def _refuse_second(form: ProjectForm | None) -> None:
    """Raise FormRefused if the form of a file's own caption names another file."""
    if form is not None and form.file is not None:
        raise FormRefused(errors=[{"key": "file", "value": form.file, "expected": "no_second_file", "facts": {}}])


def _parse_project_number(words: list[str]) -> ProjectId:
    word = "".join(words[:1]).lstrip("#")
    if not word.isdecimal() or len(word) > 15:
        raise BadInput(what="number", value=word, expected=["/add N"])
    return ProjectId(int(word))


async def _read_file(
    door: UploadDoor, sent: SentFile, upload: Upload, form: ProjectForm, request: str, leave_out: bool = False
) -> Sent:
    """Return the file with every row checked, in a process that can be ended, its media stored. Raise FileErrors."""
    ai = AiWish(form.ai, form.adds)
    question = ReadRequest(sent.name, form.options, form.kind, form.template, leave_out, ai=ai, header=form.header)
    file = await read_checked_file(
        door.person.id, upload.place, upload.rows, question, upload.progress, media=upload.media
    )
    await store_media(door.house.database, door.house.clock, file.media, upload.media.media)
    file = await check_media_addresses(file, make_fetcher(door.house.private_destinations))
    first_row = _describe_first_row(door, sent, file, leave_out)
    return Sent(file, sent.name, await asyncio.to_thread(fingerprint, upload.place, request), first_row=first_row)


def _describe_first_row(door: UploadDoor, sent: SentFile, file: TaskFile, leave_out: bool) -> dict[str, Any] | None:
    """Return how the first row was read, if it may be a task and the file can be fetched again; else None."""
    first_warning = next(
        (warning for warning in file.warnings if warning.key in (reading.NAMED_HEADERS, reading.FIRST_ROW_TASK)), None
    )
    if first_warning is None or not (door.asks or is_address(sent.reference)):
        return None
    facts = {"row": first_warning.facts["row"], "is_task": first_warning.key == reading.FIRST_ROW_TASK}
    return {**facts, "file": _to_stored_file(sent), "leave_out": leave_out}


def _ask_or_refuse(sent: SentFile, form: ProjectForm, problem: FileErrors) -> Callable[[Act], object]:
    """Return what asks the sender about a problem that one press can solve. Raise FileRefused for any other."""
    columns = _find_columns_to_choose(form, problem)
    if other_columns := () if sent.caption else _find_other_columns(problem):
        return lambda act: _ask_column_for_preset(act, sent, other_columns, problem)
    if columns:
        return lambda act: wizard.ask_column(act, sent.caption, _to_stored_file(sent), columns)
    return _offer_leaving_out(sent, {"caption": sent.caption, "template": form.template}, problem)


def _offer_leaving_out(sent: SentFile, upload_facts: dict[str, Any], problem: FileErrors) -> Callable[[Act], object]:
    """Return what offers to leave out the rows with empty cells. Raise FileRefused if anything else is wrong."""
    if problem.empty < problem.total:
        raise _to_refusal(sent, problem)
    cells = tuple(EmptyCell(error.line, error.column) for error in problem.errors)
    return lambda act: wizard.offer_leaving_out(act, upload_facts, _to_stored_file(sent), cells, problem.total)


def _find_columns_to_choose(form: ProjectForm, problem: FileErrors) -> tuple[str, ...]:
    """Return the columns to choose from if the only problem is which of them workers see, else ()."""
    first_error = problem.errors[0]
    asks = problem.total == 1 and first_error.expected == "template" and not form.template
    return cast(tuple[str, ...], tuple(cast(Any, first_error.facts["columns"]))) if asks else ()


def _find_other_columns(problem: FileErrors) -> tuple[str, ...]:
    """Return the file's columns if the only problem is that the template names others, else ()."""
    if any((error.column, error.expected) != ("template", "known_column") for error in problem.errors):
        return ()
    return cast(tuple[str, ...], tuple(cast(Any, problem.errors[0].facts["columns"])))


def _ask_column_for_preset(act: Act, sent: SentFile, columns: tuple[str, ...], problem: FileErrors) -> object:
    """Ask for a column of the file in the place of a preset's template. Raise FileRefused if the template is the
    requester's own."""
    if not wizard.is_preset(act):
        raise _to_refusal(sent, problem)
    return wizard.ask_column(act, "", _to_stored_file(sent), columns)


def _to_stored_file(sent: SentFile) -> dict[str, Any]:
    return {name: getattr(sent, name) for name in ("reference", "name", "size", "message", "edited")}


def _to_refusal(sent: SentFile, problem: FileErrors) -> FileRefused:
    return FileRefused(name=sent.name, errors=[_as_facts(error) for error in problem.errors], total=problem.total)


def _as_facts(error: RowError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    where = {"line": error.line, "column": error.column}
    return {**where, "value": error.value, "expected": error.expected, "facts": facts}
