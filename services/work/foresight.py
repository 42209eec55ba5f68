"""Reading ahead for answers that wait together, for speed alone: what is missing here is read where it is needed, and
no rule is here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.money.ledger import shard_of
from domain.people.people import PersonId
from domain.records import changed, record
from domain.work import dispatch
from domain.work.assignments import Assignment, AssignmentId
from domain.work.submissions import Enrolment
from services.work import recaps, task_selection
from storage.drivers.secrets import CHOICES
from storage.drivers.turns import Scope
from storage.unit import UnitOfWork
from storage.work.openings import SPARE
from storage.work.windows import Looking


@record
class Press:
    """An update, who sent it by their Telegram id, and the assignment it answers."""

    update: int
    telegram_id: int
    assignment: AssignmentId


def shards(unit: UnitOfWork, pressed: Sequence[Press]) -> Iterable[int]:
    return map(shard_of, unit.assignments.projects([each.assignment for each in pressed]))


# What an answer writes for its worker and its project.
ANSWERS = Scope(
    frozenset(
        (
            *("inbox", "people", "assignments", "tasks", "enrolments", "submissions", "openings", "returned_places"),
            *("transfers", "floors", "outbox", "preferences", "progress_moves", "turk_events"),
        )
    ),
    shards,
)


def nothing(unit: UnitOfWork, pressed: Sequence[Press]) -> None:
    """Presses of other kinds need less, and are rarer."""


def presses(unit: UnitOfWork, pressed: Sequence[Press]) -> None:
    """Holds all rows that these answers will most likely need."""
    _, _, found = unit.foresee(
        unit.inbox.foresee([each.update for each in pressed]),
        unit.people.foresee([each.telegram_id for each in pressed]),
        unit.assignments.foresee([each.assignment for each in pressed]),
    )
    pairs = list(dict.fromkeys((each.worker, each.project) for each in found))
    tasks = list(dict.fromkeys(each.task for each in found))
    projects = list(dict.fromkeys(each.project for each in found))
    _, enrolments, *_ = unit.foresee(
        unit.people.foresee_by_id([worker for worker, _ in pairs]),
        unit.enrolments.foresee(pairs),
        unit.corrections.foresee([worker for worker, _ in pairs]),
        unit.models.foresee(pairs),
        unit.openings.foresee(tasks),
        unit.tasks.foresee(tasks),
        unit.projects.foresee(projects),
        unit.topups.foresee(projects),
    )
    _foresee_messages(unit, found)
    places = [place for enrolment in enrolments for place in _places(unit, enrolment)]
    seen, *_ = unit.foresee(
        unit.openings.look(_with_room(places)),
        unit.submissions.foresee_runs(_with_every(recaps.EVERY, enrolments)),
    )
    unit.foresee(unit.openings.know([worker for worker, _ in pairs], seen))


def _foresee_messages(unit: UnitOfWork, found: Sequence[Assignment]) -> None:
    """What becomes of the pressed message in session mode."""
    choosy = [each for each in found if unit.people.get(each.worker).choosy]
    if choosy:
        unit.foresee(unit.preferences.foresee([each.worker for each in choosy]))
        some = [each for each in choosy if unit.preferences.of(each.worker).in_place]
        unit.foresee(unit.outbox.shown.foresee([each.id for each in some], [each.worker for each in some]))


def _with_every(few: int, enrolments: Sequence[Enrolment]) -> list[PersonId]:
    """Whose next answer is one of every few."""
    return [each.worker for each in enrolments if (each.answered + 1) % few == 0]


def _with_room(places: list[Looking]) -> list[Looking]:
    """From the last place further on: others take some of what is there."""
    room = Counter(each.where for each in places)
    last = {each.where: each for each in sorted(places, key=lambda each: each.cursor)}
    return [*places, *(changed(each, few=each.few + max(SPARE, room[where] // 2)) for where, each in last.items())]


def _places(unit: UnitOfWork, enrolment: Enrolment) -> Iterator[Looking]:
    """Where this worker looks for the next task: ordinary ones, and gold where it is its turn."""
    project, about = unit.projects.get(enrolment.project), (enrolment.worker, enrolment.project)
    next_turn = replace(enrolment, answered=enrolment.answered + 1)
    yield Looking(
        *about,
        False,
        task_selection.start_of(unit, next_turn),
        enrolment.back,
        task_selection.looked_at(project, False),
    )
    if not enrolment.qualified or dispatch.is_gold_turn(next_turn, unit.secrets.recent(CHOICES)):
        yield Looking(*about, True, enrolment.gold_cursor, enrolment.gold_back, dispatch.COMPARED)
