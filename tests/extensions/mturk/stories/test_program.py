"""A program for Mechanical Turk, unmodified, and people who answer it in the chat."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from faults.waiting import free_port
from simulator.crowd.client import Phone, text_of
from simulator.values import Json
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import TYPE
from tests.stories.town import TownClock, ask, next_task, town

T = TypeVar("T")


async def a_client(rosa: Phone) -> Any:
    """As the lines of /apikey make it; botocore signs the time of this machine, so the story's clock stands on it."""
    told = await ask(rosa, "/apikey", "POUCE_API_KEY=")
    lines = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    return boto3.client(
        "mturk",
        region_name="us-east-1",
        endpoint_url=lines["AWS_ENDPOINT_URL_MTURK"],
        aws_access_key_id=lines["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=lines["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )


async def step(worker: Phone, task: Json, said: str) -> Json:
    """The task's own message, once it says this."""
    same = task["message_id"]
    return await worker.wait_for(lambda message: message["message_id"] == same and said in text_of(message))


async def answered(worker: Phone, animal: str, why: str) -> str:
    """The next HIT, question by question; what stood in its first message."""
    await worker.say("/work")
    task = await next_task(worker)
    seen = text_of(task)
    await worker.press(animal, task)
    await step(worker, task, "2/2 Why?")
    await worker.say(why)
    await next_task(worker)
    return seen


async def test_a_program_asks_people_answer_in_the_chat_and_it_pays_them(sqlite_url: str):
    settings = {"secrets_key": "the key of this house", "http_port": free_port()}
    async with town(sqlite_url, clock=TownClock(0), **settings) as home:  # boto3 signs with the system's clock
        rosa, ann = await home.requester(), await home.worker("Ann", pushed=False)
        ben = await home.worker("Ben", pushed=False)
        client = await a_client(rosa)

        async def do(program: Callable[[], T]) -> T:
            return await asyncio.to_thread(program)

        hit = await do(
            lambda: client.create_hit(
                **{**TYPE, "Reward": "0.25"}, LifetimeInSeconds=3600, MaxAssignments=2, Question=form()
            )["HIT"]
        )
        seen = await answered(ann, "A cat", "It purrs & sleeps")
        assert "Look at the sentence: it purrs" in seen
        assert "1/2 Which animal is it?" in seen
        await answered(ben, "A dog & more", "no idea")
        first, second = await do(lambda: client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"])
        texts = [[each.text for each in found] for found in ET.fromstring(first["Answer"])]
        assert texts == [["animal", "cat"], ["why", "It purrs & sleeps"]]
        about = {"AssignmentId": first["AssignmentId"]}
        await do(lambda: client.approve_assignment(**about, RequesterFeedback="Very good"))
        await ann.wait_for("Very good")
        await do(lambda: client.send_bonus(**about, WorkerId=first["WorkerId"], BonusAmount="0.10", Reason="so fast"))
        await ann.wait_for("so fast")
        await do(
            lambda: client.reject_assignment(
                AssignmentId=second["AssignmentId"], RequesterFeedback="2: a cat was described, not a dog"
            )
        )
        await ben.wait_for("a cat was described, not a dog")
        assert (await do(lambda: client.get_hit(HITId=hit["HITId"])["HIT"]))["HITStatus"] == "Reviewable"
        await do(lambda: client.delete_hit(HITId=hit["HITId"]))
