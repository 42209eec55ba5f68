"""A payout: a bank account, a request, a bank file, and the bank's answer."""

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import pytest

from simulator.crowd.client import Phone, buttons_of, text_of
from tests.stories.town import Town, ask, csv, press_late, town

GOOD, OTHER = "FR76 3000 6000 0112 3456 7890 189", "DE89 3704 0044 0532 0130 00"
PAYER = {"payer_name": "Pouce & Cie", "payer_iban": "FR1420041010050500013M02606", "payer_bic": "AGRIFRPP"}
TYPED = re.compile("(FR76|US12) 3000")
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
async def bank(database_url: str) -> AsyncIterator[Town]:
    """A town whose bot knows the account that pays."""
    async with town(database_url, **PAYER) as here:
        yield here


@pytest.fixture
async def till(sqlite_url: str) -> AsyncIterator[Town]:
    """The same on SQLite alone."""
    async with town(sqlite_url, **PAYER) as here:
        yield here


async def earned(home: Town, name: str = "Ann", cents: int = 5) -> Phone:
    """A worker with five cents for each of some answers."""
    rosa = await home.requester(f"Rosa for {name}")
    await home.project(rosa, csv(*(f"Lovely {number}" for number in range(cents // 5))))
    ann = await home.worker(name)
    await ann.say("/work")
    for number in range(cents // 5):
        await ann.wait_for(f"Lovely {number}")
        await ann.press("positive")
    await ann.wait_for("No task")
    return ann


async def gives(phone: Phone, iban: str = GOOD, holder: str = "Ann Doe") -> None:
    shown = await ask(phone, "/payout", "whose account|Nothing to pay out")
    if "Nothing" in shown:
        await phone.press("🏦 Give my account now")
        await phone.wait_for("whose account")
    await ask(phone, holder, "Now the IBAN")
    await ask(phone, iban, "Noted")
    await phone.wait_for("🏦 Available")


async def test_an_account_number_leaves_the_chat_even_where_its_command_is_refused_or_unknown(home: Town):
    rosa = await home.requester("Rosa")
    for command in ("/payout", "/payuot"):
        said = f"{command} {GOOD}"
        await rosa.say(said)
        await rosa.until(lambda phone, said=said: said not in map(text_of, phone.messages))
    await ask(rosa, "/payout", "agree to the terms")


async def test_an_account_is_asked_for_once(anywhere: Town):
    ann = await earned(anywhere)
    await ask(ann, "/payout", "whose account")
    anywhere.telegram.faults.add("refuse", method="deleteMessage", code=400, count=1)
    await ask(ann, "1", "First the name")  # stays in the chat, and nothing else goes wrong
    await ask(ann, GOOD, "First the name")
    await ask(ann, "Ann Doe", "Now the IBAN")
    await ask(ann, "FR76 3000 6000 0112 3456 7890 188", "check digits do not fit")
    await ask(ann, "FR76 3000", "FR IBANs have 27 characters, this one has 8")
    await ask(ann, "US12 3000 6000 0112", "cannot pay to banks in this country yet: United States")
    await ask(ann, "FP12 3000 6000 0112", "no country has IBANs")
    await ask(ann, GOOD, "Noted: FR76 •••• 0189")
    await ann.wait_for("Available: €0.05")
    await ann.until(lambda phone: not [text for text in map(text_of, phone.messages) if TYPED.match(text)])
    assert anywhere.rows("SELECT iban, holder FROM payees") == [("FR7630006000011234567890189", "Ann Doe")]
    compact = GOOD.replace(" ", "")
    for table, column in (("inbox", "payload"), ("outbox", "facts"), ("drafts", "data"), ("audit", "facts")):
        kept = " ".join(row[0] for row in anywhere.rows(f"SELECT {column} FROM {table}"))
        assert compact not in kept.replace(" ", ""), table


async def filed(home: Town) -> bytes:
    """All that waits goes into a bank file; what is in it."""
    await ask(home.admin, "/payouts", "Waiting for a bank file")
    await home.admin.press("🏦 Make the bank file")
    return await home.admin.download(await home.admin.wait_for("Upload it at your bank"))


def money(home: Town, phone: Phone) -> tuple[int, int]:
    """What is available, and what is on its way, in cents."""
    return tuple(home.balance(f"worker:{phone.id}:{what}") // 10_000 for what in ("available", "payout"))


async def test_a_payout_from_request_to_bank_notifies_at_each_step(bank: Town):
    ann = await earned(bank, cents=10)
    await gives(ann)
    pressed = ann.last
    await ann.press("💶 Send me €0.10")
    assert "Operation #" in text_of(await ann.wait_for("is on its way to FR76 •••• 0189"))
    card = pressed["message_id"]
    await ann.until(lambda phone: "You have asked" in text_of(phone.shown[card]))  # the button goes
    assert [button["text"] for button in buttons_of(ann.shown[card])] == ["✏️ Another bank account"]
    await press_late(ann, "💶 Send me €0.10", pressed)
    await ann.wait_for("asked for this already")
    assert money(bank, ann) == (0, 10)
    file = await filed(bank)
    await ann.wait_for("is at the bank now")
    told = {tag: ET.fromstring(file).find(f".//p:{tag}", NAMES).text for tag in ("MsgId", "EndToEndId", "CtrlSum")}
    assert told == {"MsgId": "FILE-1", "EndToEndId": "PAYOUT-1", "CtrlSum": "0.10"}
    await bank.admin.press("🔎 One by one")
    await bank.admin.wait_for("Which of them did the bank not pay")
    await bank.admin.press("📄 The file again")
    assert await bank.admin.download(await bank.admin.wait_for("Upload it at your bank")) == file
    await bank.admin.press("✅ The bank has paid them")
    await bank.admin.wait_for("paid: 1")
    assert "Operation #" in text_of(await ann.wait_for("The bank has paid €0.10"))
    assert money(bank, ann) == (0, 0)
    assert "paid on" in await ask(ann, "/payout", "Your payouts")
    await ask(bank.admin, "/payouts 1 failed changed my mind", "Failed|failed")
    await ann.wait_for("changed my mind")
    assert money(bank, ann) == (10, 0)


async def test_an_unknown_outcome_stays_reserved_and_is_never_sent_again(till: Town):
    ann = await earned(till)
    await gives(ann)
    await ask(ann, "/payout all", "is on its way")
    await filed(till)
    await ask(till.admin, "/payouts 1 unknown", "outcome unknown")
    await ann.wait_for("cannot say yet")
    assert money(till, ann) == (0, 5)
    shown = await till.admin.say("/payouts") and await till.admin.wait_for("Waiting for a bank file: 0 payouts")
    assert "🏦 Make the bank file" not in str(shown)
    await ask(till.admin, "/payouts 1 paid", "Payout 1 · paid")
    await ann.wait_for("The bank has paid")
    assert money(till, ann) == (0, 0)
    await ask(till.admin, "/payouts 1 unknown", "cannot be changed so")


async def test_payouts_go_to_the_old_account_until_a_changed_one_is_usable(till: Town):
    ann = await earned(till, cents=10)
    await gives(ann)
    await ask(ann, "/payout 0.05", "is on its way to FR76")
    await ask(ann, "/payout", "🏦 Available")
    await ann.press("✏️ Another bank account")
    await ask(ann, "Ann Doe", "Now the IBAN")
    assert "it is used from" in await ask(ann, OTHER, "Noted: DE89 •••• 3000")
    await ask(ann, "/payout 0.02", "is on its way to FR76 •••• 0189")
    till.clock.skip(hours=73)
    await ask(ann, "/payout 0.03", "is on its way to DE89 •••• 3000")
    file = (await filed(till)).decode()
    assert (file.count("FR7630006000011234567890189"), file.count("DE89370400440532013000")) == (2, 1)


async def test_a_bank_file_without_a_payer_names_the_missing_settings(home: Town):
    ann = await earned(home)
    await gives(ann)
    await ask(ann, "/payout all", "is on its way")
    await ask(home.admin, "/payouts", "1 payout")
    await home.admin.press("🏦 Make the bank file")
    await home.admin.wait_for("PAYER_NAME, PAYER_IBAN, PAYER_BIC")
    assert home.rows("SELECT 1 FROM bank_files") == []


async def test_workers_sharing_an_account_are_paid_and_never_get_the_same_task(bank: Town):
    """Honest families share accounts: nobody is blocked, and one of them answers each task."""
    ann = await earned(bank)
    await gives(ann)
    bob = await bank.worker("Bob")
    await gives(bob, holder="Bob Doe")
    await ask(bob, "/pause", "/work")
    rosa = await bank.requester("Ros")
    await bank.project(rosa, csv("Nice", gold=("positive",)), overlap=2)
    await ask(ann, "/work", "Nice")
    await ann.press("positive")
    await ann.wait_for("No task")
    await ask(bob, "/work", "No task")
    eve = await bank.worker("Eve")
    await ask(eve, "/work", "Nice")
    assert sorted(bank.rows("SELECT person, mate FROM payee_mates")) != []
    await ask(ann, "/payout all", "is on its way")


async def test_a_wise_list_in_another_language_is_refused_with_advice(home: Town):
    head = "Identifiant,Statut,Direction,Montant source,Devise source,Référence"
    await home.admin.upload(f"{head}\nT-1,TERMINÉ,SORTANT,4.07,EUR,PAYOUT-1\n".encode(), "transferts.csv", "/payouts")
    told = text_of(await home.admin.wait_for("Nothing was booked"))
    assert "Set Wise to English" in told
    assert "“status”" in told
