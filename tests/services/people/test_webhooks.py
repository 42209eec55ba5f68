"""Webhooks: what happens is written with its event, and the event arrives, signed, or is tried for a day."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook

from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.people.webhooks import (
    KINDS,
    MAX_ADDRESSES,
    RETRY_WAIT_SECONDS,
    WebhookMade,
    WebhookSilent,
    format_secret,
    sign,
)
from domain.refusals import BadInput, NoSecretsKey, NotFound, TooManyWebhooks
from handlers.people.webhooks import ChangeWebhook, ListWebhooks
from jobs.fetching import Destination, NotFetched, Poster, make_fetcher, make_poster
from jobs.webhooks import ADDRESSES, EACH, WebhookCalls
from services.act import Act, Encryption
from services.fairness import appeals, questions, review
from services.people import webhooks
from services.projects import lifecycle
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish, settle_worker
from tests.invariants.flows import turn
from tests.letters import due_letters

SECRETS = Encryption(["the key of this house"])
REASON = "The writer is angry, so this is not positive."


def anna_of(unit: UnitOfWork, person: PersonId, private: bool = True) -> Act:
    act = act_of(unit, person)
    return replace(act, house=replace(act.house, encryption=SECRETS, private_destinations=private))


def settle(unit: UnitOfWork, url: str, kinds: str = "", **changes: Any) -> tuple[House, str]:
    """A house whose requester is called, and the secret."""
    house = furnish(unit, 2, 2, overlap=1, **changes)
    return house, add(anna_of(unit, house.requester), url, kinds).secret


def add(act: Act, url: str, kinds: str = "") -> WebhookMade:
    """Without the look at where its name leads, which takes a network."""
    return webhooks.add_webhook(act, webhooks.require_valid_webhook(act, "add", url, kinds))


def answer_all(unit: UnitOfWork, house: House) -> None:
    """One worker answers both tasks: each closes, and so does the project."""
    for _ in range(2):
        assert turn(unit, house.workers[0])


@dataclass
class Listener:
    """A program that is called; `statuses` are its answers, then 204."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    heard, app = Listener(), web.Application()
    app.router.add_post("/hook", heard.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    heard.url = f"{site.name}/hook"
    yield heard
    await runner.cleanup()


async def delivered(database: Database, now: Moment, private: bool = True) -> None:
    await WebhookCalls(SECRETS, make_poster(private)).deliver(database, lambda: now)


async def test_all_that_happens_is_written_with_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> list[dict[str, Any]]:
        house, _ = settle(unit, "https://pouce.example/hook", accept="review")
        answer_all(unit, house)
        anna, worker = anna_of(unit, house.requester), act_of(unit, house.workers[0])
        first = review.list_waiting_answers(anna, house.project, 0, 10).answers[0].answer.submission
        review.reject_answer(anna, first, 1, REASON)
        questions.ask_question_in_words(worker, "Is a review without words pleased?")
        appeals.open_appeal(worker, first)
        while webhooks.queue_calls(unit):
            pass
        return [json.loads(row[0]) for row in unit.connection.all("SELECT body FROM webhook_calls ORDER BY id")]

    told = await database.transact(play, now)
    kinds = [each["type"] for each in told]
    assert (kinds.count("task.closed"), kinds.count("project.ended")) == (2, 1)
    assert set(kinds) == set(KINDS) - {"funds.low"}
    assert {each["data"]["task"] for each in told if each["type"] == "task.closed"} == {"t1", "t2"}
    assert next(each["data"] for each in told if each["type"] == "question.asked")["words"].startswith("Is a review")


async def test_nothing_is_written_for_who_is_not_called(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, 2, 2, overlap=1)
        answer_all(unit, house)
        assert unit.webhooks.list_events(10) == []

    await database.transact(play, now)


async def test_an_address_hears_what_it_named(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, _ = settle(unit, "https://pouce.example/hook", "project.ended")
        answer_all(unit, house)
        webhooks.queue_calls(unit)
        assert unit.connection.all("SELECT kind FROM webhook_calls") == [("project.ended",)]
        assert unit.webhooks.list_events(10) == []

    await database.transact(play, now)


async def test_a_call_is_signed_as_standard_webhooks_verifies_it(database: Database, listener: Listener):
    now = Moment(int(time.time() * 1_000))  # the library compares it with the system's clock

    def play(unit: UnitOfWork) -> str:
        house, secret = settle(unit, listener.url, "project.ended")
        lifecycle.stop_project(anna_of(unit, house.requester), house.project, sure=True)
        return secret

    secret = await database.transact(play, now)
    await delivered(database, now)
    ((headers, body),) = listener.heard
    assert Webhook(secret).verify(body, headers)["data"] == {"project": 1, "state": "stopped"}
    with pytest.raises(Exception, match="signature"):
        Webhook(secret).verify(body.replace(b"stopped", b"running"), headers)
    await delivered(database, later(now, DAY))
    assert len(listener.heard) == 1


async def test_what_is_refused_is_tried_for_a_day_then_its_requester_is_told(
    database: Database, listener: Listener, now: Moment
):
    def play(unit: UnitOfWork) -> House:
        house, _ = settle(unit, listener.url, "project.ended")
        lifecycle.stop_project(anna_of(unit, house.requester), house.project, sure=True)
        return house

    house = await database.transact(play, now)
    listener.statuses = [500] * 50
    at, tries = now, 0
    for wait in (*RETRY_WAIT_SECONDS, *[RETRY_WAIT_SECONDS[-1]] * 2):
        await delivered(database, at)
        tries += 1
        await delivered(database, later(at, wait * 1_000 - 1))
        assert len(listener.heard) == tries
        at = later(at, wait * 1_000)
    await delivered(database, at)
    tries += 1
    assert at > now + DAY
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1

    def given_up(unit: UnitOfWork) -> None:
        anna = anna_of(unit, house.requester)
        (hook,) = webhooks.list_webhooks(anna).hooks
        assert (hook.waiting, hook.failed, hook.answer) == (0, 1, "500")
        told = [letter for letter in due_letters(unit, 1_000) if letter.screen == WebhookSilent.stored_as]
        assert [letter.person for letter in told] == [house.requester]
        assert webhooks.change_webhook(anna, "resend", 1).number == 1

    await database.transact(given_up, at)
    listener.statuses = []
    await delivered(database, at)
    await delivered(database, later(at, DAY))
    assert len(listener.heard) == tries + 1


async def test_a_dead_address_holds_up_no_other(database: Database, listener: Listener, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, _ = settle(unit, "http://127.0.0.1:9/hook")
        add(anna_of(unit, house.requester), listener.url)
        answer_all(unit, house)

    await database.transact(play, now)
    await delivered(database, now)
    assert len(listener.heard) == 3
    states = await database.transact(
        lambda unit: unit.connection.all("SELECT number, state, attempts FROM webhook_calls ORDER BY id"), now
    )
    assert sorted(states) == [(1, "waiting", 0), (1, "waiting", 0), (1, "waiting", 1), *[(2, "sent", 1)] * 3]


@dataclass(frozen=True)
class Slow(Poster):
    """Programs named slow think about each call for so many seconds."""

    thinks: float = 0.0
    heard: Counter[str] = field(default_factory=Counter)

    async def post(self, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        await asyncio.sleep(self.thinks if "slow" in address else 0)
        self.heard[address] += 1
        return 204


def busy(unit: UnitOfWork, slow: int, calls: int) -> list[str]:
    """So many addresses that take their time, then two others; as many calls are due at each."""
    urls = [
        *(f"https://slow{each}.example/" for each in range(slow)),
        "https://first.example/",
        "https://second.example/",
    ]
    for each, url in enumerate(urls):
        person = settle_worker(unit, each).id
        unit.webhooks.add(person, url, (), SECRETS.encrypt(format_secret(b"x")))
        for number in range(calls):
            unit.webhooks.add_call(person, 1, f"msg_{person}_{number}", "task.closed", "{}")
    return urls


async def test_slow_addresses_starve_no_other(database: Database, now: Moment):
    """Those of the requesters who had come first were called, round after round, as long as anything waited there."""
    *_, first, second = await database.transact(lambda unit: busy(unit, ADDRESSES, 3 * EACH), now)
    poster = Slow()
    calls = WebhookCalls(SECRETS, poster, turn=600.0)  # however slow this machine is
    for _ in range(2):
        await calls.deliver(database, lambda: now)
    assert (poster.heard[first], poster.heard[second]) == (EACH, EACH)


async def test_a_slow_address_has_one_turn_of_a_few_seconds(database: Database, now: Moment):
    """It held up all others for as long as twenty calls took."""
    slow, *others = await database.transact(lambda unit: busy(unit, 1, EACH), now)
    poster = Slow(thinks=0.06)
    calls = WebhookCalls(SECRETS, poster, turn=0.1)
    await calls.deliver(database, lambda: now)
    assert 1 <= poster.heard[slow] <= 2
    await calls.deliver(database, lambda: now)
    assert 2 <= poster.heard[slow] <= 4
    assert all(poster.heard[each] for each in others)


async def test_nothing_inside_is_called_unless_that_is_allowed(database: Database, listener: Listener, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, _ = settle(unit, listener.url.replace("http:", "https:"), "project.ended")
        anna = anna_of(unit, house.requester, private=False)
        with pytest.raises(BadInput):
            add(anna, listener.url)
        lifecycle.stop_project(anna, house.project, sure=True)

    await database.transact(play, now)
    await delivered(database, now, private=False)
    assert listener.heard == []
    answers = await database.transact(lambda unit: unit.connection.all("SELECT answer FROM webhook_calls"), now)
    assert answers == [("address_public",)]


INSIDE = ("127.0.0.1", "127.2", "10.0.0.8", "[::1]", "[::ffff:10.0.0.8]", "localhost", "0x7f000001")


@pytest.mark.parametrize("host", INSIDE)
async def test_an_address_inside_is_known_before_it_is_kept(host: str):
    address = f"https://{host}/hook"
    assert await make_fetcher(False).find_destination(address) is Destination.INSIDE
    assert await make_fetcher(True).find_destination(address) is not Destination.INSIDE


@pytest.mark.parametrize("host", ["a..b", f"{'x' * 64}.org", "xn--.org", "\udcff.org"])
async def test_what_can_be_no_name_of_a_host_is_refused(host: str):
    """It was tried three times, and then an apology came; at a call the house's key was blamed."""
    for private in (False, True):
        assert await make_fetcher(private).find_destination(f"https://{host}/hook") is Destination.INSIDE
        with pytest.raises(NotFetched):
            await make_poster(private).post(f"https://{host}/hook", b"", {}, 5)


async def test_a_name_that_nobody_knows_yet_is_not_inside():
    assert await make_fetcher(False).find_destination("https://nobody-knows-this.invalid/hook") is Destination.NOWHERE
    assert await make_fetcher(False).find_destination("https://93.184.215.14/hook") is Destination.OUT


async def test_addresses_are_added_listed_and_removed(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, _ = settle(unit, "https://pouce.example/1", "task.closed funds.low")
        anna, other = anna_of(unit, house.requester), anna_of(unit, house.workers[0])
        ((sealed,),) = unit.connection.all("SELECT sealed FROM webhooks")
        assert SECRETS.decrypt(sealed).startswith("whsec_")
        with pytest.raises(NotFound):
            webhooks.change_webhook(other, "remove", 1)
        unit.webhooks.find_or_add(
            house.requester, "https://pouce.example/program", ("extension",), "a pair's secret", 50
        )
        for number in range(2, MAX_ADDRESSES + 1):
            add(anna, f"https://pouce.example/{number}")
        with pytest.raises(TooManyWebhooks):
            add(anna, "https://pouce.example/9")
        for wrong in (
            "ftp://pouce.example/x",
            "pouce.example",
            "https://",
            "data:text/html,x",
            f"https://a/{'b' * 500}",
        ):
            with pytest.raises(BadInput):
                add(anna, wrong)
        with pytest.raises(BadInput):
            add(anna, "https://pouce.example/", "task.opened")
        with pytest.raises(NoSecretsKey):
            add(act_of(unit, house.requester), "https://pouce.example/")
        press(anna, ChangeWebhook(action="remove", number=1, team=0))
        with pytest.raises(NotFound):
            press(anna, ChangeWebhook(action="remove", number=1, team=0))
        assert press(anna, ListWebhooks()) == webhooks.list_webhooks(anna)
        assert [hook.number for hook in webhooks.list_webhooks(anna).hooks] == [2, 3, 4, 5, 6]

    await database.transact(play, now)


def test_a_signature_is_that_of_the_scheme():
    """The example of https://github.com/standard-webhooks/standard-webhooks."""
    secret, name = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert sign(secret, name, 1614265330, '{"test": 2432232314}') == ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
