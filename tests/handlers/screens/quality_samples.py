"""Messages of the quality wing: check questions that are doubted, restrictions, skill."""

from dataclasses import replace
from itertools import cycle

from domain.conduct.evidence import SUSPICIONS, Evidence
from domain.fairness.stops import StopId
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import LongText, TaskContent, TaskId
from domain.quality.figures import (
    GoldBought,
    GoldWouldHelp,
    JudgedModel,
    JudgedOption,
    MeasuredAgreement,
    ModelDoubt,
    ModelsOnGold,
    ModelsReport,
    ProjectFigures,
    ProjectQuality,
    ProjectSkill,
    SkillFigures,
    SkillReport,
)
from domain.quality.gold import (
    GoldAsked,
    GoldDecided,
    GoldDoubted,
    GoldExplained,
    GoldReviewed,
    GoldSoFar,
    GoldStopped,
    GoldSuggested,
    NoTaskForGold,
)
from domain.quality.gold_challenges import (
    ChallengeId,
    Contestable,
    MissedGold,
    OpenRestriction,
    OpenStop,
    RejectedAnswer,
)
from domain.quality.machine import Doubt
from domain.quality.restrictions import (
    LONGEST_GROUND,
    Finding,
    GroundWanted,
    JudgedBy,
    KnownRestriction,
    Mate,
    NothingToConfirm,
    PersonAudit,
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionId,
    RestrictionLapsed,
    RestrictionLifted,
    RestrictionOver,
    RestrictionsWait,
    RestrictionToConfirm,
    RestrictionToDecide,
    Suspect,
    Suspects,
)
from domain.work.assignments import SubmissionId
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTION_CHARS, MAX_OPTIONS
from formats.tables.tasks import MAX_MESSAGE_CHARS
from tests.handlers.screens.form_samples import ALONE, DRAFTS, FORM, said_in
from tests.handlers.screens.form_samples import GOLD as FORM_GOLD
from tests.handlers.screens.form_samples import OPTIONS as FORM_OPTIONS

NOON = Moment(1_790_000_000_000)
TITLE = "Is the review <positive> & kind?"
PROJECT = ProjectId(7)
CONTENT = TaskContent("Works like a charm. <3")
PICTURE = TaskContent("", "https://example.org/a.png")
GOLD = ("positive",)
WHO = "@ada <b>"
FOUND = [
    Evidence(PersonId(17), suspicion, nats, 31, 4, 0.8, 0.4)
    for suspicion, nats in zip(SUSPICIONS, cycle((9.9, 20.0, 7.0, 12.0, 15.0, 14.0, 6.0)), strict=False)
]
PAIR = Mate("P17 <b>", 40, 39)
MADE_OF = tuple(Finding(TITLE, each, at % 3, at == 1, (PAIR,)) for at, each in enumerate(FOUND))
RESTRICTION = KnownRestriction(RestrictionId(3), TITLE, "standing", "open", NOON, Moment(NOON + 1), False)
REJECTED = RejectedAnswer(
    submission=SubmissionId(9),
    text=CONTENT.text,
    amount=Millionths(50_000),
    currency="EUR",
    line=2,
    reason="The writer is angry, so this is not positive.",
    until=NOON,
)
MISSES = tuple(MissedGold(SubmissionId(5), CONTENT.text, answer, GOLD) for answer in ("negative", None))
OPTIONS = ("positive", "negative")
DOUBTED = GoldDoubted(ChallengeId(5), PROJECT, TITLE, "choice", OPTIONS, CONTENT, GOLD, 2, 5, NOON, False)
SKILL = ProjectSkill(
    number=PROJECT,
    title=TITLE,
    review=False,
    answered=31,
    qualified=False,
    watch=0,
    later=False,
    silent=False,
    proof=8,
    needed=5,
    until=None,
    has_gold=True,
    missed=3,
)
SKILL_FIGURES = SkillFigures(gold_seen=4, gold_right=1, compared=20, agreeing=15, interval=(0.7, 0.85))
DOUBTS = tuple(ModelDoubt(doubt.value, TITLE, 0.9, 0.61) for doubt in Doubt if doubt is not Doubt.COPIED)
MODELS = ModelsReport(
    number=PROJECT,
    title=TITLE,
    currency="EUR",
    models=(
        JudgedModel("", 0.82, 0.73, 0.89, 20, (), 0),
        JudgedModel("gpt", 0.5, 0.3, 0.7, 0, DOUBTS, 3, "q" * 40),
    ),
    closed=300,
    once=210,
    never=40,
    saved=Millionths(14_250_000),
    gold=12,
    proposed=8,
    on_gold=ModelsOnGold(12, 11, 12, 10),
)
QUALITY = ProjectQuality(PROJECT, TITLE, 400, 350, 60, 51, (3, 5, 9, 20, 40, 80, 160))
AGREEMENT = MeasuredAgreement(0.84, 0.712, 0.66, 0.75, 0.705, 120)
ALL_THE_SAME = MeasuredAgreement(1.0, None, None, None, None, 120)
FIGURES = ProjectFigures(
    number=PROJECT,
    title=TITLE,
    answers=400,
    agreement=AGREEMENT,
    checked=20,
    right=18,
    low=0.7,
    high=0.97,
    options=(
        JudgedOption("positive", 9, 8, 0.57, 0.98, "negative", 1),
        *(JudgedOption(TITLE, 11, 11, 0.74, 1.0, "", 0) for _ in range(9)),
    ),
    bought=GoldBought(300, 12, 0.81, 0.72),
    tools=3,
)
LISTED = Contestable(MISSES, (REJECTED,), (OpenRestriction(RestrictionId(3), TITLE, NOON),), 2, (NOON, NOON))
FIRST, THIRD = GoldSoFar(0, (), 0), GoldSoFar(2, GOLD, 3)
ASKED = GoldAsked(TaskId(99), PROJECT, TITLE, "choice", ("positive", "negative"), CONTENT, (), FIRST)
SUGGESTED = GoldSuggested(
    TaskId(99), PROJECT, TITLE, "choice", ("positive", "negative"), CONTENT, 4, "positive", 3, None
)

