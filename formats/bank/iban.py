"""A typed IBAN → its compact form, or the reason why it is invalid (ISO 13616; check digits ISO 7064)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stdnum import iban, iso11649, numdb
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from domain.moments import Moment, as_datetime
from domain.money.ledger import Account, Movement

OWN = "POUCE"  # before a requester's number: other references of the same bank account are not taken for ours
TEAM = "T"  # before that of a team
LONGEST = 25


def reference_of(body: str) -> str:
    """`539007547034` → `RF18539007547034`; the body has 1 to 21 capital letters and digits."""
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def of_person(number: int) -> str:
    """A requester's own reference: the same for every transfer. A team's number is below zero."""
    return reference_of(f"{OWN}{TEAM if number < 0 else ''}{abs(number)}")


def person_in(text: str) -> int | None:
    """The requester's number in a reference as a person or a bank writes it; None for any other or mistyped one."""
    compact = iso11649.compact(text)
    word = compact[4 + len(OWN) : LONGEST]
    digits = word.removeprefix(TEAM)
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits) if digits == word else -int(digits)
    return number if of_person(number) == compact else None


HEAD = """; The book, from its first transfer to number {last}. Times are UTC.
; hledger -f THIS check -s
decimal-mark .
"""


def journal(accounts: list[Account], movements: Iterable[Movement], last: int, now: Moment) -> Iterator[str]:
    """Pieces of text; `accounts` with their balances, `movements` oldest first, `last` the newest's number."""
    yield HEAD.format(last=last)
    for currency in sorted({account.currency for account in accounts}):
        yield f"commodity 1000.000000 {currency}\n"
    for name in dict.fromkeys(account.name for account in accounts):
        yield f"account {name}\n"
    latest = Moment(0)
    for movement in movements:
        latest = max(latest, movement.made_at)
        yield transaction(movement)
    yield closing(accounts, max(latest, now))


def transaction(movement: Movement) -> str:
    when = as_datetime(movement.made_at)
    said = f"{movement.kind} | {movement.memo}" if movement.memo else movement.kind
    amount = units(movement.amount)
    tags = f"transfer:{movement.number}, time:{when:%H:%M:%S}"
    return (
        f"\n{when:%Y-%m-%d} ({_quiet(movement.key)}) {_quiet(said)}  ; {tags}\n"
        f"    {movement.debit}  -{amount} {movement.currency}\n"
        f"    {movement.credit}  {amount} {movement.currency}\n"
    )


def closing(accounts: list[Account], when: Moment) -> str:
    """A transaction of nothing, which asserts every balance."""
    if not accounts:
        return ""
    rows = "".join(
        f"    {account.name}  0 {account.currency} = {units(account.balance)} {account.currency}\n"
        for account in accounts
    )
    return f"\n{as_datetime(when):%Y-%m-%d} Every balance, as the book has it\n{rows}"


def units(amount: int) -> str:
    """All six digits: none is rounded."""
    whole, millionths = divmod(abs(amount), 1_000_000)
    return f"{'-' if amount < 0 else ''}{whole}.{millionths:06}"


def _quiet(text: str) -> str:
    """Free text without characters that hledger interprets: a comment, the end of a code or of a line."""
    return " ".join(text.translate({ord(";"): ",", ord("("): "[", ord(")"): "]"}).split())


# Countries a SEPA credit transfer reaches: the European Payments Council's list of countries and territories.
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS "
    "SE SI SK SM VA"
)
SEPA = frozenset(_SEPA.split(" "))
_COUNTRIES = numdb.get("iban")
_PARTS = re.compile(r"([1-9][0-9]*)!")


@dataclass(frozen=True, slots=True)
class IbanProblem(Exception):
    """`what`: characters, country, sepa, length, checksum or bank; `wanted` and `found` are lengths, or zero."""

    what: str
    country: str = ""
    wanted: int = 0
    found: int = 0


def read_iban(text: str) -> str:
    """Raises IbanProblem. The typed text is in no error, so that it reaches no log and no message."""
    compact = iban.compact(text)
    country = compact[:2]
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
        raise IbanProblem("characters")
    wanted = length_for(country)
    if wanted is None:
        raise IbanProblem("country", country)
    if len(compact) != wanted:
        raise IbanProblem("length", country, wanted, len(compact))
    if int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 != 1:
        raise IbanProblem("checksum", country)
    if country not in SEPA:
        raise IbanProblem("sepa", country)
    try:
        return str(iban.validate(compact))
    except ValidationError:
        raise IbanProblem("bank", country) from None


def length_for(country: str) -> int | None:
    """How many characters this country's IBANs have; None where there are none."""
    known = _COUNTRIES.info(f"{country}00")[0][1].get("bban")
    return 4 + sum(map(int, _PARTS.findall(known))) if known else None
