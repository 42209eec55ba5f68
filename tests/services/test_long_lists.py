"""Lists that are longer than a message: each part says that there is more, and all of it is reached."""

from collections.abc import Callable

from domain.moments import Moment
from domain.money.wallet import PersonBalance
from domain.people.accounts import PersonId
from domain.people.personal_data import ConsentList
from domain.projects.progress import ProjectList
from domain.quality.gold_challenges import Contestable
from domain.work.offers import KnownProjects
from handlers.payload import Payload, unpack
from handlers.people.consents import ListConsents
from handlers.projects.progress import ListProjects
from handlers.quality.gold_challenges import ContestOlder, ListContestable
from handlers.screen import render
from handlers.work.offers import LeaveWhich
from services.money import funds, wallet
from services.work import submit
from storage.database import one_transaction
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import furnish, launch, settle_plans, settle_requester, settle_worker

MANY = 29
OLDER = ("▶️ Older ones", "More ▶️")


def pages(unit: UnitOfWork, reader: PersonId, first: Payload, length: Callable[[object], int]) -> list[object]:
    """Each page until none has a button to the next."""
    found, payload = list[object](), first
    while True:
        page = press(act_of(unit, reader), payload)
        found.append(page)
        assert length(page) <= 20
        screen = render(page.stored_as, page, "en")  # type: ignore[attr-defined]
        keys = [key for row in screen.keyboard for key in row if key.text in OLDER]
        if not keys:
            return found
        assert keys[0].data is not None
        payload = unpack(keys[0].data)


def test_all_projects_are_reached_and_their_money_is_summed(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        rosa = settle_requester(unit)
        plans = settle_plans(unit, rosa.id, MANY, tasks=1)
        for project in plans:
            launch(unit, rosa.id, project)
        listed = pages(unit, rosa.id, ListProjects(), lambda page: len(page.projects))  # type: ignore[attr-defined]
        assert [each.number for page in listed for each in page.projects] == plans[::-1]  # type: ignore[attr-defined]
        assert isinstance(listed[0], ProjectList)
        assert "(29)" in render(ProjectList.stored_as, listed[0], "en").text
        spent = funds.read_funds(act_of(unit, rosa.id))
        cost = unit.ledger.balance(f"project:{plans[0]}:budget", "EUR")
        (others,) = spent.others
        assert (len(spent.projects) + others.projects, others.left) == (MANY, others.projects * cost)
        assert "and 19 more" in render(spent.stored_as, spent, "en").text
        admin = settle_worker(unit, 1)
        seen = wallet.show_balance_of_person(act_of(unit, admin.id), str(rosa.telegram_id))
        assert isinstance(seen, PersonBalance)
        assert [each.amount for each in seen.held] == [MANY * cost]


def test_all_consents_and_known_projects_are_reached(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        rosa, worker = settle_requester(unit), settle_worker(unit, 1)
        plans = settle_plans(unit, rosa.id, MANY + 20, tasks=1)
        for at, project in enumerate(plans):
            launch(unit, rosa.id, project)
            unit.enrolments.enrol(worker.id, project)
            given = "UPDATE enrolments SET consented_at = :at WHERE worker = :worker AND project = :project"
            unit.connection.changed(given, at=now + at // 30, worker=worker.id, project=project)  # many at a time
        known = pages(unit, worker.id, LeaveWhich(), lambda page: len(page.projects))  # type: ignore[attr-defined]
        assert isinstance(known[0], KnownProjects)
        assert [each.project for page in known for each in page.projects] == plans[::-1]  # type: ignore[attr-defined]
        used = pages(unit, worker.id, ListConsents(), lambda page: len(page.consents))  # type: ignore[attr-defined]
        assert isinstance(used[0], ConsentList)
        assert [each.project for page in used for each in page.consents] == plans[::-1]  # type: ignore[attr-defined]


def test_all_that_can_be_contested_is_reached(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=1, tasks=8)
        (worker,) = house.workers
        for _ in range(8):
            if unit.assignments.active_for(worker) is None:
                submit.show_work(unit, unit.people.get(worker))
            in_hand = unit.assignments.active_for(worker)
            assert in_hand is not None
            submit.submit_answer(unit, unit.people.get(worker), in_hand.id, "1", None)
        unit.connection.changed("UPDATE tasks SET gold = :gold", gold=pack(["positive"]))
        unit.connection.changed("UPDATE submissions SET gold = 0")
        first = press(act_of(unit, worker), ListContestable())
        assert isinstance(first, Contestable)
        assert (len(first.misses), first.more) == (5, 3)
        assert "and 3 more" in render(Contestable.stored_as, first, "en").text
        second = press(act_of(unit, worker), ContestOlder(shown=first.shown))
        assert isinstance(second, Contestable)
        assert (len(second.misses), second.more) == (3, 0)
        assert not {each.submission for each in first.misses} & {each.submission for each in second.misses}
