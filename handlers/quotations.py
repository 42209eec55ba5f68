"""A requester's text as a quotation: a row, its picture, instructions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from domain.answers import kind_of
from domain.fairness.appeals import AnswerShown
from domain.handing_in import Wants
from domain.projects.tasks import Medium, TaskContent
from handlers import answers
from handlers.screen import (
    CAPTION,
    MESSAGE,
    Button,
    Picture,
    Screen,
    clipped,
    join_into_messages,
    lines,
    reading_buttons,
    visible_length,
)
from handlers.work import tasks
from locales.translator import ISOLATE, POP_ISOLATE, Html, Translator

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LABELLED = re.compile(r"(?m)^([^:\n]{1,40}: )(\S.*)$")
MIN_LINE_CHARS = 20  # characters under which a sentence is not worth beginning


def link(address: str, t: Translator) -> Html:
    """Return a link to a picture whose caption would be too long for Telegram."""
    return t('🖼 <a href="{address}">The picture</a>', address=Html(escape(address)))


def quote(text: str) -> Html:
    """Return the text as a quotation. What stands behind a label has its own direction: in `A: السعر 50 USD` the Latin
    A would else make the whole line run from the left."""
    if not text.isascii() and _RIGHT.search(text):
        text = _LABELLED.sub(rf"\1{ISOLATE}\2{POP_ISOLATE}", text)
    return Html(f"<blockquote>{escape(text, quote=False)}</blockquote>")


def format_instructions(listed: Sequence[str], room: int, t: Translator, expanded: bool) -> Html:
    """Return the instructions numbered as a rejection cites them, folded unless `expanded`, cut to `room`."""
    body, size = _number_lines(tuple(listed), t)
    if size > room:
        body = _cut_lines(listed, room, t)
    if not body:
        return body
    return Html(f"<blockquote>{body}</blockquote>" if expanded else f"<blockquote expandable>{body}</blockquote>")


@lru_cache(256)
def _number_lines(listed: tuple[str, ...], t: Translator) -> tuple[Html, int]:
    """Return all lines and their visible length, which are the same above every task of a project."""
    body = Html("\n".join(_numbered_line(number, line, t) for number, line in enumerate(listed, 1)))
    return body, visible_length(body)


def _cut_lines(listed: Sequence[str], room: int, t: Translator) -> Html:
    numbered: list[Html] = []
    for number, line in enumerate(listed, 1):
        free = room - visible_length("\n".join(numbered)) - len(f"\n{number}. ")
        if free < MIN_LINE_CHARS:
            break
        numbered.append(_numbered_line(number, clipped(line, free), t))
    return Html("\n".join(numbered))


def _numbered_line(number: int, line: str, t: Translator) -> Html:
    return t("{number}. {line}", number=number, line=line)


MAX_MENTIONED_ANSWER_CHARS = 600  # characters of an answer that was typed, where it is only spoken of
MIN_QUOTED_CHARS = 80  # characters a task, and an answer, are given however much stands around them
SPARE_CHARS = 12  # characters of line ends and of what is left out


def split_task_content(
    kind: str, content: TaskContent, options: Sequence[str]
) -> tuple[str, str | None, tuple[Picture, ...]]:
    """Return a task's text, the picture beside it, and the pictures above it, which come in messages of their own."""
    text, album = answers.screen_of(kind).pictures(content.text, options)
    if content.media:
        album = (*album, *map(_to_picture, content.media))
    return text, None if album else content.picture, album


def _to_picture(medium: Medium) -> Picture:
    return Picture(medium.file, f"<b>{escape(medium.label)}</b>" if medium.label else "", medium.kind)


