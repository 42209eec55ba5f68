"""The Python client against the real API, over a socket; the manual's example is run as it stands."""

import asyncio
import importlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from pouce_client import AsyncClient, Client, Refused, Unreachable
from pouce_client.agents import Tools
from pouce_client.cli import main
from pouce_client.media import make_table
from pouce_client.progress import bar
from pouce_client.requests import upload

from storage.database import Database
from tests.architecture.source import ROOT
from tests.clients.conftest import Crowd, answer_one, wall
from tests.house import settle_worker
from tests.simulator.test_files import png
from web.api.bodies import NewProject

EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FORM: dict[str, Any] = {
    "title": "Is it?",
    "instructions": ["Read it."],
    "options": ["yes", "no"],
    "pay": "0.05",
    "overlap": 1,
}


@pytest.mark.usefixtures("key")
async def test_the_manuals_example_labels_a_data_frame(crowd: Crowd, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(Client.wait.__kwdefaults__, "every", 0.1)
    (example,) = EXAMPLE.findall((ROOT / "docs/tutorials/python-client.md").read_text(encoding="utf-8"))
    names = {"__name__": "example"}
    async with crowd():
        await asyncio.to_thread(exec, compile(example, "docs/tutorials/python-client.md", "exec"), names)
    labelled: Any = names["labelled"]
    assert list(labelled["id"]) == ["r1", "r2"]
    assert list(labelled["consensus"]) == ["positive", "positive"]
    assert min(labelled["confidence"]) > 0.5


@pytest.mark.usefixtures("key")
async def test_the_async_client_takes_mappings_and_reads_on_behind_what_it_has(database: Database):
    async with AsyncClient() as pouce:
        project = await pouce.create([{"text": "one"}, {"text": "two"}], **FORM)
        await pouce.launch(project["number"])
        worker = await database.transact(lambda unit: settle_worker(unit, 1).id, wall())
        await database.transact(answer_one, wall(), worker)
        (first,) = [row async for row in pouce.submissions(1)]
        running = await pouce.progress(1)
        await database.transact(answer_one, wall(), worker)
        (second,) = [row async for row in pouce.submissions(1, after=first["id"])]
        ended = await pouce.wait(1, every=0.05)
        assert (running["ended"], ended["ended"], ended["ended_by_admin"]) == (False, True, False)
        assert (ended["state"], second["id"] > first["id"]) == ("complete", True)
        assert [row["task"] async for row in pouce.results(1)] == ["1", "2"]
        with pytest.raises(Refused, match="You have no project 9") as refused:
            await pouce.progress(9)
        assert (refused.value.status, refused.value.code) == (404, "NotFound")


@pytest.mark.usefixtures("key")
async def test_a_text_may_hold_any_end_of_a_line_that_unicode_has():
    """JSON leaves them as they are, so that only a line feed ends a row."""
    text = "one\u2028two\u2029three\u0085four"

    def play() -> Any:
        with Client() as pouce:
            return list(pouce.tasks(pouce.create([{"text": text}], **FORM)["number"]))

    async with AsyncClient() as pouce:
        (row,) = await asyncio.to_thread(play)
        assert [text, text] == [row["text"], *[each["text"] async for each in pouce.tasks(1)]]


@pytest.mark.usefixtures("key")
async def test_a_lost_answer_is_asked_for_again_and_done_once(monkeypatch: pytest.MonkeyPatch):
    """The service did it, and its answer is lost on the way, each time but the last."""
    sent: list[str] = []
    real = httpx.HTTPTransport.handle_request

    def lossy(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        answer = real(self, request)
        if request.method == "POST":
            sent.append(request.headers["Idempotency-Key"])
            if len(sent) < 3:
                answer.close()
                raise httpx.ReadError("lost", request=request)
        return answer

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lossy)
    monkeypatch.setattr("pouce_client.requests.FIRST_PAUSE", 0.01)

    def play() -> list[Any]:
        with Client() as pouce:
            pouce.create(importlib.import_module("pandas").DataFrame({"text": ["one"]}), **FORM)
            return list(pouce.projects())

    assert len(await asyncio.to_thread(play)) == 1
    assert (len(sent), len(set(sent))) == (3, 1)


def test_where_nobody_answers_the_name_of_the_request_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pouce_client.requests.FIRST_PAUSE", 0.001)
    with Client("http://127.0.0.1:9", "pouce_x") as pouce, pytest.raises(Unreachable) as lost:
        pouce.launch(1, key="launch 1")
    assert lost.value.key == "launch 1"
    assert "127.0.0.1:9/" in str(lost.value)
    monkeypatch.delenv("POUCE_API_URL", raising=False)
    with pytest.raises(ValueError, match="POUCE_API_URL"):
        Client(key="pouce_x")


@pytest.mark.usefixtures("key")
async def test_the_command_line_goes_from_a_file_to_a_file(
    tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    tasks, results = tmp_path / "tasks.csv", tmp_path / "results.csv"
    tasks.write_text("id,text\na,one\n")
    form = ["--title", "Is it?", "--instructions", "Read it.", "--pay", "0.05", "--set", "options=yes|no"]
    assert await asyncio.to_thread(main, ["create", str(tasks), *form]) == 0
    assert json.loads(capsys.readouterr().out)["number"] == 1
    assert await asyncio.to_thread(main, ["launch", "1"]) == 0
    assert await asyncio.to_thread(main, ["projects"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1\trunning\t0/1\tIs it?"
    assert await asyncio.to_thread(main, ["results", "1", "-o", str(results)]) == 0
    assert results.read_text(encoding="utf-8-sig").splitlines()[1].startswith("a,one,")
    for table in ("tasks", "submissions", "results"):
        assert await asyncio.to_thread(main, [table, "1"]) == 0
        assert "task," in capsys.readouterr().out.splitlines()[0]
    assert await asyncio.to_thread(main, ["costs-file", "2026", "12", "-o", str(results)]) == 0
    assert results.read_text(encoding="utf-8-sig").startswith("month,requester,project,")
    assert await asyncio.to_thread(main, ["launch", "1"]) == 1
    assert capsys.readouterr().err.startswith("pouce-client: ")


@pytest.mark.usefixtures("key")
async def test_keys_are_as_long_and_as_many_as_in_a_caption(tmp_path: Any):
    """Instructions of 3,000 characters are the most that workers may be given."""
    tasks = tmp_path / "my reviews, v2.csv"
    tasks.write_text("text\none\n")
    further = {"instructions": ["é" * 98] * 30, "example": ["Été | yes | why", "Hiver | no | why"], "pay": 0.00001}
    asked = [{"kind": "choice", "text": "A car?", "options": ["yes", "no"]}, {"kind": "text", "text": "Why?"}]

    def play() -> list[Any]:
        with Client() as pouce:
            known = pouce.create(str(tasks), **FORM | further)
            form = {name: value for name, value in FORM.items() if name != "options"}
            return [known, pouce.create(tasks, **form, form=asked), pouce.add(known["number"], [{"text": "two"}])]

    known, form, more = await asyncio.to_thread(play)
    assert (len(known["instructions"]), known["pay"], form["kind"], more["price"]["tasks"]) == (30, 10, "form", 2)


def test_a_key_without_a_value_is_named(capsys: pytest.CaptureFixture[str]):
    asked = ["create", "tasks.csv", "--title", "Is it?", "--instructions", "Read it.", "--pay", "0.05"]
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--set", "overlap"])
    assert ended.value.code == 2
    assert "expected KEY=VALUE, such as overlap=5: overlap" in capsys.readouterr().err


def test_a_value_that_would_be_two_is_refused():
    with Client("http://127.0.0.1:9", "pouce_x") as pouce, pytest.raises(ValueError, match="options"):
        pouce.create([{"text": "one"}], **FORM | {"options": ["yes|no", "perhaps"]})


def sent_by(form: dict[str, Any]) -> dict[str, str]:
    """Each key of a form, as its part of the body says it."""
    told = upload("/projects", make_table([{"text": "one"}]), form)
    assert told.content is not None
    parts = re.findall(rb'name="(\w+)"\r\n\r\n(.*?)\r\n--', told.content, re.DOTALL)
    return {name.decode(): value.decode() for name, value in parts}


@pytest.mark.parametrize("pay", ["0.05", "1.125", 1.125, 0.125, 1.0, 100.0, 100, 0.00001, 0.1234567])
@pytest.mark.parametrize("options", [["car, bus"], ["yes, of course", "no"], ["box"]])
def test_a_form_is_written_as_the_api_writes_it(pay: Any, options: Any):
    form = {**FORM, "pay": pay, "options": options, "confidence": 0.875, "overlap": 5}
    told = NewProject.model_validate_json(json.dumps({**form, "tasks": [{"text": "one"}]})).keys
    assert sent_by(form) == told


@pytest.mark.parametrize("lost", [0, 2])
@pytest.mark.usefixtures("key")
async def test_a_draft_whose_deletion_was_not_heard_of_is_deleted(lost: int, monkeypatch: pytest.MonkeyPatch):
    """A first answer that there is none is a refusal."""
    sent, real = 0, httpx.AsyncHTTPTransport.handle_async_request

    async def lossy(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        nonlocal sent
        answer = await real(self, request)
        sent += request.method == "DELETE"
        if request.method == "DELETE" and sent <= lost:
            raise httpx.ReadError("lost", request=request)
        return answer

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lossy)
    monkeypatch.setattr("pouce_client.requests.FIRST_PAUSE", 0.01)
    async with AsyncClient() as pouce:
        number = (await pouce.create([{"text": "one"}], **FORM))["number"]
        assert (await pouce.delete(number))["number"] == number
        assert [each async for each in pouce.projects()] == []
        sent = lost
        with pytest.raises(Refused, match="You have no project"):
            await pouce.delete(number)


@pytest.mark.parametrize("what", ["tasks", "submissions", "results"])
def test_a_table_that_is_made_first_is_waited_for(what: str, monkeypatch: pytest.MonkeyPatch):
    waits: list[Any] = []

    def answer(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"])
        return httpx.Response(200, content=b"{}", request=request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    with Client("http://127.0.0.1:9", "pouce_x", timeout=5.0) as pouce:
        pouce.file(1, what, "xlsx")
        list(getattr(pouce, what)(1))
        pouce.progress(1)
    assert [(each["read"], each["connect"]) for each in waits] == [(900.0, 5.0), (900.0, 5.0), (5.0, 5.0)]


def test_progress_is_a_line():
    told: Any = {"tasks": 40, "closed": 10, "submissions": 57, "state": "running"}
    assert bar(told) == "[███████░░░░░░░░░░░░░░░░░░░░░░░] 10/40 tasks · 57 answers · running"


async def test_local_media_that_rows_name_are_sent_with_them(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "work"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "china.jpg").write_bytes(png(3, 2))
    (tmp_path / "secret.png").write_bytes(png(2, 2))
    table = folder / "tasks.csv"
    table.write_text("image,text\npictures/china.jpg,one\n")
    monkeypatch.chdir(folder)

    def draft(tasks: Any, **further: Any) -> Any:
        with Client() as pouce:
            return pouce.create(tasks, **FORM | {"template": "{image}"} | further)

    row = {"image": "china.jpg"}
    for tasks, further in (
        (table, {}),
        ([{"image": "./pictures/china.jpg"}], {"title": "Rows"}),
        ([row], {"title": "A folder", "media_folder": "pictures"}),
    ):
        card = await asyncio.to_thread(draft, tasks, **further)
        assert card["sample"]["picture"].startswith("media:")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    for name in ("../secret.png", str(tmp_path / "secret.png"), "link.png"):
        with pytest.raises(Refused):  # no file outside the folder is sent
            await asyncio.to_thread(draft, [{"image": name}])
    with pytest.raises(Refused):
        await asyncio.to_thread(draft, [row], media_folder=None)
    with pytest.raises(Refused):  # what an agent writes reads no file of its owner
        async with AsyncClient() as pouce:
            await Tools(pouce, None).draft("T", ["I"], "0.05", [{"image": "pictures/china.jpg"}])
