"""The wizard behind /newproject: one question at a time, kept in a row, ended by the file."""

from typing import Any

from domain.money.effort import ERRANDS
from domain.people.messages import NotUnderstood
from domain.people.people import Person
from domain.refusals import FormRefused
from formats.captions.caption import FormErrors, ProjectForm, read_caption, read_value
from services.projects import ownership
from services.quality import gold_wizard
from storage.unit import UnitOfWork

JOURNEY = "newproject"
LEFT_OUT = "-"  # the options may come from the file: its gold column, or the columns that are compared
QUESTIONS = ("title", "instructions", "kind", "options", "seconds", "pay", "overlap")
CHOSEN = ("choice", "choices", "compare", "rank")  # kinds whose options are the project's own


def begin(unit: UnitOfWork, requester: Person) -> None:
    _ask(unit, requester, {})


def keep_form(unit: UnitOfWork, requester: Person, caption: str) -> None:
    """The form came without its file."""
    unit.drafts.keep(requester.id, JOURNEY, {"caption": caption}, unit.now)
    unit.outbox.say(requester.id, "drafting.file", number=0, of=0)


def ask_for_file(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = ownership.mine(unit, requester, number)
    unit.outbox.say(requester.id, "drafting.add", number=number, title=project.title, columns=list(project.columns))


def explain_files(unit: UnitOfWork, requester: Person) -> None:
    unit.outbox.say(requester.id, "drafting.lost_file")


def cancel(unit: UnitOfWork, requester: Person) -> None:
    unit.drafts.drop(requester.id)
    unit.outbox.say(requester.id, "drafting.cancelled")


def choose_kind(unit: UnitOfWork, requester: Person, kind: str, currency: str) -> None:
    """A pressed kind. Pressed again later it changes what was chosen; without a form it is a button from long ago."""
    draft = unit.drafts.of(requester.id)
    if draft is None or draft[0] != JOURNEY or "instructions" not in draft[1]:
        begin(unit, requester)
        return
    values = {name: value for name, value in draft[1].items() if name not in ("options", "seconds")}
    _ask(unit, requester, {**values, "kind": _checked("kind", kind, currency)})


def typed(unit: UnitOfWork, person: Person, text: str, roles: tuple[str, ...], currency: str) -> None:
    """The answer to the question that is open; without one, a friendly pointer to /help."""
    if gold_wizard.typed(unit, person, text):
        return
    draft = unit.drafts.of(person.id)
    if draft is None or draft[0] != JOURNEY:
        unit.outbox.tell(person.id, NotUnderstood(person.is_worker))
        return
    step = _open_question(draft[1])
    if step is None:
        unit.outbox.say(person.id, "drafting.waiting")
        return
    _ask(unit, person, {**draft[1], step: _checked(step, text.strip(), currency)})


def is_asking(unit: UnitOfWork, person: Person) -> bool:
    """Whether a question is open that words would answer."""
    draft = unit.drafts.of(person.id)
    if draft is None:
        return False
    return (
        _open_question(draft[1]) is not None if draft[0] == JOURNEY else gold_wizard.is_open(unit, person) is not None
    )


def waiting_form(unit: UnitOfWork, requester: Person, currency: str) -> ProjectForm | None:
    """The finished form of a draft that waits for its file."""
    draft = unit.drafts.of(requester.id)
    if draft is None or draft[0] != JOURNEY:
        return None
    values = draft[1]
    if "caption" in values:
        return read_caption(str(values["caption"]), currency)
    if _open_question(values):
        return None
    given = {name: values[name] for name in _questions(values) if values[name] != LEFT_OUT or name != "options"}
    read: dict[str, Any] = {name: read_value(name, value, currency) for name, value in given.items()}
    return ProjectForm(**read, max_overlap=read["overlap"])


def _ask(unit: UnitOfWork, person: Person, values: dict[str, Any]) -> None:
    """Keeps what was answered; the next question, or the file."""
    unit.drafts.keep(person.id, JOURNEY, values, unit.now)
    questions, step = _questions(values), _open_question(values)
    of = len(questions) + 1
    if step is None:
        unit.outbox.say(person.id, "drafting.file", number=of, of=of)
        return
    facts = {"step": step, "kind": values.get("kind", "choice"), "number": questions.index(step) + 1, "of": of}
    unit.outbox.say(person.id, "drafting.question", **facts)


def _questions(values: dict[str, Any]) -> list[str]:
    """Of a form that was begun before kinds were asked for, the kind is choice."""
    kind = values.get("kind", "choice")
    begun_before = "options" in values and "kind" not in values
    left_out = {"kind"} if begun_before else set()
    left_out |= set() if kind in CHOSEN else {"options"}
    left_out |= set() if kind in ERRANDS else {"seconds"}
    return [name for name in QUESTIONS if name not in left_out]


def _open_question(values: dict[str, Any]) -> str | None:
    if "caption" in values:
        return None
    return next((name for name in _questions(values) if name not in values), None)


def _checked(step: str, value: str, currency: str) -> str:
    """The words as they were given, if they can be read. A kind by its own name, whatever it was called."""
    try:
        read = None if value == LEFT_OUT and step == "options" else read_value(step, value, currency)
    except FormErrors as problem:
        errors = [
            {"key": e.key, "value": e.value, "expected": e.expected, "facts": _json(e.facts)} for e in problem.errors
        ]
        raise FormRefused(errors=errors) from None
    return str(read) if step == "kind" else value


def _json(facts: Any) -> dict[str, Any]:
    return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}
