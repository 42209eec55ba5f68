"""Screens and routes of qualifications: for requesters, for workers who are offered one, and of screening questions."""

from __future__ import annotations

from functools import partial
from html import escape, unescape

from domain.people.accounts import REQUESTER, WORKER
from domain.people.qualifications import (
    NO_ANSWER,
    AttemptPaid,
    AttemptPay,
    AttemptsTaken,
    HoldersChanged,
    HoldersWanted,
    QualificationAsked,
    QualificationDeclined,
    QualificationDeletion,
    QualificationGranted,
    QualificationLine,
    QualificationList,
    QualificationOffered,
    QualificationPage,
    QualificationRefused,
    QualificationRevoked,
    QualificationWanted,
    ScreeningAsked,
    ScreeningList,
    ScreeningSaid,
    TestShown,
    TestWaits,
)
from domain.people.teams import Right
from domain.projects.projects import ACCEPTED, ACCEPTED_PERCENT, MASTERS, Compared
from handlers import answers, quotations, task_buttons
from handlers.fairness import complaints
from handlers.payload import Number, Payload
from handlers.people import settings
from handlers.routing import Route
from handlers.screen import (
    CAPTION,
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    operation_line,
    requester_name,
    shows,
    team_line,
    visible_length,
)
from handlers.work import tasks
from locales.translator import Html, Translator
from services.people import qualification_tests, qualifications


class AskQualification(Payload, code="zy"):
    request: Number


class AnswerTest(Payload, code="zt"):
    """Button of a test's form; `option` is step × 100 + option."""

    request: Number
    option: Number


class DeclineQualification(Payload, code="zn"):
    request: Number


class ShowQualifications(Payload, code="zq"):
    """Button that shows the qualifications of a team, or one's own if it is 0, after the id `after`."""

    team: Number
    after: Number = 0


class MakeQualification(Payload, code="zm"):
    """Button that asks for a new qualification of the team, or one's own if it is 0."""

    team: Number


class ShowQualification(Payload, code="zo"):
    type_: Number


class AskHolders(Payload, code="zg"):
    """Button that asks for a list of workers."""

    type_: Number


class DeleteQualification(Payload, code="zd"):
    """Button that deletes; asks for a confirmation first unless `sure`."""

    type_: Number
    sure: bool = False


class AnswerScreening(Payload, code="za"):
    """Button that answers a screening question; option 99 is “rather not say”."""

    question: Number
    option: Number


class AskScreening(Payload, code="ze"):
    """Button that shows a screening question again, to change the answer."""

    question: Number


class ShowScreening(Payload, code="zs"):
    pass


NAME_CHARS, DESCRIPTION_CHARS, REASON_CHARS, MAX_VALUES, LABEL_CHARS = 100, 600, 500, 15, 18


def requirement_words(requirement: str, t: Translator) -> Html:
    """Part of a sentence that states a requirement; `requirement` has name, comparison and values, a line each."""
    subject, compared, values = (*requirement.split("\n"), "", "")[:3]
    name, listed = _subject_name(clipped(subject, NAME_CHARS), t), t.one_of(values.split("|")[:MAX_VALUES])
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


def requirement_label(requirement: str, t: Translator) -> str:
    """Button label that states a requirement, in the format of `requirement_words`."""
    subject, compared, values = (*requirement.split("\n"), "", "")[:3]
    name = clipped(unescape(_subject_name(clipped(subject, NAME_CHARS), t)), LABEL_CHARS)
    if compared == Compared.MISSING:
        return t.plain("Without {name}", name=name)
    sign = {">=": " ≥ ", "<=": " ≤ ", "!=": " ≠ ", "in": " = ", "not in": " ≠ ", "exists": ""}.get(compared)
    return f"{name}{f' {compared} ' if sign is None else sign}{clipped(values, LABEL_CHARS)}"


def _subject_name(subject: str, t: Translator) -> str | Html:
    """Return the words for a property that the bot itself measures, or the requester's own name for it."""
    name_by_subject = {
        ACCEPTED: t("accepted answers"),
        ACCEPTED_PERCENT: t("accepted answers, in percent"),
        MASTERS: t("much accepted work"),
    }
    return name_by_subject.get(subject, subject)


