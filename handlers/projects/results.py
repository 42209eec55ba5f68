"""A requester's projects and their files; `number` is the project's."""

from __future__ import annotations

from dataclasses import asdict
from html import escape

from domain.handing_in import Wants
from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.drafts import FileArriving
from domain.projects.results import (
    AnswersShown,
    HandedIn,
    HubAsked,
    HubBegun,
    HubFailed,
    HubPushed,
    ProjectFile,
    ResultsSent,
)
from domain.projects.tasks import PHOTO, VOICE
from formats.writing import DATASHEET, DEFAULT, FIGURES, FILES, FOR_TRAINING, HUB, PIXELS
from handlers.payload import Number, Payload, Words
from handlers.projects import progress
from handlers.routing import Route
from handlers.screen import Button, FileOrder, Keyboard, Picture, Screen, clipped, lines, shows
from locales.translator import Html, Translator
from services.projects import results


class GetFile(Payload, code="f"):
    number: Number
    what: str
    form: str


class PushToHub(Payload, code="hf"):
    """Push the results to the hub of data sets: the requester then types a name and a token."""

    number: Number


class ShowAnswers(Payload, code="sa"):
    """Photos or voice messages in the chat, behind the answer `after`."""

    number: Number
    after: Number = 0


class GetResults(Payload):
    number: Number
    form: Words = "csv"


class GetSubmissions(Payload):
    number: Number
    form: Words = "csv"


TASK, ABOUT = 60, 200  # characters of a task's id and of its text in a caption


@shows(FileArriving)
def show_file_arriving(m: FileArriving, t: Translator) -> Screen:
    """Show how much of a large file was read; the message is edited while it comes in."""
    name = t("📥 <b>{name}</b> is coming in.", name=m.name)
    if m.done:
        return Screen(lines(name, t("✓ Read to its end.")), silent=True)
    if not m.of:
        return Screen(lines(name, t.n("{count} row checked so far …", "{count} rows checked so far …", m.checked)))
    share = m.written / m.of
    return Screen(
        lines(
            name,
            t("{bar} {percent}", bar=progress.bar(share), percent=t.percent(share)),
            t("{done} of {all} rows are in.", done=t.number(m.written), all=t.number(m.of)),
        )
    )


@shows(ProjectFile)
def show_results_file(m: ProjectFile, t: Translator) -> Screen:
    unfinished = t("The project is still running: this is how things stand now.") if m.state == "running" else None
    text = lines(_describe_file(m, t), _find_part_line(m, t), unfinished, _sizes(m, t))
    return Screen(text, _in_chat(m, t), file=_order(m, t))


def _describe_file(m: ProjectFile, t: Translator) -> Html:
    if m.format == FILES:
        return t("🗂 Files of <b>{title}</b>, named by task and worker, with their table.", title=m.title)
    if m.format == FIGURES:
        return t("📐 Figures of <b>{title}</b>: agreement, results against check questions.", title=m.title)
    if m.format == DATASHEET:
        return t("📋 Data sheet of <b>{title}</b>: one page for those who use the results.", title=m.title)
    if m.format == HUB:
        return t(
            "🤗 Data set of <b>{title}</b>, as Hugging Face has them: results, submissions and a card.", title=m.title
        )
    if m.what == "results":
        return t("📄 Results of <b>{title}</b>: one row per task.", title=m.title)
    return t("🧾 Submissions of <b>{title}</b>: one row per answer.", title=m.title)


def _find_part_line(m: ProjectFile, t: Translator) -> Html | None:
    """Return which part of the results this file is, or None if it holds all of them."""
    if m.of:
        return t("Part {part} of {of}: too much for one file. Each part has its own header.", part=m.part, of=m.of)
    if m.format == FILES and m.part:
        return t("Part {part}: what had no room in the file before.", part=m.part)
    return None


def _sizes(m: ProjectFile, t: Translator) -> Html | None:
    """Return the remark that pictures of unknown size are left out of COCO, which knows pixels alone; None for other
    formats."""
    if m.format != PIXELS:
        return None
    return t("Pictures whose size in pixels is not known are left out; the end of the file names them.")


def _order(m: ProjectFile, t: Translator) -> FileOrder:
    facts = {name: fact for name, fact in asdict(m).items() if fact}
    if m.format in (DATASHEET, HUB):
        return FileOrder(m.format, {**facts, "language": t.language})
    return FileOrder(m.format if m.format in (FILES, FIGURES) else m.what, facts, _empty_text(m, t))


def _empty_text(m: ProjectFile, t: Translator) -> Html:
    """Return what an empty file says, for formats that have no header before their first row."""
    if m.format in FOR_TRAINING:
        return t("There is no pair yet: a task gives one once its consensus prefers one of its texts.")
    return t("There is no answer yet.")


@shows(ResultsSent)
def show_results_sent(m: ResultsSent, t: Translator) -> Screen:
    """The table of results and the data sheet, in one message."""
    both = [
        ProjectFile(number=m.number, title=m.title, what="results", format=form, state=m.state, ordered=m.ordered)
        for form in (DEFAULT, DATASHEET)
    ]
    text = t(
        "📦 <b>{title}</b>: the results, and a page that says how they came about. More formats: /results_{number}",
        title=m.title,
        number=m.number,
    )
    return Screen(text, files=tuple(_order(order, t) for order in both))


