"""Screens of reports: what is wrong with a task, and what becomes of its project."""

from __future__ import annotations

from domain.fairness.reports import (
    KINDS,
    EndReasonWanted,
    ProjectEndedByAdmin,
    ProjectReported,
    ReportDropped,
    ReportKind,
    ReportsDecided,
    ReportsToDecide,
    ReportWanted,
    ShownReport,
    TaskReported,
)
from domain.people.accounts import ADMIN, WORKER
from handlers import quotations
from handlers.fairness import stops
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, Toast, clipped, fit_rows, lines, reason_question, shows, toasts
from locales.translator import Html, Translator
from services.fairness import reports
from services.work import dispatch


class ReportTask(Payload, code="fl"):
    assignment: Number


class ReportAs(Payload, code="fk"):
    """`kind` is its place in domain/fairness/reports.py, KINDS."""

    assignment: Number
    kind: Number


class DropReport(Payload, code="fd"):
    pass


class ResumeReported(Payload, code="fr"):
    project: Number


class ShowReported(Payload, code="fs"):
    """A project that rests for reports."""

    project: Number


MAX_TITLE_CHARS = 60  # characters of a title
MAX_INSTRUCTIONS_CHARS = 1_200  # characters of instructions on an admin's card


def kind_name(kind: ReportKind, t: Translator) -> str:
    return {
        ReportKind.BROKEN: t.plain("🔧 It does not work"),
        ReportKind.PRIVATE: t.plain("🔒 Someone's private data"),
        ReportKind.DISTURBING: t.plain("😣 It is disturbing"),
        ReportKind.ILLEGAL: t.plain("⛔ It is illegal"),
        ReportKind.SCAM: t.plain("🎣 It is a scam"),
    }[kind]


@shows(ReportWanted)
def report_wanted_screen(m: ReportWanted, t: Translator) -> Screen:
    rows = [(Button(kind_name(kind, t), ReportAs.wire(m.assignment, position)),) for position, kind in enumerate(KINDS)]
    back = Button(t.plain("↩️ Nothing, go back"), DropReport().pack())
    return Screen(
        lines(
            t("🚩 <b>What is wrong with this task?</b>"),
            quotations.quote(m.about),
            t("A scam asks for accounts, reviews, CAPTCHAs, identity papers or money."),
            t("You lose nothing by it: you get another task, and what you earned stays yours."),
        ),
        (*rows, (back,)),
    )


@toasts(ReportWanted)
def report_wanted_toast(m: ReportWanted, t: Translator) -> Toast:
    """Toast under the question what is wrong: a second press changes nothing else on the screen."""
    return Toast(t.plain("🚩 What is wrong? Choose below."))


@shows(ReportDropped)
def report_dropped_screen(m: ReportDropped, t: Translator) -> Screen:
    return Screen(t("🚩 Nothing was reported."))


@shows(TaskReported)
def task_reported_screen(m: TaskReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚩 <b>{title}</b>: reported. Thank you.", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(kind_name(m.kind, t)),
            t("Nobody is asked there until a human has looked. You will hear what came of it.")
            if m.paused
            else t("When others say so too, the project stops until a human has looked."),
        )
    )


@shows(ProjectReported)
def project_reported_screen(m: ProjectReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(m.title, MAX_TITLE_CHARS)),
            t("Workers reported it:"),
            *(t("• {what}", what=kind_name(kind, t)) for kind in m.kinds),
            t("Nobody is asked, and nothing can be rejected, until a human has looked. What is forbidden: /terms"),
        )
    )


@shows(ReportsToDecide)
def reports_to_decide_screen(m: ReportsToDecide, t: Translator) -> Screen:
    go_on = Button(t.plain("▶️ Let it go on"), ResumeReported(project=m.project).pack())
    end = Button(t.plain("⏹ End it, with a reason"), stops.EndReported(project=m.project).pack(), style="danger")
    title = clipped(m.title, MAX_TITLE_CHARS)
    return Screen(
        lines(
            t("🚩 <b>{number}: {title}</b> by {who} is paused.", number=m.project, title=title, who=m.who),
            *fit_rows((_report_line(report, t) for report in m.reports), t, len(m.reports), room=2_000),
            quotations.format_instructions(m.instructions, MAX_INSTRUCTIONS_CHARS, t, expanded=False),
        ),
        ((go_on,), (end,)),
    )


def _report_line(report: ShownReport, t: Translator) -> Html:
    facts = {"what": kind_name(report.kind, t), "about": report.about, "worker": report.worker or "–"}
    if not report.dismissed:
        return t("• {what} · <i>{about}</i> · {worker}", **facts)
    return t("• {what} · <i>{about}</i> · {worker}, wrong before: {count}", **facts, count=t.number(report.dismissed))


@shows(EndReasonWanted)
def end_reason_wanted_screen(m: EndReasonWanted, t: Translator) -> Screen:
    return reason_question(
        t("⏹ <b>{title}</b> will end.", title=clipped(m.title, MAX_TITLE_CHARS)),
        t("Its requester and those who reported it read your reason. What was answered is paid."),
        t,
    )


@shows(ReportsDecided)
def reports_decided_screen(m: ReportsDecided, t: Translator) -> Screen:
    title = clipped(m.title, MAX_TITLE_CHARS)
    if not m.ended:
        return Screen(t("▶️ <b>{title}</b>: somebody looked at it, and it goes on.", title=title))
    return Screen(
        lines(
            t("⏹ <b>{title}</b>: somebody looked at it, and it has ended.", title=title),
            quotations.quote(m.reason),
            t("What was answered is paid."),
        )
    )


@shows(ProjectEndedByAdmin)
def project_ended_by_admin_screen(m: ProjectEndedByAdmin, t: Translator) -> Screen:
    appeal = ((Button(t.plain("⚖️ Appeal"), stops.AppealStop.wire(m.stop), style="primary"),),) if m.stop else ()
    return Screen(
        lines(
            t("⏹ An admin ended <b>{title}</b>. The reason:", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(m.reason),
            t("{returned} came back to you. What was answered is paid.", returned=t.money(m.returned, m.currency)),
            t("You can appeal. A human answers within 14 days.") if m.stop else None,
        ),
        appeal,
    )


ROUTES = (
    Route(ReportTask, WORKER, dispatch.then_show_options(reports.ask_for_report)),
    Route(ReportAs, WORKER, reports.report_task),
    Route(DropReport, WORKER, reports.drop_report),
    Route(ResumeReported, ADMIN, reports.resume_project),
    Route(ShowReported, ADMIN, reports.show_reports),
)
