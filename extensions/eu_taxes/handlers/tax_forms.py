"""Screens of the tax form: why it is asked for, its questions, the review."""

from __future__ import annotations

from domain.moments import Moment
from domain.people.accounts import WORKER
from extensions.eu_taxes.domain import tax_forms
from extensions.eu_taxes.domain.refusals import PayoutWaits, TaxFormClosed
from extensions.eu_taxes.domain.tax_forms import (
    BUSINESS,
    COUNTRY,
    KIND,
    NO_TAX_NUMBER,
    PERSON,
    TAX_NUMBER,
    TaxAnswer,
    TaxCopy,
    TaxFormReminder,
    TaxFormSaved,
    TaxFormsCounted,
    TaxFormState,
    TaxFormWanted,
    TaxQuestion,
    TaxReview,
)
from extensions.eu_taxes.services import tax_forms as tax_forms_service
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, lines, refuses, shows, to_button_rows
from locales.translator import Html, Translator


class OpenTaxForm(Payload, code="tx"):
    pass


class ChooseTaxAnswer(Payload, code="txc"):
    """Button with an answer; `step` is the question that the button stands below."""

    step: str
    value: str


class TaxFormBack(Payload, code="txb"):
    step: str


class EditTaxAnswer(Payload, code="txe"):
    step: str


class SaveTaxForm(Payload, code="txs"):
    pass


def open_button(t: Translator, is_given: bool = False) -> Button:
    words = t.plain("🧾 My tax form") if is_given else t.plain("🧾 Fill in the tax form")
    return Button(words, OpenTaxForm().pack(), style="" if is_given else "primary")


@shows(TaxFormWanted)
def form_request(m: TaxFormWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>One more thing: a short tax form</b>"),
            t("The law (DAC7) wants to know who is paid through platforms. So we ask everybody once."),
            t("It takes three minutes. Have your tax number ready. It is kept encrypted, for the tax office alone."),
            t(
                "Your payout is on its way all the same. From {day} on, payouts wait for the form.",
                day=t.date(m.waits_from),
            ),
        ),
        ((open_button(t),),),
    )


@shows(TaxFormReminder)
def form_reminder(m: TaxFormReminder, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Your tax form is still missing</b>"),
            t("From {day} on, payouts wait for it. Your money stays yours.", day=t.date(m.waits_from)),
            t("This is the last reminder.") if m.last else None,
        ),
        ((open_button(t),),),
    )


@shows(TaxQuestion)
def question_screen(m: TaxQuestion, t: Translator) -> Screen:
    back = Button(t.plain("⬅️ Back"), TaxFormBack(step=m.step).pack())
    return Screen(
        lines(
            t("🧾 Tax form · {number} of {of}", number=m.number, of=m.of),
            flaw_text(m, t) if m.flaw else None,
            " ",
            question_text(m, t),
            t("I take your message out of this chat once I have read it. /cancel ends the form."),
        ),
        (*_answer_buttons(m, t), *(((back,),) if m.number > 1 else ())),
    )


def question_text(m: TaxQuestion, t: Translator) -> Html:
    if m.step == TAX_NUMBER:
        return _number_question(m, t)
    return {
        tax_forms.COUNTRY: t(
            "<b>In which country do you live?</b> Where you pay your taxes. Press it, or write its name."
        ),
        tax_forms.KIND: t(
            "<b>Who works here?</b> If you work for yourself, also with a registration, press the first."
        ),
        tax_forms.FIRST_NAMES: t("<b>Your first names</b>, as in your passport."),
        tax_forms.LAST_NAME: t("<b>Your last name</b>, as in your passport."),
        tax_forms.COMPANY: t("<b>The company’s name</b>, as registered."),
        tax_forms.STREET: t("<b>Street and number</b>, where you live.")
        if not m.business
        else t("<b>Street and number</b> of the company."),
        tax_forms.POSTCODE: t("<b>The postcode</b>, for example 75011."),
        tax_forms.TOWN: t("<b>The town</b>"),
        tax_forms.BORN: t("<b>Your date of birth</b>, for example 20/03/1988: day, month, year."),
        tax_forms.BIRTH_TOWN: t("<b>In which town were you born?</b>"),
        tax_forms.BIRTH_COUNTRY: t("<b>In which country is that?</b>"),
        tax_forms.REGISTER: t("<b>The company’s number in the register of companies</b>"),
    }[m.step]


