"""Qualifications: as a condition, offered to a worker, and what came of a request."""

from functools import partial
from html import escape, unescape

from domain.people.qualification_messages import (
    AttemptPaid,
    AttemptsTaken,
    QualificationAsked,
    QualificationDeclined,
    QualificationGranted,
    QualificationOffered,
    QualificationRefused,
    QualificationRevoked,
    TestShown,
    TestWaits,
)
from domain.projects.requirements import ACCEPTED, ACCEPTED_PERCENT, MASTERS, Compared
from handlers.payloads.automated import Complain
from handlers.payloads.qualifications import AnswerTest, AskQualification, DeclineQualification
from handlers.payloads.work import AskForWork
from handlers.screens.answers import screen_of
from handlers.screens.layout.exhibit import displayed
from handlers.screens.layout.fitting import CAPTION, clipped, visible
from handlers.screens.layout.operation_number import numbered
from handlers.screens.layout.requester_name import requester_name
from handlers.screens.layout.task_buttons import TaskButtons
from handlers.screens.layout.task_text import link, quoted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED, DESCRIBED, REASON, VALUES, LABEL = 100, 600, 500, 15, 18


def held(told: str, t: Translator) -> Html:
    """A requirement as a part of a sentence; `told` has name, comparison and values, a line each."""
    subject, compared, values = (*told.split("\n"), "", "")[:3]
    name, listed = _name(clipped(subject, NAMED), t), t.one_of(values.split("|")[:VALUES])
    return {
        Compared.AT_LEAST: lambda: t("with at least {values} in “{name}”", values=listed, name=name),
        Compared.ABOVE: lambda: t("with more than {values} in “{name}”", values=listed, name=name),
        Compared.AT_MOST: lambda: t("with at most {values} in “{name}”", values=listed, name=name),
        Compared.BELOW: lambda: t("with less than {values} in “{name}”", values=listed, name=name),
        Compared.IS: lambda: t("with {values} in “{name}”", values=listed, name=name),
        Compared.IN: lambda: t("with {values} in “{name}”", values=listed, name=name),
        Compared.IS_NOT: lambda: t("with “{name}”, but not {values}", values=listed, name=name),
        Compared.NOT_IN: lambda: t("with “{name}”, but not {values}", values=listed, name=name),
        Compared.EXISTS: lambda: t("with “{name}”", name=name),
        Compared.MISSING: lambda: t("without “{name}”", name=name),
    }[Compared(compared or Compared.EXISTS)]()


def held_label(told: str, t: Translator) -> str:
    """The same on a button."""
    subject, compared, values = (*told.split("\n"), "", "")[:3]
    name = clipped(unescape(_name(clipped(subject, NAMED), t)), LABEL)
    if compared == Compared.MISSING:
        return t.plain("Without {name}", name=name)
    sign = {">=": " ≥ ", "<=": " ≤ ", "!=": " ≠ ", "in": " = ", "not in": " ≠ ", "exists": ""}.get(compared)
    return f"{name}{f' {compared} ' if sign is None else sign}{clipped(values, LABEL)}"


def _name(subject: str, t: Translator) -> str | Html:
    """The requester's own, or what the house knows."""
    known = {
        ACCEPTED: t("accepted answers"),
        ACCEPTED_PERCENT: t("accepted answers, in percent"),
        MASTERS: t("much accepted work"),
    }
    return known.get(subject, subject)


