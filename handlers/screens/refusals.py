"""Every refusal of domain/refusals.py in words: what was wrong, and what would work."""

from html import escape
from typing import Any

from domain.money.amounts import as_decimal
from formats.english import EXPECTED
from handlers.payloads.people import Agree, ShowTerms
from handlers.screens.layout.fitting import MESSAGE, clipped, fitted, visible
from handlers.screens.projects.projects import untold
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

NAMED = 300  # characters of what somebody typed, or of a list of what would do
WIDTHS = (NAMED, 60, 25, 12, 6)  # the same, where a file has many problems
MARGIN = 60  # characters for the blank line and “… and 9 more”


@screen("refusals.NotAllowed")
def not_allowed(facts: Facts, t: Translator) -> Screen:
    return Screen(
        {
            "requester": t("Only requesters can do this. Ask whoever runs this bot to let you open projects."),
            "admin": t("Only whoever runs this bot can do this."),
            "worker": t("Please agree to the terms first: /start"),
        }[facts["role"]]
    )


@screen("refusals.NotFound")
def not_found(facts: Facts, t: Translator) -> Screen:
    name = clipped(facts["name"], NAMED)
    return Screen(
        {
            "project": t("You have no project {name}. /projects lists yours.", name=name),
            "consent": t(
                "There is nothing to take back in project {name}. /why_skill lists yours with their numbers.", name=name
            ),
            "person": t(
                "I know nobody called {name}. Give a Telegram id, or the @username of somebody who has written to me.",
                name=name,
            ),
            "restriction": t("There is no restriction {name}.", name=name),
            "rejection": t("No answer of yours was rejected under this number. /appeal lists what you can contest."),
            "answer": t("There is no such answer in your projects."),
            "offer": t("You were given no task of such a project."),
            "task": t("There is no such task in your projects."),
            "trial": t("No gold of yours is contested under this number."),
            "worker": t(
                "Nobody called {name} has worked for you. The names are in the column “worker” of /submissions.",
                name=name,
            ),
            "operation": t("You have no operation {name}. /balance shows yours with their numbers.", name=name),
            "whole_file": t("Bank file {name} cannot be made again: somebody in it has left and is erased.", name=name),
            "bank_file": t("There is no bank file {name}. /payouts lists them.", name=name),
            "payout": t("There is no payout {name}. /payouts lists them.", name=name),
            "account": t("There is no account {name}. /ledger lists them.", name=name),
        }[facts["what"]]
    )


def _unclear(facts: Facts, value: str, t: Translator) -> Html:
    """An amount that may be a thousand or one."""
    first, second, usage = (*facts["expected"], "", "", "")[:3]
    return lines(
        t(
            "“{value}” could be two amounts; nothing was changed. Write <code>{first}</code> or <code>{second}</code>.",
            value=value,
            first=first,
            second=second,
        ),
        Html(f"<code>{escape(usage)}</code>") if usage else None,
    )


