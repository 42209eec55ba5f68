"""One task given to one worker until a deadline: active → submitted | skipped | expired."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.messages import record
from domain.moments import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Moment,
)
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import (
    Task,
    TaskContent,
    TaskId,
    as_asked,
)
from domain.refusals import AnswerUnfit, AnswerUnknown


def wanted_next(project: Project, task: Task, draft: Draft) -> Wants:
    """What a task wants next, of the options that it has itself."""
    return kind_of(project.kind).wants_now(draft, as_asked(project, task).options)


@dataclass(frozen=True, slots=True)
class AnswerPad:
    """`draft` is as the kind keeps it."""

    kind: str
    options: tuple[str, ...]
    draft: Draft = ()

    @classmethod
    def of(cls, project: Project, draft: Draft = ()) -> "AnswerPad":
        return cls(project.kind, project.options, draft)

    @property
    def takes_presses(self) -> bool:
        return kind_of(self.kind).wants is Wants.PRESSES

    @property
    def takes_words(self) -> bool:
        """Whether words are a step of the answer, not all of it."""
        return kind_of(self.kind).asks_questions

    @property
    def is_complete(self) -> bool:
        return kind_of(self.kind).is_complete(self.draft, self.options)

    def choose(self, option: int) -> "AnswerPad":
        """After one more press; AnswerUnknown where an answer is a single press, or no press at all."""
        if not self.takes_presses:
            raise AnswerUnknown(expected=list(self.options))
        return replace(self, draft=kind_of(self.kind).stepped(self.draft, option, self.options))

    def write(self, words: str) -> "AnswerPad":
        return replace(self, draft=kind_of(self.kind).written(self.draft, words, self.options))

    def undo(self) -> "AnswerPad":
        """Without the last press."""
        return replace(self, draft=self.draft[:-1])

    def done(self) -> str:
        """The draft as an answer is handed in: `2,0,1`."""
        if not self.takes_presses:
            raise AnswerUnfit(what="nothing_chosen")
        return kind_of(self.kind).handed_in(self.draft, self.options)


AssignmentId = NewType("AssignmentId", int)


class AssignmentState(StrEnum):
    ACTIVE = "active"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RETURNED = "returned"


@record
class Assignment:
    """`draft` holds the numbers of the options pressed so far, where an answer takes several presses; `version` is that
    of the instructions it was given out with; `begun_at` the first press of several, None where the answer is the first
    sign that its worker is at it. `pushed` is 1 where the task came unasked."""

    id: AssignmentId
    project: ProjectId
    task: TaskId
    worker: PersonId
    state: AssignmentState
    offered_at: Moment
    deadline: Moment
    draft: Draft = ()
    version: int = 1
    begun_at: Moment | None = None
    pushed: int = 0


NOTED, AWAY = 5 * SECOND, 20 * SECOND


def is_to_be_noted(seen: Moment, now: Moment) -> bool:
    """Whether the last note is old, or (of a clock that was set back) from the future."""
    return now < seen or now >= seen + NOTED


def missed(seen: Moment, now: Moment) -> int:
    """Milliseconds of downtime; 0 for an ordinary step."""
    return now - seen if now - seen > AWAY else 0


# A press so soon after its task appeared is the second one of a double tap: nobody has read the task by then.
QUICK = 700  # milliseconds
UNNOTED = 2_000  # milliseconds after it was written, at most, a message is taken to appear before that is noted
EARLY = 10_000  # milliseconds by which a message may have come before its task; more is a clock that was set back
UNSEEN = 2_000  # milliseconds after an edit: a press of what stood there before tells that it was not made


class Form(StrEnum):
    """What a task's message consists of: Telegram turns none of these into another."""

    TEXT = "text"
    PICTURE = "picture"
    ALBUM = "album"  # pictures in messages of their own above the text


def form_of(kind: str, content: TaskContent) -> Form:
    if content.picture:
        return Form.PICTURE
    if content.media:
        return Form.ALBUM
    pictures = kind_of(kind).options_are_columns or kind_of(kind).asks_questions
    return Form.ALBUM if pictures and "://" in content.text else Form.TEXT


def is_double_tap(pressed: Moment, written: Moment, shown: Moment | None) -> bool:
    """Whether a press came before anybody could have read what had taken the message; `shown` None: not noted yet."""
    return pressed - (written + UNNOTED if shown is None else shown) < QUICK


def is_sent_before(sent: Moment, written: Moment) -> bool:
    """Whether a message came before the task that it would answer was written: at the same moment, where both are of
    one commit."""
    return 0 <= written - sent <= EARLY


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


QUIZ = 5  # a newcomer's first gold: it teaches, and it pays
PROOF = 3  # so many gold answers at least before pay is available at once
BAR = 0.6  # estimated accuracy on gold from which a worker is qualified
# Answers in a project after which gold may change what its worker sees. After a single answer the change would tell
# that this answer was to a check question.
BATCH = 5


def estimated_accuracy(right: int, seen: int) -> float:
    """Posterior mean, in 0…1; .5 before any gold."""
    return (right + 1) / (seen + 2)


def proof_after(right: int, seen: int) -> tuple[int, int]:
    """(gold answers, right ones among them) at which a worker is qualified at the earliest: all further ones right."""
    total = max(PROOF, seen)
    while estimated_accuracy(right + total - seen, total) < BAR:
        total += 1
    needed = next(right for right in range(total + 1) if estimated_accuracy(right, total) >= BAR)
    return total, needed


def is_batch_full(answered: int) -> bool:
    """Return whether gold may change now what the worker sees, after so many answers in the project."""
    return answered % BATCH == 0


def is_qualified(enrolment: Enrolment, gold_left: bool, compared: int = 0, agreeing: int = 0) -> bool:
    """Whether rewards go to *available* at once.

    Where no gold can come, agreement decides: `agreeing` of the `compared` answers that others gave, too.
    """
    right, seen = enrolment.gold_right, enrolment.gold_seen
    if gold_left or (seen >= PROOF and estimated_accuracy(right, seen) >= BAR):
        return seen >= PROOF and estimated_accuracy(right, seen) >= BAR
    together = estimated_accuracy(right + agreeing, seen + compared)
    return together >= (BAR if seen + compared >= PROOF else 0.5)


def is_credible(enrolment: Enrolment, right: bool, compared: int, agreeing: int) -> bool:
    """Whether what else is known of a worker here would qualify them, one gold answer (`right` or not) left out: it
    must not decide who may speak about itself. Agreement does not outweigh the other gold, from two on: whoever answers
    most of it wrong together with friends has no say."""
    hits, seen = enrolment.gold_right - right, enrolment.gold_seen - 1
    if seen >= PROOF - 1 and estimated_accuracy(hits, seen) < 0.5:
        return False
    return enrolment.qualified or (
        seen + compared >= PROOF and estimated_accuracy(hits + agreeing, seen + compared) >= BAR
    )