@shows(QualificationOffered)
def offered_screen(m: QualificationOffered, t: Translator) -> Screen:
    pay = t.money(m.pay, m.currency) if m.pay else ""
    asks = _test_words(m.questions, pay, t)
    minutes = t.n("You have {count} minute for it.", "You have {count} minutes for it.", -(-(m.seconds or 0) // 60))
    take = t.plain("▶️ Take the test · {pay}", pay=pay) if pay else t.plain("▶️ Take the test")
    yes = take if m.questions else t.plain("✅ Ask for it")
    return Screen(
        lines(
            Html(f"🎓 <b>{escape(clipped(m.name, NAME_CHARS), quote=False)}</b>"),
            t("{requester} has tasks for people with this qualification.", requester=requester_name(m.requester, t)),
            Html(f"<blockquote>{escape(clipped(m.description, DESCRIPTION_CHARS), quote=False)}</blockquote>"),
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


def _test_words(questions: int, pay: str, t: Translator) -> Html:
    if pay:
        return t.n("A test of {count} question.", "A test of {count} questions.", questions)
    return t.n("A test of {count} question. It is not paid.", "A test of {count} questions. It is not paid.", questions)


@shows(AttemptsTaken)
def places_taken_screen(m: AttemptsTaken, t: Translator) -> Screen:
    text = t(
        "The paid places of the test “{name}” are all taken now. One may come free.", name=clipped(m.name, NAME_CHARS)
    )
    return Screen(text, ((Button(t.plain("🔁 Try again"), AskQualification(request=m.request).pack()),),))


@shows(AttemptPaid)
def attempt_paid_screen(m: AttemptPaid, t: Translator) -> Screen:
    values = {"name": clipped(m.name, NAME_CHARS), "amount": t.money(m.amount, m.currency)}
    return Screen(
        lines(
            t("💶 <b>+{amount}</b> for your test “{name}”.", **values),
            operation_line(m.operation, t),
        )
    )


@shows(TestShown)
def test_screen(m: TestShown, t: Translator) -> Screen:
    """Screen of a test, whose questions are asked as a task's are."""
    choose = partial(AnswerTest.wire, m.request)
    buttons = task_buttons.TaskButtons(
        options=m.options, given=m.draft, press=choose, choose=choose, undo=choose(0), done=choose(0)
    )
    head = Html(f"🎓 <b>{escape(clipped(m.name, NAME_CHARS), quote=False)}</b>")
    text, picture, album = quotations.split_task_content(m.kind, m.content, m.options)
    body = Html(f"\n{quotations.quote(text)}\n") if text else Html("")
    if picture and visible_length(head) + visible_length(body) > CAPTION - answers.screen_of(m.kind).beside:
        head, picture = lines(head, quotations.link(picture, t)), None
    stop = Button(t.plain("✖️ Stop the test"), DeclineQualification(request=m.request).pack())
    rows = answers.screen_of(m.kind).rows(buttons, t)
    question = answers.screen_of(m.kind).ask(buttons, t)
    return Screen(
        lines(head, body, question), (*rows, (stop,)), photo=picture, album=() if m.draft else album, anew=not m.draft
    )


@shows(TestWaits)
def test_waits_screen(m: TestWaits, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ Your test “{name}” waits for you.", name=clipped(m.name, NAME_CHARS)),
            t("Its time goes on.") if m.limited else None,
        ),
        ((Button(t.plain("▶️ Go on"), AskQualification(request=m.request).pack()),),),
    )


@shows(QualificationDeclined)
def declined_screen(m: QualificationDeclined, t: Translator) -> Screen:
    return Screen(t("Fine. You are not asked about “{name}” again.", name=clipped(m.name, NAME_CHARS)))


@shows(QualificationAsked)
def asked_screen(m: QualificationAsked, t: Translator) -> Screen:
    values = {"name": clipped(m.name, NAME_CHARS), "requester": requester_name(m.requester, t)}
    return Screen(
        t("🎓 Thank you. {requester} reads your test “{name}”; you hear of it here.", **values)
        if m.tested
        else t("🎓 {requester} decides about “{name}”; you hear of it here.", **values)
    )


@shows(QualificationGranted)
def granted_screen(m: QualificationGranted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎓 <b>You have “{name}”</b>", name=clipped(m.name, NAME_CHARS)),
            t("Your test came to {value}. Well done.", value=t.number(m.value)) if m.tested and m.value > 0 else None,
            t("Your test came to {value}.", value=t.number(m.value)) if m.tested and m.value <= 0 else None,
            t("{requester} may ask for it in their projects.", requester=requester_name(m.requester, t)),
        ),
        ((Button(t.plain("▶️ See the work"), tasks.AskForWork().pack()),),),
    )


@shows(QualificationRefused)
def refused_screen(m: QualificationRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🎓 {requester} did not grant “{name}”.",
                requester=requester_name(m.requester, t),
                name=clipped(m.name, NAME_CHARS),
            ),
            t("Why: “{reason}”", reason=clipped(m.reason, REASON_CHARS)) if m.reason else None,
            t("Your other work goes on as before."),
        ),
        ((Button(t.plain("✍️ Complain"), complaints.Complain().pack()),),),
    )


