"""Typed project forms: parsed, or refused with all problems."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from domain.answers import default_kind, kind_of
from domain.handing_in import Wants
from domain.money.amounts import Millionths, as_decimal, from_decimal
from domain.money.pricing import DECISION_SECONDS, Terms, pay_for_floor
from domain.people.accounts import Person
from domain.projects.projects import ENDED, ProjectId
from domain.projects.wizard import (
    AnewAsked,
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
from domain.refusals import FormRefused, NoPages, UnknownChoice
from formats.captions.caption import ProjectForm, read_caption, read_keys, read_value
from formats.errors import FormError, FormErrors
from locales.presets import find_preset
from services.act import Act, House, Reply
from services.projects.projects import mine
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Description:
    """A typed `/newproject`; `form` is None if it has no lines."""

    caption: str
    form: ProjectForm | None


def check_pages(house: House, kind: str) -> None:
    """Raises NoPages for a kind that is answered on a page, where this house has no address for pages."""
    if kind_of(kind).wants is Wants.PAGE and not house.pages:
        raise NoPages()


def read_description(act: Act, form: str) -> Description:
    """Read a typed `/newproject` without storing anything: what comes of it depends on where its file is. Raise
    FormRefused for lines that cannot be read."""
    return Description(form, read_form(form, act.house.terms.currency) if "\n" in form.strip() else None)


def addition(act: Act, number: ProjectId, address: str) -> tuple[ProjectId, str]:
    """More tasks of one's own project, at an address. Raises FormRefused."""
    return mine(act.unit, act.person, number).id, str(read_field("file", address, act.house.terms.currency))


def read_form(caption: str, currency: str) -> ProjectForm:
    """A caption that begins with /newproject."""
    with _refuse_form_errors():
        return read_caption(caption, currency)


def holds_whole_form(text: str, currency: str) -> bool:
    """Return whether the text has all lines of a form without its command, right or wrong, where only a title was asked
    for."""
    try:
        return "\n" in text and read_form(f"/newproject\n{text}", currency) is not None
    except FormRefused as wrong:
        return not any(error["key"] == "title" and error["expected"] == "required" for error in wrong.errors)


def form_of_keys(written: Mapping[str, str], currency: str) -> ProjectForm:
    """Return the form of a caption's keys, as a program sends them. Raise FormRefused."""
    with _refuse_form_errors():
        return read_keys(written, currency)


def read_field(key: str, value: str, currency: str, kind: str = default_kind()) -> Any:
    """One line of it, as its key asks, for answers of this kind."""
    with _refuse_form_errors():
        return read_value(key, value, currency, kind)


@contextmanager
def _refuse_form_errors() -> Iterator[None]:
    """Raise FormRefused for FormErrors of the body."""
    try:
        yield
    except FormErrors as problem:
        raise FormRefused(errors=list(map(_as_facts, problem.errors))) from None


