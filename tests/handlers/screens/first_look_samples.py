"""Messages of the first look: realistic ones, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness.first_look import (
    MAX_FIELDS,
    MAX_FINDINGS_PER_FLAG,
    MAX_HOSTS,
    Flag,
    Found,
    LaunchWaits,
    LookApproved,
    LookDecided,
    LookReasonWanted,
    LookRefused,
    ProjectReworded,
    ProjectToApprove,
    ProjectWords,
    QuestionToApprove,
)
from domain.fairness.first_look import MAX_FINDING_CHARS as FINDING
from domain.fairness.review import MAX_REASON_CHARS
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTIONS
from services.fairness.first_look import MAX_SAMPLE_TASKS, PART_CHARS, SAMPLE_CHARS

TITLE, SEVEN, REASON = "Open an <account> & send it", ProjectId(7), "It asks people to open <accounts>."
CARD = ProjectToApprove(
    project=SEVEN,
    edition=2,
    title=TITLE,
    who="@rosa",
    kind="choice",
    options=("yes", "no"),
    template="{text}",
    purpose="to sell <them>",
    content=("violence", "medical"),
    tasks=40,
    gold=2,
    overlap=3,
    accept="review",
    minutes=10,
    languages=("fr", "en"),
    pay=Millionths(50_000),
    hourly=Millionths(12_880_000),
    cost=Millionths(6_930_000),
    currency="EUR",
    samples=("Sign up at <a>", "Send the password & go"),
    flags=(Found(Flag.ACCOUNTS, ("sign up", "password")), Found(Flag.LINKS, ("https://a.example",))),
    asked_at=Moment(1_790_000_000_000),
    refused=REASON,
    pilot=True,
)

MESSAGES: list[Message] = [
    *(LaunchWaits(SEVEN, TITLE, again, refused) for again in (True, False) for refused in ("", REASON)),
    ProjectWords(SEVEN, TITLE, ("Open an account.", "Send its password.")),
    ProjectReworded(SEVEN, TITLE, "@rosa", 2, ("Read the review.",), ()),
    *(
        QuestionToApprove(SEVEN, 12, address, text, fields, hosts, begins, ends, more)
        for address, text, fields, hosts, begins, ends, more in (
            ("", "Log in to your <Telegram>", ("code (text, one-time code)",), ("a.example",), True, True, 0),
            (f"https://a.example/{'x' * 2_000}", "", (), (), True, True, 0),
            ("", "x" * PART_CHARS, (), (), True, False, 0),
            ("", "x" * PART_CHARS, ("<" * 90,) * MAX_FIELDS, ("a" * 253,) * MAX_HOSTS, False, True, 250_000),
        )
    ),
    CARD,
    replace(CARD, options=(), purpose="", languages=(), hourly=None, flags=(), refused="", accept="auto"),
    replace(CARD, flags=tuple(Found(flag, ("<word>",)) for flag in Flag)),
    LookReasonWanted(SEVEN, TITLE),
    LookDecided(SEVEN, TITLE, True, True),
    LookDecided(SEVEN, TITLE, True, False),
    LookDecided(SEVEN, TITLE, False, reason=REASON),
    LookApproved(SEVEN, TITLE, True),
    LookApproved(SEVEN, TITLE, False),
    LookRefused(SEVEN, TITLE, REASON, True),
    LookRefused(SEVEN, TITLE, REASON, False),
]

LONG_TITLE, LONG_REASON, LONG_ID = "é&" * (MAX_CHARS["title"] // 2), "&" * MAX_REASON_CHARS, ProjectId(10**12)

LONGEST_MESSAGES: list[Message] = [
    LaunchWaits(LONG_ID, LONG_TITLE, True, LONG_REASON),
    ProjectWords(LONG_ID, LONG_TITLE, ("<" * MAX_CHARS["instructions"],)),
    ProjectReworded(
        LONG_ID,
        LONG_TITLE,
        "@" + "x" * 32,
        100,
        ("<" * MAX_CHARS["instructions"],),
        tuple(Found(flag, ("&" * FINDING,) * MAX_FINDINGS_PER_FLAG) for flag in Flag),
    ),
    replace(
        CARD,
        project=LONG_ID,
        title=LONG_TITLE,
        who="@" + "x" * 32,
        options=("&" * 30,) * MAX_OPTIONS,
        template="<" * MAX_CHARS["template"],
        purpose="&" * MAX_CHARS["purpose"],
        samples=("😀" * SAMPLE_CHARS,) * MAX_SAMPLE_TASKS,
        flags=tuple(Found(flag, ("<" * FINDING,) * MAX_FINDINGS_PER_FLAG) for flag in Flag),
        refused=LONG_REASON,
    ),
    LookRefused(LONG_ID, LONG_TITLE, LONG_REASON, True),
]
