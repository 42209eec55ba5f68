"""Bonuses to many: a file is listed with its total, and booked with one press, each row once, however often the file
comes."""

from collections.abc import Sequence
from hashlib import sha256

from domain.money.amounts import Millionths
from domain.money.ledger import requester_account
from domain.money.messages.bonus_files import BonusesBooked, BonusesListed
from domain.people.people import PersonId
from domain.people.pseudonyms import pseudonym
from domain.refusals import BonusesGone, FileRefused, MoreThanThere
from formats.bonuses import BonusRow
from services.act import Act, Reply
from services.money.bonuses import bonus

JOURNEY = "bonus file"


def check(act: Act) -> None:
    """Raises NotAllowed."""
    act.require("requester")


def read(act: Act, number: int, name: str, rows: Sequence[BonusRow]) -> BonusesListed:
    """Books nothing. Raises FileRefused for workers who never worked for them."""
    unit, currency = act.unit, act.house.terms.currency
    known = _workers(act, {row.worker for row in rows})
    strangers = [each for each in rows if each.worker not in known]
    if strangers:
        raise FileRefused(name=name, errors=[_stranger(each) for each in strangers[:50]], total=len(strangers))
    keys = _keys(act.person.id, rows)
    due = [(key, row) for key, row in zip(keys, rows, strict=True) if not unit.ledger.is_posted(f"bonus:{key}")]
    kept = [[key, row.worker, row.amount, row.reason] for key, row in due]
    unit.drafts.keep(act.person.id, JOURNEY, {"file": number, "rows": kept}, unit.now)
    there = unit.ledger.balance(requester_account(act.person), currency)
    total, people = sum(row.amount for _, row in due), len({row.worker for _, row in due})
    return BonusesListed(number, len(due), people, total, currency, there, len(rows) - len(due))


def book(act: Act, file: int) -> Reply:
    """All of them, or none where the money does not reach. Shown in place of the list, whose button goes."""
    unit, draft = act.unit, act.unit.drafts.of(act.person.id)
    if draft is None or draft.journey != JOURNEY or draft.kept["file"] != file:
        raise BonusesGone()
    currency, known = act.house.terms.currency, _workers(act, {row[1] for row in draft.kept["rows"]})
    rows = [row for row in draft.kept["rows"] if row[1] in known and not unit.ledger.is_posted(f"bonus:{row[0]}")]
    total = Millionths(sum(row[2] for row in rows))
    there = unit.ledger.locked_balance(requester_account(act.person), currency)
    if there < total:
        raise MoreThanThere(asked=total, available=there, currency=currency)
    unit.drafts.drop(act.person.id)
    for key, worker, amount, reason in rows:
        bonus.pay_once(act, known[worker], Millionths(amount), reason, currency, key)
    return Reply(BonusesBooked(len(rows), total, currency, there - total), edits=act.message)


def _workers(act: Act, names: set[str]) -> dict[str, PersonId]:
    """Those of them who worked for this requester and are still here."""
    unit, requester = act.unit, act.person.id
    secret = unit.settings.secret
    found = {pseudonym(secret, requester, each): each for each in unit.operations.workers_of(requester)}
    return {name: found[name] for name in names & found.keys() if unit.people.get(found[name]).telegram_id is not None}


def _keys(requester: PersonId, rows: Sequence[BonusRow]) -> list[str]:
    """By all that a row says, and its place among equal rows: the same in another file with the same rows."""
    seen, keys = dict[str, int](), list[str]()
    for row in rows:
        said = "\n".join((str(requester), row.worker, str(row.amount), row.reason))
        seen[said] = seen.get(said, 0) + 1
        keys.append("file:" + sha256(f"{said}\n{seen[said]}".encode()).hexdigest()[:40])
    return keys


def _stranger(row: BonusRow) -> dict[str, object]:
    return {"line": row.line, "column": "worker", "value": row.worker[:80], "expected": "bonus_worker", "facts": {}}
