"""The ledger for admins: accounts, verification, sealing, hledger journal."""

from dataclasses import dataclass

from domain.moments import DAY, Moment, day_of
from domain.money.ledger import (
    Account,
    AccountBalance,
    AccountEntry,
    AccountShown,
    AccountsListed,
    ChainHead,
    JournalReady,
    LedgerVerified,
    RuleVerified,
    SealedHead,
)
from domain.refusals import NotFound
from services.act import Act
from services.money import bank_lines
from storage.invariants import iter_findings
from storage.unit import UnitOfWork

MAX_SEALED_AT_ONCE = 250  # transfers sealed in one transaction, some 3 ms: an answer waits for no more of them


def is_new_day(unit: UnitOfWork) -> bool:
    """Return whether yesterday (UTC) is over and its head is not noted yet."""
    return unit.hash_chain.is_new_day()


def find_id_before_unsealed(unit: UnitOfWork) -> int | None:
    """Return the id just before the first unsealed transfer, or None if all are sealed. Reads the whole ledger."""
    unsealed = unit.hash_chain.first_unsealed()
    return None if unsealed is None else unsealed - 1


def seal_recent(unit: UnitOfWork, after: int | None = None) -> int:
    """Note the head of a day that is over, and seal transfers after this id, else the recent ones. Return how many were
    sealed."""
    unit.hash_chain.note_day_head()
    return unit.hash_chain.seal(MAX_SEALED_AT_ONCE, after)


def seal_next_page(unit: UnitOfWork, after: int | None = None) -> int:
    """Seal the next transfers after this id, else after the newest sealed one, and return how many. Transfers that
    committed late are left to `seal_recent`."""
    return unit.hash_chain.seal(MAX_SEALED_AT_ONCE, unit.hash_chain.newest_sealed() if after is None else after)


MAX_ENTRIES, MAX_ACCOUNTS = 12, 40
VERIFICATION_STATS = "verify"  # under which the last look through the ledger is kept


@dataclass(frozen=True, slots=True)
class Examination:
    """Result of a verification, and the moment when it began."""

    rules: tuple[RuleVerified, ...]
    began: Moment


def show_accounts(act: Act, account: str, currency: str) -> AccountShown | AccountsListed:
    """Return one account with its last entries (`/ledger ACCOUNT [CURRENCY]`), or every account's balance if none is
    named. Raise NotFound."""
    if not account:
        return _list_accounts(act.unit)
    ledger, currency_code = act.unit.ledger, currency.upper()
    found_account = ledger.find(account, currency_code or None)
    if found_account is None:
        raise NotFound(what="account", name=f"{account} {currency_code}".strip())
    entries = ledger.entries(account, MAX_ENTRIES, found_account.currency)
    return AccountShown(
        account=_account_balance(found_account),
        others=tuple(
            other_currency for other_currency in ledger.currencies(account) if other_currency != found_account.currency
        ),
        lines=found_account.version,
        entries=tuple(AccountEntry(e.transfer, e.movement, e.amount, e.balance, e.made_at) for e in entries),
    )


def _list_accounts(unit: UnitOfWork) -> AccountsListed:
    """Return balances, the platform's own accounts first, then the fullest."""
    private_prefixes = ("worker:", "requester:", "project:")
    accounts = sorted(
        unit.ledger.list_accounts(), key=lambda account: (account.name.startswith(private_prefixes), -account.balance)
    )
    return AccountsListed(tuple(_account_balance(account) for account in accounts[:MAX_ACCOUNTS]), len(accounts))


def _account_balance(account: Account) -> AccountBalance:
    return AccountBalance(account.name, account.balance, account.currency)


def examine_ledger(act: Act) -> Examination:
    """Examine all invariants on a reading connection, while answers are paid."""
    return Examination(examine_rules(act.unit), act.unit.now)


def examine_rules(unit: UnitOfWork) -> tuple[RuleVerified, ...]:
    """Return for each rule how many rows break it, and the first of them. Slow: must not run on the
    writing connection."""
    counts, rows = dict[int, int](), dict[int, list[str]]()
    for finding in iter_findings(unit):
        rule = finding.invariant.rule
        counts[rule] = counts.get(rule, 0) + finding.count
        examples = [
            f"{finding.invariant.name}: {violation.row}, {violation.detail}" for violation in finding.violations[:2]
        ]
        rows.setdefault(rule, []).extend(examples)
    return tuple(RuleVerified(rule, counts[rule], tuple(rows[rule])) for rule in sorted(counts))


def show_verification(act: Act, reading: Examination) -> LedgerVerified:
    """Return the result of a verification with the head of the hash chain; store it and note it in the audit log."""
    unit, broken = act.unit, [rule.rule for rule in reading.rules if rule.count]
    head, noted_heads = unit.hash_chain.head(), dict(unit.hash_chain.list_day_heads(1))
    yesterday = noted_heads.get(day_of(Moment(unit.now - DAY)))
    unit.audit.note(act.person.id, "verify", "book", broken=broken)
    store_result(unit, broken, reading.began)
    return LedgerVerified(
        rules=reading.rules,
        seconds=max(1, round((unit.now - reading.began) / 1000)),
        head=_chain_head(head),
        yesterday=_chain_head(yesterday) if yesterday else None,
        unexplained=bank_lines.list_unexplained(unit),
    )


def store_result(unit: UnitOfWork, broken: list[int], began: Moment) -> None:
    """Store which rules a verification found broken, for `/admin` and the metrics."""
    unit.stats.store_cached(VERIFICATION_STATS, {"broken": broken}, max(0, unit.now - began))


def _chain_head(head: SealedHead) -> ChainHead:
    return ChainHead(head.position, head.hash)


def order_journal(act: Act) -> JournalReady:
    """Order the ledger as a file for hledger, noted in the audit log."""
    act.unit.audit.note(act.person.id, "journal", "book")
    return JournalReady()
