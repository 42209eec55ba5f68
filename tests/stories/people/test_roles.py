"""Roles, and the refusals of others."""

import asyncio

from simulator.crowd.client import PATIENCE_SECONDS, text_of
from tests.stories.town import ADMIN, CAPTION, Town, ask, csv, draft, town, with_lines

ASKING = "Only requesters can do this"
RUNNING = "Only whoever runs this bot"


async def test_a_stranger_is_refused_politely_whatever_they_try(home: Town):
    stan = await home.phone("Stan")
    for command in ("/newproject", "/launch 1", "/projects", "/results 1", "/stop 1", "/funds"):
        await ask(stan, command, ASKING)
    for command in ("/deposit @stan 100", "/balance @ada", "/admin", "/ledger", "/role @stan requester on"):
        await ask(stan, command, RUNNING)
    await stan.upload(csv("Lovely"), "reviews.csv", CAPTION)
    await stan.wait_for(ASKING)
    assert home.rows("SELECT 1 FROM projects") == []
    assert home.rows("SELECT 1 FROM transfers") == []


async def test_a_worker_and_a_requester_are_refused_what_is_the_admins(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    for phone in (rosa, ann):
        await ask(phone, f"/deposit {phone.id} 1000", RUNNING)
        await ask(phone, f"/balance {ADMIN}", RUNNING)
    assert home.balance(f"requester:{rosa.id}:available") == 100_000_000


async def test_a_file_with_an_admins_caption_is_refused_in_the_words_of_it(home: Town):
    """Words for requesters would send a worker to ask for projects; a caption for nobody is no requester's file."""
    rosa, ann = await home.requester(), await home.worker("Ann")
    for phone in (rosa, ann):
        for caption in ("/payouts", "/deposit\namount: Amount"):
            await phone.upload(b"a;b\n", "list.csv", caption)
            await phone.wait_for(RUNNING, new=True)
    await ann.upload(csv("Lovely"), "reviews.csv", "/newproject")
    await ann.wait_for("Only requesters", new=True)
    await ann.upload(b"a;b\n", "list.csv", "/balance")
    assert "Only requesters" not in text_of(await ann.wait_for(lambda _: True, new=True))


async def test_another_requesters_project_does_not_exist(home: Town):
    rosa, rob = await home.requester("Rosa"), await home.requester("Rob")
    number = await home.project(rosa, csv("Lovely"))
    for command in ("project", "results", "submissions", "stop", "launch", "preview", "add"):
        assert "/projects" in await ask(rob, f"/{command} {number}", f"no project {number}")
    await rob.upload(csv("Mine"), "reviews.csv", f"/add {number}")
    await rob.wait_for("no project")
    assert home.one("SELECT count(*) FROM tasks") == 1
    assert home.one("SELECT state FROM projects") == "running"


async def test_the_role_is_granted_and_taken_back_while_what_runs_goes_on(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    assert "/newproject" in [f"/{name}" for name in await rosa.commands()]
    await home.admin.say(f"/role {rosa.id} requester off")
    await rosa.wait_for("cannot open new projects")
    await ask(rosa, f"/project {number}", ASKING)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("No task")
    await home.admin.say(f"/role {rosa.id} requester on")
    await rosa.wait_for("You may open projects now")
    await ask(rosa, f"/project {number}", "complete")


async def test_a_role_command_that_is_no_role_command_shows_how(home: Town):
    for said in ("/role", "/role 5", "/role 5 king on", "/role 5 requester maybe"):
        await ask(home.admin, said, "/role PERSON requester on")
    await ask(home.admin, "/role @nobody requester off", "I know nobody called @nobody")


async def test_a_role_can_be_given_before_the_person_writes(home: Town):
    await ask(home.admin, "/role 4242 requester on", "may open projects")
    rosa = await home.phone("Rosa", id=4242)
    await ask(rosa, "/newproject", "New project")


async def test_a_stranger_asks_to_give_work_and_begins_a_project(home: Town):
    rosa = await home.phone("Rosa")
    await ask(rosa, "/projects", ASKING)
    await rosa.press("💼 I want to give work")
    await rosa.wait_for("who you are")
    await rosa.say("Rosa <b>of</b> the birds' club, to sort photos")
    await rosa.wait_for("How can one reach you")
    await rosa.say("rosa@example.org")
    await rosa.press("✅ I accept, send it", await rosa.wait_for("By sending it"))
    await rosa.wait_for("is sent")
    case = await home.admin.wait_for("wants to give work")
    assert "Rosa <b>of</b> the birds' club, to sort photos rosa@example.org" in text_of(case)
    await home.admin.press("✅ May open projects", case)
    await rosa.press("➕ New project", await rosa.wait_for("You may open projects now"))
    await rosa.wait_for("New project")
    assert "newproject" in await rosa.commands()


async def test_the_first_screen_of_who_comes_by_a_link_is_a_requesters(home: Town):
    said = await ask(home.admin, "/role invite", "t.me/")
    token = said.partition("?start=")[2].split()[0]
    rosa = await home.phone("Rosa")
    assert "/newproject" in await ask(rosa, f"/start {token}", "You may open projects now")
    await ask(await home.phone("Stan"), f"/start {token}", "This invitation was used")


async def test_the_menus_of_old_and_new_admins_follow_their_roles(home: Town):
    ann = await home.worker("Ann")
    assert ("admin" in await home.admin.commands(), "admin" in await ann.commands()) == (True, False)
    home.bot.settings = home.bot.settings.model_copy(update={"admin_ids": (ann.id,)})
    await home.restart()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "admin" in await home.admin.commands() or "admin" not in await ann.commands():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_open_requesters_lets_anybody_ask(sqlite_url: str):
    async with town(sqlite_url, open_requesters=True) as home:
        stan = await home.phone("Stan")
        assert await draft(stan, csv("Lovely")) == 1


async def test_nobody_is_paid_for_answering_their_own_project(home: Town):
    rosa = await home.requester()
    await rosa.press("✅ I agree")
    await rosa.wait_for("You are in")
    await home.project(rosa, csv("Lovely"))
    await ask(rosa, "/work", "No task for you")


NUMBERLESS = ("/launch", "/launch one", "/launch 99999999999999999999", "/results -1", "/launch ²", "/raise")


async def test_a_number_that_is_none_is_asked_for_with_what_to_type(home: Town):
    for said in NUMBERLESS:
        told = await ask(home.admin, said, "Which project")
        assert f"like this: {said.split()[0]} 7. Your projects and their numbers: /projects" in told
    rosa = await home.requester("Rosa", "0")
    assert "/webhooks resend | remove NUMBER" in await ask(rosa, "/webhooks remove one", "Like this")
    ann = await home.worker("Ann")
    told = await ask(ann, "/faq one", "Which project")
    assert "like this: /faq 7. For your work, buttons lead there" in told


async def test_the_example_of_a_number_is_that_of_the_newest_draft(home: Town):
    rosa = await home.requester()
    for title in ("One", "Two", "Three"):
        await draft(rosa, csv(title), with_lines(CAPTION, title=title))
    assert "like this: /launch 3. Your projects" in await ask(rosa, "/launch", "Which project")
    await rosa.say("/launch 3")
    await rosa.wait_for("set aside")
    assert "like this: /launch 2. Your projects" in await ask(rosa, "/launch", "Which project")
    assert "like this: /results 2. Your projects" in await ask(rosa, "/results", "Which project")
    for number in (2, 1):
        await rosa.say(f"/launch {number}")
        await rosa.wait_for("set aside", new=True)
    assert "like this: /hold 3. Your projects" in await ask(rosa, "/hold one", "Which project")
    await rosa.upload(csv("Four"), "more.csv", "/add")
    assert "like this: /add 3." in text_of(await rosa.wait_for("Which project", new=True))
    ben = await home.requester("Ben")
    assert "like this: /launch 7." in await ask(ben, "/launch", "Which project")
