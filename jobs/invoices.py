"""Invoices: drawn beside the writer once a month is over, issued in short transactions, and written as PDF."""

import asyncio
import logging
import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from domain.moments import (
    DAY,
    HOUR,
    Moment,
    bounds,
    later,
    month_of,
)
from domain.money.contributions import FRANCE
from domain.money.invoices import (
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
from domain.people.settings import rules_of
from jobs.figures import MadeFile, Maker, save_file
from locales import translator
from locales.translator import Translator
from reports.statement import (
    Document,
    Section,
    shortened,
    statement_pdf,
)
from services.act import House
from services.money import invoices
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.drivers.records import unpack
from storage.money.invoices import Billing, decode_buyer, decode_lines
from storage.unit import UnitOfWork

PLATFORM, PDF = "Pouce", "application/pdf"
AT_ONCE, ASKED = 20, 50  # requesters looked at in one reading, and asked in one transaction
Words = dict[str, str]


def closed_until(house: House, now: Moment) -> Moment:
    """The end of the last month that is over, and whose transfers are all there."""
    return month_began(house, later(now, -ISSUE_DELAY))


def month_began(house: House, moment: Moment) -> Moment:
    zone = rules_of(house.operator.zone)
    return bounds(month_of(moment, zone), zone)[0]


async def issue_due(house: House, database: Database, clock: Callable[[], Moment]) -> None:
    """Every month that is over, of every requester who told whom to bill."""
    until = closed_until(house, clock())
    while due := await database.aside(lambda unit: unit.invoices.list_due(until, AT_ONCE), clock()):
        for billing in due:
            drafts = await database.aside(
                lambda unit, of=billing: invoices.draft_invoices(unit, house, of, until),  # type: ignore[misc]
                clock(),
            )
            await database.transact(
                lambda unit, of=billing, found=drafts: invoices.issue_invoices(unit, house, of, found, until),  # type: ignore[misc]
                clock(),
            )


async def look_after_buyers(database: Database, clock: Callable[[], Moment]) -> None:
    """Asks requesters who have paid a fee, once; what erased ones' invoices name goes when accounts do."""
    ended = later(clock(), -(KEPT_YEARS + 1) * 366 * DAY)
    await database.transact(lambda unit: unit.invoices.erase_buyers(ended), clock())
    unasked = await database.aside(lambda unit: unit.invoices.list_unasked(ASKED), clock())
    if unasked:
        await database.transact(lambda unit: invoices.request_buyers(unit, unasked), clock())


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """`facts` hold the words in the reader's language."""
    number = int(facts["invoice"])

    found, corrects = await database.aside(lambda unit: read_invoice(unit, number), now)
    written = await asyncio.to_thread(invoice_pdf, found, corrects, facts["words"], facts["language"], facts["zone"])
    return save_file(written, f"{found.name}.pdf", PDF)


MAKERS: Mapping[str, Maker] = {"invoice": made}


def read_invoice(unit: UnitOfWork, number: int) -> tuple[Invoice, str]:
    """Return an invoice with the day its time really began, and the name of the one that a credit note corrects."""
    found = unit.invoices.get(number)
    corrects = unit.invoices.get(found.corrects).name if found.corrects is not None else ""
    return replace(found, begins=unit.invoices.get_beginning(found)), corrects


def invoice_pdf(of: Invoice, corrects: str, words: Words, language: str, zone: str) -> bytes:
    """`corrects` is the number of the invoice that a credit note is for."""
    return statement_pdf(document(of, corrects, words, language, zone))


def document(of: Invoice, corrects: str, words: Words, language: str, zone: str) -> Document:
    t = translator(language)
    title = words["credit" if of.corrects is not None else "invoice"].format(number=of.name)
    return Document(
        platform=PLATFORM,
        title=title,
        period=_period(of, words, t, zone),
        about=_parties(of, corrects, words, t, zone),
        sections=[_section(of, words, t)],
        notes_title=words["notes_title"],
        notes=_notes(of, words, t),
        page=words["page"],
        footer=f"{PLATFORM} · {title}",
    )


def _notes(of: Invoice, words: Words, t: Translator) -> list[str]:
    """What the law and the reader want said; an order of the version before lacks some words."""
    found = [_mention(of, words), words["paid" if of.corrects is None else "returned"], words["fees"]]
    seller, buyer = unpack(of.seller), decode_buyer(of.buyer) if of.buyer else None
    if of.corrects is None and buyer is not None and buyer.is_business and seller["country"] == FRANCE:
        found += filter(None, (words.get("late", ""), words.get("early", "")))
    is_rounded = of.gross != of.fees or of.net != sum(
        amount_before_vat(line.fees, of.rate) for line in decode_lines(of)
    )
    if is_rounded and "rounding" in words:
        exact, whole = (t.money(amount, of.currency) for amount in (of.fees, of.gross))
        found.append(words["rounding"].format(exact=exact, whole=whole))
    return found


def _mention(of: Invoice, words: Words) -> str:
    """An order of the version before lacks some words."""
    which = get_mention(of.rule, of.rate, decode_buyer(of.buyer) if of.buyer else None)
    return words.get(which, words[of.rule])


def _period(of: Invoice, words: Words, t: Translator, zone: str) -> str:
    """From the first fee on where nothing was invoiced before."""
    rules = rules_of(zone)
    last = t.day(Moment(of.ends - 1), rules)
    if not of.begins:
        return words["until"].format(last=last)
    return words["period"].format(first=t.day(of.begins, rules), last=last)


def _parties(of: Invoice, corrects: str, words: Words, t: Translator, zone: str) -> list[tuple[str, str]]:
    seller: dict[str, str] = unpack(of.seller)
    buyer: dict[str, Any] = unpack(of.buyer or "{}")
    place = f"{seller['street']}, {seller['postcode']} {seller['town']}, {t.country(seller['country'])}"
    company = company_of(seller, words)
    billed = [buyer.get(field_name, "") for field_name in ("name", "street", "town")]
    country = t.country(buyer["country"]) if buyer else ""
    told = (
        (words["number"], of.name),
        (words["corrects"], corrects),
        (words["issued"], t.day(of.issued_at, rules_of(zone))),
        (words["seller"], f"{seller['name']}, {place}"),
        (words.get("company", ""), company),
        (words["seller_number"], seller["tax_number"]),
        (words["seller_vat"], seller["vat"]),
        (words["buyer"], ", ".join(part for part in (*billed, country) if part)),
        (words["buyer_number"], buyer.get("register", "")),
        (words["buyer_vat"], buyer.get("vat", "")),
        (words.get("vies", ""), _confirmed(buyer, t, zone)),
    )
    return [(what, value) for what, value in told if value]


def company_of(seller: Mapping[str, str], words: Words) -> str:
    """Return legal form, share capital and register of a French company, as its papers must name them (Code de
    commerce, articles R123-237 and R123-238); empty where nothing of it is set."""
    register = f"RCS {seller['rcs']} {seller['tax_number']}" if seller.get("rcs") else ""
    form, capital = seller.get("legal_form", ""), seller.get("capital", "")
    if form and capital and "capital" in words:
        form = words["capital"].format(form=form, capital=capital)
    return ", ".join(part for part in (form, register) if part)


def _confirmed(buyer: dict[str, Any], t: Translator, zone: str) -> str:
    """Day and number of the register's answer."""
    if buyer.get("vies") != ViesAnswer.VALID:
        return ""
    return f"{t.day(Moment(buyer['vies_at']), rules_of(zone))} {buyer['vies_id']}".strip()


def _line(of: InvoiceLine, t: Translator) -> list[str]:
    return [f"{of.project}", shortened(of.title), t.number(of.answers)]


def _section(of: Invoice, words: Words, t: Translator) -> Section:
    """A credit note's amounts are below zero."""
    sign = -1 if of.corrects is not None else 1

    def money(amount: int) -> str:
        return t.money(sign * amount, of.currency)

    rows = [(line, amount_before_vat(line.fees, of.rate)) for line in decode_lines(of)]
    vat = words["vat"].format(rate=t.number(of.rate / 100))
    return Section(
        title=words["amounts"].format(currency=of.currency),
        summary=[
            (words["net"], money(of.net), False),
            (vat, money(of.vat), False),
            (words["total"], money(of.gross), True),
        ],
        headings=words["headings"].split("|"),
        rows=[[*_line(line, t), money(net // max(line.answers, 1)), money(net)] for line, net in rows],
        nothing="",
        widths=(15, 77, 22, 32, 28),
    )


PATIENCE = 15  # seconds for one request
LARGEST = 64 * 1024  # bytes of an answer
NUMBERS_AT_ONCE = 20  # numbers an hour: the register is for people
FRESH = 25 * DAY
OUTCOMES = {"VALID": ViesAnswer.VALID, "INVALID": ViesAnswer.INVALID}  # other codes: it is out of order, or busy
NUMBERED = re.compile(r"[A-Za-z0-9-]{1,40}")  # it is printed on invoices
GREECE = {"GR": "EL"}  # of numbers that were noted before they were all written EL
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VatRegister:
    """Its address, and the VAT number of who asks; with it the register gives each answer a number."""

    url: str
    asker: str = ""

    async def check(self, database: Database, clock: Callable[[], Moment]) -> None:
        """A sweep: numbers that were never answered for, or long ago."""
        now = clock()
        known = await database.aside(lambda unit: unit.invoices.list_billings(), now)
        for billing, buyer in _turn(list(_due(known, now)), now):
            answer = await self._asked(buyer.vat)
            if answer is not None:
                told = replace(buyer, vies=answer[0], vies_at=clock(), vies_id=answer[1])
                await database.transact(_keep, clock(), billing, told)

    async def _asked(self, vat: str) -> tuple[ViesAnswer, str] | None:
        """The outcome and the answer's number; None where the register cannot say."""
        try:
            found = await self._get(vat)
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
            log.warning("VIES does not answer", extra={"reason": type(error).__name__})
            return None
        code = found.get("userError") if isinstance(found, dict) else None
        outcome = OUTCOMES.get(code) if isinstance(code, str) else None
        if outcome is None or found.get("isValid") is not (outcome is ViesAnswer.VALID):
            log.warning("VIES cannot say", extra={"reason": str(code)[:40]})
            return None
        number = str(found.get("requestIdentifier") or "")
        return outcome, number if NUMBERED.fullmatch(number) else ""

    async def _get(self, vat: str) -> Any:
        country = GREECE.get(vat[:2], vat[:2])
        address = f"{self.url.rstrip('/')}/ms/{quote(country)}/vat/{quote(vat[2:])}"
        asker = {"requesterMemberStateCode": self.asker[:2], "requesterNumber": self.asker[2:]} if self.asker else {}
        body = b""
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as http,
            http.get(address, params=asker, allow_redirects=False) as response,
        ):
            while len(body) < LARGEST and (more := await response.content.read(LARGEST - len(body))):
                body += more
        return orjson.loads(body)


def _due(known: Iterable[Billing], now: Moment) -> Iterator[tuple[Billing, Buyer]]:
    for billing in known:
        buyer = billing.buyer
        if buyer is None or not buyer.vat or not is_elsewhere_in_eu(territory(buyer.country, buyer.town)):
            continue
        if not buyer.vies or later(Moment(buyer.vies_at), FRESH) <= now:
            yield billing, buyer


def _turn(due: list[tuple[Billing, Buyer]], now: Moment) -> list[tuple[Billing, Buyer]]:
    """Whose turn it is in this hour: numbers that the register never answers for keep no other one from it."""
    first = now // HOUR * NUMBERS_AT_ONCE % max(len(due), 1)
    return (due[first:] + due[:first])[:NUMBERS_AT_ONCE]


def _keep(unit: UnitOfWork, of: Billing, told: Buyer) -> None:
    """Nothing where the client's data changed meanwhile."""
    if not unit.invoices.store_vies_answer(of, told):
        return
    if told.vies == ViesAnswer.INVALID and of.buyer and of.buyer.vies != ViesAnswer.INVALID:
        unit.outbox.tell(of.person, VatNumberUnknown(told.vat), lane=Lane.BROADCAST)
