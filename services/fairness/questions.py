"""Workers' questions to requesters: asking, answering, reporting, what happens when they are overdue, and the FAQ of
answers."""

from dataclasses import replace
from typing import Any

from domain.fairness.questions import (
    ANSWER_LIMIT_CHARS,
    DEADLINE,
    MAX_QUESTIONS_PER_DAY,
    MIN_QUESTION_CHARS,
    PAUSE,
    QUESTION_LIMIT_CHARS,
    AnswerPublished,
    AnswerWanted,
    Faq,
    FaqNews,
    NoQuestions,
    ProjectAwaitsAnswer,
    Question,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionDismissed,
    QuestionDropped,
    QuestionId,
    QuestionReported,
    QuestionSent,
    QuestionToJudge,
    QuestionWanted,
    ReportJudged,
    StandingAnswers,
    may_ask,
    parse_answer,
    parse_question,
)
from domain.moments import HOUR
from domain.people.accounts import Person, PersonId
from domain.people.teams import Right
from domain.people.webhooks import QUESTION_ASKED
from domain.programs import OpenQuestion, Questions
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import beginning_of
from domain.refusals import BadInput, NotFound, NotYours, TooManyQuestions
from domain.work.assignments import Assignment, AssignmentId
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.fairness import cases
from services.money import payouts
from services.people import team_spending
from services.people.accounts import pseudonym_for
from services.projects import lifecycle, projects
from storage.boxes.outbox import Lane
from storage.fairness.questions import FaqRound
from storage.unit import UnitOfWork

MESSAGE_PREFIX = "question:"
MESSAGE_SUFFIXES = (
    "",
    ":again",
    ":shown",
)  # when it was asked, when it had waited for a day, when its requester asked for it


def send_question(unit: UnitOfWork, question: Question, suffix: str = "") -> None:
    """Send a question to its requester; a `suffix` other than "" marks a reminder or a repeated view."""
    requester = unit.projects.get(question.project).requester
    unit.outbox.tell(
        requester, to_question_card(unit, question, reminds=bool(suffix)), live=message_name(question.id, suffix)
    )


def to_question_card(unit: UnitOfWork, question: Question, reminds: bool = False) -> QuestionAsked:
    project, task = unit.projects.get(question.project), unit.tasks.get(question.task)
    return QuestionAsked(
        question=question.id,
        project=project.id,
        title=project.title,
        row=task.key,
        about=beginning_of(project, task),
        worker=get_asker_pseudonym(unit, question, project.requester),
        words=question.words,
        due=question.due_at,
        standing=unit.questions.get_last_entry_number(project.id),
        reminds=reminds,
        report=question.report,
        ended=project.state is not ProjectState.RUNNING,
    )


def get_asker_pseudonym(unit: UnitOfWork, question: Question, requester: PersonId) -> str:
    """Return the pseudonym under which the requester knows the asking worker; "" if the worker was erased."""
    return pseudonym_for(unit, requester, question.asker) if question.asker else ""


def message_name(question: QuestionId, suffix: str = "") -> str:
    """Return the name of the message that shows a question to its requester."""
    return f"{MESSAGE_PREFIX}{question}{suffix}"


def find_question_shown(unit: UnitOfWork, person: PersonId, message: int) -> QuestionId | None:
    """Return the question that this message shows to this person, or None."""
    name = unit.live_messages.find_name(person, message, MESSAGE_PREFIX)
    return QuestionId(int(name.split(":")[1])) if name else None


def close_question_messages(unit: UnitOfWork, question: Question, answer: str | None, dismissed: bool = False) -> None:
    """Replace all messages that show a question by its outcome; their buttons go."""
    project = unit.projects.get(question.project)
    outcome = QuestionClosed(project.title, question.words, answer, dismissed)
    for suffix in MESSAGE_SUFFIXES:
        name = message_name(question.id, suffix)
        if unit.live_messages.is_kept(project.requester, name):
            unit.outbox.tell(project.requester, outcome, live=name, lane=Lane.TIDY, klass="nudge")


ASK_JOURNEY = "question"
LATEST_ENTRIES = 2  # entries of the FAQ that are shown before something is asked


