"""Answers other than one press: several presses kept as a draft, typed words, photos, voice messages and locations.

An attachment belongs to the task in hand, or to one that has just expired. Words may belong to a task or to an open
question: the latest one gets them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.messages import changed
from domain.moments import (
    HOUR,
    SECOND,
    Moment,
    later,
)
from domain.people.accounts import REQUESTER, Person, PersonId
from domain.people.onboarding import NotUnderstood
from domain.people.teams import Right
from domain.projects.drafts import MediumNamed
from domain.projects.projects import ProjectId
from domain.projects.results import is_meant_as_token
from domain.projects.tasks import as_asked
from domain.refusals import AlreadyAnswered, AnswerUnfit, UnknownChoice
from domain.work.assignments import (
    AnswerPad,
    Assignment,
    AssignmentId,
    AssignmentState,
    Submission,
    wanted_next,
)
from domain.work.file_checks import (
    FileChecks,
    Flaw,
    Retake,
    RetakeAsked,
    RetakeKept,
)
from domain.work.messages import Submitted, WrongKindSent
from services.act import Act, Reply
from services.fairness import (
    appeals,
    approvals,
    board,
    board_access,
    board_contests,
    complaints,
    counter_offers,
    elections,
    petitions,
    questions,
    ratings,
    review,
    stops,
)
from services.money import (
    bonus,
    contributions,
    invoices,
    payouts,
    tax_forms,
)
from services.people import (
    blocks,
    qualification_tests,
    qualifications,
    team_spending,
    teams,
)
from services.projects import (
    edits,
    results,
    trials,
    wizard,
)
from services.quality import gold, restrictions
from services.work import (
    answer_messages,
    corrections,
    dispatch,
    redos,
    submit,
)
from services.work.answer_messages import seen_of
from services.work.corrections import OpenAnswer
from services.work.places import mine
from storage.unit import UnitOfWork

SHORTLY, AT_ONCE = 30 * SECOND, 25  # before the end; files in one transaction


def ask_retake(
    unit: UnitOfWork, worker: Person, assignment: Assignment, about: Retake, flaws: tuple[str, ...], wants: Wants
) -> RetakeAsked | None:
    """The question; None where there is none to ask."""
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    looks = Flaw.SENT_BEFORE not in checks.left_out
    before = looks and unit.answer_files.retakes.has_alike(assignment.project, assignment.id, about.print)
    found = (*flaws, *((Flaw.SENT_BEFORE.value,) if before else ()))
    if not found or unit.answer_files.retakes.has_kept(assignment.project, worker.id):
        return None
    if not unit.answer_files.retakes.ask(assignment.project, worker.id, about, unit.now):
        return None
    return RetakeAsked(assignment.id, found, wants is Wants.VOICE)


def handed_in(unit: UnitOfWork, assignment: Assignment, print_: str, kept: bool = False) -> None:
    """Nothing waits any more, and the picture's print is there for those that come."""
    unit.answer_files.retakes.close(assignment.id, kept)
    if print_:
        unit.answer_files.retakes.keep_print(assignment.project, assignment.id, print_)


def count_waiting(unit: UnitOfWork) -> None:
    """What still waits shortly before its task's time is up is the answer."""
    for number in unit.answer_files.retakes.nearly_late(later(unit.now, SHORTLY), AT_ONCE):
        assignment, waiting = unit.assignments.find(number), unit.answer_files.retakes.of(number)
        if assignment is None or waiting is None:
            continue
        file, mark = waiting.handed_in.split()
        about = (assignment.project, assignment.worker, number, file, mark, waiting.album or None)
        if unit.answer_files.keep(*about):
            worker, message = unit.people.get(assignment.worker), unit.outbox.message_of(number)
            submit.submit(unit, worker, number, waiting.handed_in, message)
        handed_in(unit, assignment, waiting.print)


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
        own = team_spending.act_for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return self.question.takes_picture(own, self.kept, file)

    def take(self, act: Act, words: str) -> object:
        if self.question.reaches and (kept_back := payouts.keep_iban_private(words)):
            return kept_back
        own = team_spending.act_for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return team_spending.run_charged(own, lambda: self.question.take(own, self.kept, words))


