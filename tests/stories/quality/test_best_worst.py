"""The best and the worst of a row's columns, from the file to the results: two presses, gold, three workers."""

import json

from simulator.crowd.client import Phone, buttons_of, text_of
from tests.stories.town import Town, next_task
from tests.stories.work.test_kinds import at_work, open_project, results

FILE = "first,second,third,gold,reason\n" + "".join(f"good {n},fair {n},poor {n},,\n" for n in range(9))
FILE += "".join(f"known {n},fair,broken,A > C,the third one is broken\n" for n in range(3))


async def pressed(worker: Phone, best: str, worst: str) -> None:
    """Two presses and Done."""
    await worker.press(best)
    await worker.wait_for(f"Best: {best}. Now press the worst")
    await worker.press(worst)
    await worker.wait_for(f"Best: {best}. Worst: {worst}")
    await worker.press("✅ Done")


async def test_three_workers_say_which_is_the_best_and_which_the_worst(home: Town):
    rosa, number = await open_project(home, "best_worst", FILE, overlap=3, compare="fixed order")
    for name, best, worst in (("Ann", "A", "C"), ("Ben", "A", "B"), ("Cid", "A", "C")):
        worker, task = await at_work(home, name)
        while "No task" not in text_of(task):
            await pressed(worker, best, worst)
            task = await next_task(worker)
        explained = any("the third one is broken" in text_of(message) for message in worker.messages)
        assert explained == (worst == "B")
    found = await results(rosa, number)
    assert {(row["consensus"], row["submissions"], row["state"]) for row in found} == {("A>C", "3", "closed")}
    plain = next(row for row in found if row["first"].startswith("good"))
    assert 0.8 < float(plain["confidence"]) < 1
    strengths = [float(plain[f"strength: {name}"]) for name in "ABC"]
    assert strengths[0] > strengths[1] > strengths[2]
    assert [plain[f"votes: {name}"] for name in "ABC"] == ["3", "-1", "-2"]
    known = [row for row in found if row["first"].startswith("known")]
    assert {row["gold"] for row in known} == {"A>C"}
    assert home.one("SELECT count(*) FROM submissions WHERE gold = 0") == 3
    given = await results(rosa, number, "submissions")
    assert sorted(row["answer"] for row in given) == ["A>B"] * 12 + ["A>C"] * 24


async def test_the_last_press_can_be_undone_and_one_of_the_two_is_no_answer(home: Town):
    rosa, number = await open_project(home, "best_worst", "text,a,b,c\nWhich?,good,fair,poor\n", compare="fixed order")
    ann, task = await at_work(home, "Ann")
    assert [button["text"] for button in buttons_of(task)][:3] == ["A", "B", "C"]
    assert "✅ Done" not in str(task["reply_markup"])
    await ann.press("B")
    await ann.wait_for("Best: B")
    await ann.press("↩️ Undo")
    await ann.wait_for("Press the best one first")
    await pressed(ann, "A", "C")
    await ann.wait_for("No task")
    (row,) = await results(rosa, number)
    assert row["consensus"] == "A>C"
    await rosa.say(f"/results {number} labelstudio")
    sent = await rosa.wait_for(lambda message: str(message.get("document", {}).get("file_name")).endswith(".json"))
    (told,) = json.loads(await rosa.download(sent))
    assert told["predictions"][0]["result"][0]["value"] == {"text": ["A>C"]}


async def test_two_columns_are_too_few_and_seven_too_many(home: Town):
    rosa = await home.requester()
    form = "/newproject\ntitle: T\ninstructions: Look.\npay: 0.05\nkind: best_worst"
    for names, said in (("a,b", "at least 3"), ("a,b,c,d,e,f,g", "at most 6")):
        rows = f"{names}\n{names}\n".encode()
        await rosa.upload(rows, f"{len(names)}.csv", form)
        assert said in text_of(await rosa.wait_for(said))
