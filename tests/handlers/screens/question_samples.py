"""Messages of questions: realistic ones, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness.questions import (
    ANSWER_LIMIT_CHARS,
    QUESTION_LIMIT_CHARS,
    AnswerPublished,
    AnswerWanted,
    Faq,
    FaqEntry,
    FaqNews,
    NoQuestions,
    ProjectAwaitsAnswer,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionDismissed,
    QuestionDropped,
    QuestionId,
    QuestionReported,
    QuestionSent,
    QuestionToJudge,
    QuestionWanted,
    ReportJudged,
    StandingAnswers,
)
from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId
from domain.projects.tasks import BEGINNING
from formats.captions.caption import MAX_CHARS

NOON = Moment(1_790_000_000_000)
TITLE, ABOUT = "Is the review <positive> & kind?", "Works like a charm. <3"
ASKED, SAID = "What if it is <ironic>?", "Then take what the writer <means>."
SEVEN, NINE = ProjectId(7), QuestionId(9)
ENTRIES = (FaqEntry(2, ASKED, SAID), FaqEntry(1, "", SAID))
CARD = QuestionAsked(NINE, SEVEN, TITLE, "t17", ABOUT, "wk3fq2dam", ASKED, NOON, standing=0)

MESSAGES: list[Message] = [
    QuestionWanted(SEVEN, TITLE, ABOUT, 5, 0),
    QuestionWanted(SEVEN, TITLE, ABOUT, 1, 12, ENTRIES),
    QuestionDropped(),
    *(QuestionSent(TITLE, ASKED, 48, in_hand) for in_hand in (True, False)),
    QuestionSent(TITLE, ASKED, 0, in_hand=False),
    replace(CARD, ended=True),
    CARD,
    replace(CARD, standing=3, reminds=True),
    *(replace(CARD, report=report) for report in ("open", "refused")),
    QuestionClosed(TITLE, ASKED, SAID, dismissed=False),
    QuestionClosed(TITLE, ASKED, None, dismissed=True),
    QuestionClosed(TITLE, "", None, dismissed=False),
    AnswerWanted(NINE, TITLE, ASKED),
    StandingAnswers(NINE, ASKED, ENTRIES),
    *(
        AnswerPublished(SEVEN, TITLE, standing, left, resumed)
        for standing, left, resumed in ((True, 0, False), (False, 1, False), (False, 2, True))
    ),
    NoQuestions(SEVEN, TITLE),
    QuestionAnswered(SEVEN, TITLE, ASKED, SAID),
    FaqNews(SEVEN, TITLE, ENTRIES[:1]),
    FaqNews(SEVEN, TITLE, ENTRIES),
    Faq(SEVEN, TITLE, (), 0, 0, asks=True),
    Faq(SEVEN, TITLE, (), 0, 0, asks=True, waiting=2, rests=True),
    Faq(SEVEN, TITLE, ENTRIES, 2, 0, asks=False),
    Faq(SEVEN, TITLE, ENTRIES, 12, 1, asks=True),
    *(ProjectAwaitsAnswer(SEVEN, TITLE, ASKED, waiting, 48) for waiting in (1, 2)),
    QuestionReported(TITLE),
    *(QuestionToJudge(NINE, SEVEN, TITLE, "@rosa", "wk3fq2dam", ASKED, ABOUT, dismissed) for dismissed in (0, 1, 3)),
    *(ReportJudged(TITLE, ASKED, abuse) for abuse in (True, False)),
    QuestionDismissed(TITLE, ASKED),
]

LONG_TITLE, LONG_ASKED, LONG_SAID = (
    "é&" * (MAX_CHARS["title"] // 2),
    "&" * QUESTION_LIMIT_CHARS,
    "<" * ANSWER_LIMIT_CHARS,
)
LONG_ENTRIES = tuple(FaqEntry(10**6 + at, LONG_ASKED, LONG_SAID) for at in range(8))
MANY, MOST = QuestionId(10**12), ProjectId(10**12)
LONG_CARD = QuestionAsked(
    MANY, MOST, LONG_TITLE, "&" * 200, "&" * BEGINNING, "wk3fq2dam", LONG_ASKED, NOON, 10**6, reminds=True
)

LONGEST_MESSAGES: list[Message] = [
    QuestionWanted(MOST, LONG_TITLE, "&" * BEGINNING, 5, 10**6, LONG_ENTRIES[:2]),
    QuestionSent(LONG_TITLE, LONG_ASKED, 48, in_hand=True),
    LONG_CARD,
    QuestionClosed(LONG_TITLE, LONG_ASKED, LONG_SAID, dismissed=False),
    StandingAnswers(MANY, LONG_ASKED, LONG_ENTRIES),
    QuestionAnswered(MOST, LONG_TITLE, LONG_ASKED, LONG_SAID),
    FaqNews(MOST, LONG_TITLE, LONG_ENTRIES[:3]),
    Faq(MOST, LONG_TITLE, LONG_ENTRIES[:5], 10**6, 10**6, asks=True),
    ProjectAwaitsAnswer(MOST, LONG_TITLE, LONG_ASKED, 10**6, 48),
    QuestionToJudge(MANY, MOST, LONG_TITLE, "@" + "x" * 32, "wk3fq2dam", LONG_ASKED, "&" * BEGINNING, 10**6),
]
