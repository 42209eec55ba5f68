"""Complaints: who may send how many, who answers, and what happens while nobody does."""

from dataclasses import asdict

import pytest

from domain.conduct.evidence import Evidence
from domain.fairness.cases import (
    DEADLINE,
    MAX_COMPLAINT_CHARS,
    MAX_COMPLAINTS_PER_DAY,
    MAX_OPEN_COMPLAINTS,
    AnswerSent,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintDropped,
    ComplaintFigures,
    ComplaintId,
    ComplaintLate,
    ComplaintSent,
    ComplaintToAnswer,
    MeasureEnded,
    NoComplaints,
)
from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.money.payouts import AccountKept
from domain.people.accounts import PersonId
from domain.refusals import BadInput, NotAllowed, NotFound, OwnMatter, TooManyComplaints
from domain.work.dispatch import WorkerStanding
from domain.work.messages import MatterOver
from handlers.fairness.automated import ShowAutomated
from handlers.fairness.complaints import Complain
from handlers.fairness.stops import SuspendPerson
from services.act import Reply
from services.fairness import automated, complaints, stats
from services.people import personal_data
from services.quality import restrictions
from services.work import inputs
from storage.boxes.outbox import Letter
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, REQUESTER, House, furnish
from tests.letters import due_letters

WORDS, ANSWER = "My answers were read by nobody.", "We read them again: you were right. Press /work."
ADMINS = frozenset({REQUESTER})


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[Letter]:
    return [each for each in due_letters(unit, 1_000) if each.person == person and each.screen == message.stored_as]


def settled(url: str, now: Moment) -> House:
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers=2)
        for worker in house.workers:
            unit.enrolments.enrol(worker, house.project)
    return house


def complain(unit: UnitOfWork, worker: PersonId, about: str = "other", subject: int = 0) -> ComplaintId:
    """In two steps, as the chat does it."""
    act = act_of(unit, worker, ADMINS)
    complaints.ask_for_complaint(act, about, subject)
    inputs.take_words(act, WORDS)
    return ComplaintId(unit.connection.all("SELECT max(id) FROM complaints")[0][0])


