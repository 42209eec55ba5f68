"""The dashboard over a real socket: who gets in, whose rows they see, and that its figures are the chat's."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from domain.fairness.review import PAUSE
from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer, requester_account
from domain.people.accounts import PersonId
from domain.people.teams import TeamRole
from services.act import Act
from services.fairness import review
from services.money import funds
from services.people import web_sessions
from services.projects import progress
from services.quality import figures
from services.work import submit
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.house import REQUESTER, launch, settle_tasks
from tests.services.projects.test_fetching import ONE, site
from tests.web.dashboards import (
    ADMIN,
    ANN,
    BOB,
    SCRIPT,
    Look,
    a_dashboard,
    answer_all,
    house_of,
    make_link,
    settle,
    settle_marked,
)
from web.dashboard import events
from web.dashboard.endpoint import find_endpoints


async def settle_answers(database: Database, now: Moment, rounds: int = 8, **project: Any) -> None:
    made = await database.transact(lambda unit: settle(unit, **project), now)
    await database.transact(lambda unit: answer_all(unit, made, rounds), now)


async def test_a_link_opens_one_browser_once_and_web_end_signs_it_out(database: Database, now: Moment):
    await database.transact(settle, now)
    house = house_of(database, now)
    token = await database.transact(lambda unit: make_link(unit, house), now)
    async with a_dashboard(database, now) as look:
        for sent, expected in (({"token": "x" * 43}, 422), ({"token": 5}, 400), ({}, 400), (b"{", 415)):
            assert (await look.ask("/session", sent, Authorization=""))[0] in (expected, 401)
        async with look.http.post(look.url + "/api/session", json={"token": token}) as answer:
            assert answer.status == 200
            cookie = answer.headers["Set-Cookie"]
        assert all(
            part in cookie for part in ("Secure", "HttpOnly", "SameSite=Strict", "Max-Age=86400", "Path=/app/dashboard")
        )
        async with look.http.post(look.url + "/api/session", json={"token": token}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "LinkOutdated")
        browser = Look(look.http, look.url, now, cookie=cookie.split("=", 1)[1].split(";")[0])
        assert (await browser.ask("/projects"))[1]["projects"][0]["title"] == "Is the review positive?"
        stored = await database.transact(lambda unit: unit.connection.all("SELECT hash FROM web_sessions"), now)
        assert browser.cookie not in str(stored)
        assert (await browser.ask("/session", {}, "DELETE"))[0] == 200
        assert (await browser.ask("/projects"))[1]["code"] == "PageOutdated"


async def test_links_and_sessions_end_with_their_time(database: Database, now: Moment):
    await database.transact(settle, now)
    house = house_of(database, now)
    token = await database.transact(lambda unit: make_link(unit, house), now)
    with pytest.raises(web_sessions.LinkOutdated):
        await database.transact(lambda unit: web_sessions.open_session(unit, token), later(now, 10 * MINUTE))
    token = await database.transact(lambda unit: make_link(unit, house), now)
    newer = await database.transact(lambda unit: make_link(unit, house), now)
    with pytest.raises(web_sessions.LinkOutdated):  # a newer link replaces it
        await database.transact(lambda unit: web_sessions.open_session(unit, token), now)
    session = await database.transact(lambda unit: web_sessions.open_session(unit, newer), now)
    for wait, is_open in ((DAY - 1, True), (DAY, False)):
        person = await database.transact(lambda unit: web_sessions.find_session_person(unit, session), later(now, wait))
        assert (person is not None) is is_open


async def test_only_those_whose_telegram_or_browser_it_is_get_in(database: Database, now: Moment):
    await settle_answers(database, now)
    async with a_dashboard(database, now) as look:
        forged = ("tma ", "tma " + look.signed("1:another"), "tma " + look.signed().replace("1000", "1001"), "Bearer x")
        for authorization in forged:
            assert (await look.ask("/me", Authorization=authorization))[0] == 401
        async with look.http.get(look.url + "/api/me") as answer:
            assert answer.status == 401
        assert (await Look(look.http, look.url, now, cookie="x" * 43).ask("/me"))[0] == 401
        assert (await look.of(12345).ask("/me"))[0] == 401  # somebody whom the bot does not know


async def test_the_row_says_whose_everything_is(database: Database, now: Moment):
    await settle_answers(database, now)
    async with a_dashboard(database, now) as look:
        numbers = {"number": 1, "task": 1, "place": 0, "submission": 1}
        bodies = {
            "more": {"tasks": [{"task": 1, "overlap": 3}], "extra": 1},
            "gold": {"task": "t1", "answers": ["positive"]},
            "chat": {"format": "datasheet"},
            "reject": {"line": 1, "reason": "It is the other one, clearly."},
            "/projects/{number}/gold/chosen": {"tasks": [1]},
            "/projects/{number}/accept": {"tasks": [1], "last": 9},
            "/projects/{number}/reject": {"tasks": [1], "last": 9, "line": 1, "reason": "It is the other one."},
        }
        for endpoint in find_endpoints():
            if "{" not in endpoint.path:
                continue
            path = endpoint.path.format(**numbers)
            body = bodies.get(endpoint.path) or bodies.get(path.rpartition("/")[2], {})
            sent = None if endpoint.method == "GET" else body
            status, body = await look.of(BOB).ask(path, sent)
            assert (status, body["code"]) == (404, "NotFound"), path
            assert (await look.of(ANN).ask(path, sent))[0] == 403, path
        async with look.of(BOB).http.get(
            look.url + "/api/projects/1/events", headers={"Authorization": f"tma {look.of(BOB).signed()}"}
        ) as answer:
            assert answer.status == 404
        for path in ("/house", "/cases"):
            assert (await look.ask(path))[0] == 403
            assert (await look.of(ADMIN).ask(path))[0] == 200
        assert (await look.of(ANN).ask("/work"))[0] == 200
        assert (await look.of(BOB).ask("/work"))[0] == 403


async def test_its_figures_are_those_of_the_chat_and_the_files(database: Database, now: Moment):
    await settle_answers(database, now)
    async with a_dashboard(database, now) as look:

        def read(unit: UnitOfWork) -> tuple[Any, Any, Any]:
            anna = unit.people.find_by_telegram_id(REQUESTER)
            assert anna is not None
            act = Act(unit, anna, house_of(database, now))
            return progress.get_progress(act, 1), figures.read_quality(act, 1), funds.read_funds(act)

        counted, quality, money = await database.aside(read, now)
        _, overview = await look.ask("/projects/1")
        assert overview["progress"]["submissions"] == counted.submissions > 0
        assert (overview["progress"]["spent"], overview["progress"]["held"]) == (counted.spent, counted.held)
        _, timeline = await look.ask("/projects/1/timeline")
        assert sum(count for _, count in timeline["answers"]) == counted.submissions
        assert sum(count for _, count in timeline["finished"]) == counted.closed
        _, page = await look.ask("/projects/1/quality")
        assert page["quality"]["agreeing"] == quality[0].agreeing
        assert page["quality"]["confidences"] == list(quality[0].confidences)
        assert sum(worker["answers"] for worker in page["workers"]) == counted.submissions
        assert sum(step["results"] for step in page["calibration"]) == page["figures"]["checked"] > 0
        _, shown = await look.ask("/funds")
        assert shown["free"][0]["amount"] == money.free[0].amount
        assert shown["projects"][0]["rewards"] == money.projects[0].rewards
        assert (await look.ask("/projects/1/files/chat", {"format": "datasheet"}))[0] == 200
        assert (await look.ask("/projects/1/files/chat", {"format": "exe"}))[0] == 422
        letters = "SELECT count(*) FROM outbox WHERE screen = 'projects.ProjectFile'"
        assert (await database.transact(lambda unit: unit.connection.all(letters), now))[0][0] == 1
        _, exported = await look.ask(
            "/projects/1/files/results?format=jsonl"
        )  # learnt anew, as the house does by itself
        _, rows = await look.ask("/projects/1/tasks")

        lines = [json.loads(line) for line in exported.splitlines()]
        assert [dict(zip(rows["columns"], row["cells"], strict=True)) for row in rows["rows"]] == lines
        assert (await look.ask("/projects/1/tasks/count"))[1] == len(lines) == 8


async def answer_apart(database: Database, now: Moment, **project: Any) -> None:
    """Answers of each worker at moments of their own, as people give them; some differ, one says “can't tell”, and one
    is rejected."""
    made = await database.transact(lambda unit: settle(unit, **project), now)

    def answer(unit: UnitOfWork, worker: PersonId, option: str | None) -> None:
        submit.show_work(unit, unit.people.get(worker))
        in_hand = unit.assignments.active_for(worker)
        if in_hand is not None:
            submit.submit_answer(unit, unit.people.get(worker), in_hand.id, option, None)

    options = ["0", "0", "1", "0", None, "0", "1"]
    for turn in range(36):
        worker, option = made.workers[turn % 3], options[turn % 7]
        await database.transact(lambda unit, w=worker, o=option: answer(unit, w, o), later(now, 1_000 * turn))

    def reject_one(unit: UnitOfWork) -> None:
        may_be_rejected = "answer = 'negative' AND gold IS NULL AND held_until IS NOT NULL"
        sql = f"SELECT id FROM submissions WHERE {may_be_rejected} ORDER BY id LIMIT 1"
        (number,) = unit.connection.all(sql)[0]
        act = Act(unit, unit.people.get(made.requester), house_of(database, now))
        review.reject_answer(act, number, 1, "The writer is clearly pleased with it.")

    await database.transact(reject_one, later(now, HOUR))


async def test_every_figure_is_what_the_files_say(database: Database, now: Moment):
    await answer_apart(database, now, tasks=10, gold=4)
    async with a_dashboard(database, later(now, 2 * HOUR)) as look:

        async def read(path: str) -> Any:
            status, body = await look.ask(path)
            assert status == 200, body
            return [json.loads(line) for line in body.splitlines()] if isinstance(body, bytes) else body

        results = await read("/projects/1/files/results?format=jsonl")
        answers = [
            row for row in await read("/projects/1/files/submissions?format=jsonl") if row["state"] != "disputed"
        ]
        overview, quality = await read("/projects/1"), await read("/projects/1/quality")
        progress, on_gold = overview["progress"], [row for row in answers if row["gold"] and row["answer"]]
        assert progress["tasks"] + progress["gold"] == len(results) == await read("/projects/1/tasks/count")
        assert progress["closed"] == sum(row["state"] == "closed" and not row["gold"] for row in results)
        assert progress["submissions"] == len(answers) + 1  # the rejected one, too, as the chat counts
        assert progress["workers"] == len({row["worker"] for row in answers}) == 3
        right = sum(row["answer"] == row["gold"] for row in on_gold)
        assert (progress["gold_seen"], progress["gold_right"]) == (len(on_gold), right)
        assert len(on_gold) > right > 0

        by_worker = Counter(row["worker"] for row in answers)
        assert sum(abs(worker["answers"] - by_worker[worker["worker"]]) for worker in quality["workers"]) == 1
        for worker in quality["workers"]:
            own = [row for row in on_gold if row["worker"] == worker["worker"]]
            own_right = sum(row["answer"] == row["gold"] for row in own)
            assert (worker["gold_seen"], worker["gold_right"]) == (len(own), own_right)
        assert quality["quality"]["gold_right"] == right
        known = Counter(row["gold"] for row in results if row["gold"] and row["crowd"])
        classes, figures = quality["classes"], quality["figures"]
        assert {each["option"]: sum(each["confusion"].values()) for each in classes} == {"negative": 0} | known
        assert figures["checked"] == known.total()
        assert figures["right"] == sum(each["confusion"].get(each["option"], 0) for each in classes)
        assert sum(quality["quality"]["confidences"]) <= sum(row["confidence"] is not None for row in results)
        contested = [row for row in results if row["votes: positive"] and row["votes: negative"]]
        assert await read("/projects/1/tasks/count?only=contested") == len(contested) > 0
        assert await read("/projects/1/tasks/count?only=silent") == sum(row["cant_tell"] > 0 for row in results) > 0


async def test_every_amount_is_what_the_ledger_moved(database: Database, now: Moment):
    await answer_apart(database, now, tasks=10, gold=4)
    async with a_dashboard(database, later(now, 2 * HOUR)) as look:

        async def read(path: str) -> Any:
            return (await look.ask(path))[1]

        funds, lines = await read("/funds"), await read("/ledger")
        progress, (project,) = (await read("/projects/1"))["progress"], funds["projects"]
        assert await read("/projects/1/funds") == project
        assert await read("/projects/1/ledger") == [line for line in lines if line["project"] == 1]
        assert lines[0]["balance"] == sum(line["amount"] for line in lines) == funds["free"][0]["amount"]
        assert sum(line["amount"] for line in lines if line["kind"] in ("launch", "return")) == (
            project["returned"] - project["given"]
        )
        held = project["held"] + project["reserve"] + project["disputed"]
        assert project["given"] - project["returned"] == project["rewards"] + project["fees"] + held
        assert (progress["held"], progress["reserve"]) == (project["held"], project["reserve"])
        (month,) = (await read("/costs?year=2027&month=1"))["rows"]
        paid = [round(1_000_000 * float(cell)) for cell in month[6:8]]
        assert paid == [project["rewards"] + project["disputed"], project["fees"]]
        assert month[5] == progress["submissions"]

        work = (await look.of(ANN).ask("/work"))[1]
        (own_project,), (book,) = work["worked"], work["balance"]["books"]
        assert own_project["answers"] == work["balance"]["answers"]
        assert own_project["pay"] == 50_000 * own_project["answers"]
        state = (await look.of(ADMIN).ask("/house"))[1]["state"]
        assert sum(state["hours"]) == progress["submissions"]
        workers_money = sum(each["workers"] for each in state["books"])
        assert workers_money >= book["available"] + book["pending"] > 0


async def test_money_of_every_currency_and_of_old_projects_is_shown(database: Database, now: Moment):
    made = await database.transact(settle, now)

    def open_more(unit: UnitOfWork) -> None:
        project = unit.projects.get(made.project)
        for number in range(12):
            plan = unit.projects.add(replace(project, title=f"Part {number}"))
            settle_tasks(unit, plan, made.requester, 2, 0)
            launch(unit, made.requester, plan)
        account = requester_account(unit.people.get(made.requester))
        unit.ledger.open((BANK, account), "CHF")
        unit.ledger.post(Transfer("deposit:2", "deposit", BANK, account, Millionths(5_000_000), "CHF"))

    await database.transact(open_more, now)
    async with a_dashboard(database, now) as look:
        _, funds = await look.ask("/funds")
        assert len(funds["projects"]) == 10
        assert [(other["projects"], other["currency"]) for other in funds["others"]] == [(3, "EUR")]
        assert 1 not in {project["number"] for project in funds["projects"]}
        _, first = await look.ask("/projects/1/funds")
        assert first["given"] == first["held"] > 0
        _, lines = await look.ask("/projects/1/ledger")
        assert [(line["kind"], line["amount"]) for line in lines] == [("launch", -first["given"])]
        assert {line["currency"] for line in (await look.ask("/ledger"))[1]} == {"CHF", "EUR"}


async def test_rows_are_sorted_and_filtered_page_by_page(database: Database, now: Moment):
    await settle_answers(database, now, tasks=9, gold=3)

    def differ(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE submissions SET answer = 'negative' WHERE id % 5 = 0")
        unit.connection.changed("UPDATE submissions SET answer = NULL WHERE id % 7 = 0")

    await database.transact(differ, now)
    async with a_dashboard(database, now) as look:

        async def walk(**query: Any) -> list[Any]:
            found, behind = list[Any](), dict[str, Any]()
            while True:
                told = "&".join(f"{name}={value}" for name, value in {**query, **behind, "limit": 5}.items())
                status, page = await look.ask(f"/projects/1/tasks?{told}")
                assert status == 200, page
                found += page["rows"]
                if len(page["rows"]) < 5:
                    return found
                behind = {"after": page["rows"][-1]["position"], "value": page["rows"][-1]["value"]}

        for sort in ("position", "confidence", "votes"):
            for descending in ("false", "true"):
                rows = await walk(sort=sort, descending=descending)
                assert len({row["task"] for row in rows}) == len(rows) == 12
                values = [row["value"] for row in rows]
                assert values == sorted(values, reverse=descending == "true"), (sort, descending)
        assert len(await walk(only="gold")) == 3
        assert (await look.ask("/projects/1/tasks/count?only=gold"))[1] == 3
        for only in ("contested", "silent", "contested,open"):
            by_position = {row["task"] for row in await walk(only=only)}
            assert 0 < len(by_position) < 12 or only == "contested,open"
            assert {row["task"] for row in await walk(only=only, sort="confidence")} == by_position
        assert len(await walk(only="gold,missed")) == 0
        assert {row["cells"][0] for row in await walk(text="REVIEW 1")} == {"t1", "t10", "t11", "t12"}
        assert await walk(text="100%") == []
        assert len(await walk(answer="positive", only="gold")) == 3
        for only in ("contested", "low", "rejected", "silent", "open"):
            assert len(await walk(only=only)) < 12


async def test_input_is_bounded_and_never_runs(database: Database, now: Moment):
    await settle_answers(database, now, title=SCRIPT)
    async with a_dashboard(database, now) as look:
        huge = "9" * 400
        for query in (
            f"after={huge}",
            f"after=-1&value={huge}",
            "value=nan",
            f"limit={huge}",
            "limit=201",
            "sort=id;drop",
            "only=x",
            f"text={'x' * 201}",
            "unknown=1",
            "after=1e3",
            "value=1e999",
        ):
            status, body = await look.ask(f"/projects/1/tasks?{query}")
            assert (status, body["code"]) == (422, "malformed"), query
        for query in ("text=%27%20OR%201=1--", "text=%3Cscript%3E", "answer=%27%3B--", "text=%00"):
            assert (await look.ask(f"/projects/1/tasks?{query}"))[1]["rows"] == [], query
        assert (await look.ask(f"/projects/{huge}"))[0] == 404
        assert (await look.ask("/projects/999999999999999"))[0] == 404
        assert (await look.ask("/projects/1", b"x" * 10, "PUT"))[0] == 405
        assert (await look.ask("/projects/1/more", b'{"extra": 1}', **{"Content-Type": "text/plain"}))[0] == 415
        assert (await look.ask("/projects/1/more", b"[" * 70_000, **{"Content-Type": "application/json"}))[0] == 413
        async with look.http.get(look.url + "/project/1/tasks") as answer:
            policy, body = answer.headers["Content-Security-Policy"], await answer.text()
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert SCRIPT not in body


async def test_a_file_that_never_ends_is_given_up_and_slows_nobody(database: Database, now: Moment):
    made = await database.transact(lambda unit: settle_marked(unit, 2, ["boxes"]), now)
    async with site() as address, a_dashboard(database, now, fetch=ONE) as look:

        def point_there(unit: UnitOfWork) -> None:
            content = pack({"image": f"{address}/endless"})
            unit.connection.changed("UPDATE tasks SET content = :content WHERE position = 1", content=content)

        await database.transact(point_there, now)
        endless = asyncio.create_task(look.ask(f"/tasks/{made.tasks[0]}/media/0"))
        status, picture = await look.ask(f"/tasks/{made.tasks[1]}/media/0")
        assert (status, picture[:4]) == (200, b"\x89PNG")
        assert (await endless)[0] == 404
        for number in ("9" * 400, "7"):
            assert (await look.ask(f"/tasks/{made.tasks[1]}/media/{number}"))[0] == 404


async def test_chosen_tasks_get_more_answers_once(database: Database, now: Moment):
    await settle_answers(database, now)
    async with a_dashboard(database, now) as look:
        chosen = {"tasks": [{"task": 1, "overlap": 3}, {"task": 2, "overlap": 3}], "extra": 2}
        status, asked = await look.ask("/projects/1/more", chosen)
        assert (status, asked["tasks"], asked["total"] >= 4 * 55_000) == (200, 2, True)
        assert (await look.ask("/projects/1/more", chosen))[0] == 422  # a second press
        tasks = (await look.ask("/projects/1/tasks"))[1]["rows"]
        assert [row["overlap"] for row in tasks[:3]] == [5, 5, 3]


async def test_answers_are_accepted_rejected_and_made_check_questions(database: Database, now: Moment):
    await settle_answers(database, now, tasks=20)
    async with a_dashboard(database, now) as look:

        async def list_answers() -> list[dict[str, Any]]:
            tasks = [(await look.ask(f"/tasks/{task}"))[1] for task in range(1, 21)]
            return [answer for task in tasks for answer in task["answers"]]

        first, second = (answer["submission"] for answer in (await list_answers())[:2])
        assert (await look.ask(f"/submissions/{first}/accept", {}))[0] == 200
        reason = {"line": 2, "reason": "The writer is clearly not pleased."}
        assert (await look.ask(f"/submissions/{second}/reject", {**reason, "line": 9}))[0] == 422
        assert (await look.ask(f"/submissions/{second}/reject", reason))[0] == 200
        states = {answer["submission"]: (answer["state"], answer["answer"]) for answer in await list_answers()}
        assert (states[first][0], states[second]) == ("accepted", ("disputed", None))
        assert len((await look.ask("/projects/1/tasks?only=rejected"))[1]["rows"]) == 1
        assert (await look.ask("/projects/1/gold", {"task": "t3", "answers": ["positive"]}))[0] == 200
        assert (await look.ask("/tasks/3"))[1]["known"] == ["positive"]


async def test_many_answers_are_decided_by_one_request_each_as_a_single_one_is(database: Database, now: Moment):
    await settle_answers(database, now, rounds=20, tasks=20)

    async def count_states() -> dict[str, int]:
        sql = "SELECT state, count(*) FROM submissions GROUP BY state"
        return dict(map(tuple, await database.transact(lambda unit: unit.connection.all(sql), now)))

    async with a_dashboard(database, now) as look:
        page = (await look.ask("/projects/1/tasks"))[1]
        tasks = [row["task"] for row in page["rows"]]
        before = await count_states()
        assert (await look.ask("/projects/1/accept", {"tasks": tasks[:2], "last": 0}))[1]["done"] == 0
        _, accepted = await look.ask("/projects/1/accept", {"tasks": tasks[:2] * 2, "last": page["last"]})
        assert accepted["done"] > 1
        assert (accepted["left"], accepted["said"]) == (0, "")
        assert (await look.ask("/projects/1/accept", {"tasks": tasks[:2], "last": page["last"]}))[1]["done"] == 0
        middle = await count_states()
        assert middle["accepted"] - before.get("accepted", 0) == accepted["done"]

        reason = {"line": 1, "reason": "The writer is clearly not pleased."}
        for wrong in ({"line": 0}, {"reason": ""}, {"tasks": []}, {"tasks": [1] * 101}, {"last": "x"}):
            body = {"tasks": tasks, "last": page["last"], **reason, **wrong}
            assert (await look.ask("/projects/1/reject", body))[0] == 422, wrong
        _, rejected = await look.ask("/projects/1/reject", {"tasks": tasks, "last": page["last"], **reason})
        states = await count_states()
        assert states["rejected"] == rejected["done"] > 0
        # Too many rejections pause the project, and the rest of the same press is refused.
        assert rejected["left"] > 0
        assert rejected["said"]
        assert (await look.ask("/projects/1"))[1]["progress"]["state"] == "paused"


async def test_many_tasks_become_check_questions_by_one_request(database: Database, now: Moment):
    await settle_answers(database, now, tasks=20)
    async with a_dashboard(database, now) as look:
        rows = (await look.ask("/projects/1/tasks"))[1]["rows"]
        with_result = [row["task"] for row in rows[:20] if row["cells"][2] or row["cells"][6]]
        chosen = [*with_result[:3], rows[-1]["task"]]  # the last one is a check question already
        _, made = await look.ask("/projects/1/gold/chosen", {"tasks": chosen})
        assert (made["done"], made["left"]) == (3, 0)
        assert [(await look.ask(f"/tasks/{task}"))[1]["known"] for task in chosen] == [["positive"]] * 4


async def test_an_admin_decides_cases_by_the_chat_s_cards(database: Database, now: Moment):
    made = await database.transact(settle, now)

    def wait(unit: UnitOfWork) -> None:
        for number in range(2):
            person = unit.people.upsert(500 + number, f"p{number}", f"P {number}", "en", unit.now)
            unit.role_requests.add(person.id, f"For birds of Lyon, p{number}@example.org")
        unit.reviews.pause(made.project)
        unit.projects.pause(made.project, PAUSE)

    await database.transact(wait, now)
    async with a_dashboard(database, now) as look:
        admin = look.of(ADMIN)

        async def press(words: str, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
            buttons = [button for card in shown for row in card["rows"] for button in row]
            data = next(button["data"] for button in buttons if words in button["text"])
            status, cards = await admin.ask("/cases/press", {"data": data})
            assert status == 200, cards
            return list(cards)

        listed = (await admin.ask("/cases"))[1]
        assert {(case["kind"], case["count"]) for case in listed} == {("rejections", 1), ("role", 2)}
        cards = {case["kind"]: (await admin.ask("/cases/press", {"data": case["data"]}))[1] for case in listed}
        await press("May open projects", cards["role"])
        [next_case] = [case for case in (await admin.ask("/cases"))[1] if case["kind"] == "role"]
        [asked] = await press("Refuse", (await admin.ask("/cases/press", {"data": next_case["data"]}))[1])
        assert asked["asks"]
        assert (await admin.ask("/cases/write", {"words": "We do not know this university."}))[0] == 200
        assert (await admin.ask("/cases/write", {"words": "Once more."}))[0] == 422  # nothing is asked any more
        await press("on", cards["rejections"])
        assert (await admin.ask("/cases"))[1] == []
        for data in (listed[0]["data"], "nothing:1", "a:1"):
            assert (await look.ask("/cases/press", {"data": data}))[0] == 403
        assert (await admin.ask("/cases/press", {"data": "nothing:1"}))[0] == 422
        states = await database.transact(lambda unit: unit.connection.all("SELECT state FROM role_requests"), now)
        assert sorted(row[0] for row in states) == ["granted", "refused"]


async def test_a_member_of_a_team_has_their_rights_there_alone(database: Database, now: Moment):
    await settle_answers(database, now)

    def found(unit: UnitOfWork) -> None:
        anna, bob = (unit.people.find_by_telegram_id(person) for person in (REQUESTER, BOB))
        assert anna is not None
        assert bob is not None
        team = unit.teams.add("Atelier", "fr")
        unit.teams.join(team, anna.id, TeamRole.OWNER, None, "EUR")
        unit.teams.join(team, bob.id, TeamRole.VIEWER, None, "EUR")
        unit.connection.changed("UPDATE projects SET requester = :team", team=team)

    await database.transact(found, now)
    async with a_dashboard(database, now) as look:
        bob = look.of(BOB)
        assert (await bob.ask("/projects/1"))[0] == 200
        assert (await bob.ask("/tasks/1"))[0] == 200
        status, refused = await bob.ask("/projects/1/gold", {"task": "t1", "answers": ["positive"]})
        assert (status, refused["code"]) == (422, "NotInTeam")
        assert (await look.of(ANN).ask("/projects/1"))[0] == 403


async def test_a_page_hears_of_changes_and_old_streams_end(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(events, "INTERVAL_SECONDS", 0.05)
    made = await database.transact(settle, now)
    async with a_dashboard(database, now) as look:
        told = {"Authorization": f"tma {look.signed()}"}
        address = f"{look.url}/api/projects/1/events"
        async with look.http.get(address, headers=told) as first:
            assert first.headers["Content-Type"] == "text/event-stream"
            assert await first.content.readline() == b": \n"
            await database.transact(lambda unit: answer_all(unit, made, 1), now)
            async with asyncio.timeout(20):
                while b"event: changed" not in await first.content.readline():
                    pass
                for _ in range(events.MAX_STREAMS_PER_PERSON):
                    response = await look.http.get(address, headers=told)
                    assert response.status == 200
                await first.content.read()  # it has ended: its page may be gone
