"""The register of automated decisions: what machines prepare or decide here, from what, and who can change it.

`/automated` is made of it. tests/architecture/test_automated_decisions.py fails where a sweep, a detector, a reason to
stop a project, an act without a person in the audit log, or a column that steers who is asked is named nowhere in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.conduct.evidence import SUSPICIONS


class Datum(StrEnum):
    """What a decision is made from."""

    ANSWERS = "answers"
    CHECKS = "checks"
    OTHERS = "others"
    TIMES = "times"
    SERVED = "served"
    SETTINGS = "settings"
    UNANSWERED = "unanswered"
    FILES = "files"
    MODELS = "models"
    ACCOUNT = "account"
    TRACE = "trace"
    PAY = "pay"
    REJECTIONS = "rejections"
    REPORTS = "reports"
    QUESTIONS = "questions"
    DELIVERY = "delivery"
    CLOCK = "clock"
    FORM = "form"
    RATE = "rate"


class Who(StrEnum):
    """Who can change it."""

    YOU = "you"
    FILLED = "filled"
    ADMIN = "admin"
    ANSWERED = "answered"  # nobody's act changes it; a complaint is answered by a human
    REQUESTER = "requester"
    JUDGES = "judges"


@dataclass(frozen=True, slots=True)
class Decision:
    """`name` is the key of its words. The code is found by what it leaves behind: `sweeps` (bot/schedule.py), `acts`
    (actions in the audit log without a person), `marks` (columns of people and enrolments), `signs` (suspicions),
    `pauses` (why a project rests)."""

    name: str
    data: tuple[Datum, ...]
    who: tuple[Who, ...]
    sweeps: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()


DECISIONS = (
    Decision(
        "turn",
        (Datum.SERVED, Datum.SETTINGS, Datum.ANSWERS, Datum.OTHERS, Datum.UNANSWERED),
        (Who.YOU,),
        sweeps=("push", "push hours"),
        marks=(
            *("idle", "served_at", "push_changes_at", "unanswered", "choosy"),
            *("cursor", "gold_cursor", "back", "gold_back", "version"),
            *("offered", "skipped", "skipped_on"),
        ),
    ),
    Decision("audience", (Datum.SETTINGS, Datum.ANSWERS, Datum.CHECKS), (Who.YOU, Who.REQUESTER), marks=("called_to",)),
    Decision("programs", (Datum.ANSWERS, Datum.OTHERS), (Who.REQUESTER, Who.JUDGES)),
    Decision(
        "later",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS),
        (Who.ADMIN,),
        sweeps=("asked later", "refit"),
        marks=("later", "worth"),
    ),
    Decision(
        "evidence",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS, Datum.TIMES, Datum.FILES, Datum.MODELS),
        (Who.ADMIN,),
        sweeps=("evidence",),
        marks=("watch",),
        signs=SUSPICIONS,
    ),
    Decision(
        "restriction",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS, Datum.FILES),
        (Who.ADMIN,),
        sweeps=("restrictions", "restrictions to confirm"),
        acts=("restrict", "lapsed"),
        marks=("restricted_until",),
    ),
    Decision(
        "probation",
        (Datum.CHECKS, Datum.OTHERS, Datum.CLOCK),
        (Who.REQUESTER, Who.JUDGES),
        sweeps=("probation", "release"),
        marks=("qualified", "gold_seen", "gold_right"),
    ),
    Decision("topup", (Datum.TIMES, Datum.PAY), (Who.ANSWERED,), sweeps=("topups", "returned tasks")),
    Decision(
        "time",
        (Datum.CLOCK, Datum.DELIVERY),
        (Who.YOU,),
        sweeps=("expire",),
        acts=("downtime",),
        marks=("reachable",),
    ),
    Decision("gold", (Datum.CHECKS, Datum.OTHERS), (Who.REQUESTER,), sweeps=("gold challenges",)),
    Decision(
        "judges",
        (Datum.CHECKS, Datum.ANSWERS, Datum.ACCOUNT, Datum.CLOCK),
        (Who.ANSWERED,),
        sweeps=("appeals",),
        acts=("judges cost too much",),
    ),
    Decision(
        "same_person",
        (Datum.ACCOUNT, Datum.TRACE),
        (Who.ANSWERED,),
        acts=("shared payee", "role"),
        marks=("barred",),
    ),
    Decision(
        "pause",
        (Datum.PAY, Datum.REJECTIONS, Datum.REPORTS, Datum.QUESTIONS, Datum.DELIVERY),
        (Who.REQUESTER, Who.ADMIN),
        sweeps=("questions",),
        acts=("pause", "resumed"),
        pauses=("floor", "rejections", "undelivered", "buttons", "questions", "reports"),
    ),
    Decision("tax_form", (Datum.FORM, Datum.CLOCK), (Who.FILLED,)),
    Decision("contributions", (Datum.RATE,), (Who.ADMIN,), acts=("contribution rates",)),
)
BY_NAME: Mapping[str, Decision] = {each.name: each for each in DECISIONS}
OTHER = "other"  # what a complaint is about that is about none of them

# What decides nothing about anybody, with the reason.
NO_DECISION: Mapping[str, str] = {
    "sweep retakes": "counts a photo that waited for its sender as their answer, in their favour",
    "sweep progress": "shows a requester how far a project is",
    "sweep progress counts": "adds up counters",
    "sweep bulk updates": "carries on what a requester began",
    "sweep resting": "ends a project that rested for so long, as was said at its launch",
    "sweep old drafts": "deletes what was never launched",
    "sweep stale files": "deletes uploads that were never finished",
    "sweep faq": "brings answers to those at work",
    "sweep seal": "seals the ledger",
    "sweep board": "seals the log of the board",
    "sweep elections": "counts votes on the day that was said",
    "sweep petitions": "ends a petition on the day that was said",
    "sweep board digests": "sends what was asked for",
    "sweep complaints": "reminds admins of complaints",
    "sweep ratings": "asks workers what they think of a requester",
    "sweep stops": "lifts an admin's stop whose appeal no human answered in time",
    "sweep forget": "erases who asked for it",
    "sweep scrub": "empties the database's log after an erasure",
    "sweep redraw": "computes results again without withdrawn answers",
    "sweep requester digests": "tells requesters once a day how their projects went",
    "sweep pilots": "tells requesters what their first tasks brought",
    "sweep redos": "gives back what nobody earned in the time that was said",
    "sweep prune": "deletes old rows",
    "sweep HITs": "ends a HIT at the moment its program named",
    "act contributions declared": "an admin's act, at the command line",
    "act contributions paid": "an admin's act, at the command line",
    "act erased": "by their own wish",
    "act record key": "a new key for records of work",
    "act lifted": "no human answered an appeal in time",
    "act suspended": "an admin's act, which goes on when somebody comes back",
    "mark id": "a key",
    "mark worker": "a key",
    "mark project": "a key",
    "mark telegram_id": "from Telegram",
    "mark username": "from Telegram",
    "mark name": "from Telegram",
    "mark language": "chosen",
    "mark acts_for": "chosen",
    "mark joined_at": "a date",
    "mark consented_at": "their own act",
    "mark withdrawn_at": "their own act",
    "mark leaving_at": "their own act",
    "mark erased_at": "their own act",
    "mark taken_back": "their own act",
    "mark terms": "their own act",
    "mark paused": "their own act",
    "mark declined": "their own act",
    "mark blocked": "a requester's act, with a reason that the worker reads",
    "mark requester": "an admin's act",
    "mark suspended": "an admin's act",
    "mark withholding": "an admin's act, by law",
    "mark answered": "counts",
    "mark spared": "an admin's act",
}
