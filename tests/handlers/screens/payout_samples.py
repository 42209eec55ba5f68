"""Realistic facts for the screens of payouts."""

from typing import Any

Facts = dict[str, Any]

NOON = 1_790_000_000_000
EURO = {"currency": "EUR"}
YEAR = {"year": 2027, **EURO}
ACCOUNT = "FR76 •••• 0189"
PAYOUT = {
    "number": 123,
    "operation": 140,
    "payout": 12,
    "gross": 12_500_000,
    "net": 12_500_000,
    "withheld": 0,
    **EURO,
    "state": "requested",
    "reason": "",
    "account": ACCOUNT,
    "requested_at": NOON,
    "decided_at": None,
}
WITHHELD = {**PAYOUT, "net": 9_850_000, "withheld": 2_650_000}
EACH = [
    PAYOUT,
    {**PAYOUT, "state": "sent"},
    {**PAYOUT, "state": "paid", "decided_at": NOON},
    {**PAYOUT, "state": "failed", "reason": "closed", "decided_at": NOON},
    {**PAYOUT, "state": "unknown"},
]
CARD = {
    **{name: PAYOUT[name] for name in ("gross", "net", "withheld", "currency", "account")},
    "available": 12_507_500,
    "turn": 3,
    "on_the_way": EACH,
    "holder": "Awa <Diallo>",
    "coming": None,
    "usable_at": None,
}
FILE = {"file": 3, "made_at": NOON, **EURO, "payouts": 12, "net": 240_000_000, "counts": {"sent": 11, "unknown": 1}}
ADMINS = [{**payout, "who": "@awa", "file": None if payout["state"] == "requested" else 3} for payout in EACH]
OPEN_FILE = {"file": 3, **EURO, "made_at": NOON, "payouts": 12, "net": 240_000_000, "undecided": 12}
IBAN = {"country": "FR", "wanted": 27, "found": 26}

SAMPLES: dict[str, list[Facts]] = {
    "payouts.ask_holder": [{"account": None}, {"account": ACCOUNT}],
    "payouts.ask_iban": [{"holder": "Awa <Diallo>"}],
    "payouts.bad_holder": [{"longest": 70}],
    "payouts.bad_iban": [
        {"what": what, **IBAN} for what in ("characters", "country", "sepa", "length", "checksum", "bank")
    ],
    "payouts.noted": [
        {"account": ACCOUNT, "holder": "Awa", "usable_at": None, "before": None},
        {"account": ACCOUNT, "holder": "Awa", "usable_at": NOON, "before": "DE89 •••• 3000"},
    ],
    "payouts.card": [
        CARD,
        {**CARD, "net": 9_850_000, "withheld": 2_650_000, "coming": "DE89 •••• 3000", "usable_at": NOON},
        {**CARD, "available": 7_500, "gross": 0, "net": 0, "on_the_way": []},
    ],
    "payouts.requested": [{**PAYOUT, "left": 7_500}, {**WITHHELD, "left": 0}],
    "payouts.sent": [PAYOUT],
    "payouts.paid": [EACH[2]],
    "payouts.failed": [{**EACH[3], "reason": why} for why in ("closed", "name", "refused", "other", "typed <words>")],
    "payouts.unknown": [EACH[4]],
    "payouts.rate": [{"rate": 2_120, "reason": "social contributions from 2027"}, {"rate": 0, "reason": "a mistake"}],
    "settling.rate_set": [{"rate": 2_120, "reason": "social contributions", "who": "@awa"}],
    "settling.handed_on": [{"amount": 2_650_000, "left": 0, "reference": "URSSAF-Q1", "number": 150, **EURO}],
    "settling.overview": [
        {
            "waiting": 12,
            "total": 240_000_000,
            "listed": ADMINS[:1],
            "files": [OPEN_FILE],
            "withheld": 2_650_000,
            "after": 3,
            **YEAR,
        },
        {"waiting": 0, "total": 0, "listed": [], "files": [], "withheld": 0, "after": 0, **YEAR},
    ],
    "settling.file": [FILE],
    "settling.dac7": [{"year": 2027}],
    "settling.lines": [{"person": 1, "year": 2027, "month": 3}],
    "settling.bank_file": [
        {**FILE, "left": 12, "listed": ADMINS[1:2] * 8},
        {**FILE, "left": 0, "listed": [], "counts": {"paid": 11, "failed": 1}},
    ],
    "settling.one": ADMINS,
    "settling.ask_why": [ADMINS[1]],
    "refusals.NothingToPay": [{"available": 7_500, **EURO}],
    "refusals.MoreThanThere": [{"asked": 20_000_000, "available": 12_500_000, **EURO}],
    "refusals.AlreadyAsked": [{}],
    "refusals.PayerMissing": [{"missing": ["PAYER_NAME", "PAYER_IBAN", "PAYER_BIC"]}],
    "refusals.PayoutDecided": [{"number": 12, "state": "paid"}, {"number": 12, "state": "handed on"}],
}
LONGEST: list[tuple[str, Facts]] = [
    ("payouts.card", {**CARD, "holder": "&" * 70, "on_the_way": EACH * 2}),
    ("settling.bank_file", {**FILE, "left": 5_000, "listed": [{**ADMINS[1], "who": "&" * 64, "payout": 10**12}] * 8}),
    ("payouts.failed", {**EACH[3], "reason": "&" * 4_000}),
    ("settling.one", {**ADMINS[3], "reason": "&" * 4_000, "who": "&" * 64}),
    (
        "settling.overview",
        {
            "waiting": 1,
            "total": 1,
            "listed": ADMINS * 2,
            "files": [OPEN_FILE] * 10,
            "withheld": 0,
            "after": 1,
            **YEAR,
        },
    ),
]
