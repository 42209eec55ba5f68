"""Screens of a requester's first project: its card for admins, and the decision for the requester."""

from __future__ import annotations

from domain.answers import kind_of
from domain.fairness.first_look import (
    Flag,
    Found,
    LaunchWaits,
    LookApproved,
    LookDecided,
    LookReasonWanted,
    LookRefused,
    ProjectReworded,
    ProjectToApprove,
    ProjectWords,
    QuestionToApprove,
)
from domain.people.accounts import ADMIN
from handlers import answers, quotations
from handlers.fairness import stops
from handlers.payload import Number, Payload
from handlers.projects import launches
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, fit_rows, lines, reason_question, shows
from handlers.work import honest_card
from locales.languages import LANGUAGES
from locales.translator import Html, Translator
from services.fairness import approvals


class ShowLook(Payload, code="lk"):
    project: Number


class ApproveLook(Payload, code="ly"):
    """`version` is that of the card: what the admin saw."""

    project: Number
    version: Number


class RefuseLook(Payload, code="ln"):
    project: Number
    version: Number


MAX_TITLE_CHARS, MAX_OPTIONS_CHARS, MAX_SAMPLE_CHARS, MAX_INSTRUCTIONS_CHARS = (
    60,
    300,
    200,
    3_200,
)  # characters: a title, all options, a sample task, the instructions
MAX_ADDRESS_CHARS, MAX_FIELDS_CHARS = 300, 500  # characters of an address, of all fields or hosts
MAX_SAMPLES_CHARS, MAX_FLAGS_CHARS = 900, 1_100  # characters of all samples, of all that was found


def flag_name(flag: Flag, t: Translator) -> str:
    return {
        Flag.ACCOUNTS: t.plain("🔑 Accounts and passwords"),
        Flag.REVIEWS: t.plain("⭐ Reviews to be written"),
        Flag.CAPTCHAS: t.plain("🧩 CAPTCHAs"),
        Flag.PAPERS: t.plain("🪪 Identity papers"),
        Flag.MONEY: t.plain("💳 Money and banks"),
        Flag.CRYPTO: t.plain("🪙 Cryptocurrency"),
        Flag.CONTACTS: t.plain("☎️ Contacts"),
        Flag.LINKS: t.plain("🔗 Links"),
        Flag.SOFTWARE: t.plain("💾 Programs to install"),
        Flag.ADULT: t.plain("🔞 Disturbing content"),
        Flag.DISGUISE: t.plain("🎭 Letters in disguise"),
    }[flag]


@shows(LaunchWaits)
def launch_waits_screen(m: LaunchWaits, t: Translator) -> Screen:
    title = clipped(m.title, MAX_TITLE_CHARS)
    head = (
        t("⏳ <b>{number}: {title}</b> still waits for an admin.", number=m.project, title=title)
        if m.again
        else t("⏳ <b>{number}: {title}</b> waits for an admin.", number=m.project, title=title)
    )
    return Screen(
        lines(
            head,
            t("Before a first project starts, a human looks at it. Then it starts by itself, and I tell you."),
            t("Nothing is held yet. You can still change it."),
            t("It was refused before:") if m.refused else None,
            quotations.quote(m.refused) if m.refused else None,
        )
    )


@shows(ProjectWords)
def project_words_screen(m: ProjectWords, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👀 <b>{number}: {title}</b>", number=m.project, title=m.title),
            quotations.format_instructions(m.instructions, MAX_INSTRUCTIONS_CHARS, t, expanded=True),
        ),
        silent=True,
    )