def _number_question(m: TaxQuestion, t: Translator) -> Html:
    country = t.country(m.country)
    if m.business:
        return t("<b>The company’s tax number</b> in {country}.", country=country)
    if m.country == "FR":
        return t(
            "<b>Your tax number</b> in {country}: the 13 digits on your tax notice, “numéro fiscal”.", country=country
        )
    return t("<b>Your tax number</b> in {country}. It is on letters from the tax office.", country=country)


def flaw_text(m: TaxQuestion, t: Translator) -> Html:
    return {
        "country": t("❌ I know no country of that name. Try two letters, such as FR."),
        "kind": t("❌ Please press one of the buttons."),
        "words": t("❌ That looks empty. Please write it once more."),
        "long": t("❌ That is too long: at most {most} characters.", most=tax_forms.MAX_ANSWER_CHARS),
        "number": t(
            "❌ {country} has no tax number like that. Some digit may be wrong: please look again.",
            country=t.country(m.country),
        ),
        "date": t("❌ I cannot read that date. Write day, month and year, for example 20/03/1988."),
        "age": t("❌ That year cannot be right. Please look again."),
    }[m.flaw]


def _answer_buttons(m: TaxQuestion, t: Translator) -> Keyboard:
    if m.step == COUNTRY:
        country_buttons = [_answer_button(t.country(code[:2]), COUNTRY, code[:2]) for code in m.suggested]
        return to_button_rows(country_buttons)
    if m.step == KIND:
        return (
            (_answer_button(t.plain("👤 I, for myself"), KIND, PERSON),),
            (_answer_button(t.plain("🏢 A company (legal person)"), KIND, BUSINESS),),
        )
    if m.step == TAX_NUMBER and not m.business:
        return ((_answer_button(t.plain("I have no tax number"), TAX_NUMBER, NO_TAX_NUMBER),),)
    return ()


def _answer_button(words: str, step: str, value: str) -> Button:
    return Button(words, ChooseTaxAnswer(step=step, value=value).pack())


@shows(TaxReview)
def review_screen(m: TaxReview, t: Translator) -> Screen:
    edit_buttons = [
        Button(f"✏️ {step_name(answer.step, t)}", EditTaxAnswer(step=answer.step).pack()) for answer in m.answers
    ]
    save_button = Button(t.plain("✅ All of this is right"), SaveTaxForm().pack(), style="success")
    return Screen(
        lines(
            t("🧾 <b>Your tax form, as saved</b>") if m.saved else t("🧾 <b>Is all of this right?</b>"),
            *(
                t("{name}: <b>{value}</b>", name=step_name(answer.step, t), value=_answer_text(answer, t))
                for answer in m.answers
            ),
            t("Of numbers I show the end only. /mydata has them in full."),
            None if m.saved else t("Nothing is saved before you press the green button."),
        ),
        (
            *(() if m.saved else ((save_button,),)),
            *to_button_rows(edit_buttons),
        ),
    )


def step_name(step: str, t: Translator) -> str:
    return {
        tax_forms.COUNTRY: t.plain("Country"),
        tax_forms.KIND: t.plain("Who"),
        tax_forms.FIRST_NAMES: t.plain("First names"),
        tax_forms.LAST_NAME: t.plain("Last name"),
        tax_forms.COMPANY: t.plain("Company"),
        tax_forms.STREET: t.plain("Street"),
        tax_forms.POSTCODE: t.plain("Postcode"),
        tax_forms.TOWN: t.plain("Town"),
        tax_forms.TAX_NUMBER: t.plain("Tax number"),
        tax_forms.BORN: t.plain("Year of birth"),
        tax_forms.BIRTH_TOWN: t.plain("Town of birth"),
        tax_forms.BIRTH_COUNTRY: t.plain("Country of birth"),
        tax_forms.REGISTER: t.plain("Register number"),
    }[step]


