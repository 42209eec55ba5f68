"""Session mode: the message of an answered task becomes the next one, or says what follows the last one."""

from dataclasses import dataclass, replace

from domain.moments import Moment
from domain.people.messages import GoalReached, PaceKept
from domain.people.people import Person, PersonId
from domain.projects.projects import Project
from domain.projects.tasks import Task, content_of
from domain.refusals import ChangeFirst, SentBefore, TooQuick
from domain.work.assignments import AssignmentId
from domain.work.content_messages import ContentWarning
from domain.work.messages import AnswerStands, LastAnswer, NothingNow, Paused
from domain.work.session import QUICK, Form, form_of, is_double_tap, is_sent_before
from services.act import Act
from services.work import answer_messages
from storage.unit import UnitOfWork

Ending = NothingNow | ContentWarning | Paused | GoalReached | PaceKept


@dataclass(slots=True)
class Bubble:
    """A `message` of this worker's chat that may show something else. It `showed` a task; `stands` is its answer, None
    where it was skipped. `taken`: something else is shown there."""

    worker: PersonId
    message: int
    showed: AssignmentId
    form: Form
    stands: AnswerStands | None = None
    taken: bool = False

    def suits(self, unit: UnitOfWork, form: Form) -> bool:
        """Whether Telegram can edit it into a message of this form, and it would be what they read last: an album stays
        above its message, and what the answer has brought besides, such as a project's examples, comes below it."""
        return form is self.form and form is not Form.ALBUM and self.worker not in unit.outbox.below

    def take(self, unit: UnitOfWork, last: LastAnswer | None) -> LastAnswer:
        """What is shown there from now on says what was answered, and sums up the run where the answer was to."""
        self.taken, last = True, last or LastAnswer()
        unit.outbox.shown.moves_on(self.showed, self.message)
        recap, stands = last.recap, self.stands
        if stands is not None and stands.recap is not None:
            recap, stands = recap or stands.recap, replace(stands, recap=None)
        return replace(last, stands=stands, replaces=self.showed, recap=recap)


def is_on(unit: UnitOfWork, worker: Person) -> bool:
    return worker.choosy and unit.preferences.of(worker.id).in_place


def bubble_of(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    task: Task,
    showed: AssignmentId,
    message: int | None,
    stands: AnswerStands | None = None,
) -> Bubble | None:
    """The pressed message, where the next task may take it: not where it explains a miss."""
    explains = stands is not None and stands.miss is not None
    if message is None or explains or not is_on(unit, worker):
        return None
    return Bubble(worker.id, message, showed, form_of(project.kind, content_of(project, task)), stands)


def tell(unit: UnitOfWork, worker: Person, ending: Ending, bubble: Bubble | None) -> None:
    """No task follows: said in the message that was pressed where it is text, else in one of its own."""
    if bubble is None or not bubble.suits(unit, Form.TEXT):
        unit.outbox.tell(worker.id, ending)
    else:
        last = bubble.take(unit, ending.last)
        unit.outbox.tell(worker.id, replace(ending, last=last), edits=bubble.message)


def last_shown(unit: UnitOfWork, worker: Person, assignment: AssignmentId, message: int) -> LastAnswer | None:
    """What stands above a task that took this message, as long as the answer before it can be changed: a press that is
    not yet the answer draws all of it anew."""
    if not is_on(unit, worker) or unit.outbox.shown.came_in_place(assignment, message) is None:
        return None
    before = unit.assignments.answered_last(worker.id)
    given = None if before is None else unit.submissions.of_assignment(before.id)
    if given is None or not given.may_be_changed(unit.now):
        return None
    return LastAnswer(given.assignment, message, stands=answer_messages.stands_of(unit, given, given.answer))


def check_pace(act: Act, assignment: AssignmentId) -> None:
    """Raise TooQuick for the second press of a double tap: it lands on the buttons of a task that has just come. Raise
    ChangeFirst while an answer is open to be changed: the press may be meant for that one, whose buttons look alike."""
    check_no_change(act)
    if act.message is None or not is_on(act.unit, act.person):
        return
    came = act.unit.outbox.shown.came_in_place(assignment, act.message)
    if came is not None and is_double_tap(pressed_at(act), *came):
        raise TooQuick()


def check_no_change(act: Act) -> None:
    """Raise ChangeFirst while this worker has an answer open to be changed."""
    if act.unit.corrections.is_changing(act.person.id):
        raise ChangeFirst()


def check_ending(act: Act) -> None:
    """The same for what is said in place of the task that was answered last: a yes to disturbing content, or to going
    on past the day's goal, is no second half of an answer."""
    if act.message is None or not is_on(act.unit, act.person):
        return
    run = act.unit.submissions.run_of(act.person.id)
    if run is not None and pressed_at(act) - run.ended < QUICK:
        raise TooQuick()


def check_change(act: Act) -> None:
    """The same for the last buttons of an answer that is to be changed: they stand where that was asked for."""
    if act.message is None or not is_on(act.unit, act.person):
        return
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and pressed_at(act) - change.opened_at < QUICK:
        raise TooQuick()


def check_seen(act: Act, assignment: AssignmentId) -> None:
    """Raises SentBefore for a message that came before the task it would answer, in either mode: of two sent together
    the first one answers, and the second one is no answer to a task nobody has seen. Raise ChangeFirst while an answer
    is open to be changed by something else than this message."""
    check_no_change(act)
    sent, came = _received_at(act), act.unit.outbox.shown.came_at(assignment)
    if sent is not None and came is not None and is_sent_before(sent, came):
        raise SentBefore()


def pressed_at(act: Act) -> Moment:
    """When the press arrived: a busy house handles it later."""
    return _received_at(act) or act.unit.now


def _received_at(act: Act) -> Moment | None:
    return act.unit.inbox.received_at(int(act.key)) if act.key.isdecimal() else None
