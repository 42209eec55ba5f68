"""One task given to one worker until a deadline: active → submitted | skipped | expired."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.messages import record
from domain.moments import DAY, HOUR, MINUTE, SECOND, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import Task, TaskContent, TaskId, as_asked
from domain.refusals import AnswerUnfit, AnswerUnknown


def next_wanted_input(project: Project, task: Task, draft: Draft) -> Wants:
    """Return the sort of input that a task's answer needs next after this draft, by the task's own options."""
    return kind_of(project.kind).get_next_input(draft, as_asked(project, task).options)


@dataclass(frozen=True, slots=True)
class AnswerPad:
    """An answer that takes several steps: its kind, the options, and the draft as the kind stores it."""

    kind: str
    options: tuple[str, ...]
    draft: Draft = ()

    @classmethod
    def for_project(cls, project: Project, draft: Draft = ()) -> "AnswerPad":
        return cls(project.kind, project.options, draft)

    @property
    def takes_presses(self) -> bool:
        return kind_of(self.kind).wants is Wants.PRESSES

    @property
    def takes_words(self) -> bool:
        """Return whether typed words are a step of the answer, not all of it: the kind asks several questions."""
        return kind_of(self.kind).asks_questions

    @property
    def is_complete(self) -> bool:
        return kind_of(self.kind).is_complete(self.draft, self.options)

    def choose(self, option: int) -> "AnswerPad":
        """Return the pad after one more press. Raise AnswerUnknown if this kind is answered by a single press or by
        none."""
        if not self.takes_presses:
            raise AnswerUnknown(expected=list(self.options))
        return replace(self, draft=kind_of(self.kind).add_step(self.draft, option, self.options))

    def write(self, words: str) -> "AnswerPad":
        return replace(self, draft=kind_of(self.kind).add_words(self.draft, words, self.options))

    def undo(self) -> "AnswerPad":
        """Return the pad without its last press; an empty one stays empty."""
        return replace(self, draft=self.draft[:-1])

    def to_answer(self) -> str:
        """Return the draft encoded as an answer is handed in, such as `2,0,1`. Raise AnswerUnfit if this kind takes no
        presses."""
        if not self.takes_presses:
            raise AnswerUnfit(what="nothing_chosen")
        return kind_of(self.kind).encode_draft(self.draft, self.options)


AssignmentId = NewType("AssignmentId", int)


class AssignmentState(StrEnum):
    ACTIVE = "active"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RETURNED = "returned"


@record
class Assignment:
    """One task given to one worker. `draft` holds the numbers of the options pressed so far, where an answer takes
    several presses; `version` is that of the instructions when it was given out; `begun_at` is the first of several
    presses, None where the answer is the first sign of work. `pushed` is 1 where the task was sent unasked."""

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


NOTE_INTERVAL, SHORTEST_DOWNTIME = 5 * SECOND, 20 * SECOND


def is_note_due(noted_at: Moment, now: Moment) -> bool:
    """Return whether the process must note again that it is at work: its last note is old, or lies in the future
    because the clock was set back."""
    return now < noted_at or now >= noted_at + NOTE_INTERVAL


def downtime_milliseconds(noted_at: Moment, now: Moment) -> int:
    """Return the milliseconds of downtime since the last note; 0 if the gap is an ordinary one."""
    return now - noted_at if now - noted_at > SHORTEST_DOWNTIME else 0


# A press so soon after its task appeared is the second one of a double tap: nobody has read the task by then.
DOUBLE_TAP_MILLISECONDS = 700  # milliseconds
MAX_UNNOTED_MILLISECONDS = (
    2_000  # milliseconds after it was written, at most, a message is taken to appear before that is noted
)
MAX_EARLY_MILLISECONDS = (
    10_000  # milliseconds by which a message may have come before its task; more is a clock that was set back
)
UNSEEN_EDIT_MILLISECONDS = (
    2_000  # milliseconds after an edit: a press of what stood there before tells that it was not made
)


class MessageForm(StrEnum):
    """The form of a task's message. Telegram cannot edit a message of one form into another."""

    TEXT = "text"
    PICTURE = "picture"
    ALBUM = "album"  # pictures in messages of their own above the text
    PLACE = "place"  # a button in place of the letters, which only a new message brings


