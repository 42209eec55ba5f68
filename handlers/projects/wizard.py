"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from __future__ import annotations

from domain.answers import kind_of, offered
from domain.people.accounts import EVERYBODY, REQUESTER
from domain.projects.wizard import (
    AnewAsked,
    DraftCancelled,
    FileWanted,
    WizardQuestion,
)
from handlers import answers
from handlers.payload import (
    Number,
    Payload,
    Words,
    Written,
)
from handlers.projects import preflight
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    asked_for,
    clipped,
    in_rows,
    lines,
    shows,
)
from jobs.uploads import intake
from locales.presets import presets
from locales.translator import Html, Translator
from services.projects import wizard


class SurelyAnew(Payload, code="ns"):
    pass


class StartProject(Payload, code="np"):
    pass


class DescribeProject(Payload):
    """`/newproject` with its lines."""

    form: Written


class AddTasks(Payload):
    number: Number


class AddFrom(Payload):
    """`/add N https://…`"""

    number: Number
    address: Words


class ChooseKind(Payload, code="ck"):
    kind: str


class BeginAnew(Payload, code="na"):
    """Asks first."""


class ChoosePreset(Payload, code="ps"):
    name: str


class StepBack(Payload, code="sb"):
    pass


class ChangeStep(Payload, code="sc"):
    step: str


class KeepStep(Payload, code="wk"):
    pass


class SayStep(Payload, code="ws"):
    """A suggested answer to a step; a pay in millionths."""

    step: str
    value: Number


class ChooseColumn(Payload, code="cc"):
    """The place of a column in the file that was sent, from 0."""

    column: Number


class TakeFile(Payload, code="tf"):
    """The file that was sent before; `leave_out` its rows with an empty cell."""

    leave_out: bool


class CancelDraft(Payload, code="cd"):
    pass


COLUMNS = 1000  # characters of a list of them
WIDE = 32  # characters of a button with a name of the file
SHOWN = 5  # suggested answers
CENTS = 50_000  # millionths: a pay as an example
NOW, SAID = 300, 120  # characters of an answer that was given before; of each in the list of all


def _step(at: WizardQuestion | FileWanted, t: Translator) -> Html:
    if not at.of:
        return t("<b>New project</b> · step {number}", number=at.number)
    return t("<b>New project</b> · {number} of {of}", number=at.number, of=at.of)


def cancel(t: Translator) -> Button:
    return Button(t.plain("✖️ Cancel"), CancelDraft().pack(), style="danger")


def _end(number: int, kept: bool, t: Translator) -> Keyboard:
    """One step back, all of it anew, or nothing of it."""
    back = (Button(t.plain("⬅️ Back"), StepBack().pack()),) if number > 1 else ()
    anew = ((Button(t.plain("🆕 Begin anew"), BeginAnew().pack()),),) if kept else ()
    return (*anew, (*back, cancel(t)))


@shows(WizardQuestion)
def question(asked: WizardQuestion, t: Translator) -> Screen:
    keeps = t("📎 {name} is kept for the last step.", name=clipped(asked.keeps, COLUMNS)) if asked.keeps else None
    kept = t("📝 This is how far you were.") if asked.kept else None
    said = _said_so(asked.step, asked.now, asked.currency, t)
    now = t("Now: <i>{said}</i>", said=clipped(said, NOW)) if asked.now else None
    return Screen(
        lines(keeps, kept, _step(asked, t), _asked(asked, t), _fair(asked, t), now),
        (*_answers(asked, t), *_end(asked.number, asked.kept, t)),
        anew=True,
    )


@shows(AnewAsked)
def ask_anew(asked: AnewAsked, t: Translator) -> Screen:
    sure = Button(t.plain("🗑 Throw it away"), SurelyAnew().pack(), style="danger")
    stay = Button(t.plain("↩️ Go on with it"), KeepStep().pack())
    steps = t.n("{count} answer", "{count} answers", asked.steps)
    return Screen(
        t("Throw away what you said so far? {title} ({steps})", title=clipped(asked.title, SAID), steps=steps),
        ((stay,), (sure,)),
        anew=True,
    )


def _said_so(step: str, said: str, currency: str, t: Translator) -> str:
    """A pay stands with its currency."""
    return t.money(int(said), currency) if step == "pay" and said.isdecimal() else said


def _fair(asked: WizardQuestion, t: Translator) -> Html | None:
    """Why these amounts are offered."""
    if asked.step != "pay" or not asked.suggested or not asked.floor:
        return None
    return t(
        "These buttons pay at least the minimum of {floor} an hour, at about {seconds} s an answer.",
        floor=t.money(asked.floor, asked.currency),
        seconds=t.number(round(asked.seconds)),
    )


def _answers(asked: WizardQuestion, t: Translator) -> Keyboard:
    """What is answered with one press."""
    keep = ((Button(t.plain("➡️ Leave it"), KeepStep().pack()),),) if asked.now else ()
    if asked.step == "kind":
        return (*_kinds(t), *keep)
    if asked.step == "title" and not asked.now:
        return _presets(t)
    return (*_suggested(asked, t), *keep)


def _suggested(asked: WizardQuestion, t: Translator) -> Keyboard:
    words = {value: t.money(value, asked.currency) if asked.step == "pay" else str(value) for value in asked.suggested}
    said = [Button(label, SayStep(step=asked.step, value=value).pack()) for value, label in words.items()]
    return (tuple(said[:SHOWN]),) if said and asked.step in _names(t) else ()