@screen("refusals.BadInput")
def bad_input(facts: Facts, t: Translator) -> Screen:
    expected = clipped(", ".join(facts["expected"]), NAMED)
    value = clipped(facts["value"], NAMED) or "–"
    return Screen(
        {
            "number": t(
                "Which project? Put its number after the command, for example <code>/project 1</code>. /projects lists yours."
            ),
            "format": t("I can't make a “{value}” file. Formats: {expected}", value=value, expected=expected),
            "deposit": t(
                "Like this: <code>/deposit PERSON AMOUNT [reference]</code>, for example <code>/deposit @ada 25.00 INV-7</code>"
            ),
            "refund": t(
                "Like this: <code>/refund PERSON AMOUNT [reference]</code>, for example <code>/refund @ada 25.00 RF-7</code>"
            ),
            "refund_amount": t(
                "“{value}” is not an amount I can read; nothing was recorded. Like this: <code>/refund @ada 25.00 RF-7</code>",
                value=value,
            ),
            "raise": t(
                "“{value}” is not an amount I can read; nothing was changed. Like this: <code>/raise 7 0.08</code>",
                value=value,
            ),
            "amount": t("The amount must be above zero."),
            "amount_unclear": _unclear(facts, value, t),
            "deposit_amount": t(
                "“{value}” is not an amount I can read; nothing was recorded. Above zero, without thousands separators: <code>/deposit PERSON AMOUNT [reference]</code>, for example <code>/deposit @ada 25.00 INV-7</code>",
                value=value,
            ),
            "place": t(
                "I do not know the clock of “{value}”. Write your country, its capital, or how far your clock is from "
                "UTC: <code>/settings +3</code>",
                value=value,
            ),
            "month": t(
                "“{value}” is not a month that has begun. Like this: <code>/statement 2026-10</code>", value=value
            ),
            "role": t("Like this: <code>/role PERSON requester on</code> or <code>off</code>"),
            "kind": t(
                "Projects of the kind “{value}” are not possible yet. Possible: {expected}",
                value=value,
                expected=expected,
            ),
            "why": t("Like this: <code>/why 123</code>, with the number of an operation, or <code>/why skill</code>"),
            "line": t("Your instructions have {expected} lines.", expected=expected),
            "reason": t(
                "Please give a reason the worker can understand: a sentence of {least} to {most} characters.",
                least=(facts["expected"] or [""])[0],  # every text is made; other refusals may expect nothing
                most=(facts["expected"] or [""])[-1],
            ),
            "bonus": t(
                "Amount and reason are needed, for example <code>0.50 You noticed what others missed.</code> As a command: <code>/bonus WORKER 0.50 reason</code>. WORKER is the name in /submissions, or the number of an operation."
            ),
            "payout": t("Like this: <code>/payout</code>, <code>/payout 12.50</code> or <code>/payout all</code>"),
            "payout_reason": t(
                "Like this: <code>/payouts 12</code>, <code>/payouts 12 paid</code>, <code>/payouts 12 unknown</code> or <code>/payouts 12 failed account closed</code>. Whoever was to be paid is told the reason."
            ),
            "withhold": t(
                "Like this: <code>/withhold PERSON PERCENT reason</code>, from 0 to 50 percent, for example <code>/withhold @ada 21.2 social contributions from 2027</code>"
            ),
            "withheld": t(
                "Like this: <code>/withheld AMOUNT reference</code>, for example <code>/withheld 120.00 URSSAF-Q1</code>"
            ),
            "redraft": t(
                "This draft has many tasks, or more were added: it is not changed in its place. Delete it with /stop_{number} and send the file with the new caption.",
                number=value,
            ),
            "gold_kind": t("Nobody can know a photo or a voice message beforehand: this project has no gold."),
            "gold_answer": t(
                "“{value}” can't be the known answer here. Possible: {expected}", value=value, expected=expected
            )
            if facts["expected"]
            else t("“{value}” can't be the known answer here. Write it as a worker would.", value=value),
            "languages": t("Nobody here is asked in {value}. Languages: {expected}", value=value, expected=expected),
            "columns": t(
                "The file's columns are {value}. This project's tasks need: {expected}", value=value, expected=expected
            ),
            "id": t("The id {value} is in this project already. Nothing was imported.", value=value),
            "cost": t(
                "That would cost more than a thousand million. Look at <code>pay</code> and <code>overlap</code> again."
            ),
            "file_size": t(
                "This file is too large: Telegram gives a bot 20 MB at most. Split it, and send the other parts with /add."
            ),
        }[facts["what"]]
    )


@screen("refusals.MustConsent")
def must_consent(facts: Facts, t: Translator) -> Screen:
    agree = Button(t.plain("✅ I agree"), Agree().pack(), style="success")
    terms = Button(t.plain("📄 The terms"), ShowTerms().pack())
    return Screen(
        t("First, please read what we owe each other and how you are paid: /terms · /privacy"), ((agree,), (terms,))
    )


@screen("refusals.NotYours")
def not_yours(facts: Facts, t: Translator) -> Screen:
    return Screen(t("This task is not yours. /work gives you one."))


@screen("refusals.AlreadyAnswered")
def already_answered(facts: Facts, t: Translator) -> Screen:
    return Screen(t("You have already answered this task. Your first answer counts, and it is paid once."))


@screen("refusals.LastChoice")
def last_choice(facts: Facts, t: Translator) -> Screen:
    return Screen(t("Please keep at least one. /pause stops everything."))


@screen("refusals.UnknownChoice")
def unknown_choice(facts: Facts, t: Translator) -> Screen:
    return Screen(t("This button is from an older message. Send /settings again."))


