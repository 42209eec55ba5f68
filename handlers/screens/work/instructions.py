"""A project's instructions: all of them, with pictures and worked examples; and what changed in them."""

from html import escape

from domain.projects.authoring.worked_examples import (
    LONGEST_ANSWER,
    LONGEST_ITEM,
    LONGEST_WHY,
    MOST_EXAMPLES,
    WorkedExample,
)
from domain.work.instructions.news import LINES, ExamplesShown, InstructionNews, ProjectInstructions
from handlers.screens.layout.fitting import MESSAGE, clipped, visible
from handlers.screens.layout.task_text import instructions, quoted
from handlers.screens.screen import Picture, Screen, lines, shows
from locales import Html, Translator

TOLD, BRIEF = 160, 60  # characters of a changed line; beside a picture


@shows(ProjectInstructions)
def whole_instructions(of: ProjectInstructions, t: Translator) -> Screen:
    head = lines(
        t("📋 <b>{title}</b>", title=of.title), t("Version {version}", version=of.edition) if of.edition else None
    )
    rules = instructions(of.instructions, MESSAGE - visible(head) - 1, t, expanded=True)
    return Screen(lines(head, rules), album=tuple(map(Picture, of.pictures)))


@shows(ExamplesShown)
def examples(of: ExamplesShown, t: Translator) -> Screen:
    """Pictures stand above, each with its number."""
    shown = [(at, each) for at, each in enumerate(of.examples[:MOST_EXAMPLES], 1)]
    album = tuple(
        Picture(each.picture, t("Example {number}: <b>{answer}</b>", number=at, answer=each.answer))
        for at, each in shown
        if each.picture
    )
    head = t("💡 <b>Examples</b> · {title}", title=clipped(of.title, TOLD))
    return Screen(lines(head, *(_example(at, each, t) for at, each in shown)), album=album)


def _example(number: int, each: WorkedExample, t: Translator) -> Html:
    item = quoted(clipped(each.item, LONGEST_ITEM)) if each.item else None
    above = t("🖼 the picture above") if each.picture else None
    head = t("{number}. {line}", number=number, line=above) if above else Html(f"{number}.")
    why = Html(f"<i>{escape(clipped(each.why, LONGEST_WHY), quote=False)}</i>") if each.why else None
    answer = escape(clipped(each.answer, LONGEST_ANSWER), quote=False)
    return lines(head, item, Html(f"✅ <b>{answer}</b>"), why)


def changed_rules(news: InstructionNews | None, t: Translator, brief: bool) -> Html | None:
    """Once, before the next task of whoever had read an earlier version."""
    if news is None:
        return None
    room = BRIEF if brief else TOLD
    told = [t("{number}. {line}", number=at, line=clipped(line, room)) for at, line in news.lines[:LINES]]
    rows = [
        t("✏️ <b>The instructions have changed</b> since your last task:"),
        *told,
        t.n("… and {count} more line", "… and {count} more lines", news.more) if news.more else None,
        t.n("{count} line is gone.", "{count} lines are gone.", news.gone) if news.gone else None,
        t("The title is another one.") if news.title else None,
        t("Pictures or examples are new: press 📋.") if news.pictures or news.examples else None,
        " ",
    ]
    return lines(*rows)
