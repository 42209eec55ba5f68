"""A task and an answer to it as a quotation, with its photo or voice message."""

from collections.abc import Sequence
from html import escape

from domain.answers import Wants, kind_of
from domain.fairness.messages.appeals import AnswerShown
from domain.projects.media import Medium
from domain.projects.tasks import TaskContent
from handlers.payloads.work import ReadAnswer, ReadShown
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.reading import to_read
from handlers.screens.layout.task_text import instructions, link, quoted
from handlers.screens.screen import Button, Picture, Screen, in_messages, lines
from locales import Html, Translator

LONG = 600  # characters of an answer that was typed, where it is only spoken of
LEAST = 80  # characters a task, and an answer, are given however much stands around them
AROUND = 12  # characters of line ends and of what is left out


def displayed(kind: str, content: TaskContent, options: Sequence[str]) -> tuple[str, str | None, tuple[Picture, ...]]:
    """A task's text, the picture beside it, and what stands above it in messages of its own."""
    text, album = screen_of(kind).pictures(content.text, options)
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
    around = visible(head) + visible(tail) + visible(lines(shown, order)) + (LEAST if text else 0) + AROUND
    answer, is_cut = _answer(about, max(LEAST, limit - around), t)
    middle = lines(shown, answer, order)
    room = limit - visible(head) - visible(middle) - visible(tail) - 8
    body = quoted(clipped(text, max(LEAST, room))) if text and room > 0 else Html("")
    room -= visible(body)
    numbered = instructions(list(rules), room, t, expanded=False) if rules and room > LEAST else None
    said, before = lines(head, body or None, middle, tail, numbered), tuple[Html, ...]()
    entire = quoted(text) if text else None
    listed = instructions(list(rules), MESSAGE, t, expanded=False) if rules else None
    if is_case and visible(lines(head, entire, middle, tail, listed)) > limit:
        said, before = middle, in_messages(head, entire, tail, listed)
    whole = to_read(about.content, lambda column: ReadShown(submission=about.submission, column=column).pack(), t)
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
    return screen_of(kind).shown_beside(t) or _said(clipped(screen_of(kind).said(answer, t), LONG), t)


def _said(answer: str, t: Translator) -> Html:
    return t("Answer: <b>{answer}</b>", answer=answer)


def _answer(about: AnswerShown, room: int, t: Translator) -> tuple[Html, bool]:
    """An answer that is decided on: the whole of it where it has room; whether it was cut."""
    if about.answer is None or screen_of(about.kind).shown_beside(t):
        return answer_line(about.kind, about.answer, t), False
    whole = screen_of(about.kind).whole(about.answer, t)
    shown = clipped(whole, room - visible(_said("", t)))
    return _said(shown, t), shown != whole


def _read_answer(about: AnswerShown, t: Translator) -> Button:
    return Button(t.plain("📖 Read the whole answer"), ReadAnswer(submission=about.submission).pack())
