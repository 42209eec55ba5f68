"""Task selection: the project an arriving worker is given, and the place in it."""

from collections.abc import (
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from itertools import chain

from domain.answers import kind_of
from domain.messages import record
from domain.moments import later
from domain.people.accounts import Person, PersonId
from domain.people.qualifications import TypeId
from domain.projects.projects import (
    ACCEPTED,
    AT_MOST,
    COUNTRY,
    GOOD_IN,
    HOLDS,
    INVITED,
    MASTERS,
    NOT_COUNTRY,
    NOT_IN,
    QUALIFIED,
    SAYS,
    UNTOLD,
    Condition,
    ContentChoice,
    Project,
    ProjectId,
    ProjectState,
    accepted_percent,
    conditions,
    is_good,
    is_master,
    parse_requirement,
)
from domain.projects.tasks import TaskId
from domain.quality.live import ProjectModel, WorkerModel
from domain.work import dispatch
from domain.work.assignments import BATCH, Enrolment
from domain.work.dispatch import TurnOrder
from domain.work.messages import ContentWarning, LastAnswer
from services.people.blocks import are_apart
from services.quality import consensus
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from storage.work.openings import UNREAD


def is_asked(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether it suits them, and they fit its conditions. Who has begun a task may finish it."""
    return suits(unit, worker, project) and (not project.who or _fits(unit, worker, project))


def suits(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether it is in a language they read, and of a kind they want."""
    if not worker.choosy:
        return project.speaks(worker.language)
    chosen = unit.preferences.of(worker.id)
    if not chosen.wants(project.kind, project.options):
        return False
    if chosen.languages and not project.languages:  # it is in its requester's language
        return unit.people.get(project.requester).language in chosen.languages
    return any(map(project.speaks, chosen.reads(worker.language)))


def _fits(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return all(RULES[each.name](unit, worker, project, each) for each in conditions(project.who))


def _enrolments(unit: UnitOfWork, worker: Person, condition: Condition) -> list[Enrolment]:
    """In the projects it names."""
    found = (unit.enrolments.find(worker.id, ProjectId(number)) for number in condition.numbers)
    return [each for each in found if each is not None]


def _country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return worker.choosy and unit.preferences.of(worker.id).country in condition.values


def _not_country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    known = unit.preferences.of(worker.id).country if worker.choosy else ""
    return known not in ("", UNTOLD, *condition.values)


def _says(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    number, places = condition.value.split(":")
    said, question = unit.screening.get_answers(worker.id).get(int(number)), unit.screening.find(int(number))
    return question is not None and said in [question.options[int(each)] for each in places.split("|")]


def _holds(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    asked = parse_requirement(condition.value)
    if asked.type is not None:
        value = unit.qualifications.get_held_values(worker.id).get(TypeId(asked.type))
        known = value is not None or not asked.is_met(None) or unit.qualifications.find(asked.type) is not None
        return known and asked.is_met(value)  # one that was deleted nobody meets
    answered, rejected, waiting = unit.qualifications.count_answers(worker.id)
    if asked.subject == ACCEPTED:
        return asked.is_met(answered - rejected - waiting)
    if asked.subject == MASTERS:
        return asked.is_met(1 if is_master(answered, rejected) else None)
    return asked.is_met(accepted_percent(answered, rejected))


def _qualified(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(each.qualified for each in _enrolments(unit, worker, condition))


def _good_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(
        each.qualified and is_good(*_gold_of_full_batches(unit, each)) for each in _enrolments(unit, worker, condition)
    )


def _gold_of_full_batches(unit: UnitOfWork, enrolment: Enrolment) -> tuple[int, int]:
    """Return how many check questions the worker met in this project, and how many of them were right. Answers of a
    batch that is not full are left out: an offer that comes or goes after one answer would tell what it was."""
    newest = unit.skills.gold_of_newest(enrolment.worker, enrolment.project, enrolment.answered % BATCH)
    return enrolment.gold_seen - newest[0], enrolment.gold_right - newest[1]


def _not_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return not any(each.answered for each in _enrolments(unit, worker, condition))


def _at_most(unit: UnitOfWork, worker: Person, project: Project, condition: Condition) -> bool:
    known = unit.enrolments.find(worker.id, project.id)
    return known is None or known.answered < condition.numbers[0]


def left_for(unit: UnitOfWork, worker: Person, project: Project, places: int) -> int:
    """Of so many places those that this worker can still be given."""
    limits = [each.numbers[0] for each in conditions(project.who) if each.name == AT_MOST]
    known = unit.enrolments.find(worker.id, project.id) if limits else None
    return min([places, *limits]) if known is None else max(0, min([places, *(n - known.answered for n in limits)]))


def takes_late(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether an answer whose time was up may have a place again: who is offered nothing more has no claim to one, and
    the task in hand counts towards `at most`."""
    known = unit.enrolments.find(worker.id, project.id)
    if project.state is not ProjectState.RUNNING:
        return False
    if known is not None and (known.blocked or known.barred is not None or known.is_restricted(unit.now)):
        return False
    in_hand = unit.assignments.active_for(worker.id)
    begun = in_hand is not None and in_hand.project == project.id
    return left_for(unit, worker, project, 2) > begun


def _invited(unit: UnitOfWork, worker: Person, project: Project, _: Condition) -> bool:
    return unit.invitations.is_invited(worker.id, project.id)


RULES: Mapping[str, Callable[[UnitOfWork, Person, Project, Condition], bool]] = {
    AT_MOST: _at_most,
    NOT_IN: _not_in,
    QUALIFIED: _qualified,
    GOOD_IN: _good_in,
    COUNTRY: _country,
    NOT_COUNTRY: _not_country,
    HOLDS: _holds,
    SAYS: _says,
    INVITED: _invited,
}


LOOKED_AT = 50  # running projects with such content


def due(
    unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, pushed: bool = False
) -> ContentWarning | None:
    """The warning of the first project that has a task for this worker and whose content they have not decided about;
    `pushed`: nobody asked for a task."""
    decided = (ContentChoice.REFUSED, ContentChoice.AGREED, *((ContentChoice.SHOWN,) if pushed else ()))
    unwanted: set[str] | None = None
    for project in unit.projects.warned(LOOKED_AT):
        if unit.content_choices.of(worker.id, project.id) in decided or not has_task(unit, worker, project):
            continue
        if pushed:
            unwanted = unit.content_choices.unwanted(worker.id) if unwanted is None else unwanted
            if not unwanted.isdisjoint(project.content):
                continue
        return warning(unit, worker, project, last)
    return None


def must_warn(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether a chosen project has a task for them, and its content to be agreed to first."""
    if not project.content or unit.content_choices.of(worker.id, project.id) is ContentChoice.AGREED:
        return False
    return has_task(unit, worker, project)


def warning(unit: UnitOfWork, worker: Person, project: Project, last: LastAnswer | None = None) -> ContentWarning:
    """It is noted that it was shown; enrolled is who may decline."""
    unit.enrolments.enrol(worker.id, project.id)
    if unit.content_choices.of(worker.id, project.id) is None:
        unit.content_choices.keep(worker.id, project.id, ContentChoice.SHOWN)
    asks = unit.people.get(project.requester).name
    in_hand = unit.assignments.active_for(worker.id)
    leaves = in_hand is not None and in_hand.project != project.id
    return ContentWarning(
        project=project.id,
        title=project.title,
        requester=asks,
        content=project.content,
        pay=project.pay,
        currency=project.currency,
        last=last,
        leaves=unit.projects.get(in_hand.project).title if in_hand is not None and leaves else "",
    )


def has_task(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether this project offers a task to this worker, content aside."""
    offers = project.state is ProjectState.RUNNING and not project.paused and project.requester != worker.id
    if not offers or not is_asked(unit, worker, project):
        return False
    known = unit.enrolments.find(worker.id, project.id)
    if known and not known.has_offers(unit.now):
        return False
    if known is None and are_apart(unit, worker.id, project.requester):
        return False
    return unit.enrolments.left.has_place(worker.id, project.id)


FEW = 2  # places ahead, and as many that came back, that are looked at where the first will do
FIRST_TURNS, MOST_TURNS = 4, 64  # projects that are read at once: at first, and where the first few have nothing
TURNS_LOOKED_AT = 16  # to see whether one waits


def projects(unit: UnitOfWork, worker: Person) -> Iterator[ProjectId]:
    """Those that offer something and were not declined, in the order in which they are tried; few are read."""
    order, few = TurnOrder(unit.now), FIRST_TURNS
    unread = dict.fromkeys(unit.project_turns.audiences(_understands(unit, worker)), UNREAD)
    before = [unit.project_turns.telling(worker.id)]  # where they tell more: read with the first few
    if not unread:
        order.add(*unit.read(*before))
    while unread:
        languages = min(unread, key=lambda each: unread[each])
        following = unit.project_turns.next(worker.id, languages, unread.pop(languages), few)
        *telling, (turns, reached) = unit.read(*before, following)
        order.add(chain(*telling, turns))
        before = []
        if reached is not None:
            unread[languages], few = reached, min(2 * few, MOST_TURNS)
        yield from order.next(min(unread.values(), default=None))
    yield from order.next(None)


def _understands(unit: UnitOfWork, worker: Person) -> Callable[[tuple[str, ...]], bool]:
    """Whether a worker reads one of some languages; none are everybody's."""
    known = unit.preferences.of(worker.id).reads(worker.language) if worker.choosy else (worker.language,)
    return lambda languages: not languages or not set(languages).isdisjoint(known)


def stand(
    unit: UnitOfWork, project: ProjectId, model: ProjectModel, workers: Sequence[tuple[PersonId, WorkerModel]]
) -> None:
    """Stores results of relearning for some workers: how informative their answers are, and whether they are asked
    later."""
    known = ((worker, dispatch.standing(found, model)) for worker, found in workers)
    unit.enrolments.stand(project, [(worker, about) for worker, about in known if about is not None])


def is_anothers_turn(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Whether the next task may be of another project: at once where an invitation calls them, else from time to
    time where there is one."""
    if worker.called_to not in (None, project.id):
        return True
    if enrolment.answered % dispatch.STAY or unit.project_turns.is_alone(project.id):
        return False
    if not unit.is_shared or not enrolment.answered % dispatch.SELDOM:
        return True
    return unit.project_turns.any_waits(later(unit.now, -dispatch.WAITED), project.id, TURNS_LOOKED_AT)


@record
class SelectedTask:
    """A place to be given out, with the worker's new cursors: ahead, and in returned places."""

    task: TaskId
    gold: bool
    cursor: int
    back: int


def next_place(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Gold when it is its turn, never as the only thing left."""
    if dispatch.is_asked_later(enrolment) and not _has_turn(unit, enrolment):
        return None
    if dispatch.is_gold_turn(enrolment, unit.secrets.recent(CHOICES)):
        if not _has_any(unit, enrolment, project):
            return None
        gold = _choose(unit, enrolment, project, gold=True)
        if gold is not None:
            return gold
    return _choose_further_on(unit, enrolment, project) or _choose(unit, enrolment, project, gold=False)


def can_meet_gold(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Whether this worker can still be asked for a known answer, which comes among ordinary tasks only."""
    return _choose(unit, enrolment, project, gold=True) is not None and _has_any(unit, enrolment, project)


def looked_at(project: Project, gold: bool) -> int:
    """How many places ahead, and as many that came back."""
    return dispatch.COMPARED if gold or kind_of(project.kind).keeps_scores else FEW


def _has_turn(unit: UnitOfWork, enrolment: Enrolment) -> bool:
    """Whether a worker who is asked later may be asked now: no better one is at work there, or they have waited long
    enough."""
    return unit.enrolments.has_turn(enrolment.worker, enrolment.project, dispatch.rested_since(unit.now))


def _has_any(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Whether an ordinary place is left for this worker: as few as can be are looked at, and none is compared."""
    if unit.openings.sees_one(enrolment.worker, project.id, enrolment.cursor):
        return True
    return _choose(unit, enrolment, project, gold=False, any_will_do=True) is not None


def _choose(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, gold: bool, any_will_do: bool = False
) -> SelectedTask | None:
    """The candidates this worker has not had, among the next few positions."""
    worker, before = enrolment.worker, _looked(enrolment, gold)
    (cursor, back), few = before, FEW if any_will_do else looked_at(project, gold)
    while True:
        near = unit.openings.near(worker, project.id, gold, cursor, back, few)
        place = _first(near) if any_will_do else _picked(unit, enrolment, project, near, gold)
        cursor = dispatch.moved(cursor, near.ahead, place)
        back = dispatch.moved(back, near.returned, place, dispatch.by_return)
        if place is not None:
            return SelectedTask(place.task, gold, cursor, back)
        if not near.ahead and not near.returned:
            break
    if (cursor, back) != before:
        unit.enrolments.move(worker, project.id, gold, cursor, back)
    return None


def start_of(unit: UnitOfWork, enrolment: Enrolment) -> int:
    """Return from where in the shuffled order this worker's next ordinary task is looked for."""
    return dispatch.drawn_start(enrolment, unit.openings.spacing(enrolment.project), unit.secrets.recent(CHOICES))


def _choose_further_on(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Return an ordinary task from a drawn place on. The cursor stays before those that are passed over. None where the
    turn is that of the first of them, or nothing is left from there on."""
    cursor, back = _looked(enrolment, gold=False)
    start = start_of(unit, enrolment)
    if start == cursor:
        return None
    near = unit.openings.near(enrolment.worker, project.id, False, start, back, looked_at(project, False))
    place = _picked(unit, enrolment, project, near, gold=False)
    if place is None:
        return None
    return SelectedTask(place.task, False, cursor, dispatch.moved(back, near.returned, place, dispatch.by_return))


def _looked(enrolment: Enrolment, gold: bool) -> tuple[int, int]:
    return (enrolment.gold_cursor, enrolment.gold_back) if gold else (enrolment.cursor, enrolment.back)


def _picked(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, near: dispatch.Near, gold: bool
) -> dispatch.Place | None:
    """Gold by lot; else the most informative place where that is known, or the first."""
    if gold:
        left = near.left[: dispatch.gold_candidates(enrolment)]
        return dispatch.any_place(left, enrolment, unit.secrets.recent(CHOICES)) if left else None
    if kind_of(project.kind).keeps_scores:
        return _best(unit, enrolment, project, near.left)
    return _first(near)


def _first(near: dispatch.Near) -> dispatch.Place | None:
    return next((place for place in (*near.ahead, *near.returned) if not place.had), None)


def _best(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, left: list[dispatch.Place]
) -> dispatch.Place | None:
    if len(left) < 2 or dispatch.is_oldest_turn(enrolment) or not any(place.scores for place in left):
        return left[0] if left else None
    known = unit.models.for_answer(project.id, enrolment.worker) or consensus.opened(len(project.options))
    return dispatch.best_place(left, known[1], known[0].fresh)
