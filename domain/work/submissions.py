"""Submissions. The answer is stored in its kind's canonical form; None is “can't tell”.

**Working time** is one thing, which run summaries, cards, statements and the wage floor report alike. It runs from when
the task reached the worker to the answer. A task that was pushed may have lain in a pocket: its time counts from the
first sign that its worker is at it, and is at least what its kind and content take by the estimate. Time beyond PAUSE
times the usual time of its project is a pause, where it is longer than SHORTEST_PAUSE.
"""

from typing import NewType

from domain.moments import DAY, HOUR, MINUTE, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.records import record
from domain.work.assignments import AssignmentId

SubmissionId = NewType("SubmissionId", int)

# Silence pays: an undecided submission is then accepted and available.
# How long an answer can be opened again after it was given, and how long the new one may take then.
CHANGE_TIME, CHANGING_TIME = 1 * MINUTE, 5 * MINUTE
# Time after the deadline counts as work up to this long after the offer; a longer pause does not.
WORKED = 1 * HOUR
# Tasks of a project that a worker can skip in a day. Without a limit, whoever was told the answers to some tasks could
# skip all others.
SKIPS_A_DAY = 20
PAUSE = 3  # times the usual time of a project's answers, beyond which time is a pause
SHORTEST_PAUSE = 1 * MINUTE  # of a short task: to look something up takes a moment


def time_taken(offered: Moment, deadline: Moment, now: Moment) -> int:
    """Milliseconds from the offer to the answer, a late one too."""
    return max(0, min(now, max(deadline, offered + WORKED)) - offered)


def pushed_time(wall: int, estimated: int, since_begun: int | None) -> int:
    """Milliseconds of work on a task that came unasked and was answered after `wall`; `since_begun` is None where the
    answer was the first sign that its worker was at it."""
    return min(wall, max(estimated, since_begun or 0))


def without_pause(milliseconds: int, usual: int) -> int:
    """Working time where answers usually take `usual` milliseconds."""
    return min(milliseconds, max(SHORTEST_PAUSE, PAUSE * usual))


@record
class Submission:
    """`gold` is 1 right, 0 missed, None where the task has no gold or the answer is “can't tell”; `held_until` None
    once the pay is available; `pay` and `fee` are the project's at that moment, `version` that of the instructions it
    was made under."""

    id: SubmissionId
    assignment: AssignmentId
    project: ProjectId
    task: TaskId
    worker: PersonId
    answer: str | None
    gold: int | None
    milliseconds: int
    state: str
    held_until: Moment | None
    submitted_at: Moment
    pay: Millionths
    fee: Millionths
    version: int = 1

    def may_be_changed(self, at: Moment) -> bool:
        """Whether it can be opened again at this moment, as far as time goes."""
        return at <= self.submitted_at + CHANGE_TIME


@record
class Enrolment:
    """A worker in a project: consent, position in its tasks, gold counts, qualification.

    `watch` is the level of domain/quality/restrictions.py; until `restricted_until` nothing of the project is
    offered. `later`: 1 asked later by their answers here, 2 by answers elsewhere; 0 not.
    `barred`: the last assignment before it was known that they share a bank account with the project's requester.
    `terms`: the version of the card they consented to. `blocked`: their requester offers them nothing any more.
    `version`: of the instructions, as they read them last. `offered`: how many tasks they were offered. `skipped`: how
    many of them they skipped on the day `skipped_on`, counted in UTC since 1970.
    """

    worker: PersonId
    project: ProjectId
    consented_at: Moment | None
    declined: bool
    qualified: bool
    cursor: int
    gold_cursor: int
    answered: int
    gold_seen: int
    gold_right: int
    watch: int
    restricted_until: Moment | None
    later: int = 0
    back: int = 0
    gold_back: int = 0
    barred: int | None = None
    terms: str | None = None
    blocked: int = 0
    version: int = 1
    offered: int = 0
    skipped: int = 0
    skipped_on: int = 0

    def skips_left(self, now: Moment) -> int:
        """Return how many more tasks of the project this worker can skip today."""
        return SKIPS_A_DAY - (self.skipped if self.skipped_on == now // DAY else 0)

    def has_offers(self, now: Moment) -> bool:
        """Return whether anything of the project may be offered: nothing once it was left, or its requester blocked the
        worker or shares an account with them; nothing while they are restricted, or have no skip left today."""
        is_open = not (self.declined or self.blocked or self.barred is not None or self.is_restricted(now))
        return is_open and self.skips_left(now) > 0

    def is_restricted(self, now: Moment) -> bool:
        return self.restricted_until is not None and now < self.restricted_until
