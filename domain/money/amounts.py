"""Amounts: whole millionths of the currency unit. Never a float."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NewType

from domain.refusals import BadInput, NotWholeCents

Millionths = NewType("Millionths", int)

UNIT = 1_000_000
CENT = 10_000  # the smallest amount a bank transfers
# Currencies without a smaller unit (ISO 4217).
WHOLE = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
}
LARGEST = 10**15  # a thousand million units: more than this is a typing error

# Currencies a sign may stand for; a code of three letters is unambiguous.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP", "EGP", "LBP"),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "₴": ("UAH",),
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "CLP", "COP", "ARS"),
    "US$": ("USD",),
}
_AMOUNT = re.compile(r"([^\d\s.,+-]{0,4})\s*([0-9]*)(?:[.,]([0-9]+))?(?<=[0-9])\s*([^\d\s.,+-]{0,4})")
# `1 234,56`: groups of three digits behind a space of any width, as French banks write them.
_GROUPS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})((?:[ \u00a0\u2009\u202f][0-9]{3})+)(?![0-9])")
_BARE = re.compile(r"[0-9]+([.,][0-9]+)?")


class AmountFlaw(ValueError):
    """The reason an amount cannot be used, with facts for its message."""

    def __init__(self, why: str, **facts: str | int) -> None:
        super().__init__(why, facts)
        self.why, self.facts = why, facts


def read_amount(text: str, currency: str | None = None) -> Millionths:
    """Parses an amount as people write it, with or without a sign: `12`, `12.50`, `€0,05`, `0.05 EUR`, `1 234,56`. The
    only reader of amounts."""
    match = _AMOUNT.fullmatch(_GROUPS.sub(_joined, text.strip()))
    if not match or (match[1] and match[4]):
        raise AmountFlaw("amount")
    _check_sign((match[1] or match[4]).upper(), currency)
    whole, given = match[2].lstrip("0"), match[3] or ""
    if whole and len(given) == 3:  # 1,000 and 1.000 are a thousand to many
        raise AmountFlaw("amount_unclear", thousands=whole + given, units=plain(whole, given))
    decimals = given.rstrip("0")
    if len(decimals) > 6:
        raise AmountFlaw("amount_decimals", limit=6)
    if len(whole) > 10 or (amount := int(whole + decimals.ljust(6, "0"))) > LARGEST:
        raise AmountFlaw("amount_at_most", limit=LARGEST // UNIT)
    return Millionths(amount)


def _joined(grouped: re.Match[str]) -> str:
    return "".join(grouped[0].split())


def plain(whole: str, decimals: str) -> str:
    """An amount as it is read in one way only: never with three decimals."""
    cents = decimals.rstrip("0").ljust(2, "0")
    return f"{whole}.{cents}" + "0" * (len(cents) == 3)


def parse_amount(text: str) -> Millionths | None:
    """A bare number: `12`, `12.50`, `0,05`. None if it is no amount, negative, ambiguous, too large or too fine."""
    try:
        return read_amount(text) if _BARE.fullmatch(text.strip()) else None
    except AmountFlaw:
        return None


def _check_sign(sign: str, currency: str | None) -> None:
    if sign and currency and currency not in SIGNS.get(sign, (sign,)):
        raise AmountFlaw("currency", currency=currency)
    if sign and sign not in SIGNS and not re.fullmatch("[A-Z]{3}", sign):
        raise AmountFlaw("amount")


def from_decimal(value: Decimal) -> Millionths:
    return Millionths(int((value * UNIT).to_integral_value(ROUND_HALF_EVEN)))


def as_decimal(amount: int) -> Decimal:
    return Decimal(amount) / UNIT


def fee_on(reward: Millionths, percent: Decimal) -> Millionths:
    """The platform's fee on one reward, rounded half-even to the millionth."""
    return Millionths(int((Decimal(reward) * percent / 100).to_integral_value(ROUND_HALF_EVEN)))


def smallest(currency: str) -> int:
    """The unit in which banks move money in and out of the house."""
    return UNIT if currency in WHOLE else CENT


