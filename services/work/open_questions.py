"""The table of open questions: journey → the function that takes the next words, or the next location; and to which
task what comes belongs.

A question is kept as a draft, one a person, under the name of its journey.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.answers import Wants, kind_of
from domain.hub import is_meant_as_token
from domain.moments import HOUR, Moment, later
from domain.people.people import Person, PersonId
from domain.people.teams import Right
from domain.work.answer_pad import wanted_next
from domain.work.assignments import Assignment
from domain.work.submissions import Submission
from services.act import Act
from services.fairness import board_access, board_writing, counter_offers, elections, petitions, pleas, review
from services.fairness.oversight import approval, board_contests, complaint_answers, complaints, stop_appeals, stops
from services.fairness.questions import answers, asking
from services.fairness.ratings import replies
from services.fairness.reviewing import redo_requests
from services.money import payees, payouts
from services.money.billing import invoices
from services.money.bonuses import bonus
from services.money.taxes import contributions, forms
from services.people import blocks
from services.people.qualifications import authoring, testing
from services.people.teams import accounts, acting, members, spending
from services.projects import project_wizard
from services.projects.authoring import edits, trials, wizard_extras
from services.projects.publishing import hub
from services.quality import gold_place, gold_wizard, restriction_review
from services.work.cards.seen import seen_of
from storage.unit import UnitOfWork

Kept = dict[str, Any]
LATE = 1 * HOUR  # how long what is written or sent may still belong to an expired task


@dataclass(frozen=True, slots=True)
class Question:
    """`take(act, kept, words)` answers it and returns the result, None where the words are no answer. `reaches`: other
    people read the words as they were typed.

    `kept` is what the draft holds. `waits`: whether it wants words now; `knows`: words that are its answer by what they
    are, whatever was asked later; `owns_all`: all words are, even where a task is later; `wants_place`: a location is
    an answer, too. `takes_picture(act, kept, file)`: the same of a photo.
    """

    take: Callable[[Act, Kept, str], object]
    waits: Callable[[Kept], bool] = lambda kept: True
    knows: Callable[[str], bool] = lambda words: False
    owns_all: bool = False
    wants_place: Callable[[UnitOfWork, Kept], bool] = lambda unit, kept: False
    takes_picture: Callable[[Act, Kept, str], object] = lambda act, kept, file: None
    reaches: bool = False


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A person's open question, asked at `at`; `account`: for this team, by the `right`; 0 for themselves."""

    question: Question
    kept: Kept
    at: Moment
    account: int = 0
    right: str = ""

    @property
    def waits(self) -> bool:
        return self.question.waits(self.kept)

    def knows(self, words: str) -> bool:
        return self.waits and self.question.knows(words)

    def owns(self, words: str) -> bool:
        return self.question.owns_all or self.knows(words)

    def take_picture(self, act: Act, file: str) -> object:
        own = acting.for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return self.question.takes_picture(own, self.kept, file)

    def take(self, act: Act, words: str) -> object:
        if self.question.reaches and (kept_back := payees.kept_back(words)):
            return kept_back
        own = acting.for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return spending.measured(own, lambda: self.question.take(own, self.kept, words))


