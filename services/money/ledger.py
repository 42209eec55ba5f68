"""The ledger for admins: accounts, verification, hledger journal."""

from dataclasses import dataclass

from domain.moments import DAY, Moment, day_of
from domain.money.ledger import (
    Account,
    AccountBalance,
    AccountEntry,
    AccountShown,
    AccountsListed,
    ChainHead,
    Head,
    JournalReady,
    LedgerVerified,
    RuleVerified,
)
from domain.refusals import NotFound
from services.act import Act
from services.money import bank_lines
from storage.invariants import examine
from storage.unit import UnitOfWork

AT_ONCE = 250  # transfers sealed in one transaction, some 3 ms: an answer waits for no more of them


def is_new_day(unit: UnitOfWork) -> bool:
    return unit.hash_chain.is_new_day()


def before_unsealed(unit: UnitOfWork) -> int | None:
    """The id behind which all lie that are not sealed, found by a reading of the whole ledger; None if all are."""
    first = unit.hash_chain.first_unsealed()
    return None if first is None else first - 1


def seal(unit: UnitOfWork, after: int | None = None) -> int:
    """Seals transfers behind this id, else the recent ones, and notes the head of a day that is over; returns how many
    it sealed."""
    unit.hash_chain.end_day()
    return unit.hash_chain.seal(AT_ONCE, after)


def seal_further(unit: UnitOfWork, after: int | None = None) -> int:
    """The next ones, after `seal` has looked for those that committed late."""
    return unit.hash_chain.seal(AT_ONCE, unit.hash_chain.newest() if after is None else after)


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
        unexplained=bank_lines.unexplained(unit),
    )


def keep_result(unit: UnitOfWork, broken: list[int], began: Moment) -> None:
    """Keeps the rules that a verification found broken, for `/admin` and the metrics."""
    unit.stats.store_cached(VERIFIED, {"broken": broken}, max(0, unit.now - began))


def _head(head: Head) -> ChainHead:
    return ChainHead(head.position, head.hash)


def order_journal(act: Act) -> JournalReady:
    act.unit.audit.note(act.person.id, "journal", "book")
    return JournalReady()
