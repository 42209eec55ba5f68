"""Restrictions as workers read them: reason, end, and the appeal."""

from domain.conduct.evidence import Evidence
from domain.quality.messages.contests import NotedBefore
from domain.quality.messages.restrictions import (
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionLapsed,
    RestrictionLifted,
    RestrictionOver,
)
from handlers.payloads.automated import Complain
from handlers.payloads.quality import AppealRestriction, ShowSkill
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from locales import Html, Translator

NAMED = 100  # characters of a name


@toasts(NotedBefore)
def noted_before(_: NotedBefore, t: Translator) -> Toast:
    return Toast(t.plain("This has been noted already, or decided."))


def suspicion(found: Evidence, t: Translator) -> Html:
    """One finding: the share expected of honest work, the share seen, and the number of answers."""
    shares = {"expected": t.percent(found.expected), "observed": t.percent(found.observed)}
    answers = t.n("{count} answer", "{count} answers", found.answers)
    return {
        "random": t(
            "answers that look like chance: {observed} right, others {expected} ({answers})", answers=answers, **shares
        ),
        "constant": t(
            "nearly always the same answer: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
        "machine": t(
            "nearly a model's words: {observed}, where {expected} would be usual ({answers})", answers=answers, **shares
        ),
        "pasted": t("long answers, faster than anybody types: {observed} of {answers}", answers=answers, **shares),
        "silent": t(
            "“can't tell” where others can: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
        "sleeper": t(
            "good before ({expected} right), like chance since ({observed}, the last {answers})",
            answers=answers,
            **shares,
        ),
        "informed": t(
            "right on check questions, like chance on other tasks: {observed} right there, others {expected} ({answers})",
            answers=answers,
            **shares,
        ),
        "ring": t(
            "the same answers as somebody else: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
    }[found.suspicion]


@shows(Restricted)
def restricted(of: Restricted, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=of.restriction).pack())
    return Screen(
        lines(
            t(
                "⏸ <b>{title}</b>: no tasks of this project for you until {until}.",
                title=clipped(of.title, NAMED),
                until=t.time(of.until),
            ),
            t("Why: {reason}.", reason=suspicion(of.cause, t)),
            t("All you earned stays yours. Other projects go on. It ends by itself on that day."),
            t("The task you have in front of you can still be answered, and is paid.") if of.in_hand else None,
            t("A machine proposed this. A human confirms it by {by}, or it ends then.", by=t.time(of.confirm_by))
            if of.confirm_by
            else None,
            t("If this is wrong, press “I object”: a human looks at it, and if nobody does, it is lifted."),
        ),
        (
            (object_,),
            (Button(t.plain("📊 What this is made of"), ShowSkill().pack()),),
            _complain(of.restriction, t),
        ),
    )


def _complain(restriction: int, t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("✍️ Complain"), Complain(about="restriction", subject=restriction).pack()),)


@shows(RestrictionAppealed)
def appealed(of: RestrictionAppealed, t: Translator) -> Screen:
    title = clipped(of.title, NAMED)
    return Screen(
        t(
            "⚖️ <b>{title}</b>: a human will look at it. If nobody has by {until}, it is lifted.",
            title=title,
            until=t.time(of.until),
        )
    )


@shows(RestrictionLifted)
def restriction_lifted(of: RestrictionLifted, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: the restriction is lifted. Sorry for the trouble. /work",
            title=clipped(of.title, NAMED),
        )
    )


@shows(RestrictionLapsed)
def restriction_lapsed(of: RestrictionLapsed, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: no human confirmed the restriction in time, so it is over. The machine does not set it again there. /work",
            title=clipped(of.title, NAMED),
        )
    )


@shows(RestrictionOver)
def restriction_over(of: RestrictionOver, t: Translator) -> Screen:
    return Screen(t("✅ <b>{title}</b>: the restriction is over. /work", title=clipped(of.title, NAMED)))


@shows(RestrictionConfirmed)
def restriction_confirmed(of: RestrictionConfirmed, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=of.restriction).pack())
    return Screen(
        lines(
            t(
                "⚖️ <b>{title}</b>: a human looked at it, and the restriction stays. It ends on {until}.",
                title=clipped(of.title, NAMED),
                until=t.time(of.until),
            ),
            quoted(of.words) if of.words else None,
            t("Do you see it otherwise? One press, and it is looked at again.") if of.restriction else None,
        ),
        ((object_,), _complain(of.restriction, t)) if of.restriction else (_complain(0, t),),
    )
