"""Invoices: drawn beside the writer once a month is over, issued in short transactions, and written as PDF."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from domain.moments import DAY, HOUR, Moment, get_period_bounds, later, month_of
from domain.money.operator import FRANCE
from domain.people.settings import get_zone
from extensions.eu_taxes.domain.invoices import (
    ISSUE_DELAY,
    KEPT_YEARS,
    Buyer,
    Invoice,
    InvoiceLine,
    VatNumberUnknown,
    ViesAnswer,
    amount_before_vat,
    get_mention,
    is_elsewhere_in_eu,
    territory,
)
from extensions.eu_taxes.services import invoices
from extensions.eu_taxes.storage.invoices import Billing, Invoices, decode_buyer, decode_lines
from jobs.figures import MadeFile, Maker, save_file
from locales import translator
from locales.translator import Translator
from reports.statement import Document, Section, shorten, statement_pdf
from services.act import House
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.drivers.records import unpack
from storage.unit import UnitOfWork

PLATFORM, PDF = "Pouce", "application/pdf"
REQUESTERS_PER_READ, REQUESTERS_PER_REQUEST = (
    20,
    50,
)  # requesters looked at in one reading, and asked in one transaction
Words = dict[str, str]


def get_closed_end(house: House, now: Moment) -> Moment:
    """Return the end of the last month that is over and whose transfers are all committed."""
    return get_month_start(house, later(now, -ISSUE_DELAY))


def get_month_start(house: House, moment: Moment) -> Moment:
    zone = get_zone(house.operator.zone)
    return get_period_bounds(month_of(moment, zone), zone)[0]


async def issue_due(house: House, database: Database, clock: Callable[[], Moment]) -> None:
    """Issue the invoices of every closed month to every requester who gave billing details, if they are offered."""
    if not invoices.is_offered(house):
        return
    until = get_closed_end(house, clock())
    while due := await database.aside(
        lambda unit: unit.records(Invoices).list_due(until, REQUESTERS_PER_READ), clock()
    ):
        for billing in due:
            drafts = await database.aside(
                lambda unit, of=billing: invoices.draft_invoices(unit, house, of, until),  # type: ignore[misc]
                clock(),
            )
            await database.transact(
                lambda unit, of=billing, found=drafts: invoices.issue_invoices(unit, house, of, found, until),  # type: ignore[misc]
                clock(),
            )


async def request_buyer_details(house: House, database: Database, clock: Callable[[], Moment]) -> None:
    """Ask requesters who have paid a fee for their billing details, once; erase the details on erased accounts'
    invoices once the law no longer asks for them. Do nothing if invoices are not offered."""
    if not invoices.is_offered(house):
        return
    ended = later(clock(), -(KEPT_YEARS + 1) * 366 * DAY)
    await database.transact(lambda unit: unit.records(Invoices).erase_buyers(ended), clock())
    unasked = await database.aside(lambda unit: unit.records(Invoices).list_unasked(REQUESTERS_PER_REQUEST), clock())
    if unasked:
        await database.transact(lambda unit: invoices.request_buyers(unit, unasked), clock())


async def make_invoice(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make an invoice as PDF; `facts` hold the words in the reader's language."""
    number = int(facts["invoice"])

    invoice, corrects = await database.aside(lambda unit: read_invoice(unit, number), now)
    content = await asyncio.to_thread(
        render_invoice, invoice, corrects, words=facts["words"], language=facts["language"], zone=facts["zone"]
    )
    return save_file(content, f"{invoice.name}.pdf", PDF)


MAKERS: Mapping[str, Maker] = {"invoice": make_invoice}


def read_invoice(unit: UnitOfWork, number: int) -> tuple[Invoice, str]:
    """Return an invoice with the day its time really began, and the name of the one that a credit note corrects."""
    invoice = unit.records(Invoices).get(number)
    corrects = unit.records(Invoices).get(invoice.corrects).name if invoice.corrects is not None else ""
    return replace(invoice, begins=unit.records(Invoices).get_beginning(invoice)), corrects


def render_invoice(invoice: Invoice, corrects: str, words: Words, language: str, zone: str) -> bytes:
    """Return the invoice as PDF; `corrects` is the number of the invoice that a credit note is for."""
    return statement_pdf(make_document(invoice, corrects, words, language, zone))


def make_document(invoice: Invoice, corrects: str, words: Words, language: str, zone: str) -> Document:
    t = translator(language)
    title = words["credit" if invoice.corrects is not None else "invoice"].format(number=invoice.name)
    return Document(
        platform=PLATFORM,
        title=title,
        period=_format_period(invoice, words, t, zone),
        facts=_list_parties(invoice, corrects, words, t, zone),
        sections=[_section(invoice, words, t)],
        notes_title=words["notes_title"],
        notes=_list_notes(invoice, words, t),
        page=words["page"],
        footer=f"{PLATFORM} · {title}",
    )


