"""A worker in Dakar is paid through Wise: an e-mail address, a file of its own, and what Wise says of it."""

import re
from dataclasses import replace
from io import BytesIO

import pytest

from bot.settings import BadSetting, read_settings
from domain.moments import Moment
from domain.money.bank_statements import BankFileReady, PayoutsOverview, StatementBooked
from domain.money.payouts import AccountNoted, EmailAsked, IbanAsked, PayoutCard, PayoutRequested
from domain.money.wallet import CurrencyBalance
from domain.people.onboarding import Welcome
from domain.people.personal_data import ForgetQuestion, OpenMatter
from domain.refusals import AlreadyAsked, BelowLeast, UnknownChoice
from formats.bank.camt import BankMessage
from formats.bank.sepa import FORMATS, read_wise_answers
from formats.bank.statements import PaymentAnswer
from handlers.money.bank_statements import MakeBankFile
from handlers.money.payouts import PayRest, payout_card
from handlers.money.wallet import disputed_and_on_the_way
from handlers.people.consents import WaivePay
from handlers.people.consents import forget_question_screen as erasure_screen
from handlers.people.onboarding import welcome_screen
from handlers.screen import render
from jobs import bank_files
from locales import translator
from services.act import Act
from services.money import bank_statements, payouts, settlement
from services.people import personal_data
from services.work import inputs
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.formats.test_wise import NAMES, row
from tests.handlers.screens.payout_samples import MESSAGES
from tests.handlers.screens.samples import stored
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.invariants.unpaid import PAYER

ABROAD = ("SN", "KE")
MAIL = "awa@example.sn"


def act(unit: UnitOfWork, house: House, worker: int = 1) -> Act:
    found = act_of(unit, house.workers[worker], payer=PAYER)
    admins = frozenset({found.person.telegram_id or 0})
    return replace(found, house=replace(found.house, wise=ABROAD, admins=admins))


def in_dakar(unit: UnitOfWork) -> House:
    """A worker with 5 cents and an e-mail address."""
    house = furnish(unit, workers=2)
    unit.enrolments.enrol(house.workers[1], house.project)
    unit.enrolments.qualify(house.workers[1], house.project)
    assert turn(unit, house.workers[1])
    payouts.change_account(act(unit, house))
    asked = inputs.take_words(act(unit, house), "Awa Diallo")
    assert isinstance(asked, tuple)
    assert asked[0].message == IbanAsked("Awa Diallo", ABROAD)
    assert payouts.choose_wise(act(unit, house), "SN") == EmailAsked("SN", "XOF")
    again = inputs.take_words(act(unit, house), "awa at example")
    assert again[0].message == EmailAsked("SN", "XOF", again=True)
    for mistyped in (False, True):
        other = f"x{MAIL}" if mistyped else f"w{MAIL}"
        repeat = inputs.take_words(act(unit, house), other)
        assert repeat[0].message == EmailAsked("SN", "XOF", again=mistyped, repeat=True)
        assert repeat[0].erases
    assert unit.payees.find_current(house.workers[1]) is None
    inputs.take_words(act(unit, house), MAIL)
    said = inputs.take_words(act(unit, house), f" {MAIL.title()} ")
    assert said[0].message == AccountNoted("a•••@example.sn", "Awa Diallo", None, None, wise=True)
    assert said[0].erases
    return house


async def test_a_payout_goes_through_wise_comes_back_and_goes_again(database: Database, now: Moment) -> None:
    def circle(unit: UnitOfWork) -> None:
        house = in_dakar(unit)
        admin = act(unit, house)
        card = payouts.show_payouts(admin)[0]
        assert isinstance(card, PayoutCard)
        assert (card.wise, card.gross) == (True, 50_000)
        payouts.request_typed(admin, "all")
        plain, wise = settlement.show_overview(admin)
        assert (plain.waiting, wise.waiting, wise.channel) == (0, 1, "wise")
        assert isinstance(settlement.make_bank_file(admin, 0, "EUR")[0], PayoutsOverview)  # nothing for the bank
        made = settlement.make_bank_file(admin, 0, "EUR", "wise")
        assert isinstance(made, BankFileReady)
        written = FORMATS[made.file.channel].write(*bank_files.read_bank_file(unit, 1)).decode()
        assert written.splitlines()[1] == f"Awa Diallo,{MAIL},PAYOUT-1,PERSON,source,0.05,EUR,XOF"
        assert settlement.send_file(admin, 1) == made
        books(admin, 1, row("PAYOUT-1", "REFUNDED", "0.05", "0"), paid=0, failed=1)
        payouts.request_typed(admin, "all")
        settlement.make_bank_file(admin, 1, "EUR", "wise")
        books(admin, 2, row("PAYOUT-2", "COMPLETED", "0.02", "0.03"), paid=1, failed=0)
        assert [unit.payouts.get(number).state for number in (1, 2)] == ["failed", "paid"]
        assert find_violations(unit) == []

    await database.transact(circle, now)