MESSAGES: list[Message] = [
    ASKED,
    replace(ASKED, so_far=THIRD),
    replace(ASKED, content=TaskContent("A: long…", cut=(LongText("A", 1), LongText("B", 2)))),
    *(replace(ASKED, kind=kind, draft=(1,), so_far=GoldSoFar(1, (said_in(kind, "1"),), 0)) for kind in ALONE),
    *(
        replace(ASKED, kind=FORM, options=FORM_OPTIONS, draft=draft, so_far=GoldSoFar(1, FORM_GOLD, 0))
        for draft in DRAFTS
    ),
    *(NoTaskForGold(PROJECT, "choice", so_far) for so_far in (FIRST, THIRD)),
    SUGGESTED,
    replace(SUGGESTED, kind="number", answer="12", answers=9, interval=(11.734521, 12.2)),
    GoldExplained("text", ("one", "other"), "“Works like a charm” is praise."),
    GoldStopped(PROJECT, TITLE, 2),
    *(replace(DOUBTED, aside=aside, content=content) for aside in (False, True) for content in (CONTENT, PICTURE)),
    *(GoldDecided(ChallengeId(5), "choice", OPTIONS, CONTENT, GOLD, kept) for kept in (True, False)),
    *(GoldReviewed(TITLE, "choice", OPTIONS, CONTENT, GOLD, kept) for kept in (True, False)),
    LISTED,
    replace(LISTED, rejections=(REJECTED, REJECTED), waiting=1),
    replace(LISTED, more=3, shown=5),
    replace(LISTED, more=1, shown=10),
    Contestable((), (), (), 0, (NOON,)),
    Contestable((), (), (), 0, ()),
    replace(LISTED, stops=(OpenStop(StopId(1), "", "x" * 300), OpenStop(StopId(2), TITLE, "Scam."))),
    Contestable((), (), (), 0, (), (OpenStop(StopId(2), TITLE, "Scam."),), worker=False),
    *(Restricted(RestrictionId(3), TITLE, NOON, each) for each in FOUND),
    RestrictionAppealed(TITLE, NOON),
    RestrictionLifted(TITLE),
    RestrictionOver(TITLE),
    RestrictionConfirmed(TITLE, NOON),
    RestrictionConfirmed(TITLE, NOON, "x" * LONGEST_GROUND, 3),
    RestrictionLapsed(TITLE),
    Restricted(RestrictionId(3), TITLE, NOON, FOUND[0], NOON, in_hand=True),
    RestrictionToConfirm(WHO, replace(RESTRICTION, appeal=None, waits=True), tuple(FOUND), NOON, 1, False),
    RestrictionToConfirm(WHO, replace(RESTRICTION, waits=True), tuple(FOUND), NOON, 7, True),
    NothingToConfirm(),
    RestrictionsWait(1, NOON, False),
    RestrictionsWait(3, NOON, True),
    GroundWanted(RestrictionId(3), WHO, TITLE),
    GroundWanted(RestrictionId(3), "? (erased)", TITLE, True),
    RestrictionDecided(replace(RESTRICTION, state="lifted", appeal="granted"), 2),
    RestrictionToDecide(WHO, replace(RESTRICTION, appeal=None), tuple(FOUND), NOON),
    RestrictionDecided(replace(RESTRICTION, state="lifted", appeal="granted")),
    RestrictionDecided(replace(RESTRICTION, decided=True, appeal="refused")),
    PersonAudit(WHO, 41, MADE_OF, (PAIR,), (RESTRICTION,)),
    PersonAudit(WHO, 1, (), (), ()),
    PersonAudit(
        WHO, 1, (), (), (), judged=(JudgedBy("@bob <b>", 3, 2, 1, 1, 2, 1), JudgedBy("Cid (7)", 2, 2, 0, 0, 0, 0))
    ),
    Suspects(tuple(Suspect(WHO, TITLE, each.suspicion, each.nats) for each in FOUND)),
    Suspects(()),
    SkillReport(()),
    SkillReport(
        (
            SKILL,
            replace(SKILL, qualified=True, figures=replace(SKILL_FIGURES, interval=(0.5, 0.9))),
            replace(SKILL, qualified=True, review=True),
            replace(SKILL, watch=1, missed=0),
            replace(SKILL, figures=SKILL_FIGURES),
            replace(SKILL, later=True),
            replace(SKILL, has_gold=False),
            replace(SKILL, later=True, silent=True),
            replace(SKILL, until=NOON),
        )
    ),
    QUALITY,
    replace(FIGURES, agreement=None, options=(), questions=tuple((TITLE, AGREEMENT) for _ in range(20))),
    replace(FIGURES, agreement=ALL_THE_SAME, questions=()),
    replace(FIGURES, agreement=None, questions=((TITLE, ALL_THE_SAME), (TITLE, AGREEMENT))),
    FIGURES,
    *(
        replace(FIGURES, agreement=replace(AGREEMENT, alpha=alpha, kappa=None), bought=None, checked=0, options=())
        for alpha in (0.9, 0.5)
    ),
    replace(FIGURES, agreement=None, bought=GoldBought(1, 1, None, None)),
    MODELS,
    GoldWouldHelp(PROJECT, TITLE, 31, 20),
    replace(MODELS, closed=0, once=0, never=0, saved=Millionths(0), gold=0, proposed=0),
    replace(QUALITY, compared=0, agreeing=0, gold_seen=0, gold_right=0, confidences=(0,) * 7),
]

LONG_TITLE = "é&" * (MAX_CHARS["title"] // 2)
LONG_OPTIONS = tuple(f"{at:<{MAX_OPTION_CHARS}}".replace(" ", "<") for at in range(MAX_OPTIONS))
LONG_CONTENT = TaskContent("&" * MAX_MESSAGE_CHARS)
LONGEST_MESSAGES: list[Message] = [
    replace(
        ASKED,
        title=LONG_TITLE,
        options=LONG_OPTIONS,
        content=replace(LONG_CONTENT, picture=picture),
        so_far=GoldSoFar(10**6, LONG_OPTIONS, 20),
    )
    for picture in (None, "https://example.org/" + "a" * 500)
]
