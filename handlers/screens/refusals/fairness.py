"""Refused rejections."""

from domain.refusals import AlreadyTheirs, CantTellIsPaid, JudgesPayMissing, RightByGold
from handlers.screens.money.funding import money_missing, sums
from handlers.screens.screen import Screen, refuses
from locales import Translator


@refuses(JudgesPayMissing)
def judges_pay_missing(r: JudgesPayMissing, t: Translator) -> Screen:
    return money_missing(
        r,
        t,
        t(
            "A rejection holds what three judges would earn, {needed}; you have {available} free. It comes back if nobody appeals. Nothing was rejected.",
            **sums(r, t),
        ),
    )


@refuses(AlreadyTheirs)
def already_theirs(_: AlreadyTheirs, t: Translator) -> Screen:
    return Screen(t("This pay is the worker's already, or it was decided before. What is theirs stays theirs."))


@refuses(RightByGold)
def right_by_gold(_: RightByGold, t: Translator) -> Screen:
    return Screen(
        t(
            "You said yourself that this answer is right: it is what you gave as known for this task. So it can't be rejected."
        )
    )


@refuses(CantTellIsPaid)
def cant_tell_is_paid(_: CantTellIsPaid, t: Translator) -> Screen:
    return Screen(
        t(
            "“Can't tell” is an answer, too: it is always paid and never rejected. It tells you the task is hard to answer."
        )
    )
