"""The wizard behind /newproject."""

from handlers.payloads.projects import CancelDraft, ChooseKind
from handlers.screens.layout.fitting import clipped
from handlers.screens.people.onboarding import project_example
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

COLUMNS = 1000  # characters of a list of them


def _step(facts: Facts, t: Translator) -> Html:
    return t("<b>New project</b> · {number} of {of}", number=facts["number"], of=facts["of"])


def _cancel(t: Translator) -> tuple[tuple[Button, ...], ...]:
    return ((Button(t.plain("✖️ Cancel"), CancelDraft().pack(), style="danger"),),)


@screen("drafting.question")
def question(facts: Facts, t: Translator) -> Screen:
    rows = _kinds(t) if facts["step"] == "kind" else ()
    return Screen(lines(_step(facts, t), _asked(facts, t)), (*rows, *_cancel(t)))


def _asked(facts: Facts, t: Translator) -> Html:
    compared = facts.get("kind") in ("compare", "rank")
    return {
        "title": t("What is its title? A short question is best, for example <i>Is the review positive?</i>"),
        "instructions": t("What should workers do? Write one rule per line: a rejection must cite one of these lines."),
        "kind": t("How do workers answer? Press one."),
        "options": t(
            "What is compared? Separate the names with commas: <i>A, B</i>. Send <code>-</code> if your file has a column for each."
        )
        if compared
        else t(
            "Which answers can be chosen? Separate them with commas: <i>positive, negative</i>. Send <code>-</code> if your file has a <code>gold</code> column that holds them all."
        ),
        "pay": t("What do you pay for one answer? For example <i>0.05</i>"),
        "seconds": t(
            "How long does one answer take, with the way there? For example <i>5 min</i>. If it takes longer, workers are paid more."
        ),
        "overlap": t("How many people should answer each task? <i>3</i> is a good start."),
    }[facts["step"]]


def _kinds(t: Translator) -> tuple[tuple[Button, ...], ...]:
    named = {
        "choice": t.plain("🔘 One of several answers"),
        "choices": t.plain("☑️ All that apply"),
        "rating": t.plain("⭐ From 1 to 5"),
        "number": t.plain("🔢 A number"),
        "text": t.plain("✍️ Words they write"),
        "compare": t.plain("⚖️ The better one"),
        "rank": t.plain("🥇 An order"),
        "photo": t.plain("📷 A photo"),
        "voice": t.plain("🎙 A voice message"),
        "location": t.plain("📍 A place"),
    }
    found = [Button(text, ChooseKind(kind=kind).pack()) for kind, text in named.items()]
    return ((found[0],), (found[1],), *(tuple(found[at : at + 2]) for at in range(2, len(found), 2)))


@screen("drafting.file")
def file(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            _step(facts, t) if facts["of"] else t("<b>New project</b>"),
            t("Now send the file with the tasks: .csv, .tsv, .jsonl or .xlsx, one row per task."),
            t(
                "Four columns have a meaning: <code>gold</code> (the answer, where you know it: it checks the work), <code>reason</code> (why that answer is right), <code>overlap</code> (how many answers), <code>id</code>. The others hold what workers see."
            ),
        ),
        _cancel(t),
    )


@screen("drafting.waiting")
def waiting(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("📎 I am waiting for the file with the tasks: send it here as a document. All you said before is kept."),
        _cancel(t),
    )


@screen("drafting.add")
def add(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("Send the file with the caption <code>/add {number}</code>.", number=facts["number"]),
            t(
                "Its columns must be those of <b>{title}</b>: {columns}",
                title=facts["title"],
                columns=clipped(", ".join(facts["columns"]), COLUMNS),
            ),
        )
    )


@screen("drafting.lost_file")
def lost_file(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("What should I do with this file?"),
            " ",
            project_example(t),
            " ",
            t("Or press /newproject: I ask you for one thing at a time."),
        )
    )


@screen("drafting.cancelled")
def cancelled(facts: Facts, t: Translator) -> Screen:
    return Screen(t("Cancelled. Nothing was kept."))
