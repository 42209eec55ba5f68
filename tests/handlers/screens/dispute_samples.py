"""Facts of reviews, rejections, appeals, bonus and /why: what the services say, and the longest that is allowed."""

from typing import Any

from domain.answers import kinds
from domain.fairness import review
from formats.captions.fields import LIMITS
from formats.captions.options import LONGEST
from formats.tables.tasks import MESSAGE_LIMIT
from tests.handlers.screens.payout_samples import EACH, WITHHELD

Facts = dict[str, Any]

NOON = 1_790_000_000_000
EURO = {"currency": "EUR"}
TITLE = "Is the review <positive> & kind?"
ANSWER = {
    "submission": 9,
    "number": 7,
    "title": TITLE,
    "kind": "choice",
    "answer": "positive",
    "amount": 50_000,
    **EURO,
    "text": "Works like a charm. <3",
    "picture": None,
}
CITED = {
    "line": 2,
    "clause": "Is the writer pleased?",
    "reason": "The writer is angry, so this is not positive.",
    "until": NOON,
}
REJECTION = {
    "line": 2,
    "clause": "Is the writer pleased?",
    "reason": CITED["reason"],
    "state": "standing",
    "at": NOON,
    "until": NOON,
    "appeal": None,
}
APPEAL = {"state": "open", "at": NOON, "due": NOON, "for": 2, "against": 1}
STEPS = [
    {"operation": 120 + at, "movement": movement, "amount": 50_000, "at": NOON}
    for at, movement in enumerate(("reward", "fee", "release", "reject", "appeal", "forfeit", "feeback"))
]
ABOUT = {
    **ANSWER,
    "hidden": False,
    "rule": "at_once",
    "submitted_at": NOON,
    "fee": 5_000,
    "state": "accepted",
    "until": None,
    "gold": None,
    "others": [("positive", 2), ("negative", 1), (None, 1)],
    "rejection": None,
    "history": STEPS[:1],
}
WHY = {
    "operation": 123,
    "movement": "reward",
    "side": "worker",
    "moved": 50_000,
    **EURO,
    "at": NOON,
    "memo": "",
    "accounts": None,
    "incoming": True,
    "project": TITLE,
    "about": ABOUT,
    "payout": None,
    "topup": None,
}
TOPUP = {"milliseconds": 4_512, "needed": 16_100, "pay": 11_000, "each": 5_100}
MOVEMENTS = (
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
        "refund",
    ),
    *(
        "unreserve",
        "fee",
        "feeback",
        "payout",
        "withhold",
        "paid",
        "unpaid",
        "jury",
        "unjury",
        "stake",
        "unstake",
        "costs",
        "bonus",
        "unheard",
    ),
)
ENDS = [
    {**REJECTION, "state": "final"},
    *({**REJECTION, "appeal": {**APPEAL, "state": state}} for state in ("open", "won", "lost")),
]

SAMPLES: dict[str, list[Facts]] = {
    "why.menu": [{"worker": True}, {"worker": False}],
    "why.operation": [
        *({**WHY, "movement": movement, "side": side} for movement in MOVEMENTS for side in ("worker", "requester")),
        {**WHY, "side": "admin", "accounts": ["project:7:budget", "worker:2000:available"], "about": None},
        *({**WHY, "movement": "payout", "about": None, "payout": paid} for paid in (WITHHELD, *EACH)),
        *({**WHY, "movement": "topup", "about": None, "topup": {**TOPUP, "answers": n}} for n in (1, 25)),
        {**WHY, "memo": "INV-7", "movement": "deposit", "about": None, "side": "requester"},
        {**WHY, "memo": "Careful <3", "movement": "bonus", "about": None, "project": None},
        *({**WHY, "about": {**ABOUT, "rule": rule, "until": NOON}} for rule in ("probation", "review")),
        *({**WHY, "about": {**ABOUT, "gold": {"right": right, "known": ["positive"]}}} for right in (True, False)),
        *({**WHY, "about": {**ABOUT, "rejection": end, "history": STEPS, "others": []}} for end in (REJECTION, *ENDS)),
        {**WHY, "about": {**ABOUT, "hidden": True, "answer": None, "others": None}},
        *(
            {
                **WHY,
                "about": {**ABOUT, "kind": kind, "answer": "negative|positive", "others": [("negative|positive", 2)]},
            }
            for kind in kinds()
        ),
    ],
}

LONG_TITLE = "é&" * (LIMITS["title"] // 2)
LONG_ANSWER = {**ANSWER, "title": LONG_TITLE, "text": "&" * MESSAGE_LIMIT, "kind": "text", "answer": "&" * 2_000}
LONG_CITED = {**CITED, "clause": "<" * LIMITS["instructions"], "reason": "&" * review.LONGEST}
LONG_REJECTION = {**REJECTION, "clause": LONG_CITED["clause"], "reason": LONG_CITED["reason"], "appeal": APPEAL}
LONGEST_FACTS: list[tuple[str, Facts]] = [
    (
        "why.operation",
        {
            **{**WHY, "project": LONG_TITLE, "memo": "&" * 300, "accounts": ["a" * 40, "b" * 40]},
            "about": {
                **{**ABOUT, **LONG_ANSWER, "rejection": LONG_REJECTION, "history": STEPS},
                "others": [("&" * LONGEST, 10**6)] * 6,
                "gold": {"right": False, "known": ["&" * LONGEST] * 10},
            },
        },
    ),
]
