"""The tax form in chat: one question a message, back allowed, shown before it is saved, corrected whenever they like.

The draft is encrypted like the form itself. What was typed leaves the chat at once.
"""

from dataclasses import dataclass
from typing import Any

from domain.moments import as_datetime
from domain.money import tax_forms
from domain.money.messages.tax_forms import TaxAnswer, TaxFormSaved, TaxQuestion, TaxReview
from domain.money.tax_forms import BUSINESS, COUNTRY, EU, KIND, NONE, TAX_NUMBER
from domain.refusals import TaxFormClosed, UnknownChoice
from formats.taxes.answers import AnswerFlaw, read_answer
from services.act import Act, Reply
from services.encryption import Undecipherable
from services.money.taxes import keeping
from services.people import countries

JOURNEY = "tax form"


@dataclass(frozen=True, slots=True)
class Draft:
    """`step` is the question that is open, empty at the review."""

    step: str
    given: dict[str, str]


def begin(act: Act) -> Reply:
    """The button of the form: its first question, or what was given before, to be corrected."""
    _needs_key(act)
    known = keeping.answers_of(act.house.encryption, act.unit.tax_forms.of(act.person.id))
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
    if keeping.answers_of(act.house.encryption, before) != given:
        keeping.keep(unit, act.house.encryption, person.id, given)
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
            return Draft(str(found.kept["step"]), keeping.opened(act.house.encryption, str(found.kept["sealed"])))
        except Undecipherable:
            return Draft(COUNTRY, {})
    known = keeping.answers_of(act.house.encryption, act.unit.tax_forms.of(act.person.id)) if or_saved else {}
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
    found = (payee.country if payee else "", *countries.suggested(act.unit, act.person))
    return tuple(dict.fromkeys(code for code in found if code))[: countries.SUGGESTED]


def _review(act: Act, given: dict[str, str], saved: bool, erases: bool = False, anew: bool = False) -> Reply:
    if not saved:
        _keep(act, "", given)
    shown = ((step, given[step]) for step in tax_forms.steps(given))
    answers = tuple(TaxAnswer(step, tax_forms.masked(step, value)) for step, value in shown)
    return Reply(TaxReview(answers, saved), live=JOURNEY, erases=erases, anew=anew)


def _keep(act: Act, step: str, given: dict[str, str]) -> None:
    kept = {"step": step, "sealed": keeping.sealed(act.house.encryption, given)}
    act.unit.drafts.keep(act.person.id, JOURNEY, kept, act.unit.now)
