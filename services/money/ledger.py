"""The ledger for admins: accounts, verification, hledger journal."""

from dataclasses import dataclass

from domain.moments import DAY, Moment
from domain.money.ledger import Account, Head
from domain.money.messages.ledger import (
    AccountBalance,
    AccountEntry,
    AccountShown,
    AccountsListed,
    ChainHead,
    JournalReady,
    LedgerVerified,
    RuleVerified,
)
from domain.months import day_of
from domain.refusals import NotFound
from services.act import Act
from services.money.bank import lines
from storage.invariants import examine
from storage.unit import UnitOfWork

SHOWN, LISTED = 12, 40
VERIFIED = "verify"  # under which the last look through the ledger is kept


@dataclass(frozen=True, slots=True)
class Examined:
    """The result of a verification, and when it began."""

    rules: tuple[RuleVerified, ...]
    began: Moment


def show(act: Act, account: str, currency: str) -> AccountShown | AccountsListed:
    """`/ledger [ACCOUNT [CURRENCY]]`: one account's last entries; every account's balance when none is named."""
    if not account:
        return _list(act.unit)
    ledger, wanted = act.unit.ledger, currency.upper()
    found = ledger.find(account, wanted or None)
    if found is None:
        raise NotFound(what="account", name=f"{account} {wanted}".strip())
    entries = ledger.entries(account, SHOWN, found.currency)
    return AccountShown(
        account=_balance(found),
        others=tuple(other for other in ledger.currencies(account) if other != found.currency),
        lines=found.version,
        entries=tuple(AccountEntry(e.transfer, e.movement, e.amount, e.balance, e.made_at) for e in entries),
    )


def _list(unit: UnitOfWork) -> AccountsListed:
    """The platform's own accounts first, then the fullest."""
    theirs = ("worker:", "requester:", "project:")
    accounts = sorted(unit.ledger.accounts(), key=lambda account: (account.name.startswith(theirs), -account.balance))
    return AccountsListed(tuple(_balance(account) for account in accounts[:LISTED]), len(accounts))


def _balance(account: Account) -> AccountBalance:
    return AccountBalance(account.name, account.balance, account.currency)


def look_through(act: Act) -> Examined:
    """Examines all invariants on a reading connection; answers are paid meanwhile."""
    return Examined(examined(act.unit), act.unit.now)


def examined(unit: UnitOfWork) -> tuple[RuleVerified, ...]:
    """Each rule of the house: how many rows break it, and the first of them. Takes its time: not for the writer."""
    counts, rows = dict[int, int](), dict[int, list[str]]()
    for finding in examine(unit):
        rule = finding.invariant.rule
        counts[rule] = counts.get(rule, 0) + finding.count
        shown = [f"{finding.invariant.name}: {v.row}, {v.detail}" for v in finding.violations[:2]]
        rows.setdefault(rule, []).extend(shown)
    return tuple(RuleVerified(rule, counts[rule], tuple(rows[rule])) for rule in sorted(counts))


def verify(act: Act, found: Examined) -> LedgerVerified:
    """`/verify`: the result of the verification, and the head of the hash chain."""
    unit, broken = act.unit, [rule.rule for rule in found.rules if rule.count]
    head, noted = unit.hash_chain.head(), dict(unit.hash_chain.heads(1))
    yesterday = noted.get(day_of(Moment(unit.now - DAY)))
    unit.audit.note(act.person.id, "verify", "book", broken=broken)
    keep_result(unit, broken, found.began)
    return LedgerVerified(
        rules=found.rules,
        seconds=max(1, round((unit.now - found.began) / 1000)),
        head=_head(head),
        yesterday=_head(yesterday) if yesterday else None,
        unexplained=lines.unexplained(unit),
    )


def keep_result(unit: UnitOfWork, broken: list[int], began: Moment) -> None:
    """Keeps the rules that a verification found broken, for `/admin` and the metrics."""
    unit.stats.keep(VERIFIED, {"broken": broken}, max(0, unit.now - began))


def _head(head: Head) -> ChainHead:
    return ChainHead(head.position, head.hash)


def order_journal(act: Act) -> JournalReady:
    act.unit.audit.note(act.person.id, "journal", "book")
    return JournalReady()
