"""The Mini App over a real socket: Telegram's signature says who asks, the row says what they may."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import aiohttp
import pytest

from domain.moments import DAY, MINUTE, Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.projects.projects import WorkedExample
from domain.projects.tasks import TaskId
from domain.refusals import Refusal
from domain.work.assignments import AssignmentId
from formats.media.camera_data import without_camera_data
from handlers.screen import refusal_text
from jobs.fetching import Fetcher
from services.act import House
from services.work import corrections, submit
from simulator.phones import init_data
from simulator.running import TOKEN
from simulator.values import PhoneOwner
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.formats.test_camera_data import from_a_camera
from tests.house import FIRST_WORKER, REQUESTER, furnish
from tests.simulator.test_files import png
from web.application import serve
from web.door import HttpDoor
from web.miniapp.door import Pages, status_of
from web.miniapp.media import FETCHES_PER_HOST, Sources

SPANS = {"kind": "spans", "options": ("name", "place")}
ANN, BOB, STRANGER = FIRST_WORKER, FIRST_WORKER + 1, 77
FILE_ID = "AgACAgIAAxkBAAIB" + "x" * 40
FROM_A_CAMERA = "BQACAgIAAxkBAAIB" + "z" * 40


@dataclass
class Page:
    """A page in somebody's Telegram."""

    http: aiohttp.ClientSession
    url: str
    now: Moment
    person: int = ANN

    def signed(self, token: str = TOKEN, later: int = 0) -> str:
        person = PhoneOwner(self.person, f"Person {self.person}")
        return init_data(token, person, "AAq", (self.now + later) // 1000)

    async def ask(
        self, path: str, sent: Any = None, init: str | None = None, **headers: str
    ) -> tuple[int, Any, aiohttp.typedefs.CIMultiDictProxy]:
        told = {"Authorization": f"tma {self.signed() if init is None else init}"} | headers
        how: dict[str, Any] = {} if sent is None else {"data": sent} if isinstance(sent, bytes) else {"json": sent}
        async with self.http.request("GET" if sent is None else "POST", self.url + path, headers=told, **how) as answer:
            body = await answer.read()
            found = json.loads(body) if answer.content_type == "application/json" else body
            return answer.status, found, answer.headers


async def kept(file_id: str, into: BinaryIO) -> bool:
    """Telegram has two files, and one that is no picture."""
    files = {FILE_ID: png(3, 2), FROM_A_CAMERA: from_a_camera("JPEG")}
    into.write(files.get(file_id, b"<svg onload=alert(1)>"))
    return True


@asynccontextmanager
async def a_page(database: Database, now: Moment, **project: Any) -> AsyncIterator[Page]:
    """Ann has the first task in hand, Bob the second."""

    def begin(unit: UnitOfWork) -> None:
        house = furnish(unit, **{"tasks": 2, "overlap": 1, "max_overlap": 1, **SPANS, **project})
        for worker in house.workers:
            submit.show_work(unit, unit.people.get(worker))

    await database.transact(begin, now)
    house = House(
        database,
        Terms("EUR", Decimal(10), Millionths(0)),
        frozenset(),
        False,
        "en",
        lambda: now,
        page_origin="https://p",
    )
    sources = Sources(database, lambda: now, kept, Fetcher())
    pages = Pages(TOKEN, ("https://web.telegram.org",), refusal_text, sources)
    door = HttpDoor(database, lambda: now, house=house, pages=pages)
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Page(http, f"http://127.0.0.1:{port}/app", now)


async def answers(database: Database, now: Moment) -> list[tuple[Any, ...]]:
    def read(unit: UnitOfWork) -> list[tuple[Any, ...]]:
        return [
            tuple(row) for row in unit.connection.all("SELECT assignment, answer, pay FROM submissions ORDER BY id")
        ]

    return await database.transact(read, now)


def span(start: int, end: int, label: str = "name") -> dict[str, Any]:
    return {"label": label, "start": start, "end": end}


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_a_page_shows_its_task_and_takes_the_answer_once(database: Database, now: Moment):
    async with a_page(database, now) as page:
        status, body, _ = await page.ask("/api/task/1")
        assert (status, body["task"]["text"], body["task"]["answer"]) == (200, "review 1", None)
        assert body["words"]["send"] == "Send"
        both = await asyncio.gather(*(page.ask("/api/task/1", {"answer": [span(0, 6)]}) for _ in range(2)))
        assert [status for status, _, _ in both] == [200, 200]
        assert sorted(body["done"]["state"] for _, body, _ in both) == ["again", "received"]
        status, body, _ = await page.ask("/api/task/1", {"answer": [span(0, 3)]})
        assert (status, body["code"]) == (409, "AlreadyAnswered")
        assert (await page.ask("/api/task/1"))[0] == 409
        assert await answers(database, now) == [(1, '[{"label":"name","start":0,"end":6}]', 50_000)]


async def test_what_follows_an_answer_comes_from_the_bot_to_which_its_worker_belongs(database: Database, now: Moment):
    """Two tasks fit Ann: the next one is sent to her by the second bot."""

    def move(unit: UnitOfWork) -> int:
        ann = unit.people.find_by_telegram_id(ANN)
        assert ann is not None
        unit.bots.number(["first", "blue"])
        unit.bots.move(ann.id, 2)
        return int(unit.connection.all("SELECT max(id) FROM outbox")[0][0])

    async with a_page(database, now, overlap=2, max_overlap=2) as page:
        last_letter = await database.transact(move, now)
        status, body, _ = await page.ask("/api/task/1", {"answer": [span(0, 6)]})
        assert (status, body["done"]["state"]) == (200, "received")
        letters = await database.transact(
            lambda unit: unit.connection.all("SELECT DISTINCT bot FROM outbox WHERE id > :id", id=last_letter), now
        )
        assert [tuple(row) for row in letters] == [(2,)]


def test_a_refusal_has_the_status_of_its_class_or_of_the_nearest_above_it():
    def below(refusal: type[Refusal]) -> list[type[Refusal]]:
        return [each for one in refusal.__subclasses__() for each in (one, *below(one))]

    told = {each.__name__: status_of(each.__new__(each)) for each in below(Refusal)}
    assert {name: status for name, status in told.items() if status != 422} == {
        "PageOutdated": 401,
        **dict.fromkeys(("NotAllowed", "Suspended"), 403),
        **dict.fromkeys(("NotYours", "NotFound"), 404),
        **dict.fromkeys(("AlreadyAnswered", "TooLate", "AlreadySkipped"), 409),
    }


async def test_an_answer_that_is_changed_stands_on_its_page(database: Database, now: Moment):
    async with a_page(database, now) as page:
        await page.ask("/api/task/1", {"answer": [span(0, 6)]})

        def reopen(unit: UnitOfWork) -> None:
            ann = unit.people.find_by_telegram_id(ANN)
            assert ann is not None
            corrections.reopen_answer(act_of(unit, ann.id), AssignmentId(1), 0)

        await database.transact(reopen, now)
        status, body, _ = await page.ask("/api/task/1")
        assert (status, json.loads(body["task"]["answer"])) == (200, [span(0, 6)])
        status, body, _ = await page.ask("/api/task/1", {"answer": []})
        assert (status, body["done"]["state"], body["said"]) == (200, "changed", "Your answer is changed.")
        assert [row[1] for row in await answers(database, now)] == ["[]"]


async def test_only_the_worker_whose_telegram_opened_it_in_time_gets_in(database: Database, now: Moment):
    async with a_page(database, now) as page:
        good = page.signed()
        forged = {
            "none": "",
            "no hash": good.partition("&hash=")[0],
            "another's hash": good[:-64] + "0" * 64,
            "a changed user": good.replace(str(ANN), str(BOB)),
            "another bot": page.signed("1:another"),
            "a field twice": good + "&auth_date=1",
            "opened yesterday": page.signed(later=-DAY - MINUTE),
            "opened before the task was theirs": page.signed(later=-6 * MINUTE),
            "opened tomorrow": page.signed(later=6 * MINUTE),
            "no signature of Telegram's": good.replace("signature=", "other="),
            "too long": good + "&x=" + "y" * 3_000,
        }
        for why, init in forged.items():
            for sent in (None, {"answer": []}):
                status, body, _ = await page.ask("/api/task/1", sent, init)
                assert (status, body["code"]) == (401, "PageOutdated"), why
        _, body, _ = await page.ask("/api/task/1", init="", **{"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.8"})
        assert "Cette page" in body["said"]  # nobody is known yet, but what their browser reads
        for person in (BOB, STRANGER):
            other = Page(page.http, page.url, now, person)
            for path, sent in (("/api/task/1", None), ("/api/task/1", {"answer": []}), ("/api/task/1/media/0", None)):
                assert (await other.ask(path, sent))[0] == 404
        assert (await page.ask("/api/task/99"))[0] == 404
        assert await answers(database, now) == []


async def test_a_task_that_is_answered_in_the_chat_has_no_page(database: Database, now: Moment):
    async with a_page(database, now, kind="choice", options=("positive", "negative")) as page:
        for sent in (None, {"answer": 0}):
            assert (await page.ask("/api/task/1", sent))[0] == 404
        assert await answers(database, now) == []


async def test_a_requester_draws_a_check_question_and_tries_their_own_task(database: Database, now: Moment):
    async with a_page(database, now) as page:
        anna = Page(page.http, page.url, now, REQUESTER)
        for what, number, said in (("trial", 1, "tried"), ("gold", 1, "known")):
            path = f"/api/{what}/{number}"
            assert (await anna.ask(path))[1]["task"]["text"] == "review 1"
            assert (await page.ask(path))[0] == 403
            assert (await page.ask(path, {"answer": []}))[0] == 403
            assert (await anna.ask(path, {"answer": [span(0, 900)]}))[0] == 422
            status, body, _ = await anna.ask(path, {"answer": [span(0, 6)]})
            assert (status, body["done"]["state"]) == (200, said)
        assert (await anna.ask("/api/gold/1", {"answer": []}))[1]["done"]["state"] == "again"
        assert (await anna.ask("/api/gold/99"))[0] == 404
        assert (await anna.ask("/api/trial/99"))[0] == 404

        def read(unit: UnitOfWork) -> tuple[tuple[str, ...] | None, int]:
            return unit.tasks.get(TaskId(1)).gold, len(unit.connection.all("SELECT id FROM submissions"))

        assert await database.transact(read, now) == (('[{"label":"name","start":0,"end":6}]',), 0)


async def test_what_is_no_answer_is_refused_in_words_and_bounded(database: Database, now: Moment):
    async with a_page(database, now) as page:
        huge = json.dumps({"answer": [span(0, 1)] * 5_000}).encode()
        as_json = {"Content-Type": "application/json"}
        sent: tuple[tuple[int, Any, dict[str, str]], ...] = (
            (413, huge, as_json),
            (415, b'{"answer": []}', {"Content-Type": "text/plain"}),
            (400, b"{", as_json),
            (400, b"[]", as_json),
            (400, b"{}", as_json),
            (422, {"answer": [span(0, 900)]}, {}),
            (422, {"answer": [span(0, 3, "animal")]}, {}),
            (422, {"answer": [{**span(0, 3), "x": 1}]}, {}),
            (422, {"answer": "x" * 1_000}, {}),
        )
        for expected, body, headers in sent:
            status, said, _ = await page.ask("/api/task/1", body, **headers)
            assert status == expected, body[:40] if isinstance(body, bytes) else body
            assert status != 422 or said["said"]
        assert await answers(database, now) == []


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_a_picture_comes_through_the_house_without_its_address(database: Database, now: Moment):
    async with a_page(database, now, kind="boxes", template="{image}", columns=("image",)) as page:

        def show(unit: UnitOfWork) -> None:
            for number, file in ((1, FILE_ID), (2, FILE_ID[:-1] + "y")):
                change = "UPDATE tasks SET content = :content WHERE position = :number"
                unit.connection.changed(change, content=pack({"image": file}), number=number)

        await database.transact(show, now)
        status, body, _ = await page.ask("/api/task/1")
        assert (status, body["task"]["media"]) == (200, ["photo"])
        assert FILE_ID not in json.dumps(body)
        status, body, headers = await page.ask("/api/task/1/media/0")
        assert (status, body, headers["Content-Type"]) == (200, png(3, 2), "image/png")
        assert "sandbox" in headers["Content-Security-Policy"]
        assert (await page.ask("/api/task/1/media/1"))[0] == 404
        assert (await Page(page.http, page.url, now, BOB).ask("/api/task/2/media/0"))[0] == 404  # no picture


async def test_a_page_shows_no_place_that_a_camera_wrote_into_somebody_s_file(database: Database, now: Moment):
    async with a_page(database, now, kind="boxes", template="{image}", columns=("image",)) as page:

        def show(unit: UnitOfWork) -> None:
            unit.connection.changed("UPDATE tasks SET content = :content", content=pack({"image": FROM_A_CAMERA}))

        await database.transact(show, now)
        status, body, headers = await page.ask("/api/task/1/media/0")
        assert (status, headers["Content-Type"]) == (200, "image/jpeg")
        assert body == without_camera_data(from_a_camera("JPEG"))


async def test_pictures_of_the_instructions_and_examples_follow_the_tasks_own(database: Database, now: Moment):
    examples = (WorkedExample("", "name", "it is a name", FILE_ID), WorkedExample("no picture", "place"))
    async with a_page(database, now, pictures=(FILE_ID,), examples=examples) as page:
        for reader, path in ((page, "/api/task/1"), (Page(page.http, page.url, now, REQUESTER), "/api/trial/1")):
            status, body, _ = await reader.ask(path)
            assert (status, body["task"]["media"]) == (200, [])
            assert body["task"]["beside"] == ["", "💡 🖼 → name (it is a name)"]
            assert FILE_ID not in json.dumps(body)
            for at in (0, 1):
                assert (await reader.ask(f"{path}/media/{at}"))[:2] == (200, png(3, 2))
            assert (await reader.ask(f"{path}/media/2"))[0] == 404


async def test_pages_run_their_own_files_alone_and_only_telegram_frames_them(database: Database, now: Moment):
    async with a_page(database, now) as page:
        status, body, headers = await page.ask("/task/1")
        policy = headers["Content-Security-Policy"]
        assert status == 200
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert policy.endswith("frame-ancestors https://web.telegram.org")
        assert "unsafe" not in policy
        assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
        assert b"<script type=" in body
        assert body.count(b"<script") == 1
        version = body.decode().split('src="../page/')[1].split("/")[0]
        status, body, headers = await page.ask(f"/page/{version}/main.js")
        assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        assert "immutable" in headers["Cache-Control"]
        for missing in ("index.html", "nothing.js", "..%2fdoor.py", "%2e%2e/door.py"):
            assert (await page.ask(f"/page/{version}/{missing}"))[0] == 404


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_a_host_that_is_silent_stops_no_picture_of_others(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    asked, busy = 0, asyncio.Event()

    async def fetched(_: Fetcher, address: str, into: BinaryIO, most: int) -> None:
        nonlocal asked
        asked += 1
        if asked == FETCHES_PER_HOST:
            busy.set()
        await asyncio.sleep(60 if "silent" in address else 0)
        into.write(png(3, 2))

    monkeypatch.setattr(Fetcher, "__call__", fetched)
    monkeypatch.setattr("web.miniapp.media.FETCH_SECONDS", 3.0)
    shown: dict[str, Any] = {"template": "{image}", "columns": ("image",), "pictures": (FILE_ID,)}
    async with a_page(database, now, kind="boxes", **shown) as page:

        def show(unit: UnitOfWork) -> None:
            for number, host in ((1, "silent"), (2, "other")):
                change = "UPDATE tasks SET content = :content WHERE position = :number"
                unit.connection.changed(change, content=pack({"image": f"https://{host}.example/"}), number=number)

        await database.transact(show, now)
        silent = [asyncio.create_task(page.ask("/api/task/1/media/0")) for _ in range(4)]
        await busy.wait()
        bob = Page(page.http, page.url, now, BOB)
        for at in (0, 1):
            assert (await bob.ask(f"/api/task/2/media/{at}"))[:2] == (200, png(3, 2))
        assert not any(task.done() for task in silent)
        assert asked == FETCHES_PER_HOST + 1
        assert [status for status, _, _ in await asyncio.gather(*silent)] == [404] * 4
