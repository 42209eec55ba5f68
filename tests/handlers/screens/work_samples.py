"""Messages about tasks and answers, as services produce them, and the longest allowed."""

from dataclasses import replace

from domain.answers import kind_of
from domain.fairness.ratings import RateableRequester
from domain.handing_in import Wants
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.push_schedule import GoalReached, LeftInPeace, PaceKept
from domain.people.settings import QuietUntil
from domain.projects.launches import TaskTried, TrialOver
from domain.projects.projects import CONTENT, ProjectId, WorkedExample
from domain.projects.tasks import LongText, TaskContent
from domain.work.assignments import AssignmentId, SubmissionId
from domain.work.file_checks import FileFlaw, RetakeAsked, RetakeKept
from domain.work.honest_card import ExamplesShown, HonestCard, InstructionNews, ProjectInstructions, TrackRecord
from domain.work.messages import (
    CARD_DETAILS,
    KEYS_OF_ACTIONS,
    KEYS_OF_ANSWER,
    AnswerRead,
    AnswerStands,
    ContentAgreed,
    ContentWarning,
    DiskFull,
    FileWaits,
    LastAnswer,
    MatterOver,
    MessageLost,
    MessageRefused,
    Miss,
    MissExplained,
    NothingNow,
    Paused,
    ProjectAccepted,
    ProjectDeclined,
    Qualified,
    Recap,
    TaskGone,
    TaskMoved,
    TaskShown,
    TaskSkipped,
    TasksUnshown,
    TextRead,
    WrongKindSent,
)
from domain.work.offers import MAX_COUNTED_PLACES, SkippedLeft
from formats.captions.caption import MAX_CHARS, MAX_INSTRUCTION_LINES
from formats.captions.conditions import MAX_OPTION_CHARS, MAX_OPTIONS
from formats.tables.tasks import FORM_CHARS, MAX_MESSAGE_CHARS, MAX_REASON_CHARS
from tests.handlers.screens.form_samples import ALONE, ANSWER, DRAFTS, FORM, LONG_DRAFT, OPTIONS, said_in
from tests.handlers.screens.form_samples import GOLD as FORM_GOLD
from tests.handlers.screens.form_samples import LONG_OPTIONS as LONG_FORM
from tests.handlers.screens.offers_samples import ASIDE, RATED, RESTRICTED

NOON = Moment(1_790_000_000_000)  # 21 September 2026, 14:13 UTC
TITLE = "Is the review <positive> & kind?"
MISS = Miss("choice", "negative", ("positive",), "“Works like a charm” is praise.", SubmissionId(5))
RECAP = Recap(12, 540_000, Millionths(840_000), "EUR")
ENDED = LastAnswer(AssignmentId(7), 12, recap=RECAP)
CHANGEABLE = LastAnswer(change=AssignmentId(123_456_789), message=987_654, typed=True)
SENT = replace(CHANGEABLE, received=Millionths(50_000), currency="EUR")
LATER = QuietUntil(Moment(NOON + 40_000_000), NOON, "Europe/Paris")
CARD = HonestCard(
    hourly=Millionths(22_500_000),
    floor=Millionths(12_880_000),
    milliseconds=8_000,
    measured=True,
    stated=False,
    purpose="a shop's own statistics",
    accept="auto",
    hours=72,
    gold=True,
    proof=(2, 3),
)
KNOWN = replace(
    CARD,
    requester="Anna & Co",
    left=12,
    record=TrackRecord(200, 3, 7_200_000),
    rating=RATED,
    rate=RateableRequester(ProjectId(7), "Anna & Co", False),
    models=True,
    content=CONTENT,
)
WARNING = ContentWarning(ProjectId(7), TITLE, "Anna & Co", CONTENT, Millionths(50_000), "EUR")
UNMEASURED = replace(CARD, measured=False, hourly=None)
TASK = TaskShown(
    assignment=AssignmentId(123_456_789),
    project=ProjectId(7),
    title=TITLE,
    instructions=("Read the review.", "Is the writer pleased?"),
    kind="choice",
    options=("positive", "negative"),
    content=TaskContent("Works like a charm. <3"),
    draft=(),
    minutes=10,
    pay=Millionths(50_000),
    currency="EUR",
)
CAT = TaskContent("", "https://example.org/cat.png?a=1&b=2")
STANDS = AnswerStands("Works like a charm. <3", "choice", "positive", Millionths(50_000), "EUR")

IN_PLACE = replace(CHANGEABLE, stands=STANDS, replaces=AssignmentId(123_456_789))
UNSHOWN = TasksUnshown(ProjectId(7), TITLE, found=12, tasks=85, pictures=True, linked=True, paused=True)

EXAMPLES = (WorkedExample("Lovely <shoes>!", "positive", "glad & kind"), WorkedExample("", "cat", "", "A" * 60))
NEWS = InstructionNews(2, ((2, "Is it <kind> & plain"), (3, "New.")), 2, 2, title=True, pictures=True, examples=False)