def up_to_cents(amount: int) -> int:
    """No bank transfers less than a cent."""
    return -(-amount // CENT) * CENT


# A sign or a code behind or before a number. In small letters only codes that are no words.
_CODES = {code for codes in SIGNS.values() for code in codes} | {"CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON"}
_NO_WORDS = ("EUR", "USD", "GBP", "CHF")
_CURRENCY = "|".join(map(re.escape, sorted((*SIGNS, *_CODES), reverse=True))) + f"|(?i:{'|'.join(_NO_WORDS)})"
_OF_A_CURRENCY = re.compile(rf"(?:{_CURRENCY})\s*[0-9.,]+|[0-9.,]+\s*(?:{_CURRENCY})")
_WITH_CURRENCY = re.compile(rf"[0-9.,]+ (?:{_CURRENCY})(?= |$)")
# `1 000,00`: a space between groups of three digits, as French banks write it. With decimals, or a currency behind it,
# it is read in one way only; `1 000` may be 1, with 000 as the first word behind it.
_GROUPED = re.compile(
    rf"((?:{_CURRENCY})?) ?([1-9][0-9]{{0,2}})((?: [0-9]{{3}})+)(?:[.,]([0-9]+))?(?: ?({_CURRENCY}))?(?= |$)"
)


def typed_amount(text: str, currency: str | None = None, said: str = "{}") -> Millionths | None:
    """The amount in millionths; None for words that are no amount. Raises BadInput for an amount that may mean a
    thousand or one, with both spellings in place of `{}` in the words, and for one in another currency."""
    try:
        return read_amount(text, currency)
    except AmountFlaw as flaw:
        if flaw.why == "amount_unclear":
            raise _unclear(text, said, str(flaw.facts["thousands"]), str(flaw.facts["units"])) from None
        if currency and flaw.why == "currency" and _OF_A_CURRENCY.fullmatch(text.strip()):
            raise BadInput(what="amount_currency", value=text.strip(), expected=[currency]) from None
        return None


def leading_amount(words: str, currency: str, said: str = "{}") -> tuple[Millionths | None, str]:
    """The amount that words begin with, and the words behind it. The next word belongs to the amount where it names a
    currency, and where it goes on with its thousands, as in `1 000,00`; where only one may know whether it does, as in
    `1 000`, BadInput is raised."""
    words = " ".join(words.split())  # no-break spaces too
    grouped = _GROUPED.match(words)
    if grouped:
        before, whole, digits, decimals, behind = grouped.groups("")
        typed_amount(before + whole + behind, currency)
        if decimals or behind:
            return typed_amount(grouped[0], currency, said), words[grouped.end() :].strip()
        thousands = whole + digits.replace(" ", "")
        raise _unclear(grouped[0], said, thousands, plain(whole, ""))
    led = _WITH_CURRENCY.match(words)
    first = led[0] if led else words.partition(" ")[0]
    return typed_amount(first, currency, said), words[len(first) :].strip()


def leading_money(
    words: str, currency: str, others: Iterable[str], said: str = "{}"
) -> tuple[Millionths | None, str, str]:
    """The same, and the currency: the house's, or the one of `others` that is named beside the amount."""
    named = [other for other in others if _names(words, other)]
    meant = named[0] if len(named) == 1 and not _names(words, currency) else currency
    return *leading_amount(words, meant, said), meant


def _names(words: str, currency: str) -> bool:
    """Whether the amount that words begin with has the currency's code or sign beside it."""
    code = f"(?i:{currency})" if currency in _NO_WORDS else currency
    signs = "|".join([code, *(re.escape(sign) for sign, codes in SIGNS.items() if currency in codes)])
    beside = rf"(?:{signs}) ?[0-9]|[0-9.,]+(?: [0-9]{{3}}(?:[.,][0-9]+)?)* ?(?:{signs})(?= |$)"
    return re.match(beside, " ".join(words.split())) is not None


def _unclear(text: str, said: str, thousands: str, units: str) -> BadInput:
    both = [said.replace("{}", each) for each in (thousands, units)]
    return BadInput(what="amount_unclear", value=text.strip(), expected=both)


def check_cents(value: Millionths, currency: str, said: str) -> None:
    """Raises NotWholeCents for what no bank can have moved."""
    if value % (least := smallest(currency)):
        raise NotWholeCents(value=said, least=least, currency=currency)
