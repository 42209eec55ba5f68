"""Who judges, at whose cost: a requester with accounts of her own never gains, and honest people are not harmed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, replace
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

import pytest

from domain.conduct.evidence import Evidence
from domain.fairness.appeals import (
    JUDGES,
    MIN_POOL_JUDGES,
    MIN_POOL_REQUESTERS,
    AppealId,
    AppealState,
    AppealToJudge,
    AppealToRule,
    JudgeCandidate,
    JudgesCostTooMuch,
    JudgesPaidBack,
    Verdict,
    WordsSent,
    WordsWanted,
    is_pool_wide,
    lot_position,
)
from domain.fairness.cases import CaseClosed, CaseEnd, CaseKind
from domain.messages import Message
from domain.moments import DAY, HOUR, Moment, as_datetime
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, available_account, pending_account, requester_account
from domain.money.ledger import JUDGES as JUDGES_PAY
from domain.people.accounts import PersonId
from domain.people.personal_data import Farewell
from domain.people.teams import TeamRole
from domain.projects.projects import ContentChoice
from domain.quality.restrictions import PersonAudit
from domain.refusals import AlreadyAnswered, AlreadySkipped, NotFound, NotYours, TooLate
from domain.work.assignments import Submission, SubmissionId
from domain.work.messages import MatterOver, TaskGone
from handlers.fairness.appeals import Judge
from handlers.profile import close_refused_question
from handlers.screen import render
from handlers.work.tasks import SubmitAnswer
from services.act import Reply
from services.fairness import appeals, cases, juries, rejections, review, stops
from services.money import explanations, funds, operator_money, payouts, statements
from services.people import personal_data, teams
from services.quality import restrictions
from services.work import answer_messages, dispatch, inputs, submit, sweeps
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.drivers.records import single_values
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import SAYS, act_of, press
from tests.handlers.screens.samples import stored
from tests.house import PAY, House, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters
from tests.pool import settle_pool
from tests.services.fairness.conftest import Pool
from tests.services.people.test_qualifications import told_of

T = TypeVar("T")
Leaves = Callable[[UnitOfWork, PersonId], None]
REASON = "The writer is angry, so this is not positive."
CALLED_NOW = "SELECT worker FROM juries WHERE called = 1 ORDER BY seat"
SAID = "SELECT count(*) FROM outbox WHERE person = :person AND screen = :screen"
SHOWN = "UPDATE outbox SET message_id = 71 WHERE assignment = :assignment"
FEES_BACK = "SELECT coalesce(sum(amount), 0) FROM transfers WHERE kind IN ('feeback', 'costs')"
ADMIN_ID = 900
ADMINS = frozenset({ADMIN_ID})
IBAN, HOLDER = "FR7630006000011234567890189", "Eve Adam"


class City:
    """Eve asks; six workers answered her, of which she may own some; `strangers` have worked for others."""

    def __init__(self, url: str, now: Moment, strangers: Sequence[PersonId] = ()) -> None:
        self.url, self.now, self.strangers = url, now, strangers

    def settle(self, **changes: object) -> "City":
        self.house: House = self.do(lambda unit: furnish(unit, 6, 14, accept="review", overlap=1, **changes))
        self.admin = self.do(lambda unit: unit.people.upsert(ADMIN_ID, "ada", "Ada", "en", unit.now).id)
        for worker in self.house.workers:
            self.do(lambda unit, worker=worker: turn(unit, worker))  # type: ignore[misc]  # a loop's own value
        return self

    def do(self, step: Callable[[UnitOfWork], T], later: int = 0) -> T:
        self.now = Moment(self.now + later)
        with one_transaction(self.url, self.now) as unit:
            return step(unit)

    def balance(self, name: str) -> int:
        return self.do(lambda unit: unit.ledger.balance(name))

    def owns(self, *people: PersonId) -> int:
        """What these have together, wherever they have it."""

        def count(unit: UnitOfWork) -> int:
            accounts = (available_account, pending_account, requester_account)
            return sum(unit.ledger.balance(name(unit.people.get(one))) for one in people for name in accounts)

        return self.do(count)

    def reject(self, number: SubmissionId) -> None:
        def step(unit: UnitOfWork) -> None:
            project, eve = unit.projects.get(self.house.project), unit.people.get(self.house.requester)
            rejections.reject_submission(unit, eve, project, unit.submissions.get(number), 2, REASON)

        self.do(step)

    def waiting(self) -> list[Submission]:
        return self.do(lambda unit: unit.reviews.list_waiting(self.house.project, 0, 20))

    def accept_all(self) -> None:
        eve = self.do(lambda unit: unit.people.get(self.house.requester))
        for each_ in self.waiting():
            self.do(lambda unit, n=each_.id: review.accept_and_show_next(act_of(unit, eve.id, ADMINS), n))  # type: ignore[misc]  # a loop's own

    def appealed(self, submission: Submission) -> None:
        self.reject(submission.id)
        self.do(lambda unit: appeals.open_appeal(act_of(unit, submission.worker, ADMINS), submission.id))

    def why(self, submission: Submission) -> str:
        """What `/why` tells the worker of the rejection."""

        def step(unit: UnitOfWork) -> str:
            moved = unit.connection.all("SELECT id FROM transfers WHERE key = :key", key=f"reject:{submission.id}")
            shown = explanations.explain_operation(act_of(unit, submission.worker), moved[0][0])
            return render(shown.stored_as, stored(shown), "en").text

        return self.do(step)

    def called(self) -> list[PersonId]:
        return self.do(lambda unit: single_values(unit.connection.all(CALLED_NOW)))

    def judge(self, worker: PersonId, verdict: Verdict) -> bool:
        """Whether they were let judge the newest appeal."""

        def step(unit: UnitOfWork) -> bool:
            judge = unit.people.get(worker)
            if not juries.offer_judgement(unit, judge, Lane.PUSH):
                return False
            in_hand = unit.appeals.find_active_judgement(worker)
            assert in_hand is not None
            appeals.give_judgement(act_of(unit, worker, ADMINS), in_hand.appeal, SAYS[verdict])
            return True

        return self.do(step)

    def state(self, submission: Submission) -> AppealState:
        found = self.do(lambda unit: unit.appeals.find_for_submission(submission.id))
        assert found is not None
        return found.state

    def heard(self, person: PersonId, message: type[Message]) -> int:
        return int(self.do(lambda unit: unit.connection.all(SAID, person=person, screen=message.stored_as))[0][0])

    def share_account(self, *people: PersonId) -> None:
        """Each gives the same IBAN in chat."""
        for person in people:
            self.do(lambda unit, who=person: give_iban(unit, who))  # type: ignore[misc]  # a loop's own value


def give_iban(unit: UnitOfWork, who: PersonId) -> None:
    person = unit.people.get(who)
    payouts.ask_for_holder(unit, person)
    payouts.take_account_answer(unit, person, HOLDER)
    payouts.take_account_answer(unit, person, IBAN)


@pytest.fixture
def city(pool: Pool, now: Moment) -> Iterator[City]:
    here = City(pool.url, now, pool.people)
    yield here
    assert here.do(find_violations) == []


@pytest.fixture
def empty_city(database_url: str, now: Moment) -> Iterator[City]:
    """Without strangers."""
    here = City(database_url, now)
    yield here
    assert here.do(find_violations) == []


def test_a_requester_with_four_accounts_of_her_own_never_gains(city: City) -> None:
    """She answers herself, rejects, appeals, and would have her accounts judge one another."""
    city.settle()
    hers = (city.house.requester, *city.house.workers[:4])
    honest = city.house.workers[4:]
    fees, has = city.balance(FEES), city.owns(*hers)
    for submission in [found for found in city.waiting() if found.worker in hers]:
        city.appealed(submission)
        judges = [own for own in city.house.workers[:4] if city.judge(own, Verdict.WORKER)]
        assert judges == []
        for stranger in [one for one in city.called() if city.judge(one, Verdict.WORKER)]:
            assert stranger in city.strangers
    city.do(appeals.close_overdue_appeals, later=8 * DAY)
    city.do(sweeps.release_due_pay)
    assert city.balance(FEES) == fees  # what her answers brought in fees is there already
    assert city.owns(*hers) == has - 4 * JUDGES * PAY  # she paid for four juries
    assert city.owns(*honest) == 2 * PAY


def test_a_case_that_comes_right_after_an_answer_leaves_its_change_open(city: City) -> None:
    """They were called while they had a task in hand."""
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]

    def answer(unit: UnitOfWork) -> tuple[int, list[dict[str, Any]]]:
        dispatch.dispatch_next_task(unit, unit.people.get(judge), Lane.REPLY)
        in_hand = unit.assignments.active_for(judge)
        assert in_hand is not None
        press(act_of(unit, judge, message=77), SubmitAnswer(assignment=in_hand.id, option=0))
        return in_hand.id, told_of(unit, judge, AppealToJudge)

    answered, cases = city.do(answer)
    assert [(case["last"]["change"], case["last"]["message"]) for case in cases] == [(answered, 77)]


def test_what_judges_cost_is_in_the_requesters_costs(city: City) -> None:
    """What is held at first, then what they earned."""
    city.settle()
    city.appealed(city.waiting()[0])

    def told(unit: UnitOfWork) -> tuple[int, Decimal, bool]:
        rosa, at = unit.people.get(city.house.requester), as_datetime(unit.now)
        (line,) = statements.cost_rows(unit, at.year, at.month, rosa)
        (free,) = funds.read_funds(act_of(unit, rosa.id)).free
        parts = [Decimal(str(cell)) for cell in line[6:]]
        return free.judges, parts[4] * 1_000_000, sum(parts[:-1]) == parts[-1]

    assert city.do(told) == (JUDGES * PAY, JUDGES * PAY, True)
    assert all(city.judge(one, Verdict.WORKER) for one in city.called()[:2])
    city.do(appeals.close_overdue_appeals, later=8 * DAY)
    judges, same, adds_up = city.do(told)
    assert (judges, adds_up) == (same, True)
    assert judges > 0


def test_even_judges_of_her_own_only_move_her_own_money(city: City) -> None:
    """Were all that are drawn hers, what she gets back is less than what she paid in fees."""
    city.settle()
    hers = (city.house.requester, *city.house.workers, *city.strangers)
    fees, has = city.balance(FEES), city.owns(*hers)
    before = fees - 6 * 5_000  # without any of her answers
    city.appealed(city.waiting()[0])
    city.accept_all()
    assert all(city.judge(one, Verdict.REQUESTER) for one in city.called())
    assert city.balance(FEES) == before + 5 * 5_000 - 5 * 5_000 // 2
    assert city.owns(*hers) < has + 6 * 5_000
    assert city.heard(city.admin, JudgesCostTooMuch) == 1  # judges cost more than her share
    assert city.heard(city.house.requester, JudgesPaidBack) == 1


def test_an_honest_requester_who_was_right_gets_all_judges_pay_back(city: City) -> None:
    city.settle(fee=10 * PAY)
    eve = city.house.requester
    wrong = city.waiting()[0]
    city.appealed(wrong)
    city.accept_all()
    has = city.owns(eve)
    assert all(city.judge(one, Verdict.REQUESTER) for one in city.called())
    assert city.state(wrong) is AppealState.LOST
    assert city.owns(eve) == has + PAY + 10 * PAY + JUDGES * PAY
    assert city.heard(city.admin, JudgesCostTooMuch) == 0


PASS_ON = 2  # what the button of a judge who skips carries


def test_a_judge_who_skipped_reads_the_answer_no_more(city: City) -> None:
    city.settle()
    appealed = city.waiting()[0]
    city.appealed(appealed)
    judge = city.called()[0]

    def read(unit: UnitOfWork) -> int:
        return len(answer_messages.read_answer(act_of(unit, judge), appealed.id))

    def skip(unit: UnitOfWork) -> None:
        in_hand = unit.appeals.find_active_judgement(judge)
        assert in_hand is not None
        appeals.give_judgement(act_of(unit, judge, ADMINS), in_hand.appeal, PASS_ON)

    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    assert city.do(read) > 0
    city.do(skip)
    with pytest.raises(NotYours):
        city.do(read)


def test_judges_pay_comes_back_only_from_fees_that_nobody_else_may_claim(city: City) -> None:
    city.settle(fee=10 * PAY)
    city.appealed(city.waiting()[0])
    city.accept_all()
    left = 7  # millionths of the fees, after the operator has drawn the rest

    def draw(unit: UnitOfWork) -> None:
        free_fees = operator_money.get_free_fees(unit, "EUR")
        admin, amount = act_of(unit, city.admin, ADMINS), Millionths(free_fees - left)
        operator_money.move_operator_money(admin, "drawn", amount, "EUR", "test", "test")

    city.do(draw)
    assert all(city.judge(one, Verdict.REQUESTER) for one in city.called())
    back = city.do(lambda unit: unit.connection.all("SELECT amount FROM transfers WHERE kind = 'costs'"))
    assert [row[0] for row in back] == [left]
    assert city.heard(city.admin, JudgesCostTooMuch) == 1


def test_an_honest_worker_pays_nothing_whether_they_win_or_lose(city: City) -> None:
    city.settle()
    one, two = city.waiting()[:2]
    for submission, verdict, pay in ((one, Verdict.WORKER, PAY), (two, Verdict.REQUESTER, 0)):
        had = city.owns(submission.worker)
        city.appealed(submission)
        for judge in city.called():
            city.judge(judge, verdict)
        assert city.owns(submission.worker) == had - PAY + pay
    assert city.balance(JUDGES_PAY) == 0


@pytest.mark.parametrize(
    ("strangers", "requesters"),
    [(MIN_POOL_JUDGES - 1, MIN_POOL_REQUESTERS), (24, MIN_POOL_REQUESTERS - 1)],
    ids=["few people", "few requesters"],
)
def test_an_admin_decides_if_too_few_can_judge_and_silence_pays_the_worker(
    empty_city: City, strangers: int, requesters: int
) -> None:
    city = empty_city
    city.strangers = settle_pool(city.url, city.now, strangers, requesters)
    city.settle()
    one, two, three = city.waiting()[:3]
    for submission in (one, two, three):
        city.appealed(submission)
    assert city.called() == []
    assert city.heard(city.admin, AppealToRule) == 3
    for number in (1, 2, 3):
        city.do(lambda unit, number=number: unit.live_messages.keep(city.admin, f"case:ruling:{number}:0", 70 + number))  # type: ignore[misc]  # a loop's own value
    city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.admin, ADMINS), AppealId(1), 0))
    outdated = city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.admin, ADMINS), AppealId(1), 1))
    assert isinstance(outdated, Reply)
    assert isinstance(outdated.message, CaseClosed)
    assert (outdated.message.end, outdated.message.by) == (CaseEnd.FOR_REQUESTER, "@ada")
    city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.admin, ADMINS), AppealId(2), 1))
    with pytest.raises(NotYours):
        city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.house.requester), AppealId(3), 0))
    city.do(lambda unit: appeals.close_overdue_appeals(unit, ADMINS), later=72 * HOUR)
    closed = [each for each in city.do(lambda unit: due_letters(unit, 999)) if each.screen == CaseClosed.stored_as]
    assert [(each.live, each.facts["end"], each.facts["by"]) for each in closed] == [
        ("case:ruling:1:0", CaseEnd.FOR_REQUESTER, "@ada"),
        ("case:ruling:2:0", CaseEnd.FOR_WORKER, "@ada"),
        ("case:ruling:3:0", CaseEnd.FOR_WORKER, ""),
    ]
    assert [city.state(each_) for each_ in (one, two, three)] == [AppealState.LOST, AppealState.WON, AppealState.WON]
    assert city.balance(JUDGES_PAY) == 0
    told = [city.why(each_) for each_ in (one, two, three)]
    ends = (
        "appealed and lost. Whoever runs",
        "appealed and won. Whoever runs",
        "appealed and won. There was no decision in",
    )
    assert all(end in text and "Votes" not in text for end, text in zip(ends, told, strict=True)), told


def test_an_appeal_that_waits_for_a_human_is_found_under_admin_until_it_is_decided(empty_city: City) -> None:
    city = empty_city.settle()
    one, two = city.waiting()[:2]
    for submission in (one, two):
        city.appealed(submission)

    def listed(person: PersonId) -> list[int]:
        waiting = city.do(lambda unit: cases.list_waiting_cases(act_of(unit, person, ADMINS), 9))
        return [case.number for case in waiting if case.kind is CaseKind.RULING]

    assert listed(city.admin) == [1, 2]
    assert listed(city.house.requester) == []  # nobody decides their own
    shown = city.do(lambda unit: appeals.show_ruling_case(act_of(unit, city.admin, ADMINS), 1))
    assert isinstance(shown.message, AppealToRule)
    assert shown.message.appeal == 1
    with pytest.raises(NotYours):
        city.do(lambda unit: appeals.show_ruling_case(act_of(unit, city.house.requester), 1))
    city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.admin, ADMINS), AppealId(1), 1))
    assert listed(city.admin) == [2]
    with pytest.raises(NotFound):
        city.do(lambda unit: appeals.show_ruling_case(act_of(unit, city.admin, ADMINS), 1))


def test_where_judges_were_drawn_no_admin_decides_alone(city: City) -> None:
    city.settle()
    city.appealed(city.waiting()[0])
    assert city.do(lambda unit: cases.list_waiting_cases(act_of(unit, city.admin, ADMINS), 9)) == []
    with pytest.raises(AlreadyAnswered):
        city.do(lambda unit: appeals.rule_appeal(act_of(unit, city.admin), AppealId(1), 0))


def test_her_gold_makes_no_judges(empty_city: City) -> None:
    """Who qualified with her and worked for her alone cannot judge, however many there are and however right."""
    city = empty_city.settle()
    for worker in city.house.workers:
        city.do(lambda unit, worker=worker: unit.enrolments.qualify(worker, city.house.project))  # type: ignore[misc]
    city.appealed(city.waiting()[0])
    assert city.called() == []


def test_the_lot_is_the_houses_own(city: City) -> None:
    """Two houses draw differently for the same appeal: nobody can work it out from what is public."""
    city.settle()
    city.appealed(city.waiting()[0])
    secret = city.do(lambda unit: unit.secrets.get("judges"))
    assert secret == city.do(lambda unit: unit.secrets.get("judges"))
    number = city.do(lambda unit: unit.appeals.find(1)).submission  # type: ignore[union-attr]  # it was opened
    ranked = sorted(city.strangers, key=lambda worker: lot_position(secret, number, worker))
    assert city.called() == ranked[:JUDGES]
    draws = {
        tuple(sorted(city.strangers, key=lambda w: lot_position(bytes([n]), number, w))[:JUDGES]) for n in range(40)
    }
    assert len(draws) > 30


def test_a_pool_that_lives_on_one_requester_is_not_wide() -> None:
    known = tuple((PersonId(requester), 4) for requester in (1, 2, 3))
    even = [JudgeCandidate(PersonId(n), known, 3, 12, 12) for n in range(MIN_POOL_JUDGES)]
    assert is_pool_wide(even)
    assert not is_pool_wide(even[1:])
    assert not is_pool_wide(
        [replace(one, works_for=((PersonId(1), 9), (PersonId(2), 4), (PersonId(3), 4))) for one in even]
    )
    assert not is_pool_wide([])


def test_a_pool_is_wide_up_to_half_of_its_work_for_one_requester() -> None:
    half = [
        JudgeCandidate(PersonId(n), ((PersonId(1), 8), (PersonId(2), 4), (PersonId(3), 4)), 3, 12, 12)
        for n in range(MIN_POOL_JUDGES)
    ]
    assert is_pool_wide(half)
    assert not is_pool_wide([replace(half[0], works_for=((PersonId(1), 9), *half[0].works_for[1:])), *half[1:]])


@pytest.mark.parametrize("first", ["requester", "worker"])
def test_a_twin_is_refused_everywhere_whoever_gives_the_account_first(city: City, first: str) -> None:
    city.settle()
    eve, twin = city.house.requester, city.house.workers[0]
    city.do(lambda unit: unit.enrolments.qualify(twin, city.house.project))
    had = city.do(lambda unit: unit.assignments.active_for(twin))
    assert had is not None
    city.share_account(*((eve, twin) if first == "requester" else (twin, eve)))
    assert city.do(lambda unit: unit.assignments.active_for(twin)) is None
    assert not city.do(lambda unit: turn(unit, twin))
    enrolment = city.do(lambda unit: unit.enrolments.enrol(twin, city.house.project))
    assert not enrolment.qualified
    assert enrolment.barred is not None
    with pytest.raises(Exception, match="TooLate"):
        city.do(lambda unit: submit.submit_answer(unit, unit.people.get(twin), had.id, "0", None))
    assert city.do(lambda unit: turn(unit, city.house.workers[1]))  # everybody else goes on


def test_a_twin_who_comes_later_is_given_nothing_either(city: City) -> None:
    city.settle()
    city.share_account(city.house.requester)
    twin = city.do(lambda unit: unit.people.upsert(2_999, "twin", "Twin", "en", unit.now).id)
    city.do(lambda unit: unit.people.give_consent(twin, unit.now))
    city.share_account(twin)
    assert not city.do(lambda unit: turn(unit, twin))


def test_who_shares_an_account_with_a_party_is_not_drawn_and_does_not_go_on_judging(city: City) -> None:
    city.settle()
    known, wrong = city.strangers[0], city.waiting()[0]
    city.share_account(city.house.requester, known)
    city.appealed(wrong)
    assert known not in city.do(lambda unit: single_values(unit.connection.all("SELECT worker FROM juries")))
    judge = city.called()[0]
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    city.do(lambda unit: teams.separate_people(unit, judge, wrong.worker))
    assert city.do(lambda unit: unit.appeals.find_active_judgement(judge)) is not None  # no account is shared
    city.do(lambda unit: give_iban(unit, judge), later=1)
    assert city.do(lambda unit: unit.appeals.find_active_judgement(judge)) is None
    assert city.do(lambda unit: unit.people.is_waiting(judge))  # others' work is pushed to them
    with pytest.raises(NotYours):
        city.do(lambda unit: appeals.give_judgement(act_of(unit, judge), AppealId(1), SAYS[Verdict.REQUESTER]))


def test_who_had_a_case_that_silence_decided_is_sent_work_again(city: City) -> None:
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    assert not city.do(lambda unit: unit.people.is_waiting(judge))
    city.do(appeals.close_overdue_appeals, later=8 * DAY)
    assert city.do(lambda unit: unit.appeals.find_active_judgement(judge)) is None
    assert city.do(lambda unit: unit.people.is_waiting(judge))


def test_a_judgement_is_a_sign_of_life(city: City) -> None:
    """After three pushes without an answer nothing comes unasked; a case that is judged is an answer."""
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]
    for _ in range(3):
        city.do(lambda unit: unit.people.count_unanswered_push(judge))
    assert city.judge(judge, Verdict.WORKER)
    assert city.do(lambda unit: unit.people.get(judge).unanswered) == 0


def test_a_task_of_who_turns_out_to_share_an_account_goes_and_says_so(city: City) -> None:
    city.settle()
    worker = city.house.workers[0]
    given = city.do(lambda unit: unit.assignments.active_for(worker))
    assert given is not None
    city.do(lambda unit: unit.connection.changed(SHOWN, assignment=given.id))
    city.do(lambda unit: teams.separate_people(unit, worker, city.house.requester))
    assert city.do(lambda unit: unit.assignments.active_for(worker)) is None
    assert city.do(lambda unit: unit.people.is_waiting(worker))
    assert city.heard(worker, TaskGone) == 1


@pytest.mark.parametrize("side", ["requester", "worker"])
def test_who_is_or_was_in_a_team_with_a_party_does_not_judge(city: City, side: str) -> None:
    """Colleagues are no strangers, also where the project is not the team's."""
    city.settle()
    wrong, mate = city.waiting()[0], city.strangers[0]
    party = city.house.requester if side == "requester" else wrong.worker
    team = city.do(lambda unit: team_of(unit, mate, party))
    city.do(lambda unit: teams.leave_by_choice(unit, unit.people.get(party), unit.teams.list_memberships(party)[0][0]))
    city.appealed(wrong)
    assert mate not in city.do(lambda unit: single_values(unit.connection.all("SELECT worker FROM juries")))
    judge = city.called()[0]
    city.do(lambda unit: join(unit, team, judge, TeamRole.SPENDER))
    assert not city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))


