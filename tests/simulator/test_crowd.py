"""The scripted crowd: people with opinions of real raters, reproducible to the last answer."""

import asyncio
from collections.abc import AsyncIterator
from random import Random
from statistics import fmean

import pytest

from simulator import Switchboard
from simulator.crowd.behaviour import Sentence, WorkerProfile, amazon_reviews, is_positive_answer, seconds, workers
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd, arguments

GOOD = Sentence("g", "I love it.", 3.0, (3,) * 20)
MIXED = Sentence("m", "It is a player.", 0.0, (2,) * 10 + (-2,) * 10)


def opinions(profile: WorkerProfile, count: int = 400, sentence: Sentence = GOOD, seed: int = 0) -> list[bool]:
    several = [Sentence(f"{sentence.id}{n}", sentence.text, sentence.mean, sentence.ratings) for n in range(count)]
    return [is_positive_answer(profile, each, each.text, answered, seed) for answered, each in enumerate(several)]


def test_the_reviews_are_whole():
    sentences = amazon_reviews().sentences
    assert len(sentences) == 3708
    assert all(len(sentence.ratings) == 20 for sentence in sentences)
    assert all(abs(fmean(sentence.ratings) - sentence.mean) < 0.01 for sentence in sentences)


def test_a_sentence_is_found_in_a_message():
    sentence = amazon_reviews().sentences[4]
    assert amazon_reviews().find(f"Task 12\n\n{sentence.text}\n\n5 cents") == sentence
    assert amazon_reviews().find(f"Read: “{sentence.text.upper()}” and say") == sentence
    assert amazon_reviews().find("Hello") is None


def test_honest_workers_answer_as_real_raters_did():
    assert all(opinions(WorkerProfile("a")))
    assert 0.4 < fmean(opinions(WorkerProfile("a"), sentence=MIXED)) < 0.6


def test_two_workers_draw_different_raters_and_each_draws_the_same_again():
    first, second = (opinions(WorkerProfile(name), sentence=MIXED) for name in ("a", "b"))
    assert first == opinions(WorkerProfile("a"), sentence=MIXED)
    assert 0.4 < fmean(x == y for x, y in zip(first, second, strict=True)) < 0.6
    assert first != opinions(WorkerProfile("a"), sentence=MIXED, seed=1)


def test_less_skill_is_more_wrong_answers():
    assert 0.74 < fmean(opinions(WorkerProfile("a", skill=0.8))) < 0.86


def test_the_dishonest():
    assert 0.4 < fmean(opinions(WorkerProfile("a", "random"))) < 0.6
    assert all(opinions(WorkerProfile("a", "constant"), sentence=Sentence("b", "Bad.", -3, (-3,) * 20)))
    sleeper = opinions(WorkerProfile("a", "sleeper", sleeps_after=100))
    assert all(sleeper[:100])
    assert not all(sleeper[100:])
    rings = [opinions(WorkerProfile(name, "colluder", key=key)) for name, key in (("a", "k"), ("b", "k"), ("c", "x"))]
    assert rings[0] == rings[1] != rings[2]


def test_a_rating_of_nothing_is_decided_by_a_second_one():
    mostly = Sentence("z", "Well.", 1.0, (0,) * 10 + (2,) * 10)
    assert 0.8 < fmean(opinions(WorkerProfile("a"), sentence=mostly)) < 0.95


def test_reaction_times_follow_the_profile():
    taken = [seconds(WorkerProfile("a", seconds=4), Random(n)) for n in range(500)]
    assert 3.5 < sorted(taken)[250] < 4.5


def test_a_crowd_is_mixed_as_asked():
    crowd = workers(20, {"random": 0.1, "colluder": 0.2}, seed=3)
    assert sorted(worker.kind for worker in crowd) == ["colluder"] * 4 + ["honest"] * 14 + ["random"] * 2
    assert len({worker.name for worker in crowd}) == 20
    assert crowd == workers(20, {"random": 0.1, "colluder": 0.2}, seed=3)


