"""Lists of work to choose from and of known projects, and the longest allowed."""

from domain.fairness.counter_offers import AmountAwaited, AskedPayReached, CounterOfferKept, PayAsked, steps_of
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.work.offers import COUNTED, PAGE, KnownProject, KnownProjects, OfferedProject, TaskList
from formats.captions.fields import LIMITS

PAY = Millionths(50_000)
TITLE = "Is the review <positive> & kind?"
MEASURED = OfferedProject(ProjectId(7), TITLE, "Anna & Co", Millionths(50_000), "EUR", Millionths(18_000_000), 3)
NEW = OfferedProject(ProjectId(8), "Read a receipt", "", Millionths(80_000), "EUR", None, COUNTED)
LONG = "é&" * (LIMITS["title"] // 2)

MESSAGES: list[Message] = [
    TaskList((), 0, False),
    TaskList((MEASURED, NEW), 0, False),
    TaskList((MEASURED,), 1, True),
    KnownProjects(()),
    KnownProjects((KnownProject(ProjectId(7), TITLE, False), KnownProject(ProjectId(8), "Read a receipt", True))),
    PayAsked(ProjectId(7), TITLE, PAY, "EUR", steps_of(PAY)),
    AmountAwaited(TITLE, PAY, "EUR"),
    CounterOfferKept(TITLE, Millionths(80_000), "EUR"),
    AskedPayReached(ProjectId(7), TITLE, Millionths(80_000), "EUR"),
]
LONGEST: list[Message] = [
    TaskList(
        (OfferedProject(ProjectId(10**12), LONG, "&" * 64, Millionths(10**12), "EUR", Millionths(10**13), COUNTED),)
        * PAGE,
        3,
        True,
    ),
    KnownProjects((KnownProject(ProjectId(10**12), LONG, True),) * 20),
]
