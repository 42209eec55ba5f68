"""The wizard behind /newproject: one question at a time, kept in a row, ended by the file."""

from dataclasses import dataclass, replace
from typing import Any

from domain.answers import default_kind
from domain.people.people import Person
from domain.projects.draft_messages import (
    ColumnWanted,
    EmptyCell,
    EmptyCells,
    FileAwaited,
    FileUnexplained,
    FileWanted,
    MoreTasksWanted,
    WizardQuestion,
)
from domain.projects.projects import ProjectId
from domain.refusals import UnknownChoice
from formats.captions.caption import ProjectForm
from locales.presets import preset
from services.act import Act
from services.projects.authoring.form_steps import (
    ASKS,
    AT,
    BESIDE,
    checked,
    form_of,
    is_begun,
    one_more,
    open_step,
    question_of,
    said_of,
    steps_of,
    without,
)
from services.projects.forms import check_pages, is_whole, read_form
from services.projects.ownership import mine
from storage.unit import UnitOfWork

JOURNEY = "newproject"
ALONE = "file"  # one that came without a form


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that was sent before, found again by `file`; for a new project with this form, or for project `number`.

    `leave_out`: without its rows that have an empty cell.
    """

    file: dict[str, Any]
    form: ProjectForm | None
    number: ProjectId | None = None
    leave_out: bool = False


def begin(act: Act) -> WizardQuestion | FileWanted:
    """Goes on where the form was left, whatever was asked since; else from its first step."""
    values = {**act.unit.drafts.forms.of(act.person.id), **sent_before(act)}
    asked = ask(act, values)
    return replace(asked, kept=is_begun(values))


def describe(act: Act, form: str) -> WizardQuestion | FileWanted:
    """`/newproject` with its lines waits for the file; without any it begins the wizard."""
    if "\n" not in form.strip():
        return begin(act)
    read_form(form, act.house.terms.currency)
    before = sent_before(act)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"caption": form, **before}, act.unit.now)
    return FileWanted(name=_name_in(before))


def keep_file(act: Act, file: dict[str, Any]) -> FileUnexplained | WizardQuestion | FileWanted:
    """Keep a file that came without a word for the form that is asked for, or for the next one: while another question
    is open, it is kept beside the form that was begun before."""
    draft = act.unit.drafts.of(act.person.id)
    if draft is not None and draft.journey == JOURNEY and is_asking(draft.kept):
        asked = ask(act, {**draft.kept, "file": file})
        return replace(asked, keeps=str(file["name"])) if isinstance(asked, WizardQuestion) else asked
    form = act.unit.drafts.forms.of(act.person.id)
    if draft is None or draft.journey == ALONE:
        act.unit.drafts.keep(act.person.id, ALONE, {"file": file}, act.unit.now)
    else:
        act.unit.drafts.forms.keep(act.person.id, {**form, "file": file}, act.unit.now)
    return FileUnexplained(str(form.get("title", "")))


def ask_for_file(act: Act, number: ProjectId) -> MoreTasksWanted:
    project = mine(act.unit, act.person, number)
    return MoreTasksWanted(project.id, project.title, project.columns)


def choose_kind(act: Act, kind: str) -> WizardQuestion | FileWanted:
    """Takes a pressed kind. A later press changes it; without a draft the button is outdated. Raises UnknownChoice
    where a form of one message waits for its file."""
    values = begun(act)
    if "caption" in values or "add" in values:
        raise UnknownChoice()
    if "instructions" not in values:
        return begin(act)
    read = checked("kind", kind, act.house.terms.currency)
    check_pages(act.house, read)
    if read != values.get("kind"):
        values = without(values, "options", "seconds", "template", "preset", ASKS)
    return ask(act, {**without(values, AT), "kind": read})


def is_asking(values: dict[str, Any]) -> bool:
    """Whether a question is open that words would answer."""
    return open_step(values) is not None


def typed(act: Act, values: dict[str, Any], text: str) -> WizardQuestion | FileWanted | FileAwaited:
    """The answer to the question that is open; where it is the file's turn, words are no answer."""
    step = open_step(values)
    return answered(act, values, step, text.strip()) if step else FileAwaited()


def answered(act: Act, values: dict[str, Any], step: str, text: str) -> WizardQuestion | FileWanted:
    if step == "kind":
        return choose_kind(act, text)
    if step in BESIDE:
        return ask(act, one_more(values, step, text, act.house.terms.currency))
    if step == "title" and is_whole(text, act.house.terms.currency):
        return describe(act, f"/newproject\n{text}")
    value = checked(step, text, act.house.terms.currency, values.get("kind", default_kind()))
    return ask(act, {**without(values, AT), step: value})


def begun(act: Act) -> dict[str, Any]:
    """What was said of the form, also where another question was asked since."""
    draft = act.unit.drafts.of(act.person.id)
    return draft.kept if draft and draft.journey == JOURNEY else act.unit.drafts.forms.of(act.person.id)


def is_preset(act: Act) -> bool:
    return "preset" in begun(act)


