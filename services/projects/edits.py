"""Edits of what workers read of a project: title, instructions, pictures, worked examples.

A draft is changed as it stands. Of a running project each edit is a version, kept as it was: whoever has a task in hand
keeps what it was given out with, and pay, budget and answers are not touched.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.messages import Message
from domain.people.accounts import Person
from domain.projects.edits import EditPage, KeptVersion, VersionsKept, WordingWanted
from domain.projects.projects import (
    MOST_EXAMPLES,
    MOST_PICTURES,
    MOST_VERSIONS,
    Project,
    ProjectId,
    ProjectState,
    Wording,
    WorkedExample,
    impossible_examples,
)
from domain.refusals import BadInput, UnknownChoice, WrongState
from domain.work.assignments import Enrolment
from domain.work.honest_card import ExamplesShown, InstructionNews, ProjectInstructions, compare_wordings
from services.act import Act, Reply
from services.fairness import first_look
from services.projects import projects
from services.projects.wizard import read_field
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "edit"
TITLE, INSTRUCTIONS, PICTURE, EXAMPLE = "title", "instructions", "picture", "example"
PARTS = (TITLE, INSTRUCTIONS, PICTURE, EXAMPLE)
FIELDS = {PICTURE: "pictures", EXAMPLE: "examples"}  # of the wording, which has several of them
LATEST = 5  # versions that are listed


def show_editor(act: Act, number: ProjectId, here: bool = False) -> Reply:
    """Show what can be edited, in a message of its own, or in the message of the pressed button (`here`). An open
    question of this journey is dropped. Raise WrongState for a project that has ended or is a program's."""
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(_page(_lock_editable(act, number)), edits=act.message if here else None)


def ask_for_part(act: Act, number: ProjectId, part: str) -> Reply:
    """The next words, or photos, are the new text, or one more."""
    project = _lock_editable(act, number)
    if part not in PARTS:
        raise UnknownChoice()
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": number, "part": part, "picture": ""}, act.unit.now)
    now = {TITLE: project.title, INSTRUCTIONS: "\n".join(project.instructions)}.get(part, "")
    return Reply(WordingWanted(project.id, project.title, part, now), edits=act.message)


def clear_part(act: Act, number: ProjectId, part: str) -> Reply:
    """Remove all pictures, or all examples. Raise UnknownChoice for another part."""
    if part not in (PICTURE, EXAMPLE):
        raise UnknownChoice()
    project = _lock_editable(act, number)
    now = project.wording
    cleared = replace(now, pictures=()) if part == PICTURE else replace(now, examples=())
    return Reply(_save_edit(act, project, cleared), edits=act.message)


def take_text(act: Act, fields: dict[str, Any], words: str) -> EditPage:
    """Save the typed text as the new title or instructions, or as one more picture or example. Raise FormRefused if it
    cannot be read."""
    project = _lock_editable(act, ProjectId(fields["project"]))
    part, currency = fields["part"], act.house.terms.currency
    parsed = read_field(part, words.strip(), currency, project.kind)
    if part == PICTURE:
        return add_pictures(act, project, *parsed)
    if part == EXAMPLE:
        return _add_examples(
            act, project, tuple(replace(each, picture=each.picture or fields["picture"]) for each in parsed)
        )
    return _save_edit(act, project, replace(project.wording, **{part: parsed}))


def take_picture(act: Act, fields: dict[str, Any], file: str) -> Message:
    """Add a photo to the instructions, or keep it for the example whose text follows."""
    project = _lock_editable(act, ProjectId(fields["project"]))
    if fields["part"] != EXAMPLE:
        return add_pictures(act, project, file)
    act.unit.drafts.keep(act.person.id, JOURNEY, {**fields, "picture": file}, act.unit.now)
    return WordingWanted(project.id, project.title, EXAMPLE, "", pictured=True)


def edit_parts(act: Act, number: ProjectId, texts: Mapping[str, str]) -> EditPage:
    """Replace these parts, each given as its line of a caption has it; one new version for all."""
    project = _lock_editable(act, number)
    parsed = {part: _parse_part(act, project, part, words.strip()) for part, words in texts.items()}
    return _save_edit(
        act, project, replace(project.wording, **{FIELDS.get(part, part): value for part, value in parsed.items()})
    )


def _parse_part(act: Act, project: Project, part: str, words: str) -> Any:
    if part not in FIELDS:
        return read_field(part, words, act.house.terms.currency, project.kind)
    return tuple(read_field(part, words, act.house.terms.currency, project.kind)) if words else ()


def list_versions(act: Act, number: ProjectId) -> VersionsKept:
    """Return the latest versions, oldest first."""
    project = projects.mine(act.unit, act.person, number)
    latest = act.unit.versions.all(project.id)[-LATEST:]
    return VersionsKept(
        project.id, project.title, tuple(KeptVersion(each.number, each.made_at, each.wording) for each in latest)
    )


