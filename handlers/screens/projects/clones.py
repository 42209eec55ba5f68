"""A project is cloned: what of its tasks comes along."""

from domain.projects.draft_messages import CloneOffer
from handlers.payloads.projects import CloneProject
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator

TITLE = 200


@shows(CloneOffer)
def offer(told: CloneOffer, t: Translator) -> Screen:
    gold = t.n("🎯 With {count} check question", "🎯 With {count} check questions", told.gold)
    everything = t.n("🗂 With its {count} row", "🗂 With all its {count} rows", told.tasks + told.gold)
    rows = [(t.plain("📋 The settings only"), "none")]
    if 0 < told.gold <= told.most:
        rows.append((str(gold), "gold"))
    if told.tasks and told.tasks + told.gold <= told.most:
        rows.append((str(everything), "all"))
    large = t("It has too many tasks to copy: send its file again, with the caption the new project tells you.")
    return Screen(
        lines(
            t("📑 <b>{number}: {title}</b>", number=told.number, title=clipped(told.title, TITLE)),
            t("A new project with the same title, instructions, kind, pay and people. What comes along?"),
            large if told.tasks + told.gold > told.most else None,
        ),
        tuple((Button(label, CloneProject(number=told.number, what=what).pack()),) for label, what in rows),
    )
