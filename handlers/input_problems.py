"""Unreadable input, with its correct form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.money.amounts import CENT
from domain.refusals import BadInput, FileRefused, FormRefused
from formats.captions.caption import PARSERS
from formats.captions.questions import CONDITION_EXAMPLE as CONDITION
from formats.captions.questions import QUESTION_EXAMPLE
from formats.errors import EXPECTED
from handlers.screen import (
    MESSAGE,
    Screen,
    clipped,
    fit_rows,
    lines,
    refuses,
    take_fitting_rows,
    visible_length,
    with_remaining_count,
)
from locales.languages import caption_word
from locales.translator import Html, Translator

COMMANDS_OF_WORKERS = ("/board", "/faq", "/forget", "/leave")  # who asks has no list of projects of their own
MAX_VALUE_CHARS = 300  # characters of a typed text, or of a list of accepted values


def _explain_unclear_amount(r: BadInput, value: str, t: Translator) -> Html:
    """Text for an amount with two readings, such as a thousand or one."""
    one_reading, other_reading = (*r.expected, "", "")[:2]
    return t(
        "“{value}” could be two amounts; nothing was changed. Write <code>{first}</code> or <code>{second}</code>.",
        value=value,
        first=one_reading,
        second=other_reading,
    )


def _explain_missing_number(r: BadInput, t: Translator) -> Html:
    """Text for a command without its number: what to type."""
    command, *words = (*r.expected, "/project N")[0].split()
    if "N" not in words:
        return t("Like this: <code>{usage}</code>", usage=clipped(" ".join((command, *words)), MAX_VALUE_CHARS))
    own = r.expected[1:] if command not in COMMANDS_OF_WORKERS else []
    example = f"{command} {(*own, '7')[0]}"
    if command in COMMANDS_OF_WORKERS:
        return t(
            "Which project? Type its number after the command, like this: <code>{example}</code>. For your work, buttons lead there: on the card above your first task, under /leave and /board.",
            example=example,
        )
    return t(
        "Which project? Type its number after the command, like this: <code>{example}</code>. Your projects and their numbers: /projects",
        example=example,
    )


def _card_bounds(r: BadInput, t: Translator) -> Html:
    """Text that says which amounts a card can pay; `expected` are the smallest and the largest in cents, and the
    currency."""
    if r.what != "card_amount":
        return Html("")
    least, most, currency = r.expected
    bounds = {"least": t.money(int(least) * CENT, currency), "most": t.money(int(most) * CENT, currency)}
    return t("A card pays from {least} to {most} at once, in whole cents. By bank transfer: /fund", **bounds)


@refuses(BadInput)
def bad_input(r: BadInput, t: Translator) -> Screen:
    expected = clipped(", ".join(r.expected), MAX_VALUE_CHARS)
    value = clipped(r.value, MAX_VALUE_CHARS) or "–"
    return Screen(
        {
            "number": _explain_missing_number(r, t),
            "word": t("Like this: <code>{usage}</code>", usage=expected),
            "format": t("I can't make a “{value}” file. Formats: {expected}", value=value, expected=expected),
            "awaited": t("A list awaits at most {most} people by name.", most=(r.expected or [""])[0]),
            "hub_name": t(
                "“{value}” is no name of a data set. Like this: <code>/results 7 push your-name/reviews</code>",
                value=value,
            ),
            "webhook_address": t(
                "“{value}” can't be called: only https addresses of the public internet. Like this: <code>/webhooks add https://example.org/hook</code>",
                value=value,
            ),
            "deposit": t(
                "Like this: <code>/deposit PERSON AMOUNT [reference]</code>, for example <code>/deposit @ada 25.00 INV-7</code>"
            ),
            "refund": t(
                "Like this: <code>/refund PERSON AMOUNT [reference]</code>, for example <code>/refund @ada 25.00 RF-7</code>"
            ),
            "refund_amount": t(
                "“{value}” is not an amount I can read; nothing was recorded. Like this: <code>/refund @ada 25.00 RF-7</code>",
                value=value,
            ),
            "fund": t(
                "“{value}” is not an amount a bank can transfer. From 0.01 to 999999999.99, in whole cents: <code>/fund 100.00</code>",
                value=value,
            ),
            "card_amount": _card_bounds(r, t),
            "card_refund": t("Like this: <code>/cardrefund 12 25.00</code>"),
            "cardfee": t("Like this: <code>/cardfee 1.45 fees of May</code>"),
            "cardpayout": t("Like this: <code>/cardpayout 250.00 payout of 3 May</code>"),
            "stray_payment": t("This can't be added to their funds. Please send it back at the provider."),
            "raise": t(
                "“{value}” is not an amount I can read; nothing was changed. Like this: <code>/raise 7 0.08</code>",
                value=value,
            ),
            "counter_offer": t("Say more than the pay is now, and at most a hundred times as much."),
            "mark": t("A mark is a number from 1 to 5."),
            "rate_early": t(
                "You can rate who asks once {least} of your answers for them are decided.",
                least=(r.expected or [""])[0],
            ),
            "amount": t("The amount must be above zero."),
            "amount_unclear": _explain_unclear_amount(r, value, t),
            "amount_currency": t(
                "“{value}” is in another currency; nothing was changed. Amounts here are in {expected}.",
                value=value,
                expected=expected,
            ),
            "deposit_amount": t(
                "“{value}” is not an amount I can read; nothing was recorded. Above zero, without thousands separators: <code>/deposit PERSON AMOUNT [reference]</code>, for example <code>/deposit @ada 25.00 INV-7</code>",
                value=value,
            ),
            "place": t(
                "I do not know the clock of “{value}”. Write your country, its capital, or how far your clock is from "
                "UTC: <code>/settings +3</code>",
                value=value,
            ),
            "month": t(
                "“{value}” is not a month that has begun. Like this: <code>/statement 2026-10</code>", value=value
            ),
            "period": t(
                "“{value}” is not a period with work in it. Like this: <code>/record</code> for everything, "
                "<code>/record 2026</code> or <code>/record 2026-01 2026-06</code>",
                value=value,
            ),
            "role": t(
                "Like this: <code>/role PERSON requester on</code> or <code>off</code>. A link for 5 people who may open projects: <code>/role invite 5</code>"
            ),
            "role_request": t(
                "Who are you, what for, and how can one reach you? {least} to {most} characters. Nothing was sent.",
                least=(r.expected or [""])[0],
                most=(r.expected or [""])[-1],
            ),
            "kind": t(
                "Projects of the kind “{value}” are not possible yet. Possible: {expected}",
                value=value,
                expected=expected,
            ),
            "why": t("Like this: <code>/why 123</code>, with the number of an operation, or <code>/why skill</code>"),
            "line": t("Your instructions have {expected} lines.", expected=expected),
            "reason": t(
                "Please give a reason that its reader can understand: a sentence of {least} to {most} characters.",
                least=(r.expected or [""])[0],  # every text is made; other refusals may expect nothing
                most=(r.expected or [""])[-1],
            ),
            "question": t(
                "A question has {least} to {most} characters. Nothing was sent: write it again.",
                least=(r.expected or [""])[0],
                most=(r.expected or [""])[-1],
            ),
            "complaint": t(
                "A complaint has {least} to {most} characters. Nothing was sent: write it again.",
                least=(r.expected or [""])[0],
                most=(r.expected or [""])[-1],
            ),
            "complaint_answer": t(
                "Please answer so that the worker understands why: {least} to {most} characters.",
                least=(r.expected or [""])[0],
                most=(r.expected or [""])[-1],
            ),
            "answer": t(
                "An answer has at most {most} characters. Nothing was sent: write it again.",
                most=(r.expected or [""])[-1],
            ),
            "pictures": t(
                "At most {most} pictures stand beside the instructions. Nothing was changed.",
                most=(r.expected or [""])[-1],
            ),
            "examples": t("At most {most} worked examples. Nothing was changed.", most=(r.expected or [""])[-1]),
            "versions": t(
                "These instructions were edited {most} times: clone the project to go on. Nothing was changed.",
                most=(r.expected or [""])[-1],
            ),
            "qualification_known": t("You have a qualification “{value}” already.", value=value),
            "bonus": t(
                "Amount and reason are needed, for example <code>0.50 You noticed what others missed.</code> As a command: <code>/bonus WORKER 0.50 reason</code>. WORKER is the name in /submissions, or the number of an operation."
            ),
            "payout_reason": t(
                "Like this: <code>/payouts 12</code>, <code>/payouts 12 paid</code>, <code>/payouts 12 unknown</code> or <code>/payouts 12 failed account closed</code>. Whoever was to be paid is told the reason."
            ),
            "withhold": t(
                "Like this: <code>/withhold PERSON PERCENT reason</code>, from 0 to 50 percent, for example <code>/withhold @ada 21.2 social contributions from 2027</code>"
            ),
            "withheld": t(
                "Like this: <code>/withheld AMOUNT reference</code>, for example <code>/withheld 120.00 URSSAF-Q1</code>"
            ),
            "charge": t(
                "Like this: <code>/charge AMOUNT reason</code>, for example <code>/charge 4.90 account, October</code>; a minus before the amount is what the bank gave back"
            ),
            "draw": t(
                "Like this: <code>/draw AMOUNT reason</code>, for example <code>/draw 250.00 to our own account</code>; a minus before the amount is what you paid in"
            ),
            "bank_line": t(
                "This line cannot be that. /bank lists the lines that wait; a deposit of somebody: <code>{example}</code>",
                example=expected[0] if expected else "",
            ),
            "redraft": t(
                "This draft has many tasks, or more were added: it is not changed in its place. Delete it with /stop_{number} and send the file with the new caption.",
                number=value,
            ),
            "first_row": t(
                "This draft has many tasks, check questions, or tasks that were added: it is not read anew. Delete it with /stop_{number} and send the file with <code>header: no</code> in its caption.",
                number=value,
            ),
            "gold_kind": t(
                "Nobody can know a photo or a voice message beforehand: this project has no check questions."
            ),
            "gold_answer": t(
                "“{value}” can't be the right answer here. Possible: {expected}", value=value, expected=expected
            )
            if r.expected
            else t("“{value}” can't be the right answer here. Write it as a worker would.", value=value),
            "languages": t("Nobody here is asked in {value}. Languages: {expected}", value=value, expected=expected),
            "who_project": t("“{value}”: that is no project of yours. Your projects: /projects", value=value),
            "who_title": t("“{value}”: none of your projects has this title. Your projects: /projects", value=value),
            "who_type": t("“{value}”: you have no qualification of this name.", value=value),
            "who_never": t("“{value}”: nobody meets these together, so nobody would be asked.", value=value),
            "who_gold": t("“{value}”: that project has no check questions that would show it.", value=value),
            "columns": t(
                "The file's columns are {value}. This project's tasks need: {expected}", value=value, expected=expected
            ),
            "id": t("The id {value} is in this project already. Nothing was imported.", value=value),
            "cost": t(
                "That would cost more than a thousand million. Look at <code>pay</code> and <code>overlap</code> again."
            ),
            "file_size": t(
                "This file is too large: Telegram gives a bot 20 MB at most. Split it, and send the other parts with /add."
            ),
            "file_kept_back": t("Telegram did not give me this file. Please send it once more."),
            "files_at_once": t("Many files are being read at this moment. Please try again in a few minutes."),
        }[r.what]
    )


def format_column(error: dict[str, Any], t: Translator) -> str:
    """Return the name of a column, or its place if it has no usable name."""
    column: str = error["column"] or ""
    return t.plain("column {number}", number=column) if column.isdecimal() else column


def format_expectation(error: dict[str, Any], t: Translator, width: int = MAX_VALUE_CHARS) -> str:
    """Return what was expected; lists in it are cut to `width`."""
    facts = {k: clipped(", ".join(v), width) if isinstance(v, list) else v for k, v in error["facts"].items()}
    text = EXPECTED[error["expected"]]
    return t.plain(text, **facts)


Problem = dict[str, Any]
FACTS_OF_ROW = ("found", "first", "number")  # facts that differ from row to row
MIN_COLUMN_CHARS = 12  # characters of a column's name


def iter_grouped_problems(errors: Sequence[Problem], t: Translator, width: int) -> Iterator[Html]:
    """Yield a row each: groups in the order of their first rows, in each the rows as the file has them. What was
    expected stands above the first row of a group."""
    groups: dict[str, list[Problem]] = {}
    for error in errors:
        groups.setdefault(repr((error["expected"], _list_common_facts(error))), []).append(error)
    for group in groups.values():
        varying = [name for name in FACTS_OF_ROW if len({str(error["facts"].get(name)) for error in group}) > 1]
        common = {**group[0]["facts"], **dict.fromkeys(varying, "…")}
        head = t("Expected {expected}:", expected=format_expectation({**group[0], "facts": common}, t, width))
        first_row, *further_rows = (_format_row(error, varying, t, width) for error in group)
        yield lines(head, first_row)
        yield from further_rows


def _list_common_facts(error: Problem) -> list[tuple[str, Any]]:
    return sorted((name, fact) for name, fact in error["facts"].items() if name not in FACTS_OF_ROW)


def _format_row(error: Problem, varying: list[str], t: Translator, width: int) -> Html:
    """Line, column and value of a problem, and its own facts where the group's head has “…”."""
    place = _format_place(error, t, width)
    if not varying:
        return place
    own = ", ".join(str(error["facts"][name]) for name in varying if name in error["facts"])
    return t("{problem} ({detail})", problem=place, detail=own)


