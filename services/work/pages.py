"""Answers that are given on a page of the Mini App."""

from dataclasses import replace

from domain.answers import kind_of
from domain.fairness.first_look import LookState
from domain.handing_in import Surface, Wants
from domain.moments import MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.normalization import remove_direction_signs
from domain.people.accounts import ADMIN, REQUESTER, WORKER, PersonId
from domain.people.teams import Right
from domain.projects.projects import Project, ProjectId, WorkedExample
from domain.projects.tasks import PHOTO, Medium, Task, TaskId, as_asked, content_of
from domain.refusals import AlreadyAnswered, NotYours, PageOutdated, TooLate
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import text_of
from domain.work.assignments import Assignment, AssignmentId, AssignmentState, Submission
from domain.work.positions import PageAnswer, PageOutcome, PageTask
from services import events
from services.act import Act
from services.fairness import first_look
from services.people import team_spending
from services.projects import edits, trials
from services.quality import gold
from services.work import corrections, dispatch, submit
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def show_first_look(act: Act, task_number: int, opened_at: Moment) -> PageTask:
    """Return the page, or all of the form as text, for an admin's first look. Raise NotYours for a task of a project
    that waits for no look, and refuse who is no admin."""
    project, task = _get_waiting_task(act, task_number)
    look, frame = (
        first_look.find_question_look(act.unit, task),
        events.ask(act.unit, events.FindPreview(act.house, task.id)),
    )
    text = look.text if look is not None and frame is None else ""
    no_pay = Millionths(0)
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        project.instructions,
        options=(),
        text=text,
        media=(),
        pay=no_pay,
        currency=project.currency,
        frame=frame,
    )


def refuse_look_medium(act: Act, number: int, place: int, opened_at: Moment) -> Medium:
    """Raise NotYours: a first look shows no files."""
    raise NotYours()


def refuse_look_answer(act: Act, number: int, opened_at: Moment, answer: str) -> PageAnswer:
    """Raise NotYours: no answer is handed in at a first look."""
    raise NotYours()


def _get_waiting_task(act: Act, number: int) -> tuple[Project, Task]:
    """Return the task and its project, which waits for an admin's first look. Raise NotYours if it does not."""
    act.require(ADMIN)
    task = act.unit.tasks.find(TaskId(number))
    look = act.unit.first_looks.find(task.project) if task is not None else None
    if task is None or look is None or look.state is not LookState.WAITING:
        raise NotYours()
    return act.unit.projects.get(task.project), task


def get_page_text(project: Project, task: Task) -> str:
    """Return all the text beside the file; if the text itself is marked, that alone: places are counted in it."""
    kind = kind_of(project.kind)
    if isinstance(kind, ShapesKind) and kind.on is Surface.TEXT:
        return text_of(project.template, task.content)
    return remove_direction_signs(content_of(project, task).text)


def get_media(project: Project, task: Task) -> tuple[Medium, ...]:
    content = content_of(project, task)
    return (Medium(PHOTO, content.picture),) if content.picture else content.media


def get_rules(project: Project) -> tuple[str, ...]:
    """Return the numbered lines, followed by the worked examples, so that the lines keep their numbers."""
    return *project.instructions, *map(_format_example, project.examples)


def _format_example(example: WorkedExample) -> str:
    return f"💡 {example.item or '🖼'} → {example.answer}{f' ({example.why})' if example.why else ''}"


def list_side_pictures(project: Project) -> tuple[tuple[str, Medium], ...]:
    """Return (words, picture) pairs beside the task: the instructions' pictures without words, then those of the worked
    examples with theirs."""
    instruction_pictures = (("", picture) for picture in project.pictures)
    example_pictures = ((_format_example(picture), picture.picture) for picture in project.examples if picture.picture)
    return tuple((words, Medium(PHOTO, file_id)) for words, file_id in (*instruction_pictures, *example_pictures))


def get_medium(project: Project, task: Task, place: int) -> Medium:
    """Return the file at this place; the task's own come before those beside the instructions. Raise NotYours beyond
    the last."""
    media = (*get_media(project, task), *(picture for _, picture in list_side_pictures(project)))
    if place >= len(media):
        raise NotYours()
    return media[place]


MAX_CLOCK_SKEW = 5 * MINUTE  # between Telegram's clock and ours