def ask_column(act: Act, caption: str, file: dict[str, Any], columns: tuple[str, ...]) -> ColumnWanted:
    """The file is there, and none of its columns is one that workers usually see. `file` is how it is found again."""
    draft = act.unit.drafts.of(act.person.id)
    values = draft.kept if draft and draft.journey == JOURNEY and not caption else {"caption": caption}
    kept = {**values, "file": file, "columns": columns}
    act.unit.drafts.keep(act.person.id, JOURNEY, kept, act.unit.now)
    return ColumnWanted(str(file["name"]), columns)


def offer_leaving_out(
    act: Act, asked: dict[str, Any], file: dict[str, Any], cells: tuple[EmptyCell, ...], total: int
) -> EmptyCells:
    """Rows with an empty cell can be left out. `asked` is the form's caption and template, or the project's number."""
    draft = act.unit.drafts.of(act.person.id)
    begun = draft is not None and draft.journey == JOURNEY and not (asked.get("caption") or "add" in asked)
    values = {**(draft.kept if draft and begun else {}), **{name: value for name, value in asked.items() if value}}
    act.unit.drafts.keep(act.person.id, JOURNEY, {**values, "file": file}, act.unit.now)
    return EmptyCells(str(file["name"]), cells, total)


def waiting_file(act: Act, leave_out: bool) -> WaitingFile:
    """Raises UnknownChoice for a button from long ago."""
    draft = act.unit.drafts.of(act.person.id)
    values = draft.kept if draft and draft.journey == JOURNEY else {}
    form = waiting_form(act.unit, act.person, act.house.terms.currency)
    number = ProjectId(values["add"]) if "add" in values else None
    if "file" not in values or (form is None and number is None):
        raise UnknownChoice()
    return WaitingFile(values["file"], form, number, leave_out)


def added(act: Act, number: ProjectId) -> None:
    """The file that waited for this project is in."""
    draft = act.unit.drafts.of(act.person.id)
    if draft is not None and draft.journey == JOURNEY and draft.kept.get("add") == number:
        act.unit.drafts.drop(act.person.id)


def redrafted(act: Act, message: int) -> None:
    """The file of this message, which waited for a press, is in."""
    draft = act.unit.drafts.of(act.person.id)
    if draft is not None and draft.journey == JOURNEY and draft.kept.get("file", {}).get("message") == message:
        act.unit.drafts.drop(act.person.id)


def choose_column(act: Act, column: int) -> WaitingFile:
    """The file, and the form with this column. Raises UnknownChoice for a button from long ago."""
    draft = act.unit.drafts.of(act.person.id)
    values = draft.kept if draft and draft.journey == JOURNEY else {}
    columns = values.get("columns", ())
    form = waiting_form(act.unit, act.person, act.house.terms.currency)
    if form is None or column >= len(columns):
        raise UnknownChoice()
    return WaitingFile(values["file"], replace(form, template=columns[column]))


def waiting_form(unit: UnitOfWork, requester: Person, currency: str) -> ProjectForm | None:
    """The finished form of a draft that waits for its file."""
    draft = unit.drafts.of(requester.id)
    if draft is None or draft.journey != JOURNEY:
        return None
    values = draft.kept
    if "add" in values:
        return None
    form = form_of(values, currency)
    return replace(form, template=values["template"]) if form and "template" in values else form


def made(unit: UnitOfWork, requester: Person, title: str) -> None:
    """A project came of the form; one of the same title in a file's own caption ends it, too."""
    unit.drafts.drop(requester.id)
    if unit.drafts.forms.of(requester.id).get("title") in (None, title):
        unit.drafts.forms.drop(requester.id)


def ask(act: Act, values: dict[str, Any]) -> WizardQuestion | FileWanted:
    """Keeps the answers; returns the next question, or the request for the file."""
    _keep(act, values)
    step = open_step(values)
    return _file_wanted(act, values) if step is None else question_of(values, step, act.house.terms)


def _file_wanted(act: Act, values: dict[str, Any]) -> FileWanted:
    of, currency = len(steps_of(values)) + 1, act.house.terms.currency
    chosen = preset(str(values.get("preset", "")), act.person.language)
    columns = chosen.columns if chosen else ()
    return FileWanted(of, of, _name_in(values), said_of(values, currency), columns, currency=currency)


def _keep(act: Act, values: dict[str, Any]) -> None:
    act.unit.drafts.keep(act.person.id, JOURNEY, values, act.unit.now)
    if is_begun(values) and "caption" not in values:
        act.unit.drafts.forms.keep(act.person.id, without(values, "columns", "add"), act.unit.now)


def sent_before(act: Act) -> dict[str, Any]:
    """Return the file that was sent before its form, as `file`: of the open draft, else the one that was kept while
    another question was open. Empty without one."""
    draft = act.unit.drafts.of(act.person.id)
    own = draft.kept if draft is not None and draft.journey in (JOURNEY, ALONE) else {}
    values = own if "file" in own else act.unit.drafts.forms.of(act.person.id)
    return {"file": values["file"]} if "file" in values else {}


def _name_in(values: dict[str, Any]) -> str:
    return str(values["file"]["name"]) if "file" in values else ""
