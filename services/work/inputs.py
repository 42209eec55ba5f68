"""Answers other than one press: several presses kept as a draft, typed words, photos, voice messages and locations.

An attachment belongs to the task in hand, or to one that has just expired. Words may belong to a task or to an open
question: the latest one gets them; else they may stand for a command (“hi”, “?”, “stop”, “annuler”).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.answers import kind_of
from domain.extensions import load_parts
from domain.handing_in import Draft, Wants
from domain.messages import changed
from domain.moments import HOUR, SECOND, Moment, later
from domain.normalization import fold_case_and_accents
from domain.people.accounts import REQUESTER, Person, PersonId
from domain.people.onboarding import NotUnderstood, WelcomeBack
from domain.people.teams import Right
from domain.projects.drafts import MediumNamed
from domain.projects.projects import ProjectId
from domain.projects.results import is_meant_as_token
from domain.projects.tasks import as_asked
from domain.refusals import AlreadyAnswered, AnswerUnfit, UnknownChoice
from domain.work.assignments import AnswerPad, Assignment, AssignmentId, AssignmentState, Submission, next_wanted_input
from domain.work.file_checks import FileChecks, FileFlaw, Retake, RetakeAsked, RetakeKept
from domain.work.messages import Submitted, WrongKindSent
from locales.languages import words_for
from services.act import Act, Reply
from services.fairness import (
    appeals,
    approvals,
    board,
    board_access,
    complaints,
    counter_offers,
    elections,
    petitions,
    questions,
    ratings,
    review,
    stops,
)
from services.money import bonus, payouts, wallet
from services.people import blocks, onboarding, qualification_tests, qualifications, role_requests, team_spending, teams
from services.projects import edits, results, trials, wizard
from services.quality import gold, restrictions
from services.work import answer_messages, corrections, dispatch, submit
from services.work.answer_messages import get_answered_task
from services.work.corrections import OpenAnswer
from services.work.places import get_own_assignment
from storage.unit import UnitOfWork

CONFIRMATION_MARGIN, FILES_PER_SWEEP = 30 * SECOND, 25  # before the end; files in one transaction


def ask_whether_meant(
    unit: UnitOfWork, worker: Person, assignment: Assignment, retake: Retake, flaws: tuple[str, ...], wants: Wants
) -> RetakeAsked | None:
    """Return the question whether a file is meant, None if nothing seems wrong with it, the worker has kept such a file
    in this project before, or was asked about this one already. Stores the file until the worker decides."""
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    is_looked_for = FileFlaw.SENT_BEFORE not in checks.left_out
    is_sent_before = is_looked_for and unit.answer_files.retakes.has_alike(
        assignment.project, assignment.id, retake.print
    )
    all_flaws = (*flaws, *((FileFlaw.SENT_BEFORE.value,) if is_sent_before else ()))
    if not all_flaws or unit.answer_files.retakes.has_kept(assignment.project, worker.id):
        return None
    if not unit.answer_files.retakes.ask(assignment.project, worker.id, retake, unit.now):
        return None
    return RetakeAsked(assignment.id, all_flaws, wants is Wants.VOICE)


def close_retake(unit: UnitOfWork, assignment: Assignment, print_: str, is_kept: bool = False) -> None:
    """Close the question about the assignment's file, and keep the picture's print to recognise later copies."""
    unit.answer_files.retakes.close(assignment.id, is_kept)
    if print_:
        unit.answer_files.retakes.keep_print(assignment.project, assignment.id, print_)


def submit_unconfirmed_files(unit: UnitOfWork) -> None:
    """Submit files that still wait for their sender's decision shortly before the task's time is up; drop a file that
    was handed in before in this project."""
    for assignment_id in unit.answer_files.retakes.nearly_late(later(unit.now, CONFIRMATION_MARGIN), FILES_PER_SWEEP):
        assignment, retake = unit.assignments.find(assignment_id), unit.answer_files.retakes.find(assignment_id)
        if assignment is None or retake is None:
            continue
        file, mark = retake.handed_in.split()
        file_fields = (assignment.project, assignment.worker, assignment_id, file, mark, retake.album or None)
        if unit.answer_files.keep(*file_fields):
            worker, message = unit.people.get(assignment.worker), unit.outbox.find_message(assignment_id)
            submit.submit_answer(unit, worker, assignment_id, retake.handed_in, message)
        close_retake(unit, assignment, retake.print)


KeptFields = dict[str, Any]
LATE_INPUT_TIME = 1 * HOUR  # how long what is written or sent may still belong to an expired task


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is typed. `take(act, kept, words)` answers it and returns the result, None if the words
    are no answer. `kept` is what the draft holds.

    `waits`: whether it wants words now; `knows`: words that are recognisably its answer, whatever was asked later;
    `owns_all`: all words are its answer, even if a task came later; `wants_place`: a location is an answer too;
    `takes_picture(act, kept, file)`: as `take`, for a photo. `is_read_by_others`: other people read the words as typed.
    """

    take: Callable[[Act, KeptFields, str], object]
    waits: Callable[[KeptFields], bool] = lambda kept: True
    knows: Callable[[str], bool] = lambda words: False
    owns_all: bool = False
    wants_place: Callable[[UnitOfWork, KeptFields], bool] = lambda unit, kept: False
    takes_picture: Callable[[Act, KeptFields, str], object] = lambda act, kept, file: None
    is_read_by_others: bool = False


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A person's open question, asked at `at`. `account` is the team that they act for, by the `right`; 0 for
    themselves."""

    question: Question
    kept: KeptFields
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

    def pass_picture(self, act: Act, file: str) -> object:
        """Answer the question by a picture and return the result, None if it takes none."""
        acting = team_spending.act_for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return self.question.takes_picture(acting, self.kept, file)

    def take(self, act: Act, words: str) -> object:
        """Answer the question and return the result, None if the words are no answer. A word such as “cancel” ends the
        question instead; words with bank details are refused where other people would read them."""
        if result := take_form_word(act, words):
            return result
        if self.question.is_read_by_others and (refused_words := payouts.keep_iban_private(words)):
            return refused_words
        acting = team_spending.act_for_team(act, PersonId(self.account), Right(self.right)) if self.account else act
        return team_spending.run_charged(acting, lambda: self.question.take(acting, self.kept, words))


# What is meant for a board, or the tax office, never becomes an answer, which the requester would read with its
# writer's number: such questions own all words.
QUESTIONS: Mapping[str, Question] = {
    payouts.JOURNEY: Question(payouts.take_typed_account, knows=payouts.is_probably_iban),
    review.JOURNEY: Question(review.reject_with_typed_reason),
    corrections.REDO_JOURNEY: Question(corrections.take_redo_reason),
    appeals.JOURNEY: Question(appeals.save_words_draft, is_read_by_others=True),
    board.JOURNEY: Question(board.preview_post, owns_all=True, is_read_by_others=True),
    board.LAPSED_JOURNEY: Question(board.refuse_late_words, owns_all=True, is_read_by_others=True),
    board_access.READING_JOURNEY: Question(board.refuse_unasked_words),
    board.CONTEST_JOURNEY: Question(board.contest_hiding, owns_all=True, is_read_by_others=True),
    board.RULING_JOURNEY: Question(board.uphold_hiding),
    elections.JOURNEY: Question(elections.store_link, is_read_by_others=True),
    petitions.JOURNEY: Question(petitions.preview_answer, is_read_by_others=True),
    questions.ASK_JOURNEY: Question(questions.send_typed_question, is_read_by_others=True),
    stops.END_JOURNEY: Question(stops.end_project),
    stops.SUSPEND_JOURNEY: Question(stops.suspend_person),
    stops.APPEAL_JOURNEY: Question(stops.appeal_stop, is_read_by_others=True),
    stops.RULING_JOURNEY: Question(stops.uphold_stop),
    approvals.JOURNEY: Question(approvals.refuse_project),
    questions.ANSWER_JOURNEY: Question(questions.publish_typed_answer, is_read_by_others=True),
    counter_offers.JOURNEY: Question(counter_offers.make_typed_counter_offer),
    restrictions.JOURNEY: Question(restrictions.confirm_with_reason),
    ratings.JOURNEY: Question(ratings.preview_reply, is_read_by_others=True),
    complaints.COMPLAIN_JOURNEY: Question(complaints.send_typed_complaint, is_read_by_others=True),
    complaints.ANSWER_JOURNEY: Question(complaints.send_typed_answer, is_read_by_others=True),
    role_requests.JOURNEY: Question(role_requests.preview_request, owns_all=True, is_read_by_others=True),
    role_requests.REASON_JOURNEY: Question(role_requests.refuse_request, owns_all=True),
    blocks.JOURNEY: Question(blocks.block_typed, is_read_by_others=True),
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
    gold.JOURNEY: Question(gold.take_text, waits=gold.waits_for_text, wants_place=gold.waits_for_location),
}


@cache
def list_questions() -> Mapping[str, Question]:
    """Return the questions by journey, those of extensions, too."""
    return {
        **QUESTIONS,
        **{name: question for part in load_parts("questions") for name, question in part.QUESTIONS.items()},
    }


def find_open_question(act: Act) -> OpenQuestion | None:
    """Return the open question of the person who acts, None without one."""
    draft = act.unit.drafts.find(act.person.id)
    question = list_questions().get(draft.journey) if draft else None
    return OpenQuestion(question, *draft[1:]) if draft and question else None


def is_asked_since(unit: UnitOfWork, open_question: OpenQuestion | None, assignment: Assignment) -> bool:
    """Return whether a waiting question was asked after this task was last shown."""
    brought_at = unit.outbox.shown.find_last_own_message(assignment.id) or assignment.offered_at
    return (
        open_question is not None and open_question.waits and open_question.at > max(brought_at, assignment.offered_at)
    )


def find_changing_submission(unit: UnitOfWork, worker: Person, what: Wants | None) -> Submission | None:
    """Return the answer that is open to be given anew by such an input; None if a newer question, or a newer task that
    takes the same, comes first."""
    change = unit.corrections.open_of(worker.id)
    if change is None or _is_for_newer(unit, worker, change.opened_at, what):
        return None
    submission, asked_at = unit.submissions.get(change.submission), unit.drafts.asked_at(worker.id)
    project = get_answered_task(unit, submission).project
    wanted_input = kind_of(project.kind).get_next_input(change.draft, project.options)
    return submission if wanted_input is what and (asked_at is None or asked_at <= change.opened_at) else None


def _is_for_newer(unit: UnitOfWork, worker: Person, opened_at: Moment, what: Wants | None) -> bool:
    """Return whether such an input answers a task that came after the change was opened."""
    in_hand = unit.assignments.active_for(worker.id)
    came_at = None if in_hand is None else unit.outbox.shown.find_first_written(in_hand.id)
    if in_hand is None or came_at is None or came_at <= opened_at:
        return False
    return get_wanted_input(unit, in_hand) is what


def find_answered_assignment(
    unit: UnitOfWork, worker: Person, sent_input: Wants | None, replied_message: int = 0
) -> tuple[Assignment | None, Wants | None]:
    """Return the assignment that such an input answers, and what it wants next: the task in hand; or the one that has
    just expired, if none is in hand, if only the expired one wants this input, or if its message is `replied_message`.
    (None, None) if there is neither."""
    in_hand = unit.assignments.active_for(worker.id)
    wanted_input = None if in_hand is None else get_wanted_input(unit, in_hand)
    if wanted_input is not None and wanted_input is sent_input and not replied_message:
        return in_hand, wanted_input
    expired = unit.assignments.expired_for(worker.id, later(unit.now, -LATE_INPUT_TIME))
    wanted_by_expired = None if expired is None else get_wanted_input(unit, expired)
    if in_hand is None:
        return (None, None) if wanted_by_expired in (Wants.PRESS, Wants.PRESSES) else (expired, wanted_by_expired)
    is_meant = expired is not None and (
        wanted_input is not sent_input or unit.outbox.was_shown_in(expired.id, replied_message)
    )
    if expired is not None and is_meant and wanted_by_expired is sent_input and unit.openings.has(expired.task):
        return expired, wanted_by_expired
    return in_hand, wanted_input


def get_wanted_input(unit: UnitOfWork, assignment: Assignment) -> Wants:
    """Return the sort of input that an assignment's answer needs next."""
    return next_wanted_input(unit.projects.get(assignment.project), unit.tasks.get(assignment.task), assignment.draft)


