"""Gold made in chat: a task to answer, a suggestion to confirm."""

from handlers import buttons
from handlers.screens.fitting import CAPTION, MESSAGE, clipped
from handlers.screens.laying import SHORT
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from handlers.screens.work import link, quoted
from locales import Html, Translator

AROUND = 700  # characters that what stands around a task may need
NAMED = 100  # characters of an answer, or of a title


@screen("gold.ask")
def ask(facts: Facts, t: Translator) -> Screen:
    made = t.n("{count} known answer so far", "{count} known answers so far", facts["made"]) if facts["made"] else None
    head = lines(
        _kept(facts, t),
        t("🎓 <b>{title}</b>", title=clipped(facts["title"], NAMED)),
        t("Which answer is right? Yours becomes gold: it checks the work, and it is shown to whoever misses it."),
        made,
    )
    return _with_task(facts, t, head, _answers(facts, t))


@screen("gold.suggested")
def suggested(facts: Facts, t: Translator) -> Screen:
    head = lines(
        t("💡 <b>{title}</b>", title=clipped(facts["title"], NAMED)),
        t(
            "{answers}, and nearly all say <b>{answer}</b>. Is that right? If so, it becomes gold.",
            answers=t.n("{count} answer", "{count} answers", facts["answers"]),
            answer=clipped(facts["answer"], NAMED),
        ),
    )
    yes, no = (buttons.ConfirmGold(task=facts["task"], yes=yes).pack() for yes in (1, 0))
    later = buttons.SuggestGold(project=facts["number"], after=facts["position"]).pack()
    rows = (
        (Button(t.plain("✅ Yes, that is right"), yes, style="success"),),
        (Button(t.plain("❌ No"), no), Button(t.plain("⏭ Skip"), later)),
        (_stop(facts, t),),
    )
    return _with_task(facts, t, head, rows)


@screen("gold.nothing")
def nothing(facts: Facts, t: Translator) -> Screen:
    text = t("✨ There is no task left here that could become gold by your answer.")
    return Screen(lines(_kept(facts, t), text), (*_suggestions(facts, t), (_stop(facts, t),)))


@screen("gold.explained")
def explained(facts: Facts, t: Translator) -> Screen:
    answer, reason = clipped(facts["answer"], NAMED), facts["reason"]
    return Screen(t("✏️ Whoever misses <b>{answer}</b> now reads: {reason}", answer=answer, reason=reason))


@screen("gold.stopped")
def stopped(facts: Facts, t: Translator) -> Screen:
    made = t.n("{count} known answer was added.", "{count} known answers were added.", facts["made"])
    title = clipped(facts["title"], NAMED)
    show = Button(t.plain("📊 The project"), buttons.ShowProject(project=facts["number"]).pack())
    return Screen(lines(t("🎓 <b>{title}</b>", title=title), made), ((show,),))


def _kept(facts: Facts, t: Translator) -> Html | None:
    """What the last press did, and that a reason may follow."""
    if not facts["known"]:
        return None
    return t(
        "✓ Gold: <b>{answer}</b>. Write one line now if you want to tell why: it is shown on a miss.\n",
        answer=clipped(facts["known"], NAMED),
    )


def _answers(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    options = [
        Button(option, buttons.AnswerGold(task=facts["task"], option=at).pack())
        for at, option in enumerate(facts["options"])
    ]
    step = 1 if max(map(len, facts["options"])) > SHORT else 2
    rows = [tuple(options[at : at + step]) for at in range(0, len(options), step)]
    pass_on = Button(t.plain("⏭ Skip"), buttons.SkipGold(project=facts["number"]).pack())
    return (*rows, *_suggestions(facts, t), (pass_on, _stop(facts, t)))


def _suggestions(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    if not facts["suggestions"]:
        return ()
    text = t.plain("💡 Suggestions: {count}", count=t.number(facts["suggestions"]))
    return ((Button(text, buttons.SuggestGold(project=facts["number"], after=0).pack()),),)


def _stop(facts: Facts, t: Translator) -> Button:
    return Button(t.plain("⏹ Enough"), buttons.StopGold(project=facts["number"]).pack())


def _with_task(facts: Facts, t: Translator, head: Html, rows: tuple[tuple[Button, ...], ...]) -> Screen:
    """The task below what is asked about it; a long one is cut, a picture that would not fit is a link."""
    text, picture = facts["text"], facts["picture"]
    if picture and len(text) > CAPTION - AROUND:
        head, picture = lines(head, link(picture, t)), None
    body = quoted(clipped(text, (CAPTION if picture else MESSAGE) - AROUND)) if text else None
    return Screen(lines(head, body), rows, photo=picture)
