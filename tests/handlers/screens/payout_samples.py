"""Messages about payouts, bank files and the ledger: realistic ones, and the longest."""

from dataclasses import replace

from domain.messages import Message
from domain.moments import Moment
from domain.money.bank_statements import (
    AdminPayout,
    BankFileReady,
    BankFileShown,
    BankFileView,
    FailureAsked,
    OpenBankFile,
    PayoutShown,
    PayoutsOverview,
    StateCount,
)
from domain.money.ledger import (
    AccountBalance,
    AccountEntry,
    AccountShown,
    AccountsListed,
    ChainHead,
    JournalReady,
    LedgerVerified,
    RuleVerified,
)
from domain.money.payouts import (
    AccountKept,
    AccountNoted,
    BankFileId,
    EmailAsked,
    HolderAsked,
    HolderUnfit,
    IbanAsked,
    IbanUnfit,
    NothingToPayOut,
    PayoutCard,
    PayoutFailed,
    PayoutId,
    PayoutPaid,
    PayoutRequested,
    PayoutSent,
    PayoutUnknown,
    PayoutUnread,
    PayoutView,
)
from domain.money.statements import InvoiceLinesReady
from domain.people.accounts import PersonId

NOON = Moment(1_790_000_000_000)
ACCOUNT = "FR76 •••• 0189"
FILE = BankFileId(3)
PAYOUT = PayoutView(
    number=123,
    payout=PayoutId(12),
    gross=12_500_000,
    net=12_500_000,
    withheld=0,
    currency="EUR",
    state="requested",
    reason="",
    account=ACCOUNT,
    requested_at=NOON,
    decided_at=None,
)
WITHHELD = replace(PAYOUT, net=9_850_000, withheld=2_650_000)
EACH = (
    PAYOUT,
    replace(PAYOUT, state="sent"),
    replace(PAYOUT, state="paid", decided_at=NOON),
    replace(PAYOUT, state="failed", reason="closed", decided_at=NOON),
    replace(PAYOUT, state="unknown"),
)
CARD = PayoutCard(
    available=12_507_500,
    gross=12_500_000,
    net=12_500_000,
    withheld=0,
    currency="EUR",
    turn=3,
    on_the_way=EACH,
    account=ACCOUNT,
    holder="Awa <Diallo>",
    coming=None,
    usable_at=None,
)
BY_WISE = replace(PAYOUT, account="a•••@example.sn", wise=True)
BY_WISE_EACH = tuple(replace(each, account="a•••@example.sn", wise=True) for each in EACH)
CALLED_OFF = replace(EACH[3], reason="asked", called_off=True)
BANK_FILE = BankFileView(FILE, NOON, "EUR", 12, 240_000_000, (StateCount("sent", 11), StateCount("unknown", 1)))
ENDED = replace(BANK_FILE, counts=(StateCount("paid", 11), StateCount("failed", 1)))
ADMINS = tuple(AdminPayout(payout, "@awa", None if payout.state == "requested" else FILE) for payout in EACH)
WISE_ADMINS = tuple(replace(each, payout=replace(each.payout, wise=True, reason="other")) for each in ADMINS)
OPEN_FILE = OpenBankFile(FILE, "EUR", NOON, 12, 240_000_000, 12)
WAITING = PayoutsOverview("EUR", 12, 240_000_000, ADMINS[:1], (OPEN_FILE,), 2_650_000, after=3)
NONE_WAITING = replace(WAITING, waiting=0, total=0, listed=(), files=(), withheld=0, after=0)
FAILED = PayoutFailed(EACH[3], 140)
MASKED = AccountBalance("worker:2001:available", 5_000, "EUR")
BOOKED = AccountEntry(123, "fee", 5_000, 5_000, NOON)
RULES = tuple(RuleVerified(number, 0, ()) for number in range(1, 16))
BROKEN = RuleVerified(15, 1_200, ("every balance: account platform:fees, 5",) * 2)
HEAD = ChainHead(12_345, "9f" * 32)

