"""Questions: who may ask, who hears the answer, and what an unanswered one stops."""

import pytest

from domain.fairness.questions import (
    DEADLINE,
    MAX_QUESTIONS_PER_DAY,
    QUESTION_LIMIT_CHARS,
    REMINDER,
    WINDOW,
    AnswerPublished,
    Faq,
    FaqNews,
    ProjectAwaitsAnswer,
    QuestionAnswered,
    QuestionAsked,
    QuestionDismissed,
    QuestionDropped,
    QuestionId,
    QuestionReported,
    QuestionToJudge,
    ReportJudged,
)
from domain.messages import Message
from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId, pseudonym
from domain.projects.projects import ProjectState
from domain.refusals import BadInput, NotFound, NotYours, TooManyQuestions
from domain.work.assignments import AssignmentId
from domain.work.messages import MatterOver
from services.act import Act, Reply
from services.fairness import questions
from services.people import personal_data
from services.projects import lifecycle
from services.work import dispatch, inputs
from storage.boxes.outbox import Lane, Letter
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import FIRST_WORKER, House, a_project, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters

WORDS, ANSWER = "What if it is ironic?", "Take what the writer means."
ADMIN = 900
LATEST = AssignmentId(0)
ANSWERED = "UPDATE questions SET state = 'answered', answer = 'Yes.', entry = 1, ended_at = asked_at WHERE id = :id"


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def at_work(url: str, now: Moment, workers: int = 3) -> House:
    """The first worker has a task in hand, the others have answered one."""
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers, 2 * workers + 2)
        dispatch.dispatch_next_task(unit, unit.people.get(house.workers[0]), Lane.REPLY)
        for worker in house.workers[1:]:
            turn(unit, worker)
    return house


def asks(unit: UnitOfWork, house: House, words: str = WORDS) -> QuestionId:
    """The first worker, in two steps."""
    act = act_of(unit, house.workers[0])
    wanted = questions.ask_for_question(act, LATEST)
    assert wanted.project == house.project
    inputs.take_words(act, words)
    return QuestionId(unit.connection.all("SELECT max(id) FROM questions")[0][0])


def offers(unit: UnitOfWork, house: House) -> bool:
    """Whether anything of the project is given out."""
    return any(project.id == house.project for project in unit.projects.running(10))


def test_not_to_ask_after_the_question_was_sent_does_not_say_that_nothing_was_asked(
    database_url: str, now: Moment
) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.workers[0], message=77)
        for _ in range(2):  # the second tap of two, too
            questions.ask_for_question(act, LATEST)
            assert questions.drop_question(act) == questions.drop_question(act) == Reply(QuestionDropped(), edits=77)
        asks(unit, house)
        assert questions.drop_question(act) == Reply(MatterOver(), edits=77)


@pytest.mark.usefixtures("tasks_in_file_order")
def test_a_question_reaches_the_requester_under_a_pseudonym_and_its_answer_everybody_at_work(
    database_url: str, now: Moment
) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        asked = asks(unit, house)
        (letter,) = told(unit, house.requester, QuestionAsked)
        assert letter.live == f"question:{asked}"
        assert letter.facts["words"] == WORDS
        assert letter.facts["worker"] == pseudonym(unit.settings.secret, house.requester, house.workers[0])
        assert "Worker 0" not in str(letter.facts)
        assert letter.facts["about"] == "review 1"
        unit.live_messages.keep(house.requester, letter.live, 77)
        published = inputs.take_words(act_of(unit, house.requester), ANSWER, replied=77)
        assert published == AnswerPublished(house.project, "Is the review positive?", False, 0, False)
        (answered,) = told(unit, house.workers[0], QuestionAnswered)
        assert (answered.facts["words"], answered.facts["answer"]) == (WORDS, ANSWER)
        for _ in range(2):
            questions.spread_faq_news(unit)
        heard = {worker: len(told(unit, worker, FaqNews)) for worker in house.workers}
        assert heard == {house.workers[0]: 0, house.workers[1]: 1, house.workers[2]: 1}
        shown = questions.show_faq(act_of(unit, house.workers[1]), house.project, 0)
        assert isinstance(shown, Faq)
        assert [(each.number, each.asked, each.answer) for each in shown.entries] == [(1, WORDS, ANSWER)]
        assert find_violations(unit) == []