def _list_notes(invoice: Invoice, words: Words, t: Translator) -> list[str]:
    """Return the notes that the law asks for and those that explain the amounts. An order of the version before lacks
    some words."""
    notes = [_mention(invoice, words), words["paid" if invoice.corrects is None else "returned"], words["fees"]]
    seller, buyer = unpack(invoice.seller), decode_buyer(invoice.buyer) if invoice.buyer else None
    if invoice.corrects is None and buyer is not None and buyer.is_business and seller["country"] == FRANCE:
        notes += filter(None, (words.get("late", ""), words.get("early", "")))
    is_rounded = invoice.gross != invoice.fees or invoice.net != sum(
        amount_before_vat(line.fees, invoice.rate) for line in decode_lines(invoice)
    )
    if is_rounded and "rounding" in words:
        exact, whole = (t.money(amount, invoice.currency) for amount in (invoice.fees, invoice.gross))
        notes.append(words["rounding"].format(exact=exact, whole=whole))
    return notes


def _mention(invoice: Invoice, words: Words) -> str:
    """Return the VAT mention. An order of the version before lacks some words."""
    mention = get_mention(invoice.rule, invoice.rate, decode_buyer(invoice.buyer) if invoice.buyer else None)
    return words.get(mention, words[invoice.rule])


def _format_period(invoice: Invoice, words: Words, t: Translator, zone: str) -> str:
    """Return the invoice's period; only its end if nothing was invoiced before."""
    rules = get_zone(zone)
    last = t.day(Moment(invoice.ends - 1), rules)
    if not invoice.begins:
        return words["until"].format(last=last)
    return words["period"].format(first=t.day(invoice.begins, rules), last=last)


def _list_parties(invoice: Invoice, corrects: str, words: Words, t: Translator, zone: str) -> list[tuple[str, str]]:
    seller: dict[str, str] = unpack(invoice.seller)
    buyer: dict[str, Any] = unpack(invoice.buyer or "{}")
    place = f"{seller['street']}, {seller['postcode']} {seller['town']}, {t.country(seller['country'])}"
    company = format_company(seller, words)
    billed = [buyer.get(field_name, "") for field_name in ("name", "street", "town")]
    country = t.country(buyer["country"]) if buyer else ""
    lines = (
        (words["number"], invoice.name),
        (words["corrects"], corrects),
        (words["issued"], t.day(invoice.issued_at, get_zone(zone))),
        (words["seller"], f"{seller['name']}, {place}"),
        (words.get("company", ""), company),
        (words["seller_number"], seller["tax_number"]),
        (words["seller_vat"], seller["vat"]),
        (words["buyer"], ", ".join(part for part in (*billed, country) if part)),
        (words["buyer_number"], buyer.get("register", "")),
        (words["buyer_vat"], buyer.get("vat", "")),
        (words.get("vies", ""), _format_vies_answer(buyer, t, zone)),
    )
    return [(what, value) for what, value in lines if value]


def format_company(seller: Mapping[str, str], words: Words) -> str:
    """Return legal form, share capital and register of a French company, as its papers must name them (Code de
    commerce, articles R123-237 and R123-238); empty where nothing of it is set."""
    register = f"RCS {seller['rcs']} {seller['tax_number']}" if seller.get("rcs") else ""
    form, capital = seller.get("legal_form", ""), seller.get("capital", "")
    if form and capital and "capital" in words:
        form = words["capital"].format(form=form, capital=capital)
    return ", ".join(part for part in (form, register) if part)


def _format_vies_answer(buyer: dict[str, Any], t: Translator, zone: str) -> str:
    """Return day and number of the register's answer; empty unless it confirmed the VAT number."""
    if buyer.get("vies") != ViesAnswer.VALID:
        return ""
    return f"{t.day(Moment(buyer['vies_at']), get_zone(zone))} {buyer['vies_id']}".strip()


def _line(line: InvoiceLine, t: Translator) -> list[str]:
    return [f"{line.project}", shorten(line.title), t.number(line.answers)]