def form_of(kind: str, content: TaskContent) -> MessageForm:
    if kind_of(kind).wants is Wants.LOCATION:
        return MessageForm.PLACE
    if content.picture:
        return MessageForm.PICTURE
    if content.media:
        return MessageForm.ALBUM
    pictures = kind_of(kind).options_are_columns or kind_of(kind).asks_questions
    return MessageForm.ALBUM if pictures and "://" in content.text else MessageForm.TEXT


def is_double_tap(pressed_at: Moment, written_at: Moment, shown_at: Moment | None) -> bool:
    """Return whether a press came before anybody could have read the task that had taken over its message; `shown_at`
    is None while the task's delivery is not noted yet."""
    return (
        pressed_at - (written_at + MAX_UNNOTED_MILLISECONDS if shown_at is None else shown_at) < DOUBLE_TAP_MILLISECONDS
    )


def program_milliseconds(pace: int) -> int:
    """Return within which time after its task a press is taken for a program's that answered the task before in `pace`
    milliseconds: programs keep their pace, and the second tap of a hand does not keep that of a program."""
    return max(4 * pace, 50)


def is_sent_before(sent_at: Moment, written_at: Moment) -> bool:
    """Return whether a message was sent before the task that it would answer was written. True at the same moment: both
    are then of one commit."""
    return 0 <= written_at - sent_at <= MAX_EARLY_MILLISECONDS


SubmissionId = NewType("SubmissionId", int)

# Silence pays: an undecided submission is then accepted and available.
# How long an answer can be opened again after it was given, and how long the new one may take then.
CHANGE_TIME, CHANGING_TIME = 1 * MINUTE, 5 * MINUTE
# Time after the deadline counts as work up to this long after the offer; a longer pause does not.
LONGEST_LATE_WORK = 1 * HOUR
# Tasks of a project that a worker can skip in a day. Without a limit, whoever was told the answers to some tasks could
# skip all others.
SKIPS_A_DAY = 20
PAUSE_FACTOR = 3  # times the usual time of a project's answers, beyond which time is a pause
SHORTEST_PAUSE = 1 * MINUTE  # of a short task: to look something up takes a moment


def time_taken(offered_at: Moment, deadline: Moment, now: Moment) -> int:
    """Return the milliseconds from the offer to the answer. For a late answer at most LONGEST_LATE_WORK counts, or the
    time until the deadline where that is longer."""
    return max(0, min(now, max(deadline, offered_at + LONGEST_LATE_WORK)) - offered_at)


def working_time_of_pushed(elapsed: int, estimated: int, milliseconds_since_begun: int | None) -> int:
    """Return the milliseconds of work on a pushed task that was answered `elapsed` after it was offered;
    `milliseconds_since_begun` is None where the answer was the first sign of work."""
    return min(elapsed, max(estimated, milliseconds_since_begun or 0))


def without_pause(milliseconds: int, usual: int) -> int:
    """Return the working time without long pauses, where answers usually take `usual` milliseconds."""
    return min(milliseconds, max(SHORTEST_PAUSE, PAUSE_FACTOR * usual))


