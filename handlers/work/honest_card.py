"""The honest card of a project, its instructions and examples, and the warning of disturbing content."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from domain.people.accounts import WORKER
from domain.projects.projects import LONGEST_ANSWER, LONGEST_ITEM, LONGEST_WHY, MOST_EXAMPLES, WorkedExample
from domain.work.honest_card import (
    MAX_NEWS_LINES,
    ExamplesShown,
    HonestCard,
    InstructionNews,
    ProjectInstructions,
    TrackRecord,
)
from domain.work.messages import ContentAgreed, ContentWarning, TaskShown
from domain.work.offers import MAX_COUNTED_PLACES
from handlers import answers, quotations
from handlers.fairness import ratings
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import MESSAGE, Button, Picture, Screen, clipped, lines, shows, visible_length
from handlers.work import answer_messages, corrections
from locales.translator import Html, Translator
from services.work import dispatch, honest_card, offers


class ChooseContent(Payload, code="cw"):
    """Whether a worker wants what a project shows: 1 yes, 0 no."""

    project: Number
    agrees: bool


class ShowInstructions(Payload, code="in"):
    """All instructions of a project; if `project` is 0, of the task in hand or the last answer."""

    project: Number = 0


def join_kinds(content: Sequence[str], t: Translator) -> str:
    """Return kinds of content in words: “violence, sexual content”."""
    return t.all_of([get_kind_names(t).get(kind, kind) for kind in content])


def get_kind_names(t: Translator) -> dict[str, str]:
    return {
        "violence": t.plain("violence"),
        "sexual": t.plain("sexual content"),
        "hate": t.plain("hate"),
        "self_harm": t.plain("self-harm"),
        "medical": t.plain("wounds, illness, operations"),
        "disturbing": t.plain("what may disturb you"),
    }


@shows(ContentWarning)
def show_content_warning(m: ContentWarning, t: Translator) -> Screen:
    yes = Button(t.plain("▶️ Show me these tasks"), ChooseContent(project=m.project, agrees=True).pack())
    no = Button(t.plain("🚫 Not this project"), ChooseContent(project=m.project, agrees=False).pack())
    head = t("<b>{title}</b> · {pay}", title=m.title, pay=t.money(m.pay, m.currency))
    return Screen(
        lines(
            answer_messages.format_last_answer(m.last, t),
            Html(f"⚠️ {head}"),
            t("{name} says these tasks show: <b>{kinds}</b>.", name=m.requester, kinds=join_kinds(m.content, t)),
            t("If you want them, your task of <b>{title}</b> goes to somebody else.", title=m.leaves)
            if m.leaves
            else None,
            t("Do you want them? We ask once. A no costs you nothing, and you can leave at any time: /leave"),
        ),
        ((yes,), (no,), *corrections.last_answer_keyboard(m.last, t)),
        anew=True,
    )


@shows(ContentAgreed)
def show_content_agreed(m: ContentAgreed, t: Translator) -> Screen:
    return Screen(t("✓ <b>{title}</b>: you want its tasks. /leave ends that at any time.", title=m.title))


MAX_NAME_CHARS, MAX_PURPOSE_CHARS = 24, 80  # characters of the requester's name and of the purpose on the card


def format_card(shown: TaskShown, facts: HonestCard, t: Translator) -> Html:
    """Return the honest card: pay, requester and purpose, what the worker agrees to; then what concerns this kind of
    answer, and when pay is available if it is pending at first. `format_details` has the rest."""
    name = get_card_name(facts, t)
    return lines(
        format_pay_line(shown, facts, t),
        format_requester_line(facts, t),
        format_consent(name, t),
        t("📤 {name} gets it as it is: leave out what tells who you are.", name=name) if facts.own else None,
        answers.screen_of(shown.kind).request(shown.options, t),
        _format_pending_line(facts, t),
    )


def get_card_name(facts: HonestCard, t: Translator) -> str:
    """Return the requester's name in short, or that it is a requester whose account was erased."""
    return clipped(facts.requester, MAX_NAME_CHARS) or t.plain("a requester who is gone")


def format_pay_line(shown: TaskShown, facts: HonestCard, t: Translator) -> Html:
    """Return the pay line, such as “🆕 €0.05 each · about 8 sec · €22.50 an hour (at least €12.88)”; before it is measured,
    hourly pay is only the promised floor."""
    floor = t.money(facts.floor, shown.currency)
    if facts.measured and facts.hourly is not None:
        hour = t("{hour} an hour", hour=t.money(facts.hourly, shown.currency))
        hour = t("{hour} (at least {floor})", hour=hour, floor=floor) if facts.floor else hour
    else:
        hour = t("at least {floor} an hour", floor=floor) if facts.floor else Html("")
    parts = (
        t("🆕 <b>{pay}</b> each", pay=t.money(shown.pay, shown.currency)),
        t("about {time}", time=t.short_duration(facts.milliseconds)),
        hour,
    )
    return Html(" · ".join(filter(None, parts)))


