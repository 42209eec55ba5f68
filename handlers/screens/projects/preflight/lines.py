"""Lines of the pre-flight card: what there is to do, how long, what was found in the file, the launch."""

from domain.projects.drafts import KEPT_DAYS
from domain.projects.messages import FileNote, Preflight
from domain.projects.outlooks import AiOutlook, CheckedModel
from formats.english import WARNINGS
from handlers.screens.layout.fitting import clipped
from handlers.screens.projects.audience import asked_of
from handlers.screens.screen import lines
from handlers.screens.work.content import kinds
from locales import Html, Translator
from locales.languages import caption_word

ROW = 100  # characters of the first row
NAMED = 40  # characters of a model's name
CONDITIONS = 2  # that are named on the short card
MODELS = 10  # lines about models: more than so many questions of a form, and a card has no room for them


def warned(card: Preflight, t: Translator, most: int) -> list[Html]:
    """What workers are warned of, and what was guessed when the file was read."""
    said = [warning(found, t) for found in card.warnings[:most]]
    if more := len(card.warnings) - most:
        said += (
            [t.n("👀 {count} more remark in the details.", "👀 {count} more remarks in the details.", more)]
            if more > 0
            else []
        )
    if card.content:
        said.append(t("⚠️ Workers are warned before their first task: {kinds}.", kinds=kinds(card.content, t)))
    return said


def first_row(card: Preflight, t: Translator) -> Html | None:
    """Which text was taken as names, so that no row is lost unseen."""
    if card.first_row is None:
        return None
    text, several = clipped(" · ".join(card.first_row.cells), ROW), len(card.first_row.cells) > 1
    if card.first_row.is_task:
        return t("👀 The first row of your file is a task: “{text}”.", text=text)
    if several:
        return t("👀 The first row of your file names its columns, so it is no task: “{text}”. Is it one?", text=text)
    return t("👀 The first row of your file is the column’s name, so it is no task: “{text}”. Is it one?", text=text)


def kept(t: Translator) -> Html:
    return t.n(
        "🧹 What is not launched within {count} day is deleted.",
        "🧹 What is not launched within {count} days is deleted.",
        KEPT_DAYS,
    )


def warning(found: FileNote, t: Translator) -> Html:
    """A guess or omission made when the file was read."""
    facts = {name: caption_word(t.language, "values", fact) if name == "kind" else fact for name, fact in found.facts}
    return t("👀 While reading: {warning}", warning=t.plain(WARNINGS[found.key], **facts))


def counted(card: Preflight, t: Translator) -> Html:
    if not card.price.tasks and card.price.gold:
        return only_gold(card, t)
    if not card.price.tasks:
        more = t("Send a file with the caption <code>/add {number}</code> to bring some.", number=card.number)
        return lines(t("No new task is waiting to be launched."), more)
    tasks = t.n("{count} task", "{count} tasks", card.price.tasks)
    answers = t.n("{count} answer", "{count} answers", card.overlap)
    gold = t.n("{count} gold (check question)", "{count} gold (check questions)", card.price.gold)
    if card.confidence is not None and card.max_overlap > card.overlap:
        most = t.number(card.max_overlap)
        return t("🗂 {tasks} · {gold} · up to {most} answers each", tasks=tasks, gold=gold, most=most)
    return t("🗂 {tasks} · {gold} · {answers} each", tasks=tasks, gold=gold, answers=answers)


def only_gold(card: Preflight, t: Translator) -> Html:
    return lines(
        t.n(
            "🗂 {count} check question, and no task without a known answer: there is nothing to ask yet.",
            "🗂 {count} check questions, and no task without a known answer: there is nothing to ask yet.",
            card.price.gold,
        ),
        t(
            "Send rows with an empty <code>gold</code> cell with the caption <code>/add {number}</code>.",
            number=card.number,
        ),
    )