def _format_place(error: Problem, t: Translator, width: int) -> Html:
    line, value = error["line"], clipped(error["value"], width)
    column = clipped(format_column(error, t), max(width, MIN_COLUMN_CHARS))
    if column and value:
        return t("<b>line {line}, {column}</b>: “{value}”", line=line, column=column, value=value)
    if column:
        return t("<b>line {line}, {column}</b> is empty", line=line, column=column)
    if value:
        return t("<b>line {line}</b>: {value}", line=line, value=value)
    return t("<b>line {line}</b>", line=line)


PLAIN = (MAX_VALUE_CHARS, 60)  # characters of values and choices, where a file has many problems
WIDTHS = (*PLAIN, 25, 12, 6)  # the same, in groups
MIN_PROBLEM_CHARS = 20  # characters a problem takes at least
# Facts of a form's problems that are keys or values of a caption.
WORDS: Mapping[tuple[str, str], str] = {
    ("known_key", "suggestion"): "keys",
    ("form_alone", "example"): "keys",
    ("one_of", "options"): "values",
    ("question_kind", "options"): "values",
    ("question_no_options", "kind"): "values",
    ("checks", "options"): "values",
    ("checks", "example"): "values",
    ("checks_alone", "example"): "values",
    ("compare_alone", "example"): "values",
    ("compare_words", "options"): "values",
}
CANONICAL = ("form_questions", "form_alone", "checks_alone")  # problems of a value as it was understood
NAMES = ("column_name", "column_name_once", "column_name_plain")  # problems of the first row
MARGIN_CHARS = 60  # characters for the blank line and “… and 9 more”


