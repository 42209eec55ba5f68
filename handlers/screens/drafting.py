"""The wizard behind /newproject."""

from handlers import buttons
from handlers.screens.fitting import clipped
from handlers.screens.onboarding import project_example
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

COLUMNS = 1000  # characters of a list of them


def _step(facts: Facts, t: Translator) -> Html:
    return t("<b>New project</b> · {number} of {of}", number=facts["number"], of=facts["of"])


def _cancel(t: Translator) -> tuple[tuple[Button, ...], ...]:
    return ((Button(t.plain("✖️ Cancel"), buttons.CancelDraft().pack(), style="danger"),),)


@screen("drafting.question")
def question(facts: Facts, t: Translator) -> Screen:
    asked = {
        "title": t("What is its title? A short question is best, for example <i>Is the review positive?</i>"),
        "instructions": t("What should workers do? Write one rule per line: a rejection must cite one of these lines."),
        "options": t(
            "Which answers can be chosen? Separate them with commas: <i>positive, negative</i>. Send <code>-</code> if your file has a <code>gold</code> column that holds them all."
        ),
        "pay": t("What do you pay for one answer? For example <i>0.05</i>"),
        "overlap": t("How many people should answer each task? <i>3</i> is a good start."),
    }[facts["step"]]
    return Screen(lines(_step(facts, t), asked), _cancel(t))


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
