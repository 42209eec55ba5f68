"""A year's figures of each worker by quarter, from the ledger: what became theirs, fees on it, what was withheld."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from domain import moments
from domain.moments import Moment
from domain.money.amounts import as_decimal
from domain.money.bank_statements import InvoiceLinesReady, SellersReady
from domain.money.tax_forms import (
    COUNTRY,
    EU,
    Document,
    Figures,
    Indicator,
    Kind,
    Operator,
    Quarters,
    Reported,
    TaxCopy,
    TaxQuarter,
    next_step,
)
from domain.people.accounts import Person, PersonId
from domain.people.settings import rules_of
from formats.result_columns import Value
from services.act import Act, Encryption, Undecipherable
from services.money import tax_forms
from storage.boxes.outbox import Lane
from storage.money.tax_returns import Filed, Sealed
from storage.unit import UnitOfWork

WHATS = ("consideration", "fees", "withheld", "activities")


def bounds(year: int, zone: tzinfo = UTC) -> list[Moment]:
    """The beginnings of the four quarters, and the end of the year, by that zone's clock."""
    days = [datetime(year, month, 1, tzinfo=zone) for month in (1, 4, 7, 10)] + [datetime(year + 1, 1, 1, tzinfo=zone)]
    return [Moment(int(day.timestamp()) * 1000) for day in days]


def figures(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> list[Figures]:
    """By worker, then currency."""
    sums: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: {what: [0] * 4 for what in WHATS})
    quarters = bounds(year, zone)
    for worker, currency, quarter, amount, answers in unit.tax_reports.consideration(quarters):
        sums[worker, currency]["consideration"][quarter - 1] = int(amount)
        sums[worker, currency]["activities"][quarter - 1] = int(answers)
    kept = (("fees", unit.tax_reports.fees(quarters)), ("withheld", unit.tax_reports.withheld(quarters)))
    for what, rows in kept:
        for worker, currency, quarter, amount in rows:
            sums[worker, currency][what][quarter - 1] = int(amount)
    return [
        Figures(PersonId(worker), currency, *(_quarters(found[what]) for what in WHATS))
        for (worker, currency), found in sorted(sums.items())
    ]


def _quarters(found: list[int]) -> Quarters:
    return found[0], found[1], found[2], found[3]


Rows = list[list[Value]]
Spender = tuple[int | None, int, str, str]  # a Telegram id, a project or 0, its title, the currency
EACH_QUARTER = ("consideration", "fees", "withheld", "activities")
SELLER_COLUMNS = (
    "worker",
    "name",
    "account_holder",
    "iban",
    "currency",
    *(f"q{quarter}_{what}" for quarter in range(1, 5) for what in EACH_QUARTER),
)
LINE_COLUMNS = (
    *("month", "requester", "project", "title", "currency", "answers", "rewards", "fees", "top_ups", "bonuses"),
    *("judges", "returned", "total"),
)
FIRST_YEAR, LAST_YEAR = 2020, 2200


def month_of(text: str) -> tuple[int, int] | None:
    """`2027-03` → (2027, 3)."""
    year, _, month = text.strip().partition("-")
    fits = year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2
    found = (int(year), int(month)) if fits else (0, 0)
    return found if FIRST_YEAR <= found[0] <= LAST_YEAR and 1 <= found[1] <= 12 else None


def order_sellers(act: Act, year: int) -> SellersReady:
    """DAC7's figures of one year, as a file. The request is in the audit log: the file names bank accounts."""
    known = _known(year)
    act.unit.audit.note(act.person.id, "dac7", f"year:{known}")
    return SellersReady(known, act.house.operator.zone)


def order_lines(act: Act, year: int, month: int) -> InvoiceLinesReady:
    """The costs of a requester's projects in a month of their own zone, as a file."""
    zone = act.unit.preferences.known(act.person.id).zone_name
    return InvoiceLinesReady(act.person.id, _known(year), month if 1 <= month <= 12 else 1, zone)


def _known(year: int) -> int:
    """A button can carry any number; a calendar can't."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def sellers(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> Rows:
    """One row a worker and currency with earnings: amounts credited, fees on them, sums withheld."""
    about = {row[0]: row[1:] for row in unit.tax_reports.sellers()}
    return [
        [*about.get(each.person, (None, "", None, None)), each.currency, *_by_quarter(each)]
        for each in figures(unit, year, zone)
    ]


def invoice_lines(unit: UnitOfWork, year: int, month: int, requester: Person | None = None, zone: tzinfo = UTC) -> Rows:
    """One row a project with movements in that month, and one for bonuses; judges is what was held for judges
    of rejections, less what of that came back; returned is what of the rest came back."""
    time = (*moments.bounds(f"{year}-{month:02}", zone), requester.id if requester else 0)
    sums: dict[Spender, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for who, project, title, currency, kind, amount, count in unit.tax_reports.by_project(*time):
        line = sums[who, project, title, currency]
        line[kind] += int(amount)
        line["answers"] += int(count) if kind == "reward" else 0
    for who, currency, amount, _ in unit.tax_reports.bonuses(*time):
        sums[who, 0, "", currency]["bonus"] += int(amount)
    for who, currency, amount, _ in unit.tax_reports.bonuses_given_back(*time):
        sums[who, 0, "", currency]["waived"] += int(amount)
    return [
        [f"{year}-{month:02}", who, project or None, title, currency, *_line(found)]
        for (who, project, title, currency), found in sorted(sums.items(), key=_place)
    ]


def _place(line: tuple[Spender, dict[str, int]]) -> tuple[int, int, str, str]:
    """Erased requesters, who have no Telegram id, come first."""
    who, project, title, currency = line[0]
    return who or 0, project, title, currency


def _line(found: dict[str, int]) -> list[Value]:
    returned = found["forfeit"] + found["feeback"] + found["waived"]
    judges = found["stake"] - found["unstake"] - found["costs"]
    parts = [found["reward"] + found["redo"], found["fee"], found["topup"], found["bonus"], judges, -returned]
    return [found["answers"], *(units(part) for part in [*parts, sum(parts)])]


def _by_quarter(found: Figures) -> list[Value]:
    cells = ((what, getattr(found, what)[quarter]) for quarter in range(4) for what in EACH_QUARTER)
    return [amount if what == "activities" else units(amount) for what, amount in cells]


def units(amount: int) -> str:
    """12.5 units as 12.50: two digits at least, none lost."""
    value = as_decimal(amount)
    return str(value.quantize(Decimal("0.01")) if amount % 10_000 == 0 else value.normalize())


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
        sealed = Sealed(tax_forms.sealed(encryption, entry.reported.answers), encryption.key_print)
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
            answers = tax_forms.opened(encryption, form.sealed if form else None)
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
            answers = tax_forms.opened(encryption, was.sealed)
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
