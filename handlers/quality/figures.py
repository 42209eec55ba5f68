"""Agreement, results against check questions, what these changed: in words for people who are no statisticians."""

from __future__ import annotations

from itertools import pairwise

from domain.people.accounts import REQUESTER, WORKER
from domain.people.teams import Right
from domain.quality.figures import (
    CONFIDENCE_STEPS,
    GoldBought,
    GoldWouldHelp,
    JudgedModel,
    JudgedOption,
    MeasuredAgreement,
    ModelDoubt,
    ModelsOnGold,
    ModelsReport,
    ProjectFigures,
    ProjectQuality,
    ProjectSkill,
    SkillFigures,
    SkillReport,
)
from domain.quality.machine import Doubt
from formats.writing import DATASHEET, FIGURES
from handlers.payload import Number, Payload
from handlers.people import web_sessions
from handlers.projects import results
from handlers.quality import gold
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, fit_rows, lines, shows
from locales.translator import Html, Translator
from reports.overview import Histogram, ShareBar, quality_picture
from services.quality import figures as figures_service


class ShowSkill(Payload, code="sk"):
    pass


class ShowQuality(Payload, code="q"):
    project: Number


NAMED, OPTIONS = 40, 8  # characters of an option; options, the others are in the file
RELIABLE, TENTATIVE = 0.8, 0.667  # of Krippendorff's α, as he advises


@shows(ProjectFigures)
def show_figures(m: ProjectFigures, t: Translator) -> Screen:
    head = t("📐 <b>{title}</b>: what the results are worth", title=clipped(m.title, 2 * NAMED))
    listed = [_option_line(option, t) for option in m.options[:OPTIONS]]
    agreement = _agreement_lines(m.agreement, t) if m.agreement else _question_lines(m, t)
    gold = (_gold_line(m, t), *listed) if m.checked else ()
    bought = (_gold_effect_line(m.bought, t),) if m.bought else ()
    tools = (_tools_line(m.tools, t),) if m.tools else ()
    parts = [part for part in (agreement, gold, bought, tools) if part]
    body = [line for part in parts for line in (" ", *part)]
    every = Button(t.plain("📄 All figures"), results.GetFile(number=m.number, what="results", form=FIGURES).pack())
    page = Button(t.plain("📋 Data sheet"), results.GetFile(number=m.number, what="results", form=DATASHEET).pack())
    return Screen(lines(head, *body), ((every, page),))


def _agreement_lines(agreement: MeasuredAgreement, t: Translator) -> tuple[Html, ...]:
    same = t(
        "<b>Do people agree?</b> Two answers to one task are the same in {share}.", share=t.percent(agreement.same)
    )
    bounds = {
        "alpha": _rounded(agreement.alpha, t),
        "low": _rounded(agreement.low, t),
        "high": _rounded(agreement.high, t),
    }
    if agreement.alpha is None:
        return same, t("Krippendorff's α is not defined: all answers are the same.")
    beyond = t("Krippendorff's α: {alpha} ({low} to {high}). 1 is full agreement, 0 is chance.", **bounds)
    kappa = (t("Fleiss' κ: {kappa}.", kappa=_rounded(agreement.kappa, t)),) if agreement.kappa is not None else ()
    if agreement.alpha >= RELIABLE:
        reading = t("✓ People see the same thing.")
    elif agreement.alpha >= TENTATIVE:
        reading = t("People mostly see the same thing.")
    else:
        reading = t("⚠️ People often disagree. Clearer instructions help, or more answers a task.")
    return (same, beyond, *kappa, reading)


def _question_lines(m: ProjectFigures, t: Translator) -> tuple[Html, ...]:
    """Return one line for each question, since people may agree on one and differ on another."""
    if not m.questions:
        return ()
    head = t(
        "<b>Do people agree?</b> Two answers to one task, question by question (Krippendorff's α: 1 full, 0 chance):"
    )
    return (head, *(_question_line(clipped(text, NAMED), agreement, t) for text, agreement in m.questions))


def _question_line(question: str, agreement: MeasuredAgreement, t: Translator) -> Html:
    if agreement.alpha is None:
        return t("· {question}: all answers are the same, α is not defined", question=question)
    return t(
        "· {question}: the same in {share}, α {alpha} ({low} to {high})",
        question=question,
        share=t.percent(agreement.same),
        alpha=_rounded(agreement.alpha, t),
        low=_rounded(agreement.low, t),
        high=_rounded(agreement.high, t),
    )