@shows(QuestionToApprove)
def question_to_approve_screen(m: QuestionToApprove, t: Translator) -> Screen:
    """A HIT's question as an admin reads it before deciding; the button opens the page or form as a worker gets it."""
    see = Button(t.plain("👁 See it as workers do"), page=f"look/{m.task}")
    return Screen(
        lines(
            t("👀 <b>What workers of project {number} get:</b>", number=m.project) if m.begins else None,
            t("🔗 A page on the requester's server: {address}", address=clipped(m.address, MAX_ADDRESS_CHARS))
            if m.address
            else None,
            quotations.quote(m.text) if m.text else None,
            t("… and {count} more characters.", count=t.number(m.more)) if m.more else None,
            t("⌨️ It asks to fill in: {fields}", fields=clipped(", ".join(m.fields), MAX_FIELDS_CHARS))
            if m.fields
            else None,
            t("🌐 It names these hosts: {hosts}", hosts=clipped(", ".join(m.hosts), MAX_FIELDS_CHARS))
            if m.hosts
            else None,
        ),
        ((see,),) if m.ends else (),
        silent=True,
    )


@shows(ProjectToApprove)
def project_to_approve_screen(m: ProjectToApprove, t: Translator) -> Screen:
    """The card on which an admin lets a first project start or refuses it; the affirmative button comes first."""
    yes = Button(t.plain("✅ Let it start"), ApproveLook.wire(m.project, m.edition), style="success")
    no = Button(t.plain("⛔ Refuse, with a reason"), RefuseLook.wire(m.project, m.edition), style="danger")
    return Screen(
        lines(
            t(
                "👀 <b>{number}: {title}</b> by {who}",
                number=m.project,
                title=clipped(m.title, MAX_TITLE_CHARS),
                who=m.who,
            ),
            t("It is their first project. It starts when an admin lets it."),
            t("🧪 Its first ten tasks start alone, as a pilot.") if m.pilot else None,
            t("Refused before: {reason}", reason=m.refused) if m.refused else None,
            " ",
            *_fact_lines(m, t),
            " ",
            *_flag_lines(m.flags, t),
            " ",
            t("<b>Tasks from all over it:</b>") if m.samples else None,
            *fit_rows(
                (quotations.quote(clipped(sample, MAX_SAMPLE_CHARS)) for sample in m.samples),
                t,
                len(m.samples),
                room=MAX_SAMPLES_CHARS,
            ),
        ),
        ((yes,), (no,)),
        silent=True,
    )


def _fact_lines(m: ProjectToApprove, t: Translator) -> list[Html | None]:
    pay, cost = t.money(m.pay, m.currency), t.money(m.cost, m.currency)
    tasks, gold = t.n("{count} task", "{count} tasks", m.tasks), t.number(m.gold)
    options = clipped(" · ".join(kind_of(m.kind).list_options(m.options)) or "–", MAX_OPTIONS_CHARS)
    return [
        t("🗂 {tasks}, and {gold} check questions · {overlap} × each", tasks=tasks, gold=gold, overlap=m.overlap),
        t("💶 {pay} an answer · {cost} at most", pay=pay, cost=cost)
        if m.hourly is None
        else t(
            "💶 {pay} an answer, about {hourly} an hour · {cost} at most",
            pay=pay,
            hourly=t.money(m.hourly, m.currency),
            cost=cost,
        ),
        t("✍️ {kind}: {options}", kind=answers.screen_of(m.kind).kind_label(t), options=options),
        _audience_line(m, t),
        t("⏱ {minutes} min for one task", minutes=m.minutes),
        t("🔍 The requester accepts or rejects each answer.") if m.accept == "review" else None,
        t("🎯 {purpose}", purpose=clipped(m.purpose, MAX_OPTIONS_CHARS)) if m.purpose else t("🎯 No purpose is given."),
        t("⚠️ Workers are warned before their first task: {kinds}.", kinds=honest_card.join_kinds(m.content, t))
        if m.content
        else None,
        None if kind_of(m.kind).is_of_programs else t("🧱 {template}", template=clipped(m.template, MAX_OPTIONS_CHARS)),
    ]


