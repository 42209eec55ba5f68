"""Reports under DAC7: a year's figures of each worker by quarter, from the ledger, the next message to file, and copies
to workers."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo

from domain.moments import Moment
from domain.money.operator import EU, Operator
from domain.people.accounts import PersonId
from domain.people.settings import get_zone
from extensions.eu_taxes.domain.tax_forms import (
    COUNTRY,
    Indicator,
    Quarters,
    ReportedSeller,
    ReturnDocument,
    ReturnKind,
    SellerFigures,
    SellersReady,
    TaxCopy,
    TaxQuarter,
    find_next_step,
)
from extensions.eu_taxes.services import tax_forms
from extensions.eu_taxes.storage.tax_forms import TaxForms
from extensions.eu_taxes.storage.tax_returns import FiledDocument, SealedAnswers, TaxReports, TaxReturns
from formats.result_columns import Value
from services.act import Act, Encryption, Undecipherable
from services.money.statements import Rows, clamp_year, format_units
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

FIGURE_NAMES = ("consideration", "fees", "withheld", "activities")


def quarter_bounds(year: int, zone: tzinfo = UTC) -> list[Moment]:
    """Return the beginnings of the four quarters, and the end of the year, by that zone's clock."""
    days = [datetime(year, month, 1, tzinfo=zone) for month in (1, 4, 7, 10)] + [datetime(year + 1, 1, 1, tzinfo=zone)]
    return [Moment(int(day.timestamp()) * 1000) for day in days]


