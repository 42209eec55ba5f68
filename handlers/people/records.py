"""Screen of a signed record of work, and the words of its page."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from domain.money.amounts import from_decimal
from domain.people.accounts import WORKER
from domain.people.personal_data import RecordReady
from handlers import answers
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import FileOrder, Screen, day, lines, shows
from jobs import records
from locales.translator import Translator


class GetRecord(Payload):
    """Record of the period from a month or year to another; of everything if both are empty."""

    first: str = ""
    last: str = ""


LEADING_SIGN = re.compile(r"^\W+")


@shows(RecordReady)
def record_screen(m: RecordReady, t: Translator) -> Screen:
    if not m.form:
        return Screen(t("There is no answer of yours in that time yet. /work brings the first one."))
    order = {"form": m.form, "text": m.signed}
    if m.form == "json":
        return Screen(t("🔏 The same as a signed file, for programs."), file=FileOrder("record", order))
    caption = lines(
        t("🏅 <b>Your work, signed</b>"),
        t("Show it to whom you like. They can check that we wrote it and that nobody changed it."),
    )
    return Screen(caption, file=FileOrder("record", {**order, **record_page_words(json.loads(m.signed)["record"], t)}))


def record_page_words(record: dict[str, Any], t: Translator) -> dict[str, Any]:
    """Return the words of the record's page, for readers who do not know the bot."""
    issuer = record["issuer"]
    key_place = issuer["address"] or t.plain("from whoever runs this bot")
    return {
        "title": t.plain("Record of work"),
        "lines": _record_lines(record, t),
        "notes": [
            t.plain(
                "Pouce is a service through which people are paid for small tasks done on their phone. Rejected answers are not counted. Hours are working time without pauses: from a task's arrival to its answer, of a task that came unasked from the first sign of work on it, or as estimated."
            ),
            t.plain(
                "Check questions are tasks whose answer was known. The interval says how sure the share is: in 95 of 100 cases it holds the true one."
            ),
            t.plain(
                "The code holds all of this with the signature of the issuer (Ed25519). To check it: docs/check_record.py of the project Pouce, and the public key with the fingerprint {key}, {where}.",
                key=issuer["key"],
                where=key_place,
            ),
        ],
        "footer": f"{issuer['name']} · {record['issued_at']}",
    }


def _record_lines(record: dict[str, Any], t: Translator) -> list[tuple[str, str]]:
    period, hours = record["period"], record["hours"]
    kinds = [f"{_kind_name(kind, t)} ({t.number(count)})" for kind, count in record["kinds"].items()]
    measured = t.plain(
        "{hours} h, of {answers} answers",
        hours=t.number(Decimal(hours["measured"])),
        answers=t.number(hours["of_answers"]),
    )
    earned = [t.money(from_decimal(Decimal(sum_)), currency) for currency, sum_ in record["earned"].items()]
    return [
        (t.plain("Name, as given to us"), record["person"]["name"]),
        (t.plain("Account"), f"Telegram {record['person']['telegram_id']}"),
        (t.plain("Period"), f"{day(period['from'], t)} – {day(period['to'], t)}"),
        (
            t.plain("Answers"),
            str(
                t.n(
                    "{answers} in {count} project",
                    "{answers} in {count} projects",
                    record["projects"],
                    answers=t.number(record["answers"]),
                )
            ),
        ),
        (t.plain("Kinds of tasks"), ", ".join(kinds)),
        (t.plain("Hours measured"), measured),
        (t.plain("Check questions right"), _check_question_words(record["check_questions"], t)),
        (t.plain("Earned, before contributions"), ", ".join(earned)),
    ]


def _check_question_words(check_questions: dict[str, Any], t: Translator) -> str:
    """Return the share of right check questions, with the projects not counted yet; records signed earlier count all
    projects."""
    if running := check_questions.get("projects_not_counted_yet", 0):
        return t.plain(
            "{share}; {projects}", share=_share(check_questions, t), projects=_projects_not_counted(running, t)
        )
    return _share(check_questions, t)


def _projects_not_counted(running: int, t: Translator) -> str:
    return str(t.n("{count} project not counted until it ends", "{count} projects not counted until they end", running))


def _share(check_questions: dict[str, Any], t: Translator) -> str:
    """Return the share of right check questions with its interval; “none were asked” without any."""
    if not check_questions["seen"]:
        return t.plain("none were asked")
    low, high = check_questions["interval_95"]
    return t.plain(
        "{share} of {seen} (95 % interval: {low} to {high})",
        share=t.percent(float(check_questions["share"])),
        seen=t.number(check_questions["seen"]),
        low=t.percent(float(low)),
        high=t.percent(float(high)),
    )


def _kind_name(kind: str, t: Translator) -> str:
    """Return the kind's name without its emoji, which the page's font does not have."""
    return LEADING_SIGN.sub("", answers.screen_of(kind).kind_label(t))


ROUTES = (
    Route(
        GetRecord,
        WORKER,
        records.order_record,
        command="record",
        usage="[FROM] [TO]",
        means="your work, signed: for an employer or an office",
        beside=records.read_record,
        stays=True,
    ),
)