@shows(QualificationRevoked)
def revoked_screen(m: QualificationRevoked, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🎓 {requester} took “{name}” back.",
                requester=requester_name(m.requester, t),
                name=clipped(m.name, NAME_CHARS),
            ),
            t("Why: “{reason}”", reason=clipped(m.reason, REASON_CHARS)) if m.reason else None,
            t("What you earned stays yours."),
        ),
        ((Button(t.plain("✍️ Complain"), complaints.Complain().pack()),),),
    )


LIST_NAME_CHARS, LIST_LABEL_CHARS, PAGE_DESCRIPTION_CHARS = 100, 40, 600


@shows(QualificationList)
def list_screen(m: QualificationList, t: Translator) -> Screen:
    rows = tuple(
        (Button(clipped(line.name, LIST_LABEL_CHARS), ShowQualification(type_=line.type).pack()),) for line in m.types
    )
    next_page = (
        ((Button(t.plain("More ➡️"), ShowQualifications(team=m.team_number, after=m.after).pack()),),) if m.more else ()
    )
    new = (Button(t.plain("➕ A new one"), MakeQualification(team=m.team_number).pack(), style="success"),)
    return Screen(
        lines(
            t("🎓 <b>Your qualifications</b>"),
            team_line(m.team, t),
            *(
                t("• {name}: {facts}", name=clipped(line.name, LIST_NAME_CHARS), facts=_type_facts(line, t))
                for line in m.types
            ),
            None if m.types else t("None yet. A test of your own, or a list of workers, says who has one."),
            t("A project asks for one with <code>who: qualified in NAME ≥ 80</code>."),
        ),
        (*rows, *next_page, new),
    )


def _type_facts(line: QualificationLine, t: Translator) -> Html:
    """Words on a type's test and its holders."""
    has = t.n("{count} worker has it", "{count} workers have it", line.holders)
    if line.awaited:
        has = t("{has}, {count} awaited by name", has=has, count=t.number(line.awaited))
    if not line.questions:
        return has
    return t(
        "{test}, {has}", test=t.n("a test of {count} question", "a test of {count} questions", line.questions), has=has
    )


@shows(QualificationWanted)
def new_type_screen(m: QualificationWanted, t: Translator) -> Screen:
    example = t(
        "<code>name: Reads Breton\n"
        "description: You read short texts in Breton.\n"
        "minutes: 10\n"
        "again: 24\n"
        "question: What does “demat” mean? | hello, goodbye, thanks | right=hello\n"
        "question: Which are greetings? | demat, kenavo, bara | right=demat, kenavo</code>"
    )
    return Screen(
        lines(
            team_line(m.team, t),
            t("🎓 <b>A new qualification</b>. Write it in one message, like this:"),
            example,
            t("Its value is the share of right answers, 0 to 100. Without questions you say yourself who has it."),
            t("<code>again</code>: after how many hours the test may be taken once more; without it, once."),
            t(
                "To pay an attempt, whatever it comes to: <code>pay: 0.20</code> and <code>people: 50</code>, how many at most. "
                "The sum in {currency} is set aside at once; what is left comes back when you delete it.",
                currency=m.currency,
            ),
            t("/cancel stops it."),
        )
    )