def _gold_line(m: ProjectFigures, t: Translator) -> Html:
    """Return how many results agree with gold; each of them was computed without its own gold answer."""
    gold_count = t.n("{count} check question", "{count} check questions", m.checked)
    facts = {"asked": gold_count, "right": t.number(m.right), "low": t.percent(m.low), "high": t.percent(m.high)}
    return t("<b>Are results right?</b> Right on {right} of {asked}: likely {low} to {high} of all.", **facts)


def _option_line(option: JudgedOption, t: Translator) -> Html:
    facts = {
        "option": clipped(option.option, NAMED),
        "right": t.number(option.right),
        "given": t.number(option.given),
        "low": t.percent(option.low),
        "high": t.percent(option.high),
    }
    if not option.mistaken:
        return t("· “{option}” is right in {right} of {given} ({low} to {high}).", **facts)
    facts |= {"instead": clipped(option.instead, NAMED), "times": t.number(option.mistaken)}
    return t("· “{option}” is right in {right} of {given} ({low} to {high}); “{instead}” was in {times}.", **facts)


def _gold_effect_line(gold: GoldBought, t: Translator) -> Html:
    changed = t.n(
        "<b>What check questions changed:</b> {changed} of {count} result.",
        "<b>What check questions changed:</b> {changed} of {count} results.",
        gold.tasks,
        changed=t.number(gold.changed),
    )
    if gold.before is None or gold.after is None:
        return changed
    sure = {"before": t.percent(gold.before), "after": t.percent(gold.after)}
    return lines(changed, t("Mean confidence: {after}, without them {before}.", **sure))


def _tools_line(answers: int, t: Translator) -> Html:
    return t.n(
        "🤖 {count} answer was made with a tool, as its worker says. It is paid, and no ground to reject.",
        "🤖 {count} answers were made with a tool, as their workers say. They are paid, and no ground to reject.",
        answers,
    )


def _rounded(value: float | None, t: Translator) -> str:
    """Return the value with two decimals, or nothing if it is not defined."""
    return "" if value is None else t.number(round(value, 2))


NAMED_MODELS = 40  # characters of a model's name, an option or a task


@shows(ModelsReport)
def show_models_report(m: ModelsReport, t: Translator) -> Screen:
    head = t("🤖 <b>{title}</b>: the answers of models", title=clipped(m.title, 2 * NAMED_MODELS))
    press = Button(t.plain("🎯 Make check questions"), gold.MakeGold(project=m.number).pack())
    model_lines = [_model_lines(model, t) for model in m.models]
    return Screen(
        lines(head, *fit_rows(model_lines, t), " ", _savings_lines(m, t), _find_gold_line(m, t)),
        ((press,),) if m.proposed else (),
    )


@shows(GoldWouldHelp)
def propose_gold(m: GoldWouldHelp, t: Translator) -> Screen:
    head = t.n(
        "🤖 <b>{title}</b>: people and the model differ on {count} task.",
        "🤖 <b>{title}</b>: people and the model differ on {count} tasks.",
        m.contested,
        title=clipped(m.title, 2 * NAMED_MODELS),
    )
    ask = t.n(
        "🎯 Who is right? {count} check question would tell.",
        "🎯 Who is right? {count} check questions would tell, five minutes for all of them.",
        m.proposed,
    )
    press = Button(t.plain("🎯 Make check questions"), gold.MakeGold(project=m.number).pack())
    return Screen(lines(head, ask), ((press,),))


def _model_lines(model: JudgedModel, t: Translator) -> Html:
    low, high = t.percent(model.low), t.percent(model.high)
    name = clipped(model.name, NAMED_MODELS) or t.plain("the model")
    name = f"{name} · {clipped(model.question, NAMED_MODELS)}" if model.question else name
    judged = t.n("{count} check question", "{count} check questions", model.gold)
    right = t(
        "<b>{name}</b>: {share} right ({low} to {high}), by {judged} and people's answers",
        **{"name": name, "share": t.percent(model.accuracy), "low": low, "high": high, "judged": judged},
    )
    repeated = t.n(
        "· {count} worker repeats it, its errors too: no ground to reject, but those answers count little.",
        "· {count} workers repeat it, its errors too: no ground to reject, but those answers count little.",
        model.repeated,
    )
    return lines(
        right,
        *(_doubt_line(doubt, t) for doubt in model.doubts),
        repeated if model.repeated else None,
    )