@record
class Submission:
    """An answer that was handed in. `gold` is 1 right, 0 missed, None where the task has no gold or the answer is
    “can't tell”; `held_until` is None once the pay is available; `pay` and `fee` are the project's at that moment,
    `version` is that of the instructions in force."""

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

    def is_in_change_time(self, moment: Moment) -> bool:
        """Return whether the answer is recent enough at this moment to be opened again; other reasons against it are
        not looked at."""
        return moment <= self.submitted_at + CHANGE_TIME


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

    def count_skips_left(self, now: Moment) -> int:
        """Return how many more tasks of the project this worker can skip today."""
        return SKIPS_A_DAY - (self.skipped if self.skipped_on == now // DAY else 0)

    def has_offers(self, now: Moment) -> bool:
        """Return whether anything of the project may be offered: nothing once it was left, or its requester blocked the
        worker or shares an account with them; nothing while they are restricted, or have no skip left today."""
        is_open = not (self.declined or self.blocked or self.barred is not None or self.is_restricted(now))
        return is_open and self.count_skips_left(now) > 0

    def is_restricted(self, now: Moment) -> bool:
        return self.restricted_until is not None and now < self.restricted_until


QUIZ_GOLD_TASKS = 5  # a newcomer's first gold: it teaches, and it pays
MIN_GOLD_TO_QUALIFY = 3  # so many gold answers at least before pay is available at once
QUALIFYING_ACCURACY = 0.6  # estimated accuracy on gold from which a worker is qualified
# Answers in a project after which gold may change what its worker sees. After a single answer the change would tell
# that this answer was to a check question.
BATCH = 5


def estimated_accuracy(right: int, seen: int) -> float:
    """Return the posterior mean of a worker's accuracy on gold, 0 to 1; .5 before any gold."""
    return (right + 1) / (seen + 2)


def proof_after(right: int, seen: int) -> tuple[int, int]:
    """Return (gold answers, right ones among them) at which a worker is qualified at the earliest, if all further gold
    answers are right."""
    total = max(MIN_GOLD_TO_QUALIFY, seen)
    while estimated_accuracy(right + total - seen, total) < QUALIFYING_ACCURACY:
        total += 1
    needed = next(right for right in range(total + 1) if estimated_accuracy(right, total) >= QUALIFYING_ACCURACY)
    return total, needed


def is_batch_full(answered: int) -> bool:
    """Return whether gold may change now what the worker sees, after this number of answers in the project."""
    return answered % BATCH == 0


def is_qualified(enrolment: Enrolment, is_gold_left: bool, compared: int = 0, agreeing: int = 0) -> bool:
    """Return whether a worker's rewards are available at once. Gold decides while some is left or enough was answered;
    else agreement counts too: `agreeing` of the `compared` answers that others gave as well."""
    gold_right, gold_seen = enrolment.gold_right, enrolment.gold_seen
    if is_gold_left or (
        gold_seen >= MIN_GOLD_TO_QUALIFY and estimated_accuracy(gold_right, gold_seen) >= QUALIFYING_ACCURACY
    ):
        return gold_seen >= MIN_GOLD_TO_QUALIFY and estimated_accuracy(gold_right, gold_seen) >= QUALIFYING_ACCURACY
    joint_accuracy = estimated_accuracy(gold_right + agreeing, gold_seen + compared)
    return joint_accuracy >= (QUALIFYING_ACCURACY if gold_seen + compared >= MIN_GOLD_TO_QUALIFY else 0.5)


def is_credible(enrolment: Enrolment, is_right: bool, compared: int, agreeing: int) -> bool:
    """Return whether the other evidence on a worker would qualify them if one gold answer (`is_right` or not) is left
    out, so that an answer never decides who may contest it. False for two or more other gold answers that are mostly
    wrong: agreement with friends does not outweigh those."""
    gold_right, gold_seen = enrolment.gold_right - is_right, enrolment.gold_seen - 1
    if gold_seen >= MIN_GOLD_TO_QUALIFY - 1 and estimated_accuracy(gold_right, gold_seen) < 0.5:
        return False
    return enrolment.qualified or (
        gold_seen + compared >= MIN_GOLD_TO_QUALIFY
        and estimated_accuracy(gold_right + agreeing, gold_seen + compared) >= QUALIFYING_ACCURACY
    )
