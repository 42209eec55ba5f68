"""Messages of reviews, rejections and appeals: realistic ones, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness import appeals, review
from domain.fairness.appeals import (
    AnswerRejected,
    AnswerShown,
    AppealDecision,
    AppealId,
    AppealJudged,
    AppealLost,
    AppealOpened,
    AppealRuled,
    AppealToJudge,
    AppealToRule,
    AppealWindowClosed,
    AppealWon,
    Citation,
    JudgesCostTooMuch,
    JudgesPaidBack,
    RejectionOverturned,
    RejectionUpheld,
    Verdict,
    WordsDropped,
    WordsSent,
    WordsTooLate,
    WordsToSend,
    WordsWanted,
)
from domain.fairness.automated import DecisionFigures, PlatformFigures
from domain.fairness.review import (
    AnswerEvidence,
    AnswerToReview,
    LinesToCite,
    NothingToReview,
    PauseDecided,
    PauseToDecide,
    ProjectRests,
    ReasonWanted,
    RejectionMade,
    RestAccepted,
)
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.funds import Holdings
from domain.projects.projects import ProjectId
from domain.projects.tasks import LongText, TaskContent
from domain.work.assignments import SubmissionId
from domain.work.corrections import RedoDeclined, RedoDone, RedoOffered, RedoPaid, RedoReturned, RedoSent, RedoWanted
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTION_CHARS
from formats.tables.tasks import MAX_MESSAGE_CHARS
from tests.handlers.screens.work_samples import CHANGEABLE, ENDED

NOON = Moment(1_790_000_000_000)
TITLE, WORDS = "Is the review <positive> & kind?", "I <see> a smile"
LINES = ("Read the review.", "Is the writer pleased?")
SEVEN, NINE, FOUR, MANY = ProjectId(7), SubmissionId(9), AppealId(4), 10**12
CENTS = Millionths(150_000)
ANSWER = AnswerShown(
    submission=NINE,
    project=SEVEN,
    title=TITLE,
    kind="choice",
    answer="positive",
    pay=Millionths(50_000),
    currency="EUR",
    content=TaskContent("Works like a charm. <3"),
)
PHOTO = replace(
    ANSWER, kind="photo", answer="AgACAgQ unique", content=TaskContent("Which one?", "https://example.org/a.png")
)
LONG = replace(ANSWER, content=TaskContent("A: long…", cut=(LongText("A <1>", 1), LongText("B", 2), LongText("C", 3))))
WORDY = replace(ANSWER, kind="text", answer="I <see> a smile. " * 250)
SWAPPED = replace(ANSWER, kind="compare", answer="A", options=("A", "B"), meant=(("A", "B"), ("B", "A")))
VOICE = replace(ANSWER, kind="voice", answer="AwACAgQ unique")
CITED = Citation(2, LINES[1], "The writer is angry, so this is not positive.")
DECISIONS = (AppealDecision(2, 1, False), AppealDecision(2, 0, False), AppealDecision(0, 0, True))
SHOWN = AnswerToReview(
    about=ANSWER,
    left=3,
    worker="wabcdefghij",
    milliseconds=8_000,
    until=NOON,
    consensus="positive",
    confidence=0.92,
    last=SubmissionId(40),
    beside=AnswerEvidence((("positive", 3), ("negative", 1), (None, 1)), 4, 5, 6_000),
)
COSTS = JudgesPaidBack(SEVEN, TITLE, CENTS, CENTS, "EUR")
HELD = Holdings("EUR", *map(Millionths, (9_000_000_000, 310_000_000, *(2_896_666_666,) * 3, 2)))
FIGURES = PlatformFigures(
    currency="EUR",
    at=NOON,
    days=(1, 7, 30),
    bounds=(1, 10, 100),
    steps=(1, 5, 10, 20, 50),
    figures=DecisionFigures(
        registered=1_234,
        active=(31, 120, 410),
        paid=(380, 210, 12),
        month=(Millionths(12_340_000), Millionths(1_200_000)),
        hour=(Millionths(14_120_000), Millionths(12_880_000)),
        spread=(120, 90, 60, 80, 41, 19),
        books=(HELD,),
    ),
    position=1_234_567,
    hash="9f" * 32,
)
NOBODY_YET = replace(FIGURES.figures, month=(None, None), hour=(None, None), paid=(0, 0, 0), spread=(0,) * 6)
BOTH = [(about, words) for about in (ANSWER, PHOTO, VOICE) for words in (None, WORDS)]

REDO = RedoOffered(ANSWER, "Anna <B>", "Please look at the last sentence too.", 50_000, NOON)

MESSAGES: list[Message] = [
    RedoWanted(SubmissionId(1), "wabcdefghij", 50_000, "EUR", 9_000_000),
    RedoSent("wabcdefghij", 50_000, "EUR", NOON),
    *(replace(REDO, about=about) for about in (ANSWER, PHOTO, VOICE)),
    replace(REDO, requester="", words="é&" * 250),
    RedoDeclined(TITLE),
    RedoPaid(TITLE, 50_000, "EUR", 123),
    *(RedoDone(about, "wabcdefghij", SEVEN) for about in (ANSWER, PHOTO, VOICE)),
    *(RedoReturned(TITLE, "wabcdefghij", 50_000, "EUR", late) for late in (True, False)),
    *(AnswerRejected(about, CITED, NOON, 123) for about in (ANSWER, PHOTO, VOICE)),
    *(AppealOpened(FOUR, TITLE, judged, NOON) for judged in (True, False)),
    WordsWanted(),
    WordsToSend(FOUR, WORDS),
    WordsSent(WORDS),
    WordsTooLate(),
    WordsDropped(),
    *(AppealToJudge(FOUR, about, CITED, words, LINES) for about, words in BOTH),
    *(AppealToJudge(FOUR, about, CITED, words, LINES, CHANGEABLE) for about, words in BOTH),
    *(AppealToRule(FOUR, about, CITED, words, LINES, NOON) for about, words in BOTH),
    *(AppealRuled(FOUR, verdict) for verdict in Verdict),
    *(AppealJudged(TITLE, verdict, Millionths(50_000), "EUR") for verdict in (*Verdict, None)),
    *(AppealWon(ANSWER, decision, 123) for decision in DECISIONS),
    *(RejectionOverturned(ANSWER, decision, 123, back) for decision in DECISIONS for back in (False, True)),
    *(AppealLost(ANSWER, decision, 123) for decision in (AppealDecision(1, 2, False), AppealDecision(0, 0, True))),
    AppealWindowClosed(ANSWER, 123),
    *(RejectionUpheld(ANSWER, fee, 123) for fee in (Millionths(5_000), Millionths(0))),
    COSTS,
    replace(COSTS, back=Millionths(1)),
    JudgesCostTooMuch("Rosa <3", SEVEN, TITLE, CENTS, Millionths(0), "EUR"),
    SHOWN,
    replace(SHOWN, left=1, consensus=None, confidence=None),
    replace(SHOWN, confidence=None, about=replace(ANSWER, answer=None)),
    replace(SHOWN, about=PHOTO),
    replace(SHOWN, about=LONG),
    replace(SHOWN, about=WORDY),
    replace(SHOWN, about=SWAPPED),
    replace(SHOWN, about=VOICE),
    *(NothingToReview(SEVEN, TITLE, reviews) for reviews in (True, False)),
    *(LinesToCite(NINE, SEVEN, lines) for lines in (LINES, ("Read.",) * 30)),
    ReasonWanted(NINE, SEVEN, 2, LINES[1]),
    RejectionMade(SEVEN, TITLE, CENTS, "EUR"),
    *(RestAccepted(SEVEN, TITLE, count, CENTS, "EUR", left) for count, left in ((1, 0), (3, 1), (500, 20))),
    ProjectRests(SEVEN, TITLE, 3, 40),
    PauseToDecide("@rosa", SEVEN, TITLE, 3, 40),
    FIGURES,
    replace(FIGURES, figures=NOBODY_YET),
    *(PauseDecided(SEVEN, TITLE, resumed) for resumed in (True, False)),
]

LONG_ANSWER = replace(
    ANSWER,
    title="é&" * (MAX_CHARS["title"] // 2),
    content=TaskContent("&" * MAX_MESSAGE_CHARS),
    kind="text",
    answer="&" * 2_000,
)
LONG_PHOTO = replace(
    LONG_ANSWER,
    kind=PHOTO.kind,
    answer=PHOTO.answer,
    content=TaskContent("&" * MAX_MESSAGE_CHARS, PHOTO.content.picture),
)
LONG_CITED = Citation(2, "<" * MAX_CHARS["instructions"], "&" * review.MAX_REASON_CHARS)
LONG_RULES = (("<" * MAX_CHARS["instructions"],), ("Read.",) * (MAX_CHARS["instructions"] // 6))
LONG_WORDS = "&" * appeals.MAX_WORDS_CHARS


def longest_about(about: AnswerShown) -> list[Message]:
    """Everything that shows an answer."""
    decision = DECISIONS[0]
    return [
        AnswerRejected(about, LONG_CITED, NOON, MANY),
        *(AppealToJudge(AppealId(MANY), about, LONG_CITED, LONG_WORDS, rules) for rules in LONG_RULES),
        *(AppealToJudge(AppealId(MANY), about, LONG_CITED, LONG_WORDS, rules, ENDED) for rules in LONG_RULES),
        *(AppealToRule(AppealId(MANY), about, LONG_CITED, LONG_WORDS, rules, NOON) for rules in LONG_RULES),
        AppealWon(about, decision, MANY),
        AppealLost(about, decision, MANY),
        AppealWindowClosed(about, MANY),
        RejectionOverturned(about, decision, MANY),
        RejectionUpheld(about, CENTS, MANY),
        replace(SHOWN, about=about, consensus="&" * MAX_OPTION_CHARS, left=10**6, last=SubmissionId(MANY)),
    ]


LONGEST_MESSAGES: list[Message] = [
    *longest_about(LONG_ANSWER),
    *longest_about(LONG_PHOTO),
    *(LinesToCite(SubmissionId(MANY), ProjectId(MANY), rules) for rules in LONG_RULES),
    ReasonWanted(SubmissionId(MANY), ProjectId(MANY), 1, LONG_RULES[0][0]),
]
