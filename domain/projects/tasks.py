"""One item to be answered, and how its row becomes a message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple, NewType
from urllib.parse import urlsplit

from domain.answers import kind_of
from domain.messages import record
from domain.moments import DECISION_TIME
from domain.people.bots import split_file_id
from domain.projects.form_questions import FormQuestion, pack_questions, questions_in
from domain.projects.projects import Project, ProjectId
from domain.quality.machine import MachineAnswer

PHOTO, AUDIO, VOICE, VIDEO, DOCUMENT = "photo", "audio", "voice", "video", "document"
STEMS = {
    **dict.fromkeys(("image", "images", "picture", "pictures", "photo", "photos"), PHOTO),
    **dict.fromkeys(("audio", "sound"), AUDIO),
    "voice": VOICE,
    **dict.fromkeys(("video", "videos"), VIDEO),
    **dict.fromkeys(("document", "documents", "file", "files"), DOCUMENT),
}
STRICT = frozenset({"image", "images", "audio"})  # in columns of these names everything else is a mistake
MOST = 10  # in one task: what Telegram shows together
BROUGHT = "media:"  # begins the name of content that holds what a ZIP brought for a column, and each such reference
OWN_KIND = {
    "AwAC": VOICE,
    "CQAC": AUDIO,
    "BAAC": VIDEO,
}  # how an id of Telegram's begins: sent as anything else it fails
_COLUMN = re.compile(rf"({'|'.join(STEMS)})(?:[ _-]?(?:\d{{1,2}}|[a-z]))?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\r\n|]+")
FILE_ID = r"(?:\d{1,4}:)?[A-Za-z0-9_-]{40,250}"  # before it the bot that knows it (domain/people/bots.py)
_FILE_ID = re.compile(FILE_ID)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LABELLED_MEDIA = re.compile(r"\s*([^{}]*?)\s*:?\s*\{([^{}]+)\}\s*")


@record
class Medium:
    """One file of a task: how it is sent, where it is, and what it is called in the task."""

    kind: str
    file: str
    label: str = ""


class Laid(NamedTuple):
    """A template without the places of its media, and these in order."""

    template: str
    media: tuple[Medium, ...]


@lru_cache(maxsize=1024)
def kind_of_column(name: str) -> str | None:
    """Return how the content of a column named such as `image`, `audio_2` or `video b` is sent; None for a column of
    text."""
    match = _COLUMN.fullmatch(name.strip())
    return STEMS[match[1].lower()] if match else None


def is_strict(name: str) -> bool:
    match = _COLUMN.fullmatch(name.strip())
    return match is not None and match[1].lower() in STRICT


def has_sound(template: str) -> bool:
    """Return whether the template has a place for sound, whatever the rows looked at hold."""
    places = (match[1] for match in _PLACEHOLDER.finditer(template))
    return any(kind_of_column(place) in (AUDIO, VOICE) and is_strict(place) for place in places)


def parts_of(cell: str) -> list[str]:
    """A space separates addresses; it may be part of a file's name."""
    parts = [part.strip() for part in _SEPARATOR.split(cell)]
    return [piece for part in parts for piece in _pieces(part) if piece]


def _pieces(part: str) -> list[str]:
    pieces = part.split()
    return pieces if all(map(_is_address, pieces)) else [part]


def _is_address(part: str) -> bool:
    return part.lower().startswith(("http://", "https://"))


def is_file_id(part: str) -> bool:
    return _FILE_ID.fullmatch(part) is not None


def _kind_of_part(part: str, kind: str) -> str:
    """Return what a file id says the file is, else the kind of its column."""
    return OWN_KIND.get(split_file_id(part)[1][:4], kind) if is_file_id(part) else kind


def is_reference(part: str) -> bool:
    """Return whether Telegram can send this part as it is: an address, a file of a ZIP, or a file id."""
    return _is_address(part) or part.startswith(BROUGHT) or is_file_id(part)