def add_pictures(act: Act, project: Project, *files: str) -> EditPage:
    pictures = tuple(dict.fromkeys((*project.pictures, *files)))
    if len(pictures) > MOST_PICTURES:
        raise BadInput(what="pictures", value=str(len(pictures)), expected=[str(MOST_PICTURES)])
    return _save_edit(act, project, replace(project.wording, pictures=pictures))


def _add_examples(act: Act, project: Project, new_examples: tuple[WorkedExample, ...]) -> EditPage:
    examples = (*project.examples, *new_examples)
    if len(examples) > MOST_EXAMPLES:
        raise BadInput(what="examples", value=str(len(examples)), expected=[str(MOST_EXAMPLES)])
    return _save_edit(act, project, replace(project.wording, examples=examples))


def _save_edit(act: Act, project: Project, wording: Wording) -> EditPage:
    if wording.examples != project.examples:
        require_possible_examples(wording.examples, project.kind, project.options)
    act.unit.drafts.stop(act.person.id, JOURNEY)
    if wording == project.wording:
        return _page(project)
    version = project.version if project.state is ProjectState.DRAFT else _store_version(act, project, wording)
    if not act.unit.versions.reword(project.id, wording, version):
        raise WrongState(number=project.id, state=project.state.value)
    return replace(_page(_lock_editable(act, project.id)), edited=True)


def require_possible_examples(examples: tuple[WorkedExample, ...], kind: str, options: tuple[str, ...]) -> None:
    """Raises BadInput for a right answer that is no option."""
    if wrong := impossible_examples(examples, kind, options):
        raise BadInput(what="gold_answer", value=wrong[0], expected=list(options))


def _store_version(act: Act, project: Project, wording: Wording) -> int:
    """Store the new version and return its number; with the first edit the original is stored, too. Raise BadInput
    beyond MOST_VERSIONS."""
    unit, version = act.unit, project.version + 1
    if version > MOST_VERSIONS:
        raise BadInput(what="versions", value=str(version), expected=[str(MOST_VERSIONS)])
    if project.version == 1:
        unit.versions.keep(project.id, 1, project.wording, project.requester, project.launched_at or unit.now)
    unit.versions.keep(project.id, version, wording, act.chat.id, unit.now)
    first_look.notify_of_rewording(act, project, wording, version)
    return version


def _lock_editable(act: Act, number: ProjectId) -> Project:
    """Locked: edits of one project follow each other. Raises WrongState for one that has ended or is a program's."""
    projects.mine(act.unit, act.person, number)
    act.unit.projects.lock(number)
    project = projects.mine(act.unit, act.person, number)
    projects.check_by_hand(project)
    if project.state not in (ProjectState.DRAFT, ProjectState.RUNNING):
        raise WrongState(number=number, state=project.state.value)
    return project


def _page(project: Project) -> EditPage:
    return EditPage(
        project.id,
        project.title,
        state=project.state.value,
        edition=project.version,
        instructions=project.instructions,
        pictures=len(project.pictures),
        examples=len(project.examples),
    )


def as_of_version(unit: UnitOfWork, project: Project, version: int) -> Project:
    """Return the project as its workers read it in this version. Storage is read only for an earlier version."""
    earlier_wording = unit.versions.find(project.id, version) if version < project.version else None
    return project.worded(earlier_wording, version) if earlier_wording else project


def cited(project: Project, version: int) -> int:
    """The number by which a version is spoken of: 0 where there is only one."""
    return version if project.version > 1 else 0


def find_news(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> InstructionNews | None:
    """Return what changed for a worker who has answered under an earlier version; None if nothing did, or they never
    answered."""
    if enrolment.version >= project.version or not enrolment.answered:
        return None
    earlier = as_of_version(unit, project, enrolment.version)
    return compare_wordings(earlier.wording, project.wording, project.version)


def introduction(project: Project, edition: int) -> tuple[ProjectInstructions | ExamplesShown, ...]:
    """Return the instructions with their pictures, and the worked examples if there are any."""
    rules = ProjectInstructions(project.title, project.instructions, project.pictures, edition)
    return (rules, ExamplesShown(project.title, project.examples)) if project.examples else (rules,)


def introduce(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment, lane: Lane) -> None:
    """Send pictures and examples before a worker's first task of a project, and again after they changed."""
    if not project.pictures and not project.examples:
        return
    is_first = not enrolment.offered
    read_before = project if is_first else as_of_version(unit, project, enrolment.version)
    if is_first or (read_before.pictures, read_before.examples) != (project.pictures, project.examples):
        for line in introduction(project, cited(project, project.version)):
            unit.outbox.tell(worker.id, line, lane=lane, klass="nudge")