def _audience_line(m: ProjectToApprove, t: Translator) -> Html:
    """Line about who is asked (`services/work/task_selection.py`)."""
    if m.languages:
        names = ", ".join(LANGUAGES[code].name if code in LANGUAGES else code for code in m.languages)
        return t("🌍 Asked: who reads {languages}", languages=names)
    own = LANGUAGES[m.speaks].name if m.speaks in LANGUAGES else m.speaks
    return t("🌍 Asked: everybody. Who ticked languages: only with {language}", language=own)


def _flag_lines(flags_found: tuple[Found, ...], t: Translator) -> list[Html]:
    if not flags_found:
        return [t("🟢 No word of the list stands out. Read it all the same.")]
    rows = [
        t("• {what}: {words}", what=flag_name(flag_found.flag, t), words=", ".join(flag_found.words))
        for flag_found in flags_found
    ]
    return [t("🚩 <b>Worth a second look:</b>"), *fit_rows(rows, t, room=MAX_FLAGS_CHARS)]


@shows(ProjectReworded)
def project_reworded_screen(m: ProjectReworded, t: Translator) -> Screen:
    end = Button(t.plain("⏹ End it, with a reason"), stops.EndReported.wire(m.project), style="danger")
    return Screen(
        lines(
            t(
                "✏️ <b>{number}: {title}</b> by {who}",
                number=m.project,
                title=clipped(m.title, MAX_TITLE_CHARS),
                who=m.who,
            ),
            t("It runs, and its texts are edited. Version {version}:", version=m.edition),
            quotations.format_instructions(m.instructions, MAX_INSTRUCTIONS_CHARS - MAX_FLAGS_CHARS, t, expanded=True),
            *_flag_lines(m.flags, t),
        ),
        ((end,),),
        silent=True,
    )


@shows(LookReasonWanted)
def look_reason_wanted_screen(m: LookReasonWanted, t: Translator) -> Screen:
    return reason_question(
        t("⛔ <b>{title}</b> will not start.", title=clipped(m.title, MAX_TITLE_CHARS)),
        t("Its requester reads your reason, and may change the project and ask again."),
        t,
    )


@shows(LookDecided)
def look_decided_screen(m: LookDecided, t: Translator) -> Screen:
    labels = {"number": m.project, "title": clipped(m.title, MAX_TITLE_CHARS)}
    if not m.approved:
        return Screen(lines(t("⛔ <b>{number}: {title}</b> is refused.", **labels), quotations.quote(m.reason)))
    if m.started:
        return Screen(t("✅ <b>{number}: {title}</b> is approved, and runs.", **labels))
    return Screen(
        t("✅ <b>{number}: {title}</b> is approved. Something else is missing; its requester knows.", **labels)
    )


@shows(LookApproved)
def look_approved_screen(m: LookApproved, t: Translator) -> Screen:
    title = clipped(m.title, MAX_TITLE_CHARS)
    if m.started:
        return Screen(
            t("✅ An admin looked at <b>{title}</b>: it starts now. Your next projects start at once.", title=title)
        )
    launch_button = Button(t.plain("🚀 Launch"), launches.LaunchShown(number=m.project).pack(), style="success")
    return Screen(t("✅ An admin looked at <b>{title}</b>: it may start.", title=title), ((launch_button,),))


@shows(LookRefused)
def look_refused_screen(m: LookRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "⛔ An admin looked at <b>{title}</b>: it cannot start like this. The reason:",
                title=clipped(m.title, MAX_TITLE_CHARS),
            ),
            quotations.quote(m.reason),
            t("Change it and launch it again. Another admin will look at it.")
            if m.another
            else t("Change it and launch it again. There is no other admin: the same one will look again."),
            t("What is forbidden: /terms"),
        )
    )


ROUTES = (
    Route(ShowLook, ADMIN, approvals.show_first_look),
    Route(ApproveLook, ADMIN, approvals.approve_project),
    Route(RefuseLook, ADMIN, approvals.ask_refusal_reason),
)
