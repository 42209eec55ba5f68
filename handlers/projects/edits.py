"""Editing what workers read of a project."""

from __future__ import annotations

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.edits import EditPage, KeptVersion, VersionsKept, WordingWanted
from handlers import quotations
from handlers.payload import Number, Payload
from handlers.projects import preflight
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, example_part_question, fit_rows, lines, shows
from locales.translator import Html, Translator
from services.projects import edits


class EditProject(Payload, code="ep"):
    """Open the page of edits: `here` in the pressed message, else in a message of its own."""

    number: Number
    here: bool


class EditPart(Payload, code="eq"):
    """`part`: title, instructions, one more picture or example."""

    number: Number
    part: str


class ClearPart(Payload, code="er"):
    """Remove all pictures, or all examples."""

    number: Number
    part: str


class ShowVersions(Payload, code="ev"):
    number: Number


TITLE, ROOM, NOW, LINE = 80, 1_200, 3_000, 90  # characters


@shows(EditPage)
def show_edits(m: EditPage, t: Translator) -> Screen:
    return Screen(
        lines(
            _edited(m, t) if m.edited else None,
            t("✏️ <b>{number}: {title}</b>", number=m.project, title=clipped(m.title, TITLE)),
            t("Version {version}", version=m.edition) if m.edition > 1 else None,
            quotations.format_instructions(m.instructions, ROOM, t, expanded=False),
            _beside(m, t),
            t("What do you want to change?"),
        ),
        _parts(m, t),
        anew=True,
    )


def _edited(m: EditPage, t: Translator) -> Html:
    if m.state == "draft":
        return t("✅ Changed.")
    return t(
        "✅ Changed: new tasks show it. Who has a task now keeps the text they began with. Who worked here before is told what changed. The pay stays."
    )


def _beside(m: EditPage, t: Translator) -> Html | None:
    pictures = t.n("🖼 {count} picture", "🖼 {count} pictures", m.pictures) if m.pictures else None
    examples = t.n("💡 {count} worked example", "💡 {count} worked examples", m.examples) if m.examples else None
    return Html(" · ".join(filter(None, (pictures, examples)))) or None


def _parts(m: EditPage, t: Translator) -> Keyboard:
    number = m.project
    title = Button(t.plain("Title"), EditPart(number=number, part="title").pack())
    rules = Button(t.plain("📋 Instructions"), EditPart(number=number, part="instructions").pack())
    picture = Button(t.plain("🖼 Add a picture"), EditPart(number=number, part="picture").pack())
    example = Button(t.plain("💡 Add an example"), EditPart(number=number, part="example").pack())
    no_pictures = Button(t.plain("🗑 No pictures"), ClearPart(number=number, part="picture").pack())
    no_examples = Button(t.plain("🗑 No examples"), ClearPart(number=number, part="example").pack())
    removals = tuple(
        button for button, is_filled in ((no_pictures, m.pictures), (no_examples, m.examples)) if is_filled
    )
    old = Button(t.plain("🕘 Earlier versions"), ShowVersions(number=number).pack())
    look = Button(t.plain("👀 Preview"), preflight.Preview(number=number).pack())
    rest = ((look,),) if m.state == "draft" else ((old,),) if m.edition > 1 else ()
    return ((title, rules), (picture, example), *((removals,) if removals else ()), *rest)


@shows(WordingWanted)
def ask_for_wording(m: WordingWanted, t: Translator) -> Screen:
    own = {
        "title": t("Write the new title."),
        "instructions": t("Write the new instructions: one rule per line."),
    }
    request = own[m.part] if m.part in own else example_part_question(m.part, m.pictured, t)
    now = t("Now: <i>{said}</i>", said=clipped(m.now, NOW)) if m.now else None
    back = Button(t.plain("⬅️ Back"), EditProject(number=m.project, here=True).pack())
    return Screen(lines(t("<b>{title}</b>", title=clipped(m.title, TITLE)), request, now), ((back,),), anew=True)


@shows(VersionsKept)
def versions(m: VersionsKept, t: Translator) -> Screen:
    head = t("🕘 <b>{title}</b>: what workers read, and since when", title=clipped(m.title, TITLE))
    if not m.versions:
        return Screen(lines(head, t("It was never edited.")))
    rows = [row for version in m.versions for row in _version(version, t)]
    return Screen(lines(head, " ", *fit_rows(rows, t)))


def _version(version: KeptVersion, t: Translator) -> list[Html]:
    wording = version.wording
    return [
        Html(f"{t('Version {version}', version=version.number)} · {t.time(version.made_at)}"),
        t("<b>{title}</b>", title=wording.title),
        *(
            t("{number}. {line}", number=line_number, line=clipped(line, LINE))
            for line_number, line in enumerate(wording.instructions, 1)
        ),
        *([_counted(version, t)] if wording.pictures or wording.examples else []),
    ]


def _counted(version: KeptVersion, t: Translator) -> Html:
    pictures, examples = len(version.wording.pictures), len(version.wording.examples)
    counts = (
        t.n("🖼 {count} picture", "🖼 {count} pictures", pictures),
        t.n("💡 {count} worked example", "💡 {count} worked examples", examples),
    )
    return Html(" · ".join(counts))


ROUTES = (
    Route(EditProject, REQUESTER, edits.show_editor),
    Route(EditPart, REQUESTER, edits.ask_for_part),
    Route(ClearPart, REQUESTER, edits.clear_part),
    Route(ShowVersions, REQUESTER, edits.list_versions, right=Right.LOOK),
)
