"""HITs whose question is a page: made with boto3, opened in the Mini App, answered by the page's own form."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import aiohttp
import pytest
from botocore.exceptions import ClientError

from domain.moments import DAY, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import NotYours
from extensions.mturk.domain.hits import EMPTY, RequestError
from extensions.mturk.services import frames, hits
from extensions.mturk.storage.hits import Hits, PageStorage
from extensions.mturk.storage.notifications import TurkImports
from handlers.screen import english_refusal_text, refusal_text
from jobs.fetching import Fetcher
from services.work import submit
from simulator.phones import init_data
from simulator.running import TOKEN
from simulator.values import PhoneOwner
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.mturk.web.test_hits import TYPE
from tests.extensions.mturk.web.turk import Pair, Turk, pair_of, present, turk_house
from tests.extensions.mturk.web.workers import take
from tests.house import FIRST_WORKER, settle_requester, settle_worker
from tests.web.test_miniapp import kept
from web.application import serve
from web.door import HttpDoor
from web.miniapp.door import Pages
from web.miniapp.media import Sources

SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
PAGE = """<!DOCTYPE html><html><head><title>x</title>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<script src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'></script></head>
<body><form name="mturk_form" method="post" action="https://www.mturk.com/mturk/externalSubmit">
<input name="assignmentId" value=""><p>Is it <b>warm</b>?</p><input name="warm"></form></body></html>"""


def html(page: str = PAGE, height: int = 0) -> str:
    kind = f"{SCHEMA}/2011-11-11/HTMLQuestion.xsd"
    content = f"<HTMLContent><![CDATA[{page}]]></HTMLContent>"
    return f'<HTMLQuestion xmlns="{kind}">{content}<FrameHeight>{height}</FrameHeight></HTMLQuestion>'


def external(url: str) -> str:
    kind = f"{SCHEMA}/2006-07-14/ExternalQuestion.xsd"
    url = url.replace("&", "&amp;")
    content = f"<ExternalURL>{url}</ExternalURL><FrameHeight>0</FrameHeight>"
    return f'<ExternalQuestion xmlns="{kind}">' + content + "</ExternalQuestion>"


@dataclass
class Here:
    """A program, and the worker's Telegram and browser."""

    turk: Turk
    http: aiohttp.ClientSession
    database: Database
    worker: PersonId

    async def hit(self, question: str, **more: Any) -> Any:
        about = {
            **TYPE,
            "LifetimeInSeconds": 3600,
            "MaxAssignments": 1,
            **({"Question": question} if question else more),
        }
        made = (await self.turk.ask("create_hit", **about))["HIT"]
        await self.database.transact(lambda unit: take(unit, unit.people.get(self.worker)), present())
        return made

    async def task(self, number: int = 1, what: str = "task", person: int = FIRST_WORKER + 1) -> tuple[int, Any]:
        signed = init_data(TOKEN, PhoneOwner(person, "Ann"), "q", present() // 1000)
        url = f"http://127.0.0.1:{self.turk.port}/app/api/{what}/{number}"
        async with self.http.get(url, headers={"Authorization": f"tma {signed}"}) as answer:
            return answer.status, await answer.json()

    async def in_hand(self) -> int:
        """The number of the assignment that the worker has."""

        def find(unit: UnitOfWork) -> int:
            held = unit.assignments.active_for(self.worker)
            assert held is not None
            return held.id

        return await self.database.transact(find, present())

    async def get(self, url: str) -> tuple[int, str, Any]:
        async with self.http.get(self.here(url)) as answer:
            return answer.status, await answer.text(), answer.headers

    async def post(self, url: str, **fields: str) -> tuple[int, str]:
        async with self.http.post(self.here(url), data=fields) as answer:
            return answer.status, await answer.text()

    def here(self, url: str) -> str:
        return url.replace("https://house.example", f"http://127.0.0.1:{self.turk.port}")


@asynccontextmanager
async def opened_house(database: Database, origin: str, **changes: Any) -> AsyncIterator[Here]:
    house = turk_house(database, page_origin=origin, **changes)

    def settle(unit: UnitOfWork) -> tuple[Pair, PersonId]:
        requester, worker = settle_requester(unit), settle_worker(unit, 1)
        return pair_of(unit, house, requester.id), worker.id

    pair, worker = await database.transact(settle, present())
    sources = Sources(database, present, kept, Fetcher())
    pages = Pages(TOKEN, ("https://web.telegram.org",), refusal_text, sources) if origin else None
    door = HttpDoor(database, present, house=house, words=english_refusal_text, pages=pages)
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Here(Turk(port, pair), http, database, worker)
    assert await database.transact(find_violations, present()) == []


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Here]:
    async with opened_house(database, "https://house.example") as found:
        yield found


