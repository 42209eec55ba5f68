"""The wizard behind /newproject: one question at a time, kept in a row, ended by the file."""

from dataclasses import dataclass, replace
from typing import Any

from domain.answers import default_kind, kind_of
from domain.people.people import Person
from domain.projects.draft_messages import (
    ColumnWanted,
    DraftCancelled,
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
from services.act import Act
from services.projects.forms import check_pages, read_field, read_form
from services.projects.ownership import mine
from storage.unit import UnitOfWork

JOURNEY = "newproject"
ALONE = "file"  # one that came without a form
ASKS = "question"  # the step of a form: its questions, a line each
LEFT_OUT = "-"  # the options may come from the file: its gold column, or the columns that are compared
QUESTIONS = ("title", "instructions", "kind", ASKS, "options", "seconds", "pay", "overlap")


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
    return _ask(act, _sent_before(act))


def describe(act: Act, form: str) -> WizardQuestion | FileWanted:
    """`/newproject` with its lines waits for the file; without any it begins the wizard."""
    if "\n" not in form.strip():
        return begin(act)
    read_form(form, act.house.terms.currency)
    before = _sent_before(act)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"caption": form, **before}, act.unit.now)
    return FileWanted(name=_name_in(before))


def keep_file(act: Act, file: dict[str, Any]) -> FileUnexplained | WizardQuestion | FileWanted:
    """A file came without a word: it need not be sent again once there is a form."""
    draft = act.unit.drafts.of(act.person.id)
    if draft is not None and draft.journey == JOURNEY and is_asking(draft.kept):
        asked = _ask(act, {**draft.kept, "file": file})
        return replace(asked, keeps=str(file["name"])) if isinstance(asked, WizardQuestion) else asked
    if draft is None or draft.journey == ALONE:
        act.unit.drafts.keep(act.person.id, ALONE, {"file": file}, act.unit.now)
    return FileUnexplained()


def ask_for_file(act: Act, number: ProjectId) -> MoreTasksWanted:
    project = mine(act.unit, act.person, number)
    return MoreTasksWanted(project.id, project.title, project.columns)


def cancel(act: Act) -> DraftCancelled:
    act.unit.drafts.drop(act.person.id)
    return DraftCancelled()


def choose_kind(act: Act, kind: str) -> WizardQuestion | FileWanted:
    """Takes a pressed kind. A later press changes it; without a draft the button is outdated."""
    draft = act.unit.drafts.of(act.person.id)
    if draft is None or draft.journey != JOURNEY or "instructions" not in draft.kept:
        return begin(act)
    values = {name: value for name, value in draft.kept.items() if name not in ("options", "seconds", ASKS)}
    checked = _checked("kind", kind, act.house.terms.currency)
    check_pages(act.house, checked)
    return _ask(act, {**values, "kind": checked})


def is_asking(values: dict[str, Any]) -> bool:
    """Whether a question is open that words would answer."""
    return _open_question(values) is not None


def typed(act: Act, values: dict[str, Any], text: str) -> WizardQuestion | FileWanted | FileAwaited:
    """The answer to the question that is open; where it is the file's turn, words are no answer."""
    step = _open_question(values)
    if step is None:
        return FileAwaited()
    value = _checked(step, text.strip(), act.house.terms.currency, values.get("kind", default_kind()))
    return _ask(act, {**values, step: value})


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
    form = _form_of(values, currency)
    return replace(form, template=values["template"]) if form and "template" in values else form


def _form_of(values: dict[str, Any], currency: str) -> ProjectForm | None:
    if "caption" in values:
        return read_form(str(values["caption"]), currency)
    if _open_question(values):
        return None
    given = {name: values[name] for name in _questions(values) if values[name] != LEFT_OUT or name != "options"}
    kind = values.get("kind", default_kind())
    read = {name: read_field(name, value, currency, kind) for name, value in given.items()}
    if ASKS in read:
        read["options"] = read.pop(ASKS)
    return ProjectForm(**read, max_overlap=read["overlap"])


def _ask(act: Act, values: dict[str, Any]) -> WizardQuestion | FileWanted:
    """Keeps the answers; returns the next question, or the request for the file."""
    act.unit.drafts.keep(act.person.id, JOURNEY, values, act.unit.now)
    questions, step = _questions(values), _open_question(values)
    of = len(questions) + 1
    if step is None:
        return FileWanted(of, of, _name_in(values))
    return WizardQuestion(step, values.get("kind", default_kind()), questions.index(step) + 1, of)


def _sent_before(act: Act) -> dict[str, Any]:
    draft = act.unit.drafts.of(act.person.id)
    return {"file": draft.kept["file"]} if draft and draft.journey == ALONE else {}


def _name_in(values: dict[str, Any]) -> str:
    return str(values["file"]["name"]) if "file" in values else ""


def _questions(values: dict[str, Any]) -> list[str]:
    """Of a form that was begun before kinds were asked for, the kind is the usual one."""
    known = kind_of(values.get("kind", default_kind()))
    begun_before = "options" in values and "kind" not in values
    left_out = {"kind"} if begun_before else set()
    left_out |= set() if known.has_options and not known.usual_options else {"options"}
    left_out |= set() if known.asks_questions else {ASKS}
    left_out |= set() if known.is_errand else {"seconds"}
    return [name for name in QUESTIONS if name not in left_out]


def _open_question(values: dict[str, Any]) -> str | None:
    if "caption" in values or "add" in values:
        return None
    return next((name for name in _questions(values) if name not in values), None)


def _checked(step: str, value: str, currency: str, kind: str = default_kind()) -> str:
    """The words, if they can be parsed; a kind by its canonical name."""
    read = None if value == LEFT_OUT and step == "options" else read_field(step, value, currency, kind)
    return str(read) if step == "kind" else value
