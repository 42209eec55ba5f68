"""Violations of the wage floor, to be planted: a day whose answers were all measured as one window comes first."""

from collections.abc import Callable

from domain.projects.projects import ProjectState
from services.projects.lifecycle import end_project
from services.work.places import return_assignment
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant, run

PROMISED = "INSERT INTO floors (project, floor, expected, windows) VALUES (:project, 12880000, 3000, :windows)"
MEASURED = "UPDATE submissions SET measured_in = 1"
WINDOW = """
INSERT INTO topups (project, number, submissions, workers, milliseconds, floor, expected, whole, each_owed, measured_at)
SELECT :project, 1, count(*), 4, 0, 12880000, 3000, 1, 0, 1 FROM submissions"""


def after_measuring(*statements: str) -> Callable[[UnitOfWork, House], None]:
    def breaks(unit: UnitOfWork, house: House) -> None:
        unit.connection.changed(PROMISED, project=house.project, windows=1)
        unit.connection.changed(MEASURED)
        unit.connection.changed(WINDOW, project=house.project)
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


def promised_only(unit: UnitOfWork, house: House) -> None:
    unit.connection.changed(PROMISED, project=house.project, windows=0)


def ended_unmeasured(unit: UnitOfWork, house: House) -> None:
    unit.connection.changed(PROMISED, project=house.project, windows=0)
    end_project(unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED)
    for row in unit.connection.all("SELECT id FROM assignments WHERE state = 'active'"):
        return_assignment(unit, unit.assignments.find(row[0]))
    unit.connection.changed("UPDATE submissions SET measured_in = NULL, submitted_at = 1")
    unit.connection.changed("UPDATE floors SET waiting = (SELECT count(*) FROM submissions)")
    unit.connection.changed("UPDATE projects SET ended_at = 1")
    unit.connection.changed("UPDATE assignments SET offered_at = 1, deadline = 2")


UNDERPAID = (
    Plant(
        "answers took long and nobody was paid more",
        *(13, "pay an hour is at least the floor", "window 1/1"),
        after_measuring("UPDATE submissions SET milliseconds = 20000"),
    ),
    Plant(
        "a small project ended and its long answers were paid no more",
        *(13, "the last answers of a project reach the floor", "window 1/1"),
        after_measuring("UPDATE topups SET whole = 0, milliseconds = 20000"),
    ),
    Plant(
        "a project ended and its last answers were never measured",
        *(13, "no answer of an ended project is left unmeasured", "project 1"),
        ended_unmeasured,
    ),
    Plant(
        "a top-up is noted and not paid",
        *(13, "every top-up reached its workers", "project 1"),
        after_measuring("UPDATE topups SET each_owed = 10, each_paid = 10", "UPDATE projects SET paused = 'floor'"),
    ),
    Plant(
        "a project takes more than its card said",
        *(18, "no project takes more than its requester was told", "project 1"),
        run("UPDATE stated_costs SET amount = amount - 1 WHERE project = {project}"),
    ),
    Plant(
        "answers are never measured",
        *(13, "every 25 answers are measured", "project 1"),
        promised_only,
    ),
    Plant(
        "tasks are offered with nothing set aside for the pace they take",
        *(4, "top-ups are held before a place is offered", "project 1"),
        after_measuring("UPDATE topups SET each_owed = 10"),
    ),
)
