"""A photo or a voice message that seems to be something else waits: its sender sends another, or says that it is right.

They are asked once for a task, and no more in a project in which they kept one. Nothing is refused, and nobody is told.
What still waits when the time is up counts as it is.
"""

from domain.answers import Wants
from domain.moments import SECOND, later
from domain.people.people import Person
from domain.work.assignments import Assignment
from domain.work.file_checks import FileChecks
from domain.work.retakes import Flaw, Retake, RetakeAsked
from services.work import submit
from storage.unit import UnitOfWork

SHORTLY, AT_ONCE = 30 * SECOND, 25  # before the end; files in one transaction


def asked(
    unit: UnitOfWork, worker: Person, assignment: Assignment, about: Retake, flaws: tuple[str, ...], wants: Wants
) -> RetakeAsked | None:
    """The question; None where there is none to ask."""
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    looks = Flaw.SENT_BEFORE not in checks.left_out
    before = looks and unit.answer_files.retakes.has_alike(assignment.project, assignment.id, about.print)
    found = (*flaws, *((Flaw.SENT_BEFORE.value,) if before else ()))
    if not found or unit.answer_files.retakes.has_kept(assignment.project, worker.id):
        return None
    if not unit.answer_files.retakes.ask(assignment.project, worker.id, about, unit.now):
        return None
    return RetakeAsked(assignment.id, found, wants is Wants.VOICE)


def handed_in(unit: UnitOfWork, assignment: Assignment, print_: str, kept: bool = False) -> None:
    """Nothing waits any more, and the picture's print is there for those that come."""
    unit.answer_files.retakes.close(assignment.id, kept)
    if print_:
        unit.answer_files.retakes.keep_print(assignment.project, assignment.id, print_)


def count_waiting(unit: UnitOfWork) -> None:
    """What still waits shortly before its task's time is up is the answer."""
    for number in unit.answer_files.retakes.nearly_late(later(unit.now, SHORTLY), AT_ONCE):
        assignment, waiting = unit.assignments.find(number), unit.answer_files.retakes.of(number)
        if assignment is None or waiting is None:
            continue
        file, mark = waiting.handed_in.split()
        about = (assignment.project, assignment.worker, number, file, mark, waiting.album or None)
        if unit.answer_files.keep(*about):
            worker, message = unit.people.get(assignment.worker), unit.outbox.message_of(number)
            submit.submit(unit, worker, number, waiting.handed_in, message)
        handed_in(unit, assignment, waiting.print)
