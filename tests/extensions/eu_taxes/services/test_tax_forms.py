"""The tax form: asked for at the first payout, twice again, then payouts wait; encrypted; corrected; erased by rule."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from domain.messages import Note
from domain.moments import DAY, Moment, as_datetime, later
from domain.money.payouts import PayoutCard, PayoutRequested
from domain.people.accounts import Person, PersonId
from domain.refusals import UnknownChoice
from extensions.eu_taxes.domain.refusals import PayoutWaits, TaxFormClosed
from extensions.eu_taxes.domain.tax_forms import (
    TaxFormSaved,
    TaxFormsCounted,
    TaxFormState,
    TaxFormWanted,
    TaxQuestion,
    TaxReview,
    change_answer,
    find_next_step,
    list_steps,
)
from extensions.eu_taxes.handlers.tax_forms import OpenTaxForm
from extensions.eu_taxes.services import tax_forms
from extensions.eu_taxes.storage.tax_forms import TaxForms
from handlers.money.payouts import ChangePayee, PayOut
from handlers.screen import render
from jobs import personal_data
from services.act import Act, Encryption, Reply
from services.money import payouts, settlement
from services.people import dashboard
from services.people import personal_data as leaving
from services.work import inputs
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.extensions.eu_taxes.services.notes import form_state, keyed
from tests.handlers.screens.payout_samples import CARD
from tests.handlers.screens.samples import stored
from tests.invariants.unpaid import PAYER
from tests.services.money.test_payouts import earned_twice

OLD, NEW = "an old key of 16 signs", "a new key of 16 signs"
FRENCH = {
    "country": "france",
    "kind": "person",
    "first_names": "Awa",
    "last_name": "Diallo",
    "street": "3 rue de la Paix",
    "postcode": "75002",
    "town": "Paris",
    "tax_number": "30 23 217 600 053",
    "born": "20/03/1988",
}
SECRETS = ("3023217600053", "1988-03-20", "rue de la Paix", "20/03/1988", "217 600")


def with_key(act: Act, *keys: str) -> Act:
    return replace(act, house=replace(act.house, encryption=Encryption(keys or (OLD,))))


def worker_of(unit: UnitOfWork) -> Person:
    """The only person of these tests."""
    [[number]] = unit.connection.all("SELECT id FROM people")
    return unit.people.get(PersonId(number))


def her(unit: UnitOfWork, *keys: str) -> Act:
    return with_key(act_of(unit, worker_of(unit).id), *keys)


def first_payout(unit: UnitOfWork) -> object:
    earned_twice(unit)
    return press(her(unit), PayOut(turn=1, amount=10_000, currency="EUR", net=10_000))


def said(reply: object) -> Any:
    """What the form answers to typed words; they are taken out of the chat each time."""
    assert isinstance(reply, Reply)
    assert reply.erases
    return reply.message


def fill(unit: UnitOfWork, answers: dict[str, str] = FRENCH, *keys: str) -> Any:
    """Every question in its order, typed; the country and the kind are pressed."""
    shown = tax_forms.open_form(her(unit, *keys)).message
    while isinstance(shown, TaxQuestion):
        assert not shown.flaw
        if shown.step in ("country", "kind"):
            shown = tax_forms.take_pressed_answer(her(unit, *keys), shown.step, answers[shown.step]).message
        else:
            shown = said(inputs.take_words(her(unit, *keys), answers[shown.step]))
    return shown


async def test_the_first_payout_goes_and_the_form_is_asked_for_once(database: Database, now: Moment) -> None:
    done = await database.transact(first_payout, now)
    assert isinstance(done, tuple)
    assert isinstance(done[0], PayoutRequested)
    assert done[1:] == (TaxFormWanted(later(now, 60 * DAY)),)

    def again(unit: UnitOfWork) -> tuple[object, str]:
        [second] = payouts.request_typed(her(unit), "0.02")
        card = payouts.show_payouts(her(unit))[0]
        assert isinstance(second, PayoutRequested)
        assert isinstance(card, PayoutCard)
        return unit.records(TaxForms).find_form(her(unit).person.id), form_state(card)

    form, state = await database.transact(again, later(now, DAY))
    assert state == "missing"
    assert (form.asked_at, form.reminders, form.sealed) == (now, 0, None)


async def test_payouts_wait_for_the_form_after_two_reminders_and_sixty_days(database: Database, now: Moment) -> None:
    await database.transact(first_payout, now)
    sweep = partial(tax_forms.send_reminders, keyed(Encryption((OLD,))))

    def told(unit: UnitOfWork) -> list[Any]:
        sweep(unit)
        sweep(unit)
        letters = unit.connection.all("SELECT facts FROM outbox WHERE screen LIKE '%TaxFormReminder%' ORDER BY id")
        return [letter[0] for letter in letters]

    assert await database.transact(told, later(now, 20 * DAY - 1)) == []
    assert len(await database.transact(told, later(now, 20 * DAY))) == 1
    assert len(await database.transact(told, later(now, 40 * DAY))) == 2
    assert len(await database.transact(told, later(now, 90 * DAY))) == 2

    def asks(unit: UnitOfWork) -> object:
        return payouts.request_typed(her(unit), "0.02")

    assert len(await database.transact(asks, later(now, 60 * DAY - 1))) == 1
    with pytest.raises(PayoutWaits) as refused:
        await database.transact(asks, later(now, 60 * DAY))
    assert refused.value.asked_at == now

    def fills(unit: UnitOfWork) -> object:
        card = payouts.show_payouts(her(unit))[0]
        assert isinstance(card, PayoutCard)
        assert (form_state(card), card.available) == ("waits", 4_970_000)
        assert isinstance(fill(unit), TaxReview)
        assert tax_forms.save_form(her(unit)).message == TaxFormSaved(outside=False, waited=True)
        return asks(unit)

    assert len(await database.transact(fills, later(now, 60 * DAY))) == 1
    assert await database.transact(find_violations, later(now, 60 * DAY)) == []


async def test_admins_see_missing_forms_and_a_missing_key(database: Database, now: Moment) -> None:
    def looks(unit: UnitOfWork) -> None:
        first_payout(unit)
        assert dashboard.read_dashboard(her(unit)).notes == (Note.of(TaxFormsCounted(missing=1, waiting=0)),)
        unit.connection.changed("UPDATE tax_forms SET reminders = 2, asked_at = 1")
        assert dashboard.read_dashboard(her(unit)).notes == (Note.of(TaxFormsCounted(missing=1, waiting=1)),)
        keyless = act_of(unit, worker_of(unit).id, payer=PAYER)
        assert dashboard.read_dashboard(keyless).notes == ()  # nobody was paid yet
        settlement.make_bank_file(keyless, 0, "EUR")
        assert dashboard.read_dashboard(keyless).notes == (Note.of(TaxFormsCounted(closed=True)),)

    await database.transact(looks, now)


async def test_a_late_sweep_sends_both_reminders_before_payouts_wait(database: Database, now: Moment) -> None:
    """A bot that was off for a year asks twice again, twenty days apart."""
    await database.transact(first_payout, now)
    year, encryption = later(now, 365 * DAY), Encryption((OLD,))

    def waits(unit: UnitOfWork) -> bool:
        tax_forms.send_reminders(keyed(encryption), unit)
        form = unit.records(TaxForms).find_form(her(unit).person.id)
        return form is not None and form.holds_payouts(unit.now)

    assert not await database.transact(waits, year)
    assert not await database.transact(waits, later(year, 20 * DAY - 1))
    assert await database.transact(waits, later(year, 20 * DAY))


async def test_without_a_key_nothing_is_asked_and_nothing_waits(database: Database, now: Moment) -> None:
    def keyless(unit: UnitOfWork) -> Act:
        return act_of(unit, worker_of(unit).id)

    def asks(unit: UnitOfWork) -> None:
        earned_twice(unit)
        assert len(payouts.request_typed(keyless(unit), "0.02")) == 1
        assert unit.records(TaxForms).find_form(worker_of(unit).id) is None
        unit.records(TaxForms).mark_asked(worker_of(unit).id, Moment(1))
        unit.connection.changed("UPDATE tax_forms SET reminders = 2, asked_at = 1")
        assert len(payouts.request_typed(keyless(unit), "0.02")) == 1
        with pytest.raises(TaxFormClosed):
            tax_forms.open_form(keyless(unit))

    await database.transact(asks, now)


async def test_answers_are_stored_encrypted(database: Database, now: Moment) -> None:
    def everything(unit: UnitOfWork) -> str:
        tables = ("tax_forms", "drafts", "outbox", "audit", "live_messages")
        return repr([list(unit.connection.all(f"SELECT * FROM {table}")) for table in tables])

    def types(unit: UnitOfWork) -> str:
        fill(unit)
        return everything(unit)

    def saves(unit: UnitOfWork) -> str:
        tax_forms.save_form(her(unit))
        return everything(unit)

    await database.transact(first_payout, now)
    for step in (types, saves):
        found = await database.transact(step, now)
        assert [secret for secret in SECRETS if secret in found] == []

    def reads(unit: UnitOfWork) -> dict[str, str]:
        return tax_forms.read_answers(Encryption((OLD,)), unit.records(TaxForms).find_form(her(unit).person.id))

    kept = await database.transact(reads, now)
    assert kept == {**FRENCH, "country": "FR", "tax_number": "3023217600053", "born": "1988-03-20"}


async def test_going_back_correcting_and_masking_answers(database: Database, now: Moment) -> None:
    def walk(unit: UnitOfWork) -> None:
        tax_forms.open_form(her(unit))
        tax_forms.take_pressed_answer(her(unit), "country", "FR")
        at_kind = tax_forms.go_back(her(unit), "kind").message
        assert isinstance(at_kind, TaxQuestion)
        assert at_kind.step == "country"
        assert tax_forms.go_back(her(unit), "country").message == at_kind
        review = fill(unit)
        shown = {answer.step: answer.value for answer in review.answers}
        assert (shown["tax_number"], shown["born"], shown["last_name"]) == ("•••• 053", "1988", "Diallo")
        tax_forms.edit_answer(her(unit), "last_name")
        review = said(inputs.take_words(her(unit), "  Diallo\n Ndiaye\0 "))
        assert {answer.step: answer.value for answer in review.answers}["last_name"] == "Diallo Ndiaye"
        tax_forms.save_form(her(unit))
        tax_forms.save_form(her(unit))
        again = tax_forms.open_form(her(unit)).message
        assert isinstance(again, TaxReview)
        assert again.saved
        tax_forms.edit_answer(her(unit), "country")
        asked = tax_forms.take_pressed_answer(her(unit), "country", "DE").message
        assert isinstance(asked, TaxQuestion)
        assert asked.step == "tax_number"  # of another country: it is another number
        assert said(inputs.take_words(her(unit), FRENCH["tax_number"])).flaw == "number"
        assert isinstance(said(inputs.take_words(her(unit), "36 574 261 809")), TaxReview)

    await database.transact(lambda unit: (first_payout(unit), walk(unit)), now)


async def test_a_second_press_on_save_is_no_change(database: Database, now: Moment) -> None:
    def presses(unit: UnitOfWork) -> list[str]:
        first_payout(unit)
        fill(unit)
        for _ in range(2):
            assert isinstance(tax_forms.save_form(her(unit)).message, TaxFormSaved)
        tax_forms.edit_answer(her(unit), "town")
        inputs.take_words(her(unit), "Lyon")
        tax_forms.save_form(her(unit))
        rows = unit.connection.all("SELECT facts FROM audit WHERE action = 'tax form' ORDER BY id")
        return [str(row[0]) for row in rows]

    assert await database.transact(presses, now) == ['{"changed":false}', '{"changed":true}']


async def test_forged_buttons_change_nothing(database: Database, now: Moment) -> None:
    def forge(unit: UnitOfWork) -> None:
        act = her(unit)
        tax_forms.open_form(act)
        at_country = tax_forms.take_pressed_answer(act, "tax_number", "-").message
        assert isinstance(at_country, TaxQuestion)
        assert at_country.step == "country"
        for value in ("", "XX", "x" * 5_000):
            with pytest.raises(UnknownChoice):
                tax_forms.take_pressed_answer(act, "country", value)
        tax_forms.take_pressed_answer(act, "country", "FR")
        with pytest.raises(UnknownChoice):
            tax_forms.take_pressed_answer(act, "kind", "both")
        tax_forms.take_pressed_answer(act, "kind", "business")
        for step in ("nonsense", "", "born", "birth_town"):
            shown = tax_forms.edit_answer(act, step).message
            assert isinstance(shown, TaxQuestion)
            assert shown.step == "company"
        assert isinstance(tax_forms.save_form(act).message, TaxQuestion)  # not whole: the next question
        tax_forms.edit_answer(act, "tax_number")
        with pytest.raises(UnknownChoice):
            tax_forms.take_pressed_answer(act, "tax_number", "-")  # a company has one
        assert unit.records(TaxForms).find_form(act.person.id).sealed is None  # type: ignore[union-attr]

    await database.transact(lambda unit: (first_payout(unit), forge(unit)), now)


async def test_residents_outside_the_eu_answer_one_question(database: Database, now: Moment) -> None:
    def answers(unit: UnitOfWork) -> object:
        first_payout(unit)
        tax_forms.open_form(her(unit))
        assert isinstance(said(inputs.take_words(her(unit), "Sénégal")), TaxReview)
        return tax_forms.save_form(her(unit)).message

    assert await database.transact(answers, now) == TaxFormSaved(outside=True, waited=False)


async def test_forms_are_encrypted_again_with_a_new_key(database: Database, now: Moment) -> None:
    def saves(unit: UnitOfWork) -> None:
        first_payout(unit)
        fill(unit)
        tax_forms.save_form(her(unit))

    await database.transact(saves, now)
    await database.transact(tax_forms.KeyRotation(keyed(Encryption((NEW, OLD)))), now)

    def reads(unit: UnitOfWork, key: str) -> dict[str, str]:
        return tax_forms.read_answers(Encryption((key,)), unit.records(TaxForms).find_form(her(unit).person.id))

    assert await database.transact(reads, now, OLD) == {}
    assert (await database.transact(reads, now, NEW))["last_name"] == "Diallo"
    await database.transact(
        tax_forms.KeyRotation(keyed(Encryption((OLD,)))), now
    )  # it opens nothing, and breaks nothing
    assert (await database.transact(reads, now, NEW))["last_name"] == "Diallo"


async def test_after_erasure_the_law_keeps_the_form_for_five_years(database: Database, now: Moment) -> None:
    def leaves(unit: UnitOfWork) -> Moment | None:
        first_payout(unit)
        fill(unit)
        tax_forms.save_form(her(unit))
        person = her(unit).person.id
        leaving.end_tax_form(unit, person)
        form = unit.records(TaxForms).find_form(person)
        assert form is not None
        return form.keep_until

    until = await database.transact(leaves, now)
    ends = datetime(as_datetime(now).year + 6, 1, 1, tzinfo=UTC)
    assert until == int(ends.timestamp()) * 1000

    def left(unit: UnitOfWork) -> int:
        leaving.delete_expired_papers(unit)
        return int(unit.connection.all("SELECT count(*) FROM tax_forms")[0][0])

    assert await database.transact(left, Moment(until - 1)) == 1
    assert await database.transact(left, until) == 0


async def test_mydata_has_the_answers_in_full(database: Database, now: Moment) -> None:
    def saves(unit: UnitOfWork) -> dict[str, Any]:
        first_payout(unit)
        fill(unit)
        tax_forms.save_form(her(unit))
        return {"person": her(unit).person.id, "telegram_id": her(unit).person.telegram_id}

    facts = await database.transact(saves, now)
    for key, found in ((OLD, "3023217600053"), (NEW, None)):
        made = await personal_data.make_mydata_file(database, facts, now, Encryption((key,)))
        [told] = json.loads(made.path.read_bytes())["tax_form"]
        made.path.unlink()
        assert (told["tax_answers"] or {}).get("tax_number") == found
        assert told["given_at"]


async def test_erasure_deletes_an_unanswered_form(database: Database, now: Moment) -> None:
    def leaves(unit: UnitOfWork) -> int:
        first_payout(unit)
        leaving.end_tax_form(unit, her(unit).person.id)
        return int(unit.connection.all("SELECT count(*) FROM tax_forms")[0][0])

    assert await database.transact(leaves, now) == 0


def test_the_questions_follow_from_the_answers() -> None:
    assert list_steps({"country": "SN"}) == ("country",)
    assert "register" in list_steps({"country": "FR", "kind": "business"})
    assert {"birth_town", "birth_country"} <= set(list_steps({"country": "FR", "kind": "person", "tax_number": "-"}))
    assert find_next_step({"country": "SN"}) is None
    assert "tax_number" not in change_answer({"country": "FR", "tax_number": "1"}, "country", "DE")
    assert change_answer({"country": "FR", "tax_number": "1"}, "country", "FR")["tax_number"] == "1"


async def test_an_old_save_button_keeps_another_draft(database: Database, now: Moment) -> None:
    def presses(unit: UnitOfWork) -> None:
        first_payout(unit)
        assert isinstance(fill(unit), TaxReview)
        tax_forms.save_form(her(unit))
        payouts.change_account(her(unit))
        tax_forms.save_form(her(unit))
        draft = unit.drafts.find(worker_of(unit).id)
        assert draft is not None
        assert draft.journey == "payee"

    await database.transact(presses, now)


@pytest.mark.parametrize(("form", "sends"), [("", True), ("missing", True), ("given", True), ("waits", False)])
def test_nothing_is_sent_while_payouts_wait_for_the_tax_form(form: str, sends: bool) -> None:
    card = render(
        CARD.stored_as,
        stored(replace(CARD, notes=(Note.of(TaxFormState(form)),) if form else (), waits=form == "waits")),
        "en",
    )
    first = card.keyboard[0][0]
    assert first.text.startswith("💶 Send me") is sends
    assert (first.data == OpenTaxForm().pack()) is not sends
    assert card.keyboard[-1][0].data == ChangePayee().pack()
    assert ("No minimum" in card.text) is sends
