"""Realistic facts for every screen, as services produce them, and the longest allowed."""

from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, get_type_hints

from domain.extensions import find_extensions
from domain.messages import Message
from formats.captions.caption import MAX_CHARS
from formats.captions.conditions import MAX_OPTION_CHARS, MAX_OPTIONS
from formats.errors import EXPECTED
from handlers.screen import SCREENS
from storage.drivers.records import pack, unpack
from tests.handlers.screens import (
    audience_samples,
    board_samples,
    explanation_samples,
    fairness_samples,
    first_look_samples,
    money_samples,
    offers_samples,
    oversight_samples,
    payout_samples,
    people_samples,
    project_samples,
    qualification_samples,
    quality_samples,
    question_samples,
    rating_samples,
    report_samples,
    settings_samples,
    stop_samples,
    team_samples,
    upload_samples,
    work_samples,
)

Facts = dict[str, Any]
EXTENSIONS = [
    import_module(f"tests.{name}.samples") for name in find_extensions() if find_spec(f"tests.{name}.samples")
]

EURO = {"currency": "EUR"}
TITLE = "Is the review <positive> & kind?"
REVIEW = {"number": 7, "title": TITLE}
FACTS = {
    "number": 7,
    "thousands": "1000",
    "units": "1.00",
    "found": "PDF",
    "kind": "CSV",
    "limit": 50,
    "sheets": ["Data", "Notes"],
    "first": "3",
    "wanted": 4,
    "options": ["positive", "negative"],
    "minimum": 1,
    "maximum": 1_000,
    "columns": ["text", "image"],
    "example": "text",
    "suggestion": "title",
    "status": 404,
    "times": 20,
    "currency": "EUR",
    "seconds": 120,
    "megabytes": 192,
}
ROWS = [
    {"line": line, "column": "gold" if line % 2 else "", "value": "a,b", "expected": key, "facts": FACTS}
    for line, key in enumerate(EXPECTED, 2)
]
FORM = [
    {"key": "pay" if at % 2 else "", "value": "free", "expected": key, "facts": FACTS}
    for at, key in enumerate(EXPECTED)
]