def _presets(t: Translator) -> Keyboard:
    shown = [Button(preset.called, ChoosePreset(name=preset.name).pack()) for preset in presets(t.language)]
    return in_rows(shown)


def _asked(asked: WizardQuestion, t: Translator) -> Html:
    compared = kind_of(asked.kind).options_are_columns
    return {
        "title": t("What is its title? A short question is best, for example <i>Is the review positive?</i>")
        if asked.now
        else t(
            "What is its title? A short question is best, for example <i>Is the review positive?</i> Or press what comes close: it fills in all the rest, and you can change it."
        ),
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
        "pay": t("What do you pay for one answer? For example <i>{amount}</i>", amount=t.money(CENTS, asked.currency)),
        "seconds": t(
            "How long does one answer take, with the way there? For example <i>5 min</i>. If it takes longer, workers are paid more."
        ),
        "picture": _beside(asked, t),
        "example": _beside(asked, t),
        "overlap": t("How many people should answer each task? <i>3</i> is a good start."),
    }[asked.step]


def _kinds(t: Translator) -> Keyboard:
    named = {kind: answers.screen_of(kind).called(t) for kind in offered()}
    found = [Button(text, ChooseKind(kind=kind).pack()) for kind, text in named.items()]
    return ((found[0],), (found[1],), *in_rows(found[2:]))


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
            *_said(wanted, t),
        ),
        (*_take(wanted, t), *_changes(wanted, t), *_end(wanted.number, wanted.kept, t)),
        anew=True,
    )


def _said(wanted: FileWanted, t: Translator) -> list[Html | str | None]:
    """The form so far, and the columns that go with it."""
    named = _names(t)
    known = {step: said for step, said in wanted.said if step in named}
    looked = preflight.looked_at(known["kind"], (), t) if known.get("kind") in offered() else None
    if known.get("kind") in offered():
        known["kind"] = answers.screen_of(known["kind"]).called(t)
    known |= {step: _said_so(step, said, wanted.currency, t) for step, said in known.items()}
    if known.get("seconds", "").isdecimal():
        known["seconds"] += " s"
    rows = [
        t("<b>{name}</b>: {said}", name=named[step], said=clipped(said.replace("\n", " · "), SAID))
        for step, said in known.items()
    ]
    fits = t("Its columns: {columns}", columns=", ".join(wanted.columns)) if wanted.columns else None
    return [" ", *rows, looked, fits] if rows else [fits]


def _changes(wanted: FileWanted, t: Translator) -> Keyboard:
    named = _names(t)
    steps = [step for step, _ in wanted.said if step in named]
    shown = [Button(f"✏️ {named[step]}", ChangeStep(step=step).pack()) for step in steps]
    if wanted.of and "instructions" in steps:
        more = {"picture": t.plain("🖼 Add a picture"), "example": t.plain("💡 Add an example")}
        shown = [button for button, step in zip(shown, steps, strict=True) if step not in more]
        shown += [Button(label, ChangeStep(step=step).pack()) for step, label in more.items()]
    return in_rows(shown)


def _names(t: Translator) -> dict[str, str]:
    return {
        "title": t.plain("Title"),
        "instructions": t.plain("Instructions"),
        "kind": t.plain("Kind of answer"),
        "question": t.plain("The questions"),
        "options": t.plain("Options"),
        "seconds": t.plain("Time"),
        "pay": t.plain("Pay"),
        "overlap": t.plain("Answers a task"),
        "picture": t.plain("Pictures"),
        "example": t.plain("Examples"),
    }


def _beside(asked: WizardQuestion, t: Translator) -> Html:
    """What stands beside the instructions."""
    none = t("Send <code>-</code> for none.")
    return lines(asked_for(asked.step, asked.pictured, t), none)


def _take(wanted: FileWanted, t: Translator) -> Keyboard:
    label = t.plain("📎 Take {name}", name=clipped(wanted.name, WIDE))
    return ((Button(label, TakeFile(leave_out=False).pack()),),) if wanted.name else ()


@shows(DraftCancelled)
def cancelled(m: DraftCancelled, t: Translator) -> Screen:
    if m.of_another:
        return Screen(t("Cancelled: this question is not open any more."))
    return Screen(t("Cancelled. Nothing was kept."))


ROUTES = (
    Route(StartProject, REQUESTER, wizard.begin_form, command="newproject", means="start a project"),
    Route(DescribeProject, REQUESTER, wizard.read_description, command="newproject", job=intake.describe),
    Route(ChooseKind, REQUESTER, wizard.press_kind),
    Route(BeginAnew, REQUESTER, wizard.ask_to_begin_anew),
    Route(SurelyAnew, REQUESTER, wizard.begin_anew),
    Route(ChoosePreset, REQUESTER, wizard.choose_preset),
    Route(StepBack, REQUESTER, wizard.go_back),
    Route(ChangeStep, REQUESTER, wizard.change_step),
    Route(KeepStep, REQUESTER, wizard.keep_step),
    Route(SayStep, REQUESTER, wizard.take_suggestion),
    Route(ChooseColumn, REQUESTER, wizard.choose_column, job=intake.take),
    Route(TakeFile, REQUESTER, wizard.waiting_file, job=intake.take),
    Route(
        CancelDraft,
        EVERYBODY,
        wizard.cancel_form,
        command="cancel",
        means="drop the form that is being filled in",
    ),
    Route(AddTasks, REQUESTER, wizard.ask_for_file, command="add", usage="N", means="more tasks for a project"),
    Route(AddFrom, REQUESTER, wizard.addition, command="add", usage="N ADDRESS", job=intake.add_from),
)
