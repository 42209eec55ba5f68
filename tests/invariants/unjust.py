"""Violations of rules 6, 11 and 12 to be planted where an answer was rejected."""

from collections.abc import Callable

from domain.fairness.appeals import AppealId, Votes
from domain.fairness.review import APPEAL_WINDOW
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import JUDGES, Transfer, available_account, disputed_account, fees_account, pending_account
from domain.quality.restrictions import RestrictionOver
from domain.work.assignments import Submission
from services.fairness import appeals, rejections
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.plants import Plant

REASON = "The writer is angry, so this is not positive."
Breaks = Callable[[UnitOfWork, House], None]


def reject(unit: UnitOfWork, house: House, reason: str = REASON, told: bool = True) -> Submission:
    """The first answer whose pay is held; as the service does it, but for what is asked to be missing."""
    project = unit.projects.get(house.project)
    submission = unit.reviews.list_waiting(house.project, 0, 1)[0]
    until = Moment(unit.now + APPEAL_WINDOW)
    assert unit.reviews.reject(
        submission, 1, "Read the review.", reason, house.requester, "notice", until, Millionths(0)
    )
    source = pending_account(unit.people.get(submission.worker))
    rejections.move_pay(unit, "reject", source, disputed_account(project.id), project, submission)
    if told:
        unit.outbox.tell(submission.worker, RestrictionOver(""), key="notice")
    return submission


def rejected(**changes: object) -> Breaks:
    def breaks(unit: UnitOfWork, house: House) -> None:
        reject(unit, house, **changes)  # type: ignore[arg-type]  # what a plant leaves out

    return breaks


def then(statement: str) -> Breaks:
    """After a rejection, somebody writes."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        reject(unit, house)
        assert unit.connection.changed(statement)

    return breaks


def take_what_is_disputed(unit: UnitOfWork, house: House) -> None:
    reject(unit, house)
    target = available_account(unit.people.get(house.workers[0]))
    unit.ledger.post(Transfer("x", "bonus", disputed_account(house.project), target, Millionths(1), "EUR"))


def set_aside_for_nobody(unit: UnitOfWork, house: House) -> None:
    unit.ledger.post(Transfer("x", "jury", fees_account(house.project), JUDGES, Millionths(1), "EUR"))


def pay_no_judge(unit: UnitOfWork, house: House) -> None:
    target = available_account(unit.people.get(house.workers[0]))
    unit.ledger.post(Transfer("judge:1:1", "judge", fees_account(house.project), target, Millionths(1), "EUR"))


def judge_oneself(unit: UnitOfWork, house: House) -> None:
    submission = reject(unit, house)
    appeals.open_appeal(act_of(unit, submission.worker), submission.id)
    unit.connection.changed(
        "INSERT INTO judgements (appeal, worker, state, offered_at, deadline) VALUES (1, :worker, 'skipped', 1, 2)",
        worker=submission.worker,
    )


def stake_nothing(unit: UnitOfWork, house: House) -> None:
    reject(unit, house)
    unit.connection.changed("UPDATE rejections SET staked = 150000")


def judge_uncalled(unit: UnitOfWork, house: House) -> None:
    submission = reject(unit, house)
    appeals.open_appeal(act_of(unit, submission.worker), submission.id)
    other = next(worker for worker in house.workers if worker != submission.worker)
    unit.connection.changed(
        "INSERT INTO judgements (appeal, worker, state, offered_at, deadline) VALUES (1, :worker, 'skipped', 1, 2)",
        worker=other,
    )


def lose_in_silence(unit: UnitOfWork, house: House) -> None:
    submission = reject(unit, house)
    appeals.open_appeal(act_of(unit, submission.worker), submission.id)
    appeals.decide_for_requester(unit, unit.appeals.lock(AppealId(1)), Votes(0, 0))


def give_back_too_much(unit: UnitOfWork, house: House) -> None:
    lose_in_silence(unit, house)
    unit.connection.changed("UPDATE appeals SET given_back = 1, ruled_by = :admin", admin=house.requester)


def work_for_oneself(unit: UnitOfWork, house: House) -> None:
    unit.connection.changed("UPDATE enrolments SET barred = 0 WHERE worker = :worker", worker=house.workers[0])


def share_unnoticed(unit: UnitOfWork, house: House) -> None:
    assert unit.payees.add_mates(house.workers[0], house.requester)


def reject_long_ago(unit: UnitOfWork, house: House) -> None:
    reject(UnitOfWork(unit.connection, Moment(unit.now - 9 * DAY)), house)


UNJUST = (
    Plant(
        "a rejection is called overturned and nobody is paid",
        *(6, "disputed pay is resolved once", "submission"),
        then("UPDATE rejections SET state = 'overturned', decided_at = 1"),
    ),
    Plant(
        "somebody takes a little of what is disputed",
        *(6, "disputed money is what is disputed", "project"),
        take_what_is_disputed,
    ),
    Plant(
        "money is set aside for judges nobody waits for",
        *(6, "judges' money is what judges may earn", "currency EUR"),
        set_aside_for_nobody,
    ),
    Plant("somebody is paid for judging nothing", *(6, "every judgement is paid once", "transfer"), pay_no_judge),
    Plant("a rejection holds nothing", *(6, "a rejection holds its judges' pay", "submission"), stake_nothing),
    Plant(
        "more goes back for judges than they cost",
        *(6, "fees give back no more for judges than their share", "appeal 1"),
        give_back_too_much,
    ),
    Plant("somebody judges who was not drawn", *(11, "no judge is a party", "appeal 1"), judge_uncalled),
    Plant("a worker loses by silence", *(11, "no appeal is lost without people", "appeal 1"), lose_in_silence),
    Plant(
        "a twin answers her own project",
        *(7, "nobody works for who is paid to the same bank account", "submission"),
        work_for_oneself,
    ),
    Plant(
        "a twin is not kept out",
        *(7, "nobody works for who is paid to the same bank account", "worker"),
        share_unnoticed,
    ),
    Plant("somebody judges their own answer", *(11, "no judge is a party", "appeal 1"), judge_oneself),
    Plant(
        "a rejection gives no reason",
        *(11, "every rejection cites, reasons and can be appealed", "submission"),
        rejected(reason=" " * 20),
    ),
    Plant(
        "an answer is rejected behind its worker's back",
        *(11, "every rejection was told", "submission"),
        rejected(told=False),
    ),
    Plant(
        "a rejection is left undecided",
        *(12, "no rejection waits past its deadline", "submission"),
        reject_long_ago,
    ),
)
