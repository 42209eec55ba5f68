"""What fits nothing waits, its money in the book; a person says once what it is; the bank's balance is the book's."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO, cast

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    UNEXPLAINED,
    BankLineExplained,
    BankLineShown,
    BankLinesListed,
    OperatorMoneyMoved,
    StatementRead,
)
from domain.money.ledger import BANK, FEES, Transfer, available_account, requester_account
from domain.money.payouts import PayoutState
from domain.refusals import BadInput, MoreThanThere, NotFound
from formats.bank.camt import read_bank_message
from formats.bank.iban import requester_reference
from formats.bank.mt940 import read_mt940
from formats.errors import FileErrors
from formats.tables.encoding import Source
from formats.tables.reading import read_table
from handlers.money.bank_statements import Charge, Draw, ExplainBankLine, ListBankLines, ShowBankLine, TurnStatement
from jobs import bank_files
from jobs.uploads.progress import SentFile, UploadDoor
from services.act import Act
from services.money import bank_statements, deposits, settlement
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import press
from tests.bank import PAYER_IBAN
from tests.house import settle_requester
from tests.services.money.test_payout_answers import ONE, booked, lines, read, sent, states
from tests.statements import Came, statement

START = 200_000_000  # what an earlier day left in the book


def at_the_bank(unit: UnitOfWork) -> tuple[Act, int]:
    """An admin, and a requester whose deposits and fees make the bank's 200.00; three payouts of 5.00 are sent."""
    _, act, _ = sent(unit)
    requester = settle_requester(unit)
    unit.ledger.open((FEES, BANK, requester_account(requester)), "EUR")
    fees = Transfer("fees", "gift", BANK, FEES, Millionths(10_000_000), "EUR")
    unit.ledger.post(fees)
    rest = START + unit.ledger.balance(BANK, "EUR")
    unit.ledger.post(Transfer("funds", "deposit", BANK, requester_account(requester), Millionths(rest), "EUR"))
    assert unit.ledger.balance(BANK, "EUR") == -START
    return act, requester.id


def only(unit: UnitOfWork) -> int:
    [line] = unit.payouts.lines.list_waiting(10, 0)
    return line.id


async def test_the_banks_balance_is_the_books_when_each_line_is_explained(database: Database, now: Moment):
    """Payments, a charge, the operator's fees, a deposit without a reference, a payment made twice, an own transfer."""

    def story(unit: UnitOfWork) -> None:
        act, requester = at_the_bank(unit)
        day = lines(
            ("5.00", "DBIT", "B-1", ONE),
            ("5.00", "DBIT", "B-2", ONE),
            ("1.50", "DBIT", "B-3", ""),
            ("4.00", "DBIT", "B-4", ""),
            ("7.00", "CRDT", "B-5", ""),
            ("2.00", "CRDT", "B-6", ""),
            opening="200.00",
            closing="193.50",
        )
        shown = read(act, day)
        [before] = shown.balances
        assert (before.opening, before.closing, before.booked, before.difference) == (
            START,
            193_500_000,
            193_500_000,
            0,
        )
        done = booked(act)
        assert (done.paid, done.waiting) == (1, 5)
        assert [(each.booked, each.difference) for each in done.balances] == [(193_500_000, 0)]
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == -1_500_000
        listed = press(act, ListBankLines())
        assert isinstance(listed, BankLinesListed)
        assert [each.balance for each in listed.unexplained] == [-1_500_000]
        keys = {each.amount: each.code for each in unit.payouts.lines.list_waiting(10, 0)}
        charge, own, credit, mine = (keys[amount] for amount in (1_500_000, 4_000_000, 7_000_000, 2_000_000))
        explain(act, charge, "charge")
        explain(act, own, "own")
        explain(act, credit, "deposit", requester_reference(requester))
        explain(act, mine, "own")
        with pytest.raises(NotFound):
            explain(act, charge, "own")
        assert unit.ledger.balance(FEES, "EUR") == 10_000_000 - 1_500_000 - 4_000_000 + 2_000_000
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == -5_000_000  # the payment made twice
        read(act, lines(("5.00", "BACK", "B-7", ONE), opening="193.50", closing="198.50"))
        done = booked(act)
        assert (done.failed, done.waiting, done.open, done.balances[0].difference) == (0, 0, 0, 0)
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == 0
        assert states(unit)[0] == (PayoutState.PAID, "")
        assert unit.connection.all("SELECT count(*) FROM bank_lines WHERE party <> ''")[0][0] == 0
        assert find_violations(unit) == []

    await database.transact(story, now)


def explain(act: Act, line: int, choice: str, who: str = "") -> BankLineExplained:
    found = press(act, ExplainBankLine(line=line, choice=choice, who=who))
    assert isinstance(found, BankLineExplained)
    return found


