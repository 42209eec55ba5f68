"""Every flow of money, killed before each of its statements: nothing of it is left; done again, it is done once.

One house lives through all of them, in the order in which they can happen.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count

import pytest

from domain.fairness.appeals import Verdict
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.money.payouts import Payer, PayoutId, PayoutState
from domain.money.pricing import Terms
from domain.people.accounts import Person
from domain.work.assignments import Assignment, SubmissionId
from handlers.fairness.appeals import AppealRejection, Judge
from handlers.fairness.review import AcceptAnswer
from handlers.people.consents import Forget
from services.act import Act as Acting
from services.fairness import appeals, juries, rejections
from services.money import bonus, payouts, settlement, transfers
from services.people import personal_data
from services.projects import launches, lifecycle
from services.work import submit, sweeps
from storage import invariants
from storage.boxes.outbox import Lane
from storage.drivers.records import single_values
from storage.unit import UnitOfWork
from tests.acts import SAYS, act_of, press
from tests.house import PAY, House, a_project, settle_requester, settle_tasks, settle_worker
from tests.machines.bench import Bench
from tests.pool import settle_pool

TERMS = Terms("EUR", Decimal(10), Millionths(0))
PAYER = Payer("Pouce", "FR7630006000011234567890189", "AGRIFRPP")
REASON = "The second line was plainly not followed here"
BOOK = """
SELECT a.name, a.balance, a.version, (SELECT count(*) FROM transfers), (SELECT count(*) FROM submissions)
FROM accounts a ORDER BY a.name"""

DRAWN = """
SELECT y.worker FROM juries y JOIN appeals a ON a.id = y.appeal WHERE a.submission = :submission AND y.seat = :turn"""
FIRST_REWARD = "SELECT min(id) FROM transfers WHERE kind = 'reward' AND project = :project"
SUBMISSIONS, PAYOUT = "SELECT id FROM submissions WHERE project = :project ORDER BY id", "SELECT max(id) FROM payouts"
# On PostgreSQL, where a statement takes five times as long, one in so many: another one each time a flow comes again.
APART = 3
KINDS = {
    *("deposit", "launch", "return", "reward", "fee", "release", "bonus"),
    *("reject", "stake", "unstake", "judge", "costs", "appeal", "forfeit", "feeback"),
    *("payout", "paid", "unpaid"),
}

Act = Callable[[UnitOfWork], object]


class Life:
    """What happens, one flow after another: (its name, how long after the one before, what it does)."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        unit = bench.unit
        requester = settle_requester(unit)
        crowd = tuple(settle_worker(unit, number).id for number in range(5))
        project = unit.projects.add(
            a_project(requester.id, unit.now, accept="review", overlap=1, max_overlap=1, fee=PAY)
        )
        settle_tasks(unit, project, requester.id, 24, gold=0)
        self.house = House(requester.id, crowd, project, ())
        unit.payees.add(crowd[0], "FR7630006000011234567890189", "Ann", "account", unit.now)

    def flows(self) -> Iterator[tuple[str, int, Act]]:
        yield (
            "deposit",
            0,
            lambda unit: transfers.post_deposit(unit, self.anna(unit), Millionths(5_000_000), "EUR", "key", ""),
        )
        yield "launch", 0, lambda unit: launches.launch_project(act_of(unit, self.house.requester), self.house.project)
        for number in range(1, 5):
            yield from self.answers(number)
        found = self.bench.connection.all(SUBMISSIONS, project=self.house.project)
        one, two, three, four = map(SubmissionId, single_values(found))
        yield from self.judged(one, Verdict.WORKER)
        yield from self.judged(two, Verdict.REQUESTER)
        yield "accept", 0, lambda unit: press(act_of(unit, self.house.requester), AcceptAnswer(submission=three))
        yield "reject 4", 0, self.rejects(four)
        yield "the days to appeal are over", 8 * DAY, appeals.close_overdue_appeals
        yield from self.answers(5)
        yield "silence pays", 4 * DAY, sweeps.release_due_pay
        yield "bonus", 0, self.thanks
        yield (
            "stop",
            0,
            lambda unit: lifecycle.stop_project(act_of(unit, self.house.requester), self.house.project, True),
        )
        yield from self.paid_out(1, PayoutState.PAID)
        yield from self.paid_out(2, PayoutState.FAILED)
        yield from self.paid_out(3, PayoutState.PAID, "all")
        yield "forget", 0, lambda unit: press(act_of(unit, self.house.workers[1]), Forget(sure=1))
        yield "be forgotten", DAY, personal_data.finish_erasures

    def judged(self, number: SubmissionId, verdict: Verdict) -> Iterator[tuple[str, int, Act]]:
        yield f"reject {number}", 0, self.rejects(number)
        appeal = AppealRejection(submission=number)
        yield f"appeal {number}", 0, lambda unit: press(act_of(unit, self.author(unit, number).id), appeal)
        for turn in range(3):
            yield f"judge {turn} of {number}", 0, lambda unit, turn=turn: self.judges(unit, number, turn, verdict)

    def paid_out(self, number: int, state: PayoutState, amount: str = "") -> Iterator[tuple[str, int, Act]]:
        asked = None if amount else Millionths(50_000)
        yield (
            f"payout {number}",
            0,
            lambda unit: payouts.request_payout(unit, self.worker(unit, 0), "EUR", asked, number),
        )
        last = self.bench.unit.payouts.last_file()
        yield f"file {number}", 0, lambda unit: settlement.make_bank_file(self.banker(unit), last, "EUR")
        decide = PayoutId(self.bench.connection.all(PAYOUT)[0][0]), state, "account closed"
        yield f"bank says {number}", 0, lambda unit: settlement.decide_payout(self.banker(unit), *decide)

    def answers(self, number: int) -> Iterator[tuple[str, int, Act]]:
        if self.in_hand(self.bench.unit) is None:
            yield f"task {number}", 0, lambda unit: submit.show_work(unit, self.worker(unit, 0))
        in_hand = self.in_hand(self.bench.unit)
        assert in_hand is not None
        yield (
            f"answer {number}",
            0,
            lambda unit: submit.submit_answer(unit, self.worker(unit, 0), in_hand.id, "0", None),
        )

    def in_hand(self, unit: UnitOfWork) -> Assignment | None:
        return unit.assignments.active_for(self.house.workers[0])

    def thanks(self, unit: UnitOfWork) -> None:
        ((operation,),) = unit.connection.all(FIRST_REWARD, project=self.house.project)
        bonus.give(act_of(unit, self.anna(unit).id, key="said"), f"#{operation}", "0.10 well done")

    def rejects(self, number: SubmissionId) -> Act:
        def act(unit: UnitOfWork) -> None:
            project = unit.projects.get(self.house.project)
            rejections.reject_submission(unit, self.anna(unit), project, unit.submissions.get(number), 1, REASON)

        return act

    def judges(self, unit: UnitOfWork, number: SubmissionId, turn: int, verdict: Verdict) -> object:
        (drawn,) = single_values(unit.connection.all(DRAWN, submission=number, turn=turn))
        judge = unit.people.get(drawn)
        if unit.appeals.find_active_judgement(judge.id) is None:
            juries.offer_judgement(unit, judge, Lane.REPLY)
        in_hand = unit.appeals.find_active_judgement(judge.id)
        return in_hand and press(act_of(unit, drawn), Judge(appeal=in_hand.appeal, verdict=SAYS[verdict]))

    def anna(self, unit: UnitOfWork) -> Person:
        return unit.people.get(self.house.requester)

    def banker(self, unit: UnitOfWork) -> Acting:
        return act_of(unit, self.anna(unit).id, payer=PAYER)

    def worker(self, unit: UnitOfWork, who: int) -> Person:
        return unit.people.get(self.house.workers[who])

    def author(self, unit: UnitOfWork, number: SubmissionId) -> Person:
        return unit.people.get(unit.submissions.get(number).worker)


@pytest.mark.timeout(120)
def test_every_flow_is_done_once_wherever_it_was_killed(database_url: str, now: Moment):
    settle_pool(database_url, now)
    bench = Bench(database_url, now)
    apart = 1 if database_url.startswith("sqlite") else APART
    for number, (name, later, act) in enumerate(Life(bench).flows()):
        bench.now = Moment(bench.now + later + 1_000)
        before = book(bench), letters(bench)
        statements = next(n for n in count(number % apart, apart) if not bench.dies(act, n))
        assert (book(bench), letters(bench)) == before, name
        assert statements > 1, name
        assert not isinstance(bench.step(act), str), name
        done = book(bench)
        assert (done, letters(bench)) != before, name
        bench.step(act)
        assert book(bench) == done, f"{name}, again"
        assert [str(found) for found in invariants.find_violations(bench.unit)] == [], name
    assert set(single_values(bench.connection.all("SELECT kind FROM transfers"))) == KINDS
    bench.close()


def book(bench: Bench) -> list[tuple[object, ...]]:
    return [tuple(row) for row in bench.connection.all(BOOK)]


def letters(bench: Bench) -> object:
    return bench.connection.all("SELECT max(id) FROM outbox")[0][0]
