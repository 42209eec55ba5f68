"""Pay goes up while a project runs, with one press; each answer is paid what was promised, or more."""

from simulator.crowd.client import text_of
from tests.stories.town import CAPTION, Town, ask, csv, draft, toast, with_lines


async def test_a_raise_reaches_the_task_in_hand_is_funded_first_and_never_taken_back(anywhere: Town):
    rosa = await anywhere.requester(euros="0.30")
    number = await anywhere.project(rosa, csv("Lovely", "Awful", "So-so"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("Awful")
    in_hand = ann.last
    offered = await ask(rosa, f"/raise {number}", "Raise it to what")
    assert "€0.05" in offered
    assert rosa.keyboard[0] == "€0.055 · sets aside €0.011"
    assert "€0.041" in await ask(rosa, f"/raise {number} 0.13", "missing")
    await rosa.press("€0.055 · sets aside €0.011")
    raised = text_of(await rosa.wait_for("instead of"))
    assert "€0.055" in raised
    assert "€0.05" in raised
    assert "only go up" in await ask(rosa, f"/raise {number} 0.055", "Pay can")
    assert "for the task you have, too" in text_of(await ann.wait_for("pays more now"))
    assert "€0.055" in await toast(ann, await ann.press("negative", in_hand))
    third = await ann.wait_for("So-so")
    await ask(rosa, f"/stop {number}", "Stop this project")
    await rosa.press("⏹ Yes, stop")
    await rosa.wait_for("is stopped")
    await ann.press("negative", third)
    await anywhere.until(lambda: anywhere.one("SELECT balance FROM accounts WHERE name LIKE 'project:%:budget'") == 0)
    assert anywhere.balance(f"worker:{ann.id}:available") == 50_000 + 2 * 55_000
    assert anywhere.balance(f"requester:{rosa.id}:available") == 300_000 - 55_000 - 2 * 60_500


async def test_a_draft_below_the_floor_is_raised_until_it_passes(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("Lovely"), with_lines(CAPTION, pay="0.001"))
    await ask(rosa, f"/launch {number}", "€")
    await rosa.say(f"/raise {number} 0.08")
    assert "€0.08" in text_of(await rosa.wait_for(r"Project \d+:"))
    await rosa.say(f"/launch {number}")
    await rosa.wait_for("set aside")
    assert home.one("SELECT pay FROM projects") == 80_000


async def test_the_pay_of_a_draft_changes_both_ways_within_what_a_caption_may_say(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("Lovely"), CAPTION)
    for pay, millionths in (("0.20", 200_000), ("0.06", 60_000)):
        await rosa.say(f"/raise {number} {pay}")
        await rosa.wait_for(rf"× €{pay.rstrip('0')}")
        assert home.one("SELECT pay * 1000 + fee FROM projects") == millionths * 1000 + millionths // 10
    assert "not an amount" in await ask(rosa, f"/raise {number} 1000001", "not an amount")
    assert "Write /raise 1 1000 or /raise 1 1.00" in await ask(rosa, f"/raise {number} 1,000", "two amounts")
    assert home.one("SELECT pay FROM projects") == 60_000
