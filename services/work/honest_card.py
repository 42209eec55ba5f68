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
from domain.work.assignments import Assignment, AssignmentId, Enrolment, proof_after
from domain.work.honest_card import HonestCard
from domain.work.offers import MAX_COUNTED_PLACES
from services.act import Act
from services.fairness.ratings import find_rateable_requester
from services.projects import edits
from services.work import answer_messages, task_selection
from storage.drivers.connection import WriteScope
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from storage.work.openings import SPARE_PLACES, PlaceSearch


def get_honest_card(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> HonestCard:
    """Return a project's facts before a worker's first answer; the hourly pay is measured where possible."""
    times, faq, left, record, rating, decided = _read_facts(unit, project, enrolment)
    measured_milliseconds, floor = _lift_to_stated_time(project, times), _get_floor(unit, project)
    milliseconds = measured_milliseconds or base_of(project, [task])[0] * 1000
    total, needed = proof_after(enrolment.gold_right, enrolment.gold_seen)
    return HonestCard(
        hourly=_to_hourly_claim(project, floor, measured_milliseconds),
        floor=floor,
        milliseconds=int(milliseconds),
        measured=measured_milliseconds is not None,
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
        proof=(needed, total),
    )


def _read_facts(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> list[Any]:
    """Return usual milliseconds, questions answered, tasks left, track record, rating and decided answers, read in one
    round trip."""
    worker, requester = enrolment.worker, project.requester
    return unit.read_current(
        unit.submissions.measure(project.id),
        unit.questions.read_last_entry_number(project.id),
        unit.enrolments.left.look(worker, project.id, MAX_COUNTED_PLACES),
        unit.track_records.read_record(requester),
        unit.ratings.read_public_figures(requester),
        unit.ratings.read_decided_answers(worker, requester),
    )


def _must_prove(unit: UnitOfWork, project: Project, task: Task, enrolment: Enrolment) -> bool:
    """Return whether the pay of the task in hand may have to wait for check questions; it may be the last of them
    itself."""
    return bool(task.gold) or task_selection.can_meet_gold(unit, enrolment, project)


def get_hourly_claim(unit: UnitOfWork, project: Project) -> Millionths | None:
    """Return the pay an hour that may be claimed, None before it is measured."""
    measured = _lift_to_stated_time(project, unit.submissions.median_milliseconds(project.id))
    return _to_hourly_claim(project, _get_floor(unit, project), measured)


def _to_hourly_claim(project: Project, floor: Millionths, measured: int | None) -> Millionths | None:
    return Millionths(max(hourly_pay(project.pay, measured), floor)) if measured else None


def _lift_to_stated_time(project: Project, measured: int | None) -> int | None:
    """Return the milliseconds of a task, at least the requester's stated time: measuring leaves out the way to an
    errand. None if nothing is measured."""
    return max(measured, (project.seconds or 0) * 1000) if measured else None


def _get_floor(unit: UnitOfWork, project: Project) -> Millionths:
    """Return the promised pay an hour, to which lower pay is lifted; 0 without a promise."""
    promised = unit.topups.find_promise(project.id)
    return Millionths(promised.floor if promised else 0)


@record
class PressedAnswer:
    """An update, the Telegram id of its sender, and the assignment that it answers."""

    update: int
    telegram_id: int
    assignment: AssignmentId


def find_shards(unit: UnitOfWork, presses: Sequence[PressedAnswer]) -> Iterable[int]:
    """Return the ledger shards of the projects that these presses answer."""
    return map(shard_of, unit.assignments.projects([press.assignment for press in presses]))


# What an answer writes for its worker and its project.
ANSWER_SCOPE = WriteScope(
    frozenset(
        (
            *("inbox", "people", "assignments", "tasks", "enrolments", "submissions", "openings", "returned_places"),
            *("transfers", "floors", "outbox", "preferences", "progress_moves", "turk_events"),
        )
    ),
    find_shards,
)


def foresee_nothing(unit: UnitOfWork, presses: Sequence[PressedAnswer]) -> None:
    """Read nothing ahead: presses of other kinds need fewer rows, and are rarer."""


def foresee_answers(unit: UnitOfWork, presses: Sequence[PressedAnswer]) -> None:
    """Read ahead, and hold, all rows that these answers will most likely need."""
    _, _, assignments = unit.foresee(
        unit.inbox.foresee([row.update for row in presses]),
        unit.people.foresee([row.telegram_id for row in presses]),
        unit.assignments.foresee([row.assignment for row in presses]),
    )
    pairs = list(dict.fromkeys((row.worker, row.project) for row in assignments))
    tasks = list(dict.fromkeys(row.task for row in assignments))
    projects = list(dict.fromkeys(row.project for row in assignments))
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
    _foresee_messages(unit, assignments)
    places = [place for enrolment in enrolments for place in _list_searches(unit, enrolment)]
    nearby_places, *_ = unit.foresee(
        unit.openings.look(_add_spare_places(places)),
        unit.submissions.foresee_runs(_filter_recap_due(answer_messages.RECAP_EVERY_ANSWERS, enrolments)),
    )
    unit.foresee(unit.openings.know([worker for worker, _ in pairs], nearby_places))


def _foresee_messages(unit: UnitOfWork, assignments: Sequence[Assignment]) -> None:
    """Read ahead which messages may be taken by the next task, and when they came."""
    workers = {assignment.id: unit.people.get(assignment.worker) for assignment in assignments}
    choosy = [worker.id for worker in workers.values() if worker.choosy]
    if choosy:
        unit.foresee(unit.preferences.foresee(choosy))
    unit.foresee(unit.outbox.shown.foresee([*workers], [worker.id for worker in workers.values()]))


def _filter_recap_due(every: int, enrolments: Sequence[Enrolment]) -> list[PersonId]:
    """Return the workers whose next answer in a project brings a recap, one of `every`."""
    return [enrolment.worker for enrolment in enrolments if (enrolment.answered + 1) % every == 0]


def _add_spare_places(searches: list[PlaceSearch]) -> list[PlaceSearch]:
    """Return the searches, with one larger search from the last place of each project: other workers take some of the
    places."""
    searches_by_place = Counter(search.where for search in searches)
    last_search = {search.where: search for search in sorted(searches, key=lambda search: search.cursor)}
    return [
        *searches,
        *(
            changed(search, few=search.few + max(SPARE_PLACES, searches_by_place[place] // 2))
            for place, search in last_search.items()
        ),
    ]


def _list_searches(unit: UnitOfWork, enrolment: Enrolment) -> Iterator[PlaceSearch]:
    """Yield where this worker will look for the next task: among ordinary ones, and among gold if that may come."""
    project, worker_and_project = unit.projects.get(enrolment.project), (enrolment.worker, enrolment.project)
    next_enrolment = replace(enrolment, answered=enrolment.answered + 1)
    yield PlaceSearch(
        *worker_and_project,
        False,
        task_selection.draw_search_start(unit, next_enrolment),
        enrolment.back,
        task_selection.count_places_compared(project, False),
    )
    if not enrolment.qualified or dispatch.is_gold_turn(next_enrolment, unit.secrets.recent(CHOICES)):
        yield PlaceSearch(
            *worker_and_project, True, enrolment.gold_cursor, enrolment.gold_back, dispatch.COMPARED_PLACES
        )


def show_instructions(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Return the instructions of this project; 0 means that of the task in hand, or of the last answer. A task in hand
    shows the version it was given out with. Raise NotFound if there is no project, or it was never offered to this
    worker."""
    unit, worker = act.unit, act.person
    in_hand = unit.assignments.active_for(worker.id)
    project_number = project or (in_hand.project if in_hand else unit.submissions.latest_project(worker.id))
    if project_number is None or unit.enrolments.find(worker.id, project_number) is None:
        raise NotFound(what="offer", name="")
    shown_project = unit.projects.get(project_number)
    version = in_hand.version if in_hand and in_hand.project == project_number else shown_project.version
    return edits.introduction(edits.as_of_version(unit, shown_project, version), edits.cited(shown_project, version))