class Requester:
    """The smallest bot that gives work: consent, then three tasks edited in place."""

    def __init__(self, call, tasks: list[str]) -> None:
        self.call = call
        self.tasks = tasks
        self.pressed: dict[int, list[str]] = {}
        self.deaf_to = 0

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.call.result("getUpdates", offset=offset, timeout=5):
                offset = update["update_id"] + 1
                await self._handle(update)

    async def _handle(self, update: dict) -> None:
        if "message" in update:
            person = update["message"]["from"]["id"]
            await self._show("sendMessage", "Ready?", ["I agree", "No"], chat_id=person)
            return
        query = update["callback_query"]
        if self.deaf_to > 0 and query["data"] == "positive":
            self.deaf_to -= 1
            return
        done = self.pressed.setdefault(query["from"]["id"], [])
        done.append(query["data"])
        place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
        if len(done) <= len(self.tasks):
            text = f"Is the writer pleased?\n\n{self.tasks[len(done) - 1]}"
            await self._show("editMessageText", text, ["positive", "negative", "Skip"], **place)
        else:
            await self._show("editMessageText", "Paid.", ["Contest"], **place)

    async def _show(self, method: str, text: str, buttons: list[str], **place: int) -> None:
        rows = [[{"text": text, "callback_data": text}] for text in buttons]
        await self.call.result(method, text=text, reply_markup={"inline_keyboard": rows}, **place)


@pytest.fixture
async def requester(call) -> AsyncIterator[Requester]:
    pleased = [sentence.text for sentence in amazon_reviews().sentences if min(sentence.ratings) > 1][:3]
    requester = Requester(call, pleased)
    task = asyncio.create_task(requester.run())
    yield requester
    task.cancel()


async def test_a_crowd_agrees_answers_and_presses_nothing_else(telegram, requester):
    async with ScriptedCrowd(telegram.url, workers(4, seed=1), CrowdPlan(speed=1000)) as crowd:
        await crowd.until(12)
        await asyncio.sleep(0.05)
    assert {len(done) for done in requester.pressed.values()} == {4}
    assert all(done[0] == "I agree" for done in requester.pressed.values())
    pleased = [answer for answer in crowd.answers if answer.option == "positive"]
    assert len(pleased) >= 9
    assert {answer.sentence for answer in crowd.answers} == {
        sentence.id for sentence in amazon_reviews().sentences if sentence.text in requester.tasks
    }


async def test_a_press_that_changed_nothing_is_repeated(telegram, requester):
    requester.deaf_to = 1
    async with ScriptedCrowd(telegram.url, [WorkerProfile("Awa")], CrowdPlan(speed=1000, patience=0.1)) as crowd:
        await crowd.until(3)
    assert len({answer.sentence for answer in crowd.answers}) == len(crowd.answers) == 3


async def test_a_task_of_another_kind_is_left_and_nothing_is_pressed_under_what_says_so(telegram, call):
    async def hear(after: int = 0) -> dict:
        while not (updates := await call.result("getUpdates", offset=after + 1, timeout=5)):
            pass
        return updates[0]

    async def ask(*buttons: str) -> None:
        rows = [[{"text": text, "callback_data": text}] for text in buttons]
        await call.result("sendMessage", chat_id=person, text="?", reply_markup={"inline_keyboard": rows})

    async with ScriptedCrowd(telegram.url, [WorkerProfile("Awa")], CrowdPlan(speed=1000, leave=("Not this project",))):
        started = await hear()
        person = started["message"]["from"]["id"]
        await ask("Can't tell", "Not this project")
        left = await hear(started["update_id"])
        await ask("Undo")
        await ask("positive", "negative")
        answered = await hear(left["update_id"])
    assert left["callback_query"]["data"] == "Not this project"
    assert answered["callback_query"]["data"] in ("positive", "negative")


async def test_people_of_the_crowd_are_marked_as_such(telegram):
    async with ScriptedCrowd(telegram.url, workers(2), CrowdPlan()), Switchboard(telegram.url) as board:
        state = await board.get("/sim/state")
    assert [person["role"] for person in state["people"]] == ["crowd", "crowd"]


def test_the_command_line_takes_a_mix():
    assert arguments(["--mix", "random=.1,sleeper=.2"]).mix == {"random": 0.1, "sleeper": 0.2}
    with pytest.raises(SystemExit):
        arguments(["--mix", "lazy=1"])