def show_page(act: Act, assignment_id: AssignmentId, opened_at: Moment) -> PageTask:
    """Return the page of a worker's task, with the answer that is open to be changed. Raise TooLate for a task that is
    over, AlreadyAnswered for an answer that is not open, NotYours and PageOutdated as `_get_own_page_task`. Stores
    nothing."""
    assignment, project = _get_own_page_task(act, assignment_id, opened_at)
    submission = _find_changeable_answer(act, assignment)
    if submission is None and assignment.state not in (AssignmentState.ACTIVE, AssignmentState.EXPIRED):
        raise TooLate()
    task = act.unit.tasks.get(assignment.task)
    return PageTask(
        assignment.id,
        project.kind,
        project.title,
        instructions=get_rules(project),
        options=project.options,
        text=get_page_text(project, task),
        media=tuple(medium_shown.kind for medium_shown in get_media(project, task)),
        pay=project.pay,
        currency=project.currency,
        answer=submission.answer if submission else None,
        frame=events.ask(act.unit, events.FindFrame(act.house, assignment))
        if kind_of(project.kind).is_of_programs
        else None,
        beside=tuple(words for words, _ in list_side_pictures(project)),
    )


def get_task_medium(act: Act, assignment_id: AssignmentId, place: int, opened_at: Moment) -> Medium:
    """Return one of the task's files, or of the pictures beside its instructions, by its place. Raise NotYours."""
    assignment, project = _get_own_page_task(act, assignment_id, opened_at)
    return get_medium(project, act.unit.tasks.get(assignment.task), place)


def hand_in(act: Act, assignment_id: AssignmentId, opened_at: Moment | None, answer: str) -> PageAnswer:
    """Submit an answer from a page, or replace the one that is open to be changed. The same answer sent twice counts
    once; raise AlreadyAnswered for a different one. `opened_at` None: the ticket of a requester's page authorises it.
    """
    unit, worker = act.unit, act.person
    _, project = _get_own_page_task(act, assignment_id, opened_at)
    message = unit.outbox.find_message(assignment_id)
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is None:
        dispatch.require_no_open_change(act)
        submitted = submit.submit_answer(unit, worker, assignment_id, answer, message, pressed=message is not None)
        received = PageAnswer(PageOutcome.RECEIVED, submitted.pay, submitted.currency, submitted.held, submitted.missed)
        return received if submitted.missed else replace(received, next=_find_next_on_page(unit, worker.id))
    change = _find_open_change(unit, act, submission)
    if change is not None:  # the message that shows it may be the next task's
        changed = corrections.replace_answer(unit, worker, assignment_id, answer, change.message or message)
        return PageAnswer(PageOutcome.CHANGED, submission.pay, project.currency, missed=changed.missed)
    if kind_of(project.kind).parse_answer(answer, project.options) != submission.answer:
        raise AlreadyAnswered()
    return PageAnswer(PageOutcome.AGAIN, submission.pay, project.currency)


def _find_next_on_page(unit: UnitOfWork, worker: PersonId) -> AssignmentId | None:
    """Return the task in hand if a page answers it."""
    in_hand = unit.assignments.active_for(worker)
    if in_hand is None:
        return None
    project = as_asked(unit.projects.get(in_hand.project), unit.tasks.get(in_hand.task))
    return in_hand.id if kind_of(project.kind).get_next_input((), project.options) is Wants.PAGE else None


def _has_stayed_open(unit: UnitOfWork, assignment: Assignment, opened_at: Moment) -> bool:
    """Return whether a page of this worker that was opened at this moment may have stayed open until the task came:
    they have answered since then without a long break."""
    run = unit.submissions.run_of(assignment.worker)
    return run is not None and later(run.began, -MAX_CLOCK_SKEW) <= opened_at and assignment.offered_at <= run.ended


def _get_own_page_task(act: Act, assignment_id: AssignmentId, opened_at: Moment | None) -> tuple[Assignment, Project]:
    """Return this worker's task and its project under the instructions it was given out with. Raise NotYours for
    another worker's task or one that no page answers, PageOutdated for a page that was opened before the task was
    offered, unless it has stayed open since."""
    act.require(WORKER)
    assignment = act.unit.assignments.find(assignment_id)
    if assignment is None or assignment.worker != act.person.id:
        raise NotYours()
    edition = edits.as_of_version(act.unit, act.unit.projects.get(assignment.project), assignment.version)
    project = as_asked(edition, act.unit.tasks.get(assignment.task))
    if kind_of(project.kind).get_next_input((), project.options) is not Wants.PAGE:
        raise NotYours()
    if opened_at is None:
        return assignment, project
    is_too_old = opened_at < later(assignment.offered_at, -MAX_CLOCK_SKEW)
    if opened_at > later(act.unit.now, MAX_CLOCK_SKEW) or (
        is_too_old and not _has_stayed_open(act.unit, assignment, opened_at)
    ):
        raise PageOutdated()
    return assignment, project


