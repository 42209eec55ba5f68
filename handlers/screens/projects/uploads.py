"""Files that were dropped, exceed the limits, or were never launched."""

from domain.projects.draft_messages import DraftLetGo
from domain.refusals import DraftsFull, FileDropped
from handlers.screens.screen import Screen, lines, refuses, shows
from locales import Translator


@shows(DraftLetGo)
def let_go(gone: DraftLetGo, t: Translator) -> Screen:
    days = t.n("It was not launched for {count} day.", "It was not launched for {count} days.", gone.days)
    if gone.whole:
        head = t("🧹 Draft {number} was deleted: {title}", number=gone.number, title=gone.title)
    else:
        head = t("🧹 The new tasks of project {number} were deleted: {title}", number=gone.number, title=gone.title)
    return Screen(lines(head, days, t("Send the file again if you need it.")))


@refuses(FileDropped)
def dropped(refusal: FileDropped, t: Translator) -> Screen:
    return Screen(t("🗑 <b>{name}</b> is dropped. Nothing of it was imported.", name=refusal.name))


@refuses(DraftsFull)
def drafts_full(refusal: DraftsFull, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🗄 <b>Too much is waiting to be launched.</b> This file was not imported."),
            t(
                "{rows} rows ({megabytes} MB) of yours wait already; at most {most} rows and {limit} MB may.",
                rows=t.number(refusal.rows),
                megabytes=t.number(refusal.megabytes),
                most=t.number(refusal.most),
                limit=t.number(refusal.limit),
            ),
            t("Launch a draft or delete one (/stop and its number), then send the file again. /projects lists them."),
        )
    )
