"""Balances: earnings, held money, the ledger."""

import re

from tests.stories.town import Town, answer, ask, csv


async def test_a_worker_sees_every_cent_and_an_admin_sees_the_same(anywhere: Town):
    rosa = await anywhere.requester(username="rosa")
    await anywhere.project(rosa, csv("Lovely", "Awful"))
    ann = await anywhere.worker("Ann", username="ann_a")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("Awful")
    own = await ask(ann, "/balance", "Available: €0.05")
    assert "Pending" not in own
    assert "/funds" not in own
    assert "Your money for projects: /funds" in await ask(rosa, "/balance", "Available")
    assert re.search(r"Today\n\+€0.05 1 answer /why_\d+$", own)
    for who in ("@ann_a", "@ANN_A", str(ann.id), "ann_a"):
        assert "Available: €0.05" in await ask(anywhere.admin, f"/balance {who}", "@ann_a")
    asking = await ask(anywhere.admin, "/balance @rosa", "@rosa")
    assert "€99.89" in asking
    assert "€0.055 held" in asking


async def test_a_days_movements_of_a_project_are_one_line(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv(*(f"Text {at}" for at in range(12))))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Text")
    while "No task" not in await answer(ann, "positive"):
        pass
    own = await ask(ann, "/balance", "Today")
    (line,) = [line for line in own.splitlines() if "/why_" in line]
    assert re.fullmatch(r"\+€0.60 12 answers /why_\d+", line)


async def test_each_cent_appears_once_when_pending_pay_becomes_available(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely", "Awful", "Fine"), accept="review")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("Awful")
    assert "⏳ Pending: €0.05\nYours from" in await ask(ann, "/balance", "Pending")
    home.clock.skip(hours=73)
    await ann.wait_for("that was pending is yours now")
    own = await ask(ann, "/balance", "Available: €0.05")
    assert [line for line in own.splitlines() if line.startswith("+")] == re.findall(r"\+€0.05 1 answer /why_\d+", own)
    assert own.count("/why_") == 1


async def test_balance_without_earnings_says_so(home: Town):
    ann = await home.worker("Ann")
    assert "€0.00" in await ask(ann, "/balance", "Available")
    stan = await home.phone("Stan")
    assert "€0.00" in await ask(stan, "/balance", "Available")


async def test_funds_show_free_and_held_money(home: Town):
    rosa = await home.requester(euros="1")
    await home.project(rosa, csv("Lovely", "Awful"))
    told = await ask(rosa, "/funds", "Your funds")
    assert "€0.89" in told
    assert "€0.11" in told


async def test_an_admin_sees_the_platforms_figures_and_the_ledger(anywhere: Town):
    rosa = await anywhere.requester(euros="1")
    await anywhere.project(rosa, csv("Lovely"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    house = await ask(anywhere.admin, "/admin", "At the bank")
    assert "1 worker" in house
    assert "Is the review positive?" in house
    assert "€1.00" in house
    assert "sums to €0.00" in house
    book = await ask(anywhere.admin, "/ledger", "external:bank")
    for account in (f"requester:{rosa.id}:available", "project:1:budget", "platform:fees", f"worker:{ann.id}:pending"):
        assert account in book
    await anywhere.admin.press("📄 The whole ledger, for hledger")
    journal = await anywhere.admin.download(await anywhere.admin.wait_for(lambda message: "document" in message))
    assert f"account requester:{rosa.id}:available\n" in journal.decode()
    account = await ask(anywhere.admin, f"/ledger requester:{rosa.id}:available", "€0.945")
    assert "€1.00" in account
    assert "#1 ·" in account
    order = await ask(anywhere.admin, "/verify", "in order")
    assert "❌" not in order
    await ask(anywhere.admin, "/ledger worker:1:nothing", "no account worker:1:nothing")
    await ask(anywhere.admin, "/ledger platform:fees", "platform:fees")


async def test_every_look_of_an_admin_is_in_the_audit_log(home: Town):
    ann = await home.worker("Ann")
    await ask(home.admin, f"/balance {ann.id}", "Ann")
    assert home.one("SELECT count(*) FROM audit WHERE action = 'balance'") == 1


async def test_a_month_comes_as_a_document_and_as_a_table(home: Town):
    await home.project(await home.requester(), csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ask(ann, "/statement 1999-13", "not a month")
    await ann.say("/statement")
    paper = await ann.wait_for(lambda message: "document" in message)
    assert (await ann.download(paper)).startswith(b"%PDF")
    await ann.press("📊 As a table (CSV)")
    table = await ann.wait_for(lambda message: message.get("document", {}).get("mime_type") == "text/csv")
    assert ",0.05,EUR,#" in (await ann.download(table)).decode()


async def test_an_amount_that_cannot_be_read_is_named(home: Town):
    assert "two amounts" in await ask(home.admin, f"/deposit {home.admin.id} 1,000", "“1,000”")
    for amount in ("soon", "0"):
        assert "not an amount" in await ask(home.admin, f"/deposit {home.admin.id} {amount}", f"“{amount}”")


async def test_everybody_can_see_the_platforms_figures(home: Town):
    await home.project(await home.requester(), csv("Lovely"))
    stan = await home.phone("Stan")
    await home.until(lambda: home.look(lambda unit: unit.hash_chain.head().position) == 2)
    await stan.say("/stats")
    told = await stan.wait_for(lambda message: "photo" in message)
    assert "At the bank: €100.00" in told["caption"]
    assert home.look(lambda unit: unit.hash_chain.head().hash) in told["caption"]


async def test_balances_keep_their_currency_after_a_change(home: Town):
    rosa = await home.requester(euros="1")
    await home.project(rosa, csv("Lovely"))
    home.bot.settings = home.bot.settings.model_copy(update={"currency": "USD"})
    await home.restart()
    await ask(home.admin, f"/deposit {rosa.id} 2", "US\\$2.00 recorded")
    told = await ask(home.admin, f"/balance {rosa.id}", "As a requester")
    assert all(amount in told for amount in ("Free: €0.945", "Free: US$2.00", "€0.055 held"))
