"""Answers that are given on a page of the Mini App."""

from domain.answers import kind_of
from domain.fairness.first_look import LookState
from domain.handing_in import Surface, Wants
from domain.moments import MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.mturk.notifications import FormsLost
from domain.normalization import plainly_directed
from domain.people.accounts import ADMIN, REQUESTER, WORKER
from domain.people.teams import Right
from domain.projects.projects import Project, ProjectId, WorkedExample
from domain.projects.tasks import (
    PHOTO,
    Medium,
    Task,
    TaskId,
    as_asked,
    content_of,
)
from domain.refusals import (
    AlreadyAnswered,
    NotYours,
    PageOutdated,
    TooLate,
)
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import text_of
from domain.work.assignments import (
    Assignment,
    AssignmentId,
    AssignmentState,
    Submission,
)
from domain.work.positions import HandedIn, PageAnswer, PageTask
from services.act import Act
from services.fairness import first_look
from services.mturk import places
from services.people import team_spending
from services.projects import edits, trials
from services.quality import gold
from services.work import corrections, dispatch, submit
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def look_shown(act: Act, number: int, opened: Moment) -> PageTask:
    """Return the page, or all of the form as text. Raise NotYours for whoever is no admin, and for a task of a project
    that waits for none."""
    project, task = _waiting(act, number)
    look, frame = first_look.find_question_look(act.unit, task), places.preview_of(act.unit, task.id)
    text = look.text if look is not None and frame is None else ""
    nothing = Millionths(0)
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        project.instructions,
        (),
        text,
        (),
        nothing,
        project.currency,
        frame=frame,
    )


def look_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    raise NotYours()


