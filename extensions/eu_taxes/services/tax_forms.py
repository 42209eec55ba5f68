"""The tax form: asked for at the first payout and twice again, then payouts wait until it is there; its questions in
chat; its encryption.

Without SECRETS_KEY nothing is asked, and nothing waits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.messages import Message
from domain.moments import as_datetime, later
from domain.money.operator import EU
from domain.people.accounts import PersonId
from domain.refusals import UnknownChoice
from extensions.eu_taxes.domain import tax_forms
from extensions.eu_taxes.domain.refusals import PayoutWaits, TaxFormClosed
from extensions.eu_taxes.domain.tax_forms import (
    BUSINESS,
    COUNTRY,
    KIND,
    MAX_REMINDERS,
    NO_TAX_NUMBER,
    PAYOUTS_WAIT_AFTER,
    REMINDER_INTERVAL,
    TAX_NUMBER,
    TaxAnswer,
    TaxForm,
    TaxFormReminder,
    TaxFormSaved,
    TaxFormsCounted,
    TaxFormWanted,
    TaxQuestion,
    TaxReview,
)
from extensions.eu_taxes.formats.tax_answers import AnswerFlaw, read_answer
from extensions.eu_taxes.storage.tax_forms import TaxForms
from services.act import Act, Encryption, House, Reply, Undecipherable
from services.people import settings
from storage.boxes.outbox import Lane
from storage.money.ledger import SealedKey
from storage.unit import UnitOfWork

MAX_REMINDERS_AT_ONCE = 50  # reminders in one transaction


def find_payout_refusal(act: Act) -> PayoutWaits | None:
    """Return the refusal of payouts that wait for this person's form, None if none do. Money stays available, and
    earlier payouts go on."""
    form = act.unit.records(TaxForms).find_form(act.person.id) if act.house.encryption else None
    return PayoutWaits(asked_at=form.asked_at) if form is not None and form.holds_payouts(act.unit.now) else None


def ask_once_for_form(act: Act) -> Message | None:
    """Return the request for the form at the first payout, which is noted as asked; else None."""
    unit, now = act.unit, act.unit.now
    if not act.house.encryption or not unit.records(TaxForms).mark_asked(act.person.id, later(now, REMINDER_INTERVAL)):
        return None
    return TaxFormWanted(later(now, PAYOUTS_WAIT_AFTER))


def get_form_state(act: Act) -> str:
    """Return the form's state for the card of payouts: `missing`, `waits` or `given`; empty if it was never asked for,
    or there is no encryption key."""
    form = act.unit.records(TaxForms).find_form(act.person.id) if act.house.encryption else None
    if form is None:
        return ""
    return "given" if form.sealed else "waits" if form.holds_payouts(act.unit.now) else "missing"


def send_reminders(house: House, unit: UnitOfWork) -> None:
    """Send the reminders that are due."""
    for form in unit.records(TaxForms).list_due_reminders(MAX_REMINDERS_AT_ONCE) if house.encryption else ():
        _remind_person(unit, form)


def _remind_person(unit: UnitOfWork, form: TaxForm) -> None:
    is_last = form.reminders + 1 >= MAX_REMINDERS
    if unit.records(TaxForms).count_reminder(form, None if is_last else later(unit.now, REMINDER_INTERVAL)):
        unit.outbox.tell(form.person, TaxFormReminder(form.waits_from, is_last), lane=Lane.BROADCAST)


def count_forms(act: Act) -> TaxFormsCounted | None:
    """Return how many forms are missing; that none can be asked for without SECRETS_KEY, once somebody was paid; None
    if there is nothing to say."""
    unit = act.unit
    if not act.house.encryption:
        return TaxFormsCounted(closed=True) if unit.payouts.last_file() else None
    counts = unit.records(TaxForms).count(MAX_REMINDERS, later(unit.now, -PAYOUTS_WAIT_AFTER))
    return TaxFormsCounted(counts.asked - counts.given, counts.waiting) if counts.asked > counts.given else None


MAX_ROTATED_AT_ONCE = 50  # forms moved to a new key in one transaction


def encrypt_answers(encryption: Encryption, answers: Mapping[str, str]) -> str:
    return encryption.encrypt(json.dumps(dict(answers), sort_keys=True))


def decrypt_answers(encryption: Encryption, text: str | None) -> dict[str, str]:
    """Return decrypted answers; empty without a text. Raise Undecipherable if no key opens it."""
    if not text:
        return {}
    if not encryption:
        raise Undecipherable
    answers: dict[str, str] = json.loads(encryption.decrypt(text))
    return answers


def store_answers(unit: UnitOfWork, encryption: Encryption, person: PersonId, answers: Mapping[str, str]) -> None:
    unit.records(TaxForms).store_answers(person, encrypt_answers(encryption, answers), encryption.key_print)


def read_answers(encryption: Encryption, form: TaxForm | None) -> dict[str, str]:
    """Return a form's answers; empty if none were given, or no key opens them, so that they are asked for again."""
    try:
        return decrypt_answers(encryption, form.sealed if form else None)
    except Undecipherable:
        return {}