@screen("refusals.TooLateToChange")
def too_late_to_change(facts: Facts, t: Translator) -> Screen:
    return Screen(
        {
            "time": t("An answer can be changed for a minute. Yours stands, and your pay with it."),
            "told": t("We have told you the right answer, so yours stands. You are paid all the same."),
            "looked": t("The requester is looking at this answer already, so it stays as it is."),
            "decided": t("The requester has decided about this answer already, so it stays as it is."),
        }[facts["why"]]
    )


@screen("refusals.TooLate")
def too_late(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("This task has gone to others in the meantime. Nothing is held against you. /work gives you another.")
    )


@screen("refusals.AnswerUnknown")
def answer_unknown(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("This is not one of the answers: {expected}", expected=clipped(", ".join(facts["expected"]), NAMED))
    )


@screen("refusals.AnswerUnfit")
def answer_unfit(facts: Facts, t: Translator) -> Screen:
    limit = facts.get("limit", 0)
    return Screen(
        {
            "nothing_chosen": t("Nothing is chosen yet. Choose first; if you don't know, press “Can't tell”."),
            "not_placed": t.n("{count} has no place yet.", "{count} have no place yet.", limit),
            "number": t("This is not a number I can read. Like this: 12 or 12.5"),
            "text_length": t("An answer has 1 to {limit} characters.", limit=t.number(limit)),
            "photo": t("This task is answered with a photo."),
            "voice": t("This task is answered with a voice message."),
            "location": t("This task is answered with a place."),
            "seen_before": t("This one was handed in before. Please send another one."),
            "album": t("One at a time: the first of these was taken, the others were not."),
        }[facts["what"]]
    )


@screen("refusals.WrongState")
def wrong_state(facts: Facts, t: Translator) -> Screen:
    number = facts["number"]
    return Screen(
        {
            "draft": t("Project {number} has not been launched.", number=number),
            "running": t("Project {number} is running.", number=number),
            "ending": t("Project {number} is still being stopped. Please try again in a minute.", number=number),
            "paused": t(
                "Project {number} is paused until a human has looked at it. Until then nothing can be rejected.",
                number=number,
            ),
            "stopped": t("Project {number} is stopped. /launch_{number} continues it.", number=number),
            "complete": t("Project {number} is complete. /add_{number} adds tasks to go on with.", number=number),
        }[facts["state"]]
    )


@screen("refusals.NothingToLaunch")
def nothing_to_launch(facts: Facts, t: Translator) -> Screen:
    return Screen(t("Project {number} has no new tasks. /add_{number} adds some.", number=facts["number"]))


@screen("refusals.FundsMissing")
def funds_missing(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("missing", "needed", "available")}
    if facts.get("raised"):
        return Screen(
            lines(
                t("🏦 <b>{missing} is missing.</b>", **money),
                t("The raise takes {needed}; you have {available} free. Nothing was changed.", **money),
                t("Whoever runs this bot can tell you how to add money. Once it is recorded, raise it again."),
            )
        )
    return Screen(
        lines(
            t("🏦 <b>{missing} is missing.</b>", **money),
            t("The budget is {needed}; you have {available} free. Nothing was started, nothing was held.", **money),
            t(
                "{owed} of it is pay up to the minimum that workers of your ended projects still get.",
                owed=t.money(facts["owed"], facts["currency"]),
            )
            if facts.get("owed")
            else None,
            t("Whoever runs this bot can tell you how to add money. Once it is recorded, launch again."),
        )
    )


@screen("refusals.JudgesPayMissing")
def judges_pay_missing(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("missing", "needed", "available")}
    return Screen(
        lines(
            t("🏦 <b>{missing} is missing.</b>", **money),
            t(
                "A rejection holds what three judges would earn, {needed}; you have {available} free. It comes back if nobody appeals. Nothing was rejected.",
                **money,
            ),
        )
    )


@screen("refusals.BelowFloor")
def below_floor(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("pay", "needed", "hourly", "floor")}
    seconds = t.number(round(facts["seconds"], 1))
    return Screen(
        lines(
            t("⚖️ <b>The pay is too low to be offered.</b>"),
            t("{pay} for about {seconds} s is {hourly} an hour; the minimum is {floor}.", seconds=seconds, **money),
            t("<b>{needed}</b> an answer would pass; nothing was held.", **money),
            t(
                "<code>/raise {number} {amount}</code> sets that pay; then launch again.",
                number=facts["number"],
                amount=as_decimal(facts["needed"]),
            ),
        )
    )


