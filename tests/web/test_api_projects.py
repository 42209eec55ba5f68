"""A program takes a project from its rows to its results, over a real socket."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId
from formats.writing import XLSX
from jobs import exports, refits
from services.act import House
from services.people import api_keys
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import FUNDS, REQUESTER, settle_requester, settle_worker
from tests.invariants.flows import turn
from tests.web.asker import PROBLEM, Asker, asking, house_of, key_of

FORM = {"title": "Is it pleased?", "instructions": ["Read it.", "Is the writer pleased?"], "pay": "0.05"}
ROWS = [{"text": f"review {n}", "id": f"r{n}"} for n in range(1, 4)]
PROJECT = {**FORM, "options": ["positive", "negative"], "overlap": 1, "accept": "review", "seconds": 5, "tasks": ROWS}


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    return house_of(database, now)


@pytest.fixture
async def anna(database: Database, house: House, now: Moment) -> AsyncIterator[Asker]:
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), now)
    async with asking(house, key) as asker:
        yield asker


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


async def test_an_edit_is_the_next_version_of_a_running_project(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", PROJECT, "first")
    draft = await anna.ask(
        "PATCH", "/projects/1", {"title": "Is she pleased?", "example": ["Lovely! | positive | joy"]}
    )
    assert (draft.status, draft.body["edition"], draft.body["edited"]) == (200, 1, True)
    assert (draft.body["title"], draft.body["examples"]) == ("Is she pleased?", 1)
    await anna.post("/projects/1/launch")
    said = {"instructions": ["Read all of it.", "Irony counts."], "example": ""}
    edited = await anna.ask("PATCH", "/projects/1", said)
    assert (edited.body["edition"], edited.body["examples"]) == (2, 0)
    assert edited.body["instructions"] == ["Read all of it.", "Irony counts."]
    again = await anna.ask("PATCH", "/projects/1", said)
    assert (again.body["edition"], again.body["edited"]) == (2, False)
    for wrong in (
        {"pay": "1"},
        {"instructions": ""},
        {"example": "alone"},
        {"example": "Lovely! | happy"},
        {"title": 3},
    ):
        assert (await anna.ask("PATCH", "/projects/1", wrong)).status == 422
    assert (await anna.ask("PATCH", "/projects/2", {"title": "Whose?"})).status == 404

    def kept(unit: UnitOfWork) -> list[tuple[int, str]]:
        return [(each.number, each.wording.instructions[0]) for each in unit.versions.all(ProjectId(1))]

    assert await database.transact(kept, now) == [(1, "Read it."), (2, "Read all of it.")]
    await anna.post("/projects/1/stop")
    assert (await anna.ask("PATCH", "/projects/1", {"title": "Too late"})).body["code"] == "WrongState"


async def test_from_rows_to_results(anna: Asker, database: Database, now: Moment):
    made = await anna.post("/projects", PROJECT, "first")
    assert (made.status, made.body["number"], made.body["state"]) == (201, 1, "draft")
    assert (made.body["options"], made.body["price"]["tasks"]) == (["positive", "negative"], 3)
    assert (await anna.get("/projects/1/preflight")).body["price"] == made.body["price"]
    assert (await anna.post("/projects/1/raise", {"pay": "0.06"})).body["pay"] == 60_000
    started = await anna.post("/projects/1/launch", None, "go")
    assert (started.status, started.body["held"]) == (200, 3 * 66_000)
    assert (await anna.post("/projects/1/hold")).body["state"] == "paused"
    assert (await anna.post("/projects/1/resume")).body["state"] == "running"
    assert (await anna.post("/projects/1/raise", {"pay": "0.07"})).body["pay"] == 70_000
    more = await anna.post("/projects/1/tasks", {"tasks": [{"text": "review 4", "id": "r4"}]})
    assert (more.status, more.body["price"]["tasks"]) == (201, 1)
    assert (await anna.post("/projects/1/launch")).status == 200
    (listed,) = (await anna.get("/projects?limit=1")).body["projects"]
    assert (listed["number"], listed["state"], listed["pay"]) == (1, "running", 70_000)

    def answer(unit: UnitOfWork) -> None:
        for number in (1, 2, 2):
            turn(unit, settle_worker(unit, number).id)

    await database.transact(answer, later(now, 60_000))
    waiting = (await anna.get("/projects/1/review")).body
    first, second, third = (each["answer"]["submission"] for each in waiting["answers"])
    assert (await anna.post(f"/submissions/{first}/accept")).body == {"submission": first}
    told = {"line": 2, "reason": "The writer is angry, so this is not positive."}
    assert (await anna.post(f"/submissions/{second}/reject", told)).status == 200
    for late in (f"/submissions/{second}/reject", f"/submissions/{first}/reject"):
        assert (await anna.post(late, told)).body["code"] == "AlreadyTheirs"
    undone = await anna.post(f"/submissions/{second}/accept")
    assert (undone.status, undone.body["code"]) == (409, "AlreadyTheirs")
    assert (await anna.post(f"/submissions/{first}/accept")).body == {"submission": first}
    again = await anna.post(f"/submissions/{third}/redo", {"reason": "Please read the last sentence, too."}, "once")
    assert (again.status, again.body["pay"]) == (200, 70_000)
    free = (await anna.get("/balance")).body["free"]
    twice = await anna.post(f"/submissions/{third}/redo", {"reason": "Please read the rest."})
    assert twice.body["code"] == "AlreadyTheirs"
    assert (await anna.get("/balance")).body["free"] == free
    who = waiting["answers"][0]["worker"]
    bonus = {"worker": who, "amount": "0.50", "reason": "Very careful."}
    assert (await anna.post("/bonuses", bonus, "thanks")).body["amount"] == 500_000
    assert (await anna.post("/projects/1/gold", {"task": "r4", "answers": ["negative"]})).body["made"] is True
    assert (await anna.get("/projects/1/questions")).body == {"questions": [], "next_after": None, "answered": []}
    stopped = await anna.post("/projects/1/stop")
    assert stopped.status == 200
    assert (await anna.get("/projects/1")).body["state"] == "stopped"


async def test_a_project_is_cloned_and_people_are_invited(anna: Asker, database: Database, now: Moment):
    await database.transact(lambda unit: unit.bots.note_accepted(1, "pouce_bot"), now)
    asked = ["choice | Is it pleased? | yes, no", "text | Why?"]
    form = {**FORM, "question": asked, "who": ["invited"], "tasks": ROWS}
    made = await anna.post("/projects", form)
    assert (made.status, made.body["kind"]) == (201, "form")
    cloned = await anna.post("/projects/1/clone", {"what": "all"}, "again")
    assert (cloned.status, cloned.body["number"], cloned.body["price"]["tasks"]) == (201, 2, 3)
    assert (await anna.post("/projects/1/clone", {"what": "all"}, "again")).body["number"] == 2
    assert (await anna.post("/projects/1/invitation")).body["link"].startswith("https://t.me/pouce_bot?start=")


async def test_tables_come_whole_or_page_by_page(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", PROJECT | {"accept": "auto"})
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    tasks = await anna.get("/projects/1/tasks")
    assert tasks.headers["Content-Type"].startswith("application/jsonl")
    assert [(row["position"], row["task"], row["text"]) for row in lines(tasks.body)] == [
        (n, f"r{n}", f"review {n}") for n in (1, 2, 3)
    ]
    whole = lines((await anna.get("/projects/1/results")).body)
    found, path = [], "/projects/1/results?limit=2"
    while path:
        page = await anna.get(path)
        found += lines(page.body)
        after = page.headers.get("Pouce-Next-After")
        path = f"/projects/1/results?limit=2&after={after}" if after else ""
    assert found == whole
    assert len(whole) == 3
    (answer,) = lines((await anna.get("/projects/1/submissions")).body)
    assert (answer["answer"], answer["state"]) == ("positive", "accepted")
    assert (await anna.get(f"/projects/1/submissions?after={answer['id']}")).body == ""
    table = (await anna.get("/projects/1/submissions?format=csv")).body.splitlines()
    assert (table[0].lstrip("\ufeff").split(",")[:3], len(table)) == (["id", "task", "worker"], 2)
    raw = (await anna.get("/projects/1/submissions?format=csv%20raw&limit=1")).body.splitlines()
    assert (raw[0].split(",")[:3], len(raw)) == (["id", "task", "worker"], 2)
    assert (await anna.get("/projects/1/tasks?format=csv%20raw")).body.startswith("position,task,text,")
    parquet = await anna.ask("HEAD", "/projects/1/results?format=parquet")
    assert parquet.headers["Content-Disposition"] == 'attachment; filename="results-1-is-it-pleased.parquet"'
    assert (await anna.get("/projects/1/submissions?format=crowdkit")).body.startswith("task,worker,label")
    assert (await anna.get("/projects/1/submissions?format=toloka&limit=1")).status == 422


async def test_a_list_of_results_is_relearnt_for_its_first_page_alone(
    anna: Asker, database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    """Answers come between two pages: a large project would be relearnt for each of them."""
    learnt, refit = [], refits.refit

    async def counted(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
        learnt.append(project.id)
        await refit(database, project, clock)

    monkeypatch.setattr(refits, "refit", counted)
    await anna.post("/projects", PROJECT | {"accept": "auto"})
    await anna.post("/projects/1/launch")
    worker = await database.transact(lambda unit: settle_worker(unit, 1).id, now)
    found = []
    for after in (0, 1, 2):
        await database.transact(turn, later(now, 60_000 * (after + 1)), worker)
        found += lines((await anna.get(f"/projects/1/results?limit=1&after={after}")).body)
    assert [row["task"] for row in found] == ["r1", "r2", "r3"]
    assert learnt == [1]
    await anna.get("/projects/1/results")
    assert learnt == [1, 1]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_a_column_called_position_does_not_hide_the_cursor(anna: Asker, form: str):
    rows = [{"position": f"seat {n}", "state": "new"} for n in (1, 2)]
    await anna.post("/projects", PROJECT | {"tasks": rows, "template": "{position} {state}"})
    told = (await anna.get(f"/projects/1/tasks?format={form}&limit=1")).body
    (row,) = lines(told) if form == "jsonl" else csv.DictReader(told.lstrip("\ufeff").splitlines())
    assert (str(row["position"]), row["INPUT:position"], row["INPUT:state"]) == ("1", "seat 1", "new")


@pytest.mark.parametrize(
    ("form", "mime"), [("crowdkit", "text/csv"), ("toloka", "text/tab-separated-values"), ("xlsx", XLSX)]
)
async def test_a_table_larger_than_a_message_is_neither_packed_nor_split(
    anna: Asker, monkeypatch: pytest.MonkeyPatch, form: str, mime: str
):
    await anna.post("/projects", PROJECT)
    monkeypatch.setattr(exports, "MAX_FILE_BYTES", 10)
    for what in ("results", "submissions"):
        whole = await anna.ask("HEAD", f"/projects/1/{what}?format={form}")
        assert (whole.status, whole.headers["Content-Type"]) == (200, mime)
        assert int(whole.headers["Content-Length"]) > 10


async def test_a_key_that_only_fetches_tables_is_in_use(anna: Asker, database: Database, now: Moment):
    def make(unit: UnitOfWork) -> str:
        owner = unit.people.find_by_telegram_id(REQUESTER)
        return key_of(unit, house_of(database, now), owner.id, "read") if owner else ""

    await anna.post("/projects", PROJECT)
    reader = anna.with_key(await database.transact(make, now))
    used = "SELECT used_at FROM api_keys WHERE scope = 'read'"
    assert (await reader.get("/projects/2/results")).status == 404
    assert await database.transact(lambda unit: unit.connection.all(used)[0][0], now) is None
    assert (await reader.get("/projects/1/results")).status == 200
    assert await database.transact(lambda unit: unit.connection.all(used)[0][0], now) == now


@pytest.mark.parametrize("sent", [{"most": 1}, b"most=1", [1]])
async def test_an_address_without_a_body_takes_none(anna: Asker, sent: object):
    """A launch that said `most` in its body, and not in its address, was a launch at any price."""
    await anna.post("/projects", PROJECT)
    refused = await anna.post("/projects/1/launch", sent, "once")
    assert (refused.status, refused.body["code"]) == (422, "malformed")
    assert (await anna.get("/projects/1")).body["state"] == "draft"
    assert (await anna.post("/projects/1/launch", {}, "once")).status == 200


async def test_a_file_comes_as_multipart_or_as_the_body(anna: Asker):
    form = aiohttp.FormData({**FORM, "instructions": "Read it.", "options": "a|b"})
    form.add_field("file", b"text;gold\nreview 1;\nreview 2;a\n", filename="tasks.csv")
    by_form = await anna.post("/projects", form, "form")
    keys = "title=Two&instructions=Read%20it.&pay=0.05&options=a|b&filename=tasks.csv"
    by_body = await anna.post(f"/projects?{keys}", b"text,gold\nreview 1,\nreview 2,b\n", "body")
    for number, found in enumerate((by_form, by_body), start=1):
        assert (found.status, found.body["number"], found.body["price"]["gold"]) == (201, number, 1)


async def test_a_file_may_be_called_as_people_call_theirs(anna: Asker):
    known = "Rosa's reviews, v2 [final] & more.csv"
    names = [known, "C:\\data\\avis – été.csv", "../../é\u202evsc.csv", f"{'x' * 200}.csv"]
    told = []
    for name in names:
        form = aiohttp.FormData({**FORM, "instructions": "Read it.", "options": "a|b"}, quote_fields=False)
        form.add_field("file", b"text,gold\nreview,c\n", filename=name.replace("\\", "\\\\"))
        told.append((await anna.post("/projects", form)).body["facts"]["name"])
    assert told == [known, "avis – été.csv", "évsc.csv", f"{'x' * 96}.csv"]
    nameless = await anna.post("/projects?filename=%E2%80%AE", b"text\nreview\n")
    assert (nameless.status, nameless.body["code"]) == (422, "malformed")


async def test_one_option_of_a_list_is_one_whatever_it_holds(anna: Asker):
    refused = await anna.post("/projects", {**PROJECT, "options": ["Yes, it is"]})
    assert (refused.status, refused.body["code"]) == (422, "FormRefused")
    assert [each["expected"] for each in refused.body["facts"]["errors"]] == ["options_at_least"]


async def test_a_request_brings_one_file(anna: Asker):
    """A second one would become rows of the first, its header among them."""
    form = aiohttp.FormData({**FORM, "instructions": "Read it.", "options": "a|b"})
    for name in ("one.csv", "two.csv"):
        form.add_field("file", b"text\nreview\n", filename=name)
    refused = await anna.post("/projects", form)
    assert (refused.status, refused.body["code"]) == (422, "malformed")
    assert (await anna.get("/projects")).body["projects"] == []


async def test_a_file_with_a_bad_row_brings_nothing_and_names_it(anna: Asker):
    rows = [{"text": "review 1", "overlap": "many"}, {"text": ""}]
    refused = await anna.post("/projects", {**FORM, "options": ["a", "b"], "tasks": rows})
    assert (refused.status, refused.headers["Content-Type"], refused.body["code"]) == (422, PROBLEM, "FileRefused")
    assert [(each["line"], each["column"]) for each in refused.body["facts"]["errors"]] == [(1, "overlap"), (2, "text")]
    unknown = await anna.post("/projects", {**FORM, "titel": "x", "tasks": ROWS})
    assert (unknown.status, unknown.body["facts"]["errors"][0]["where"]) == (422, "titel")
    missing = await anna.post("/projects", {"title": "x", "tasks": ROWS})
    assert (missing.status, missing.body["code"]) == (422, "malformed")
    needed = "instructions: Field required; pay: Field required"
    assert missing.body["detail"] == f"What was sent cannot be read. {needed}"
    assert (await anna.get("/projects")).body["projects"] == []


async def test_the_same_request_is_done_once(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", PROJECT, "a project")
    await anna.post("/projects/1/launch")
    await database.transact(lambda unit: turn(unit, settle_worker(unit, 1).id), later(now, 60_000))
    who = lines((await anna.get("/projects/1/submissions")).body)[0]["worker"]
    bonus = {"worker": who, "amount": "1", "reason": "Very careful."}
    free = (await anna.get("/balance")).body["free"][0]["amount"]
    first, *_, again = sorted(
        await asyncio.gather(*(anna.post("/bonuses", bonus, "thanks") for _ in range(4))),
        key=lambda said: "Idempotent-Replayed" in said.headers,
    )
    assert (first.status, first.body) == (201, again.body)
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    other = await anna.post("/bonuses", bonus | {"amount": "2"}, "thanks")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    other = await anna.post("/projects/1/stop", None, "thanks")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    unnamed = [await anna.ask("POST", "/projects/1/stop", None, **{"Idempotency-Key": name}) for name in ("", "é")]
    assert [each.status for each in unnamed] == [422, 422]
    upload = await anna.post("/projects", PROJECT, "a project")
    assert (upload.status, upload.body["number"], upload.headers["Idempotent-Replayed"]) == (201, 1, "true")
    assert (await anna.post("/projects", PROJECT | {"title": "Other"}, "a project")).status == 422
    assert (await anna.get("/balance")).body["free"][0]["amount"] == free - 1_000_000


async def test_a_key_spends_no_more_than_its_budget(anna: Asker, database: Database, house: House, now: Moment):
    made = await database.transact(lambda unit: key_of(unit, house, PersonId(1), "spend", 3 * 55_000), now)
    limited = anna.with_key(made)
    await limited.post("/projects", PROJECT)
    await anna.post("/projects", PROJECT | {"title": "Another"})
    assert (await limited.post("/projects/1/launch")).status == 200
    refused = await limited.post("/projects/2/launch")
    assert (refused.status, refused.body["code"]) == (403, "budget")
    assert refused.body["facts"] == {
        "budget": 165_000, "spent": 165_000, "needed": 165_000, "missing": 165_000,
    }  # fmt: skip
    assert (await anna.get("/projects/2")).body["state"] == "draft"
    assert (await anna.get("/balance")).body["free"][0]["amount"] == FUNDS - 165_000


async def test_a_launch_that_waits_for_an_admin_counts_at_once(database: Database, now: Moment):
    house = house_of(database, now, approve_first=True)

    def settle(unit: UnitOfWork) -> str:
        return key_of(unit, house, settle_requester(unit).id, "spend", 3 * 55_000)

    async with asking(house, await database.transact(settle, now)) as anna:
        for title in ("One", "Another"):
            await anna.post("/projects", PROJECT | {"title": title})
        waits = await anna.post("/projects/1/launch")
        assert (waits.status, waits.body["project"], waits.body["again"]) == (200, 1, False)
        assert (await anna.post("/projects/2/launch")).body["code"] == "budget"
        asked = await anna.post("/projects/1/launch")  # a program that asks twice: it counts once
        assert (asked.status, asked.body["again"]) == (200, True)


@pytest.mark.parametrize("scope", ["read", "draft"])
async def test_a_key_does_what_its_scope_says(anna: Asker, database: Database, house: House, now: Moment, scope: str):
    made = anna.with_key(await database.transact(lambda unit: key_of(unit, house, PersonId(1), scope), now))
    await anna.post("/projects", PROJECT)
    drafted = await made.post("/projects", PROJECT | {"title": "Another"})
    spent = await made.post("/projects/1/launch")
    assert (await made.get("/projects/1")).status == 200
    assert drafted.status == (201 if scope == "draft" else 403)
    assert (spent.status, spent.body["code"], spent.body["facts"]) == (
        403, "scope", {"scope": scope, "needed": "spend"},
    )  # fmt: skip
    assert (await anna.get("/projects/1")).body["state"] == "draft"


async def test_a_models_answer_is_reviewed_within_the_keys_amount(
    anna: Asker, database: Database, house: House, now: Moment
):
    """Here people decide: no gold has checked the model."""
    rows = [{"text": "review 0", "id": "r0", "ai": "positive", "ai_confidence": "0.9"}]
    await anna.post("/projects", {**PROJECT, "accept": "auto", "confidence": 0.7, "tasks": rows})
    await anna.post("/projects/1/launch")
    asked = {"project": 1, "id": "case 1", "input": {"text": "It shines."}, "prediction": "Positive"}
    made = await anna.post("/reviews", {**asked, "confidence": 0.97})
    assert (made.status, made.body["state"], made.body["id"]) == (200, "waiting", "case 1")
    number = made.body["number"]
    assert (await anna.post("/reviews", {**asked, "confidence": 0.97})).body == made.body
    assert (await anna.post("/reviews", {**asked, "confidence": 0.5})).body["code"] == "KeyReused"
    wrong = await anna.post("/reviews", {**asked, "id": "2", "prediction": "perhaps"})
    assert (wrong.status, wrong.body["facts"]["errors"][0]["expected"]) == (422, "one_of")
    free = (await anna.get("/balance")).body["free"]

    def less_than_an_answer(unit: UnitOfWork) -> str:
        used = api_keys.find_key_in_use(unit, anna.key)
        assert used is not None
        return key_of(unit, house, used.owner, "spend", 1)

    small = await database.transact(less_than_an_answer, now)
    poor = await anna.with_key(small).post("/reviews", {**asked, "id": "3"})
    assert (poor.status, poor.body["code"]) == (403, "budget")
    assert (await anna.get("/balance")).body["free"] == free

    def answer(unit: UnitOfWork) -> None:
        for worker in (1, 2):
            while turn(unit, settle_worker(unit, worker).id):
                pass

    await database.transact(answer, later(now, 60_000))
    decided = (await anna.get(f"/reviews/{number}")).body
    assert (decided["state"], decided["answer"], decided["by"]) == ("decided", "positive", "people")


async def test_a_launch_takes_no_more_than_was_named(anna: Asker):
    number = (await anna.post("/projects", PROJECT)).body["number"]
    card = (await anna.get(f"/projects/{number}/preflight")).body["price"]
    price = card["reward"] + card["fee"] + card["reserve"]
    refused = await anna.post(f"/projects/{number}/launch?most={price - 1}", name="launch")
    assert (refused.status, refused.body["code"]) == (409, "price")
    assert refused.body["facts"] == {"most": price - 1, "needed": price}
    assert (await anna.get(f"/projects/{number}")).body["held"] == 0
    assert (await anna.post(f"/projects/{number}/launch?most=-1")).body["code"] == "malformed"
    launched = await anna.post(f"/projects/{number}/launch?most={price}", name="launch")
    assert (launched.status, launched.body["held"]) == (200, price)
    other = await anna.post(f"/projects/{number}/launch?most={price + 1}", name="launch")
    assert other.body["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("wrong", ["a\0b", "\0"])
async def test_a_nul_character_is_refused_whatever_the_database(anna: Asker, wrong: str):
    """PostgreSQL keeps none: it was a 500 there."""
    number = (await anna.post("/projects", PROJECT)).body["number"]
    gold = {"task": "r1", "answers": ["positive"]}
    for path, sent in (
        (f"/projects/{number}/gold", {**gold, "reason": wrong}),
        (f"/projects/{number}/gold", {**gold, "task": wrong}),
        ("/bonuses", {"worker": "w", "amount": "0.01", "reason": wrong}),
        ("/bonuses", {"worker": wrong, "amount": "0.01", "reason": "Thanks."}),
        ("/submissions/1/reject", {"line": 1, "reason": wrong}),
        ("/submissions/1/redo", {"reason": wrong}),
        ("/questions/1/answer", {"answer": wrong}),
    ):
        refused = await anna.post(path, sent)
        assert (refused.status, refused.body["code"]) == (422, "malformed")


async def test_a_pay_of_nothing_is_refused(anna: Asker):
    number = (await anna.post("/projects", PROJECT)).body["number"]
    refused = await anna.post(f"/projects/{number}/raise", {"pay": "0"})
    assert (refused.status, refused.body["code"]) == (422, "BadInput")
    assert (await anna.get(f"/projects/{number}/preflight")).body["pay"] == 50_000
