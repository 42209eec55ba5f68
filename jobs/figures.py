"""A project's figures in its files: a JSON object, or a sheet beside the results."""

import asyncio
import tempfile
from collections.abc import (
    Awaitable,
    Callable,
    Iterator,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from domain.answers import kind_of
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.form_questions import questions_in
from domain.projects.projects import Project, ProjectId
from domain.quality.agreement import ClassReport, Reliability
from domain.quality.crowd import wilson_interval
from domain.quality.figures import Figures
from domain.quality.live import ProjectModel
from formats.result_columns import Value
from jobs import refits
from services.quality.figures import find_figures
from storage.database import Database
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file on disk, to be deleted once it is sent. `kept`: Telegram may be asked to send the same bytes once more."""

    path: Path
    name: str
    mime: str
    kept: bool = False


Maker = Callable[[Database, dict[str, Any], Moment], Awaitable[MadeFile]]


def place(suffix: str) -> Path:
    """A new, empty file."""
    handle = tempfile.NamedTemporaryFile(prefix="pouce-", suffix=suffix, delete=False)  # noqa: SIM115 (outlives this)
    handle.close()
    return Path(handle.name)


@contextmanager
def making(suffix: str) -> Iterator[Path]:
    """The same, deleted where it is not made to the end."""
    path = place(suffix)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def made_of(written: bytes, name: str, mime: str) -> MadeFile:
    with making(Path(name).suffix) as path:
        path.write_bytes(written)
    return MadeFile(path, name, mime)


NOBODY = PersonId(0)
NONE = Figures(0, None, 0, 0, (), None)


async def figures(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """All figures, as JSON; shares and α from 0 to 1, intervals hold 19 times in 20; null where one is not defined."""
    project = await database.transact(lambda unit: unit.projects.get(ProjectId(facts["number"])), now)
    await refits.refresh(database, project, lambda: now)
    found, learnt = await database.aside(lambda unit: _read(unit, project), now)
    if found is None:
        await refits.refit(database, project, lambda: now)  # of many answers, learnt by a version before
        found, learnt = await database.aside(lambda unit: _read(unit, project), now)
    tools = await database.transact(lambda unit: unit.tool_uses.count(project.id), now)
    told = {**_told(project, found or NONE, learnt), "made_with_a_tool": tools}
    written = orjson.dumps(told, option=orjson.OPT_INDENT_2)
    return await asyncio.to_thread(made_of, written, f"figures-{project.id}.json", "application/json")


MAKERS: dict[str, Maker] = {"figures": figures}


async def sheet(database: Database, project: Project, now: Moment) -> list[Sequence[Value]]:
    """The same as rows; none before there is anything to measure."""
    found = await database.aside(lambda unit: find_figures(unit, project), now)
    if found is None or not (found.reliability or found.checked or found.questions):
        return []
    agreement = (row for measure in measures(project, found) for row in _measured(*measure))
    rows: list[Sequence[Value]] = [("figure", "value", "low", "high", "of"), *agreement, *_gold(found)]
    options = [class_.option for class_ in found.classes]
    taken: list[Sequence[Value]] = [
        (class_.option, *(class_.confusion.get(option, 0) for option in options)) for class_ in found.classes
    ]
    return [*rows, (), ("truth (rows), result (columns)", *options), *taken] if taken else rows


def _read(unit: UnitOfWork, project: Project) -> tuple[Figures | None, ProjectModel | None]:
    known = unit.models.for_answer(project.id, NOBODY)
    return find_figures(unit, project), known[0] if known else None


def measures(project: Project, found: Figures) -> list[tuple[str, str, Reliability]]:
    """Agreement of the whole, or of each question of a form: the end of its name, the kind, the measure."""
    kinds = {question.name: question.kind for question in questions_in(project.kind, project.options)}
    own = [(f": {name}", kinds.get(name, ""), of) for name, of in found.questions.items()]
    return [("", project.kind, found.reliability), *own] if found.reliability else own


def _measured(end: str, kind: str, of: Reliability) -> list[Sequence[Value]]:
    return [
        (f"Krippendorff's alpha ({scale_of(kind)}){end}", of.alpha, of.low, of.high, of.tasks),
        (f"Fleiss' kappa{end}", of.kappa, None, None, of.tasks),
        (f"percent agreement{end}", of.percent, None, None, of.tasks),
    ]


def scale_of(kind: str) -> str:
    scale = kind_of(kind).scale if kind else None
    return scale.value if scale else ""


def _gold(found: Figures) -> list[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    if found.checked:
        bounds = wilson_interval(found.right, found.checked)
        rows.append(("right on gold", found.right / found.checked, *bounds, found.checked))
        rows += [(f"precision: {e.option}", e.precision, e.low, e.high, e.given) for e in found.classes if e.given]
    if of := found.gold:
        rows.append(("results changed by gold", of.changed / of.tasks, None, None, of.tasks))
        rows += [("mean confidence without gold", of.before, None, None, of.tasks)] if of.before is not None else []
        rows += [("mean confidence", of.after, None, None, of.tasks)] if of.after is not None else []
    return rows


def _told(project: Project, found: Figures, learnt: ProjectModel | None) -> dict[str, Any]:
    kinds = {question.name: question.kind for question in questions_in(project.kind, project.options)}
    of = found.reliability
    low, high = wilson_interval(found.right, found.checked)
    return {
        "project": project.id,
        "title": project.title,
        "kind": project.kind,
        "answers": found.answers,
        "agreement": of and _alike(project.kind, of),
        "questions": {name: _alike(kinds.get(name, ""), each) for name, each in found.questions.items()},
        "gold": {"checked": found.checked, "right": found.right, "low": low, "high": high} if found.checked else None,
        "changed_by_gold": found.gold,
        "classes": [_class(class_) for class_ in found.classes],
        "models": [
            {"name": machine.name, "accuracy": machine.accuracy, "low": low, "high": high, "gold": machine.gold}
            | ({"question": machine.question} if machine.question else {})
            for machine in (learnt.machines if learnt else ())
            for low, high in (machine.interval,)
        ],
    }  # fmt: skip


def _alike(kind: str, of: Reliability) -> dict[str, Any]:
    return {
        "krippendorff_alpha": {"scale": scale_of(kind), "value": of.alpha, "low": of.low, "high": of.high},
        "fleiss_kappa": of.kappa,
        "percent": of.percent,
        "tasks": of.tasks,
    }


def _class(of: ClassReport) -> dict[str, Any]:
    return {
        "option": of.option, "results": of.given, "right": of.right, "precision": of.precision, "low": of.low,
        "high": of.high, "truly": of.truly, "given_as": of.confusion,
    }  # fmt: skip