def books(admin: Act, number: int, line: str, paid: int, failed: int) -> None:
    answers = read_wise_answers(BytesIO(f"{NAMES}\n{line}".encode()))
    shown = bank_statements.preview_statement(admin, number, BankMessage([], answers, wise=True))
    assert "bank</b>" not in render(shown.stored_as, stored(shown), "en").text
    assert len(shown.payouts) == 1
    booked = bank_statements.book_statement(admin, number)
    assert isinstance(booked, StatementBooked)
    assert (booked.paid, booked.failed) == (paid, failed)


async def test_bank_answers_do_not_decide_payouts_through_wise(database: Database, now: Moment) -> None:
    def asks(unit: UnitOfWork) -> None:
        house = in_dakar(unit)
        payouts.request_typed(act(unit, house), "all")
        settlement.make_bank_file(act(unit, house), 0, "EUR", "wise")
        banks = [PaymentAnswer(1, None, True, 50_000, "EUR"), PaymentAnswer(None, 1, True)]
        shown = bank_statements.preview_statement(act(unit, house), 1, BankMessage([], banks))
        assert shown.payouts == ()
        assert [each.why for each in shown.unclear] == ["file", "unknown"]

    await database.transact(asks, now)


async def test_payouts_below_the_wise_minimum_are_refused(database: Database, now: Moment) -> None:
    def asks(unit: UnitOfWork) -> None:
        house = in_dakar(unit)
        least = act(unit, house)
        least = replace(least, house=replace(least.house, wise_least=50_001))
        card = payouts.show_payouts(least)[0]
        assert isinstance(card, PayoutCard)
        assert card.least == 50_001
        assert "💶" not in str(payout_card(card, translator("en")).keyboard)
        for press in (
            lambda: payouts.request_typed(least, "all"),
            lambda: payouts.request_by_button(least, 1, 50_000, "EUR", 50_000),
        ):
            with pytest.raises(BelowLeast):
                press()
        assert unit.payouts.count(house.workers[1]) == 0
        enough = replace(least, house=replace(least.house, wise_least=50_000))
        with pytest.raises(BelowLeast):
            payouts.request_typed(enough, "0.04")
        payouts.request_typed(enough, "all")
        assert unit.payouts.count(house.workers[1]) == 1

    await database.transact(asks, now)


async def test_a_request_below_the_wise_minimum_is_offered_the_full_sum(database: Database, now: Moment) -> None:
    def asks(unit: UnitOfWork) -> None:
        found = act(unit, in_dakar(unit))
        enough = replace(found, house=replace(found.house, wise_least=50_000))
        card = payouts.list_cards(enough, wanted_amount=10_000)[0]
        assert isinstance(card, PayoutCard)
        assert (card.gross, card.net) == (50_000, 50_000)
        more = replace(found, house=replace(found.house, wise_least=10_000))
        card = payouts.list_cards(more, wanted_amount=20_000)[0]
        assert isinstance(card, PayoutCard)
        assert card.gross == 20_000

    await database.transact(asks, now)


