"""A card's button launches what the card showed, and no more."""

from domain.moments import Moment
from domain.money.ledger import budget_account
from domain.people.accounts import PersonId
from domain.projects.preflight import Preflight
from domain.projects.projects import ProjectId, ProjectState
from handlers.payload import unpack
from handlers.projects.launches import LaunchShown
from handlers.projects.preflight import Preview
from handlers.routing import list_results
from handlers.screen import render
from services.act import Reply
from services.projects.launches import CardOutdated
from storage.database import one_transaction
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import NewTask, settle_plans, settle_requester


def launch_button(card: object) -> LaunchShown:
    assert isinstance(card, Preflight)
    keys = [key for row in render(Preflight.stored_as, card, "en").keyboard for key in row if "🚀" in key.text]
    payload = unpack(keys[0].data or "")
    assert isinstance(payload, LaunchShown)
    return payload


def card_of(unit: UnitOfWork, rosa: PersonId, project: ProjectId) -> object:
    return list_results(press(act_of(unit, rosa), Preview(number=project)))[-1]


def add(unit: UnitOfWork, rosa: PersonId, project: ProjectId, tasks: int) -> None:
    batch = unit.batches.begin(project, rosa, "more", "more.csv", tasks)
    grown = unit.batches.grow(batch, tasks, 0, tasks * 3)
    assert grown is not None
    rows = (NewTask(100 + at, f"m{at}", pack({"text": f"more {at}"}), None, None, 3, None) for at in range(tasks))
    unit.tasks.add(project, batch.id, rows)
    unit.batches.show(grown)


def test_an_old_card_shows_the_new_one_where_more_waits_by_now(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        rosa = settle_requester(unit).id
        (project,) = settle_plans(unit, rosa, 1, tasks=1)
        old = launch_button(card_of(unit, rosa, project))
        add(unit, rosa, project, 20)
        for payload in (old, unpack(f"l:{project}")):
            reply = press(act_of(unit, rosa), payload)
            assert isinstance(reply, Reply)
            assert isinstance(reply.done, CardOutdated)
            assert unit.projects.get(project).state is ProjectState.DRAFT
            assert unit.ledger.balance(budget_account(project)) == 0
        press(act_of(unit, rosa), launch_button(reply.message))
        assert unit.projects.get(project).state is ProjectState.RUNNING


def test_a_card_launches_what_it_showed(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        rosa = settle_requester(unit).id
        (project,) = settle_plans(unit, rosa, 1, tasks=3)
        card = card_of(unit, rosa, project)
        press(act_of(unit, rosa), launch_button(card))
        assert unit.ledger.balance(budget_account(project)) == card.price.total  # type: ignore[attr-defined]
