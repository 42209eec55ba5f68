"""`/results N datasheet`: who answered, when and how, agreement, confidence, pay, consent and limits, on one page."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.answers import Learns, kind_of
from domain.moments import HOUR, Moment
from domain.projects.projects import CountedProgress, Project, ProjectId, ProjectState
from domain.quality.agreement import Reliability
from domain.quality.crowd import ENOUGH_GOLD, wilson_interval
from domain.quality.figures import Figures
from jobs import refits
from jobs.exports import get_file_title
from jobs.figures import MadeFile, Maker, get_scale, list_measures, save_file
from jobs.statements import PLATFORM
from locales import translator
from locales.translator import Translator
from reports.data_sheet import DataSheet, DataSheetPart, data_sheet_pdf
from services.quality import figures
from storage.database import Database
from storage.money.ledger import MovedAmount
from storage.projects.results import WorkDone
from storage.unit import UnitOfWork

QUESTION_CHARS, TITLE_CHARS, OPTIONS_CHARS = 280, 150, 200  # characters: all of it stays on one page
MIN_MEDIAN_SECONDS = 3.0  # seconds: a shorter median is below what the clock between two messages can measure
CONFIDENT_STEPS, DOUBTFUL_STEPS = 4, 2  # so many of the steps of confidence are below .9, and below .7
Words = Mapping[str, str]
Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """Figures of a project that its data sheet shows. `sure`: number of results in each step of confidence; `alone`:
    tasks that models decided without people; `seconds`: the median answer's time."""

    project: Project
    counted: CountedProgress
    work: WorkDone
    figures: Figures | None
    sure: Sequence[int]
    alone: int
    tools: int
    seconds: float | None
    moved: Sequence[MovedAmount]


