"""A stranger's first project is looked at by an admin; it starts with one press, and the next one by itself."""

from handlers.fairness.first_look import ShowLook
from simulator.crowd.client import text_of
from tests.stories.town import CAPTION, ask, csv, draft, first_button, next_task, town, with_lines


async def test_a_first_project_starts_once_an_admin_has_looked(sqlite_url: str):
    async with town(sqlite_url, approve_first=True) as home:
        rosa = await home.requester()
        number = await draft(rosa, csv("Sign up there", "Write what you see"), with_lines(CAPTION, title="A test"))
        await ask(rosa, f"/launch {number}", "waits for an admin")
        card = await home.admin.wait_for("It is their first project")
        assert "Accounts and passwords: sign up" in text_of(card)
        assert first_button(card) == "✅ Let it start"
        await home.admin.press("⛔ Refuse, with a reason", card)
        await home.admin.wait_for("will not start")
        await ask(home.admin, "Nobody may be asked to sign up somewhere.", "is refused")
        assert "Nobody may be asked" in text_of(await rosa.wait_for("cannot start like this"))
        await ask(rosa, f"/launch {number}", "refused before")
        await home.admin.say("/admin")
        await home.admin.press(ShowLook.wire(number), await home.admin.wait_for("1 case waits for your decision"))
        await home.admin.press("✅ Let it start", await home.admin.wait_for("Refused before: Nobody may"))
        await rosa.wait_for("it starts now")
        ann = await home.worker("Ann")
        await ann.say("/work")
        assert "Sign up there" in text_of(await next_task(ann))
        again = await draft(rosa, csv("three", "four"), with_lines(CAPTION, title="Another"))
        await ask(rosa, f"/launch {again}", "set aside")
