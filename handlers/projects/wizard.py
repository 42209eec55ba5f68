"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from __future__ import annotations

from domain.answers import kind_of, list_offered_kinds
from domain.people.accounts import EVERYBODY, REQUESTER
from domain.projects.wizard import AnewAsked, DraftCancelled, FileWanted, WizardQuestion
from handlers import answers
from handlers.payload import Number, Payload, Words, Written
from handlers.projects import preflight
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, example_part_question, lines, shows, to_button_rows
from jobs.uploads import intake
from locales.presets import list_presets
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


class AddSentFile(Payload, code="af"):
    """The file that was sent without a caption, for one's own project."""

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


def _step(m: WizardQuestion | FileWanted, t: Translator) -> Html:
    if not m.of:
        return t("<b>New project</b> · step {number}", number=m.number)
    return t("<b>New project</b> · {number} of {of}", number=m.number, of=m.of)


def cancel(t: Translator) -> Button:
    return Button(t.plain("✖️ Cancel"), CancelDraft().pack(), style="danger")


def _end_buttons(number: int, is_begun: bool, t: Translator) -> Keyboard:
    """Return the buttons that go one step back, begin anew or cancel."""
    back = (Button(t.plain("⬅️ Back"), StepBack().pack()),) if number > 1 else ()
    anew = ((Button(t.plain("🆕 Begin anew"), BeginAnew().pack()),),) if is_begun else ()
    return (*anew, (*back, cancel(t)))


@shows(WizardQuestion)
def ask_step(m: WizardQuestion, t: Translator) -> Screen:
    keeps = t("📎 {name} is kept for the last step.", name=clipped(m.keeps, COLUMNS)) if m.keeps else None
    resumed = t("📝 This is how far you were.") if m.kept else None
    current = _format_answer(m.step, m.now, m.currency, t)
    now = t("Now: <i>{said}</i>", said=clipped(current, NOW)) if m.now else None
    return Screen(
        lines(keeps, resumed, _step(m, t), _step_question(m, t), _pay_basis(m, t), now),
        (*_answer_buttons(m, t), *_end_buttons(m.number, m.kept, t)),
        anew=True,
    )


@shows(AnewAsked)
def ask_anew(m: AnewAsked, t: Translator) -> Screen:
    sure = Button(t.plain("🗑 Throw it away"), SurelyAnew().pack(), style="danger")
    stay = Button(t.plain("↩️ Go on with it"), KeepStep().pack())
    steps = t.n("{count} answer", "{count} answers", m.steps)
    return Screen(
        t("Throw away what you said so far? {title} ({steps})", title=clipped(m.title, SAID), steps=steps),
        ((stay,), (sure,)),
        anew=True,
    )


def _format_answer(step: str, answer: str, currency: str, t: Translator) -> str:
    """Return the answer to a step; a pay with its currency."""
    return t.money(int(answer), currency) if step == "pay" and answer.isdecimal() else answer


def _pay_basis(m: WizardQuestion, t: Translator) -> Html | None:
    """Return why these amounts are offered, or None if the step asks for no pay."""
    if m.step != "pay" or not m.suggested or not m.floor:
        return None
    return t(
        "These buttons pay at least the minimum of {floor} an hour, at about {seconds} s an answer.",
        floor=t.money(m.floor, m.currency),
        seconds=t.number(round(m.seconds)),
    )


def _answer_buttons(m: WizardQuestion, t: Translator) -> Keyboard:
    """Return the buttons of a step that one press answers."""
    keep = ((Button(t.plain("➡️ Leave it"), KeepStep().pack()),),) if m.now else ()
    if m.step == "kind":
        return (*_kind_buttons(t), *keep)
    if m.step == "title" and not m.now:
        return _preset_buttons(t)
    return (*_suggestion_buttons(m, t), *keep)


