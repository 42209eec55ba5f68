"""The bank's answers are recorded as it gives them: refused, paid, sent back days later; each once, none by a guess."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.bank_statements import UNEXPLAINED, StatementBooked, StatementRead
from domain.money.ledger import BANK, Transfer, available_account, payout_account
from domain.money.payouts import Payer, PayoutState
from domain.people.accounts import Person
from domain.refusals import StatementRefused
from formats.bank.camt import read_bank_message
from formats.bank.sepa import write_bank_file
from handlers.money.bank_statements import BookStatement
from handlers.screen import render
from jobs import bank_files
from services.act import Act
from services.money import bank_statements, payouts, settlement
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.bank import CLOSED_IBAN, PAYER_BIC, PAYER_IBAN, a_bank
from tests.house import FIRST_WORKER, settle_worker

PAYER = Payer("ACME Corporation", PAYER_IBAN, PAYER_BIC)
IBANS = ("FR7630006000011234567890189", "DE89370400440532013000", CLOSED_IBAN)
REPORT, ADVICE, STATEMENT = "CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt"


def earns(unit: UnitOfWork, number: int) -> Person:
    """Five euros and an account, and asks for all of it."""
    worker = settle_worker(unit, number)
    account = available_account(worker)
    unit.ledger.open((BANK, account), "EUR")
    unit.ledger.post(Transfer(f"gift:{number}", "gift", BANK, account, Millionths(5_000_000), "EUR"))
    payouts.ask_for_holder(unit, worker)
    payouts.take_account_answer(unit, worker, f"Ann Number {number}")
    payouts.take_account_answer(unit, worker, IBANS[number - 1])
    payouts.request_payout(unit, worker, "EUR", None)
    return worker


def sent(unit: UnitOfWork) -> tuple[list[Person], Act, bytes]:
    """Three workers' payouts 1 to 3 in bank file 1, and an admin."""
    workers = [earns(unit, number) for number in (1, 2, 3)]
    act = act_of(unit, workers[0].id, frozenset({FIRST_WORKER + 1}), payer=PAYER)
    settlement.make_bank_file(act, 0, "EUR")
    return workers, act, write_bank_file(*bank_files.read_bank_file(unit, 1))


def read(act: Act, letter: bytes) -> StatementRead:
    return bank_statements.preview_statement(act, 7, read_bank_message(BytesIO(letter)))


def booked(act: Act) -> StatementBooked:
    found = press(act, BookStatement(statement=7))
    assert isinstance(found, StatementBooked)
    return found


def states(unit: UnitOfWork) -> list[tuple[PayoutState, str]]:
    return [(each.state, each.reason) for each in unit.payouts.list_in_file(unit.payouts.get_file(1).id)]  # type: ignore[arg-type]


def balances(unit: UnitOfWork, workers: list[Person]) -> list[int]:
    return [unit.ledger.balance(available_account(each), "EUR") for each in workers]


PAID, SENT, CLOSED = (PayoutState.PAID, ""), (PayoutState.SENT, ""), (PayoutState.FAILED, "closed")