async def test_a_movement_recorded_by_hand_is_not_booked_again(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        act, requester = at_the_bank(unit)
        moved = press(act, Charge(amount="1.50", reason="October"))
        assert isinstance(moved, OperatorMoneyMoved)
        assert press(act, Charge(amount="1.50", reason="October")).operation is None  # type: ignore[attr-defined]
        deposits.record_deposit(replace(act, key="x"), requester_reference(requester), "7", "typed")
        book_balance = -unit.ledger.balance(BANK, "EUR")
        came = Came("B-2", "7.00", requester_reference(requester))
        for letter in (lines(("1.50", "DBIT", "B-1", "")), statement([came], iban=PAYER_IBAN)):
            shown = read(act, letter)
            assert [each.why for each in shown.unmatched] == ["typed"]
            assert booked(act).waiting == 1
        assert -unit.ledger.balance(BANK, "EUR") == book_balance
        for line in unit.payouts.lines.list_waiting(10, 0):
            card = press(act, ShowBankLine(line=line.code))
            assert isinstance(card, BankLineShown)
            assert card.operation is not None
            assert explain(act, line.code, "recorded").operation == card.operation
        assert -unit.ledger.balance(BANK, "EUR") == book_balance
        assert find_violations(unit) == []

    await database.transact(story, now)


async def test_only_free_fees_can_be_taken_out(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        act, _ = at_the_bank(unit)
        with pytest.raises(MoreThanThere):
            press(act, Draw(amount="10.01", reason="too much"))
        press(replace(act, key="a"), Draw(amount="9.50", reason="October"))
        press(replace(act, key="b"), Draw(amount="−1", reason="paid in"))
        press(replace(act, key="c"), Charge(amount="-0.25", reason="given back"))
        assert unit.ledger.balance(FEES, "EUR") == 1_750_000
        for words in ({}, {"amount": "1"}, {"amount": "much", "reason": "x"}):
            with pytest.raises(BadInput):
                press(act, Draw(**words))
        assert find_violations(unit) == []

    await database.transact(story, now)


async def test_an_admin_explains_a_line_as_a_failed_payout_that_was_paid(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        act, _ = at_the_bank(unit)
        settlement.decide_payout(act, 1, "failed", "closed")
        read(act, lines(("5.00", "DBIT", "B-1", ONE), opening="200.00", closing="195.00"))
        assert [line.why for line in (booked(act), *unit.payouts.lines.list_waiting(5, 0))[1:]] == ["failed"]
        explain(act, only(unit), "payout")
        assert states(unit)[0] == (PayoutState.PAID, "")
        worker = unit.people.get(unit.payouts.get(1).worker)  # type: ignore[arg-type]
        assert unit.ledger.balance(available_account(worker), "EUR") == 0
        assert -unit.ledger.balance(BANK, "EUR") == 195_000_000
        read(act, lines(("5.00", "DBIT", "B-2", ONE)))
        assert booked(act).waiting == 1  # a second one
        assert find_violations(unit) == []

    await database.transact(story, now)


async def test_every_line_is_reached_page_by_page_and_has_its_amount(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        act, _ = at_the_bank(unit)
        came = [Came(f"B-{at}", f"{at}.00", "rent", payer=f"Payer {at}") for at in range(1, 64)]
        shown = read(act, statement([*came, Came("B-64", "5.001", "rent")], iban=PAYER_IBAN))
        assert (shown.unmatched_count, shown.pages) == (64, 8)
        seen = [*shown.unmatched]
        for page in range(1, shown.pages):
            turned = press(act, TurnStatement(statement=7, page=page))
            assert isinstance(turned, StatementRead)
            seen += turned.unmatched
        assert {each.reference for each in seen} == {f"B-{at}" for at in range(1, 65)}
        assert [(each.amount, each.written) for each in seen if each.reference == "B-64"] == [(0, "5.001")]
        assert booked(act).open == 64
        kept = list[int]()
        page, pages = 0, 1
        while page < pages:
            listed = press(act, ListBankLines(page=page))
            assert isinstance(listed, BankLinesListed)
            kept += [each.line for each in listed.lines]
            page, pages = page + 1, listed.pages
        assert len(set(kept)) == 64
        assert find_violations(unit) == []

    await database.transact(story, now)


MT940 = """{{1:F01MOCKNL2AAXXX0000000000}}{{2:I940MOCKNL2AXXXXN}}{{4:
:20:STARTUMSE
:25:{account}
:28C:00001/001
:60F:C261125EUR200,00
:61:2611261126D5,00NTRFNONREF//B-1
:86:166?00SEPA-UEBERWEISUNG?20EREF+PAYOUT-1?21SVWZ+Pouce?32ANN NUMBER 1
:61:2611261126D5,00NTRFNONREF//B-2
:86:166?00SEPA-UEBERWEISUNG?20EREF+PAYOUT-1?21SVWZ+Pouce?32ANN NUMBER 1
:61:2611261126C12,5NTRFNONREF//B-3
:86:166?00GUTSCHRIFT?20SVWZ+{reference}?32ROSA DOE
:61:2611261126D1,50NCHGNONREF
:86:805?00ABSCHLUSS?20KONTOFUEHRUNG
:61:2611261126C5,00NTRFNONREF//B-4
:86:159?00RUECKUEBERWEISUNG?20EREF+PAYOUT-1?32ANN NUMBER 1
:62F:C261126EUR206,00
-}}
"""


async def test_mt940_and_camt_files_give_the_same_lines(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        act, requester = at_the_bank(unit)
        text = MT940.format(account=PAYER_IBAN, reference=requester_reference(requester))
        shown = bank_statements.preview_statement(act, 7, read_mt940(BytesIO(text.encode()), PAYER_IBAN))
        assert [each.amount for each in shown.deposits] == [12_500_000]
        assert [(each.payout, each.why) for each in shown.unclear] == [(1, "twice")]
        assert [(each.amount, each.debit, each.why) for each in shown.unmatched] == [(1_500_000, True, "debit")]
        done = booked(act)
        assert (done.count, done.paid, done.open) == (1, 1, 1)  # the second payment has come back
        assert [(each.closing, each.difference) for each in done.balances] == [(206_000_000, 0)]
        again = bank_statements.preview_statement(act, 7, read_mt940(BytesIO(text.encode()), PAYER_IBAN))
        assert (again.payouts, again.unmatched, again.unclear, again.new) == ((), (), (), 0)
        assert find_violations(unit) == []

    await database.transact(story, now)


def test_a_german_bank_names_the_account_by_its_bank_code() -> None:
    text = MT940.format(account="37040044/0532013000EUR", reference="rent")
    assert read_mt940(BytesIO(text.encode("latin-1")), "DE89370400440532013000").accounts == ("DE89370400440532013000",)
    assert read_mt940(BytesIO(text.encode()), PAYER_IBAN).accounts == ("370400440532013000EUR",)


def test_an_entrys_parts_and_rest_sum_to_its_amount() -> None:
    """A bank takes its charge off a sum of two payments that came back."""
    parts = "".join(
        f"""<TxDtls><Refs><EndToEndId>PAYOUT-{at}</EndToEndId></Refs><Amt Ccy="EUR">5.00</Amt><RtrInf><Rsn><Cd>AC04</Cd>
</Rsn></RtrInf></TxDtls>"""
        for at in (1, 2)
    )
    entry = f"""<Ntry><Amt Ccy="EUR">9.40</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><AcctSvcrRef>B-1</AcctSvcrRef>
<NtryDtls>{parts}</NtryDtls></Ntry>"""
    message = read_bank_message(BytesIO(statement([], iban=PAYER_IBAN, entries=entry)))
    assert [each.line.amount for each in message.answers if each.line] == [5_000_000, 5_000_000]
    assert [(each.amount, each.debit) for each in message.other_lines] == [(600_000, True)]


PLAIN = MT940.format(account=PAYER_IBAN, reference="rent")


@dataclass(frozen=True)
class Door:
    """A sender, who is an admin or not."""

    admin: bool
    person: None = None

    @property
    def house(self) -> "Door":
        return self

    def roles(self, person: object) -> tuple[str, ...]:
        return ("admin",) if self.admin else ("requester",)


@pytest.mark.parametrize(
    ("name", "content", "caption", "admin", "expected"),
    [
        ("umsatz.sta", PLAIN, "", True, True),
        ("umsatz.TXT", PLAIN, "", True, True),
        ("statement", PLAIN.replace("\n", "\r\n"), "", True, True),
        ("umsatz.sta", PLAIN, "", False, False),
        ("umsatz.txt", PLAIN, "/newproject", True, False),
        ("tasks.txt", "text\nLovely\n", "", True, False),
        ("tasks.csv", "text\nLovely\n", "", True, False),
        ("camt.xml", "<Document/>", "", True, True),
    ],
)
async def test_bank_files_are_recognised_by_name_or_content(
    name: str, content: str, caption: str, admin: bool, expected: bool
):
    async def fetch(place: BinaryIO) -> None:
        place.write(content.encode())

    sent_file = SentFile(name, len(content), caption, "", 1, 1, fetch, lambda unit: False)
    assert await bank_files.is_bank_document(cast(UploadDoor, Door(admin)), sent_file) is expected


def test_mt940_is_never_a_file_of_tasks() -> None:
    for text in (PLAIN, PLAIN[PLAIN.index(":20:") :], "\ufeff" + PLAIN[PLAIN.index(":20:") :]):
        with pytest.raises(FileErrors) as refused:
            read_table(Source(BytesIO(text.encode())), "tasks.csv")
        [error] = refused.value.errors
        assert (error.expected, error.facts["found"]) == ("file_kind", "MT940")