def _doubt_line(doubt: ModelDoubt, t: Translator) -> Html:
    facts = {
        "about": clipped(doubt.about, NAMED_MODELS),
        "expected": t.percent(doubt.expected),
        "observed": t.percent(doubt.observed),
    }
    return {
        Doubt.UNCHECKED: lambda: t("· Fewer than ten check questions have judged it: it counts for little."),
        Doubt.CONTRARY: lambda: t("· It is right less often than a guess."),
        Doubt.CLASS: lambda: t("· Of “{about}” it gets {observed} right, of the rest {expected}.", **facts),
        Doubt.DRIFT: lambda: t("· From task {about} on it is worse: {observed} instead of {expected}.", **facts),
        Doubt.OVERCONFIDENT: lambda: t("· It says it is {expected} sure, and is right in {observed}.", **facts),
        Doubt.UNSURE: lambda: t("· It says it is {observed} sure, no more than a guess: we ignore that.", **facts),
        Doubt.COPIED: lambda: Html(""),
    }[Doubt(doubt.doubt)]()


def _savings_lines(m: ModelsReport, t: Translator) -> Html | None:
    """Return what the models' answers saved in comparison with people alone under the same rule."""
    if not m.closed:
        return t("No task with their answers is done yet.")
    closed_tasks = t.n("{count} task with their answers is done", "{count} tasks with their answers are done", m.closed)
    how = {"done": closed_tasks, "once": t.number(m.once), "never": t.number(m.never)}
    saved = t.money(m.saved, m.currency)
    return lines(
        t("{done}: {once} with one person, {never} without any.", **how),
        t("💶 Saved so far: about {saved}, beside people alone.", saved=saved) if m.saved else None,
        _models_on_gold_line(m.on_gold, t) if m.on_gold else None,
        None if m.gold else t("Check questions would say what that does to accuracy."),
    )


def _models_on_gold_line(on_gold: ModelsOnGold, t: Translator) -> Html:
    """Return what the models did to accuracy."""
    return t(
        "🎯 Right on check questions: {right} of {checked} with the models, {right_alone} of {checked_alone} by people alone.",
        right=t.number(on_gold.right),
        checked=t.number(on_gold.checked),
        right_alone=t.number(on_gold.right_alone),
        checked_alone=t.number(on_gold.checked_alone),
    )


def _find_gold_line(m: ModelsReport, t: Translator) -> Html | None:
    """Return how many more check questions would help, or None if none would. The effect of those made so far is among
    the project's figures."""
    if not m.proposed:
        return None
    return t.n(
        "🎯 {count} more check question would help now.", "🎯 {count} more check questions would help now.", m.proposed
    )


NAMED_PROBLEMS = 46  # characters of a title on the picture


@shows(ProjectQuality)
def show_quality(m: ProjectQuality, t: Translator) -> Screen:
    title = clipped(m.title, NAMED_PROBLEMS)
    shares = (
        _share(t.plain("Like the result"), m.agreeing, m.compared, t),
        _share(t.plain("Right on gold"), m.gold_right, m.gold_seen, t),
    )
    bounds = [t.number(round(100 * step)) for step in CONFIDENCE_STEPS]
    counts, across = m.confidences, t.plain("confidence")
    histogram = Histogram(
        title=t.plain("How sure the results are"),
        labels=[f"< {bounds[0]}", *(f"{low}–{high}" for low, high in pairwise(bounds)), f"≥ {bounds[-1]}"],
        counts=counts,
        texts=[t.number(count) if count else "–" for count in counts],
        across=across + " (%)",
        up=t.plain("tasks"),
    )
    caption = lines(
        t("📊 <b>{title}</b>", title=title),
        t(
            "Like the result: how often an answer is the one its task came to. Gold: how often a check question was answered right."
        ),
        t("Confidence: how likely each result is right, as far as we can tell.")
        if any(counts)
        else t("No result has a confidence so far."),
    )
    look = web_sessions.look_button(f"project/{m.number}/quality", t)
    return Screen(caption, ((look,),), photo=lambda: quality_picture(title, shares, histogram))


def _share(label: str, part: int, whole: int, t: Translator) -> ShareBar:
    if not whole:
        return ShareBar(label, None, "–")
    return ShareBar(label, part / whole, f"{t.percent(part / whole)} ({t.number(part)}/{t.number(whole)})")


NAMED_SKILLS = 100  # characters of a title


@shows(SkillReport)
def show_skill(report: SkillReport, t: Translator) -> Screen:
    if not report.projects:
        return Screen(t("📊 There is nothing to tell yet: you have not answered anything. /work"))
    parts = fit_rows((_skill_lines(project_skill, t) for project_skill in report.projects), t, len(report.projects))
    head = t("📊 <b>What your skill is made of</b>, project by project")
    notes = (
        t("You may contest a check question: /appeal")
        if any(project_skill.missed for project_skill in report.projects)
        else None,
        t("Until a project ends I do not say which answers were right: that would give its check questions away.")
        if any(project_skill.has_gold and project_skill.figures is None for project_skill in report.projects)
        else None,
    )
    return Screen(lines(head, *parts, *notes))


