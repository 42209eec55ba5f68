"""🚩 on a task: what is wrong with it. The task goes back without harm, and the next one comes."""

from domain.fairness.messages.reports import ReportDropped, ReportWanted, TaskReported
from domain.fairness.reports import KINDS, PER_DAY, may_report
from domain.people.people import Person
from domain.projects.tasks import beginning_of
from domain.refusals import TooManyReports, UnknownChoice
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from services.act import Act, Reply
from services.fairness.questions.asking import task_of
from services.fairness.reports import pause_if_reported
from services.work import answer_messages, submit
from storage.unit import UnitOfWork

ASKED = "report:"  # begins the name of the message that asks, before the assignment's number


def ask(act: Act, assignment: AssignmentId) -> Reply:
    """The button of a task: what is wrong? Asked in one message, however often it is pressed."""
    unit, about = act.unit, task_of(act.unit, act.person, assignment)
    project = unit.projects.get(about.project)
    wanted = ReportWanted(about.id, project.title, beginning_of(project, unit.tasks.get(about.task)))
    return Reply(wanted, live=f"{ASKED}{about.id}")


def report(act: Act, assignment: AssignmentId, kind: int) -> None:
    """Noted once a worker and project. Who had the task in hand loses nothing, and gets another one."""
    unit, worker, about = act.unit, act.person, task_of(act.unit, act.person, assignment)
    if kind >= len(KINDS):
        raise UnknownChoice()
    if not may_report(unit.reports.made_lately(worker.id)):
        raise TooManyReports(most=PER_DAY)
    unit.reports.add(about.project, about.task, worker.id, KINDS[kind])
    project = unit.projects.get(about.project)
    paused = pause_if_reported(unit, project, act.house.admins)
    unit.live_messages.forget(worker.id, f"{ASKED}{about.id}")
    unit.outbox.tell(worker.id, TaskReported(project.title, KINDS[kind], paused), edits=act.message)
    if about.state is AssignmentState.ACTIVE:
        unit.people.acted(worker.id)
        _give_back(unit, worker, about)


def _give_back(unit: UnitOfWork, worker: Person, about: Assignment) -> None:
    """The next task comes below: the reported one's message loses its buttons."""
    message, project = unit.outbox.message_of(about.id), unit.projects.get(about.project)
    submit.pass_on(unit, worker, about, None)
    answer_messages.say_given_back(unit, worker, project, unit.tasks.get(about.task), message, reported=True)


def drop(act: Act) -> Reply:
    """Nothing is reported."""
    asked = act.unit.live_messages.name_of(act.person.id, act.message or 0, ASKED)
    if asked is not None:
        act.unit.live_messages.forget(act.person.id, asked)
    return Reply(ReportDropped(), edits=act.message)