def _answer_text(answer: TaxAnswer, t: Translator) -> str:
    if answer.step in (COUNTRY, tax_forms.BIRTH_COUNTRY):
        return t.country(answer.value)
    if answer.step == KIND:
        return t.plain("a company") if answer.value == BUSINESS else t.plain("I, for myself")
    return t.plain("none") if answer.value == NO_TAX_NUMBER else answer.value


@shows(TaxFormSaved)
def form_receipt(m: TaxFormSaved, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✅ <b>Thank you, the tax form is saved.</b> It is encrypted."),
            t("You live outside the EU: nothing more is needed.") if m.outside else None,
            t("Payouts no longer wait: /payout") if m.waited else None,
            t("Something has changed? Correct it under /payout at any time."),
        ),
        ((open_button(t, is_given=True),),),
    )


@shows(TaxCopy)
def report_copy(m: TaxCopy, t: Translator) -> Screen:
    total = sum(quarter.consideration for quarter in m.quarters)
    quarters = [
        t(
            "Quarter {number}: {amount}, {answers}; our fees {fees}, kept {kept}",
            number=number,
            amount=t.money(quarter.consideration, m.currency),
            answers=t.n("{count} answer", "{count} answers", quarter.activities),
            fees=t.money(quarter.fees, m.currency),
            kept=t.money(quarter.withheld, m.currency),
        )
        for number, quarter in enumerate(m.quarters, 1)
        if quarter.consideration or quarter.fees or quarter.withheld
    ]
    headline = {
        "new": t("🧾 <b>What the tax office was told about your {year}</b>", year=str(m.year)),
        "corrected": t("🧾 <b>Corrected: what the tax office was told about your {year}</b>", year=str(m.year)),
        "deleted": t("🧾 <b>Taken back: what the tax office was told about your {year}</b>", year=str(m.year)),
    }[m.state]
    return Screen(
        lines(
            headline,
            *quarters,
            t("In all: <b>{amount}</b>, by the law that is called DAC7.", amount=t.money(total, m.currency))
            if quarters
            else None,
            t("With it went your name, address, tax number and bank account, as you gave them."),
            t("Something is wrong? Correct your tax form under /payout, or tell whoever runs this bot."),
        )
    )


@refuses(PayoutWaits)
def payout_waits(r: PayoutWaits, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>First the tax form, please.</b>"),
            t(
                "I asked for it on {day}, and twice since. The law says payouts wait until it is there.",
                day=t.date(Moment(r.asked_at)),
            ),
            t("Your money stays yours and available. As soon as the form is saved, /payout works again."),
        ),
        ((open_button(t),),),
    )


@refuses(TaxFormClosed)
def tax_form_closed(_: TaxFormClosed, t: Translator) -> Screen:
    return Screen(t("The tax form cannot be filled in here at the moment. Nothing is missing for your payouts."))


@shows(TaxFormState)
def form_note(m: TaxFormState, t: Translator) -> Screen:
    text = t("🧾 The tax form is missing: payouts wait for it.") if m.state == "waits" else ""
    return Screen(text, ((open_button(t, m.state == "given"),),), keyboard_only=not text)


@shows(TaxFormsCounted)
def forms_note(m: TaxFormsCounted, t: Translator) -> Screen:
    if m.closed:
        return Screen(t("⚠️ No tax forms (DAC7) are asked for: set SECRETS_KEY."))
    missing = t.n("{count} tax form is missing", "{count} tax forms are missing", m.missing)
    return Screen(
        t("🧾 {missing}; {waiting} of them not paid until then", missing=missing, waiting=t.number(m.waiting))
    )


ROUTES = (
    Route(OpenTaxForm, WORKER, tax_forms_service.open_form, stays=True),
    Route(ChooseTaxAnswer, WORKER, tax_forms_service.take_pressed_answer, stays=True),
    Route(TaxFormBack, WORKER, tax_forms_service.go_back, stays=True),
    Route(EditTaxAnswer, WORKER, tax_forms_service.edit_answer, stays=True),
    Route(SaveTaxForm, WORKER, tax_forms_service.save_form, stays=True),
)
