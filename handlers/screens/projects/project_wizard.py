"""The wizard behind /newproject."""

from html import escape

from domain.answers import kind_of, offered
from domain.projects.draft_messages import (
    ColumnWanted,
    DraftCancelled,
    EmptyCells,
    FileAwaited,
    FileUnexplained,
    FileWanted,
    MediumNamed,
    MoreTasksWanted,
    WizardQuestion,
)
from handlers.payloads.projects import CancelDraft, ChooseColumn, ChooseKind, TakeFile
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.people.commands import project_example
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

COLUMNS = 1000  # characters of a list of them
WIDE, MOST = 32, 50  # characters of a column's button; as many of them


def _step(at: WizardQuestion | FileWanted, t: Translator) -> Html:
    return t("<b>New project</b> · {number} of {of}", number=at.number, of=at.of)


def _cancel(t: Translator) -> tuple[tuple[Button, ...], ...]:
    return ((Button(t.plain("✖️ Cancel"), CancelDraft().pack(), style="danger"),),)


@shows(WizardQuestion)
def question(asked: WizardQuestion, t: Translator) -> Screen:
    rows = _kinds(t) if asked.step == "kind" else ()
    keeps = t("📎 {name} is kept for the last step.", name=clipped(asked.keeps, COLUMNS)) if asked.keeps else None
    return Screen(lines(keeps, _step(asked, t), _asked(asked, t)), (*rows, *_cancel(t)))


def _asked(asked: WizardQuestion, t: Translator) -> Html:
    compared = kind_of(asked.kind).options_are_columns
    return {
        "title": t("What is its title? A short question is best, for example <i>Is the review positive?</i>"),
        "instructions": t("What should workers do? Write one rule per line: a rejection must cite one of these lines."),
        "kind": t("How do workers answer? Press one."),
        "options": t(
            "What is compared? Separate the names with commas: <i>A, B</i>. Send <code>-</code> if your file has a column for each."
        )
        if compared
        else t("Which labels can be chosen? Separate them with commas: <i>car, person</i>. One is enough.")
        if kind_of(asked.kind).takes_labels
        else t(
            "Which answers can be chosen? Separate them with commas: <i>positive, negative</i>. Send <code>-</code> if your file has a <code>gold</code> column that holds them all."
        ),
        "question": t(
            "Which questions? One per line: how it is answered, the question, the options, and when it is asked. For example:\n"
            "<code>choice | Is there a car? | yes, no\nnumber | How many? | if q1 = yes</code>"
        ),
        "pay": t("What do you pay for one answer? For example <i>0.05</i>"),
        "seconds": t(
            "How long does one answer take, with the way there? For example <i>5 min</i>. If it takes longer, workers are paid more."
        ),
        "overlap": t("How many people should answer each task? <i>3</i> is a good start."),
    }[asked.step]


def _kinds(t: Translator) -> tuple[tuple[Button, ...], ...]:
    named = {kind: screen_of(kind).called(t) for kind in offered()}
    found = [Button(text, ChooseKind(kind=kind).pack()) for kind, text in named.items()]
    return ((found[0],), (found[1],), *(tuple(found[at : at + 2]) for at in range(2, len(found), 2)))


@shows(FileWanted)
def file(wanted: FileWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            _step(wanted, t) if wanted.of else t("<b>New project</b>"),
            t(
                "Now send the file with the tasks, one row per task: .csv, .tsv, .json, .jsonl, .xlsx, .xls, .ods or .parquet."
            ),
            t(
                "Four columns have a meaning: <code>gold</code> (the answer, where you know it: it checks the work), <code>reason</code> (why that answer is right), <code>overlap</code> (how many answers), <code>id</code>. The others hold what workers see."
            ),
            t("Or take the one you have sent: {name}", name=clipped(wanted.name, COLUMNS)) if wanted.name else None,
        ),
        (*_take(wanted, t), *_cancel(t)),
    )


def _take(wanted: FileWanted, t: Translator) -> tuple[tuple[Button, ...], ...]:
    label = t.plain("📎 Take {name}", name=clipped(wanted.name, WIDE))
    return ((Button(label, TakeFile(leave_out=False).pack()),),) if wanted.name else ()


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
        ((leave,), *_cancel(t)),
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
        ),
        (*rows, *_cancel(t)),
    )


@shows(FileAwaited)
def waiting(awaited: FileAwaited, t: Translator) -> Screen:
    return Screen(
        t("📎 I am waiting for the file with the tasks: send it here as a document. All you said before is kept."),
        _cancel(t),
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
        )
    )


@shows(MediumNamed)
def named(m: MediumNamed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🆔 Put this into a cell of your table, in a column called image, audio, voice or video:"),
            Html(f"<code>{escape(m.file)}</code>"),
        )
    )


@shows(DraftCancelled)
def cancelled(cancelled: DraftCancelled, t: Translator) -> Screen:
    return Screen(t("Cancelled. Nothing was kept."))