def format_requester_line(facts: HonestCard, t: Translator) -> Html:
    """Return who asks and what for, such as “For Anna ⭐ 3.9 (24): a shop's own statistics”."""
    stars = Html(f" {ratings.short_rating(facts.rating, t)}") if facts.rating else Html("")
    fields = {"name": get_card_name(facts, t), "stars": stars}
    if not facts.purpose:
        return t("👤 For {name}{stars}, who has not said what for", **fields)
    return t("👤 For {name}{stars}: {purpose}", purpose=clipped(facts.purpose, MAX_PURPOSE_CHARS), **fields)


def _format_pending_line(facts: HonestCard, t: Translator) -> Html | None:
    """Return until when pay is pending, and how many check questions end that; None if it is available at once."""
    if facts.accept == "review":
        return t("⏳ Pending at first, {hours} hours at most: the requester decides.", hours=facts.hours)
    if not facts.gold:
        return None
    needed, total = facts.proof
    return t(
        "🎯 Pending at first, {hours} hours at most; paid at once after {needed} of {total} right checks.",
        hours=facts.hours,
        needed=needed,
        total=total,
    )


def format_proof(proof: tuple[int, int, int] | None, t: Translator) -> Html | None:
    """Return how many check questions were right so far, and how many it takes; None without `proof`."""
    if proof is None:
        return None
    right, total, needed = proof
    return t(
        "🎯 {right} of {total} check questions right. At {needed}, pay is at once.",
        right=right,
        total=total,
        needed=needed,
    )


def format_tasks_left(task_count: int, t: Translator) -> Html:
    """Return how many tasks are left after the one shown, such as “12 left”; counting ends at MAX_COUNTED_PLACES."""
    if not task_count:
        return t("the last one")
    if task_count >= MAX_COUNTED_PLACES:
        return t("more than {count} left", count=t.number(MAX_COUNTED_PLACES - 1))
    return t.n("{count} left", "{count} left", task_count)


def format_details(shown: TaskShown, facts: HonestCard, t: Translator) -> Html:
    """Return all that is known of a project before the first answer, the most important first."""
    return lines(
        t("📋 <b>{title}</b>", title=shown.title),
        t("You can take your answers back: /leave. What is kept: /privacy"),
        t("🎯 Your answers are for: {purpose}", purpose=facts.purpose)
        if facts.purpose
        else t("🎯 The requester has not said what the answers are for."),
        *format_recipients(facts, t),
        t(
            "💶 {pay} for every answer, “can't tell” too. The money is already set aside.",
            pay=t.money(shown.pay, shown.currency),
        ),
        format_hourly_pay(facts, shown.currency, t),
        _format_pending_line(facts, t) or t("✅ Your pay is yours at once."),
        format_track_record(facts.record, t),
        ratings.rating_line(facts.rating, t) if facts.rating else None,
        ratings.reply_line(facts.rating, t),
        t(
            "⌛ You have {time} for each task. Later is paid too, while the task still needs an answer.",
            time=t.n("{count} minute", "{count} minutes", shown.minutes),
        ),
        t("🔢 Tasks: {left}", left=format_tasks_left(facts.left, t)),
        Html(f"🗣 /board_{shown.project} · ❓ /faq_{shown.project}"),
    )


def format_recipients(facts: HonestCard, t: Translator) -> tuple[Html | None, ...]:
    """Return the lines that say who gets the answer, and whether models answer too."""
    name = facts.requester or t.plain("the requester")
    recipient_line = (
        t(
            "📤 What you send goes to {name} as it is, under a made-up name. Leave out what tells who you are.",
            name=name,
        )
        if facts.own
        else t("📤 Your answer goes to {name}, under a made-up name.", name=name)
    )
    return recipient_line, t(
        "🤖 A program has answered these tasks too. Yours is compared with it."
    ) if facts.models else None


