"""Messages of the register of automated decisions and of complaints."""

from domain.conduct.evidence import Evidence
from domain.fairness.automated import (
    DECISIONS,
    AutomatedDecision,
    AutomatedSystems,
    Touched,
    TouchingMeasure,
    TouchingRestriction,
    TouchingTopup,
)
from domain.fairness.cases import (
    MAX_ANSWER_CHARS,
    MAX_COMPLAINT_CHARS,
    AnswerSent,
    CaseClosed,
    CaseEnd,
    ComplaintAnswered,
    ComplaintAnswerWanted,
    ComplaintClosed,
    ComplaintDropped,
    ComplaintId,
    ComplaintLate,
    ComplaintSent,
    ComplaintToAnswer,
    ComplaintWanted,
    MeasureEnded,
    MeasureSpared,
    NoComplaints,
)
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.quality.restrictions import LONGEST_GROUND, KnownRestriction, RestrictionId
from formats.captions.caption import MAX_CHARS

NOON = Moment(1_790_000_000_000)
TITLE, WHO, WORDS = "Is the review <positive> & kind?", "@rosa", "I <read> every text & took my time."
ANSWER = "Half of your answers were wrong. Read them again with /why_skill & try."
STANDING = KnownRestriction(RestrictionId(3), TITLE, "standing", None, NOON, Moment(NOON + 1), False, waits=True)
CAUSE = Evidence(PersonId(1), "random", 12.0, 40, 5, 0.8, 0.5)
LIFTED = KnownRestriction(RestrictionId(3), TITLE, "lifted", None, NOON, NOON, False)
OVER = KnownRestriction(RestrictionId(3), TITLE, "ended", None, NOON, NOON, True)
CONFIRMED = KnownRestriction(RestrictionId(3), TITLE, "standing", "refused", NOON, NOON, True)
RESTRICTIONS = (
    TouchingRestriction(STANDING, CAUSE, True, False, ""),
    TouchingRestriction(LIFTED, CAUSE, False, True, ""),
    TouchingRestriction(CONFIRMED, CAUSE, False, False, "It is <chance> & no more."),
    TouchingRestriction(OVER, CAUSE, False, False, ""),
)
MEASURES = (
    TouchingMeasure(7, TITLE, "later", NOON, None),
    TouchingMeasure(7, TITLE, "checks", NOON, NOON),
    TouchingMeasure(7, TITLE, "held", NOON, None),
)
TOPUPS = (TouchingTopup(12, 7, TITLE, Millionths(150_000), "EUR", NOON),)

MESSAGES: list[Message] = [
    AutomatedSystems(0),
    AutomatedSystems(7),
    *(AutomatedDecision(each.name) for each in DECISIONS),
    Touched(30, (), (), ()),
    Touched(30, RESTRICTIONS, MEASURES, TOPUPS),
    *(ComplaintWanted(each.name, TITLE, 3) for each in DECISIONS),
    ComplaintWanted("other", "", 1),
    ComplaintWanted("turn", "", 1),
    ComplaintSent(WORDS, NOON),
    ComplaintDropped(),
    ComplaintAnswered("restriction", 3, WORDS, ANSWER, NOON),
    ComplaintLate(WORDS, NOON),
    MeasureEnded(TITLE),
    ComplaintToAnswer(ComplaintId(4), WHO, "restriction", TITLE, WORDS, NOON, STANDING, False),
    ComplaintToAnswer(ComplaintId(4), WHO, "restriction", TITLE, WORDS, NOON, OVER, False, reminds=7),
    ComplaintToAnswer(ComplaintId(4), WHO, "later", TITLE, WORDS, NOON, None, True, reminds=1),
    ComplaintToAnswer(ComplaintId(4), WHO, "other", "", WORDS, NOON, None, False, left=1),
    ComplaintToAnswer(ComplaintId(4), "", "turn", "", WORDS, NOON, None, False, left=3),
    NoComplaints(),
    ComplaintAnswerWanted(ComplaintId(4), WHO, WORDS),
    ComplaintClosed(WHO, WORDS, ANSWER),
    *(CaseClosed(TITLE, end, WHO) for end in CaseEnd),
    CaseClosed(WHO, CaseEnd.LIFTED),
    CaseClosed(TITLE, CaseEnd.FADED, who=WHO),
    AnswerSent(WHO, 0),
    AnswerSent(WHO, 2),
    MeasureSpared(WHO, TITLE),
]

LONG_TITLE, LONG_WHO = "é&" * (MAX_CHARS["title"] // 2), "@" + "x" * 32
LONG_STANDING = KnownRestriction(RestrictionId(10**12), LONG_TITLE, "standing", None, NOON, NOON, False, waits=True)

LONGEST_MESSAGES: list[Message] = [
    Touched(
        30,
        (TouchingRestriction(LONG_STANDING, CAUSE, True, False, "&" * LONGEST_GROUND),) * 4,
        (TouchingMeasure(10**12, LONG_TITLE, "held", NOON, None),) * 4,
        (TouchingTopup(10**12, 10**12, LONG_TITLE, Millionths(10**15), "EUR", NOON),) * 4,
    ),
    ComplaintAnswered("restriction", 10**12, "<" * MAX_COMPLAINT_CHARS, "&" * MAX_ANSWER_CHARS, NOON),
    ComplaintToAnswer(
        ComplaintId(10**12), LONG_WHO, "restriction", LONG_TITLE, "<" * MAX_COMPLAINT_CHARS, NOON, LONG_STANDING, False
    ),
    CaseClosed(LONG_TITLE, CaseEnd.STAYS, LONG_WHO),
    ComplaintClosed(LONG_WHO, "<" * MAX_COMPLAINT_CHARS, "&" * MAX_ANSWER_CHARS),
]
