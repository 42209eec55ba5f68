"""Edits of what workers read of a project: title, instructions, pictures, worked examples.

A draft is changed as it stands. Of a running project each edit is a version, kept as it was: whoever has a task in hand
keeps what it was given out with, and pay, budget and answers are not touched.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.messages import Message
from domain.people.accounts import Person
from domain.projects.edits import (
    EditPage,
    KeptVersion,
    VersionsKept,
    WordingWanted,
)
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
from domain.work.honest_card import (
    ExamplesShown,
    InstructionNews,
    ProjectInstructions,
    news_of,
)
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


def show(act: Act, number: ProjectId, here: bool = False) -> Reply:
    """What can be edited, in a message of its own (progress goes on in its), or `here`, where a button was pressed."""
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(_page(_editable(act, number)), edits=act.message if here else None)


def ask(act: Act, number: ProjectId, part: str) -> Reply:
    """The next words, or photos, are the new text, or one more."""
    project = _editable(act, number)
    if part not in PARTS:
        raise UnknownChoice()
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": number, "part": part, "picture": ""}, act.unit.now)
    now = {TITLE: project.title, INSTRUCTIONS: "\n".join(project.instructions)}.get(part, "")
    return Reply(WordingWanted(project.id, project.title, part, now), edits=act.message)


def clear(act: Act, number: ProjectId, part: str) -> Reply:
    """No pictures, or no examples, any more."""
    if part not in (PICTURE, EXAMPLE):
        raise UnknownChoice()
    project = _editable(act, number)
    now = project.wording
    cleared = replace(now, pictures=()) if part == PICTURE else replace(now, examples=())
    return Reply(_edited(act, project, cleared), edits=act.message)


def typed(act: Act, kept: dict[str, Any], words: str) -> EditPage:
    project = _editable(act, ProjectId(kept["project"]))
    part, currency = kept["part"], act.house.terms.currency
    read = read_field(part, words.strip(), currency, project.kind)
    if part == PICTURE:
        return with_picture(act, project, *read)
    if part == EXAMPLE:
        return _with_example(
            act, project, tuple(replace(each, picture=each.picture or kept["picture"]) for each in read)
        )
    return _edited(act, project, replace(project.wording, **{part: read}))


def pictured(act: Act, kept: dict[str, Any], file: str) -> Message:
    """A photo came: one more beside the instructions, or of the example that follows."""
    project = _editable(act, ProjectId(kept["project"]))
    if kept["part"] != EXAMPLE:
        return with_picture(act, project, file)
    act.unit.drafts.keep(act.person.id, JOURNEY, {**kept, "picture": file}, act.unit.now)
    return WordingWanted(project.id, project.title, EXAMPLE, "", pictured=True)


def reworded(act: Act, number: ProjectId, said: Mapping[str, str]) -> EditPage:
    """These parts, each as its line of a caption has it, in place of what was read until now; one version for all."""
    project = _editable(act, number)
    read = {part: _read(act, project, part, words.strip()) for part, words in said.items()}
    return _edited(
        act, project, replace(project.wording, **{FIELDS.get(part, part): each for part, each in read.items()})
    )


def _read(act: Act, project: Project, part: str, words: str) -> Any:
    if part not in FIELDS:
        return read_field(part, words, act.house.terms.currency, project.kind)
    return tuple(read_field(part, words, act.house.terms.currency, project.kind)) if words else ()


def versions(act: Act, number: ProjectId) -> VersionsKept:
    """The latest ones, each with who made it and when."""
    project = projects.mine(act.unit, act.person, number)
    kept = act.unit.versions.all(project.id)[-LATEST:]
    return VersionsKept(
        project.id, project.title, tuple(KeptVersion(each.number, each.made_at, each.wording) for each in kept)
    )


def with_picture(act: Act, project: Project, *files: str) -> EditPage:
    pictures = tuple(dict.fromkeys((*project.pictures, *files)))
    if len(pictures) > MOST_PICTURES:
        raise BadInput(what="pictures", value=str(len(pictures)), expected=[str(MOST_PICTURES)])
    return _edited(act, project, replace(project.wording, pictures=pictures))


def _with_example(act: Act, project: Project, more: tuple[WorkedExample, ...]) -> EditPage:
    examples = (*project.examples, *more)
    if len(examples) > MOST_EXAMPLES:
        raise BadInput(what="examples", value=str(len(examples)), expected=[str(MOST_EXAMPLES)])
    return _edited(act, project, replace(project.wording, examples=examples))


def _edited(act: Act, project: Project, wording: Wording) -> EditPage:
    if wording.examples != project.examples:
        check_examples(wording.examples, project.kind, project.options)
    act.unit.drafts.stop(act.person.id, JOURNEY)
    if wording == project.wording:
        return _page(project)
    version = project.version if project.state is ProjectState.DRAFT else _kept(act, project, wording)
    if not act.unit.versions.reword(project.id, wording, version):
        raise WrongState(number=project.id, state=project.state.value)
    return replace(_page(_editable(act, project.id)), edited=True)


def check_examples(examples: tuple[WorkedExample, ...], kind: str, options: tuple[str, ...]) -> None:
    """Raises BadInput for a right answer that is no option."""
    if wrong := impossible_examples(examples, kind, options):
        raise BadInput(what="gold_answer", value=wrong[0], expected=list(options))


def _kept(act: Act, project: Project, wording: Wording) -> int:
    """The number of the new version. With the first edit what was read until then is kept, too."""
    unit, version = act.unit, project.version + 1
    if version > MOST_VERSIONS:
        raise BadInput(what="versions", value=str(version), expected=[str(MOST_VERSIONS)])
    if project.version == 1:
        unit.versions.keep(project.id, 1, project.wording, project.requester, project.launched_at or unit.now)
    unit.versions.keep(project.id, version, wording, act.chat.id, unit.now)
    first_look.notify_of_rewording(act, project, wording, version)
    return version


def _editable(act: Act, number: ProjectId) -> Project:
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
        project.state.value,
        project.version,
        project.instructions,
        len(project.pictures),
        len(project.examples),
    )


def under(unit: UnitOfWork, project: Project, version: int) -> Project:
    """The project as its workers read it then. Nothing is read of one that was never edited."""
    found = unit.versions.of(project.id, version) if version < project.version else None
    return project.worded(found, version) if found else project


def cited(project: Project, version: int) -> int:
    """The number by which a version is spoken of: 0 where there is only one."""
    return version if project.version > 1 else 0


def news(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> InstructionNews | None:
    """For whoever has answered under an earlier version, once."""
    if enrolment.version >= project.version or not enrolment.answered:
        return None
    before = under(unit, project, enrolment.version)
    return news_of(before.wording, project.wording, project.version)


def shown(project: Project, edition: int) -> tuple[ProjectInstructions | ExamplesShown, ...]:
    """The instructions with their pictures, and the worked examples behind them."""
    rules = ProjectInstructions(project.title, project.instructions, project.pictures, edition)
    return (rules, ExamplesShown(project.title, project.examples)) if project.examples else (rules,)


def introduce(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment, lane: Lane) -> None:
    """Pictures and examples come before the first task of a project, and again once they are others."""
    if not project.pictures and not project.examples:
        return
    is_first = not enrolment.offered
    known = project if is_first else under(unit, project, enrolment.version)
    if is_first or (known.pictures, known.examples) != (project.pictures, project.examples):
        for line in shown(project, cited(project, project.version)):
            unit.outbox.tell(worker.id, line, lane=lane, klass="nudge")
