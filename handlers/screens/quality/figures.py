"""Agreement, results against check questions, what these changed: in words for people who are no statisticians."""

from domain.quality.messages.figures import GoldBought, JudgedOption, MeasuredAgreement, ProjectFigures
from formats.writing import DATASHEET, FIGURES
from handlers.payloads.projects import GetFile
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

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
    every = Button(t.plain("📄 All figures"), GetFile(number=of.number, what="results", form=FIGURES).pack())
    page = Button(t.plain("📋 Data sheet"), GetFile(number=of.number, what="results", form=DATASHEET).pack())
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