async def test_a_leaving_worker_is_paid_below_the_wise_minimum_once(database: Database, now: Moment) -> None:
    def asks(unit: UnitOfWork) -> None:
        found = act(unit, in_dakar(unit))
        least = replace(found, house=replace(found.house, wise_least=50_001))
        [open_] = [each for each in personal_data.ask_to_forget(least).open if each.amount]
        assert (open_.what, open_.amount) == ("rest", 50_000)
        assert isinstance(personal_data.answer_forget_question(least, 1), ForgetQuestion)
        [[button], [waive]] = erasure_screen(personal_data.ask_to_forget(least), translator("fr")).keyboard
        assert waive.data == WaivePay(sure=0, amount=50_000, currency="EUR").pack()
        assert button.data == PayRest(turn=1, currency="EUR").pack()
        [sent] = payouts.request_rest(least, open_.turn, open_.currency)
        assert isinstance(sent, PayoutRequested)
        with pytest.raises(AlreadyAsked):
            payouts.request_rest(least, open_.turn, open_.currency)
        assert [each.what for each in personal_data.ask_to_forget(least).open if each.amount] == ["on_the_way"]
        enough = replace(found, house=replace(found.house, wise_least=0))
        assert payouts.get_turn_of_small_rest(enough, "EUR") == 0
        assert find_violations(unit) == []

    await database.transact(asks, now)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_texts_about_wise_payouts_do_not_mention_the_bank(language: str) -> None:
    """But the recipient's own bank, which Wise pays."""
    told = [each for each in MESSAGES if "wise=True" in repr(each) or "channel='wise'" in repr(each)]
    told = [each for each in told if "wise=False" not in repr(each) and "channel='sepa'" not in repr(each)]
    texts = [render(each.stored_as, stored(each), language) for each in told]
    assert len(texts) > 12
    spoken = "\n".join(f"{each.text} {each.keyboard}" for each in texts).replace("bank there", "").lower()
    words = re.findall(r"[^\n]*\b(?:banks?|banques?|bancaires?|iban|sepa)\b[^\n]*", spoken)
    assert words == []


@pytest.mark.parametrize(("sent", "fee"), [("", ""), ("0", "0"), ("1e9", "NaN"), ("0.04", "0"), ("", "0.04")])
@pytest.mark.parametrize("status", ["COMPLETED", "REFUNDED"])
async def test_a_row_without_the_amount_decides_nothing(
    database: Database, now: Moment, status: str, sent: str, fee: str
) -> None:
    def asks(unit: UnitOfWork) -> None:
        house = in_dakar(unit)
        payouts.request_typed(act(unit, house), "all")
        settlement.make_bank_file(act(unit, house), 0, "EUR", "wise")
        answers = read_wise_answers(BytesIO(f"{NAMES}\n{row('PAYOUT-1', status, sent, fee)}".encode()))
        shown = bank_statements.preview_statement(act(unit, house), 1, BankMessage([], answers))
        assert shown.payouts == ()
        assert [each.why for each in shown.unclear] == ["amount"]

    await database.transact(asks, now)


async def test_only_configured_countries_are_paid_through_wise(database: Database, now: Moment) -> None:
    def asks(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        payouts.change_account(act(unit, house, 0))
        with pytest.raises(UnknownChoice):
            payouts.choose_wise(act(unit, house, 0), "FR")
        plain = act_of(unit, house.workers[0])
        assert payouts.take_account_answer(unit, plain.person, "Awa Diallo") == IbanAsked("Awa Diallo")
        with pytest.raises(UnknownChoice):
            payouts.choose_wise(plain, "SN")

    await database.transact(asks, now)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_workers_learn_before_consent_where_payouts_can_go(language: str) -> None:
    t = translator(language)
    told, plain = (
        str(welcome_screen(Welcome("Awa", language, *wise), t).text) for wise in ((("SN",), 5_000_000, "EUR"), ())
    )
    assert t.country("SN") in told
    assert t.money(5_000_000, "EUR") in told
    assert t.country("SN") not in plain


@pytest.mark.parametrize("value", ["FR", "XX", "Senegal"])
def test_a_country_unknown_to_wise_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYOUT_WISE", value)
    with pytest.raises(BadSetting, match="PAYOUT_WISE: expected"):
        read_settings()


def test_a_button_of_an_older_version_makes_a_bank_file() -> None:
    assert MakeBankFile(after=1, currency="EUR").channel == "sepa"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_texts_for_both_channels_name_no_bank(language: str) -> None:
    t = translator(language)
    matters = tuple(OpenMatter(what, 50_000, "EUR", turn=1) for what in ("available", "rest", "on_the_way"))
    book = CurrencyBalance("EUR", 0, 0, payout=50_000, aside=0)
    told = [erasure_screen(ForgetQuestion(matters, False, False), t).text, *disputed_and_on_the_way(book, t)]
    assert len(told) == 2
    assert not [text for text in told if re.search("ban(k|que)", text)]


def test_a_card_below_the_wise_minimum_shows_what_is_withheld() -> None:
    [usual] = [each for each in MESSAGES if isinstance(each, PayoutCard) and each.withheld and not each.wise][:1]
    card = replace(usual, wise=True, least=usual.net + 1)
    said = payout_card(card, translator("en")).text
    assert "is kept for social contributions" in said
    assert "Through Wise we send" in said
