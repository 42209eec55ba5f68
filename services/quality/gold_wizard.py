"""Gold made in chat: the requester answers tasks of their own, and says yes or no to what everybody answered."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from domain.answers import Wants, gold_of, kind_of
from domain.draws import drawn_place
from domain.people.people import Person
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId, content_of
from domain.quality.aggregation import measure_of
from domain.refusals import AnswerUnknown, BadInput, NotFound, WrongState
from domain.work.answer_pad import AnswerPad
from services.projects import ownership
from services.quality import gold_tasks
from services.work.open_answer import OpenAnswer
from storage.drivers.secrets import CHOICES
from storage.unit import UnitOfWork

JOURNEY = "gold"
UNKNOWABLE = (Wants.PHOTO, Wants.VOICE)  # nobody knows beforehand which one it will be
WRITTEN = (Wants.TEXT, Wants.LOCATION)  # a line is the answer, a second one its reason
SUGGESTIONS = 20  # counted at most
LONGEST = 500  # characters of a reason


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """Where a requester is, kept as a draft: the task `asked`, what was pressed of its answer (`draft`), the gold made
    `last`, to which a line typed now is the reason, and its answers (`known`)."""

    project: int
    turn: int = 0
    made: int = 0
    asked: int | None = None
    draft: tuple[int, ...] = ()
    last: int | None = None
    known: tuple[str, ...] = ()


def begin(unit: UnitOfWork, requester: Person, number: int) -> None:
    """`/gold N`: the first task to be answered."""
    project = _of(unit, requester, number)
    _ask(unit, requester, project, GoldPlace(project.id))


def answer(unit: UnitOfWork, requester: Person, task_id: TaskId, option: int) -> None:
    """One press is the answer; the next task follows."""
    project, _ = _asked(unit, requester, task_id, Wants.PRESS)
    known = kind_of(project.kind).read(str(option), project.options)
    _make(unit, requester, project, task_id, (known,))


def choose(unit: UnitOfWork, requester: Person, task_id: TaskId, option: int, message: int | None) -> None:
    """One press of several: kept, and shown."""
    _open(unit, requester, task_id, message).choose(option)


def undo(unit: UnitOfWork, requester: Person, task_id: TaskId, message: int | None) -> None:
    """Takes the last press back."""
    _open(unit, requester, task_id, message).undo()


def done(unit: UnitOfWork, requester: Person, task_id: TaskId) -> None:
    """What was pressed is the answer."""
    _open(unit, requester, task_id, None).done()


def typed(unit: UnitOfWork, requester: Person, text: str) -> bool:
    """The answers to the task that is asked, or the reason of the gold made last; False when neither is waited for."""
    place = is_open(unit, requester)
    project = unit.projects.find(place.project) if place else None
    if place is None or project is None:
        return False
    written = kind_of(project.kind).WANTS in WRITTEN
    line, _, reason = text.strip().partition("\n") if written else (text, "", "")
    known = gold_of(project.kind, line, project.options) if place.asked else None
    if known:
        _make(unit, requester, _of(unit, requester, project.id), TaskId(place.asked or 0), known, _reason(reason))
    elif place.last and not (written and place.asked):
        _explain(unit, requester, project, place, _reason(text))
    else:
        raise BadInput(what="gold_answer", value=line, expected=list(project.options))
    return True


def shared(unit: UnitOfWork, requester: Person, handed_in: str) -> None:
    """A place that was shared, where it is asked for."""
    typed(unit, requester, handed_in)


def asks_for_place(unit: UnitOfWork, requester: Person) -> bool:
    place = is_open(unit, requester)
    project = unit.projects.find(place.project) if place and place.asked else None
    return project is not None and kind_of(project.kind).WANTS is Wants.LOCATION


def is_open(unit: UnitOfWork, requester: Person) -> GoldPlace | None:
    """Where this requester is, while words of theirs would be taken."""
    draft = unit.drafts.of(requester.id)
    place = _read(draft[1]) if draft and draft[0] == JOURNEY else None
    return place if place and (place.asked or place.last) else None


def skip(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = _of(unit, requester, number)
    place = _place(unit, requester, project)
    _ask(unit, requester, project, replace(place, turn=place.turn + 1, last=None, known=()))


def suggest(unit: UnitOfWork, requester: Person, number: int, after: int = 0) -> None:
    """The next task to which everybody, or nearly, gave the same answer; answering goes on when there is none."""
    project = _of(unit, requester, number)
    found = unit.gold_tasks.suggested(project.id, after, SUGGESTIONS)
    if not found:
        skip(unit, requester, number)
        return
    task = found[0]
    facts: dict[str, Any] = {"task": task.id, "position": task.position, "answer": task.consensus}
    facts |= {"kind": project.kind, "answers": task.received, "confidence": task.confidence}
    facts |= {"interval": list(task.scores) if task.scores and measure_of(project.kind) else None}
    shown = {**facts, **asdict(content_of(project, task)), "suggestions": len(found)}
    unit.outbox.say(requester.id, "gold.suggested", number=project.id, title=project.title, **shown)


def confirm(unit: UnitOfWork, requester: Person, task_id: TaskId, yes: bool) -> None:
    """What everybody answered is gold from now on, or is not suggested again."""
    project, task = _with(unit, requester, task_id)
    if not yes:
        unit.gold_tasks.refuse(task.id)
    elif task.gold is None and task.consensus is not None:
        known = kind_of(project.kind).accepted(task.consensus)
        if gold_tasks.make(unit, project, task.id, known):
            place = _place(unit, requester, project)
            made = replace(place, made=place.made + 1, asked=None, draft=(), last=task.id, known=known)
            unit.drafts.keep(requester.id, JOURNEY, asdict(made), unit.now)
    suggest(unit, requester, project.id, task.position)


def stop(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = ownership.mine(unit, requester, number)
    draft = unit.drafts.of(requester.id)
    here = draft is not None and draft[0] == JOURNEY
    made = _read(draft[1]).made if draft and here else 0
    if here:
        unit.drafts.drop(requester.id)
    unit.outbox.say(requester.id, "gold.stopped", number=project.id, title=project.title, made=made)


def _make(
    unit: UnitOfWork, requester: Person, project: Project, task_id: TaskId, known: tuple[str, ...], reason: str = ""
) -> None:
    """The requester's answer becomes the task's gold, unless it is gold already; the next task follows."""
    made = gold_tasks.make(unit, project, task_id, known)
    if made and reason:
        unit.gold_tasks.explain(task_id, reason)
    place = _place(unit, requester, project)
    place = replace(place, turn=place.turn + 1, made=place.made + int(made))
    _ask(unit, requester, project, replace(place, last=task_id if made else None, known=known if made else ()))


def _explain(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace, reason: str) -> None:
    if unit.gold_tasks.explain(TaskId(place.last or 0), reason):
        facts: dict[str, Any] = {"kind": project.kind, "known": list(place.known), "reason": reason}
        unit.outbox.say(requester.id, "gold.explained", **facts)


def _reason(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _of(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """The requester's own project, of a kind whose answers can be known, that goes on."""
    project = ownership.mine(unit, requester, number)
    if kind_of(project.kind).WANTS in UNKNOWABLE:
        raise BadInput(what="gold_kind", value=project.kind, expected=[])
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    return project