@screen("refusals.TimeUntold")
def time_untold(facts: Facts, t: Translator) -> Screen:
    return Screen(lines(untold(facts["why"], t), t("Nothing was held, nothing was started.")))


@screen("refusals.FileRefused")
def file_refused(facts: Facts, t: Translator) -> Screen:
    head = t.n(
        "❌ <b>{name}</b>: {count} problem. Nothing was imported.",
        "❌ <b>{name}</b>: {count} problems. Nothing was imported.",
        facts["total"],
        name=clipped(facts["name"], WIDTHS[1]),
    )
    return Screen(lines(head, " ", *all_problems(facts, t, MESSAGE - visible(head) - MARGIN)))


def all_problems(facts: Facts, t: Translator, room: int) -> list[Html]:
    """Every problem that is listed: values and choices are cut shorter where that brings them all into one message."""
    for width in WIDTHS:
        problems = [row_problem(error, t, width) for error in facts["errors"]]
        if sum(visible(problem) + 1 for problem in problems) <= room:
            break
    return fitted(problems, t, facts["total"], room)


@screen("refusals.FormRefused")
def form_refused(facts: Facts, t: Translator) -> Screen:
    problems = [form_problem(error, t) for error in facts["errors"]]
    return Screen(lines(t("❌ <b>This form can't be read yet.</b> Nothing was kept."), " ", *fitted(problems, t)))


def row_problem(error: dict[str, Any], t: Translator, width: int = NAMED) -> Html:
    """Line, column, value, and what was expected."""
    value, expected = clipped(error["value"], width), wording(error, t, width)
    named = error["column"] or ""  # a column without a usable name is known by its place
    column = t.plain("column {number}", number=named) if named.isdecimal() else named
    if not column:
        return t(
            "<b>line {line}</b>: {value} – expected {expected}", line=error["line"], value=value, expected=expected
        )
    if not value:
        return t(
            "<b>line {line}, {column}</b> is empty – expected {expected}",
            line=error["line"],
            column=column,
            expected=expected,
        )
    return t(
        "<b>line {line}, {column}</b>: “{value}” – expected {expected}",
        line=error["line"],
        column=column,
        value=value,
        expected=expected,
    )


def form_problem(error: dict[str, Any], t: Translator) -> Html:
    if error["key"] and not error["value"]:
        return t("<b>{key}</b> is missing – expected {expected}", key=error["key"], expected=wording(error, t))
    if not error["key"]:
        return t("“{value}” – expected {expected}", value=error["value"], expected=wording(error, t))
    return t(
        "<b>{key}</b>: “{value}” – expected {expected}",
        key=error["key"],
        value=error["value"],
        expected=wording(error, t),
    )


def wording(error: dict[str, Any], t: Translator, width: int = NAMED) -> str:
    facts = {k: clipped(", ".join(v), width) if isinstance(v, list) else v for k, v in error["facts"].items()}
    text = EXPECTED[error["expected"]]
    return t.plain(text, **facts)


@screen("refusals.KeyReused")
def key_reused(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("This was recorded before with different content ({name}). Nothing was changed.", name=facts["name"])
    )


@screen("refusals.AlreadyTheirs")
def already_theirs(facts: Facts, t: Translator) -> Screen:
    return Screen(t("This pay is the worker's already, or it was decided before. What is theirs stays theirs."))


@screen("refusals.OnlyUp")
def only_up(facts: Facts, t: Translator) -> Screen:
    pay = t.money(facts["pay"], facts["currency"])
    return Screen(t("Project {number} pays {pay} an answer. Pay can only go up.", number=facts["number"], pay=pay))


@screen("refusals.RightByGold")
def right_by_gold(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "You said yourself that this answer is right: it is what you gave as known for this task. So it can't be rejected."
        )
    )


@screen("refusals.CantTellIsPaid")
def cant_tell_is_paid(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "“Can't tell” is an answer, too: it is always paid and never rejected. It tells you the task is hard to answer."
        )
    )
