"""A task of a requester's project, opened in the dashboard, and what is done with many tasks that were chosen there."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.money.amounts import Millionths
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.projects.task_table import MAX_CHOSEN_TASKS, ManyDone, OpenedTask, TaskAnswer, TasksExtended
from domain.projects.tasks import PHOTO, VOICE, Medium, Task, TaskId, as_asked
from domain.refusals import BadInput, NotFound, Refusal, UnknownChoice
from domain.work.assignments import SubmissionId
from services.act import Act
from services.fairness import review
from services.people.accounts import pseudonym_for
from services.projects import launches, lifecycle, pay_raises, projects
from services.projects.preflight import price_of_answers
from services.quality import gold
from services.work import pages
from storage.drivers.connection import Row
from storage.projects.results import SUBMISSIONS_OF_TASK
from storage.unit import UnitOfWork

Item = TypeVar("Item")


def open_task(act: Act, task: TaskId) -> OpenedTask:
    """Return a task with the answers that its requester may see, as the submissions file has them. Raise NotFound if
    it is not theirs."""
    project, opened_task = _get_own_task(act, task)
    kind, known = kind_of(project.kind), opened_task.gold or ()
    consensus = kind.answer_of_gold(known) if known else opened_task.consensus or act.unit.tasks.find_live(task)
    rows = act.unit.connection.all(SUBMISSIONS_OF_TASK, project=project.id, task=task)
    return OpenedTask(
        task=opened_task.id,
        project=project.id,
        key=opened_task.key,
        state=opened_task.state,
        overlap=opened_task.overlap,
        known=tuple(kind.to_cell(answer) for answer in known),
        reason=opened_task.reason or "",
        consensus=None if consensus is None else kind.to_cell(consensus),
        stored_consensus=consensus,
        confidence=1.0 if known else opened_task.confidence,
        answers=tuple(_to_task_answer(act.unit, project, row) for row in rows),
        **_describe_content(project, opened_task),
    )


def _describe_content(project: Project, task: Task) -> dict[str, Any]:
    """Return the fields of OpenedTask about what workers see, and what can be done with the task."""
    kind, asked, is_ordinary = kind_of(project.kind), as_asked(project, task), task.gold is None
    return {
        "kind": project.kind,
        "file_kind": get_file_kind(project),
        "text": pages.get_page_text(asked, task),
        "content": tuple((name, task.content.get(name, "")) for name in project.columns),
        "options": asked.options,
        "media": tuple(medium.kind for medium in pages.get_media(asked, task)),
        "rules": project.instructions,
        "may_be_gold": is_ordinary and kind.has_gold and not kind.is_of_programs and project.state not in ENDED,
        "may_get_more": is_ordinary and not kind.is_of_programs and project.confidence is None,
    }


def get_file_kind(project: Project) -> str:
    """Return how answers that are files are shown; "" if answers are words."""
    kind = kind_of(project.kind)
    return (VOICE if kind.wants is Wants.VOICE else PHOTO) if kind.are_files else ""


def _to_task_answer(unit: UnitOfWork, project: Project, row: Row) -> TaskAnswer:
    number, gold, held_until, _, _, _, worker, answer, milliseconds, state, submitted_at, *_ = row
    return TaskAnswer(
        submission=SubmissionId(number),
        worker=pseudonym_for(unit, project.requester, worker),
        answer=None if answer is None else kind_of(project.kind).to_cell(answer),
        stored=answer,
        seconds=milliseconds / 1000,
        state=state,
        right=None if gold is None else bool(gold),
        submitted_at=submitted_at,
        held_until=held_until,
    )


def get_task_medium(act: Act, task: TaskId, place: int) -> Medium:
    """Return a file of the task. Raise NotFound if the task is not the requester's or has no file there."""
    project, opened_task = _get_own_task(act, task)
    media = pages.get_media(as_asked(project, opened_task), opened_task)
    if place >= len(media):
        raise NotFound(what="task", name="")
    return media[place]


def get_answer_medium(act: Act, submission: SubmissionId) -> Medium:
    """Return the photo or voice message that was sent as an answer. Raise NotFound if the answer is not in a project of
    the requester's, is no file, or may not be seen."""
    answer = act.unit.submissions.find(submission)
    project = projects.owned(act.unit, act.person, answer.project if answer else None)
    if answer is None or project is None or not kind_of(project.kind).are_files:
        raise NotFound(what="answer", name=str(submission))
    rows = act.unit.connection.all(SUBMISSIONS_OF_TASK, project=project.id, task=answer.task)
    stored = next((row[7] for row in rows if row[0] == submission), None)
    if not stored:
        raise NotFound(what="answer", name=str(submission))
    return Medium(get_file_kind(project), stored.split()[0])