SAMPLES: dict[str, list[Facts]] = {
    "refusals.AlreadyAnswered": [{}],
    "refusals.AnswerUnknown": [{"expected": ["positive", "negative"]}],
    "refusals.LastChoice": [{}],
    "refusals.Leaving": [{}],
    "refusals.UnknownChoice": [{}],
    "refusals.AnswerUnfit": [
        {"what": what, "limit": limit}
        for what in (
            "nothing_chosen",
            "not_placed",
            "not_a_number",
            "text_length",
            "photo",
            "voice",
            "location",
            "album",
        )
        for limit in (1, 2_000)
    ]
    + [{"what": "seen_before"}],
    "refusals.TooManyQuestions": [{"most": 5}],
    "refusals.TooManyReports": [{"most": 5}],
    "refusals.BadInput": [
        {"what": what, "value": "docx", "expected": ["csv", "jsonl"]}
        for what in (
            "number",
            "format",
            "hub_name",
            "webhook_address",
            "awaited",
            "deposit",
            "place",
            "amount",
            "amount_unclear",
            "amount_currency",
            "counter_offer",
            "redraft",
            "first_row",
            "deposit_amount",
            "refund",
            "refund_amount",
            "fund",
            "month",
            "period",
            "role",
            "word",
            "kind",
            "columns",
            "id",
            "file_size",
            "file_kept_back",
            "files_at_once",
            "languages",
            "why",
            *("line", "reason", "bonus", "question", "answer", "qualification_known"),
            *("payout_reason", "withhold", "withheld"),
            "gold_kind",
            "gold_answer",
            "cost",
        )
    ]
    + [{"what": "number", "value": "", "expected": [usage]} for usage in ("/launch N", "/faq N")],
    "refusals.BelowFloor": [
        {
            "number": 7,
            "pay": 10_000,
            "needed": 26_000,
            "hourly": 4_960_000,
            "floor": 12_880_000,
            "seconds": 7.25,
            **EURO,
        }
    ],
    "refusals.TimeUntold": [{"number": 7, "why": why} for why in ("errand", "sound", "link")],
    "refusals.FileRefused": [
        {"name": "reviews.csv", "errors": ROWS, "total": 80},
        {"name": "reviews.csv", "errors": [{**ROWS[1], "value": ""}], "total": 1},
        *({"name": "reviews.csv", "errors": [row], "total": 1} for row in ROWS),
    ],
    "refusals.FormRefused": [
        {"errors": FORM},
        {"errors": [{**FORM[1], "value": ""}]},
        *({"errors": [error]} for error in FORM),
    ],
    "refusals.FundsMissing": [
        {"missing": 10_000, "needed": 36_300_000, "available": 36_290_000, "raised": raised, "owed": owed, **EURO}
        for raised, owed in ((False, 0), (True, 0), (False, 20_000))
    ]
    + [{"missing": 10_000, "needed": 20_000, "available": 10_000, "team": "Atelier <7>", "team_number": 7, **EURO}],
    "refusals.AttemptPayMissing": [{"missing": 50_000, "needed": 150_000, "available": 100_000, **EURO}],
    "refusals.JudgesPayMissing": [{"missing": 50_000, "needed": 150_000, "available": 100_000, **EURO}],
    "refusals.NothingToPay": [{"available": 7_500, **EURO}, {"available": 7_500, "named": True, **EURO}],
    "refusals.NotWholeCents": [{"value": "99.656", "least": 10_000, **EURO}],
    "refusals.BelowLeast": [{"least": 5_000_000, "available": 50_000, **EURO}],
    "refusals.MoreThanThere": [{"asked": 20_000_000, "available": 12_500_000, **EURO}],
    "refusals.AlreadyAsked": [{}],
    "refusals.BonusesGone": [{}],
    "refusals.CannotRedo": [{"why": why} for why in ("gold", "before", "gone")],
    "refusals.PayerMissing": [{"missing": ["PAYER_NAME", "PAYER_IBAN", "PAYER_BIC"]}],
    "refusals.FundingClosed": [{"why": why, **EURO} for why in ("account", "currency", "cards")],
    "refusals.CheckoutRefused": [{"why": why} for why in ("person", "closed", "amount")],
    "refusals.StatementRefused": [
        {"why": w}
        for w in ("size", "xml", "csv", "kind", "many", "lines", "mapping", "column", "wise", "account", "old")
    ]
    + [{"why": "debtor", "what": "DE89 •••• 3000", "where": "PAYOUT-12"}],
    "refusals.PayoutDecided": [
        {"number": 12, "state": "paid"},
        {"number": 12, "state": "handed on"},
        *({"number": 12, "state": state} for state in ("called off", "spent")),
    ],
    "refusals.KeyReused": [{"name": "deposit:INV-7"}],
    "refusals.MustConsent": [{}],
    "refusals.OwnMatter": [{}],
    "refusals.TooManyComplaints": [{"most": 3, "waiting": 5}],
    "refusals.TooManyRoleRequests": [{"most": 3}],
    "refusals.IsAdmin": [{}],
    "refusals.Suspended": [
        {"reason": "Copied <answers>.", "stop": 7, "appeal": appeal, "worker": worker, "asks": not appeal}
        for appeal in (True, False)
        for worker in (True, False)
    ],
    "refusals.NotAllowed": [{"role": role} for role in ("worker", "requester", "admin")],
    "refusals.TooManyKeys": [{"most": 20}],
    "refusals.DearerByNow": [{"needed": 4_000_000_000, "asked": 40_000_000, "currency": "EUR"}],
    "refusals.KeyLimit": [
        {"hint": "x9Qz", "needed": 4_000_000_000, "left": 50_000_000, "currency": "EUR"},
        {"hint": "", "needed": 4_000_000_000, "left": 0, "currency": "EUR"},
    ],
    "refusals.TooManyLaunchRequests": [{"most": 20}],
    "refusals.TakesNoReviews": [{"number": 7, "why": why} for why in ("models", "waiting")],
    "refusals.TooManyWebhooks": [{"most": 5}],
    "refusals.NoHub": [{"number": 7}],
    "refusals.NoPages": [{}],
    "refusals.LinkOutdated": [{}],
    "refusals.NoSecretsKey": [{}],
    "refusals.NotFound": [
        {"what": what, "name": "<9>"}
        for what in (
            *("project", "person", "account", "restriction", "worker gone"),
            *("rejection", "answer", "worker", "operation", "question", "report", "look", "stop", "to end"),
            *("payout", "bank_file", "whole_file", "consent"),
            *("offer", "withdrawn", "task", "challenge", "api_key", "webhook"),
        )
    ],
    "refusals.NotYours": [{}],
    "refusals.NothingToLaunch": [REVIEW],
    "refusals.AlreadySkipped": [{}],
    "refusals.TooLate": [{}],
    "refusals.OnlyUp": [{"number": 7, "pay": 50_000, **EURO}],
    "refusals.NothingLeft": [{}],
    "refusals.TooQuick": [{}],
    "refusals.SentBefore": [{}],
    "refusals.PageOutdated": [{}],
    "refusals.ChangeFirst": [{}],
    "refusals.TooLateToChange": [{"why": why} for why in ("time", "again", "told", "looked", "decided")],
    "refusals.WrongState": [
        {"number": 7, "state": s}
        for s in (
            "draft",
            "running",
            "fixed",
            "fixed and ended",
            "paused",
            "stopped",
            "complete",
            "ending",
            "reported",
            "suspended",
            "ended by admin",
        )
    ]
    + [{"number": 7, "state": "ended by admin", "stop": 3}],
    "refusals.AlreadyTheirs": [{}],
    "refusals.CantTellIsPaid": [{}],
    "refusals.RightByGold": [{}],
}

