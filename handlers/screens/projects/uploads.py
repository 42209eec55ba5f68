"""Files of tasks: what is asked about them, and those that were dropped, exceed the limits, or were never launched."""

from html import escape

from domain.projects.draft_messages import (
    ColumnWanted,
    DraftLetGo,
    EmptyCells,
    FileAwaited,
    FileUnexplained,
    MediumNamed,
    MoreTasksWanted,
)
from domain.refusals import DraftsFull, FileDropped
from handlers.payloads.projects import ChooseColumn, StartProject, TakeFile
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.people.commands import project_example
from handlers.screens.projects.project_wizard import COLUMNS, SAID, WIDE, cancel
from handlers.screens.screen import Button, Keyboard, Screen, lines, refuses, shows
from locales import Html, Translator

MOST = 50  # buttons of columns


@shows(DraftLetGo)
def let_go(gone: DraftLetGo, t: Translator) -> Screen:
    days = t.n("It was not launched for {count} day.", "It was not launched for {count} days.", gone.days)
    if gone.whole:
        head = t("🧹 Draft {number} was deleted: {title}", number=gone.number, title=gone.title)
    else:
        head = t("🧹 The new tasks of project {number} were deleted: {title}", number=gone.number, title=gone.title)
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
def empty_cells(found: EmptyCells, t: Translator) -> Screen:
    rows = [t("line {line}, {column}", line=cell.line, column=clipped(cell.column, WIDE)) for cell in found.cells]
    head = t.n(
        "📎 <b>{name}</b>: {count} cell that workers would see is empty. Nothing was imported yet.",
        "📎 <b>{name}</b>: {count} cells that workers would see are empty. Nothing was imported yet.",
        found.total,
        name=clipped(found.name, COLUMNS),
    )
    leave = Button(t.plain("🧹 Leave these rows out"), TakeFile(leave_out=True).pack())
    return Screen(
        lines(head, " ", *fitted(rows, t, found.total), " ", t("Leave these rows out, or send the mended file.")),
        ((leave,), (cancel(t),)),
    )


@shows(ColumnWanted)
def column(wanted: ColumnWanted, t: Translator) -> Screen:
    rows = [
        (Button(clipped(name, WIDE) or str(at + 1), ChooseColumn(column=at).pack()),)
        for at, name in enumerate(wanted.columns[:MOST])
    ]
    return Screen(
        lines(
            t("📎 <b>{name}</b> is here.", name=clipped(wanted.name, COLUMNS)),
            t("Which column do workers see? Press one."),
            t("These names are the first row of your file."),
        ),
        (*rows, (cancel(t),)),
    )


@shows(FileAwaited)
def waiting(awaited: FileAwaited, t: Translator) -> Screen:
    return Screen(
        t("📎 I am waiting for the file with the tasks: send it here as a document. All you said before is kept."),
        ((cancel(t),),),
    )


@shows(MoreTasksWanted)
def add(wanted: MoreTasksWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("Send the file with the caption <code>/add {number}</code>.", number=wanted.number),
            t(
                "Its columns must be those of <b>{title}</b>: {columns}",
                title=wanted.title,
                columns=clipped(", ".join(wanted.columns), COLUMNS),
            ),
        )
    )


@shows(FileUnexplained)
def lost_file(unexplained: FileUnexplained, t: Translator) -> Screen:
    return Screen(
        lines(
            t("What should I do with this file? You need not send it again."),
            " ",
            project_example(t),
            " ",
            t("Or press /newproject: I ask you for one thing at a time."),
            t("You began this: <b>{title}</b>", title=clipped(unexplained.title, SAID)) if unexplained.title else None,
        ),
        _go_on(unexplained.title, t),
    )


def _go_on(title: str, t: Translator) -> Keyboard:
    """The form that was begun before, or a new one; the file is in it."""
    word = t.plain("▶️ Go on with it") if title else t.plain("➕ New project")
    return ((Button(word, StartProject().pack()),),)


@shows(MediumNamed)
def named(m: MediumNamed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🆔 Put this into a cell of your table, in a column called image, audio, voice or video:"),
            Html(f"<code>{escape(m.file)}</code>"),
        )
    )
