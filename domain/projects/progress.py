"""A project's expected end, by the rate of its answers, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from domain.answers import kind_of
from domain.fairness.counter_offers import PayVoices
from domain.fairness.ratings import RequesterRating
from domain.messages import Message
from domain.moments import DAY, HOUR, MINUTE, Moment
from domain.money.amounts import Millionths
from domain.money.pricing import PICTURE_SECONDS, expected_seconds, stated_seconds, why_time_is_unknown
from domain.projects.projects import NO_SETBACKS, CountedProgress, Project, Setbacks
from domain.projects.tasks import PHOTO, Task, TaskContent, as_asked, content_of, has_sound, whole_text

LATEST, WINDOW = 100, 3 * HOUR  # answers that are looked at: so many, and no older
LEAST = 10  # … from which an estimate is made
QUIET = 15 * MINUTE  # without an answer and without a worker: the earlier rate no longer counts
CLOSED = 10  # tasks from which it is known how many answers one takes, where that is decided as they come
WEEK, FARTHEST = 7 * DAY, 60 * DAY  # of work that is looked at, and beyond which nothing is said
SPREAD = 2  # answers come in runs of one worker's: their number spreads twice as much as Poisson's


@dataclass(frozen=True, slots=True)
class Finish:
    """Milliseconds from now: between `soonest` and `latest`, two times in three."""

    soonest: int
    latest: int


def count_answers_left(project: Project, counted: CountedProgress) -> int:
    """Return the answers still to come, gold's share included: those each open task takes, less those it has; never
    more than the budget pays for. With a wanted confidence a task takes as many as the closed ones took, else its
    overlap."""
    ordinary = counted.submissions - counted.gold_seen
    answers_per_task: float = project.overlap
    if project.confidence is not None and counted.closed >= CLOSED:
        answers_per_task = min(max(ordinary / counted.closed, 1.0), project.max_overlap)
    ordinary_left = max(counted.tasks * answers_per_task - ordinary, counted.tasks - counted.closed)
    with_gold = ordinary_left * counted.submissions / ordinary if ordinary else ordinary_left
    return min(round(with_gold), counted.held // project.cost_each)


def expected_finish(left: int, arrivals: Sequence[Moment], in_hand: int, now: Moment) -> Finish | None:
    """Return when the project is likely done, from the moments of the latest answers, newest first; None if it cannot
    be said yet.

    The rate is n answers ÷ the time since the first of them. Its relative error is SPREAD ÷ √n, the standard error of a
    count whose variance is SPREAD² times its mean; so 100 answers give ± 20 %, 10 give ± 63 %."""
    recent = [moment for moment in arrivals if moment > now - WINDOW]
    if left <= 0 or len(recent) < LEAST or (not in_hand and now - recent[0] > QUIET):
        return None
    middle, error = left * max(1, now - recent[-1]) / len(recent), SPREAD / sqrt(len(recent))
    return Finish(round(middle / (1 + error)), round(middle * (1 + error)))


def forecast_finish(work: int, done: Sequence[tuple[Moment, int]], rivals: int, now: Moment) -> Finish | None:
    """Return when a project that has not begun is likely done: `work` milliseconds, by the hours at which people have
    worked here in the last week, on the first day of work alike at all hours. `done` are the latest answers' moments
    and times, newest first. The soonest if all work on it alone, the latest if its `rivals` get as much; None if it
    cannot be said."""
    recent = [(moment, took) for moment, took in done if moment > now - WEEK]
    if work <= 0 or len(recent) < LEAST:
        return None
    by_hour = _work_by_hour(recent, now)
    soonest, latest = _find_duration(work, by_hour, now), _find_duration(work * (rivals + 1), by_hour, now)
    return Finish(soonest, latest) if latest is not None and soonest is not None else None


def _work_by_hour(done: Sequence[tuple[Moment, int]], now: Moment) -> list[float]:
    """Milliseconds of work by the hour of the day; alike in all hours as long as less than a day of it is known."""
    span = now - done[-1][0]
    if span < DAY:
        return [sum(took for _, took in done) * HOUR / max(span, HOUR)] * 24
    by_hour = [0.0] * 24
    for moment, took in done:
        by_hour[moment // HOUR % 24] += took * DAY / span
    return by_hour


def _find_duration(work: float, by_hour: Sequence[float], now: Moment) -> int | None:
    """Return the milliseconds until this much work is done, or None if it takes longer than FARTHEST."""
    moment = float(now)
    while moment < now + FARTHEST:
        rest = HOUR - moment % HOUR
        work_in_hour = by_hour[int(moment // HOUR) % 24] * rest / HOUR
        if work_in_hour >= work:
            return round(moment + rest * work / work_in_hour - now)
        work, moment = work - work_in_hour, moment + rest
    return None


# Seconds that something behind a link, or heard, takes at least: a page is left after 10 to 20 (Nielsen 2011).
AWAY = {"link": 10.0, "sound": 5.0}


def base_of(project: Project, tasks: Sequence[Task]) -> tuple[float, str]:
    """Seconds one answer takes: the longest of our estimate, what the requester says, and what their title and
    instructions say; and why the estimate alone would mean nothing. A requester who says less than the estimate is not
    believed."""
    estimate, untold = estimate_seconds(project, tasks)
    words = stated_seconds(project.title, project.instructions)
    if project.seconds is None and not words:
        return estimate, untold
    return max(estimate, words, float(project.seconds or 0)), ""


def estimate_seconds(project: Project, tasks: Sequence[Task]) -> tuple[float, str]:
    """Return (seconds that one answer takes by its kind and content, why that estimate means nothing, or "")."""
    contents = [content_of(project, task) for task in tasks]
    options = as_asked(project, tasks[0]).options if tasks else project.options
    words = [whole_text(project, task) for task in tasks]
    seconds = expected_seconds(words, project.kind, options)
    looking = PICTURE_SECONDS * median(map(_pictures, contents)) if contents else 0.0
    has_sounds = any(medium.kind != PHOTO for content in contents for medium in content.media) or has_sound(
        project.template
    )
    # A program cannot say how long its task takes: the first answers are measured.
    why_unknown = "" if kind_of(project.kind).is_of_programs else why_time_is_unknown(words, project.kind, has_sounds)
    return seconds + looking + AWAY.get(why_unknown, 0.0), why_unknown


def _pictures(shown: TaskContent) -> int:
    return bool(shown.picture) + sum(medium.kind == PHOTO for medium in shown.media)


@dataclass(frozen=True, slots=True)
class ProjectProgress(Message):
    """Progress of a project; in chat a live message.

    `state`: draft, running, paused, stopped or complete. Gold is counted apart: `closed` of `tasks` are done, `begun`
    have some answers; `submissions` includes gold. `left` is milliseconds to the end, the soonest and the latest; None
    where that cannot be said. `to_review` answers wait for the requester's decision. `files`: the answers are files.
    `news` moves with every change of the project. `questions` wait for the requester's answer; `rests`: why a running
    project offers nothing, a reason each. `pay_voices`: what workers say of the pay, None from too few. `ended`: it is
    complete or stopped; `ended_by_admin`: by an admin, whose decision stands. `right`: the share of results that is
    right by the check questions answered so far, and the range in which it lies eight times in ten; None before one is
    answered. `reserve` is set aside beside `held`, in case tasks take longer; `debt` is what an ended project still
    owes its workers. `waiting` tasks were added and wait for a launch. `may_reopen`: a task that is done opens again
    where later answers make it less sure; `setbacks`: what else may have let the share of finished tasks fall.
    """

    number: int
    title: str
    state: str
    currency: str
    tasks: int
    closed: int
    gold: int
    submissions: int
    begun: int
    workers: int
    gold_right: int
    gold_seen: int
    in_hand: int
    held: Millionths
    spent: Millionths
    left: tuple[int, int] | None
    to_review: int
    files: bool
    news: int
    questions: int = 0
    rests: tuple[str, ...] = ()
    pay_voices: PayVoices | None = None
    ended: bool = False
    right: tuple[float, float, float] | None = None
    reserve: Millionths | None = None
    debt: int = 0
    ended_by_admin: bool = False
    waiting: int = 0
    may_reopen: bool = False
    setbacks: Setbacks = NO_SETBACKS


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project in a list: `state` is paused where it runs but offers nothing; `closed` of `tasks` are done, 0 of 0 for
    a draft."""

    number: int
    title: str
    state: str
    currency: str
    pay: Millionths
    tasks: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class ProjectList(Message):
    """A page of a requester's projects, newest first, and what workers' ratings say of the requester, None from too
    few. `team`: the account's name, empty for the reader's own. `total` projects; whether there are `older` ones."""

    projects: tuple[ListedProject, ...]
    rating: RequesterRating | None = None
    team: str = ""
    total: int = 0
    older: bool = False
