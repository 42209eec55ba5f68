"""Messages of the quality wing: check questions that are doubted, restrictions, skill."""

from dataclasses import replace

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.quality.gold_challenges import TrialId
from domain.quality.messages import (
    Contestable,
    Finding,
    GoldDecided,
    GoldDoubted,
    GoldReviewed,
    KnownRestriction,
    Mate,
    MissedGold,
    OpenRestriction,
    PersonAudit,
    ProjectQuality,
    ProjectSkill,
    RejectedAnswer,
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionLifted,
    RestrictionOver,
    RestrictionToDecide,
    SkillReport,
    Suspect,
    Suspects,
)
from domain.quality.restrictions import Evidence, RestrictionId
from domain.work.submissions import SubmissionId

NOON = Moment(1_790_000_000_000)
TITLE = "Is the review <positive> & kind?"
PROJECT = ProjectId(7)
CONTENT = TaskContent("Works like a charm. <3")
PICTURE = TaskContent("", "https://example.org/a.png")
GOLD = ("positive",)
WHO = "@ada <b>"
FOUND = [
    Evidence(PersonId(17), suspicion, nats, 31, 4, 0.8, 0.4)
    for suspicion, nats in (
        ("random", 9.9),
        ("constant", 20.0),
        ("hasty", 3.0),
        ("sleeper", 7.0),
        ("ring", 12.0),
        ("silent", 15.0),
    )
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
DOUBTED = GoldDoubted(TrialId(5), PROJECT, TITLE, CONTENT, GOLD, 2, 5, NOON, False)
SKILL = ProjectSkill(
    number=PROJECT,
    title=TITLE,
    review=False,
    answered=31,
    gold_seen=4,
    gold_right=1,
    compared=20,
    agreeing=15,
    interval=(0.7, 0.85),
    qualified=False,
    watch=0,
    later=False,
    silent=False,
    gold_comes=True,
    proof=8,
    needed=5,
    until=None,
)
QUALITY = ProjectQuality(PROJECT, TITLE, 400, 350, 60, 51, (3, 5, 9, 20, 40, 80, 160))
LISTED = Contestable(MISSES, (REJECTED,), (OpenRestriction(RestrictionId(3), TITLE, NOON),), 2, (NOON, NOON))

MESSAGES: list[Message] = [
    *(replace(DOUBTED, aside=aside, content=content) for aside in (False, True) for content in (CONTENT, PICTURE)),
    *(GoldDecided(TrialId(5), CONTENT, GOLD, kept) for kept in (True, False)),
    *(GoldReviewed(TITLE, CONTENT, GOLD, kept) for kept in (True, False)),
    LISTED,
    replace(LISTED, rejections=(REJECTED, REJECTED), waiting=1),
    Contestable((), (), (), 0, (NOON,)),
    Contestable((), (), (), 0, ()),
    *(Restricted(RestrictionId(3), TITLE, NOON, each) for each in FOUND),
    RestrictionAppealed(TITLE, NOON),
    RestrictionLifted(TITLE),
    RestrictionOver(TITLE),
    RestrictionConfirmed(TITLE, NOON),
    RestrictionToDecide(WHO, replace(RESTRICTION, appeal=None), tuple(FOUND), NOON),
    RestrictionDecided(replace(RESTRICTION, state="lifted", appeal="granted")),
    RestrictionDecided(replace(RESTRICTION, decided=True, appeal="refused")),
    PersonAudit(WHO, 41, MADE_OF, (PAIR,), (RESTRICTION,)),
    PersonAudit(WHO, 1, (), (), ()),
    Suspects(tuple(Suspect(WHO, TITLE, each.suspicion, each.nats) for each in FOUND if each.suspicion != "hasty")),
    Suspects(()),
    SkillReport(()),
    SkillReport(
        (
            SKILL,
            replace(SKILL, qualified=True, interval=(0.5, 0.9)),
            replace(SKILL, qualified=True, review=True),
            replace(SKILL, watch=1, gold_seen=0, compared=0),
            replace(SKILL, later=True),
            replace(SKILL, gold_comes=False),
            replace(SKILL, later=True, silent=True),
            replace(SKILL, until=NOON),
        )
    ),
    QUALITY,
    replace(QUALITY, compared=0, agreeing=0, gold_seen=0, gold_right=0, confidences=(0,) * 7),
]