def _with(unit: UnitOfWork, requester: Person, task_id: TaskId) -> tuple[Project, Task]:
    """A task of such a project; of others' tasks nothing is said."""
    task = unit.tasks.find(task_id)
    if task is None or ownership.owned(unit, requester, task.project) is None:
        raise NotFound(what="task", name="")
    return _of(unit, requester, task.project), task


def _asked(unit: UnitOfWork, requester: Person, task_id: TaskId, wants: Wants) -> tuple[Project, Task]:
    """The row says whose task it is and how it is answered, whatever the button says."""
    project, task = _with(unit, requester, task_id)
    if kind_of(project.kind).WANTS is not wants:
        raise AnswerUnknown(expected=list(project.options))
    return project, task


def _place(unit: UnitOfWork, requester: Person, project: Project) -> GoldPlace:
    draft = unit.drafts.of(requester.id)
    here = _read(draft[1]) if draft and draft[0] == JOURNEY else None
    return here if here and here.project == project.id else GoldPlace(project.id)


def _read(kept: dict[str, Any]) -> GoldPlace:
    known = {field.name: kept[field.name] for field in fields(GoldPlace) if field.name in kept}
    return GoldPlace(**{**known, "draft": tuple(known.get("draft", ())), "known": tuple(known.get("known", ()))})


def _open(unit: UnitOfWork, requester: Person, task_id: TaskId, message: int | None) -> OpenAnswer[None]:
    """The draft of a known answer."""
    project, task = _asked(unit, requester, task_id, Wants.PRESSES)
    place, kind = _place(unit, requester, project), kind_of(project.kind)
    return OpenAnswer(
        AnswerPad.of(project, place.draft if place.asked == task_id else ()),
        lambda draft: _draw(unit, requester, project, task, draft, message),
        lambda pressed: _make(unit, requester, project, task_id, kind.accepted(kind.read(pressed, project.options))),
    )


def _draw(
    unit: UnitOfWork, requester: Person, project: Project, task: Task, draft: tuple[int, ...], message: int | None
) -> None:
    """The asked task in its place, with what was pressed so far; what is gold already is passed by."""
    if task.gold is not None:
        skip(unit, requester, project.id)
        return
    place = replace(_place(unit, requester, project), asked=task.id, draft=draft)
    unit.drafts.keep(requester.id, JOURNEY, asdict(place), unit.now)
    _show(unit, requester, project, task, place, message)


def _ask(unit: UnitOfWork, requester: Person, project: Project, place: GoldPlace) -> None:
    """A task from anywhere in the file, so that gold is like the rest."""
    last = unit.tasks.last_position(project.id)
    start = 1 + drawn_place(unit.secrets.recent(CHOICES), max(1, last), "asked", project.id, place.turn)
    task = unit.gold_tasks.next_unknown(project.id, start) or unit.gold_tasks.next_unknown(project.id, 0)
    place = replace(place, asked=task.id if task else None, draft=())
    unit.drafts.keep(requester.id, JOURNEY, asdict(place), unit.now)
    _show(unit, requester, project, task, place, None)


def _show(
    unit: UnitOfWork, requester: Person, project: Project, task: Task | None, place: GoldPlace, message: int | None
) -> None:
    facts: dict[str, Any] = {"number": project.id, "title": project.title, "kind": project.kind, "made": place.made}
    facts |= {"known": list(place.known), "suggestions": len(unit.gold_tasks.suggested(project.id, 0, SUGGESTIONS))}
    if task is None:
        unit.outbox.say(requester.id, "gold.nothing", **facts)
        return
    facts |= {"task": task.id, "options": list(project.options), "draft": list(place.draft)}
    unit.outbox.say(requester.id, "gold.ask", edits=message, **facts, **asdict(content_of(project, task)))
