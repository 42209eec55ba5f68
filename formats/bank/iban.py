"""IBANs and creditor references, checked and made (ISO 13616, ISO 11649, check digits ISO 7064); and the ledger as
an hledger journal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stdnum import iban, iso11649, numdb
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from domain.moments import Moment, as_datetime
from domain.money.ledger import Account, Movement

REFERENCE_PREFIX = (
    "POUCE"  # before a requester's number: other references of the same bank account are not taken for ours
)
TEAM_MARK = "T"  # before that of a team
MAX_REFERENCE_CHARS = 25


def creditor_reference(body: str) -> str:
    """Return the creditor reference of a body of 1 to 21 capital letters and digits: `539007547034` →
    `RF18539007547034`."""
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def requester_reference(number: int) -> str:
    """Return the reference of a requester, the same for every transfer. A team's number is below zero."""
    return creditor_reference(f"{REFERENCE_PREFIX}{TEAM_MARK if number < 0 else ''}{abs(number)}")


def find_requester(text: str) -> int | None:
    """Return the requester's number from a reference as a person or a bank writes it, or None for any other or
    mistyped one."""
    compact = iso11649.compact(text)
    suffix = compact[4 + len(REFERENCE_PREFIX) : MAX_REFERENCE_CHARS]
    digits = suffix.removeprefix(TEAM_MARK)
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits) if digits == suffix else -int(digits)
    return number if requester_reference(number) == compact else None


JOURNAL_HEAD = """; The book, from its first transfer to number {last}. Times are UTC.
; hledger -f THIS check -s
decimal-mark .
"""


def iter_journal(accounts: list[Account], movements: Iterable[Movement], last: int, now: Moment) -> Iterator[str]:
    """Yield the pieces of an hledger journal; `accounts` with their balances, `movements` oldest first, `last` the
    newest's number."""
    yield JOURNAL_HEAD.format(last=last)
    for currency in sorted({account.currency for account in accounts}):
        yield f"commodity 1000.000000 {currency}\n"
    for name in dict.fromkeys(account.name for account in accounts):
        yield f"account {name}\n"
    latest = Moment(0)
    for movement in movements:
        latest = max(latest, movement.made_at)
        yield journal_transaction(movement)
    yield closing_transaction(accounts, max(latest, now))


def journal_transaction(movement: Movement) -> str:
    when = as_datetime(movement.made_at)
    description = f"{movement.kind} | {movement.memo}" if movement.memo else movement.kind
    amount = decimal_amount(movement.amount)
    tags = f"transfer:{movement.number}, time:{when:%H:%M:%S}"
    return (
        f"\n{when:%Y-%m-%d} ({_without_syntax(movement.key)}) {_without_syntax(description)}  ; {tags}\n"
        f"    {movement.debit}  -{amount} {movement.currency}\n"
        f"    {movement.credit}  {amount} {movement.currency}\n"
    )


def closing_transaction(accounts: list[Account], when: Moment) -> str:
    """Return a transaction of nothing that asserts every balance."""
    if not accounts:
        return ""
    rows = "".join(
        f"    {account.name}  0 {account.currency} = {decimal_amount(account.balance)} {account.currency}\n"
        for account in accounts
    )
    return f"\n{as_datetime(when):%Y-%m-%d} Every balance, as the book has it\n{rows}"


def decimal_amount(amount: int) -> str:
    """Return the amount with all six decimals."""
    whole, millionths = divmod(abs(amount), 1_000_000)
    return f"{'-' if amount < 0 else ''}{whole}.{millionths:06}"


def _without_syntax(text: str) -> str:
    """Return free text without characters that hledger interprets: a comment, the end of a code or of a line."""
    return " ".join(text.translate({ord(";"): ",", ord("("): "[", ord(")"): "]"}).split())


# Countries a SEPA credit transfer reaches: the European Payments Council's list of countries and territories.
_SEPA_LIST = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS "
    "SE SI SK SM VA"
)
SEPA_COUNTRIES = frozenset(_SEPA_LIST.split(" "))
_COUNTRIES = numdb.get("iban")
_BBAN_PART = re.compile(r"([1-9][0-9]*)!")


@dataclass(frozen=True, slots=True)
class IbanProblem(Exception):
    """Reason why an IBAN is invalid. `what`: characters, country, sepa, length, checksum or bank; both lengths are 0 if
    they are not the problem."""

    what: str
    country: str = ""
    expected_length: int = 0
    length: int = 0


def read_iban(text: str) -> str:
    """Return the IBAN in its compact form. Raise IbanProblem, which never holds the typed text, so that it reaches
    no log and no message."""
    compact = iban.compact(text)
    country = compact[:2]
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
        raise IbanProblem("characters")
    expected_length = find_iban_length(country)
    if expected_length is None:
        raise IbanProblem("country", country)
    if len(compact) != expected_length:
        raise IbanProblem("length", country, expected_length, len(compact))
    if int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 != 1:
        raise IbanProblem("checksum", country)
    if country not in SEPA_COUNTRIES:
        raise IbanProblem("sepa", country)
    try:
        return str(iban.validate(compact))
    except ValidationError:
        raise IbanProblem("bank", country) from None


def find_iban_length(country: str) -> int | None:
    """Return the number of characters of this country's IBANs, or None if the country has none."""
    structure = _COUNTRIES.info(f"{country}00")[0][1].get("bban")
    return 4 + sum(map(int, _BBAN_PART.findall(structure))) if structure else None
