"""The wizard behind /newproject: one question at a time, kept in a row, ended by the file."""

from typing import Any

from domain.people import Person
from domain.projects import ProjectState
from domain.refusals import FormRefused, WrongState
from formats.caption import FormErrors, ProjectForm, read_caption, read_value
from services import gold, onboarding, projects
from storage.unit import UnitOfWork

JOURNEY = "newproject"
LEFT_OUT = "-"  # the options may come from the file's gold column
QUESTIONS = ("title", "instructions", "options", "pay", "overlap")


def begin(unit: UnitOfWork, requester: Person) -> None:
    unit.drafts.keep(requester.id, JOURNEY, {}, unit.now)
    unit.outbox.say(requester.id, "drafting.question", step=QUESTIONS[0], number=1, of=len(QUESTIONS) + 1)


def keep_form(unit: UnitOfWork, requester: Person, caption: str) -> None:
    """The form came without its file."""
    unit.drafts.keep(requester.id, JOURNEY, {"caption": caption}, unit.now)
    unit.outbox.say(requester.id, "drafting.file", number=0, of=0)


def ask_for_file(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = projects.mine(unit, requester, number)
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    unit.outbox.say(requester.id, "drafting.add", number=number, title=project.title, columns=list(project.columns))


def explain_files(unit: UnitOfWork, requester: Person) -> None:
    unit.outbox.say(requester.id, "drafting.lost_file")


def cancel(unit: UnitOfWork, requester: Person) -> None:
    unit.drafts.drop(requester.id)
    unit.outbox.say(requester.id, "drafting.cancelled")


def typed(unit: UnitOfWork, person: Person, text: str, roles: tuple[str, ...], currency: str) -> None:
    """The answer to the question that is open; without one, a friendly pointer to /help."""
    if gold.explain(unit, person, text):
        return
    draft = unit.drafts.of(person.id)
    step = _open_question(draft[1]) if draft and draft[0] == JOURNEY else None
    if draft is None or step is None:
        onboarding.lost(unit, person, roles)
        return
    try:
        if text.strip() != LEFT_OUT or step != "options":
            read_value(step, text, currency)
    except FormErrors as problem:
        errors = [
            {"key": e.key, "value": e.value, "expected": e.expected, "facts": _json(e.facts)} for e in problem.errors
        ]
        raise FormRefused(errors=errors) from None
    values = {**draft[1], step: text.strip()}
    unit.drafts.keep(person.id, JOURNEY, values, unit.now)
    following = _open_question(values)
    number = QUESTIONS.index(following) + 1 if following else len(QUESTIONS) + 1
    if following:
        unit.outbox.say(person.id, "drafting.question", step=following, number=number, of=len(QUESTIONS) + 1)
    else:
        unit.outbox.say(person.id, "drafting.file", number=number, of=len(QUESTIONS) + 1)


def is_asking(unit: UnitOfWork, person: Person) -> bool:
    """Whether a question is open that words would answer."""
    draft = unit.drafts.of(person.id)
    if draft is None:
        return False
    return _open_question(draft[1]) is not None if draft[0] == JOURNEY else bool(draft[1].get("task"))


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
    given = {name: values[name] for name in QUESTIONS if name != "options" or values[name] != LEFT_OUT}
    read: dict[str, Any] = {name: read_value(name, value, currency) for name, value in given.items()}
    return ProjectForm(**read, max_overlap=read["overlap"])


def _open_question(values: dict[str, Any]) -> str | None:
    if "caption" in values:
        return None
    return next((name for name in QUESTIONS if name not in values), None)


def _json(facts: Any) -> dict[str, Any]:
    return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}
