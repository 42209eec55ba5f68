"""Cite or pay: a requester rejects with a line and a reason, the worker objects, three others judge; silence pays."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.fairness.appeals import MIN_POOL_JUDGES
from formats.media.camera_data import without_camera_data
from services.work import submit
from simulator.crowd.client import Phone, text_of
from simulator.values import Json
from storage.database import one_transaction
from tests.formats.test_camera_data import PLACE, from_a_camera
from tests.pool import season
from tests.stories.town import Town, answer, ask, csv, toast, town
from tests.stories.work.test_kinds import PNG

REASON = "The writer is angry, so this is not positive."
PAY = 50_000
REWARD = """
SELECT min(t.id) FROM transfers t JOIN submissions s ON s.id = t.submission WHERE t.kind = 'reward' AND """


@pytest.fixture
async def fair(database_url: str) -> AsyncIterator[Town]:
    """Where the fees of a few answers can pay judges."""
    async with town(database_url, platform_fee_percent=100) as here:
        yield here


async def answered(worker: Phone, times: int = 1) -> None:
    await ask(worker, "/work", "review \\d")
    for _ in range(times):
        await answer(worker, "positive")


async def strangers(here: Town) -> list[Phone]:
    """People with days of work for others: enough that three of them are drawn."""
    phones = [await here.worker(f"Stranger {number}") for number in range(MIN_POOL_JUDGES)]
    ids = [here.one("SELECT id FROM people WHERE telegram_id = :id", id=phone.id) for phone in phones]
    season(here.bot.settings.database_url, here.clock(), ids)
    for phone in phones:
        await phone.say("/pause")
        await phone.wait_for("Paused")
    return phones


def drawn(here: Town, phones: list[Phone]) -> list[Phone]:
    """The first three, in the order of the lot. Whoever is paused may be replaced at any moment, and judges all the
    same on coming back."""
    called = here.rows(
        "SELECT p.telegram_id FROM juries y JOIN people p ON p.id = y.worker WHERE y.called = 1 ORDER BY y.seat LIMIT 3"
    )
    return [next(phone for phone in phones if phone.id == number) for (number,) in called]


async def crowded(here: Town, **changes: object) -> tuple[int, Phone, Phone, list[Phone]]:
    """(project, requester, a worker with one answer, three others with one each)."""
    rosa = await here.requester()
    number = await here.project(rosa, csv(*(f"review {n}" for n in range(20))), accept="review", **changes)
    crowd = [await here.worker(name) for name in ("Ann", "Bob", "Cid", "Dan")]
    for phone in crowd:
        await answered(phone)
        await phone.say("/pause")
        await phone.wait_for("Paused")
    return number, rosa, crowd[0], crowd[1:]


async def reject_first(rosa: Phone, number: int, reason: str = REASON) -> None:
    await ask(rosa, f"/review {number}", "wait for you|waits for you")
    await rosa.press("❌ Reject")
    await rosa.wait_for("Which line of your instructions")
    await rosa.press("2. Is the writer pleased?")
    await rosa.wait_for("Why\\? Write it")
    await rosa.say(reason)
    await rosa.wait_for("rejected. The worker was told")


async def verdict(judge: Phone, press: str) -> str:
    """What they have in hand first; the judgement comes before another task."""
    await judge.say("/work")
    shown = text_of(await judge.wait_for("Please judge"))
    assert REASON in shown
    assert "positive" in shown
    assert "I see a smile" in shown
    assert "Ann" not in shown
    return await toast(judge, await judge.press(press))


async def appealed(ann: Phone) -> None:
    told = text_of(await ann.wait_for("answer rejected"))
    assert "Line 2: “Is the writer pleased?”" in told
    assert REASON in told
    await ann.press("⚖️ Appeal")
    await ann.say("hello?")  # a stray word is nobody's last word
    await ann.press("✏️ Add a few words", await ann.wait_for("your appeal is open"))
    await ann.wait_for("in one message")
    await ann.say("I see a smile")
    await ann.press("✅ Yes, send it", await ann.wait_for("Shall I pass this on"))
    await ann.wait_for("Passed on")


async def test_a_rejection_is_appealed_judged_by_three_and_paid(fair: Town):
    others = await strangers(fair)
    number, rosa, ann, _ = await crowded(fair)
    await reject_first(rosa, number)
    await rosa.wait_for("3 answers wait for you")
    await rosa.press("✅ Accept all the rest (3)")  # the fee of what may still be rejected pays no judge
    await rosa.wait_for("3 answers accepted")
    assert fair.balance(f"project:{number}:disputed") == PAY
    assert fair.one("SELECT consensus FROM tasks WHERE key = '1'") is None
    await appealed(ann)
    assert "Rejected, to be decided: €0.05" in await ask(ann, "/balance", "Your balance")
    assert fair.balance("platform:judges") == 3 * PAY
    judges = drawn(fair, others)
    before = [fair.balance(f"worker:{judge.id}:available") for judge in judges]
    assert "Received" in await verdict(judges[0], "👍 The answer is fine: pay it")
    await verdict(judges[1], "👎 The rejection is right")
    assert fair.balance(f"worker:{ann.id}:available") == 0
    await verdict(judges[2], "👍 The answer is fine: pay it")
    assert "For you: 2, for the requester: 1" in text_of(await ann.wait_for("you won your appeal"))
    await rosa.wait_for("appealed against your rejection and won")
    assert fair.balance(f"worker:{ann.id}:available") == PAY
    assert [fair.balance(f"worker:{judge.id}:available") for judge in judges] == [each + PAY for each in before]
    assert fair.one("SELECT consensus FROM tasks WHERE key = '1'") == "positive"
    assert fair.one("SELECT state FROM submissions ORDER BY id LIMIT 1") == "accepted"
    assert "⚖️ Rejected, to be decided" not in await ask(ann, "/balance", "Your balance")
    assert "For judges of what you rejected: €0.15" in await ask(rosa, "/funds", "Your funds")  # who loses, pays
    again = await judges[0].answer_to(await judges[0].press_data("ju:1:0", 1))
    assert "already" in again["text"]
    assert not again.get("show_alert")  # a double tap is no mistake


async def test_silence_of_judges_pays_and_silence_of_the_worker_gives_back(home: Town):
    number, rosa, ann, others = await crowded(home)
    await reject_first(rosa, number)
    await reject_first(rosa, number)
    await appealed(ann)
    await home.admin.wait_for("An appeal to decide")  # nobody here is a stranger to Rosa
    assert home.balance("platform:judges") == 2 * 3 * PAY
    before = home.balance(f"requester:{rosa.id}:available")
    disputed = (await rosa.download(await said(rosa, f"/submissions {number}", "one row per answer"))).decode()
    assert [row.split(",")[2] for row in disputed.splitlines() if ",disputed," in row] == ["", ""]
    home.clock.skip(hours=73)
    assert "There was no decision in time" in text_of(await ann.wait_for("you won your appeal"))
    assert home.balance(f"worker:{ann.id}:available") == PAY
    home.clock.skip(hours=7 * 24)
    await others[0].wait_for("the seven days for an appeal are over")
    assert "Nobody appealed" in await ask(rosa, f"/why {operation(await rosa.wait_for('your rejection stands'))}", "🧾")
    assert home.balance(f"requester:{rosa.id}:available") == before + PAY + PAY // 10 + 2 * 3 * PAY
    assert home.balance(f"project:{number}:disputed") == 0
    rows = (await rosa.download(await said(rosa, f"/submissions {number}", "one row per answer"))).decode()
    assert len(rows.splitlines()) == 1 + 3
    assert "disputed" not in rows
    await others[0].press_data("ap:2", 1)
    assert "noted already" in await toast(others[0], await others[0].press_data("ap:2", 1))


async def said(phone: Phone, words: str, shown: str) -> Any:
    await phone.say(words)
    return await phone.wait_for(shown)


def operation(message: Any) -> str:
    return re.findall(r"#(\d+)", text_of(message))[0]


def answer_many(town: Town, worker: int, times: int) -> None:
    """Through the services."""
    for _ in range(times):
        with one_transaction(town.bot.settings.database_url, town.clock()) as unit:
            person = unit.people.find_by_telegram_id(worker)
            assert person is not None
            if unit.assignments.active_for(person.id) is None:
                submit.show_work(unit, person)
            in_hand = unit.assignments.active_for(person.id)
            assert in_hand is not None
            submit.submit_answer(unit, person, in_hand.id, "0", None)


async def test_more_than_five_in_a_hundred_stop_a_project_until_an_admin_has_looked(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    number = await home.project(rosa, csv(*(f"review {n}" for n in range(40))), accept="review", overlap=1)
    answer_many(home, ann.id, 20)
    await ask(rosa, f"/review {number}", "20 answers wait for you")
    await rosa.press("✅ Accept all the rest (20)")
    await rosa.wait_for("20 answers accepted")
    await ann.wait_for("Available: €1.00 · still pending: €0.00")
    assert home.balance(f"worker:{ann.id}:available") == 20 * PAY
    answer_many(home, ann.id, 3)
    await reject_first(rosa, number)
    assert home.one("SELECT paused FROM projects") == ""
    await reject_first(rosa, number)
    paused = await rosa.wait_for("is paused")
    assert "2 of 22 decided" in text_of(paused)
    told = [each["message_id"] for each in rosa.messages if "The worker was told why" in text_of(each)]
    assert max(told) < paused["message_id"]
    await rosa.press("❌ Reject", await rosa.wait_for("1 answer waits for you"))
    await rosa.wait_for("Until then nothing can be rejected")
    await ask(await home.worker("Bob"), "/work", "No task for you")
    await home.admin.wait_for("are the reasons fair")
    await home.admin.press("▶️ Let it go on")
    await rosa.wait_for("somebody looked at it, and it goes on")
    assert home.rows("SELECT outcome, ended_by IS NOT NULL FROM pauses") in ([("resumed", True)], [("resumed", 1)])
    await reject_first(rosa, number)
    assert home.one("SELECT paused FROM projects") == ""


async def test_a_requester_hears_until_when_they_can_decide_also_of_a_complete_project(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    await home.project(rosa, csv("review 1", "review 2"), accept="review", overlap=1)
    answer_many(home, ann.id, 2)
    done = await rosa.wait_for("is complete")
    assert "they are paid, the first on 18/01/2027" in text_of(done)
    await rosa.press("🔍 Review (2)", done)
    await rosa.press("✅ Accept", await rosa.wait_for("2 answers wait for you"))
    await ann.wait_for("Available: €0.05")
    home.clock.skip(hours=25)
    assert "1 answer waits for your decision" in text_of(await rosa.wait_for("Your projects since yesterday"))
    home.clock.skip(hours=48)
    await ann.wait_for("Available: €0.10")
    first, last = home.rows("SELECT id FROM transfers WHERE kind = 'release' ORDER BY id")
    assert "The requester had accepted your answer" in await ask(ann, f"/why {first[0]}", "🧾")
    assert "nobody had said anything" in await ask(ann, f"/why {last[0]}", "🧾")
    home.clock.skip(hours=24)
    await home.until(lambda: home.rows("SELECT 1 FROM requester_digests") == [])


async def test_an_answer_that_was_taken_back_is_neither_read_nor_rejected_and_stays_paid(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    number = await home.project(rosa, csv(*(f"review {n}" for n in range(9))), accept="review", overlap=1)
    answer_many(home, ann.id, 2)
    await reject_first(rosa, number)
    waiting = await rosa.wait_for("1 answer waits for you")
    await ann.press("⚖️ Appeal", await ann.wait_for("answer rejected"))
    await ask(ann, f"/forget {number}", "Take your answers to")
    await ann.press("Yes, take them back")
    await ann.wait_for("2 answers left the requester's files")
    await rosa.wait_for("has taken 2 answers back")
    await ask(rosa, f"/review {number}", "no answer waits")
    await rosa.press("❌ Reject", waiting)  # an older message
    await rosa.wait_for("What is theirs stays theirs")
    await home.admin.press("👍 The answer is fine: pay it", await home.admin.wait_for("An appeal to decide"))
    told = text_of(await rosa.wait_for("appealed against your rejection and won"))
    assert "They have taken the answer back" in told
    assert "Answer: positive" not in told
    assert "Its worker has taken this answer back" in await ask(rosa, f"/why {told.split('/why_')[1]}", "🧾")
    home.clock.skip(hours=73)
    await ann.wait_for("Available: €0.10")


async def test_a_bonus_goes_to_somebody_who_worked_and_says_why(home: Town):
    number, rosa, ann, _ = await crowded(home)
    await ask(rosa, f"/review {number}", "wait for you")
    await rosa.press("🎁 Bonus")
    name = text_of(await rosa.wait_for("A bonus for")).split()[4]
    await rosa.say("0.50")
    await rosa.wait_for("Amount and reason are needed")
    await rosa.say("0.50 You noticed what others missed.")
    await rosa.wait_for(f"{name} got €0.50")
    told = await ann.wait_for("A bonus: €0.50")
    assert "You noticed what others missed." in text_of(told)
    assert "thanked you" in await ask(ann, f"/why {operation(told)}", "🧾")
    await ask(rosa, f"/bonus {name} 0.25 And again", "got €0.25")
    assert "Given as bonuses: €0.75" in await ask(rosa, "/funds", "Your funds")
    await ask(rosa, "/bonus wnobody 0.25 Thanks", "Nobody called wnobody")
    await ask(rosa, f"/bonus {name} 1000 Thanks", "is too much")
    assert home.balance(f"worker:{ann.id}:available") == 750_000


async def test_why_explains_to_whom_it_concerns_and_to_nobody_else(home: Town):
    rosa, ann, bob = await home.requester(), await home.worker("Ann"), await home.worker("Bob")
    number = await home.project(rosa, csv(*(f"review {n}" for n in range(30)), gold=("positive",)), overlap=2)
    answer_many(home, ann.id, 12)
    ordinary, gold = (home.one(REWARD + which) for which in ("s.gold IS NULL", "s.gold = 1"))
    assert "What would you like explained?" in await ask(ann, "/why", "explained")
    told = await ask(ann, f"/why {ordinary}", "🧾")
    assert "Your pay for an answer" in told
    assert "the requester paid a fee of €0.005" in told
    assert "Others said" not in told
    await ask(bob, f"/why {ordinary}", f"You have no operation {ordinary}")
    await ask(bob, "/why 999999", "You have no operation 999999")
    assert "project:1:budget → " in await ask(home.admin, f"/why {ordinary}", "🧾")
    assert "A worker's pay" in await ask(rosa, f"/why {ordinary}", "🧾")
    assert "It was a check question" not in await ask(ann, f"/why {gold}", f"🧾 Operation #{gold}")
    await ask(rosa, f"/stop {number}", "Stop this project")
    await rosa.press("⏹ Yes, stop")
    await rosa.wait_for("is stopped")
    assert "It was a check question" in await ask(ann, f"/why {gold}", f"🧾 Operation #{gold}")


async def test_what_a_camera_wrote_into_a_file_does_not_reach_the_requester(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann", pushed=False)
    form = "/newproject\ntitle: Show it\ninstructions: Show it.\npay: 0.05\noverlap: 1\naccept: review\nseconds: 9"
    number = await home.project(rosa, b"text\nyour street\nyour door\n", f"{form}\nkind: photo\nchecks: off")
    await ask(ann, "/work", "your street")
    for turned, following in ((6, "your door"), (3, "No task")):
        await ann.upload(from_a_camera("JPEG", turned), "IMG_20260101.jpg")
        await ann.wait_for(following)
    shown = await said(rosa, f"/review {number}", "2 answers wait for you")
    for turned in (6, 3):
        assert shown["document"]["file_name"] == "photo.jpg"
        assert await rosa.download(shown) == without_camera_data(from_a_camera("JPEG", turned))
        await rosa.press("✅ Accept")
        shown = await rosa.wait_for("answers? waits? for you|no answer waits")
    await rosa.say(f"/results {number} zip")
    with zipfile.ZipFile(io.BytesIO(await rosa.download(await rosa.wait_for(is_zip)))) as files:
        assert [files.read(name) for name in files.namelist()[:2]] == [
            without_camera_data(from_a_camera("JPEG", turned)) for turned in (6, 3)
        ]
    await rosa.press("📷 See them here")
    await rosa.wait_for("⬆️")
    sent = [message for message in rosa.messages if message.get("document", {}).get("file_name") == "photo.jpg"]
    assert len({message["document"]["file_id"] for message in sent}) == 2  # each is cleaned once
    assert len(sent) == 4
    assert PLACE not in b"".join([await rosa.download(message) for message in sent])


def is_zip(message: Json) -> bool:
    return message.get("document", {}).get("file_name", "").endswith(".zip")


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
async def test_what_was_sent_is_seen_and_heard_before_it_is_decided(home: Town, kind: str):
    rosa, ann = await home.requester(), await home.worker("Ann", pushed=False)
    form = "/newproject\ntitle: Show it\ninstructions: Show it.\npay: 0.05\noverlap: 1\naccept: review\nseconds: 9"
    asked = "voice" if kind == "voice" else "photo"
    number = await home.project(rosa, b"text\nyour street\n", f"{form}\nkind: {asked}")
    await ask(ann, "/work", "your street")
    sent = await ann.upload(
        b"OggS hello" if kind == "voice" else PNG, "a.ogg" if kind == "voice" else "a.png", kind=kind
    )
    await ann.wait_for("No task")
    shown = await said(rosa, f"/review {number}", "1 answer waits for you")
    file = shown[kind][-1] if kind == "photo" else shown[kind]
    assert file["file_id"] == (sent[kind][-1] if kind == "photo" else sent[kind])["file_id"]
    await rosa.press("✅ Accept")
    await rosa.wait_for("no answer waits")
    assert home.balance(f"worker:{ann.id}:available") == PAY