def _in_chat(m: ProjectFile, t: Translator) -> Keyboard:
    """Return the button to the answers themselves, if they are photos or voice messages, or to the hub."""
    if m.to_hub:
        return ((Button(t.plain("🤗 Push it to Hugging Face"), PushToHub(number=m.number).pack()),),)
    if not m.shown_as:
        return ()
    words = t.plain("🎤 Hear them here") if m.shown_as == Wants.VOICE else t.plain("📷 See them here")
    return ((Button(words, ShowAnswers(number=m.number).pack()),),)


@shows(AnswersShown)
def show_answers(page: AnswersShown, t: Translator) -> Screen:
    if not page.answers:
        return Screen(t("✨ <b>{title}</b>: no answer to show yet.", title=page.title))
    album = tuple(Picture(answer.file, _caption(answer), VOICE if page.voice else PHOTO) for answer in page.answers)
    head = t.n("⬆️ <b>{title}</b>: {count} answer.", "⬆️ <b>{title}</b>: {count} answers.", len(album), title=page.title)
    if page.after is None:
        whole = Button(t.plain("🗂 Files"), GetFile(number=page.number, what="results", form="zip").pack())
        return Screen(lines(head, t("These are the last so far.")), ((whole,),), album=album)
    next_page = Button(t.plain("⏭ Next"), ShowAnswers(number=page.number, after=page.after).pack())
    return Screen(head, ((next_page,),), album=album)


def _caption(answer: HandedIn) -> str:
    """The task's id, the worker's pseudonym, the task's text."""
    task, context = (escape(clipped(*words), quote=False) for words in ((answer.task, TASK), (answer.about, ABOUT)))
    return f"<b>{task}</b> · {answer.worker}\n{context}"


@shows(HubAsked)
def ask_for_hub_login(m: HubAsked, t: Translator) -> Screen:
    if not m.name:
        return Screen(
            lines(
                t("That is no name of a data set.") if m.again else None,
                t(
                    "🤗 What shall the data set of <b>{title}</b> be called on Hugging Face? Write <code>your-name/reviews</code>.",
                    title=m.title,
                ),
                t("Only you will be able to read it. With <code>public</code> behind the name everybody will."),
            )
        )
    readers = t("Everybody will be able to read it.") if m.public else t("Only you will be able to read it.")
    return Screen(
        lines(
            t("That is no token.") if m.again else None,
            t("🤗 <b>{title}</b> goes to <code>{name}</code>. {readers}", title=m.title, name=m.name, readers=readers),
            t(
                "Now send me a Hugging Face token that may write. You make one at {where}.",
                where="huggingface.co/settings/tokens",
            ),
            t("I delete your message at once, use the token for this push alone, and keep it nowhere afterwards."),
        )
    )


@shows(HubBegun)
def begun(m: HubBegun, t: Translator) -> Screen:
    return Screen(
        t(
            "🤗 <b>{title}</b> is on its way to <code>{name}</code>. I tell you when it is there.",
            title=m.title,
            name=m.name,
        )
    )


@shows(HubPushed)
def pushed(m: HubPushed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤗 <b>{title}</b> is on Hugging Face: {url}", title=m.title, url=m.url),
            t("Everybody can read it.") if m.public else t("Only you can read it."),
            t("Your token is deleted here."),
        )
    )


@shows(HubFailed)
def show_push_failed(m: HubFailed, t: Translator) -> Screen:
    retry = Button(t.plain("🔁 Try again"), PushToHub(number=m.number).pack())
    head = t("⚠️ <b>{title}</b> did not get to <code>{name}</code>.", title=m.title, name=m.name)
    return Screen(lines(head, _why(m, t), t("Your token is deleted here.")), ((retry,),))


def _why(m: HubFailed, t: Translator) -> Html:
    return {
        "token": t("Hugging Face does not know this token. It may be mistyped, or ended."),
        "forbidden": t("This token may not write there. Give it the right to write, or take another name."),
        "name": t("Hugging Face does not take this name."),
        "public": t(
            "A data set of this name is there, and everybody can read it. Write <code>public</code> behind the name if you mean it."
        ),
        "network": t("Hugging Face can't be reached from here now."),
        "busy": t("Hugging Face is overloaded, or asks to wait. Try again later."),
        "hub": t("Hugging Face refused it. Try again later."),
    }[m.why]


ROUTES = (
    Route(
        GetResults,
        REQUESTER,
        results.order_results,
        command="results",
        usage="N [format]",
        means="one row per task",
        stays=True,
        right=Right.LOOK,
    ),
    Route(
        GetSubmissions,
        REQUESTER,
        results.order_submissions,
        command="submissions",
        usage="N [format]",
        means="one row per answer",
        stays=True,
        right=Right.LOOK,
    ),
    Route(GetFile, REQUESTER, results.order_file, stays=True, right=Right.LOOK),
    Route(ShowAnswers, REQUESTER, results.show_answers, stays=True, right=Right.LOOK),
    Route(PushToHub, REQUESTER, results.ask_for_push, stays=True),
)
