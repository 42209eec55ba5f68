"""`/results N datasheet`: who answered, when and how, agreement, confidence, pay, consent and limits, on one page."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.answers import Learns, kind_of
from domain.moments import HOUR, Moment
from domain.projects.projects import (
    Progress,
    Project,
    ProjectId,
    ProjectState,
)
from domain.quality.agreement import Reliability
from domain.quality.crowd import ENOUGH_GOLD, wilson_interval
from domain.quality.figures import Figures
from jobs import refits
from jobs.exports import titled
from jobs.figures import (
    MadeFile,
    Maker,
    made_of,
    measures,
    scale_of,
)
from jobs.statements import PLATFORM
from locales import translator
from locales.translator import Translator
from reports.data_sheet import DataSheet, Part, data_sheet_pdf
from services.quality import figures
from storage.database import Database
from storage.money.ledger import MovedAmount
from storage.projects.results import WorkDone
from storage.unit import UnitOfWork

LONGEST, TITLE, OPTIONS = 280, 150, 200  # characters: all of it stays on one page
SHORTEST_PACE = 3.0  # seconds: a shorter median is below what the clock between two messages can measure
CONFIDENT, DOUBTFUL = 4, 2  # so many of the steps of confidence are below .9, and below .7
Words = Mapping[str, str]
Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """All the page tells; `sure`: how many results are in each step of confidence, `alone`: tasks that models decided
    without people, `seconds`: of the median answer."""

    project: Project
    counted: Progress
    done: WorkDone
    figures: Figures | None
    sure: Sequence[int]
    alone: int
    tools: int
    seconds: float | None
    moved: Sequence[MovedAmount]


async def data_sheet(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """`facts` hold the words in the reader's language."""
    project = await database.transact(lambda unit: unit.projects.get(ProjectId(facts["number"])), now)
    page = await sheet_of(database, project, facts["words"], facts["language"], now)
    written = await asyncio.to_thread(data_sheet_pdf, page)
    return made_of(written, f"datasheet-{project.id}-{titled(project)}.pdf", "application/pdf")


async def sheet_of(database: Database, project: Project, words: Words, language: str, now: Moment) -> DataSheet:
    await refits.refresh(database, project, lambda: now)
    known = await database.aside(lambda unit: _read(unit, project), now)
    return await asyncio.to_thread(_page, known, words, language, now)


MAKERS: Mapping[str, Maker] = {"datasheet": data_sheet}


def _read(unit: UnitOfWork, project: Project) -> Known:
    took = unit.submissions.median_milliseconds(project.id)
    return Known(
        project,
        unit.progress_counts.progress(project.id),
        unit.data_sheets.get_work_done(project.id),
        figures.find_figures(unit, project),
        unit.skills.confidences(project.id),
        unit.skills.beside_models(project.id)[3] if project.models else 0,
        unit.tool_uses.count(project.id),
        took / 1000 if took else None,
        unit.spending.sum_project_movements(project.id),
    )


def _page(of: Known, words: Words, language: str, now: Moment) -> DataSheet:
    t = translator(language)
    return DataSheet(
        title=words["title"],
        project=_clipped(of.project.title, TITLE),
        parts=[
            Part(words["asked"], _asked(of, words, t)),
            Part(words["who"], [*_who(of, words, t), *_how(of, words, t)]),
            Part(words["agreement"], _measured(of, words, t)),
            Part(words["pay"], _paid(of, words, t)),
        ],
        notes_title=words["limits"],
        notes=[words[name] for name in _limits(of)],
        footer=words["footer"].format(platform=PLATFORM, number=of.project.id, day=t.day(now)),
    )


def _asked(of: Known, words: Words, t: Translator) -> Lines:
    project, counted = of.project, of.counted
    options = _clipped(" · ".join(kind_of(project.kind).list_options(project.options)), OPTIONS)
    tasks = {"closed": t.number(counted.closed), "tasks": t.number(counted.tasks), "gold": t.number(counted.gold)}
    return [
        (words["question"], _clipped(" ".join(project.instructions), LONGEST)),
        (words["kind"], f"{project.kind}: {options}" if options else project.kind),
        (words["tasks"], words["tasks_are"].format(**tasks)),
        *([(words["purpose"], _clipped(project.purpose, OPTIONS))] if project.purpose else []),
    ]