def forecast(card: Preflight, t: Translator) -> Html | None:
    """By the hours at which people have worked here."""
    if card.left is None:
        return None
    soonest, latest = map(t.duration, card.left)
    if soonest == latest:
        return t("⏳ Done in about {time}, as people worked here this week.", time=latest)
    return t("⏳ Done in {soonest} to {latest}, as people worked here this week.", soonest=soonest, latest=latest)


def how_sure(card: Preflight, t: Translator) -> Html | None:
    if card.confidence is None:
        return None
    return t(
        "🎯 Each task closes once its consensus has {confidence} confidence, after {most} answers at the latest.",
        confidence=t.percent(card.confidence),
        most=card.max_overlap,
    )


def models(ai: AiOutlook | None, card: Preflight, t: Translator) -> list[Html | None]:
    """How good they are on gold rows, and what they are likely to save."""
    if ai is None:
        return []
    head = t.n(
        "🤖 Answers of {count} model came with the tasks. Workers never see them.",
        "🤖 Answers of {count} models came with the tasks. Workers never see them.",
        len({each.name for each in ai.models}),
    )
    low, high = t.money(ai.least, card.currency), t.money(ai.most, card.currency)
    saving = t("Where people agree with them, fewer are asked: likely saving {low} to {high}.", low=low, high=high)
    alone = (
        t("Where check questions show it safe, nobody is asked, but for one task in ten: that saves more.")
        if ai.decides
        else None
    )
    weakest = sorted(ai.models, key=lambda each: each.interval)[:MODELS]
    told = (model(each, t) for each in ai.models if each in weakest)  # of a form each has a line for each question
    return [head, *told, saving if card.price.tasks and ai.most else None, alone]


def saving_at_once(card: Preflight, t: Translator) -> Html | None:
    if card.ai is None or not card.ai.most:
        return None
    low, high = t.money(card.ai.least, card.currency), t.money(card.ai.most, card.currency)
    if card.ai.decides:
        return t("🤖 AI answers, which may decide alone: likely saving {low} to {high}, or more.", low=low, high=high)
    return t("🤖 AI answers, which workers never see: likely saving {low} to {high}.", low=low, high=high)


def model(of: CheckedModel, t: Translator) -> Html | None:
    if not of.seen:
        return None
    low, high = map(t.percent, of.interval)
    about = {"right": t.number(of.right), "seen": t.number(of.seen), "low": low, "high": high}
    name = clipped(of.name, NAMED) or t.plain("the model")
    name = f"{name} · {clipped(of.question, NAMED)}" if of.question else name
    return t("· {name}: right on {right} of {seen} check questions ({low} to {high})", name=name, **about)


def proposed_gold(card: Preflight, t: Translator) -> Html:
    return t.n(
        "🎯 {count} check question makes the confidence of these results nearly twice as exact: make it now, it takes a moment.",
        "🎯 {count} check questions make the confidence of these results nearly twice as exact: make them now, in five minutes.",
        card.gold_proposed,
    )


def narrowed(card: Preflight, t: Translator) -> tuple[Html | None, ...]:
    """Who is asked: the first conditions, where there are several."""
    if (more := len(card.who) - CONDITIONS) <= 0:
        return (asked_of(card.who, t),)
    rest = t.n("👥 {count} more condition in the details.", "👥 {count} more conditions in the details.", more)
    return asked_of(card.who[:CONDITIONS], t), rest


def waiting(card: Preflight, t: Translator) -> Html:
    return t.n("{count} worker is waiting for tasks now.", "{count} workers are waiting for tasks now.", card.workers)


def next_step(card: Preflight, t: Translator) -> Html:
    """The missing money, and the launch."""
    below = not (card.price.passes_floor or card.price.untold)
    launch = (
        t("At that pay, /launch {number} sets the whole budget aside and starts.", number=card.number)
        if below
        else t("/launch {number} sets the whole budget aside and starts.", number=card.number)
    )
    missing = card.price.total - card.available
    if missing <= 0:
        return launch
    need = t(
        "You have {available} free: {missing} is missing.",
        available=t.money(card.available, card.currency),
        missing=t.money(missing, card.currency),
    )
    return lines(need, launch)
