"""A return under DAC7: whom it tells of, and which documents are new, corrected or deleted since the last one.

A message holds either new documents or corrections, never both (OECD, XML schema user guide): where both are due,
corrections come first, and the next message has the new ones.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from domain.moments import Moment
from domain.money.declarations import Document, Figures, Indicator, Kind, Reported
from domain.money.messages.tax_forms import TaxCopy, TaxQuarter
from domain.money.operators import Operator
from domain.money.tax_forms import COUNTRY, EU, next_step
from domain.people.people import PersonId
from domain.people.time_zones import rules_of
from services.encryption import Encryption, Undecipherable
from services.money.taxes import keeping
from services.money.taxes.figures import bounds, figures
from storage.boxes.outbox import Lane
from storage.money.tax_returns import Filed, Sealed
from storage.unit import UnitOfWork

TOGETHER = 50  # copies in one transaction
Key = tuple[PersonId, str]  # a worker and a currency


class Overtaken(Exception):
    """Another message of the year was filed in between."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn up: `form` is dpi or fr; a `test` is told apart by the authority, and never recorded."""

    year: int
    form: str
    operator: Operator
    test: bool = False

    @property
    def prefix(self) -> str:
        """Of every reference; the French authority wants it so, with the SIREN."""
        start = "OP" if self.form == "fr" else f"DPI{self.operator.country}"
        return f"{start}_{self.year}_{self.operator.tax_number}" + ("_t" if self.test else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with what it tells, and the digest of that."""

    document: Document
    reported: Reported
    digest: str


@dataclass(frozen=True, slots=True)
class TaxReturn:
    """One message. `later` new documents belong into the next one; the workers left out are numbered."""

    kind: Kind
    reference: str
    operator: Document
    operator_digest: str
    entries: tuple[Entry, ...]
    later: int
    missing: tuple[PersonId, ...]
    unreadable: tuple[PersonId, ...]
    outside: int


@dataclass(frozen=True, slots=True)
class Sellers:
    reported: Mapping[Key, Reported]
    missing: tuple[PersonId, ...]
    unreadable: tuple[PersonId, ...]
    outside: int


def draw(unit: UnitOfWork, encryption: Encryption, order: Order) -> TaxReturn | None:
    """The next message; None where nothing has changed since the last one."""
    sellers = _sellers(unit, encryption, figures(unit, order.year, rules_of(order.operator.zone)))
    filed = [] if order.test else unit.tax_returns.latest(order.year, order.form)
    before = {(each.person, each.currency): each for each in filed}
    secret = unit.settings.secret
    new, changed = _compared(order, sellers.reported, before, secret)
    deleted, lost = _deleted(order, sellers, before, encryption, secret)
    changed += deleted
    whose = _operator(order, before.get((None, "")), secret)
    kind = _kind(new, changed, whose[0], filed)
    if kind is None:
        return None
    entries = changed if kind is Kind.CORRECTIONS else new
    later = len(new) if kind is Kind.CORRECTIONS else 0
    number = unit.tax_returns.messages(order.year, order.form) + 1
    return TaxReturn(
        kind=kind,
        reference=f"{order.prefix}_d{number}",
        operator=whose[0],
        operator_digest=whose[1],
        entries=tuple(entries),
        later=later,
        missing=sellers.missing,
        unreadable=tuple(sorted({*sellers.unreadable, *lost})),
        outside=sellers.outside,
    )


def record(unit: UnitOfWork, encryption: Encryption, order: Order, drawn: TaxReturn) -> None:
    """The message was filed: what comes later corrects it. Raises Overtaken where another was filed meanwhile."""
    if f"{order.prefix}_d{unit.tax_returns.messages(order.year, order.form) + 1}" != drawn.reference:
        raise Overtaken
    quarters = bounds(order.year, rules_of(order.operator.zone))
    until = bounds(order.year + 6, rules_of(order.operator.zone))[0]
    span = (quarters[0], quarters[-1])
    message = unit.tax_returns.add(order.year, order.form, drawn.reference, drawn.kind, span, Moment(until))
    if drawn.operator.indicator is not Indicator.RESENT:
        unit.tax_returns.add_document(message, drawn.operator, drawn.operator_digest, None, Sealed())
    for entry in drawn.entries:
        sealed = Sealed(keeping.sealed(encryption, entry.reported.answers), encryption.key_print)
        unit.tax_returns.add_document(message, entry.document, entry.digest, entry.reported.figures, sealed)


def tell(unit: UnitOfWork) -> None:
    """Copies of what was filed, to its sellers, some a transaction."""
    for each in unit.tax_returns.untold(TOGETHER):
        person = unit.people.get(each.person)
        if not unit.tax_returns.told(each.reference) or person.telegram_id is None:
            continue
        quarters = tuple(TaxQuarter(*quarter) for quarter in each.quarters)
        state = Indicator(each.indicator).name.lower()
        unit.outbox.tell(person.id, TaxCopy(each.year, each.currency, state, quarters), lane=Lane.BROADCAST)


def _sellers(unit: UnitOfWork, encryption: Encryption, earned: list[Figures]) -> Sellers:
    accounts = {row[0]: (row[3] or "", row[4] or "") for row in unit.tax_reports.sellers()}
    found: dict[Key, Reported] = {}
    missing, unreadable, outside = set[PersonId](), set[PersonId](), set[PersonId]()
    for each in earned:
        if sum(each.consideration) <= 0:
            continue
        form = unit.tax_forms.of(each.person)
        try:
            answers = keeping.opened(encryption, form.sealed if form else None)
        except Undecipherable:
            unreadable.add(each.person)
            continue
        if next_step(answers) is not None:
            missing.add(each.person)
        elif answers[COUNTRY] not in EU:
            outside.add(each.person)
        else:
            found[each.person, each.currency] = Reported(answers, *accounts.get(each.person, ("", "")), each)
    return Sellers(found, tuple(sorted(missing)), tuple(sorted(unreadable)), len(outside))


def _compared(
    order: Order, reported: Mapping[Key, Reported], before: Mapping[tuple[PersonId | None, str], Filed], secret: bytes
) -> tuple[list[Entry], list[Entry]]:
    """(new, corrected)"""
    new, changed = list[Entry](), list[Entry]()
    for (person, currency), each in reported.items():
        digest, was = _digest(secret, each), before.get((person, currency))
        name = f"{order.prefix}_w{person}_{currency}_v{was.versions + 1 if was else 1}"
        if was is None or was.indicator == Indicator.DELETED:
            new.append(Entry(Document(Indicator.NEW, name), each, digest))
        elif was.digest != digest:
            changed.append(Entry(Document(Indicator.CORRECTED, name, was.reference), each, digest))
    return new, changed


def _deleted(
    order: Order,
    sellers: Sellers,
    before: Mapping[tuple[PersonId | None, str], Filed],
    encryption: Encryption,
    secret: bytes,
) -> tuple[list[Entry], set[PersonId]]:
    """Who was reported and now lives outside the EU, with the answers as they were filed; and whose no key opens."""
    unclear = {*sellers.missing, *sellers.unreadable}
    found, lost = list[Entry](), set[PersonId]()
    for was in before.values():
        gone = was.person is not None and (was.person, was.currency) not in sellers.reported
        if was.person is None or not gone or was.indicator == Indicator.DELETED or was.person in unclear:
            continue
        try:
            answers = keeping.opened(encryption, was.sealed)
        except Undecipherable:
            answers = {}
        if not answers:
            lost.add(was.person)
            continue
        reported = Reported(answers, "", "", Figures(was.person, was.currency, *((0, 0, 0, 0),) * 4))
        name = f"{order.prefix}_w{was.person}_{was.currency}_v{was.versions + 1}"
        document = Document(Indicator.DELETED, name, was.reference)
        found.append(Entry(document, reported, _digest(secret, reported)))
    return found, lost


def _operator(order: Order, was: Filed | None, secret: bytes) -> tuple[Document, str]:
    digest = _hash(secret, asdict(order.operator))
    if was is None:
        return Document(Indicator.NEW, f"{order.prefix}_op_v1"), digest
    if was.digest == digest:
        return Document(Indicator.RESENT, was.reference), digest
    return Document(Indicator.CORRECTED, f"{order.prefix}_op_v{was.versions + 1}", was.reference), digest


def _kind(new: list[Entry], changed: list[Entry], operator: Document, filed: list[Filed]) -> Kind | None:
    if changed or operator.indicator is Indicator.CORRECTED:
        return Kind.CORRECTIONS
    if new:
        return Kind.NEW
    return None if filed else Kind.NOTHING


def _digest(secret: bytes, reported: Reported) -> str:
    """Without the bank account: one that is changed, or erased, after the year makes no correction of it."""
    return _hash(secret, [dict(reported.answers), asdict(reported.figures)])


def _hash(secret: bytes, told: object) -> str:
    """Keyed: nobody can try answers out against it."""
    return hmac.digest(secret, json.dumps(told, sort_keys=True).encode(), hashlib.sha256).hex()
