"""Gold made in chat, gold challenges, restrictions, skill."""

from __future__ import annotations

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.people.accounts import REQUESTER
from domain.projects.projects import ProjectId
from domain.quality.gold import GoldAsked, GoldExplained, GoldSoFar, GoldStopped, GoldSuggested, NoTaskForGold
from handlers import answers, quotations, task_buttons
from handlers.fairness import stops
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import CAPTION, MESSAGE, Button, Keyboard, Screen, clipped, lines, reading_buttons, shows
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
def ask_for_gold(m: GoldAsked, t: Translator) -> Screen:
    so_far = m.so_far
    made_so_far = (
        t.n("{count} check question so far", "{count} check questions so far", so_far.made) if so_far.made else None
    )
    head = lines(
        _last_answer_line(m.kind, so_far, t, invites=kind_of(m.kind).wants not in WRITTEN),
        t("🎓 <b>{title}</b>", title=clipped(m.title, NAMED)),
        t(
            "Which answer is right? Yours makes it a check question: it checks the work, and whoever misses it is shown your answer."
        ),
        made_so_far,
    )
    return _with_task(m, t, head, _answer_buttons(m, t), _how_to_answer(m, t))


@shows(GoldSuggested)
def show_suggestion(m: GoldSuggested, t: Translator) -> Screen:
    head = lines(
        t("💡 <b>{title}</b>", title=clipped(m.title, NAMED)),
        t(
            "{answers}, and nearly all say <b>{answer}</b>. Is that right? If so, it becomes a check question.",
            answers=t.n("{count} answer", "{count} answers", m.answers),
            answer=clipped(answers.screen_of(m.kind).describe(m.answer, t), NAMED),
        ),
        _interval(m.interval, t) if m.interval else None,
    )
    yes, no = (ConfirmGold(task=m.task, yes=yes).pack() for yes in (True, False))
    later = SuggestGold(project=m.number, after=m.position).pack()
    rows = (
        (Button(t.plain("✅ Yes, that is right"), yes, style="success"),),
        (Button(t.plain("❌ No"), no), Button(t.plain("⏭ Skip"), later)),
        (_stop(m.number, t),),
    )
    return _with_task(m, t, head, rows)


@shows(NoTaskForGold)
def show_no_task(m: NoTaskForGold, t: Translator) -> Screen:
    text = t("✨ There is no task left here that your answer could make a check question.")
    rows = (*_suggestions(m.number, m.so_far, t), (_stop(m.number, t),))
    return Screen(lines(_last_answer_line(m.kind, m.so_far, t, invites=True), text), rows)


@shows(GoldExplained)
def show_reason_stored(m: GoldExplained, t: Translator) -> Screen:
    answer = _accepted_answers(m.kind, m.known, t)
    return Screen(t("✏️ Whoever misses <b>{answer}</b> now reads: {reason}", answer=answer, reason=m.reason))


@shows(GoldStopped)
def show_gold_stopped(m: GoldStopped, t: Translator) -> Screen:
    count_made = t.n("{count} check question was added.", "{count} check questions were added.", m.made)
    show = Button(t.plain("📊 The project"), stops.ShowProject(number=m.number).pack())
    return Screen(lines(t("🎓 <b>{title}</b>", title=clipped(m.title, NAMED)), count_made), ((show,),))


def _last_answer_line(kind: str, so_far: GoldSoFar, t: Translator, invites: bool) -> Html | None:
    """Return what the last answer did, or None if there was none. `invites`: a typed line is taken as its reason, as it
    cannot be the next answer."""
    if not so_far.known:
        return None
    why = t(" Write one line now if you want to tell why: it is shown on a miss.") if invites else Html("")
    return t("✓ Check question: <b>{answer}</b>.{why}\n", answer=_accepted_answers(kind, so_far.known, t), why=why)


def _accepted_answers(kind: str, gold: tuple[str, ...], t: Translator) -> str:
    """The accepted answers, as a worker who missed them reads them."""
    return clipped(answers.screen_of(kind).right(list(gold), MOST, t), NAMED)


def _how_to_answer(m: GoldAsked, t: Translator) -> Html:
    """Return how an answer of this kind is given, and how several are."""
    wants, answer_screen = kind_of(m.kind).wants, answers.screen_of(m.kind)
    several = t("Several right answers? Write them like this: <code>one|other</code>")
    below = t("A second line is the reason: it is shown on a miss.") if wants in WRITTEN else None
    request = answer_screen.ask(task_buttons.making_gold(m.task, m.options, m.draft), t)
    return lines(request, answer_screen.gold_hint(t), None if wants is Wants.PRESSES else several, below)


def _interval(interval: tuple[float, float], t: Translator) -> Html:
    low, high = (t.number(float(f"{end:.4g}")) for end in interval)
    return t("We are {sure} sure that it is between {low} and {high}.", sure=t.percent(0.95), low=low, high=high)


def _answer_buttons(m: GoldAsked, t: Translator) -> Keyboard:
    rows = answers.screen_of(m.kind).rows(task_buttons.making_gold(m.task, m.options, m.draft), t)
    pass_on = Button(t.plain("⏭ Skip"), SkipGold(project=m.number).pack())
    return (*rows, *_suggestions(m.number, m.so_far, t), (pass_on, _stop(m.number, t)))


def _suggestions(number: ProjectId, so_far: GoldSoFar, t: Translator) -> Keyboard:
    if not so_far.suggestions:
        return ()
    text = t.plain("💡 Suggestions: {count}", count=t.number(so_far.suggestions))
    return ((Button(text, SuggestGold(project=number).pack()),),)


def _stop(number: ProjectId, t: Translator) -> Button:
    return Button(t.plain("⏹ Enough"), StopGold(project=number).pack())


def _with_task(
    m: GoldAsked | GoldSuggested, t: Translator, head: Html, rows: Keyboard, below: Html | None = None
) -> Screen:
    """The task below what is asked about it; a long one is cut, a picture that would not fit is a link."""
    text, picture, album = quotations.split_task_content(m.kind, m.content, m.options)
    if picture and len(text) > CAPTION - AROUND:
        head, picture = lines(head, quotations.link(picture, t)), None
    body = quotations.quote(clipped(text, (CAPTION if picture else MESSAGE) - AROUND)) if text else None
    whole = reading_buttons(m.content, lambda column: tasks.ReadOwn(task=m.task, column=column).pack(), t)
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
