"""VAT numbers are looked up in a register that answers, refuses, is busy or hangs: over HTTP, on this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from aiohttp import web

from domain.moments import DAY, HOUR, Moment, later
from extensions.eu_taxes.domain.invoices import Buyer, VatRule, ViesAnswer, get_vat_rule
from extensions.eu_taxes.formats.buyers import read_buyer
from extensions.eu_taxes.handlers.invoices import file_words
from extensions.eu_taxes.jobs import invoices
from extensions.eu_taxes.jobs.invoices import VatRegister, make_document
from extensions.eu_taxes.storage.invoices import Invoices
from locales import translator
from storage.database import Database
from storage.unit import UnitOfWork
from tests.extensions.eu_taxes.services.test_invoices import (
    FEBRUARY,
    MADRID,
    OPERATOR,
    PARIS,
    issue,
    outbox,
    with_buyer,
)


@dataclass
class Register:
    """`says`: the body of each answer; `asked`: paths and queries."""

    url: str = ""
    says: object = None
    status: int = 200
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        return web.json_response(self.says, status=self.status)


@pytest.fixture
async def register() -> AsyncIterator[Register]:
    found = Register()
    app = web.Application()
    app.router.add_get("/rest/ms/{country}/vat/{number}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/rest/"
    yield found
    await runner.cleanup()


VALID = {"isValid": True, "userError": "VALID", "requestIdentifier": "WAPIAAAA1"}
INVALID = {"isValid": False, "userError": "INVALID", "requestIdentifier": ""}
CANNOT_SAY = (
    *({"isValid": False, "userError": code} for code in ("MS_UNAVAILABLE", "TIMEOUT", "INVALID_INPUT", 7, None)),
    *({"isValid": True, "userError": "INVALID"}, {"isValid": "yes", "userError": "VALID"}, [], "VALID", {}),
)


async def test_a_number_is_confirmed_refused_and_asked_for_anew(
    database: Database, database_url: str, now: Moment, register: Register
) -> None:
    house = await with_buyer(database, database_url, now, MADRID)
    vies = VatRegister(register.url, "FR44732829320")

    async def look(at: Moment) -> tuple[str, int, str, int]:
        def read(unit: UnitOfWork) -> tuple[str, int, str, int]:
            billing = unit.records(Invoices).find_billing(house.requester)
            assert billing is not None
            assert billing.buyer is not None
            buyer = billing.buyer
            return buyer.vies, buyer.vies_at, buyer.vies_id, outbox(unit, "money.VatNumberUnknown")

        await vies.check_due_numbers(database, lambda: at)
        return await database.transact(read, at)

    for register.says in CANNOT_SAY:
        assert await look(now) == ("", 0, "", 0)
    register.says = VALID
    assert await look(now) == ("valid", now, "WAPIAAAA1", 0)
    assert register.asked[-1] == "/rest/ms/ES/vat/B58378431?requesterMemberStateCode=FR&requesterNumber=44732829320"
    register.says = INVALID
    count = len(register.asked)
    assert await look(later(now, DAY)) == ("valid", now, "WAPIAAAA1", 0)
    assert len(register.asked) == count
    [made] = await issue(database, house, FEBRUARY)
    told = dict(make_document(made, "", file_words(translator("en")), "en", "Europe/Paris").facts)
    assert made.rule == VatRule.REVERSE
    assert told["Confirmed by VIES on"].endswith("2027 WAPIAAAA1")
    later_on = later(now, 26 * DAY)
    assert await look(later_on) == ("invalid", later_on, "", 1)
    assert await look(later(later_on, 26 * DAY)) == ("invalid", later(later_on, 26 * DAY), "", 1)  # told once


def test_a_vat_number_unknown_to_the_register_is_ignored() -> None:
    assert get_vat_rule("FR", OPERATOR, replace(MADRID, vies=ViesAnswer.VALID))[0] is VatRule.REVERSE
    assert get_vat_rule("FR", OPERATOR, replace(MADRID, vies=ViesAnswer.INVALID)) == (VatRule.STANDARD, 2_000)


@pytest.mark.parametrize("buyer", [PARIS, replace(MADRID, vat=""), replace(MADRID, town="35001 Las Palmas")])
async def test_only_numbers_elsewhere_in_the_eu_are_asked_about(
    database: Database, database_url: str, now: Moment, register: Register, buyer: Buyer
) -> None:
    await with_buyer(database, database_url, now, buyer)
    await VatRegister(register.url).check_due_numbers(database, lambda: now)
    assert register.asked == []


async def test_an_answer_about_a_changed_buyer_is_dropped(
    database: Database, database_url: str, now: Moment, register: Register
) -> None:
    house = await with_buyer(database, database_url, now, MADRID)

    def keep(unit: UnitOfWork) -> Buyer | None:
        before = unit.records(Invoices).find_billing(house.requester)
        assert before is not None
        unit.connection.changed("UPDATE buyers SET given_at = given_at + 1")
        invoices._store_answer(unit, before, replace(MADRID, vies=ViesAnswer.INVALID))
        after = unit.records(Invoices).find_billing(house.requester)
        return after.buyer if after else None

    assert await database.transact(keep, now) == MADRID


async def test_an_unavailable_register_blocks_nothing(
    database: Database, database_url: str, now: Moment, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_buyer(database, database_url, now, MADRID)
    register.status, register.says = 500, VALID
    await VatRegister("http://127.0.0.1:1/").check_due_numbers(database, lambda: now)
    monkeypatch.setattr(invoices, "REQUEST_SECONDS", 0)
    await VatRegister(register.url).check_due_numbers(database, lambda: now)


async def test_unanswered_numbers_do_not_block_others(
    database: Database, database_url: str, now: Moment, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await with_buyer(database, database_url, now, MADRID)
    last = replace(MADRID, vat="ESA13585625")
    await database.transact(lambda unit: unit.records(Invoices).set_buyer(house.workers[0], last), now)
    register.says = CANNOT_SAY[0]
    monkeypatch.setattr(invoices, "REQUESTERS_PER_READ", 1)
    for hours in range(2):
        await VatRegister(register.url).check_due_numbers(database, partial(later, now, hours * HOUR))
    assert {each.rpartition("/")[2] for each in register.asked} == {"B58378431", "A13585625"}


async def test_only_a_plain_number_of_an_answer_is_kept(register: Register) -> None:
    for said in ("A\u202eB", "A\0B", "A" * 41, "<b>", ["A"]):
        register.says = {**VALID, "requestIdentifier": said}
        assert await VatRegister(register.url)._find_answer("ESB58378431") == (ViesAnswer.VALID, "")


async def test_greek_numbers_are_asked_about_under_the_register_s_own_letters(register: Register) -> None:
    register.says = VALID
    typed = read_buyer("Anna\nErmou 1\n10563 Athina\nGreece\nGR 094259216").vat
    assert typed == "EL094259216"
    for number in (typed, "GR094259216"):
        assert await VatRegister(register.url)._find_answer(number) == (ViesAnswer.VALID, "WAPIAAAA1")
    assert set(register.asked) == {"/rest/ms/EL/vat/094259216"}