@refuses(FileRefused)
def file_refused(r: FileRefused, t: Translator) -> Screen:
    head = t.n(
        "❌ <b>{name}</b>: {count} problem. Nothing was imported.",
        "❌ <b>{name}</b>: {count} problems. Nothing was imported.",
        r.total,
        name=clipped(r.name, WIDTHS[1]),
    )
    quotes = _format_hint(r, t)
    room = MESSAGE - visible_length(head) - (visible_length(quotes) if quotes else 0) - MARGIN_CHARS
    return Screen(lines(head, quotes, " ", *all_problems(r, t, room)))


def _format_hint(r: FileRefused, t: Translator) -> Html | None:
    """Hint at the likely cause: a missing header, or cells with separators and without quotation marks; None for
    others."""
    if any(error["expected"] in NAMES for error in r.errors):
        return t(
            "💡 The first row names the columns. If it is a task, add this line to the caption: <code>header: no</code>"
        )
    if not any(error["expected"] == "cells" for error in r.errors):
        return None
    return t(
        "💡 A text that holds the sign between the columns, such as a comma, stands in quotation marks: <code>{text}</code>",
        text='"…, …"',
    )


def all_problems(r: FileRefused, t: Translator, room: int) -> list[Html]:
    """Return every listed problem. If that brings them all into one message, values and choices are cut shorter, and
    what was expected is told once for all rows it was expected of."""
    listed = r.errors[: room // MIN_PROBLEM_CHARS]
    for width in PLAIN:
        problems, all_fit = take_fitting_rows((row_problem(error, t, width) for error in listed), room)
        if all_fit:
            return with_remaining_count(problems, t, r.total)
    for width in WIDTHS:
        problems, all_fit = take_fitting_rows(iter_grouped_problems(listed, t, width), room)
        if all_fit:
            break
    return with_remaining_count(problems, t, r.total)


@refuses(FormRefused)
def form_refused(r: FormRefused, t: Translator) -> Screen:
    head = t("❌ <b>This form can't be read yet.</b> Correct these lines, then send it again:")
    problems = fit_rows((form_problem(error, t) for error in r.errors), t, len(r.errors))
    return Screen(lines(head, " ", *problems))


def row_problem(error: dict[str, Any], t: Translator, width: int) -> Html:
    """Line, column, value and expected value of a problem."""
    value, expected = clipped(error["value"], width), format_expectation(error, t, width)
    column = format_column(error, t)
    if not column and not value:
        return t("<b>line {line}</b>: expected {expected}", line=error["line"], expected=expected)
    if not column:
        return t(
            "<b>line {line}</b>: {value} – expected {expected}", line=error["line"], value=value, expected=expected
        )
    if not value:
        return t(
            "<b>line {line}, {column}</b> is empty – expected {expected}",
            line=error["line"],
            column=column,
            expected=expected,
        )
    return t(
        "<b>line {line}, {column}</b>: “{value}” – expected {expected}",
        line=error["line"],
        column=column,
        value=value,
        expected=expected,
    )


def form_problem(error: dict[str, Any], t: Translator) -> Html:
    """Place of a problem (a line's key as the reader writes it, or a question's number), its value, and what was
    expected."""
    error = {**error, "facts": _translate_facts(error, t)}
    number, expected = error["facts"].get("question"), format_expectation(error, t)
    value = _translate_words(error["value"], "values", t) if error["expected"] in CANONICAL else error["value"]
    key = caption_word(t.language, "keys", error["key"]) if error["key"] else ""
    key = t.plain("Question {number}", number=number) if number else key
    if key and not value:
        return t("<b>{key}</b> is missing – expected {expected}", key=key, expected=expected)
    if not key and not value:
        return t("expected {expected}", expected=expected)
    if not key:
        return t("“{value}” – expected {expected}", value=value, expected=expected)
    return t("<b>{key}</b>: “{value}” – expected {expected}", key=key, value=value, expected=expected)


def _translate_facts(error: dict[str, Any], t: Translator) -> dict[str, Any]:
    """Return the facts with words of a caption in the reader's language."""
    facts: dict[str, Any] = error["facts"]
    if error["key"] not in PARSERS and error["expected"] != "known_key":
        return facts
    facts = {name: _translate_example(fact, t) for name, fact in facts.items()}
    return {
        name: _translate_words(fact, what, t) if (what := WORDS.get((error["expected"], name))) else fact
        for name, fact in facts.items()
    }


def _translate_example(fact: Any, t: Translator) -> Any:
    translations = {QUESTION_EXAMPLE: t.plain("choice | Is there a car? | yes, no"), CONDITION: t.plain("if q1 = yes")}
    return translations.get(fact, fact) if isinstance(fact, str) else fact


def _translate_words(fact: Any, what: str, t: Translator) -> Any:
    if isinstance(fact, list | tuple):
        return [caption_word(t.language, what, str(word)) for word in fact]
    parts = (name.partition("=") for name in str(fact).split(", "))
    return ", ".join(f"{caption_word(t.language, what, name)}{sign}{limit}" for name, sign, limit in parts)
