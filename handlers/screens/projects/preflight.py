"""The pre-flight card: tasks, cost, pay an hour, a worker's view."""

from domain.answers import kind_of
from domain.projects.drafts import KEPT_DAYS
from domain.projects.messages import FileNote, Preflight, TaskPreviewed
from domain.projects.outlooks import AiOutlook, CheckedModel
from domain.projects.tasks import TaskContent
from formats.english import WARNINGS
from handlers.payloads.projects import Launch, ShowWho, TryTask
from handlers.payloads.quality import MakeGold
from handlers.screens.answers import screen_of
from handlers.screens.layout.exhibit import displayed
from handlers.screens.layout.fitting import CAPTION, clipped
from handlers.screens.layout.task_buttons import answering
from handlers.screens.layout.task_text import instructions, quoted
from handlers.screens.money.funding import add_missing
from handlers.screens.projects.audience import asked_of
from handlers.screens.projects.outlook import how_right
from handlers.screens.projects.pilots import piloted, try_first
from handlers.screens.projects.preflight_money import hourly, once_more, price, reserve, timed
from handlers.screens.screen import Button, Screen, lines, shows
from handlers.screens.work.content import kinds
from locales import Html, Translator

NAMED = 40  # characters of a model's name
ROOM = 1400  # characters for the instructions on the pre-flight card; half of it for a task, and for its options


@shows(Preflight)
def preflight(card: Preflight, t: Translator) -> Screen:
    number = card.number
    ready = card.price.tasks > 0
    press = Button(t.plain("🚀 Launch"), Launch(number=number).pack(), style="success")
    return Screen(
        lines(
            t("You have sent this file before:") if card.again else None,
            t("📋 <b>Project {number}: {title}</b>", number=number, title=card.title),
            " ",
            counted(card, t),
            price(card, t) if ready else None,
            reserve(card, t) if card.price.reserve else None,
            once_more(card, t) if ready else None,
            hourly(card, t) if ready else None,
            timed(card, t) if ready else None,
            piloted(card, t),
            forecast(card, t) if ready else None,
            how_sure(card, t),
            *how_right(card.outlook, card.currency, t),
            asked_of(card.who, t),
            t("⚠️ Workers are warned before their first task: {kinds}.", kinds=kinds(card.content, t))
            if card.content
            else None,
            *models(card.ai, card, t),
            proposed_gold(card, t) if ready and card.gold_proposed else None,
            *(warning(found, t) for found in card.warnings),
            " ",
            *([] if is_previewed(card) else seen(card, card.sample, ROOM, t)),
            next_step(card, t),
            kept(t) if ready else None,
        ),
        (
            *(((press,),) if ready and card.price.passes_floor else ()),
            *try_first(card, t),
            *try_it(card, t),
            *make_gold(card, t),
            *who(card, t),
            *(add_missing(card.price.total - card.available, card.currency, t) if ready else ()),
        ),
    )


@shows(TaskPreviewed)
def previewed(task: TaskPreviewed, t: Translator) -> Screen:
    """With its pictures; one that Telegram cannot load becomes a link, as it does for workers."""
    text, photo, album = displayed(task.kind, task.sample, task.options)
    rows = seen(task, TaskContent(text), CAPTION // 2, t)
    return Screen(lines(t("<b>{title}</b>", title=task.title), *rows), photo=photo, album=album)


def is_previewed(card: Preflight) -> bool:
    """Whether the task stands in a message of its own, with its pictures."""
    if card.sample is None:
        return False
    _, picture, album = displayed(card.kind, card.sample, card.options)
    return bool(picture or album)


def seen(
    of: Preflight | TaskPreviewed, sample: TaskContent | None, room: int, t: Translator
) -> list[Html | str | None]:
    return [
        t("<b>What a worker sees:</b>"),
        instructions(list(of.instructions), room, t, expanded=False),
        quoted(clipped(sample.text, room // 2)) if sample and sample.text else None,
        screen_of(of.kind).ask(answering(0, of.options, ()), t),
        screen_of(of.kind).listed(of.options, room // 2, t) if of.options else None,
        " ",
    ]


def kept(t: Translator) -> Html:
    return t.n(
        "🧹 What is not launched within {count} day is deleted.",
        "🧹 What is not launched within {count} days is deleted.",
        KEPT_DAYS,
    )


def warning(found: FileNote, t: Translator) -> Html:
    """A guess or omission made when the file was read."""
    return t("👀 While reading: {warning}", warning=t.plain(WARNINGS[found.key], **dict(found.facts)))


def counted(card: Preflight, t: Translator) -> Html:
    if not card.price.tasks and card.price.gold:
        return only_gold(card, t)
    if not card.price.tasks:
        more = t("Send a file with the caption <code>/add {number}</code> to bring some.", number=card.number)
        return lines(t("No new task is waiting to be launched."), more)
    tasks = t.n("{count} task", "{count} tasks", card.price.tasks)
    answers = t.n("{count} answer", "{count} answers", card.overlap)
    gold = t.n("{count} gold (check question)", "{count} gold (check questions)", card.price.gold)
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
        len(ai.models),
    )
    low, high = t.money(ai.least, card.currency), t.money(ai.most, card.currency)
    saving = t("Where people agree with them, fewer are asked: likely saving {low} to {high}.", low=low, high=high)
    alone = t("Where check questions show it safe, nobody is asked, but for one task in ten.") if ai.decides else None
    return [head, *(model(each, t) for each in ai.models), saving if card.price.tasks and ai.most else None, alone]


def model(of: CheckedModel, t: Translator) -> Html | None:
    if not of.seen:
        return None
    low, high = map(t.percent, of.interval)
    about = {"right": t.number(of.right), "seen": t.number(of.seen), "low": low, "high": high}
    name = clipped(of.name, NAMED) or t.plain("the model")
    return t("· {name}: right on {right} of {seen} check questions ({low} to {high})", name=name, **about)


def proposed_gold(card: Preflight, t: Translator) -> Html:
    return t.n(
        "🎯 {count} check question makes the confidence of these results nearly twice as exact: make it now, it takes a moment.",
        "🎯 {count} check questions make the confidence of these results nearly twice as exact: make them now, in five minutes.",
        card.gold_proposed,
    )


def try_it(card: Preflight, t: Translator) -> tuple[tuple[Button, ...], ...]:
    if card.sample is None or kind_of(card.kind).are_files:
        return ()
    return ((Button(t.plain("🧪 Answer it yourself"), TryTask(project=card.number).pack()),),)


def make_gold(card: Preflight, t: Translator) -> tuple[tuple[Button, ...], ...]:
    if not card.gold_proposed or not card.price.tasks:
        return ()
    return ((Button(t.plain("🎯 Make check questions"), MakeGold(project=card.number).pack()),),)


def who(card: Preflight, t: Translator) -> tuple[tuple[Button, ...], ...]:
    if card.state != "draft":
        return ()
    return ((Button(t.plain("👥 Who is asked"), ShowWho(number=card.number).pack()),),)


def next_step(card: Preflight, t: Translator) -> Html | None:
    """The missing condition of a launch, or the launch button."""
    if not card.price.tasks:
        return None
    workers = t.n(
        "{count} worker is waiting for tasks now.", "{count} workers are waiting for tasks now.", card.workers
    )
    launch = t("/launch {number} sets the whole budget aside and starts.", number=card.number)
    missing = card.price.total - card.available
    if missing > 0:
        need = t(
            "You have {available} free: {missing} is missing.",
            available=t.money(card.available, card.currency),
            missing=t.money(missing, card.currency),
        )
        return lines(workers, need, launch)
    return lines(workers, launch)