def show_answer_for_decision(
    answer_shown: AnswerShown,
    t: Translator,
    head: Html,
    tail: Html,
    rows: Sequence[tuple[Button, ...]] = (),
    rules: Sequence[str] = (),
    is_case: bool = False,
) -> Screen:
    """Return the screen of an answer that is decided on: `head`, the task, the answer, `tail`, and the instructions if
    there is room. With `is_case`, only the answer is cut: all else that has no room stands above the message, in
    messages of its own."""
    photo, voice = find_answer_file(answer_shown)
    text, picture, album = split_task_content(answer_shown.kind, answer_shown.content, answer_shown.options)
    picture = None if photo or voice else picture
    limit = CAPTION if photo or voice or picture else MESSAGE
    picture_link = link(answer_shown.content.picture, t) if answer_shown.content.picture and (photo or voice) else None
    order = other_order_line(answer_shown.meant, t)
    around = (
        visible_length(head)
        + visible_length(tail)
        + visible_length(lines(picture_link, order))
        + (MIN_QUOTED_CHARS if text else 0)
        + SPARE_CHARS
    )
    answer, is_cut = _whole_answer_line(answer_shown, max(MIN_QUOTED_CHARS, limit - around), t)
    middle = lines(picture_link, answer, order)
    room = limit - visible_length(head) - visible_length(middle) - visible_length(tail) - 8
    body = quote(clipped(text, max(MIN_QUOTED_CHARS, room))) if text and room > 0 else Html("")
    room -= visible_length(body)
    numbered = format_instructions(list(rules), room, t, expanded=False) if rules and room > MIN_QUOTED_CHARS else None
    text_shown, before = lines(head, body or None, middle, tail, numbered), tuple[Html, ...]()
    entire = quote(text) if text else None
    listed = format_instructions(list(rules), MESSAGE, t, expanded=False) if rules else None
    if is_case and visible_length(lines(head, entire, middle, tail, listed)) > limit:
        text_shown, before = middle, join_into_messages(head, entire, tail, listed)
    whole = reading_buttons(
        answer_shown.content,
        lambda column: tasks.ReadShown(submission=answer_shown.submission, column=column).pack(),
        t,
    )
    rest = ((_read_answer_button(answer_shown, t),),) if is_cut else ()
    return Screen(text_shown, (*rest, *whole, *rows), photo=photo or picture, voice=voice, album=album, before=before)


def quote_task(
    content: TaskContent, kind: str, options: Sequence[str], most: int
) -> tuple[Html | None, tuple[Picture, ...]]:
    """Return a task that is only mentioned: its text as a quotation, and its pictures, which stand above the message."""
    text, picture, album = split_task_content(kind, content, options)
    return quote(clipped(text, most)) if text else None, album or ((Picture(picture),) if picture else ())


def find_answer_file(answer_shown: AnswerShown) -> tuple[str | None, str | None]:
    """Return (photo, voice) that was handed in as the answer."""
    kind = kind_of(answer_shown.kind)
    file = answer_shown.answer.split()[0] if answer_shown.answer and kind.are_files else None
    return (file, None) if kind.wants is Wants.PHOTO else (None, file)


def other_order_line(label_pairs: Sequence[tuple[str, str]], t: Translator) -> Html | None:
    """Return the line that says how a worker's labels differ from the reader's, because the worker's own words may use
    them; None if they do not differ."""
    if not label_pairs:
        return None
    names = Html(
        ", ".join(
            t("their {there} is {here} here", there=worker_label, here=own_label)
            for worker_label, own_label in label_pairs
        )
    )
    return t("The worker saw another order: {names}.", names=names)


def answer_line(kind: str, answer: str | None, t: Translator) -> Html:
    """Return the line of an answer that is only mentioned: its beginning."""
    if answer is None:
        return t("Answer: <b>can't tell</b>")
    return answers.screen_of(kind).shown_beside(t) or _answer_line(
        clipped(answers.screen_of(kind).describe(answer, t), MAX_MENTIONED_ANSWER_CHARS), t
    )


def _answer_line(answer: str, t: Translator) -> Html:
    return t("Answer: <b>{answer}</b>", answer=answer)


def _whole_answer_line(answer_shown: AnswerShown, room: int, t: Translator) -> tuple[Html, bool]:
    """Return the line of an answer that is decided on, the whole of it if it has room, and whether it was cut."""
    if answer_shown.answer is None or answers.screen_of(answer_shown.kind).shown_beside(t):
        return answer_line(answer_shown.kind, answer_shown.answer, t), False
    whole = answers.screen_of(answer_shown.kind).describe_fully(answer_shown.answer, t)
    clipped_answer = clipped(whole, room - visible_length(_answer_line("", t)))
    return _answer_line(clipped_answer, t), clipped_answer != whole


def _read_answer_button(answer_shown: AnswerShown, t: Translator) -> Button:
    return Button(t.plain("📖 Read the whole answer"), tasks.ReadAnswer(submission=answer_shown.submission).pack())