def read_figures(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> list[SellerFigures]:
    """Return the year's figures, ordered by worker, then currency."""
    sums: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(
        lambda: {figure_name: [0] * 4 for figure_name in FIGURE_NAMES}
    )
    quarters = quarter_bounds(year, zone)
    for worker, currency, quarter, amount, answers in unit.records(TaxReports).sum_consideration(quarters):
        sums[worker, currency]["consideration"][quarter - 1] = int(amount)
        sums[worker, currency]["activities"][quarter - 1] = int(answers)
    other_figures = (
        ("fees", unit.records(TaxReports).sum_fees(quarters)),
        ("withheld", unit.records(TaxReports).sum_withheld(quarters)),
    )
    for figure_name, rows in other_figures:
        for worker, currency, quarter, amount in rows:
            sums[worker, currency][figure_name][quarter - 1] = int(amount)
    return [
        SellerFigures(
            PersonId(worker), currency, *(_four_quarters(figure_sums[figure_name]) for figure_name in FIGURE_NAMES)
        )
        for (worker, currency), figure_sums in sorted(sums.items())
    ]


def _four_quarters(sums: list[int]) -> Quarters:
    return sums[0], sums[1], sums[2], sums[3]


FIGURES_BY_QUARTER = ("consideration", "fees", "withheld", "activities")
SELLER_COLUMNS = (
    "worker",
    "name",
    "account_holder",
    "iban",
    "currency",
    *(f"q{quarter}_{what}" for quarter in range(1, 5) for what in FIGURES_BY_QUARTER),
)


def order_sellers(act: Act, year: int) -> SellersReady:
    """Order the DAC7 figures of one year as a file; noted in the audit log, since the file names bank accounts."""
    report_year = clamp_year(year)
    act.unit.audit.note(act.person.id, "dac7", f"year:{report_year}")
    return SellersReady(report_year, act.house.operator.zone)


def seller_rows(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> Rows:
    """Return one row a worker and currency with earnings: amounts credited, fees on them, sums withheld."""
    seller_data = {row[0]: row[1:] for row in unit.records(TaxReports).list_sellers()}
    return [
        [
            *seller_data.get(seller_figures.person, (None, "", None, None)),
            seller_figures.currency,
            *_quarter_cells(seller_figures),
        ]
        for seller_figures in read_figures(unit, year, zone)
    ]


def _quarter_cells(seller_figures: SellerFigures) -> list[Value]:
    cells = (
        (figure_name, getattr(seller_figures, figure_name)[quarter])
        for quarter in range(4)
        for figure_name in FIGURES_BY_QUARTER
    )
    return [amount if figure_name == "activities" else format_units(amount) for figure_name, amount in cells]


MAX_COPIES_AT_ONCE = 50  # copies in one transaction
SellerKey = tuple[PersonId, str]  # a worker and a currency


class Overtaken(Exception):
    """Another message of the year was filed in between."""


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """Return to draw up: `form` is dpi or fr; a `test` is marked for the authority, and never recorded."""

    year: int
    form: str
    operator: Operator
    test: bool = False

    @property
    def prefix(self) -> str:
        """Beginning of every reference; the French authority wants it so, with the SIREN."""
        start = "OP" if self.form == "fr" else f"DPI{self.operator.country}"
        return f"{start}_{self.year}_{self.operator.tax_number}" + ("_t" if self.test else "")


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """A document with the seller that it reports, and the digest of that."""

    document: ReturnDocument
    reported: ReportedSeller
    digest: str


@dataclass(frozen=True, slots=True)
class TaxReturn:
    """One message. `later` new documents belong into the next one; workers who are left out are listed by number."""

    kind: ReturnKind
    reference: str
    operator: ReturnDocument
    operator_digest: str
    entries: tuple[ReturnEntry, ...]
    later: int
    missing: tuple[PersonId, ...]
    unreadable: tuple[PersonId, ...]
    outside: int


@dataclass(frozen=True, slots=True)
class CollectedSellers:
    """Sellers of a year: those to report, and those left out because their form is `missing`, `unreadable`, or names a
    country outside the EU."""

    reported: Mapping[SellerKey, ReportedSeller]
    missing: tuple[PersonId, ...]
    unreadable: tuple[PersonId, ...]
    outside: int


def draft_return(unit: UnitOfWork, encryption: Encryption, order: ReturnOrder) -> TaxReturn | None:
    """Return the next message to file; None if nothing has changed since the last one. Corrections come before new
    sellers."""
    sellers = _collect_sellers(unit, encryption, read_figures(unit, order.year, get_zone(order.operator.zone)))
    filed = [] if order.test else unit.records(TaxReturns).list_latest(order.year, order.form)
    filed_by_seller = {(document.person, document.currency): document for document in filed}
    secret = unit.settings.secret
    new, changed = _compare_sellers(order, sellers.reported, filed_by_seller, secret)
    deleted, undecipherable = _find_deletions(order, sellers, filed_by_seller, encryption, secret)
    changed += deleted
    operator_document = _operator_document(order, filed_by_seller.get((None, "")), secret)
    kind = _return_kind(new, changed, operator_document[0], filed)
    if kind is None:
        return None
    entries = changed if kind is ReturnKind.CORRECTIONS else new
    later = len(new) if kind is ReturnKind.CORRECTIONS else 0
    number = unit.records(TaxReturns).count_messages(order.year, order.form) + 1
    return TaxReturn(
        kind=kind,
        reference=f"{order.prefix}_d{number}",
        operator=operator_document[0],
        operator_digest=operator_document[1],
        entries=tuple(entries),
        later=later,
        missing=sellers.missing,
        unreadable=tuple(sorted({*sellers.unreadable, *undecipherable})),
        outside=sellers.outside,
    )


def record_return(unit: UnitOfWork, encryption: Encryption, order: ReturnOrder, drawn: TaxReturn) -> None:
    """Record that the message was filed: later ones correct it. Raise Overtaken if another was filed meanwhile."""
    if f"{order.prefix}_d{unit.records(TaxReturns).count_messages(order.year, order.form) + 1}" != drawn.reference:
        raise Overtaken
    quarters = quarter_bounds(order.year, get_zone(order.operator.zone))
    until = quarter_bounds(order.year + 6, get_zone(order.operator.zone))[0]
    span = (quarters[0], quarters[-1])
    message = unit.records(TaxReturns).insert_message(
        order.year, order.form, drawn.reference, drawn.kind, span, Moment(until)
    )
    if drawn.operator.indicator is not Indicator.RESENT:
        unit.records(TaxReturns).add_document(message, drawn.operator, drawn.operator_digest, None, SealedAnswers())
    for entry in drawn.entries:
        sealed = SealedAnswers(tax_forms.encrypt_answers(encryption, entry.reported.answers), encryption.key_print)
        unit.records(TaxReturns).add_document(message, entry.document, entry.digest, entry.reported.figures, sealed)


def send_copies(unit: UnitOfWork) -> None:
    """Send copies of what was filed to its sellers, some in each transaction; not to people who have left."""
    for copy in unit.records(TaxReturns).list_unsent_copies(MAX_COPIES_AT_ONCE):
        person = unit.people.get(copy.person)
        if not unit.records(TaxReturns).mark_copy_sent(copy.reference) or person.telegram_id is None:
            continue
        quarters = tuple(TaxQuarter(*quarter) for quarter in copy.quarters)
        state = Indicator(copy.indicator).name.lower()
        unit.outbox.tell(person.id, TaxCopy(copy.year, copy.currency, state, quarters), lane=Lane.BROADCAST)


def _collect_sellers(unit: UnitOfWork, encryption: Encryption, earned: list[SellerFigures]) -> CollectedSellers:
    accounts = {row[0]: (row[3] or "", row[4] or "") for row in unit.records(TaxReports).list_sellers()}
    reported_sellers: dict[SellerKey, ReportedSeller] = {}
    missing, unreadable, outside = set[PersonId](), set[PersonId](), set[PersonId]()
    for seller_figures in earned:
        if sum(seller_figures.consideration) <= 0:
            continue
        form = unit.records(TaxForms).find_form(seller_figures.person)
        try:
            answers = tax_forms.decrypt_answers(encryption, form.sealed if form else None)
        except Undecipherable:
            unreadable.add(seller_figures.person)
            continue
        if find_next_step(answers) is not None:
            missing.add(seller_figures.person)
        elif answers[COUNTRY] not in EU:
            outside.add(seller_figures.person)
        else:
            reported_sellers[seller_figures.person, seller_figures.currency] = ReportedSeller(
                answers, *accounts.get(seller_figures.person, ("", "")), seller_figures
            )
    return CollectedSellers(reported_sellers, tuple(sorted(missing)), tuple(sorted(unreadable)), len(outside))


def _compare_sellers(
    order: ReturnOrder,
    reported: Mapping[SellerKey, ReportedSeller],
    before: Mapping[tuple[PersonId | None, str], FiledDocument],
    secret: bytes,
) -> tuple[list[ReturnEntry], list[ReturnEntry]]:
    """Return (new, corrected) documents of sellers that were not filed yet, or with other figures or answers."""
    new, changed = list[ReturnEntry](), list[ReturnEntry]()
    for (person, currency), seller in reported.items():
        digest, filed = _digest(secret, seller), before.get((person, currency))
        name = f"{order.prefix}_w{person}_{currency}_v{filed.versions + 1 if filed else 1}"
        if filed is None or filed.indicator == Indicator.DELETED:
            new.append(ReturnEntry(ReturnDocument(Indicator.NEW, name), seller, digest))
        elif filed.digest != digest:
            changed.append(ReturnEntry(ReturnDocument(Indicator.CORRECTED, name, filed.reference), seller, digest))
    return new, changed


def _find_deletions(
    order: ReturnOrder,
    sellers: CollectedSellers,
    before: Mapping[tuple[PersonId | None, str], FiledDocument],
    encryption: Encryption,
    secret: bytes,
) -> tuple[list[ReturnEntry], set[PersonId]]:
    """Return documents that delete sellers who do not belong into the report any more, with the answers as they were
    filed, and the sellers whose answers no key opens."""
    unclear = {*sellers.missing, *sellers.unreadable}
    deletions, undecipherable = list[ReturnEntry](), set[PersonId]()
    for filed in before.values():
        is_gone = filed.person is not None and (filed.person, filed.currency) not in sellers.reported
        if filed.person is None or not is_gone or filed.indicator == Indicator.DELETED or filed.person in unclear:
            continue
        try:
            answers = tax_forms.decrypt_answers(encryption, filed.sealed)
        except Undecipherable:
            answers = {}
        if not answers:
            undecipherable.add(filed.person)
            continue
        reported = ReportedSeller(answers, "", "", SellerFigures(filed.person, filed.currency, *((0, 0, 0, 0),) * 4))
        name = f"{order.prefix}_w{filed.person}_{filed.currency}_v{filed.versions + 1}"
        document = ReturnDocument(Indicator.DELETED, name, filed.reference)
        deletions.append(ReturnEntry(document, reported, _digest(secret, reported)))
    return deletions, undecipherable


def _operator_document(order: ReturnOrder, filed: FiledDocument | None, secret: bytes) -> tuple[ReturnDocument, str]:
    """Return the operator's document (new, unchanged or corrected) and its digest."""
    digest = _hash(secret, asdict(order.operator))
    if filed is None:
        return ReturnDocument(Indicator.NEW, f"{order.prefix}_op_v1"), digest
    if filed.digest == digest:
        return ReturnDocument(Indicator.RESENT, filed.reference), digest
    return ReturnDocument(Indicator.CORRECTED, f"{order.prefix}_op_v{filed.versions + 1}", filed.reference), digest


def _return_kind(
    new: list[ReturnEntry], changed: list[ReturnEntry], operator: ReturnDocument, filed: list[FiledDocument]
) -> ReturnKind | None:
    """Return the kind of the next message; None if nothing is new and something was filed."""
    if changed or operator.indicator is Indicator.CORRECTED:
        return ReturnKind.CORRECTIONS
    if new:
        return ReturnKind.NEW
    return None if filed else ReturnKind.NOTHING


def _digest(secret: bytes, reported: ReportedSeller) -> str:
    """Return the digest of a seller without the bank account: an account changed or erased after the year makes no
    correction."""
    return _hash(secret, [dict(reported.answers), asdict(reported.figures)])


def _hash(secret: bytes, content: object) -> str:
    """Return a keyed hash, so that answers cannot be guessed from it."""
    return hmac.digest(secret, json.dumps(content, sort_keys=True).encode(), hashlib.sha256).hex()
