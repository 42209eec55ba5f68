"""Messages of reports: realistic ones, and the longest that are allowed."""

from domain.fairness.reports import (
    KINDS,
    EndReasonWanted,
    ProjectEndedByAdmin,
    ProjectReported,
    ReportDropped,
    ReportKind,
    ReportsDecided,
    ReportsToDecide,
    ReportWanted,
    ShownReport,
    TaskReported,
)
from domain.fairness.review import MAX_REASON_CHARS
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.projects.tasks import BEGINNING
from domain.work.assignments import AssignmentId
from formats.captions.caption import MAX_CHARS

TITLE, ABOUT = "Open an <account> & send it", "Works like a charm. <3"
SEVEN, REASON = ProjectId(7), "It asks people to open <accounts>."
SHOWN = (ShownReport("wk3fq2dam", ReportKind.SCAM, ABOUT, 0), ShownReport("", ReportKind.BROKEN, ABOUT, 2))

MESSAGES: list[Message] = [
    ReportWanted(AssignmentId(9), TITLE, ABOUT),
    *(TaskReported(TITLE, kind, paused) for kind in KINDS for paused in (True, False)),
    ReportDropped(),
    ProjectReported(SEVEN, TITLE, KINDS),
    ReportsToDecide(SEVEN, TITLE, "@rosa", ("Open an account.", "Send its password."), SHOWN),
    EndReasonWanted(SEVEN, TITLE),
    ReportsDecided(TITLE, ended=False),
    ReportsDecided(TITLE, ended=True, reason=REASON),
    ProjectEndedByAdmin(SEVEN, TITLE, REASON, Millionths(12_340_000), "EUR"),
]

LONG_TITLE, LONG_RULES = "é&" * (MAX_CHARS["title"] // 2), ("<" * MAX_CHARS["instructions"],)
LONG_SHOWN = tuple(ShownReport("wk3fq2dam", kind, "&" * BEGINNING, 10**6) for kind in KINDS * 2)

LONGEST_MESSAGES: list[Message] = [
    ReportWanted(AssignmentId(10**12), LONG_TITLE, "&" * BEGINNING),
    ReportsToDecide(ProjectId(10**12), LONG_TITLE, "@" + "x" * 32, LONG_RULES, LONG_SHOWN),
    ProjectEndedByAdmin(ProjectId(10**12), LONG_TITLE, "&" * MAX_REASON_CHARS, Millionths(10**15), "EUR"),
]
