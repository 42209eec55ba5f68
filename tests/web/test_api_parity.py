"""What the chat offers a requester, a program can ask for."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from domain.moments import Moment, later
from domain.people.accounts import EVERYBODY, REQUESTER, PersonId
from handlers.routes import TABLE
from handlers.screen import refusal_text
from jobs.fetching import Fetcher
from services.act import Encryption, House
from services.work import submit
from simulator.running import TOKEN
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish, settle_requester, settle_worker
from tests.invariants.flows import turn
from tests.web.asker import Asker, asking, house_of, key_of
from tests.web.test_api_projects import FORM, PROJECT, lines
from tests.web.test_miniapp import FILE_ID, kept
from web.api.table import ENDPOINTS
from web.miniapp.door import Pages
from web.miniapp.media import Sources

MANY = {**PROJECT, "accept": "auto", "tasks": [{"text": f"review {n}", "id": f"r{n}"} for n in range(1, 13)]}


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    encryption = Encryption([Fernet.generate_key().decode()])
    return replace(house_of(database, now), encryption=encryption, hub="https://hub.example")


@pytest.fixture
async def anna(database: Database, house: House, now: Moment) -> AsyncIterator[Asker]:
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), now)
    async with asking(house, key) as asker:
        yield asker


async def test_a_program_begins_with_a_pilot_of_ten_tasks(anna: Asker):
    await anna.post("/projects", MANY)
    refused = await anna.post("/projects/1/pilot?most=1")
    assert (refused.status, refused.body["code"], refused.body["facts"]["needed"]) == (409, "price", 550_000)
    assert (await anna.post("/projects/1/pilot", None, "once")).body["held"] == 550_000
    assert (await anna.post("/projects/1/pilot", None, "once")).body["held"] == 550_000
    assert (await anna.post("/projects/1/pilot")).body["code"] == "WrongState"
    assert (await anna.get("/projects/1")).body["waiting"] == 2


async def test_a_program_chooses_who_is_asked_and_how_often(anna: Asker):
    await anna.post("/projects", {**MANY, "overlap": 3})
    asked = await anna.ask("PUT", "/projects/1/audience", {"who": ["country=FR", "at most=5"]})
    assert [condition["name"] for condition in asked.body["who"]] == ["country", "at most"]
    for wrong in ("country=ZZ", "in=7", "nobody knows"):
        assert (await anna.ask("PUT", "/projects/1/audience", {"who": wrong})).status in (409, 422)
    assert (await anna.ask("PUT", "/projects/1/audience", {"who": []})).body["who"] == []
    ways = (await anna.get("/projects/1/preflight")).body["outlook"]["ways"]
    way = next(way for way in ways if not way["own"])
    chosen = await anna.post("/projects/1/way", {"overlap": way["overlap"], "confidence": way["confidence"]})
    assert (chosen.status, chosen.body["overlap"]) == (200, way["overlap"])
    assert (await anna.post("/projects/1/way", {"overlap": 999})).status == 409
    await anna.post("/projects/1/launch")
    assert (await anna.ask("PUT", "/projects/1/audience", {"who": []})).body["code"] == "WrongState"


async def test_a_program_asks_for_more_answers(anna: Asker):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    offer = (await anna.get("/projects/1/more")).body
    assert (offer["overlap"], [step["overlap"] for step in offer["offered"]]) == (1, [2, 3, 5])
    some = await anna.post("/projects/1/tasks/more", {"tasks": ["r1", "r2", "r1"], "extra": 2}, "two")
    assert (some.body["tasks"], some.body["total"]) == (2, 4 * 55_000)
    assert (await anna.post("/projects/1/tasks/more", {"tasks": ["r1", "none"], "extra": 2})).status == 404
    every = await anna.post("/projects/1/more", {"overlap": 2})
    assert (every.body["overlap"], every.body["held"]) == (2, offer["offered"][0]["cost"])
    assert (await anna.post("/projects/1/more", {"overlap": 2})).body["code"] == "UnknownChoice"


async def test_a_program_reads_figures_versions_and_offers(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", {**MANY, "overlap": 3})
    await anna.post("/projects/1/gold", {"task": "r12", "answers": ["positive"]})
    assert [step["pay"] > 50_000 for step in (await anna.get("/projects/1/raise")).body["offered"]]
    await anna.post("/projects/1/launch")
    assert (await anna.ask("PATCH", "/projects/1", {"title": "Is she pleased?"})).body["edition"] == 2

    def answer(unit: UnitOfWork) -> None:
        for number, answers in ((1, 12), (2, 12), (3, 11)):
            worker = settle_worker(unit, number).id
            for _ in range(answers):
                turn(unit, worker)
        unit.connection.changed("UPDATE tasks SET confidence = 0.99")

    await database.transact(answer, later(now, 60_000))
    page = (await anna.get("/projects/1/quality")).body
    assert page["figures"]["agreement"]["same"] == 1.0
    assert len(page["workers"]) == 3
    overview = (await anna.get("/projects/1/overview")).body
    assert (overview["kind"], overview["progress"]["submissions"]) == ("choice", 35)
    versions = (await anna.get("/projects/1/versions")).body["versions"]
    assert [version["wording"]["title"] for version in versions] == [FORM["title"], "Is she pleased?"]
    suggested = (await anna.get("/projects/1/gold/suggested?limit=1")).body
    assert (suggested["suggestions"][0]["answers"], bool(suggested["next_after"])) == (3, True)
    task = suggested["suggestions"][0]["task"]
    assert (await anna.post("/projects/1/gold/refused", {"task": task})).body == {"task": task}
    again = (await anna.get("/projects/1/gold/suggested")).body["suggestions"]
    assert task not in [suggestion["task"] for suggestion in again]


async def test_a_program_ends_an_invitation(anna: Asker, database: Database, now: Moment):
    await database.transact(lambda unit: unit.bots.note_accepted(1, "pouce_bot"), now)
    await anna.post("/projects", MANY)
    first = (await anna.post("/projects/1/invitation")).body["link"]
    assert (await anna.ask("DELETE", "/projects/1/invitation")).status == 200
    assert (await anna.post("/projects/1/invitation")).body["link"] != first


async def test_a_program_accepts_the_rest_as_far_as_it_has_read(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", {**MANY, "accept": "review"})
    await anna.post("/projects/1/launch")

    def answer(unit: UnitOfWork) -> None:
        worker = settle_worker(unit, 1).id
        for _ in range(3):
            turn(unit, worker)

    await database.transact(answer, later(now, 60_000))
    waiting = [item["answer"]["submission"] for item in (await anna.get("/projects/1/review")).body["answers"]]
    accepted = (await anna.post("/projects/1/review/accept", {"last": sorted(waiting)[1]})).body
    assert (accepted["count"], accepted["left"]) == (2, 1)


async def test_a_push_to_the_hub_keeps_its_token_encrypted(anna: Asker, database: Database, house: House, now: Moment):
    await anna.post("/projects", MANY)
    token = "hf_0123456789abcdef"
    begun = await anna.post("/projects/1/push", {"name": "anna/reviews", "token": token}, "push")
    assert (begun.status, begun.body["name"]) == (200, "anna/reviews")
    (push,) = await database.transact(lambda unit: unit.hub_pushes.due(9), now)
    assert (push.name, push.public, house.encryption.decrypt(push.token)) == ("anna/reviews", False, token)
    requests = await database.transact(lambda unit: unit.connection.all("SELECT answer FROM api_requests"), now)
    assert token not in str(requests)
    assert (await anna.post("/projects/1/push", {"name": "a--b/c", "token": token})).status == 422


# Routes of the chat that no endpoint serves, by the reason; workers' and admins' routes are not a requester's.
EXCEPTIONS = {
    "a person's own account, language, consent or role": (
        *("people.onboarding.start", "people.onboarding.agree_to_terms", "people.onboarding.set_language"),
        *("people.onboarding.ask_language", "people.onboarding.show_help", "people.onboarding.show_privacy"),
        *("people.onboarding.show_terms", "people.onboarding.send_personal_data"),
        *("people.personal_data.ask_to_forget", "people.personal_data.answer_forget_question"),
        *("people.personal_data.ask_withdraw", "people.personal_data.withdraw_consent"),
        *("people.personal_data.list_consents", "people.role_requests.ask_for_role"),
        *("people.role_requests.send_request", "people.web_sessions.make_link", "people.web_sessions.end_sessions"),
    ),
    "a worker's own action or money, which everybody may type": (
        *("work.submit.ask_for_work", "work.submit.pause_pushes", "work.submit.stop_here"),
        *("work.answer_messages.read_answer", "work.answer_messages.read_answered_text", "money.wallet.show_balance"),
        *("quality.gold_challenges.list_contestable", "quality.gold_challenges.list_more_contestable"),
    ),
    "who may act or spend: a key that changed it would outgrow its own scope and budget": (
        *("people.api_keys.create_typed_key", "people.teams.ask_team_name", "people.teams.invite"),
        *("people.teams.ask_invitation_role", "people.teams.end_invitation", "people.teams.join_by_code"),
        *("people.teams.join_team", "people.teams.set_role", "people.teams.set_cap", "people.teams.ask_cap"),
        *("people.teams.remove_member", "people.teams.hand_over", "people.teams.leave", "people.teams.close"),
    ),
    "what the chat itself does: the account it acts for, the messages it sends": (
        *("people.teams.act_for", "people.teams.set_hears", "projects.progress.switch_digest"),
    ),
    "the owner's decision about what a program asked for": ("projects.launches.decide_launch_request",),
    "words that a person says in public or to an admin, and reads again before they go": (
        *("fairness.petitions.ask_for_answer", "fairness.petitions.send_answer"),
        *("fairness.ratings.handle_reply_button", "fairness.stops.ask_for_appeal"),
    ),
    "Telegram's own sheet for card payments": ("money.card_payments.ask_for_invoice",),
    "the house's figures, for everybody to read": ("fairness.stats.publish_figures",),
    "a screen that leads on, folds or says what is not there": (
        *("money.explanations.show_menu", "projects.preflight.fold_card"),
        *("people.onboarding.answer_unknown_text", "people.onboarding.press_outdated"),
        *("work.inputs.take_words", "work.inputs.take_attachment"),
    ),
    "a step of a dialogue, which a program sends whole": (
        *(f"projects.wizard.{step}" for step in (
            *("add_sent_file", "ask_to_begin_anew", "begin_anew", "cancel_form", "change_step", "choose_column"),
            *("choose_preset", "go_back", "keep_step", "press_kind", "take_suggestion", "waiting_file"),
        )),
        *(f"quality.gold.{step}" for step in ("press_option", "skip_task", "stop_gold", "undo_press")),
    ),
    "a person's trial of the task as a worker sees it": tuple(
        f"projects.trials.{step}"
        for step in ("begin_trial", "press_option", "undo_press", "finish_trial", "end_trial")
    ),
}  # fmt: skip


def service_name(service: Callable[..., object]) -> str:
    return f"{service.__module__.removeprefix('services.')}.{getattr(service, '__name__', service)}"


def list_unserved(package: str) -> set[str]:
    """Return the services of a requester's routes that no endpoint serves, of modules in this package."""
    served = {service_name(service) for each in ENDPOINTS for service in (each.service, *each.serves)}
    services = {route.service for route in TABLE.routes if route.role in (REQUESTER, EVERYBODY)}
    return {service_name(service) for service in services if service.__module__.startswith(package)} - served