def take_instruction_picture(act: Act, sent_input: Wants | None, handed_in: str) -> object:
    """Take a requester's picture beside instructions and return the result, None if no question asks for one."""
    open_question = find_open_question(act) if sent_input is Wants.PHOTO else None
    return open_question.pass_picture(act, handed_in.split()[0]) if open_question else None


FILES = (Wants.PHOTO, Wants.VOICE)
ATTACHMENTS = (*FILES, Wants.LOCATION)


def choose_option(act: Act, assignment: AssignmentId, option: int) -> Submitted | None:
    """Add one press of several and show the draft. Return the result if the press finishes a form, else None."""
    return _open(act, assignment).choose(option)


def undo_press(act: Act, assignment: AssignmentId) -> None:
    """Take back the last press and show the draft."""
    _open(act, assignment).undo()


def finish(act: Act, assignment: AssignmentId) -> Submitted:
    """Submit the draft."""
    return _open(act, assignment).hand_in_draft()


def take_words(act: Act, text: str, replied: int = 0) -> object:
    """Pass words to the task in hand, the answer that is being changed, or the open question, whichever is latest;
    return its result, NotUnderstood or WrongKindSent if the words fit none of them. Raise AlreadyAnswered if they reply
    to a task that was answered.

    `replied` is the message that they reply to, 0 for none: a reply to a worker's question or a complaint
    answers it."""
    unit, person = act.unit, act.person
    if person.suspended:
        return _take_words_of_suspended(act, text)
    reply_result = _answer_by_reply(act, replied, text) if replied else None
    if reply_result is not None:
        return reply_result
    open_question = find_open_question(act)
    if not (open_question and open_question.knows(text)) and _take_as_correction(act, Wants.TEXT, text):
        return None
    assignment, wanted_input = find_answered_assignment(unit, person, Wants.TEXT, replied)
    is_for_task = assignment is not None and wanted_input is Wants.TEXT
    if is_for_task and assignment is not None and is_asked_since(unit, open_question, assignment):
        is_for_task = replied > 0 and unit.outbox.was_shown_in(assignment.id, replied)
    if open_question and open_question.waits and (not is_for_task or open_question.owns(text)):
        command_result = _take_word_instead_of_answer(act, open_question.question, text)
        return command_result or open_question.take(act, text) or _not_understood(person, wanted_input)
    if assignment is not None and is_for_task:
        if replied and unit.outbox.shown.is_of_answered_task(person.id, replied):
            raise AlreadyAnswered()
        return _submit(act, assignment, text)
    if wanted_input is not None:
        return take_command_word(act, text) or WrongKindSent(wanted_input)
    answer = open_question.take(act, text) if open_question else None
    return answer or take_command_word(act, text) or NotUnderstood(person.is_worker)


