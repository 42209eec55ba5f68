"""The book for whoever runs the bot: its accounts, its rules looked through, the whole of it as a journal."""

from typing import Any

from domain.moments import DAY, Moment
from domain.money.ledger import Account
from domain.people.people import Person
from domain.refusals import NotFound
from storage.invariants import examine
from storage.money.hash_chain import day_of
from storage.unit import UnitOfWork

SHOWN, LISTED = 12, 40
VERIFIED = "verify"  # under which the last look through the book is kept
Found = list[dict[str, Any]]


def show(unit: UnitOfWork, admin: Person, account: str, currency: str) -> None:
    """One account's last entries; every account's balance when none is named."""
    if not account:
        return _list(unit, admin)
    found = unit.ledger.find(account, currency or None)
    if found is None:
        raise NotFound(what="account", name=f"{account} {currency}".strip())
    entries = unit.ledger.entries(account, SHOWN, found.currency)
    unit.outbox.say(
        admin.id,
        "book.account",
        **_told(found),
        others=[other for other in unit.ledger.currencies(account) if other != found.currency],
        lines=found.version,
        entries=[
            {"kind": e.kind, "amount": e.amount, "balance": e.balance, "at": e.made_at, "number": e.transfer}
            for e in entries
        ],
    )


def _list(unit: UnitOfWork, admin: Person) -> None:
    """The platform's own accounts first, then the fullest."""
    theirs = ("worker:", "requester:", "project:")
    accounts = sorted(unit.ledger.accounts(), key=lambda account: (account.name.startswith(theirs), -account.balance))
    unit.outbox.say(
        admin.id, "book.accounts", accounts=[_told(account) for account in accounts[:LISTED]], total=len(accounts)
    )


def _told(account: Account) -> dict[str, Any]:
    return {"name": account.name, "balance": account.balance, "currency": account.currency}


def look_through(unit: UnitOfWork) -> Found:
    """Each rule of the house: how many rows break it, and the first of them. Takes its time: not for the writer."""
    rules: dict[int, dict[str, Any]] = {}
    for finding in examine(unit):
        rule = rules.setdefault(finding.invariant.rule, {"rule": finding.invariant.rule, "count": 0, "rows": []})
        rule["count"] += finding.count
        rule["rows"] += [f"{finding.invariant.name}: {v.row}, {v.detail}" for v in finding.violations[:2]]
    return [rules[number] for number in sorted(rules)]


def tell(unit: UnitOfWork, admin: Person, found: Found, began: Moment) -> None:
    """What the look through the book came to, and where its chain stands."""
    head = unit.ledger.head()
    noted = dict(unit.ledger.seals.heads(1))
    yesterday = noted.get(day_of(Moment(unit.now - DAY)))
    broken = [rule["rule"] for rule in found if rule["count"]]
    unit.audit.note(admin.id, "verify", "book", broken=broken)
    unit.stats.keep(VERIFIED, {"broken": broken}, max(0, unit.now - began))
    unit.outbox.say(
        admin.id,
        "book.verified",
        rules=found,
        seconds=max(1, round((unit.now - began) / 1000)),
        position=head.position,
        head=head.hash,
        yesterday={"position": yesterday.position, "head": yesterday.hash} if yesterday else None,
    )


def order_journal(unit: UnitOfWork, admin: Person) -> None:
    unit.audit.note(admin.id, "journal", "book")
    unit.outbox.say(admin.id, "book.journal")