MESSAGES: list[Message] = [
    *(HolderAsked(account) for account in (None, ACCOUNT)),
    HolderAsked(None, 1_020_000, "EUR"),
    *(NothingToPayOut(7_500, pending, "EUR", until) for pending, until in ((300_000, NOON), (0, None))),
    IbanAsked("Awa <Diallo>"),
    IbanAsked("Awa <Diallo>", ("SN", "KE")),
    *(EmailAsked("SN", "XOF", again, repeat) for again in (False, True) for repeat in (False, True)),
    HolderUnfit(70),
    *(IbanUnfit(what, "FR", 27, 26) for what in ("characters", "country", "sepa", "length", "checksum", "bank")),
    AccountNoted(ACCOUNT, "Awa", None, None),
    AccountNoted(ACCOUNT, "Awa", NOON, "DE89 •••• 3000"),
    CARD,
    replace(CARD, available=0, gross=0, net=0, asked=True),
    replace(CARD, net=9_850_000, withheld=2_650_000, coming="DE89 •••• 3000", usable_at=NOON),
    replace(CARD, available=7_500, gross=0, net=0, on_the_way=()),
    replace(CARD, wise=True, account="a•••@example.sn"),
    replace(CARD, wise=True, account="a•••@example.sn", least=5_000_000, on_the_way=BY_WISE_EACH),
    replace(CARD, wise=True, account="a•••@example.sn", least=5_000_000, on_the_way=(), gross=4_990_000, net=4_990_000),
    EmailAsked("SN", "XOF", least=5_000_000, currency="EUR"),
    PayoutUnread(),
    AccountKept(),
    PayoutRequested(PAYOUT, 7_500),
    PayoutRequested(WITHHELD, 0),
    PayoutSent(PAYOUT),
    PayoutRequested(BY_WISE, 0),
    PayoutSent(BY_WISE),
    PayoutPaid(EACH[2], 140),
    PayoutPaid(EACH[2], 140, after_all=True),
    PayoutFailed(CALLED_OFF, 140),
    PayoutShown(AdminPayout(CALLED_OFF, "@awa", None)),
    PayoutShown(ADMINS[0], stale=True),
    BankFileShown(BANK_FILE, 12, ADMINS[1:2], stale=True),
    FailureAsked(AdminPayout(PAYOUT, "@awa", None)),
    replace(CARD, on_the_way=(CALLED_OFF,), changed=True),
    *(
        replace(FAILED, payout=replace(EACH[3], reason=why))
        for why in ("closed", "name", "refused", "wise", "other", "typed <words>")
    ),
    PayoutUnknown(EACH[4]),
    WAITING,
    NONE_WAITING,
    replace(WAITING, files=(), channel="wise"),
    BankFileReady(BANK_FILE),
    replace(WAITING, files=(replace(OPEN_FILE, channel="wise"),)),
    replace(WAITING, listed=WISE_ADMINS[:1], files=(), channel="wise"),
    BankFileReady(replace(BANK_FILE, channel="wise")),
    BankFileShown(replace(BANK_FILE, channel="wise"), 12, WISE_ADMINS[1:2] * 8),
    *(PayoutShown(each) for each in WISE_ADMINS),
    FailureAsked(WISE_ADMINS[1]),
    PayoutUnknown(BY_WISE_EACH[4]),
    InvoiceLinesReady(PersonId(1), 2027, 3),
    BankFileShown(BANK_FILE, 12, ADMINS[1:2] * 8),
    BankFileShown(ENDED, 0, ()),
    *(PayoutShown(each) for each in ADMINS),
    *(PayoutShown(replace(each, payout=replace(each.payout, account=""), who="? (erased)")) for each in ADMINS),
    FailureAsked(ADMINS[1]),
    AccountShown(MASKED, (), 1, (BOOKED,)),
    AccountShown(replace(MASKED, balance=-5_000_000), ("USD",), 57, (BOOKED,) * 12),
    AccountShown(replace(MASKED, balance=0), (), 0, ()),
    AccountsListed((AccountBalance("external:bank", -25_000_000, "EUR"),), 9),
    JournalReady(),
    LedgerVerified(RULES, 3, HEAD, None),
    LedgerVerified((*RULES[:-1], BROKEN), 1, HEAD, ChainHead(9_999, "9f" * 32)),
    LedgerVerified(RULES, 1, ChainHead(0, "9f" * 32), None),
]
LONGEST: list[Message] = [
    replace(CARD, holder="&" * 70, on_the_way=EACH * 2),
    BankFileShown(
        BANK_FILE, 5_000, (AdminPayout(replace(EACH[1], payout=PayoutId(10**12)), "&" * 64, BankFileId(3)),) * 8
    ),
    replace(FAILED, payout=replace(EACH[3], reason="&" * 4_000)),
    PayoutShown(AdminPayout(replace(EACH[3], reason="&" * 4_000), "&" * 64, FILE)),
    replace(WAITING, waiting=1, total=1, listed=ADMINS * 2, files=(OPEN_FILE,) * 10),
]