def test_two_answers_in_a_row_are_one_letter_and_who_turned_away_gets_none(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        for words in (WORDS, "And if there is no text?"):
            questions.answer_question(act_of(unit, house.requester), asks(unit, house, words), ANSWER)
        unit.enrolments.decline(house.workers[2], house.project, True)
        questions.spread_faq_news(unit)
        (letter,) = told(unit, house.workers[1], FaqNews)
        assert [entry["number"] for entry in letter.facts["entries"]] == [2, 1]
        assert told(unit, house.workers[2], FaqNews) == []
        questions.spread_faq_news(unit)
        assert len(told(unit, house.workers[1], FaqNews)) == 1


def test_a_standing_entry_answers_a_question_for_its_asker_alone(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        requester = act_of(unit, house.requester)
        questions.answer_question(requester, asks(unit, house), ANSWER)
        questions.spread_faq_news(unit)
        again = asks(unit, house, "Ironic ones, too?")
        (entry,) = questions.choose_standing(requester, again).entries
        published = questions.answer_by_entry(requester, again, entry.number)
        assert published.standing
        assert [each.facts["answer"] for each in told(unit, house.workers[0], QuestionAnswered)] == [ANSWER, ANSWER]
        questions.spread_faq_news(unit)
        assert len(told(unit, house.workers[1], FaqNews)) == 1
        assert unit.questions.get_last_entry_number(house.project) == 1


def test_an_unanswered_question_reminds_then_stops_the_project_until_its_answer(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        asked = asks(unit, house)
    with one_transaction(database_url, later(now, REMINDER - 1)) as unit:
        questions.remind_and_pause(unit)
        assert len(told(unit, house.requester, QuestionAsked)) == 1
    with one_transaction(database_url, later(now, REMINDER)) as unit:
        questions.remind_and_pause(unit)
        questions.remind_and_pause(unit)
        assert [each.facts["reminds"] for each in told(unit, house.requester, QuestionAsked)] == [False, True]
    with one_transaction(database_url, later(now, DEADLINE - 1)) as unit:
        questions.remind_and_pause(unit)
        assert offers(unit, house)
    with one_transaction(database_url, later(now, DEADLINE)) as unit:
        questions.remind_and_pause(unit)
        questions.remind_and_pause(unit)
        assert not offers(unit, house)
        assert len(told(unit, house.requester, ProjectAwaitsAnswer)) == 1
        published = questions.answer_question(act_of(unit, house.requester), asked, ANSWER)
        assert published.resumed
        assert offers(unit, house)


def test_abuse_needs_no_answer_once_an_admin_agrees(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        admin = unit.people.upsert(ADMIN, "ada", "Ada", "en", now).id
        asked, other = asks(unit, house), asks(unit, house, "You fool, what is this?")
        requester = act_of(unit, house.requester, frozenset({ADMIN}))
        for each in (asked, other):
            assert isinstance(questions.report_question(requester, each), QuestionReported)
        with pytest.raises(NotFound):
            questions.report_question(requester, asked)
        assert len(told(unit, admin, QuestionToJudge)) == 2
    with one_transaction(database_url, later(now, DEADLINE)) as unit:
        questions.remind_and_pause(unit)
        assert not offers(unit, house)
        judge = act_of(unit, admin, frozenset({ADMIN}))
        assert questions.judge_report(judge, asked, False) == ReportJudged("Is the review positive?", WORDS, False)
        assert questions.judge_report(judge, other, True) is not None
        assert questions.judge_report(judge, other, True) is None
        assert len(told(unit, house.workers[0], QuestionDismissed)) == 1
        assert len(told(unit, house.requester, ReportJudged)) == 2
        assert not offers(unit, house)  # the other one still waits
        questions.answer_question(act_of(unit, house.requester), asked, ANSWER)
        assert offers(unit, house)


def test_no_answer_is_asked_for_once_a_reported_question_is_answered(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        asked, requester = asks(unit, house), act_of(unit, house.requester)
        questions.report_question(requester, asked)
        unit.connection.changed(ANSWERED, id=asked)
        judge = act_of(unit, unit.people.upsert(ADMIN, None, "Ada", "en", now).id, frozenset({ADMIN}))
        assert questions.judge_report(judge, asked, False) is None
        assert told(unit, house.requester, ReportJudged) == []


def test_a_worker_asks_so_many_questions_a_day(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        for number in range(MAX_QUESTIONS_PER_DAY):
            asks(unit, house, f"Question number {number}?")
        with pytest.raises(TooManyQuestions):
            questions.ask_for_question(act_of(unit, house.workers[0]), LATEST)
        questions.ask_for_question(act_of(unit, house.workers[1]), LATEST)
    with one_transaction(database_url, later(now, WINDOW)) as unit:
        questions.ask_question_in_words(act_of(unit, house.workers[0]), "Another one, today?")


@pytest.mark.parametrize("words", ["", "Why", "?" * 20, "x" * (QUESTION_LIMIT_CHARS + 1)])
def test_what_is_no_question_is_not_sent(database_url: str, now: Moment, words: str) -> None:
    house = at_work(database_url, now, workers=1)
    with one_transaction(database_url, now) as unit, pytest.raises(BadInput):
        questions.ask_question_in_words(act_of(unit, house.workers[0]), words)


def test_only_the_tasks_worker_asks_and_only_the_projects_requester_answers(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        asked = asks(unit, house)
        stranger = unit.people.upsert(FIRST_WORKER + 50, "eve", "Eve", "en", now).id
        unit.people.give_consent(stranger, now)
        eve = act_of(unit, stranger)
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None
        with pytest.raises(NotYours):
            questions.ask_for_question(eve, in_hand.id)
        attempts = (
            lambda act: questions.ask_for_question(act, LATEST),
            lambda act: questions.show_faq(act, house.project, 0),
            lambda act: questions.answer_question(act, asked, ANSWER),
            lambda act: questions.ask_for_answer(act, asked),
            lambda act: questions.report_question(act, asked),
        )
        for attempt in attempts:
            with pytest.raises(NotFound):
                attempt(eve)
        questions.answer_question(act_of(unit, house.requester), asked, ANSWER)
        with pytest.raises(NotFound):
            questions.answer_question(act_of(unit, house.requester), asked, "Something else.")


def test_a_faq_offers_to_ask_where_the_question_would_go_to_its_requester(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        other = unit.projects.add(a_project(house.requester, now))
        unit.enrolments.enrol(house.workers[0], other)
        act = act_of(unit, house.workers[0])
        assert questions.show_faq(act, house.project, 0).asks
        assert not questions.show_faq(act, other, 0).asks


def test_a_question_about_an_ended_project_promises_no_deadline(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.workers[1])
        assert questions.ask_question_in_words(act, WORDS).hours == DEADLINE // HOUR
        lifecycle.end_project(
            unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED
        )
        assert questions.ask_question_in_words(act, WORDS).hours == 0
        before, after = told(unit, house.requester, QuestionAsked)
        assert (before.facts["ended"], after.facts["ended"]) == (False, True)


def test_whoever_takes_it_back_asks_nothing(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.workers[0], message=5)
        questions.ask_for_question(act, LATEST)
        assert questions.drop_question(act).edits == 5
        inputs.take_words(act, WORDS)
        assert unit.questions.next_open(house.project) is None


def test_an_erased_worker_leaves_an_answer_without_a_question(database_url: str, now: Moment) -> None:
    house = at_work(database_url, now)
    with one_transaction(database_url, now) as unit:
        first = asks(unit, house)
        questions.answer_question(act_of(unit, house.requester), first, ANSWER)
        asks(unit, house, "And what about this one?")
    with one_transaction(database_url, later(now, DEADLINE)) as unit:
        questions.remind_and_pause(unit)
        assert not offers(unit, house)
        _forgets(act_of(unit, house.workers[0]))
        assert offers(unit, house)
        (entry,) = unit.questions.list_entries(house.project, 9, 9)
        assert (entry.asked, entry.answer) == ("", ANSWER)
        assert unit.connection.all("SELECT count(*) FROM questions WHERE asker IS NOT NULL OR words <> ''")[0][0] == 0
        assert find_violations(unit) == []


def _forgets(act: Act) -> None:
    personal_data.begin_erasure(act)
    for letter in due_letters(act.unit, 1_000):
        act.unit.outbox.drop(letter.id, "expired")
    personal_data.finish_erasures(act.unit)
