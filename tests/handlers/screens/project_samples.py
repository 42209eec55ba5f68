"""Messages about projects, as the services tell them, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness.counter_offers import PayVoices
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.projects.drafts import FileArriving, FirstRow, MediumNamed
from domain.projects.edits import EditPage, KeptVersion, VersionsKept, WordingWanted
from domain.projects.launches import LaunchDeclined, LaunchRequestOver, LaunchWanted, ProjectLaunched
from domain.projects.lifecycle import ConfirmDelete, ConfirmStop, DraftDeleted, ProjectComplete, ProjectStopped
from domain.projects.pay_raises import OfferedRaise, PayRaised, PayRaiseNews, RaiseOffer
from domain.projects.preflight import (
    AccuracyOutlook,
    AiOutlook,
    CheckedModel,
    DigestedProject,
    DigestSet,
    EverybodySkipped,
    FileNote,
    ForeseenWay,
    MoreAsked,
    MoreOffer,
    OfferedMore,
    Preflight,
    RequesterDigest,
    TaskPreviewed,
)
from domain.projects.progress import ListedProject, ProjectList, ProjectProgress
from domain.projects.projects import Condition, Pilot, ProjectId, Setbacks, Wording, WorkedExample
from domain.projects.results import AnswersShown, HandedIn, HubAsked, HubBegun, HubFailed, HubPushed, ProjectFile
from domain.projects.tasks import TaskContent
from domain.projects.wizard import (
    ColumnWanted,
    DraftCancelled,
    EmptyCell,
    EmptyCells,
    FileAwaited,
    FileUnexplained,
    FileWanted,
    MoreTasksWanted,
    WizardQuestion,
)
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTION_CHARS, MAX_OPTIONS
from formats.tables.tasks import MAX_MESSAGE_CHARS
from tests.handlers.screens.offers_samples import RATED

NOON = Moment(1_790_000_000_000)  # 21 September 2026, 14:13 UTC
TITLE = "Is the review <positive> & kind?"
PAY, MORE = Millionths(50_000), Millionths(62_500)
PRICE = Quote(
    tasks=200,
    gold=20,
    submissions=660,
    reward=Millionths(33_000_000),
    fee=Millionths(3_300_000),
    seconds=7.25,
    hourly=Millionths(24_820_000),
    floor=Millionths(12_880_000),
    needed_pay=Millionths(26_000),
    reserve=Millionths(990_000),
    base=7.25,
)
MODELS = (CheckedModel("", 17, 20, (0.62, 0.94)), CheckedModel("g" * 64, 0, 0, (0.4, 0.9)))
WAYS = tuple(
    ForeseenWay(overlap, confidence, 0.84, 0.7, 0.93, 4.2, Millionths(33_000_000), overlap == 3)
    for overlap, confidence in ((2, None), (3, None), (5, None), (5, 0.9), (5, 0.95))
)
PREFLIGHT = Preflight(
    number=7,
    title=TITLE,
    instructions=("Read the review.", "Is the writer pleased?"),
    kind="choice",
    options=("positive", "negative"),
    state="draft",
    currency="EUR",
    pay=PAY,
    overlap=3,
    max_overlap=5,
    confidence=0.95,
    accept="auto",
    minutes=10,
    purpose="a shop's own statistics",
    price=PRICE,
    available=100_000_000,
    workers=12,
    sample=TaskContent("Works like a charm. <3"),
    warnings=(FileNote("columns_ignored", (("columns", "HINT:lang"),)),),
    ai=AiOutlook(MODELS, PAY, Millionths(9_900_000), True),
    gold_proposed=20,
    pilot=Pilot(30, 7, 0.87),
    measured=True,
    may_pilot=10,
    left=(7_200_000, 90_000_000),
    outlook=AccuracyOutlook(WAYS, 12, ((2, None), (3, None), (5, None), (5, 0.9), (5, 0.95))),
    who=(Condition("country", "FR|BE"), Condition("good in", "7"), Condition("at most", "50")),
)
PROGRESS = ProjectProgress(
    number=7,
    title=TITLE,
    state="running",
    currency="EUR",
    tasks=1_200,
    closed=300,
    gold=20,
    submissions=951,
    begun=0,
    workers=12,
    gold_right=51,
    gold_seen=60,
    in_hand=4,
    held=Millionths(26_000_000),
    spent=Millionths(10_300_000),
    left=(33 * 60_000, 48 * 60_000),
    to_review=0,
    files=False,
    news=951,
)
WAITED = replace(PROGRESS, state="paused", left=None, questions=2, rests=("questions", "reports"))
PHOTOS = tuple(HandedIn(f"AgAC-{at}", f"street-{at}", "your <street>", "wk3fq2dam") for at in range(10))
PREVIEWED = TaskPreviewed(TITLE, ("Look.",), "choice", ("yes", "no"), TaskContent("Nice?", "https://example.org/1.jpg"))
FILE = ProjectFile(7, TITLE, "results", "csv", "running", NOON)
DIGESTED = DigestedProject(7, TITLE, 1_200, 300, 120, 3, 1, Millionths(26_000_000), "EUR", Moment(1_800_000_000_000))
LISTED = ListedProject(0, TITLE, "draft", "EUR", PAY)
RUNNING = ListedProject(7, "Cats <3", "running", "EUR", PAY, tasks=1_200, closed=300)
OFFERED = tuple(OfferedRaise(Millionths(pay), Millionths(20 * pay)) for pay in (55_000, 62_500))
STEPS = ("title", "instructions", "kind", "options", "seconds", "pay", "overlap")
WORDING = Wording(
    TITLE, ("Read <it>.", "Choose."), ("A" * 60,), (WorkedExample("Lovely <3", "positive", "glad & kind"),)
)
EDITED = EditPage(ProjectId(7), TITLE, "running", 3, WORDING.instructions, 1, 2, edited=True)

MESSAGES: list[Message] = [
    EDITED,
    replace(EDITED, state="draft", edition=1, pictures=0, examples=0),
    *(WordingWanted(ProjectId(7), TITLE, part, now) for part, now in (("title", TITLE), ("instructions", "Read."))),
    *(WordingWanted(ProjectId(7), TITLE, part) for part in ("picture", "example")),
    WordingWanted(ProjectId(7), TITLE, "example", pictured=True),
    VersionsKept(ProjectId(7), TITLE, ()),
    VersionsKept(ProjectId(7), TITLE, (KeptVersion(1, NOON, WORDING), KeptVersion(2, NOON, WORDING))),
    replace(PREFLIGHT, whole=True),
    *(
        replace(PREFLIGHT, first_row=FirstRow(cells, task))
        for cells in (("I <b>it.",), ("a", "b"))
        for task in (True, False)
    ),
    MoreTasksWanted(7, TITLE, ("text", "image")),
    ColumnWanted("reviews.csv", ("review", "shop")),
    EmptyCells("reviews <b>.csv", (EmptyCell(3, "text"), EmptyCell(9, "image")), 2),
    EmptyCells("reviews.csv", (EmptyCell(3, "text"),), 1),
    FileWanted(name="reviews.csv"),
    PREVIEWED,
    DraftCancelled(),
    DraftCancelled(of_another=True),
    DraftCancelled(nothing=True),
    FileWanted(6, 6),
    FileWanted(
        8,
        8,
        said=(
            ("title", TITLE),
            ("instructions", "Look.\nChoose."),
            ("kind", "choice"),
            ("options", "a, b"),
            ("pay", "1"),
        ),
        columns=("image", "text"),
        kept=True,
    ),
    FileUnexplained("reviews.csv", TITLE, ((7, TITLE), (8, TITLE))),
    RequesterDigest((DIGESTED, replace(DIGESTED, to_review=0, questions=0, tasks=0)), 2),
    RequesterDigest((DIGESTED,), 3),
    MoreOffer(7, TITLE, "EUR", 3, 0.82, (OfferedMore(4, PAY, 0.84), OfferedMore(5, MORE, 0.86))),
    MoreOffer(7, TITLE, "EUR", 1, None, (OfferedMore(2, PAY, None),)),
    MoreAsked(7, TITLE, "EUR", 5, MORE),
    *(DigestSet(on, 9) for on in (True, False)),
    WizardQuestion("overlap", "choice", 6, 7, now="3", suggested=(1, 3), kept=True),
    WizardQuestion("pay", "choice", 6, 7, suggested=(50_000, 80_000), currency="EUR"),
    FileWanted(),
    FileUnexplained("reviews.csv"),
    MediumNamed("AgACAgQ" + "x" * 48),
    WizardQuestion("pay", "choice", 5, 7, keeps="reviews <b>.csv"),
    FileAwaited(),
    *(WizardQuestion(step, "choice", number, 6) for number, step in enumerate(STEPS, 1)),
    WizardQuestion("options", "compare", 4, 7),
    WizardQuestion("title", "choice", 1, 0),
    ConfirmStop(7, TITLE, 300, 1_200, Millionths(26_000_000), "EUR"),
    ConfirmDelete(7, TITLE),
    DraftDeleted(7, TITLE),
    FileArriving("a.csv", checked=41_000, written=0, of=0, done=False),
    FileArriving("a.csv", checked=90_000, written=41_000, of=90_000, done=False),
    FileArriving("a.csv", checked=90_000, written=90_000, of=90_000, done=True),
    EverybodySkipped(7, TITLE, 3, 5, 2, 1, 2, 3),
    EverybodySkipped(7, TITLE, 1, 1, 1, 0, 0, 0),
    *(ProjectComplete(7, TITLE, returned, "EUR") for returned in (1_000_000, 0)),
    *(ProjectComplete(7, TITLE, 0, "EUR", waits, Moment(1_800_000_000_000)) for waits in (1, 300)),
    FILE,
    replace(FILE, format="coco"),
    replace(FILE, what="submissions", format="xlsx", state="complete"),
    replace(FILE, state="stopped", part=2, of=3, rows=9),
    replace(FILE, format="zip", state="stopped", shown_as="photo"),
    replace(FILE, shown_as="voice"),
    AnswersShown(7, TITLE, False, PHOTOS, after=19),
    AnswersShown(7, TITLE, True, PHOTOS[:1], after=None),
    AnswersShown(7, TITLE, False, (), after=None),
    replace(FILE, format="zip", state="stopped", part=2, after=7),
    replace(FILE, format="huggingface", to_hub=True),
    replace(FILE, format="huggingface"),
    HubAsked(7, TITLE),
    HubAsked(7, TITLE, again=True),
    HubAsked(7, TITLE, "anna/reviews"),
    HubAsked(7, TITLE, "anna/reviews", public=True, again=True),
    HubBegun(TITLE, "anna/reviews"),
    HubPushed(7, TITLE, "anna/reviews", "https://huggingface.co/datasets/anna/reviews", False),
    HubPushed(7, TITLE, "anna/reviews", "https://huggingface.co/datasets/anna/reviews", True),
    *(
        HubFailed(7, TITLE, "anna/reviews", why)
        for why in ("token", "forbidden", "name", "public", "network", "busy", "hub")
    ),
    ProjectLaunched(7, TITLE, Millionths(36_300_000), "EUR"),
    ProjectList((LISTED, RUNNING)),
    ProjectList((LISTED,), total=29, older=True),
    ProjectList((LISTED,), RATED),
    ProjectList((LISTED,), replace(RATED, reply="")),
    ProjectList(()),
    PREFLIGHT,
    replace(PREFLIGHT, content=("violence", "medical"), measured=False, outlook=AccuracyOutlook(WAYS, 0)),
    replace(PREFLIGHT, whole=True, outlook=AccuracyOutlook((), 0, models=True)),
    replace(PREFLIGHT, outlook=AccuracyOutlook(WAYS[1:2], 20, models=True)),
    replace(PROGRESS, right=(0.84, 0.76, 0.91), reserve=Millionths(1_234_500)),
    replace(PROGRESS, state="complete", right=(0.84, 0.76, 0.91)),
    replace(PREFLIGHT, measured=False, stated=True, outlook=AccuracyOutlook(WAYS, 1)),
    replace(PREFLIGHT, measured=False, price=replace(PRICE, seconds=9.0)),
    replace(PREFLIGHT, kind="number", options=()),
    replace(
        PREFLIGHT,
        again=True,
        available=0,
        price=replace(PRICE, floor=Millionths(30_000_000)),
        confidence=None,
        overlap=1,
        workers=1,
    ),
    replace(PREFLIGHT, price=replace(PRICE, floor=Millionths(0), tasks=1, gold=1, submissions=1)),
    replace(PREFLIGHT, price=replace(PRICE, tasks=0), sample=None),
    *(replace(PREFLIGHT, price=replace(PRICE, untold=why)) for why in ("errand", "sound", "link")),
    replace(PROGRESS, to_review=1_200, left=None),
    replace(PROGRESS, may_reopen=True, setbacks=Setbacks(rejected=3, tasks_added=True, answers_added=True)),
    replace(PROGRESS, setbacks=Setbacks(tasks_added=True)),
    *(
        replace(PROGRESS, state="paused", left=None, rests=(reason,))
        for reason in ("held", "rejections", "floor", "undelivered", "buttons", "suspended", "admin")
    ),
    replace(PROGRESS, pay_voices=PayVoices(Millionths(80_000), 10, 0.62)),
    replace(PROGRESS, pay_voices=PayVoices(Millionths(80_000), 5, None)),
    replace(PROGRESS, to_review=1_200, left=(3_000, 3_100), files=True),
    PROGRESS,
    WAITED,
    replace(PROGRESS, state="stopped", begun=40),
    replace(PROGRESS, state="complete", tasks=0, closed=0, gold_seen=0),
    *(ProjectStopped(7, TITLE, 1_000_000, n, n, "EUR") for n in (0, 1, 2)),
    RaiseOffer(7, TITLE, "EUR", PAY, OFFERED),
    RaiseOffer(7, TITLE, "EUR", PAY, OFFERED, draft=True),
    *(LaunchWanted(3, 7, TITLE, "x9_Q", tasks, Millionths(36_300_000), "EUR", NOON) for tasks in (220, 0)),
    LaunchDeclined(7, TITLE),
    *(LaunchRequestOver(7, TITLE, why) for why in ("decided", "expired", "replaced", "key", "price")),
    PayRaised(7, TITLE, "EUR", MORE, PAY, Millionths(12_345_678)),
    PayRaiseNews(TITLE, "EUR", MORE, PAY),
]

LONG_TITLE = "é&" * (MAX_CHARS["title"] // 2)
LONG_OPTIONS = tuple(f"{at:<{MAX_OPTION_CHARS}}".replace(" ", "<") for at in range(MAX_OPTIONS))
LONG_PREFLIGHT = replace(
    PREFLIGHT,
    title=LONG_TITLE,
    options=LONG_OPTIONS,
    sample=TaskContent("&" * MAX_MESSAGE_CHARS),
    again=True,
    available=0,
)
LONGEST_MESSAGES: list[Message] = [
    replace(LONG_PREFLIGHT, whole=True),
    replace(EDITED, title=LONG_TITLE, instructions=("<" * 60,) * 50),
    replace(LONG_PREFLIGHT, instructions=("<" * MAX_CHARS["instructions"],)),
    replace(LONG_PREFLIGHT, instructions=("Read.",) * (MAX_CHARS["instructions"] // 6)),
    ProjectList(tuple(replace(LISTED, title=LONG_TITLE, number=10**12 + at) for at in range(100))),
    replace(PROGRESS, title=LONG_TITLE, number=10**12),
    MoreTasksWanted(1, LONG_TITLE, LONG_OPTIONS),
    ColumnWanted("a" * 255, LONG_OPTIONS * 4),
    EmptyCells("a" * 255, (EmptyCell(999_999, "c" * 64),) * 50, 1_000_000),
    FileWanted(6, 6, "a" * 255),
    FileWanted(8, 8, "a" * 255, tuple((step, "&" * 3_000) for step in STEPS), LONG_OPTIONS),
    WizardQuestion("instructions", "choice", 2, 7, now="&" * 3_000),
    TaskPreviewed(
        LONG_TITLE, ("é" * 200,) * 10, "choice", LONG_OPTIONS * 4, TaskContent("é" * 3000, "https://example.org/1.jpg")
    ),
    replace(FILE, title=LONG_TITLE, what="submissions"),
    AnswersShown(10**12, LONG_TITLE, False, (HandedIn("AgAC", "&" * 500, "&" * 3_000, "&" * 12),) * 10, after=10**12),
]