def team_of(unit: UnitOfWork, owner: PersonId, member: PersonId) -> PersonId:
    team = unit.teams.add("Atelier", "fr")
    join(unit, team, owner, TeamRole.OWNER)
    join(unit, team, member, TeamRole.SPENDER)
    return team


def join(unit: UnitOfWork, team: PersonId, member: PersonId, role: TeamRole) -> None:
    assert unit.teams.join(team, member, role, None, "EUR")
    teams.keep_apart_from_team(unit, member, team)


def test_judges_who_could_return_a_favour_come_last_and_admins_see_pairs_of_judges(city: City) -> None:
    """Friends who find each other's answers fine are not each other's first judges."""
    city.settle()
    city.do(lambda unit: [stop(unit, worker) for worker in city.house.workers])  # their next tasks are for others
    ann = city.strangers[0]
    city.appealed(answer_of(city, ann))
    ben, *others = city.called()
    assert all(city.judge(one, Verdict.WORKER) for one in (ben, *others))
    second = answer_of(city, ben)
    city.appealed(second)
    seats = city.do(
        lambda unit: single_values(unit.connection.all("SELECT worker FROM juries WHERE appeal = 2 ORDER BY seat"))
    )
    secret = city.do(lambda unit: unit.secrets.get("judges"))
    assert seats == sorted(seats, key=lambda worker: (worker == ann, lot_position(secret, second.id, worker)))
    assert seats[-1] == ann
    city.do(appeals.close_overdue_appeals, later=40 * HOUR)  # nobody else wanted to
    assert city.judge(ann, Verdict.WORKER)
    assert city.judge(others[0], Verdict.REQUESTER)
    assert audited(city, ben) == [(ann, (0, 0, 1, 1, 1, 1))]
    assert audited(city, city.house.requester) == [(others[0], (2, 1, 0, 0, 0, 0))]


