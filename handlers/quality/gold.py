"""Gold made in chat, gold challenges, restrictions, skill."""

from __future__ import annotations

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.people.accounts import REQUESTER
from domain.projects.projects import ProjectId
from domain.quality.gold import (
    GoldAsked,
    GoldExplained,
    GoldSoFar,
    GoldStopped,
    GoldSuggested,
    NoTaskForGold,
)
from handlers import answers, quotations, task_buttons
from handlers.fairness import stops
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    CAPTION,
    MESSAGE,
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    shows,
    to_read,
)
from handlers.work import tasks
from locales.translator import Html, Translator
from services.quality import gold


class MakeGold(Payload, code="gm"):
    project: Number


class AnswerGold(Payload, code="g"):
    task: Number
    option: Number


class ChooseGold(Payload, code="gh"):
    """One of several presses that make a known answer."""

    task: Number
    option: Number


class UndoGold(Payload, code="gu"):
    task: Number


class DoneGold(Payload, code="gd"):
    task: Number


class SkipGold(Payload, code="gs"):
    project: Number


class SuggestGold(Payload, code="gg"):
    project: Number
    after: Number = 0


class ConfirmGold(Payload, code="gc"):
    task: Number
    yes: bool


class StopGold(Payload, code="gx"):
    project: Number


AROUND = 1000  # characters reserved for the text around a task
NAMED = 100  # characters of an answer, or of a title
MOST = 3  # accepted answers that are named
WRITTEN = (Wants.TEXT, Wants.LOCATION)  # a line typed is the answer


@shows(GoldAsked)
def ask(of: GoldAsked, t: Translator) -> Screen:
    so_far = of.so_far
    made = t.n("{count} check question so far", "{count} check questions so far", so_far.made) if so_far.made else None
    head = lines(
        _kept(of.kind, so_far, t, invites=kind_of(of.kind).wants not in WRITTEN),
        t("🎓 <b>{title}</b>", title=clipped(of.title, NAMED)),
        t(
            "Which answer is right? Yours makes it a check question: it checks the work, and whoever misses it is shown your answer."
        ),
        made,
    )
    return _with_task(of, t, head, _answers(of, t), _how(of, t))


@shows(GoldSuggested)
def suggested(of: GoldSuggested, t: Translator) -> Screen:
    head = lines(
        t("💡 <b>{title}</b>", title=clipped(of.title, NAMED)),
        t(
            "{answers}, and nearly all say <b>{answer}</b>. Is that right? If so, it becomes a check question.",
            answers=t.n("{count} answer", "{count} answers", of.answers),
            answer=clipped(answers.screen_of(of.kind).said(of.answer, t), NAMED),
        ),
        _interval(of.interval, t) if of.interval else None,
    )
    yes, no = (ConfirmGold(task=of.task, yes=yes).pack() for yes in (True, False))
    later = SuggestGold(project=of.number, after=of.position).pack()
    rows = (
        (Button(t.plain("✅ Yes, that is right"), yes, style="success"),),
        (Button(t.plain("❌ No"), no), Button(t.plain("⏭ Skip"), later)),
        (_stop(of.number, t),),
    )
    return _with_task(of, t, head, rows)


@shows(NoTaskForGold)
def nothing(of: NoTaskForGold, t: Translator) -> Screen:
    text = t("✨ There is no task left here that your answer could make a check question.")
    rows = (*_suggestions(of.number, of.so_far, t), (_stop(of.number, t),))
    return Screen(lines(_kept(of.kind, of.so_far, t, invites=True), text), rows)


@shows(GoldExplained)
def explained(of: GoldExplained, t: Translator) -> Screen:
    answer = _right(of.kind, of.known, t)
    return Screen(t("✏️ Whoever misses <b>{answer}</b> now reads: {reason}", answer=answer, reason=of.reason))


@shows(GoldStopped)
def stopped(of: GoldStopped, t: Translator) -> Screen:
    made = t.n("{count} check question was added.", "{count} check questions were added.", of.made)
    show = Button(t.plain("📊 The project"), stops.ShowProject(number=of.number).pack())
    return Screen(lines(t("🎓 <b>{title}</b>", title=clipped(of.title, NAMED)), made), ((show,),))