@shows(QualificationPage)
def type_screen(m: QualificationPage, t: Translator) -> Screen:
    number = m.line.type
    again_words = (
        t("It is taken once.")
        if m.again_hours is None
        else t.n("Once more after {count} hour.", "Once more after {count} hours.", m.again_hours)
    )
    timed = t.n("{count} minute for it.", "{count} minutes for it.", m.minutes)
    return Screen(
        lines(
            t("🎓 <b>{name}</b> is made.", name=clipped(m.line.name, LIST_NAME_CHARS))
            if m.made
            else Html(f"🎓 <b>{escape(clipped(m.line.name, LIST_NAME_CHARS), quote=False)}</b>"),
            team_line(m.team, t),
            Html(f"<blockquote>{escape(clipped(m.description, PAGE_DESCRIPTION_CHARS), quote=False)}</blockquote>"),
            _type_facts(m.line, t),
            *((timed, again_words) if m.line.questions else ()),
            *(_pay_lines(m.pay, t) if m.pay else ()),
            t("Ask for it: <code>who: qualified in {name} ≥ 80</code>", name=m.line.name)
            if m.line.questions
            else t("Ask for it: <code>who: qualified in {name}</code>", name=m.line.name),
        ),
        (
            (Button(t.plain("👤 Give it to workers"), AskHolders(type_=number).pack()),),
            (
                Button(t.plain("⬅️ Back"), ShowQualifications(team=m.team_number).pack()),
                Button(t.plain("🗑 Delete"), DeleteQualification(type_=number).pack()),
            ),
        ),
    )


def _pay_lines(attempt: AttemptPay, t: Translator) -> tuple[Html, ...]:
    pay, set_aside = t.money(attempt.pay, attempt.currency), t.money(attempt.held, attempt.currency)
    return (
        t.n(
            "An attempt pays {pay}, for at most {count} person.",
            "An attempt pays {pay}, for at most {count} people.",
            attempt.places,
            pay=pay,
        ),
        t.n(
            "{count} was paid; {held} is set aside.",
            "{count} were paid; {held} is set aside.",
            attempt.paid,
            held=set_aside,
        ),
    )


@shows(HoldersWanted)
def holders_screen(m: HoldersWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👤 <b>Who has “{name}”?</b>", name=clipped(m.name, LIST_NAME_CHARS)),
            t("Write the workers, one a line, as in the column <code>worker</code> of /submissions."),
            t("Behind a name a value, or <code>-</code> to take it away:"),
            Html("<code>wk3fabcdefg\nwx7qabcdefg 90\nwa2babcdefg -</code>"),
            t(
                "Somebody who has not come yet: their @name, or their number at Telegram. They have it once they come and say yes."
            ),
            t("They are told. /cancel"),
        )
    )


@shows(HoldersChanged)
def holders_changed_screen(m: HoldersChanged, t: Translator) -> Screen:
    return Screen(
        lines(
            t.n("🎓 {count} worker has “{name}” now.", "🎓 {count} workers have “{name}” now.", m.granted, name=m.name)
            if m.granted
            else None,
            t.n("It was taken from {count} worker.", "It was taken from {count} workers.", m.revoked)
            if m.revoked
            else None,
            t.n("{count} is awaited by name.", "{count} are awaited by name.", m.awaited) if m.awaited else None,
            t.n("{count} is awaited no more.", "{count} are awaited no more.", m.dropped) if m.dropped else None,
            t(
                "They have it once they come, have no other work, a project asks for it and they say yes. Whether somebody works here I do not tell."
            )
            if m.awaited
            else None,
            None if m.granted or m.revoked or m.awaited or m.dropped else t("Nothing changed."),
        ),
        ((Button(clipped(m.name, LIST_LABEL_CHARS), ShowQualification(type_=m.type).pack()),),),
    )


@shows(QualificationDeletion)
def deletion_screen(m: QualificationDeletion, t: Translator) -> Screen:
    back = Button(t.plain("⬅️ Back"), ShowQualifications(team=m.team_number).pack())
    money = t.money(m.returned, m.currency) if m.returned else ""
    if m.done:
        came = t("{money} came back to your funds.", money=money) if money else None
        return Screen(lines(t("🗑 “{name}” is deleted.", name=clipped(m.name, LIST_NAME_CHARS)), came), ((back,),))
    yes = Button(t.plain("🗑 Delete it"), DeleteQualification(type_=m.type, sure=True).pack(), style="danger")
    return Screen(
        lines(
            t("🗑 <b>Delete “{name}”?</b>", name=clipped(m.name, LIST_NAME_CHARS)),
            t.n("{count} worker has it.", "{count} workers have it.", m.holders),
            t("Running projects that ask for it then ask nobody."),
            t("{money} comes back to your funds; whoever is taking the test now is paid.", money=money)
            if money
            else None,
        ),
        ((yes,), (back,)),
    )