def _as_facts(error: FormError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {"key": error.key, "value": error.value, "expected": error.expected, "facts": facts}


ASKS = "question"  # the step of a form: its questions, a line each
LEFT_OUT = "-"  # the options may come from the file: its gold column, or the columns that are compared
QUESTIONS = ("title", "instructions", "kind", ASKS, "options", "seconds", "pay", "overlap")
MORE = ("seconds", "template", "content", "picture", "example")  # what is said beside them
BESIDE = ("picture", "example")  # steps that are asked on a press alone; each may come several times
EXAMPLE = BESIDE[1]
OF_EXAMPLE = "picture of example"  # a photo that came before its answer
AT = "at"  # the step that is asked once more
OVERLAPS = (1, 2, 3, 5)
READ = 8.0  # seconds to read a task of which nothing is known yet: some thirty words
ABOVE = (Decimal("1.15"), Decimal("1.5"), Decimal(2))  # of the pay that just reaches the floor
NO_FLOOR = Decimal(12)  # an hour, in the house's currency: what is suggested where no floor is set


def steps_of(values: Mapping[str, Any]) -> list[str]:
    """Return the steps of this form. A form that was begun before kinds were asked for is of the usual kind."""
    answer_kind = kind_of(values.get("kind", default_kind()))
    left_out = {"kind"} if "options" in values and "kind" not in values else set()
    left_out |= set() if answer_kind.has_options and not answer_kind.usual_options else {"options"}
    left_out |= set() if answer_kind.asks_questions else {ASKS}
    left_out |= set() if answer_kind.is_errand or "seconds" in values else {"seconds"}
    return [name for name in QUESTIONS if name not in left_out]


def open_step(values: Mapping[str, Any]) -> str | None:
    """The step that is asked now: one that is asked once more, else the first without an answer."""
    if "caption" in values or "add" in values:
        return None
    steps = steps_of(values)
    if values.get(AT) in (*steps, *BESIDE):
        return str(values[AT])
    return next((name for name in steps if name not in values), None)


def step_before(values: Mapping[str, Any]) -> str:
    steps, now = steps_of(values), open_step(values)
    index = steps.index(now) if now in steps else len(steps)
    return steps[max(0, index - 1)]


def without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def is_begun(values: Mapping[str, Any]) -> bool:
    """Return whether anything of the form was filled in."""
    return any(name in values for name in ("caption", *QUESTIONS))


def require_readable(step: str, value: str, currency: str, kind: str = default_kind()) -> str:
    """Return the words if the step can be read from them; for a kind its canonical name. Raise FormRefused."""
    parsed = None if value == LEFT_OUT and step == "options" else read_field(step, value, currency, kind)
    return str(parsed) if step == "kind" else value


def add_line(values: dict[str, Any], step: str, words: str, currency: str) -> dict[str, Any]:
    """Return the form with one more picture or example; `-` removes them all. Raise FormRefused."""
    if words == LEFT_OUT:
        return without(values, AT, step, OF_EXAMPLE)
    line = words if "|" in words or step != EXAMPLE else " | ".join(filter(None, map(str.strip, words.splitlines())))
    if step == EXAMPLE and OF_EXAMPLE in values:
        line = f"{values[OF_EXAMPLE]} | {line.partition('|')[2].strip()}"
    all_lines = "\n".join(filter(None, (str(values.get(step, "")), line)))
    read_field(step, all_lines, currency)
    return {**without(values, AT, OF_EXAMPLE), step: all_lines}


def form_of(values: Mapping[str, Any], currency: str) -> ProjectForm | None:
    """Return the finished form; None while a step is open. Raise FormRefused for a caption that cannot be read."""
    if "caption" in values:
        return read_form(str(values["caption"]), currency)
    if open_step(values):
        return None
    names = dict.fromkeys((*steps_of(values), *(name for name in MORE if name in values)))
    texts = {name: values[name] for name in names if values[name] != LEFT_OUT or name != "options"}
    kind = values.get("kind", default_kind())
    parsed = {name: read_field(name, value, currency, kind) for name, value in texts.items()}
    if ASKS in parsed:
        parsed["options"] = parsed.pop(ASKS)
    parsed |= {f"{name}s": tuple(parsed.pop(name)) for name in BESIDE if name in parsed}
    return ProjectForm(**parsed, max_overlap=parsed["overlap"])


def answers_so_far(values: Mapping[str, Any], currency: str) -> tuple[tuple[str, str], ...]:
    """Return what the form says so far, step by step."""
    beside = ((name, str(len(str(values[name]).splitlines()))) for name in BESIDE if name in values)
    return (*((name, answer_text(name, values, currency)) for name in steps_of(values) if name in values), *beside)


def answer_text(step: str, values: Mapping[str, Any], currency: str) -> str:
    """Return what was answered to a step, as it was typed; a pay in millionths."""
    value = str(values.get(step, ""))
    return str(read_field(step, value, currency)) if step == "pay" and value else value


def suggested(step: str, values: Mapping[str, Any], terms: Terms) -> tuple[int, ...]:
    """Answers that are one press; a pay in millionths."""
    if step == "overlap":
        return OVERLAPS
    return pays(seconds_of(values, terms.currency), terms) if step == "pay" else ()


def question_of(values: dict[str, Any], step: str, terms: Terms) -> WizardQuestion:
    steps, paid = steps_of(values), step == "pay"
    return WizardQuestion(
        step=step,
        kind=values.get("kind", default_kind()),
        number=steps.index(step) + 1 if step in steps else len(steps) + 1,
        of=len(steps) + 1 if "kind" in values or "kind" not in steps else 0,
        now=answer_text(step, values, terms.currency) if AT in values and step in steps else "",
        pictured=OF_EXAMPLE in values,
        suggested=suggested(step, values, terms),
        currency=terms.currency,
        seconds=seconds_of(values, terms.currency) if paid else 0.0,
        floor=terms.floor if paid else 0,
    )


def seconds_of(values: Mapping[str, Any], currency: str) -> float:
    """Return the seconds that an answer may take: as stated, or a guess before the tasks are there."""
    if "seconds" in values:
        return float(read_field("seconds", str(values["seconds"]), currency))
    kind = kind_of(values.get("kind", default_kind()))
    return DECISION_SECONDS + READ + (0.0 if kind.asks_questions else kind.get_input_seconds(()))


def pays(seconds: float, terms: Terms) -> tuple[Millionths, ...]:
    """Above the wage floor, rounded up to the cent, or to two digits; the first is the least."""
    least = as_decimal(pay_for_floor(terms.floor, seconds)) if terms.floor else NO_FLOOR * Decimal(seconds) / 3600
    return tuple(dict.fromkeys(_round(least * times) for times in ABOVE))


def suggestion_text(step: str, value: int) -> str:
    """Return a suggested answer as a requester would type it."""
    return f"{as_decimal(value).normalize():f}" if step == "pay" else str(value)


def _round(amount: Decimal) -> Millionths:
    step = max(Decimal("0.01"), Decimal(1).scaleb(amount.adjusted() - 1))
    return from_decimal((amount / step).to_integral_value(ROUND_CEILING) * step)


JOURNEY = "newproject"
ALONE = "file"  # one that came without a form
OFFERED_PROJECTS = 3  # to which such a file may be added


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that was sent before, found again by `file`; for a new project with this form, or for project `number`.

    `leave_out`: without its rows that have an empty cell.
    """

    file: dict[str, Any]
    form: ProjectForm | None
    number: ProjectId | None = None
    leave_out: bool = False


def begin_form(act: Act) -> WizardQuestion | FileWanted:
    """Go on with the form where it was left, whatever was asked since; else begin with its first step."""
    values = {**act.unit.drafts.forms.get(act.person.id), **sent_before(act)}
    next_question = ask_next(act, values)
    return replace(next_question, kept=is_begun(values))


def begin_described(act: Act, form: str) -> WizardQuestion | FileWanted:
    """`/newproject` with its lines waits for the file; without any it begins the wizard."""
    if "\n" not in form.strip():
        return begin_form(act)
    read_form(form, act.house.terms.currency)
    before = sent_before(act)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"caption": form, **before}, act.unit.now)
    return FileWanted(name=_name_in(before))


def keep_file(act: Act, file: dict[str, Any]) -> FileUnexplained | WizardQuestion | FileWanted:
    """Keep a file that came without a word for the form that is asked for, or for the next one: while another question
    is open, it is kept beside the form that was begun before."""
    draft = act.unit.drafts.find(act.person.id)
    if draft is not None and draft.journey == JOURNEY and is_asking(draft.fields):
        next_question = ask_next(act, {**draft.fields, "file": file})
        return (
            replace(next_question, keeps=str(file["name"]))
            if isinstance(next_question, WizardQuestion)
            else next_question
        )
    form = act.unit.drafts.forms.get(act.person.id)
    if draft is None or draft.journey == ALONE:
        act.unit.drafts.keep(act.person.id, ALONE, {"file": file}, act.unit.now)
    else:
        act.unit.drafts.forms.keep(act.person.id, {**form, "file": file}, act.unit.now)
    own_projects = act.unit.projects.list_of_requester(act.person.id)
    open_projects = [project for project in own_projects if project.state not in ENDED][:OFFERED_PROJECTS]
    projects = tuple((project.id, project.title) for project in open_projects)
    return FileUnexplained(str(file["name"]), str(form.get("title", "")), projects)


def add_sent_file(act: Act, number: ProjectId) -> WaitingFile:
    """Return the file that came without a caption, to be added to one's own project. Raise UnknownChoice without it."""
    file = sent_before(act).get("file")
    if file is None:
        raise UnknownChoice()
    return WaitingFile(file, None, mine(act.unit, act.person, number).id)


def ask_for_file(act: Act, number: ProjectId) -> MoreTasksWanted:
    project = mine(act.unit, act.person, number)
    return MoreTasksWanted(project.id, project.title, project.columns)


def choose_kind(act: Act, kind: str) -> WizardQuestion | FileWanted:
    """Takes a pressed kind. A later press changes it; without a draft the button is outdated. Raises UnknownChoice
    where a form of one message waits for its file."""
    values = form_values_of(act)
    if "caption" in values or "add" in values:
        raise UnknownChoice()
    if "instructions" not in values:
        return begin_form(act)
    kind_name = require_readable("kind", kind, act.house.terms.currency)
    check_pages(act.house, kind_name)
    if kind_name != values.get("kind"):
        values = without(values, "options", "seconds", "template", "preset", ASKS)
    return ask_next(act, {**without(values, AT), "kind": kind_name})


def is_asking(values: dict[str, Any]) -> bool:
    """Return whether a step is open that words would answer."""
    return open_step(values) is not None


def take_text(act: Act, values: dict[str, Any], text: str) -> WizardQuestion | FileWanted | FileAwaited:
    """The answer to the question that is open; where it is the file's turn, words are no answer."""
    step = open_step(values)
    return take_answer(act, values, step, text.strip()) if step else FileAwaited()


def take_answer(act: Act, values: dict[str, Any], step: str, text: str) -> WizardQuestion | FileWanted:
    if step == "kind":
        return choose_kind(act, text)
    if step in BESIDE:
        return ask_next(act, add_line(values, step, text, act.house.terms.currency))
    if step == "title" and holds_whole_form(text, act.house.terms.currency):
        return begin_described(act, f"/newproject\n{text}")
    value = require_readable(step, text, act.house.terms.currency, values.get("kind", default_kind()))
    return ask_next(act, {**without(values, AT), step: value})


def form_values_of(act: Act) -> dict[str, Any]:
    """Return what was filled in of the form, also if another question was asked since."""
    draft = act.unit.drafts.find(act.person.id)
    return draft.fields if draft and draft.journey == JOURNEY else act.unit.drafts.forms.get(act.person.id)


def is_preset(act: Act) -> bool:
    return "preset" in form_values_of(act)


def ask_column(act: Act, caption: str, file: dict[str, Any], columns: tuple[str, ...]) -> ColumnWanted:
    """Ask which column workers see: the file is there, and none of its columns is a usual one. `file` is how it is
    found again."""
    draft = act.unit.drafts.find(act.person.id)
    values = draft.fields if draft and draft.journey == JOURNEY and not caption else {"caption": caption}
    form_values = {**values, "file": file, "columns": columns}
    act.unit.drafts.keep(act.person.id, JOURNEY, form_values, act.unit.now)
    return ColumnWanted(str(file["name"]), columns)


def offer_leaving_out(
    act: Act, asked: dict[str, Any], file: dict[str, Any], cells: tuple[EmptyCell, ...], total: int
) -> EmptyCells:
    """Offer to leave out rows with an empty cell. `asked` is the form's caption and template, or the project's
    number."""
    draft = act.unit.drafts.find(act.person.id)
    begun = draft is not None and draft.journey == JOURNEY and not (asked.get("caption") or "add" in asked)
    values = {**(draft.fields if draft and begun else {}), **{name: value for name, value in asked.items() if value}}
    act.unit.drafts.keep(act.person.id, JOURNEY, {**values, "file": file}, act.unit.now)
    return EmptyCells(str(file["name"]), cells, total)


def waiting_file(act: Act, leave_out: bool) -> WaitingFile:
    """Raises UnknownChoice for a button from long ago."""
    draft = act.unit.drafts.find(act.person.id)
    values = draft.fields if draft and draft.journey == JOURNEY else {}
    form = waiting_form(act.unit, act.person, act.house.terms.currency)
    number = ProjectId(values["add"]) if "add" in values else None
    if "file" not in values or (form is None and number is None):
        raise UnknownChoice()
    return WaitingFile(values["file"], form, number, leave_out)


def end_addition(act: Act, number: ProjectId) -> None:
    """The file that waited for this project is in."""
    draft = act.unit.drafts.find(act.person.id)
    if draft is not None and draft.journey == JOURNEY and draft.fields.get("add") == number:
        act.unit.drafts.drop(act.person.id)


def end_redraft(act: Act, message: int) -> None:
    """The file of this message, which waited for a press, is in."""
    draft = act.unit.drafts.find(act.person.id)
    if draft is not None and draft.journey == JOURNEY and draft.fields.get("file", {}).get("message") == message:
        act.unit.drafts.drop(act.person.id)


def choose_column(act: Act, column: int) -> WaitingFile:
    """The file, and the form with this column. Raises UnknownChoice for a button from long ago."""
    draft = act.unit.drafts.find(act.person.id)
    values = draft.fields if draft and draft.journey == JOURNEY else {}
    columns = values.get("columns", ())
    form = waiting_form(act.unit, act.person, act.house.terms.currency)
    if form is None or column >= len(columns):
        raise UnknownChoice()
    return WaitingFile(values["file"], replace(form, template=columns[column]))


def waiting_form(unit: UnitOfWork, requester: Person, currency: str) -> ProjectForm | None:
    """The finished form of a draft that waits for its file."""
    draft = unit.drafts.find(requester.id)
    if draft is None or draft.journey != JOURNEY:
        return None
    values = draft.fields
    if "add" in values:
        return None
    form = form_of(values, currency)
    return replace(form, template=values["template"]) if form and "template" in values else form


def end_form(unit: UnitOfWork, requester: Person, title: str) -> None:
    """Drop the form from which a project was made; a form of the same title ends also if the project came from a file's
    own caption."""
    unit.drafts.drop(requester.id)
    if unit.drafts.forms.get(requester.id).get("title") in (None, title):
        unit.drafts.forms.drop(requester.id)


def ask_next(act: Act, values: dict[str, Any]) -> WizardQuestion | FileWanted:
    """Keeps the answers; returns the next question, or the request for the file."""
    _keep(act, values)
    step = open_step(values)
    return _file_wanted(act, values) if step is None else question_of(values, step, act.house.terms)


def _file_wanted(act: Act, values: dict[str, Any]) -> FileWanted:
    total, currency = len(steps_of(values)) + 1, act.house.terms.currency
    chosen = find_preset(str(values.get("preset", "")), act.person.language)
    columns = chosen.columns if chosen else ()
    return FileWanted(total, total, _name_in(values), answers_so_far(values, currency), columns, currency=currency)


def _keep(act: Act, values: dict[str, Any]) -> None:
    act.unit.drafts.keep(act.person.id, JOURNEY, values, act.unit.now)
    if is_begun(values) and "caption" not in values:
        act.unit.drafts.forms.keep(act.person.id, without(values, "columns", "add"), act.unit.now)


def sent_before(act: Act) -> dict[str, Any]:
    """Return the file that was sent before its form, as `file`: of the open draft, else the one that was kept while
    another question was open. Empty without one."""
    draft = act.unit.drafts.find(act.person.id)
    own = draft.fields if draft is not None and draft.journey in (JOURNEY, ALONE) else {}
    values = own if "file" in own else act.unit.drafts.forms.get(act.person.id)
    return {"file": values["file"]} if "file" in values else {}


def _name_in(values: dict[str, Any]) -> str:
    return str(values["file"]["name"]) if "file" in values else ""


PICTURE, EXTRA_EXAMPLE = BESIDE


def take_picture(act: Act, values: dict[str, Any], file: str) -> WizardQuestion | FileWanted | None:
    """A photo: one more picture, or that of the example that follows; None where a form of one message waits."""
    step = open_step(values)
    if "caption" in values or "add" in values or (step is None and "title" not in values):
        return None
    if step == EXTRA_EXAMPLE:
        return ask_next(act, {**values, OF_EXAMPLE: file})
    return ask_next(act, add_line(values, PICTURE, file, act.house.terms.currency))


def press_kind(act: Act, kind: str) -> Reply:
    return _edit_message(act, choose_kind(act, kind))


def ask_to_begin_anew(act: Act) -> Reply:
    """First of two presses: what was said would be gone."""
    values = _get_begun(act)
    title, steps = str(values.get("title", "")), sum(step in values for step in steps_of(values))
    return Reply(AnewAsked(title, steps) if steps else begin_form(act), edits=act.message)


def begin_anew(act: Act) -> Reply:
    _get_begun(act)
    file = sent_before(act)
    act.unit.drafts.forms.drop(act.person.id)
    return _edit_message(act, ask_next(act, file))


def choose_preset(act: Act, name: str) -> Reply:
    """Everything but the file, in the requester's language, with a pay above the floor; each step can be changed. What
    somebody said themselves is not taken away by it: the form goes on where it was."""
    chosen, values = _preset_values(act, name), without(_get_begun(act), AT, "file", "columns")
    if not chosen:
        raise UnknownChoice()
    if is_begun(values) and values != _preset_values(act, str(values.get("preset", ""))):
        return _edit_message(act, begin_form(act))
    return _edit_message(act, ask_next(act, {**chosen, **sent_before(act)}))


def go_back(act: Act) -> Reply:
    """The step before is asked once more; what it had stays until it is answered otherwise."""
    values = _get_begun(act)
    return change_step(act, step_before(values)) if is_begun(values) else _edit_message(act, begin_form(act))


def change_step(act: Act, step: str) -> Reply:
    values = _get_begun(act)
    if step not in (*steps_of(values), *BESIDE) or not is_begun(values):
        return _edit_message(act, begin_form(act))
    return _edit_message(act, ask_next(act, {**values, AT: step}))


def keep_step(act: Act) -> Reply:
    """The step that was asked once more stays as it is."""
    return _edit_message(act, ask_next(act, without(_get_begun(act), AT)))


def take_suggestion(act: Act, step: str, value: int) -> Reply:
    """A suggested answer was pressed. A later press changes it."""
    values = _get_begun(act)
    if step not in steps_of(values) or not is_begun(values):
        return _edit_message(act, begin_form(act))
    return _edit_message(act, take_answer(act, values, step, suggestion_text(step, value)))


def _edit_message(act: Act, asked: WizardQuestion | FileWanted) -> Reply:
    """Reply in the message whose button was pressed, so that the chat gets no longer."""
    return Reply(asked, edits=act.message)


def _get_begun(act: Act) -> dict[str, Any]:
    values = form_values_of(act)
    if "caption" in values or "add" in values:
        raise UnknownChoice()
    return values


def _preset_values(act: Act, name: str) -> dict[str, Any]:
    """Return the form values of a preset, with a pay above the floor; empty if there is none of this name."""
    chosen = find_preset(name, act.person.language)
    if chosen is None:
        return {}
    pay, *_ = pays(chosen.seconds, act.house.terms)
    return {**chosen.values, "pay": suggestion_text("pay", pay), "overlap": "3", "preset": name}


def cancel_form(act: Act) -> DraftCancelled:
    """The form goes; by the command only where no other question is open, which goes alone then.
    Return whether there was anything to cancel."""
    draft = act.unit.drafts.find(act.person.id)
    of_another = draft is not None and draft.journey not in (JOURNEY, ALONE)
    if of_another and act.message is None:
        act.unit.drafts.drop(act.person.id)
        return DraftCancelled(of_another=True)
    is_nothing_open = draft is None and not act.unit.drafts.forms.get(act.person.id)
    if not of_another:
        act.unit.drafts.drop(act.person.id)
    act.unit.drafts.forms.drop(act.person.id)
    return DraftCancelled(nothing=is_nothing_open)