async def test_a_page_of_html_is_walled_and_its_form_becomes_the_answer(here: Here):
    hit = await here.hit(html())
    status, body = await here.task()
    frame = body["frame"]
    assert (status, frame["walled"]) == (200, True)
    asked = parse_qs(urlsplit(frame["src"]).query)
    assert asked["hitId"] == [hit["HITId"]]
    assert re.fullmatch(r"A[A-Z0-9]+", asked["workerId"][0])
    submit = asked["turkSubmitTo"][0] + "/mturk/externalSubmit"
    status, page, headers = await here.get(frame["src"])
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts allow-forms")
    assert "allow-same-origin" not in policy
    assert f"form-action {submit}" in policy
    assert policy.endswith("frame-ancestors 'self' https://web.telegram.org")
    assert "mturk.com" not in page
    assert "crowd.aws" not in page
    assert "amazonaws" not in page
    scripts = re.findall(r"<script src=[\"']([^\"']+)", page)
    assert [each.rpartition("/")[2] for each in scripts] == ["hit.js", "crowd.js", "external_hit.js"]
    for script in scripts:
        assert (await here.get(script))[2]["Cross-Origin-Resource-Policy"] == "cross-origin"
    ids = {"assignmentId": asked["assignmentId"][0], "workerId": "AFORGED"}
    first = await here.post(submit, **ids, warm="yes & <no>", why="")
    assert (first[0], "Received" in first[1]) == (200, True)
    assert (await here.post(submit, **ids, warm="yes & <no>", why=""))[0] == 200
    assert (await here.post(submit, **ids, warm="another"))[0] == 409
    assert (await here.task())[1]["code"] == "AlreadyAnswered"
    (assignment,) = (await here.turk.ask("list_assignments_for_hit", HITId=hit["HITId"]))["Assignments"]
    assert assignment["AssignmentId"] == ids["assignmentId"]
    assert assignment["WorkerId"] == asked["workerId"][0]
    assert "<FreeText>yes &amp; &lt;no&gt;</FreeText>" in assignment["Answer"]
    assert "AFORGED" not in assignment["Answer"]
    await here.turk.ask("approve_assignment", AssignmentId=assignment["AssignmentId"])


async def test_a_page_of_the_requesters_own_is_told_where_its_answer_goes(here: Here):
    await here.hit(external("https://lab.example/study?cond=2&x=a b"))
    _, body = await here.task()
    assert body["frame"]["src"].startswith("https://lab.example/study?cond=2&x=a b&assignmentId=3")
    assert body["frame"]["walled"] is False
    submit = parse_qs(urlsplit(body["frame"]["src"]).query)["turkSubmitTo"][0]
    assert (await here.get(submit))[0] == 404  # there is no page of theirs here
    assert (await here.post(submit + "/mturk/externalSubmit", code="17"))[0] == 200


async def test_a_layout_of_128_kilobytes_is_filled_and_asked_in_the_form_of_amazons_site(here: Here):
    """Some templates of toolkits are longer than a Question of Amazon's API may be."""

    def bring(unit: UnitOfWork) -> int:
        requester = unit.people.find_by_telegram_id(1_000)
        assert requester is not None
        layout = "<head></head><p>${text}</p><input name='q'>".ljust(128 << 10, ".")
        return unit.records(TurkImports).save_layout(requester.id, "3TEMPLATE", layout)

    await here.database.transact(bring, present())
    value = "é" * 2_000
    filled = [{"Name": "text", "Value": value}]
    hit = await here.hit("", HITLayoutId="3TEMPLATE", HITLayoutParameters=filled)
    status, page, _ = await here.get((await here.task())[1]["frame"]["src"])
    assert (status, f"<p>{value}</p>" in page) == (200, True)
    action = re.findall('<form name="mturk_form" method="post" id="mturk_form" action="([^"]+)">', page)[0]
    assert 'id="submitButton" value="Send"' in page.partition("....")[2]
    assert (await here.post(action, assignmentId="", q="5"))[0] == 200
    assert await fields(here, hit) == [["q", "5"]]