def answer_of(city: City, worker: PersonId) -> Submission:
    """In Eve's project."""
    assert city.do(lambda unit: turn(unit, worker))
    return next(found for found in city.waiting() if found.worker == worker)


def audited(city: City, person: PersonId) -> list[tuple[PersonId, tuple[int, ...]]]:
    def step(unit: UnitOfWork) -> list[tuple[PersonId, tuple[int, ...]]]:
        of = restrictions.audit_person(act_of(unit, city.admin, ADMINS), f"{unit.people.get(person).telegram_id}")
        assert isinstance(of, PersonAudit)
        people = {unit.people.get(one).label: one for one in city.strangers}
        return [(people[told.who], astuple(told)[1:]) for told in of.judged]

    return city.do(step)


def suspend(unit: UnitOfWork, judge: PersonId) -> None:
    ada = act_of(unit, unit.people.upsert(ADMIN_ID, "ada", "Ada", "en", unit.now).id, ADMINS)
    stops.ask_suspension_reason(ada, judge)
    inputs.take_words(ada, "Several accounts give one answer.")


def stop(unit: UnitOfWork, judge: PersonId) -> None:
    submit.stop_work(act_of(unit, judge))


def forget(unit: UnitOfWork, judge: PersonId) -> None:
    act = act_of(unit, judge)
    personal_data.waive_pay(act, 1, unit.ledger.balance(available_account(act.person)), "EUR")
    assert isinstance(personal_data.begin_erasure(act), Farewell)


