"""An admin suspends a worker, whose money stays theirs; another admin answers the appeal."""

from simulator.crowd.client import text_of
from tests.stories.town import ADMIN, ask, csv, first_button, next_task, town

WORDS = "My brother uses the same phone. We are two people."


async def test_a_suspended_worker_is_paid_and_heard_by_another_admin(sqlite_url: str):
    async with town(sqlite_url, admin_ids=(ADMIN, 901)) as home:
        bob = await home.telegram.phone("Bob", id=901, role="admin")
        await ask(bob, "/start", "Pouce")
        rosa = await home.requester()
        await home.project(rosa, csv("one", "two", "three"))
        ann = await home.worker("Ann")
        await ann.say("/work")
        await next_task(ann)
        await ann.press("positive")
        await next_task(ann)
        await home.admin.say(f"/audit {ann.id}")
        await home.admin.press("⛔ Suspend, with a reason", await home.admin.wait_for("Nothing speaks against"))
        await home.admin.wait_for("will be suspended")
        await ask(home.admin, "Two accounts answered from one phone.", "is suspended")
        notice = await ann.wait_for("Your account is suspended")
        assert "Two accounts answered" in text_of(notice)
        assert "money stays yours" in await ask(ann, "/work", "is suspended. The reason")
        await ask(ann, "/payout", "whose account is it")
        await ann.say("Ann Lee")
        await ann.wait_for("IBAN")
        await ann.say("FR76 3000 6000 0112 3456 7890 189")
        card = await ann.wait_for("€0.05")
        await ann.press(first_button(card), card)
        await home.until(lambda: home.balance(f"worker:{ann.id}:payout") == 50_000)
        await ann.press("⚖️ Appeal", notice)
        await ann.wait_for("Why is that wrong")
        await ask(ann, WORDS, "Another admin answers by")
        case = await bob.wait_for("is suspended, and appeals")
        assert WORDS in text_of(case)
        await bob.press("✅ Lift it", case)
        await ann.wait_for("no longer suspended")
        await ann.say("/work")
        assert "three" in text_of(await next_task(ann))