def _section(invoice: Invoice, words: Words, t: Translator) -> Section:
    """Return the section of amounts, which are below zero on a credit note."""
    sign = -1 if invoice.corrects is not None else 1

    def money(amount: int) -> str:
        return t.money(sign * amount, invoice.currency)

    rows = [(line, amount_before_vat(line.fees, invoice.rate)) for line in decode_lines(invoice)]
    vat = words["vat"].format(rate=t.number(invoice.rate / 100))
    return Section(
        title=words["amounts"].format(currency=invoice.currency),
        summary=[
            (words["net"], money(invoice.net), False),
            (vat, money(invoice.vat), False),
            (words["total"], money(invoice.gross), True),
        ],
        headings=words["headings"].split("|"),
        rows=[[*_line(line, t), money(net // max(line.answers, 1)), money(net)] for line, net in rows],
        nothing="",
        widths=(15, 77, 22, 32, 28),
    )


REQUEST_SECONDS = 15  # seconds for one request
MAX_ANSWER_BYTES = 64 * 1024  # bytes of an answer
NUMBERS_AT_ONCE = 20  # numbers an hour: the register is for people
ANSWER_VALID_MS = 25 * DAY
OUTCOMES = {"VALID": ViesAnswer.VALID, "INVALID": ViesAnswer.INVALID}  # other codes: it is out of order, or busy
ANSWER_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")  # it is printed on invoices
GREECE = {"GR": "EL"}  # of numbers that were noted before they were all written EL
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VatRegister:
    """VIES: its address, and the VAT number of the one who asks, with which the register numbers each answer."""

    url: str
    asker: str = ""

    async def check_due_numbers(self, database: Database, clock: Callable[[], Moment]) -> None:
        """Ask the register about numbers that it never answered for, or long ago, and store the answers."""
        now = clock()
        billings = await database.aside(lambda unit: unit.records(Invoices).list_billings(), now)
        for billing, buyer in _take_turn(list(_due(billings, now)), now):
            answer = await self._find_answer(buyer.vat)
            if answer is not None:
                checked_buyer = replace(buyer, vies=answer[0], vies_at=clock(), vies_id=answer[1])
                await database.transact(_store_answer, clock(), billing, checked_buyer)

    async def _find_answer(self, vat: str) -> tuple[ViesAnswer, str] | None:
        """Return the outcome and the answer's number; None if the register cannot say."""
        try:
            answer = await self._get(vat)
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
            log.warning("VIES does not answer", extra={"reason": type(error).__name__})
            return None
        code = answer.get("userError") if isinstance(answer, dict) else None
        outcome = OUTCOMES.get(code) if isinstance(code, str) else None
        if outcome is None or answer.get("isValid") is not (outcome is ViesAnswer.VALID):
            log.warning("VIES cannot say", extra={"reason": str(code)[:40]})
            return None
        number = str(answer.get("requestIdentifier") or "")
        return outcome, number if ANSWER_NUMBER.fullmatch(number) else ""

    async def _get(self, vat: str) -> Any:
        country = GREECE.get(vat[:2], vat[:2])
        address = f"{self.url.rstrip('/')}/ms/{quote(country)}/vat/{quote(vat[2:])}"
        asker = {"requesterMemberStateCode": self.asker[:2], "requesterNumber": self.asker[2:]} if self.asker else {}
        body = b""
        async with (
            asyncio.timeout(REQUEST_SECONDS),
            aiohttp.ClientSession() as http,
            http.get(address, params=asker, allow_redirects=False) as response,
        ):
            while len(body) < MAX_ANSWER_BYTES and (block := await response.content.read(MAX_ANSWER_BYTES - len(body))):
                body += block
        return orjson.loads(body)


async def check_vat_numbers(house: House, database: Database, clock: Callable[[], Moment]) -> None:
    """Check the VAT numbers that are due, if invoices are offered and the register's address is set."""
    if house.vies_url and invoices.is_offered(house):
        await VatRegister(house.vies_url, house.operator.vat).check_due_numbers(database, clock)


def _due(billings: Iterable[Billing], now: Moment) -> Iterator[tuple[Billing, Buyer]]:
    for billing in billings:
        buyer = billing.buyer
        if buyer is None or not buyer.vat or not is_elsewhere_in_eu(territory(buyer.country, buyer.town)):
            continue
        if not buyer.vies or later(Moment(buyer.vies_at), ANSWER_VALID_MS) <= now:
            yield billing, buyer


def _take_turn(due: list[tuple[Billing, Buyer]], now: Moment) -> list[tuple[Billing, Buyer]]:
    """Return the numbers to ask about in this hour, in a circle: numbers that the register never answers for do not
    hold up others."""
    start = now // HOUR * NUMBERS_AT_ONCE % max(len(due), 1)
    return (due[start:] + due[:start])[:NUMBERS_AT_ONCE]


def _store_answer(unit: UnitOfWork, billing: Billing, buyer: Buyer) -> None:
    """Store the register's answer, and tell the requester if the number is invalid. Nothing happens if the billing
    details changed meanwhile."""
    if not unit.records(Invoices).store_vies_answer(billing, buyer):
        return
    if buyer.vies == ViesAnswer.INVALID and billing.buyer and billing.buyer.vies != ViesAnswer.INVALID:
        unit.outbox.tell(billing.person, VatNumberUnknown(buyer.vat), lane=Lane.BROADCAST)
