"""Messages of stops: realistic ones, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness.review import MAX_REASON_CHARS
from domain.fairness.stops import MAX_APPEAL_CHARS as APPEAL
from domain.fairness.stops import (
    AppealWordsWanted,
    PersonSuspended,
    ProjectForAdmin,
    RulingWanted,
    StopAppealed,
    StopId,
    StopRuled,
    StopToRule,
    SuspendReasonWanted,
    SuspensionMade,
)
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from formats.captions.caption import MAX_CHARS

TITLE, SEVEN, REASON, NOON = "Open an <account> & send it", ProjectId(7), "It asks for <accounts>.", 1_790_000_000_000
CARD = ProjectForAdmin(
    project=SEVEN,
    title=TITLE,
    who="@rosa",
    person=PersonId(3),
    state="running",
    rests=("reports",),
    instructions=("Open an <account>.",),
    samples=("Sign up & go",),
    tasks=40,
    closed=3,
    submissions=9,
    workers=1,
    pay=Millionths(50_000),
    held=Millionths(6_930_000),
    currency="EUR",
    ends=True,
)
APPEALED = StopToRule(StopId(5), TITLE, SEVEN, "@rosa", REASON, "@ada", "It <never> did.", Moment(NOON), False)

MESSAGES: list[Message] = [
    CARD,
    replace(CARD, ends=False, state="complete", rests=(), samples=()),
    SuspendReasonWanted("@rosa"),
    *(SuspensionMade(StopId(5), "@rosa", REASON, projects) for projects in (0, 2)),
    *(PersonSuspended(StopId(5), REASON, appeal, worker, 2) for appeal in (True, False) for worker in (True, False)),
    *(PersonSuspended(StopId(5), REASON, True, worker, 2, asks=True) for worker in (True, False)),
    *(AppealWordsWanted(title, REASON) for title in (TITLE, "")),
    *(StopAppealed(title, Moment(NOON), another) for title in (TITLE, "") for another in (True, False)),
    APPEALED,
    replace(APPEALED, title="", project=None, alone=True),
    *(RulingWanted(title, "@rosa") for title in (TITLE, "")),
    *(
        StopRuled(7, TITLE, lifted, "" if lifted else REASON, by)
        for lifted, by in ((True, "silence"), (False, "alone"))
    ),
    *(
        StopRuled(0, "", lifted, "" if lifted else REASON, "admin", who)
        for lifted in (True, False)
        for who in ("", "@a")
    ),
]

LONG_TITLE, LONG_REASON, LONG_ID = "é&" * (MAX_CHARS["title"] // 2), "&" * MAX_REASON_CHARS, ProjectId(10**12)

LONGEST_MESSAGES: list[Message] = [
    replace(
        CARD,
        project=LONG_ID,
        title=LONG_TITLE,
        who="@" + "x" * 32,
        instructions=("<" * MAX_CHARS["instructions"],),
        samples=("😀" * 300,) * 3,
    ),
    SuspensionMade(StopId(10**12), "@" + "x" * 32, LONG_REASON, 10**6),
    replace(APPEALED, title=LONG_TITLE, reason=LONG_REASON, words="&" * APPEAL, alone=True),
    StopRuled(10**12, LONG_TITLE, False, LONG_REASON, "alone"),
]