def split_media(template: str, content: Mapping[str, str]) -> Laid:
    """Return the template without its media places, and the media in order. A line that holds only a medium and perhaps
    a label (`Before: {image_1}`) goes with the medium."""
    if not _has_media(template):
        return Laid(template.strip(), ())
    lines_left, media = list[str](), list[Medium]()

    def take_media(place: re.Match[str]) -> str:
        line_media = _media(place[1], content, "")
        media.extend(line_media)
        return "" if line_media else place[0]

    for line in template.split("\n"):
        alone = _LABELLED_MEDIA.fullmatch(line)
        if alone and (line_media := _media(alone[2], content, alone[1])):
            media += line_media
        else:
            lines_left.append(_PLACEHOLDER.sub(take_media, line))
    return Laid("\n".join(lines_left).strip(), tuple(media[:MOST]))


@lru_cache(maxsize=1024)
def _has_media(template: str) -> bool:
    """Return whether a place of the template is named after a medium."""
    return any(kind_of_column(match[1]) is not None for match in _PLACEHOLDER.finditer(template))


def _media(column: str, content: Mapping[str, str], label: str) -> list[Medium]:
    """Return the media of one cell; empty if the column's name or the cell says that it is text."""
    kind = kind_of_column(column)
    if kind is None:
        return []
    parts = parts_of(content.get(BROUGHT + column) or content.get(column, ""))
    if not is_strict(column) and not all(map(is_reference, parts)):
        return []
    return [Medium(_kind_of_part(part, kind), part, label) for part in parts]


ROOM, FORM_ROOM = 3_500, 2_900  # of a message, as Telegram counts, for a task's text; a form's questions take some
OPENING = 1_600  # of it once texts are cut: each is read whole by its button, the terms and the rules only above them
SHORTEST = 60  # of a cell that is cut
PART = 3_600  # of a text that is read by itself
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST_CANDIDATES = 10  # pictures that are shown together

Candidate = tuple[str, str]
"""An option and its picture's address."""


def split_candidates(text: str, options: Sequence[str]) -> tuple[str, tuple[Candidate, ...]]:
    """Return the text without the lines of the form `A: address`, and these pictures by option; the text unchanged and
    no pictures unless every option has one."""
    if not options:
        return text, ()
    missing = {f"{option}: ": option for option in options}
    lines, candidates = list[str](), list[Candidate]()
    for line in text.split("\n"):
        mark = next((mark for mark in missing if line.startswith(mark)), None)
        if mark is not None and is_picture(address := line[len(mark) :].strip()):
            candidates.append((missing.pop(mark), address))
        else:
            lines.append(line)
    if missing or not 2 <= len(candidates) <= MOST_CANDIDATES:
        return text, ()
    return "\n".join(lines).strip(), tuple(candidates)


def is_picture(address: str) -> bool:
    return address.startswith(("http://", "https://", BROUGHT)) and urlsplit(address).path.lower().endswith(PICTURES)


def compared_labels(questions: Sequence[FormQuestion]) -> tuple[str, ...]:
    """Return the labels compared in a form, if all its comparing questions have the same; else ()."""
    label_sets = {
        question.answered_by.get_compared_labels(question.options)
        for question in questions
        if question.answered_by.options_are_columns
    }
    return label_sets.pop() if len(label_sets) == 1 else ()


def is_unnamed(question: FormQuestion) -> bool:
    return question.answered_by.options_are_columns and question.answered_by.needs_names(question.options)


def is_lettered(kind: str, given_options: Sequence[str] | None, options: Sequence[str]) -> bool:
    """Return whether the bot names the compared things A, B, …: names that the requester gave, in the caption or in
    gold, are kept."""
    comparing_questions = [
        question for question in questions_in(kind, given_options) if question.answered_by.options_are_columns
    ]
    unnamed = (
        all(map(is_unnamed, comparing_questions)) if comparing_questions else kind_of(kind).needs_names(given_options)
    )
    return unnamed and {*kind_of(kind).get_compared_labels(options)} <= {*ascii_uppercase}


def with_names(questions: Sequence[FormQuestion], labels: Sequence[str]) -> tuple[str, ...]:
    """Return the questions, packed; those that lack labels get these."""
    return pack_questions(
        replace(question, options=question.answered_by.name_options(question.options, labels))
        if is_unnamed(question)
        else question
        for question in questions
    )


