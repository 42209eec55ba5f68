"""An admin grants the requester's role and takes it away, also where everybody has it, and from who comes back."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

import pytest

from domain.fairness.cases import CaseClosed, CaseEnd, CaseKind
from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId, RoleGranted, RoleSet
from domain.people.onboarding import Welcome
from domain.people.role_requests import (
    DECISION_PERIOD,
    INVITATION_LIFETIME,
    MAX_REQUESTS,
    MAX_SHOWN_REQUESTS,
    REQUESTS_PERIOD,
    RoleInviteLink,
    RoleRequestId,
    RoleRequestPreview,
    RoleRequestSent,
    RoleRequestToDecide,
    RoleRequestWanted,
    parse_request,
)
from domain.refusals import BadInput, InvitationOver, NotAllowed, NotFound, OwnMatter, Suspended, TooManyRoleRequests
from handlers.payload import Payload
from handlers.people.accounts import SetRole, ShowDashboard
from handlers.people.onboarding import AskForRole, Start
from handlers.people.role_requests import GrantRole, RefuseRole, SendRoleRequest, ShowRoleRequests
from services.act import Act, Reply
from services.people import accounts, onboarding, personal_data, role_requests
from services.work import inputs
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import settle_worker


def in_an_open_house(unit: UnitOfWork, person: PersonId) -> Act:
    act = act_of(unit, person)
    return replace(act, house=replace(act.house, open_requesters=True))


async def test_whom_the_role_is_taken_from_has_none_in_an_open_house_either(database: Database, now: Moment) -> None:
    ann, admin = await database.transact(lambda unit: [settle_worker(unit, number).id for number in (1, 2)], now)

    def switched(unit: UnitOfWork, state: str) -> list[bool]:
        if state:
            accounts.set_role(act_of(unit, admin), "@worker1", "requester", state)
        return ["requester" in act(unit, ann).roles for act in (in_an_open_house, act_of)]

    assert await database.transact(switched, now, "") == [True, False]
    assert await database.transact(switched, now, "off") == [False, False]
    assert await database.transact(switched, now, "on") == [True, True]
    assert await database.transact(switched, now, "off") == [False, False]


async def test_an_audit_note_says_who_changed_a_role_and_how(database: Database, now: Moment) -> None:
    def switch_twice(unit: UnitOfWork) -> list[bool]:
        worker, admin = (settle_worker(unit, number).id for number in (1, 2))
        for state in ("on", "off"):
            accounts.set_role(act_of(unit, admin), "@worker1", "requester", state)
        rows = unit.connection.all("SELECT actor, subject, facts FROM audit WHERE action = 'role' ORDER BY id")
        assert [(row[0], row[1]) for row in rows] == [(admin, f"person:{worker}")] * 2
        return [json.loads(row[2])["requester"] for row in rows]

    assert await database.transact(switch_twice, now) == [True, False]


BEN, CAT, ADMIN = 901, 902, 903


def arrive(unit: UnitOfWork, telegram_id: int) -> PersonId:
    return onboarding.store_sender(unit, telegram_id, f"user{telegram_id}", f"User {telegram_id}", "en").id


def may_ask(unit: UnitOfWork, telegram_id: int) -> bool:
    return "requester" in in_an_open_house(unit, arrive(unit, telegram_id)).roles


def switch(unit: UnitOfWork, telegram_id: int, state: str) -> None:
    accounts.set_role(act_of(unit, arrive(unit, ADMIN)), str(telegram_id), "requester", state)


async def forgotten(database: Database, telegram_id: int, now: Moment) -> Moment:
    """When it is done."""
    gone = later(now, 2 * HOUR)
    await database.transact(lambda unit: personal_data.begin_erasure(act_of(unit, arrive(unit, telegram_id))), now)
    await database.transact(personal_data.finish_erasures, gone)
    assert await database.transact(lambda unit: unit.people.find_by_telegram_id(telegram_id), gone) is None
    return gone


async def test_who_is_barred_stays_so_after_forget_until_an_admin_lifts_it(database: Database, now: Moment) -> None:
    await database.transact(lambda unit: [arrive(unit, BEN), arrive(unit, CAT)], now)
    await database.transact(switch, now, BEN, "off")
    at = await forgotten(database, BEN, await forgotten(database, CAT, now))
    assert [await database.transact(may_ask, at, each) for each in (BEN, CAT)] == [False, True]
    at = await forgotten(database, BEN, at)
    assert not await database.transact(may_ask, at, BEN)
    await database.transact(switch, at, BEN, "on")
    assert await database.transact(may_ask, at, BEN)
    at = await forgotten(database, BEN, at)
    assert await database.transact(may_ask, at, BEN)
    assert await database.transact(find_violations, at) == []


async def test_an_admin_can_lift_it_before_they_are_back(database: Database, now: Moment) -> None:
    await database.transact(arrive, now, BEN)
    await database.transact(switch, now, BEN, "off")
    at = await forgotten(database, BEN, now)
    await database.transact(switch, at, BEN, "on")
    assert await database.transact(may_ask, at, BEN)


WORDS = "Rosa of the birds’ club in Lyon, to sort photos: rosa@example.org"
ADA, EVA, ROSA = 911, 912, 913
ADMINS = frozenset({ADA, EVA})


T = TypeVar("T")


class Home:
    """Two admins and Rosa; `do` presses, in a transaction of its own at `now`."""

    def __init__(self, url: str, now: Moment) -> None:
        self.url, self.now = url, now
        self.look(lambda unit: [unit.bots.note_accepted(1, "pouce_bot"), *(arrive(unit, who) for who in (ADA, EVA))])

    def look(self, work: Callable[[UnitOfWork], T]) -> T:
        with one_transaction(self.url, self.now) as unit:
            return work(unit)

    def do(self, who: int, what: Payload | str) -> object:
        def act(unit: UnitOfWork) -> object:
            acting = act_of(unit, arrive(unit, who), ADMINS, message=5)
            result = inputs.take_words(acting, what) if isinstance(what, str) else press(acting, what)
            result = result[0] if isinstance(result, tuple) else result
            return result.message if isinstance(result, Reply) else result

        return self.look(act)

    def ask(self, who: int = ROSA, words: str = WORDS) -> RoleRequestId:
        assert self.do(who, AskForRole()) == RoleRequestWanted()
        assert self.do(who, words) == RoleRequestPreview(words)
        assert isinstance(self.do(who, SendRoleRequest()), RoleRequestSent)
        return self.look(
            lambda unit: cast(RoleRequestId, unit.connection.all("SELECT max(id) FROM role_requests")[0][0])
        )

    def told(self, who: int, name: str) -> int:
        """How many messages of this name were written to the person."""
        sql = "SELECT count(*) FROM outbox WHERE person = :person AND screen = :name"
        return self.look(lambda unit: int(unit.connection.all(sql, person=arrive(unit, who), name=name)[0][0]))

    def has_role(self, who: int) -> bool:
        return self.look(lambda unit: unit.people.get(arrive(unit, who)).requester)

    def waiting(self, admin: int) -> list[CaseKind]:
        return [case.kind for case in self.do(admin, ShowDashboard()).cases]  # type: ignore[attr-defined]

    def invite(self, people: str = "") -> str:
        link = self.do(ADA, SetRole(who="invite", role=people))
        assert isinstance(link, RoleInviteLink)
        return link.link.partition("?start=")[2]

    def sweep(self) -> None:
        self.look(lambda unit: role_requests.end_overdue_requests(unit, ADMINS))


@pytest.fixture
def home(database_url: str, now: Moment) -> Home:
    return Home(database_url, now)


def test_a_request_is_granted_once_and_both_admins_read_it(home: Home) -> None:
    request = home.ask()
    assert home.waiting(ADA) == home.waiting(EVA) == [CaseKind.ROLE]
    assert home.told(ADA, "people.RoleRequestToDecide") == home.told(EVA, "people.RoleRequestToDecide") == 1
    case = home.do(EVA, ShowRoleRequests())
    assert isinstance(case, RoleRequestToDecide)
    assert (case.who, case.words) == (f"@user{ROSA}", WORDS)
    for who in (ROSA, 999):
        with pytest.raises(NotAllowed):
            home.do(who, GrantRole(request=request))
    assert home.do(ADA, GrantRole(request=request)) == CaseClosed(f"@user{ROSA}", CaseEnd.GRANTED, f"@user{ADA}")
    for late in (GrantRole(request=request), RefuseRole(request=request)):
        assert home.do(EVA, late) == CaseClosed(f"@user{ROSA}", CaseEnd.GRANTED, f"@user{ADA}")
    assert (home.has_role(ROSA), home.told(ROSA, "people.RoleGranted"), home.waiting(EVA)) == (True, 1, [])
    assert home.do(ROSA, AskForRole()) == home.do(ROSA, SendRoleRequest()) == RoleGranted()
    assert home.do(ROSA, Start()) == RoleGranted()


def test_a_refusal_gives_its_reason_and_the_next_request_shows_it(home: Home) -> None:
    request, reason = home.ask(), "We could not find this club anywhere."
    home.do(ADA, RefuseRole(request=request))
    assert home.do(ADA, reason) == CaseClosed(f"@user{ROSA}", CaseEnd.REFUSED, f"@user{ADA}")
    assert home.told(ROSA, "people.RoleRequestRefused") == 1
    home.ask()
    again = home.do(ADA, ShowRoleRequests())
    assert isinstance(again, RoleRequestToDecide)
    assert again.refused_before == reason
    assert not home.has_role(ROSA)


def test_a_request_that_nobody_decides_is_refused_and_few_may_be_made(home: Home) -> None:
    home.ask()
    assert isinstance(home.do(ROSA, AskForRole()), RoleRequestSent)
    home.now = later(home.now, DECISION_PERIOD - 1)
    home.sweep()
    assert home.waiting(ADA) == [CaseKind.ROLE]
    home.now = later(home.now, 1)
    home.sweep()
    home.sweep()
    assert (home.waiting(ADA), home.told(ROSA, "people.RoleRequestRefused")) == ([], 1)
    for _ in range(MAX_REQUESTS - 1):
        home.do(ADA, RefuseRole(request=home.ask()))
        home.do(ADA, "We could not find this club anywhere.")
    with pytest.raises(TooManyRoleRequests):
        home.do(ROSA, AskForRole())
    home.now = later(home.now, REQUESTS_PERIOD)
    assert home.do(ROSA, AskForRole()) == RoleRequestWanted()


def test_words_without_a_contact_are_asked_for_one(home: Home) -> None:
    home.do(ROSA, AskForRole())
    with pytest.raises(BadInput):
        home.do(ROSA, "Hello")
    assert home.do(ROSA, "Rosa\nof Lyon, \u202eto sort photos") == RoleRequestWanted(contact=True)
    assert home.do(ROSA, SendRoleRequest()) == RoleRequestWanted()  # nothing to send yet: it begins again
    home.do(ROSA, "Rosa of Lyon, to sort photos")
    assert home.do(ROSA, "call 04 72 00 00 00") == RoleRequestPreview(
        "Rosa of Lyon, to sort photos call 04 72 00 00 00"
    )
    assert home.do(ROSA, WORDS) == RoleRequestPreview(WORDS)  # typed again instead
    assert parse_request("a" * 1_001) is parse_request("\u202e" * 40) is None
    with pytest.raises(BadInput):
        home.do(ROSA, "a@b " * 300)


def test_the_suspended_ask_for_nothing(home: Home) -> None:
    home.do(ROSA, AskForRole())
    token = home.invite()

    def suspend(unit: UnitOfWork) -> None:
        stop = unit.stops.add(None, arrive(unit, ROSA), "Asked for passwords", arrive(unit, ADA))
        assert stop is not None
        unit.stops.set_suspended(stop.person, True)

    home.look(suspend)
    for attempt in (AskForRole(), SendRoleRequest(), WORDS, Start(token=token)):
        with pytest.raises(Suspended):
            home.do(ROSA, attempt)
    assert home.do(999, Start(token=token)) == RoleGranted()  # it was not used


def test_a_flood_of_requests_hides_no_other_case(home: Home) -> None:
    for number in range(MAX_SHOWN_REQUESTS + 3):
        home.ask(2_000 + number)
    complaint = home.look(lambda unit: unit.complaints.add(arrive(unit, ROSA), "other", 0, "Nobody answers me"))
    home.look(
        lambda unit: unit.connection.changed(
            "UPDATE complaints SET due_at = due_at + 5 WHERE id = :id", id=complaint.id
        )
    )
    assert home.waiting(ADA) == [CaseKind.ROLE, CaseKind.COMPLAINT]
    assert home.told(ADA, "people.RoleRequestToDecide") == MAX_SHOWN_REQUESTS


def test_an_admin_does_not_decide_on_themselves(home: Home) -> None:
    home.look(lambda unit: arrive(unit, EVA))
    request = home.look(lambda unit: unit.role_requests.add(arrive(unit, EVA), WORDS)).id  # from before they were one
    assert (home.waiting(EVA), home.waiting(ADA)) == ([], [CaseKind.ROLE])
    for attempt in (GrantRole(request=request), RefuseRole(request=request)):
        with pytest.raises(OwnMatter):
            home.do(EVA, attempt)


def test_an_erased_persons_request_is_gone(home: Home) -> None:
    request = home.ask()
    home.look(lambda unit: personal_data.begin_erasure(act_of(unit, arrive(unit, ROSA))))
    home.now = later(home.now, 2 * HOUR)
    home.look(personal_data.finish_erasures)
    with pytest.raises(NotFound):
        home.do(ADA, GrantRole(request=request))
    assert home.look(find_violations) == []


def test_a_link_lets_in_as_many_as_was_said_for_so_long(home: Home) -> None:
    token = home.invite("2")
    for who in (ROSA, ROSA, 999):  # opening it again uses nothing
        assert home.do(who, Start(token=token)) == RoleGranted()
    with pytest.raises(InvitationOver):
        home.do(1_000, Start(token=token))
    old = home.invite()
    home.now = later(home.now, INVITATION_LIFETIME)
    for wrong in (old, "give-", "give-" + "x" * 24):
        with pytest.raises(InvitationOver):
            home.do(1_000, Start(token=wrong))
    assert not home.has_role(1_000)
    home.sweep()
    assert home.look(lambda unit: unit.connection.all("SELECT count(*) FROM role_invitations"))[0][0] == 0
    for people in ("0", "101", "-1", "two", "²"):
        with pytest.raises(BadInput):
            home.do(ADA, SetRole(who="invite", role=people))


def test_a_link_gives_nobody_back_what_an_admin_took(home: Home) -> None:
    home.look(lambda unit: unit.people.make_requester(arrive(unit, ROSA), False))
    assert home.do(ROSA, Start(token=home.invite())) == RoleRequestWanted()
    request = home.ask()
    case = home.do(ADA, ShowRoleRequests())
    assert isinstance(case, RoleRequestToDecide)
    assert case.barred
    home.do(ADA, SetRole(who=str(ROSA), role="requester", state="on"))
    assert home.do(EVA, GrantRole(request=request)) == CaseClosed(f"@user{ROSA}", CaseEnd.GRANTED, f"@user{ADA}")


def test_a_username_is_let_in_before_it_writes(home: Home) -> None:
    until = later(home.now, INVITATION_LIFETIME)
    assert home.do(ADA, SetRole(who="@User913", role="requester", state="on")) == RoleSet("@User913", True, until)
    assert home.do(ROSA, Start()) == RoleGranted()
    assert home.do(999, Start()) == Welcome("User 999", "en")
    home.do(ADA, SetRole(who="@user914", role="requester", state="on"))
    assert home.do(ADA, SetRole(who="@user914", role="requester", state="off")) == RoleSet("@user914", False)
    assert not home.has_role(914)
    for unknown in ("@user915", "nobody"):
        with pytest.raises(NotFound):
            home.do(ADA, SetRole(who=unknown, role="requester", state="off"))


def test_an_open_house_asks_nobody(home: Home) -> None:
    assert home.look(lambda unit: press(in_an_open_house(unit, arrive(unit, ROSA)), AskForRole())) == RoleGranted()
