"""Facts of reviews, rejections, appeals, bonus and /why: what the services say, and the longest that is allowed."""

from typing import Any

from domain.answers import kinds
from domain.fairness import appeals, review
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
PHOTO = {**ANSWER, "kind": "photo", "answer": "AgACAgQ unique", "picture": "https://example.org/a.png"}
VOICE = {**ANSWER, "kind": "voice", "answer": "AwACAgQ unique"}
CITED = {
    "line": 2,
    "clause": "Is the writer pleased?",
    "reason": "The writer is angry, so this is not positive.",
    "until": NOON,
}
SHOWN = {
    **ANSWER,
    "left": 3,
    "worker": "wabcdefghij",
    "milliseconds": 8_000,
    "until": NOON,
    "consensus": "positive",
    "confidence": 0.92,
    "last": 40,
}
COUNTS = {"number": 7, "title": TITLE, "rejected": 3, "decided": 40}
JUDGED = {**ANSWER, "appeal": 4, "instructions": ["Read the review.", "Is the writer pleased?"], **CITED}
VOTES = {**ANSWER, "votes": 2, "against": 1, "operation": 123, "ruled": False}
COSTS = {"number": 7, "title": TITLE, "due": 150_000, "back": 150_000, **EURO}
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
    "appeals.closed": [{**ANSWER, "operation": 123}],
    "appeals.explained": [{"told": True, "words": "I <see> a smile"}, {"told": False, "words": "late"}],
    "appeals.judge": [
        {**facts, **{k: v for k, v in JUDGED.items() if k not in ANSWER}, "words": words}
        for facts in (ANSWER, PHOTO, VOICE)
        for words in (None, "I <see> a smile")
    ],
    "appeals.judged": [{"title": TITLE, "verdict": v, "amount": 50_000, **EURO} for v in ("worker", "requester", None)],
    "appeals.lost": [VOTES, {**VOTES, "votes": 0, "against": 0, "ruled": True}],
    "appeals.alarm": [{**COSTS, "back": 0, "who": "Rosa <3"}],
    "appeals.confirm": [{"appeal": 4, "words": "I <see> a smile"}],
    "appeals.costs": [COSTS, {**COSTS, "back": 1}],
    "appeals.rule": [
        {**facts, **{k: v for k, v in JUDGED.items() if k not in ANSWER}, "words": words}
        for facts in (ANSWER, PHOTO, VOICE)
        for words in (None, "I <see> a smile")
    ],
    "appeals.ruled": [{"number": 4, "verdict": verdict} for verdict in ("worker", "requester")],
    "appeals.unsaid": [{}],
    "appeals.words": [{}],
    "appeals.opened": [{"title": TITLE, "until": NOON, "judges": judges, "appeal": 4} for judges in (3, 0)],
    "appeals.overturned": [VOTES, {**VOTES, "against": 0}, {**VOTES, "ruled": True}],
    "appeals.rejected": [{**facts, **CITED, "operation": 123} for facts in (ANSWER, PHOTO, VOICE)],
    "appeals.won": [VOTES, {**VOTES, "against": 0}, {**VOTES, "ruled": True}],
    "bonus.ask": [{"worker": "wabcdefghij", "available": 9_000_000, **EURO}],
    "bonus.given": [
        {"worker": "wabcdefghij", "amount": 500_000, "left": 1, "reason": "Careful <3", "operation": 123, **EURO}
    ],
    "bonus.received": [{"amount": 500_000, "reason": "Careful <3", "operation": 123, **EURO}],
    "review.accepted_rest": [
        {"number": 7, "title": TITLE, "count": count, "amount": 150_000, "left": left, **EURO}
        for count, left in ((1, 0), (3, 1), (500, 20))
    ],
    "review.lines": [
        {**ANSWER, "lines": ["Read the review.", "Is the writer pleased?"]},
        {**ANSWER, "lines": ["Read."] * 30},
    ],
    "review.looked_at": [{**COUNTS, "resumed": resumed} for resumed in (True, False)],
    "review.nothing": [{"number": 7, "title": TITLE, "review": accept} for accept in (True, False)],
    "review.paused": [COUNTS],
    "review.reason": [{"number": 7, "line": 2, "clause": CITED["clause"], "last": 9}],
    "review.rejected": [{"title": TITLE, "held": 150_000, **EURO}],
    "review.returned": [{**ANSWER, "fee": fee, "operation": 123} for fee in (5_000, 0)],
    "review.submission": [
        SHOWN,
        {**SHOWN, "left": 1, "consensus": None, "confidence": None},
        {**SHOWN, "confidence": None, "answer": None},
        {**SHOWN, **{k: PHOTO[k] for k in ("kind", "answer", "picture")}},
        {**SHOWN, **{k: VOICE[k] for k in ("kind", "answer")}},
    ],
    "review.to_look_at": [{**COUNTS, "who": "@rosa"}],
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
LONG_PHOTO = {**LONG_ANSWER, **{k: PHOTO[k] for k in ("kind", "answer", "picture")}}
LONG_CITED = {**CITED, "clause": "<" * LIMITS["instructions"], "reason": "&" * review.LONGEST}
LONG_REJECTION = {**REJECTION, "clause": LONG_CITED["clause"], "reason": LONG_CITED["reason"], "appeal": APPEAL}
RULES = (["<" * LIMITS["instructions"]], ["Read."] * (LIMITS["instructions"] // 6))

LONGEST_FACTS: list[tuple[str, Facts]] = [
    *(
        (name, {**facts, **LONG_CITED, "operation": 10**12, "votes": 2, "against": 1, "appeal": 10**12, **more})
        for facts in (LONG_ANSWER, LONG_PHOTO)
        for rules in RULES
        for more in ({"instructions": rules, "words": "&" * appeals.LONGEST},)
        for name in ("appeals.rejected", "appeals.judge", "appeals.won", "appeals.lost", "appeals.closed")
    ),
    *(
        ("review.submission", {**SHOWN, **facts, "consensus": "&" * LONGEST, "left": 10**6, "last": 10**12})
        for facts in (LONG_ANSWER, LONG_PHOTO)
    ),
    *(("review.lines", {**LONG_ANSWER, "lines": rules}) for rules in RULES),
    ("review.reason", {"number": 10**12, "line": 1, "clause": RULES[0][0], "last": 10**12}),
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
