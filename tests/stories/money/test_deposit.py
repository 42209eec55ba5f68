"""An admin records money that reached the bank."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from simulator.crowd.client import buttons_of, text_of
from tests.statements import IBAN, Came, statement
from tests.stories.town import Town, ask, town

HOW = "/deposit PERSON AMOUNT"


async def test_deposit_by_id_tells_admin_and_requester(anywhere: Town):
    rosa = await anywhere.requester(euros="0")
    shown = await ask(anywhere.admin, f"/deposit {rosa.id} 25.50 INV\0 7", "recorded")  # NUL: no database keeps it
    assert "€25.50" in shown
    assert "INV 7" in shown
    assert "Operation" in shown
    assert "INV 7" in (await rosa.wait_for("€25.50"))["text"]
    assert "€25.50" in await ask(rosa, "/funds", "Your funds")
    assert anywhere.balance(f"requester:{rosa.id}:available") == 25_500_000
    assert anywhere.balance("external:bank") == -25_500_000


async def test_deposit_by_username_ignores_case_and_reads_a_comma(home: Town):
    rosa = await home.requester(euros="0", username="Rosa_R")
    await ask(home.admin, "/deposit @rosa_r 12,5", "recorded")
    await ask(home.admin, "/deposit Rosa_R 1", "recorded")
    assert home.balance(f"requester:{rosa.id}:available") == 13_500_000


async def test_a_command_delivered_twice_is_one_deposit(home: Town):
    rosa = await home.requester(euros="0")
    home.telegram.faults.add("duplicate", method="getUpdates", count=1)
    await ask(home.admin, f"/deposit {rosa.id} 10", "recorded")
    await rosa.wait_for("arrived")
    await ask(home.admin, "/admin", "At the bank")
    assert home.balance(f"requester:{rosa.id}:available") == 10_000_000
    assert home.one("SELECT count(*) FROM transfers") == 1


async def test_a_command_sent_twice_is_two_deposits(home: Town):
    rosa = await home.requester(euros="0")
    for _ in range(2):
        await ask(home.admin, f"/deposit {rosa.id} 10 same", "recorded")
    assert home.balance(f"requester:{rosa.id}:available") == 20_000_000


@pytest.mark.parametrize(
    "said",
    [
        "/deposit",
        "/deposit 5",
        "/deposit 5 nothing",
        "/deposit 5 0",
        "/deposit 5 -3",
        "/deposit 5 0.0000001",
        "/deposit 5 1e999999",
        "/deposit 5 NaN",
        "/deposit 5 Infinity",
        "/deposit 5 99999999999999",
        "/deposit 5 1.000,50",
        "/deposit 5 1_000",
    ],
)
async def test_a_malformed_deposit_moves_nothing_and_shows_how(home: Town, said: str):
    assert HOW in await ask(home.admin, said, "deposit")
    assert home.rows("SELECT 1 FROM transfers") == []


async def test_an_ambiguous_deposit_moves_nothing_and_shows_both_spellings(home: Town):
    shown = await ask(home.admin, "/deposit 5 1,000", "could be two amounts")
    assert "/deposit 5 1000" in shown
    assert "/deposit 5 1.00" in shown
    assert home.rows("SELECT 1 FROM transfers") == []


@pytest.mark.parametrize("who", ["@nobody", "nobody", "-5", "--5", "@", "99999999999999999999999999", "0"])
async def test_a_deposit_to_an_unknown_username_is_refused(home: Town, who: str):
    await ask(home.admin, f"/deposit {who} 10", "I know nobody called")
    await ask(home.admin, f"/balance {who}", "I know nobody called")
    assert home.rows("SELECT 1 FROM transfers") == []


async def test_a_deposit_to_a_new_id_warns_and_waits_for_its_owner(home: Town):
    assert "has not written to the bot" in await ask(home.admin, "/deposit 4242 10", "recorded")
    await ask(home.admin, "/role 4242 requester on", "may open projects")
    rosa = await home.phone("Rosa", id=4242, language_code="fr")
    await rosa.say("/funds")
    await rosa.wait_for(r"10,00\s€")


async def test_a_username_belongs_to_its_newest_owner(home: Town):
    """Telegram lets names change hands: money follows who has the name now."""
    new = await home.phone("New", username="other")
    await ask(new, "/start", "Hello New")
    old = await home.phone("Old", username="ros")
    await ask(old, "/start", "Hello Old")
    people = home.telegram.world.people
    people[old.id], people[new.id] = replace(people[old.id], username=None), replace(people[new.id], username="ros")
    await ask(new, "/start", "Hello New")
    await ask(home.admin, "/deposit @ros 10", "recorded")
    assert home.balance(f"requester:{new.id}:available") == 10_000_000


async def test_five_deposits_in_a_row_are_all_recorded(home: Town):
    rosa = await home.requester(euros="0")
    for _ in range(5):
        await home.admin.say(f"/deposit {rosa.id} 1")
    await rosa.until(lambda phone: sum("arrived" in str(m.get("text")) for m in phone.messages) == 5)
    assert home.balance(f"requester:{rosa.id}:available") == 5_000_000


async def test_refunds_never_exceed_free_funds(home: Town):
    rosa = await home.requester(euros="10")
    await ask(home.admin, f"/refund {rosa.id} 10.01", "there is €10.00")
    await ask(home.admin, f"/refund {rosa.id}", "Like this: /refund PERSON AMOUNT")
    assert "They have €7.50 free" in await ask(home.admin, f"/refund {rosa.id} 2.50 RF-7", "back to")
    assert "RF-7" in text_of(await rosa.wait_for("€2.50 of your funds was sent back"))
    assert "Sent back to you: €2.50" in await ask(rosa, "/funds", "Your funds")
    assert home.balance("external:bank") == -7_500_000


async def test_a_requester_scans_a_code_and_the_money_is_found_by_its_reference(sqlite_url: str):
    account = {"payer_name": "Pouce & Cie", "payer_iban": "FR1420041010050500013M02606", "payer_bic": "AGRIFRPP"}
    async with town(sqlite_url, **account) as home:
        rosa = await home.requester(euros="0", language_code="fr")
        await rosa.say("/fund 99,90")
        shown = await rosa.wait_for(r"RF\d\dPOUCE\d+")
        (code,) = zxingcpp.read_barcodes(
            Image.open(BytesIO(await rosa.download(shown))), formats=zxingcpp.BarcodeFormat.QRCode
        )
        *_, name, iban, amount, _, reference = code.text.split("\n")
        assert (name, iban, amount) == ("Pouce & Cie", account["payer_iban"], "EUR99.9")
        assert all(part in text_of(shown) for part in (iban, reference, "99,90"))
        assert "recorded" in await ask(home.admin, f"/deposit {reference} 99.90", "recorded for")
        await rosa.wait_for("est arrivé")
        assert home.balance(f"requester:{rosa.id}:available") == 99_900_000


async def test_a_statement_sent_by_an_admin_books_credits_with_a_reference(sqlite_url: str):
    async with town(sqlite_url, payer_name="Pouce", payer_iban=IBAN, payer_bic="AGRIFRPP") as home:
        rosa = await home.requester(euros="0")
        own = await ask(rosa, "/fund 25", "RF")
        reference = re.findall(r"RF\d\dPOUCE\d+", own)[0]
        file = statement([Came("B-1", "25.00", reference), Came("B-2", "7.00", "rent of a flat", payer="Mr Flat")])
        await home.admin.upload(file, "camt053.xml")
        shown = text_of(await home.admin.wait_for("From the bank"))
        assert all(part in shown for part in ("€25.00", reference, "Mr Flat", "rent of a flat"))
        assert home.balance(f"requester:{rosa.id}:available") == 0
        await home.admin.press("🏦 Book all of this")
        await home.admin.wait_for("Deposits booked: 1")
        await rosa.wait_for("arrived")
        assert home.balance(f"requester:{rosa.id}:available") == 25_000_000
        await home.admin.upload(file, "again.xml")
        await home.admin.wait_for("Seen before: 2.")
        await rosa.upload(file, "camt053.xml")  # who is no admin is asked for tasks
        await rosa.wait_for("camt053.xml is here. What is it for?")


async def test_a_new_requester_is_offered_no_costs_of_earlier_months(anywhere: Town):
    rosa = await anywhere.requester(euros="0")
    assert "Nothing was paid in yet" in await ask(rosa, "/funds", "Your funds")
    assert buttons_of(rosa.last) == []
    await ask(anywhere.admin, f"/deposit {rosa.id} 10", "recorded")
    await rosa.wait_for("arrived")
    assert "Nothing was paid" not in await ask(rosa, "/funds", "Free: <b>€10|Free: €10")
    assert [button["text"] for button in buttons_of(rosa.last)] == ["🧾 Costs 2027-01"]
    anywhere.clock.skip(hours=24 * 31)
    await rosa.say("/funds")
    months = ["🧾 Costs 2027-02", "🧾 Costs 2027-01"]
    await rosa.until(lambda phone: [button["text"] for button in buttons_of(phone.last)] == months)