async def fields(here: Here, hit: Any) -> list[list[str | None]]:
    """What the requester's program reads as the answer."""
    (given,) = (await here.turk.ask("list_assignments_for_hit", HITId=hit["HITId"]))["Assignments"]
    return [[each.text for each in answer] for answer in ElementTree.fromstring(given["Answer"])]


async def test_a_form_of_ids_alone_is_an_answer_without_fields(here: Here):
    """Pages on a server of their requester's keep the rest there. It was refused, and the work was lost."""
    hit = await here.hit(external("https://lab.example/ad"))
    _, body = await here.task()
    submit = parse_qs(urlsplit(body["frame"]["src"]).query)["turkSubmitTo"][0] + "/mturk/externalSubmit"
    ids = {"assignmentId": "3X", "hitId": "3Y", "workerId": "AZ"}
    assert (await here.post(submit, **ids))[0] == 200
    assert (await here.post(submit, **ids))[0] == 200
    assert await fields(here, hit) == []
    assert (await here.turk.ask("get_hit", HITId=hit["HITId"]))["HIT"]["HITStatus"] == "Reviewable"


async def test_a_form_that_went_to_amazon_is_an_answer_without_fields_and_its_requester_is_told_once(here: Here):
    """The work was lost in a frame that showed nothing."""
    hits_made = [await here.hit(external("https://lab.example/ad?n=1"))]
    for more in (True, False):
        number = await here.in_hand()
        _, body = await here.task(number)
        assert (await here.post(body["frame"]["left"]))[0] == 200
        assert (await here.post(body["frame"]["left"]))[0] == 200  # pressed twice
        assert (await here.task(number))[1]["code"] == "AlreadyAnswered"
        if more:
            hits_made.append(await here.hit(external("https://lab.example/ad?n=2")))
    assert [await fields(here, hit) for hit in hits_made] == [[], []]

    def told(unit: UnitOfWork) -> Any:
        return unit.connection.all("SELECT id FROM outbox WHERE screen LIKE '%FormsLost%'")

    assert len(await here.database.transact(told, present())) == 1


async def test_an_answer_with_fields_stays_when_its_page_goes_on_to_amazon(here: Here):
    hit = await here.hit(external("https://lab.example/ad"))
    _, body = await here.task()
    base = body["frame"]["left"].removesuffix("/left")
    assert (await here.post(base + "/mturk/externalSubmit", code="17"))[0] == 200
    assert (await here.post(base + "/left"))[0] == 200
    assert await fields(here, hit) == [["code", "17"]]


async def test_a_page_that_is_kept_here_leaves_for_no_other_address(here: Here):
    await here.hit(html())
    _, body = await here.task()
    assert body["frame"]["left"] == ""
    assert (await here.post(urlsplit(body["frame"]["src"])._replace(query="").geturl() + "/left"))[0] == 409
    assert (await here.task())[0] == 200


async def stored_in(here: Here) -> tuple[str, Any]:
    """The address that takes what the page of the task in hand stores, and what is stored when it opens."""
    _, body = await here.task(await here.in_hand())
    page = (await here.get(body["frame"]["src"]))[1]
    address, document = re.findall(r'data-storage="([^"]+)" data-stored="([^"]*)"', page)[0]
    return here.here(address), json.loads(unescape(document))