def _take_word_instead_of_answer(act: Act, question: Question, text: str) -> object:
    """Return the result of a lone word that stands for a command, where the question's answer is read by others: “stop”
    or “thanks” must not be published by mistake. None for other words, and for a greeting where words are previewed."""
    word = _read_word(text)
    if not question.is_read_by_others or (question.owns_all and word in HELLO | THANKS):
        return None
    if word in CANCEL | UNDO or (word in STOP and not act.person.is_worker):
        return wizard.cancel_form(act)
    return take_command_word(act, text)


def _not_understood(person: Person, wants: Wants | None) -> WrongKindSent | NotUnderstood:
    """Return the result for words that answer neither the open question nor the task in hand."""
    return NotUnderstood(person.is_worker) if wants in (None, Wants.TEXT) else WrongKindSent(wants)


def _answer_by_reply(act: Act, replied_message: int, text: str) -> object:
    """Return the result of words that reply to a worker's question or to a complaint, None if they reply to neither."""
    return questions.answer_by_reply(act, replied_message, text) or complaints.answer_by_reply(
        act, replied_message, text
    )


def _take_words_of_suspended(act: Act, text: str) -> object:
    """Take words of a person whom an admin has suspended: an appeal, or a bank account for their money. Refuse all
    others."""
    open_question = find_open_question(act)
    result = open_question.take(act, text) if open_question else None
    if result is None:
        act.refuse_suspended()
    return result