# What is meant for a board, or the tax office, never becomes an answer, which the requester would read with its
# writer's number: such questions own all words.
QUESTIONS: Mapping[str, Question] = {
    payouts.JOURNEY: Question(payouts.take_typed_account, knows=payouts.is_probably_iban),
    contributions.JOURNEY: Question(contributions.store_typed_siret, knows=contributions.looks_like_siret),
    invoices.JOURNEY: Question(invoices.take_typed_buyer, owns_all=True),
    tax_forms.JOURNEY: Question(tax_forms.take_typed_answer, waits=lambda kept: bool(kept["step"]), owns_all=True),
    review.JOURNEY: Question(review.reject_with_typed_reason),
    redos.JOURNEY: Question(redos.typed),
    appeals.JOURNEY: Question(appeals.save_words_draft, reaches=True),
    board.JOURNEY: Question(board.preview_post, owns_all=True, reaches=True),
    board.LAPSED_JOURNEY: Question(board.refuse_late_words, owns_all=True, reaches=True),
    board_access.READING_JOURNEY: Question(board.refuse_unasked_words),
    board_contests.JOURNEY: Question(board_contests.contest_hiding, owns_all=True, reaches=True),
    board_contests.RULING_JOURNEY: Question(board_contests.uphold_hiding),
    elections.JOURNEY: Question(elections.store_link, reaches=True),
    petitions.JOURNEY: Question(petitions.preview_answer, reaches=True),
    questions.ASK_JOURNEY: Question(questions.send_typed_question, reaches=True),
    stops.END_JOURNEY: Question(stops.end_project),
    stops.SUSPEND_JOURNEY: Question(stops.suspend_person),
    stops.APPEAL_JOURNEY: Question(stops.appeal_stop, reaches=True),
    stops.RULING_JOURNEY: Question(stops.uphold_stop),
    approvals.JOURNEY: Question(approvals.refuse_project),
    questions.ANSWER_JOURNEY: Question(questions.publish_typed_answer, reaches=True),
    counter_offers.JOURNEY: Question(counter_offers.make_typed_counter_offer),
    restrictions.JOURNEY: Question(restrictions.typed),
    ratings.JOURNEY: Question(ratings.preview_reply, reaches=True),
    complaints.COMPLAIN_JOURNEY: Question(complaints.send_typed_complaint, reaches=True),
    complaints.ANSWER_JOURNEY: Question(complaints.send_typed_answer, reaches=True),
    blocks.JOURNEY: Question(blocks.typed, reaches=True),
    qualification_tests.TEST_JOURNEY: Question(qualification_tests.answer_typed),
    qualifications.TYPE_JOURNEY: Question(qualifications.create_typed),
    qualifications.HOLDERS_JOURNEY: Question(qualifications.change_typed_holders),
    teams.NAME_JOURNEY: Question(teams.create_team, owns_all=True),
    teams.CAP_JOURNEY: Question(teams.set_typed_cap, owns_all=True),
    bonus.JOURNEY: Question(bonus.give_typed),
    results.JOURNEY: Question(results.take_push_words, knows=is_meant_as_token),
    wizard.JOURNEY: Question(wizard.take_text, waits=wizard.is_asking, takes_picture=wizard.take_picture),
    edits.JOURNEY: Question(edits.take_text, takes_picture=edits.take_picture),
    trials.JOURNEY: Question(
        trials.take_text, waits=trials.is_asking, wants_place=lambda _, kept: trials.is_asking(kept)
    ),
    gold.JOURNEY: Question(gold.typed, waits=gold.is_asking, wants_place=gold.wants_place),
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


FILES = (Wants.PHOTO, Wants.VOICE)
SENT = (*FILES, Wants.LOCATION)


def choose(act: Act, assignment: AssignmentId, option: int) -> Submitted | None:
    """One press of several: kept, and shown; the last one of a form is handed in."""
    return _open(act, assignment).choose(option)


def undo(act: Act, assignment: AssignmentId) -> None:
    """Takes the last press back."""
    _open(act, assignment).undo()


def done(act: Act, assignment: AssignmentId) -> Submitted:
    """The draft becomes the answer."""
    return _open(act, assignment).done()


def typed(act: Act, text: str, replied: int = 0) -> object:
    """Passes words to the task in hand or to the open question, whichever is later; else NotUnderstood.

    `replied` is the message they reply to, 0 for none: a reply to a worker's question, or to a complaint, answers it.
    """
    unit, person = act.unit, act.person
    if person.suspended:
        return _suspended(act, text)
    answered = _answered(act, replied, text) if replied else None
    if answered is not None:
        return answered
    open_ = asked(act)
    if not (open_ and open_.knows(text)) and _corrected(act, Wants.TEXT, text):
        return None
    assignment, wants = answered_by(unit, person, Wants.TEXT, replied)
    for_task = assignment is not None and wants is Wants.TEXT
    if for_task and assignment is not None and asked_since(unit, open_, assignment):
        for_task = replied > 0 and unit.outbox.showed(assignment.id, replied)
    if open_ and open_.waits and (not for_task or open_.owns(text)):
        return open_.take(act, text) or _unfit(person, wants)
    if assignment is not None and for_task:
        if replied and unit.outbox.shown.answered_in(person.id, replied):
            raise AlreadyAnswered()
        return _submit(act, assignment, text)
    if wants is not None:
        return WrongKindSent(wants)
    return (open_ and open_.take(act, text)) or NotUnderstood(person.is_worker)


def _unfit(person: Person, wants: Wants | None) -> WrongKindSent | NotUnderstood:
    """Words that answer neither the open question nor the task in hand."""
    return NotUnderstood(person.is_worker) if wants in (None, Wants.TEXT) else WrongKindSent(wants)


def _answered(act: Act, replied: int, text: str) -> object:
    return questions.answer_by_reply(act, replied, text) or complaints.answer_by_reply(act, replied, text)


def _suspended(act: Act, text: str) -> object:
    """Words of a person whom an admin has stopped: an appeal, or a bank account for their money; no answer."""
    open_ = asked(act)
    taken = open_.take(act, text) if open_ else None
    if taken is None:
        act.refuse_suspended()
    return taken


def sent(act: Act, what: str, handed_in: str, album: str, flaws: str = "", mark: str = "") -> object:
    """A photo, a voice message or a place; `what` is empty for other attachments, `album` where there is none. `flaws`
    are what it seems to be instead, `mark` is a picture's print."""
    act.refuse_suspended()
    if what and what not in SENT:
        raise UnknownChoice()
    unit, person, wanted = act.unit, act.person, Wants(what) if what else None
    if album and unit.answer_files.has_album(person.id, album):
        raise AnswerUnfit(what="album")
    if wanted is not None and _corrected(act, wanted, handed_in, album):
        return None
    assignment, wants = answered_by(unit, person, wanted)
    open_ = asked(act) if wanted is Wants.LOCATION else None
    if open_ is not None and _is_its_place(unit, open_, assignment, wants):
        return open_.take(act, handed_in)
    if assignment is None or wants is None:
        return pictured(act, wanted, handed_in) or _named(act, wanted, handed_in) or NotUnderstood(person.is_worker)
    if wants is not wanted:
        return WrongKindSent(wants)
    if wanted not in FILES:
        return _submit(act, assignment, handed_in)
    about = Retake(assignment.id, handed_in, album, mark)
    return ask_retake(unit, person, assignment, about, tuple(flaws.split()), wants) or _filed(act, assignment, about)


def checks_for(unit: UnitOfWork, person: Person, what: Wants) -> FileChecks | None:
    """What a file of this sort is looked at for; None where it would not answer the task in hand for the first time, or
    the project wants no look."""
    assignment, wants = answered_by(unit, person, what)
    if assignment is None or wants is not what or changing(unit, person, what) is not None:
        return None
    if unit.answer_files.retakes.of(assignment.id) is not None and what is not Wants.PHOTO:
        return None
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    return None if checks.are_off else checks


def keep_file(act: Act, assignment: AssignmentId) -> Reply:
    """What seems to be something else is what they meant to send."""
    waiting, unit = act.unit.answer_files.retakes.of(assignment), act.unit
    found = mine(unit, act.person, assignment)
    if waiting is None or not waiting.handed_in:
        raise AlreadyAnswered()
    done = _filed(act, found, waiting, kept=True)
    heard = kind_of(unit.projects.get(found.project).kind).wants is Wants.VOICE
    return Reply(RetakeKept(heard), done=done, edits=act.message)


def _filed(act: Act, assignment: Assignment, about: Retake, kept: bool = False) -> Submitted | None:
    _keep_file(act.unit, act.person, assignment.project, assignment.id, about.handed_in, about.album)
    result = _submit(act, assignment, about.handed_in)
    handed_in(act.unit, assignment, about.print, kept)
    return result


def _named(act: Act, what: Wants | None, handed_in: str) -> MediumNamed | None:
    """To a requester without a task, the id of the file they sent: it may stand in a table."""
    is_file = bool(handed_in) and what in (None, *FILES)
    return MediumNamed(handed_in.split()[0]) if is_file and REQUESTER in act.roles else None


def _corrected(act: Act, what: Wants, handed_in: str, album: str = "") -> bool:
    """Whether it takes the place of an answer that is being changed."""
    unit, person = act.unit, act.person
    open_ = changing(unit, person, what)
    if open_ is None:
        return False
    if what in FILES:
        unit.answer_files.take_back(open_.assignment)
        _keep_file(unit, person, open_.project, open_.assignment, handed_in, album)
    corrections.write(act, open_, handed_in)
    return True


def _is_its_place(unit: UnitOfWork, open_: OpenQuestion, assignment: Assignment | None, wants: Wants | None) -> bool:
    """Whether a place was asked for after any task that wants one."""
    if not open_.question.wants_place(unit, open_.kept):
        return False
    return assignment is None or wants is not Wants.LOCATION or asked_since(unit, open_, assignment)


def _submit(act: Act, assignment: Assignment, handed_in: str) -> Submitted | None:
    """All of the answer, or the next step of it, shown in the task's message. Raise ChangeFirst while an answer is open
    to be changed by something else than this."""
    dispatch.check_seen(act, assignment.id)
    unit, message = act.unit, act.unit.outbox.message_of(assignment.id)
    answer = _answering(act, assignment, message)
    if answer.pad.takes_words:
        return answer.write(handed_in)
    return _hand_in(unit, act.person, assignment, handed_in, message)


def _hand_in(
    unit: UnitOfWork, worker: Person, assignment: Assignment, given: str, message: int | None, pressed: bool = False
) -> Submitted:
    """Of a late one, which no task follows where another is in hand, what was written is answered below it."""
    late = assignment.state is AssignmentState.EXPIRED and not pressed
    beside = late and unit.assignments.active_for(worker.id) is not None
    done = submit.submit(unit, worker, assignment.id, given, message, pressed=pressed)
    if beside:
        unit.outbox.tell(worker.id, answer_messages.became(unit, assignment))
    return done


def _keep_file(
    unit: UnitOfWork,
    person: Person,
    project: ProjectId,
    assignment: AssignmentId,
    handed_in: str,
    album: str,
) -> None:
    """Refuses a file that was already handed in in this project, by any worker."""
    file_id, unique_id = handed_in.split()
    if not unit.answer_files.keep(project, person.id, assignment, file_id, unique_id, album or None):
        raise AnswerUnfit(what="seen_before")


def _open(act: Act, number: AssignmentId) -> OpenAnswer[Submitted]:
    """The draft of the task in hand, whose message was pressed."""
    dispatch.check_pace(act, number)
    return _answering(act, mine(act.unit, act.person, number), act.message, pressed=True)


def _answering(act: Act, assignment: Assignment, message: int | None, pressed: bool = False) -> OpenAnswer[Submitted]:
    unit, worker, project = act.unit, act.person, act.unit.projects.get(assignment.project)
    return OpenAnswer(
        AnswerPad.of(as_asked(project, unit.tasks.get(assignment.task)), assignment.draft),
        lambda draft: _keep(unit, worker, assignment, draft, message, pressed),
        lambda given: _hand_in(unit, worker, assignment, given, message, pressed),
    )


def _keep(
    unit: UnitOfWork, worker: Person, assignment: Assignment, draft: Draft, message: int | None, pressed: bool
) -> None:
    """What follows words is shown below them. A press that changed nothing may have met a message that was not brought
    up to date: a form's is shown anew."""
    unit.assignments.draft(assignment.id, draft, unit.now)
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    if pressed and kind_of(project.kind).asks_questions:
        corrections.set_aside(unit, worker)  # words are for its next question now
    if message is None or (not pressed and assignment.state is AssignmentState.ACTIVE):
        unit.outbox.withdraw_task(assignment.id)
        dispatch.show_again(unit, worker, changed(assignment, draft=draft))
        answer_messages.move(unit, worker, project, task, message)
    elif draft != assignment.draft or kind_of(project.kind).asks_questions:
        enrolment = unit.enrolments.enrol(worker.id, project.id)
        last = dispatch.last_shown(unit, worker, assignment.id, message)
        dispatch.redraw(unit, worker, project, task, enrolment, assignment.id, message, draft, last=last)