def test_a_program_can_ask_for_whatever_the_chat_offers_a_requester():
    """Extensions have this test of their own, since the core's tests pass without them."""
    excepted = [name for group in EXCEPTIONS.values() for name in group]
    assert list_unserved("services.") == set(excepted), (
        "neither served by an endpoint nor excepted, or excepted and not there"
    )
    assert len(excepted) == len(set(excepted))


def test_an_endpoint_serves_what_the_chat_has():
    offered = {service_name(route.service) for route in TABLE.routes}
    named = {service_name(service) for each in ENDPOINTS for service in each.serves}
    assert named <= offered


async def test_a_webhooks_secret_is_answered_once_and_stored_encrypted(anna: Asker, database: Database, now: Moment):
    inside = await anna.post("/webhooks", {"url": "https://127.0.0.1/hook"})
    assert (inside.status, inside.body["code"]) == (422, "BadInput")
    asked = {"url": "https://93.184.215.14/hook", "kinds": ["task.closed"]}
    made = await anna.post("/webhooks", asked, "hook")
    secret = made.body["secret"]
    assert (made.status, made.body["number"], secret.startswith("whsec_")) == (201, 1, True)
    for number in range(4):
        assert (await anna.post("/webhooks", {"url": f"https://93.184.215.14/{number}"})).status == 201
    assert (await anna.post("/webhooks", asked)).body["code"] == "TooManyWebhooks"
    assert (await anna.post("/webhooks", asked, "hook")).body == {**made.body, "secret": None}
    hook, *_ = (await anna.get("/webhooks")).body["hooks"]
    assert (hook["url"], hook["kinds"]) == (asked["url"], ["task.closed"])
    tables = ("api_requests", "webhooks", "outbox")
    rows = await database.transact(lambda unit: [unit.connection.all(f"SELECT * FROM {name}") for name in tables], now)
    assert secret not in str(rows)
    assert "Webhooks" in str(rows[2]), "its owner reads of it in the chat"
    assert (await anna.post("/webhooks/1/resend")).body == {"number": 1, "count": 0}
    assert (await anna.ask("DELETE", "/webhooks/1")).status == 200
    assert (await anna.post("/webhooks/1/resend")).status == 404