async def test_what_pages_store_is_there_in_the_next_hit_of_the_same_requester_and_worker(here: Here):
    """A toolkit keeps there who passed its test of hearing: it began anew with each HIT."""
    await here.hit(html())
    document = {"local": {"passed": '"yes" <&'}, "cookies": {"set up": ["1", 1.8e12]}}
    address, before = await stored_in(here)
    assert before == {"local": {}, "cookies": {}}
    async with here.http.post(address, data=json.dumps(document)) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert (await here.post(address.removesuffix("/storage") + "/mturk/externalSubmit", warm="yes"))[0] == 200
    await here.hit(html(PAGE.replace("warm", "cold")))
    next_address, kept_before = await stored_in(here)
    assert kept_before == document
    too_much = {"local": {"a": "x" * (64 << 10)}, "cookies": {}}
    for bad, status in ((b"x", 400), (b"[]", 400), (b'{"local":{"a":1},"cookies":{}}', 400), (b"\xff", 400)):
        async with here.http.post(next_address, data=bad) as answer:
            assert answer.status == status, bad
    async with here.http.post(next_address, data=json.dumps(too_much)) as answer:
        assert answer.status == 413
    assert (await stored_in(here))[1] == document
    async with here.http.post(next_address, data=json.dumps({"local": {}, "cookies": {}})) as answer:
        assert answer.status == 204

    def rows(unit: UnitOfWork) -> Any:
        return unit.connection.all("SELECT * FROM turk_page_storage")

    assert await here.database.transact(rows, present()) == []


async def test_what_pages_store_is_kept_apart_and_goes_with_its_worker(database: Database):
    async with opened_house(database, "https://house.example") as here:
        await here.hit(html())
        ticket = urlsplit((await here.task())[1]["frame"]["src"]).path.rpartition("/")[2]
        document = '{"local":{"a":"b"},"cookies":{}}'

        def check(unit: UnitOfWork) -> None:
            requester = unit.projects.get(ProjectId(1)).requester
            frames.store(unit, ticket, document)
            assert frames.storage_of(unit, ticket) == document
            for pair in ((requester, PersonId(here.worker + 1)), (here.worker, here.worker)):
                assert unit.records(Hits).page_storage.find(*pair) is None
            unit.records(Hits).page_storage.delete_old()
            assert frames.storage_of(unit, ticket) == document
            PageStorage(unit.connection, later(unit.now, 181 * DAY)).delete_old()
            assert frames.storage_of(unit, ticket) == EMPTY
            frames.store(unit, ticket, document)
            unit.erasure.erase(unit.people.get(here.worker))
            assert unit.records(Hits).page_storage.find(requester, here.worker) is None
            with pytest.raises(NotYours):
                frames.store(unit, ticket, document)

        await database.transact(check, present())


NO_PAGES = [
    "https://[your-server]/hit",
    "https://",
    "https:///x",
    "https://exa mple.com/a b",
    "https://a..b/",
    "https://x:0/",
]


@pytest.mark.parametrize("url", NO_PAGES)
async def test_an_address_that_no_browser_opens_is_refused(here: Here, url: str):
    """The HIT was created, its money was held, and workers got a failure."""
    with pytest.raises(ClientError, match=r'\(ParameterValidationError\).*The value "https.* parameter ExternalURL'):
        await here.hit(external(url))
    assert (await here.turk.ask("list_hits"))["NumResults"] == 0