def take_attachment(act: Act, what: str, handed_in: str, album: str, flaws: str = "", mark: str = "") -> object:
    """Take a photo, a voice message or a location; `what` is empty for other attachments, `album` if there is none.
    `flaws` are what the file seems to be instead, `mark` is a picture's print. Return the result, or a question whether
    the file is meant; NotUnderstood or WrongKindSent if nothing wants it. Raise AnswerUnfit for a second picture of an
    album."""
    act.refuse_suspended()
    if what and what not in ATTACHMENTS:
        raise UnknownChoice()
    unit, person, sent_input = act.unit, act.person, Wants(what) if what else None
    if album and unit.answer_files.has_album(person.id, album):
        raise AnswerUnfit(what="album")
    if sent_input is not None and _take_as_correction(act, sent_input, handed_in, album):
        return None
    assignment, wanted_input = find_answered_assignment(unit, person, sent_input)
    open_question = find_open_question(act) if sent_input is Wants.LOCATION else None
    if open_question is not None and _is_place_for_question(unit, open_question, assignment, wanted_input):
        return open_question.take(act, handed_in)
    if assignment is None or wanted_input is None:
        picture = take_instruction_picture(act, sent_input, handed_in)
        return picture or _name_medium(act, sent_input, handed_in) or NotUnderstood(person.is_worker)
    if wanted_input is not sent_input:
        return WrongKindSent(wanted_input)
    if sent_input not in FILES:
        return _submit(act, assignment, handed_in)
    retake = Retake(assignment.id, handed_in, album, mark)
    question = ask_whether_meant(
        unit, worker=person, assignment=assignment, retake=retake, flaws=tuple(flaws.split()), wants=wanted_input
    )
    return question or _submit_file(act, assignment, retake)


