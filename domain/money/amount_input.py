"""An amount typed after a command or into a question: read, or refused with how to write it."""

import re
from collections.abc import Iterable

from domain.money.amounts import SIGNS, AmountFlaw, Millionths, plain, read_amount, smallest
from domain.refusals import BadInput, NotWholeCents

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
