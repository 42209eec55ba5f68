"""The honest card: a project's facts before a worker's first answer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from domain.answers import kind_of
from domain.messages import Message, changed, record
from domain.moments import DECISION_TIME, HOUR
from domain.money.amounts import Millionths
from domain.money.ledger import shard_of
from domain.money.pricing import hourly_pay
from domain.people.accounts import PersonId
from domain.projects.progress import base_of
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import Task
from domain.refusals import NotFound
from domain.work import dispatch
from domain.work.assignments import Assignment, AssignmentId, Enrolment
from domain.work.honest_card import HonestCard
from domain.work.offers import COUNTED
from services.act import Act
from services.fairness.ratings import find_rateable_requester
from services.projects import edits
from services.work import answer_messages, task_selection
from storage.drivers.connection import Scope
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from storage.work.openings import SPARE, Looking


def honest_card(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> HonestCard:
    """The facts before the first answer: pay an hour, measured where possible."""
    times, faq, left, record, rating, decided = _looked_up(unit, project, enrolment)
    measured, floor = _with_the_way(project, times), _floor(unit, project)
    milliseconds = measured or base_of(project, [task])[0] * 1000
    return HonestCard(
        hourly=_claim(project, floor, measured),
        floor=floor,
        milliseconds=int(milliseconds),
        measured=measured is not None,
        stated=project.seconds is not None,
        purpose=project.purpose,
        accept=project.accept,
        hours=DECISION_TIME // HOUR,
        gold=_must_prove(unit, project, task, enrolment),
        faq=faq,
        requester=unit.people.get(project.requester).name,
        left=left,
        record=record,
        rating=rating,
        rate=find_rateable_requester(unit, enrolment.worker, project, decided),
        own=kind_of(project.kind).is_own,
        models=bool(project.models),
        content=project.content,
    )


def _looked_up(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> list[Any]:
    worker, requester = enrolment.worker, project.requester
    return unit.read(
        unit.submissions.measure(project.id),
        unit.questions.read_last_entry_number(project.id),
        unit.enrolments.left.look(worker, project.id, COUNTED),
        unit.track_records.read_record(requester),
        unit.ratings.read_public_figures(requester),
        unit.ratings.read_decided_answers(worker, requester),
    )


def _must_prove(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> bool:
    """Whether the pay of the task in hand may have to wait for check questions; it may be the last of them itself."""
    return bool(task.gold) or task_selection.can_meet_gold(unit, enrolment, project)


def hourly_claim(unit: UnitOfWork, project: Project) -> Millionths | None:
    """The pay an hour that may be claimed: None before it is measured."""
    measured = _with_the_way(project, unit.submissions.median_milliseconds(project.id))
    return _claim(project, _floor(unit, project), measured)


def _claim(project: Project, floor: Millionths, measured: int | None) -> Millionths | None:
    return Millionths(max(hourly_pay(project.pay, measured), floor)) if measured else None


def _with_the_way(project: Project, measured: int | None) -> int | None:
    """Milliseconds a task. Measuring leaves out the way to an errand, so that no figure claims less time than the
    requester states."""
    return max(measured, (project.seconds or 0) * 1000) if measured else None


def _floor(unit: UnitOfWork, project: Project) -> Millionths:
    """The promised pay an hour: what is below it is lifted to it."""
    promised = unit.topups.find_promise(project.id)
    return Millionths(promised.floor if promised else 0)


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
        unit.topups.preload_promises(projects),
    )
    _foresee_messages(unit, found)
    places = [place for enrolment in enrolments for place in _places(unit, enrolment)]
    seen, *_ = unit.foresee(
        unit.openings.look(_with_room(places)),
        unit.submissions.foresee_runs(_with_every(answer_messages.EVERY, enrolments)),
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


def show(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Of the project that was named, else (0) of the task in hand, or of the last answer. Of a task in hand those it
    was given out with."""
    unit, worker = act.unit, act.person
    in_hand = unit.assignments.active_for(worker.id)
    number = project or (in_hand.project if in_hand else unit.submissions.latest_project(worker.id))
    if number is None or unit.enrolments.find(worker.id, number) is None:
        raise NotFound(what="offer", name="")
    of = unit.projects.get(number)
    held = in_hand.version if in_hand and in_hand.project == number else of.version
    return edits.introduction(edits.as_of_version(unit, of, held), edits.cited(of, held))