def find_file_checks(unit: UnitOfWork, person: Person, sent_input: Wants) -> FileChecks | None:
    """Return the checks for a file of this sort; None if it would not be the first answer to the task in hand, or the
    project wants no check."""
    assignment, wanted_input = find_answered_assignment(unit, person, sent_input)
    if (
        assignment is None
        or wanted_input is not sent_input
        or find_changing_submission(unit, person, sent_input) is not None
    ):
        return None
    if unit.answer_files.retakes.find(assignment.id) is not None and sent_input is not Wants.PHOTO:
        return None
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    return None if checks.are_off else checks


def keep_file(act: Act, assignment: AssignmentId) -> Reply:
    """Submit the file that seemed to be something else, as its sender says it is meant. Raise AlreadyAnswered if none
    waits."""
    retake, unit = act.unit.answer_files.retakes.find(assignment), act.unit
    own_assignment = get_own_assignment(unit, act.person, assignment)
    if retake is None or not retake.handed_in:
        raise AlreadyAnswered()
    submitted = _submit_file(act, own_assignment, retake, is_kept=True)
    is_voice = kind_of(unit.projects.get(own_assignment.project).kind).wants is Wants.VOICE
    return Reply(RetakeKept(is_voice), done=submitted, edits=act.message)


def _submit_file(act: Act, assignment: Assignment, retake: Retake, is_kept: bool = False) -> Submitted | None:
    """Store the file, submit it as the answer and close the question about it. Raise AnswerUnfit for a file that was
    handed in before in this project."""
    _keep_file(
        act.unit,
        act.person,
        assignment.project,
        assignment=assignment.id,
        handed_in=retake.handed_in,
        album=retake.album,
    )
    result = _submit(act, assignment, retake.handed_in)
    close_retake(act.unit, assignment, retake.print, is_kept)
    return result


