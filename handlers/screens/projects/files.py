"""Files: progress of uploads, and result files."""

from dataclasses import asdict
from html import escape

from domain.answers import Wants
from domain.projects.draft_messages import FileArriving
from domain.projects.media import PHOTO, VOICE
from domain.projects.result_messages import AnswersShown, HandedIn, ProjectFile, ResultsSent
from formats.writing import DATASHEET, DEFAULT, FIGURES, FILES, FOR_TRAINING, HUB, PIXELS
from handlers.payloads.projects import GetFile, PushToHub, ShowAnswers
from handlers.screens.layout.fitting import clipped
from handlers.screens.projects.data_sheet import words
from handlers.screens.projects.progress import bar
from handlers.screens.screen import Button, FileOrder, Keyboard, Picture, Screen, lines, shows
from locales import Html, Translator

TASK, ABOUT = 60, 200  # characters of a task's id and of its text in a caption


@shows(FileArriving)
def arriving(told: FileArriving, t: Translator) -> Screen:
    """How far a large file is, edited while it comes in."""
    name = t("📥 <b>{name}</b> is coming in.", name=told.name)
    if told.done:
        return Screen(lines(name, t("✓ Read to its end.")), silent=True)
    if not told.of:
        return Screen(lines(name, t.n("{count} row checked so far …", "{count} rows checked so far …", told.checked)))
    share = told.written / told.of
    return Screen(
        lines(
            name,
            t("{bar} {percent}", bar=bar(share), percent=t.percent(share)),
            t("{done} of {all} rows are in.", done=t.number(told.written), all=t.number(told.of)),
        )
    )


@shows(ProjectFile)
def file(told: ProjectFile, t: Translator) -> Screen:
    zipped = told.format == FILES
    about = (
        t("🗂 Files of <b>{title}</b>, named by task and worker, with their table.", title=told.title)
        if zipped
        else t("📐 Figures of <b>{title}</b>: agreement, results against check questions.", title=told.title)
        if told.format == FIGURES
        else t("📋 Data sheet of <b>{title}</b>: one page for those who use the results.", title=told.title)
        if told.format == DATASHEET
        else t(
            "🤗 Data set of <b>{title}</b>, as Hugging Face has them: results, submissions and a card.",
            title=told.title,
        )
        if told.format == HUB
        else t("📄 Results of <b>{title}</b>: one row per task.", title=told.title)
        if told.what == "results"
        else t("🧾 Submissions of <b>{title}</b>: one row per answer.", title=told.title)
    )
    unfinished = t("The project is still running: this is how things stand now.") if told.state == "running" else None
    part = (
        t(
            "Part {part} of {of}: too much for one file. Each part has its own header.",
            part=told.part,
            of=told.of,
        )
        if told.of
        else t("Part {part}: what had no room in the file before.", part=told.part)
        if zipped and told.part
        else None
    )
    sized = _sizes(told, t)
    return Screen(lines(about, part, unfinished, sized), _in_chat(told, t), file=_order(told, t))


def _sizes(told: ProjectFile, t: Translator) -> Html | None:
    """COCO knows pixels alone."""
    if told.format != PIXELS:
        return None
    return t("Pictures whose size in pixels is not known are left out; the end of the file names them.")


def _order(told: ProjectFile, t: Translator) -> FileOrder:
    facts = {name: fact for name, fact in asdict(told).items() if fact}
    if told.format in (DATASHEET, HUB):
        return FileOrder(told.format, {**facts, "language": t.language, "words": words(t)})
    return FileOrder(told.format if told.format in (FILES, FIGURES) else told.what, facts, _nothing(told, t))


def _nothing(told: ProjectFile, t: Translator) -> Html:
    """Formats without a header have no byte before their first row."""
    if told.format in FOR_TRAINING:
        return t("There is no pair yet: a task gives one once its consensus prefers one of its texts.")
    return t("There is no answer yet.")


@shows(ResultsSent)
def sent(told: ResultsSent, t: Translator) -> Screen:
    """The table of results and the data sheet, in one message."""
    both = [
        ProjectFile(told.number, told.title, "results", form, told.state, told.ordered) for form in (DEFAULT, DATASHEET)
    ]
    text = t(
        "📦 <b>{title}</b>: the results, and a page that says how they came about. More formats: /results_{number}",
        title=told.title,
        number=told.number,
    )
    return Screen(text, files=tuple(_order(each, t) for each in both))


def _in_chat(told: ProjectFile, t: Translator) -> Keyboard:
    """The door to the answers themselves, where they are photos or voice messages; and to the hub."""
    if told.to_hub:
        return ((Button(t.plain("🤗 Push it to Hugging Face"), PushToHub(number=told.number).pack()),),)
    if not told.shown_as:
        return ()
    words = t.plain("🎤 Hear them here") if told.shown_as == Wants.VOICE else t.plain("📷 See them here")
    return ((Button(words, ShowAnswers(number=told.number).pack()),),)


@shows(AnswersShown)
def answers(page: AnswersShown, t: Translator) -> Screen:
    if not page.answers:
        return Screen(t("✨ <b>{title}</b>: no answer to show yet.", title=page.title))
    album = tuple(Picture(each.file, _caption(each), VOICE if page.voice else PHOTO) for each in page.answers)
    head = t.n("⬆️ <b>{title}</b>: {count} answer.", "⬆️ <b>{title}</b>: {count} answers.", len(album), title=page.title)
    if page.after is None:
        whole = Button(t.plain("🗂 Files"), GetFile(number=page.number, what="results", form="zip").pack())
        return Screen(lines(head, t("These are the last so far.")), ((whole,),), album=album)
    more = Button(t.plain("⏭ Next"), ShowAnswers(number=page.number, after=page.after).pack())
    return Screen(head, ((more,),), album=album)


def _caption(answer: HandedIn) -> str:
    """The task's id, the worker's pseudonym, the task's text."""
    task, about = (escape(clipped(*words), quote=False) for words in ((answer.task, TASK), (answer.about, ABOUT)))
    return f"<b>{task}</b> · {answer.worker}\n{about}"
