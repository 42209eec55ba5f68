"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from __future__ import annotations

from collections.abc import Mapping

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.drafts import KEPT_DAYS
from domain.projects.preflight import (
    AccuracyOutlook,
    AiOutlook,
    CheckedModel,
    FileNote,
    ForeseenWay,
    Preflight,
    TaskPreviewed,
)
from domain.projects.tasks import TaskContent
from domain.quality.crowd import ENOUGH_GOLD
from domain.work.file_checks import FLAWS_BY_NAME, FileChecks, FileFlaw
from formats.errors import WARNINGS
from handlers import answers, quotations, task_buttons
from handlers.money import funds
from handlers.payload import Number, Payload
from handlers.projects import audience, drafts, launches, pay_raises, progress
from handlers.projects import edits as edits_handlers
from handlers.quality import gold
from handlers.routing import Route
from handlers.screen import (
    CAPTION,
    Button,
    Keyboard,
    Screen,
    clipped,
    join_into_messages,
    lines,
    shows,
    team_line,
    to_button_rows,
    visible_length,
)
from handlers.work import honest_card
from locales.languages import caption_word
from locales.translator import Html, Translator
from services.projects import preflight as preflight_service


class FoldCard(Payload, code="fc"):
    """The pre-flight card: the `whole` of it, or the short one."""

    number: Number
    whole: bool


class AskSo(Payload, code="aso"):
    """Set the number of answers to a task; with a confidence (in thousandths) the largest number."""

    number: Number
    overlap: Number
    thousandths: Number


class Preview(Payload, code="pv"):
    number: Number


OF: Mapping[Wants, tuple[FileFlaw, ...]] = {
    Wants.PHOTO: (FileFlaw.BLANK, FileFlaw.DARK, FileFlaw.BLURRED, FileFlaw.SCREENSHOT, FileFlaw.SENT_BEFORE),
    Wants.VOICE: (FileFlaw.SHORT, FileFlaw.QUIET),
}


def find_checks_line(kind: str, checks: tuple[str, ...], t: Translator) -> Html | None:
    """Return the line about the checks of files that come as answers, or None if answers are no files."""
    answer_kind, file_checks = kind_of(kind), FileChecks(checks)
    if not answer_kind.are_files:
        return None
    names = [_flaw_name(check, checks, t) for check in file_checks.filter_wanted(*OF[answer_kind.wants])]
    if not names:
        return t("🔎 They count as they come, without a look: <code>checks: off</code>")
    return t("🔎 Before one counts, its worker is asked once if it seems: {names}.", names=", ".join(names))


def _flaw_name(flaw: FileFlaw, checks: tuple[str, ...], t: Translator) -> str:
    """Return the flaw's name, with its limit if the project sets one."""
    name = next(name for name, candidate in FLAWS_BY_NAME.items() if candidate is flaw)
    limit = next((candidate.partition("=")[2] for candidate in checks if candidate.startswith(f"{name}=")), "")
    words = {
        FileFlaw.BLANK: t.plain("blank"),
        FileFlaw.DARK: t.plain("dark"),
        FileFlaw.BLURRED: t.plain("blurred"),
        FileFlaw.SCREENSHOT: t.plain("a screenshot"),
        FileFlaw.SENT_BEFORE: t.plain("sent before"),
        FileFlaw.SHORT: t.plain("short"),
        FileFlaw.QUIET: t.plain("hardly to be heard"),
    }[flaw]
    return t.plain("{what} (below {limit})", what=words, limit=t.number(float(limit))) if limit else words


ROW = 100  # characters of the first row
NAMED = 40  # characters of a model's name
CONDITIONS = 2  # that are named on the short card
MODELS = 10  # lines about models: more than so many questions of a form, and a card has no room for them


def list_warnings(card: Preflight, t: Translator, most: int) -> list[Html]:
    """Return up to `most` remarks on the file, how many remain, and what workers are warned of."""
    warnings = [warning(note, t) for note in card.warnings[:most]]
    if remaining := len(card.warnings) - most:
        warnings += (
            [t.n("👀 {count} more remark in the details.", "👀 {count} more remarks in the details.", remaining)]
            if remaining > 0
            else []
        )
    if card.content:
        warnings.append(
            t("⚠️ Workers are warned before their first task: {kinds}.", kinds=honest_card.join_kinds(card.content, t))
        )
    return warnings


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


def deletion_notice(t: Translator) -> Html:
    return t.n(
        "🧹 What is not launched within {count} day is deleted.",
        "🧹 What is not launched within {count} days is deleted.",
        KEPT_DAYS,
    )