def test_a_complaint_is_answered_by_one_message_in_reply(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    worker, admin = house.workers[0], house.requester
    with one_transaction(database_url, now) as unit:
        number = complain(unit, worker)
        (asked,) = told(unit, admin, ComplaintToAnswer)
        assert (asked.live, asked.facts["words"], asked.facts["who"]) == (f"complaint:{number}", WORDS, "@worker0")
        unit.live_messages.keep(admin, asked.live, 77)
    with one_transaction(database_url, later(now, DAY)) as unit:
        act = act_of(unit, admin, ADMINS)
        with pytest.raises(BadInput):
            inputs.take_words(act, "No.", replied=77)
        assert inputs.take_words(act, "FR76 3000 6000 0112 3456 7890 189", replied=77) == Reply(
            AccountKept(), erases=True
        )
        assert inputs.take_words(act, ANSWER, replied=77) == AnswerSent("@worker0", 0)
        (answered,) = told(unit, worker, ComplaintAnswered)
        assert (answered.facts["words"], answered.facts["answer"]) == (WORDS, ANSWER)
        (closed,) = told(unit, admin, ComplaintClosed)
        assert closed.live == f"complaint:{number}"
        with pytest.raises(NotFound):
            inputs.take_words(act, ANSWER, replied=77)
        assert complaints.show_next_complaint(act) == NoComplaints()
        assert unit.connection.all("SELECT count(*) FROM audit WHERE action = 'complaint'")[0][0] == 1
        assert find_violations(unit) == []


def test_admins_are_reminded_twice_and_the_worker_hears_that_it_is_late(database_url: str, now: Moment) -> None:
    house, seen = settled(database_url, now), []
    worker, admin = house.workers[0], house.requester
    with one_transaction(database_url, now) as unit:
        complain(unit, worker)
    for days in (6.9, 7, 8, 12, 13.9, 14, 15):
        with one_transaction(database_url, later(now, int(days * DAY))) as unit:
            complaints.remind_of_complaints(unit, ADMINS)
            reminders = [each.facts["reminds"] for each in told(unit, admin, ComplaintToAnswer)]
            seen.append((reminders, len(told(unit, worker, ComplaintLate))))
    assert seen == [
        ([0], 0),
        ([0, 7], 0),
        ([0, 7], 0),
        ([0, 7, 12], 0),
        ([0, 7, 12], 0),
        ([0, 7, 12, 14], 1),
        ([0, 7, 12, 14], 1),
    ]


def test_after_a_long_outage_one_reminder_comes_not_three(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        complain(unit, house.workers[0])
    with one_transaction(database_url, later(now, 20 * DAY)) as unit:
        for _ in range(2):
            complaints.remind_of_complaints(unit, ADMINS)
        assert [each.facts["reminds"] for each in told(unit, house.requester, ComplaintToAnswer)] == [0, 20]
        assert len(told(unit, house.workers[0], ComplaintLate)) == 1


def test_so_many_a_day_and_so_many_wait(database_url: str, now: Moment) -> None:
    house, days = settled(database_url, now), []
    for day in range(4):
        with one_transaction(database_url, later(now, day * DAY)) as unit:
            made = 0
            while made < 9:
                try:
                    complain(unit, house.workers[0])
                except TooManyComplaints:
                    break
                made += 1
            days.append(made)
            complain(unit, house.workers[1]) if day == 0 else None
    assert days == [MAX_COMPLAINTS_PER_DAY, MAX_OPEN_COMPLAINTS - MAX_COMPLAINTS_PER_DAY, 0, 0]
    with one_transaction(database_url, later(now, 4 * DAY)) as unit:
        act = act_of(unit, house.workers[0], ADMINS)
        unit.drafts.keep(act.person.id, complaints.COMPLAIN_JOURNEY, {"about": "other", "subject": 0}, unit.now)
        with pytest.raises(TooManyComplaints):
            inputs.take_words(act, WORDS)


@pytest.mark.parametrize("words", ["", "No", "?" * 20, "x" * (MAX_COMPLAINT_CHARS + 1)])
def test_what_is_no_complaint_is_not_sent(database_url: str, now: Moment, words: str) -> None:
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.workers[0], ADMINS)
        complaints.ask_for_complaint(act, "turn", 0)
        with pytest.raises(BadInput):
            complaints.send_typed_complaint(act, {"about": "turn", "subject": 0}, words)
        assert unit.complaints.count_open(act.person.id) == 0


def test_whoever_takes_it_back_sends_nothing(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.workers[0], ADMINS, message=5)
        complaints.ask_for_complaint(act, "turn", 0)
        assert complaints.drop_complaint(act) == Reply(ComplaintDropped(), edits=5)
        inputs.take_words(act, WORDS)
        assert unit.complaints.count_open(act.person.id) == 0
        complain(unit, act.person.id)  # one that was sent was not taken back
        assert complaints.drop_complaint(act) == Reply(MatterOver(), edits=5)


def test_the_rows_decide_what_a_complaint_is_about(database_url: str, now: Moment) -> None:
    """Another's restriction, a project they never worked in, a decision nobody knows: left out."""
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        found = [Evidence(house.workers[1], "random", 10.0, 40, 5, 0.8, 0.5)]
        restrictions.apply_evidence(unit, unit.projects.get(house.project), house.workers[1], found)
        act = act_of(unit, house.workers[0], ADMINS)
        for about, subject, expected in (
            ("restriction", 1, ("restriction", "")),
            ("restriction", 10**15, ("restriction", "")),
            ("later", house.project + 1, ("later", "")),
            ("later", house.project, ("later", "Is the review positive?")),
            ("nonsense", house.project, ("other", "")),
        ):
            wanted = complaints.ask_for_complaint(act, about, subject)
            assert (wanted.about, wanted.title) == expected
        assert (
            complaints.ask_for_complaint(act_of(unit, house.workers[1]), "restriction", 1).title
            == "Is the review positive?"
        )


def test_nobody_answers_their_own_and_only_admins_answer(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    own = frozenset({FIRST_WORKER, REQUESTER})
    with one_transaction(database_url, now) as unit:
        number = complain(unit, house.workers[0])
        act = act_of(unit, house.workers[0], own)
        for attempt in (
            lambda: complaints.answer_complaint(act, number, ANSWER),
            lambda: complaints.ask_for_answer(act, number),
            lambda: complaints.end_measure(act, number),
        ):
            with pytest.raises(OwnMatter):
                attempt()
        assert complaints.show_next_complaint(act) == NoComplaints()
        with pytest.raises(NotAllowed):
            complaints.answer_complaint(act_of(unit, house.workers[1], own), number, ANSWER)
        with pytest.raises(NotFound):
            complaints.answer_complaint(act_of(unit, house.requester, own), ComplaintId(10**12), ANSWER)


def test_an_admin_ends_what_a_machine_did_and_it_does_not_come_back(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    worker, project = house.workers[0], house.project
    with one_transaction(database_url, now) as unit:
        unit.enrolments.stand(project, [(worker, WorkerStanding(0.1, True))])
        unit.evidence.watch(worker, project, 2)
        unit.soft_measures.note(project)
        assert unit.evidence.softly(worker, project) == (2, True)
    with one_transaction(database_url, later(now, DAY)) as unit:
        touched = automated.get_recent_decisions(act_of(unit, worker))
        assert {(each.kind, each.since, each.ended_at) for each in touched.measures} == {
            ("later", now, None),
            ("held", now, None),
        }
        act = act_of(unit, house.requester, ADMINS)
        with pytest.raises(NotFound):
            complaints.end_measure(act, complain(unit, worker))  # about nothing that could be ended
        number = complain(unit, worker, "later", project)
        assert told(unit, house.requester, ComplaintToAnswer)[-1].facts["spares"]
        for _ in range(2):
            assert complaints.end_measure(act, number).title == "Is the review positive?"
        assert len(told(unit, worker, MeasureEnded)) == 1
        assert unit.complaints.count_open(worker) == 2
        unit.enrolments.stand(
            project, [(worker, WorkerStanding(0.1, True)), (house.workers[1], WorkerStanding(0.1, True))]
        )
        unit.evidence.watch(worker, project, 2)
        unit.soft_measures.note(project)
        assert unit.evidence.softly(worker, project) == (0, False)
        assert unit.evidence.softly(house.workers[1], project) == (0, True)
        ended = automated.get_recent_decisions(act_of(unit, worker)).measures
        assert {each.ended_at for each in ended} == {unit.now}


def test_the_page_lists_what_touched_a_worker_lately_and_only_them(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    worker = house.workers[0]
    with one_transaction(database_url, now) as unit:
        found = [Evidence(worker, "random", 10.0, 40, 5, 0.8, 0.5)]
        restrictions.apply_evidence(unit, unit.projects.get(house.project), worker, found)
        (each,) = automated.get_recent_decisions(act_of(unit, worker)).restrictions
        assert (each.of.title, each.cause.suspicion, each.may_object) == ("Is the review positive?", "random", True)
        assert automated.show_register(act_of(unit, worker)).message.touched == 1  # type: ignore[union-attr]
        assert automated.show_register(act_of(unit, house.workers[1])).message.touched == 0  # type: ignore[union-attr]
    with one_transaction(database_url, later(now, 3 * DAY)) as unit:
        restrictions.end_due_restrictions(unit)
        (each,) = automated.get_recent_decisions(act_of(unit, worker)).restrictions
        assert (each.lapsed, each.may_object) == (True, False)
    with one_transaction(database_url, later(now, 31 * DAY)) as unit:
        assert automated.get_recent_decisions(act_of(unit, worker)).restrictions == ()


def test_the_figures_count_what_was_answered_in_time(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        numbers = [complain(unit, house.workers[at]) for at in (0, 0, 0, 1)]
        assert stats.compute_figures(unit, "EUR").complaints == ComplaintFigures(open=4)
    for number, days in zip(numbers, (1, 2.5, 15), strict=False):
        with one_transaction(database_url, later(now, int(days * DAY))) as unit:
            complaints.answer_complaint(act_of(unit, house.requester, ADMINS), number, ANSWER)
    with one_transaction(database_url, later(now, DEADLINE + DAY)) as unit:
        found = stats.compute_figures(unit, "EUR").complaints
        assert found == ComplaintFigures(open=1, late=1, answered=3, in_time=2, days=2.5)
        unit.stats.store_cached("EUR", asdict(stats.compute_figures(unit, "EUR")), 1_000)
        again = stats.get_or_compute_figures(act_of(unit, house.requester))
        assert (again.took, again.figures.complaints) == (None, found)


def test_an_erased_worker_leaves_no_complaint(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    with one_transaction(database_url, now) as unit:
        answered, _ = complain(unit, house.workers[0]), complain(unit, house.workers[0])
        complaints.answer_complaint(act_of(unit, house.requester, ADMINS), answered, ANSWER)
        personal_data.begin_erasure(act_of(unit, house.workers[0]))
        for letter in due_letters(unit, 1_000):
            unit.outbox.drop(letter.id, "expired")
        personal_data.finish_erasures(unit)
        rows = unit.connection.all("SELECT person, words, coalesce(answer, ''), state FROM complaints ORDER BY id")
        assert [tuple(row) for row in rows] == [(None, "", "", "answered"), (None, "", "", "withdrawn")]
        complaints.remind_of_complaints(unit, ADMINS)
        assert find_violations(unit) == []


def test_a_suspended_worker_can_complain(database_url: str, now: Moment) -> None:
    house = settled(database_url, now)
    worker = house.workers[0]
    with one_transaction(database_url, now) as unit:
        admin = act_of(unit, house.requester, ADMINS)
        press(admin, SuspendPerson(person=worker))
        inputs.take_words(admin, "Half of these answers were made by a program.")
        act = act_of(unit, worker, ADMINS)
        assert act.person.suspended
        press(act, ShowAutomated())
        press(act, Complain())
        assert isinstance(inputs.take_words(act, WORDS), ComplaintSent)
        assert unit.complaints.count_open(worker) == 1
