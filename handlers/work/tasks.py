"""Screens, buttons and routes of a task, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.people.accounts import EVERYBODY, REQUESTER, WORKER
from domain.people.teams import Right
from domain.work.honest_card import HonestCard
from domain.work.messages import (
    CARD_DETAILS,
    KEYS_OF_ANSWER,
    AnswerRead,
    MatterOver,
    Paused,
    ProjectAccepted,
    ProjectDeclined,
    Qualified,
    Submitted,
    TaskGone,
    TaskMoved,
    TaskShown,
    TaskSkipped,
    TextRead,
    WrongKindSent,
)
from domain.work.offers import Skipped
from handlers import answers, quotations, task_buttons
from handlers.fairness import counter_offers, questions, ratings, reports
from handlers.payload import Number, Payload
from handlers.people import consents
from handlers.routing import Route
from handlers.screen import (
    CAPTION,
    MESSAGE,
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    join_into_messages,
    lines,
    reading_buttons,
    shorten_html,
    shows,
    to_button_rows,
    toasts,
    visible_length,
)
from handlers.work import answer_messages as answer_messages_handlers
from handlers.work import corrections, honest_card, offers
from locales.translator import Html, Translator
from services.work import answer_messages, dispatch, inputs, submit


class Pause(Payload, code="p"):
    pass


class SubmitAnswer(Payload, code="a"):
    assignment: Number
    option: Number


class Choose(Payload, code="o"):
    """One of several presses that make up an answer."""

    assignment: Number
    option: Number


class Undo(Payload, code="un"):
    assignment: Number


class Done(Payload, code="dn"):
    assignment: Number


class CantTell(Payload, code="c"):
    assignment: Number


class Skip(Payload, code="s"):
    assignment: Number


class ShowActions(Payload, code="mo"):
    """⋯"""

    assignment: Number


class HideActions(Payload, code="mb"):
    assignment: Number


class ShowCardDetails(Payload, code="md"):
    assignment: Number


class HideCardDetails(Payload, code="mh"):
    assignment: Number


class ReadText(Payload, code="rx"):
    """A text of the task in hand that is too long for its message."""

    assignment: Number
    column: Number


class ReadShown(Payload, code="rz"):
    """A text that is too long for the message beside an answer: in review, appeals and redos."""

    submission: Number
    column: Number


class ReadAnswer(Payload, code="rk"):
    """An answer that is too long for the message that shows it."""

    submission: Number


class ReadOwn(Payload, code="ry"):
    """A text that is too long for a preview, or for the message where a requester makes check questions."""

    task: Number
    column: Number


class AskForWork(Payload, code="w"):
    pass


class TypeWords(Payload):
    """Plain text: the answer to a task, or to a question that is open. `replied` is the message it replies to."""

    text: str
    replied: int = 0


class SendAnswer(Payload):
    """A photo, a voice message or a location; `what` names which, empty for anything else; `album` is empty for none.
    `flaws` and `mark` are what the checks of the file found (`handlers/documents.py`)."""

    what: str = ""
    handed_in: str = ""
    album: str = ""
    flaws: str = ""
    mark: str = ""


class KeepFile(Payload, code="kf"):
    assignment: Number


MAX_HEADER_TITLE_CHARS = 44  # characters of a title above a task, from where its instructions are folded
MAX_GLANCE_CHARS = 180  # characters of instructions that are read beside the question of every task
SCREEN_LINES, SCREEN_LINE_CHARS, LINES_PER_BUTTON_ROW = 21, 40, 2.2  # of a chat on a phone of 360 × 640


@shows(TaskShown)
def show_task(shown: TaskShown, t: Translator) -> Screen:
    """Show a task to its worker, always whole and last, beside its buttons. Text that has no room in the message, on a
    small screen, or in the caption of its picture stands above it in messages of its own: the card and the instructions
    of the first task, and a long text. Instructions of later tasks are shortened, and left to the 📋 button beside a
    picture."""
    buttons = _get_buttons(shown)
    if shown.exchange == CARD_DETAILS and shown.card is not None:
        return _show_card_details(shown, shown.card, t)
    if shown.exchange:
        is_for_answer = shown.exchange == KEYS_OF_ANSWER
        return Screen(
            "", task_keyboard(shown, buttons, t) if is_for_answer else actions_keyboard(shown, t), keyboard_only=True
        )
    title = clipped(shown.title, MAX_HEADER_TITLE_CHARS) if shown.folded else shown.title
    head = _format_head(title, shown.pay, shown.currency, t)
    text, picture, album = quotations.split_task_content(shown.kind, shown.content, shown.options)
    body = Html(f"\n{quotations.quote(text)}\n") if text.strip() else Html("")
    request = answers.screen_of(shown.kind).ask(buttons, t) or Html("")
    feedback = lines(
        _format_above(shown, t),
        honest_card.format_proof(shown.proof, t),
        honest_card.format_changed_rules(shown.news, t, is_brief=picture is not None),
    )
    taken_chars = sum(map(visible_length, (head, body, request, feedback))) + 5
    limit = CAPTION if picture else MESSAGE
    is_long = picture is not None and taken_chars > limit
    is_whole = picture is not None or shown.card is not None
    card = honest_card.format_card(shown, shown.card, t) if shown.card else Html("")
    room = MESSAGE if is_whole else limit - taken_chars
    is_open = _is_read_at_a_glance(shown.instructions) and not shown.folded
    rules = quotations.format_instructions(shown.instructions, room, t, expanded=is_open)
    if shown.folded and picture is not None and not kind_of(shown.kind).asks_questions:
        rules = Html("")
    messages_above: tuple[Html, ...] = ()
    keyboard = task_keyboard(shown, buttons, t)
    takes_message = shown.last is not None and bool(shown.last.replaces)
    is_card_above = shown.card is not None and (
        picture is not None
        or not (takes_message or _fits_on_screen(lines(feedback, card, head, rules, body, request), keyboard))
    )
    if is_card_above or (is_whole and (is_long or visible_length(card) + visible_length(rules) > limit - taken_chars)):
        messages_above = join_into_messages(card, rules if shown.card else None, body if is_long else None)
        card, rules, body = Html(""), Html(""), Html("") if is_long else body
        if takes_message and is_card_above and not is_long:
            messages_above = ()  # they stand there since the project's first task, which was skipped
    text_shown = lines(feedback, card, head, rules, body, request)
    is_new = not (shown.late or shown.draft)
    return Screen(
        text_shown,
        keyboard,
        photo=picture,
        album=album,
        anew=is_new,
        before=messages_above,
        place_button=answers.screen_of(shown.kind).place_button(t),
    )


def _show_card_details(shown: TaskShown, facts: HonestCard, t: Translator) -> Screen:
    """Show the details of the card in place of the task. The button that leads back stands where ⋯ stands below a task,
    so that a double tap answers nothing."""
    _, picture, _ = quotations.split_task_content(shown.kind, shown.content, shown.options)
    instructions_button = Button(t.plain("📋 Instructions"), honest_card.ShowInstructions.wire(shown.project))
    back_button = Button(t.plain("⬅️ Back"), HideCardDetails.wire(shown.assignment))
    text = Html(shorten_html(honest_card.format_details(shown, facts, t), CAPTION if picture else MESSAGE))
    return Screen(text, ((instructions_button, back_button),), photo=picture)


def _fits_on_screen(text: str, keyboard: Keyboard) -> bool:
    """Return whether a text and its buttons fit on a phone of 360 × 640, as far as characters tell."""
    text_lines = sum(1 + visible_length(line) // SCREEN_LINE_CHARS for line in text.split("\n"))
    return text_lines + LINES_PER_BUTTON_ROW * len(keyboard) <= SCREEN_LINES


@lru_cache(256)
def _format_head(title: str, pay: int, currency: str, t: Translator) -> Html:
    """Return the title and the pay, which are the same above every task of a project."""
    return t("<b>{title}</b> · {pay}", title=title, pay=t.money(pay, currency))


def _is_read_at_a_glance(rules: Sequence[str]) -> bool:
    """Return whether the instructions can stand above every task and leave its question on a small screen."""
    return sum(map(len, rules)) <= MAX_GLANCE_CHARS


def _get_buttons(shown: TaskShown) -> task_buttons.TaskButtons:
    return (task_buttons.changing if shown.changing else task_buttons.answering)(
        shown.assignment, shown.options, shown.draft
    )


def _format_above(shown: TaskShown, t: Translator) -> Html | None:
    """Return what stands above the task: that an answer is being changed, that time is up, or feedback on the last
    answer."""
    if shown.paid_again:
        return t("🔁 <b>Your answer once more</b> · paid again")
    if shown.changing:
        return t("↩️ <b>Change your answer</b> · your pay stays the same")
    if shown.late:
        return t("⌛ <b>Time is up.</b> Others are asked now; while nobody has answered, your answer is still paid.")
    return lines(
        answer_messages_handlers.format_last_answer(shown.last, t),
        t("👇 <b>Read this one first</b>: your last press came too soon.") if shown.pressed_unread else None,
    )


def task_keyboard(shown: TaskShown, buttons: task_buttons.TaskButtons, t: Translator) -> Keyboard:
    """Return the buttons of a task: the options first, each with its own words; the last row is the same under every
    task, so that nothing moves under the thumb."""
    rows = list(answers.screen_of(shown.kind).rows(buttons, t))
    if shown.assignment:
        rows += reading_buttons(
            shown.content, lambda column: ReadText(assignment=shown.assignment, column=column).pack(), t
        )
    unsure_label = t.plain("🤷 Can't tell")
    if shown.changing:
        return (*rows, corrections.correction_row(unsure_label, shown.assignment, t))
    unsure_button = Button(unsure_label, CantTell.wire(shown.assignment))
    if shown.card is not None:
        details_button = Button(t.plain("🔎 Details"), ShowCardDetails.wire(shown.assignment))
        is_done_alone = bool(rows) and [button.data for button in rows[-1]] == [buttons.done]
        rows[len(rows) - is_done_alone :] = [(details_button, *(rows[-1] if is_done_alone else ()))]
    return (*rows, (unsure_button, Button("⋯", ShowActions.wire(shown.assignment))))


def actions_keyboard(shown: TaskShown, t: Translator) -> Keyboard:
    """Return the buttons that ⋯ brings in place of the options: all that this answer does not need. The one that brings
    the options back stands where ⋯ stood."""
    buttons = [
        Button(t.plain("⏭ Skip"), Skip.wire(shown.assignment)),
        Button(t.plain("📋 Instructions"), honest_card.ShowInstructions.wire(shown.project)),
        *corrections.last_answer_buttons(shown.last, t),
        Button(t.plain("❓ Ask"), questions.AskQuestion.wire(shown.assignment)),
        Button(t.plain("🚩 Report"), reports.ReportTask.wire(shown.assignment)),
        Button(t.plain("💶 Too low"), counter_offers.AskPay.wire(shown.project)),
    ]
    if shown.card is not None and shown.card.faq:
        label = t.plain("📖 Questions ({count})", count=t.number(shown.card.faq))
        buttons.append(Button(label, questions.ShowFaq.wire(shown.project, 0)))
    if shown.card is not None and shown.card.rate:
        buttons.append(ratings.rate_button(shown.card.rate, t))
    leave_button = Button(t.plain("🚫 Leave this project"), offers.Decline.wire(shown.project))
    back_button = Button("⬅️", HideActions.wire(shown.assignment))
    return (*to_button_rows(buttons), (leave_button, back_button))


@shows(TextRead)
def show_text(m: TextRead, t: Translator) -> Screen:
    head = (
        t("📖 <b>{label}</b>", label=m.label)
        if m.of == 1
        else t("📖 <b>{label}</b>, part {part} of {of}", label=m.label, part=m.part, of=m.of)
    )
    return Screen(lines(head, quotations.quote(m.text)), silent=True)


@shows(AnswerRead)
def show_answer(m: AnswerRead, t: Translator) -> Screen:
    head = (
        t("📖 <b>The answer</b>")
        if m.of == 1
        else t("📖 <b>The answer</b>, part {part} of {of}", part=t.number(m.part), of=t.number(m.of))
    )
    answer_text = clipped(
        answers.screen_of(m.kind).describe_fully(m.answer, t).strip(), MESSAGE - visible_length(head) - 1
    )
    return Screen(lines(head, quotations.quote(answer_text)), silent=True)


@shows(WrongKindSent)
def show_wrong_kind(sent: WrongKindSent, t: Translator) -> Screen:
    """Show how the task in hand is answered, to a worker who sent something that does not answer it."""
    hint_by_input = {
        Wants.PRESS: t("That task is answered with the buttons under it. /work shows it again."),
        Wants.PRESSES: t("That task is answered with the buttons under it, then “Done”. /work shows it again."),
        Wants.TEXT: t("That task is answered in words: write to me. /work shows it again."),
        Wants.PHOTO: t("That task is answered with a photo: send me one. /work shows it again."),
        Wants.VOICE: t("That task is answered with a voice message: send me one. /work shows it again."),
        Wants.LOCATION: t("That task is answered with a place: press 📎, then Location. /work shows it again."),
        Wants.PAGE: t("That task is answered on a page: press the button under it. /work shows it again."),
    }
    return Screen(lines(t("🤔 I can't take this as an answer to the task you have."), hint_by_input[sent.wants]))


@shows(TaskSkipped)
def show_skipped(task: TaskSkipped, t: Translator) -> Screen:
    task_beginning = clipped(task.about, answer_messages_handlers.MAX_BEGINNING_CHARS)
    if task.reported:
        return Screen(t("🚩 reported · <i>{about}</i>", about=task_beginning))
    return Screen(t("⏭ skipped · <i>{about}</i>", about=task_beginning))


@shows(TaskMoved)
def show_moved(task: TaskMoved, t: Translator) -> Screen:
    return Screen(
        t("⬇️ further down · <i>{about}</i>", about=clipped(task.about, answer_messages_handlers.MAX_BEGINNING_CHARS))
    )


@shows(TaskGone)
def show_gone(task: TaskGone, t: Translator) -> Screen:
    return Screen(
        t(
            "⌛ too late, no answer is needed any more · <i>{about}</i>",
            about=clipped(task.about, answer_messages_handlers.MAX_BEGINNING_CHARS),
        )
    )


@shows(ProjectDeclined)
def show_declined(message: ProjectDeclined, t: Translator) -> Screen:
    undo_button = Button(t.plain("↩️ Undo"), offers.AcceptAgain(project=message.project).pack())
    too_low_button = Button(t.plain("💶 The pay is too low"), counter_offers.AskPay.wire(message.project))
    withdraw_row = (
        ((Button(t.plain("📤 Take my answers back too"), consents.AskToWithdraw.wire(message.project)),),)
        if message.answers
        else ()
    )
    rate = ((ratings.rate_button(message.rate, t),),) if message.rate else ()
    declined_line = t("<b>{title}</b>: you get no more tasks from this project.", title=message.title)
    return Screen(declined_line, ((undo_button,), (too_low_button,), *withdraw_row, *rate))


@shows(ProjectAccepted)
def show_accepted(message: ProjectAccepted, t: Translator) -> Screen:
    return Screen(t("<b>{title}</b>: you get tasks from this project again.", title=message.title))


@shows(MatterOver)
def show_matter_over(_: MatterOver, t: Translator) -> Screen:
    return Screen(t("⌛ This is over: there is nothing left to press here."))


@shows(Paused)
def show_paused(message: Paused, t: Translator) -> Screen:
    go_on_button = Button(t.plain("▶️ Go on"), AskForWork().pack(), style="success")
    return Screen(
        lines(
            answer_messages_handlers.format_last_answer(message.last, t),
            t("⏸ <b>Paused.</b> We send you nothing until you press /work."),
        ),
        ((go_on_button,), *corrections.last_answer_keyboard(message.last, t)),
        anew=True,
    )


@shows(Qualified)
def show_qualified(message: Qualified, t: Translator) -> Screen:
    amount = t.money(message.amount, message.currency)
    return Screen(
        lines(
            t("🎉 <b>You have qualified: {title}</b>", title=message.title),
            t("{amount} that was pending is yours now. From now on, each answer is paid at once.", amount=amount),
        )
    )


@toasts(Submitted)
def toast_submitted(result: Submitted, t: Translator) -> Toast:
    """Return the toast of a submission: the pay, or that a missed check question is explained below."""
    pay = t.money(result.pay, result.currency)
    if result.missed:
        return Toast(t.plain("✗ Missed: see the 💡. {pay}", pay=pay))
    return Toast(t.plain("Received. {pay} pending", pay=pay) if result.held else t.plain("Received. + {pay}", pay=pay))


@toasts(Skipped)
def toast_skipped(result: Skipped, t: Translator) -> Toast:
    if result.left is None:
        return Toast(t.plain("Skipped. It costs you nothing."))
    if result.left <= 0:
        return Toast(t.plain("Skipped. More tasks come tomorrow."))
    return Toast(
        t.n(
            "Skipped. {count} more skip today.",
            "Skipped. {count} more skips today.",
            result.left,
        )
    )


ROUTES = (
    Route(AskForWork, EVERYBODY, submit.ask_for_work, command="work", means="one task now", listed=WORKER),
    Route(SubmitAnswer, WORKER, submit.submit_press),
    Route(CantTell, WORKER, submit.cant_tell),
    Route(Choose, WORKER, inputs.choose_option),
    Route(Undo, WORKER, inputs.undo_press),
    Route(Done, WORKER, inputs.finish),
    Route(Skip, WORKER, submit.skip_task),
    Route(ShowActions, WORKER, dispatch.show_actions),
    Route(HideActions, WORKER, dispatch.show_options),
    Route(ShowCardDetails, WORKER, dispatch.show_card_details),
    Route(HideCardDetails, WORKER, dispatch.hide_card_details),
    Route(ReadText, WORKER, answer_messages.read_task_text),
    Route(ReadShown, EVERYBODY, answer_messages.read_answered_text, right=Right.LOOK),
    Route(ReadAnswer, EVERYBODY, answer_messages.read_answer, right=Right.LOOK),
    Route(ReadOwn, REQUESTER, answer_messages.read_own_task_text, right=Right.LOOK),
    Route(Pause, EVERYBODY, submit.pause_pushes, command="pause", means="no messages until /work", listed=WORKER),
    Route(TypeWords, EVERYBODY, inputs.take_words),
    Route(SendAnswer, EVERYBODY, inputs.take_attachment),
    Route(KeepFile, WORKER, inputs.keep_file),
)