@pytest.mark.parametrize("leaves", [suspend, stop, forget, sweeps.mark_unreachable])
def test_a_judge_who_leaves_hands_the_case_on_at_once(
    city: City, leaves: Callable[[UnitOfWork, PersonId], None]
) -> None:
    """It waited for the rest of the judge's hour, of the 72 that an appeal has."""
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    city.do(lambda unit: leaves(unit, judge))
    assert city.do(lambda unit: unit.appeals.find_active_judgement(judge)) is None
    assert len(city.called()) == JUDGES + 1
    for one in city.called()[1:]:
        assert city.judge(one, Verdict.WORKER)
    assert city.balance(JUDGES_PAY) == 0


def test_a_second_tap_on_passing_a_case_on_brings_nothing_more(city: City) -> None:
    """It brought the next case, or that there is no task, once more."""
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    case = city.do(lambda unit: unit.appeals.find_active_judgement(judge))
    assert case is not None
    passes = Judge(appeal=case.appeal, verdict=SAYS[None])
    city.do(lambda unit: press(act_of(unit, judge, ADMINS, 77), passes))
    with pytest.raises(AlreadySkipped):
        city.do(lambda unit: press(act_of(unit, judge, ADMINS, 77), passes))


def test_a_case_that_others_judge_by_now_loses_its_buttons_where_they_are_pressed(city: City) -> None:
    city.settle()
    city.appealed(city.waiting()[0])
    judge = city.called()[0]
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(judge), Lane.PUSH))
    case = city.do(lambda unit: unit.appeals.find_active_judgement(judge))
    assert case is not None
    city.do(lambda unit: unit.appeals.release_place(case, "expired"))
    passes = Judge(appeal=case.appeal, verdict=SAYS[None])
    with pytest.raises(TooLate) as refused:
        city.do(lambda unit: press(act_of(unit, judge, ADMINS, 77), passes))
    city.do(lambda unit: close_refused_question(act_of(unit, judge, ADMINS, 77), passes, refused.value))
    shown = city.do(lambda unit: [each.screen for each in due_letters(unit, 10_000) if each.edits == 77])
    assert shown == [MatterOver.stored_as]


