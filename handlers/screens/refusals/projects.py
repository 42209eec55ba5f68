"""Refusals by a project's state or money."""

from domain.money.amounts import as_decimal
from domain.refusals import BelowFloor, FundsMissing, NothingToLaunch, OnlyUp, TakesNoReviews, TimeUntold, WrongState
from handlers.payloads.authoring import EditProject
from handlers.screens.fairness.stops import appeal_button
from handlers.screens.money.funding import money_missing, sums
from handlers.screens.projects.preflight.money import untold
from handlers.screens.screen import Button, Screen, lines, refuses
from locales import Translator


@refuses(WrongState)
def wrong_state(r: WrongState, t: Translator) -> Screen:
    number = r.number
    if r.state.startswith("fixed"):
        return _fixed(r, t)
    return Screen(
        {
            "draft": t("Project {number} has not been launched.", number=number),
            "running": t("Project {number} is running.", number=number),
            "ending": t("Project {number} is still being stopped. Please try again in a minute.", number=number),
            "paused": t(
                "Project {number} is paused until a human has looked at it. Until then nothing can be rejected.",
                number=number,
            ),
            "reported": t(
                "Project {number} was reported. Nobody is asked there any more unless a human decides so. /terms says what is forbidden.",
                number=number,
            ),
            "ended by admin": t(
                "An admin ended project {number}. It is not launched again, unless your appeal is granted.",
                number=number,
            ),
            "unseen": t(
                "An admin looks at your first project before it starts: /launch_{number} asks for that.", number=number
            ),
            "program": t("A program keeps project {number}: it alone adds to it and ends it.", number=number),
            "small": t("Project {number} is small enough to launch it as a whole: /launch_{number}", number=number),
            "suspended": t("Project {number} waits: its requester is suspended.", number=number),
            "stopped": t("Project {number} is stopped. /launch_{number} continues it.", number=number),
            "complete": t("Project {number} is complete. /add_{number} adds tasks to go on with.", number=number),
        }[r.state],
        appeal_button(r.stop, t),
    )


def _fixed(r: WrongState, t: Translator) -> Screen:
    """What it asks for stands for good: what can be changed all the same, and how."""
    number = r.number
    copy = t("All else stays. A copy can be changed before its launch: /clone_{number}", number=number)
    if r.state != "fixed":
        return Screen(
            lines(
                t("🔒 <b>Project {number} has ended</b>: what it asks for is not changed any more.", number=number),
                t("More tasks can join it: /add_{number}", number=number),
                copy,
            )
        )
    edit = Button(t.plain("✏️ Instructions"), EditProject(number=number, here=False).pack())
    return Screen(
        lines(
            t(
                "🔒 <b>Project {number} is running</b>: nothing was changed, for answers were given to what it asks.",
                number=number,
            ),
            t("What you can change while it runs:"),
            t("• title, instructions, pictures, examples: the button below"),
            t("• the pay, upwards: /raise_{number}", number=number),
            t("• more tasks: /add_{number}", number=number),
            t("• more answers to each task, a pause, its end: /project_{number}", number=number),
            copy,
        ),
        ((edit,),),
    )


@refuses(TakesNoReviews)
def takes_no_reviews(r: TakesNoReviews, t: Translator) -> Screen:
    return Screen(
        {
            "models": t(
                "Project {number} does not know this model: no file of it has its column, ai or ai:NAME.",
                number=r.number,
            ),
            "waiting": t("Tasks of project {number} wait for their launch: /launch_{number}", number=r.number),
        }[r.why]
    )


@refuses(NothingToLaunch)
def nothing_to_launch(r: NothingToLaunch, t: Translator) -> Screen:
    return Screen(t("Project {number} has no new tasks. /add_{number} adds some.", number=r.number))


@refuses(FundsMissing)
def funds_missing(r: FundsMissing, t: Translator) -> Screen:
    money = sums(r, t)
    if r.raised:
        return money_missing(
            r,
            t,
            t("The raise takes {needed}; you have {available} free. Nothing was changed.", **money),
            then=t("Once the money has arrived, raise it again."),
        )
    return money_missing(
        r,
        t,
        t("The budget is {needed}; you have {available} free. Nothing was started, nothing was held.", **money),
        t(
            "{owed} of it is pay up to the minimum that workers of your ended projects still get.",
            owed=t.money(r.owed, r.currency),
        )
        if r.owed
        else None,
        then=t("Once the money has arrived, launch again."),
    )


@refuses(BelowFloor)
def below_floor(r: BelowFloor, t: Translator) -> Screen:
    money = {
        "pay": t.money(r.pay, r.currency),
        "needed": t.money(r.needed, r.currency),
        "hourly": t.money(r.hourly, r.currency),
        "floor": t.money(r.floor, r.currency),
    }
    seconds = t.number(round(r.seconds, 1))
    return Screen(
        lines(
            t("⚖️ <b>The pay is too low to be offered.</b>"),
            t("{pay} for about {seconds} s is {hourly} an hour; the minimum is {floor}.", seconds=seconds, **money),
            t("<b>{needed}</b> an answer would pass; nothing was held.", **money),
            t(
                "<code>/raise {number} {amount}</code> sets that pay; then launch again.",
                number=r.number,
                amount=as_decimal(r.needed),
            ),
        )
    )


@refuses(TimeUntold)
def time_untold(r: TimeUntold, t: Translator) -> Screen:
    return Screen(lines(untold(r.why, t), t("Nothing was held, nothing was started.")))


@refuses(OnlyUp)
def only_up(r: OnlyUp, t: Translator) -> Screen:
    pay = t.money(r.pay, r.currency)
    return Screen(t("Project {number} pays {pay} an answer. Pay can only go up.", number=r.number, pay=pay))