def _kept(kind: str, so_far: GoldSoFar, t: Translator, invites: bool) -> Html | None:
    """The effect of the last answer; `invites`: a typed line is taken as its reason, where it could not be the next
    answer."""
    if not so_far.known:
        return None
    why = t(" Write one line now if you want to tell why: it is shown on a miss.") if invites else Html("")
    return t("✓ Check question: <b>{answer}</b>.{why}\n", answer=_right(kind, so_far.known, t), why=why)


def _right(kind: str, known: tuple[str, ...], t: Translator) -> str:
    """The accepted answers, as a worker who missed them reads them."""
    return clipped(answers.screen_of(kind).right(list(known), MOST, t), NAMED)


def _how(of: GoldAsked, t: Translator) -> Html:
    """How an answer of this kind is given, and how several are."""
    wants, about = kind_of(of.kind).wants, answers.screen_of(of.kind)
    several = t("Several right answers? Write them like this: <code>one|other</code>")
    below = t("A second line is the reason: it is shown on a miss.") if wants in WRITTEN else None
    asked = about.ask(task_buttons.making_gold(of.task, of.options, of.draft), t)
    return lines(asked, about.gold_hint(t), None if wants is Wants.PRESSES else several, below)


def _interval(interval: tuple[float, float], t: Translator) -> Html:
    low, high = (t.number(float(f"{end:.4g}")) for end in interval)
    return t("We are {sure} sure that it is between {low} and {high}.", sure=t.percent(0.95), low=low, high=high)


def _answers(of: GoldAsked, t: Translator) -> Keyboard:
    rows = answers.screen_of(of.kind).rows(task_buttons.making_gold(of.task, of.options, of.draft), t)
    pass_on = Button(t.plain("⏭ Skip"), SkipGold(project=of.number).pack())
    return (*rows, *_suggestions(of.number, of.so_far, t), (pass_on, _stop(of.number, t)))


def _suggestions(number: ProjectId, so_far: GoldSoFar, t: Translator) -> Keyboard:
    if not so_far.suggestions:
        return ()
    text = t.plain("💡 Suggestions: {count}", count=t.number(so_far.suggestions))
    return ((Button(text, SuggestGold(project=number).pack()),),)


def _stop(number: ProjectId, t: Translator) -> Button:
    return Button(t.plain("⏹ Enough"), StopGold(project=number).pack())


def _with_task(
    of: GoldAsked | GoldSuggested, t: Translator, head: Html, rows: Keyboard, below: Html | None = None
) -> Screen:
    """The task below what is asked about it; a long one is cut, a picture that would not fit is a link."""
    text, picture, album = quotations.displayed(of.kind, of.content, of.options)
    if picture and len(text) > CAPTION - AROUND:
        head, picture = lines(head, quotations.link(picture, t)), None
    body = quotations.quoted(clipped(text, (CAPTION if picture else MESSAGE) - AROUND)) if text else None
    whole = to_read(of.content, lambda column: tasks.ReadOwn(task=of.task, column=column).pack(), t)
    return Screen(lines(head, body, below), (*whole, *rows), photo=picture, album=album)


ROUTES = (
    Route(
        MakeGold,
        REQUESTER,
        gold.begin_gold,
        command="gold",
        usage="N",
        means="answer some tasks yourself: they check the work",
    ),
    Route(AnswerGold, REQUESTER, gold.answer_with_press),
    Route(ChooseGold, REQUESTER, gold.press_option),
    Route(UndoGold, REQUESTER, gold.undo_press),
    Route(DoneGold, REQUESTER, gold.finish_answer),
    Route(SkipGold, REQUESTER, gold.skip_task),
    Route(SuggestGold, REQUESTER, gold.suggest_gold),
    Route(ConfirmGold, REQUESTER, gold.decide_suggestion),
    Route(StopGold, REQUESTER, gold.stop_gold),
)