def pause(unit: UnitOfWork, judge: PersonId) -> None:
    submit.pause_pushes(act_of(unit, judge))
    appeals.close_overdue_appeals(unit)  # /pause lets nothing go; the sweep finds it


def restrict(unit: UnitOfWork, judge: PersonId, own: bool = False) -> None:
    """On evidence in a project of somebody else, or of the requester whose rejection is judged."""
    found = Evidence(judge, "random", 10.0, 40, 5, 0.8, 0.5)
    (eve,) = single_values(
        unit.connection.all(
            "SELECT DISTINCT p.requester FROM appeals a JOIN submissions s "
            "ON s.id = a.submission JOIN projects p ON p.id = s.project"
        )
    )
    projects = single_values(
        unit.connection.all(f"SELECT id FROM projects WHERE requester {'=' if own else '<>'} :eve", eve=eve)
    )
    unit.enrolments.enrol(judge, projects[0])
    restrictions.apply_evidence(unit, replace(unit.projects.get(projects[0]), ended_at=None), judge, [found])
    assert unit.restrictions.standing(judge, projects[0]) is not None
    appeals.close_overdue_appeals(unit)


def test_her_evidence_takes_no_judge_away_and_a_case_in_hand_stays(city: City) -> None:
    city.settle()
    city.appealed(city.waiting()[0])
    first, second = city.called()[:2]
    city.do(lambda unit: restrict(unit, first, own=True))
    assert len(city.called()) == JUDGES
    assert city.do(lambda unit: juries.offer_judgement(unit, unit.people.get(second), Lane.PUSH))
    city.do(lambda unit: restrict(unit, second))
    assert len(city.called()) == JUDGES
    for one in city.called():
        assert city.judge(one, Verdict.WORKER)