def _suggestion_buttons(m: WizardQuestion, t: Translator) -> Keyboard:
    words = {value: t.money(value, m.currency) if m.step == "pay" else str(value) for value in m.suggested}
    amounts = [Button(label, SayStep(step=m.step, value=value).pack()) for value, label in words.items()]
    return (tuple(amounts[:SHOWN]),) if amounts and m.step in _names(t) else ()


def _preset_buttons(t: Translator) -> Keyboard:
    preset_buttons = [
        Button(preset.label, ChoosePreset(name=preset.name).pack()) for preset in list_presets(t.language)
    ]
    return to_button_rows(preset_buttons)


def _step_question(m: WizardQuestion, t: Translator) -> Html:
    return {
        "title": _title_question(m, t),
        "instructions": t("What should workers do? Write one rule per line: a rejection must cite one of these lines."),
        "kind": t("How do workers answer? Press one."),
        "options": _options_question(m.kind, t),
        "question": t(
            "Which questions? One per line: how it is answered, the question, the options, and when it is asked. For example:\n"
            "<code>choice | Is there a car? | yes, no\nnumber | How many? | if q1 = yes</code>"
        ),
        "pay": t("What do you pay for one answer? For example <i>{amount}</i>", amount=t.money(CENTS, m.currency)),
        "seconds": t(
            "How long does one answer take, with the way there? For example <i>5 min</i>. If it takes longer, workers are paid more."
        ),
        "picture": _ask_for_attachment(m, t),
        "example": _ask_for_attachment(m, t),
        "overlap": t("How many people should answer each task? <i>3</i> is a good start."),
    }[m.step]


def _title_question(m: WizardQuestion, t: Translator) -> Html:
    if m.now:
        return t("What is its title? A short question is best, for example <i>Is the review positive?</i>")
    return t(
        "What is its title? A short question is best, for example <i>Is the review positive?</i> Or press what comes close: it fills in all the rest, and you can change it."
    )


def _options_question(kind: str, t: Translator) -> Html:
    if kind_of(kind).options_are_columns:
        return t(
            "What is compared? Separate the names with commas: <i>A, B</i>. Send <code>-</code> if your file has a column for each."
        )
    if kind_of(kind).takes_labels:
        return t("Which labels can be chosen? Separate them with commas: <i>car, person</i>. One is enough.")
    return t(
        "Which answers can be chosen? Separate them with commas: <i>positive, negative</i>. Send <code>-</code> if your file has a <code>gold</code> column that holds them all."
    )


def _kind_buttons(t: Translator) -> Keyboard:
    kind_names = {kind: answers.screen_of(kind).kind_label(t) for kind in list_offered_kinds()}
    kind_buttons = [Button(text, ChooseKind(kind=kind).pack()) for kind, text in kind_names.items()]
    return ((kind_buttons[0],), (kind_buttons[1],), *to_button_rows(kind_buttons[2:]))


@shows(FileWanted)
def ask_for_file(m: FileWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            _step(m, t) if m.of else t("<b>New project</b>"),
            t(
                "Now send the file with the tasks, one row per task: .csv, .tsv, .json, .jsonl, .xlsx, .xls, .ods or .parquet."
            ),
            t(
                "Four columns have a meaning: <code>gold</code> (the answer, where you know it: it checks the work), <code>reason</code> (why that answer is right), <code>overlap</code> (how many answers), <code>id</code>. The others hold what workers see."
            ),
            t("Or take the one you have sent: {name}", name=clipped(m.name, COLUMNS)) if m.name else None,
            *_answers_so_far(m, t),
        ),
        (*_take_buttons(m, t), *_change_buttons(m, t), *_end_buttons(m.number, m.kept, t)),
        anew=True,
    )