def format_track_record(record: TrackRecord | None, t: Translator) -> Html:
    """Return the share rejected and the time to pay of the requester's latest answers, or that too few were decided."""
    if record is None:
        return t("📊 New here: too few answers were decided to say how many are rejected and how soon they are paid.")
    fields = {"count": t.number(record.decided), "share": t.percent(record.rejected / record.decided)}
    if record.rejected == record.decided:
        return t("📊 Of the last {count} answers, {share} were rejected.", **fields)
    if not record.paid_within:
        return t(
            "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid at once.", **fields
        )
    return t(
        "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid within {time}.",
        time=t.duration(record.paid_within),
        **fields,
    )


def format_hourly_pay(facts: HonestCard, currency: str, t: Translator) -> Html:
    """Return the time a task takes, and the hourly pay once it is measured; before that only the promised floor."""
    seconds = t.duration(facts.milliseconds)
    if facts.measured and facts.hourly is not None:
        hour = t.money(facts.hourly, currency)
        return t("⏱ {seconds} a task (measured): about {hour} an hour", seconds=seconds, hour=hour)
    time_line = (
        t("⏱ About {seconds} a task, the requester says; not measured yet.", seconds=seconds)
        if facts.stated
        else t("⏱ About {seconds} a task, we think; not measured yet.", seconds=seconds)
    )
    floor_line = t("Less than {floor} an hour is topped up.", floor=t.money(facts.floor, currency))
    return Html(f"{time_line} {floor_line}") if facts.floor else time_line


def format_consent(name: str, t: Translator) -> Html:
    return t(
        "By answering, you let {name} use your answers, without your name. Undo: /leave",
        name=name,
    )


MAX_LINE_CHARS, MAX_BRIEF_LINE_CHARS = 160, 60  # characters of a changed line; beside a picture


@shows(ProjectInstructions)
def show_instructions(message: ProjectInstructions, t: Translator) -> Screen:
    head = lines(
        t("📋 <b>{title}</b>", title=message.title),
        t("Version {version}", version=message.edition) if message.edition else None,
    )
    rules = quotations.format_instructions(message.instructions, MESSAGE - visible_length(head) - 1, t, expanded=True)
    return Screen(lines(head, rules), album=tuple(map(Picture, message.pictures)))


@shows(ExamplesShown)
def show_examples(message: ExamplesShown, t: Translator) -> Screen:
    """Show worked examples to a worker; their pictures stand above the text, each with its number."""
    numbered_examples = [(number, example) for number, example in enumerate(message.examples[:MOST_EXAMPLES], 1)]
    album = tuple(
        Picture(example.picture, t("Example {number}: <b>{answer}</b>", number=number, answer=example.answer))
        for number, example in numbered_examples
        if example.picture
    )
    head = t("💡 <b>Examples</b> · {title}", title=clipped(message.title, MAX_LINE_CHARS))
    return Screen(
        lines(head, *(_format_example(number, example, t) for number, example in numbered_examples)), album=album
    )


def _format_example(number: int, example: WorkedExample, t: Translator) -> Html:
    item = quotations.quote(clipped(example.item, LONGEST_ITEM)) if example.item else None
    picture_note = t("🖼 the picture above") if example.picture else None
    head = t("{number}. {line}", number=number, line=picture_note) if picture_note else Html(f"{number}.")
    why = Html(f"<i>{escape(clipped(example.why, LONGEST_WHY), quote=False)}</i>") if example.why else None
    answer = escape(clipped(example.answer, LONGEST_ANSWER), quote=False)
    return lines(head, item, Html(f"✅ <b>{answer}</b>"), why)


def format_changed_rules(news: InstructionNews | None, t: Translator, is_brief: bool) -> Html | None:
    """Return what has changed in the instructions, before the next task of a worker who read an earlier version; None
    if nothing has."""
    if news is None:
        return None
    room = MAX_BRIEF_LINE_CHARS if is_brief else MAX_LINE_CHARS
    changed_lines = [
        t("{number}. {line}", number=number, line=clipped(line, room)) for number, line in news.lines[:MAX_NEWS_LINES]
    ]
    rows = [
        t("✏️ <b>The instructions have changed</b> since your last task:"),
        *changed_lines,
        t.n("… and {count} more line", "… and {count} more lines", news.more) if news.more else None,
        t.n("{count} line is gone.", "{count} lines are gone.", news.gone) if news.gone else None,
        t("The title is another one.") if news.title else None,
        t("Pictures or examples are new: press 📋.") if news.pictures or news.examples else None,
        " ",
    ]
    return lines(*rows)


ROUTES = (
    Route(ChooseContent, WORKER, offers.choose_content),
    Route(
        ShowInstructions,
        WORKER,
        dispatch.then_show_options(honest_card.show_instructions),
        command="instructions",
        means="all that your task's project asks for",
    ),
)
