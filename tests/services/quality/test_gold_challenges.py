"""A missed check question is contested and decided, as any door sees it: in both databases."""

import pytest

from domain.moments import HOUR, Moment, later
from domain.quality.figures import ProjectSkill
from domain.quality.gold import GoldDoubted, GoldReviewed
from domain.quality.gold_challenges import ChallengeId, ContestNoted, MissedGold, NotedBefore
from domain.refusals import NotFound, NotYours
from domain.work.assignments import SubmissionId
from services.quality import figures, gold_challenges
from services.work import submit
from storage.database import Database
from storage.drivers.records import unpack
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

TOLD = "SELECT facts FROM outbox WHERE person = :person AND screen = :screen ORDER BY id"


async def missed(database: Database, now: Moment) -> House:
    """The first worker answers everything wrong, the only check question too."""
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=3, gold=1, overlap=2), now)

    def answer(unit: UnitOfWork) -> None:
        worker = unit.people.get(house.workers[0])
        submit.show_work(unit, worker)
        while (in_hand := unit.assignments.active_for(worker.id)) is not None:
            submit.submit_answer(unit, worker, in_hand.id, "1", None)

    await database.transact(answer, now)
    return house


def the_miss(unit: UnitOfWork, house: House) -> MissedGold:
    (miss,) = gold_challenges.list_contestable(act_of(unit, house.workers[0])).misses
    return miss


def the_challenge(unit: UnitOfWork, house: House) -> ChallengeId:
    ((letter,),) = unit.connection.all(TOLD, person=house.requester, screen=GoldDoubted.stored_as)
    return ChallengeId(unpack(letter)["challenge"])


def skill_of(unit: UnitOfWork, house: House) -> ProjectSkill:
    (skill,) = figures.show_skill(act_of(unit, house.workers[0])).projects
    return skill


async def test_a_contest_is_noted_once_and_its_requester_asked(database: Database, now: Moment) -> None:
    house = await missed(database, now)

    def contest(unit: UnitOfWork) -> None:
        act, miss = act_of(unit, house.workers[0]), the_miss(unit, house)
        assert (miss.answer, miss.gold) == ("negative", ("positive",))
        assert gold_challenges.contest_gold(act, miss.submission) == ContestNoted(later(now, 72 * HOUR))
        assert gold_challenges.contest_gold(act, miss.submission) == NotedBefore()
        listed = gold_challenges.list_contestable(act)
        assert (listed.misses, listed.waiting) == ((), 1)
        assert the_challenge(unit, house)

    await database.transact(contest, now)


async def test_nobody_contests_for_another_or_decides_for_another(database: Database, now: Moment) -> None:
    house = await missed(database, now)

    def forged(unit: UnitOfWork) -> None:
        miss, other = the_miss(unit, house), act_of(unit, house.workers[1])
        for number in (miss.submission, SubmissionId(10**9)):
            with pytest.raises(NotYours):
                gold_challenges.contest_gold(other, number)
        gold_challenges.contest_gold(act_of(unit, house.workers[0]), miss.submission)
        with pytest.raises(NotFound):
            gold_challenges.decide_challenge(other, the_challenge(unit, house), keep=False)

    await database.transact(forged, now)


@pytest.mark.parametrize(("keep", "seen"), [(True, 1), (False, 0)])
async def test_what_was_decided_first_stands_and_is_told(
    database: Database, now: Moment, keep: bool, seen: int
) -> None:
    house = await missed(database, now)

    def decide(unit: UnitOfWork) -> None:
        worker, requester = act_of(unit, house.workers[0]), act_of(unit, house.requester)
        assert skill_of(unit, house).missed == 1
        gold_challenges.contest_gold(worker, the_miss(unit, house).submission)
        challenge = the_challenge(unit, house)
        decided = [gold_challenges.decide_challenge(requester, challenge, word).kept for word in (keep, not keep)]
        assert decided == [keep, keep]
        ((told,),) = unit.connection.all(TOLD, person=house.workers[0], screen=GoldReviewed.stored_as)
        assert unpack(told)["kept"] is keep
        assert skill_of(unit, house).missed == seen

    await database.transact(decide, now)


async def test_a_worker_reads_how_many_right_ones_end_probation(database: Database, now: Moment) -> None:
    house = await missed(database, now)
    skill = await database.transact(lambda unit: skill_of(unit, house), now)
    assert (skill.proof, skill.needed) == (3, 2)
