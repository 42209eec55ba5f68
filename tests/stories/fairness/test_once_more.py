"""Reviewing without rejecting: an answer is asked for once more, paid again; thanks to many come from a file."""

import re

from simulator.crowd.client import text_of
from tests.stories.fairness.test_review import PAY, answered
from tests.stories.town import Town, ask, csv


async def test_a_second_answer_and_a_file_of_thanks(anywhere: Town) -> None:
    here = anywhere
    rosa = await here.requester()
    number = await here.project(rosa, csv("review 1", "review 2"), accept="review")
    ann = await here.worker("Ann")
    await answered(ann)
    await ask(rosa, f"/review {number}", "waits for you")
    name = re.findall(r"By (w\w+),", text_of(rosa.last))[0]
    await rosa.press("🔁 Once more, paid")
    await rosa.wait_for("once more\\?")
    await rosa.say("Please read to the end: it is a joke.")
    await rosa.wait_for("is asked")
    offer = await ann.wait_for("Would you do this once more")
    assert "it is a joke" in text_of(offer)
    assert here.balance(f"worker:{ann.id}:available") == PAY
    await ann.press("🔁 Do it once more", on=offer)
    await ann.press("negative", on=await ann.wait_for(lambda message: "Keep my answer" in str(message), new=True))
    await ann.wait_for("for your second answer")
    assert "negative" in text_of(await rosa.wait_for("did it once more"))
    assert here.balance(f"worker:{ann.id}:available") == 2 * PAY

    table = f"worker,amount,reason\n{name},0.50,you look twice\n".encode()
    for sent in ("Nothing is paid yet", "were paid before|was paid before"):
        await rosa.upload(table, "thanks.csv", "/bonus")
        listed = await rosa.wait_for(sent, new=True)
        if "Nothing" in sent:
            await rosa.press("🎁 Pay €0.50", on=listed)
            await rosa.wait_for("Everybody was told")
    assert here.balance(f"worker:{ann.id}:available") == 2 * PAY + 500_000
    await ann.wait_for("you look twice")
