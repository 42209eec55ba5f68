"""Lists of work to choose from and of known projects, and the longest allowed."""

from dataclasses import replace

from domain.fairness.counter_offers import (
    AmountAwaited,
    AskedPayReached,
    CounterOfferKept,
    PayAsked,
    PayUnsaid,
    offered_amounts,
)
from domain.fairness.ratings import RequesterRating
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.wallet import PendingPay
from domain.projects.projects import CONTENT, ProjectId
from domain.work.offers import (
    MAX_COUNTED_PLACES,
    PROJECTS_PER_PAGE,
    KnownProject,
    KnownProjects,
    OfferedProject,
    SetAside,
    TaskList,
)
from formats.captions.caption import MAX_CHARS

PAY = Millionths(50_000)
TITLE = "Is the review <positive> & kind?"
MEASURED = OfferedProject(ProjectId(7), TITLE, "Anna & Co", Millionths(50_000), "EUR", Millionths(18_000_000), 3)
RATED = RequesterRating(24, (3.94, 4.2, 4.0, 3.1), "We pay <more> now & answer on the same day.")
NEW = OfferedProject(ProjectId(8), "Read a receipt", "", Millionths(80_000), "EUR", None, MAX_COUNTED_PLACES)
NOON = Moment(1_790_000_000_000)
PENDING = PendingPay(ProjectId(7), TITLE, 3, 150_000, "EUR", Moment(NOON + 259_200_000), False)
ASIDE = SetAside(ProjectId(7), TITLE, 1, 3, pending=PENDING)
RESTRICTED = SetAside(ProjectId(7), TITLE, 4, 4, NOON)
LONG = "é&" * (MAX_CHARS["title"] // 2)

MESSAGES: list[Message] = [
    TaskList((), 0, False),
    TaskList((), 0, False, asleep=True),
    TaskList((MEASURED, NEW), 0, False),
    TaskList((MEASURED, NEW), 0, False, in_hand=NEW.title),
    TaskList((MEASURED,), 0, False, set_aside=RESTRICTED),
    TaskList((), 0, False, set_aside=RESTRICTED),
    TaskList((), 0, False, set_aside=ASIDE),
    TaskList((replace(MEASURED, rating=RATED, content=("violence", "hate")),), 1, True),
    KnownProjects(()),
    KnownProjects((KnownProject(ProjectId(7), TITLE, False),), more=True),
    KnownProjects((KnownProject(ProjectId(7), TITLE, False), KnownProject(ProjectId(8), "Read a receipt", True))),
    PayUnsaid(),
    PayAsked(ProjectId(7), TITLE, PAY, "EUR", offered_amounts(PAY)),
    AmountAwaited(TITLE, PAY, "EUR"),
    CounterOfferKept(TITLE, Millionths(80_000), "EUR"),
    AskedPayReached(ProjectId(7), TITLE, Millionths(80_000), "EUR"),
]
HUGE = OfferedProject(
    *(
        ProjectId(10**12),
        LONG,
        "&" * 64,
        Millionths(10**12),
        "EUR",
        Millionths(10**13),
        MAX_COUNTED_PLACES,
        RATED,
        CONTENT,
    ),
)
LONGEST: list[Message] = [
    TaskList(
        (
            OfferedProject(
                ProjectId(10**12),
                LONG,
                "&" * 64,
                Millionths(10**12),
                "EUR",
                Millionths(10**13),
                MAX_COUNTED_PLACES,
                RATED,
            ),
        )
        * PROJECTS_PER_PAGE,
        3,
        True,
        LONG,
        replace(RESTRICTED, title=LONG, right=10**6 - 1, seen=10**6, pending=PENDING),
    ),
    KnownProjects((KnownProject(ProjectId(10**12), LONG, True),) * 20),
]