def _find_changeable_answer(act: Act, assignment: Assignment) -> Submission | None:
    """Return the answer that is open to be changed, None if there is no answer. Raise AlreadyAnswered if it is not
    open."""
    submission = act.unit.submissions.of_assignment(assignment.id)
    if submission is not None and _find_open_change(act.unit, act, submission) is None:
        raise AlreadyAnswered()
    return submission


def _find_open_change(unit: UnitOfWork, act: Act, submission: Submission) -> Change | None:
    """Return the open change of this answer, None if it is not open."""
    change = unit.corrections.open_of(act.person.id)
    return change if change is not None and change.submission == submission.id else None


NO_PAY = Millionths(0)


def show_gold(act: Act, number: int, opened_at: Moment) -> PageTask:
    return _to_preview_page(*_get_gold_task(act, number))


def get_gold_medium(act: Act, number: int, place: int, opened_at: Moment) -> Medium:
    return get_medium(*_get_gold_task(act, number), place)


def take_gold_answer(act: Act, number: int, opened_at: Moment, answer: str) -> PageAnswer:
    """Store a requester's answer to a task as gold; the next task follows in the chat. A task that is gold already
    stays as it is. Raise a refusal if the answer does not fit the task."""
    project, task = _get_gold_task(act, number)
    if task.gold is not None:
        return PageAnswer(PageOutcome.AGAIN, NO_PAY, project.currency)
    kind = kind_of(project.kind)
    stored_answer = kind.parse_answer(answer, project.options)
    kind.require_fitting(stored_answer, project.template, task.content)
    acting = team_spending.act_for_project(act, project.id, Right.SPEND)
    act.unit.outbox.tell(
        act.person.id, gold.answer_with_drawing(acting, task.id, kind.to_gold(stored_answer, project.options))
    )
    return PageAnswer(PageOutcome.KNOWN, NO_PAY, project.currency)


def show_trial(act: Act, number: int, opened_at: Moment) -> PageTask:
    return _to_preview_page(*_get_trial_task(act, number))


def get_trial_medium(act: Act, number: int, place: int, opened_at: Moment) -> Medium:
    return get_medium(*_get_trial_task(act, number), place)


def take_trial_answer(act: Act, number: int, opened_at: Moment, answer: str) -> PageAnswer:
    """Show a requester what their try on a page would be as an answer. Nothing is stored, paid or counted."""
    project, _ = _get_trial_task(act, number)
    acting = team_spending.act_for_project(act, project.id, Right.LOOK)
    act.unit.outbox.tell(act.person.id, trials.take_drawing(acting, project.id, answer))
    return PageAnswer(PageOutcome.TRIED, NO_PAY, project.currency)


def _get_gold_task(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    task = act.unit.tasks.find(TaskId(number))
    if task is None:
        raise NotYours()
    acting = team_spending.act_for_project(act, task.project, Right.SPEND)
    return _require_page(*gold.get_gold_task(act.unit, acting.person, TaskId(number)))


def _get_trial_task(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    return _require_page(
        *trials.get_trial_task(team_spending.act_for_project(act, number, Right.LOOK), ProjectId(number))
    )


def _require_page(project: Project, task: Task) -> tuple[Project, Task]:
    """Return the project and the task. Raise NotYours for a kind that is answered in the chat."""
    if kind_of(project.kind).wants is not Wants.PAGE:
        raise NotYours()
    return project, task


def _to_preview_page(project: Project, task: Task) -> PageTask:
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        instructions=get_rules(project),
        options=project.options,
        text=get_page_text(project, task),
        media=tuple(medium_shown.kind for medium_shown in get_media(project, task)),
        pay=NO_PAY,
        currency=project.currency,
        beside=tuple(words for words, _ in list_side_pictures(project)),
    )