def _answers_so_far(m: FileWanted, t: Translator) -> list[Html | str | None]:
    """Return the form so far, and the columns that go with it."""
    step_names = _names(t)
    answers_by_step = {step: answer for step, answer in m.said if step in step_names}
    checks_line = (
        preflight.find_checks_line(answers_by_step["kind"], (), t)
        if answers_by_step.get("kind") in list_offered_kinds()
        else None
    )
    if answers_by_step.get("kind") in list_offered_kinds():
        answers_by_step["kind"] = answers.screen_of(answers_by_step["kind"]).kind_label(t)
    answers_by_step |= {step: _format_answer(step, answer, m.currency, t) for step, answer in answers_by_step.items()}
    if answers_by_step.get("seconds", "").isdecimal():
        answers_by_step["seconds"] += " s"
    rows = [
        t("<b>{name}</b>: {said}", name=step_names[step], said=clipped(answer.replace("\n", " · "), SAID))
        for step, answer in answers_by_step.items()
    ]
    fits = t("Its columns: {columns}", columns=", ".join(m.columns)) if m.columns else None
    return [" ", *rows, checks_line, fits] if rows else [fits]


def _change_buttons(m: FileWanted, t: Translator) -> Keyboard:
    step_names = _names(t)
    steps = [step for step, _ in m.said if step in step_names]
    change_buttons = [Button(f"✏️ {step_names[step]}", ChangeStep(step=step).pack()) for step in steps]
    if m.of and "instructions" in steps:
        attachments = {"picture": t.plain("🖼 Add a picture"), "example": t.plain("💡 Add an example")}
        change_buttons = [button for button, step in zip(change_buttons, steps, strict=True) if step not in attachments]
        change_buttons += [Button(label, ChangeStep(step=step).pack()) for step, label in attachments.items()]
    return to_button_rows(change_buttons)


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


def _ask_for_attachment(m: WizardQuestion, t: Translator) -> Html:
    """Ask for a picture or an example that stands beside the instructions."""
    none = t("Send <code>-</code> for none.")
    return lines(example_part_question(m.step, m.pictured, t), none)


def _take_buttons(m: FileWanted, t: Translator) -> Keyboard:
    label = t.plain("📎 Take {name}", name=clipped(m.name, WIDE))
    return ((Button(label, TakeFile(leave_out=False).pack()),),) if m.name else ()


@shows(DraftCancelled)
def cancelled(m: DraftCancelled, t: Translator) -> Screen:
    if m.of_another:
        return Screen(t("Cancelled: this question is not open any more."))
    if m.nothing:
        return Screen(t("Nothing is open: there is nothing to cancel."))
    return Screen(t("✖️ Cancelled. /newproject begins again."))


ROUTES = (
    Route(StartProject, REQUESTER, wizard.begin_form, command="newproject", means="start a project"),
    Route(
        DescribeProject, REQUESTER, wizard.read_description, command="newproject", job=intake.begin_described_project
    ),
    Route(ChooseKind, REQUESTER, wizard.press_kind),
    Route(BeginAnew, REQUESTER, wizard.ask_to_begin_anew),
    Route(SurelyAnew, REQUESTER, wizard.begin_anew),
    Route(ChoosePreset, REQUESTER, wizard.choose_preset),
    Route(StepBack, REQUESTER, wizard.go_back),
    Route(ChangeStep, REQUESTER, wizard.change_step),
    Route(KeepStep, REQUESTER, wizard.keep_step),
    Route(SayStep, REQUESTER, wizard.take_suggestion),
    Route(ChooseColumn, REQUESTER, wizard.choose_column, job=intake.take_waiting_file),
    Route(TakeFile, REQUESTER, wizard.waiting_file, job=intake.take_waiting_file),
    Route(
        CancelDraft,
        EVERYBODY,
        wizard.cancel_form,
        command="cancel",
        means="drop the form that is being filled in",
    ),
    Route(AddSentFile, REQUESTER, wizard.add_sent_file, job=intake.take_waiting_file),
    Route(AddTasks, REQUESTER, wizard.ask_for_file, command="add", usage="N", means="more tasks for a project"),
    Route(AddFrom, REQUESTER, wizard.addition, command="add", usage="N ADDRESS", job=intake.add_tasks_from_address),
)