async def test_a_key_that_reads_adds_no_webhook_and_looks_nothing_up(
    anna: Asker, database: Database, house: House, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> bool:
        raise AssertionError("an address was looked up for a key that may not add it")

    monkeypatch.setattr("web.api.account_table.is_unknown_host", fail)
    reading = await database.transact(lambda unit: key_of(unit, house, PersonId(1), "read"), now)
    assert (await anna.with_key(reading).post("/webhooks", {"url": "https://example.org/x"})).status == 403
    assert (await anna.with_key(reading[:-1]).post("/webhooks", {"url": "https://example.org/x"})).status == 401


async def test_a_program_sees_its_account(anna: Asker, database: Database, house: House, now: Moment):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    (line, *_) = [line for line in (await anna.get("/ledger")).body if line["project"] == 1]
    explained = await anna.get(f"/operations/{line['operation']}")
    assert (explained.body["side"], explained.body["amount"]) == ("requester", -line["amount"])
    worker = await database.transact(lambda unit: unit.people.find_by_telegram_id(2_001), now)
    assert worker is not None
    pays = "SELECT id FROM transfers WHERE kind = 'reward'"
    ((reward,),) = await database.transact(lambda unit: unit.connection.all(pays), now)
    assert (await anna.get(f"/operations/{reward}")).body["side"] == "requester"
    costs = (await anna.get("/costs?year=2026&month=3")).body
    assert len(costs["columns"]) == len((costs["rows"] or [costs["columns"]])[0])
    assert (await anna.get("/rating")).body["count"] is None
    other = await database.transact(lambda unit: key_of(unit, house, PersonId(1), "read"), now)
    first, second = (await anna.get("/keys")).body["keys"]
    assert (first["scope"], second["hint"]) == ("spend", other[-4:])
    assert (await anna.with_key(other).ask("DELETE", f"/keys/{second['number']}")).status == 403
    assert (await anna.ask("DELETE", f"/keys/{second['number']}")).status == 200
    assert (await anna.with_key(other).get("/keys")).status == 401


async def test_a_program_blocks_a_worker_by_pseudonym_and_learns_no_number(
    anna: Asker, database: Database, now: Moment
):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    worker = lines((await anna.get("/projects/1/submissions")).body)[0]["worker"]
    block = {"worker": worker, "reason": "Two answers in a second."}
    assert (await anna.post("/blocks", block)).body == block
    assert (await anna.get("/blocks")).body == {"blocks": [block]}
    assert (await anna.post("/blocks", {**block, "worker": "wnobody"})).status == 404
    assert (await anna.post("/blocks/remove", {"worker": worker})).body == {"worker": worker}
    assert (await anna.post("/blocks/remove", {"worker": worker})).status == 404


async def test_a_program_makes_and_grants_a_qualification(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    worker = lines((await anna.get("/projects/1/submissions")).body)[0]["worker"]
    made = await anna.post("/qualifications", {"lines": ["name: Careful", "description: Reads to the end."]})
    assert (made.status, made.body["line"]["name"]) == (201, "Careful")
    number = made.body["line"]["type"]
    given = await anna.post(f"/qualifications/{number}/holders", {"lines": [f"{worker} 90"]})
    assert (given.body["granted"], given.body["revoked"]) == (1, 0)
    assert (await anna.get(f"/qualifications/{number}")).body["line"]["holders"] == 1
    (listed,) = (await anna.get("/qualifications")).body["types"]
    assert listed["name"] == "Careful"
    assert (await anna.ask("DELETE", f"/qualifications/{number}")).body["done"] is True


async def test_files_that_are_no_tables_come_as_the_chat_sends_them(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    figures = await anna.get("/projects/1/figures")
    assert (figures.status, figures.body["answers"]) == (200, 1)
    for path, mime in (("datasheet", "application/pdf"), ("dataset", "application/zip")):
        sent = await anna.ask("HEAD", f"/projects/1/{path}")
        assert (sent.status, sent.headers["Content-Type"]) == (200, mime)
        assert (await anna.get(f"/projects/2/{path}")).status == 404


async def test_a_photo_that_was_sent_as_an_answer_is_streamed_and_noted(database: Database, house: House, now: Moment):
    def take(unit: UnitOfWork) -> str:
        settled = furnish(unit, workers=1, tasks=1, kind="photo", options=(), overlap=1, max_overlap=1)
        worker = unit.people.get(settled.workers[0])
        submit.show_work(unit, worker)
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        submit.submit_answer(unit, worker, in_hand.id, f"{FILE_ID} unique", None)
        return key_of(unit, house, settled.requester, "read")

    key = await database.transact(take, now)
    pages = Pages(TOKEN, (), refusal_text, Sources(database, lambda: now, kept, Fetcher()))
    async with asking(house, key, pages=pages) as program:
        sent = await program.get("/submissions/1/file")
        assert (sent.status, sent.headers["Content-Type"]) == (200, "image/png")
        assert sent.body.startswith(b"\x89PNG")
        assert (await program.get("/submissions/2/file")).status == 404
    async with asking(house, key) as program:
        assert (await program.get("/submissions/1/file")).status == 404
    noted = "SELECT what, format FROM deliveries"
    assert await database.transact(lambda unit: [tuple(row) for row in unit.connection.all(noted)], now) == [
        ("files", "zip")
    ]
