"""A task in hand: answered, changed, skipped, refused."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from domain.people.accounts import WORKER
from domain.projects.projects import (
    LONGEST_ANSWER,
    LONGEST_ITEM,
    LONGEST_WHY,
    MOST_EXAMPLES,
    WorkedExample,
)
from domain.work.honest_card import (
    LINES,
    ExamplesShown,
    HonestCard,
    InstructionNews,
    ProjectInstructions,
    TrackRecord,
)
from domain.work.messages import ContentAgreed, ContentWarning, TaskShown
from domain.work.offers import COUNTED
from handlers import answers, quotations
from handlers.fairness import ratings
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    MESSAGE,
    Button,
    Picture,
    Screen,
    clipped,
    lines,
    shows,
    visible,
)
from handlers.work import answer_messages, corrections
from locales.translator import Html, Translator
from services.work import content_choices, honest_card


class ChooseContent(Payload, code="cw"):
    """Whether a worker wants what a project shows: 1 yes, 0 no."""

    project: Number
    agrees: bool


class ShowInstructions(Payload, code="in"):
    """All of a project's; of the task in hand, or the latest, where `project` is 0."""

    project: Number = 0


def kinds(content: Sequence[str], t: Translator) -> str:
    """“violence, sexual content”."""
    return t.all_of([kind_names(t).get(kind, kind) for kind in content])


def kind_names(t: Translator) -> dict[str, str]:
    return {
        "violence": t.plain("violence"),
        "sexual": t.plain("sexual content"),
        "hate": t.plain("hate"),
        "self_harm": t.plain("self-harm"),
        "medical": t.plain("wounds, illness, operations"),
        "disturbing": t.plain("what may disturb you"),
    }


@shows(ContentWarning)
def warning(m: ContentWarning, t: Translator) -> Screen:
    yes = Button(t.plain("▶️ Show me these tasks"), ChooseContent(project=m.project, agrees=True).pack())
    no = Button(t.plain("🚫 Not this project"), ChooseContent(project=m.project, agrees=False).pack())
    head = t("<b>{title}</b> · {pay}", title=m.title, pay=t.money(m.pay, m.currency))
    return Screen(
        lines(
            answer_messages.said_of_last(m.last, t),
            Html(f"⚠️ {head}"),
            t("{name} says these tasks show: <b>{kinds}</b>.", name=m.requester, kinds=kinds(m.content, t)),
            t("If you want them, your task of <b>{title}</b> goes to somebody else.", title=m.leaves)
            if m.leaves
            else None,
            t("Do you want them? We ask once. A no costs you nothing, and you can leave at any time: /leave"),
        ),
        ((yes,), (no,), *corrections.after(m.last, t)),
        anew=True,
    )


@shows(ContentAgreed)
def agreed(m: ContentAgreed, t: Translator) -> Screen:
    return Screen(t("✓ <b>{title}</b>: you want its tasks. /leave ends that at any time.", title=m.title))


NAMED = 24  # characters of the requester's name in the short lines