def _name_medium(act: Act, sent_input: Wants | None, handed_in: str) -> MediumNamed | None:
    """Return the id of a file that a requester without a task sent, for use in a table; None for others."""
    is_file = bool(handed_in) and sent_input in (None, *FILES)
    return MediumNamed(handed_in.split()[0]) if is_file and REQUESTER in act.roles else None


def _take_as_correction(act: Act, sent_input: Wants, handed_in: str, album: str = "") -> bool:
    """Return whether the input took the place of an answer that is being changed."""
    unit, person = act.unit, act.person
    changing_submission = find_changing_submission(unit, person, sent_input)
    if changing_submission is None:
        return False
    if sent_input in FILES:
        unit.answer_files.take_back(changing_submission.assignment)
        _keep_file(unit, person, changing_submission.project, changing_submission.assignment, handed_in, album=album)
    corrections.write_words(act, changing_submission, handed_in)
    return True


def _is_place_for_question(
    unit: UnitOfWork, open_question: OpenQuestion, assignment: Assignment | None, wanted_input: Wants | None
) -> bool:
    """Return whether a question that wants a location was asked after any task that wants one."""
    if not open_question.question.wants_place(unit, open_question.kept):
        return False
    return assignment is None or wanted_input is not Wants.LOCATION or is_asked_since(unit, open_question, assignment)


def _submit(act: Act, assignment: Assignment, handed_in: str) -> Submitted | None:
    """Submit the whole answer, or add its next step (then return None). Raise SentBefore for words sent before the task
    came, ChangeFirst while another answer is open to be changed."""
    dispatch.require_task_seen(act, assignment.id)
    unit, message = act.unit, act.unit.outbox.find_message(assignment.id)
    answer = _answering(act, assignment, message)
    if answer.pad.takes_words:
        return answer.write(handed_in)
    return _hand_in(unit, act.person, assignment, handed_in, message)


def _hand_in(
    unit: UnitOfWork, worker: Person, assignment: Assignment, handed_in: str, message: int | None, pressed: bool = False
) -> Submitted:
    """Submit an answer. A typed answer to an expired task, while another is in hand, is acknowledged by a message below
    it."""
    is_late = assignment.state is AssignmentState.EXPIRED and not pressed
    is_beside_task = is_late and unit.assignments.active_for(worker.id) is not None
    submitted = submit.submit_answer(unit, worker, assignment.id, handed_in, message, pressed=pressed)
    if is_beside_task:
        unit.outbox.tell(worker.id, answer_messages.get_outcome(unit, assignment))
    return submitted


def _keep_file(
    unit: UnitOfWork,
    person: Person,
    project: ProjectId,
    assignment: AssignmentId,
    handed_in: str,
    album: str,
) -> None:
    """Store the file of an answer. Raise AnswerUnfit if it was handed in before in this project, by any worker."""
    file_id, unique_id = handed_in.split()
    if not unit.answer_files.keep(project, person.id, assignment, file_id, unique_id, album=album or None):
        raise AnswerUnfit(what="seen_before")


