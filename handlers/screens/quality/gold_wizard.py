"""Gold made in chat: a task to answer, a suggestion to confirm."""

from handlers.payloads.projects import ShowProject
from handlers.payloads.quality import ConfirmGold, SkipGold, StopGold, SuggestGold
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped
from handlers.screens.layout.task_buttons import TaskButtons, making_gold
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from handlers.screens.work.tasks import kind_of, link, quoted
from locales import Html, Translator

AROUND = 1000  # characters that what stands around a task may need
NAMED = 100  # characters of an answer, or of a title
MOST = 3  # accepted answers that are named
WRITTEN = ("text", "number", "location")


@screen("gold.ask")
def ask(facts: Facts, t: Translator) -> Screen:
    made = t.n("{count} known answer so far", "{count} known answers so far", facts["made"]) if facts["made"] else None
    head = lines(
        _kept(facts, t, invites=kind_of(facts) not in WRITTEN),
        t("🎓 <b>{title}</b>", title=clipped(facts["title"], NAMED)),
        t("Which answer is right? Yours becomes gold: it checks the work, and it is shown to whoever misses it."),
        made,
    )
    return _with_task(facts, t, head, _answers(facts, t), _how(facts, t))


@screen("gold.suggested")
def suggested(facts: Facts, t: Translator) -> Screen:
    head = lines(
        t("💡 <b>{title}</b>", title=clipped(facts["title"], NAMED)),
        t(
            "{answers}, and nearly all say <b>{answer}</b>. Is that right? If so, it becomes gold.",
            answers=t.n("{count} answer", "{count} answers", facts["answers"]),
            answer=clipped(screen_of(kind_of(facts)).said(facts["answer"], t), NAMED),
        ),
        _interval(facts.get("interval"), t),
    )
    yes, no = (ConfirmGold(task=facts["task"], yes=yes).pack() for yes in (True, False))
    later = SuggestGold(project=facts["number"], after=facts["position"]).pack()
    rows = (
        (Button(t.plain("✅ Yes, that is right"), yes, style="success"),),
        (Button(t.plain("❌ No"), no), Button(t.plain("⏭ Skip"), later)),
        (_stop(facts, t),),
    )
    return _with_task(facts, t, head, rows)


@screen("gold.nothing")
def nothing(facts: Facts, t: Translator) -> Screen:
    text = t("✨ There is no task left here that could become gold by your answer.")
    return Screen(lines(_kept(facts, t, invites=True), text), (*_suggestions(facts, t), (_stop(facts, t),)))


@screen("gold.explained")
def explained(facts: Facts, t: Translator) -> Screen:
    reason = facts["reason"]
    return Screen(t("✏️ Whoever misses <b>{answer}</b> now reads: {reason}", answer=_right(facts, t), reason=reason))


@screen("gold.stopped")
def stopped(facts: Facts, t: Translator) -> Screen:
    made = t.n("{count} known answer was added.", "{count} known answers were added.", facts["made"])
    title = clipped(facts["title"], NAMED)
    show = Button(t.plain("📊 The project"), ShowProject(number=facts["number"]).pack())
    return Screen(lines(t("🎓 <b>{title}</b>", title=title), made), ((show,),))


def _kept(facts: Facts, t: Translator, invites: bool) -> Html | None:
    """What the last answer did; `invites`: a reason may follow now, where a line typed would not be the next answer."""
    if not facts["known"]:
        return None
    why = t(" Write one line now if you want to tell why: it is shown on a miss.") if invites else Html("")
    return t("✓ Gold: <b>{answer}</b>.{why}\n", answer=_right(facts, t), why=why)


def _right(facts: Facts, t: Translator) -> str:
    """The accepted answers, as a worker who missed them reads them."""
    return clipped(screen_of(kind_of(facts)).right(list(facts["known"]), MOST, t), NAMED)


def _how(facts: Facts, t: Translator) -> Html:
    """How an answer of this kind is given, and how several are."""
    kind = kind_of(facts)
    asked = screen_of(kind).ask(_buttons(facts), t)
    width = {
        "number": t("<code>12±0.5</code> allows a difference, <code>10..14</code> a range."),
        "location": t("Or write it: <code>48.8584,2.2945 ±200</code> allows 200 metres."),
    }.get(kind)
    several = t("Several right answers? Write them like this: <code>one|other</code>")
    below = t("A second line is the reason: it is shown on a miss.") if kind in WRITTEN else None
    return lines(asked, width, None if kind in ("choices", "rank") else several, below)


def _interval(interval: list[float] | None, t: Translator) -> Html | None:
    if not interval:
        return None
    low, high = (t.number(float(f"{end:.4g}")) for end in interval)
    return t("We are {sure} sure that it is between {low} and {high}.", sure=t.percent(0.95), low=low, high=high)


def _buttons(facts: Facts) -> TaskButtons:
    return making_gold(facts["task"], facts["options"], facts.get("draft", ()))


def _answers(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    rows = screen_of(kind_of(facts)).rows(_buttons(facts), t)
    pass_on = Button(t.plain("⏭ Skip"), SkipGold(project=facts["number"]).pack())
    return (*rows, *_suggestions(facts, t), (pass_on, _stop(facts, t)))


def _suggestions(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    if not facts["suggestions"]:
        return ()
    text = t.plain("💡 Suggestions: {count}", count=t.number(facts["suggestions"]))
    return ((Button(text, SuggestGold(project=facts["number"], after=0).pack()),),)


def _stop(facts: Facts, t: Translator) -> Button:
    return Button(t.plain("⏹ Enough"), StopGold(project=facts["number"]).pack())


def _with_task(
    facts: Facts, t: Translator, head: Html, rows: tuple[tuple[Button, ...], ...], below: Html | None = None
) -> Screen:
    """The task below what is asked about it; a long one is cut, a picture that would not fit is a link."""
    text, picture = facts["text"], facts["picture"]
    if picture and len(text) > CAPTION - AROUND:
        head, picture = lines(head, link(picture, t)), None
    body = quoted(clipped(text, (CAPTION if picture else MESSAGE) - AROUND)) if text else None
    return Screen(lines(head, body, below), rows, photo=picture)
