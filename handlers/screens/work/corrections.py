"""What can be done about an answer that was given: it is changed, or, where it was explained, defended."""

from domain.work.assignments import AssignmentId
from domain.work.messages import AnswerStands, Changed, LastAnswer, Miss, Reopened
from handlers.payloads.quality import Contest
from handlers.payloads.work import AmendCantTell, ChangeAnswer, KeepAnswer
from handlers.screens.answers import screen_of
from handlers.screens.screen import Button, Screen, Toast, shows, toasts
from locales import Translator

Rows = tuple[tuple[Button, ...], ...]


def change(assignment: AssignmentId | None, message: int, t: Translator) -> Rows:
    """Under what follows an answer. It stands there whatever the answer was, but for one that was explained."""
    if assignment is None:
        return ()
    payload = ChangeAnswer(assignment=assignment, message=message)
    return ((Button(t.plain("↩️ Change my last answer"), payload.pack()),),)


def after(last: LastAnswer | None, t: Translator) -> Rows:
    """What can be done about the last answer: changed, or, where it was explained, defended."""
    if last is None:
        return ()
    return (*change(last.change, last.message, t), *contest(last.miss, t))


def contest(miss: Miss | None, t: Translator) -> Rows:
    """Under an explanation: the known answer itself may be wrong."""
    if miss is None:
        return ()
    return ((Button(t.plain("⚖️ No, I was right"), Contest(submission=miss.submission).pack()),),)


def instead(assignment: AssignmentId, t: Translator) -> Rows:
    """What else can be done with it; it was paid, so there is nothing to skip."""
    unsure = Button(t.plain("🤷 Can't tell"), AmendCantTell(assignment=assignment).pack())
    return ((unsure,), (Button(t.plain("✖️ Keep my answer"), KeepAnswer(assignment=assignment).pack()),))


@shows(AnswerStands)
def answer_stands(stands: AnswerStands, t: Translator) -> Screen:
    """What stands; for a minute it can be changed."""
    said = screen_of(stands.kind).said(stands.answer, t) if stands.answer else t.plain("can't tell")
    pay = t.money(stands.pay, stands.currency)
    if stands.changed:
        return Screen(t("<b>{title}</b>\n✓ changed: {said} · {pay}", title=stands.title, said=said, pay=pay))
    text = t("<b>{title}</b>\n✓ {said} · {pay}", title=stands.title, said=said, pay=pay)
    return Screen(text, change(stands.change, stands.message, t))


@toasts(Reopened)
def reopened(result: Reopened, t: Translator) -> Toast:
    return Toast(t.plain("⬆️ Choose again, one message up.") if result.above else "")


@toasts(Changed)
def changed(result: Changed, t: Translator) -> Toast:
    if result.changed:
        return Toast(t.plain("Changed. Your pay stays the same."))
    return Toast(t.plain("Your answer stays as it was."))
