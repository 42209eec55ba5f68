"""`/fund AMOUNT`: the operator's account, a requester's own reference, and a code that banking apps read."""

from decimal import Decimal
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from domain.moments import Moment
from domain.money.amounts import CENT, Millionths, round_up_to_cents
from domain.money.deposits import DepositRecorded
from domain.money.funds import FundingAsked, FundingChoice
from domain.money.ledger import requester_account
from domain.money.payouts import MAX_FUNDED_AMOUNT, Payer
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from domain.refusals import BadInput, FundingClosed, FundsMissing, NotFound, Refusal
from formats.bank.iban import requester_reference
from handlers.money.deposits import Deposit
from handlers.money.funds import ChooseFunding, Fund, FundAmount, missing_money_keyboard
from handlers.projects.launches import Launch
from locales import translator
from reports.pictures import TransferOrder, draw_transfer_code
from services.projects.preflight import price_of
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import TERMS, act_of, press
from tests.house import furnish, settle_plans, settle_requester

PAYER = Payer("Société Pouce & Cie", "FR1420041010050500013M02606", "AGRIFRPP")
ADMIN = frozenset({1_000})


def funding(unit: UnitOfWork, amount: str, payer: Payer = PAYER, terms: Terms = TERMS) -> object:
    return press(act_of(unit, furnish(unit).requester, payer=payer, terms=terms), Fund(amount=amount))


def read(picture: bytes) -> list[str]:
    """As a banking app reads it."""
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)), formats=zxingcpp.BarcodeFormat.QRCode)
    return bytes(code.bytes).decode("utf-8").split("\n")


@pytest.mark.parametrize(
    ("typed", "cents"), [("100", 10_000), ("0.01", 1), ("12,5", 1_250), ("€999999999.99", 99_999_999_999)]
)
async def test_a_requester_reads_the_account_and_their_own_reference(
    database: Database, now: Moment, typed: str, cents: int
):
    asked = await database.transact(funding, now, typed)
    assert isinstance(asked, FundingAsked)
    assert (asked.amount, asked.currency) == (cents * CENT, "EUR")
    assert (asked.name, asked.iban, asked.bic) == (PAYER.name, PAYER.iban, PAYER.bic)
    requester = await database.transact(lambda unit: unit.people.find_by_telegram_id(1_000), now)
    assert requester is not None
    assert asked.reference == requester_reference(requester.id)


@pytest.mark.parametrize(
    "typed",
    ["0", "-1", "0.001", "0.015", "1e9", "1000000000", "NaN", "ten", "$5", "1,000", "1.000,50", "9" * 4_000],
)
async def test_amounts_that_no_bank_transfers_are_refused(database: Database, now: Moment, typed: str):
    with pytest.raises(BadInput):
        await database.transact(funding, now, typed)


async def test_fund_without_an_amount_lists_what_drafts_lack(database: Database, now: Moment):
    def choose(unit: UnitOfWork) -> None:
        rosa = act_of(unit, settle_requester(unit).id, payer=PAYER)
        assert press(rosa, ChooseFunding()) == FundingChoice("EUR", 100_000_000, ())
        [draft] = settle_plans(unit, rosa.person.id, 1, tasks=50, pay=Millionths(1_000_003))
        missing = round_up_to_cents(price_of(unit, unit.projects.get(draft), rosa.house.terms).total - 100_000_000)
        shown = press(rosa, ChooseFunding())
        assert isinstance(shown, FundingChoice)
        assert [(each.number, each.missing) for each in shown.lacking] == [(draft, missing)]
        with pytest.raises(FundsMissing) as refused:
            press(rosa, Launch(number=draft))
        [[offered]] = missing_money_keyboard(refused.value.missing, "EUR", 0, translator("fr"))
        assert offered.data == FundAmount(amount=missing, team=0).pack()
        asked = press(rosa, FundAmount(amount=missing, team=0))
        assert isinstance(asked, FundingAsked)
        assert asked.amount == missing
        for forged in (0, 1, CENT + 1, MAX_FUNDED_AMOUNT + CENT, 2**63 - 1):
            with pytest.raises(BadInput):
                press(rosa, FundAmount(amount=forged, team=0))

    await database.transact(choose, now)


@pytest.mark.parametrize(
    ("payer", "currency", "why"),
    [
        (Payer(), "EUR", "account"),
        (Payer("Pouce", "", "AGRIFRPP"), "EUR", "account"),
        (Payer("", PAYER.iban, ""), "EUR", "account"),
        (PAYER, "USD", "currency"),
    ],
)
async def test_funding_is_closed_without_an_account_or_in_another_currency(
    database: Database, now: Moment, payer: Payer, currency: str, why: str
):
    terms = Terms(currency, Decimal(10), Millionths(0))
    with pytest.raises(FundingClosed) as refused:
        await database.transact(funding, now, "100", payer, terms)
    assert refused.value.why == why


async def test_only_requesters_can_fund(database: Database, now: Moment):
    def ask(unit: UnitOfWork) -> object:
        return press(act_of(unit, furnish(unit).workers[0], payer=PAYER), Fund(amount="1"))

    with pytest.raises(Refusal):
        await database.transact(ask, now)


async def test_an_admin_records_a_deposit_by_its_reference(database: Database, now: Moment):
    def record(unit: UnitOfWork) -> tuple[object, int]:
        requester = furnish(unit).requester
        with pytest.raises(NotFound):
            press(act_of(unit, requester, ADMIN), Deposit(who=requester_reference(10**9), amount="1"))
        account = requester_account(unit.people.get(requester))
        before = unit.ledger.balance(account, "EUR")
        said = Deposit(who=requester_reference(requester), amount="12.50", reference="bank 7")
        made = press(act_of(unit, requester, ADMIN, key="bank"), said)
        return made, unit.ledger.balance(account, "EUR") - before

    made, more = await database.transact(record, now)
    assert isinstance(made, DepositRecorded)
    assert more == 12_500_000


def test_payment_code_holds_the_requested_transfer():
    code = draw_transfer_code(
        TransferOrder(PAYER.name, PAYER.iban, PAYER.bic, 100_500_000, requester_reference(PersonId(7)))
    )
    assert read(code) == [
        "BCD",
        "002",
        "1",
        "SCT",
        PAYER.bic,
        PAYER.name,
        PAYER.iban,
        "EUR100.5",
        "",
        requester_reference(7),
    ]


@settings(max_examples=25)
@given(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=70).filter(
        lambda name: len(name.encode()) <= 210
    ),
    st.integers(1, MAX_FUNDED_AMOUNT // CENT),
    st.integers(1, 10**12),
)
def test_every_account_amount_and_reference_fits_a_code(name: str, cents: int, person: int):
    fields = read(draw_transfer_code(TransferOrder(name, PAYER.iban, "", cents * CENT, requester_reference(person))))
    assert fields[5] == name.strip()
    assert Decimal(fields[7].removeprefix("EUR")) * 100 == cents
    assert fields[9] == requester_reference(person)