def warning(note: FileNote, t: Translator) -> Html:
    """A guess or omission made when the file was read."""
    facts = {name: caption_word(t.language, "values", fact) if name == "kind" else fact for name, fact in note.facts}
    return t("👀 While reading: {warning}", warning=t.plain(WARNINGS[note.key], **facts))


def count_tasks(card: Preflight, t: Translator) -> Html:
    if not card.price.tasks and card.price.gold:
        return only_gold(card, t)
    if not card.price.tasks:
        how_to_add = t("Send a file with the caption <code>/add {number}</code> to bring some.", number=card.number)
        return lines(t("No new task is waiting to be launched."), how_to_add)
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


def find_forecast(card: Preflight, t: Translator) -> Html | None:
    """Return when the project is likely done, by the hours at which people have worked here; None if unknown."""
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


def list_models(ai: AiOutlook | None, card: Preflight, t: Translator) -> list[Html | None]:
    """Return lines about how good the models are on gold rows, and what they are likely to save."""
    if ai is None:
        return []
    head = t.n(
        "🤖 Answers of {count} model came with the tasks. Workers never see them.",
        "🤖 Answers of {count} models came with the tasks. Workers never see them.",
        len({checked_model.name for checked_model in ai.models}),
    )
    low, high = t.money(ai.least, card.currency), t.money(ai.most, card.currency)
    saving = t("Where people agree with them, fewer are asked: likely saving {low} to {high}.", low=low, high=high)
    alone = (
        t("Where check questions show it safe, nobody is asked, but for one task in ten: that saves more.")
        if ai.decides
        else None
    )
    weakest = sorted(ai.models, key=lambda each: each.interval)[:MODELS]
    model_lines = (
        describe_model(checked_model, t) for checked_model in ai.models if checked_model in weakest
    )  # of a form each has a line for each question
    return [head, *model_lines, saving if card.price.tasks and ai.most else None, alone]


def saving_at_once(card: Preflight, t: Translator) -> Html | None:
    if card.ai is None or not card.ai.most:
        return None
    low, high = t.money(card.ai.least, card.currency), t.money(card.ai.most, card.currency)
    if card.ai.decides:
        return t("🤖 AI answers, which may decide alone: likely saving {low} to {high}, or more.", low=low, high=high)
    return t("🤖 AI answers, which workers never see: likely saving {low} to {high}.", low=low, high=high)


def describe_model(checked_model: CheckedModel, t: Translator) -> Html | None:
    if not checked_model.seen:
        return None
    low, high = map(t.percent, checked_model.interval)
    figures = {"right": t.number(checked_model.right), "seen": t.number(checked_model.seen), "low": low, "high": high}
    name = clipped(checked_model.name, NAMED) or t.plain("the model")
    name = f"{name} · {clipped(checked_model.question, NAMED)}" if checked_model.question else name
    return t("· {name}: right on {right} of {seen} check questions ({low} to {high})", name=name, **figures)


def proposed_gold(card: Preflight, t: Translator) -> Html:
    return t.n(
        "🎯 {count} check question makes the confidence of these results nearly twice as exact: make it now, it takes a moment.",
        "🎯 {count} check questions make the confidence of these results nearly twice as exact: make them now, in five minutes.",
        card.gold_proposed,
    )


def list_audience(card: Preflight, t: Translator) -> tuple[Html | None, ...]:
    """Return the first conditions on who is asked, and how many more there are."""
    if (remaining := len(card.who) - CONDITIONS) <= 0:
        return (audience.describe_audience(card.who, t),)
    rest = t.n("👥 {count} more condition in the details.", "👥 {count} more conditions in the details.", remaining)
    return audience.describe_audience(card.who[:CONDITIONS], t), rest


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


def cost(card: Preflight, t: Translator) -> Html:
    """Return the exact cost in one line."""
    price = card.price
    amounts = {"total": price.total, "pay": card.pay, "reward": price.reward, "fee": price.fee}
    money = {name: t.money(amount, card.currency) for name, amount in amounts.items()}
    answers = t.n("{count} answer", "{count} answers", price.submissions)
    reserve = t.money(price.reserve, card.currency)
    additions = t(", plus a reserve of {reserve} for longer tasks", reserve=reserve) if price.reserve else ""
    owed = t.money(price.owed, card.currency)
    additions += t(", plus {owed} that your ended projects owe their workers", owed=owed) if price.owed else ""
    return t(
        "💶 <b>{total}</b> at most: {answers} × {pay} = {reward}, plus our fee {fee}{more}.",
        answers=answers,
        more=additions,
        **money,
    )