def test_who_is_restricted_after_the_call_is_not_given_the_case(city: City) -> None:
    city.settle()
    city.appealed(city.waiting()[0])
    first = city.called()[0]
    city.do(lambda unit: restrict(unit, first))
    assert not city.judge(first, Verdict.REQUESTER)
    known = city.do(lambda unit: unit.restrictions.list_of_worker(first, 1)[0])
    city.do(lambda unit: unit.restrictions.lift(known, None))
    assert city.judge(first, Verdict.WORKER)  # it was taken back, and the case still needs somebody


@pytest.mark.parametrize("leaves", [suspend, stop, forget, sweeps.mark_unreachable, pause, restrict])
def test_a_called_judge_who_leaves_before_the_case_came_is_replaced_at_once(
    city: City, leaves: Callable[[UnitOfWork, PersonId], None]
) -> None:
    """The seat was held for four hours of the 72 that an appeal has."""
    city.settle()
    city.appealed(city.waiting()[0])
    first, *others = city.called()
    city.do(lambda unit: leaves(unit, first))
    assert city.called()[:JUDGES] == [first, *others]
    assert len(city.called()) == JUDGES + 1
    city.do(appeals.close_overdue_appeals)
    assert len(city.called()) == JUDGES + 1  # one for one
    for one in city.called()[1:]:
        assert city.judge(one, Verdict.WORKER)
    assert city.balance(JUDGES_PAY) == 0


