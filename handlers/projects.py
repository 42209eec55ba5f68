"""A requester's files, forms and questions."""

from telegram import Document, Update

from domain.people.people import Person
from domain.projects.messages import FileUnexplained
from domain.refusals import FormRefused
from formats.captions.caption import FormErrors, ProjectForm, read_caption
from handlers import files
from handlers.context import Context
from handlers.payloads.projects import AddTasks
from jobs.uploads import staging
from services.projects import draft_edits, imports, ownership, project_wizard, projects
from storage.projects.batches import Batch
from storage.unit import UnitOfWork


async def document(update: Update, context: Context) -> None:
    """A file: with `/newproject` lines, with `/add N`, or the last step of the wizard."""
    message = update.effective_message
    assert message is not None  # noqa: S101 (the route says so)
    assert message.document is not None  # noqa: S101 (the route says so)
    command, *words = (message.caption or "").split() or [""]
    command = command.partition("@")[0].lower()
    if command == "/add":
        await _add(context, message.document, words)
    elif form := await context.look(lambda unit, person: _form_for(unit, person, command, context)):
        await _create(context, message.document, form)
    else:
        await context.transact(lambda unit, person: unit.outbox.tell(person.id, FileUnexplained()))


def _form_for(unit: UnitOfWork, person: Person, command: str, context: Context) -> ProjectForm | None:
    """What the file's own caption asks for, else the draft that waits for a file."""
    if command == "/newproject":
        return _form((context.arrived.effective_message and context.arrived.effective_message.caption) or "", context)
    return project_wizard.waiting_form(unit, person, context.house.terms.currency)


async def _create(context: Context, sent: Document, form: ProjectForm) -> None:
    house = context.house
    async with files.fetched(context, sent) as (upload, told):
        read = await files.delivered(upload, context.person.id, form, repr(form), told)
        file = files.with_message(read, _message(context))

        def begin(unit: UnitOfWork) -> Batch:
            return imports.project_begun(unit, unit.people.get(context.person.id), form, file, house.terms)

        await staging.stage(house.database, house.clock, begin, file, told)
        await context.transact(projects.create, form, file, house.terms)


async def edited(update: Update, context: Context) -> None:
    """The caption of a file was edited: its draft asks for something else now."""
    message = update.effective_message
    assert message is not None  # noqa: S101 (the route says so)
    assert message.document is not None  # noqa: S101 (the route says so)
    form, house = _form(message.caption or "", context), context.house
    await context.look(lambda unit, person: None)
    async with files.fetched(context, message.document) as (upload, told):
        read = await files.delivered(upload, context.person.id, form, repr(form), told)
        await context.transact(draft_edits.redraft, form, files.with_message(read, message.message_id), house.terms)


def _message(context: Context) -> int:
    """The number of what was sent, in its sender's chat."""
    message = context.arrived.effective_message
    return message.message_id if message else 0


async def _add(context: Context, sent: Document, args: list[str]) -> None:
    house, number = context.house, AddTasks.from_words(args, "/add N").number
    form = await context.look(lambda unit, person: projects.form_of(unit, person, number))
    async with files.fetched(context, sent) as (upload, told):
        file = await files.delivered(upload, context.person.id, form, f"/add {number}", told)

        def begin(unit: UnitOfWork) -> Batch:
            return imports.addition_begun(unit, context.person, ownership.mine(unit, context.person, number), file)

        await staging.stage(house.database, house.clock, begin, file, told)
        await context.transact(projects.add, number, file, house.terms)


def _form(caption: str, context: Context) -> ProjectForm:
    try:
        return read_caption(caption, context.house.terms.currency)
    except FormErrors as problem:
        raise FormRefused(errors=[files.as_facts(error) for error in problem.errors]) from None