# What is meant for a board, or the tax office, never becomes an answer, which the requester would read with its
# writer's number: such questions own all words.
QUESTIONS: Mapping[str, Question] = {
    payees.JOURNEY: Question(payouts.typed, knows=payees.is_meant_as_account),
    contributions.JOURNEY: Question(contributions.typed, knows=contributions.is_siret),
    invoices.JOURNEY: Question(invoices.typed, owns_all=True),
    forms.JOURNEY: Question(forms.typed, waits=lambda kept: bool(kept["step"]), owns_all=True),
    review.JOURNEY: Question(review.reasoned),
    redo_requests.JOURNEY: Question(redo_requests.typed),
    pleas.JOURNEY: Question(pleas.typed, reaches=True),
    board_writing.JOURNEY: Question(board_writing.typed, owns_all=True, reaches=True),
    board_writing.LAPSED: Question(board_writing.late, owns_all=True, reaches=True),
    board_access.READING: Question(board_writing.unasked),
    board_contests.JOURNEY: Question(board_contests.typed, owns_all=True, reaches=True),
    board_contests.RULING: Question(board_contests.uphold),
    elections.JOURNEY: Question(elections.typed, reaches=True),
    petitions.JOURNEY: Question(petitions.typed, reaches=True),
    asking.JOURNEY: Question(asking.typed, reaches=True),
    stops.END: Question(stops.end_for),
    stops.SUSPEND: Question(stops.suspend_for),
    stop_appeals.APPEAL: Question(stop_appeals.typed, reaches=True),
    stop_appeals.RULING: Question(stop_appeals.uphold),
    approval.JOURNEY: Question(approval.typed),
    answers.JOURNEY: Question(answers.typed, reaches=True),
    counter_offers.JOURNEY: Question(counter_offers.typed),
    restriction_review.JOURNEY: Question(restriction_review.typed),
    replies.JOURNEY: Question(replies.typed, reaches=True),
    complaints.JOURNEY: Question(complaints.typed, reaches=True),
    complaint_answers.JOURNEY: Question(complaint_answers.typed, reaches=True),
    blocks.JOURNEY: Question(blocks.typed, reaches=True),
    testing.JOURNEY: Question(testing.typed),
    authoring.JOURNEY: Question(authoring.typed),
    authoring.HOLDERS: Question(authoring.holders_typed),
    accounts.NAMING: Question(accounts.named, owns_all=True),
    members.CAP: Question(members.cap_typed, owns_all=True),
    bonus.JOURNEY: Question(bonus.typed),
    hub.JOURNEY: Question(hub.typed, knows=is_meant_as_token),
    project_wizard.JOURNEY: Question(
        project_wizard.typed, waits=project_wizard.is_asking, takes_picture=wizard_extras.pictured
    ),
    edits.JOURNEY: Question(edits.typed, takes_picture=edits.pictured),
    trials.JOURNEY: Question(trials.typed, waits=trials.is_asking, wants_place=lambda _, kept: trials.is_asking(kept)),
    gold_place.JOURNEY: Question(gold_wizard.typed, waits=gold_wizard.is_asking, wants_place=gold_wizard.wants_place),
}


def asked(act: Act) -> OpenQuestion | None:
    """The open question of the person who acts."""
    draft = act.unit.drafts.of(act.person.id)
    question = QUESTIONS.get(draft.journey) if draft else None
    return OpenQuestion(question, *draft[1:]) if draft and question else None


def asked_since(unit: UnitOfWork, open_: OpenQuestion | None, assignment: Assignment) -> bool:
    """Whether a question waits that was asked after this task was last brought."""
    brought = unit.outbox.shown.brought_at(assignment.id) or assignment.offered_at
    return open_ is not None and open_.waits and open_.at > max(brought, assignment.offered_at)


def changing(unit: UnitOfWork, worker: Person, what: Wants | None) -> Submission | None:
    """The answer that is open to be given anew by something like this, unless another question came after it, or a task
    that takes the same."""
    change = unit.corrections.open_of(worker.id)
    if change is None or _is_for_newer(unit, worker, change.opened_at, what):
        return None
    submission, asked = unit.submissions.get(change.submission), unit.drafts.asked_at(worker.id)
    project = seen_of(unit, submission).project
    wants = kind_of(project.kind).wants_now(change.draft, project.options)
    return submission if wants is what and (asked is None or asked <= change.opened_at) else None


def _is_for_newer(unit: UnitOfWork, worker: Person, opened: Moment, what: Wants | None) -> bool:
    """Whether something like this answers a task that has come since."""
    in_hand = unit.assignments.active_for(worker.id)
    came = None if in_hand is None else unit.outbox.shown.came_at(in_hand.id)
    if in_hand is None or came is None or came <= opened:
        return False
    return wanted_by(unit, in_hand) is what


def answered_by(
    unit: UnitOfWork, worker: Person, what: Wants | None, replied: int = 0
) -> tuple[Assignment | None, Wants | None]:
    """The task that something like this answers, and what it wants next: the one in hand; one that has just expired
    where there is none, where it alone wants this, or where its message is `replied` to."""
    in_hand = unit.assignments.active_for(worker.id)
    wants = None if in_hand is None else wanted_by(unit, in_hand)
    if wants is not None and wants is what and not replied:
        return in_hand, wants
    late = unit.assignments.expired_for(worker.id, later(unit.now, -LATE))
    also = None if late is None else wanted_by(unit, late)
    if in_hand is None:
        return (None, None) if also in (Wants.PRESS, Wants.PRESSES) else (late, also)
    is_meant = late is not None and (wants is not what or unit.outbox.showed(late.id, replied))
    if late is not None and is_meant and also is what and unit.openings.has(late.task):
        return late, also
    return in_hand, wants


def wanted_by(unit: UnitOfWork, assignment: Assignment) -> Wants:
    """What a task in hand wants next."""
    return wanted_next(unit.projects.get(assignment.project), unit.tasks.get(assignment.task), assignment.draft)


def pictured(act: Act, what: Wants | None, handed_in: str) -> object:
    """A requester's picture beside instructions, where one is asked for."""
    open_ = asked(act) if what is Wants.PHOTO else None
    return open_.take_picture(act, handed_in.split()[0]) if open_ else None