LONG_TITLE = "é&" * (MAX_CHARS["title"] // 2)
LONG_OPTIONS = [f"{at:<{MAX_OPTION_CHARS}}".replace(" ", "<") for at in range(MAX_OPTIONS)]
LONG_NAME = "&" * 4_000

LONGEST_FACTS: list[tuple[str, Facts]] = [
    ("refusals.AnswerUnknown", {"expected": LONG_OPTIONS}),
    ("refusals.NotFound", {"what": "person", "name": LONG_NAME}),
    ("refusals.BadInput", {"what": "columns", "value": LONG_NAME, "expected": LONG_OPTIONS}),
    ("refusals.KeyReused", {"name": LONG_NAME}),
    (
        "refusals.FileRefused",
        {
            "name": "a" * 255,
            "errors": [{**ROWS[0], "expected": "one_of", "value": "<" * 80, "facts": {"options": LONG_OPTIONS}}] * 50,
            "total": 9_999,
        },
    ),
]


def stored(message: Message) -> Facts:
    """As the outbox keeps it."""
    return dict(unpack(pack(message)))


def plain_messages() -> Iterator[Message]:
    """A sample of each message that has nothing but texts and numbers, so that a new one needs no line here."""
    values = {str: "Ada <3", int: 7}
    for kind in Message.__subclasses__():
        hints = get_type_hints(kind)
        kinds = [getattr(hints[each.name], "__supertype__", hints[each.name]) for each in fields(kind)]  # type: ignore[arg-type]
        if kind.stored_as in SCREENS and set(kinds) <= values.keys():
            yield kind(*(values[each] for each in kinds))


SAMPLES |= upload_samples.REFUSALS | board_samples.REFUSALS | team_samples.REFUSALS
for each_part in EXTENSIONS:
    SAMPLES |= each_part.REFUSALS
TYPED: tuple[list[Message], ...] = (
    audience_samples.MESSAGES,
    qualification_samples.MESSAGES,
    board_samples.MESSAGES,
    explanation_samples.MESSAGES,
    fairness_samples.MESSAGES,
    first_look_samples.MESSAGES,
    money_samples.MESSAGES,
    offers_samples.MESSAGES,
    payout_samples.MESSAGES,
    people_samples.MESSAGES,
    team_samples.MESSAGES,
    project_samples.MESSAGES,
    quality_samples.MESSAGES,
    question_samples.MESSAGES,
    rating_samples.MESSAGES,
    oversight_samples.MESSAGES,
    report_samples.MESSAGES,
    settings_samples.MESSAGES,
    stop_samples.MESSAGES,
    upload_samples.MESSAGES,
    work_samples.MESSAGES,
    *(part.MESSAGES for part in EXTENSIONS),
)
for each in chain(*TYPED):
    SAMPLES.setdefault(each.stored_as, []).append(stored(each))
for each in plain_messages():
    SAMPLES.setdefault(each.stored_as, [stored(each)])
LONGEST_TYPED: list[Message] = [
    *board_samples.LONGEST_MESSAGES,
    *explanation_samples.LONGEST,
    *fairness_samples.LONGEST_MESSAGES,
    *first_look_samples.LONGEST_MESSAGES,
    *money_samples.LONGEST,
    *offers_samples.LONGEST,
    *payout_samples.LONGEST,
    *project_samples.LONGEST_MESSAGES,
    *quality_samples.LONGEST_MESSAGES,
    *question_samples.LONGEST_MESSAGES,
    *rating_samples.LONGEST,
    *oversight_samples.LONGEST_MESSAGES,
    *report_samples.LONGEST_MESSAGES,
    *stop_samples.LONGEST_MESSAGES,
    *work_samples.LONGEST_MESSAGES,
    *chain(*(part.LONGEST for part in EXTENSIONS)),
]
LONGEST_FACTS += [(each.stored_as, stored(each)) for each in LONGEST_TYPED]