async def test_a_hit_of_such_an_address_that_was_made_before_fails_nowhere(here: Here, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as before:
        before.setattr(hits, "is_https_page", lambda _: True)
        hit = await here.hit(external(NO_PAGES[0]))
    status, body = await here.task()
    assert (status, body["frame"]["walled"]) == (200, True)
    assert (await here.get(body["frame"]["src"]))[0] == 404
    assert (await here.turk.ask("get_hit", HITId=hit["HITId"]))["HIT"]["HITStatus"] == "Unassignable"


@pytest.mark.parametrize("origin", ["https://HOUSE.example", "https://house.example:443", "https://ｈouse.example"])
async def test_an_address_of_this_house_is_walled_however_it_is_written(here: Here, origin: str):
    await here.hit(external(f"{origin}/app/task/1"))
    assert (await here.task())[1]["frame"]["walled"] is True


async def test_a_page_that_its_worker_cannot_tell_reads_as_one_of_empty_answers(here: Here):
    hit = await here.hit(html(PAGE.replace("<p>", "<select name='size'></select><p>")))

    def cannot_tell(unit: UnitOfWork) -> None:
        held = unit.assignments.active_for(here.worker)
        assert held is not None
        submit.submit_answer(unit, unit.people.get(here.worker), held.id, None, None)

    await here.database.transact(cannot_tell, present())
    (given,) = (await here.turk.ask("list_assignments_for_hit", HITId=hit["HITId"]))["Assignments"]
    root = ElementTree.fromstring(given["Answer"])
    assert [[each.text for each in answer] for answer in root] == [["size", None], ["warm", None]]


async def test_no_other_ticket_opens_or_answers_anything(here: Here):
    await here.hit(html())
    _, body = await here.task()
    good = urlsplit(body["frame"]["src"]).path.rpartition("/")[2]
    assignment = parse_qs(urlsplit(body["frame"]["src"]).query)["assignmentId"][0]
    other = good[:5] + ("A" if good[5] != "A" else "B") + good[6:]
    for ticket in (assignment, other, "3" + "A" * 29):
        url = f"https://house.example/app/hit/{ticket}"
        assert (await here.get(url))[0] == 404
        assert (await here.post(url + "/mturk/externalSubmit", warm="yes"))[0] == 404
    good_url = f"https://house.example/app/hit/{good}/mturk/externalSubmit"
    assert (await here.post(good_url))[0] == 400  # no form
    assert (await here.post(good_url, warm="y" * 70_000))[0] == 409
    assert (await here.post(good_url, warm="y" * 300_000))[0] == 413
    assert (await here.task())[0] == 200


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
NAMED = b'--b\r\nContent-Disposition: form-data; name="warm"\r\n'
NO_FORMS = (
    (PARTS, b"x"),
    (f"{PARTS}; boundary=b", b"x"),
    (f"{PARTS}; boundary=b", b'--b\r\nContent-Disposition: form-data; name="\x9c\xc3"\r\n\r\nx\r\n--b--\r\n'),
    (f"{PARTS}; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    (f"{PARTS}; boundary=b", NAMED + b"Content-Type: text/plain; charset=foo\r\n\r\nx\r\n--b--\r\n"),
    (f"{PARTS}; boundary=b", NAMED + b"Content-Transfer-Encoding: foo\r\n\r\nx\r\n--b--\r\n"),
    (
        f"{PARTS}; boundary=b",
        NAMED + b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
    ),
    (f"{FORM}; charset=foo", b"warm=yes"),
    (f"{FORM}; charset=base64", b"warm=yes"),
    (f"{FORM}; charset=utf-7", b"warm=+2AA-"),
    (FORM, b"\xff=\xfe"),
)


async def test_what_is_no_form_is_refused_and_logs_no_failure(here: Here, caplog: pytest.LogCaptureFixture):
    await here.hit(html())
    _, body = await here.task()
    good = here.here(urlsplit(body["frame"]["src"])._replace(query="").geturl())
    for address, status in ((good, 400), (good[: -len(urlsplit(good).path.rpartition("/")[2])] + "A" * 30, 404)):
        for kind, sent in NO_FORMS:
            told = {"Content-Type": kind}
            async with here.http.post(f"{address}/mturk/externalSubmit", data=sent, headers=told) as answer:
                assert answer.status == status, (kind, sent)
    assert [each.getMessage() for each in caplog.records if each.exc_info] == []
    assert (await here.task())[0] == 200  # the task is still in hand


async def test_without_an_address_for_pages_a_program_is_told_what_is_missing(database: Database):
    async with opened_house(database, "") as here:
        with pytest.raises(Exception, match="PUBLIC_URL"):
            await here.hit(html())


async def test_a_page_is_asked_of_no_more_workers_once_pages_have_no_address(here: Here):
    hit = await here.hit(html())

    def extend(unit: UnitOfWork) -> None:
        act = act_of(unit, unit.projects.get(ProjectId(1)).requester)
        hits.extend(act, hit_id=hit["HITId"], number_of_additional_assignments=1)

    with pytest.raises(RequestError, match="PUBLIC_URL"):
        await here.database.transact(extend, present())
