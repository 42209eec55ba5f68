"""Forms: several questions on one task, in one message, from the caption to the results."""

from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from tests.stories.town import Town, next_task
from tests.stories.work.test_kinds import at_work, results

CAPTION = """/newproject
title: What is in the picture?
instructions: Look at it.
pay: 0.10
overlap: 2
question: choice | Is there a car? | yes, no
question: number | How many? | if q1 = yes
question: choices | Which colours? | red, blue, green | if q1 = yes
question: text | Anything else? | optional | name=remark
question: rating | How sharp is it?"""
FILE = b"text,gold:q1,reason\nknown street,yes,a red car stands there\nlane,,\nstreet,,\n"


async def step(worker: Phone, task: Json, said: str, *, below: bool = False) -> Json:
    """The task's own message, once it says this: the answered ones before it say the same; after words, one `below`."""
    last = task["message_id"]
    shown = await worker.wait_for(
        lambda message: said in text_of(message) and message["message_id"] >= last + below, new=below
    )
    assert (shown["message_id"] > last) is below
    return shown


async def answers(worker: Phone, task: Json, car: str, *rest: tuple[str, str]) -> Json:
    """Presses and words, each once its question is shown; returns what follows."""
    await worker.press(car, task)
    written = False
    for question, answer in rest:
        task = await step(worker, task, question, below=written)
        written = answer not in [button["text"] for button in buttons_of(task)]
        if written:
            await worker.say(answer)
        else:
            await worker.press(answer, task)
        if "Which colours" in question:
            await worker.press("✅ Done", await step(worker, task, f"Chosen: {answer}"))
    return await next_task(worker)


async def test_a_form_is_answered_in_one_message_with_what_follows_words_below_them(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, FILE, CAPTION)
    ann, task = await at_work(home, "Ann")
    assert "1/5 Is there a car?" in text_of(task)
    assert [button["text"] for button in buttons_of(task)][:2] == ["yes", "no"]
    before = len(ann.messages)
    await ann.press("no", task)
    task = await step(ann, task, "2/3 Anything else")  # no car: nothing is asked about it
    await ann.press("⬅️ Back", task)
    await ann.press("yes", await step(ann, task, "1/5 Is there"))
    await step(ann, task, "2/5 How many")
    await ann.say("several")
    await ann.wait_for("not a number")
    await ann.say("2")
    asked, task = task, await step(ann, task, "✓ How many? 2", below=True)
    await ann.until(lambda phone: "further down" in text_of(phone.shown[asked["message_id"]]))
    assert ann.last["message_id"] == task["message_id"]  # and not above what she wrote
    await home.restart()
    await ann.press("red", task)
    await ann.press("✅ Done", await step(ann, task, "Chosen: red"))
    await ann.press("➖ Leave out", await step(ann, task, "4/5 Anything else"))
    task = await step(ann, task, "5/5 How sharp")
    assert len(ann.messages) == before + 4  # her words, twice; that the first are no number; what followed the second
    await ann.press("4", task)
    task = await next_task(ann)
    whole = [("2/5 How many", "2"), ("3/5 Which colours", "red"), ("4/5 Anything else", "wet"), ("5/5 How sharp", "4")]
    while "No task" not in text_of(task):
        task = await answers(ann, task, "yes", *whole)
    ben, task = await at_work(home, "Ben")
    while "No task" not in text_of(task):
        task = await answers(ben, task, "no", ("2/3 Anything else", "a tree"), ("3/3 How sharp", "5"))
    known, _, plain = await results(rosa, number)
    assert (known["consensus:q1"], known["confidence:q1"], plain["submissions"]) == ("yes", "1.0", "2")
    least = min(float(plain["confidence:q1"]), float(plain["confidence:q5"]))
    assert float(plain["confidence"]) <= round(least, 4)  # the whole form's has four decimals
    given = await results(rosa, number, "submissions")
    assert {row["answer:remark"] for row in given} == {"", "wet", "a tree"}
    tree = next(row for row in given if row["answer:remark"] == "a tree")
    assert (tree["answer"], tree["answer:q2"]) == ('{"q1":"no","remark":"a tree","q5":"5"}', "")
