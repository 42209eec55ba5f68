"""Messages about balances, funds, deposits, bonuses and statements: realistic ones, and the longest."""

from dataclasses import replace

from domain.messages import Message
from domain.moments import Moment
from domain.money.bank_statements import (
    BankLineExplained,
    BankLineShown,
    BankLinesListed,
    OperatorMoneyMoved,
    Reconciled,
    StatementBooked,
    StatementDeposit,
    StatementPayout,
    StatementRead,
    Unexplained,
    UnmatchedLine,
)
from domain.money.bonus import BonusAsked, BonusesBooked, BonusesListed, BonusGiven, BonusReceived
from domain.money.card_payments import (
    CardInvoice,
    CardPaymentId,
    CardPaymentsListed,
    ListedCardPayment,
    ProviderBalance,
    ProviderMoneyMoved,
    StrayPaymentNoticed,
    StrayPaymentReturned,
    StrayPaymentShown,
)
from domain.money.card_reports import CardReportBooked, CardReportRead, ReportLine, ReportMisfit, ReportRefund
from domain.money.deposits import DepositRecorded, FundsDeposited, FundsRefunded, RefundRecorded
from domain.money.funds import (
    CurrencyFunds,
    FundingAsked,
    FundingChoice,
    Funds,
    Lacking,
    OtherFunds,
    PayGivenBack,
    ProjectFunds,
    RestEnded,
)
from domain.money.statements import StatementReady
from domain.money.topups import PayLifted, ReserveMissing, TopupPaid
from domain.money.wallet import (
    Balance,
    BalanceEntry,
    CurrencyBalance,
    FreeFunds,
    HeldFunds,
    PayReleased,
    PendingPay,
    PersonBalance,
)
from domain.projects.projects import ProjectId
from formats.captions.caption import MAX_CHARS