def _skill_lines(project_skill: ProjectSkill, t: Translator) -> Html:
    missed = t("Check questions missed so far: {missed}", missed=t.number(project_skill.missed))
    return lines(
        " ",
        t(
            "<b>{number}: {title}</b> · {answers}",
            number=project_skill.number,
            title=clipped(project_skill.title, NAMED_SKILLS),
            answers=t.n("{count} answer", "{count} answers", project_skill.answered),
        ),
        *(
            _figure_lines(project_skill.figures, t)
            if project_skill.figures
            else [missed if project_skill.missed else None]
        ),
        _next_change(project_skill, t),
    )


def _figure_lines(skill_figures: SkillFigures, t: Translator) -> list[Html | None]:
    gold = t(
        "Check questions: {right} of {seen} right",
        right=t.number(skill_figures.gold_right),
        seen=t.number(skill_figures.gold_seen),
    )
    agreeing = t(
        "Same answer as the others' consensus: {agreeing} of {compared}",
        agreeing=t.number(skill_figures.agreeing),
        compared=t.number(skill_figures.compared),
    )
    return [
        gold if skill_figures.gold_seen else None,
        agreeing if skill_figures.compared else None,
        _interval_line(skill_figures.interval, t) if skill_figures.interval else None,
    ]


def _interval_line(interval: tuple[float, float], t: Translator) -> Html:
    """Return in words how far the estimate could be off."""
    low, high = interval
    between = t(
        "We believe that between {low} and {high} of your answers here are right",
        low=t.percent(low),
        high=t.percent(high),
    )
    wide = t("; with more answers we will know better.") if high - low > 0.2 else Html(".")
    return Html(between + wide)


def _next_change(project_skill: ProjectSkill, t: Translator) -> Html:
    """Its current meaning, and the next change."""
    if project_skill.until:
        return t("⏸ No tasks until {until}. /appeal", until=t.time(project_skill.until))
    if project_skill.silent or project_skill.later or project_skill.watch:
        return _watch_line(project_skill, t)
    if project_skill.qualified:
        return _payment_line(project_skill, t)
    if not project_skill.has_gold or project_skill.figures:
        return t(
            "⏳ No check question is left for you here: pending pay is yours once your answers agree with others’, and "
            "after 72 hours in any case."
        )
    return t(
        "⏳ Paid at once after {proof} check questions with {needed} right. Where none is left for you, it is enough to "
        "agree with others; pending pay is yours after 72 hours in any case.",
        proof=project_skill.proof,
        needed=project_skill.needed,
    )


def _payment_line(project_skill: ProjectSkill, t: Translator) -> Html:
    """Return when answers are paid; "qualified" only where there are check questions to pass."""
    if project_skill.review:
        return (
            t("✅ Qualified. Pay is yours when the requester accepts, after 72 hours at the latest.")
            if project_skill.has_gold
            else t("✅ Pay is yours when the requester accepts, after 72 hours at the latest.")
        )
    return (
        t("✅ Qualified: each answer is paid at once.")
        if project_skill.has_gold
        else t("✅ Each answer is paid at once.")
    )


def _watch_line(project_skill: ProjectSkill, t: Translator) -> Html:
    if project_skill.silent:
        return t(
            "🔎 You say “can't tell” where most others can. It stays paid, but others are asked first, and you get a task "
            "now and then. Answer where you can, and it is your turn again."
        )
    if project_skill.later:
        return _later_line(project_skill, t)
    if not project_skill.has_gold:
        return t("🔎 Some answers looked unusual. Nothing follows from it so far.")
    return t("🔎 Some answers looked unusual: you meet more check questions for now. Right answers end it.")


def _later_line(project_skill: ProjectSkill, t: Translator) -> Html:
    if project_skill.has_gold:
        return t(
            "🔎 Many of your answers here differ from what was found right: for now others are asked first, and you get a "
            "task now and then. Half of them are check questions: answer them right, and it is your turn again."
        )
    return t(
        "🔎 Many of your answers here differ from what was found right: for now others are asked first, and you get a "
        "task now and then. Right answers end it."
    )


ROUTES = (
    Route(ShowSkill, WORKER, figures_service.show_skill, command="why", word="skill"),
    Route(
        ShowQuality,
        REQUESTER,
        figures_service.show_quality,
        command="quality",
        usage="N",
        means="how sure the results are, and what models were worth",
        beside=figures_service.read_quality,
        right=Right.LOOK,
    ),
)