def ask_for_question(act: Act, assignment: AssignmentId) -> QuestionWanted:
    """Take the worker's next message as a question about an assignment; 0 is the task in hand, or else the one answered
    last. Raise NotYours or NotFound without such an assignment, TooManyQuestions above the daily limit."""
    unit, assignment_asked = act.unit, get_own_assignment(act.unit, act.person, assignment)
    questions_left = _require_questions_left(unit, act.person)
    unit.drafts.keep(act.person.id, ASK_JOURNEY, {"assignment": assignment_asked.id}, unit.now)
    project, task = unit.projects.get(assignment_asked.project), unit.tasks.get(assignment_asked.task)
    entries = unit.questions.get_last_entry_number(project.id)
    latest = unit.questions.list_entries(project.id, entries + 1, LATEST_ENTRIES) if entries else ()
    return QuestionWanted(
        project=project.id,
        title=project.title,
        about=beginning_of(project, task),
        left=questions_left,
        entries=entries,
        latest=latest,
    )


def ask_question_in_words(act: Act, words: str) -> QuestionSent | Reply:
    """Send a question given as the words of /ask, about the task in hand or the one answered last. Return a question
    back to the person if the words look like bank data."""
    return payouts.keep_iban_private(words) or _send_question(
        act, get_own_assignment(act.unit, act.person, AssignmentId(0)), words
    )


def send_typed_question(act: Act, draft: dict[str, Any], text: str) -> QuestionSent:
    """Send the typed question of a draft and drop the draft."""
    sent = _send_question(act, get_own_assignment(act.unit, act.person, AssignmentId(draft["assignment"])), text)
    act.unit.drafts.drop(act.person.id)
    return sent


def drop_question(act: Act) -> Reply:
    """Drop the draft of a question, so that the next message belongs to the task again. Return MatterOver if it was
    sent meanwhile."""
    unit, person = act.unit, act.person
    was_unsent = unit.drafts.stop(person.id, ASK_JOURNEY) or not unit.questions.count_recent(person.id)
    return Reply(QuestionDropped() if was_unsent else MatterOver(), edits=act.message)


def get_own_assignment(unit: UnitOfWork, worker: Person, number: AssignmentId) -> Assignment:
    """Return an assignment of this worker; 0 is the task in hand, or else the one answered last.
    Raise NotYours if it is somebody else's, NotFound if the worker has none."""
    if number:
        assignment = unit.assignments.find(number)
        if assignment is None or assignment.worker != worker.id:
            raise NotYours()
        return assignment
    latest = _find_latest_assignment(unit, worker)
    if latest is None:
        raise NotFound(what="offer", name="")
    return latest


def asks_about_project(unit: UnitOfWork, worker: Person, project: ProjectId) -> bool:
    """Return whether a question asked now, without naming a task, would go to this project's requester."""
    latest = _find_latest_assignment(unit, worker)
    return latest is not None and latest.project == project


def _find_latest_assignment(unit: UnitOfWork, worker: Person) -> Assignment | None:
    return unit.assignments.active_for(worker.id) or unit.assignments.answered_last(worker.id)


def _require_questions_left(unit: UnitOfWork, worker: Person) -> int:
    """Return how many questions the worker may still ask today. Raise TooManyQuestions if none."""
    asked_count = unit.questions.count_recent(worker.id)
    if not may_ask(asked_count):
        raise TooManyQuestions(most=MAX_QUESTIONS_PER_DAY)
    return MAX_QUESTIONS_PER_DAY - asked_count


def _send_question(act: Act, assignment: Assignment, text: str) -> QuestionSent:
    """Store a question and send it to the requester. Raise BadInput if it is too short or too long, TooManyQuestions
    above the limit."""
    unit, words = act.unit, parse_question(text)
    if words is None:
        raise BadInput(what="question", value="", expected=[str(MIN_QUESTION_CHARS), str(QUESTION_LIMIT_CHARS)])
    _require_questions_left(unit, act.person)
    question = unit.questions.add(assignment.project, assignment.task, act.person.id, words)
    send_question(unit, question)
    unit.webhooks.add_event(assignment.project, QUESTION_ASKED, question.id)
    project, in_hand = unit.projects.get(assignment.project), unit.assignments.active_for(act.person.id)
    hours = DEADLINE // HOUR if project.state is ProjectState.RUNNING else 0
    return QuestionSent(project.title, words, hours, in_hand is not None)


MAX_QUESTIONS_PER_SWEEP = 20


