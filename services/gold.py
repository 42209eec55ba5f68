"""Gold made in chat: the requester answers tasks of their own, and says yes or no to what everybody answered."""

from hashlib import blake2b
from typing import Any

from domain.answers import kind_of
from domain.people import Person
from domain.projects import Project, ProjectState
from domain.refusals import BadInput, WrongState
from domain.tasks import TaskId
from services import projects, work
from services.dispatch import content_of
from services.ending import end_if_done
from storage.unit import UnitOfWork

JOURNEY = "gold"
KINDS = ("choice",)  # whose answer is one press
SUGGESTIONS = 20  # counted at most
LONGEST = 500  # characters of a reason


def begin(unit: UnitOfWork, requester: Person, number: int) -> None:
    """`/gold N`: the first task to be answered."""
    project = _of(unit, requester, number)
    unit.drafts.keep(requester.id, JOURNEY, {"project": project.id, "turn": 0, "made": 0}, unit.now)
    _ask(unit, requester, project, {"turn": 0, "made": 0})


def answer(unit: UnitOfWork, requester: Person, task_id: TaskId, option: int) -> None:
    """The requester's answer becomes the task's gold; the next task follows."""
    task = unit.tasks.find(task_id)
    project = _of(unit, requester, task.project if task else 0)
    known = kind_of(project.kind).read(str(option), project.options)
    made = make(unit, project, task_id, (known,))
    _ask(unit, requester, project, _noted(unit, requester, project, int(made), task_id if made else None, known))


def skip(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = _of(unit, requester, number)
    _ask(unit, requester, project, _noted(unit, requester, project, 0, None, None))


def suggest(unit: UnitOfWork, requester: Person, number: int, after: int = 0) -> None:
    """The next task to which everybody, or nearly, gave the same answer; answering goes on when there is none."""
    project = _of(unit, requester, number)
    found = unit.golds.suggested(project.id, after, SUGGESTIONS)
    if not found:
        _ask(unit, requester, project, _noted(unit, requester, project, 0, None, None))
        return
    task = found[0]
    facts = {"task": task.id, "position": task.position, "answer": task.consensus, "answers": task.received}
    shown = {**facts, **content_of(project, task), "suggestions": len(found), "confidence": task.confidence}
    unit.outbox.say(requester.id, "gold.suggested", number=project.id, title=project.title, **shown)


def confirm(unit: UnitOfWork, requester: Person, task_id: TaskId, yes: bool) -> None:
    """What everybody answered is gold from now on, or is not suggested again."""
    task = unit.tasks.find(task_id)
    project = _of(unit, requester, task.project if task else 0)
    assert task is not None  # noqa: S101 (a project was found through it)
    if not yes:
        unit.golds.refuse(task.id)
    elif task.gold is None and task.consensus is not None and make(unit, project, task.id, (task.consensus,)):
        _noted(unit, requester, project, 1, task.id, task.consensus)
    suggest(unit, requester, project.id, task.position)


def explain(unit: UnitOfWork, requester: Person, text: str) -> bool:
    """A typed reason goes to the gold made last; False when there is none."""
    draft = unit.drafts.of(requester.id)
    if draft is None or draft[0] != JOURNEY or not draft[1].get("task"):
        return False
    reason = " ".join(text.split())[:LONGEST]
    told = unit.golds.explain(TaskId(draft[1]["task"]), reason)
    if told:
        unit.outbox.say(requester.id, "gold.explained", answer=draft[1]["answer"], reason=reason)
    return told


def stop(unit: UnitOfWork, requester: Person, number: int) -> None:
    project = projects.mine(unit, requester, number)
    draft = unit.drafts.of(requester.id)
    made = draft[1]["made"] if draft and draft[0] == JOURNEY else 0
    if draft and draft[0] == JOURNEY:
        unit.drafts.drop(requester.id)
    unit.outbox.say(requester.id, "gold.stopped", number=project.id, title=project.title, made=made)


def make(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...]) -> bool:
    """The task leaves the ordinary openings for those of gold, with the places it has left; whoever answered it
    keeps their pay, and is judged by it. False when it is gold already."""
    task = unit.tasks.lock(task_id)
    largest = task.overlap if project.confidence is None else max(project.max_overlap, task.overlap)
    running = project.state is ProjectState.RUNNING
    if not unit.golds.make(task_id, gold, largest, running):
        return False
    task = unit.tasks.get(task_id)
    unit.openings.close(task_id)
    unit.tasks.conclude(task_id, gold[0], 1.0, task.state)
    offer(unit, project, task_id)
    judge(unit, project, task_id, gold)
    unit.golds.changed(project.id)
    if running and task.state != "draft":
        end_if_done(unit, project)
    return True


def offer(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Opens what places an open task has left: answers and live assignments have theirs."""
    task = unit.tasks.get(task_id)
    free = task.overlap - task.received - unit.assignments.live_on(task_id)
    if project.state is ProjectState.RUNNING and task.state == "open" and free > 0:
        unit.golds.open(task, task.gold is not None, free)


def judge(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...] | None) -> None:
    """Every answer to the task is right, wrong, or (None) no gold any more; what hangs on it is counted anew."""
    kind = kind_of(project.kind)
    for submission, worker, said in unit.golds.answers(task_id):
        unit.golds.judge(submission, None if gold is None else kind.is_right(said, gold))
        unit.golds.recount(worker, project.id)
        enrolment = unit.enrolments.enrol(worker, project.id)
        work.qualify(unit, unit.people.get(worker), project, enrolment)


def _of(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """The requester's own project, of a kind whose gold can be pressed, that goes on."""
    project = projects.mine(unit, requester, number)
    if project.kind not in KINDS:
        raise BadInput(what="gold_kind", value=project.kind, expected=list(KINDS))
    if project.state in (ProjectState.STOPPED, ProjectState.COMPLETE):
        raise WrongState(number=number, state=project.state.value)
    return project


def _noted(
    unit: UnitOfWork, requester: Person, project: Project, made: int, task: TaskId | None, known: str | None
) -> dict[str, Any]:
    """Where this requester is; kept, so that a restart loses nothing."""
    draft = unit.drafts.of(requester.id)
    here = draft[1] if draft and draft[0] == JOURNEY and draft[1]["project"] == project.id else {"turn": 0, "made": 0}
    data = {"project": project.id, "turn": here["turn"] + 1, "made": here["made"] + made, "task": task, "answer": known}
    unit.drafts.keep(requester.id, JOURNEY, data, unit.now)
    return data


def _ask(unit: UnitOfWork, requester: Person, project: Project, here: dict[str, Any]) -> None:
    """A task from anywhere in the file, so that gold is like the rest."""
    last = unit.tasks.last_position(project.id)
    digest = blake2b(f"{project.id}:{here['turn']}".encode(), digest_size=8).digest()
    start = 1 + int.from_bytes(digest) % max(1, last)
    task = unit.golds.next_unknown(project.id, start) or unit.golds.next_unknown(project.id, 0)
    facts = {"number": project.id, "title": project.title, "made": here["made"], "known": here.get("answer")}
    suggestions = len(unit.golds.suggested(project.id, 0, SUGGESTIONS))
    if task is None:
        unit.outbox.say(requester.id, "gold.nothing", suggestions=suggestions, **facts)
    else:
        shown: dict[str, Any] = {"task": task.id, "options": list(project.options), **content_of(project, task)}
        unit.outbox.say(requester.id, "gold.ask", suggestions=suggestions, **facts, **shown)