def _open(act: Act, assignment_id: AssignmentId) -> OpenAnswer[Submitted]:
    """Return the draft of the task whose message was pressed. Raise TooQuick for a double tap, ChangeFirst while an
    answer is open to be changed, and the refusals of `get_own_assignment`."""
    dispatch.require_unhurried_press(act, assignment_id)
    return _answering(act, get_own_assignment(act.unit, act.person, assignment_id), act.message, pressed=True)


def _answering(act: Act, assignment: Assignment, message: int | None, pressed: bool = False) -> OpenAnswer[Submitted]:
    """Return the assignment's draft, ready for the next step."""
    unit, worker, project = act.unit, act.person, act.unit.projects.get(assignment.project)
    return OpenAnswer(
        AnswerPad.for_project(as_asked(project, unit.tasks.get(assignment.task)), assignment.draft),
        lambda draft: _keep_draft(unit, worker, assignment, draft, message, pressed=pressed),
        lambda given: _hand_in(unit, worker, assignment, handed_in=given, message=message, pressed=pressed),
    )


def _keep_draft(
    unit: UnitOfWork, worker: Person, assignment: Assignment, draft: Draft, message: int | None, pressed: bool
) -> None:
    """Store the draft and show it: below typed words, else in the message. A press that changed nothing may have met a
    form's message that was not brought up to date, so that is shown anew."""
    unit.assignments.draft(assignment.id, draft, unit.now)
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    if pressed and kind_of(project.kind).asks_questions:
        corrections.close_open_change(unit, worker)  # words are for its next question now
    if message is None or (not pressed and assignment.state is AssignmentState.ACTIVE):
        unit.outbox.withdraw_task(assignment.id)
        dispatch.show_in_hand_again(unit, worker, changed(assignment, draft=draft))
        answer_messages.tell_moved(unit, worker, project, task, message)
    elif draft != assignment.draft or kind_of(project.kind).asks_questions:
        enrolment = unit.enrolments.enrol(worker.id, project.id)
        last = dispatch.find_feedback_shown(unit, worker, assignment.id, message)
        dispatch.redraw_task(
            unit, worker, project, task, enrolment, assignment=assignment.id, message=message, draft=draft, last=last
        )


HELP, CANCEL, UNDO, STOP = words_for("help"), words_for("cancel"), words_for("undo"), words_for("stop")
HELLO, THANKS = words_for("hello"), words_for("thanks")
WORK, BALANCE, LANGUAGE = words_for("work"), words_for("balance"), words_for("language")


def take_form_word(act: Act, text: str) -> object:
    """Return the result of a word that cancels the open form or asks for help, None for an answer to the form."""
    word = _read_word(text)
    if word in CANCEL:
        return wizard.cancel_form(act)
    return onboarding.show_help(act) if word in HELP else None


def take_command_word(act: Act, text: str) -> object:
    """Return the result of a word that stands for a command while no question and no task wants words; None for other
    words. Raise TooLateToChange for an answer that can be changed no more."""
    word, person = _read_word(text), act.person
    if word in HELP:
        return onboarding.show_help(act)
    if word in LANGUAGE:
        return onboarding.ask_language(act)
    if not person.is_worker:
        return onboarding.start(act) if word in HELLO else None
    if word in HELLO | THANKS:
        return WelcomeBack(person.name, thanked=word in THANKS)
    if word in WORK:
        submit.ask_for_work(act)
        return Reply(None)
    if word in BALANCE:
        return wallet.show_balance(act)
    if word in STOP:
        return submit.stop_work(act)
    if word in UNDO | CANCEL:
        answered = act.unit.assignments.answered_last(person.id)
        return None if answered is None else corrections.reopen_answer(act, answered.id, 0)
    return None


def _read_word(text: str) -> str:
    return fold_case_and_accents(text.strip().rstrip("!.…").strip()) or text.strip()
