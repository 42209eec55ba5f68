"""A requester pays by card, through Telegram and a provider that the local Telegram plays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from tests.formats.test_card_reports import report, row
from tests.stories.town import Town, ask, csv, draft, town

TOKEN = "284685063:TEST:story"
IBAN = {"payer_name": "Pouce", "payer_iban": "FR1420041010050500013M02606"}


@asynccontextmanager
async def card_town(url: str, **more: object) -> AsyncIterator[Town]:
    async with town(url, payment_provider_token=TOKEN, **more) as here:
        yield here


async def get_invoice(requester: Phone, amount: str) -> Json:
    """Says /fund and returns the invoice: cards are all that this house takes."""
    await requester.say(f"/fund {amount}")
    return await requester.wait_for(lambda message: "invoice" in message)


async def test_what_is_missing_is_paid_by_card_and_the_project_starts(database_url: str):
    async with card_town(database_url, **IBAN) as here:
        rosa = await here.requester(euros="0")
        number = await draft(rosa, csv("good", "bad"))
        card = rosa.last
        assert [b["text"] for b in buttons_of(card) if "by card" in b["text"]] == ["💳 €1.00 by card"]
        await rosa.say(f"/launch {number}")
        await rosa.wait_for("is missing")
        await rosa.press("💳 €1.00 by card")  # less is missing than a card can pay
        invoice = await rosa.wait_for(lambda message: "invoice" in message)
        assert (invoice["invoice"]["currency"], invoice["invoice"]["total_amount"]) == ("EUR", 100)
        assert (await rosa.pay(invoice))["state"] == "paid"
        await rosa.wait_for("€1.00 arrived")
        assert here.balance(f"requester:{rosa.id}:available") == 1_000_000
        assert here.balance("external:cards") == -1_000_000
        await rosa.say(f"/launch {number}")
        await rosa.wait_for("set aside")


async def test_a_card_stands_beside_the_bank_transfer(sqlite_url: str):
    async with card_town(sqlite_url, **IBAN) as here:
        rosa = await here.requester(euros="0")
        await rosa.say("/fund 25")
        transfer = await rosa.wait_for("IBAN")
        await rosa.press("💳 €25.00 by card", transfer)
        await rosa.wait_for(lambda message: "invoice" in message)


async def test_declined_and_unanswered_cards_move_nothing_and_may_be_tried_again(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        invoice = await get_invoice(rosa, "20")
        for outcome in ("declined", "timed out"):
            assert (await rosa.pay(invoice, outcome))["state"] == outcome
        assert here.rows("SELECT 1 FROM transfers") == []
        assert (await rosa.pay(invoice))["state"] == "paid"
        await rosa.wait_for("€20.00 arrived")
        assert here.balance(f"requester:{rosa.id}:available") == 20_000_000


async def test_two_presses_are_one_payment(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        first, second = await get_invoice(rosa, "20"), await get_invoice(rosa, "20")
        assert (await rosa.pay(first))["state"] == "paid"
        await rosa.wait_for("arrived")
        refused = await rosa.pay(second)
        assert (refused["state"], "paid already" in refused["reason"]) == ("refused", True)
        third = await get_invoice(rosa, "20")
        assert (await rosa.pay(third))["state"] == "paid"
        await rosa.wait_for("€40.00 free")


async def test_a_payment_reported_twice_is_booked_once(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        invoice = await get_invoice(rosa, "20")
        here.telegram.faults.add("duplicate", method="getUpdates", count=3)
        await rosa.pay(invoice)
        await rosa.wait_for("arrived")
        await ask(here.admin, "/cards", "Card payments")
        assert here.balance(f"requester:{rosa.id}:available") == 20_000_000


async def test_who_lost_the_role_cannot_pay(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        invoice = await get_invoice(rosa, "20")
        await ask(here.admin, f"/role {rosa.id} requester off", "any more")
        refused = await rosa.pay(invoice)
        assert refused["state"] == "refused"
        assert here.rows("SELECT state FROM card_payments") == [("asked",)]


async def test_a_stopped_bot_lets_no_payment_through_and_loses_none(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        invoice = await get_invoice(rosa, "20")
        await here.bot.stop()
        assert (await rosa.pay(invoice))["state"] == "unanswered"
        here.bot.start()
        await here.until(lambda: here.rows("SELECT state FROM card_payments") == [("checked",)])
        assert (await rosa.pay(invoice))["state"] == "paid"
        await rosa.wait_for("arrived")


async def test_a_checkout_overtakes_a_flood(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        invoice = await get_invoice(rosa, "20")
        paying = asyncio.create_task(rosa.pay(invoice))
        await asyncio.gather(*(here.admin.say("/admin") for _ in range(20)))
        assert (await paying)["state"] == "paid"
        await rosa.wait_for("arrived")


async def test_an_admin_records_what_went_back_and_what_the_provider_kept(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        await rosa.pay(await get_invoice(rosa, "20"))
        await rosa.wait_for("arrived")
        payment = here.one("SELECT id FROM card_payments")
        assert "€5.00" in await ask(here.admin, f"/cardrefund {payment} 5", "recorded")
        assert "€5.00" in text_of(await rosa.wait_for("sent back to you"))
        assert "too much" in await ask(here.admin, f"/cardrefund {payment} 16", "too much")
        assert "€0.60" in await ask(here.admin, "/cardfee 0.60 fees of May", "kept")
        assert "€0.00" in await ask(here.admin, "/cardpayout 14.40 payout", "to the bank")
        assert "too much" in await ask(here.admin, "/draw 1 mine", "too much")
        accounts = ("external:bank", "external:cards", "external:card-fees", f"requester:{rosa.id}:available")
        assert [here.balance(name) for name in accounts] == [-14_400_000, 0, -600_000, 15_000_000]
        assert "€0.60" in await ask(here.admin, "/cards", "Card payments")
        await ask(here.admin, f"/cardrefund {payment}", "recorded")
        assert here.rows("SELECT state, refunded FROM card_payments") == [("refunded", 20_000_000)]


async def test_without_a_token_there_is_no_card(home: Town):
    rosa = await home.requester(euros="0")
    await ask(rosa, "/fund 20", "has not said yet")
    assert "PAYMENT_PROVIDER_TOKEN" in await ask(home.admin, "/cards", "Card payments")


@pytest.mark.parametrize("typed", ["0.50", "9000"])
async def test_a_card_pays_neither_less_nor_more_than_telegram_takes(sqlite_url: str, typed: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        assert "€1.00" in await ask(rosa, f"/fund {typed}", "A card pays")


async def test_an_admin_drops_the_providers_report_into_the_chat(sqlite_url: str):
    async with card_town(sqlite_url) as here:
        rosa = await here.requester(euros="0")
        await rosa.pay(await get_invoice(rosa, "20"))
        await rosa.wait_for("arrived")
        charge = here.one("SELECT provider_charge FROM card_payments")
        rows = (row("txn_1", "charge", "20.00", "0.55", charge), row("txn_2", "refund", "-5.00", "0", charge))
        for caption in ("", "/cards"):
            await here.admin.upload(report(*rows), "balance.csv", caption)
            await here.admin.wait_for("From the card provider")
        await here.admin.press("💳 Book what fits")
        assert "€14.45" in text_of(await here.admin.wait_for("2 lines booked"))
        assert "€5.00" in text_of(await rosa.wait_for("sent back to you"))
        assert here.balance("external:card-fees") == -550_000
        await rosa.upload(report(*rows), "balance.csv", "/cards")
        await rosa.wait_for("Only whoever runs this bot")
