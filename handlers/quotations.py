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
from locales.translator import (
    ISOLATE,
    POP_ISOLATE,
    Html,
    Translator,
)

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LABELLED = re.compile(r"(?m)^([^:\n]{1,40}: )(\S.*)$")
FEW = 20  # characters under which a sentence is not worth beginning


def link(address: str, t: Translator) -> Html:
    """A picture whose caption would be too long for Telegram."""
    return t('🖼 <a href="{address}">The picture</a>', address=Html(escape(address)))


def quoted(text: str) -> Html:
    """The row as a quotation. What stands behind a label has its own direction: in `A: السعر 50 USD` the Latin A
    would else make the whole line run from the left."""
    if not text.isascii() and _RIGHT.search(text):
        text = _LABELLED.sub(rf"\1{ISOLATE}\2{POP_ISOLATE}", text)
    return Html(f"<blockquote>{escape(text, quote=False)}</blockquote>")


def instructions(listed: Sequence[str], room: int, t: Translator, expanded: bool) -> Html:
    """Numbered, as a rejection would cite them; folded after the first task; cut where there is no room."""
    body, size = _numbered(tuple(listed), t)
    if size > room:
        body = _cut(listed, room, t)
    if not body:
        return body
    return Html(f"<blockquote>{body}</blockquote>" if expanded else f"<blockquote expandable>{body}</blockquote>")


@lru_cache(256)
def _numbered(listed: tuple[str, ...], t: Translator) -> tuple[Html, int]:
    """All lines, and how long they are: the same above every task of a project."""
    body = Html("\n".join(_line(at, line, t) for at, line in enumerate(listed, 1)))
    return body, visible_length(body)


def _cut(listed: Sequence[str], room: int, t: Translator) -> Html:
    numbered: list[Html] = []
    for at, line in enumerate(listed, 1):
        free = room - visible_length("\n".join(numbered)) - len(f"\n{at}. ")
        if free < FEW:
            break
        numbered.append(_line(at, clipped(line, free), t))
    return Html("\n".join(numbered))


def _line(number: int, line: str, t: Translator) -> Html:
    return t("{number}. {line}", number=number, line=line)


LONG = 600  # characters of an answer that was typed, where it is only spoken of
LEAST = 80  # characters a task, and an answer, are given however much stands around them
AROUND = 12  # characters of line ends and of what is left out


def displayed(kind: str, content: TaskContent, options: Sequence[str]) -> tuple[str, str | None, tuple[Picture, ...]]:
    """A task's text, the picture beside it, and what stands above it in messages of its own."""
    text, album = answers.screen_of(kind).pictures(content.text, options)
    if content.media:
        album = (*album, *map(_pictured, content.media))
    return text, None if album else content.picture, album


def _pictured(medium: Medium) -> Picture:
    return Picture(medium.file, f"<b>{escape(medium.label)}</b>" if medium.label else "", medium.kind)


def exhibited(
    about: AnswerShown,
    t: Translator,
    head: Html,
    tail: Html,
    rows: Sequence[tuple[Button, ...]] = (),
    rules: Sequence[str] = (),
    is_case: bool = False,
) -> Screen:
    """`head`, the task, the answer, `tail`; the instructions with what room is left. Where `is_case`, nothing but the
    answer is cut: what the message has no room for stands above it, in messages of their own."""
    photo, voice = sent(about)
    text, picture, album = displayed(about.kind, about.content, about.options)
    picture = None if photo or voice else picture
    limit = CAPTION if photo or voice or picture else MESSAGE
    shown = link(about.content.picture, t) if about.content.picture and (photo or voice) else None
    order = other_order(about.meant, t)
    around = (
        visible_length(head)
        + visible_length(tail)
        + visible_length(lines(shown, order))
        + (LEAST if text else 0)
        + AROUND
    )
    answer, is_cut = _answer(about, max(LEAST, limit - around), t)
    middle = lines(shown, answer, order)
    room = limit - visible_length(head) - visible_length(middle) - visible_length(tail) - 8
    body = quoted(clipped(text, max(LEAST, room))) if text and room > 0 else Html("")
    room -= visible_length(body)
    numbered = instructions(list(rules), room, t, expanded=False) if rules and room > LEAST else None
    said, before = lines(head, body or None, middle, tail, numbered), tuple[Html, ...]()
    entire = quoted(text) if text else None
    listed = instructions(list(rules), MESSAGE, t, expanded=False) if rules else None
    if is_case and visible_length(lines(head, entire, middle, tail, listed)) > limit:
        said, before = middle, join_into_messages(head, entire, tail, listed)
    whole = reading_buttons(
        about.content, lambda column: tasks.ReadShown(submission=about.submission, column=column).pack(), t
    )
    rest = ((_read_answer(about, t),),) if is_cut else ()
    return Screen(said, (*rest, *whole, *rows), photo=photo or picture, voice=voice, album=album, before=before)


def shown_again(
    content: TaskContent, kind: str, options: Sequence[str], most: int
) -> tuple[Html | None, tuple[Picture, ...]]:
    """A task that is only spoken of: its text as a quotation, its pictures to stand above the message."""
    text, picture, album = displayed(kind, content, options)
    return quoted(clipped(text, most)) if text else None, album or ((Picture(picture),) if picture else ())


def sent(about: AnswerShown) -> tuple[str | None, str | None]:
    """(photo, voice) that was handed in as the answer."""
    kind = kind_of(about.kind)
    file = about.answer.split()[0] if about.answer and kind.are_files else None
    return (file, None) if kind.wants is Wants.PHOTO else (None, file)


def other_order(meant: Sequence[tuple[str, str]], t: Translator) -> Html | None:
    """What a worker called A is B here: their own words may say A."""
    if not meant:
        return None
    named = Html(", ".join(t("their {there} is {here} here", there=there, here=here) for there, here in meant))
    return t("The worker saw another order: {names}.", names=named)


def answer_line(kind: str, answer: str | None, t: Translator) -> Html:
    """Of an answer that is only spoken of: how it begins."""
    if answer is None:
        return t("Answer: <b>can't tell</b>")
    return answers.screen_of(kind).shown_beside(t) or _said(
        clipped(answers.screen_of(kind).describe(answer, t), LONG), t
    )


def _said(answer: str, t: Translator) -> Html:
    return t("Answer: <b>{answer}</b>", answer=answer)


def _answer(about: AnswerShown, room: int, t: Translator) -> tuple[Html, bool]:
    """An answer that is decided on: the whole of it where it has room; whether it was cut."""
    if about.answer is None or answers.screen_of(about.kind).shown_beside(t):
        return answer_line(about.kind, about.answer, t), False
    whole = answers.screen_of(about.kind).describe_fully(about.answer, t)
    shown = clipped(whole, room - visible_length(_said("", t)))
    return _said(shown, t), shown != whole


def _read_answer(about: AnswerShown, t: Translator) -> Button:
    return Button(t.plain("📖 Read the whole answer"), tasks.ReadAnswer(submission=about.submission).pack())