async def make_data_sheet(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the data sheet as PDF, in the reader's language."""
    project = await database.transact(lambda unit: unit.projects.get(ProjectId(facts["number"])), now)
    page = await get_data_sheet(database, project, facts["language"], now)
    content = await asyncio.to_thread(data_sheet_pdf, page)
    return save_file(content, f"datasheet-{project.id}-{get_file_title(project)}.pdf", "application/pdf")


async def get_data_sheet(database: Database, project: Project, language: str, now: Moment) -> DataSheet:
    """Return a project's data sheet, after a refit if there are new answers."""
    await refits.refresh(database, project, lambda: now)
    summary = await database.aside(lambda unit: _read_summary(unit, project), now)
    return await asyncio.to_thread(_page, summary, sheet_words(language), language, now)


MAKERS: Mapping[str, Maker] = {"datasheet": make_data_sheet}


@cache
def sheet_words(language: str) -> Words:
    """Return the words of a data sheet in a language."""
    t = translator(language)
    return {
        "title": t.plain("Data sheet"),
        "footer": t.plain(
            "{platform} · project {number} · {day}", platform="{platform}", number="{number}", day="{day}"
        ),
        **_question_words(t),
        **_answer_words(t),
        **_measured(t),
        **_paid(t),
        **_limits(t),
    }


def _question_words(t: Translator) -> Words:
    return {
        "asked": t.plain("What was asked"),
        "question": t.plain("Instructions"),
        "kind": t.plain("Kind of answer"),
        "tasks": t.plain("Tasks"),
        "tasks_are": t.plain("{closed} of {tasks} done, beside {gold} check questions with a known answer", closed="{closed}", tasks="{tasks}", gold="{gold}"),
        "purpose": t.plain("Purpose, as workers read it"),
    }  # fmt: skip


def _answer_words(t: Translator) -> Words:
    return {
        "who": t.plain("Who answered, when and how"),
        "workers": t.plain("Workers"),
        "workers_are": t.plain("{workers}; the busiest gave {share} of the answers", workers="{workers}", share="{share}"),
        "languages": t.plain("Languages wanted"),
        "when": t.plain("When (UTC)"),
        "from_to": t.plain("{first} to {last}", first="{first}", last="{last}"),
        "answers": t.plain("Answers"),
        "answers_are": t.plain("{answers}, of which {silent} say “can't tell”; {each} a task on average", answers="{answers}", silent="{silent}", each="{each}"),
        "wanted": t.plain("Asked for"),
        "fixed": t.plain("{least} answers a task", least="{least}"),
        "until": t.plain("{least} to {most} answers a task, until a confidence of {confidence}", least="{least}", most="{most}", confidence="{confidence}"),
        "result": t.plain("How results are made"),
        "weighed": t.plain("From all answers of a task, each weighed by how often its worker is right, by check questions and by the others' answers"),
        "unweighed": t.plain("Every answer is a result of its own: nothing is put together"),
        "models": t.plain("Models"),
        "models_are": t.plain("Answers of {count} models weigh in as further voters. No worker saw them. Tasks decided without people: {alone}", count="{count}", alone="{alone}"),
        "tools": t.plain("Made with a tool"),
        "tools_are": t.plain("{count} answers, by their workers' own word", count="{count}"),
    }  # fmt: skip


def _measured(t: Translator) -> Words:
    return {
        "agreement": t.plain("Agreement and confidence"),
        "alpha": t.plain("Krippendorff's α"),
        "alpha_masi": t.plain("Krippendorff's α (MASI)"),
        "alpha_kendall": t.plain("Krippendorff's α (Kendall)"),
        "alpha_places": t.plain("Krippendorff's α (best, worst)"),
        "alpha_is": t.plain("{alpha} (95 % interval {low} to {high}; {tasks} tasks with several answers)", alpha="{alpha}", low="{low}", high="{high}", tasks="{tasks}"),
        "alpha_undefined": t.plain("not defined: all answers to the {tasks} tasks with several are the same", tasks="{tasks}"),
        "kappa": t.plain("Fleiss' κ"),
        "percent": t.plain("Same answer"),
        "percent_is": t.plain("{share} of pairs of answers to a task", share="{share}"),
        "gold": t.plain("Right on check questions"),
        "gold_is": t.plain("{right} of {checked} results that did not know them (95 % interval {low} to {high})", right="{right}", checked="{checked}", low="{low}", high="{high}"),
        "sure": t.plain("Confidence"),
        "sure_is": t.plain("{share} of the results have 90 % or more, {less} less than 70 %", share="{share}", less="{less}"),
        "unmeasured": t.plain("Agreement"),
        "unmeasured_is": t.plain("Not measured: too few tasks have several answers, or answers of this kind have no measure"),
    }  # fmt: skip


def _paid(t: Translator) -> Words:
    return {
        "pay": t.plain("Pay and consent"),
        "each": t.plain("Pay of an answer"),
        "each_is": t.plain("{pay}; half of the answers took less than {time}, which is {hourly} an hour", pay="{pay}", time="{time}", hourly="{hourly}"),
        "each_is_short": t.plain("{pay}; half of the answers took less than {time}, too little to say what that is an hour", pay="{pay}", time="{time}"),
        "total": t.plain("Paid in all"),
        "total_is": t.plain("{workers} to workers, {platform} to the platform; {rejected} answers were rejected", workers="{workers}", platform="{platform}", rejected="{rejected}"),
        "consent": t.plain("Consent"),
        "consent_is": t.plain("Every worker saw task, pay and purpose, and agreed, before their first answer. {count} took their answers back: these are in no file made since", count="{count}"),
        "consent_no_purpose": t.plain("Every worker saw task and pay, and agreed, before their first answer; no purpose was given. {count} took their answers back: these are in no file made since", count="{count}"),
        "names": t.plain("Names"),
        "names_are": t.plain("Files name workers by pseudonyms that differ from requester to requester"),
    }  # fmt: skip


def _limits(t: Translator) -> Words:
    return {
        "limits": t.plain("What this does not say"),
        "sample": t.plain("The workers chose this work themselves: they stand for no population."),
        "alike": t.plain("An error that most people make looks like agreement. Only check questions show it."),
        "unchecked": t.plain("No ten check questions were answered: confidences are an estimate from other crowds, off by 7 points on average and by 17 in the worst."),
        "certainty": t.plain("No ten check questions were answered: a confidence is how certain the crowd is, as if people shared no errors. On other crowds it was 18 points too high on average, 35 in the worst."),
        "modelled": t.plain("No ten check questions were answered: a confidence is what the model of such answers says, and nothing here has checked it."),
        "checked": t.plain("Confidences are weighed by the check questions: off by about 6 points on average, more where check questions are unlike the other tasks."),
        "model_limit": t.plain("Models and people may share errors; results are not independent of the models."),
        "running": t.plain("The project has not ended: this is how things stand now."),
    }  # fmt: skip


def _read_summary(unit: UnitOfWork, project: Project) -> ProjectSummary:
    took = unit.submissions.median_milliseconds(project.id)
    return ProjectSummary(
        project,
        counted=unit.progress_counts.progress(project.id),
        work=unit.data_sheets.get_work_done(project.id),
        figures=figures.find_figures(unit, project),
        sure=unit.skills.confidences(project.id),
        alone=unit.skills.beside_models(project.id)[3] if project.models else 0,
        tools=unit.tool_uses.count(project.id),
        seconds=took / 1000 if took else None,
        moved=unit.spending.sum_project_movements(project.id),
    )


def _page(summary: ProjectSummary, words: Words, language: str, now: Moment) -> DataSheet:
    t = translator(language)
    return DataSheet(
        title=words["title"],
        project=_clipped(summary.project.title, TITLE_CHARS),
        parts=[
            DataSheetPart(words["asked"], _question_lines(summary, words, t)),
            DataSheetPart(words["who"], [*_worker_lines(summary, words, t), *_overlap_lines(summary, words, t)]),
            DataSheetPart(words["agreement"], _quality_lines(summary, words, t)),
            DataSheetPart(words["pay"], _pay_lines(summary, words, t)),
        ],
        notes_title=words["limits"],
        notes=[words[name] for name in _limit_notes(summary)],
        footer=words["footer"].format(platform=PLATFORM, number=summary.project.id, day=t.day(now)),
    )


def _question_lines(summary: ProjectSummary, words: Words, t: Translator) -> Lines:
    project, counted = summary.project, summary.counted
    options = _clipped(" · ".join(kind_of(project.kind).list_options(project.options)), OPTIONS_CHARS)
    tasks = {"closed": t.number(counted.closed), "tasks": t.number(counted.tasks), "gold": t.number(counted.gold)}
    return [
        (words["question"], _clipped(" ".join(project.instructions), QUESTION_CHARS)),
        (words["kind"], f"{project.kind}: {options}" if options else project.kind),
        (words["tasks"], words["tasks_are"].format(**tasks)),
        *([(words["purpose"], _clipped(project.purpose, OPTIONS_CHARS))] if project.purpose else []),
    ]


def _clipped(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _worker_lines(summary: ProjectSummary, words: Words, t: Translator) -> Lines:
    work, project = summary.work, summary.project
    if work.first is None or work.last is None:
        return [(words["answers"], t.number(0))]
    ordinary = max(0, work.answers - summary.counted.gold_seen)
    facts = {"workers": t.number(work.workers), "share": t.percent(work.busiest / work.answers)}
    answers_per_task = t.number(round(ordinary / max(1, summary.counted.closed + summary.counted.begun), 1))
    facts |= {"answers": t.number(work.answers), "silent": t.number(work.silent), "each": answers_per_task}
    facts |= {"first": t.day(work.first), "last": t.day(work.last)}
    return [
        (words["workers"], words["workers_are"].format(**facts)),
        *([(words["languages"], " · ".join(project.languages))] if project.languages else []),
        (words["when"], words["from_to"].format(**facts)),
        (words["answers"], words["answers_are"].format(**facts)),
    ]


def _overlap_lines(summary: ProjectSummary, words: Words, t: Translator) -> Lines:
    project = summary.project
    least, most = t.number(project.overlap), t.number(project.largest(project.overlap))
    confidence = t.percent(project.confidence) if project.confidence else ""
    overlap = words["until" if confidence else "fixed"].format(least=least, most=most, confidence=confidence)
    models = words["models_are"].format(count=t.number(len(project.models)), alone=t.number(summary.alone))
    return [
        (words["wanted"], overlap),
        (words["result"], words["weighed" if kind_of(project.kind).is_aggregated else "unweighed"]),
        *([(words["models"], models)] if project.models else []),
        *([(words["tools"], words["tools_are"].format(count=t.number(summary.tools)))] if summary.tools else []),
    ]


def _quality_lines(summary: ProjectSummary, words: Words, t: Translator) -> Lines:
    figures, results = summary.figures, sum(summary.sure)
    lines = [*_agreement_lines(summary.project, figures, words, t)]
    if figures and figures.checked:
        low, high = wilson_interval(figures.right, figures.checked)
        of_gold = {"right": t.number(figures.right), "checked": t.number(figures.checked)}
        text = words["gold_is"].format(low=t.percent(low), high=t.percent(high), **of_gold)
        lines.append((words["gold"], text))
    if results:
        shares = {
            "share": t.percent(sum(summary.sure[CONFIDENT_STEPS:]) / results),
            "less": t.percent(sum(summary.sure[:DOUBTFUL_STEPS]) / results),
        }
        lines.append((words["sure"], words["sure_is"].format(**shares)))
    return lines


def _agreement_lines(project: Project, figures: Figures | None, words: Words, t: Translator) -> Lines:
    parts = list_measures(project, figures) if figures else []
    lines = [line for end, kind, reliability in parts for line in _measure_lines(end, kind, reliability, words, t)]
    return lines or [(words["unmeasured"], words["unmeasured_is"])]


def _measure_lines(end: str, kind: str, reliability: Reliability, words: Words, t: Translator) -> Lines:
    name = words.get(f"alpha_{get_scale(kind)}", words["alpha"])
    alpha = {
        "alpha": _two_decimals(reliability.alpha, t),
        "low": _two_decimals(reliability.low, t),
        "high": _two_decimals(reliability.high, t),
        "tasks": t.number(reliability.tasks),
    }
    return [
        (name + end, words["alpha_undefined" if reliability.alpha is None else "alpha_is"].format(**alpha)),
        *([(words["kappa"] + end, _two_decimals(reliability.kappa, t))] if reliability.kappa is not None else []),
        (words["percent"] + end, words["percent_is"].format(share=t.percent(reliability.percent))),
    ]


def _pay_lines(summary: ProjectSummary, words: Words, t: Translator) -> Lines:
    project = summary.project
    pay = t.money(project.pay, project.currency)
    if summary.seconds and summary.seconds < MIN_MEDIAN_SECONDS:
        pay = words["each_is_short"].format(pay=pay, time=t.duration(round(MIN_MEDIAN_SECONDS * 1000)))
    elif summary.seconds:
        hourly = t.money(round(project.pay * HOUR / 1000 / summary.seconds / 10_000) * 10_000, project.currency)
        pay = words["each_is"].format(pay=pay, time=t.duration(round(summary.seconds * 1000)), hourly=hourly)
    received_by_owner = {
        owner: t.money(_sum_received(summary.moved, owner), project.currency) for owner in ("worker", "platform")
    }
    total = {
        "workers": received_by_owner["worker"],
        "platform": received_by_owner["platform"],
        "rejected": t.number(summary.work.rejected),
    }
    consent = words["consent_is" if project.purpose else "consent_no_purpose"]
    return [
        (words["each"], pay),
        (words["total"], words["total_is"].format(**total)),
        (
            words["consent"],
            consent.format(count=t.number(summary.work.withdrawn)),
        ),
        (words["names"], words["names_are"]),
    ]


def _limit_notes(summary: ProjectSummary) -> list[str]:
    """Return the names of the notes that hold for this project."""
    notes = ["sample", "alike"]
    if summary.sure and kind_of(summary.project.kind).is_aggregated:
        notes.append(_confidence_note(summary))
    notes += ["model_limit"] if summary.project.models else []
    return notes + (["running"] if summary.project.state is ProjectState.RUNNING else [])


def _confidence_note(summary: ProjectSummary) -> str:
    """Return the name of the note on what a confidence means in this project (docs/explanation/quality.md)."""
    if summary.figures and summary.figures.checked >= ENOUGH_GOLD:
        return "checked"
    if kind_of(summary.project.kind).learns is Learns.AGREEMENT:
        return "modelled"
    return "certainty" if summary.project.confidence is not None and not summary.project.models else "unchecked"


def _sum_received(moved: Sequence[MovedAmount], owner: str) -> int:
    """Return what an owner received out of the project, less what went back."""
    received = sum(transfer.amount for transfer in moved if transfer.target == owner and transfer.source != owner)
    return received - sum(
        transfer.amount for transfer in moved if transfer.source == owner and transfer.target != owner
    )


def _two_decimals(value: float | None, t: Translator) -> str:
    """Return the value with two decimals; an empty text if it is not defined."""
    return "" if value is None else t.number(round(value, 2))
