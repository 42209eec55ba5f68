"""The pre-flight card, short or with all details: tasks, cost, pay an hour, a worker's view."""

from domain.answers import kind_of
from domain.projects.messages import Preflight, TaskPreviewed
from domain.projects.tasks import TaskContent
from handlers.payloads.authoring import EditProject, FoldCard, LaunchShown, TakeFirstRow
from handlers.payloads.projects import RaisePay, ShowWho, TryTask
from handlers.payloads.quality import MakeGold
from handlers.screens.answers import screen_of
from handlers.screens.layout.exhibit import displayed
from handlers.screens.layout.fitting import CAPTION, clipped, visible
from handlers.screens.layout.requester_name import team_line
from handlers.screens.layout.task_buttons import answering
from handlers.screens.layout.task_text import instructions, quoted
from handlers.screens.money.funding import add_missing
from handlers.screens.projects.audience import asked_of
from handlers.screens.projects.pilots import piloted, try_first
from handlers.screens.projects.preflight.checks import looked_at
from handlers.screens.projects.preflight.lines import (
    counted,
    first_row,
    forecast,
    how_sure,
    kept,
    models,
    narrowed,
    next_step,
    proposed_gold,
    saving_at_once,
    waiting,
    warned,
)
from handlers.screens.projects.preflight.money import cost, hourly, price, reserve, timed
from handlers.screens.projects.preflight.outlook import how_right, how_right_at_once, ways
from handlers.screens.screen import Button, Keyboard, Screen, in_messages, in_rows, lines, shows
from locales import Html, Translator

ROOM = 1400  # characters for the instructions on the whole card; half of it for a task, and for its options
TITLE, GLANCE, FEW = 80, 160, 2  # the same of the short one, and of its title; remarks on the file


@shows(Preflight)
def preflight(card: Preflight, t: Translator) -> Screen:
    """What decides, short enough for one look at a phone; the rest is a press away."""
    said = whole(card, t) if card.whole else short(card, t)
    return Screen(lines(t("You have sent this file before:") if card.again else None, *said), buttons(card, t))


def short(card: Preflight, t: Translator) -> list[Html | str | None]:
    ready = card.price.tasks > 0
    return [
        t("📋 <b>Project {number}: {title}</b>", number=card.number, title=clipped(card.title, TITLE)),
        team_line(card.team, t),
        counted(card, t),
        cost(card, t) if ready else None,
        hourly(card, t) if ready else None,
        forecast(card, t) if ready else None,
        how_right_at_once(card.outlook, t),
        saving_at_once(card, t) if ready else None,
        piloted(card, t),
        *narrowed(card, t),
        first_row(card, t),
        *warned(card, t, FEW),
        *([] if is_previewed(card) else seen(card, card.sample, GLANCE, t)),
        next_step(card, t) if ready else None,
    ]


def whole(card: Preflight, t: Translator) -> list[Html | str | None]:
    ready = card.price.tasks > 0
    return [
        t("📋 <b>Project {number}: {title}</b>", number=card.number, title=card.title),
        team_line(card.team, t),
        " ",
        counted(card, t),
        price(card, t) if ready else None,
        reserve(card, t) if card.price.reserve else None,
        hourly(card, t) if ready else None,
        timed(card, t) if ready else None,
        piloted(card, t),
        forecast(card, t) if ready else None,
        how_sure(card, t),
        *how_right(card.outlook, card.currency, t),
        asked_of(card.who, t),
        looked_at(card.kind, card.checks, t),
        *models(card.ai, card, t),
        proposed_gold(card, t) if ready and card.gold_proposed else None,
        first_row(card, t),
        *warned(card, t, len(card.warnings)),
        " ",
        *([] if is_previewed(card) else seen(card, card.sample, ROOM, t)),
        waiting(card, t) if ready else None,
        next_step(card, t) if ready else None,
        kept(t) if ready else None,
    ]


def buttons(card: Preflight, t: Translator) -> Keyboard:
    press = Button(t.plain("🚀 Launch"), LaunchShown.wire(card.number, card.price.total), style="success")
    words = t.plain("🔼 Less") if card.whole else t.plain("🔎 Details")
    fold = Button(words, FoldCard(number=card.number, whole=not card.whole).pack())
    edit = Button(t.plain("✏️ Instructions"), EditProject(number=card.number, here=False).pack())
    edits = (edit,) if card.state in ("draft", "running") else ()
    rest = (*try_it(card, t), *make_gold(card, t), *who(card, t), *edits, fold)
    return (
        *(((press,),) if card.price.tasks and card.price.passes_floor else ()),
        *to_the_floor(card, t),
        *take_first_row(card, t),
        *try_first(card, t),
        *(ways(card.outlook, card.number, t) if card.whole else ()),
        *in_rows(rest),
        *(
            add_missing(card.price.total - card.available, card.currency, card.team_number, t)
            if card.price.tasks
            else ()
        ),
    )


@shows(TaskPreviewed)
def previewed(task: TaskPreviewed, t: Translator) -> Screen:
    """With its pictures; one that Telegram cannot load becomes a link, as it does for workers. What a caption has no
    room for stands above the picture, as it does for workers."""
    text, photo, album = displayed(task.kind, task.sample, task.options)
    title = t("<b>{title}</b>", title=task.title)
    said = lines(title, *seen(task, TaskContent(text), ROOM, t))
    if photo and visible(said) > CAPTION:
        return Screen(title, photo=photo, before=in_messages(lines(*seen(task, TaskContent(text), ROOM, t))))
    return Screen(said, photo=photo, album=album)


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


def try_it(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if card.sample is None or kind_of(card.kind).are_files:
        return ()
    return (Button(t.plain("🧪 Answer it yourself"), TryTask(project=card.number).pack()),)


def to_the_floor(card: Preflight, t: Translator) -> Keyboard:
    """The pay that passes, with one press."""
    if not card.price.tasks or card.price.passes_floor or card.price.untold or card.state not in ("draft", "running"):
        return ()
    needed = card.price.needed_pay
    words = t.plain("💶 Pay {pay} an answer", pay=t.money(needed, card.currency))
    return ((Button(words, RaisePay(number=card.number, pay=needed).pack(), style="success"),),)


def take_first_row(card: Preflight, t: Translator) -> Keyboard:
    """As a task, or as names after all."""
    if card.first_row is None:
        return ()
    words = t.plain("↩️ The first row is no task") if card.first_row.is_task else t.plain("➕ The first row is a task")
    return ((Button(words, TakeFirstRow(number=card.number, is_task=not card.first_row.is_task).pack()),),)


def make_gold(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if not card.gold_proposed or not card.price.tasks:
        return ()
    return (Button(t.plain("🎯 Make check questions"), MakeGold(project=card.number).pack()),)


def who(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if card.state != "draft":
        return ()
    return (Button(t.plain("👥 Who is asked"), ShowWho(number=card.number).pack()),)
