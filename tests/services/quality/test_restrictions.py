"""A restriction, from its notice to its end, as any door sees it: in both databases."""

from functools import partial

import pytest

from domain.conduct.evidence import Evidence
from domain.fairness.cases import CaseClosed
from domain.moments import DAY, HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.quality.gold_challenges import Contestable, NotedBefore
from domain.quality.restrictions import (
    GroundWanted,
    NothingToConfirm,
    Restricted,
    RestrictionAppealed,
    RestrictionDecided,
    RestrictionId,
    RestrictionLapsed,
    RestrictionLifted,
    RestrictionOver,
    RestrictionToConfirm,
    RestrictionToDecide,
)
from domain.refusals import BadInput, NotFound, OwnMatter
from domain.work.messages import NothingNow
from domain.work.offers import TaskList
from handlers.screen import render
from handlers.work.offers import ListTasks
from services.act import Reply
from services.quality import gold_challenges, restrictions
from services.work import inputs, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FIRST_WORKER, REQUESTER, House, a_project, furnish, launch, settle_tasks
from tests.letters import due_letters

ADMINS = frozenset({REQUESTER})
TOLD = "SELECT screen FROM outbox WHERE person = :person ORDER BY id"


async def restricted(database: Database, now: Moment, works: bool = False) -> House:
    """The first worker, on evidence of twenty thousand to one; `works`: with a task in hand."""
    house = await database.transact(lambda unit: furnish(unit, workers=2), now)

    def weigh(unit: UnitOfWork) -> None:
        worker = house.workers[0]
        unit.enrolments.enrol(worker, house.project)
        if works:
            submit.ask_for_work(act_of(unit, worker))
        found = [Evidence(worker, "random", 10.0, 40, 5, 0.8, 0.5)]
        restrictions.apply_evidence(unit, unit.projects.get(house.project), worker, found)

    await database.transact(weigh, now)
    return house


def told(unit: UnitOfWork, house: House, worker: int = 0) -> list[str]:
    return [row[0] for row in unit.connection.all(TOLD, person=house.workers[worker])]


def acts(unit: UnitOfWork, action: str) -> int:
    """How often it stands in the audit log."""
    return int(unit.connection.all("SELECT count(*) FROM audit WHERE action = :action", action=action)[0][0])


def only(unit: UnitOfWork, house: House) -> RestrictionId:
    (known,) = unit.restrictions.list_of_worker(house.workers[0], 9)
    return known.id