def price(card: Preflight, t: Translator) -> Html:
    return Html(" ".join((cost(card, t), t("What is not needed comes back to you."))))


def reserve(card: Preflight, t: Translator) -> Html:
    return t(
        "🛟 {reserve} of it only in case tasks take longer than expected: it lifts the pay to the minimum. No fee on it.",
        reserve=t.money(card.price.reserve, card.currency),
    )


def hourly(card: Preflight, t: Translator) -> Html:
    """Expected pay an hour against the floor."""
    if card.price.untold and card.price.floor:
        return ask_for_seconds(card.price.untold, t)
    currency = card.currency
    hour, seconds = t.money(card.price.hourly, currency), t.number(round(card.price.seconds, 1))
    if card.price.floor == 0:
        return t("⏱ About {seconds} s an answer: {hour} an hour", seconds=seconds, hour=hour)
    floor = t.money(card.price.floor, currency)
    if card.price.hourly >= card.price.floor:
        return t(
            "⏱ About {seconds} s an answer: {hour} an hour (minimum {floor} ✓)", seconds=seconds, hour=hour, floor=floor
        )
    needed = t.money(card.price.needed_pay, currency)
    return t(
        "⚠️ About {seconds} s an answer: {hour} an hour, below the minimum of {floor}. <b>{needed}</b> an answer would pass.",
        seconds=seconds,
        hour=hour,
        floor=floor,
        needed=needed,
    )


def find_time_basis(card: Preflight, t: Translator) -> Html | None:
    """Return what the expected time of an answer rests on, or None if it was measured or is unknown."""
    if card.price.untold or card.measured:
        return None
    if card.stated:
        return t("The time is yours. A pilot, and the first answers, measure it.")
    if card.price.seconds > card.price.base:
        return t("The time is what answers like these took in your earlier projects.")
    return t("The time is estimated: reading at 240 words a minute, deciding, answering. A pilot measures it.")


def ask_for_seconds(why: str, t: Translator) -> Html:
    """Ask for the time of one answer, which only the requester knows."""
    reasons = {
        "errand": t("This is done away from the screen: only you know how long it takes, with the way there."),
        "sound": t("Workers listen first: only you know for how long."),
        "link": t("The tasks hold links: only you know how long it takes to look at what is behind them."),
    }
    say = t(
        "Edit the caption of your file and add a line with the time of one answer, for example <code>seconds: 90</code>. If it takes longer, workers are paid more."
    )
    return lines(t("⏱ <b>How long does one answer take?</b>"), reasons[why], say)


FEW = 100  # check questions with answers below which more of them are proposed


def list_accuracies(outlook: AccuracyOutlook | None, currency: str, t: Translator) -> list[Html | str | None]:
    if outlook is None or outlook.models:
        return [find_accuracy_line(outlook, t)]
    low, high = (t.percent(share) for share in _own_range(outlook.ways))
    measured_range = t.n(
        "{count} check question tells so far, and projects like this one: between {low} and {high}.",
        "{count} check questions tell so far, and projects like this one: between {low} and {high}.",
        outlook.gold,
        low=low,
        high=high,
    )
    guess = t("A guess from projects like this one: yours is likely between {low} and {high}.", low=low, high=high)
    gold_advice = (
        t("20 answered check questions bring it to some 6 points, 100 to some 4.") if outlook.gold < FEW else None
    )
    return [
        t("🔮 <b>How many results will be right</b>, and what that costs:"),
        *(_way(way, currency, t) for way in outlook.ways),
        measured_range if outlook.gold else guess,
        gold_advice,
        t("Below, 👥 asks for so many answers each, 🎯 until it is so sure.") if outlook.may_be_chosen else None,
    ]


def ways(outlook: AccuracyOutlook | None, number: int, t: Translator) -> Keyboard:
    """Return a button for each way to ask, except the one that the project uses now."""
    if outlook is None or not outlook.may_be_chosen:
        return ()
    own = {(way.overlap, way.confidence) for way in outlook.ways if way.own}
    row = list[Button]()
    for overlap, confidence in outlook.may_be_chosen:
        press = AskSo(number=number, overlap=overlap, thousandths=round((confidence or 0) * 1000)).pack()
        words = f"👥 {t.number(overlap)}" if confidence is None else f"🎯 {t.percent(confidence)}"
        row += [] if (overlap, confidence) in own else [Button(words, press)]
    return (tuple(row),)