NOON = Moment(1_790_000_000_000)
PROJECT = ProjectId(7)
TITLE = "Is the review <positive> & kind?"
LONG_TITLE = "é&" * (MAX_CHARS["title"] // 2)
HELD = PendingPay(PROJECT, TITLE, 3, 150_000, "EUR", NOON, review=False)
ENTRY = BalanceEntry(123, "reward", 50_000, "EUR", count=12, day="2026-09-21")
BALANCE = Balance(
    books=(CurrencyBalance("EUR", 1_250_000, 187_500, 2_000_000, 50_000),),
    answers=31,
    held=(HELD, replace(HELD, amount=37_500, review=True)),
    entries=(ENTRY, *(replace(ENTRY, kind=kind) for kind in ("bonus", "reject", "appeal", "payout"))),
    today="2026-09-21",
    yesterday="2026-09-20",
)
LONG_BALANCE = replace(
    BALANCE,
    held=(replace(HELD, title=LONG_TITLE),) * 100,
    entries=(replace(ENTRY, amount=999_999_999_999, day="2026-09-20"),) * 5,
)
BUDGETS = tuple(HeldFunds(ProjectId(at), TITLE, "running", 1_000_000, "EUR") for at in range(2))
ASKS = PersonBalance(
    who="@ada <b>",
    telegram_id=1_000,
    worker=True,
    asks=True,
    free=(FreeFunds("EUR", 9_000_000), FreeFunds("USD", 0)),
    projects=BUDGETS,
    balance=BALANCE,
)
FREE = CurrencyFunds(
    "EUR", 9_000_000, 12_000_000, bonuses=500_000, refunded=100_000, judges=150_000, tests=400_000, since=Moment(0)
)
SPENT = tuple(ProjectFunds(ProjectId(at), TITLE, "EUR", *[amount] * 8) for at, amount in ((7, 1_000_000), (8, 0)))
MANY = tuple(replace(BUDGETS[0], title=LONG_TITLE, number=ProjectId(10**12 + at)) for at in range(100))
MANY_SPENT = tuple(replace(SPENT[0], title=LONG_TITLE, number=ProjectId(10**12 + at)) for at in range(20))
RECEIVED = (25_000_000, 100_000_000, "EUR", "INV-7", 41)
BARE = (25_000_000, 100_000_000, "EUR", "", None)

UNMATCHED = tuple(
    UnmatchedLine(why, 1_230_000, currency, False, "1.23", "2026-11-26", "B-1 & co", "Ann <b> · rent & more")
    for why, currency in (
        *((why, "EUR") for why in ("number", "known", "amount", "reference", "slip", "reversal", "typed")),
        ("currency", "USD"),
        ("currency", ""),
    )
)
UNCLEAR = tuple(
    UnmatchedLine(why, 5_000_000, "EUR", debit, "5.00", "2026-11-26", "B-1", "@ada <b>", payout, file, 12, 10**17)
    for debit, payout, file in ((True, 7, None), (False, 7, None), (True, None, 3))
    for why in (*("unknown", "waiting", "file", "account", "amount", "handed", "failed", "twice", "refused", "debit"),)
)
BALANCES = tuple(
    Reconciled("EUR", 100_000_000, closing, "2026-11-26", 95_000_000) for closing in (95_000_000, 90_000_000)
)
DEPOSITS = tuple(StatementDeposit("@ada", 25_000_000, "RF06POUCE7", booked) for booked in (True, False))
STATEMENT = StatementRead(
    7,
    "EUR",
    DEPOSITS,
    UNMATCHED[:8],
    unclear_count=30,
    unmatched_count=9,
    new=39,
    pages=5,
    balances=BALANCES,
)
REPORT_LINE = ReportLine("txn_1Nx<", "refund_failure", "EUR", -10_000_000, 630_000, ("ch_3Nx<", "pi_4"), "2027-01-15")
MISFITS = tuple(
    ReportMisfit(REPORT_LINE, why, 12)
    for why in (
        *("unknown", "stray", "amount", "currency", "spent", "more", "typed", "dispute", "payout", "balance"),
        "category",
    )
)
REPORT = CardReportRead(
    report=41,
    currency="EUR",
    fees=1_830_000,
    typed_fees=630_000,
    refunds=(ReportRefund(12, "@rosa <b>", 10_000_000),),
    refund_count=21,
    payments=40,
    payouts=2,
    recorded=1,
    known=3,
    misfits=MISFITS[:2],
    misfit_count=2,
    new=43,
    page=0,
    pages=2,
)
PAID_TWICE = StatementPayout(7, "@ada", 5_000_000, "EUR", False, "clears")

MESSAGES: list[Message] = [
    STATEMENT,
    replace(STATEMENT, deposits=(), unmatched=(), unclear=(), new=0, balances=(), wise=True, page=2),
    replace(STATEMENT, payouts=(PAID_TWICE,), unmatched=UNMATCHED[8:]),
    *(replace(STATEMENT, unmatched=(), unclear=UNCLEAR[at : at + 8], page=1) for at in range(0, 30, 8)),
    BankLinesListed(UNCLEAR[:8], 20, 1, 3, (Unexplained("EUR", -5_000_000), Unexplained("USD", 5_000_000))),
    BankLinesListed((), 0, 0, 1),
    *(
        BankLineShown(line, ("charge", "own", "payout", "deposit", "recorded"), "@ada <b>", 41)
        for line in (UNCLEAR[7], UNCLEAR[17])
    ),
    BankLineShown(UNCLEAR[7], ("recorded",)),
    BankLineShown(UNCLEAR[7], ()),
    *(
        BankLineExplained(line, choice, "@ada <b>", 41, 3)
        for line in (UNCLEAR[7], UNCLEAR[17])
        for choice in ("charge", "own", "payout", "deposit", "recorded")
    ),
    *(
        OperatorMoneyMoved(kind, 4_900_000, "EUR", "October & co", 1_000_000, 41)
        for kind in ("charge", "charge back", "drawn", "paid in")
    ),
    *(CardInvoice(CardPaymentId(12), 25_000_000, "EUR", team) for team in ("", "Atelier <7>")),
    *(StrayPaymentNoticed(2_500, "EUR"), StrayPaymentReturned(2_500, "EUR")),
    *(
        StrayPaymentShown(3, "Rosa <7>", 2_500, "EUR", why, "charge_9", charge, state, may_credit=state == "waiting")
        for why, charge, state in (
            *((why, "ch_3Nx<", "waiting") for why in ("unknown", "person", "amount", "twice", "unchecked")),
            ("gone", "", "returned"),
            ("failed", "", "credited"),
        )
    ),
    *(
        ProviderMoneyMoved(kind, 1_450_000, "EUR", "May & co", 98_550_000, 41)
        for kind in ("card fee", "card fee back", "card payout", "card payout back")
    ),
    REPORT,
    replace(REPORT, fees=-300_000, refunds=(), refund_count=0, misfits=(), misfit_count=0, new=0, pages=1),
    *(replace(REPORT, misfits=MISFITS[at : at + 8], page=1) for at in (0, 8)),
    CardReportBooked("EUR", 1, 0, 0, 0, 0, -1_000_000),
    CardReportBooked("EUR", 41, 1_830_000, 2, 3, 2, 13_170_000),
    CardPaymentsListed((), (), (), is_open=False),
    CardPaymentsListed(
        (ProviderBalance("EUR", 98_550_000, 1_450_000),),
        (3, 9),
        tuple(
            ListedCardPayment(CardPaymentId(number), "@rosa", 25_000_000, back, "EUR", "ch_3Nx")
            for number, back in ((12, 0), (11, 5_000_000))
        ),
        is_open=True,
    ),
    *(StatementBooked(count, 25_000_000, "EUR", before) for count, before in ((1, 0), (12, 3))),
    StatementBooked(0, 0, "EUR", 1),
    StatementBooked(1, 25_000_000, "EUR", 3, 1, 1, waiting=2, open=3, balances=BALANCES),
    BALANCE,
    replace(BALANCE, answers=1, held=(), entries=(), asks=True),
    ASKS,
    replace(ASKS, held=(FreeFunds("EUR", 29_000_000), FreeFunds("USD", 0))),
    replace(ASKS, worker=False, asks=False, projects=()),
    Funds((FREE,), SPENT, NOON),
    Funds((FREE,), SPENT, NOON, others=(OtherFunds("EUR", 9, 12_000_000, 1), OtherFunds("USD", 1, 2, 0))),
    Funds((FREE,), SPENT, NOON, fundable=True),
    *(Funds((replace(FREE, amount=0, since=None),), (), NOON, fundable=fundable) for fundable in (True, False)),
    FundingChoice("EUR", 9_000_000, (Lacking(PROJECT, TITLE, 4_840_000),)),
    FundingChoice("EUR", 0, (), "Atelier <7>", 7),
    DepositRecorded("@ada <b>", True, *RECEIVED),
    DepositRecorded("@ada <b>", False, *BARE),
    *(kind("@ada <b>", *money) for kind in (RefundRecorded,) for money in (RECEIVED, BARE)),
    *(kind(*money) for kind in (FundsDeposited, FundsRefunded) for money in (RECEIVED, BARE)),
    PayGivenBack(25_000_000, 100_000_000, "EUR", 41),
    PayGivenBack(25_000_000, 100_000_000, "EUR", 41, "Atelier <7>"),
    FundingAsked(100_000_000, "EUR", "Pouce & <Cie>", "FR1420041010050500013M02606", "AGRIFRPP", "RF06POUCE7"),
    FundingAsked(
        100_000_000, "EUR", "Pouce & <Cie>", "FR1420041010050500013M02606", "AGRIFRPP", "RF92POUCET1", "Labo <1>"
    ),
    *(TopupPaid(TITLE, 421_337, "EUR", answers, 41) for answers in (1, 12)),
    PayReleased(TITLE, "EUR", 50_000, 0),
    *(PayLifted(PROJECT, TITLE, "EUR", taken, left) for taken, left in ((1_500_000, 0), (0, 20_000), (5, 7))),
    ReserveMissing(PROJECT, TITLE, 19.25, 7.25, 3_140_001, "EUR"),
    RestEnded(PROJECT, TITLE, 7, 3_140_001, "EUR"),
    BonusAsked("wabcdefghij", 9_000_000, "EUR"),
    BonusGiven("wabcdefghij", 500_000, "EUR", 1, 123),
    BonusesListed(7, 120, 80, 12_500_000, "EUR", 20_000_000, 3),
    BonusesListed(7, 1, 1, 2_000_000, "EUR", 500_000, 0),
    BonusesListed(7, 0, 0, 0, "EUR", 0, 1),
    BonusesBooked(120, 12_500_000, "EUR", 7_500_000),
    BonusReceived(500_000, "EUR", "Careful <3", 123),
    *(
        StatementReady(5, "2026-09", NOON, "2026-08", form == "pdf", lines, form, "EUR")
        for lines, form in ((0, "pdf"), (1, "csv"), (31, "pdf"))
    ),
]
LONGEST: list[Message] = [
    FundingChoice("EUR", 999_999_999_990_000, (Lacking(ProjectId(10**12), LONG_TITLE, 999_999_999_990_000),) * 4),
    StatementRead(
        10**12,
        "EUR",
        (StatementDeposit("&" * 120, 999_999_999_990_000, "RF06POUCE" + "9" * 15, False),) * 500,
        (UnmatchedLine("number", 999_999_999_990_000, "EUR", True, "", "2026-11-26", "&" * 140, "&" * 280),) * 8,
        unmatched_count=500,
        new=500,
        pages=63,
        balances=BALANCES,
    ),
    FundingAsked(999_999_999_990_000, "EUR", "&" * 70, "MT" + "9" * 29, "AGRIFRPPXXX", "RF06POUCE" + "9" * 16),
    Funds((FREE,) * 2, MANY_SPENT, NOON),
    LONG_BALANCE,
    replace(ASKS, projects=MANY, balance=LONG_BALANCE),
]
