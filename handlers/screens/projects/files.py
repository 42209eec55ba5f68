"""Files: progress of uploads, and result files."""

from dataclasses import asdict

from domain.projects.draft_messages import FileArriving
from domain.projects.messages import (
    ProjectFile,
)
from handlers.screens.projects.progress import bar
from handlers.screens.screen import FileOrder, Screen, lines, shows
from locales import Translator


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
    zipped = told.format == "zip"
    order = FileOrder("zip" if zipped else told.what, {name: fact for name, fact in asdict(told).items() if fact})
    about = (
        t("🗂 Files of <b>{title}</b>, named by task and worker, with their table.", title=told.title)
        if zipped
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
    return Screen(lines(about, part, unfinished), file=order)