def find_accuracy_line(outlook: AccuracyOutlook | None, t: Translator) -> Html | None:
    """Return the expected accuracy of the project's own way in one line, or None if it is unknown."""
    if outlook and outlook.models and not outlook.ways:
        return t(
            "🔮 How many results will be right can be said once {count} check questions have judged the model.",
            count=ENOUGH_GOLD,
        )
    own = next((way for way in outlook.ways if way.own), None) if outlook else None
    if own is None:
        return None
    share, low, high = (t.percent(fraction) for fraction in (own.accuracy, own.low, own.high))
    if outlook is not None and outlook.gold:
        return t("🔮 About {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)
    return t("🔮 A guess: {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)


def _own_range(ways: tuple[ForeseenWay, ...]) -> tuple[float, float]:
    """Return the range of accuracies of the project's own way."""
    own_way = next((way for way in ways if way.own), ways[0])
    return own_way.low, own_way.high


def _way(way: ForeseenWay, currency: str, t: Translator) -> Html:
    figures = {"bar": progress.bar(way.accuracy), "share": t.percent(way.accuracy), "cost": t.money(way.cost, currency)}
    own = t("← yours") if way.own else ""
    if way.confidence is None:
        answers = t.n("{count} answer", "{count} answers", way.overlap)
        return t("{bar} {share} · {answers}: {cost} {own}", answers=answers, own=own, **figures)
    return t(
        "{bar} {share} · until {confidence} sure, {least} to {most} answers: about {cost} {own}",
        confidence=t.percent(way.confidence),
        least=t.number(round(way.answers, 1)),
        most=way.overlap,
        own=own,
        **figures,
    )


ROOM = 1400  # characters for the instructions on the whole card; half of it for a task, and for its options
TITLE, GLANCE, FEW_TASKS = 80, 160, 2  # the same of the short one, and of its title; remarks on the file


@shows(Preflight)
def show_preflight(card: Preflight, t: Translator) -> Screen:
    """Show what decides about a launch, short enough for one look at a phone; one press shows the rest."""
    card_lines = list_whole_card(card, t) if card.whole else list_short_card(card, t)
    return Screen(lines(t("You have sent this file before:") if card.again else None, *card_lines), buttons(card, t))


def list_short_card(card: Preflight, t: Translator) -> list[Html | str | None]:
    ready = card.price.tasks > 0
    return [
        t("📋 <b>Project {number}: {title}</b>", number=card.number, title=clipped(card.title, TITLE)),
        team_line(card.team, t),
        count_tasks(card, t),
        cost(card, t) if ready else None,
        hourly(card, t) if ready else None,
        find_forecast(card, t) if ready else None,
        find_accuracy_line(card.outlook, t),
        saving_at_once(card, t) if ready else None,
        launches.find_pilot_line(card, t),
        *list_audience(card, t),
        first_row(card, t),
        *list_warnings(card, t, FEW_TASKS),
        *([] if has_own_preview(card) else list_task_lines(card, card.sample, GLANCE, t)),
        next_step(card, t) if ready else None,
    ]


def list_whole_card(card: Preflight, t: Translator) -> list[Html | str | None]:
    ready = card.price.tasks > 0
    return [
        t("📋 <b>Project {number}: {title}</b>", number=card.number, title=card.title),
        team_line(card.team, t),
        " ",
        count_tasks(card, t),
        price(card, t) if ready else None,
        reserve(card, t) if card.price.reserve else None,
        hourly(card, t) if ready else None,
        find_time_basis(card, t) if ready else None,
        launches.find_pilot_line(card, t),
        find_forecast(card, t) if ready else None,
        how_sure(card, t),
        *list_accuracies(card.outlook, card.currency, t),
        audience.describe_audience(card.who, t),
        find_checks_line(card.kind, card.checks, t),
        *list_models(card.ai, card, t),
        proposed_gold(card, t) if ready and card.gold_proposed else None,
        first_row(card, t),
        *list_warnings(card, t, len(card.warnings)),
        " ",
        *([] if has_own_preview(card) else list_task_lines(card, card.sample, ROOM, t)),
        *((waiting(card, t), next_step(card, t), deletion_notice(t)) if ready else ()),
    ]


def buttons(card: Preflight, t: Translator) -> Keyboard:
    press = Button(t.plain("🚀 Launch"), launches.LaunchShown.wire(card.number, card.price.total), style="success")
    words = t.plain("🔼 Less") if card.whole else t.plain("🔎 Details")
    fold = Button(words, FoldCard(number=card.number, whole=not card.whole).pack())
    edit = Button(t.plain("✏️ Instructions"), edits_handlers.EditProject(number=card.number, here=False).pack())
    edits = (edit,) if card.state in ("draft", "running") else ()
    rest = (*try_it(card, t), *make_gold(card, t), *who(card, t), *edits, fold)
    return (
        *(((press,),) if card.price.tasks and card.price.passes_floor else ()),
        *to_the_floor(card, t),
        *first_row_buttons(card, t),
        *launches.try_first(card, t),
        *(ways(card.outlook, card.number, t) if card.whole else ()),
        *to_button_rows(rest),
        *(
            funds.missing_money_keyboard(
                card.price.total - card.available, card.currency, card.team_number, t, card.by_card
            )
            if card.price.tasks
            else ()
        ),
    )


@shows(TaskPreviewed)
def show_task_preview(m: TaskPreviewed, t: Translator) -> Screen:
    """Show a task with its pictures. A picture that Telegram cannot load becomes a link, and text too long for a
    caption stands above the picture, both as for workers."""
    text, photo, album = quotations.split_task_content(m.kind, m.sample, m.options)
    title = t("<b>{title}</b>", title=m.title)
    task_text = lines(title, *list_task_lines(m, TaskContent(text), ROOM, t))
    if photo and visible_length(task_text) > CAPTION:
        return Screen(
            title, photo=photo, before=join_into_messages(lines(*list_task_lines(m, TaskContent(text), ROOM, t)))
        )
    return Screen(task_text, photo=photo, album=album)


def has_own_preview(card: Preflight) -> bool:
    """Return whether the task is shown in a message of its own, with its pictures."""
    if card.sample is None:
        return False
    _, picture, album = quotations.split_task_content(card.kind, card.sample, card.options)
    return bool(picture or album)


def list_task_lines(
    m: Preflight | TaskPreviewed, sample: TaskContent | None, room: int, t: Translator
) -> list[Html | str | None]:
    return [
        t("<b>What a worker sees:</b>"),
        quotations.format_instructions(list(m.instructions), room, t, expanded=False),
        quotations.quote(clipped(sample.text, room // 2)) if sample and sample.text else None,
        answers.screen_of(m.kind).ask(task_buttons.answering(0, m.options, ()), t),
        answers.screen_of(m.kind).describe_options(m.options, room // 2, t) if m.options else None,
        " ",
    ]


def try_it(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if card.sample is None or kind_of(card.kind).are_files:
        return ()
    return (Button(t.plain("🧪 Answer it yourself"), launches.TryTask(project=card.number).pack()),)


def to_the_floor(card: Preflight, t: Translator) -> Keyboard:
    """The pay that passes, with one press."""
    if not card.price.tasks or card.price.passes_floor or card.price.untold or card.state not in ("draft", "running"):
        return ()
    needed = card.price.needed_pay
    words = t.plain("💶 Pay {pay} an answer", pay=t.money(needed, card.currency))
    return ((Button(words, pay_raises.RaisePay(number=card.number, pay=needed).pack(), style="success"),),)


def first_row_buttons(card: Preflight, t: Translator) -> Keyboard:
    """Return the button that takes the file's first row as a task, or as names after all."""
    if card.first_row is None:
        return ()
    words = t.plain("↩️ The first row is no task") if card.first_row.is_task else t.plain("➕ The first row is a task")
    return ((Button(words, drafts.TakeFirstRow(number=card.number, is_task=not card.first_row.is_task).pack()),),)


def make_gold(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if not card.gold_proposed or not card.price.tasks:
        return ()
    return (Button(t.plain("🎯 Make check questions"), gold.MakeGold(project=card.number).pack()),)


def who(card: Preflight, t: Translator) -> tuple[Button, ...]:
    if card.state != "draft":
        return ()
    return (Button(t.plain("👥 Who is asked"), audience.ShowWho(number=card.number).pack()),)


ROUTES = (
    Route(
        Preview,
        REQUESTER,
        preflight_service.preview_project,
        command="preview",
        usage="N",
        means="what it costs and what workers will see",
        right=Right.LOOK,
    ),
    Route(FoldCard, REQUESTER, preflight_service.fold_card, right=Right.LOOK),
    Route(AskSo, REQUESTER, preflight_service.choose_way),
)