def _clipped(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _who(of: Known, words: Words, t: Translator) -> Lines:
    done, project = of.done, of.project
    if done.first is None or done.last is None:
        return [(words["answers"], t.number(0))]
    ordinary = max(0, done.answers - of.counted.gold_seen)
    told = {"workers": t.number(done.workers), "share": t.percent(done.busiest / done.answers)}
    each = t.number(round(ordinary / max(1, of.counted.closed + of.counted.begun), 1))
    told |= {"answers": t.number(done.answers), "silent": t.number(done.silent), "each": each}
    told |= {"first": t.day(done.first), "last": t.day(done.last)}
    return [
        (words["workers"], words["workers_are"].format(**told)),
        *([(words["languages"], " · ".join(project.languages))] if project.languages else []),
        (words["when"], words["from_to"].format(**told)),
        (words["answers"], words["answers_are"].format(**told)),
    ]


def _how(of: Known, words: Words, t: Translator) -> Lines:
    project = of.project
    least, most = t.number(project.overlap), t.number(project.largest(project.overlap))
    confidence = t.percent(project.confidence) if project.confidence else ""
    wanted = words["until" if confidence else "fixed"].format(least=least, most=most, confidence=confidence)
    models = words["models_are"].format(count=t.number(len(project.models)), alone=t.number(of.alone))
    return [
        (words["wanted"], wanted),
        (words["result"], words["weighed" if kind_of(project.kind).is_aggregated else "unweighed"]),
        *([(words["models"], models)] if project.models else []),
        *([(words["tools"], words["tools_are"].format(count=t.number(of.tools)))] if of.tools else []),
    ]


def _measured(of: Known, words: Words, t: Translator) -> Lines:
    found, results = of.figures, sum(of.sure)
    lines = [*_agreement(of.project, found, words, t)]
    if found and found.checked:
        low, high = wilson_interval(found.right, found.checked)
        of_gold = {"right": t.number(found.right), "checked": t.number(found.checked)}
        text = words["gold_is"].format(low=t.percent(low), high=t.percent(high), **of_gold)
        lines.append((words["gold"], text))
    if results:
        shares = {
            "share": t.percent(sum(of.sure[CONFIDENT:]) / results),
            "less": t.percent(sum(of.sure[:DOUBTFUL]) / results),
        }
        lines.append((words["sure"], words["sure_is"].format(**shares)))
    return lines


def _agreement(project: Project, found: Figures | None, words: Words, t: Translator) -> Lines:
    parts = measures(project, found) if found else []
    lines = [line for end, kind, of in parts for line in _alike(end, kind, of, words, t)]
    return lines or [(words["unmeasured"], words["unmeasured_is"])]


def _alike(end: str, kind: str, of: Reliability, words: Words, t: Translator) -> Lines:
    name = words.get(f"alpha_{scale_of(kind)}", words["alpha"])
    alpha = {"alpha": _two(of.alpha, t), "low": _two(of.low, t), "high": _two(of.high, t), "tasks": t.number(of.tasks)}
    return [
        (name + end, words["alpha_undefined" if of.alpha is None else "alpha_is"].format(**alpha)),
        *([(words["kappa"] + end, _two(of.kappa, t))] if of.kappa is not None else []),
        (words["percent"] + end, words["percent_is"].format(share=t.percent(of.percent))),
    ]


def _paid(of: Known, words: Words, t: Translator) -> Lines:
    project = of.project
    pay = t.money(project.pay, project.currency)
    if of.seconds and of.seconds < SHORTEST_PACE:
        pay = words["each_is_short"].format(pay=pay, time=t.duration(round(SHORTEST_PACE * 1000)))
    elif of.seconds:
        hourly = t.money(round(project.pay * HOUR / 1000 / of.seconds / 10_000) * 10_000, project.currency)
        pay = words["each_is"].format(pay=pay, time=t.duration(round(of.seconds * 1000)), hourly=hourly)
    gone = {owner: t.money(_received(of.moved, owner), project.currency) for owner in ("worker", "platform")}
    total = {"workers": gone["worker"], "platform": gone["platform"], "rejected": t.number(of.done.rejected)}
    consent = words["consent_is" if project.purpose else "consent_no_purpose"]
    return [
        (words["each"], pay),
        (words["total"], words["total_is"].format(**total)),
        (
            words["consent"],
            consent.format(count=t.number(of.done.withdrawn)),
        ),
        (words["names"], words["names_are"]),
    ]


def _limits(of: Known) -> list[str]:
    """The names of the notes that hold for this project."""
    found = ["sample", "alike"]
    if of.sure and kind_of(of.project.kind).is_aggregated:
        found.append(_meant(of))
    found += ["model_limit"] if of.project.models else []
    return found + (["running"] if of.project.state is ProjectState.RUNNING else [])


def _meant(of: Known) -> str:
    """The note on what a confidence is here (docs/quality.md)."""
    if of.figures and of.figures.checked >= ENOUGH_GOLD:
        return "checked"
    if kind_of(of.project.kind).learns is Learns.AGREEMENT:
        return "modelled"
    return "certainty" if of.project.confidence is not None and not of.project.models else "unchecked"


def _received(moved: Sequence[MovedAmount], owner: str) -> int:
    """What came to them out of the project, less what went back."""
    given = sum(transfer.amount for transfer in moved if transfer.target == owner and transfer.source != owner)
    return given - sum(transfer.amount for transfer in moved if transfer.source == owner and transfer.target != owner)


def _two(value: float | None, t: Translator) -> str:
    """Nothing where it is not defined."""
    return "" if value is None else t.number(round(value, 2))
