"""Agreement, results against check questions, what these changed: in words for people who are no statisticians."""

from __future__ import annotations

from itertools import pairwise

from domain.people.accounts import REQUESTER, WORKER
from domain.people.teams import Right
from domain.quality.figures import (
    GoldBought,
    GoldWouldHelp,
    JudgedModel,
    JudgedOption,
    MeasuredAgreement,
    ModelDoubt,
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
from handlers.projects import results
from handlers.quality import gold
from handlers.routing import Route
from handlers.screen import (
    Button,
    Screen,
    clipped,
    fitted,
    lines,
    shows,
)
from locales.translator import Html, Translator
from reports.overview import Histogram, Share, quality_picture
from services.quality import figures as figures_service


class ShowSkill(Payload, code="sk"):
    pass


class ShowQuality(Payload, code="q"):
    project: Number


NAMED, OPTIONS = 40, 8  # characters of an option; options, the others are in the file
RELIABLE, TENTATIVE = 0.8, 0.667  # of Krippendorff's α, as he advises


@shows(ProjectFigures)
def figures(of: ProjectFigures, t: Translator) -> Screen:
    head = t("📐 <b>{title}</b>: what the results are worth", title=clipped(of.title, 2 * NAMED))
    listed = [_option(each, t) for each in of.options[:OPTIONS]]
    agreement = _agreement(of.agreement, t) if of.agreement else _of_questions(of, t)
    gold = (_checked(of, t), *listed) if of.checked else ()
    bought = (_bought(of.bought, t),) if of.bought else ()
    tools = (_tools(of.tools, t),) if of.tools else ()
    parts = [part for part in (agreement, gold, bought, tools) if part]
    body = [line for part in parts for line in (" ", *part)]
    every = Button(t.plain("📄 All figures"), results.GetFile(number=of.number, what="results", form=FIGURES).pack())
    page = Button(t.plain("📋 Data sheet"), results.GetFile(number=of.number, what="results", form=DATASHEET).pack())
    return Screen(lines(head, *body), ((every, page),))


def _agreement(of: MeasuredAgreement, t: Translator) -> tuple[Html, ...]:
    same = t("<b>Do people agree?</b> Two answers to one task are the same in {share}.", share=t.percent(of.same))
    bounds = {"alpha": _two(of.alpha, t), "low": _two(of.low, t), "high": _two(of.high, t)}
    if of.alpha is None:
        return same, t("Krippendorff's α is not defined: all answers are the same.")
    beyond = t("Krippendorff's α: {alpha} ({low} to {high}). 1 is full agreement, 0 is chance.", **bounds)
    kappa = (t("Fleiss' κ: {kappa}.", kappa=_two(of.kappa, t)),) if of.kappa is not None else ()
    if of.alpha >= RELIABLE:
        meant = t("✓ People see the same thing.")
    elif of.alpha >= TENTATIVE:
        meant = t("People mostly see the same thing.")
    else:
        meant = t("⚠️ People often disagree. Clearer instructions help, or more answers a task.")
    return (same, beyond, *kappa, meant)


def _of_questions(of: ProjectFigures, t: Translator) -> tuple[Html, ...]:
    """A line each: people may count alike and see colours apart."""
    if not of.questions:
        return ()
    head = t(
        "<b>Do people agree?</b> Two answers to one task, question by question (Krippendorff's α: 1 full, 0 chance):"
    )
    return (head, *(_of_question(clipped(text, NAMED), each, t) for text, each in of.questions))


def _of_question(question: str, of: MeasuredAgreement, t: Translator) -> Html:
    if of.alpha is None:
        return t("· {question}: all answers are the same, α is not defined", question=question)
    return t(
        "· {question}: the same in {share}, α {alpha} ({low} to {high})",
        question=question,
        share=t.percent(of.same),
        alpha=_two(of.alpha, t),
        low=_two(of.low, t),
        high=_two(of.high, t),
    )


def _checked(of: ProjectFigures, t: Translator) -> Html:
    """A result is judged without its own check question."""
    asked = t.n("{count} check question", "{count} check questions", of.checked)
    facts = {"asked": asked, "right": t.number(of.right), "low": t.percent(of.low), "high": t.percent(of.high)}
    return t("<b>Are results right?</b> Right on {right} of {asked}: likely {low} to {high} of all.", **facts)


def _option(of: JudgedOption, t: Translator) -> Html:
    facts = {
        "option": clipped(of.option, NAMED),
        "right": t.number(of.right),
        "given": t.number(of.given),
        "low": t.percent(of.low),
        "high": t.percent(of.high),
    }
    if not of.mistaken:
        return t("· “{option}” is right in {right} of {given} ({low} to {high}).", **facts)
    facts |= {"instead": clipped(of.instead, NAMED), "times": t.number(of.mistaken)}
    return t("· “{option}” is right in {right} of {given} ({low} to {high}); “{instead}” was in {times}.", **facts)


def _bought(of: GoldBought, t: Translator) -> Html:
    changed = t.n(
        "<b>What check questions changed:</b> {changed} of {count} result.",
        "<b>What check questions changed:</b> {changed} of {count} results.",
        of.tasks,
        changed=t.number(of.changed),
    )
    if of.before is None or of.after is None:
        return changed
    sure = {"before": t.percent(of.before), "after": t.percent(of.after)}
    return lines(changed, t("Mean confidence: {after}, without them {before}.", **sure))


def _tools(answers: int, t: Translator) -> Html:
    return t.n(
        "🤖 {count} answer was made with a tool, as its worker says. It is paid, and no ground to reject.",
        "🤖 {count} answers were made with a tool, as their workers say. They are paid, and no ground to reject.",
        answers,
    )


def _two(value: float | None, t: Translator) -> str:
    """Nothing where it is not defined."""
    return "" if value is None else t.number(round(value, 2))


NAMED_MODELS = 40  # characters of a model's name, an option or a task


@shows(ModelsReport)
def report(of: ModelsReport, t: Translator) -> Screen:
    head = t("🤖 <b>{title}</b>: the answers of models", title=clipped(of.title, 2 * NAMED_MODELS))
    press = Button(t.plain("🎯 Make check questions"), gold.MakeGold(project=of.number).pack())
    told = [_model(each, t) for each in of.models]
    return Screen(lines(head, *fitted(told, t), " ", _saved(of, t), _gold(of, t)), ((press,),) if of.proposed else ())


@shows(GoldWouldHelp)
def gold_would_help(of: GoldWouldHelp, t: Translator) -> Screen:
    head = t.n(
        "🤖 <b>{title}</b>: people and the model differ on {count} task.",
        "🤖 <b>{title}</b>: people and the model differ on {count} tasks.",
        of.contested,
        title=clipped(of.title, 2 * NAMED_MODELS),
    )
    ask = t.n(
        "🎯 Who is right? {count} check question would tell.",
        "🎯 Who is right? {count} check questions would tell, five minutes for all of them.",
        of.proposed,
    )
    press = Button(t.plain("🎯 Make check questions"), gold.MakeGold(project=of.number).pack())
    return Screen(lines(head, ask), ((press,),))


def _model(of: JudgedModel, t: Translator) -> Html:
    low, high = t.percent(of.low), t.percent(of.high)
    name = clipped(of.name, NAMED_MODELS) or t.plain("the model")
    name = f"{name} · {clipped(of.question, NAMED_MODELS)}" if of.question else name
    judged = t.n("{count} check question", "{count} check questions", of.gold)
    right = t(
        "<b>{name}</b>: {share} right ({low} to {high}), by {judged} and people's answers",
        **{"name": name, "share": t.percent(of.accuracy), "low": low, "high": high, "judged": judged},
    )
    repeated = t.n(
        "· {count} worker repeats it, its errors too: no ground to reject, but those answers count little.",
        "· {count} workers repeat it, its errors too: no ground to reject, but those answers count little.",
        of.repeated,
    )
    return lines(
        right,
        *(_doubt(each, t) for each in of.doubts),
        repeated if of.repeated else None,
    )


def _doubt(of: ModelDoubt, t: Translator) -> Html:
    facts = {
        "about": clipped(of.about, NAMED_MODELS),
        "expected": t.percent(of.expected),
        "observed": t.percent(of.observed),
    }
    return {
        Doubt.UNCHECKED: lambda: t("· Fewer than ten check questions have judged it: it counts for little."),
        Doubt.CONTRARY: lambda: t("· It is right less often than a guess."),
        Doubt.CLASS: lambda: t("· Of “{about}” it gets {observed} right, of the rest {expected}.", **facts),
        Doubt.DRIFT: lambda: t("· From task {about} on it is worse: {observed} instead of {expected}.", **facts),
        Doubt.OVERCONFIDENT: lambda: t("· It says it is {expected} sure, and is right in {observed}.", **facts),
        Doubt.UNSURE: lambda: t("· It says it is {observed} sure, no more than a guess: we ignore that.", **facts),
        Doubt.COPIED: lambda: Html(""),
    }[Doubt(of.doubt)]()


def _saved(of: ModelsReport, t: Translator) -> Html | None:
    """Beside people alone, by the same rule."""
    if not of.closed:
        return t("No task with their answers is done yet.")
    done = t.n("{count} task with their answers is done", "{count} tasks with their answers are done", of.closed)
    how = {"done": done, "once": t.number(of.once), "never": t.number(of.never)}
    saved = t.money(of.saved, of.currency)
    return lines(
        t("{done}: {once} with one person, {never} without any.", **how),
        t("💶 Saved so far: about {saved}, beside people alone.", saved=saved) if of.saved else None,
    )


def _gold(of: ModelsReport, t: Translator) -> Html | None:
    """How many check questions would help. What those there are brought is among the project's figures."""
    if not of.proposed:
        return None
    return t.n(
        "🎯 {count} more check question would help now.", "🎯 {count} more check questions would help now.", of.proposed
    )


STEPS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
NAMED_PROBLEMS = 46  # characters of a title on the picture


@shows(ProjectQuality)
def quality(of: ProjectQuality, t: Translator) -> Screen:
    title = clipped(of.title, NAMED_PROBLEMS)
    shares = (
        _share(t.plain("Agreement"), of.agreeing, of.compared, t),
        _share(t.plain("Right on gold"), of.gold_right, of.gold_seen, t),
    )
    bounds = [t.number(round(100 * step)) for step in STEPS]
    counts, across = of.confidences, t.plain("confidence")
    histogram = Histogram(
        t.plain("How sure the results are"),
        [f"< {bounds[0]}", *(f"{low}–{high}" for low, high in pairwise(bounds)), f"≥ {bounds[-1]}"],
        counts,
        [t.number(count) if count else "–" for count in counts],
        across + " (%)",
        t.plain("tasks"),
    )
    caption = lines(
        t("📊 <b>{title}</b>", title=title),
        t(
            "Agreement: how often an answer is the one its task came to. Gold: how often a check question was answered right."
        ),
        t("Confidence: how likely each result is right, as far as we can tell.")
        if any(counts)
        else t("No result has a confidence so far."),
    )
    return Screen(caption, photo=lambda: quality_picture(title, shares, histogram))


def _share(label: str, part: int, whole: int, t: Translator) -> Share:
    if not whole:
        return Share(label, None, "–")
    return Share(label, part / whole, f"{t.percent(part / whole)} ({t.number(part)}/{t.number(whole)})")


NAMED_SKILLS = 100  # characters of a title


@shows(SkillReport)
def skill(report: SkillReport, t: Translator) -> Screen:
    if not report.projects:
        return Screen(t("📊 There is nothing to tell yet: you have not answered anything. /work"))
    parts = fitted((_of_project(each, t) for each in report.projects), t, len(report.projects))
    head = t("📊 <b>What your skill is made of</b>, project by project")
    notes = (
        t("You may contest a check question: /appeal") if any(each.missed for each in report.projects) else None,
        t("Until a project ends I do not say which answers were right: that would give its check questions away.")
        if any(each.has_gold and each.figures is None for each in report.projects)
        else None,
    )
    return Screen(lines(head, *parts, *notes))


def _of_project(of: ProjectSkill, t: Translator) -> Html:
    missed = t("Check questions missed so far: {missed}", missed=t.number(of.missed))
    return lines(
        " ",
        t(
            "<b>{number}: {title}</b> · {answers}",
            number=of.number,
            title=clipped(of.title, NAMED_SKILLS),
            answers=t.n("{count} answer", "{count} answers", of.answered),
        ),
        *(_figures(of.figures, t) if of.figures else [missed if of.missed else None]),
        _change(of, t),
    )


def _figures(of: SkillFigures, t: Translator) -> list[Html | None]:
    gold = t("Check questions: {right} of {seen} right", right=t.number(of.gold_right), seen=t.number(of.gold_seen))
    agreeing = t(
        "Same answer as the others' consensus: {agreeing} of {compared}",
        agreeing=t.number(of.agreeing),
        compared=t.number(of.compared),
    )
    return [
        gold if of.gold_seen else None,
        agreeing if of.compared else None,
        _interval(of.interval, t) if of.interval else None,
    ]


def _interval(interval: tuple[float, float], t: Translator) -> Html:
    """In words: how far the estimate could be off."""
    low, high = interval
    between = t(
        "We believe that between {low} and {high} of your answers here are right",
        low=t.percent(low),
        high=t.percent(high),
    )
    wide = t("; with more answers we will know better.") if high - low > 0.2 else Html(".")
    return Html(between + wide)


def _change(of: ProjectSkill, t: Translator) -> Html:
    """Its current meaning, and the next change."""
    if of.until:
        return t("⏸ No tasks until {until}. /appeal", until=t.time(of.until))
    if of.silent or of.later or of.watch:
        return _looked_at(of, t)
    if of.qualified:
        return _qualified(of, t)
    if not of.has_gold or of.figures:
        return t(
            "⏳ No check question is left for you here: pending pay is yours once your answers agree with others’, and "
            "after 72 hours in any case."
        )
    return t(
        "⏳ Paid at once after {proof} check questions with {needed} right. Where none is left for you, it is enough to "
        "agree with others; pending pay is yours after 72 hours in any case.",
        proof=of.proof,
        needed=of.needed,
    )


def _qualified(of: ProjectSkill, t: Translator) -> Html:
    """Nothing was passed where no check question was met: most often, because there are none."""
    if of.review:
        return (
            t("✅ Qualified. Pay is yours when the requester accepts, after 72 hours at the latest.")
            if of.has_gold
            else t("✅ Pay is yours when the requester accepts, after 72 hours at the latest.")
        )
    return t("✅ Qualified: each answer is paid at once.") if of.has_gold else t("✅ Each answer is paid at once.")


def _looked_at(of: ProjectSkill, t: Translator) -> Html:
    if of.silent:
        return t(
            "🔎 You say “can't tell” where most others can. It stays paid, but others are asked first, and you get a task "
            "now and then. Answer where you can, and it is your turn again."
        )
    if of.later:
        return _later(of, t)
    if not of.has_gold:
        return t("🔎 Some answers looked unusual. Nothing follows from it so far.")
    return t("🔎 Some answers looked unusual: you meet more check questions for now. Right answers end it.")


def _later(of: ProjectSkill, t: Translator) -> Html:
    if of.has_gold:
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