def relabel_answer(
    question: FormQuestion, packed_answer: str | list[str], labels: Mapping[str, str]
) -> str | list[str]:
    """Return the answer (or its kind and the answers that gold accepts) with the compared things renamed."""
    kind = question.answered_by
    if isinstance(packed_answer, str):
        return kind.relabel(packed_answer, question.options, labels)
    return [packed_answer[0], *(kind.relabel(answer, question.options, labels) for answer in packed_answer[1:])]


def is_decided_by(questions: Sequence[FormQuestion]) -> bool:
    """Return whether a condition of the form depends on a comparing question."""
    compare = {question.name for question in questions if question.answered_by.options_are_columns}
    return any(condition.question in compare for question in questions for condition in question.conditions)


def has_candidates(kind: str, options: Sequence[str]) -> bool:
    """Return whether things are compared or ranked, so that texts too long for one message can be read one by one."""
    questions = questions_in(kind, options)
    return any(question.answered_by.options_are_columns for question in questions) or kind_of(kind).options_are_columns


def room_of(kind: str) -> int:
    return FORM_ROOM if kind_of(kind).asks_questions else ROOM


def shortened(names: Sequence[str], content: Mapping[str, str], room: int) -> dict[str, str]:
    """The cells that have to be cut so that all that are shown have room, as they are shown; the longest first."""
    sizes = [telegram_length(content.get(name, "")) for name in names]
    most = max(SHORTEST, _share(sorted(sizes), room))
    return {name: _cut(content[name], most) for name, size in zip(names, sizes, strict=True) if size > most}


def _share(sizes: Sequence[int], room: int) -> int:
    """Return the size that each may have, where shorter ones leave their rest to the others; `sizes` ascend."""
    for index, size in enumerate(sizes):
        share = room // (len(sizes) - index)
        if size > share:
            return share
        room -= size
    return max(sizes, default=0)


def telegram_length(text: str) -> int:
    """Return the length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def candidate_parts(text: str) -> list[str]:
    """Return a text in pieces of one message each, split after a paragraph, a line or a word where possible."""
    pieces = []
    while telegram_length(text) > PART:
        piece = text.encode("utf-16-le", "surrogatepass")[: 2 * PART].decode("utf-16-le", "ignore")
        ends = (piece.rfind(sign, len(piece) // 2) for sign in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > 0), len(piece))
        pieces.append(text[:end].strip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


TaskId = NewType("TaskId", int)

WITHIN = "within"  # in a task's content: milliseconds to decide about an answer
BEGINNING = 80  # characters
REVIEWS = "reviews"  # the name of the batch that holds what programs sent to be reviewed
DECIDED, WAITING, STOPPED = "decided", "waiting", "stopped"
MODEL, PEOPLE = "model", "people"

_LABELLED = re.compile(r"^(.+?): \{([^{}]+)\}$", re.MULTILINE)


@record
class Task:
    """`gold` holds the accepted answers, None for an ordinary task; `overlap` is the row's own.

    `scores` is the quality engine's log posterior over the options, None before the first answer; of the `received`
    answers so many are `scored` in it. `ai` holds models' answers, which are never shown to workers.
    """

    id: TaskId
    project: ProjectId
    position: int
    key: str
    content: Mapping[str, str]
    gold: tuple[str, ...] | None
    reason: str | None
    overlap: int
    state: str
    received: int
    consensus: str | None
    confidence: float | None
    scores: tuple[float, ...] | None = None
    scored: int = 0
    ai: tuple[MachineAnswer, ...] = ()


@record
class LongText:
    """A cell that is too long for its task's message: its label there, and its index among the project's columns."""

    label: str
    column: int


@record
class TaskContent:
    """A row as a worker sees it: text, and the picture beside it where that is all it has; else its media. `cut` are
    texts that are read by themselves."""

    text: str
    picture: str | None = None
    media: tuple[Medium, ...] = ()
    cut: tuple[LongText, ...] = ()


def beginning_of(project: Project, task: Task) -> str:
    """Return the short name of a task in messages: how its text begins, without addresses of pictures shown in their
    place, else the project's title."""
    text, _ = split_candidates(
        content_of(project, task).text, kind_of(project.kind).get_compared_labels(project.options)
    )
    text = " ".join(text.split()) or project.title
    return text if len(text) <= BEGINNING else f"{text[: BEGINNING - 1].rstrip()}…"