async def test_a_payout_goes_to_the_bank_is_refused_paid_or_sent_back_and_goes_out_again(
    database: Database, now: Moment
):
    def story(unit: UnitOfWork) -> None:
        if unit.connection.dialect == "postgresql":  # the bank is asked in the midst of it: that takes its time
            unit.connection.changed("SET LOCAL idle_in_transaction_session_timeout = 0")
        workers, act, file = sent(unit)
        with a_bank(datetime.fromtimestamp(now // 1000, UTC).strftime("%Y-%m-%dT%H:%M")) as bank:
            bank.returns_later(2, 5, "MD07")
            bank.pay(file)
            (report,) = bank.letters(REPORT)
            shown = read(act, report)
            assert [(each.payout, each.paid, each.reason) for each in shown.payouts] == [(3, False, "closed")]
            assert states(unit) == [SENT] * 3  # nothing is recorded before the press
            assert booked(act) == StatementBooked(0, 0, "EUR", 0, 0, 1)
            assert balances(unit, workers) == [0, 0, 5_000_000]
            bank.let_pass(3)
            assert [(each.payout, each.paid) for each in read(act, bank.letters(ADVICE)[0]).payouts] == [
                (1, True),
                (2, True),
            ]
            assert booked(act) == StatementBooked(0, 0, "EUR", 0, 2, 0)
            assert states(unit) == [PAID, PAID, CLOSED]
            bank.let_pass(10)
            for letter in bank.letters(ADVICE) + bank.letters(STATEMENT):
                known = read(act, letter)
                assert known.unclear == known.unmatched == ()
                if known.payouts:
                    booked(act)
            assert states(unit) == [PAID, CLOSED, CLOSED]
            assert balances(unit, workers) == [0, 5_000_000, 5_000_000]
            payouts.request_payout(unit, workers[1], "EUR", None)
            settlement.make_bank_file(act, 1, "EUR")
            bank.pay(write_bank_file(*bank_files.read_bank_file(unit, 2)))
            bank.let_pass(3)
            assert [each.payout for each in read(act, bank.letters(ADVICE)[-1]).payouts] == [4]
            booked(act)
        assert balances(unit, workers) == [0, 0, 5_000_000]
        assert unit.ledger.balance(payout_account(workers[1]), "EUR") == 0
        assert find_violations(unit) == []

    await database.transact(story, now)


ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls><TxDtls><Refs>{refs}</Refs>{more}</TxDtls></NtryDtls></Ntry>"""
ONE, FILE = "<EndToEndId>PAYOUT-1</EndToEndId>", "<PmtInfId>FILE-1-1</PmtInfId>"
BACK = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


def statement(amount: str, sign: str = "DBIT", refs: str = ONE, more: str = "", iban: str = PAYER_IBAN) -> bytes:
    entry = ENTRY.format(amount=amount, sign=sign, refs=refs, more=more)
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Acct><Id>
<IBAN>{iban}</IBAN></Id></Acct>{entry}</Stmt></BkToCstmrStmt></Document>""".encode()


def report(status: str, inside: str, payment: str = "") -> bytes:
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>
<OrgnlMsgId>{inside}</OrgnlMsgId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>{payment}</CstmrPmtStsRpt></Document>""".encode()


async def test_unmatched_answers_are_shown_and_not_recorded(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        workers, act, _ = sent(unit)
        earns_later = settle_worker(unit, 4)
        unit.ledger.open((available_account(earns_later),), "EUR")
        told = "<OrgnlEndToEndId>PAYOUT-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        one = f"<OrgnlPmtInfAndSts><TxInfAndSts>{told}</TxInfAndSts></OrgnlPmtInfAndSts>"
        for letter, why in (
            (statement("4.99"), "amount"),
            (statement("5.00", refs=ONE.replace("1", "99")), "unknown"),
            (statement("14.00", refs=FILE), "amount"),
            (statement("5.00", refs=FILE.replace("1-1", "9-1")), "unknown"),
            (report("PART", "FILE-2", one), "file"),
        ):
            shown = read(act, letter)
            assert ([each.why for each in shown.unclear], shown.payouts) == ([why], ()), letter
        sent_by_somebody = read(act, statement("5.00", "CRDT"))
        assert sent_by_somebody.payouts == ()
        assert [each.why for each in sent_by_somebody.unmatched] == ["reference"]
        for letter in (
            report("ACCP", "FILE-1"),
            report("ACSC", "SOMETHING"),
            statement("5.00", more="<RvslInd/>", refs=""),
        ):
            shown = read(act, letter)
            assert (shown.payouts, shown.unclear) == ((), ())
        assert states(unit) == [SENT] * 3
        assert balances(unit, workers) == [0, 0, 0]

    await database.transact(story, now)


async def test_a_report_on_another_accounts_file_is_refused_with_what_and_where(database: Database, now: Moment):
    """Somebody else's program may number its files and payments as we do."""

    def paid_from(iban: str, number: int = 1) -> str:
        payer = f"<OrgnlTxRef><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></OrgnlTxRef>"
        return payment(number, "RJCT", "AC04").replace("</TxInfAndSts>", f"{payer}</TxInfAndSts>")

    def story(unit: UnitOfWork) -> None:
        _, act, _ = sent(unit)
        theirs = batch(paid_from(PAYER_IBAN), paid_from(IBANS[1], 2))
        with pytest.raises(StatementRefused) as refused:
            read(act, report("PART", "FILE-1", theirs))
        assert (refused.value.why, refused.value.what, refused.value.where) == ("debtor", "DE89 •••• 3000", "PAYOUT-2")
        shown = render(StatementRefused.stored_as, refused.value.facts, "fr").text
        assert "PAYOUT-2" in shown
        assert "DE89 •••• 3000" in shown
        assert len(read(act, report("PART", "FILE-1", batch(paid_from(PAYER_IBAN)))).payouts) == 1
        moved = replace(act, house=replace(act.house, payer=Payer("ACME Corporation", IBANS[0], PAYER_BIC)))
        assert len(read(moved, report("PART", "FILE-1", batch(paid_from(PAYER_IBAN)))).payouts) == 1  # as it was sent
        assert states(unit) == [SENT] * 3

    await database.transact(story, now)


async def test_a_files_sum_pays_all_payouts_without_an_answer(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        workers, act, _ = sent(unit)
        settlement.decide_payout(act, 3, "failed", "closed")
        assert len(read(act, statement("10.00", refs=FILE)).payouts) == 2
        whole = read(act, statement("15.00", refs=FILE))
        assert len(whole.payouts) == 2
        assert [(each.payout, each.why) for each in whole.unclear] == [(3, "refused")]  # it comes back later
        assert booked(act).paid == 2
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == -5_000_000
        again = read(act, statement("15.00", refs=FILE))
        assert (again.payouts, again.known, again.unclear) == ((), 1, ())
        back = read(act, statement("5.00", "CRDT", refs=ONE.replace("1", "3"), more=BACK))
        assert (len(back.payouts), back.unclear) == (1, ())
        booked(act)
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == 0
        wrong = read(act, report("RJCT", "FILE-1"))
        assert (wrong.payouts, wrong.known) == ((), 1)  # all have their answer
        assert balances(unit, workers) == [0, 0, 5_000_000]
        assert find_violations(unit) == []

    await database.transact(story, now)


async def test_the_bank_refuses_a_whole_file(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        workers, act, _ = sent(unit)
        assert [each.reason for each in read(act, report("RJCT", "FILE-1")).payouts] == ["other"] * 3
        settlement.decide_payout(act, 1, "paid", "")  # meanwhile: that has its answer
        assert booked(act) == StatementBooked(0, 0, "EUR", 0, 0, 2)
        settlement.decide_payout(act, 1, "failed", "closed")
        assert balances(unit, workers) == [5_000_000] * 3
        debit = read(act, statement("5.00"))
        assert debit.known == 1  # it was paid before it came back
        late = read(act, statement("5.00", refs=ONE.replace("1", "2")))
        assert [(each.payout, each.why) for each in late.unclear] == [(2, "failed")]
        assert find_violations(unit) == []

    await database.transact(story, now)


def payment(number: int, status: str = "", reason: str = "") -> str:
    """One payment of a report; without a status it has its batch's."""
    told = f"<TxSts>{status}</TxSts>" if status else ""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>PAYOUT-{number}</OrgnlEndToEndId>{told}{why}</TxInfAndSts>"


def batch(*payments: str, status: str = "") -> str:
    told = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>FILE-1-1</OrgnlPmtInfId>{told}{''.join(payments)}</OrgnlPmtInfAndSts>"


@pytest.mark.parametrize(
    ("group", "payments", "told"),
    [
        ("RJCT", batch(payment(2, "RJCT", "AC04")), {1: "other", 2: "closed", 3: "other"}),
        ("PART", batch(payment(2, reason="AC04"), status="RJCT"), {1: "other", 2: "closed", 3: "other"}),
        ("RJCT", batch(payment(2, "RJCT")) + batch(payment(3, "ACSC")), {1: "other", 2: "other", 3: "paid"}),
        ("ACSC", batch(payment(2, "RJCT", "AC04")), {1: "paid", 2: "closed", 3: "paid"}),
        ("RJCT", batch(payment(2, "RJCT"), payment(3, "PDNG")), {1: "other", 2: "other"}),  # 3 has no answer yet
        ("RJCT", batch("<TxInfAndSts><TxSts>ACSP</TxSts></TxInfAndSts>"), {}),  # which of them goes its way?
        (
            "PART",
            batch(payment(2, "RJCT"), status="RJCT") + batch(payment(3, "ACSC"), status="ACSC"),
            {2: "other", 3: "paid"},
        ),
        ("PART", batch(payment(2, "RJCT")), {2: "other"}),
    ],
)
async def test_a_files_status_applies_to_payments_without_their_own(
    database: Database, now: Moment, group: str, payments: str, told: dict[int, str]
):
    def story(unit: UnitOfWork) -> None:
        _, act, _ = sent(unit)
        letter = report(group, "FILE-1", payments)
        shown = read(act, letter)
        assert {each.payout: "paid" if each.paid else each.reason for each in shown.payouts} == told
        assert (shown.known, shown.unclear) == (0, ())
        booked(act)
        again = read(act, letter)
        assert (again.payouts, again.unclear) == ((), ())
        assert find_violations(unit) == []

    await database.transact(story, now)


@pytest.mark.parametrize("at", ["OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts"])
async def test_a_report_on_a_file_of_the_same_name_with_another_sum_changes_nothing(
    database: Database, now: Moment, at: str
):
    def story(unit: UnitOfWork) -> None:
        workers, act, _ = sent(unit)
        for total, why in (("15.01", ["amount"]), ("15", []), ("15.00", [])):
            letter = report("RJCT", "FILE-1", batch(status="RJCT")).decode()
            letter = letter.replace(f"<{at}>", f"<{at}><OrgnlCtrlSum>{total}</OrgnlCtrlSum>", 1)
            shown = read(act, letter.encode())
            assert [each.why for each in shown.unclear] == why
            assert len(shown.payouts) == (0 if why else 3)
        assert balances(unit, workers) == [0, 0, 0]

    await database.transact(story, now)


async def test_a_files_refusal_does_not_blame_the_workers_account(database: Database, now: Moment):
    """The payer's account is blocked; the worker with no reason of their own must not look for a fault in theirs."""

    def story(unit: UnitOfWork) -> None:
        _, act, _ = sent(unit)
        why = "<StsRsnInf><Rsn><Cd>AC06</Cd></Rsn></StsRsnInf>"
        letter = report("RJCT", "FILE-1", batch(payment(2, "RJCT", "AC04"), payment(3, "RJCT"))).decode()
        shown = read(act, letter.replace("</GrpSts>", f"</GrpSts>{why}").encode())
        assert {each.payout: each.reason for each in shown.payouts} == {1: "refused", 2: "closed", 3: "refused"}
        booked(act)
        noted = unit.connection.all("SELECT facts FROM audit WHERE subject = 'payout:1' ORDER BY id DESC LIMIT 1")
        assert "AC06" in noted[0][0]

    await database.transact(story, now)


async def test_a_refused_payment_with_another_amount_is_not_recorded(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        _, act, _ = sent(unit)
        money = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">4.99</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
        shown = read(act, report("RJCT", "FILE-1", batch(payment(2, "RJCT").replace("</TxInfAndSts>", money))))
        assert [each.payout for each in shown.payouts] == [1, 3]
        assert [(each.payout, each.why, each.amount) for each in shown.unclear] == [(2, "amount", 4_990_000)]

    await database.transact(story, now)


def lines(*entries: tuple[str, str, str, str], opening: str = "", closing: str = "", root: str = "053") -> bytes:
    """A statement of (amount, sign, bank's reference, references) with balances; a return where the sign is BACK."""
    inside = ""
    for code, amount in (("OPBD", opening), ("CLBD", closing)):
        if amount:
            inside += f"""<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-26</Dt></Dt></Bal>"""
    for amount, sign, number, refs in entries:
        more = BACK if sign == "BACK" else ""
        entry = ENTRY.format(amount=amount, sign="CRDT" if more else sign, refs=refs, more=more)
        inside += entry.replace("<AcctSvcrRef>B-1</AcctSvcrRef>", number and f"<AcctSvcrRef>{number}</AcctSvcrRef>")
    name, part = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[root]
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{root}.001.02"><{name}><{part}><Acct><Id>
<IBAN>{PAYER_IBAN}</IBAN></Id></Acct>{inside}</{part}></{name}></Document>""".encode()


TWO = ONE.replace("1", "2")


@pytest.mark.parametrize(
    ("letters", "left", "states_after"),
    [
        # Two debits for one payout, in one statement; the bank gives them references of its own, or none.
        ([lines(("5.00", "DBIT", "B-1", ONE), ("5.00", "DBIT", "B-2", ONE))], [("twice", -1)], "pss"),
        ([lines(("5.00", "DBIT", "", ONE), ("5.00", "DBIT", "", ONE))], [("twice", -1)], "pss"),
        # In a later one.
        ([lines(("5.00", "DBIT", "B-1", ONE)), lines(("5.00", "DBIT", "B-2", ONE))], [("twice", -1)], "pss"),
        # An advice and the statement tell of the same two debits under other references.
        (
            [
                lines(("5.00", "DBIT", "A-1", ONE), ("5.00", "DBIT", "A-2", ONE), root="054"),
                lines(("5.00", "DBIT", "B-1", ONE), ("5.00", "DBIT", "B-2", ONE)),
            ],
            [("twice", -1)],
            "pss",
        ),
        # A payment that comes back twice.
        (
            [lines(("5.00", "DBIT", "B-1", ONE), ("5.00", "BACK", "B-2", ONE), ("5.00", "BACK", "B-3", ONE))],
            [("twice", 1)],
            "fss",
        ),
        # A whole file executed twice, in one sum and one by one.
        ([lines(("15.00", "DBIT", "B-1", FILE)), lines(("15.00", "DBIT", "B-2", FILE))], [("twice", -3)], "ppp"),
        (
            [lines(("15.00", "DBIT", "B-1", FILE)), lines(("5.00", "DBIT", "B-2", ONE), ("5.00", "DBIT", "B-3", TWO))],
            [("twice", -1), ("twice", -1)],
            "ppp",
        ),
        # A file's sum behind an advice of each payment is the same money; a second sum is not.
        (
            [
                lines(*(("5.00", "DBIT", f"A-{at}", ONE.replace("1", f"{at}")) for at in (1, 2, 3)), root="054"),
                lines(("15.00", "DBIT", "B-1", FILE)),
                lines(("15.00", "DBIT", "B-2", FILE)),
            ],
            [("twice", -3)],
            "ppp",
        ),
        # Another amount, before and after it was paid; a known PmtInfId with another amount.
        ([lines(("5.00", "DBIT", "B-1", ONE), ("5.01", "DBIT", "B-2", ONE))], [("amount", -1.002)], "pss"),
        ([lines(("15.00", "DBIT", "B-1", FILE), ("9999.00", "DBIT", "B-2", FILE))], [("amount", -1999.8)], "ppp"),
        # What is no payout: a charge, money taken out, a reversal.
        ([lines(("1.50", "DBIT", "B-1", ""))], [("debit", -0.3)], "sss"),
        # A second payment that comes back is as if it had never been.
        (
            [lines(("5.00", "DBIT", "B-1", ONE), ("5.00", "DBIT", "B-2", ONE)), lines(("5.00", "BACK", "B-3", ONE))],
            [],
            "pss",
        ),
        (
            [lines(("5.00", "DBIT", "B-1", ONE), ("5.00", "DBIT", "B-2", ONE), ("5.00", "BACK", "B-3", ONE))],
            [],
            "pss",
        ),
    ],
)
async def test_a_second_debit_is_booked_as_unexplained_and_waits(
    database: Database, now: Moment, letters: list[bytes], left: list[tuple[str, float]], states_after: str
):
    def story(unit: UnitOfWork) -> None:
        _, act, _ = sent(unit)
        before = unit.ledger.balance(BANK, "EUR")
        for letter in (*letters, *letters):  # each file comes twice
            read(act, letter)
            booked(act)
        waiting = [
            (line.why, (-1 if line.debit else 1) * line.amount) for line in unit.payouts.lines.list_waiting(100, 0)
        ]
        assert waiting == [(why, round(times * 5_000_000)) for why, times in left]
        assert "".join(state.value[0] for state, _ in states(unit)) == states_after
        assert unit.ledger.balance(UNEXPLAINED, "EUR") == sum(amount for _, amount in waiting)
        paid = sum(5_000_000 for state, _ in states(unit) if state is PayoutState.PAID)
        assert unit.ledger.balance(BANK, "EUR") == before + paid - sum(amount for _, amount in waiting)
        assert find_violations(unit) == []

    await database.transact(story, now)
