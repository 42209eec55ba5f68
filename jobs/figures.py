"""A project's figures in its files: a JSON object, or a sheet beside the results."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
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
    """A file on disk, deleted once it is sent. `is_reusable`: Telegram may be asked to send these bytes again."""

    path: Path
    name: str
    mime: str
    is_reusable: bool = False


Maker = Callable[[Database, dict[str, Any], Moment], Awaitable[MadeFile]]


def create_file(suffix: str) -> Path:
    """Create an empty temporary file and return its path."""
    handle = tempfile.NamedTemporaryFile(prefix="pouce-", suffix=suffix, delete=False)  # noqa: SIM115 (outlives this)
    handle.close()
    return Path(handle.name)


@contextmanager
def temporary_file(suffix: str) -> Iterator[Path]:
    """Create an empty temporary file, deleted if the block fails."""
    path = create_file(suffix)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def save_file(written: bytes, name: str, mime: str) -> MadeFile:
    with temporary_file(Path(name).suffix) as path:
        path.write_bytes(written)
    return MadeFile(path, name, mime)


NOBODY = PersonId(0)
NO_FIGURES = Figures(answers=0, reliability=None, checked=0, right=0, classes=(), gold=None)


async def make_figures_file(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the file of all figures as JSON: shares and α from 0 to 1, 95 % intervals; null if undefined."""
    project = await database.transact(lambda unit: unit.projects.get(ProjectId(facts["number"])), now)
    await refits.refresh(database, project, lambda: now)
    measured_figures, learnt = await database.aside(lambda unit: _read_figures(unit, project), now)
    if measured_figures is None:
        await refits.refit(database, project, lambda: now)  # of many answers, learnt by a version before
        measured_figures, learnt = await database.aside(lambda unit: _read_figures(unit, project), now)
    tools = await database.transact(lambda unit: unit.tool_uses.count(project.id), now)
    figures_object = {**_figures_object(project, measured_figures or NO_FIGURES, learnt), "made_with_a_tool": tools}
    content = orjson.dumps(figures_object, option=orjson.OPT_INDENT_2)
    return await asyncio.to_thread(save_file, content, f"figures-{project.id}.json", "application/json")


MAKERS: dict[str, Maker] = {"figures": make_figures_file}


async def get_figure_rows(database: Database, project: Project, now: Moment) -> list[Sequence[Value]]:
    """Return the figures as rows of a sheet; empty before there is anything to measure."""
    figures = await database.aside(lambda unit: find_figures(unit, project), now)
    if figures is None or not (figures.reliability or figures.checked or figures.questions):
        return []
    agreement = (row for measure in list_measures(project, figures) for row in _measure_rows(*measure))
    rows: list[Sequence[Value]] = [("figure", "value", "low", "high", "of"), *agreement, *_gold_rows(figures)]
    options = [class_.option for class_ in figures.classes]
    confusion_rows: list[Sequence[Value]] = [
        (class_.option, *(class_.confusion.get(option, 0) for option in options)) for class_ in figures.classes
    ]
    return [*rows, (), ("truth (rows), result (columns)", *options), *confusion_rows] if confusion_rows else rows


def _read_figures(unit: UnitOfWork, project: Project) -> tuple[Figures | None, ProjectModel | None]:
    answer_models = unit.models.for_answer(project.id, NOBODY)
    return find_figures(unit, project), answer_models[0] if answer_models else None


def list_measures(project: Project, figures: Figures) -> list[tuple[str, str, Reliability]]:
    """Return the agreement of the whole project, and of each question of a form: the end of its name, the kind, the
    measure."""
    kinds = {question.name: question.kind for question in questions_in(project.kind, project.options)}
    own = [(f": {name}", kinds.get(name, ""), reliability) for name, reliability in figures.questions.items()]
    return [("", project.kind, figures.reliability), *own] if figures.reliability else own


def _measure_rows(end: str, kind: str, reliability: Reliability) -> list[Sequence[Value]]:
    return [
        (
            f"Krippendorff's alpha ({get_scale(kind)}){end}",
            reliability.alpha,
            reliability.low,
            reliability.high,
            reliability.tasks,
        ),
        (f"Fleiss' kappa{end}", reliability.kappa, None, None, reliability.tasks),
        (f"percent agreement{end}", reliability.percent, None, None, reliability.tasks),
    ]


def get_scale(kind: str) -> str:
    scale = kind_of(kind).scale if kind else None
    return scale.value if scale else ""


def _gold_rows(figures: Figures) -> list[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    if figures.checked:
        bounds = wilson_interval(figures.right, figures.checked)
        rows.append(("right on gold", figures.right / figures.checked, *bounds, figures.checked))
        rows += [(f"precision: {e.option}", e.precision, e.low, e.high, e.given) for e in figures.classes if e.given]
    if effect := figures.gold:
        rows.append(("results changed by gold", effect.changed / effect.tasks, None, None, effect.tasks))
        rows += (
            [("mean confidence without gold", effect.before, None, None, effect.tasks)]
            if effect.before is not None
            else []
        )
        rows += [("mean confidence", effect.after, None, None, effect.tasks)] if effect.after is not None else []
    return rows


def _figures_object(project: Project, figures: Figures, learnt: ProjectModel | None) -> dict[str, Any]:
    kinds = {question.name: question.kind for question in questions_in(project.kind, project.options)}
    reliability = figures.reliability
    low, high = wilson_interval(figures.right, figures.checked)
    return {
        "project": project.id,
        "title": project.title,
        "kind": project.kind,
        "answers": figures.answers,
        "agreement": reliability and _reliability_object(project.kind, reliability),
        "questions": {
            name: _reliability_object(kinds.get(name, ""), question_reliability)
            for name, question_reliability in figures.questions.items()
        },
        "gold": {"checked": figures.checked, "right": figures.right, "low": low, "high": high}
        if figures.checked
        else None,
        "calibration": figures.calibration,
        "changed_by_gold": figures.gold,
        "classes": [_class_object(class_) for class_ in figures.classes],
        "models": _list_model_objects(learnt),
    }


def _list_model_objects(learnt: ProjectModel | None) -> list[dict[str, Any]]:
    return [
        {"name": machine.name, "accuracy": machine.accuracy, "low": low, "high": high, "gold": machine.gold}
        | ({"question": machine.question} if machine.question else {})
        for machine in (learnt.machines if learnt else ())
        for low, high in (machine.interval,)
    ]


def _reliability_object(kind: str, reliability: Reliability) -> dict[str, Any]:
    return {
        "krippendorff_alpha": {
            "scale": get_scale(kind),
            "value": reliability.alpha,
            "low": reliability.low,
            "high": reliability.high,
        },
        "fleiss_kappa": reliability.kappa,
        "percent": reliability.percent,
        "tasks": reliability.tasks,
    }


def _class_object(report: ClassReport) -> dict[str, Any]:
    return {
        "option": report.option,
        "results": report.given,
        "right": report.right,
        "precision": report.precision,
        "low": report.low,
        "high": report.high,
        "truly": report.truly,
        "given_as": report.confusion,
    }