def ask_for_more_of(act: Act, number: ProjectId, tasks: Sequence[tuple[int, int]], extra: int) -> TasksExtended:
    """Hold the cost of `extra` more answers to each of these tasks, given with the overlap that they had when they were
    chosen, and open them again; a task whose overlap is another by now gets none.

    Raise WrongState, FundsMissing, BadInput for too many tasks, UnknownChoice if none is left, as after a second
    press; nothing is changed then."""
    unit = act.unit
    _require_few(tasks)
    unit.projects.lock(projects.mine(unit, act.person, number).id)
    project = pay_raises.get_extendable(act, number)
    raised = [
        (task, state)
        for task, overlap in dict(tasks).items()
        if (state := unit.batches.more.ask_task(project.id, TaskId(task), overlap, extra)) is not None
    ]
    if not raised:
        raise UnknownChoice()
    price = price_of_answers(unit, project, act.house.terms, len(raised), gold=0, answers=len(raised) * extra)
    launches.require_price(project, price)
    pay_raises.hold_more(unit, act.person, project, price, f"{raised[0][0]}:{unit.now}:{act.key}")
    if project.state is ProjectState.COMPLETE:
        lifecycle.resume(unit, project)
    for task, state in raised:
        if state == "open":
            unit.openings.give_back(project.id, False, TaskId(task), extra)
    lifecycle.wake_workers(unit, project.id)
    return TasksExtended(project.id, len(raised), extra, project.currency, Millionths(price.total))


def accept_answers_of(act: Act, number: ProjectId, tasks: Sequence[int], last: int) -> ManyDone:
    """Accept the waiting answers to these tasks, up to submission `last`: those that were there when the tasks were
    chosen. Raise NotFound if the project is not the requester's, BadInput for too many tasks."""
    answers = _list_waiting_answers(act, number, tasks, last)
    return _do_each(answers, lambda submission: review.accept_answer(act, submission))


def reject_answers_of(act: Act, number: ProjectId, tasks: Sequence[int], last: int, line: int, reason: str) -> ManyDone:
    """Reject the waiting answers to these tasks, each as a single one is rejected: once too many are, the project is
    paused and the others stay. Raise as `accept_answers_of` does."""
    answers = _list_waiting_answers(act, number, tasks, last)
    return _do_each(answers, lambda submission: review.reject_answer(act, submission, line, reason))


def make_gold_of(act: Act, number: ProjectId, tasks: Sequence[int]) -> ManyDone:
    """Make check questions of these tasks, with the result that each has now; those without a result stay ordinary.
    Raise as `accept_answers_of` does."""
    project = projects.mine(act.unit, act.person, number)
    _require_few(tasks)
    opened_tasks = [open_task(act, TaskId(task)) for task in dict.fromkeys(tasks)]
    results = [(task.key, task.consensus) for task in opened_tasks if task.project == project.id and not task.known]
    return _do_each(
        [(key, consensus) for key, consensus in results if consensus is not None],
        lambda result: gold.make_by_name(act, number, result[0], [result[1]], ""),
    )


def _list_waiting_answers(act: Act, number: ProjectId, tasks: Sequence[int], last: int) -> list[SubmissionId]:
    """Return the answers to these tasks of the requester's project that can be decided, up to `last`, at most
    MAX_ACCEPTED_AT_ONCE."""
    project = projects.mine(act.unit, act.person, number)
    _require_few(tasks)
    rows = [
        _to_task_answer(act.unit, project, row)
        for task in dict.fromkeys(tasks)
        for row in act.unit.connection.all(SUBMISSIONS_OF_TASK, project=project.id, task=task)
    ]
    waiting = [row.submission for row in rows if row.held_until and row.state == "submitted" and row.submission <= last]
    return waiting[: review.MAX_ACCEPTED_AT_ONCE]


def _do_each(items: Sequence[Item], act_on: Callable[[Item], object]) -> ManyDone:
    """Do it to one after the other, and count those that are refused; a refusal has changed nothing."""
    refusals = []
    for item in items:
        try:
            act_on(item)
        except Refusal as refusal:
            refusals.append(refusal)
    return ManyDone(len(items) - len(refusals), len(refusals), refusals[-1] if refusals else None)


def _require_few(tasks: Sequence[object]) -> None:
    """Raise BadInput for more than MAX_CHOSEN_TASKS."""
    if len(tasks) > MAX_CHOSEN_TASKS:
        raise BadInput(what="cost", value=str(len(tasks)), expected=[])


def ask_for_more_by_name(act: Act, number: ProjectId, tasks: Sequence[str], extra: int) -> TasksExtended:
    """Do what `ask_for_more_of` does for tasks that are named by id or number, for programs. Raise NotFound if one is
    not there."""
    project = projects.mine(act.unit, act.person, number)
    named_tasks = [projects.get_task_by_name(act.unit, project, name) for name in dict.fromkeys(tasks)]
    return ask_for_more_of(act, number, [(task.id, task.overlap) for task in named_tasks], extra)


def _get_own_task(act: Act, task: TaskId) -> tuple[Project, Task]:
    """Return the task and its project. Raise NotFound if it is not the requester's."""
    opened_task = act.unit.tasks.find(task)
    project = projects.owned(act.unit, act.person, opened_task.project if opened_task else None)
    if opened_task is None or project is None:
        raise NotFound(what="task", name="")
    return project, opened_task