def as_asked(project: Project, task: Task) -> Project:
    """The project with the options of this task, which may bring its own."""
    options = kind_of(project.kind).get_task_options(task.content, project.options)
    return project if options == project.options else replace(project, options=options)


def decision_time_of(task: Task) -> int:
    """Milliseconds in which an answer is decided that waits for its requester; silence pays then."""
    return decision_time_in(task.content)


def decision_time_in(content: Mapping[str, str]) -> int:
    return min(DECISION_TIME, int(content.get(WITHIN, DECISION_TIME)))


def whole_text(project: Project, task: Task) -> str:
    """Return the whole text of a task, also where its message shows only the beginning."""
    return fill(split_media(project.template, task.content)[0], task.content).rstrip()


def content_of(project: Project, task: Task) -> TaskContent:
    """The row, put into the project's template; media are shown beside the text, not written in it."""
    template, media = split_media(project.template, task.content)
    text = fill(template, task.content).rstrip()  # columns without a value leave empty lines
    cut: tuple[LongText, ...] = ()
    if 2 * len(text) > FORM_ROOM and has_candidates(project.kind, project.options):
        text, cut = _shortened(project, template, task.content, text)
    if len(media) == 1 and media[0].kind == PHOTO:
        return TaskContent(text, media[0].file, cut=cut)
    return TaskContent(text, None, media, cut)


def _shortened(
    project: Project, template: str, content: Mapping[str, str], text: str
) -> tuple[str, tuple[LongText, ...]]:
    """Return the text cut to fit into one message, and the cells that were cut."""
    room = room_of(project.kind)
    if telegram_length(text) <= room:
        return text, ()
    names = [name for name in _PLACEHOLDER.findall(template) if name in content]
    around = telegram_length(fill(template, dict.fromkeys(names, "")))
    short_cells = shortened(names, content, OPENING - around)
    labels = {name: label for label, name in _LABELLED.findall(template)}
    cut = (
        LongText(labels.get(name, name), project.columns.index(name)) for name in short_cells if name in project.columns
    )
    return fill(template, {**content, **short_cells}).rstrip(), tuple(cut)


def fill(template: str, content: Mapping[str, str]) -> str:
    """Return the template with each `{column}` replaced by the row's value; unknown names stay."""
    parts = [*_parts(template)]
    for index in range(1, len(parts), 2):
        parts[index] = content.get(parts[index], f"{{{parts[index]}}}")
    return "".join(parts)


@lru_cache(maxsize=256)
def _parts(template: str) -> tuple[str, ...]:
    """Return the text around the template's placeholders, alternating with their names."""
    return tuple(_PLACEHOLDER.split(template))


@record
class Review:
    """A model's answer that a program sent: decided at once where the model may, else by people. `state`: decided,
    waiting, or stopped with its project. `answer` and `confidence` are its consensus; `by` the model or people, empty
    while it waits; `answers` so many people have given."""

    number: TaskId
    project: ProjectId
    id: str
    state: str
    answer: str | None
    confidence: float | None
    by: str
    answers: int


def batch_of(project: ProjectId) -> str:
    """The fingerprint of the batch that holds a project's reviews."""
    return f"reviews:{project}"


def review_of(task: Task) -> Review:
    """Return the review as a program reads it; its answer and confidence only once the task is decided."""
    state = {"closed": DECIDED, "stopped": STOPPED}.get(task.state, WAITING)
    by = "" if state != DECIDED else PEOPLE if task.received else MODEL
    return Review(
        number=task.id,
        project=task.project,
        id=task.key,
        state=state,
        answer=task.consensus if state == DECIDED else None,
        confidence=task.confidence if state == DECIDED else None,
        by=by,
        answers=task.received,
    )
