"""Money leaves: a bank account is given, a payout asked for, a bank file made, and the bank says what became of it."""

import xml.etree.ElementTree as ET

from simulator.client import Phone, text_of
from tests.stories.town import Town, ask, csv

GOOD, OTHER = "FR76 3000 6000 0112 3456 7890 189", "DE89 3704 0044 0532 0130 00"
PAYER = {"payer_name": "Pouce & Cie", "payer_iban": "FR1420041010050500013M02606", "payer_bic": "AGRIFRPP"}
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


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
    await phone.say("/payout")
    await phone.wait_for("whose account")
    await ask(phone, holder, "Now the IBAN")
    await ask(phone, iban, "Noted")
    await phone.wait_for("Money to your bank")


async def test_an_account_is_given_once_and_kept_in_one_place(anywhere: Town):
    ann = await earned(anywhere)
    await ask(ann, "/payout", "whose account")
    await ask(ann, GOOD, "First the name")
    await ask(ann, "Ann Doe", "Now the IBAN")
    await ask(ann, "FR76 3000 6000 0112 3456 7890 188", "check digits do not fit")
    await ask(ann, "FR76 3000", "FR IBANs have 27 characters, this one has 8")
    await ask(ann, "US12 3000 6000 0112", "no country has IBANs")
    await ask(ann, GOOD, "Noted: FR76 •••• 0189")
    await ann.wait_for("Available: €0.05")
    said = [text_of(message) for message in ann.messages]
    assert not [text for text in said if "3000 6000 0112" in text and "for example" not in text]
    assert anywhere.rows("SELECT iban, holder FROM payees") == [("FR7630006000011234567890189", "Ann Doe")]
    compact = GOOD.replace(" ", "")
    for table, column in (("inbox", "payload"), ("outbox", "facts"), ("drafts", "data"), ("audit", "facts")):
        kept = " ".join(row[0] for row in anywhere.rows(f"SELECT {column} FROM {table}"))
        assert compact not in kept.replace(" ", ""), table
