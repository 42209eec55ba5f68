"""The parts of a worker's skill."""

from domain.quality.messages.skill import ProjectSkill, SkillFigures, SkillReport
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.screen import Screen, lines, shows
from locales import Html, Translator

NAMED = 100  # characters of a title


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
            title=clipped(of.title, NAMED),
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