def card(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """Pay, time and who asks in two lines; below them, folded, what is agreed to, and the rest."""
    short = lines(in_short(shown, about, t), who_asks(about, t))
    return lines(short, Html(f"<blockquote expandable>{_rest(shown, about, t)}</blockquote>"))


def in_short(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """“🆕 €0.05 · 8 seconds · €22.50/h · pending”; without pay an hour before it is measured."""
    pending = about.accept == "review" or about.gold
    measured = about.measured and about.hourly is not None
    hour = t("{hour}/h", hour=t.money(about.hourly or 0, shown.currency)) if measured else ""
    parts = (
        Html(f"🆕 <b>{t.money(shown.pay, shown.currency)}</b>"),
        Html(t.duration(about.milliseconds)),
        hour,
        t("pending") if pending else t("paid at once"),
    )
    return Html(" · ".join(filter(None, parts)))


def who_asks(about: HonestCard, t: Translator) -> Html:
    """“👤 Anna · 12 left · ⭐ 3.9 (24)”."""
    asks = Html(escape(t.isolated(clipped(about.requester, NAMED)), quote=False))
    rating = ratings.short_rating(about.rating, t) if about.rating else ""
    parts = (asks or t("requester unknown"), tasks_left(about.left, t), rating)
    return Html("👤 " + " · ".join(filter(None, parts)))


def tasks_left(left: int, t: Translator) -> Html:
    """“12 left”; counting ends somewhere. Beside a task, what is left after it."""
    if not left:
        return t("the last one")
    if left >= COUNTED:
        return t("more than {count} left", count=t.number(COUNTED - 1))
    return t.n("{count} left", "{count} left", left)


def _rest(shown: TaskShown, about: HonestCard, t: Translator) -> Html:
    """What counts most first: three lines are read without unfolding it."""
    return lines(
        consent(t),
        t("🎯 Your answers are for: {purpose}", purpose=about.purpose)
        if about.purpose
        else t("🎯 The requester has not said what the answers are for."),
        *whereto(about, t),
        t(
            "💶 {pay} for every answer, “can't tell” too. The money is already set aside.",
            pay=t.money(shown.pay, shown.currency),
        ),
        pay_an_hour(about, shown.currency, t),
        when_paid(about, t),
        track_record(about.record, t),
        ratings.rating_line(about.rating, t) if about.rating else None,
        ratings.reply_line(about.rating, t),
        answers.screen_of(shown.kind).request(shown.options, t),
        t(
            "⌛ You have {time} for each task. Later is paid too, while the task still needs an answer.",
            time=t.n("{count} minute", "{count} minutes", shown.minutes),
        ),
        t("⚠️ The tasks show: {kinds}.", kinds=kinds(about.content, t)) if about.content else None,
        Html(f"🗣 /board_{shown.project} · ❓ /faq_{shown.project}"),
    )


def whereto(about: HonestCard, t: Translator) -> tuple[Html | None, ...]:
    """What leaves, and to whom."""
    name = about.requester or t.plain("the requester")
    goes = (
        t(
            "📤 What you send goes to {name} as it is, under a made-up name. Leave out what tells who you are.",
            name=name,
        )
        if about.own
        else t("📤 Your answer goes to {name}, under a made-up name.", name=name)
    )
    return goes, t("🤖 A program has answered these tasks too. Yours is compared with it.") if about.models else None


def track_record(record: TrackRecord | None, t: Translator) -> Html:
    """Rejections and time to pay of the requester's latest answers."""
    if record is None:
        return t("📊 New here: too few answers were decided to say how many are rejected and how soon they are paid.")
    figures = {"count": t.number(record.decided), "share": t.percent(record.rejected / record.decided)}
    if record.rejected == record.decided:
        return t("📊 Of the last {count} answers, {share} were rejected.", **figures)
    if not record.paid_within:
        return t(
            "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid at once.", **figures
        )
    return t(
        "📊 Of the last {count} answers, {share} were rejected. Half of the others were paid within {time}.",
        time=t.duration(record.paid_within),
        **figures,
    )


def pay_an_hour(about: HonestCard, currency: str, t: Translator) -> Html:
    """No figure by the hour before enough answers were measured; what is promised is the least of it."""
    seconds = t.duration(about.milliseconds)
    if about.measured and about.hourly is not None:
        hour = t.money(about.hourly, currency)
        return t("⏱ {seconds} a task (measured): about {hour} an hour", seconds=seconds, hour=hour)
    said = (
        t("⏱ About {seconds} a task, the requester says; not measured yet.", seconds=seconds)
        if about.stated
        else t("⏱ About {seconds} a task, we think; not measured yet.", seconds=seconds)
    )
    least = t("Less than {floor} an hour is topped up.", floor=t.money(about.floor, currency))
    return Html(f"{said} {least}") if about.floor else said


def consent(t: Translator) -> Html:
    return t(
        "By answering, you agree that the requester may use your answers, without your name. You can take that back: /leave. /privacy"
    )


def when_paid(about: HonestCard, t: Translator) -> Html:
    if about.accept == "review":
        return t(
            "✅ Your pay is pending at first. The requester has {hours} hours to decide; if nothing is said, you are paid.",
            hours=about.hours,
        )
    if about.gold:
        return t(
            "✅ Your pay is pending at first. Answer a few check questions right and all of it is yours at once; "
            "otherwise it is yours after {hours} hours.",
            hours=about.hours,
        )
    return t("✅ Your pay is yours at once.")


TOLD, BRIEF = 160, 60  # characters of a changed line; beside a picture


@shows(ProjectInstructions)
def whole_instructions(of: ProjectInstructions, t: Translator) -> Screen:
    head = lines(
        t("📋 <b>{title}</b>", title=of.title), t("Version {version}", version=of.edition) if of.edition else None
    )
    rules = quotations.instructions(of.instructions, MESSAGE - visible(head) - 1, t, expanded=True)
    return Screen(lines(head, rules), album=tuple(map(Picture, of.pictures)))


@shows(ExamplesShown)
def examples(of: ExamplesShown, t: Translator) -> Screen:
    """Pictures stand above, each with its number."""
    shown = [(at, each) for at, each in enumerate(of.examples[:MOST_EXAMPLES], 1)]
    album = tuple(
        Picture(each.picture, t("Example {number}: <b>{answer}</b>", number=at, answer=each.answer))
        for at, each in shown
        if each.picture
    )
    head = t("💡 <b>Examples</b> · {title}", title=clipped(of.title, TOLD))
    return Screen(lines(head, *(_example(at, each, t) for at, each in shown)), album=album)


def _example(number: int, each: WorkedExample, t: Translator) -> Html:
    item = quotations.quoted(clipped(each.item, LONGEST_ITEM)) if each.item else None
    above = t("🖼 the picture above") if each.picture else None
    head = t("{number}. {line}", number=number, line=above) if above else Html(f"{number}.")
    why = Html(f"<i>{escape(clipped(each.why, LONGEST_WHY), quote=False)}</i>") if each.why else None
    answer = escape(clipped(each.answer, LONGEST_ANSWER), quote=False)
    return lines(head, item, Html(f"✅ <b>{answer}</b>"), why)


def changed_rules(news: InstructionNews | None, t: Translator, brief: bool) -> Html | None:
    """Once, before the next task of whoever had read an earlier version."""
    if news is None:
        return None
    room = BRIEF if brief else TOLD
    told = [t("{number}. {line}", number=at, line=clipped(line, room)) for at, line in news.lines[:LINES]]
    rows = [
        t("✏️ <b>The instructions have changed</b> since your last task:"),
        *told,
        t.n("… and {count} more line", "… and {count} more lines", news.more) if news.more else None,
        t.n("{count} line is gone.", "{count} lines are gone.", news.gone) if news.gone else None,
        t("The title is another one.") if news.title else None,
        t("Pictures or examples are new: press 📋.") if news.pictures or news.examples else None,
        " ",
    ]
    return lines(*rows)


ROUTES = (
    Route(ChooseContent, WORKER, content_choices.choose),
    Route(
        ShowInstructions,
        WORKER,
        honest_card.show,
        command="instructions",
        means="all that your task's project asks for",
    ),
)
