"""A project from a program, from nothing to results, on the real API over a socket."""

import asyncio
import inspect
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from pouce_client import AsyncProject, Client, Project, Refused
from pouce_client.calls import Calls
from pouce_client.cli import main, make_parser
from pouce_client.core import Call, Stream
from pouce_client.models import Progress, Table, to_amount, to_millionths
from pouce_client.progress import draw_progress, explain_change, is_over
from pouce_client.requests import Request

from domain.moments import later
from storage.database import Database
from tests.architecture.source import ROOT
from tests.clients.conftest import Crowd, answer_one, wall
from tests.clients.test_client import EXAMPLE, FORM
from tests.house import settle_worker
from tests.simulator.test_files import png
from web.api.table import ENDPOINTS

BOX = {"shapes": [{"label": "dog", "x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}], "size": [40, 20]}
LINES = 10
pytestmark = pytest.mark.usefixtures("key")


async def test_ten_lines_lead_from_a_folder_of_pictures_to_boxes(
    crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(Project.wait.__kwdefaults__, "every", 0.1)
    monkeypatch.chdir(tmp_path)
    for name in ("one.png", "two.png", "more/three.png"):
        (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pictures" / name).write_bytes(png(40, 20))
    (tmp_path / "pictures" / "notes.txt").write_text("no picture")
    (example,) = EXAMPLE.findall((ROOT / "clients/python/README.md").read_text(encoding="utf-8"))
    assert len([line for line in example.splitlines() if line]) <= LINES
    async with crowd(lambda seat: json.dumps(BOX)):
        await asyncio.to_thread(exec, compile(example, "README.md", "exec"), {"__name__": "example"})
    coco = json.loads(await asyncio.to_thread((tmp_path / "boxes.json").read_bytes))
    assert sorted(image["file_name"] for image in coco["images"]) == ["one.png", "three.png", "two.png"]
    assert [annotation["bbox"] for annotation in coco["annotations"]] == [[10.0, 5.0, 20.0, 10.0]] * 3
    assert [category["name"] for category in coco["categories"]] == ["cat", "dog"]


async def test_a_project_goes_from_a_pilot_to_its_results(crowd: Crowd, monkeypatch: pytest.MonkeyPatch):
    def play() -> Project:
        project = Project.create([{"id": f"r{n}", "text": f"review {n}"} for n in range(12)], **FORM)
        card = project.preflight()
        assert (card.pay, card.price.total, card["price"]["reward"]) == (Decimal("0.05"), Decimal("0.66"), 600_000)
        assert "0.66 EUR" in card._repr_html_()
        with pytest.raises(ValueError, match="draft: launch it"):
            project.wait()
        with pytest.raises(Refused) as refused:
            project.pilot(budget="0.54")
        assert refused.value.code == "price"
        assert project.pilot(budget="0.55").held == Decimal("0.55")
        pilot = project.wait(every=0.05)
        assert (pilot.closed, pilot.tasks, pilot.waiting, pilot.ended) == (10, 12, 2, False)
        assert project.launch().held == Decimal("0.11")
        done = project.wait(every=0.05, timeout=30)
        assert (done.closed, done.ended, done.spent, done.held) == (12, True, Decimal("0.66"), Decimal("0.00"))
        return project

    async with crowd():
        project = await asyncio.to_thread(play)
    results = await asyncio.to_thread(project.results)
    assert {row["consensus"] for row in results} == {"yes"}
    assert list(results.frame()["task"]) == [f"r{n}" for n in range(12)]
    assert results._repr_html_().startswith("<table><tr><th>task</th>")
    quality = await asyncio.to_thread(project.quality)
    assert (quality.alpha, quality.right, len(quality.workers)) == (None, None, 3)
    assert "answers" in quality._repr_html_()
    assert "12 of 12 tasks closed" in await asyncio.to_thread(project._repr_html_)
    assert repr(project) == "<Project 1: Is it?, complete>"


async def test_the_same_project_is_awaited(crowd: Crowd):
    project = await AsyncProject.create([{"text": "one"}, {"text": "two"}], **FORM)
    launch = await project.launch()
    assert (launch.number, launch.waits) == (1, False)
    async with crowd():
        done = await project.wait(every=0.05)
    assert (done.ended, len(await project.submissions())) == (True, 2)
    assert "2 of 2 tasks closed" in project._repr_html_()
    assert [(line.title, line.closed, line.tasks) async for line in project.client.projects()] == [("Is it?", 2, 2)]
    await project.client.close()


async def test_answers_are_reviewed_one_by_one(database: Database):
    project = await AsyncProject.create([{"text": f"t{n}"} for n in range(5)], **FORM | {"accept": "review"})
    await project.launch()
    worker = await database.transact(lambda unit: settle_worker(unit, 1).id, wall())
    for _ in range(4):
        await database.transact(answer_one, later(wall(), 60_000), worker)
    first, second, *others = [answer async for answer in project.review()]
    assert (first.answer.pay, first["answer"]["pay"], first.until > second.until) == (Decimal("0.05"), 50_000, False)
    await project.accept(first)
    await project.reject(second, 1, "This is not what the text says.")
    await project.accept(others[0].submission)
    states = {row["id"]: row["state"] for row in await project.submissions()}
    assert states[second.submission] == "disputed"
    assert (await project.progress()).to_review == 1
    stop = await project.stop()
    assert (stop.undecided, stop.currency) == (2, "EUR")
    await project.client.close()


async def test_media_that_are_too_large_for_one_file_come_in_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each picture is about as large as a file may be here."""
    for place in range(3):
        (tmp_path / f"{place}.png").write_bytes(png(200, 100 + place))
    monkeypatch.setattr("pouce_client.media.MAX_FILE_BYTES", (tmp_path / "2.png").stat().st_size)
    form = {**FORM, "template": "{image}"}

    def play() -> list[Any]:
        first = Project.create(tmp_path, key="folder", **form)
        again = Project.create(tmp_path, key="folder", **form)
        return [again.number == first.number, [row["task"] for row in first.tasks()], first.preflight().price.tasks]

    assert await asyncio.to_thread(play) == [True, ["0.png", "1.png", "2.png"], 3]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no picture, sound, video or PDF"):
        Project.create(tmp_path / "empty", **form)


async def test_every_call_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], database: Database):
    tasks = tmp_path / "tasks.csv"
    tasks.write_text("id,text\na,one\n")
    form = ["--title", "Is it?", "--instructions", "Read it.", "--pay", "0.05", "--set", "options=yes|no"]

    async def run(*words: str) -> Any:
        assert await asyncio.to_thread(main, [*words]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    assert (await run("create", str(tasks), *form, "--set", "overlap=1"))["price"]["tasks"] == 1
    tasks.write_text("id,text\nb,two\n")
    assert (await run("add", "1", str(tasks)))["price"]["tasks"] == 2
    assert (await run("make-gold", "1", "b", "yes", "no", "--reason", "Look."))["made"] is True
    assert (await run("raise-pay", "1", "0.06"))["pay"] == 60_000
    assert await asyncio.to_thread(main, ["launch", "1", "--budget", "0.05"]) == 1
    capsys.readouterr()
    assert (await run("launch", "1", "--budget", "1"))["held"] == 132_000
    assert (await run("hold", "1"))["rests"] == ["held"]
    assert (await run("show", "1"))["state"] == (await run("progress", "1"))["state"] == "paused"
    assert await asyncio.to_thread(main, ["wait", "1", "--every", "0.01", "--timeout", "0.05"]) == 1
    assert "project 1 is paused" in capsys.readouterr().err
    assert (await run("stop", "1"))["returned"] == 132_000
    options = make_parser().parse_args(["decide-gold", "3", "no"])
    assert (options.challenge, options.stands) == (3, False)


def requests_of(call: Any) -> Request:
    """Return the first request of a call, made with arguments of the right types."""
    values = {"int": 1, "str": "x", "Amount": "1", "list[str]": ["x"], "Mapping[str, Any]": {}, "bool": True}
    parameters = [*inspect.signature(call).parameters.values()][1:]
    given = {
        p.name: values.get(p.annotation, [{"text": "x"}])
        for p in parameters
        if p.default is p.empty and p.kind is not p.VAR_KEYWORD
    }
    calls = Calls()
    calls.address = "http://any"
    step = next(call(calls, **given))
    assert isinstance(step, Request)
    return step


def test_the_client_reaches_every_endpoint():
    """Numbers in addresses are places of endpoints."""
    members = [member.method for member in vars(Calls).values() if isinstance(member, Call | Stream)]
    steps = [requests_of(method) for method in members]
    reached = {(step.method, re.sub(r"\d+", "{}", step.path)) for step in steps}
    tables = {("GET", f"/projects/{{}}/{what}") for what in ("tasks", "submissions", "results")}
    assert {(e.method, re.sub(r"{\w+}", "{}", e.path)) for e in ENDPOINTS} - reached - tables == set()


RUNNING: dict[str, Any] = {
    **{"number": 7, "title": "Cats & dogs", "state": "running", "currency": "EUR", "tasks": 40, "closed": 12},
    **{"submissions": 57, "begun": 8, "spent": 3_135_000, "held": 5_000_000, "left": [600_000, 7_200_000]},
    **{"to_review": 2, "questions": 1, "right": [0.91, 0.8, 0.97], "rests": [], "waiting": 0, "ended": False},
}


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"closed": 11}, "1 task opened again: a later answer made the result less sure."),
        ({"tasks": 60}, "20 more tasks: they were added to the project."),
        ({"submissions": 55}, "2 answers no longer counted: rejected, or set aside."),
        ({"state": "paused", "rests": ["questions"]}, "It rests: a question has waited too long: answer it."),
        ({"state": "stopped", "ended": True, "ended_by_admin": True}, "An admin stopped it."),
    ],
)
def test_progress_that_goes_back_says_why(changes: dict[str, Any], note: str):
    assert list(explain_change(RUNNING, RUNNING | changes)) == [note]
    assert list(explain_change(RUNNING, RUNNING)) == []


def test_a_notebook_shows_a_picture_of_the_progress():
    picture = Progress(RUNNING)._repr_html_()
    assert picture == draw_progress(RUNNING)
    for words in (
        *("Cats &amp; dogs", 'width="144.0" height="22" fill="#0072b2"', "12 of 40 tasks closed, 57 answers"),
        *("3.14 EUR spent, 5.00 EUR held", "10 min to 2.0 h left", "91% of results are right", "2 answers to review"),
    ):
        assert words in picture


def test_a_terminal_shows_a_line_and_what_changed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    looks = [RUNNING, RUNNING | {"closed": 10}, RUNNING | {"closed": 40, "state": "complete", "ended": True}]
    answers = iter([httpx.Response(200, json=look) for look in looks])
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: next(answers))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Client("http://127.0.0.1:9", "pouce_x") as pouce:
        assert pouce.wait(7, every=0).ended
    shown = capsys.readouterr().err
    assert shown.count("40 tasks") == 3
    assert "\x1b[2K2 tasks opened again" in shown
    assert shown.endswith("40/40 tasks · 57 answers · complete\n")


@pytest.mark.parametrize("closed", [39, 40])
def test_a_pilot_is_over_once_its_tasks_are_closed(closed: int):
    pilot = RUNNING | {"tasks": 100, "begun": 0}
    assert is_over(pilot | {"closed": closed, "waiting": 60}) is (closed == 40)
    assert not is_over(pilot | {"closed": 40})
    assert not is_over(pilot | {"closed": 40, "waiting": 60, "begun": 1})


@pytest.mark.parametrize(
    ("millionths", "amount"),
    [(0, "0.00"), (50_000, "0.05"), (1, "0.000001"), (12_500_000, "12.50"), (-5_000, "-0.005")],
)
def test_amounts_are_decimals_of_the_currency(millionths: int, amount: str):
    assert str(to_amount(millionths)) == amount
    assert to_millionths(amount) == to_millionths(float(amount)) == to_millionths(Decimal(amount)) == millionths


@pytest.mark.parametrize("amount", ["0.0000001", "a lot", "", "1,50"])
def test_what_is_no_amount_is_refused(amount: str):
    with pytest.raises(ValueError, match="amount"):
        to_millionths(amount)


def test_a_table_needs_no_pandas_to_be_shown():
    rows = Table({"task": f"r{n}", "consensus": "<b>"} for n in range(30))
    assert "<td>r19</td><td>&lt;b&gt;</td>" in rows._repr_html_()
    assert rows._repr_html_().endswith("<p>30 rows</p>")


def test_answers_have_attributes_and_stay_json():
    progress = Progress(RUNNING)
    assert progress == RUNNING
    assert progress.left is not None
    assert (progress.spent, progress.left[0].total_seconds()) == (Decimal("3.135"), 600)
    assert "spent" in dir(progress)
    assert "spent=Decimal('3.135')" in repr(progress)
    with pytest.raises(AttributeError, match="Progress has no price"):
        _ = progress.price  # type: ignore[attr-defined]
