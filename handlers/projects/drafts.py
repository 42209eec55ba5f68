"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from __future__ import annotations

from html import escape

from domain.people.accounts import REQUESTER
from domain.projects.drafts import CloneOffer, DraftLetGo, MediumNamed
from domain.projects.wizard import ColumnWanted, EmptyCells, FileAwaited, FileUnexplained, MoreTasksWanted
from domain.refusals import DraftsFull, FileDropped
from handlers.payload import Number, Payload
from handlers.projects import wizard
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, fit_rows, lines, refuses, shows
from jobs.uploads import intake
from locales.translator import Html, Translator
from services.projects import drafts


class TakeFirstRow(Payload, code="fn"):
    """The first row of a draft's file is a task, or names its columns."""

    number: Number
    is_task: bool


class OfferClone(Payload, code="co"):
    number: Number


class CloneProject(Payload, code="cl"):
    """`what` comes along: `none` of its rows, `gold` or `all`."""

    number: Number
    what: str


TITLE = 200


@shows(CloneOffer)
def offer_clone(m: CloneOffer, t: Translator) -> Screen:
    gold = t.n("🎯 With {count} check question", "🎯 With {count} check questions", m.gold)
    everything = t.n("🗂 With its {count} row", "🗂 With all its {count} rows", m.tasks + m.gold)
    rows = [(t.plain("📋 The settings only"), "none")]
    if 0 < m.gold <= m.most:
        rows.append((str(gold), "gold"))
    if m.tasks and m.tasks + m.gold <= m.most:
        rows.append((str(everything), "all"))
    large = t("It has too many tasks to copy: send its file again, with the caption the new project tells you.")
    return Screen(
        lines(
            t("📑 <b>{number}: {title}</b>", number=m.number, title=clipped(m.title, TITLE)),
            t("A new project with the same title, instructions, kind, pay and people. What comes along?"),
            large if m.tasks + m.gold > m.most else None,
        ),
        tuple((Button(label, CloneProject(number=m.number, what=what).pack()),) for label, what in rows),
    )


MOST = 50  # buttons of columns


@shows(DraftLetGo)
def show_draft_deleted_unused(m: DraftLetGo, t: Translator) -> Screen:
    days = t.n("It was not launched for {count} day.", "It was not launched for {count} days.", m.days)
    if m.whole:
        head = t("🧹 Draft {number} was deleted: {title}", number=m.number, title=m.title)
    else:
        head = t("🧹 The new tasks of project {number} were deleted: {title}", number=m.number, title=m.title)
    return Screen(lines(head, days, t("Send the file again if you need it.")))


@refuses(FileDropped)
def dropped(refusal: FileDropped, t: Translator) -> Screen:
    return Screen(t("🗑 <b>{name}</b> is dropped. Nothing of it was imported.", name=refusal.name))


@refuses(DraftsFull)
def drafts_full(refusal: DraftsFull, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🗄 <b>Too much is waiting to be launched.</b> This file was not imported."),
            t(
                "{rows} rows ({megabytes} MB) of yours wait already; at most {most} rows and {limit} MB may.",
                rows=t.number(refusal.rows),
                megabytes=t.number(refusal.megabytes),
                most=t.number(refusal.most),
                limit=t.number(refusal.limit),
            ),
            t("Launch a draft or delete one (/stop and its number), then send the file again. /projects lists them."),
        )
    )


@shows(EmptyCells)
def show_empty_cells(m: EmptyCells, t: Translator) -> Screen:
    rows = [t("line {line}, {column}", line=cell.line, column=clipped(cell.column, wizard.WIDE)) for cell in m.cells]
    head = t.n(
        "📎 <b>{name}</b>: {count} cell that workers would see is empty. Nothing was imported yet.",
        "📎 <b>{name}</b>: {count} cells that workers would see are empty. Nothing was imported yet.",
        m.total,
        name=clipped(m.name, wizard.COLUMNS),
    )
    leave = Button(t.plain("🧹 Leave these rows out"), wizard.TakeFile(leave_out=True).pack())
    return Screen(
        lines(head, " ", *fit_rows(rows, t, m.total), " ", t("Leave these rows out, or send the mended file.")),
        ((leave,), (wizard.cancel(t),)),
    )


@shows(ColumnWanted)
def ask_for_column(m: ColumnWanted, t: Translator) -> Screen:
    rows = [
        (Button(clipped(name, wizard.WIDE) or str(index + 1), wizard.ChooseColumn(column=index).pack()),)
        for index, name in enumerate(m.columns[:MOST])
    ]
    return Screen(
        lines(
            t("📎 <b>{name}</b> is here.", name=clipped(m.name, wizard.COLUMNS)),
            t("Which column do workers see? Press one."),
            t("These names are the first row of your file."),
        ),
        (*rows, (wizard.cancel(t),)),
    )


@shows(FileAwaited)
def waiting(awaited: FileAwaited, t: Translator) -> Screen:
    return Screen(
        t("📎 I am waiting for the file with the tasks: send it here as a document. All you said before is kept."),
        ((wizard.cancel(t),),),
    )


@shows(MoreTasksWanted)
def ask_for_tasks_file(m: MoreTasksWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("Send the file with the caption <code>/add {number}</code>.", number=m.number),
            t(
                "Its columns must be those of <b>{title}</b>: {columns}",
                title=m.title,
                columns=clipped(", ".join(m.columns), wizard.COLUMNS),
            ),
        )
    )


@shows(FileUnexplained)
def ask_about_file(m: FileUnexplained, t: Translator) -> Screen:
    """Ask a requester what a file without a caption is for: a button for each thing that can be done with it."""
    go_on = t.plain("▶️ Go on with it") if m.title else t.plain("➕ New project")
    return Screen(
        lines(
            t("📎 <b>{name}</b> is here. What is it for?", name=clipped(m.name, wizard.SAID)),
            t("You began this: <b>{title}</b>", title=clipped(m.title, wizard.SAID)) if m.title else None,
            t("With a caption it needs no questions: /help, “An example”."),
        ),
        (
            (Button(go_on, wizard.StartProject().pack()),),
            *(
                (Button(t.plain("📥 Add to {number} · {title}", number=number, title=title), data.pack()),)
                for number, title, data in (
                    (number, clipped(title, FILE_TITLE_CHARS), wizard.AddSentFile(number=number))
                    for number, title in m.projects
                )
            ),
        ),
    )


@shows(MediumNamed)
def show_medium_name(m: MediumNamed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🆔 Put this into a cell of your table, in a column called image, audio, voice or video:"),
            Html(f"<code>{escape(m.file)}</code>"),
        )
    )


FILE_TITLE_CHARS = 14  # characters of a title on a button

ROUTES = (
    Route(TakeFirstRow, REQUESTER, drafts.take_first_row, job=intake.read_draft_anew),
    Route(
        OfferClone,
        REQUESTER,
        drafts.offer_clone,
        command="clone",
        usage="N",
        means="a new project like this one",
    ),
    Route(CloneProject, REQUESTER, drafts.clone_project),
)
