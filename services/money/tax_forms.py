"""When the tax form is asked for: at the first payout, twice again; then payouts wait until it is there.

Without SECRETS_KEY nothing is asked, and nothing waits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.messages import Message
from domain.moments import (
    DAY,
    Moment,
    as_datetime,
    later,
)
from domain.money import tax_forms
from domain.money.tax_forms import (
    BETWEEN,
    BUSINESS,
    COUNTRY,
    EU,
    KEPT_YEARS,
    KIND,
    NONE,
    REMINDERS,
    TAX_NUMBER,
    WAITS_AFTER,
    TaxAnswer,
    TaxForm,
    TaxFormReminder,
    TaxFormSaved,
    TaxFormWanted,
    TaxQuestion,
    TaxReview,
)
from domain.people.accounts import PersonId
from domain.refusals import PayoutWaits, TaxFormClosed, UnknownChoice
from formats.taxes.buyers import AnswerFlaw, read_answer
from services.act import (
    Act,
    Encryption,
    Reply,
    Undecipherable,
)
from services.people import settings
from storage.boxes.outbox import Lane
from storage.money.ledger import SealedKey
from storage.money.tax_forms import TaxFormCounts
from storage.unit import UnitOfWork

AT_ONCE = 50  # reminders in one transaction


def gate(act: Act) -> None:
    """Raises PayoutWaits. Money stays available, and what was asked for before goes its way."""
    form = act.unit.tax_forms.of(act.person.id) if act.house.encryption else None
    if form is not None and form.holds_payouts(act.unit.now):
        raise PayoutWaits(asked_at=form.asked_at)


def beside(act: Act, result: Message) -> tuple[Message, ...]:
    """The result of a payout; the first one asks for the form as well."""
    unit, now = act.unit, act.unit.now
    if not act.house.encryption or not unit.tax_forms.ask(act.person.id, later(now, BETWEEN)):
        return (result,)
    return (result, TaxFormWanted(later(now, WAITS_AFTER)))


def state(act: Act) -> str:
    """For the card of payouts: empty where there is no form, `missing`, `waits` or `given`."""
    form = act.unit.tax_forms.of(act.person.id) if act.house.encryption else None
    if form is None:
        return ""
    return "given" if form.sealed else "waits" if form.holds_payouts(act.unit.now) else "missing"


def remind(encryption: Encryption, unit: UnitOfWork) -> None:
    """What is due: reminders, and the end of forms whose time is over."""
    unit.tax_forms.expire()
    unit.tax_returns.expire()
    unit.contributions.erase_sirets(later(unit.now, -KEPT_YEARS * 366 * DAY))
    for form in unit.tax_forms.due(AT_ONCE) if encryption else ():
        _remind(unit, form)


def _remind(unit: UnitOfWork, form: TaxForm) -> None:
    last = form.reminders + 1 >= REMINDERS
    if unit.tax_forms.reminded(form, None if last else later(unit.now, BETWEEN)):
        unit.outbox.tell(form.person, TaxFormReminder(form.waits_from, last), lane=Lane.BROADCAST)


def counts(unit: UnitOfWork) -> TaxFormCounts:
    return unit.tax_forms.count(REMINDERS, later(unit.now, -WAITS_AFTER))


TOGETHER = 50  # forms moved to a new key in one transaction


def sealed(encryption: Encryption, given: Mapping[str, str]) -> str:
    return encryption.encrypt(json.dumps(dict(given), sort_keys=True))


def opened(encryption: Encryption, text: str | None) -> dict[str, str]:
    """Empty where there is nothing. Raises Undecipherable."""
    if not text:
        return {}
    if not encryption:
        raise Undecipherable
    found: dict[str, str] = json.loads(encryption.decrypt(text))
    return found


def keep(unit: UnitOfWork, encryption: Encryption, person: PersonId, given: Mapping[str, str]) -> None:
    unit.tax_forms.keep(person, sealed(encryption, given), encryption.key_print)


def answers_of(encryption: Encryption, form: TaxForm | None) -> dict[str, str]:
    """Empty where none were given, or no key opens them: then they are asked for anew."""
    try:
        return opened(encryption, form.sealed if form else None)
    except Undecipherable:
        return {}


def forget(unit: UnitOfWork, person: PersonId) -> None:
    """Of a person who is erased: the law keeps the form until the end of the fifth year after they were last paid."""
    paid = unit.tax_forms.last_paid(person)
    unit.tax_forms.forget(person, unit.now if paid is None else _end_of_keeping(paid))


def _end_of_keeping(paid: Moment) -> Moment:
    ends = datetime(as_datetime(paid).year + KEPT_YEARS + 1, 1, 1, tzinfo=UTC)
    return Moment(int(ends.timestamp()) * 1000)


class Rotation:
    """Moves forms, and what was filed of them, to the newest key, some a transaction; what no key opens is left."""

    def __init__(self, encryption: Encryption) -> None:
        self._encryption = encryption
        self._reached: dict[int, SealedKey] = {}  # by table

    def __call__(self, unit: UnitOfWork) -> None:
        if not self._encryption:
            return
        name = self._encryption.key_print
        for place, table in enumerate(unit.sealed):
            found = table.list_under_older_keys(name, self._reached.get(place, table.start), TOGETHER)
            for at, text in found:
                if anew := self._again(text):
                    table.replace_seal(at, text, anew, name)
            self._reached[place] = found[-1][0] if len(found) == TOGETHER else table.start

    def _again(self, text: str) -> str:
        """Empty where no key opens it."""
        try:
            return self._encryption.again(text)
        except Undecipherable:
            return ""


JOURNEY = "tax form"


@dataclass(frozen=True, slots=True)
class Draft:
    """`step` is the question that is open, empty at the review."""

    step: str
    given: dict[str, str]


def begin(act: Act) -> Reply:
    """The button of the form: its first question, or what was given before, to be corrected."""
    _needs_key(act)
    known = answers_of(act.house.encryption, act.unit.tax_forms.of(act.person.id))
    if tax_forms.next_step(known) is None:
        return _review(act, known, saved=True, anew=True)
    return _ask(act, COUNTRY, {}, anew=True)


def typed(act: Act, kept: dict[str, Any], words: str) -> Reply:
    """The answer to the open question. It is taken out of the chat, right or wrong."""
    _needs_key(act)
    draft = _draft(act)
    if not draft.step:
        return _review(act, draft.given, saved=False, erases=True)
    today = as_datetime(act.unit.now).date()
    try:
        value = read_answer(draft.step, words, draft.given, today)
    except AnswerFlaw as flaw:
        return _ask(act, draft.step, draft.given, flaw.what, erases=True)
    return _go_on(act, tax_forms.changed(draft.given, draft.step, value), erases=True)


def choose(act: Act, step: str, value: str) -> Reply:
    """A pressed answer: a country, the kind, or that there is no tax number. It counts for the open question only."""
    _needs_key(act)
    draft = _draft(act)
    if step != draft.step:
        return _shown(act, draft)
    if step == TAX_NUMBER and value == NONE and draft.given.get(KIND) != BUSINESS:
        return _go_on(act, {**draft.given, step: NONE})
    if step not in (COUNTRY, KIND):
        raise UnknownChoice()
    try:
        answer = read_answer(step, value, draft.given, as_datetime(act.unit.now).date())
    except AnswerFlaw:
        raise UnknownChoice() from None
    return _go_on(act, tax_forms.changed(draft.given, step, answer))


def back(act: Act, step: str) -> Reply:
    """The question before `step`, where the button stands below."""
    _needs_key(act)
    draft = _draft(act)
    before = tax_forms.before(draft.given, step) if step == draft.step else draft.step
    return _ask(act, before, draft.given) if before else _shown(act, draft)


def edit(act: Act, step: str) -> Reply:
    """Asks one question of the review again."""
    _needs_key(act)
    draft = _draft(act, or_saved=True)
    if step not in tax_forms.steps(draft.given):
        return _shown(act, draft)
    return _ask(act, step, draft.given)


def save(act: Act) -> Reply:
    """What the review shows; where an answer is missing it is asked for. A second press shows what is saved."""
    _needs_key(act)
    unit, person, draft = act.unit, act.person, _draft(act, or_saved=True)
    if tax_forms.next_step(draft.given) is not None:
        return _go_on(act, draft.given)
    before, given = unit.tax_forms.of(person.id), tax_forms.whole(draft.given)
    if answers_of(act.house.encryption, before) != given:
        keep(unit, act.house.encryption, person.id, given)
        unit.audit.note(person.id, "tax form", f"person:{person.id}", changed=bool(before and before.sealed))
    unit.drafts.stop(person.id, JOURNEY)  # an old button leaves what is being typed elsewhere
    waited = before is not None and before.holds_payouts(unit.now)
    return Reply(TaxFormSaved(draft.given[COUNTRY] not in EU, waited), live=JOURNEY)


def _needs_key(act: Act) -> None:
    if not act.house.encryption:
        raise TaxFormClosed()


def _draft(act: Act, or_saved: bool = False) -> Draft:
    """The open draft; else, for a form that is being corrected, what was saved."""
    found = act.unit.drafts.of(act.person.id)
    if found is not None and found.journey == JOURNEY:
        try:
            return Draft(str(found.kept["step"]), opened(act.house.encryption, str(found.kept["sealed"])))
        except Undecipherable:
            return Draft(COUNTRY, {})
    known = answers_of(act.house.encryption, act.unit.tax_forms.of(act.person.id)) if or_saved else {}
    return Draft("" if known else COUNTRY, known)


def _go_on(act: Act, given: dict[str, str], erases: bool = False) -> Reply:
    step = tax_forms.next_step(given)
    return _review(act, given, False, erases=erases) if step is None else _ask(act, step, given, erases=erases)


def _shown(act: Act, draft: Draft) -> Reply:
    """The draft where it stands: a button of an older message changes nothing."""
    if not draft.step:
        return _review(act, draft.given, saved=False)
    return _ask(act, draft.step, draft.given)


def _ask(act: Act, step: str, given: dict[str, str], flaw: str = "", erases: bool = False, anew: bool = False) -> Reply:
    _keep(act, step, given)
    asked = tax_forms.steps(given)
    question = TaxQuestion(
        step=step,
        number=asked.index(step) + 1,
        of=max(len(asked), len(tax_forms.steps({}))),
        country=given.get(COUNTRY, ""),
        business=given.get(KIND) == BUSINESS,
        flaw=flaw,
        suggested=_suggested(act) if step == COUNTRY else (),
    )
    return Reply(question, live=JOURNEY, erases=erases, anew=anew)


def _suggested(act: Act) -> tuple[str, ...]:
    """The country of their bank first."""
    payee = act.unit.payees.current(act.person.id)
    found = (payee.country if payee else "", *settings.suggested(act.unit, act.person))
    return tuple(dict.fromkeys(code for code in found if code))[: settings.SUGGESTED]


def _review(act: Act, given: dict[str, str], saved: bool, erases: bool = False, anew: bool = False) -> Reply:
    if not saved:
        _keep(act, "", given)
    shown = ((step, given[step]) for step in tax_forms.steps(given))
    answers = tuple(TaxAnswer(step, tax_forms.masked(step, value)) for step, value in shown)
    return Reply(TaxReview(answers, saved), live=JOURNEY, erases=erases, anew=anew)


def _keep(act: Act, step: str, given: dict[str, str]) -> None:
    kept = {"step": step, "sealed": sealed(act.house.encryption, given)}
    act.unit.drafts.keep(act.person.id, JOURNEY, kept, act.unit.now)