MESSAGES: list[Message] = [
    TASK,
    *(TaskTried(replace(TASK, kind=kind)) for kind in ALONE if not kind_of(kind).are_files),
    TaskTried(replace(TASK, content=TaskContent("A: long…", cut=(LongText("A", 1),))), 99),
    *(TaskTried(replace(TASK, kind=FORM, options=OPTIONS, draft=draft)) for draft in DRAFTS),
    TrialOver(ProjectId(7), TITLE, FORM, ANSWER),
    TrialOver(ProjectId(7), TITLE, "choice", None),
    replace(TASK, content=TaskContent("A: long…", cut=(LongText("A", 1), LongText("A name <that> is longer", 2)))),
    TextRead("A & B", "Works like a charm. <3", 1, 1),
    AnswerRead("text", "Works like a charm. <3", 1, 1),
    AnswerRead(FORM, ANSWER, 1, 2),
    TextRead("A & B", "Works like a charm. <3" * 160, 2, 3),
    *(replace(TASK, last=last, card=card, exchange=KEYS_OF_ACTIONS) for last in (None, SENT) for card in (None, KNOWN)),
    replace(TASK, exchange=KEYS_OF_ANSWER),
    replace(TASK, folded=True),
    replace(TASK, last=CHANGEABLE),
    replace(TASK, last=SENT),
    replace(TASK, last=IN_PLACE),
    replace(TASK, last=replace(IN_PLACE, recap=RECAP)),
    replace(TASK, last=replace(IN_PLACE, stands=replace(STANDS, answer=None))),
    replace(TASK, last=replace(SENT, held=True)),
    *(replace(TASK, kind=kind, draft=(1,), changing=True) for kind in ALONE),
    *(replace(TASK, kind=FORM, options=OPTIONS, draft=draft, changing=True) for draft in DRAFTS),
    *(replace(TASK, kind=FORM, options=OPTIONS, draft=draft, card=CARD) for draft in DRAFTS),
    replace(STANDS, kind=FORM, answer=ANSWER, miss=replace(MISS, kind=FORM, answer=ANSWER, gold=FORM_GOLD)),
    *(replace(TASK, kind=kind, draft=draft, card=CARD) for kind in ALONE for draft in ((), (1,), (1, 0))),
    replace(TASK, last=CHANGEABLE, late=True),
    replace(TASK, card=replace(CARD, measured=False, gold=False, purpose=""), minutes=1),
    replace(TASK, card=replace(UNMEASURED, stated=True)),
    replace(TASK, card=KNOWN, exchange=CARD_DETAILS),
    replace(TASK, content=CAT, card=CARD, exchange=CARD_DETAILS),
    replace(TASK, card=replace(KNOWN, gold=False, own=True, requester="", accept="review")),
    replace(TASK, proof=(1, 3, 2)),
    replace(TASK, card=replace(CARD, faq=3)),
    replace(TASK, card=KNOWN),
    replace(TASK, card=replace(KNOWN, own=True, left=MAX_COUNTED_PLACES, record=TrackRecord(200, 3, 0))),
    replace(TASK, card=replace(KNOWN, record=TrackRecord(20, 20, 0))),
    WARNING,
    replace(WARNING, content=CONTENT[:1], last=CHANGEABLE),
    ContentAgreed(TITLE),
    RetakeAsked(
        AssignmentId(7), tuple(each.value for each in FileFlaw if each not in (FileFlaw.SHORT, FileFlaw.QUIET)), False
    ),
    RetakeAsked(AssignmentId(7), (FileFlaw.SHORT.value, FileFlaw.QUIET.value), True),
    RetakeKept(False),
    RetakeKept(True),
    replace(TASK, card=replace(UNMEASURED, floor=Millionths(0))),
    replace(TASK, card=replace(CARD, accept="review"), content=CAT),
    STANDS,
    replace(STANDS, answer=None),
    replace(STANDS, miss=MISS),
    replace(STANDS, recap=RECAP),
    replace(STANDS, recap=replace(RECAP, milliseconds=9_000)),
    replace(STANDS, changed=True),
    *(replace(STANDS, kind=kind, answer=said_in(kind)) for kind in ALONE),
    ProjectDeclined(ProjectId(7), TITLE),
    ProjectDeclined(ProjectId(7), TITLE, RateableRequester(ProjectId(7), "Anna & Co", False)),
    ProjectDeclined(ProjectId(7), TITLE, answers=3),
    *(WrongKindSent(wants) for wants in Wants),
    MissExplained(MISS),
    MissExplained(replace(MISS, answer=None, reason=None)),
    *(NothingNow(last) for last in (None, CHANGEABLE, ENDED, replace(IN_PLACE, recap=RECAP))),
    NothingNow(set_aside=ASIDE),
    NothingNow(set_aside=RESTRICTED),
    NothingNow(skipped=SkippedLeft(ProjectId(7), "Reviews <b>", 1)),
    NothingNow(CHANGEABLE, skipped=SkippedLeft(ProjectId(7), "Reviews", 12)),
    NothingNow(quiet=LATER),
    NothingNow(skipped_out="Reviews <b>"),
    *(Paused(last) for last in (None, CHANGEABLE, ENDED)),
    Qualified(TITLE, Millionths(150_000), "EUR"),
    TaskSkipped(TITLE),
    TaskMoved(TITLE),
    TaskSkipped(TITLE, reported=True),
    TaskGone(TITLE),
    MatterOver(),
    ProjectAccepted(TITLE),
    ProjectInstructions(TITLE, ("Read the review.", "Is the writer <pleased>?")),
    ProjectInstructions(TITLE, ("Read the review.",), ("A" * 60, "https://example.org/cat.png"), 3),
    ExamplesShown(TITLE, EXAMPLES),
    replace(TASK, news=NEWS),
    replace(TASK, news=replace(NEWS, lines=(), more=1, gone=1)),
    replace(TASK, content=CAT, news=NEWS),
    GoalReached(20, Millionths(1_000_000), "EUR", LATER),
    *(PaceKept(gap, LATER, last) for gap, last in ((15, None), (60, ENDED), (240, CHANGEABLE))),
    LeftInPeace(),
    MessageLost(),
    FileWaits(),
    FileWaits(theirs=True),
    DiskFull(),
    MessageRefused(TaskShown.stored_as, "refused: Can't parse entities"),
    MessageRefused(TaskShown.stored_as, "refused: BUTTON_URL_INVALID", True),
    UNSHOWN,
    replace(UNSHOWN, found=1, paused=False),
    replace(UNSHOWN, found=3, tasks=3, pictures=False, linked=False),
    *(
        replace(UNSHOWN, pictures=False, linked=False, paused=paused, button="BUTTON_URL_INVALID")
        for paused in (True, False)
    ),
]