SCREENING_CHARS, SCREENING_LABEL_CHARS = 200, 40


@shows(ScreeningAsked)
def screening_question_screen(m: ScreeningAsked, t: Translator) -> Screen:
    options = tuple(
        (Button(clipped(option, SCREENING_LABEL_CHARS), AnswerScreening(question=m.question, option=number).pack()),)
        for number, option in enumerate(m.options)
    )
    not_said = AnswerScreening(question=m.question, option=NO_ANSWER).pack()
    return Screen(
        lines(
            Html(f"❓ <b>{escape(clipped(m.words, SCREENING_CHARS), quote=False)}</b>"),
            t(
                "Some projects are only for people with a certain answer. It is up to you: other work goes on as before."
            ),
            t(
                "Your answer is kept apart and shown to nobody; a requester learns at most that you fit. Change or delete it in /settings."
            ),
        ),
        (*options, (Button(t.plain("Rather not say"), not_said),)),
    )


@shows(ScreeningSaid)
def screening_answer_screen(m: ScreeningSaid, t: Translator) -> Screen:
    work = (Button(t.plain("▶️ See the work"), tasks.AskForWork().pack()),)
    kept_words = t("Kept. Change or delete it in /settings at any time.")
    return Screen(
        lines(_answer_line(m, t), kept_words if m.answer is not None else t("Fine: nothing is kept.")),
        (*_answer_buttons(m, t), work),
    )


@shows(ScreeningList)
def screening_list_screen(m: ScreeningList, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>Questions about you</b>"),
            *(_answer_line(answer, t) for answer in m.said),
            None if m.said else t("You were asked none yet."),
        ),
        (
            *(
                row
                for answer in m.said
                for row in _answer_buttons(answer, t, clipped(answer.words, SCREENING_LABEL_CHARS // 2))
            ),
            (Button(t.plain("⬅️ Back"), settings.ShowSettings(page="main").pack()),),
        ),
    )


def _answer_line(answer: ScreeningSaid, t: Translator) -> Html:
    words = clipped(answer.words, SCREENING_CHARS)
    if answer.answer is None:
        return t("{question} <i>not said</i>", question=words)
    answer_words = clipped(answer.answer, SCREENING_LABEL_CHARS)
    return Html(f"{escape(words, quote=False)} <b>{escape(answer_words, quote=False)}</b>")


def _answer_buttons(answer: ScreeningSaid, t: Translator, label: str = "") -> Keyboard:
    change = Button(f"✏️ {label}" if label else t.plain("✏️ Change"), AskScreening(question=answer.question).pack())
    if answer.answer is None:
        return ((change,),)
    delete = AnswerScreening(question=answer.question, option=NO_ANSWER).pack()
    return ((change, Button(t.plain("🗑 Delete"), delete)),)


ROUTES = (
    Route(ShowQualifications, REQUESTER, qualifications.show_types, right=Right.LOOK),
    Route(MakeQualification, REQUESTER, qualifications.ask_new_type),
    Route(ShowQualification, REQUESTER, qualifications.show_type, right=Right.LOOK),
    Route(AskHolders, REQUESTER, qualifications.ask_holders),
    Route(DeleteQualification, REQUESTER, qualifications.delete_qualification),
    Route(AskQualification, WORKER, qualification_tests.accept_offer),
    Route(AnswerTest, WORKER, qualification_tests.press_option),
    Route(AnswerScreening, WORKER, qualification_tests.answer_screening, stays=True),
    Route(AskScreening, WORKER, qualification_tests.show_screening, stays=True),
    Route(ShowScreening, WORKER, qualification_tests.list_screening, stays=True),
    Route(DeclineQualification, WORKER, qualification_tests.decline_offer),
)
