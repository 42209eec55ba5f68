"""Task selection: the project an arriving worker is given, and the place in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """Return whether the project suits the worker and they meet its conditions. A task that was begun may be finished
    anyway."""
    return suits_preferences(unit, worker, project) and (not project.who or _meets_conditions(unit, worker, project))


def suits_preferences(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether the project is in a language the worker reads, and of a kind they want."""
    if not worker.choosy:
        return project.speaks(worker.language)
    chosen = unit.preferences.get(worker.id)
    if not chosen.wants(project.kind, project.options):
        return False
    if chosen.languages and not project.languages:  # it is in its requester's language
        return unit.people.get(project.requester).language in chosen.languages
    return any(map(project.speaks, chosen.reads(worker.language)))


def _meets_conditions(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return all(RULES[condition.name](unit, worker, project, condition) for condition in conditions(project.who))


def _get_enrolments(unit: UnitOfWork, worker: Person, condition: Condition) -> list[Enrolment]:
    """Return the worker's enrolments in the projects that the condition names."""
    enrolments = (unit.enrolments.find(worker.id, ProjectId(number)) for number in condition.numbers)
    return [enrolment for enrolment in enrolments if enrolment is not None]


def _is_in_country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return worker.choosy and unit.preferences.get(worker.id).country in condition.values


def _is_outside_country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    country = unit.preferences.get(worker.id).country if worker.choosy else ""
    return country not in ("", UNTOLD, *condition.values)


def _has_said(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    pair_number, places = condition.value.split(":")
    reply, question = unit.screening.get_answers(worker.id).get(int(pair_number)), unit.screening.find(int(pair_number))
    return question is not None and reply in [question.options[int(place)] for place in places.split("|")]


def _holds_qualification(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    required = parse_requirement(condition.value)
    if required.type is not None:
        value = unit.qualifications.get_held_values(worker.id).get(TypeId(required.type))
        is_known = value is not None or not required.is_met(None) or unit.qualifications.find(required.type) is not None
        return is_known and required.is_met(value)  # one that was deleted nobody meets
    answered, rejected, waiting = unit.qualifications.count_answers(worker.id)
    if required.subject == ACCEPTED:
        return required.is_met(answered - rejected - waiting)
    if required.subject == MASTERS:
        return required.is_met(1 if is_master(answered, rejected) else None)
    return required.is_met(accepted_percent(answered, rejected))


def _is_qualified(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(enrolment.qualified for enrolment in _get_enrolments(unit, worker, condition))


def _is_good_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(
        enrolment.qualified and is_good(*_gold_of_full_batches(unit, enrolment))
        for enrolment in _get_enrolments(unit, worker, condition)
    )


def _gold_of_full_batches(unit: UnitOfWork, enrolment: Enrolment) -> tuple[int, int]:
    """Return how many check questions the worker met in this project, and how many of them were right. Answers of a
    batch that is not full are left out: an offer that comes or goes after one answer would tell what it was."""
    newest = unit.skills.gold_of_newest(enrolment.worker, enrolment.project, enrolment.answered % BATCH)
    return enrolment.gold_seen - newest[0], enrolment.gold_right - newest[1]


def _is_new_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return not any(enrolment.answered for enrolment in _get_enrolments(unit, worker, condition))


def _is_below_limit(unit: UnitOfWork, worker: Person, project: Project, condition: Condition) -> bool:
    enrolment = unit.enrolments.find(worker.id, project.id)
    return enrolment is None or enrolment.answered < condition.numbers[0]


def count_places_for(unit: UnitOfWork, worker: Person, project: Project, places: int) -> int:
    """Return how many of so many places this worker can still be given."""
    limits = [limit.numbers[0] for limit in conditions(project.who) if limit.name == AT_MOST]
    enrolment = unit.enrolments.find(worker.id, project.id) if limits else None
    return (
        min([places, *limits])
        if enrolment is None
        else max(0, min([places, *(n - enrolment.answered for n in limits)]))
    )


def takes_late_answer(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether a late answer may take a place again: not in a project that offers the worker nothing more, and
    the task in hand counts towards `at most`."""
    enrolment = unit.enrolments.find(worker.id, project.id)
    if project.state is not ProjectState.RUNNING:
        return False
    if enrolment is not None and (
        enrolment.blocked or enrolment.barred is not None or enrolment.is_restricted(unit.now)
    ):
        return False
    in_hand = unit.assignments.active_for(worker.id)
    is_begun = in_hand is not None and in_hand.project == project.id
    return count_places_for(unit, worker, project, 2) > is_begun


def _is_invited(unit: UnitOfWork, worker: Person, project: Project, _: Condition) -> bool:
    return unit.invitations.is_invited(worker.id, project.id)


RULES: Mapping[str, Callable[[UnitOfWork, Person, Project, Condition], bool]] = {
    AT_MOST: _is_below_limit,
    NOT_IN: _is_new_in,
    QUALIFIED: _is_qualified,
    GOOD_IN: _is_good_in,
    COUNTRY: _is_in_country,
    NOT_COUNTRY: _is_outside_country,
    HOLDS: _holds_qualification,
    SAYS: _has_said,
    INVITED: _is_invited,
}


MAX_WARNED_PROJECTS = 50  # running projects with such content


def find_due_warning(
    unit: UnitOfWork, worker: Person, last: LastAnswer | None = None, pushed: bool = False
) -> ContentWarning | None:
    """Return the warning of the first project that has a task for this worker and whose content they have not decided
    about; None without one. `pushed`: nobody asked for a task, so kinds of content refused elsewhere are not asked
    about."""
    decided = (ContentChoice.REFUSED, ContentChoice.AGREED, *((ContentChoice.SHOWN,) if pushed else ()))
    unwanted: set[str] | None = None
    for project in unit.projects.warned(MAX_WARNED_PROJECTS):
        if unit.content_choices.find_choice(worker.id, project.id) in decided or not has_task(unit, worker, project):
            continue
        if pushed:
            unwanted = unit.content_choices.unwanted(worker.id) if unwanted is None else unwanted
            if not unwanted.isdisjoint(project.content):
                continue
        return show_warning(unit, worker, project, last)
    return None


def must_warn(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether a chosen project has a task for the worker but its content must be agreed to first."""
    if not project.content or unit.content_choices.find_choice(worker.id, project.id) is ContentChoice.AGREED:
        return False
    return has_task(unit, worker, project)


def show_warning(unit: UnitOfWork, worker: Person, project: Project, last: LastAnswer | None = None) -> ContentWarning:
    """Return the project's content warning, and note that it was shown. Enrols the worker, who may then decline."""
    unit.enrolments.enrol(worker.id, project.id)
    if unit.content_choices.find_choice(worker.id, project.id) is None:
        unit.content_choices.keep(worker.id, project.id, ContentChoice.SHOWN)
    requester_name = unit.people.get(project.requester).name
    in_hand = unit.assignments.active_for(worker.id)
    is_other_project = in_hand is not None and in_hand.project != project.id
    return ContentWarning(
        project=project.id,
        title=project.title,
        requester=requester_name,
        content=project.content,
        pay=project.pay,
        currency=project.currency,
        last=last,
        leaves=unit.projects.get(in_hand.project).title if in_hand is not None and is_other_project else "",
    )


def has_task(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Return whether this project offers a task to this worker, content aside."""
    is_offering = project.state is ProjectState.RUNNING and not project.paused and project.requester != worker.id
    if not is_offering or not is_asked(unit, worker, project):
        return False
    enrolment = unit.enrolments.find(worker.id, project.id)
    if enrolment and not enrolment.has_offers(unit.now):
        return False
    if enrolment is None and are_apart(unit, worker.id, project.requester):
        return False
    return unit.enrolments.left.has_place(worker.id, project.id)


FEW_PLACES = 2  # places ahead, and as many that came back, that are looked at where the first will do
FIRST_TURNS_READ, MAX_TURNS_READ = (
    4,
    64,
)  # projects that are read at once: at first, and where the first few have nothing
TURNS_CHECKED = 16  # to see whether one waits


def iterate_projects(unit: UnitOfWork, worker: Person) -> Iterator[ProjectId]:
    """Yield the projects that offer this worker something and were not declined, in the order in which they are tried.
    Reads only as many as are needed."""
    order, turns_read = TurnOrder(unit.now), FIRST_TURNS_READ
    unread = dict.fromkeys(unit.project_turns.audiences(_reads_languages(unit, worker)), UNREAD)
    first_readings = [unit.project_turns.telling(worker.id)]  # where they tell more: read with the first few
    if not unread:
        order.add(*unit.read_current(*first_readings))
    while unread:
        languages = min(unread, key=lambda wish: unread[wish])
        following = unit.project_turns.next(worker.id, languages, unread.pop(languages), turns_read)
        *telling, (turns, reached) = unit.read_current(*first_readings, following)
        order.add(chain(*telling, turns))
        first_readings = []
        if reached is not None:
            unread[languages], turns_read = reached, min(2 * turns_read, MAX_TURNS_READ)
        yield from order.next(min(unread.values(), default=None))
    yield from order.next(None)


def _reads_languages(unit: UnitOfWork, worker: Person) -> Callable[[tuple[str, ...]], bool]:
    """Return a test whether the worker reads one of some languages; no languages means everybody's."""
    read_languages = unit.preferences.get(worker.id).reads(worker.language) if worker.choosy else (worker.language,)
    return lambda languages: not languages or not set(languages).isdisjoint(read_languages)


def store_standings(
    unit: UnitOfWork, project: ProjectId, model: ProjectModel, workers: Sequence[tuple[PersonId, WorkerModel]]
) -> None:
    """Store for some workers, after relearning, how informative their answers are and whether they are asked later."""
    standings = ((worker, dispatch.get_standing(worker_model, model)) for worker, worker_model in workers)
    unit.enrolments.stand(project, [(worker, standing) for worker, standing in standings if standing is not None])


def is_anothers_turn(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether the next task may be of another project: at once if an invitation calls the worker there, else
    from time to time if another project waits."""
    if worker.called_to not in (None, project.id):
        return True
    if enrolment.answered % dispatch.STAY_ANSWERS or unit.project_turns.is_alone(project.id):
        return False
    if not unit.is_shared or not enrolment.answered % dispatch.SELDOM_ANSWERS:
        return True
    return unit.project_turns.any_waits(later(unit.now, -dispatch.LONG_WAIT), project.id, TURNS_CHECKED)


@record
class SelectedTask:
    """A place to be given out, with the worker's new cursors: ahead, and in returned places."""

    task: TaskId
    gold: bool
    cursor: int
    back: int


def choose_place(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Return the next place of the project for this worker, None if there is none or it is not their turn. Gold when
    its turn is drawn, but never as the only task left."""
    if dispatch.is_asked_later(enrolment) and not _has_turn(unit, enrolment):
        return None
    if dispatch.is_gold_turn(enrolment, unit.secrets.recent(CHOICES)):
        if not _has_ordinary_place(unit, enrolment, project):
            return None
        gold = _choose_near(unit, enrolment, project, gold=True)
        if gold is not None:
            return gold
    return _choose_further_on(unit, enrolment, project) or _choose_near(unit, enrolment, project, gold=False)


def can_meet_gold(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Return whether this worker can still be given gold, which comes among ordinary tasks only."""
    return _choose_near(unit, enrolment, project, gold=True) is not None and _has_ordinary_place(
        unit, enrolment, project
    )


def count_places_compared(project: Project, gold: bool) -> int:
    """Return how many places ahead, and as many that came back, are compared."""
    return dispatch.COMPARED_PLACES if gold or kind_of(project.kind).keeps_scores else FEW_PLACES


def _has_turn(unit: UnitOfWork, enrolment: Enrolment) -> bool:
    """Return whether a worker who is asked later may be asked now: no better one is at work there, or they have waited
    long enough."""
    return unit.enrolments.has_turn(enrolment.worker, enrolment.project, dispatch.get_rested_since(unit.now))


def _has_ordinary_place(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Return whether an ordinary place is left for this worker; looks at as few as possible and compares none."""
    if unit.openings.sees_one(enrolment.worker, project.id, enrolment.cursor):
        return True
    return _choose_near(unit, enrolment, project, gold=False, any_will_do=True) is not None


def _choose_near(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, gold: bool, any_will_do: bool = False
) -> SelectedTask | None:
    """Return a place that this worker has not had among the next few, None if there is none. Then the cursor is moved
    past all that were looked at."""
    worker, cursors = enrolment.worker, _cursors_of(enrolment, gold)
    (cursor, back), places_compared = cursors, FEW_PLACES if any_will_do else count_places_compared(project, gold)
    while True:
        nearby_places = unit.openings.near(
            worker, project=project.id, gold=gold, cursor=cursor, back=back, few=places_compared
        )
        place = (
            _first_open_place(nearby_places)
            if any_will_do
            else _pick_place(unit, enrolment, project, nearby_places, gold)
        )
        cursor = dispatch.move_cursor(cursor, nearby_places.ahead, place)
        back = dispatch.move_cursor(back, nearby_places.returned, place, dispatch.get_return_number)
        if place is not None:
            return SelectedTask(place.task, gold, cursor, back)
        if not nearby_places.ahead and not nearby_places.returned:
            break
    if (cursor, back) != cursors:
        unit.enrolments.move(worker, project.id, gold, cursor, back)
    return None


def draw_search_start(unit: UnitOfWork, enrolment: Enrolment) -> int:
    """Return where in the shuffled order the search for this worker's next ordinary task begins."""
    return dispatch.draw_start(enrolment, unit.openings.spacing(enrolment.project), unit.secrets.recent(CHOICES))


def _choose_further_on(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Return an ordinary place from a drawn position on; the cursor stays before the places that are passed over. None
    if the turn is that of the first of them, or nothing is left from there on."""
    cursor, back = _cursors_of(enrolment, gold=False)
    start = draw_search_start(unit, enrolment)
    if start == cursor:
        return None
    nearby_places = unit.openings.near(
        enrolment.worker,
        project=project.id,
        gold=False,
        cursor=start,
        back=back,
        few=count_places_compared(project, False),
    )
    place = _pick_place(unit, enrolment, project, nearby_places, gold=False)
    if place is None:
        return None
    return SelectedTask(
        place.task, False, cursor, dispatch.move_cursor(back, nearby_places.returned, place, dispatch.get_return_number)
    )


def _cursors_of(enrolment: Enrolment, gold: bool) -> tuple[int, int]:
    return (enrolment.gold_cursor, enrolment.gold_back) if gold else (enrolment.cursor, enrolment.back)


def _pick_place(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, nearby_places: dispatch.NearbyPlaces, gold: bool
) -> dispatch.OpenPlace | None:
    """Return the place to give out: gold by lot, else the most informative one where that is known, or the first. None
    if this worker has had all of them."""
    if gold:
        open_places = nearby_places.open_places[: dispatch.count_gold_candidates(enrolment)]
        return dispatch.draw_place(open_places, enrolment, unit.secrets.recent(CHOICES)) if open_places else None
    if kind_of(project.kind).keeps_scores:
        return _most_informative_place(unit, enrolment, project, nearby_places.open_places)
    return _first_open_place(nearby_places)


def _first_open_place(nearby_places: dispatch.NearbyPlaces) -> dispatch.OpenPlace | None:
    return next((place for place in (*nearby_places.ahead, *nearby_places.returned) if not place.had), None)


def _most_informative_place(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, open_places: list[dispatch.OpenPlace]
) -> dispatch.OpenPlace | None:
    if len(open_places) < 2 or dispatch.is_oldest_turn(enrolment) or not any(place.scores for place in open_places):
        return open_places[0] if open_places else None
    models = unit.models.for_answer(project.id, enrolment.worker) or consensus.get_opening_models(len(project.options))
    return dispatch.choose_best_place(open_places, models[1], models[0].fresh)
