"""A project is launched, pauses, ends; confirmations before it does."""

from domain.projects.messages import (
    ConfirmDelete,
    ConfirmStop,
    DraftDeleted,
    ProjectComplete,
    ProjectLaunched,
    ProjectStopped,
)
from domain.projects.outlooks import EverybodySkipped
from handlers.payloads.authoring import EditProject
from handlers.payloads.projects import DeleteDraft, ShowProject, StopProject
from handlers.screens.projects.progress import controls, to_decide
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from locales import Html, Translator
from services.projects.launches import CardOutdated


@toasts(CardOutdated)
def card_outdated(_: CardOutdated, t: Translator) -> Toast:
    return Toast(t.plain("Here is what it costs by now. Nothing was started yet."))


@shows(ProjectLaunched)
def launched(told: ProjectLaunched, t: Translator) -> Screen:
    held = t.money(told.held, told.currency)
    return Screen(t("🚀 <b>{title}</b> is running. {held} is set aside for it.", title=told.title, held=held))


@shows(ProjectComplete)
def complete(told: ProjectComplete, t: Translator) -> Screen:
    returned = t.money(told.returned, told.currency)
    return Screen(
        lines(
            t("🏁 <b>{title}</b> is complete.", title=told.title),
            t("{returned} was not needed and is free again.", returned=returned) if told.returned else None,
            to_decide(told.to_review, told.until, t),
        ),
        controls(told.number, "complete", t, waits=told.to_review),
    )


@shows(EverybodySkipped)
def skipped(told: EverybodySkipped, t: Translator) -> Screen:
    number = told.number
    said = (
        t.n("{count} report", "{count} reports", told.reports) if told.reports else None,
        t.n("{count} question without an answer", "{count} questions without an answer", told.questions)
        if told.questions
        else None,
        t.n("{count} person asks for more pay", "{count} people ask for more pay", told.pay) if told.pay else None,
    )
    times = t.n("{count} time", "{count} times", told.skips)
    people = t.n("{count} person", "{count} people", told.people)
    return Screen(
        lines(
            t("⏭ <b>{title}</b> stands still.", title=told.title),
            t.n(
                "{count} task is left, and nobody is there who has not had it.",
                "{count} tasks are left, and nobody is there who has not had them.",
                told.tasks,
            ),
            t("They were skipped {times} by {people}. Who skips need not say why.", times=times, people=people),
            t("What workers said of the project: {said}", said=Html(", ".join(filter(None, said))))
            if any(said)
            else None,
            t("Whoever is new is still asked. You can:"),
            t(
                "• see how it goes: /project_{number}; make the instructions clearer: the button below",
                number=number,
            ),
            t("• pay more: /raise_{number}", number=number),
            t("• invite people: /invite_{number}", number=number),
            t(
                "• end it: /stop_{number}. What was answered is yours, the money for the rest comes back.",
                number=number,
            ),
        ),
        ((Button(t.plain("✏️ Instructions"), EditProject(number=number, here=False).pack()),),),
    )


@shows(ConfirmStop)
def ask_to_stop(told: ConfirmStop, t: Translator) -> Screen:
    held = t.money(told.held, told.currency)
    return Screen(
        t(
            "⏹ <b>{title}</b>\nStop this project? {closed} of {tasks} tasks are done. {held} is held: what no answer needs comes back to you.",
            title=told.title,
            closed=t.number(told.closed),
            tasks=t.number(told.tasks),
            held=held,
        ),
        (
            (
                Button(t.plain("⏹ Yes, stop"), StopProject(number=told.number, sure=True).pack(), style="danger"),
                Button(t.plain("No, go on"), ShowProject(number=told.number).pack()),
            ),
        ),
    )


@shows(ProjectStopped)
def stopped(told: ProjectStopped, t: Translator) -> Screen:
    returned = t.money(told.returned, told.currency)
    return Screen(
        lines(
            t("⏹ <b>{title}</b> is stopped. {returned} came back to you.", title=told.title, returned=returned),
            t.n(
                "{count} worker still has a task in hand: if it is answered, it is paid.",
                "{count} workers still have a task in hand: if it is answered, it is paid.",
                told.in_hand,
            )
            if told.in_hand
            else None,
            t.n(
                "The pay of {count} answer is still to be decided: /review_{number}",
                "The pay of {count} answers is still to be decided: /review_{number}",
                told.undecided,
                number=told.number,
            )
            if told.undecided
            else None,
        ),
        controls(told.number, "stopped", t),
    )


@shows(ConfirmDelete)
def ask_to_delete(told: ConfirmDelete, t: Translator) -> Screen:
    return Screen(
        t(
            "Project {number} has not been launched: <b>{title}</b>. Delete it with its tasks?",
            number=told.number,
            title=told.title,
        ),
        ((Button(t.plain("🗑 Yes, delete"), DeleteDraft(number=told.number).pack(), style="danger"),),),
    )


@shows(DraftDeleted)
def deleted(told: DraftDeleted, t: Translator) -> Screen:
    return Screen(t("🗑 Draft {number} is deleted: {title}", number=told.number, title=told.title))