def look_answered(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """Nothing is handed in here."""
    raise NotYours()


def _waiting(act: Act, number: int) -> tuple[Project, Task]:
    act.require(ADMIN)
    task = act.unit.tasks.find(TaskId(number))
    look = act.unit.first_looks.find(task.project) if task is not None else None
    if task is None or look is None or look.state is not LookState.WAITING:
        raise NotYours()
    return act.unit.projects.get(task.project), task


def text_of_page(project: Project, task: Task) -> str:
    """All that is written beside the file; where the text itself is marked, that alone: places are counted in it."""
    kind = kind_of(project.kind)
    if isinstance(kind, ShapesKind) and kind.on is Surface.TEXT:
        return text_of(project.template, task.content)
    return plainly_directed(content_of(project, task).text)


def media_of(project: Project, task: Task) -> tuple[Medium, ...]:
    content = content_of(project, task)
    return (Medium(PHOTO, content.picture),) if content.picture else content.media


def rules_of(project: Project) -> tuple[str, ...]:
    """The numbered lines; worked examples follow, so that the lines keep their numbers."""
    return *project.instructions, *map(_example, project.examples)


def _example(of: WorkedExample) -> str:
    return f"💡 {of.item or '🖼'} → {of.answer}{f' ({of.why})' if of.why else ''}"


def beside(project: Project) -> tuple[tuple[str, Medium], ...]:
    """Pictures of the instructions, without a word, then of the worked examples, each with its own."""
    shown = (("", each) for each in project.pictures)
    examples = ((_example(each), each.picture) for each in project.examples if each.picture)
    return tuple((words, Medium(PHOTO, file)) for words, file in (*shown, *examples))


def medium_of(project: Project, task: Task, at: int) -> Medium:
    """The task's own come first. Raises NotYours."""
    found = (*media_of(project, task), *(picture for _, picture in beside(project)))
    if at >= len(found):
        raise NotYours()
    return found[at]


SKEW = 5 * MINUTE  # between Telegram's clock and ours


def shown(act: Act, number: AssignmentId, opened: Moment) -> PageTask:
    """`opened`: when Telegram opened the page for this worker. Changes nothing."""
    assignment, project = _asked(act, number, opened)
    given = _given(act, assignment)
    if given is None and assignment.state not in (AssignmentState.ACTIVE, AssignmentState.EXPIRED):
        raise TooLate()
    task = act.unit.tasks.get(assignment.task)
    return PageTask(
        assignment.id,
        project.kind,
        project.title,
        rules_of(project),
        project.options,
        text_of_page(project, task),
        tuple(each.kind for each in media_of(project, task)),
        project.pay,
        project.currency,
        given.answer if given else None,
        places.frame_of(act.unit, assignment) if kind_of(project.kind).is_of_programs else None,
        tuple(words for words, _ in beside(project)),
    )


def medium(act: Act, number: AssignmentId, at: int, opened: Moment) -> Medium:
    """One of the task's files, or of the pictures beside its instructions, by its place."""
    assignment, project = _asked(act, number, opened)
    return medium_of(project, act.unit.tasks.get(assignment.task), at)


def hand_in(act: Act, number: AssignmentId, opened: Moment | None, answer: str) -> PageAnswer:
    """The same answer sent twice is one; a second one is refused unless the first is open to be changed. `opened` None:
    by the ticket of a requester's page, which says whose task it is."""
    unit, worker = act.unit, act.person
    _, project = _asked(act, number, opened)
    message = unit.outbox.message_of(number)
    given = unit.submissions.of_assignment(number)
    if given is None:
        dispatch.check_no_change(act)
        done = submit.submit(unit, worker, number, answer, message, pressed=message is not None)
        return PageAnswer(HandedIn.RECEIVED, done.pay, done.currency, done.held, done.missed)
    change = _change(unit, act, given)
    if change is not None:  # in session mode the message that shows it is the next task's
        done_anew = corrections.submit(unit, worker, number, answer, change.message or message)
        return PageAnswer(HandedIn.CHANGED, given.pay, project.currency, missed=done_anew.missed)
    if kind_of(project.kind).read(answer, project.options) != given.answer:
        raise AlreadyAnswered()
    return PageAnswer(HandedIn.AGAIN, given.pay, project.currency)


def _asked(act: Act, number: AssignmentId, opened: Moment | None) -> tuple[Assignment, Project]:
    """Raises NotYours for what is not this worker's task of such a kind, PageOutdated for a page that was opened before
    it was."""
    act.require(WORKER)
    assignment = act.unit.assignments.find(number)
    if assignment is None or assignment.worker != act.person.id:
        raise NotYours()
    known = edits.as_of_version(act.unit, act.unit.projects.get(assignment.project), assignment.version)
    project = as_asked(known, act.unit.tasks.get(assignment.task))
    if kind_of(project.kind).wants_now((), project.options) is not Wants.PAGE:
        raise NotYours()
    if opened is None:
        return assignment, project
    if opened < later(assignment.offered_at, -SKEW) or opened > later(act.unit.now, SKEW):
        raise PageOutdated()
    return assignment, project


def _given(act: Act, assignment: Assignment) -> Submission | None:
    """The answer that is open to be changed. Raises AlreadyAnswered for one that is not."""
    given = act.unit.submissions.of_assignment(assignment.id)
    if given is not None and _change(act.unit, act, given) is None:
        raise AlreadyAnswered()
    return given


def _change(unit: UnitOfWork, act: Act, given: Submission) -> Change | None:
    """The change of this answer, where it is open."""
    change = unit.corrections.open_of(act.person.id)
    return change if change is not None and change.submission == given.id else None


def hand_in_without_fields(act: Act, number: AssignmentId) -> PageAnswer:
    """Hand in an answer without fields, and tell the requester about it, once a project. An answer that is there stays
    as it is. Raise NotYours for a task that no page of a requester's own server asks."""
    unit = act.unit
    assignment = unit.assignments.find(number)
    frame = places.frame_of(unit, assignment) if assignment is not None else None
    if assignment is None or frame is None or not frame.url:
        raise NotYours()
    project = unit.projects.get(assignment.project)
    submission = unit.submissions.of_assignment(number)
    if submission is not None:
        return PageAnswer(HandedIn.AGAIN, submission.pay, project.currency)
    answer = hand_in(act, number, None, "{}")
    unit.outbox.tell(project.requester, FormsLost(project.id, project.title), key=f"forms lost:{project.id}")
    return answer


NOTHING = Millionths(0)


def gold_shown(act: Act, number: int, opened: Moment) -> PageTask:
    return _page(*_gold(act, number))


def gold_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    return medium_of(*_gold(act, number), at)


def gold_drawn(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """The next task follows in the chat. A task that is a check question already stays as it is."""
    project, task = _gold(act, number)
    if task.gold is not None:
        return PageAnswer(HandedIn.AGAIN, NOTHING, project.currency)
    kind = kind_of(project.kind)
    read = kind.read(answer, project.options)
    kind.check(read, project.template, task.content)
    told = team_spending.act_for_project(act, project.id, Right.SPEND)
    act.unit.outbox.tell(act.person.id, gold.drawn(told, task.id, kind.as_gold(read, project.options)))
    return PageAnswer(HandedIn.KNOWN, NOTHING, project.currency)


def trial_shown(act: Act, number: int, opened: Moment) -> PageTask:
    return _page(*_tried(act, number))


def trial_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    return medium_of(*_tried(act, number), at)


def trial_drawn(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """Nothing is kept, paid or counted."""
    project, _ = _tried(act, number)
    told = team_spending.act_for_project(act, project.id, Right.LOOK)
    act.unit.outbox.tell(act.person.id, trials.take_drawing(told, project.id, answer))
    return PageAnswer(HandedIn.TRIED, NOTHING, project.currency)


def _gold(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    found = act.unit.tasks.find(TaskId(number))
    if found is None:
        raise NotYours()
    own = team_spending.act_for_project(act, found.project, Right.SPEND)
    return _drawable(*gold.task_of(act.unit, own.person, TaskId(number)))


def _tried(act: Act, number: int) -> tuple[Project, Task]:
    act.require(REQUESTER)
    return _drawable(*trials.get_trial_task(team_spending.act_for_project(act, number, Right.LOOK), ProjectId(number)))


def _drawable(project: Project, task: Task) -> tuple[Project, Task]:
    """Raises NotYours for a kind that is answered in the chat."""
    if kind_of(project.kind).wants is not Wants.PAGE:
        raise NotYours()
    return project, task


def _page(project: Project, task: Task) -> PageTask:
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        rules_of(project),
        project.options,
        text_of_page(project, task),
        tuple(each.kind for each in media_of(project, task)),
        NOTHING,
        project.currency,
        beside=tuple(words for words, _ in beside(project)),
    )
