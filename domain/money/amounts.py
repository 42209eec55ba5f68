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
CURRENCIES_WITHOUT_CENTS = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
}
MAX_AMOUNT = 10**15  # a thousand million units: more than this is a typing error

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
_SPACED_THOUSANDS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})((?:[ \u00a0\u2009\u202f][0-9]{3})+)(?![0-9])")
_BARE_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?")


class AmountFlaw(ValueError):
    """An amount that cannot be used. `why` is the code of the reason, `facts` fill its message."""

    def __init__(self, why: str, **facts: str | int) -> None:
        super().__init__(why, facts)
        self.why, self.facts = why, facts


def read_amount(text: str, currency: str | None = None) -> Millionths:
    """Return the amount that people wrote, with or without a currency: `12`, `12.50`, `€0,05`, `0.05 EUR`, `1 234,56`.
    Every amount that people write is parsed here.

    Raise AmountFlaw if the text is no amount, has a sign that cannot mean `currency`, has exactly three decimals
    (`1,000` may mean a thousand), has more than six decimals, or is more than MAX_AMOUNT."""
    match = _AMOUNT.fullmatch(_SPACED_THOUSANDS.sub(_remove_spaces, text.strip()))
    if not match or (match[1] and match[4]):
        raise AmountFlaw("amount")
    _require_sign_of((match[1] or match[4]).upper(), currency)
    whole, fraction = match[2].lstrip("0"), match[3] or ""
    if whole and len(fraction) == 3:  # 1,000 and 1.000 are a thousand to many
        raise AmountFlaw("amount_unclear", thousands=whole + fraction, units=unambiguous_amount(whole, fraction))
    decimals = fraction.rstrip("0")
    if len(decimals) > 6:
        raise AmountFlaw("amount_decimals", limit=6)
    if len(whole) > 10 or (amount := int(whole + decimals.ljust(6, "0"))) > MAX_AMOUNT:
        raise AmountFlaw("amount_at_most", limit=MAX_AMOUNT // UNIT)
    return Millionths(amount)


def _remove_spaces(grouped: re.Match[str]) -> str:
    """Return the matched digits without the spaces between them."""
    return "".join(grouped[0].split())


def unambiguous_amount(whole: str, decimals: str) -> str:
    """Return an amount as text that can be read in one way only: with a point, never with three decimals."""
    cents = decimals.rstrip("0").ljust(2, "0")
    return f"{whole}.{cents}" + "0" * (len(cents) == 3)


def parse_amount(text: str) -> Millionths | None:
    """Return the amount of a bare number (`12`, `12.50`, `0,05`); None if the text is none, or is negative, ambiguous,
    too large or too fine."""
    try:
        return read_amount(text) if _BARE_NUMBER.fullmatch(text.strip()) else None
    except AmountFlaw:
        return None


def _require_sign_of(sign: str, currency: str | None) -> None:
    """Raise AmountFlaw if `sign` (upper case, may be empty) cannot mean `currency`, or is neither a sign nor a code."""
    if sign and currency and currency not in SIGNS.get(sign, (sign,)):
        raise AmountFlaw("currency", currency=currency)
    if sign and sign not in SIGNS and not re.fullmatch("[A-Z]{3}", sign):
        raise AmountFlaw("amount")


def from_decimal(value: Decimal) -> Millionths:
    return Millionths(int((value * UNIT).to_integral_value(ROUND_HALF_EVEN)))


def as_decimal(amount: int) -> Decimal:
    return Decimal(amount) / UNIT


def fee_for_reward(reward: Millionths, percent: Decimal) -> Millionths:
    """Return the platform's fee on one reward, rounded half-even to the millionth."""
    return Millionths(int((Decimal(reward) * percent / 100).to_integral_value(ROUND_HALF_EVEN)))


def smallest_bank_unit(currency: str) -> int:
    """Return the smallest amount that banks move in this currency: a cent, or a whole unit where there are no cents."""
    return UNIT if currency in CURRENCIES_WITHOUT_CENTS else CENT


def round_up_to_cents(amount: int) -> int:
    """Return the amount, rounded up to a whole cent, because a bank transfers nothing less."""
    return -(-amount // CENT) * CENT


# A sign or a code behind or before a number. In small letters only codes that are no words.
_KNOWN_CODES = {code for codes in SIGNS.values() for code in codes} | {
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
}
_CODES_IN_ANY_CASE = ("EUR", "USD", "GBP", "CHF")
_CURRENCY = (
    "|".join(map(re.escape, sorted((*SIGNS, *_KNOWN_CODES), reverse=True))) + f"|(?i:{'|'.join(_CODES_IN_ANY_CASE)})"
)
_AMOUNT_WITH_CURRENCY = re.compile(rf"(?:{_CURRENCY})\s*[0-9.,]+|[0-9.,]+\s*(?:{_CURRENCY})")
_AMOUNT_THEN_CURRENCY = re.compile(rf"[0-9.,]+ (?:{_CURRENCY})(?= |$)")
# `1 000,00`: a space between groups of three digits, as French banks write it. With decimals, or a currency behind it,
# it is read in one way only; `1 000` may be 1, with 000 as the first word behind it.
_LEADING_GROUPED_AMOUNT = re.compile(
    rf"((?:{_CURRENCY})?) ?([1-9][0-9]{{0,2}})((?: [0-9]{{3}})+)(?:[.,]([0-9]+))?(?: ?({_CURRENCY}))?(?= |$)"
)


def parse_typed_amount(text: str, currency: str | None = None, usage: str = "{}") -> Millionths | None:
    """Return the amount that was typed, or None if the text is no amount.

    Raise BadInput if the amount may mean a thousand or one (both spellings, put in place of `{}` in `usage`, are
    suggested), or if it names another currency than `currency`."""
    try:
        return read_amount(text, currency)
    except AmountFlaw as flaw:
        if flaw.why == "amount_unclear":
            raise _ambiguous_amount(text, usage, str(flaw.facts["thousands"]), str(flaw.facts["units"])) from None
        if currency and flaw.why == "currency" and _AMOUNT_WITH_CURRENCY.fullmatch(text.strip()):
            raise BadInput(what="amount_currency", value=text.strip(), expected=[currency]) from None
        return None


def split_leading_amount(words: str, currency: str, usage: str = "{}") -> tuple[Millionths | None, str]:
    """Return the amount that `words` begin with (None if there is none) and the remaining words.

    The second word belongs to the amount if it names a currency, or continues thousands that have decimals or a
    currency (`1 000,00`). Raise BadInput where only the writer knows (`1 000`), and as parse_typed_amount does."""
    words = " ".join(words.split())  # no-break spaces too
    grouped_amount = _LEADING_GROUPED_AMOUNT.match(words)
    if grouped_amount:
        currency_before, whole, digits, decimals, currency_behind = grouped_amount.groups("")
        parse_typed_amount(currency_before + whole + currency_behind, currency)
        if decimals or currency_behind:
            return parse_typed_amount(grouped_amount[0], currency, usage), words[grouped_amount.end() :].strip()
        thousands = whole + digits.replace(" ", "")
        raise _ambiguous_amount(grouped_amount[0], usage, thousands, unambiguous_amount(whole, ""))
    amount_and_currency = _AMOUNT_THEN_CURRENCY.match(words)
    amount_text = amount_and_currency[0] if amount_and_currency else words.partition(" ")[0]
    return parse_typed_amount(amount_text, currency, usage), words[len(amount_text) :].strip()


def split_leading_money(
    words: str, currency: str, other_currencies: Iterable[str], usage: str = "{}"
) -> tuple[Millionths | None, str, str]:
    """Return the amount that `words` begin with (or None), the remaining words, and the currency.

    The currency is `currency`, unless exactly one of `other_currencies`, and not `currency`, is named beside the
    amount. Raise BadInput as split_leading_amount does."""
    named_currencies = [code for code in other_currencies if _names_currency(words, code)]
    amount_currency = (
        named_currencies[0] if len(named_currencies) == 1 and not _names_currency(words, currency) else currency
    )
    return *split_leading_amount(words, amount_currency, usage), amount_currency


def _names_currency(words: str, currency: str) -> bool:
    """Return whether the code or sign of `currency` stands beside the amount that `words` begin with."""
    code = f"(?i:{currency})" if currency in _CODES_IN_ANY_CASE else currency
    signs = "|".join([code, *(re.escape(sign) for sign, codes in SIGNS.items() if currency in codes)])
    beside = rf"(?:{signs}) ?[0-9]|[0-9.,]+(?: [0-9]{{3}}(?:[.,][0-9]+)?)* ?(?:{signs})(?= |$)"
    return re.match(beside, " ".join(words.split())) is not None


def _ambiguous_amount(text: str, usage: str, thousands: str, units: str) -> BadInput:
    """BadInput for an amount that may be a thousand or one, with both spellings put into `usage`."""
    spellings = [usage.replace("{}", spelling) for spelling in (thousands, units)]
    return BadInput(what="amount_unclear", value=text.strip(), expected=spellings)


def require_whole_cents(value: Millionths, currency: str, typed_text: str) -> None:
    """Raise NotWholeCents if banks cannot move this amount in this currency."""
    if value % (bank_unit := smallest_bank_unit(currency)):
        raise NotWholeCents(value=typed_text, least=bank_unit, currency=currency)