def test_who_refused_to_see_the_like_is_not_drawn_to_judge_it(city: City) -> None:
    """All strangers but two said no to violence somewhere; the others said nothing."""
    city.settle()
    willing = set(city.strangers[:2])

    def refuse(unit: UnitOfWork) -> None:
        unit.connection.changed("""UPDATE projects SET content = '["violence"]'""")
        for stranger in set(city.strangers) - willing:
            unit.content_choices.keep(stranger, city.house.project, ContentChoice.REFUSED)

    city.do(refuse)
    city.appealed(city.waiting()[0])
    assert set(city.called()) <= willing


def test_words_reach_judges_only_when_they_were_shown_and_sent(city: City) -> None:
    city.settle()
    wrong = city.waiting()[0]
    city.appealed(wrong)
    worker = city.do(lambda unit: unit.people.get(wrong.worker))
    assert city.do(lambda unit: draft_of(unit, worker.id)) == {"appeal": 1}  # it says that the next words are taken
    assert city.do(lambda unit: appeals.handle_words_button(act_of(unit, worker.id), AppealId(1), 0)) == WordsWanted()
    for words in ("hello", "I see a smile"):
        city.do(
            lambda unit, words=words: appeals.save_words_draft(
                act_of(unit, worker.id), draft_of(unit, worker.id), words
            )
        )  # type: ignore[misc]
    assert city.do(lambda unit: unit.appeals.find(1)).words is None  # type: ignore[union-attr]
    for step in (1, 1, 2):  # once, in the message that asked, whatever is pressed there afterwards
        sent = city.do(
            lambda unit, step=step: appeals.handle_words_button(act_of(unit, worker.id, ADMINS, 7), AppealId(1), step)
        )  # type: ignore[misc]
        assert sent == Reply(WordsSent("I see a smile"), edits=7)
    assert city.do(lambda unit: unit.appeals.find(1)).words == "I see a smile"  # type: ignore[union-attr]
    assert city.do(lambda unit: unit.drafts.find(worker.id)) is None