@shows(QualificationOffered)
def offered(m: QualificationOffered, t: Translator) -> Screen:
    pay = t.money(m.pay, m.currency) if m.pay else ""
    asks = _asks(m.questions, pay, t)
    minutes = t.n("You have {count} minute for it.", "You have {count} minutes for it.", -(-(m.seconds or 0) // 60))
    take = t.plain("▶️ Take the test · {pay}", pay=pay) if pay else t.plain("▶️ Take the test")
    yes = take if m.questions else t.plain("✅ Ask for it")
    return Screen(
        lines(
            Html(f"🎓 <b>{escape(clipped(m.name, NAMED), quote=False)}</b>"),
            t("{requester} has tasks for people with this qualification.", requester=requester_name(m.requester, t)),
            Html(f"<blockquote>{escape(clipped(m.description, DESCRIBED), quote=False)}</blockquote>"),
            asks if m.questions else None,
            t("You are paid {pay} once, for your attempt, whatever it comes to.", pay=pay) if pay else None,
            minutes if m.questions and m.seconds else None,
            t("They have you on a list by your Telegram name. If you say yes, they may guess which answers are yours.")
            if m.named
            else None,
        ),
        (
            (Button(yes, AskQualification(request=m.request).pack(), style="success"),),
            (Button(t.plain("No, thanks"), DeclineQualification(request=m.request).pack()),),
        ),
    )


def _asks(questions: int, pay: str, t: Translator) -> Html:
    if pay:
        return t.n("A test of {count} question.", "A test of {count} questions.", questions)
    return t.n("A test of {count} question. It is not paid.", "A test of {count} questions. It is not paid.", questions)


@shows(AttemptsTaken)
def full(m: AttemptsTaken, t: Translator) -> Screen:
    said = t("The paid places of the test “{name}” are all taken now. One may come free.", name=clipped(m.name, NAMED))
    return Screen(said, ((Button(t.plain("🔁 Try again"), AskQualification(request=m.request).pack()),),))


@shows(AttemptPaid)
def attempt_paid(m: AttemptPaid, t: Translator) -> Screen:
    said = {"name": clipped(m.name, NAMED), "amount": t.money(m.amount, m.currency)}
    return Screen(
        lines(
            t("💶 <b>+{amount}</b> for your test “{name}”.", **said),
            numbered(m.operation, t),
        )
    )


@shows(TestShown)
def test(m: TestShown, t: Translator) -> Screen:
    """As a task's questions are asked."""
    choose = partial(AnswerTest.wire, m.request)
    buttons = TaskButtons(m.options, m.draft, choose, choose, choose(0), choose(0))
    head = Html(f"🎓 <b>{escape(clipped(m.name, NAMED), quote=False)}</b>")
    text, picture, album = displayed(m.kind, m.content, m.options)
    body = Html(f"\n{quoted(text)}\n") if text else Html("")
    if picture and visible(head) + visible(body) > CAPTION - screen_of(m.kind).beside:
        head, picture = lines(head, link(picture, t)), None
    stop = Button(t.plain("✖️ Stop the test"), DeclineQualification(request=m.request).pack())
    rows = screen_of(m.kind).rows(buttons, t)
    asked = screen_of(m.kind).ask(buttons, t)
    return Screen(
        lines(head, body, asked), (*rows, (stop,)), photo=picture, album=() if m.draft else album, anew=not m.draft
    )


@shows(TestWaits)
def waits(m: TestWaits, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ Your test “{name}” waits for you.", name=clipped(m.name, NAMED)),
            t("Its time goes on.") if m.limited else None,
        ),
        ((Button(t.plain("▶️ Go on"), AskQualification(request=m.request).pack()),),),
    )


@shows(QualificationDeclined)
def declined(m: QualificationDeclined, t: Translator) -> Screen:
    return Screen(t("Fine. You are not asked about “{name}” again.", name=clipped(m.name, NAMED)))


@shows(QualificationAsked)
def asked(m: QualificationAsked, t: Translator) -> Screen:
    said = {"name": clipped(m.name, NAMED), "requester": requester_name(m.requester, t)}
    return Screen(
        t("🎓 Thank you. {requester} reads your test “{name}”; you hear of it here.", **said)
        if m.tested
        else t("🎓 {requester} decides about “{name}”; you hear of it here.", **said)
    )


@shows(QualificationGranted)
def granted(m: QualificationGranted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎓 <b>You have “{name}”</b>", name=clipped(m.name, NAMED)),
            t("Your test came to {value}. Well done.", value=t.number(m.value)) if m.tested and m.value > 0 else None,
            t("Your test came to {value}.", value=t.number(m.value)) if m.tested and m.value <= 0 else None,
            t("{requester} may ask for it in their projects.", requester=requester_name(m.requester, t)),
        ),
        ((Button(t.plain("▶️ See the work"), AskForWork().pack()),),),
    )


@shows(QualificationRefused)
def refused(m: QualificationRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🎓 {requester} did not grant “{name}”.",
                requester=requester_name(m.requester, t),
                name=clipped(m.name, NAMED),
            ),
            t("Why: “{reason}”", reason=clipped(m.reason, REASON)) if m.reason else None,
            t("Your other work goes on as before."),
        ),
        ((Button(t.plain("✍️ Complain"), Complain().pack()),),),
    )


@shows(QualificationRevoked)
def revoked(m: QualificationRevoked, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🎓 {requester} took “{name}” back.",
                requester=requester_name(m.requester, t),
                name=clipped(m.name, NAMED),
            ),
            t("Why: “{reason}”", reason=clipped(m.reason, REASON)) if m.reason else None,
            t("What you earned stays yours."),
        ),
        ((Button(t.plain("✍️ Complain"), Complain().pack()),),),
    )