async def test_it_is_told_listed_and_appealed_once(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def appeal(unit: UnitOfWork) -> None:
        assert told(unit, house) == [Restricted.stored_as]
        act, number = act_of(unit, house.workers[0], ADMINS), only(unit, house)
        (listed,) = gold_challenges.list_contestable(act).restrictions
        assert (listed.restriction, listed.until) == (number, now + 7 * DAY)
        assert restrictions.appeal_restriction(act, number) == RestrictionAppealed(listed.title, later(now, 72 * HOUR))
        assert restrictions.appeal_restriction(act, number) == NotedBefore()
        assert gold_challenges.list_contestable(act) == Contestable(
            (), (), (), 0, (), shown=gold_challenges.SHOWN_PER_KIND
        )
        letters = [row[0] for row in unit.connection.all(TOLD, person=house.requester)]
        assert letters == [RestrictionToDecide.stored_as]

    await database.transact(appeal, now)


async def test_nobody_appeals_for_another(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def forged(unit: UnitOfWork) -> None:
        for number in (only(unit, house), RestrictionId(10**9)):
            with pytest.raises(NotFound):
                restrictions.appeal_restriction(act_of(unit, house.workers[1], ADMINS), number)

    await database.transact(forged, now)


GROUND = "Half of these answers are wrong, as if by chance."


async def test_an_admin_lifts_it_once(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def decide(unit: UnitOfWork) -> None:
        act, number = act_of(unit, house.requester, ADMINS), only(unit, house)
        decided = [restrictions.decide_restriction(act, number, True) for _ in range(2)]
        assert [(each.of.state, each.of.waits) for each in decided] == [("lifted", False)] * 2
        assert told(unit, house) == [Restricted.stored_as, RestrictionLifted.stored_as]
        assert acts(unit, "lift") == 1

    await database.transact(decide, now)


async def test_an_admin_confirms_it_with_a_reason_that_the_worker_reads(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def confirm(unit: UnitOfWork) -> None:
        act, number = act_of(unit, house.requester, ADMINS), only(unit, house)
        reply = restrictions.show_next(act)
        assert isinstance(reply, Reply)
        shown = reply.message
        assert isinstance(shown, RestrictionToConfirm)
        assert (shown.of.restriction, shown.left, shown.until) == (number, 1, later(now, 72 * HOUR))
        assert isinstance(restrictions.decide_restriction(act, number, False), GroundWanted)
        assert told(unit, house) == [Restricted.stored_as]
        with pytest.raises(BadInput):
            inputs.take_words(act, "Bad.")
        decided = inputs.take_words(act, GROUND)
        assert isinstance(decided, RestrictionDecided)
        assert (decided.of.state, decided.of.waits, decided.left) == ("standing", False, 0)
        (_, letter) = [each for each in due_letters(unit, 99) if each.person == house.workers[0]]
        assert (letter.facts["words"], letter.facts["restriction"]) == (GROUND, number)
        assert isinstance(restrictions.decide_restriction(act, number, False), RestrictionDecided)
        assert restrictions.show_next(act) == NothingToConfirm()
        assert acts(unit, "confirm") == 1

    await database.transact(confirm, now)
    await database.transact(restrictions.end_due_restrictions, later(now, 73 * HOUR))
    assert await database.transact(lambda unit: unit.restrictions.find(only(unit, house)).state, now) == "standing"


async def test_an_objection_to_a_confirmed_one_is_looked_at_again(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def again(unit: UnitOfWork) -> None:
        act, number = act_of(unit, house.requester, ADMINS), only(unit, house)
        for _ in range(2):
            restrictions.decide_restriction(act, number, False)
            inputs.take_words(act, GROUND)
            restrictions.appeal_restriction(act_of(unit, house.workers[0], ADMINS), number)
        known = unit.restrictions.find(number)
        assert known is not None
        assert (known.state, known.appeal, known.waits) == ("standing", "refused", False)

    await database.transact(again, now)


async def test_another_admin_than_who_confirmed_it_decides_about_an_objection(database: Database, now: Moment) -> None:
    house, both = await restricted(database, now), frozenset({900, 901})

    def another(unit: UnitOfWork) -> None:
        bob = unit.people.upsert(901, None, "Bob", "en", now).id
        ada, number = act_of(unit, unit.people.upsert(900, None, "Ada", "en", now).id, both), only(unit, house)
        restrictions.decide_restriction(ada, number, False)
        inputs.take_words(ada, GROUND)
        restrictions.decide_restriction(ada, number, False)
        restrictions.appeal_restriction(act_of(unit, house.workers[0], both), number)
        letters = due_letters(unit, 99)
        assert [each.person for each in letters if each.screen == RestrictionToDecide.stored_as] == [bob]
        assert restrictions.show_next(ada) == NothingToConfirm()
        with pytest.raises(OwnMatter):
            restrictions.decide_restriction(ada, number, False)
        unit.drafts.keep(ada.person.id, restrictions.JOURNEY, {"restriction": number}, now)
        with pytest.raises(OwnMatter):
            inputs.take_words(ada, GROUND)
        reply = restrictions.show_next(act_of(unit, bob, both))
        assert isinstance(reply, Reply)
        for person, live in ((bob, f"case:restriction:{number}:asked"), (ada.person.id, reply.live or "")):
            unit.live_messages.keep(person, live, 70)
        restrictions.decide_restriction(act_of(unit, bob, both), number, False)
        decided = inputs.take_words(act_of(unit, bob, both), GROUND)
        assert isinstance(decided, RestrictionDecided)
        assert decided.of.appeal == "refused"
        closed = [each for each in due_letters(unit, 99) if each.screen == CaseClosed.stored_as]
        assert {(each.person, each.live) for each in closed} == {
            (bob, f"case:restriction:{number}:asked"),
            (ada.person.id, f"case:restriction:{number}:shown"),
        }
        assert {(each.facts["end"], each.facts["by"]) for each in closed} == {("stays", "Bob (901)")}

    await database.transact(another, now)


async def test_who_asked_for_the_answers_does_not_confirm_it_where_another_admin_can(
    database: Database, now: Moment
) -> None:
    house, both = await restricted(database, now), frozenset({REQUESTER, 901})

    def decide(unit: UnitOfWork) -> None:
        bob = unit.people.upsert(901, None, "Bob", "en", now).id
        rosa, number = act_of(unit, house.requester, both), only(unit, house)
        restrictions.remind_admins(unit, both)
        restrictions.appeal_restriction(act_of(unit, house.workers[0], both), number)
        asked = [each.person for each in due_letters(unit, 99) if each.screen != Restricted.stored_as]
        assert asked == [bob, bob]
        assert restrictions.show_next(rosa) == NothingToConfirm()
        with pytest.raises(OwnMatter):
            restrictions.decide_restriction(rosa, number, False)
        assert isinstance(restrictions.decide_restriction(act_of(unit, bob, both), number, False), GroundWanted)
        alone = act_of(unit, house.requester, ADMINS)
        restrictions.decide_restriction(alone, number, False)
        inputs.take_words(alone, GROUND)
        (facts,) = unit.connection.all("SELECT facts FROM audit WHERE action = 'confirm'")
        assert '"alone":true' in facts[0]

    await database.transact(decide, now)


async def test_what_nobody_confirms_lapses_and_does_not_come_back(database: Database, now: Moment) -> None:
    house = await restricted(database, now)
    await database.transact(restrictions.end_due_restrictions, later(now, 72 * HOUR - 1))
    assert await database.transact(lambda unit: told(unit, house), now) == [Restricted.stored_as]
    for _ in range(2):
        await database.transact(restrictions.end_due_restrictions, later(now, 72 * HOUR))

    def lapsed(unit: UnitOfWork) -> None:
        assert told(unit, house) == [Restricted.stored_as, RestrictionLapsed.stored_as]
        known = unit.restrictions.find(only(unit, house))
        assert known is not None
        assert (known.state, known.lapsed, known.decided_by, known.words) == ("lifted", True, None, None)
        assert unit.connection.all("SELECT restricted_until FROM enrolments WHERE worker = :id", id=known.worker) == [
            (None,)
        ]
        assert acts(unit, "lapsed") == 1
        found = [Evidence(known.worker, "random", 12.0, 60, 9, 0.8, 0.5)]
        restrictions.apply_evidence(unit, unit.projects.get(house.project), known.worker, found)
        assert only(unit, house) == known.id
        assert restrictions.show_next(act_of(unit, house.requester, ADMINS)) == NothingToConfirm()

    await database.transact(lapsed, later(now, 73 * HOUR))


async def test_an_objection_does_not_put_off_the_end_of_an_unconfirmed_one(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def appeal(unit: UnitOfWork) -> None:
        act = act_of(unit, house.workers[0], ADMINS)
        assert restrictions.appeal_restriction(act, only(unit, house)).until == later(now, 72 * HOUR)

        unit.live_messages.keep(house.requester, f"case:restriction:{only(unit, house)}:asked", 70)

    def closed(unit: UnitOfWork) -> list[tuple[object, object]]:
        letters = [each for each in due_letters(unit, 99) if each.screen == CaseClosed.stored_as]
        return [(each.person, each.facts["by"]) for each in letters]

    await database.transact(appeal, later(now, 70 * HOUR))
    await database.transact(lambda unit: restrictions.end_due_restrictions(unit, ADMINS), later(now, 72 * HOUR))
    assert await database.transact(closed, later(now, 72 * HOUR)) == [(house.requester, "")]
    known = await database.transact(lambda unit: unit.restrictions.find(only(unit, house)), now)
    assert known is not None
    assert (known.state, known.appeal) == ("lifted", "granted")


async def test_where_the_evidence_fades_no_admin_is_asked_any_more(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def fades(unit: UnitOfWork) -> list[tuple[object, object, object]]:
        number = only(unit, house)
        restrictions.appeal_restriction(act_of(unit, house.workers[0], ADMINS), number)
        unit.live_messages.keep(house.requester, f"case:restriction:{number}:asked", 70)
        project = unit.projects.get(house.project)
        for _ in range(2):
            restrictions.apply_evidence(unit, project, house.workers[0], [], ADMINS)
        letters = [each for each in due_letters(unit, 99) if each.screen == CaseClosed.stored_as]
        return [(each.person, each.facts["end"], each.facts["by"]) for each in letters]

    assert await database.transact(fades, now) == [(house.requester, "faded", "")]


async def test_nobody_decides_about_themselves(database: Database, now: Moment) -> None:
    house = await restricted(database, now)
    own = frozenset({REQUESTER, FIRST_WORKER})

    def decide(unit: UnitOfWork) -> None:
        act, number = act_of(unit, house.workers[0], own), only(unit, house)
        assert restrictions.show_next(act) == NothingToConfirm()
        for lift in (True, False):
            with pytest.raises(OwnMatter):
                restrictions.decide_restriction(act, number, lift)
        unit.drafts.keep(act.person.id, restrictions.JOURNEY, {"restriction": number}, now)
        with pytest.raises(OwnMatter):
            inputs.take_words(act, GROUND)
        restrictions.appeal_restriction(act, number)
        restrictions.remind_admins(unit, own)
        assert told(unit, house) == [Restricted.stored_as]
        with pytest.raises(NotFound):
            restrictions.decide_restriction(act, RestrictionId(10**9), True)

    await database.transact(decide, now)


async def test_admins_hear_of_it_at_once_and_a_day_before_it_lapses(database: Database, now: Moment) -> None:
    house = await restricted(database, now)
    waits = []
    for hours in (0, 0.2, 47.9, 48, 48.2, 60):
        at = later(now, int(hours * HOUR))
        await database.transact(partial(restrictions.remind_admins, admins=ADMINS), at)
        letters = await database.transact(lambda unit: due_letters(unit, 99), at)
        waits.append([each.facts["again"] for each in letters if each.person == house.requester])
    assert waits == [[False], [False], [False], [False, True], [False, True], [False, True]]


async def test_who_is_restricted_is_not_told_that_a_task_comes_now_and_then(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def asks(unit: UnitOfWork) -> object:
        unit.evidence.watch(house.workers[0], house.project, 2)  # as with such evidence
        submit.ask_for_work(act_of(unit, house.workers[0]))
        (letter,) = [each for each in due_letters(unit, 99) if each.screen == NothingNow.stored_as]
        return letter.facts["set_aside"]["title"], letter.facts["set_aside"]["restricted_until"]

    title = await database.transact(lambda unit: unit.projects.get(house.project).title, now)
    assert await database.transact(asks, now) == (title, later(now, 7 * DAY))


async def test_the_list_of_work_says_what_bars_them(database: Database, now: Moment) -> None:
    """Beside other work, too: else the project is only missing there."""
    house = await restricted(database, now)
    ann, ben = house.workers[:2]

    def lists(unit: UnitOfWork, worker: PersonId) -> TaskList:
        reply = press(act_of(unit, worker), ListTasks())
        assert isinstance(reply, Reply)
        assert isinstance(reply.message, TaskList)
        return reply.message

    def play(unit: UnitOfWork) -> None:
        title = unit.projects.get(house.project).title
        until = later(now, 7 * DAY)
        alone = lists(unit, ann)
        assert alone.set_aside is not None
        assert (alone.offered, alone.set_aside.title, alone.set_aside.restricted_until) == ((), title, until)
        assert lists(unit, ben).set_aside is None
        other = unit.projects.add(a_project(house.requester, now, title="Read a receipt"))
        settle_tasks(unit, other, house.requester, 2, gold=0)
        launch(unit, house.requester, other)
        beside = lists(unit, ann)
        assert beside.set_aside is not None
        assert ([each.project for each in beside.offered], beside.set_aside.restricted_until) == ([other], until)
        shown = render(TaskList.stored_as, beside, "fr").text
        assert "pas de tâches de ce projet" in shown

    await database.transact(play, now)


@pytest.mark.parametrize("works", [True, False])
async def test_who_has_a_task_in_hand_reads_that_it_still_counts(database: Database, now: Moment, works: bool) -> None:
    house = await restricted(database, now, works)

    def answers(unit: UnitOfWork) -> int:
        (letter,) = [each for each in due_letters(unit, 99) if each.screen == Restricted.stored_as]
        assert letter.facts["in_hand"] is works
        in_hand = unit.assignments.active_for(house.workers[0])
        if in_hand is not None:
            submit.submit_answer(unit, unit.people.get(house.workers[0]), in_hand.id, "0", None)
        return unit.submissions.count_of(house.workers[0])

    assert await database.transact(answers, now) == works


async def test_it_ends_on_its_day(database: Database, now: Moment) -> None:
    house = await restricted(database, now)
    await database.transact(lambda unit: unit.restrictions.confirm(only(unit, house), house.requester, GROUND), now)
    await database.transact(restrictions.end_due_restrictions, later(now, 7 * DAY - 1))
    assert await database.transact(lambda unit: told(unit, house), now) == [Restricted.stored_as]
    await database.transact(restrictions.end_due_restrictions, later(now, 7 * DAY))
    ended = await database.transact(lambda unit: told(unit, house), now)
    assert ended == [Restricted.stored_as, RestrictionOver.stored_as]


async def test_the_end_of_a_confirmed_one_leaves_what_admins_read_of_its_decision(
    database: Database, now: Moment
) -> None:
    house = await restricted(database, now)

    def confirm(unit: UnitOfWork) -> None:
        admin, number = act_of(unit, house.requester, ADMINS), only(unit, house)
        unit.live_messages.keep(house.requester, f"case:restriction:{number}:shown", 70)
        restrictions.decide_restriction(admin, number, False)
        inputs.take_words(admin, GROUND)

    def closed(unit: UnitOfWork) -> list[object]:
        return [each.facts["end"] for each in due_letters(unit, 99) if each.screen == CaseClosed.stored_as]

    await database.transact(confirm, now)
    await database.transact(lambda unit: restrictions.end_due_restrictions(unit, ADMINS), later(now, 7 * DAY))
    assert await database.transact(lambda unit: told(unit, house), now) != []
    assert await database.transact(closed, later(now, 7 * DAY)) == ["stays"]