def draft_of(unit: UnitOfWork, person: PersonId) -> dict[str, object]:
    draft = unit.drafts.find(person)
    assert draft is not None
    return draft[1]


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(6))
def test_rejecting_own_second_accounts_never_pays_and_fees_never_fall(city: City, seed: int) -> None:
    """A random mix of rejecting, accepting, appealing, judging and waiting by a requester and all her accounts."""
    dice = Random(seed)
    city.settle()
    hers = (city.house.requester, *city.house.workers)
    fees, has = city.balance(FEES), city.owns(*hers)
    eve = city.house.requester
    for submission in city.waiting():
        if dice.random() < 0.3:
            city.do(lambda unit, n=submission.id: review.accept_and_show_next(act_of(unit, eve, ADMINS), n))  # type: ignore[misc]  # a loop's
            continue
        city.appealed(submission)
        for worker in dice.sample([*city.called(), *city.house.workers], 5):
            city.judge(worker, dice.choice(list(Verdict)))
        city.do(appeals.close_overdue_appeals, later=dice.choice((0, HOUR + 1, 5 * HOUR)))
        assert city.do(find_violations) == []
    city.do(sweeps.release_due_pay, later=8 * DAY)
    city.do(appeals.close_overdue_appeals)
    assert city.do(find_violations) == []
    assert city.balance(JUDGES_PAY) == 0
    returned = city.do(lambda unit: unit.connection.all(FEES_BACK))[0][0]
    assert city.owns(*hers) <= has + int(returned)  # her own fees on answers that stay rejected, and nothing more
    assert city.balance(FEES) >= fees - 6 * 5_000
