"""Messages of /why: every kind of movement, for each side, and the longest."""

from dataclasses import replace

from domain.fairness import review
from domain.fairness.appeals import AnswerShown, Citation
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.explanations import (
    AnswerExplained,
    AppealExplained,
    Explanation,
    KnownAnswer,
    OthersAnswer,
    RejectionExplained,
    Step,
    TopupExplained,
    WhyMenu,
)
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent
from domain.work.assignments import SubmissionId
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTION_CHARS as LONGEST_OPTION
from formats.tables.tasks import MAX_MESSAGE_CHARS
from tests.handlers.screens.form_samples import ALONE, ANSWER, FORM, OPTIONS, said_in
from tests.handlers.screens.form_samples import GOLD as FORM_GOLD
from tests.handlers.screens.payout_samples import CALLED_OFF, EACH, WITHHELD

NOON = Moment(1_790_000_000_000)
TITLE = "Is the review <positive> & kind?"
LONG_TITLE = "é&" * (MAX_CHARS["title"] // 2)
SHOWN = AnswerShown(
    submission=SubmissionId(9),
    project=ProjectId(7),
    title=TITLE,
    kind="choice",
    answer="positive",
    pay=Millionths(50_000),
    currency="EUR",
    content=TaskContent("Works like a charm. <3"),
)
CITED = Citation(2, "Is the writer pleased?", "The writer is angry, so this is not positive.")
LONG_CITED = Citation(2, "<" * MAX_CHARS["instructions"], "&" * review.MAX_REASON_CHARS)
REJECTION = RejectionExplained(CITED, "standing", NOON, NOON, None)
OPEN = AppealExplained("open", NOON, NOON, None, None)
ENDS = (
    replace(REJECTION, state="final"),
    replace(REJECTION, appeal=OPEN),
    *(replace(REJECTION, appeal=AppealExplained(state, NOON, NOON, 2, 1)) for state in ("won", "lost")),
    *(replace(REJECTION, appeal=replace(OPEN, state=state, ruled=True)) for state in ("won", "lost")),
    replace(REJECTION, appeal=replace(OPEN, state="won")),
)
STEPS = tuple(
    Step(120 + at, movement, 50_000, NOON)
    for at, movement in enumerate(("reward", "fee", "release", "reject", "appeal", "forfeit", "feeback"))
)
ABOUT = AnswerExplained(
    shown=SHOWN,
    hidden=False,
    submitted_at=NOON,
    fee=5_000,
    until=None,
    rule="at_once",
    gold=None,
    others=(OthersAnswer("positive", 2), OthersAnswer("negative", 1), OthersAnswer(None, 1)),
    rejection=None,
    history=STEPS[:1],
)
WHY = Explanation(
    operation=123,
    movement="reward",
    side="worker",
    amount=50_000,
    currency="EUR",
    at=NOON,
    memo="",
    accounts=None,
    incoming=True,
    project=TITLE,
    about=ABOUT,
    payout=None,
    topup=None,
)
BARE = replace(WHY, about=None)
TOPUP = TopupExplained(4_512, 16_100, 11_000, 1, 5_100)
MOVEMENTS = (
    "waived",
    *(
        "reward",
        "release",
        "reject",
        "appeal",
        "forfeit",
        "judge",
        "topup",
        "deposit",
        "launch",
        "return",
        "reserve",
    ),
    *("refund", "raise", "unreserve", "fee", "feeback", "payout", "withhold", "paid", "unpaid", "bounced"),
    *(
        "unwithhold",
        "handed on",
        "handed back",
        "gather",
        "jury",
        "unjury",
        "stake",
        "unstake",
        "costs",
        "bonus",
        "unheard",
    ),
)


def about(**changes: object) -> Explanation:
    return replace(WHY, about=replace(ABOUT, **changes))  # type: ignore[arg-type]  # fields of an answer


MESSAGES: list[Message] = [
    *(WhyMenu(worker) for worker in (True, False)),
    *(replace(WHY, movement=movement, side=side) for movement in MOVEMENTS for side in ("worker", "requester")),
    replace(BARE, side="admin", accounts=("project:7:budget", "worker:2000:available")),
    *(replace(BARE, movement="payout", payout=payout) for payout in (WITHHELD, *EACH)),
    replace(BARE, movement="unpaid", payout=CALLED_OFF),
    *(replace(BARE, movement="topup", topup=replace(TOPUP, answers=answers)) for answers in (1, 25)),
    replace(BARE, memo="INV-7", movement="deposit", side="requester"),
    replace(BARE, memo="Careful <3", movement="bonus", project=None),
    *(about(rule=rule, until=NOON) for rule in ("probation", "review")),
    *(replace(about(rule=rule), movement="release") for rule in ("silence", "accepted", "qualified")),
    *(about(gold=KnownAnswer(right, ("positive",))) for right in (True, False)),
    *(about(rejection=end, history=STEPS, others=()) for end in (REJECTION, *ENDS)),
    *(about(shown=replace(SHOWN, answer=None), hidden=True, others=None, taken_back=back) for back in (False, True)),
    *(
        about(
            shown=replace(SHOWN, kind=kind, answer=said_in(kind)),
            others=(OthersAnswer(said_in(kind), 2),),
        )
        for kind in ALONE
    ),
    about(
        shown=replace(SHOWN, kind=FORM, answer=ANSWER, options=OPTIONS),
        others=(OthersAnswer(ANSWER, 2),),
        gold=KnownAnswer(False, FORM_GOLD),
    ),
]
LONG_ANSWER = replace(
    SHOWN, title=LONG_TITLE, kind="text", answer="&" * 2_000, content=TaskContent("&" * MAX_MESSAGE_CHARS)
)
LONGEST: list[Message] = [
    replace(
        about(
            shown=LONG_ANSWER,
            rejection=replace(REJECTION, cited=LONG_CITED, appeal=OPEN),
            history=STEPS,
            others=(OthersAnswer("&" * LONGEST_OPTION, 10**6),) * 6,
            gold=KnownAnswer(False, ("&" * LONGEST_OPTION,) * 10),
        ),
        project=LONG_TITLE,
        memo="&" * 300,
        accounts=("a" * 40, "b" * 40),
    )
]