LONG_OPTIONS = tuple(f"{at:<{MAX_OPTION_CHARS}}".replace(" ", "<") for at in range(MAX_OPTIONS))
LONG_MISS = Miss("choice", LONG_OPTIONS[0], LONG_OPTIONS, "&" * MAX_REASON_CHARS, SubmissionId(10**15))
FIRST_FORM = replace(
    TASK,
    kind="form",
    options=OPTIONS,
    content=TaskContent("", "https://example.org/?a=1&b=2"),
    instructions=("Say what you see, and no more than that. " * 12, "Leave out what nobody can see. " * 10),
    card=CARD,
)
LONG_TASK = replace(
    TASK,
    assignment=AssignmentId(10**15),
    project=ProjectId(10**12),
    title="é&" * (MAX_CHARS["title"] // 2),
    content=TaskContent("&" * MAX_MESSAGE_CHARS),
    options=LONG_OPTIONS,
    minutes=10_080,
    last=replace(ENDED, received=Millionths(50_000), currency="EUR"),
)
LONG_RULES = (
    ("<" * MAX_CHARS["instructions"],),
    ("é" * (MAX_CHARS["instructions"] // MAX_INSTRUCTION_LINES),) * MAX_INSTRUCTION_LINES,
)
LONG_CARD = replace(
    KNOWN, requester="&" * 64, purpose="é" * MAX_CHARS["purpose"], milliseconds=3_600_000, accept="review"
)
PRESSED = tuple(range(MAX_OPTIONS))

LONGEST_MESSAGES: list[Message] = [
    *(
        replace(LONG_TASK, kind=FORM, options=LONG_FORM, draft=draft, instructions=rules, card=card, content=content)
        for draft, card in (((), LONG_CARD), (LONG_DRAFT, None))
        for rules in LONG_RULES
        for content in (
            TaskContent("&" * (MAX_MESSAGE_CHARS - FORM_CHARS)),
            TaskContent("&" * 300, "https://example.org/cat.png"),
            TaskContent("&" * 60, "https://example.org/cat.png"),
        )
    ),
    *(
        replace(LONG_TASK, kind=kind, draft=draft, instructions=rules, card=card, last=last)
        for kind in ALONE
        for draft, last in ((PRESSED, None) if kind in ("choices", "rank") else ((), LONG_TASK.last),)
        for rules in LONG_RULES
        for card in (None, LONG_CARD)
    ),
    *(
        replace(LONG_TASK, kind=kind, draft=(0, 1), instructions=("Look.",), content=content)
        for kind in ALONE
        for content in (TaskContent("&" * 300, "https://example.org/cat.png"),)
    ),
    *(
        replace(LONG_TASK, instructions=rules, card=card, content=TaskContent(text, picture))
        for rules in LONG_RULES
        for card in (None, LONG_CARD)
        for picture in (None, "https://example.org/" + "a" * 500)
        for text in ("&" * MAX_MESSAGE_CHARS, "Works like a charm.", "&" * 300)
    ),
    MissExplained(LONG_MISS),
    NothingNow(LONG_TASK.last),
    Paused(LONG_TASK.last),
    AnswerStands(LONG_TASK.title, "choice", LONG_OPTIONS[0], Millionths(50_000), "EUR", miss=LONG_MISS, recap=RECAP),
    *(ProjectInstructions(LONG_TASK.title, rules) for rules in LONG_RULES),
]