def remind_and_pause(unit: UnitOfWork) -> None:
    """Remind requesters of questions that have waited for a day, and pause projects whose questions are overdue."""
    for question in unit.questions.due_for_reminder(MAX_QUESTIONS_PER_SWEEP):
        unit.questions.store_reminder(question.id)
        send_question(unit, question, ":again")
    for question in unit.questions.overdue(MAX_QUESTIONS_PER_SWEEP):
        if unit.questions.mark_late(question.id):
            _pause_project(unit, question)


def _pause_project(unit: UnitOfWork, question: Question) -> None:
    """Pause the project of an overdue question and tell its requester if it was running. Nothing happens if it is
    paused already."""
    project = unit.projects.get(question.project)
    if not unit.projects.pause(project.id, PAUSE):
        return
    unit.audit.note(None, "pause", f"project:{project.id}", question=question.id)
    if project.state is ProjectState.RUNNING:
        waiting = unit.questions.count_late(project.id)
        awaits = ProjectAwaitsAnswer(project.id, project.title, question.words, waiting, DEADLINE // HOUR)
        unit.outbox.tell(project.requester, awaits)


def end_pause(unit: UnitOfWork, project: ProjectId) -> bool:
    """End a project's pause if no late question is left, and wake its workers. Return whether tasks are
    offered again."""
    if unit.questions.count_late(project) or not unit.projects.resume(project, PAUSE):
        return False
    unit.audit.note(None, "resumed", f"project:{project}", why=PAUSE)
    resumed_project = unit.projects.get(project)
    if resumed_project.state is not ProjectState.RUNNING or resumed_project.paused:
        return False
    lifecycle.wake_workers(unit, project)
    return True


ANSWER_JOURNEY = "answer"
MAX_OFFERED_ENTRIES = 8  # entries that are offered as answers


def show_next_question(act: Act, project: ProjectId) -> Reply | NoQuestions:
    """Return the longest waiting question of the requester's project, or NoQuestions."""
    own_project = projects.mine(act.unit, act.person, project)
    question = act.unit.questions.next_open(own_project.id)
    if question is None:
        return NoQuestions(own_project.id, own_project.title)
    name = message_name(question.id, ":shown")
    return Reply(to_question_card(act.unit, question), live=name, anew=True)


def ask_for_answer(act: Act, question: QuestionId) -> AnswerWanted:
    """Take the requester's next message as the answer to this question. Raise NotFound if the question is not theirs or
    not open."""
    project, open_question = _get_open_question(act.unit, act.person, question)
    act.unit.drafts.keep(act.person.id, ANSWER_JOURNEY, {"question": open_question.id}, act.unit.now)
    return AnswerWanted(open_question.id, project.title, open_question.words)


def publish_typed_answer(act: Act, draft: dict[str, Any], text: str) -> AnswerPublished:
    """Publish the typed answer of a draft and drop the draft."""
    published = answer_question(act, QuestionId(draft["question"]), text)
    act.unit.drafts.drop(act.person.id)
    return published


def answer_by_reply(act: Act, message: int, text: str) -> AnswerPublished | Reply | None:
    """Answer the question shown in the message that the requester replied to. Return None if that message shows no
    question."""
    number = find_question_shown(act.unit, act.person.id, message)
    question_shown = act.unit.questions.find(number) if number else None
    if question_shown is None:
        return None
    return payouts.keep_iban_private(text) or answer_question(
        team_spending.act_for_project(act, question_shown.project, Right.LOOK), question_shown.id, text
    )


def answer_question(act: Act, number: QuestionId, text: str) -> AnswerPublished:
    """Answer a question: the asker reads it at once, other workers of the project soon, and it stays in the FAQ.
    Raise NotFound if the question is not the requester's or not open, BadInput if the answer is empty or too long."""
    unit, (project, question) = act.unit, _get_open_question(act.unit, act.person, number)
    words = parse_answer(text)
    if words is None:
        raise BadInput(what="answer", value="", expected=[str(ANSWER_LIMIT_CHARS)])
    if unit.questions.answer(question, words, act.person.id) is None:
        raise _not_found(number)
    unit.questions.open_faq_round(project.id)
    return _finish_answered(unit, project, question, words, standing=False)


def choose_standing(act: Act, question: QuestionId) -> StandingAnswers:
    """Return the FAQ entries from which the requester may choose the answer to a question."""
    project, open_question = _get_open_question(act.unit, act.person, question)
    entries = act.unit.questions.list_entries(
        project.id, act.unit.questions.get_last_entry_number(project.id) + 1, MAX_OFFERED_ENTRIES
    )
    return StandingAnswers(open_question.id, open_question.words, entries)


def answer_by_entry(act: Act, question: QuestionId, entry: int) -> AnswerPublished:
    """Answer a question by an entry of the FAQ; only the asker is told. Raise NotFound if the question or the entry is
    gone."""
    unit, (project, open_question) = act.unit, _get_open_question(act.unit, act.person, question)
    entry_question = unit.questions.find_entry(project.id, entry)
    if (
        entry_question is None
        or entry_question.answer is None
        or not unit.questions.answer_by_entry(open_question.id, entry_question.id, act.person.id)
    ):
        raise _not_found(question)
    return _finish_answered(unit, project, open_question, entry_question.answer, standing=True)


def _finish_answered(
    unit: UnitOfWork, project: Project, question: Question, words: str, standing: bool
) -> AnswerPublished:
    """Tell the asker the answer, close the question's messages, end the project's pause if possible and return what was
    done."""
    if question.asker is not None:
        unit.outbox.tell(question.asker, QuestionAnswered(project.id, project.title, question.words, words))
    close_question_messages(unit, question, words)
    resumed = end_pause(unit, project.id)
    return AnswerPublished(project.id, project.title, standing, unit.questions.count_open(project.id), resumed)


def _get_open_question(unit: UnitOfWork, requester: Person, number: QuestionId) -> tuple[Project, Question]:
    """Return an open question of the requester's own project, with the project. Raise NotFound if it is somebody else's
    or closed."""
    question = unit.questions.find(number)
    project = projects.owned(unit, requester, question.project if question else None)
    if question is None or project is None or not question.is_open:
        raise _not_found(number)
    return project, question


def _not_found(number: QuestionId) -> NotFound:
    return NotFound(what="question", name=str(number))


ENTRIES_PER_PAGE = 5  # entries of a page
MAX_NEWS_ENTRIES = 3  # entries of a letter: /faq has the others
MAX_READERS_PER_STEP = 200  # workers told in one transaction


def show_faq(act: Act, project: ProjectId, before: int) -> Faq:
    """Return a page of a project's FAQ behind entry `before` (0: the newest).
    Raise NotFound for anyone but workers who were given a task there, the requester's side and admins."""
    unit, project_shown = act.unit, act.unit.projects.find(project)
    works = project_shown is not None and unit.enrolments.find(act.person.id, project_shown.id) is not None
    if project_shown is None or not (
        works or act.unit.teams.is_side(project_shown.requester, act.person.id) or "admin" in act.roles
    ):
        raise NotFound(what="offer", name="")
    total = unit.questions.get_last_entry_number(project_shown.id)
    entries = unit.questions.list_entries(project_shown.id, before or total + 1, ENTRIES_PER_PAGE + 1)
    next_before = entries[ENTRIES_PER_PAGE - 1].number if len(entries) > ENTRIES_PER_PAGE else 0
    asks = works and not act.person.suspended and asks_about_project(unit, act.person, project_shown.id)
    waiting, rests = unit.questions.count_open(project_shown.id), unit.questions.count_late(project_shown.id) > 0
    return Faq(
        project=project_shown.id,
        title=project_shown.title,
        entries=entries[:ENTRIES_PER_PAGE],
        total=total,
        before=next_before,
        asks=asks,
        waiting=waiting,
        rests=rests,
    )


def spread_faq_news(unit: UnitOfWork) -> None:
    """Take one step of telling workers about new FAQ entries: some workers of one project get one
    silent message each."""
    faq_round = unit.questions.find_faq_round()
    if faq_round is None:
        return
    if faq_round.telling == faq_round.told:
        faq_round = replace(faq_round, telling=unit.questions.get_last_entry_number(faq_round.project), worker=0)
    readers = unit.questions.list_readers(faq_round.project, faq_round.worker, MAX_READERS_PER_STEP)
    _tell_readers(unit, faq_round, readers)
    if len(readers) == MAX_READERS_PER_STEP:
        unit.questions.store_faq_round(replace(faq_round, worker=readers[-1]), is_open=True)
    else:
        finished_round = replace(faq_round, told=faq_round.telling, worker=0)
        unit.questions.store_faq_round(
            finished_round, is_open=unit.questions.get_last_entry_number(faq_round.project) > faq_round.telling
        )


def _tell_readers(unit: UnitOfWork, faq_round: FaqRound, readers: list[PersonId]) -> None:
    """Send the new entries to each reader, without the reader's own questions. Nothing is sent if the project does not
    run."""
    project, news = unit.projects.get(faq_round.project), unit.questions.list_new_entries(faq_round, MAX_NEWS_ENTRIES)
    if project.state is not ProjectState.RUNNING:
        return
    for reader in readers:
        entries = tuple(entry for asker, entry in news if asker != reader)
        if entries:
            notice = FaqNews(project.id, project.title, entries)
            unit.outbox.tell(reader, notice, lane=Lane.BROADCAST, klass="nudge")


MAX_LISTED_ANSWERS = 50  # answers


def list_questions(act: Act, number: ProjectId, after: int, limit: int) -> Questions:
    """Return a page of open questions of the requester's project behind `after`, with its newest
    answers, for programs."""
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    questions = unit.questions.list_open(project.id, after, limit + 1)
    next_after = questions[limit - 1].id if len(questions) > limit else None
    answered = unit.questions.list_entries(
        project.id, unit.questions.get_last_entry_number(project.id) + 1, MAX_LISTED_ANSWERS
    )
    return Questions(
        tuple(_to_open_question(unit, question) for question in questions[:limit]), next_after, tuple(answered)
    )


def _to_open_question(unit: UnitOfWork, question: Question) -> OpenQuestion:
    task = unit.tasks.get(question.task).key
    return OpenQuestion(question.id, task, question.words, question.asked_at, question.due_at)


def report_question(act: Act, question: QuestionId) -> QuestionReported:
    """Report a question as abuse; admins are asked to judge it. Raise NotFound if it is not the requester's, not open
    or reported before."""
    unit, reported = act.unit, act.unit.questions.find(question)
    project = projects.owned(unit, act.person, reported.project if reported else None)
    if reported is None or project is None or not unit.questions.report(reported.id):
        raise NotFound(what="question", name=str(question))
    unit.audit.note(act.person.id, "report question", f"question:{reported.id}")
    judge_case = _to_judge_case(unit, project, reported)
    for admin in cases.get_deciders(unit, act.house.admins, (project.requester, reported.asker)):
        unit.outbox.tell(admin, judge_case)
    return QuestionReported(project.title)


def show_reported_question(act: Act, question: QuestionId) -> QuestionToJudge:
    """Return the reported question for the admin who opens it from /admin. Raise NotFound if it does not wait for a
    judgement."""
    reported = act.unit.questions.find(question)
    if reported is None or not reported.is_open or reported.report != "open":
        raise NotFound(what="question", name=str(question))
    return _to_judge_case(act.unit, act.unit.projects.get(reported.project), reported)


def _to_judge_case(unit: UnitOfWork, project: Project, question: Question) -> QuestionToJudge:
    return QuestionToJudge(
        question=question.id,
        project=project.id,
        title=project.title,
        who=unit.people.get(project.requester).label,
        worker=get_asker_pseudonym(unit, question, project.requester),
        words=question.words,
        about=beginning_of(project, unit.tasks.get(question.task)),
        dismissed=unit.questions.count_dismissed(question.asker) if question.asker else 0,
    )


def judge_report(act: Act, question: QuestionId, abuse: bool) -> ReportJudged | None:
    """Decide a report as an admin: abuse closes the question without an answer, otherwise it still needs one. Both
    sides are told. Return None if it was decided before. Raise NotFound without such a question, OwnMatter if another
    admin must decide."""
    unit, reported = act.unit, act.unit.questions.find(question)
    if reported is None:
        raise NotFound(what="question", name=str(question))
    project = unit.projects.get(reported.project)
    alone = cases.require_decider(act, project.requester, reported.asker)
    if not unit.questions.decide_report(reported.id, abuse, act.person.id):
        return None
    unit.audit.note(act.person.id, "dismissed" if abuse else "kept", f"question:{reported.id}", alone=alone)
    if abuse:
        if reported.asker is not None:
            unit.outbox.tell(reported.asker, QuestionDismissed(project.title, reported.words))
        close_question_messages(unit, reported, None, dismissed=True)
        end_pause(unit, project.id)
    verdict = ReportJudged(project.title, reported.words, abuse)
    if project.requester != act.person.id:
        unit.outbox.tell(project.requester, verdict)
    return verdict