class KeyRotation:
    """Sweep that encrypts tax forms, and what was filed from them, with the newest key, some in each transaction; texts
    that no key opens are left."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._reached: dict[int, SealedKey] = {}  # by table

    def __call__(self, unit: UnitOfWork) -> None:
        if not self._house.encryption:
            return
        name = self._house.encryption.key_print
        for place, table in enumerate(unit.sealed):
            rows = table.list_under_older_keys(name, self._reached.get(place, table.start), MAX_ROTATED_AT_ONCE)
            for key, text in rows:
                if anew := self._encrypt_again(text):
                    table.replace_seal(key, text, anew, name)
            self._reached[place] = rows[-1][0] if len(rows) == MAX_ROTATED_AT_ONCE else table.start

    def _encrypt_again(self, text: str) -> str:
        """Return the text encrypted with the newest key; empty if no key opens it."""
        try:
            return self._house.encryption.reencrypt(text)
        except Undecipherable:
            return ""


JOURNEY = "tax form"


@dataclass(frozen=True, slots=True)
class FormDraft:
    """Draft of the form: `step` is the open question, empty at the review."""

    step: str
    answers: dict[str, str]


def open_form(act: Act) -> Reply:
    """Show the form (button): its first question, or the review of saved answers. Raise TaxFormClosed without a key."""
    _require_key(act)
    saved_answers = read_answers(act.house.encryption, act.unit.records(TaxForms).find_form(act.person.id))
    if tax_forms.find_next_step(saved_answers) is None:
        return _show_review(act, saved_answers, saved=True, anew=True)
    return _ask(act, COUNTRY, {}, anew=True)


def take_typed_answer(act: Act, stored_draft: dict[str, Any], words: str) -> Reply:
    """Take the typed answer to the open question and ask the next, or ask again and say what is wrong. The message is
    erased from the chat either way. Raise TaxFormClosed."""
    _require_key(act)
    draft = _get_draft(act)
    if not draft.step:
        return _show_review(act, draft.answers, saved=False, erases=True)
    today = as_datetime(act.unit.now).date()
    try:
        value = read_answer(draft.step, words, draft.answers, today)
    except AnswerFlaw as flaw:
        return _ask(act, draft.step, draft.answers, flaw.what, erases=True)
    return _ask_next(act, tax_forms.change_answer(draft.answers, draft.step, value), erases=True)


def take_pressed_answer(act: Act, step: str, value: str) -> Reply:
    """Take a pressed answer: a country, the kind, or that there is no tax number. A button of another question than the
    open one changes nothing. Raise UnknownChoice for another value, TaxFormClosed."""
    _require_key(act)
    draft = _get_draft(act)
    if step != draft.step:
        return _show_draft(act, draft)
    if step == TAX_NUMBER and value == NO_TAX_NUMBER and draft.answers.get(KIND) != BUSINESS:
        return _ask_next(act, {**draft.answers, step: NO_TAX_NUMBER})
    if step not in (COUNTRY, KIND):
        raise UnknownChoice()
    try:
        answer = read_answer(step, value, draft.answers, as_datetime(act.unit.now).date())
    except AnswerFlaw:
        raise UnknownChoice() from None
    return _ask_next(act, tax_forms.change_answer(draft.answers, step, answer))


def go_back(act: Act, step: str) -> Reply:
    """Ask the question before `step`; a button of another question than the open one shows the open one."""
    _require_key(act)
    draft = _get_draft(act)
    step_before = tax_forms.find_step_before(draft.answers, step) if step == draft.step else draft.step
    return _ask(act, step_before, draft.answers) if step_before else _show_draft(act, draft)


def edit_answer(act: Act, step: str) -> Reply:
    """Ask one question of the review again."""
    _require_key(act)
    draft = _get_draft(act, or_saved=True)
    if step not in tax_forms.list_steps(draft.answers):
        return _show_draft(act, draft)
    return _ask(act, step, draft.answers)


def save_form(act: Act) -> Reply:
    """Store the reviewed answers, if they have changed, and end the draft; ask for an answer that is missing. A second
    press shows the same receipt."""
    _require_key(act)
    unit, person, draft = act.unit, act.person, _get_draft(act, or_saved=True)
    if tax_forms.find_next_step(draft.answers) is not None:
        return _ask_next(act, draft.answers)
    saved_form, answers = unit.records(TaxForms).find_form(person.id), tax_forms.reachable_answers(draft.answers)
    if read_answers(act.house.encryption, saved_form) != answers:
        store_answers(unit, act.house.encryption, person.id, answers)
        unit.audit.note(person.id, "tax form", f"person:{person.id}", changed=bool(saved_form and saved_form.sealed))
    unit.drafts.stop(person.id, JOURNEY)  # an old button leaves what is being typed elsewhere
    waited = saved_form is not None and saved_form.holds_payouts(unit.now)
    return Reply(TaxFormSaved(draft.answers[COUNTRY] not in EU, waited), live=JOURNEY)


def _require_key(act: Act) -> None:
    """Raise TaxFormClosed without an encryption key."""
    if not act.house.encryption:
        raise TaxFormClosed()


def _get_draft(act: Act, or_saved: bool = False) -> FormDraft:
    """Return the open draft; else, with `or_saved`, the saved answers at the review; else an empty form."""
    open_draft = act.unit.drafts.find(act.person.id)
    if open_draft is not None and open_draft.journey == JOURNEY:
        try:
            return FormDraft(
                str(open_draft.fields["step"]), decrypt_answers(act.house.encryption, str(open_draft.fields["sealed"]))
            )
        except Undecipherable:
            return FormDraft(COUNTRY, {})
    saved_answers = (
        read_answers(act.house.encryption, act.unit.records(TaxForms).find_form(act.person.id)) if or_saved else {}
    )
    return FormDraft("" if saved_answers else COUNTRY, saved_answers)


def _ask_next(act: Act, answers: dict[str, str], erases: bool = False) -> Reply:
    """Keep the answers and ask the next question, or show the review if none is open."""
    step = tax_forms.find_next_step(answers)
    return _show_review(act, answers, False, erases=erases) if step is None else _ask(act, step, answers, erases=erases)


def _show_draft(act: Act, draft: FormDraft) -> Reply:
    """Show the draft where it stands: a button of an older message changes nothing."""
    if not draft.step:
        return _show_review(act, draft.answers, saved=False)
    return _ask(act, draft.step, draft.answers)


def _ask(
    act: Act, step: str, answers: dict[str, str], flaw: str = "", erases: bool = False, anew: bool = False
) -> Reply:
    """Keep the draft and return one question."""
    _keep_draft(act, step, answers)
    asked_steps = tax_forms.list_steps(answers)
    question = TaxQuestion(
        step=step,
        number=asked_steps.index(step) + 1,
        of=max(len(asked_steps), len(tax_forms.list_steps({}))),
        country=answers.get(COUNTRY, ""),
        business=answers.get(KIND) == BUSINESS,
        flaw=flaw,
        suggested=_suggest_countries(act) if step == COUNTRY else (),
    )
    return Reply(question, live=JOURNEY, erases=erases, anew=anew)


def _suggest_countries(act: Act) -> tuple[str, ...]:
    """Return countries to press, that of the person's bank first."""
    payee = act.unit.payees.find_current(act.person.id)
    countries = (payee.country if payee else "", *settings.suggest_countries(act.unit, act.person))
    return tuple(dict.fromkeys(code for code in countries if code))[: settings.SUGGESTED_COUNTRIES]


def _show_review(act: Act, answers: dict[str, str], saved: bool, erases: bool = False, anew: bool = False) -> Reply:
    """Return the review of all answers; keep the draft unless they are saved."""
    if not saved:
        _keep_draft(act, "", answers)
    answers_by_step = ((step, answers[step]) for step in tax_forms.list_steps(answers))
    masked_answers = tuple(TaxAnswer(step, tax_forms.mask_answer(step, value)) for step, value in answers_by_step)
    return Reply(TaxReview(masked_answers, saved), live=JOURNEY, erases=erases, anew=anew)


def _keep_draft(act: Act, step: str, answers: dict[str, str]) -> None:
    draft = {"step": step, "sealed": encrypt_answers(act.house.encryption, answers)}
    act.unit.drafts.keep(act.person.id, JOURNEY, draft, act.unit.now)
